/* SPDX-License-Identifier: MIT */
/*
 * The roster of a week, a row or more for each day: every stretch stands on the day it
 * begins, one that lasts longer than a day on each of its days.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "duty.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

enum { DAY_COLS = 12, GAP_COLS = 2, CELL_MOST = 28, LINES_MOST = 200, EPOCH_WEEKDAY = 3 };

/* A stretch of a shift on a day; the day's number alone where nothing is. */
struct cell {
	int day;
	int at;    /* its place among those of the day, counted from the day's first row on */
	int slots; /* places it takes; a long one has its row alone */
	bool gap;
	bool now;
	char *text;
};

/* The cells in order, and how wide each is. */
struct week {
	struct duty_page *duty;
	struct cell *cells;
	size_t n;
	int cols;    /* of a place */
	int per_row; /* places */
};

/* --- days -------------------------------------------------------------------------------- */

static int64_t
local_days(const struct book *book, stamp at)
{
	int64_t local = at + book_offset(book) * MINUTE_MS;

	return local / DAY_MS - (local % DAY_MS < 0 ? 1 : 0);
}

/* 0 is Monday. */
static int
weekday(const struct book *book, stamp at)
{
	return (int)(((local_days(book, at) + EPOCH_WEEKDAY) % DUTY_DAYS + DUTY_DAYS) % DUTY_DAYS);
}

stamp
duty_day(const struct duty_page *duty, int day)
{
	const struct book *book = &duty->base.app->book;
	stamp now = book_now(book);
	int64_t monday = local_days(book, now) - weekday(book, now);

	return (monday + (int64_t)duty->week * DUTY_DAYS + day) * DAY_MS -
		book_offset(book) * MINUTE_MS;
}

void
duty_date(const struct book *book, stamp at, char out[STAMP_SIZE])
{
	stamp_format_short(at, book_offset(book), out);
	out[strlen("2026-11-23")] = '\0';
}

void
duty_day_words(const struct duty_page *duty, stamp at, struct str *out)
{
	static const char *const names[DUTY_DAYS] = {
		/* TRANSLATORS: days of the week in a narrow column */
		N_("Mon"),
		N_("Tue"),
		N_("Wed"),
		N_("Thu"),
		N_("Fri"),
		N_("Sat"),
		N_("Sun"),
	};
	const struct book *book = &duty->base.app->book;
	char date[STAMP_SIZE];

	duty_date(book, at, date);
	str_addf(out, "%s %s", _(names[weekday(book, at)]), date + strlen("2026-"));
}

const json_t *
duty_exception(const struct duty_page *duty, int day)
{
	stamp begin = duty_day(duty, day);
	const json_t *found = NULL;
	size_t i;
	json_t *exception;

	json_array_foreach(doc_list(duty->roster, "exceptions"), i, exception)
	{
		if (doc_time(exception, "from") < begin + DAY_MS &&
			doc_time(exception, "until") > begin) {
			found = exception; /* the newest is the one that counts */
		}
	}
	return found;
}

/* --- who ---------------------------------------------------------------------------------- */

static bool
is_before(const json_t *ids, size_t i)
{
	const json_t *id = json_array_get(ids, i);
	size_t k = 0;

	while (k < i && !json_equal(json_array_get(ids, k), id)) {
		k++;
	}
	return k < i;
}

static void
add_names(struct book *book, const json_t *ids, struct str *out)
{
	size_t i;
	json_t *id;

	json_array_foreach(ids, i, id)
	{
		/* Whoever stands in may be on duty for themselves, too. */
		if (is_before(ids, i)) {
			continue;
		}
		str_add(out, i > 0 ? _(", ") : "");
		book_short_person(book, json_string_value(id), out);
	}
}

void
duty_shift_words(struct book *book, const json_t *shift, struct str *out)
{
	const json_t *people = doc_list(shift, "people");
	const json_t *absent = doc_list(shift, "absent");
	struct str names = STR_INIT;

	if (doc_flag(shift, "gap")) {
		str_addf(out, "! %s", _("GAP"));
	} else if (json_array_size(people) > 0) {
		add_names(book, people, out);
	} else {
		str_add(out, doc_flag(shift, "planned") ? _("nobody on duty") : "-");
	}
	if (json_array_size(absent) > 0) {
		add_names(book, absent, &names);
		str_add_char(out, ' ');
		str_say(out, _("({names} away)"),
			&(struct str_arg){ "names", str_text(&names) }, 1);
	}
	str_release(&names);
}

