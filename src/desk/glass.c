/* SPDX-License-Identifier: MIT */
/*
 * Breaking the glass: see glass.h.  The entry has an id made of who, which case and which
 * hour, so that it is found without looking into the case: a number that was never given
 * takes as long.
 */
#include "glass.h"

#include <stdio.h>
#include <string.h>

#include "access.h"
#include "doc.h"
#include "jumps.h"
#include "keys.h"
#include "method.h"
#include "record.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define GLASS_MS INT64_C(3600000)
#define ID_HEX 24
#define WHY_LEAST 10 /* code points: "because" is no reason */
#define TRIES 20

#define MESSAGE "access.break-glass"

/*
 * Who left the organisation and came back has to break it again, and so has everybody when the
 * clock was set: an hour that is over must not begin anew.  Their entries have other ids.
 */
static const char *
entry_id(struct call *call, const char *id, int64_t hour)
{
	const struct keys *keys = NULL;
	int64_t left = call_keys(call, &keys) == ERR_OK
		? org_history_absent(&keys->orgs, call->person->id)
		: 0;
	struct clock_jumps jumps = { NULL, 0 };
	char text[200];
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (jumps_read(call->store, call->arena, &jumps)) {
		return NULL;
	}
	(void)snprintf(text, sizeof(text),
		jumps.n        ? "%.60s %.30s %lld %lld %zu"
			: left ? "%.60s %.30s %lld %lld"
			       : "%.60s %.30s %lld",
		call->person->id, id, (long long)hour, (long long)left, jumps.n);
	hash_of(text, strlen(text), &hash);
	hash_hex(&hash, hex);
	return arena_printf(call->arena, EVENT_ID_GLASS "%.*s", ID_HEX, hex);
}

static bool
is_glass_of(const struct call *call, const struct event *event, const char *id)
{
	return strcmp(event->kind, KIND_GLASS) == 0 && strcmp(event->subject, id) == 0 &&
		strcmp(event->actor, call->person->id) == 0 && call->now >= event->at &&
		call->now < event->at + GLASS_MS;
}

enum err
glass_find(struct call *call, const char *id, struct glass *ret_glass)
{
	enum err e = ERR_OK;

	*ret_glass = (struct glass){ .seq = 0 };
	for (int64_t back = 0; !e && call->person && back < 2; back++) {
		const char *name = entry_id(call, id, call->now / GLASS_MS - back);
		struct event event;
		json_t *body;

		e = name ? store_event_by_id(call->store, call->arena, name, &event) : ERR_NOMEM;
		if (!e && is_glass_of(call, &event, id)) {
			body = call_keep(
				call, event.body ? json_loads(event.body, 0, NULL) : json_object());
			*ret_glass = (struct glass){ event.seq, event.at + GLASS_MS,
				json_string_value(
					json_object_get(json_object_get(body, "fields"), "why")) };
		}
		e = e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	return e;
}

/* --- breaking it ------------------------------------------------------------------------ */

/* Who has a part where it happened, or stands above: for all others there is no such case. */
static bool
may_break(const struct call *call, const struct incident_row *row)
{
	const unsigned parts =
		ROLE_OWNER | ROLE_DEPUTY | ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_CRISIS;

	return call->person->roles & parts ||
		strcmp(call->person->department, row->department) == 0;
}

static enum err
check_reason(struct call *call, const char *why)
{
	size_t points = 0;

	for (const char *at = why; *at; at++) {
		points += ((unsigned char)*at & 0xc0) != 0x80 && *at != ' ' && *at != '\n';
	}
	return points >= WHY_LEAST ? ERR_OK
				   : call_fail_field(call, "D381", "why",
					     _("Say in a sentence why you must read it now."));
}

static enum err
missing(struct call *call, const char *id)
{
	return call_fail_say(call, "D304", &(struct str_arg){ "id", id }, 1);
}

/* The office heads, and who stands in for them. */
static json_t *
whom_to_tell(struct call *call, const struct incident *incident)
{
	const struct duty_query query = {
		.org = call->org, .duty = call_duty(call), .at = call->now
	};
	json_t *list = json_array();

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *head = &call->org->people[i];
		const struct person *instead = duty_stand_in(&query, head->id);
		const struct person *told = instead ? instead : head;

		if (head->roles & ROLE_OFFICE_HEAD && !incident_is_involved(incident, told->id)) {
			json_array_append_new(list,
				json_pack("{s:s, s:s, s:i}", "person", told->id, "role",
					instead ? ROLE_STAND_IN : "office-head", "link", 0));
		}
	}
	return list;
}

