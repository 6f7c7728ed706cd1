/* SPDX-License-Identifier: MIT */
/*
 * The kinds of entries about attached files, and how they fold.
 */
#include "toban/core/custody.h"

#include <string.h>

#include "effect_body.h"
#include "incident_fold.h"
#include "toban/base/attr.h"

static const struct {
	const char *kind;
	bool reading; /* a file that is not what it was is news, the rest is not */
} kinds[] = {
	{ KIND_EVIDENCE_OPENED, true },
	{ KIND_EVIDENCE_EXPORTED, true },
	{ KIND_EVIDENCE_MEASURED, true },
	{ KIND_EVIDENCE_DAMAGED, false },
};

bool
custody_is_kind(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) == 0) {
			return true;
		}
	}
	return false;
}

bool
kind_is_reading(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) == 0) {
			return kinds[i].reading;
		}
	}
	return strcmp(kind, "seen") == 0;
}

enum err
fold_custody(struct fold *fold, const struct entry *entry)
{
	struct custody *custody = fold_push(fold->arena, &fold->custody, sizeof(*custody));

	if (!custody) {
		return ERR_NOMEM;
	}
	*custody = (struct custody){
		.seq = entry->seq,
		.file = body_int(entry->body, "file"),
		.kind = entry->event->kind,
		.by = entry->event->actor,
		.at = entry->event->at,
	};
	return ERR_OK;
}
