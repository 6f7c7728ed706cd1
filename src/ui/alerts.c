/* SPDX-License-Identifier: MIT */
/*
 * What other systems reported: alerts that wait for somebody to judge them.  An
 * alert becomes a report, is linked with a case, or is put aside with a reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "list.h"
#include "page.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "value.h"

enum {
	DETAIL_ROWS = 8,
	WIDE_FROM = 120, /* from here on the marked one stands beside the list */
	LABEL_COLS = 12,
	LIST_MOST = 500,
	ID_COLS = 7,
	TIME_COLS = 12,
	STATE_COLS = 10,
	TIMES_COLS = 7,
};

struct alerts {
	struct screen base;
	json_t *rows;  /* of alert.list */
	json_t *shown; /* alert.show of the marked one; NULL until it is wanted */
	struct list list;
	struct page page;
	bool all;   /* those that were judged, too */
	bool whole; /* the marked one has the whole window */
	char *why;  /* a reason that was typed and not taken; NULL */
};

static struct alerts *
self(struct screen *screen)
{
	return (struct alerts *)screen;
}

static const json_t *
row_at(const struct alerts *alerts, int i)
{
	return json_array_get(alerts->rows, (size_t)i);
}

static const char *
row_id(const void *ctx, int i)
{
	return doc_text(row_at(ctx, i), "id");
}

static const char *
marked_id(const struct alerts *alerts)
{
	return doc_text(row_at(alerts, alerts->list.selected), "id");
}

static enum err
alerts_load(struct screen *screen)
{
	struct alerts *alerts = self(screen);
	json_t *args = json_pack("{s:i}", "limit", LIST_MOST);
	json_t *result = NULL;
	enum err e;

	if (!alerts->all) {
		json_object_set_new(args, "state", json_string("open"));
	}
	e = app_call(screen->app, "alert.list", args, &result);
	if (e != ERR_OK) {
		return e;
	}
	json_decref(alerts->rows);
	alerts->rows = json_incref(json_object_get(result, "alerts"));
	json_decref(result);
	json_decref(alerts->shown);
	alerts->shown = NULL;
	list_update(&alerts->list, (int)json_array_size(alerts->rows), row_id, alerts);
	return ERR_OK;
}

/* The marked alert with its text, read once for each mark; NULL: there is none. */
static const json_t *
shown(struct alerts *alerts)
{
	const char *id = marked_id(alerts);
	json_t *error = NULL;

	if (alerts->shown && strcmp(doc_text(alerts->shown, "id"), id) != 0) {
		json_decref(alerts->shown);
		alerts->shown = NULL;
	}
	if (!alerts->shown && id[0] &&
		app_try(alerts->base.app, "alert.show", json_pack("{s:s}", "id", id),
			&alerts->shown, &error) != ERR_OK) {
		json_decref(error); /* the row says what is known */
	}
	return alerts->shown;
}

/* --- painting ---------------------------------------------------------------------------- */

static void
alerts_head(struct screen *screen, struct head *head)
{
	struct alerts *alerts = self(screen);
	size_t firing = 0;
	size_t i;
	json_t *row;
	char number[24];
	char all[24];

	json_array_foreach(alerts->rows, i, row)
	{
		firing += doc_flag(row, "firing") ? 1 : 0;
	}
	(void)snprintf(number, sizeof(number), "%zu", firing);
	(void)snprintf(all, sizeof(all), "%zu", json_array_size(alerts->rows));
	str_say(&head->state,
		alerts->all ? _("All alerts {all} | firing {n}")
			    : _("Waiting to be judged {all} | firing {n}"),
		(struct str_arg[]){ { "all", all }, { "n", number } }, 2);
}

static const char *
state_words(const json_t *row)
{
	const char *state = doc_text(row, "state");

	if (strcmp(state, "promoted") == 0) {
		return _("reported");
	}
	if (strcmp(state, "linked") == 0) {
		return _("linked");
	}
	if (strcmp(state, "dismissed") == 0) {
		return _("put aside");
	}
	return doc_flag(row, "firing") ? _("firing") : _("over");
}

