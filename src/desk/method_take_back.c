/* SPDX-License-Identifier: MIT */
/*
 * Taking back what was just sent: an entry of its own that makes the one before
 * it count for nothing, while nobody has read it and no message of it is out.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "record.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

#define TRIES 20

struct taking_back {
	struct call *call;
	const struct dossier *dossier;
	const struct event *event; /* what is taken back */
	const struct flow_step *step;
	const json_t *body; /* of it */
};

static enum err
fail_because(struct taking_back *t, const char *code, const char *who, stamp at)
{
	const struct person *person = who ? org_person(t->call->org, who) : NULL;
	char when[STAMP_SIZE] = "";
	struct str_arg args[] = { { "who", person ? person->name.in[i18n_lang()] : "" },
		{ "step", t->step ? t->step->label.in[i18n_lang()] : "" }, { "at", when } };

	if (at != STAMP_NONE) {
		stamp_format_short(at, t->call->org->offset_min, when);
	}
	return call_fail_say(t->call, code, args, ARRAY_LEN(args));
}

/* The entry meant; without a number the newest of the case. */
static enum err
find_event(struct taking_back *t)
{
	const struct incident *incident = &t->dossier->incident;
	int64_t seq = arg_count(t->call, "seq", incident->last_seq);

	for (size_t i = 0; i < incident->n_events; i++) {
		if (incident->events[i].seq == seq) {
			t->event = &incident->events[i];
			t->body = json_array_get(incident->store, i);
			t->step =
				flow_find_step(&t->call->procedure->incident_flow, t->event->kind);
		}
	}
	return t->event && t->step ? ERR_OK
				   : call_fail_field(t->call, "D107", "seq",
					     _("The incident has no step of that number."));
}

/* Whoever came after it has read it; what they did stands on it. */
static enum err
check_newest(struct taking_back *t)
{
	const struct incident *incident = &t->dossier->incident;

	for (size_t i = 0; i < incident->n_events; i++) {
		const struct event *later = &incident->events[i];

		if (later->seq > t->event->seq) {
			bool seen = kind_is_reading(later->kind);

			return fail_because(t, seen ? "D408" : "D409", later->actor, later->at);
		}
	}
	return ERR_OK;
}

static enum err
check_unread(struct taking_back *t)
{
	struct call *call = t->call;
	const struct look_want want = { call->person->id, t->event->subject, t->event->seq };
	struct looker looker = { NULL, STAMP_NONE };
	enum err e = store_looker(call->store, call->arena, &want, &looker);

	if (e == ERR_NOT_FOUND) {
		return ERR_OK;
	}
	return e ? call_fail_store(call, e, false)
		 : fail_because(t, "D408", looker.person, looker.at);
}

static enum err
check(struct taking_back *t)
{
	struct call *call = t->call;
	int64_t hold = step_take_back_ms(call->procedure, t->step, &t->dossier->incident);
	enum err e;

	if (strcmp(t->event->actor, call->person->id) != 0) {
		return fail_because(t, "D313", t->event->actor, t->event->at);
	}
	e = check_newest(t);
	if (e) {
		return e;
	}
	if (hold == 0) {
		return fail_because(t, "D419", NULL, STAMP_NONE);
	}
	/* A clock that was put back must not open the time anew for long gone entries. */
	if (call->now >= t->event->at + hold || call->now < t->event->at - hold) {
		return fail_because(t, "D407", NULL, t->event->at);
	}
	return check_unread(t);
}

/* The state of the case without the entry: as it was, or as the flow says of a report. */
static enum err
state_without(struct taking_back *t, const char **ret_state)
{
	const struct incident *incident = &t->dossier->incident;
	struct dossier *before = NULL;
	enum err e;

	if (incident->n_events == 1) {
		*ret_state = t->call->procedure->incident_flow.taken_back;
		return ERR_OK;
	}
	e = dossier_fold(t->call, incident->events, incident->n_events - 1, &before);
	if (e) {
		return call_fail_store(t->call, e, false);
	}
	*ret_state = before->incident.state;
	return ERR_OK;
}

static enum err
commit(struct taking_back *t, struct event *ret_event)
{
	char id[NEW_ID_SIZE];
	const char *state = "";
	struct record record = {
		.subject = t->dossier->incident.id,
		.before = t->dossier,
		.event_id = id,
		.kind = KIND_TAKEN_BACK,
		.withdraw_seq = t->event->seq,
	};
	enum err e = state_without(t, &state);

	if (e) {
		return e;
	}
	random_id(t->call->now, id);
	record.body = call_keep(t->call,
		json_pack("{s:{s:I}, s:s}", "fields", "seq", (json_int_t)t->event->seq, "state",
			state));
	e = record.body ? record_commit(t->call, &record) : ERR_NOMEM;
	if (e == ERR_DENIED) {
		return fail_because(t, "D418", NULL, STAMP_NONE);
	}
	*ret_event = record.event;
	return e;
}

/*
 * What was typed comes back as a draft.  It is in the log as well, so that a
 * draft that cannot be kept loses nothing: null then.
 */
static json_t *
keep_draft(struct taking_back *t)
{
	bool report = t->dossier->incident.n_events == 1;
	json_t *fields = json_deep_copy(json_object_get(t->body, "fields"));
	struct draft_row draft = {
		.person = t->call->person->id,
		.form = t->step->name,
		.subject = report ? "" : t->dossier->incident.id,
		.saved_at = t->call->now,
	};
	char *body;
	enum err e;

	if (report && t->dossier->incident.drill) {
		json_object_set_new(fields, "drill", json_true());
	}
	body = fields ? json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(fields);
	if (!body) {
		return json_null();
	}
	draft.body = body;
	e = store_draft_put(t->call->store, &draft, &draft.number);
	free(body);
	return e ? json_null() : json_sprintf("D-%lld", (long long)draft.number);
}

static enum err
try_once(struct taking_back *t, struct event *ret_event)
{
	struct dossier *dossier = NULL;
	enum err e = dossier_open(t->call, arg_text(t->call, "id"), &dossier);

	if (e) {
		return e;
	}
	t->dossier = dossier;
	e = find_event(t);
	if (!e) {
		e = check(t);
	}
	return e ? e : commit(t, ret_event);
}

enum err
method_incident_take_back(struct call *call, json_t **ret_result)
{
	struct taking_back t = { .call = call };
	struct event event = { .id = NULL };
	enum err e = ERR_CONFLICT;
	char hex[HASH_HEX_SIZE];
	json_t *body;

	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		t = (struct taking_back){ .call = call };
		e = try_once(&t, &event);
	}
	if (e) {
		return e == ERR_CONFLICT ? call_fail(call, "D410") : e;
	}
	hash_hex(&event.row_hash, hex);
	body = json_loads(event.body, 0, NULL);
	*ret_result = json_pack("{s:s, s:O?, s:I, s:s, s:I, s:s, s:o}", "id", event.subject,
		"state", json_object_get(body, "state"), "seq", (json_int_t)event.seq, "row_hash",
		hex, "taken_back", (json_int_t)t.event->seq, "step", t.step->name, "draft",
		keep_draft(&t));
	json_decref(body);
	return ERR_OK;
}
