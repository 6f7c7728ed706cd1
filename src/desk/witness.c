/* SPDX-License-Identifier: MIT */
/*
 * Making ends and handing them over: see witness.h.
 */
#include "witness.h"

#include <stdlib.h>
#include <string.h>

#include "seat.h"
#include "target.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/log.h"
#include "toban/base/sign_key.h"
#include "toban/core/erasure.h"
#include "toban/core/head.h"
#include "toban/core/key_book.h"
#include "toban/notify/notify.h"
#include "toban/store/wake.h"
#include "witness_state.h"

#define PAGE 500
#define SCAN_MOST 5000           /* entries looked through for a decision; more count as one */
#define AGAIN_MS (5 * 60 * 1000) /* after a failure */

/* One turn. */
struct turn {
	struct call *call;
	struct witness_state state;
	struct target_list targets; /* those that want ends */
	struct ledger_head head;
	struct signed_head made;
	json_t *json; /* of `made` */
	const char *line;
	char *body;
	struct outbox_list outbox;
	struct store_value value;
};

/* --- what is due ------------------------------------------------------------------------ */

/* What a person decides and signs, and who may do what. */
static bool
is_decision(const struct call *call, const struct event *event)
{
	const struct flow_step *step = flow_find_step(&call->procedure->incident_flow, event->kind);

	return (step && step->sign) || strcmp(event->subject, SUBJECT_ORG) == 0 ||
		strcmp(event->subject, SUBJECT_ERASURE) == 0 ||
		(strcmp(event->subject, SUBJECT_KEYS) == 0 &&
			strcmp(event->kind, KEY_OF_DESK) != 0);
}

/* The newest decision behind `after`; an entry of many that came at once counts as one. */
static enum err
find_decision(struct call *call, int64_t after, int64_t head, int64_t *ret_seq)
{
	struct arena *arena = arena_new();
	enum err e = arena ? ERR_OK : ERR_NOMEM;

	*ret_seq = head - after > SCAN_MOST ? head : 0;
	while (!e && *ret_seq == 0 && after < head) {
		struct event_list page = { NULL, 0 };

		arena_clear(arena);
		e = store_events(call->store, arena, after, PAGE, &page);
		after = page.n ? page.items[page.n - 1].seq : head;
		for (size_t i = 0; !e && i < page.n; i++) {
			*ret_seq = is_decision(call, &page.items[i]) ? page.items[i].seq : *ret_seq;
		}
	}
	arena_free(arena);
	return e;
}

static enum err
find_occasion(struct turn *turn, enum head_occasion *ret_occasion, stamp *ret_next)
{
	struct call *call = turn->call;
	struct head_clock clock = {
		.now = call->now, .last_at = turn->state.made_at, .last_seq = turn->state.made_seq
	};
	int64_t *looked = &call->desk->decisions_looked;
	enum err e = store_head(call->store, &turn->head);

	clock.seq = turn->head.seq;
	if (!e && clock.last_at != STAMP_NONE) {
		int64_t from = *looked > clock.last_seq ? *looked : clock.last_seq;

		e = find_decision(call, from, clock.seq, &clock.decision);
	}
	if (e) {
		return e;
	}
	*ret_occasion = head_due(&clock, ret_next);
	if (*ret_occasion == HEAD_NONE) {
		*looked = clock.seq; /* none of these asks for an end at once */
	}
	return ERR_OK;
}

/* --- making one ------------------------------------------------------------------------- */

static enum err
sign_head(struct turn *turn, const struct sign_key *key, const char *occasion)
{
	struct call *call = turn->call;
	char *fingerprint = arena_alloc(call->arena, SSH_FINGERPRINT_SIZE);
	struct str text = STR_INIT;
	struct str signature = STR_INIT;
	struct ssh_public public;
	enum err e = call_founded(call, &turn->made.desk);

	turn->made.head = turn->head;
	turn->made.signed_at = call->now;
	turn->made.occasion = occasion;
	if (!e) {
		head_text(&turn->made, &text);
		e = text.failed || !fingerprint ? ERR_NOMEM
						: sign_key_sign(key, str_text(&text), &signature);
	}
	if (!e) {
		sign_key_public(key, &public);
		ssh_fingerprint(&public, fingerprint);
		turn->made.key = fingerprint;
		turn->made.signature = arena_strdup(call->arena, str_text(&signature));
		turn->json = turn->made.signature ? call_keep(call, head_json(&turn->made)) : NULL;
	}
	str_release(&text);
	str_release(&signature);
	if (!e && turn->json) {
		char *line = json_dumps(turn->json, JSON_COMPACT);

		turn->line = line ? arena_strdup(call->arena, line) : NULL;
		free(line);
	}
	return e ? e : turn->line ? ERR_OK : ERR_NOMEM;
}

/* The words are for whoever sees it in a chat or a mail; the line behind them is to be kept. */
static enum err
make_body(struct turn *turn)
{
	struct call *call = turn->call;
	char at[STAMP_SIZE];
	json_t *body;

	stamp_format(call->now, call->org->offset_min, at);
	body = json_pack("{s:s, s:s, s:o, s:{s:O}}", "type", TYPE_HEAD, "timestamp", at, "text",
		json_sprintf("署名済みの台帳末尾 / Signed end of the ledger: %s", turn->line),
		"data", "head", turn->json);
	turn->body = message_dump(body, call->org->trial);
	return turn->body ? ERR_OK : ERR_NOMEM;
}