static void
paint_row(struct alerts *alerts, struct canvas *c, int at, int i)
{
	const json_t *row = row_at(alerts, i);
	bool open = strcmp(doc_text(row, "state"), "open") == 0;
	bool firing = open && doc_flag(row, "firing");
	bool marked = i == alerts->list.selected;
	char time[STAMP_SIZE];
	char times[24];
	struct span spans[] = {
		{ 1, ROLE_SELECTED, marked ? ">" : "" },
		{ 2, ROLE_OVERDUE, firing ? "!" : "" },
		{ ID_COLS, marked ? ROLE_HEAD : ROLE_TEXT, doc_text(row, "id") },
		{ TIME_COLS, ROLE_QUIET, time },
		{ STATE_COLS, firing ? ROLE_OVERDUE : ROLE_QUIET, state_words(row) },
		{ 1, ROLE_TEXT, "" },
		{ TIMES_COLS, ROLE_QUIET, times },
	};
	int col;

	book_time(&alerts->base.app->book, doc_time(row, "last_at"), time);
	(void)snprintf(times, sizeof(times), "%lldx", (long long)doc_int(row, "times"));
	col = paint_spans(c, (struct place){ at, 0, 0 }, spans, ARRAY_LEN(spans));
	(void)paint_text(c, (struct place){ at, col, c->cols - col - 1 },
		open ? ROLE_TEXT : ROLE_QUIET, doc_text(row, "title"));
}

static void
paint_headings(struct canvas *c)
{
	struct span spans[] = {
		{ 3, ROLE_HEAD, "" },
		{ ID_COLS, ROLE_HEAD, _("ID") },
		{ TIME_COLS, ROLE_HEAD, _("LAST") },
		{ STATE_COLS, ROLE_HEAD, _("STATE") },
		{ 1, ROLE_HEAD, "" },
		{ TIMES_COLS, ROLE_HEAD, _("TIMES") },
		{ 0, ROLE_HEAD, _("WHAT") },
	};

	(void)paint_spans(c, (struct place){ 0, 0, 0 }, spans, ARRAY_LEN(spans));
}

static void
page_of_alert(struct alerts *alerts, const json_t *alert)
{
	struct book *book = &alerts->base.app->book;
	struct page *page = &alerts->page;
	struct str text = STR_INIT;
	char from[STAMP_SIZE];
	const char *key;
	json_t *value;

	page_heading(page, doc_text(alert, "title"));
	book_time(book, doc_time(alert, "first_at"), from);
	str_addf(&text, "%s  %s %s", doc_text(alert, "source"), _("since"), from);
	page_field(page, _("From"), str_text(&text));
	if (doc_text(alert, "incident")[0]) {
		page_field(page, _("Incident"), doc_text(alert, "incident"));
	}
	if (doc_text(alert, "place")[0] || doc_text(alert, "asset")[0]) {
		str_clear(&text);
		str_addf(&text, "%s  %s", doc_text(alert, "place"), doc_text(alert, "asset"));
		page_field(page, _("Where"), str_text(&text));
	}
	page_text(page, ROLE_TEXT, doc_text(alert, "text"));
	json_object_foreach(json_object_get(alert, "labels"), key, value)
	{
		page_field_in(page, ROLE_QUIET, key, json_string_value(value));
	}
	str_release(&text);
}

static void
paint_detail(struct alerts *alerts, struct canvas *c)
{
	const json_t *alert = shown(alerts);

	page_begin(&alerts->page, c->cols - 2, LABEL_COLS);
	if (alert) {
		page_of_alert(alerts, alert);
	}
	page_paint(&alerts->page, c);
}

static void
paint_list(struct alerts *alerts, struct canvas *c)
{
	int top = list_view(&alerts->list, c->rows - 1);

	paint_headings(c);
	for (int i = 0; i < c->rows - 1 && top + i < alerts->list.n; i++) {
		paint_row(alerts, c, 1 + i, top + i);
	}
	paint_caret(c, 1 + alerts->list.selected - top, 0, false);
}

