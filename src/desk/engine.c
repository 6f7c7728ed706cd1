/* SPDX-License-Identifier: MIT */
/*
 * What the desk does by itself.  core says which single act is due
 * (promise_next()); here each becomes an entry.  Nothing is remembered between two
 * looks but what the store holds: an engine that is killed at any moment leaves
 * an act that was recorded, or one that is still due.
 */
#include "toban/desk/engine.h"

#include "call.h"
#include "definitions.h"
#include "doc.h"
#include "erase.h"
#include "evidence.h"
#include "jumps.h"
#include "seat.h"
#include "record.h"
#include "toban/base/log.h"
#include "toban/core/promise.h"
#include "toban/store/wake.h"
#include "wakes.h"
#include "witness.h"

#define PAGE 500       /* incidents looked up at once */
#define TRIES 200      /* looks at one incident in a turn: more than any has promises */
#define ACTS_MOST 300  /* in one turn: whoever looks after the desk has other duties, too */
#define PAUSE_MS 60000 /* until what is due, and could not be done, is tried again */

struct turn {
	struct desk *desk;
	const struct clock_reading *reading;
	struct clock_turn *out;
};

/* Adds the act to the list of whoever asked for one. */
static enum err
tell_act(struct turn *turn, const struct call *call, const struct event *event)
{
	json_t *act;

	turn->out->n_acts++;
	if (!turn->out->acts) {
		return ERR_OK;
	}
	act = json_pack("{s:s, s:s, s:I, s:o}", "id", event->subject, "kind", event->kind, "seq",
		(json_int_t)event->seq, "at", json_of_time(call, event->at));
	return json_array_append_new(turn->out->acts, act) == 0 ? ERR_OK : ERR_NOMEM;
}

/*
 * Records the act.  Somebody was faster: another engine with the same act, or a
 * person whose step may have settled it.  Either way the incident is another now.
 */
static enum err
do_act(struct turn *turn, struct call *call, const struct dossier *before,
	const struct promise_act *act)
{
	struct record record = {
		.subject = before->incident.id,
		.before = before,
		.event_id = act->id,
		.kind = act->kind,
		.actor = ACTOR_DESK,
		.body = call_keep(call, act->body),
		.messages = act->messages,
		.n_messages = act->n_messages,
		.urgent = act->urgent,
	};
	enum err e = record.body ? record_commit(call, &record) : ERR_NOMEM;

	if (e == ERR_EXISTS || e == ERR_CONFLICT) {
		return ERR_OK;
	}
	return e ? e : tell_act(turn, call, &record.event);
}

/* Nothing is due although the row says so: it was made under other circumstances. */
static enum err
settle_row(struct call *call, const char *id)
{
	struct incident_row row;
	enum err e = store_incident(call->store, call->arena, id, &row);

	if (e == ERR_NOT_FOUND) {
		return ERR_OK;
	}
	return e || row.wake_at == STAMP_NONE || row.wake_at > call->now
		? e
		: definitions_row_again(call->desk, call->arena, &row);
}

/* The one act that is due first; *ret_more: look again. */
static enum err
look_at(struct turn *turn, struct call *call, const char *id, bool *ret_more)
{
	struct dossier *dossier = NULL;
	struct clock_jumps jumps = { NULL, 0 };
	struct promise_act act = { .kind = NULL };
	struct step_context context;
	struct promise_world world;
	enum err e = dossier_load(call, id, &dossier);

	if (!e) {
		e = jumps_read(call->store, call->arena, &jumps);
	}
	if (e) {
		return e;
	}
	context = call_context(call, &dossier->incident);
	world = (struct promise_world){
		.context = &context, .jumps = jumps.items, .n_jumps = jumps.n
	};
	e = promise_next(call->arena, &world, &act);
	if (e) {
		return e;
	}
	*ret_more = act.kind != NULL;
	return act.kind ? do_act(turn, call, dossier, &act) : settle_row(call, id);
}

/* Does all that is due in one incident. */
static enum err
keep_promises(struct turn *turn, const char *id)
{
	struct seat seat = { .desk = turn->desk };
	bool more = true;
	enum err e = ERR_OK;

	for (int tries = 0; !e && more && tries < TRIES; tries++) {
		struct call call;

		more = false;
		e = call_start(&call, &seat, NULL);
		call.now = turn->reading->wall;
		if (!e) {
			e = look_at(turn, &call, id, &more);
		}
		json_decref(call.error); /* for people; the engine has a log */
		call_end(&call);
	}
	if (e == ERR_CORRUPT || e == ERR_NOT_FOUND) {
		log_line(LOG_WARNING, "the clocks of incident %s cannot be looked at: %s", id,
			err_name(e));
		return ERR_OK; /* the verifier names it */
	}
	return e;
}

/* Does all that is due in all incidents; ends with a look that found nothing to do. */
static enum err
keep_all(struct turn *turn)
{
	struct store *store = turn->desk->parts.store;
	struct arena *arena = arena_new();
	size_t before = 0;
	enum err e = arena ? ERR_OK : ERR_NOMEM;

	do {
		struct wake_list due = { NULL, 0 };

		before = turn->out->n_acts;
		if (!e) {
			arena_clear(arena);
			e = store_due_incidents(store, arena, turn->reading->wall, PAGE, &due);
		}
		for (size_t i = 0; !e && i < due.n && turn->out->n_acts < ACTS_MOST; i++) {
			e = keep_promises(turn, due.items[i].id);
		}
		turn->out->more = turn->out->n_acts >= ACTS_MOST;
	} while (!e && !turn->out->more && turn->out->n_acts > before);
	arena_free(arena);
	return e;
}

/* After everything else: what was done in this turn is in the end that goes out. */
static enum err
tell_witnesses(struct desk *desk, stamp now, stamp *next)
{
	stamp again = STAMP_NONE;
	enum err e = witness_turn(desk, now, &again);

	if (!e && again != STAMP_NONE && (*next == STAMP_NONE || again < *next)) {
		*next = again;
	}
	return e;
}

enum err
desk_clock_turn(struct desk *desk, const struct clock_reading *reading, struct clock_turn *turn)
{
	enum err swept;
	struct turn at_work = { desk, reading, turn };
	stamp next = STAMP_NONE;
	enum err e;

	turn->n_acts = 0;
	turn->more = false;
	turn->jumped = false;
	turn->next_wake = STAMP_NONE;
	if (desk->read_only || desk->rescue) {
		return ERR_DENIED;
	}
	e = desk_follow(desk);
	if (!e) {
		e = jumps_watch(desk, reading, &turn->jumped);
	}
	if (!e) {
		e = wakes_follow(desk);
	}
	if (!e) {
		(void)erasing_finish(desk); /* it says so itself; nothing else waits for it */
	}
	if (!e) {
		e = keep_all(&at_work);
	}
	swept = e ? ERR_OK : evidence_sweep(desk, reading->wall);
	if (swept) {
		log_line(LOG_WARNING, "files that nobody attached could not be removed: %s",
			err_name(swept));
	}
	if (!e) {
		e = store_next_wake(desk->parts.store, &next);
	}
	if (!e) {
		e = tell_witnesses(desk, reading->wall, &next);
	}
	if (!e && next != STAMP_NONE && next <= reading->wall) {
		next = reading->wall + PAUSE_MS; /* a damaged case must not keep the engine busy */
	}
	turn->next_wake = next;
	return e;
}