/* --- cells -------------------------------------------------------------------------------- */

/* Minutes of the local day as "08:30"; the end of one is 24:00. */
static void
clock_words(const struct book *book, stamp at, bool end, char out[STAMP_SIZE])
{
	char text[STAMP_SIZE];

	stamp_format_short(at, book_offset(book), text);
	(void)snprintf(out, STAMP_SIZE, "%s", text + strlen("2026-11-23 "));
	if (end && strcmp(out, "00:00") == 0) {
		(void)snprintf(out, STAMP_SIZE, "24:00");
	}
}

/* Nobody said anything of this time. */
static bool
is_nothing(const json_t *shift)
{
	return !doc_flag(shift, "gap") && !doc_flag(shift, "planned") &&
		json_array_size(doc_list(shift, "people")) == 0;
}

/* The part of a shift that is told on the day from `begin` on; false: none of it. */
static bool
is_told(const json_t *shift, stamp begin, stamp *ret_from, stamp *ret_until)
{
	stamp from = doc_time(shift, "from");
	stamp until = doc_time(shift, "until");
	stamp end = begin + DAY_MS;

	if (from >= end || until <= begin) {
		return false;
	}
	/* A night is told where it begins. */
	if (from < begin && until < end && until - from < DAY_MS) {
		return false;
	}
	*ret_from = from > begin ? from : begin;
	*ret_until = until < end || until - *ret_from < DAY_MS ? until : end;
	return true;
}

static void
add_cell(struct week *week, int day, const json_t *shift)
{
	struct book *book = &week->duty->base.app->book;
	struct cell *cell = &week->cells[week->n];
	struct str text = STR_INIT;
	char from_words[STAMP_SIZE];
	char until_words[STAMP_SIZE];
	stamp from;
	stamp until;
	int cols;

	if (week->n >= LINES_MOST || is_nothing(shift) ||
		!is_told(shift, duty_day(week->duty, day), &from, &until)) {
		return;
	}
	clock_words(book, from, false, from_words);
	clock_words(book, until, true, until_words);
	str_addf(&text, "%s-%s ", from_words, until_words);
	duty_shift_words(book, shift, &text);
	*cell = (struct cell){ .day = day,
		.gap = doc_flag(shift, "gap"),
		.now = from <= book_now(book) && book_now(book) < until,
		.text = str_detach(&text) };
	cols = paint_width(cell->text ? cell->text : "");
	week->cols = cols > week->cols ? cols : week->cols;
	week->n++;
}

/* Two nights and a day are read at once: a place is never wider than half a row. */
static void
choose_cols(struct week *week, int room)
{
	int half = (room - GAP_COLS) / 2;

	week->cols = week->cols < CELL_MOST ? week->cols : CELL_MOST;
	week->cols = week->cols < half ? week->cols : half;
	week->per_row = (room + GAP_COLS) / (week->cols + GAP_COLS);
}

/* Every cell its place; what is too long for one begins a row and has it alone. */
static void
place_cells(struct week *week)
{
	int next = 0;

	for (size_t i = 0; i < week->n; i++) {
		struct cell *cell = &week->cells[i];
		bool first = i == 0 || week->cells[i - 1].day != cell->day;
		bool is_long = paint_width(cell->text ? cell->text : "") > week->cols;

		next = first ? 0 : next;
		if (is_long && next % week->per_row != 0) {
			next += week->per_row - next % week->per_row;
		}
		cell->slots = is_long ? week->per_row : 1;
		cell->at = next;
		next += cell->slots;
	}
}

static void
lay_out(struct week *week, int cols)
{
	size_t i;
	json_t *shift;

	for (int day = 0; day < DUTY_DAYS; day++) {
		json_array_foreach(doc_list(week->duty->roster, "shifts"), i, shift)
		{
			add_cell(week, day, shift);
		}
	}
	choose_cols(week, cols - DAY_COLS - 3);
	place_cells(week);
}

