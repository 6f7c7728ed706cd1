/* SPDX-License-Identifier: MIT */
/*
 * Entering who is there: see duty.h.
 */
#include "duty.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define TRIES 20

struct duty_query
duty_query_at(struct call *call, stamp at)
{
	return (struct duty_query){ .org = call->org, .duty = call_duty(call), .at = at };
}

const char *
duty_number(const struct duty *duty, const struct person *person)
{
	for (size_t i = 0; i < duty->n_ways; i++) {
		const struct way *way = &duty->ways[i];

		if (strcmp(way->person, person->id) == 0 && strcmp(way->kind, "telephone") == 0) {
			return way->value;
		}
	}
	return person->phone;
}

/* --- who may ------------------------------------------------------------------------ */

static bool
acts_for_role(struct call *call, const struct person *person, unsigned role, const char *department)
{
	const struct duty_query query = duty_query_at(call, call->now);

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *absent = &call->org->people[i];

		if (absent->roles & role &&
			(!department || strcmp(absent->department, department) == 0) &&
			duty_acts_for(&query, person, absent)) {
			return true;
		}
	}
	return false;
}

/* Whether the person may enter facts of the department; themselves is another matter. */
static bool
may_enter(struct call *call, const struct person *person, const char *department)
{
	if (person->roles & (ROLE_ADMIN | ROLE_OFFICE_HEAD)) {
		return true;
	}
	if (person->roles & (ROLE_OWNER | ROLE_DEPUTY) &&
		strcmp(person->department, department) == 0) {
		return true;
	}
	return acts_for_role(call, person, ROLE_OFFICE_HEAD, NULL) ||
		acts_for_role(call, person, ROLE_OWNER, department);
}

enum err
duty_admit(struct call *call, const struct person *person, const char *department)
{
	struct step_verdict verdict = { .code = "D301" };
	const char **who = arena_array(call->arena, call->org->n_people + 1, sizeof(*who));

	if (call->person->roles & ROLE_AUDITOR) {
		return call_fail(call, "D306");
	}
	if (person == call->person || may_enter(call, call->person, department)) {
		return ERR_OK;
	}
	for (size_t i = 0; who && i < call->org->n_people; i++) {
		const struct person *other = &call->org->people[i];

		if (other == person || may_enter(call, other, department)) {
			who[verdict.who.n++] = other->id;
		}
	}
	verdict.who.items = who;
	verdict.why = person
		? _("Of somebody else, the officers of the department, the office head and "
		    "administrators enter it.")
		: _("The officers of the department, the office head and administrators write its "
		    "roster.");
	return who ? call_fail_verdict(call, &verdict) : ERR_NOMEM;
}

enum err
duty_person(struct call *call, const char *field, const struct person **ret_person)
{
	const char *id = arg_text(call, field);
	const struct person *person = id ? org_person(call->org, id) : call->person;

	if (!person) {
		return call_fail_field(
			call, "D107", field, _("There is no such person; look up the id."));
	}
	*ret_person = person;
	return ERR_OK;
}

/* --- recording ----------------------------------------------------------------------- */

/* Entries while they are made. */
struct recording {
	struct event *events;
	char (*ids)[NEW_ID_SIZE];
	size_t n;
};

static enum err
make_events(struct call *call, const struct duty_fact *facts, size_t n, struct recording *r)
{
	const char *given = arg_text(call, "event");

	r->n = n;
	r->events = arena_array(call->arena, n, sizeof(*r->events));
	r->ids = arena_array(call->arena, n, sizeof(*r->ids));
	for (size_t i = 0; r->events && r->ids && i < n; i++) {
		char *text = json_dumps(facts[i].body, JSON_COMPACT | JSON_SORT_KEYS);

		random_id(call->now, r->ids[i]);
		/* The last has the caller's id: where it is, the others are. */
		r->events[i] = (struct event){
			.id = given && i + 1 == n ? given : r->ids[i],
			.subject = SUBJECT_DUTY,
			.at = call->now,
			.happened_at = STAMP_NONE,
			.actor = call->person->id,
			.post = call->post,
			.kind = facts[i].kind,
			.form = "",
			.form_version = "",
			.body = text ? arena_strdup(call->arena, text) : NULL,
		};
		free(text);
		if (!r->events[i].body) {
			return ERR_NOMEM;
		}
	}
	return r->events && r->ids ? ERR_OK : ERR_NOMEM;
}

static json_t *
answer(const struct event *event)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(&event->row_hash, hex);
	return json_pack("{s:I, s:s}", "seq", (json_int_t)event->seq, "row_hash", hex);
}

/* What stands under the caller's id already; ERR_NOT_FOUND without a document: nothing. */
static enum err
repeated(struct call *call, const char *kind, json_t **ret_result)
{
	const char *given = arg_text(call, "event");
	struct event event;
	enum err e =
		given ? store_event_by_id(call->store, call->arena, given, &event) : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND) {
		return e;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (strcmp(event.actor, call->person->id) != 0 || strcmp(event.kind, kind) != 0 ||
		strcmp(event.subject, SUBJECT_DUTY) != 0) {
		return call_fail_field(
			call, "D103", "event", _("This id belongs to another entry."));
	}
	*ret_result = answer(&event);
	json_object_set_new(*ret_result, "repeated", json_true());
	return ERR_OK;
}

/* One try; somebody may enter something at the same moment. */
static enum err
commit(struct call *call, struct recording *r)
{
	struct event *events = arena_array(call->arena, r->n, sizeof(*events));
	struct store_batch batch = { .events = events, .n_events = r->n };
	struct event_list newest = { NULL, 0 };
	enum err e = events
		? store_subject_newest(call->store, call->arena, SUBJECT_DUTY, 1, &newest)
		: ERR_NOMEM;

	for (size_t i = 0; !e && i < r->n; i++) {
		events[i] = r->events[i];
		events[i].subject_seq =
			(newest.n ? newest.items[0].subject_seq : 0) + 1 + (int64_t)i;
	}
	e = e ? e : store_commit(call->store, &batch);
	if (!e) {
		r->events = events;
	}
	return e;
}

enum err
duty_record(struct call *call, const struct duty_fact *facts, size_t n, json_t **ret_result)
{
	struct recording r = { NULL };
	const char *kind = facts[n - 1].kind;
	struct event stored;
	enum err e = repeated(call, kind, ret_result);

	if (e != ERR_NOT_FOUND) {
		return e;
	}
	e = make_events(call, facts, n, &r);
	e = e ? e : ERR_CONFLICT;
	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		e = commit(call, &r);
	}
	if (e == ERR_EXISTS) {
		return repeated(call, kind, ret_result);
	}
	if (e == ERR_UNKNOWN) {
		e = store_event_by_id(call->store, call->arena, r.events[n - 1].id, &stored);
		e = e == ERR_NOT_FOUND ? ERR_IO : e ? ERR_UNKNOWN : ERR_OK;
		r.events[n - 1] = stored;
	}
	if (e) {
		return call_fail_store(call, e == ERR_CONFLICT ? ERR_BUSY : e, true);
	}
	*ret_result = answer(&r.events[n - 1]);
	return ERR_OK;
}

enum err
duty_record_one(struct call *call, const char *kind, json_t *body, json_t **ret_result)
{
	const struct duty_fact fact = { kind, body };

	return call_keep(call, body) ? duty_record(call, &fact, 1, ret_result) : ERR_NOMEM;
}