static void
alerts_paint(struct screen *screen, struct canvas *c)
{
	struct alerts *alerts = self(screen);
	bool wide = c->cols >= WIDE_FROM;
	int left = wide ? c->cols * 3 / 5 : c->cols;
	int upper = wide ? c->rows : c->rows - DETAIL_ROWS;
	struct canvas part;

	if (alerts->list.n == 0) {
		(void)paint_wrapped(c, (struct place){ 1, 3, c->cols - 6 },
			(struct wrap){ .rows = 4 }, ROLE_TEXT,
			_("No alert waits. What monitoring reports through 'toban intake' appears "
			  "here, to be reported, linked with a case, or put aside. c: those that "
			  "were judged."));
		return;
	}
	if (alerts->whole) {
		paint_detail(alerts, c);
		return;
	}
	part = paint_part(c, (struct place){ 0, 0, left }, upper);
	paint_list(alerts, &part);
	paint_part_done(c, &part);
	if (!wide) {
		paint_rule(c, upper);
	}
	part = wide ? paint_part(c, (struct place){ 0, left + 1, c->cols - left - 1 }, c->rows)
		    : paint_part(c, (struct place){ upper + 1, 1, c->cols - 2 }, DETAIL_ROWS - 1);
	alerts->page.top = 0;
	paint_detail(alerts, &part);
	paint_part_done(c, &part);
}

/* --- judging ------------------------------------------------------------------------------- */

/* Says why the marked alert cannot be judged so; false: it can. */
static bool
is_refused(struct alerts *alerts, const char *what)
{
	const json_t *may = json_object_get(json_object_get(shown(alerts), "may"), what);
	bool refused = may && !doc_flag(may, "allowed");

	if (refused) {
		app_say(alerts->base.app, SAY_INFO, doc_words_of(may, "why"));
	}
	return refused || !marked_id(alerts)[0];
}

static void
judged(struct alerts *alerts, const char *pattern, const json_t *result)
{
	free(alerts->why);
	alerts->why = NULL;
	app_say_with(alerts->base.app, SAY_DONE, pattern,
		(struct str_arg[]){ { "alert", doc_text(result, "id") },
			{ "id", doc_text(result, "incident") } },
		2);
	app_changed(alerts->base.app);
}

/* The report begins with what the alert tells; sending it judges the alert. */
static void
promote_run(struct screen *screen)
{
	struct alerts *alerts = self(screen);
	json_t *begun = NULL;
	json_t *saved = NULL;
	json_t *args = json_object();

	if (is_refused(alerts, "promote") ||
		app_call(screen->app, "alert.promote", json_pack("{s:s}", "id", marked_id(alerts)),
			&begun) != ERR_OK) {
		json_decref(args);
		return;
	}
	json_object_set_new(args, "form", json_string("report"));
	json_object_set_new(args, "subject", json_string(marked_id(alerts)));
	json_object_set(args, "fields", json_object_get(begun, "fields"));
	if (app_call(screen->app, "draft.save", args, &saved) == ERR_OK) {
		report_open(screen->app, doc_text(saved, "draft"));
	}
	json_decref(begun);
	json_decref(saved);
}

static void
link_answered(struct screen *asker, const json_t *value)
{
	struct alerts *alerts = self(asker);
	const char *incident = json_string_value(value);
	json_t *result = NULL;

	if (incident &&
		app_call(asker->app, "alert.link",
			json_pack("{s:s, s:s}", "id", marked_id(alerts), "incident", incident),
			&result) == ERR_OK) {
		judged(alerts, _("{alert} is linked with {id}."), result);
		json_decref(result);
	}
}

static void
link_run(struct screen *screen)
{
	struct alerts *alerts = self(screen);

	if (!is_refused(alerts, "link")) {
		popup_pick(screen->app,
			&(struct popup_pick){
				.asker = screen,
				.title = _("Link the alert with which case?"),
				.options = value_incidents(&screen->app->book),
				.answered = link_answered,
			});
	}
}

