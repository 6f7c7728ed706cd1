/* SPDX-License-Identifier: MIT */
/*
 * Opening a desk on a store, and the doors of its sessions.
 */
#include "toban/desk/desk.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "bodies.h"
#include "call.h"
#include "definitions.h"
#include "file_job.h"
#include "keys.h"
#include "method.h"
#include "org_history.h"
#include "pin_beside.h"
#include "seat.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"

/* Stands in for an organisation that cannot be read. */
static const struct org nobody = { .name = { { "(no organisation)", "（組織なし）" } } };

static enum err
parse_org(struct desk *desk, const struct event *event)
{
	json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
	enum err e = body ? org_from_json(desk->arena, body, &desk->org) : ERR_INVALID;

	json_decref(body);
	return e;
}

/*
 * The newest organisation that holds.  A ledger that has none any more was damaged: the desk
 * opens all the same, without anybody registered, so that the verifier can name the row.
 */
static enum err
follow_org(struct desk *desk, struct arena *scratch)
{
	struct org_history history = { NULL };
	enum err e = org_history_read(desk->parts.store, scratch, &history);
	const struct event_list *events = &history.events;

	if (!e) {
		e = history.n ? parse_org(desk, &events->items[history.items[history.n - 1].at])
			      : ERR_INVALID;
		e = e ? e : org_history_named(desk->arena, &history, desk->org, &desk->org);
		desk->org_seq = events->n ? events->items[events->n - 1].subject_seq : 0;
		desk->org_refused = history.refused_seq;
	}
	if (history.refused_seq) {
		log_line(LOG_ERROR, "the change of rights in entry %lld does not count",
			(long long)history.refused_seq);
	}
	return e;
}

static enum err
read_org(struct desk *desk)
{
	struct arena *scratch = arena_new();
	struct ledger_head head = { 0 };
	enum err e = scratch ? store_head(desk->parts.store, &head) : ERR_NOMEM;

	if (!e) {
		e = head.seq == 0 ? ERR_NOT_FOUND : follow_org(desk, scratch);
	}
	if (e && e != ERR_NOMEM && desk->lost) {
		e = ERR_INVALID;
	}
	if (e == ERR_INVALID) {
		log_line(LOG_ERROR, "no entry holds a readable organisation");
		desk->org = &nobody;
		desk->rescue = true;
		e = ERR_OK;
	}
	arena_free(scratch);
	return e;
}

/* The old one stays in the arena: sessions point into it until their next call. */
static enum err
take_newest_org(struct desk *desk, int64_t last)
{
	struct arena *scratch = arena_new();

	if (!scratch) {
		return ERR_NOMEM;
	}
	if (follow_org(desk, scratch)) {
		log_line(LOG_ERROR, "the newest organisation cannot be read");
	}
	desk->org_seq = last;
	desk->pins++; /* who left has none any more, also if they are back */
	arena_free(scratch);
	return ERR_OK;
}

void
desk_org_follow(struct desk *desk)
{
	struct ledger_head head;
	int64_t last = 0;

	if (desk->rescue || store_head(desk->parts.store, &head) || head.seq == desk->org_head ||
		store_subject_last(desk->parts.store, SUBJECT_ORG, &last)) {
		return;
	}
	/* An organisation is long, and nearly every entry is about something else. */
	if (last == 0 || last == desk->org_seq || take_newest_org(desk, last) == ERR_OK) {
		desk->org_head = head.seq;
	}
}

/*
 * A disk that is full or a ledger that is damaged must not keep people from
 * reading: the desk works, says so in the examination, and tries again next time.
 */
enum err
desk_follow(struct desk *desk)
{
	enum err e;

	if (desk->followed || desk->read_only) {
		return ERR_OK;
	}
	e = definitions_follow(desk);
	desk->followed = true;
	desk->recorded = !e;
	if (e) {
		log_line(LOG_ERROR, "the definition files were not recorded: %s", err_name(e));
	}
	return e == ERR_NOMEM ? e : ERR_OK;
}

