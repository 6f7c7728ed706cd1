/* SPDX-License-Identifier: MIT */
/*
 * The cases of a walk.  Entries of many cases lie between one another, and a case is judged as a
 * whole: its entries are kept as the walk comes by, so that they need not be read again one by one
 * from all over the file.  What is kept has a limit; a case beyond it is read from the store.
 */
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/core/seen.h"
#include "verify.h"

/* Of all cases that are kept, as far as it is counted: some 800 that are open at once. */
#define KEPT_MOST ((size_t)16 << 20)

/* What a case takes before anything is in it. */
#define KEPT_FIRST ((size_t)4096)

/* A case whose entries so far are in memory, in the order of their numbers. */
struct kept {
	struct arena *arena; /* all of it lives here */
	struct event *events;
	size_t events_cap;
	struct claim *claims;
	size_t claims_cap;
	size_t n;
	size_t size;  /* bytes, about */
	int64_t last; /* the number of its last entry when the walk came to the first */
};

/* A case of which an entry was walked. */
struct walked {
	struct kept *kept; /* NULL: not all of them, or no more */
	int64_t states;    /* of verify_steps.c */
	bool met;          /* an entry was walked before: kept from the first on, or never */
	bool due;          /* an entry was walked for which the case must be judged */
	bool judged;
};

struct cases {
	struct seen numbers; /* the place in `items`, from 1 */
	struct walked *items;
	size_t n;
	size_t cap;
	size_t size;    /* bytes that are kept */
	size_t oldest;  /* before it none is kept */
	size_t current; /* that of the entry the walk is at */
};

/* --- keeping -------------------------------------------------------------------------------- */

static void
kept_free(struct cases *cases, struct walked *walked)
{
	struct kept *kept = walked->kept;

	walked->kept = NULL;
	if (kept) {
		cases->size -= kept->size;
		arena_free(kept->arena); /* and `kept` with it */
	}
}

static size_t
copy_texts(struct arena *arena, struct event *event, bool *ret_failed)
{
	const char **texts[] = { &event->id, &event->subject, &event->actor, &event->post,
		&event->kind, &event->form, &event->form_version, &event->body, &event->kept };
	size_t size = 0;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t len = *texts[i] ? strlen(*texts[i]) : 0;

		if (*texts[i]) {
			*texts[i] = arena_strndup(arena, *texts[i], len);
			*ret_failed = *ret_failed || !*texts[i];
		}
		size += len;
	}
	return size;
}

static enum err
kept_add(struct cases *cases, struct kept *kept, const struct event *event,
	const struct claim *claim)
{
	struct event *events = arena_extend(
		kept->arena, kept->events, kept->n, &kept->events_cap, sizeof(*events));
	struct claim *claims = arena_extend(
		kept->arena, kept->claims, kept->n, &kept->claims_cap, sizeof(*claims));
	bool failed = !events || !claims;
	size_t size;

	kept->events = events;
	kept->claims = claims;
	if (failed) {
		return ERR_NOMEM;
	}
	events[kept->n] = *event;
	claims[kept->n] = *claim;
	size = copy_texts(kept->arena, &events[kept->n], &failed) + sizeof(*event) + sizeof(*claim);
	if (kept->n > 0) {
		claims[kept->n - 1].is_void =
			verify_takes_back(claim, event, events[kept->n - 1].seq);
	}
	kept->n++;
	kept->size += size;
	cases->size += size;
	return failed ? ERR_NOMEM : ERR_OK;
}

/* From its first entry on: how many there are is known beforehand. */
static enum err
kept_start(struct verify *verify, struct walked *walked, const char *subject)
{
	struct arena *arena = arena_new();
	struct kept *kept = arena ? arena_alloc(arena, sizeof(*kept)) : NULL;
	enum err e = ERR_NOMEM;

	if (kept) {
		kept->arena = arena;
		kept->size = KEPT_FIRST;
		e = store_subject_last(verify->call->store, subject, &kept->last);
	}
	if (e) {
		arena_free(arena);
		return e;
	}
	walked->kept = kept;
	verify->cases->size += kept->size;
	return ERR_OK;
}

/* --- judging -------------------------------------------------------------------------------- */

static enum err
judge_read(struct verify *verify, struct arena *arena, struct walked *walked, const char *subject)
{
	struct entries entries = { NULL, NULL, 0 };
	enum err e = verify_read_entries(verify, arena, subject, &entries);

	walked->judged = true;
	if (!e) {
		verify_duties(verify, &entries);
	}
	return e;
}

static void
judge_kept(struct verify *verify, struct walked *walked)
{
	const struct kept *kept = walked->kept;

	walked->judged = walked->judged || walked->due;
	if (walked->due) {
		verify_duties(
			verify, &(const struct entries){ kept->events, kept->claims, kept->n });
	}
	kept_free(verify->cases, walked);
}