/* Places the cells of a day take, those left free before a long one too. */
static int
places_of(const struct week *week, int day)
{
	int n = 0;

	for (size_t i = 0; i < week->n; i++) {
		if (week->cells[i].day == day) {
			n = week->cells[i].at + week->cells[i].slots;
		}
	}
	return n;
}

static int
rows_of(const struct week *week, int day)
{
	int n = places_of(week, day);

	return n > 0 ? (n + week->per_row - 1) / week->per_row : 1;
}

static int
rows_before(const struct week *week, int day)
{
	int sum = 0;

	for (int d = 0; d < day; d++) {
		sum += rows_of(week, d);
	}
	return sum;
}

/* Lays a week out; false without memory.  Give it back to release(). */
static bool
init(struct week *week, struct duty_page *duty, int cols)
{
	*week = (struct week){ .duty = duty };
	week->cells = calloc(LINES_MOST + 1, sizeof(*week->cells));
	if (week->cells) {
		lay_out(week, cols);
	}
	return week->cells != NULL;
}

static void
release(struct week *week)
{
	for (size_t i = 0; i < week->n; i++) {
		free(week->cells[i].text);
	}
	free(week->cells);
}

int
duty_week_rows(struct duty_page *duty, int cols)
{
	struct week week;
	int rows = 0;

	if (init(&week, duty, cols)) {
		rows = rows_before(&week, DUTY_DAYS);
		release(&week);
	}
	return rows;
}

/* --- painting ---------------------------------------------------------------------------- */

static void
paint_day(const struct week *week, struct canvas *c, int row, int day)
{
	const struct duty_page *duty = week->duty;
	stamp begin = duty_day(duty, day);
	stamp now = book_now(&duty->base.app->book);
	bool marked = duty->days.selected == day;
	bool today = begin <= now && now < begin + DAY_MS;
	struct str words = STR_INIT;

	duty_day_words(duty, begin, &words);
	if (duty_exception(duty, day)) {
		str_add(&words, " *");
	}
	(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_SELECTED, marked ? ">" : "");
	(void)paint_text(c, (struct place){ row, 3, DAY_COLS },
		today || marked ? ROLE_HEAD : ROLE_TEXT, str_text(&words));
	if (places_of(week, day) == 0) {
		(void)paint_text(c, (struct place){ row, 3 + DAY_COLS, 1 }, ROLE_QUIET, "-");
	}
	str_release(&words);
}

static void
paint_cells(const struct week *week, struct canvas *c, int top)
{
	for (size_t i = 0; i < week->n; i++) {
		const struct cell *cell = &week->cells[i];
		int row = rows_before(week, cell->day) + cell->at / week->per_row - top;
		int col = 3 + DAY_COLS + (cell->at % week->per_row) * (week->cols + GAP_COLS);

		if (row >= 0 && row < c->rows) {
			int cols = cell->slots * (week->cols + GAP_COLS) - GAP_COLS;

			(void)paint_text(c, (struct place){ row, col, cols },
				cell->gap       ? ROLE_OVERDUE
					: cell->now ? ROLE_HEAD
						    : ROLE_TEXT,
				cell->text);
		}
	}
}

void
duty_paint_week(struct duty_page *duty, struct canvas *c)
{
	struct week week;
	int marked = duty->days.selected;
	int first;
	int top;

	if (!init(&week, duty, c->cols)) {
		return;
	}
	first = rows_before(&week, marked);
	/* All of the marked day, and as much before it as there is room for. */
	top = first + rows_of(&week, marked) - c->rows;
	top = top > first ? first : top > 0 ? top : 0;
	for (int day = 0; day < DUTY_DAYS; day++) {
		int row = rows_before(&week, day) - top;

		if (row >= 0 && row < c->rows) {
			paint_day(&week, c, row, day);
		}
	}
	paint_cells(&week, c, top);
	paint_caret(c, first - top, 1, false);
	release(&week);
}
