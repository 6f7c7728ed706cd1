/* SPDX-License-Identifier: MIT */
/*
 * How the duty screen looks: who is there now and next, the week, who is away, and who
 * would be told of a report made now.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "duty.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

enum {
	LABEL_COLS = 9,
	NOW_ROWS = 2,
	AIRY_FROM = 3,
	SHORT_BELOW = 72, /* columns below which names are short */
	WHEN_COLS = 13,
	LINK_COLS = 2,
	PERSON_COLS = 17,
	PERSON_NARROW = 10,
	NUMBER_COLS = 15,
	LEFT_MOST = 80,
	NUMBER_FROM = 74, /* columns of the list from which on it has numbers */
};

static struct duty_page *
self(struct screen *screen)
{
	return (struct duty_page *)screen;
}

/* --- the second row ----------------------------------------------------------------------- */

void
duty_head(struct screen *screen, struct head *head)
{
	struct duty_page *duty = self(screen);
	struct book *book = &screen->app->book;
	size_t found = json_array_size(doc_list(duty->findings, "findings"));
	char from[STAMP_SIZE];
	char until[STAMP_SIZE];
	char now[STAMP_SIZE];
	char n[24];

	duty_date(book, duty_day(duty, 0), from);
	duty_date(book, duty_day(duty, DUTY_DAYS - 1), until);
	/* Another year is told; this one need not be. */
	stamp_format_short(book_now(book), book_offset(book), now);
	str_addf(&head->state, "%s   %s - %s", book_department(book, duty->department),
		from + (strncmp(from, now, strlen("2026-")) == 0 ? strlen("2026-") : 0),
		until + strlen("2026-"));
	if (found > 0) {
		(void)snprintf(n, sizeof(n), "%zu", found);
		str_say(&head->state_right, _("! {n} findings (f)"),
			&(struct str_arg){ "n", n }, 1);
	} else if (duty->findings) {
		str_add(&head->state_right, _("ok: everybody can be told"));
	}
}

/* --- now and next --------------------------------------------------------------------- */

/* "岡田 健二 03-5550-0102", several behind each other. */
static void
add_people(struct book *book, const json_t *shift, struct str *out)
{
	size_t i;
	json_t *id;

	if (doc_flag(shift, "gap")) {
		str_addf(out, "! %s", _("GAP: nobody is on duty"));
		return;
	}
	if (json_array_size(doc_list(shift, "people")) == 0 ||
		json_array_size(doc_list(shift, "absent")) > 0) {
		duty_shift_words(book, shift, out);
		return;
	}
	json_array_foreach(doc_list(shift, "people"), i, id)
	{
		const json_t *person = book_person_record(book, json_string_value(id));

		str_addf(out, "%s%s  %s", i > 0 ? _(", ") : "",
			book_person(book, json_string_value(id)), doc_text(person, "phone"));
	}
}

static void
paint_shift(struct duty_page *duty, struct canvas *c, int row, const json_t *shift)
{
	struct book *book = &duty->base.app->book;
	bool now = row == 0;
	stamp at = doc_time(shift, now ? "until" : "from");
	struct str who = STR_INIT;
	struct str text = STR_INIT;
	char time[STAMP_SIZE];
	enum role role = doc_flag(shift, "gap") ? ROLE_OVERDUE : now ? ROLE_HEAD : ROLE_TEXT;
	int col = 1 + LABEL_COLS;

	(void)paint_text(c, (struct place){ row, 1, LABEL_COLS }, ROLE_QUIET,
		now ? _("Now") : _("Next up"));
	add_people(book, shift, &who);
	book_time(book, at, time);
	/* What lasts as long as was asked for lasts longer than anybody plans. */
	if (!now || at < book_now(book) + DUTY_AHEAD_DAYS * DAY_MS - MINUTE_MS) {
		str_say(&text, now ? _("until {time}") : _("from {time}"),
			&(struct str_arg){ "time", time }, 1);
	}
	/* The time is never the part that is cut. */
	col += paint_text(c,
		(struct place){ row, col, c->cols - col - 3 - paint_width(str_text(&text)) }, role,
		str_text(&who));
	(void)paint_text(
		c, (struct place){ row, col + 2, c->cols - col - 2 }, ROLE_TEXT, str_text(&text));
	str_release(&who);
	str_release(&text);
}

