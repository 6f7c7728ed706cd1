/* SPDX-License-Identifier: MIT */
/*
 * Who sits behind a door: see seat.h.
 */
#include "seat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sitting.h"
#include "doc.h"
#include "pin_beside.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"

#define MINUTE_MS INT64_C(60000)

static const struct person *
first_admin(const struct org *org)
{
	for (size_t i = 0; i < org->n_people; i++) {
		if (org->people[i].roles & ROLE_ADMIN) {
			return &org->people[i];
		}
	}
	return NULL;
}

/* The account as a login; one that has no name is given by its number, and is nobody's. */
static const char *
login_of(const char *login)
{
	return login && login[0] != '#' ? login : "";
}

/*
 * Who sits down: the person claimed, else the one with this Unix account.  A
 * trial desk that knows neither lets the administrator sit, so that a first
 * look needs no set-up; nobody can take a step in a case that way.
 */
static const struct person *
seat_person(const struct org *org, const struct session *session)
{
	const struct person *person = NULL;

	if (session->person) {
		return org_person(org, session->person);
	}
	person = org_login(org, login_of(session->login));
	return person || !org->trial ? person : first_admin(org);
}

static bool
is_post(const struct desk *desk, const struct session *session)
{
	return desk->parts.pin_key && org_post_login(desk->org, login_of(session->login));
}

/* Why a session may not begin; NULL: it may. */
static json_t *
session_refusal(struct desk *desk, const struct session *session)
{
	struct call call = { .desk = desk, .org = desk->org };

	if (desk->rescue) {
		return NULL; /* whoever it is, nobody is registered */
	}
	if (session->person && session->claimed && !desk->org->trial) {
		if (!is_post(desk, session)) {
			(void)call_fail(&call, "D305");
		}
	} else if (session->person && !org_person(desk->org, session->person)) {
		(void)call_fail(&call, "D300");
	} else if (!session->person && !desk->parts.pin_key &&
		org_post_login(desk->org, login_of(session->login))) {
		(void)call_fail(&call, "D337");
	}
	return call.error;
}

/* Who sits there by the organisation in force. */
static void
seat_settle(struct seat *seat)
{
	const struct org *org = seat->desk->org;
	const struct session session = { seat->claimed, seat->login, seat->claimed != NULL };

	seat->org = org;
	seat->post = seat->claimed ? NULL : org_post_login(org, login_of(seat->login));
	if (!seat->post) {
		seat->person = seat_person(org, &session);
		return;
	}
	seat->person = seat->seated ? org_person(org, seat->seated) : NULL;
	if (seat->person && !post_admits(seat->post, seat->person)) {
		seat->person = NULL;
	}
}

const struct person *
seat_owner(const struct seat *seat)
{
	return org_login(seat->desk->org, login_of(seat->login));
}

static void
seat_release(struct seat *seat)
{
	pin_beside_free(seat->beside);
	free(seat->login);
	free(seat->claimed);
	free(seat->seated);
	free(seat);
}

enum err
seat_new(struct desk *desk, const struct session *session, struct seat **ret_seat,
	json_t **ret_error)
{
	json_t *error = session_refusal(desk, session);
	/* At a post a name is no claim: session.open asks for the PIN to it. */
	bool claims = session->person && (desk->org->trial || !is_post(desk, session));
	struct seat *seat;

	if (error) {
		*ret_error = error;
		return ERR_DENIED;
	}
	seat = calloc(1, sizeof(*seat));
	if (seat) {
		*seat = (struct seat){ .desk = desk,
			.login = strdup(session->login ? session->login : ""),
			.claimed = claims ? strdup(session->person) : NULL,
			.locked = "start",
			.pins = desk->pins };
	}
	if (!seat || !seat->login || (claims && !seat->claimed)) {
		if (seat) {
			seat_release(seat);
		}
		*ret_error = door_error("D414", "failed", _("The desk ran out of memory."), "");
		return ERR_NOMEM;
	}
	seat_settle(seat);
	*ret_seat = seat;
	return ERR_OK;
}

/* --- for another process --------------------------------------------------------------- */

json_t *
seat_describe(const struct seat *seat)
{
	return json_pack("{s:s, s:s?, s:s?, s:s, s:b}", "login", seat->login, "claimed",
		seat->claimed, "seated", seat->seated, "locked", seat->locked, "must_change",
		seat->must_change);
}

/* The word `locked` points to; one that is not known locks, too. */
static const char *
locked_word(const char *word)
{
	static const char *const words[] = { "", "start", "closed", "idle", "reset" };

	for (size_t i = 0; word && i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], word) == 0) {
			return words[i];
		}
	}
	return "closed";
}

enum err
seat_new_described(
	struct desk *desk, const json_t *described, struct seat **ret_seat, json_t **ret_error)
{
	const char *claimed = json_string_value(json_object_get(described, "claimed"));
	const char *seated = json_string_value(json_object_get(described, "seated"));
	const struct session session = {
		.person = claimed,
		.login = json_string_value(json_object_get(described, "login")),
		.claimed = claimed != NULL,
	};
	struct seat *seat = NULL;
	enum err e = seat_new(desk, &session, &seat, ret_error);

	if (e) {
		return e;
	}
	seat->elsewhere = true;
	seat->locked = locked_word(json_string_value(json_object_get(described, "locked")));
	seat->must_change = json_is_true(json_object_get(described, "must_change"));
	seat->opened_at = clock_now(&desk->parts.clock);
	seat->used_at = seat->opened_at;
	seat->seated = seated ? strdup(seated) : NULL;
	if (seated && !seat->seated) {
		seat_release(seat);
		*ret_error = door_error("D414", "failed", _("The desk ran out of memory."), "");
		return ERR_NOMEM;
	}
	seat_settle(seat);
	*ret_seat = seat;
	return ERR_OK;
}

