/* SPDX-License-Identifier: MIT */
/*
 * Keeping the stored wakes right.  By what they were made stands beside the
 * record; a desk of an older version has no such mark, so that its wakes are made
 * at the first start of an engine.
 */
#include "wakes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "definitions.h"
#include "jumps.h"
#include "summary.h"
#include "toban/store/wake.h"

#define MARK "wakes" /* its name in the store */
#define MARK_SIZE (HASH_HEX_SIZE + 24)

static enum err
make_mark(struct store *store, struct arena *arena, const struct procedure *procedure,
	char out[MARK_SIZE])
{
	struct clock_jumps jumps = { NULL, 0 };
	char hex[HASH_HEX_SIZE];
	enum err e = jumps_read(store, arena, &jumps);

	hash_hex(&procedure->hash, hex);
	(void)snprintf(out, MARK_SIZE, "%s %zu", hex, jumps.n);
	return e;
}

enum err
wakes_current(struct store *store, struct arena *arena, const struct procedure *procedure,
	bool *ret_current)
{
	char mark[MARK_SIZE];
	const char *stored = NULL;
	enum err e = make_mark(store, arena, procedure, mark);

	if (!e) {
		e = store_engine_get(store, arena, MARK, &stored);
	}
	if (e && e != ERR_NOT_FOUND) {
		return e;
	}
	*ret_current = !e && strcmp(stored, mark) == 0;
	return ERR_OK;
}

enum err
wakes_mark(struct store *store, const struct procedure *procedure)
{
	char mark[MARK_SIZE];
	struct arena *arena = arena_new();
	enum err e = arena ? make_mark(store, arena, procedure, mark) : ERR_NOMEM;

	arena_free(arena);
	return e ? e : store_engine_put(store, MARK, mark);
}

/* What is closed and sleeps has no deadline that could have moved. */
static enum err
make_open_one(void *ctx, struct arena *arena, const struct incident_row *row)
{
	return row->open || row->wake_at != STAMP_NONE ? definitions_row_again(ctx, arena, row)
						       : ERR_OK;
}

enum err
wakes_follow(struct desk *desk)
{
	struct store *store = desk->parts.store;
	struct arena *arena = arena_new();
	char mark[MARK_SIZE];
	bool current = false;
	enum err e = arena ? wakes_current(store, arena, desk->parts.procedure, &current)
			   : ERR_NOMEM;

	if (!e && !current) {
		/* Made first: a jump that comes meanwhile is not among what this says. */
		e = make_mark(store, arena, desk->parts.procedure, mark);
		e = e ? e : summary_each(store, make_open_one, desk);
		e = e ? e : store_engine_put(store, MARK, mark);
	}
	arena_free(arena);
	return e;
}
