/* SPDX-License-Identifier: MIT */
/*
 * Recording a change of rights: see org_record.h.
 */
#include "org_record.h"

#include <stdlib.h>

#include "access.h"
#include "definitions.h"
#include "keys.h"
#include "org_change.h"
#include "org_leave.h"
#include "target.h"
#include "toban/base/attr.h"
#include "toban/notify/notify.h"
#include "toban/notify/rights.h"

#define TRIES 20

/* What the transaction is made of. */
struct recording {
	struct call *call;
	const struct org_record *record;
	const struct org *was;
	struct rows_again rows;
	struct outbox_row *outbox;
	size_t n_outbox;
	struct org_leave leave;
};

/* --- who is told ------------------------------------------------------------------------- */

static void
add_heads(struct call *call, const struct org *org, json_t *list)
{
	const struct duty_query query = { .org = org, .duty = call_duty(call), .at = call->now };

	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *head = &org->people[i];
		const struct person *instead = duty_stand_in(&query, head->id);

		if (head->roles & ROLE_OFFICE_HEAD) {
			json_array_append_new(list, json_pack("{s:s}", "person", head->id));
		}
		if (head->roles & ROLE_OFFICE_HEAD && instead) {
			json_array_append_new(list, json_pack("{s:s}", "person", instead->id));
		}
	}
}

/* The office heads before and after, so that none is replaced without hearing of it. */
static json_t *
whom_to_tell(const struct recording *recording)
{
	json_t *list = call_keep(recording->call, json_array());

	if (list) {
		add_heads(recording->call, recording->was, list);
		add_heads(recording->call, recording->record->org, list);
	}
	return list;
}

static void
add_message(struct recording *recording, const struct target_row *target)
{
	struct call *call = recording->call;
	char id[NEW_ID_SIZE];

	random_id(call->now, id);
	recording->outbox[recording->n_outbox++] = (struct outbox_row){
		.id = arena_printf(call->arena, "msg_%s", id),
		.target = target->name,
		.type = TYPE_RIGHTS,
		.subject = SUBJECT_ORG,
		.body = "",
		.urgent = recording->record->marked,
		.created_at = call->now,
		.next_at = call->now,
		.state = "waiting",
		.last_answer = "",
		.changed_at = call->now,
	};
}

static enum err
make_messages(struct recording *recording)
{
	struct call *call = recording->call;
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);
	const json_t *told = whom_to_tell(recording);

	recording->outbox = arena_array(call->arena, targets.n + 1, sizeof(*recording->outbox));
	if (e || !told || !recording->outbox) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < targets.n; i++) {
		const struct target_row *target = &targets.items[i];
		bool wanted = target->person[0] ? target_is_among(target, told)
						: message_wanted(target->events, TYPE_RIGHTS);

		if (target->active && wanted) {
			add_message(recording, target);
		}
	}
	return ERR_OK;
}

/* --- inside the transaction ----------------------------------------------------------------- */

static enum err
fill_messages(struct recording *recording, const struct event *event)
{
	const struct org_record *record = recording->record;
	struct call *call = recording->call;
	const struct message_rights rights = {
		.was = recording->was,
		.now = record->org,
		.people = record->people,
		.posts = record->posts,
		.by = call->person->id,
		.marked = record->marked,
	};
	char *text = recording->n_outbox ? message_rights_body(&rights, event) : NULL;
	const char *body = text ? arena_strdup(call->arena, text) : NULL;

	free(text);
	for (size_t i = 0; i < recording->n_outbox; i++) {
		recording->outbox[i].body = body;
		if (!body || !recording->outbox[i].id) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

/* What the summaries say of who is awaited and who may read follows the parts people have. */
static enum err
seal(struct store_batch *batch, void *ctx)
{
	struct recording *recording = ctx;
	enum err e = fill_messages(recording, &batch->events[0]);

	recording->rows.n = 0;
	recording->rows.n_figures = 0;
	e = e ? e : definitions_rows_under(&recording->rows);
	batch->incidents = recording->rows.rows;
	batch->n_incidents = recording->rows.n;
	batch->figures = recording->rows.figures;
	batch->n_figures = recording->rows.n_figures;
	return e;
}

/* --- the commit ------------------------------------------------------------------------------ */

/* ERR_CONFLICT: somebody was faster, with the organisation or with an entry about access. */
static enum err
try_store(struct recording *recording, struct event *event)
{
	struct call *call = recording->call;
	struct event events[2] = { *event, recording->leave.entry };
	struct store_batch batch = {
		.events = events,
		.n_events = recording->leave.has_entry ? 2 : 1,
		.outbox = recording->outbox,
		.n_outbox = recording->n_outbox,
		.pins = &recording->leave.pins,
		.seal = seal,
		.seal_ctx = recording,
	};
	enum err e = recording->leave.has_entry ? access_turn(call, &events[1]) : ERR_OK;

	e = e ? e : store_commit(call->store, &batch);
	if (!e) {
		*event = events[0];
	}
	return e;
}

/* Whom the organisation to come makes one of another name; the case is hidden from both. */
static enum err
name_people(struct recording *recording)
{
	struct call *call = recording->call;
	const struct keys *keys = NULL;
	enum err e = call_keys(call, &keys);

	return e ? e
		 : org_history_named(
			   call->arena, &keys->orgs, recording->record->org, &recording->rows.org);
}

static enum err
store_it(struct recording *recording, struct event *event)
{
	struct call *call = recording->call;
	int tries = recording->leave.has_entry ? TRIES : 1;
	enum err e = ERR_CONFLICT;

	for (int i = 0; i < tries && e == ERR_CONFLICT; i++) {
		e = try_store(recording, event);
	}
	if (e == ERR_UNKNOWN) {
		const char *id = event->id;

		e = store_event_by_id(call->store, call->arena, id, event);
		e = e == ERR_NOT_FOUND ? ERR_IO : e ? ERR_UNKNOWN : ERR_OK;
	}
	return e;
}

enum err
org_record_commit(struct call *call, const struct org_record *record, struct event *ret_event)
{
	char *text = json_dumps(record->body, JSON_COMPACT | JSON_SORT_KEYS);
	struct event event = {
		.id = record->event_id,
		.subject = SUBJECT_ORG,
		.subject_seq = record->subject_seq,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = KIND_RIGHTS,
		.form = "",
		.form_version = "",
		.body = text,
	};
	struct recording recording = {
		.call = call,
		.record = record,
		.was = call->org,
		.rows = { .desk = call->desk, .arena = call->arena },
	};
	enum err e = text ? make_messages(&recording) : ERR_NOMEM;

	e = e ? e : name_people(&recording);
	e = e ? e : org_leave(call, record->people, &recording.leave);
	if (e && call->error) {
		free(text);
		return e; /* it has its document */
	}
	e = e ? e : store_it(&recording, &event);
	event.body = NULL; /* freed here, and nobody asks for it */
	free(text);
	if (!e) {
		desk_org_follow(call->desk);
		*ret_event = event;
	}
	return e && e != ERR_CONFLICT ? call_fail_store(call, e, true) : e;
}
