/* SPDX-License-Identifier: MIT */
/*
 * Clock jumps: the wall clock against the time since the machine started, which
 * nobody sets.  Their difference stays the same for as long as the machine runs,
 * however long no engine looks; where it changed, somebody set the clock.
 *
 * What was said last is kept beside the record and, of a jump, in its entry: the
 * later of the two counts, so that a crash between them counts nothing twice.
 */
#include "jumps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "toban/base/hash.h"
#include "toban/store/wake.h"

#define JUMP_MS 30000  /* less is a clock that is kept right */
#define TRIES 5        /* against other engines that see the same jump */
#define LAST "clock"   /* its name in the store */
#define ID_HEX 24      /* of a hash: no two jumps share them */
#define KIND "clock-jump"

/* What the clocks said when they were looked at last. */
struct last {
	bool known;
	const char *boot;
	stamp wall;
	int64_t uptime_ms;
	int64_t jumps; /* entries about jumps by then */
};

enum err
jumps_read(struct store *store, struct arena *arena, struct clock_jumps *ret_jumps)
{
	struct event_list events = { NULL, 0 };
	struct clock_jumps jumps = { NULL, 0 };
	enum err e = store_subject(store, arena, SUBJECT_CLOCK, &events);

	if (!e && events.n) {
		jumps.items = arena_array(arena, events.n, sizeof(*jumps.items));
		e = jumps.items ? ERR_OK : ERR_NOMEM;
	}
	for (size_t i = 0; !e && i < events.n; i++) {
		const struct event *event = &events.items[i];
		json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
		const json_t *delta = json_object_get(body, "delta_ms");

		if (strcmp(event->kind, KIND) == 0 && json_is_integer(delta)) {
			jumps.items[jumps.n++] = (struct clock_jump){ event->seq,
				json_integer_value(delta) };
		}
		json_decref(body);
	}
	if (!e) {
		*ret_jumps = jumps;
	}
	return e;
}

/* --- what was said last -------------------------------------------------------------- */

static enum err
last_parse(struct arena *arena, const char *text, struct last *last)
{
	json_t *json = json_loads(text, 0, NULL);
	const char *boot = json_string_value(json_object_get(json, "boot"));
	const json_t *wall = json_object_get(json, "wall");
	const json_t *uptime = json_object_get(json, "uptime_ms");

	if (boot && json_is_integer(wall) && json_is_integer(uptime)) {
		*last = (struct last){
			.known = true,
			.boot = arena_strdup(arena, boot),
			.wall = json_integer_value(wall),
			.uptime_ms = json_integer_value(uptime),
			.jumps = json_integer_value(json_object_get(json, "jumps")),
		};
	}
	json_decref(json);
	return last->known && !last->boot ? ERR_NOMEM : ERR_OK;
}

/* The entry of a jump tells the clocks as well; its own time is what the new one said. */
static enum err
last_of_entry(struct arena *arena, const struct event_list *events, struct last *last)
{
	const struct event *newest = events->n ? &events->items[events->n - 1] : NULL;
	json_t *body;
	const char *boot;
	const json_t *uptime;

	if (!newest || !newest->body || (last->known && last->jumps >= (int64_t)events->n)) {
		return ERR_OK;
	}
	body = json_loads(newest->body, 0, NULL);
	boot = json_string_value(json_object_get(body, "boot"));
	uptime = json_object_get(body, "uptime_ms");
	if (boot && json_is_integer(uptime)) {
		*last = (struct last){ true, arena_strdup(arena, boot), newest->at,
			json_integer_value(uptime), (int64_t)events->n };
	}
	json_decref(body);
	return last->known && !last->boot ? ERR_NOMEM : ERR_OK;
}

static enum err
last_read(struct store *store, struct arena *arena, const struct event_list *events,
	struct last *ret_last)
{
	const char *text = NULL;
	struct last last = { false };
	enum err e = store_engine_get(store, arena, LAST, &text);

	if (!e) {
		e = last_parse(arena, text, &last);
	} else if (e == ERR_NOT_FOUND) {
		e = ERR_OK;
	}
	if (!e) {
		e = last_of_entry(arena, events, &last);
	}
	if (!e) {
		*ret_last = last;
	}
	return e;
}

static enum err
last_put(struct store *store, const struct clock_reading *reading, int64_t jumps)
{
	json_t *json = json_pack("{s:s, s:I, s:I, s:I}", "boot", reading->boot, "wall",
		(json_int_t)reading->wall, "uptime_ms", (json_int_t)reading->uptime_ms, "jumps",
		(json_int_t)jumps);
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	enum err e = text ? store_engine_put(store, LAST, text) : ERR_NOMEM;

	free(text);
	json_decref(json);
	return e;
}