static enum err
make_messages(struct turn *turn)
{
	struct call *call = turn->call;

	turn->outbox.items = arena_array(call->arena, turn->targets.n, sizeof(*turn->outbox.items));
	for (size_t i = 0; turn->outbox.items && i < turn->targets.n; i++) {
		char id[NEW_ID_SIZE];

		random_id(call->now, id);
		turn->outbox.items[turn->outbox.n++] = (struct outbox_row){
			.id = arena_printf(call->arena, "msg_%s", id),
			.target = turn->targets.items[i].name,
			.type = TYPE_HEAD,
			.subject = "",
			.body = turn->body,
			.created_at = call->now,
			.next_at = call->now,
			.state = "waiting",
			.last_answer = "",
			.changed_at = call->now,
		};
		if (!turn->outbox.items[i].id) {
			return ERR_NOMEM;
		}
	}
	return turn->outbox.items ? ERR_OK : ERR_NOMEM;
}

/* Another engine may have made the same end since the state was read: then this one is none. */
static enum err
seal(struct store_batch *batch, void *ctx)
{
	struct turn *turn = ctx;
	const char *now = "";
	enum err e = store_engine_get(turn->call->store, turn->call->arena, WITNESS_STATE, &now);

	(void)batch; /* everything in it is made already */
	if (e && e != ERR_NOT_FOUND) {
		return e;
	}
	return strcmp(now, turn->state.text) == 0 ? ERR_OK : ERR_CONFLICT;
}

static enum err
commit(struct turn *turn)
{
	struct call *call = turn->call;
	struct store_batch batch = { .outbox = turn->outbox.items,
		.n_outbox = turn->outbox.n,
		.values = &turn->value,
		.n_values = 1,
		.seal = seal,
		.seal_ctx = turn };
	const char *next = NULL;
	enum err e = witness_state_made(call, &turn->state, turn->json, &turn->outbox, &next);

	turn->value = (struct store_value){ WITNESS_STATE, next };
	e = e ? e : store_commit(call->store, &batch);
	return e ? e : witness_state_read(call, &turn->state);
}

/* --- handing over ------------------------------------------------------------------------ */

/* File and syslog, which are outside the store: an end that is not told yet is told again. */
static enum err
hand_over(struct turn *turn)
{
	const struct witness_parts *parts = &turn->call->desk->parts.witness;
	const char *fault = NULL;

	/* What this engine knows nothing of is left for the service that does. */
	if (!turn->state.pending || (!parts->file && !parts->to_syslog)) {
		return ERR_OK;
	}
	if (parts->file) {
		fault = witness_append(parts->file, turn->state.line);
	}
	if (parts->to_syslog && !turn->state.in_syslog) {
		witness_syslog(turn->state.line);
	}
	return witness_state_told(turn->call, &turn->state, fault);
}

static enum err
make(struct turn *turn, enum head_occasion occasion, const char **ret_why)
{
	struct sign_key *key = NULL;
	enum err e = witness_key(turn->call, &key, ret_why);

	/* The entry that names the key is part of what its first end speaks of. */
	e = e ? e : store_head(turn->call->store, &turn->head);
	e = e ? e : sign_head(turn, key, head_occasion_word(occasion));
	sign_key_free(key);
	e = e ? e : make_body(turn);
	e = e ? e : make_messages(turn);
	return e ? e : commit(turn);
}

/* Receivers that name the type, or its family; everything ("*") is no wish for it. */
static enum err
find_targets(struct call *call, struct target_list *ret_list)
{
	struct target_list all = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &all);

	for (size_t i = 0; !e && i < all.n; i++) {
		if (all.items[i].active && !all.items[i].stopped &&
			target_is_witness(&all.items[i])) {
			all.items[ret_list->n++] = all.items[i];
		}
	}
	ret_list->items = all.items;
	return e;
}

static enum err
turn_run(struct turn *turn, stamp *ret_next)
{
	struct call *call = turn->call;
	const struct witness_parts *parts = &call->desk->parts.witness;
	enum head_occasion occasion = HEAD_NONE;
	const char *why = NULL;
	enum err e = find_targets(call, &turn->targets);

	if (e || (!parts->key_path && !parts->key_given) ||
		(turn->targets.n == 0 && !parts->file && !parts->to_syslog)) {
		return e;
	}
	e = witness_state_read(call, &turn->state);
	e = e ? e : witness_state_configured(call, &turn->state);
	e = e ? e : hand_over(turn); /* of one who was killed, before there is a newer one */
	e = e ? e : find_occasion(turn, &occasion, ret_next);
	if (!e && occasion != HEAD_NONE) {
		e = make(turn, occasion, &why);
		*ret_next = call->now +
			(turn->state.made_seq == turn->head.seq ? HEAD_DAILY_MS : HEAD_CHANGED_MS);
	}
	if (e == ERR_CONFLICT) {
		return ERR_OK; /* another engine made it */
	}
	if (why) {
		log_line(LOG_ERROR, "no end goes out to witnesses: %s", why);
		*ret_next = call->now + AGAIN_MS;
		return witness_state_fault(call, &turn->state, why);
	}
	e = e ? e : hand_over(turn);
	if (!e && turn->state.file_fault[0]) {
		*ret_next = call->now + AGAIN_MS;
	}
	return e;
}

enum err
witness_turn(struct desk *desk, stamp now, stamp *ret_next)
{
	struct seat seat = { .desk = desk };
	struct call call;
	struct turn turn = { .call = &call };
	enum err e = call_start(&call, &seat, NULL);

	*ret_next = STAMP_NONE;
	call.now = now;
	if (!e) {
		e = turn_run(&turn, ret_next);
	}
	free(turn.body);
	json_decref(call.error); /* for people; the engine has a log */
	call_end(&call);
	return e;
}
