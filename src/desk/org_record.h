/* SPDX-License-Identifier: MIT */
/*
 * Recording a change of rights: the entry, what the summaries say under it, and who is told,
 * in one transaction.  Private to the desk layer.
 */
#ifndef TOBAN_DESK_ORG_RECORD_H
#define TOBAN_DESK_ORG_RECORD_H

#include <jansson.h>

#include "call.h"

/* What is about to be recorded, already judged and signed. */
struct org_record {
	const struct org *org; /* from now on */
	const json_t *body;    /* of the entry */
	const json_t *people;  /* org_change() */
	const json_t *posts;   /* org_change_posts() */
	bool marked;
	const char *event_id;
	int64_t subject_seq;
};

/*
 * Commits; the desk goes by the new organisation from then on.  *ret_event is the entry, without
 * its body.  ERR_CONFLICT without a document: somebody was faster.  All else has one.
 */
enum err org_record_commit(
	struct call *call, const struct org_record *record, struct event *ret_event);

#endif
