/* SPDX-License-Identifier: MIT */
/*
 * From the entries of the subject "duty" to what holds.  Bodies come from a file that somebody
 * may have changed: whatever cannot be read is passed over and named.
 */
#include <stdlib.h>
#include <string.h>

#include "duty_week.h"
#include "effect_body.h"
#include "incident_fold.h"
#include "toban/base/attr.h"
#include "toban/core/duty.h"
#include "toban/core/erasure.h"

/* The fold at work. */
struct gathering {
	struct arena *arena;
	struct fold_list absences;   /* struct absence */
	struct fold_list rosters;    /* struct roster */
	struct fold_list exceptions; /* struct roster_exception */
	struct fold_list ways;       /* struct way */
	bool ways_erased;            /* what confirms or removes a way may speak of one of them */
};

/* One entry with its body. */
struct duty_entry {
	const struct event *event;
	const json_t *body;
};

typedef enum err duty_read(struct gathering *g, const struct duty_entry *entry);

/* A copy of the text at `key`; ERR_INVALID when there is none. */
static enum err
copy_text(struct gathering *g, const json_t *body, const char *key, const char **ret_text)
{
	const char *text = body_text(body, key);

	if (!text) {
		return ERR_INVALID;
	}
	*ret_text = arena_strdup(g->arena, text);
	return *ret_text ? ERR_OK : ERR_NOMEM;
}

/* The same, "" where it is missing. */
static enum err
copy_some(struct gathering *g, const json_t *body, const char *key, const char **ret_text)
{
	*ret_text = arena_strdup(g->arena, body_text_or(body, key, ""));
	return *ret_text ? ERR_OK : ERR_NOMEM;
}

static enum err
read_span(const json_t *body, stamp *ret_from, stamp *ret_until)
{
	*ret_from = body_stamp(body, "from");
	*ret_until = body_stamp(body, "until");
	return *ret_from == STAMP_NONE || *ret_until <= *ret_from ? ERR_INVALID : ERR_OK;
}

/* --- absences -------------------------------------------------------------------- */

static enum err
read_absence(struct gathering *g, const struct duty_entry *entry)
{
	struct absence absence = { .seq = entry->event->seq };
	struct absence *added;
	enum err e = read_span(entry->body, &absence.from, &absence.until);

	if (!e) {
		e = copy_text(g, entry->body, "person", &absence.person);
	}
	if (!e) {
		e = copy_some(g, entry->body, "stand_in", &absence.stand_in);
	}
	if (!e) {
		e = copy_some(g, entry->body, "why", &absence.why);
	}
	if (e) {
		return e;
	}
	absence.by = arena_strdup(g->arena, entry->event->actor);
	added = fold_push(g->arena, &g->absences, sizeof(*added));
	if (!absence.by || !added) {
		return ERR_NOMEM;
	}
	*added = absence;
	return ERR_OK;
}