/* Without a roster the officers of the department are who is told. */
static void
paint_officers(struct duty_page *duty, struct canvas *c)
{
	struct book *book = &duty->base.app->book;
	struct str names = STR_INIT;
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		const json_t *roles = doc_list(person, "roles");

		if (strcmp(doc_text(person, "department"), duty->department) == 0 &&
			(doc_holds(roles, "owner") || doc_holds(roles, "deputy"))) {
			str_addf(&names, "%s%s", names.len > 0 ? _(", ") : "",
				doc_words_of(person, "name"));
		}
	}
	(void)paint_text(c, (struct place){ 0, 1, LABEL_COLS }, ROLE_QUIET, _("Now"));
	(void)paint_text(c, (struct place){ 0, 1 + LABEL_COLS, c->cols - LABEL_COLS - 2 },
		ROLE_HEAD, names.len > 0 ? str_text(&names) : "-");
	(void)paint_text(c, (struct place){ 1, 1 + LABEL_COLS, c->cols - LABEL_COLS - 2 },
		ROLE_QUIET, _("There is no roster: the officers alone are told."));
	str_release(&names);
}

static bool
has_roster(const struct duty_page *duty)
{
	return doc_int(duty->now, "seq") > 0 ||
		json_array_size(doc_list(duty->now, "exceptions")) > 0;
}

static void
paint_now(struct duty_page *duty, struct canvas *c)
{
	stamp now = book_now(&duty->base.app->book);
	int row = 0;
	size_t i;
	json_t *shift;

	if (!has_roster(duty)) {
		paint_officers(duty, c);
		return;
	}
	/* A shift may have ended since it was read. */
	json_array_foreach(doc_list(duty->now, "shifts"), i, shift)
	{
		if (row < NOW_ROWS && doc_time(shift, "until") > now) {
			paint_shift(duty, c, row++, shift);
		}
	}
}

/* --- away --------------------------------------------------------------------------------- */

void
duty_away_words(struct book *book, const json_t *person, bool brief, struct str *out)
{
	const char *stand_in = doc_text(person, "stand_in");
	stamp until = doc_time(person, "absent_until");
	struct str who = STR_INIT;
	char time[STAMP_SIZE];

	if (until == STAMP_NONE) {
		return;
	}
	book_time(book, until, time);
	book_short_person(book, stand_in, &who);
	str_say(out,
		!stand_in[0] ? brief ? _("until {time}, the deputies stand in")
				     : _("absent until {time}, the deputies stand in")
			: brief ? _("until {time}, stands in: {who}")
				: _("absent until {time}, stands in: {who}"),
		(struct str_arg[]){ { "time", time }, { "who", str_text(&who) } }, 2);
	str_release(&who);
}

bool
duty_paint_away(struct book *book, struct canvas *c, struct place at, const json_t *person)
{
	bool away = doc_time(person, "absent_until") != STAMP_NONE;
	struct str text = STR_INIT;

	if (away) {
		str_add(&text, "! ");
		duty_away_words(book, person, false, &text);
		at.cols = c->cols - at.col - 1;
		if (paint_width(str_text(&text)) > at.cols) {
			str_clear(&text);
			str_addf(&text, "! %s", _("absent"));
		}
		(void)paint_text(c, at, ROLE_OVERDUE, str_text(&text));
	}
	str_release(&text);
	return away;
}

