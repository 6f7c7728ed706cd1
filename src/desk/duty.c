/* SPDX-License-Identifier: MIT */
/*
 * Who is there, as the ledger tells it: folded once for a desk, and again when
 * somebody entered an absence, a roster or a way.
 */
#include "toban/core/duty.h"

#include <stdlib.h>

#include "call.h"
#include "toban/base/log.h"
#include "toban/core/erasure.h"

struct duty_cache {
	struct arena *arena;
	struct duty duty;
	int64_t head_seq; /* of the ledger when it was last looked at */
	int64_t erasures; /* how many there were: one may have taken a reason away */
};

static const struct duty nothing; /* no facts */

void
duty_cache_free(struct duty_cache *cache)
{
	if (cache) {
		arena_free(cache->arena);
		free(cache);
	}
}

/* How many erasures there are outside of cases. */
static enum err
count_erasures(struct call *call, int64_t *ret_n)
{
	return store_subject_last(call->store, SUBJECT_ERASURE, ret_n);
}

/* Folds all entries into a new cache. */
static enum err
read_all(struct call *call, int64_t head_seq, struct duty_cache **ret_cache)
{
	struct duty_cache *cache = calloc(1, sizeof(*cache));
	struct event_list events = { NULL, 0 };
	enum err e = cache ? ERR_OK : ERR_NOMEM;

	if (!e) {
		cache->arena = arena_new();
		cache->head_seq = head_seq;
		e = cache->arena ? store_subject(call->store, call->arena, SUBJECT_DUTY, &events)
				 : ERR_NOMEM;
	}
	if (!e) {
		e = duty_fold(cache->arena, events.items, events.n, &cache->duty);
	}
	if (!e) {
		e = count_erasures(call, &cache->erasures);
	}
	if (e) {
		duty_cache_free(cache);
		return e;
	}
	*ret_cache = cache;
	return ERR_OK;
}

/* Whether entries were added since; most writes of a desk are about other things. */
static enum err
is_stale(struct call *call, const struct ledger_head *head, bool *ret_stale)
{
	struct duty_cache *cache = call->desk->duty;
	int64_t last = 0;
	int64_t erasures = 0;
	enum err e = ERR_OK;

	*ret_stale = !cache;
	if (!cache || cache->head_seq == head->seq) {
		return ERR_OK;
	}
	e = store_subject_last(call->store, SUBJECT_DUTY, &last);
	e = e ? e : count_erasures(call, &erasures);
	*ret_stale = !e && (last != cache->duty.subject_seq || erasures != cache->erasures);
	return e;
}

static enum err
refresh(struct call *call)
{
	struct duty_cache *fresh = NULL;
	struct ledger_head head;
	bool stale = false;
	enum err e = store_head(call->store, &head);

	if (!e) {
		e = is_stale(call, &head, &stale);
	}
	if (!e && stale) {
		e = read_all(call, head.seq, &fresh);
	}
	if (!e && fresh) {
		duty_cache_free(call->desk->duty);
		call->desk->duty = fresh;
	}
	if (!e) {
		call->desk->duty->head_seq = head.seq;
	}
	return e;
}

const struct duty *
call_duty(struct call *call)
{
	enum err e = call->duty ? ERR_OK : refresh(call);

	if (e) {
		log_line(LOG_ERROR, "absences and rosters were not read: %s", err_name(e));
		call->duty = call->desk->duty ? &call->desk->duty->duty : &nothing;
	} else if (!call->duty) {
		call->duty = &call->desk->duty->duty;
	}
	return call->duty;
}
