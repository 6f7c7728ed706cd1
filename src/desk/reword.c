/* SPDX-License-Identifier: MIT */
/*
 * Messages that wait when a step changes who may know of the case: see reword.h.
 * A receiver that is down may be tried for a day; what the case was called before
 * must not reach it then.
 */
#include "reword.h"

#include <stdlib.h>
#include <string.h>

#include "toban/notify/notify.h"

#define WAITING_MOST 100000 /* messages looked through; a step that restricts is rare */

struct rewording {
	struct call *call;
	const struct incident *before;
	const struct incident *after;
	const struct event_list *events;
	struct target_list targets;
	struct outbox_row *rows;
	size_t n;
};

/* The entry a message was made for, by the ledger's head that its text carries. */
static const struct event *
event_of(const struct rewording *r, const struct outbox_row *row)
{
	json_t *body = json_loads(row->body, 0, NULL);
	const json_t *head = json_object_get(json_object_get(body, "data"), "head");
	int64_t seq = json_integer_value(json_object_get(head, "seq"));
	const struct event *found = NULL;

	json_decref(body);
	for (size_t i = 0; i < r->events->n; i++) {
		if (r->events->items[i].seq == seq) {
			found = &r->events->items[i];
		}
	}
	return found;
}

/* Whether it goes to the own receiver of somebody who is involved now. */
static bool
is_for_involved(const struct rewording *r, const struct outbox_row *row)
{
	for (size_t i = 0; i < r->targets.n; i++) {
		const struct target_row *target = &r->targets.items[i];

		if (strcmp(target->name, row->target) == 0) {
			return target->person[0] && incident_is_involved(r->after, target->person);
		}
	}
	return false;
}

static void
withhold(struct rewording *r, struct outbox_row *row, const char *why)
{
	row->state = "stopped";
	row->last_answer = why;
	row->changed_at = r->call->now;
}

/* The text anew; a message whose entry cannot be found is not sent: it would tell the title. */
static enum err
reword(struct rewording *r, struct outbox_row *row)
{
	const struct event *event = event_of(r, row);
	struct ledger_head head;
	char *text;

	if (!event) {
		withhold(r, row, "the case was restricted before this could be sent");
		return ERR_OK;
	}
	head = (struct ledger_head){
		.seq = event->seq, .row_hash = event->row_hash, .at = event->at
	};
	text = message_body(&(struct message_source){
		.procedure = r->call->procedure,
		.org = r->call->org,
		.incident = r->after,
		.event = event,
		.head = &head,
		.type = row->type,
	});
	row->body = text ? arena_strdup(r->call->arena, text) : NULL;
	row->changed_at = r->call->now;
	free(text);
	return row->body ? ERR_OK : ERR_NOMEM;
}

static enum err
look_at(struct rewording *r, const struct outbox_row *row)
{
	bool restricted = r->after->confidential && !r->before->confidential;
	struct outbox_row next = *row;
	enum err e = ERR_OK;

	if (is_for_involved(r, row)) {
		withhold(r, &next, "its receiver may not know of the case any more");
	} else if (restricted) {
		e = reword(r, &next);
	} else {
		return ERR_OK;
	}
	r->rows[r->n++] = next;
	return e;
}

enum err
reword_messages(struct call *call, const struct record *record, const struct outbox_row **ret_rows,
	size_t *ret_n)
{
	struct outbox_list waiting = { NULL, 0 };
	struct rewording r = { .call = call };
	enum err e;

	*ret_n = 0;
	if (!record->before) {
		return ERR_OK;
	}
	r.before = &record->before->incident;
	r.after = &record->after->incident;
	r.events = &record->before->events;
	if (r.before->confidential == r.after->confidential &&
		r.before->involved.n == r.after->involved.n) {
		return ERR_OK;
	}
	e = store_targets(call->store, call->arena, &r.targets);
	if (!e) {
		e = store_outbox(call->store, call->arena, "waiting", WAITING_MOST, &waiting);
	}
	r.rows = e ? NULL : arena_array(call->arena, waiting.n, sizeof(*r.rows));
	if (!e && !r.rows) {
		e = ERR_NOMEM;
	}
	for (size_t i = 0; !e && i < waiting.n; i++) {
		if (strcmp(waiting.items[i].subject, record->subject) == 0) {
			e = look_at(&r, &waiting.items[i]);
		}
	}
	*ret_rows = r.rows;
	*ret_n = e ? 0 : r.n;
	return e;
}