/* One try; ERR_CONFLICT: somebody was faster. */
static enum err
try_break(struct call *call, const char *id, const char *why, struct record *record)
{
	static const char *const messages[] = { MESSAGE };
	struct dossier *dossier = NULL;
	struct event *beside = arena_alloc(call->arena, sizeof(*beside));
	enum err e = beside ? dossier_load(call, id, &dossier) : ERR_NOMEM;

	if (e) {
		return e;
	}
	*record = (struct record){
		.subject = id,
		.before = dossier,
		.event_id = entry_id(call, id, call->now / GLASS_MS),
		.kind = KIND_GLASS,
		.urgent = true,
		.messages = messages,
		.n_messages = ARRAY_LEN(messages),
		.beside = beside,
		.body = call_keep(call,
			json_pack("{s:{s:s}, s:s, s:o, s:o}", "fields", "why", why, "state",
				dossier->incident.state, "until",
				json_of_time(call, call->now + GLASS_MS), "notified",
				whom_to_tell(call, &dossier->incident))),
	};
	if (!record->body || !record->event_id) {
		return ERR_NOMEM;
	}
	e = access_event(call, KIND_GLASS,
		json_pack("{s:s, s:s, s:o}", "incident", id, "why", why, "until",
			json_of_time(call, call->now + GLASS_MS)),
		beside);
	beside->subject = SUBJECT_GLASS;
	e = e ? e : access_turn(call, beside);
	return e ? e : record_commit(call, record);
}

static enum err
answer(struct call *call, const char *id, const struct glass *glass, json_t **ret_result)
{
	*ret_result = json_pack("{s:s, s:I, s:o}", "id", id, "seq", (json_int_t)glass->seq, "until",
		json_of_time(call, glass->until));
	return *ret_result ? ERR_OK : ERR_NOMEM;
}

enum err
method_incident_break_glass(struct call *call, json_t **ret_result)
{
	const char *id = arg_text(call, "id");
	const char *why = arg_text(call, "why");
	struct incident_row row;
	struct glass glass = { .seq = 0 };
	struct record record;
	enum row_sight sight = ROW_HIDDEN;
	enum err e = check_reason(call, why);

	e = e ? e : store_incident(call->store, call->arena, id, &row);
	sight = e ? ROW_HIDDEN : row_sight(call, &row);
	if (e == ERR_NOT_FOUND || (!e && sight == ROW_HIDDEN) ||
		(!e && sight == ROW_RESTRICTED && !may_break(call, &row))) {
		return missing(call, id);
	}
	if (!e && sight == ROW_SEEN) {
		return call_fail(call, "D380");
	}
	e = e ? e : glass_find(call, id, &glass);
	if (e) {
		return call->error ? e : call_fail_store(call, e, false);
	}
	if (glass.seq) {
		e = answer(call, id, &glass, ret_result);
		return e || json_object_set_new(*ret_result, "repeated", json_true()) == 0
			? e
			: ERR_NOMEM;
	}
	e = ERR_CONFLICT;
	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		e = try_break(call, id, why, &record);
	}
	if (e == ERR_CONFLICT || e == ERR_EXISTS) {
		return call_fail(call, "D410");
	}
	if (e) {
		return call->error ? e : call_fail_store(call, e, true);
	}
	glass = (struct glass){ record.event.seq, call->now + GLASS_MS, why };
	return answer(call, id, &glass, ret_result);
}

/* --- until it is seen -------------------------------------------------------------------- */

enum err
glass_unseen(struct call *call, int64_t *ret_n)
{
	struct look look = { 0 };
	enum err e = ERR_OK;

	if (call->person->roles & ROLE_OFFICE_HEAD) {
		e = store_look(call->store, call->person->id, SUBJECT_GLASS, &look);
	}
	*ret_n = look.changed;
	return e;
}
