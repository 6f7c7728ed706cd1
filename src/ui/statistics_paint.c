/* SPDX-License-Identifier: MIT */
/*
 * How the statistics look: groups, months, limits, roll-out.
 */
#include "statistics.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	WIDE_FROM = 132, /* from here on the slowest tenth, too */
	NARROW_BELOW = 72,
	PERCENT = 100,
	LIMITS = 3,
	TAIL = 10 + LIMITS, /* lines below the groups and their sum */
};

const char *const statistics_by[] = { "category", "department", "month", NULL };

static const struct {
	const char *key;
	const char *label;
} limits[LIMITS] = {
	{ "instruction", N_("instruction") },
	{ "result_report", N_("result report") },
	{ "approval", N_("approval") },
};

/* The times of a case, from its report on. */
static const struct {
	const char *key;
	const char *label;
} times[] = {
	{ "acknowledged", N_("known") },
	{ "instructed", N_("instr.") },
	{ "responded", N_("resp.") },
	{ "approved", N_("approved") },
};

/* Columns of a row; 0 leaves one out. */
struct layout {
	int name;
	int number;
	int previous;
	int open;
	int late;
	int length;
	int slowest;
	int last; /* more for the last length, whose head is the longest */
};

static struct layout
layout_for(int cols)
{
	if (cols < NARROW_BELOW) {
		return (struct layout){ 21, 5, 0, 0, 0, 8, 0, 1 };
	}
	if (cols < WIDE_FROM) {
		return (struct layout){ 23, 5, 5, 8, 5, 8, 0, 1 };
	}
	return (struct layout){ 34, 7, 7, 9, 6, 9, 8, 0 };
}

/* Beside the times of three links there is no room for more than how many there were. */
static struct layout
layout_of_links(int cols)
{
	struct layout l = layout_for(cols);

	if (cols < NARROW_BELOW) {
		l.length = 9;
	} else if (cols < WIDE_FROM) {
		l = (struct layout){ 24, 6, 0, 0, 0, 8, 8, 0 };
	}
	l.last = 0;
	return l;
}

static struct layout
layout_of(const struct statistics *statistics, int cols)
{
	return statistics->by_link ? layout_of_links(cols) : layout_for(cols);
}

static size_t
n_groups(const struct statistics *statistics)
{
	return json_array_size(doc_list(statistics->stats, "groups"));
}

int
statistics_lines(const struct statistics *statistics)
{
	return STATISTICS_FIRST + (int)n_groups(statistics) + 1 + TAIL;
}

const json_t *
statistics_group(const struct statistics *statistics, int line)
{
	int i = line - STATISTICS_FIRST;

	return i < 0 ? NULL : json_array_get(doc_list(statistics->stats, "groups"), (size_t)i);
}

void
statistics_head(struct screen *screen, struct head *head)
{
	struct statistics *statistics = (struct statistics *)screen;
	struct book *book = &screen->app->book;

	str_addf(&head->state, "%.10s - %s", doc_text(statistics->stats, "since"),
		doc_text(statistics->stats, "last_day"));
	str_addf(&head->state, "   %s",
		statistics->department ? book_department(book, statistics->department)
				       : _("all departments"));
}

/* --- the groups ------------------------------------------------------------------------ */

static int
paint_cell(struct canvas *c, struct place at, const char *text, enum role role)
{
	if (at.cols > 0) {
		paint_right(c, at, role, text);
	}
	return at.col + at.cols;
}

static int
paint_number(struct canvas *c, struct place at, int64_t n, enum role role)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	return paint_cell(c, at, text, role);
}

static const char *
length_text(const json_t *lengths, const char *member, char out[STAMP_SIZE])
{
	const json_t *ms = json_object_get(lengths, member);

	if (!json_is_integer(ms)) {
		return "-";
	}
	duration_format_left(json_integer_value(ms), out);
	return out;
}

