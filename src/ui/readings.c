/* SPDX-License-Identifier: MIT */
/*
 * Emergency readings: who opened which restricted case, why, and until when, for those who
 * watch over that.  To the office head they count as looked at once they stood here.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "clipboard.h"
#include "doc.h"
#include "list.h"
#include "page.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	MARK_COLS = 2,
	WHEN_COLS = 12,
	CASE_COLS = 10,
	WHO_NARROW_COLS = 13,
	WHO_COLS = 18,
	WHO_WIDE_COLS = 30,
	NARROW_BELOW = 72,
	WIDE = 120,
	UNTIL_COLS = 8,
	LABEL_COLS = 14,
	DETAIL_ROWS = 7, /* with its rule */
	LIST_LEAST = 3,
	MOST = 500
};

struct readings {
	struct screen base;
	json_t *log;        /* events of access.log */
	int64_t looked_seq; /* as it was when the screen was opened; -1: nobody asks that of me */
	bool loaded;
	struct list list;
	struct page page;
};

static struct readings *
self(struct screen *screen)
{
	return (struct readings *)screen;
}

static const json_t *
reading_at(const struct readings *readings, int i)
{
	return json_array_get(readings->log, (size_t)i);
}

static const char *
row_id(const void *ctx, int i)
{
	return doc_text(json_array_get(ctx, (size_t)i), "row_hash");
}

/* Not looked at before this screen was opened; while it is open it stays marked. */
static bool
is_new(const struct readings *readings, const json_t *reading)
{
	return readings->looked_seq >= 0 && doc_int(reading, "seq") > readings->looked_seq;
}

static const char *
case_of(const json_t *reading)
{
	return doc_text(json_object_get(reading, "body"), "incident");
}

static stamp
until_of(const json_t *reading)
{
	return doc_time(json_object_get(reading, "body"), "until");
}

static enum err
readings_load(struct screen *screen)
{
	struct readings *readings = self(screen);
	json_t *result = NULL;
	enum err e = app_call(screen->app, "access.log",
		json_pack("{s:s, s:i}", "only", "break-glass", "limit", MOST), &result);
	const json_t *looked;

	if (e != ERR_OK) {
		return e;
	}
	looked = json_object_get(result, "looked_seq");
	if (!readings->loaded) {
		readings->looked_seq = json_is_integer(looked) ? json_integer_value(looked) : -1;
		readings->loaded = true;
	}
	json_decref(readings->log);
	readings->log = json_incref(json_object_get(result, "log"));
	json_decref(result);
	list_update(&readings->list, (int)json_array_size(readings->log), row_id, readings->log);
	return ERR_OK;
}

static void
readings_head(struct screen *screen, struct head *head)
{
	const struct readings *readings = self(screen);
	unsigned long n = 0;
	char number[24];
	size_t i;
	json_t *reading;

	json_array_foreach(readings->log, i, reading)
	{
		n += is_new(readings, reading);
	}
	str_add(&head->state, _("Who read a restricted case in an emergency, and why."));
	if (n > 0) {
		(void)snprintf(number, sizeof(number), "%lu", n);
		str_say(&head->state_right, P_("{n} new to you", "{n} new to you", n),
			&(struct str_arg){ "n", number }, 1);
	}
}

/* --- painting ------------------------------------------------------------------------------ */

static int
who_cols(const struct canvas *c)
{
	if (c->cols < NARROW_BELOW) {
		return WHO_NARROW_COLS;
	}
	return c->cols < WIDE ? WHO_COLS : WHO_WIDE_COLS;
}

static void
paint_headings(struct canvas *c)
{
	const struct span spans[] = {
		{ MARK_COLS * 2, ROLE_HEAD, "" },
		{ WHEN_COLS, ROLE_HEAD, _("WHEN") },
		{ CASE_COLS, ROLE_HEAD, _("CASE") },
		{ who_cols(c), ROLE_HEAD, _("WHO") },
		{ UNTIL_COLS, ROLE_HEAD, _("UNTIL") },
		{ 0, ROLE_HEAD, _("WHY") },
	};

	(void)paint_spans(c, (struct place){ 0, 1, c->cols - 1 }, spans, ARRAY_LEN(spans));
}

static void
paint_row(struct readings *readings, struct canvas *c, int row, int i)
{
	struct book *book = &readings->base.app->book;
	const json_t *reading = reading_at(readings, i);
	bool selected = i == readings->list.selected;
	bool open = until_of(reading) > book_now(book);
	bool withheld = doc_flag(reading, "withheld");
	char at[STAMP_SIZE];
	char until[STAMP_SIZE];

	book_time(book, doc_time(reading, "at"), at);
	book_time(book, until_of(reading), until);
	const struct span spans[] = {
		{ MARK_COLS, ROLE_SELECTED, selected ? ">" : "" },
		{ MARK_COLS, ROLE_OVERDUE, is_new(readings, reading) ? "!" : "" },
		{ WHEN_COLS, selected ? ROLE_HEAD : ROLE_TEXT, at },
		{ CASE_COLS, ROLE_TEXT, withheld ? "-" : case_of(reading) },
		{ who_cols(c) - 1, ROLE_TEXT, book_person(book, doc_text(reading, "actor")) },
		{ 1, ROLE_TEXT, "" },
		{ UNTIL_COLS, open ? ROLE_MINE : ROLE_QUIET, open ? until : _("ended") },
	};
	int col = paint_spans(c, (struct place){ row, 1, c->cols - 1 }, spans, ARRAY_LEN(spans));

	(void)paint_cut(c, (struct place){ row, col, c->cols - col - 1 },
		withheld ? ROLE_QUIET : ROLE_TEXT,
		withheld ? _("(a case you may not read)")
			 : doc_text(json_object_get(reading, "body"), "why"));
}