/* No more of it is kept; what was seen of it may call for its judgement already. */
static enum err
give_up(struct verify *verify, struct arena *arena, struct walked *walked)
{
	const char *subject = walked->kept->n > 0 ? walked->kept->events[0].subject : NULL;
	enum err e = ERR_OK;

	if (walked->due && !walked->judged && subject) {
		e = judge_read(verify, arena, walked, subject);
	}
	kept_free(verify->cases, walked);
	return e;
}

/* The case that was opened first goes first. */
static enum err
make_room(struct verify *verify, struct arena *arena)
{
	struct cases *cases = verify->cases;
	enum err e = ERR_OK;

	while (!e && cases->size > KEPT_MOST && cases->oldest < cases->n) {
		struct walked *walked = &cases->items[cases->oldest++];

		e = walked->kept ? give_up(verify, arena, walked) : ERR_OK;
	}
	return e;
}

/* --- the walk ------------------------------------------------------------------------------- */

static enum err
find(struct verify *verify, const char *subject, struct walked **ret_walked)
{
	struct cases *cases = verify->cases;
	int64_t *number = NULL;
	enum err e;

	if (!cases) {
		cases = calloc(1, sizeof(*cases));
		verify->cases = cases;
	}
	e = cases ? seen_value(&cases->numbers, subject, &number) : ERR_NOMEM;
	if (!e && *number == 0) {
		if (cases->n == cases->cap) {
			size_t cap = cases->cap ? 2 * cases->cap : 64;
			struct walked *items =
				reallocarray(cases->items, cap, sizeof(*cases->items));

			if (!items) {
				return ERR_NOMEM;
			}
			cases->items = items;
			cases->cap = cap;
		}
		cases->items[cases->n++] = (struct walked){ .kept = NULL };
		*number = (int64_t)cases->n;
	}
	if (!e) {
		cases->current = (size_t)*number - 1;
		*ret_walked = &cases->items[cases->current];
	}
	return e;
}

/*
 * Keeps the entry where it is the next of its case; in a damaged file it may be any.  One that
 * begins a case of which another came by is no beginning: make_room() may be past that case.
 */
static enum err
keep(struct verify *verify, struct arena *arena, struct walked *walked, const struct event *event,
	const struct claim *claim)
{
	bool begins = event->subject_seq == 1 && !walked->met;
	bool next;
	enum err e = begins ? kept_start(verify, walked, event->subject) : ERR_OK;

	walked->met = true;
	if (e || !walked->kept) {
		return e;
	}
	next = event->subject_seq == (int64_t)walked->kept->n + 1;
	return next ? kept_add(verify->cases, walked->kept, event, claim)
		    : give_up(verify, arena, walked);
}

enum err
verify_case(struct verify *verify, struct arena *arena, const struct event *event,
	const struct claim *claim)
{
	struct walked *walked = NULL;
	enum err e = find(verify, event->subject, &walked);

	if (e) {
		return e;
	}
	verify_step(verify, event, claim, &walked->states);
	walked->due = walked->due || verify_is_judged(claim);
	return keep(verify, arena, walked, event, claim);
}

enum err
verify_case_entries(struct verify *verify, struct arena *arena, const struct event *event,
	struct entries *ret)
{
	const struct cases *cases = verify->cases;
	const struct kept *kept = verify_is_of_case(event) ? cases->items[cases->current].kept
							   : NULL;

	/* What an erasure left of an entry may stand behind it. */
	if (!kept || !event->body) {
		return verify_read_entries(verify, arena, event->subject, ret);
	}
	*ret = (struct entries){ kept->events, kept->claims, kept->n };
	return ERR_OK;
}

enum err
verify_case_judge(struct verify *verify, struct arena *arena, const struct event *event)
{
	struct walked *walked = &verify->cases->items[verify->cases->current];
	enum err e = ERR_OK;

	if (walked->kept && (int64_t)walked->kept->n >= walked->kept->last) {
		judge_kept(verify, walked);
	} else if (!walked->kept && walked->due && !walked->judged) {
		e = judge_read(verify, arena, walked, event->subject);
	}
	return e ? e : make_room(verify, arena);
}

/* Of a damaged file some may wait for entries that do not come. */
enum err
verify_cases_finish(struct verify *verify, struct arena *arena)
{
	struct cases *cases = verify->cases;
	enum err e = ERR_OK;

	for (size_t i = cases ? cases->oldest : 0; cases && !e && i < cases->n; i++) {
		e = cases->items[i].kept ? give_up(verify, arena, &cases->items[i]) : ERR_OK;
	}
	return e;
}

void
verify_cases_end(struct verify *verify)
{
	struct cases *cases = verify->cases;

	verify->cases = NULL;
	for (size_t i = 0; cases && i < cases->n; i++) {
		kept_free(cases, &cases->items[i]);
	}
	if (cases) {
		seen_release(&cases->numbers);
		free(cases->items);
		free(cases);
	}
}