static size_t
n_links(const struct statistics *statistics)
{
	return json_array_size(doc_list(json_object_get(statistics->stats, "total"), "links"));
}

/* How many times a row shows. */
static size_t
n_times(const struct statistics *statistics)
{
	return statistics->by_link ? n_links(statistics) : ARRAY_LEN(times);
}

static void
add_link_name(int64_t number, struct str *out)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)number);
	/* TRANSLATORS: one link of the contact chain; at most 8 columns. */
	str_say(out, _("link {n}"), &(struct str_arg){ "n", text }, 1);
}

/* The columns of one time; where the next begin. */
static int
paint_time_head(
	struct canvas *c, struct place at, const struct layout *l, const char *text, bool last)
{
	at.cols = l->length + (last ? l->last : 0);
	at.col = paint_cell(c, at, text, ROLE_HEAD);
	at.cols = l->slowest;
	return paint_cell(c, at, _("90%"), ROLE_HEAD);
}

static int
paint_time(struct canvas *c, struct place at, const struct layout *l, const json_t *lengths,
	enum role role)
{
	char text[STAMP_SIZE];

	at.col = paint_cell(c, at, length_text(lengths, "median_ms", text), role);
	at.cols = l->slowest;
	return paint_cell(c, at, length_text(lengths, "p90_ms", text), ROLE_QUIET);
}

static void
paint_time_heads(struct statistics *statistics, struct canvas *c, struct place at)
{
	struct layout l = layout_of(statistics, c->cols);
	size_t n = n_times(statistics);

	for (size_t i = 0; i < n; i++) {
		struct str name = STR_INIT;

		if (statistics->by_link) {
			add_link_name((int64_t)i + 1, &name);
		} else {
			str_add(&name, _(times[i].label));
		}
		at.col = paint_time_head(c, at, &l, str_text(&name), i + 1 == n);
		str_release(&name);
	}
}

static void
paint_times(struct statistics *statistics, struct canvas *c, struct place at, const json_t *group,
	enum role role)
{
	struct layout l = layout_of(statistics, c->cols);
	const json_t *links = doc_list(group, "links");
	size_t n = n_times(statistics);

	for (size_t i = 0; i < n; i++) {
		const json_t *lengths = statistics->by_link
			? json_object_get(json_array_get(links, i), "acknowledged")
			: json_object_get(group, times[i].key);

		at.cols = l.length + (i + 1 == n ? l.last : 0);
		at.col = paint_time(c, at, &l, lengths, role);
	}
}

static void
paint_headings(struct statistics *statistics, struct canvas *c, int row)
{
	static const char *const heads[] = { N_("BY CLASS"), N_("BY DEPARTMENT"), N_("BY MONTH") };
	struct layout l = layout_of(statistics, c->cols);
	int col = 1 + l.name;

	(void)paint_text(c, (struct place){ row, 1, l.name }, ROLE_HEAD, _(heads[statistics->by]));
	col = paint_cell(c, (struct place){ row, col, l.number }, _("n"), ROLE_HEAD);
	col = paint_cell(c, (struct place){ row, col, l.previous }, _("prev"), ROLE_HEAD);
	col = paint_cell(c, (struct place){ row, col, l.open }, _("pending"), ROLE_HEAD);
	col = paint_cell(c, (struct place){ row, col, l.late }, _("late"), ROLE_HEAD);
	paint_time_heads(statistics, c, (struct place){ row, col, 0 });
}

static void
paint_group(struct statistics *statistics, struct canvas *c, int row, const json_t *group,
	const char *name)
{
	struct layout l = layout_of(statistics, c->cols);
	int64_t late = doc_int(group, "late");
	int64_t n = doc_int(group, "incidents");
	enum role role = n > 0 ? ROLE_TEXT : ROLE_QUIET;
	int col = 1 + l.name;

	(void)paint_cut(c, (struct place){ row, 3, l.name - 3 }, role, name);
	col = paint_number(c, (struct place){ row, col, l.number }, n, role);
	col = paint_number(
		c, (struct place){ row, col, l.previous }, doc_int(group, "previous"), ROLE_QUIET);
	col = paint_number(c, (struct place){ row, col, l.open }, doc_int(group, "open"), role);
	col = paint_number(
		c, (struct place){ row, col, l.late }, late, late > 0 ? ROLE_OVERDUE : role);
	paint_times(statistics, c, (struct place){ row, col, 0 }, group, role);
}