/*
 * A file whose tables or triggers were changed around the desk is only read, and what is wrong
 * with it is said: what is written without its triggers would be proven by less than it seems.
 */
static enum err
look_at_shape(struct desk *desk)
{
	struct ledger_problems problems = { .arena = desk->arena };
	enum err e = store_shape(desk->parts.store, &problems, &desk->lost);

	if (!e && problems.n > 0) {
		desk->damage = problems.items[0].text;
		log_line(LOG_ERROR, "the file was changed around the desk: %s (%zu such)",
			desk->damage, problems.n);
	}
	desk->read_only = desk->read_only || desk->damage;
	return e;
}

enum err
desk_new(const struct desk_parts *parts, struct desk **ret_desk)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	enum err e = ERR_NOMEM;

	if (!desk) {
		return ERR_NOMEM;
	}
	desk->parts = *parts;
	desk->arena = arena_new();
	if (desk->arena) {
		e = look_at_shape(desk);
		e = e ? e : read_org(desk);
	}
	if (e) {
		desk_free(desk);
		return e;
	}
	*ret_desk = desk;
	return ERR_OK;
}

/* What was only counted yet is written down before the desk goes. */
static void
last_refusals(struct desk *desk)
{
	struct seat seat = { .desk = desk };
	struct call call;

	if (desk->refusals && call_start(&call, &seat, NULL) == ERR_OK) {
		access_flush(&call, true);
		json_decref(call.error);
		call_end(&call);
	}
}

void
desk_free(struct desk *desk)
{
	if (!desk) {
		return;
	}
	file_jobs_free(desk);
	last_refusals(desk);
	refusal_book_free(desk->refusals);
	free(desk->paces);
	duty_cache_free(desk->duty);
	key_cache_free(desk->keys);
	bodies_forget(desk);
	arena_free(desk->arena);
	free(desk);
}

void
desk_forget(struct desk *desk)
{
	/* Each thing that is kept of the ledger from one call to the next has its line here. */
	duty_cache_free(desk->duty);
	desk->duty = NULL;
	key_cache_free(desk->keys);
	desk->keys = NULL;
	bodies_forget(desk);
	/* Whether the definitions of the procedure were recorded is asked again. */
	desk->followed = false;
	desk->recorded = false;
	desk->org_seq = 0;
	desk->org_head = 0;
}

void
desk_read_only(struct desk *desk)
{
	desk->read_only = true;
}

const struct org *
desk_org(const struct desk *desk)
{
	return desk->org;
}

/*
 * Who examines the ledger finds it as it was left: looking at it adds no entry and mends no row.
 * Nor does it change the record that somebody is asked first who they are.
 */
static bool
leaves_alone(const char *method)
{
	return method &&
		(strncmp(method, "ledger.", 7) == 0 || strncmp(method, "session.", 8) == 0);
}

/* What the system did not let the desk do, as told by sentences that say "nothing was recorded". */
static bool
denies_recording(const json_t *error)
{
	static const char *const codes[] = { "D410", "D411", "D413", "D414" };
	const char *code = json_string_value(json_object_get(error, "code"));

	for (size_t i = 0; code && i < ARRAY_LEN(codes); i++) {
		if (strcmp(code, codes[i]) == 0) {
			return true;
		}
	}
	return !error; /* there was no memory even for the sentence */
}

/* After something was recorded no fault may tell that nothing was: F08. */
static void
admit_recording(struct call *call)
{
	if (denies_recording(call->error)) {
		json_decref(call->error);
		call->error = NULL;
		(void)call_fail(call, "D412");
	}
}

/* Does what is asked; *ret_commits: how often something was recorded by it. */
static enum err
run_call(struct call *call, const char *method, json_t **ret_result, int64_t *ret_commits)
{
	enum err e = leaves_alone(method) ? ERR_OK : desk_follow(call->desk);

	if (!e) {
		e = seat_begin(call);
	}
	if (!e) {
		int64_t before = store_commits(call->store);

		e = method_dispatch(call, method, ret_result);
		*ret_commits = store_commits(call->store) - before;
	}
	return e;
}