void
duty_paint_confirmed(struct book *book, struct canvas *c, struct place at, const json_t *person)
{
	struct str text = STR_INIT;
	bool stale;

	duty_way_words(book, duty_phone_way(person), &text, &stale);
	at.cols = c->cols - at.col - 1;
	/* What was only registered is nobody's word that it works, and no alarm either. */
	(void)paint_words(c, at, stale && duty_phone_way(person) ? ROLE_OVERDUE : ROLE_QUIET,
		str_text(&text));
	str_release(&text);
}

static bool
is_away(const struct duty_page *duty, const json_t *person)
{
	return doc_time(person, "absent_until") != STAMP_NONE &&
		strcmp(doc_text(person, "department"), duty->department) == 0;
}

static int
n_away(struct duty_page *duty)
{
	int n = 0;
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(&duty->base.app->book), "people"), i, person)
	{
		n += is_away(duty, person);
	}
	return n;
}

/* One row each; where there is no room for all, the label counts them. */
static void
paint_away(struct duty_page *duty, struct canvas *c)
{
	struct book *book = &duty->base.app->book;
	int n = n_away(duty);
	struct str label = STR_INIT;
	int row = 0;
	size_t i;
	json_t *person;

	str_add(&label, _("Away"));
	if (n > c->rows) {
		str_addf(&label, " %d", n);
	}
	(void)paint_text(c, (struct place){ 0, 1, LABEL_COLS }, ROLE_QUIET, str_text(&label));
	str_release(&label);
	if (n == 0) {
		(void)paint_text(c, (struct place){ 0, 1 + LABEL_COLS, 0 }, ROLE_QUIET,
			_("Nobody has an absence now."));
	}
	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		struct str text = STR_INIT;

		if (!is_away(duty, person) || row >= c->rows) {
			continue;
		}
		if (c->cols < SHORT_BELOW) {
			book_short_person(book, doc_text(person, "id"), &text);
		} else {
			str_add(&text, doc_words_of(person, "name"));
		}
		str_add(&text, "  ");
		duty_away_words(book, person, true, &text);
		(void)paint_text(c,
			(struct place){ row++, 1 + LABEL_COLS, c->cols - LABEL_COLS - 2 },
			ROLE_TEXT, str_text(&text));
		str_release(&text);
	}
}

/* --- who would be told ---------------------------------------------------------------------- */

/* Whether an earlier row told the person already: what repeats says nothing of who. */
static bool
was_told(const json_t *timeline, size_t row, const char *person)
{
	for (size_t i = 0; i < row; i++) {
		if (doc_find(doc_list(json_array_get(timeline, i), "people"), "person", person)) {
			return true;
		}
	}
	return false;
}

static void
paint_told_row(struct duty_page *duty, struct canvas *c, int at, const json_t *row,
	const json_t *told)
{
	struct book *book = &duty->base.app->book;
	const char *id = doc_text(told, "person");
	bool wide = c->cols >= NUMBER_FROM;
	struct str name = STR_INIT;
	char when[STAMP_SIZE];
	char link[24] = "";

	book_time(book, doc_time(row, "at"), when);
	if (doc_int(told, "link") > 0) {
		(void)snprintf(link, sizeof(link), "%lld", (long long)doc_int(told, "link"));
	}
	if (wide) {
		str_add(&name, book_person(book, id));
	} else {
		book_short_person(book, id, &name);
	}
	(void)paint_spans(c, (struct place){ at, 1, 0 },
		(struct span[]){
			{ WHEN_COLS, ROLE_QUIET, when },
			{ LINK_COLS, ROLE_HEAD, link },
			{ wide ? PERSON_COLS : PERSON_NARROW,
				strcmp(id, book_me(book)) == 0 ? ROLE_MINE : ROLE_TEXT,
				str_text(&name) },
			{ 1, ROLE_TEXT, "" },
			{ wide ? NUMBER_COLS : 0, ROLE_TEXT,
				wide ? doc_text(told, "number") : "" },
			{ 0, ROLE_QUIET, book_role(book, doc_text(told, "role")) },
		},
		6);
	str_release(&name);
}

