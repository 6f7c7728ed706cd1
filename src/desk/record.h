/* SPDX-License-Identifier: MIT */
/*
 * Recording a step: the event, the summary row and the messages it causes, in
 * one transaction.
 */
#ifndef TOBAN_DESK_RECORD_H
#define TOBAN_DESK_RECORD_H

#include "call.h"
#include "alert.h"
#include "draft.h"
#include "erase.h"

/* What is about to be recorded, already judged. */
struct record {
	const char *subject;          /* incident id */
	const struct dossier *before; /* NULL: a report */
	const char *event_id;         /* the client's, or a new one */
	const char *kind;
	const char *actor;           /* NULL: who calls */
	bool urgent;                 /* its messages go out as those of a crisis do */
	const struct form *form;     /* NULL: none */
	const json_t *body;          /* canonical */
	const char *const *messages; /* types of messages it causes */
	size_t n_messages;
	int64_t withdraw_seq;          /* the entry whose messages go unsent, 0 none */
	int64_t erase_seq;             /* the entry whose body it erases, 0 none */
	struct draft_drop draft;       /* dropped with it */
	struct alert_judgement *alert; /* promoted with the report; NULL none */
	const struct event *beside; /* an entry of another subject, recorded with it; NULL none */
	const json_t *attach; /* paths: each becomes a draft of the step for evidence; NULL none */
	/* --- filled by record_commit() --- */
	struct call *call;
	struct event event;
	struct incident_row row;
	struct figure_row figures;
	size_t n_figures; /* 0: this step does not change them */
	struct outbox_row *outbox;
	size_t n_outbox;
	const struct dossier *after;
	struct erasing erasing; /* with erase_seq */
	struct draft_row *drafts;
	size_t n_drafts;
	int64_t hold_ms; /* how long it can be taken back, and its messages wait; 0: not at all */
};

/* Fills in what taking `step` records. */
void record_step(struct record *record, const struct call *call, const struct flow_step *step,
	const struct outcome *outcome);

/*
 * Commits.  ERR_CONFLICT: somebody was faster, nothing was written, judge
 * again.  ERR_EXISTS: an event of this id is recorded.  Both come without an
 * error document.  Every other failure has one.  After a COMMIT of unknown
 * outcome the store is asked whether the event is there, so that ERR_OK and
 * "not recorded" are both true when they are said.
 */
enum err record_commit(struct call *call, struct record *record);

/* "VERSION@first 12 hex of the procedure's hash": under which rules an entry was made. */
const char *form_version(const struct call *call, const struct form *form);

/*
 * The answer to a step that was recorded: id, state, seq, row_hash, notified, until when it can
 * be taken back if it can; for a report its classification too.  A new reference; NULL without
 * memory.
 */
json_t *record_answer(const struct record *record, bool report);

/*
 * What was recorded under the client's id before: ERR_OK with the answer,
 * "repeated": true (and "draft_kept") in it; ERR_NOT_FOUND (no document) when nothing was;
 * D103 when the id belongs to something else, D405 when what was recorded was
 * taken back since.
 */
enum err record_repeated(struct call *call, const char *event_id, const char *subject,
	const struct flow_step *step, json_t **ret_answer);

#endif