/* --- the entry ------------------------------------------------------------------------ */

/* The same for whoever saw the clocks last as `last` says. */
static void
jump_id(const struct last *last, char out[ID_HEX + 6])
{
	char text[160];
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	(void)snprintf(text, sizeof(text), "%.60s %lld %lld %lld", last->boot,
		(long long)last->wall, (long long)last->uptime_ms, (long long)last->jumps);
	hash_of(text, strlen(text), &hash);
	hash_hex(&hash, hex);
	(void)snprintf(out, ID_HEX + 6, EVENT_ID_JUMP "%.*s", ID_HEX, hex);
}

static char *
jump_body(const struct desk *desk, const struct clock_reading *reading, stamp from)
{
	char texts[2][STAMP_SIZE];
	json_t *json;
	char *body;

	stamp_format(from, desk->org->offset_min, texts[0]);
	stamp_format(reading->wall, desk->org->offset_min, texts[1]);
	json = json_pack("{s:s, s:s, s:I, s:s, s:I}", "from", texts[0], "to", texts[1], "delta_ms",
		(json_int_t)(reading->wall - from), "boot", reading->boot, "uptime_ms",
		(json_int_t)reading->uptime_ms);
	body = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(json);
	return body;
}

/* ERR_EXISTS, ERR_CONFLICT: another engine recorded one meanwhile. */
static enum err
jump_record(struct desk *desk, const struct clock_reading *reading, const struct last *last,
	stamp from, int64_t turn)
{
	char id[ID_HEX + 6];
	char *body = jump_body(desk, reading, from);
	struct event event = {
		.id = id,
		.subject = SUBJECT_CLOCK,
		.subject_seq = turn,
		.at = reading->wall,
		.happened_at = STAMP_NONE,
		.actor = ACTOR_DESK,
		.post = "",
		.kind = KIND,
		.form = "",
		.form_version = "",
		.body = body,
	};
	struct store_batch batch = { .events = &event, .n_events = 1 };
	enum err e;

	jump_id(last, id);
	e = body ? store_commit(desk->parts.store, &batch) : ERR_NOMEM;
	free(body);
	return e;
}

/*
 * What the wall clock would say now if nobody had set it.  After a new start of
 * the machine nobody knows how long it was off: time went on at least to where
 * the record is, and more than that is believed.
 */
static enum err
expected(struct store *store, const struct clock_reading *reading, const struct last *last,
	stamp *ret_from)
{
	struct ledger_head head;
	enum err e = ERR_OK;

	if (strcmp(last->boot, reading->boot) == 0 && reading->uptime_ms >= last->uptime_ms) {
		*ret_from = last->wall + (reading->uptime_ms - last->uptime_ms);
		return ERR_OK;
	}
	e = store_head(store, &head);
	if (!e) {
		stamp least = head.seq && head.at > last->wall ? head.at : last->wall;

		*ret_from = reading->wall > least ? reading->wall : least;
	}
	return e;
}

/* One try; ERR_EXISTS and ERR_CONFLICT as above. */
static enum err
watch(struct desk *desk, struct arena *arena, const struct clock_reading *reading, bool *ret_jumped)
{
	struct store *store = desk->parts.store;
	struct event_list events = { NULL, 0 };
	struct last last = { false };
	stamp from = reading->wall;
	enum err e = store_subject(store, arena, SUBJECT_CLOCK, &events);
	int64_t n = (int64_t)events.n;

	if (!e) {
		e = last_read(store, arena, &events, &last);
	}
	if (!e && last.known) {
		e = expected(store, reading, &last, &from);
	}
	if (e) {
		return e;
	}
	if (reading->wall - from > JUMP_MS || from - reading->wall > JUMP_MS) {
		e = jump_record(desk, reading, &last, from, n + 1);
		*ret_jumped = !e;
		return e ? e : last_put(store, reading, n + 1);
	}
	/* Small steps add up: they are measured from where the last look began. */
	return last.known && strcmp(last.boot, reading->boot) == 0
		? ERR_OK
		: last_put(store, reading, n);
}

enum err
jumps_watch(struct desk *desk, const struct clock_reading *reading, bool *ret_jumped)
{
	enum err e = ERR_EXISTS;

	if (!reading->boot[0]) {
		return ERR_OK;
	}
	for (int tries = 0; (e == ERR_EXISTS || e == ERR_CONFLICT) && tries < TRIES; tries++) {
		struct arena *arena = arena_new();

		e = arena ? watch(desk, arena, reading, ret_jumped) : ERR_NOMEM;
		arena_free(arena);
	}
	return e;
}