/* --- sitting down and getting up ------------------------------------------------------- */

stamp
seat_locks_at(const struct seat *seat)
{
	return seat->post && seat->person ? seat->used_at + seat->post->idle_min * MINUTE_MS
					  : STAMP_NONE;
}

void
seat_keep_pin(struct seat *seat, const char *pin_hash)
{
	(void)snprintf(seat->pin_hash, sizeof(seat->pin_hash), "%s", pin_hash);
	seat->pins = seat->desk->pins;
}

enum err
seat_take(struct call *call, const struct person *person, const char *pin_hash)
{
	struct seat *seat = call->seat;
	char *id = strdup(person->id);

	if (!id) {
		return ERR_NOMEM;
	}
	free(seat->seated);
	seat->seated = id;
	seat->locked = "";
	seat_keep_pin(seat, pin_hash);
	seat->opened_at = call->now;
	seat->used_at = call->now;
	seat->person = person;
	call->person = person;
	return ERR_OK;
}

enum err
seat_leave(struct call *call, const char *why)
{
	struct seat *seat = call->seat;
	char *id = seat->seated;
	enum err e;

	/* Locked whatever the store says: the entry is not what keeps others out. */
	seat->seated = NULL;
	seat->person = NULL;
	seat->must_change = false;
	seat->locked = why;
	call->person = NULL;
	if (!id) {
		return ERR_OK;
	}
	const struct sitting sitting = {
		.kind = "session-closed",
		.actor = id,
		.body = json_pack("{s:s, s:o, s:o}", "why", why, "opened_at",
			json_of_time(call, seat->opened_at), "used_at",
			json_of_time(call, seat->used_at)),
	};
	e = sitting_record(call, &sitting);
	free(id);
	return e;
}

void
seat_free(struct seat *seat)
{
	struct call call;

	if (!seat) {
		return;
	}
	if ((seat->seated || seat->beside) && !seat->elsewhere && !seat->desk->read_only &&
		call_start(&call, seat, NULL) == ERR_OK) {
		pin_beside_abandon(&call);
		if (seat_leave(&call, "gone")) {
			log_line(LOG_WARNING, "that somebody left %s was not recorded", call.post);
		}
		json_decref(call.error);
		call_end(&call);
	}
	seat_release(seat);
}

/* --- at each call -------------------------------------------------------------------------- */

/* Whether the PIN that was given is still theirs; unknown counts as no. */
static bool
is_pin_theirs(struct call *call)
{
	struct seat *seat = call->seat;
	struct pin_row row;

	if (seat->pins == call->desk->pins) {
		return true;
	}
	seat->pins = call->desk->pins;
	return store_pin(call->store, call->arena, seat->seated, &row) == ERR_OK &&
		strcmp(row.hash, seat->pin_hash) == 0;
}

/* Why the post locks now; NULL: it does not. */
static const char *
lock_reason(struct call *call)
{
	struct seat *seat = call->seat;

	if (!seat->person) {
		return "closed"; /* they work here no more */
	}
	if (call->now >= seat_locks_at(seat)) {
		return "idle";
	}
	return is_pin_theirs(call) ? NULL : "reset";
}

enum err
seat_begin(struct call *call)
{
	struct seat *seat = call->seat;
	const char *why;
	enum err e = ERR_OK;

	if (seat->org != call->org) {
		seat_settle(seat);
	}
	/* A clock that was set back must not keep a post open. */
	seat->used_at = seat->used_at > call->now ? call->now : seat->used_at;
	why = !seat->seated ? NULL : seat->post ? lock_reason(call) : "closed";
	if (why) {
		e = seat_leave(call, why);
		/* Not a failure of what was asked: that is refused anyway. */
		json_decref(call->error);
		call->error = NULL;
		if (e) {
			log_line(LOG_WARNING, "a lock was not recorded: %s", err_name(e));
		}
		seat_settle(seat);
	}
	call->person = seat->person;
	call->post = seat->post ? seat->post->id : "";
	return e == ERR_NOMEM ? e : ERR_OK;
}

static bool
is_among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

const char *
seat_refusal(const struct call *call, const struct method *method)
{
	static const char *const locked[] = { "desk.info", "org.show", "session.open",
		"session.show", "session.close" };
	static const char *const owing[] = { "desk.info", "org.show", "session.open",
		"session.show", "session.close", "session.keep", "pin.set" };
	const struct seat *seat = call->seat;

	if (!seat->post) {
		return NULL;
	}
	if (!seat->person) {
		return is_among(method->name, locked, ARRAY_LEN(locked)) ? NULL
			: strcmp(seat->locked, "idle") == 0              ? "D331"
									 : "D330";
	}
	return seat->must_change && !is_among(method->name, owing, ARRAY_LEN(owing)) ? "D336"
										     : NULL;
}

enum err
seat_fail(struct call *call, const char *code)
{
	char n[16];
	enum err e;

	(void)snprintf(n, sizeof(n), "%d", call->seat->post->idle_min);
	e = call_fail_say(call, code, (struct str_arg[]){ { "n", n } }, 1);
	json_object_set_new(call->error, "locked", json_boolean(!call->person));
	return e;
}

void
seat_use(struct call *call, const struct method *method)
{
	static const char *const marks[] = { "incident.seen", "incident.look", "me.prefer",
		"session.close" };

	if (method->kind == METHOD_WRITE && !is_among(method->name, marks, ARRAY_LEN(marks))) {
		call->seat->used_at = call->now;
	}
}
