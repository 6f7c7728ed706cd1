/* SPDX-License-Identifier: MIT */
/*
 * Counting.  A period is one stretch of the figures; each row of it is looked at
 * once.  Counters kept beside would be read faster, but the medians need every
 * length of the period anyway (measured in tests/bench/bench_stats.c).
 */
#include "stats.h"
#include "sight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- months ----------------------------------------------------------------------- */

stamp
stats_month_start(const struct call *call, int month)
{
	int offset = call->org->offset_min;
	char text[64];
	stamp at = STAMP_NONE;

	(void)snprintf(text, sizeof(text), "%04d-%02d-01T00:00:00%c%02d:%02d", month / 12,
		month % 12 + 1, offset < 0 ? '-' : '+', abs(offset) / 60, abs(offset) % 60);
	return stamp_parse(text, &at) == ERR_OK ? at : STAMP_NONE;
}

int
stats_month_of(const struct call *call, stamp at)
{
	char text[STAMP_SIZE];
	int year = 0;
	int month = 1;

	stamp_format(at, call->org->offset_min, text);
	(void)sscanf(text, "%d-%d", &year, &month); /* stamp_format() wrote both */
	return year * 12 + month - 1;
}

enum err
stats_months(struct call *call, int first, size_t n, struct stats *stats)
{
	struct stats_month *months = arena_array(call->arena, n, sizeof(*months));

	stats->month_n = arena_array(call->arena, n, sizeof(*stats->month_n));
	stats->month_late = arena_array(call->arena, n, sizeof(*stats->month_late));
	if (!months || !stats->month_n || !stats->month_late) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		int month = first + (int)i;

		(void)snprintf(months[i].name, sizeof(months[i].name), "%04d-%02d", month / 12,
			month % 12 + 1);
		months[i].since = stats_month_start(call, month);
	}
	stats->months = months;
	stats->n_months = n;
	return ERR_OK;
}

/* Rows come in the order of time, so the month only moves on. */
static size_t
month_at(struct stats *stats, stamp at)
{
	while (stats->month + 1 < stats->n_months && stats->months[stats->month + 1].since <= at) {
		stats->month++;
	}
	return stats->month;
}

/* --- lengths ---------------------------------------------------------------------- */

static enum err
add_length(struct arena *arena, struct lengths *lengths, stamp from, stamp to)
{
	int64_t *ms;

	if (to == STAMP_NONE || from == STAMP_NONE) {
		return ERR_OK;
	}
	ms = arena_extend(arena, lengths->ms, lengths->n, &lengths->cap, sizeof(*ms));
	if (!ms) {
		return ERR_NOMEM;
	}
	lengths->ms = ms;
	ms[lengths->n++] = to - from;
	lengths->sorted = false;
	return ERR_OK;
}

static int
by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
stats_percentile(struct lengths *lengths, int percent)
{
	if (lengths->n == 0) {
		return STAMP_NONE;
	}
	if (!lengths->sorted) {
		qsort(lengths->ms, lengths->n, sizeof(*lengths->ms), by_length);
		lengths->sorted = true;
	}
	/* The nearest rank: a length that really was one, never one between two. */
	return lengths->ms[(lengths->n * (size_t)percent + 99) / 100 - 1];
}

/* --- one row ----------------------------------------------------------------------- */

/* A case somebody must not see is not there for them, not as a number either. */
static bool
may_see(const struct stats *stats, const struct figure_row *row)
{
	return lists_sight(stats->call, row->readers, row->hidden_from) == ROW_SEEN;
}

static struct stats_group *
group_of(struct stats *stats, const struct figure_row *row)
{
	const char *key = stats->by == STATS_CATEGORY ? row->category
		: stats->by == STATS_DEPARTMENT       ? row->department
						      : stats->months[stats->month].name;
	struct stats_group *groups;
	size_t cap = stats->n_groups;

	for (size_t i = 0; i < stats->n_groups; i++) {
		if (strcmp(stats->groups[i].key, key) == 0) {
			return &stats->groups[i];
		}
	}
	groups = arena_extend(
		stats->call->arena, stats->groups, stats->n_groups, &cap, sizeof(*groups));
	if (!groups) {
		return NULL;
	}
	stats->groups = groups;
	groups[stats->n_groups] =
		(struct stats_group){ .key = arena_strdup(stats->call->arena, key) };
	return groups[stats->n_groups].key ? &groups[stats->n_groups++] : NULL;
}

/* Whether a limit was missed; what is still to come counts once its limit has passed. */
static bool
count_limit(const struct stats *stats, struct stats_limit *limit, stamp at, stamp due)
{
	if (due == STAMP_NONE || (at == STAMP_NONE && due >= stats->call->now)) {
		return false;
	}
	if (at != STAMP_NONE && at <= due) {
		limit->in_time++;
		return false;
	}
	limit->late++;
	return true;
}

/* "-" or milliseconds; moves behind them. */
static stamp
read_moment(const char **text)
{
	char *end = NULL;
	stamp at = STAMP_NONE;

	if (**text == '-' && ((*text)[1] == ' ' || (*text)[1] == ';')) {
		(*text)++;
	} else {
		at = strtoll(*text, &end, 10);
		*text = end;
	}
	*text += **text != '\0';
	return at;
}

