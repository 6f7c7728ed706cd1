/* SPDX-License-Identifier: MIT */
/*
 * The desk's own entries in an incident: what is kept of each, so that promise.c
 * can tell where a ladder stands.
 */
#include <string.h>

#include "effect_body.h"
#include "incident_fold.h"
#include "toban/base/attr.h"
#include "toban/core/promise.h"

static const char *const mark_kinds[] = {
	KIND_REMIND,
	KIND_OVERDUE,
	KIND_PASS_ON,
	KIND_RAISE,
	KIND_NOBODY_REACHED,
	KIND_LAPSE,
};

static bool
is_mark(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(mark_kinds); i++) {
		if (!strcmp(mark_kinds[i], kind)) {
			return true;
		}
	}
	return false;
}

/* Who acknowledged at the link has not, after all; whom the entry tells is told anew. */
static void
fold_lapse(struct fold *fold, int link)
{
	struct contact *contacts = fold->contacts.items;

	for (size_t i = 0; i < fold->contacts.n; i++) {
		if (contacts[i].link == link) {
			contacts[i].notified_at = STAMP_NONE;
			contacts[i].seen_at = STAMP_NONE;
			contacts[i].acknowledged_at = STAMP_NONE;
			contacts[i].acknowledged_seq = 0;
			contacts[i].told_seq = 0;
		}
	}
}

enum err
fold_mark(struct fold *fold, const struct entry *entry)
{
	const struct event *event = entry->event;
	struct desk_mark *mark;

	if (!is_mark(event->kind)) {
		return ERR_OK;
	}
	mark = fold_push(fold->arena, &fold->marks, sizeof(*mark));
	if (!mark) {
		return ERR_NOMEM;
	}
	*mark = (struct desk_mark){
		.kind = event->kind,
		.watch = body_text_or(entry->body, "watch", ""),
		.link = body_small(entry->body, "link"),
		.key = body_text_or(entry->body, "key", ""),
		.department = body_text_or(entry->body, "department", ""),
		.since = body_int(entry->body, "since"),
		.phase = body_small(entry->body, "phase"),
		.n = body_small(entry->body, "n"),
		.seq = entry->seq,
		.at = event->at,
	};
	if (!strcmp(event->kind, KIND_LAPSE)) {
		fold_lapse(fold, mark->link);
	}
	return ERR_OK;
}