static void
group_name(struct statistics *statistics, const json_t *group, int cols, struct str *out)
{
	struct book *book = &statistics->base.app->book;
	const char *key = doc_text(group, "key");

	if (strcmp(statistics_by[statistics->by], "category") == 0) {
		if (cols < WIDE_FROM) {
			book_short_category(book, key, out);
		} else {
			book_category(book, key, out);
		}
	} else {
		str_add(out, book_department(book, key));
	}
}

/* --- below the groups ------------------------------------------------------------------- */

/* The newest twelve months of the period. */
static void
paint_months(const json_t *months, struct canvas *c, int row, const char *key)
{
	size_t n = json_array_size(months);
	size_t first = n > 12 ? n - 12 : 0;
	int cols = c->cols < NARROW_BELOW ? 4 : c->cols < WIDE_FROM ? 5 : 7;
	int col = c->cols < NARROW_BELOW ? 9 : 14;

	for (size_t i = first; i < n; i++) {
		const json_t *month = json_array_get(months, i);
		int64_t count = doc_int(month, key);
		char text[24];

		(void)snprintf(text, sizeof(text), "%lld", (long long)count);
		paint_right(c, (struct place){ row, col, cols },
			strcmp(key, "late") == 0 && count > 0 ? ROLE_OVERDUE : ROLE_TEXT,
			strcmp(key, "month") == 0 ? doc_text(month, "month") + strlen("2026-")
						  : text);
		col += cols;
	}
}

static void
paint_limit(struct statistics *statistics, struct canvas *c, int row, int i)
{
	const json_t *limit =
		json_object_get(json_object_get(statistics->stats, "limits"), limits[i].key);
	int64_t in_time = doc_int(limit, "in_time");
	int64_t all = in_time + doc_int(limit, "late");
	struct str text = STR_INIT;

	if (all > 0) {
		str_addf(&text, "%lld%%  (%lld / %lld)", (long long)(in_time * PERCENT / all),
			(long long)in_time, (long long)all);
	} else {
		str_add_char(&text, '-');
	}
	(void)paint_text(c, (struct place){ row, 3, 22 }, ROLE_TEXT, _(limits[i].label));
	(void)paint_text(c, (struct place){ row, 26, 0 },
		all > 0 && in_time < all ? ROLE_OVERDUE : ROLE_TEXT, str_text(&text));
	str_release(&text);
}

