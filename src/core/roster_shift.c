/* SPDX-License-Identifier: MIT */
/*
 * What a roster comes to: its shifts one after the other.  Who is on duty changes only at
 * a known moment, so it is enough to ask at each of them.
 */
#include <stdlib.h>
#include <string.h>

#include "duty_week.h"
#include "incident_fold.h"
#include "toban/core/roster.h"

/* The shifts while they are made. */
struct layout {
	struct arena *arena;
	const struct duty_query *query;
	const char *department;
	stamp until;
	struct fold_list moments; /* stamp */
	struct fold_list shifts;  /* struct shift */
	enum err err;
};

static void
add_moment(struct layout *l, stamp at)
{
	stamp *added;

	if (l->err || at <= l->query->at || at >= l->until) {
		return;
	}
	added = fold_push(l->arena, &l->moments, sizeof(*added));
	if (!added) {
		l->err = ERR_NOMEM;
		return;
	}
	*added = at;
}

/* Both ends of every span, week by week; one that began in the week before ends in this one. */
static void
add_week(struct layout *l, const struct roster *roster)
{
	stamp first = week_start(l->query->at, l->query->org->offset_min) - WEEK_MIN * MINUTE_MS;

	for (stamp week = first; week < l->until; week += WEEK_MIN * MINUTE_MS) {
		for (size_t i = 0; i < roster->n_week; i++) {
			add_moment(l, week + roster->week[i].from_min * MINUTE_MS);
			add_moment(l, week + roster->week[i].to_min * MINUTE_MS);
		}
	}
}

/* Rosters that later ones replaced altogether change nothing any more. */
static void
add_rosters(struct layout *l)
{
	const struct duty *duty = l->query->duty;
	stamp least = INT64_MAX;

	for (size_t i = duty->n_rosters; i-- > 0 && least > l->query->at;) {
		const struct roster *roster = &duty->rosters[i];

		if (strcmp(roster->department, l->department) == 0 && roster->since < least) {
			add_moment(l, roster->since);
			add_week(l, roster);
			least = roster->since;
		}
	}
}

static int
compare(const void *a, const void *b)
{
	stamp x = *(const stamp *)a;
	stamp y = *(const stamp *)b;

	return x < y ? -1 : x > y;
}

static void
gather(struct layout *l)
{
	const struct duty *duty = l->query->duty;

	add_rosters(l);
	for (size_t i = 0; i < duty->n_exceptions; i++) {
		if (strcmp(duty->exceptions[i].department, l->department) == 0) {
			add_moment(l, duty->exceptions[i].from);
			add_moment(l, duty->exceptions[i].until);
		}
	}
	for (size_t i = 0; i < duty->n_absences; i++) {
		add_moment(l, duty->absences[i].from);
		add_moment(l, duty->absences[i].until);
	}
	if (l->moments.n) {
		qsort(l->moments.items, l->moments.n, sizeof(stamp), compare);
	}
}

/* --- who is there ------------------------------------------------------------------ */

static enum err
look(struct layout *l, stamp at, struct shift *shift)
{
	struct duty_query query = *l->query;
	struct watch watch;
	const char **there;
	const char **away;
	enum err e;

	query.at = at;
	e = duty_watch(l->arena, &query, l->department, &watch);
	there = e ? NULL : arena_array(l->arena, watch.people.n + 1, sizeof(*there));
	away = e ? NULL : arena_array(l->arena, watch.people.n + 1, sizeof(*away));
	if (!there || !away) {
		return e ? e : ERR_NOMEM;
	}
	*shift = (struct shift){ .from = at, .planned = watch.planned };
	for (size_t i = 0; i < watch.people.n; i++) {
		const char *id = watch.people.items[i];
		const struct person *named = duty_stand_in(&query, id);

		if (!duty_absence(query.duty, id, at)) {
			there[shift->people.n++] = id;
			continue;
		}
		away[shift->absent.n++] = id;
		if (named) {
			there[shift->people.n++] = named->id;
		}
	}
	shift->people.items = there;
	shift->absent.items = away;
	shift->gap =
		shift->people.n == 0 && watch.rostered && (!watch.planned || shift->absent.n > 0);
	return ERR_OK;
}

static bool
same_words(const struct word_list *a, const struct word_list *b)
{
	if (a->n != b->n) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (strcmp(a->items[i], b->items[i]) != 0) {
			return false;
		}
	}
	return true;
}

/* Adds the shift that begins at the moment, or goes on with the one before. */
static void
add_shift(struct layout *l, stamp at)
{
	struct shift *before = l->shifts.items;
	struct shift shift = { 0 };
	struct shift *added;

	l->err = look(l, at, &shift);
	if (l->err) {
		return;
	}
	before = l->shifts.n ? before + l->shifts.n - 1 : NULL;
	if (before && before->planned == shift.planned && before->gap == shift.gap &&
		same_words(&before->people, &shift.people) &&
		same_words(&before->absent, &shift.absent)) {
		return;
	}
	if (before) {
		before->until = at;
	}
	added = fold_push(l->arena, &l->shifts, sizeof(*added));
	if (!added) {
		l->err = ERR_NOMEM;
		return;
	}
	shift.until = l->until;
	*added = shift;
}

enum err
roster_shifts(struct arena *arena, const struct duty_query *query, const char *department,
	stamp until, struct shift_list *ret_list)
{
	struct layout l = {
		.arena = arena, .query = query, .department = department, .until = until
	};

	gather(&l);
	if (!l.err && query->at < until) {
		add_shift(&l, query->at);
	}
	for (size_t i = 0; !l.err && i < l.moments.n; i++) {
		const stamp *moments = l.moments.items;

		if (i == 0 || moments[i] != moments[i - 1]) {
			add_shift(&l, moments[i]);
		}
	}
	*ret_list = (struct shift_list){ .items = l.shifts.items, .n = l.shifts.n };
	return l.err;
}