/* An absence is only ever made shorter: a longer one is another absence. */
static enum err
read_ended(struct gathering *g, const struct duty_entry *entry)
{
	struct absence *absences = g->absences.items;
	int64_t seq = body_int(entry->body, "absence");
	stamp at = body_stamp(entry->body, "at");

	for (size_t i = 0; at != STAMP_NONE && i < g->absences.n; i++) {
		if (absences[i].seq == seq) {
			absences[i].until = at < absences[i].until ? at : absences[i].until;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

/* --- rosters --------------------------------------------------------------------- */

static enum err
add_exception(struct gathering *g, const struct duty_entry *entry, const json_t *item,
	const char *department)
{
	struct roster_exception exception = { .seq = entry->event->seq, .department = department };
	struct roster_exception *added;
	enum err e = read_span(item, &exception.from, &exception.until);

	if (!e) {
		e = copy_some(g, item, "person", &exception.person);
	}
	if (e) {
		return e;
	}
	added = fold_push(g->arena, &g->exceptions, sizeof(*added));
	if (!added) {
		return ERR_NOMEM;
	}
	*added = exception;
	return ERR_OK;
}

/* The list both kinds of entries have. */
static enum err
read_exceptions(struct gathering *g, const struct duty_entry *entry, const char *department)
{
	const json_t *item;
	enum err e = ERR_OK;
	size_t i;

	json_array_foreach(json_object_get(entry->body, "exceptions"), i, item)
	{
		e = e ? e : add_exception(g, entry, item, department);
	}
	return e;
}

static enum err
read_week_span(struct gathering *g, const json_t *item, struct week_span *span)
{
	const char *from = body_text_or(item, "from", "");
	const char *to = body_text_or(item, "to", "");

	if (!week_read(from, &span->from_min) || !week_read(to, &span->to_min)) {
		return ERR_INVALID;
	}
	span->from_min %= WEEK_MIN;
	while (span->to_min <= span->from_min) {
		span->to_min += WEEK_MIN; /* on into the next week, or the whole of it */
	}
	return copy_some(g, item, "person", &span->person);
}

static enum err
read_roster(struct gathering *g, const struct duty_entry *entry)
{
	const json_t *week = json_object_get(entry->body, "week");
	struct roster roster = { .seq = entry->event->seq,
		.since = body_stamp(entry->body, "since"),
		.n_week = json_array_size(week) };
	struct week_span *spans = arena_array(g->arena, roster.n_week + 1, sizeof(*spans));
	struct roster *added;
	enum err e = copy_text(g, entry->body, "department", &roster.department);

	if (!spans || (!e && roster.since == STAMP_NONE)) {
		return spans ? ERR_INVALID : ERR_NOMEM;
	}
	for (size_t i = 0; !e && i < roster.n_week; i++) {
		e = read_week_span(g, json_array_get(week, i), &spans[i]);
	}
	e = e ? e : read_exceptions(g, entry, roster.department);
	added = e ? NULL : fold_push(g->arena, &g->rosters, sizeof(*added));
	if (!added) {
		return e ? e : ERR_NOMEM;
	}
	roster.week = spans;
	*added = roster;
	return ERR_OK;
}

static enum err
read_exception(struct gathering *g, const struct duty_entry *entry)
{
	const char *department = NULL;
	enum err e = copy_text(g, entry->body, "department", &department);

	return e ? e : read_exceptions(g, entry, department);
}

/* It ends before it began: no moment is in it any more. */
static enum err
read_exception_removed(struct gathering *g, const struct duty_entry *entry)
{
	struct roster_exception *exceptions = g->exceptions.items;
	int64_t seq = body_int(entry->body, "exception");
	bool found = false;

	for (size_t i = 0; i < g->exceptions.n; i++) {
		if (exceptions[i].seq == seq) {
			exceptions[i].until = exceptions[i].from;
			found = true;
		}
	}
	return found ? ERR_OK : ERR_INVALID;
}

/* --- ways ------------------------------------------------------------------------ */

static struct way *
find_way(struct gathering *g, const json_t *body)
{
	struct way *ways = g->ways.items;

	for (size_t i = 0; i < g->ways.n; i++) {
		if (!strcmp(ways[i].person, body_text_or(body, "person", "")) &&
			!strcmp(ways[i].kind, body_text_or(body, "kind", "")) &&
			!strcmp(ways[i].value, body_text_or(body, "value", ""))) {
			return &ways[i];
		}
	}
	return NULL;
}

static enum err
read_way(struct gathering *g, const struct duty_entry *entry)
{
	struct way way = { .order = body_small(entry->body, "order"),
		.confirmed_on = body_stamp(entry->body, "confirmed_on") };
	struct way *added = find_way(g, entry->body);
	enum err e = copy_text(g, entry->body, "person", &way.person);

	if (!e) {
		e = copy_text(g, entry->body, "kind", &way.kind);
	}
	if (!e) {
		e = copy_text(g, entry->body, "value", &way.value);
	}
	if (!e && !added) {
		added = fold_push(g->arena, &g->ways, sizeof(*added));
		e = added ? ERR_OK : ERR_NOMEM;
	}
	if (!e) {
		*added = way;
	}
	return e;
}

static enum err
read_way_confirmed(struct gathering *g, const struct duty_entry *entry)
{
	struct way *way = find_way(g, entry->body);
	stamp on = body_stamp(entry->body, "confirmed_on");

	if (!way && g->ways_erased) {
		return ERR_OK;
	}
	if (!way || on == STAMP_NONE) {
		return ERR_INVALID;
	}
	way->confirmed_on = on;
	return ERR_OK;
}

static enum err
read_way_removed(struct gathering *g, const struct duty_entry *entry)
{
	struct way *way = find_way(g, entry->body);
	struct way *end = (struct way *)g->ways.items + g->ways.n;

	if (!way) {
		return g->ways_erased ? ERR_OK : ERR_INVALID;
	}
	memmove(way, way + 1, (size_t)(end - way - 1) * sizeof(*way));
	g->ways.n--;
	return ERR_OK;
}

/* Stable by kind and value, so that two desks show the same order. */
static int
compare_ways(const void *a, const void *b)
{
	const struct way *x = a;
	const struct way *y = b;
	int by = strcmp(x->person, y->person);

	if (!by && x->order != y->order) {
		by = x->order < y->order ? -1 : 1;
	}
	by = by ? by : strcmp(x->kind, y->kind);
	return by ? by : strcmp(x->value, y->value);
}

/* --- all of it ------------------------------------------------------------------- */

static const struct {
	const char *kind;
	duty_read *read;
} kinds[] = {
	{ DUTY_ABSENCE, read_absence },
	{ DUTY_ABSENCE_ENDED, read_ended },
	{ DUTY_ROSTER, read_roster },
	{ DUTY_EXCEPTION, read_exception },
	{ DUTY_EXCEPTION_REMOVED, read_exception_removed },
	{ DUTY_WAY, read_way },
	{ DUTY_WAY_CONFIRMED, read_way_confirmed },
	{ DUTY_WAY_REMOVED, read_way_removed },
};

/*
 * Of an erased entry what was kept counts, but of a way, whose value was all it said: it
 * could only be erased once the way was removed.  A kind of a later version is no fault.
 */
static enum err
gather(struct gathering *g, const struct event *event)
{
	json_t *body = NULL;
	enum err e = ERR_OK;

	if (!event->body &&
		(!event->kept || strncmp(event->kind, DUTY_WAY, strlen(DUTY_WAY)) == 0)) {
		g->ways_erased = true;
		return ERR_OK;
	}
	body = erasure_body(event);
	e = body ? ERR_OK : ERR_INVALID;
	for (size_t i = 0; !e && i < ARRAY_LEN(kinds); i++) {
		if (!strcmp(kinds[i].kind, event->kind)) {
			const struct duty_entry entry = { .event = event, .body = body };

			e = kinds[i].read(g, &entry);
		}
	}
	json_decref(body);
	return e;
}

enum err
duty_fold(struct arena *arena, const struct event *events, size_t n, struct duty *ret_duty)
{
	struct gathering g = { .arena = arena };
	struct duty duty = { .subject_seq = n ? events[n - 1].subject_seq : 0 };

	for (size_t i = 0; i < n; i++) {
		enum err e = gather(&g, &events[i]);

		if (e == ERR_NOMEM) {
			return e;
		}
		if (e && !duty.faulty_seq) {
			duty.faulty_seq = events[i].seq;
		}
	}
	if (g.ways.n) {
		qsort(g.ways.items, g.ways.n, sizeof(struct way), compare_ways);
	}
	duty.absences = g.absences.items;
	duty.n_absences = g.absences.n;
	duty.rosters = g.rosters.items;
	duty.n_rosters = g.rosters.n;
	duty.exceptions = g.exceptions.items;
	duty.n_exceptions = g.exceptions.n;
	duty.ways = g.ways.items;
	duty.n_ways = g.ways.n;
	*ret_duty = duty;
	return ERR_OK;
}