/* Every failure has its document, and no success is half of one. */
static enum err
settle_call(struct call *call, const json_t *result, int64_t commits, enum err e)
{
	if (!e && (!result || call_memory_short(call))) {
		json_decref(call->error);
		call->error = NULL;
		e = ERR_NOMEM;
	}
	if (e && !call->error) {
		(void)call_fail_store(call, e, false);
	}
	if (e && commits > 0) {
		admit_recording(call);
	}
	return e;
}

static enum err
door_call(
	void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error)
{
	struct call call;
	json_t *result = NULL;
	int64_t commits = 0;
	enum err e = call_start(&call, ctx, args);

	e = e ? e : run_call(&call, method, &result, &commits);
	if (e == ERR_LATER) {
		call_end(&call);
		return e; /* the same call comes again, with the same secrets */
	}
	pin_beside_abandon(&call);
	e = settle_call(&call, result, commits, e);
	if (e) {
		access_refused(&call, method, call.error);
		json_decref(result);
		*ret_error = call.error;
	} else {
		access_flush(&call, false);
		json_decref(call.error); /* a try that failed before one that did not */
		*ret_result = result;
	}
	call_end(&call);
	door_wipe(args);
	return e;
}

static bool
door_woke(void *ctx)
{
	const struct seat *seat = ctx;

	return store_woke(seat->desk->parts.store);
}

static struct door
door_of(const struct desk *desk, struct seat *seat)
{
	struct store_info info;

	store_info(desk->parts.store, &info);
	return (struct door){
		.call = door_call,
		.wake_fd = info.wake_fd,
		.woke = door_woke,
		.trial = desk->org->trial,
		.post = seat->post != NULL,
		.ctx = seat,
	};
}

/* A session that may not begin: who came is who has the account, and whom they claimed to be. */
static void
session_refused(struct desk *desk, const struct session *session, const json_t *error)
{
	struct seat seat = { .desk = desk, .login = strdup(session->login ? session->login : "") };
	bool known = session->person && org_person(desk->org, session->person);
	json_t *args = json_pack("{s:s*}", "claimed", known ? session->person : NULL);
	struct call call;

	if (seat.login && args && call_start(&call, &seat, args) == ERR_OK) {
		call.person = seat_owner(&seat);
		access_refused(&call, ACCESS_SESSION, error);
		json_decref(call.error);
		call_end(&call);
	}
	json_decref(args);
	free(seat.login);
}

enum err
desk_door_new(
	struct desk *desk, const struct session *session, struct door *ret_door, json_t **ret_error)
{
	struct seat *seat = NULL;
	enum err e = seat_new(desk, session, &seat, ret_error);

	if (e) {
		session_refused(desk, session, *ret_error);
		return e;
	}
	*ret_door = door_of(desk, seat);
	return ERR_OK;
}

json_t *
desk_door_seat(const struct door *door)
{
	struct seat *seat = door->ctx;
	struct call call;

	if (call_start(&call, seat, NULL) != ERR_OK) {
		return NULL;
	}
	/* A post locks here, where its use is known. */
	enum err e = seat_begin(&call);

	json_decref(call.error);
	call_end(&call);
	return e == ERR_OK ? seat_describe(seat) : NULL;
}

enum err
desk_door_seated(
	struct desk *desk, const json_t *described, struct door *ret_door, json_t **ret_error)
{
	struct seat *seat = NULL;
	enum err e = seat_new_described(desk, described, &seat, ret_error);

	if (e == ERR_OK) {
		*ret_door = door_of(desk, seat);
	}
	return e;
}

void
desk_door_free(struct door *door)
{
	seat_free(door->ctx);
	*door = (struct door){ .wake_fd = -1 };
}