static enum err
count_links(struct arena *arena, struct stats_group *group, const char *text)
{
	enum err e = ERR_OK;

	while (!e && *text) {
		int64_t number = read_moment(&text);
		stamp told = read_moment(&text);
		stamp acknowledged = read_moment(&text);
		stamp instructed = read_moment(&text);

		if (number >= 1 && number <= STATS_LINKS) {
			struct stats_link *link = &group->links[number - 1];

			link->told++;
			e = add_length(arena, &link->acknowledged, told, acknowledged);
			e = e ? e : add_length(arena, &link->instructed, told, instructed);
		}
	}
	return e;
}

static enum err
count_group(struct arena *arena, struct stats_group *group, const struct figure_row *row, bool late)
{
	enum err e;

	group->incidents++;
	group->open += row->open;
	group->major += row->major;
	group->late += late;
	e = add_length(arena, &group->acknowledged, row->reported_at, row->acknowledged_at);
	if (!e) {
		e = add_length(arena, &group->instructed, row->reported_at, row->instructed_at);
	}
	if (!e) {
		e = add_length(arena, &group->responded, row->reported_at, row->responded_at);
	}
	if (!e) {
		e = add_length(arena, &group->approved, row->reported_at, row->approved_at);
	}
	return e ? e : count_links(arena, group, row->links);
}

static enum err
count_cells(struct stats *stats, const char *text)
{
	enum err e = ERR_OK;

	while (!e && *text) {
		size_t len = strcspn(text, " ");
		bool wanted = !stats->department ||
			(strlen(stats->department) == len &&
				strncmp(text, stats->department, len) == 0);
		stamp asked;
		stamp due;
		stamp done;

		text += len + (text[len] != '\0');
		asked = read_moment(&text);
		due = read_moment(&text);
		done = read_moment(&text);
		if (!wanted) {
			continue;
		}
		stats->cells++;
		stats->cells_done += done != STAMP_NONE;
		stats->cells_late +=
			due != STAMP_NONE && (done != STAMP_NONE ? done : stats->call->now) > due;
		e = add_length(stats->call->arena, &stats->roll_out, asked, done);
	}
	return e;
}

static enum err
count_row(struct stats *stats, struct stats_group *group, const struct figure_row *row)
{
	size_t month = month_at(stats, row->reported_at);
	/* All three are counted, whichever was missed. */
	bool instructed_late =
		count_limit(stats, &stats->instruction, row->instructed_at, row->instruct_due);
	bool result_late = count_limit(stats, &stats->result, row->resulted_at, row->result_due);
	bool decided_late = count_limit(stats, &stats->approval, row->decided_at, row->decide_due);
	bool late = instructed_late || result_late || decided_late;
	enum err e = count_group(stats->call->arena, &stats->all, row, late);

	stats->month_n[month]++;
	stats->month_late[month] += late;
	return e ? e : count_group(stats->call->arena, group, row, late);
}

static enum err
visit(void *ctx, const struct figure_row *row)
{
	struct stats *stats = ctx;
	struct stats_group *group;
	enum err e = ERR_OK;

	if (!may_see(stats, row)) {
		return ERR_OK;
	}
	if (!stats->before) {
		/* A department's roll-out is its cells of every case. */
		e = count_cells(stats, row->cells);
	}
	if (e || (stats->department && strcmp(row->department, stats->department) != 0)) {
		return e;
	}
	(void)month_at(stats, row->reported_at);
	group = group_of(stats, row);
	if (!group) {
		return ERR_NOMEM;
	}
	if (stats->before) {
		group->previous++;
		stats->all.previous++;
		return ERR_OK;
	}
	return count_row(stats, group, row);
}

/* The same moment of the year before; of 29 February the day after. */
static stamp
year_before(const struct call *call, stamp at)
{
	int month = stats_month_of(call, at);
	stamp start = stats_month_start(call, month);
	stamp before = stats_month_start(call, month - 12);

	return before + (at - start);
}

/* The same period a year before: its months stand at the same places. */
static enum err
count_before(struct stats *stats)
{
	struct call *call = stats->call;
	const struct stats_month *months = stats->months;
	struct stats_month *shifted = arena_array(call->arena, stats->n_months, sizeof(*shifted));
	stamp since = year_before(call, stats->since);
	stamp until = year_before(call, stats->until);
	enum err e;

	if (!shifted) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < stats->n_months; i++) {
		shifted[i] = months[i]; /* the name stays: it is the group of this year */
		shifted[i].since = year_before(call, months[i].since);
	}
	stats->months = shifted;
	stats->month = 0;
	stats->before = true;
	e = store_figures(call->store, since, until, visit, stats);
	stats->months = months;
	return e;
}

enum err
stats_count(struct stats *stats)
{
	struct call *call = stats->call;
	enum err e;

	stats->all.key = "";
	e = store_figures(call->store, stats->since, stats->until, visit, stats);
	return e ? e : count_before(stats);
}