static void
dismiss_answered(struct screen *asker, const char *why)
{
	struct alerts *alerts = self(asker);
	json_t *result = NULL;

	free(alerts->why);
	alerts->why = strdup(why);
	if (app_call(asker->app, "alert.dismiss",
		    json_pack("{s:s, s:s}", "id", marked_id(alerts), "why", why),
		    &result) == ERR_OK) {
		judged(alerts, _("{alert} is put aside."), result);
		json_decref(result);
	}
}

static void
dismiss_left(struct screen *asker, const char *why)
{
	struct alerts *alerts = self(asker);

	free(alerts->why);
	alerts->why = strdup(why);
}

static void
dismiss_run(struct screen *screen)
{
	struct alerts *alerts = self(screen);

	if (!is_refused(alerts, "dismiss")) {
		popup_prompt(screen->app,
			&(struct popup_prompt){
				.asker = screen,
				.label = _("Put aside because:"),
				.text = alerts->why,
				.answered = dismiss_answered,
				.left = dismiss_left,
			});
	}
}

/* --- keys --------------------------------------------------------------------------------- */

static bool
alerts_key(struct screen *screen, const struct key *key)
{
	struct alerts *alerts = self(screen);

	if (alerts->whole) {
		if (key->code == K_ESC || key->code == 'q') {
			alerts->whole = false;
			return true;
		}
		return page_key(&alerts->page, key->code);
	}
	if (!list_key(&alerts->list, key->code)) {
		return false;
	}
	if (alerts->list.n > 0) {
		list_anchor(&alerts->list, marked_id(alerts));
	}
	return true;
}

static void
whole_run(struct screen *screen)
{
	struct alerts *alerts = self(screen);

	alerts->whole = !alerts->whole && alerts->list.n > 0;
	alerts->page.top = 0;
}

static void
all_run(struct screen *screen)
{
	self(screen)->all = !self(screen)->all;
	(void)alerts_load(screen); /* says what went wrong */
}

static void
incident_run(struct screen *screen)
{
	const char *id = doc_text(row_at(self(screen), self(screen)->list.selected), "incident");

	if (id[0]) {
		incident_open(screen->app, id);
	} else {
		app_say(screen->app, SAY_INFO, _("This alert belongs to no case you may read."));
	}
}

static void
alerts_release(struct screen *screen)
{
	struct alerts *alerts = self(screen);

	json_decref(alerts->rows);
	json_decref(alerts->shown);
	list_release(&alerts->list);
	page_release(&alerts->page);
	free(alerts->why);
}

static const struct action actions[] = {
	{ "read", K_ENTER, 0, N_("whole/list"), N_("Read all of the marked alert, and back"),
		ACTION_HINT, whole_run },
	{ "promote", 'p', 0, N_("report it"),
		N_("Make a report of the alert; you answer the questions, then send it"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, promote_run },
	{ "link", 'l', 0, N_("link"), N_("Link the alert with a case that is open"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, link_run },
	{ "dismiss", 'x', 0, N_("put aside"), N_("Put the alert aside, with a reason"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, dismiss_run },
	{ "incident", 'o', 0, N_("open its case"), N_("Open the case the alert belongs to"),
		ACTION_PLAIN, incident_run },
	{ "judged", 'c', 0, N_("judged ones"), N_("Show alerts that were judged, too"), ACTION_HINT,
		all_run },
	{ .name = NULL },
};

const struct screen_ops alerts_ops = {
	.name = "alerts",
	.title = N_("Alerts of other systems"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = alerts_load,
	.head = alerts_head,
	.paint = alerts_paint,
	.key = alerts_key,
	.release = alerts_release,
};

void
alerts_open(struct app *app)
{
	if (!app_return_to(app, alerts_ops.name)) {
		(void)app_push(app, screen_new(app, &alerts_ops, sizeof(struct alerts)));
	}
}