/* How fast each link of the chain acknowledged, of all together. */
static void
paint_links(struct statistics *statistics, struct canvas *c, int row)
{
	const json_t *links = doc_list(json_object_get(statistics->stats, "total"), "links");
	struct str text = STR_INIT;
	const json_t *link;
	size_t i;

	json_array_foreach(links, i, link)
	{
		char median[STAMP_SIZE];

		str_add(&text, i > 0 ? "  " : "");
		add_link_name(doc_int(link, "link"), &text);
		str_addf(&text, " %s",
			length_text(json_object_get(link, "acknowledged"), "median_ms", median));
	}
	(void)paint_text(c, (struct place){ row, 1, 24 }, ROLE_HEAD, _("TOLD TO ACKNOWLEDGED"));
	(void)paint_text(c, (struct place){ row, 26, 0 }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_roll_out(struct statistics *statistics, struct canvas *c, int row)
{
	const json_t *roll_out = json_object_get(statistics->stats, "roll_out");
	struct str text = STR_INIT;
	char median[STAMP_SIZE];

	str_addf(&text, "%s %lld / %lld   %s %lld   %s %s", _("done"),
		(long long)doc_int(roll_out, "done"), (long long)doc_int(roll_out, "cells"),
		_("late"), (long long)doc_int(roll_out, "late"), _("median"),
		length_text(roll_out, "median_ms", median));
	(void)paint_text(c, (struct place){ row, 1, 24 }, ROLE_HEAD, _("ROLL-OUT"));
	(void)paint_text(c, (struct place){ row, 26, 0 },
		doc_int(roll_out, "late") > 0 ? ROLE_OVERDUE : ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_major(struct statistics *statistics, struct canvas *c, int row)
{
	int64_t n = doc_int(json_object_get(statistics->stats, "total"), "major");

	(void)paint_text(c, (struct place){ row, 1, 24 }, ROLE_HEAD, _("MAJOR ACCIDENTS"));
	(void)paint_number(
		c, (struct place){ row, 26, 1 + (n > 9) }, n, n > 0 ? ROLE_MAJOR : ROLE_TEXT);
}

/* The lines below the sum, counted from 0. */
static void
paint_tail(struct statistics *statistics, struct canvas *c, int row, int line)
{
	const json_t *months = doc_list(statistics->stats, "months");

	if (line == 1) {
		(void)paint_text(c, (struct place){ row, 1, 0 }, ROLE_HEAD, _("MONTH"));
		paint_months(months, c, row, "month");
	} else if (line == 2) {
		(void)paint_text(c, (struct place){ row, 3, 0 }, ROLE_TEXT, _("n"));
		paint_months(months, c, row, "incidents");
	} else if (line == 3) {
		(void)paint_text(c, (struct place){ row, 3, 0 }, ROLE_TEXT, _("late"));
		paint_months(months, c, row, "late");
	} else if (line == 5) {
		(void)paint_text(
			c, (struct place){ row, 1, 0 }, ROLE_HEAD, _("WITHIN THE TIME LIMIT"));
	} else if (line > 5 && line <= 5 + LIMITS) {
		paint_limit(statistics, c, row, line - 6);
	} else if (line == 6 + LIMITS) {
		paint_links(statistics, c, row);
	} else if (line == 7 + LIMITS) {
		paint_roll_out(statistics, c, row);
	} else if (line == 8 + LIMITS) {
		paint_major(statistics, c, row);
	} else if (line == 9 + LIMITS) {
		(void)paint_words(c, (struct place){ row, 1, c->cols - 2 }, ROLE_QUIET,
			_("Medians. Drills are not counted, nor what you may not read."));
	}
}

static void
paint_line(struct statistics *statistics, struct canvas *c, int row, int line)
{
	const json_t *group = statistics_group(statistics, line);
	int n = (int)n_groups(statistics);
	struct str name = STR_INIT;

	if (line == 0) {
		paint_headings(statistics, c, row);
	} else if (group) {
		group_name(statistics, group, c->cols, &name);
		paint_group(statistics, c, row, group, str_text(&name));
	} else if (line == STATISTICS_FIRST + n) {
		paint_group(statistics, c, row, json_object_get(statistics->stats, "total"),
			_("all together"));
	} else {
		paint_tail(statistics, c, row, line - STATISTICS_FIRST - n - 1);
	}
	str_release(&name);
	if (line == statistics->list.selected && line > 0) {
		(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, ">");
	}
}

void
statistics_paint(struct screen *screen, struct canvas *c)
{
	struct statistics *statistics = (struct statistics *)screen;
	int top = list_view(&statistics->list, c->rows);

	/* The headings are seen again when the mark is at the first group. */
	if (statistics->list.selected == STATISTICS_FIRST) {
		top = statistics->list.top = 0;
	}
	for (int i = 0; i < c->rows && top + i < statistics->list.n; i++) {
		paint_line(statistics, c, i, top + i);
	}
	paint_caret(c, statistics->list.selected - top, 0, false);
}
