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

struct labelled {
	const char *word;
	struct words words;
};

static const struct labelled kinds[] = {
	{ KIND_REMIND, { { "reminder", "督促" } } },
	{ KIND_OVERDUE, { { "overdue", "期限超過" } } },
	{ KIND_PASS_ON, { { "passed on to a stand-in", "代理者へ連絡" } } },
	{ KIND_RAISE, { { "passed on upwards", "上位へ連絡" } } },
	{ KIND_NOBODY_REACHED, { { "nobody reached", "連絡つかず" } } },
	{ KIND_LAPSE, { { "acknowledgement lapsed", "受領確認の失効" } } },
};

static const struct labelled watches[] = {
	{ WATCH_LINK, { { "acknowledgement", "受領の確認" } } },
	{ WATCH_INSTRUCT, { { "instruction", "対応の指示" } } },
	{ WATCH_RESPOND, { { "answer to an instruction", "指示への対応" } } },
	{ WATCH_RATIFY, { { "ratification", "緊急対応の追認" } } },
	{ WATCH_MAJOR, { { "decision on a major accident", "重大事故の判断" } } },
	{ WATCH_SUSPICION, { { "clearing up the suspicion", "疑いの確定または否定" } } },
	{ WATCH_STATUTORY, { { "statutory report", "法令上の報告" } } },
	{ WATCH_RESULT, { { "incident report", "報告書の提出" } } },
	{ WATCH_APPROVE, { { "approval of the result", "結果の承認" } } },
	{ WATCH_PLAN, { { "plan of prevention", "再発防止策の立案" } } },
	{ WATCH_CELL, { { "applying a measure", "再発防止策の実施" } } },
	{ WATCH_ACCEPT, { { "accepting a department's answer", "部門の実施の承認" } } },
	{ WATCH_REVIEW, { { "reviews", "見直しの判断" } } },
	{ WATCH_EFFECT, { { "verification of the effectiveness", "有効性の確認" } } },
	{ WATCH_LAPSE, { { "what follows the acknowledgement", "受領後の対応" } } },
	{ WATCH_CALL, { { "telephone", "電話連絡" } } },
};

static const struct words *
label_of(const struct labelled *items, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(items[i].word, word)) {
			return &items[i].words;
		}
	}
	return NULL;
}

const struct words *
desk_mark_label(const char *kind)
{
	return label_of(kinds, ARRAY_LEN(kinds), kind);
}

const char *
desk_mark_kind(size_t i)
{
	return i < ARRAY_LEN(kinds) ? kinds[i].word : NULL;
}

const struct words *
desk_watch_label(const char *watch)
{
	return label_of(watches, ARRAY_LEN(watches), watch);
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
			contacts[i].answered_for = false;
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

	if (!desk_mark_label(event->kind)) {
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
		.limit_at = body_stamp(entry->body, "limit_at"),
		.seq = entry->seq,
		.at = event->at,
	};
	if (!strcmp(event->kind, KIND_LAPSE)) {
		fold_lapse(fold, mark->link);
	}
	return ERR_OK;
}