static void
add_who(struct readings *readings, const json_t *reading)
{
	struct book *book = &readings->base.app->book;
	const char *id = doc_text(reading, "actor");
	const json_t *person = book_person_record(book, id);
	struct str text = STR_INIT;

	str_addf(&text, "%s (%s)", book_person(book, id), id);
	if (person) {
		str_addf(&text, ", %s", book_department(book, doc_text(person, "department")));
	}
	page_field(&readings->page, _("Who"), str_text(&text));
	str_release(&text);
}

static void
add_times(struct readings *readings, const json_t *reading)
{
	struct book *book = &readings->base.app->book;
	struct str text = STR_INIT;
	char until[STAMP_SIZE];

	book_time(book, until_of(reading), until);
	book_time_full(book, doc_time(reading, "at"), &text);
	str_addf(&text, " - %s  %s", until,
		until_of(reading) > book_now(book) ? _("open now") : _("ended"));
	page_field(&readings->page, _("From, until"), str_text(&text));
	str_release(&text);
}

static void
build_page(struct readings *readings, int cols)
{
	const json_t *reading = reading_at(readings, readings->list.selected);
	bool withheld = doc_flag(reading, "withheld");

	page_begin(&readings->page, cols, LABEL_COLS);
	if (!reading) {
		page_text(&readings->page, ROLE_QUIET,
			_("Nobody has opened a restricted case that way. Who needs to does it with "
			  "b on the duty board; it then stands here, with the reason."));
		return;
	}
	page_field(&readings->page, _("Case"),
		withheld ? _("(a case you may not read)") : case_of(reading));
	add_who(readings, reading);
	add_times(readings, reading);
	page_field(&readings->page, _("Reason"),
		withheld ? _("not shown, as the case")
			 : doc_text(json_object_get(reading, "body"), "why"));
}

static void
readings_paint(struct screen *screen, struct canvas *c)
{
	struct readings *readings = self(screen);
	int rows = c->rows - DETAIL_ROWS - 1;
	struct canvas detail;
	int top;

	rows = rows > LIST_LEAST ? rows : LIST_LEAST;
	top = list_view(&readings->list, rows);
	paint_headings(c);
	for (int i = 0; i < rows && top + i < readings->list.n; i++) {
		paint_row(readings, c, 1 + i, top + i);
	}
	paint_rule(c, 1 + rows);
	detail = paint_part(c, (struct place){ 2 + rows, 0, 0 }, c->rows - rows - 2);
	build_page(readings, c->cols - 1);
	page_paint(&readings->page, &detail);
	paint_part_done(c, &detail);
	paint_caret(c, 1 + readings->list.selected - top, 1, false);
}

/* --- keys --------------------------------------------------------------------------------- */

static bool
readings_key(struct screen *screen, const struct key *key)
{
	struct readings *readings = self(screen);

	if (!list_key(&readings->list, key->code)) {
		return false;
	}
	readings->page.top = 0;
	if (readings->list.n > 0) {
		list_anchor(&readings->list, row_id(readings->log, readings->list.selected));
	}
	return true;
}

static const char *
marked_case(struct screen *screen)
{
	struct readings *readings = self(screen);

	return case_of(reading_at(readings, readings->list.selected));
}

/* Of a withheld case there is no number to open or to copy. */
static bool
readings_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	(void)action;
	if (marked_case(screen)[0]) {
		return false;
	}
	str_add(why,
		self(screen)->list.n > 0
			? _("You may not read this case. The office head and auditors can.")
			: _("No case was read that way."));
	return true;
}

static void
open_run(struct screen *screen)
{
	incident_open(screen->app, marked_case(screen));
}

static void
copy_run(struct screen *screen)
{
	clipboard_send_id(screen->app, marked_case(screen));
}

static const char *
readings_subject(struct screen *screen)
{
	const char *id = marked_case(screen);

	return id[0] ? id : NULL;
}

static void
readings_release(struct screen *screen)
{
	json_decref(self(screen)->log);
	list_release(&self(screen)->list);
	page_release(&self(screen)->page);
}

static const struct action actions[] = {
	{ "open", K_ENTER, 0, N_("open"), N_("Open the case that was read"),
		ACTION_HINT | ACTION_LIVE, open_run },
	{ "copy", 'y', 0, N_("copy number"),
		N_("Send the incident's number to the terminal's clipboard"),
		ACTION_HINT | ACTION_LIVE, copy_run },
	{ .name = NULL },
};

const struct screen_ops readings_ops = {
	.name = "readings",
	.title = N_("Emergency readings"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = readings_load,
	.head = readings_head,
	.paint = readings_paint,
	.key = readings_key,
	.subject = readings_subject,
	.why_not = readings_why_not,
	.release = readings_release,
};

void
readings_open(struct app *app)
{
	if (!app_return_to(app, readings_ops.name)) {
		/* Says why not. */
		(void)app_push(app, screen_new(app, &readings_ops, sizeof(struct readings)));
	}
}