static void
paint_told(struct duty_page *duty, struct canvas *c)
{
	const json_t *timeline = doc_list(duty->told, "timeline");
	int at = 2;
	size_t i;
	size_t k;
	json_t *row;
	json_t *told;

	(void)paint_text(c, (struct place){ 0, 1, c->cols - 2 }, ROLE_HEAD,
		_("WHO WOULD BE TOLD OF A REPORT NOW"));
	(void)paint_words(c, (struct place){ 1, 1, c->cols - 2 }, ROLE_QUIET,
		_("When, link, person, if nobody answers."));
	json_array_foreach(timeline, i, row)
	{
		json_array_foreach(doc_list(row, "people"), k, told)
		{
			if (at < c->rows && !was_told(timeline, i, doc_text(told, "person"))) {
				paint_told_row(duty, c, at++, row, told);
			}
		}
	}
	if (at == 2 && duty->told) {
		(void)paint_text(c, (struct place){ 2, 1, c->cols - 2 }, ROLE_OVERDUE,
			_("! Nobody would be told."));
	}
}

/* --- findings ------------------------------------------------------------------------------- */

static void
paint_findings(struct duty_page *duty, struct canvas *c)
{
	size_t i;
	json_t *finding;

	page_begin(&duty->page, c->cols - 2, 2);
	page_heading(&duty->page, _("What would keep somebody from being told, in 30 days"));
	json_array_foreach(doc_list(duty->findings, "findings"), i, finding)
	{
		page_field(&duty->page, "!", doc_text(finding, "text"));
	}
	page_paint(&duty->page, c);
}

/* --- all of it ---------------------------------------------------------------------------- */

/* Now, next, the week and who is away, in that order; the week has what the others leave. */
static void
paint_left(struct duty_page *duty, struct canvas *c)
{
	int away = n_away(duty);
	int wanted = duty_week_rows(duty, c->cols);
	int room = c->rows - NOW_ROWS - 1 - DUTY_DAYS;
	bool airy = room >= AIRY_FROM; /* a rule between, too */
	int week;
	struct canvas part;

	away = away < 1 ? 1 : away;
	room -= airy;
	away = away > room && room > 0 ? room : away;
	week = c->rows - NOW_ROWS - 1 - airy - away;
	week = week < wanted ? week : wanted;
	paint_now(duty, c);
	paint_rule(c, NOW_ROWS);
	part = paint_part(c, (struct place){ NOW_ROWS + 1, 0, 0 }, week);
	duty_paint_week(duty, &part);
	paint_part_done(c, &part);
	if (airy) {
		paint_rule(c, NOW_ROWS + 1 + week);
	}
	part = paint_part(c, (struct place){ NOW_ROWS + 1 + week + airy, 0, 0 }, away);
	paint_away(duty, &part);
	paint_release(&part);
}

void
duty_paint(struct screen *screen, struct canvas *c)
{
	struct duty_page *duty = self(screen);
	bool wide = c->cols >= DUTY_WIDE_FROM;
	int half = c->cols * 11 / 20 < LEFT_MOST ? c->cols * 11 / 20 : LEFT_MOST;
	int left = wide ? half : c->cols;
	struct canvas part;

	if (duty->look == DUTY_FINDINGS) {
		paint_findings(duty, c);
		return;
	}
	if (duty->look == DUTY_TOLD && !wide) {
		paint_told(duty, c);
		return;
	}
	part = paint_part(c, (struct place){ 0, 0, left }, c->rows);
	paint_left(duty, &part);
	paint_part_done(c, &part);
	if (wide) {
		part = paint_part(c, (struct place){ 0, left + 1, 0 }, c->rows);
		paint_told(duty, &part);
		paint_release(&part);
	}
}
