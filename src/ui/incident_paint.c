/* SPDX-License-Identifier: MIT */
/*
 * How the page of an incident looks: chain, tabs, one section, what is next.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "incident.h"
#include "incident_layout.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

static const char *const section_labels[SECTION_COUNT] = {
	[SECTION_TIMELINE] = N_("Timeline"),
	[SECTION_REPORT] = N_("Report"),
	[SECTION_RESULT] = N_("Result"),
	[SECTION_PREVENTION] = N_("Prevention"),
	[SECTION_ROLLOUT] = N_("Roll-out"),
	[SECTION_REVIEWS] = N_("Reviews"),
	[SECTION_EVIDENCE] = N_("Evidence"),
};

void
incident_head(struct screen *screen, struct head *head)
{
	struct incident_view *view = (struct incident_view *)screen;
	struct book *book = &screen->app->book;
	const json_t *show = view->show;
	char left[STAMP_SIZE];

	str_addf(&head->title, "%s  %s", doc_text(show, "id"), doc_text(show, "title"));
	head->drill = doc_flag(show, "drill");
	/* First: in a narrow window the end of the row is cut. */
	if (doc_flag(show, "confidential")) {
		str_addf(&head->state, "%s   ", _("CONFIDENTIAL"));
	}
	if (strcmp(doc_text(show, "major"), "yes") == 0) {
		str_addf(&head->state, "!! %s   ", _("major accident"));
	} else if (strcmp(doc_text(show, "major"), "proposed") == 0) {
		str_addf(&head->state, "!! %s   ", _("major accident proposed"));
	}
	str_addf(&head->state, "%s   ", book_state(book, doc_text(show, "state")));
	book_category(book, doc_text(show, "category"), &head->state);
	str_addf(&head->state, "   %s", book_department(book, doc_text(show, "department")));
	if (doc_time(show, "due_at") != STAMP_NONE) {
		book_left(book, doc_time(show, "due_at"), left);
		str_addf(&head->state_right, "%s%s %s", doc_flag(show, "overdue") ? "! " : "",
			doc_flag(show, "overdue") ? _("overdue") : _("due in"), left);
	}
}

/* Where the chain's columns are; narrow windows show dates without minutes. */
struct columns {
	int role_cols;
	int person;
	int times;
	int time_cols;
};

static struct columns
columns_for(struct book *book, int cols, const json_t *chain)
{
	struct columns at = { .role_cols = 12, .time_cols = cols < 76 ? 5 : 11 };
	size_t i;
	json_t *link;

	/* Roles are labels and shown whole where the window allows. */
	json_array_foreach(chain, i, link)
	{
		int width = paint_width(book_role(book, doc_text(link, "role")));

		if (cols >= 76 && width > at.role_cols) {
			at.role_cols = width < 26 ? width : 26;
		}
	}
	at.person = 4 + at.role_cols + 1;
	at.times = cols - 3 * (at.time_cols + 1) - (cols < 76 ? 4 : 1);
	return at;
}

static void
paint_time(struct book *book, struct canvas *c, struct place at, stamp when)
{
	char text[STAMP_SIZE];

	book_time(book, when, text);
	(void)paint_words(c, at, ROLE_TEXT, text[0] ? text : "-");
}

/* The third time: when it was answered, or how much is left for it. */
static void
paint_answer(struct book *book, struct canvas *c, struct place at, const json_t *link)
{
	stamp due = doc_time(link, "due_at");
	char left[STAMP_SIZE];

	if (doc_time(link, "acknowledged_at") != STAMP_NONE || due == STAMP_NONE) {
		paint_time(book, c, at, doc_time(link, "acknowledged_at"));
		return;
	}
	book_left(book, due, left);
	if (due < book_now(book)) {
		(void)paint_text(c, (struct place){ at.row, at.col - 1, 1 }, ROLE_OVERDUE, "!");
		(void)paint_text(c, at, ROLE_OVERDUE, left);
	} else {
		(void)paint_text(c, at, ROLE_TEXT, left);
	}
}

static void
paint_link(struct book *book, struct canvas *c, struct columns at, int row, const json_t *link)
{
	const char *person = doc_text(link, "person");
	const char *role = book_role(book, doc_text(link, "role"));
	bool open = doc_time(link, "notified_at") != STAMP_NONE;
	struct place time = { row, at.times, at.time_cols };
	char number[16];

	snprintf(number, sizeof(number), "%lld", (long long)doc_int(link, "link"));
	(void)paint_text(c, (struct place){ row, 2, 2 }, ROLE_TEXT, number);
	if (paint_width(role) > at.role_cols) {
		role = book_short_role(book, doc_text(link, "role"));
	}
	(void)paint_cut(c, (struct place){ row, 4, at.role_cols }, open ? ROLE_TEXT : ROLE_QUIET,
		role);
	(void)paint_cut(c, (struct place){ row, at.person, at.times - at.person - 1 },
		open ? ROLE_TEXT : ROLE_QUIET,
		doc_flag(link, "skipped") ? _("(passed over: involved)")
			: person[0]       ? book_person(book, person)
					  : _("(not told)"));
	paint_time(book, c, time, doc_time(link, "notified_at"));
	time.col += at.time_cols + 1;
	paint_time(book, c, time, doc_time(link, "seen_at"));
	time.col += at.time_cols + 1;
	paint_answer(book, c, time, link);
}

static void
paint_chain(struct book *book, struct canvas *c, const json_t *chain)
{
	const char *const heads[] = { _("told"), _("seen"), _("answered") };
	struct columns at = columns_for(book, c->cols, chain);
	int row = 1;
	size_t i;
	json_t *link;

	(void)paint_text(c, (struct place){ 0, 1, at.times - 2 }, ROLE_HEAD, _("CONTACT CHAIN"));
	for (i = 0; i < ARRAY_LEN(heads); i++) {
		int col = at.times + (int)i * (at.time_cols + 1);

		(void)paint_text(c, (struct place){ 0, col, i == 2 ? 0 : at.time_cols }, ROLE_HEAD,
			heads[i]);
	}
	json_array_foreach(chain, i, link)
	{
		paint_link(book, c, at, row++, link);
	}
}

/* How many cells are accepted or not applicable, of all. */
static void
count_cells(const json_t *measures, int *ret_done, int *ret_all)
{
	size_t i;
	json_t *measure;

	*ret_done = 0;
	*ret_all = 0;
	json_array_foreach(measures, i, measure)
	{
		const char *key;
		json_t *cell;

		json_object_foreach(json_object_get(measure, "cells"), key, cell)
		{
			(*ret_all)++;
			*ret_done += strcmp(doc_text(cell, "state"), "accepted") == 0;
		}
	}
}

static int
count_verdicts(const json_t *reviews)
{
	const char *key;
	json_t *review;
	int n = 0;

	json_object_foreach((json_t *)(uintptr_t)reviews, key, review)
	{
		n += doc_text(review, "verdict")[0] != '\0';
	}
	return n;
}

static void
add_badge(const json_t *show, enum section section, struct str *out)
{
	const json_t *measures = doc_list(show, "measures");
	int done;
	int all;

	switch (section) {
	case SECTION_TIMELINE:
		str_addf(out, " %zu", json_array_size(doc_list(show, "log")));
		break;
	case SECTION_PREVENTION:
		str_addf(out, " %zu", json_array_size(measures));
		break;
	case SECTION_ROLLOUT:
		count_cells(measures, &done, &all);
		str_addf(out, " %d/%d", done, all);
		break;
	case SECTION_REVIEWS:
		str_addf(out, " %d/%zu", count_verdicts(json_object_get(show, "reviews")),
			json_object_size(json_object_get(show, "reviews")));
		break;
	case SECTION_EVIDENCE:
		str_addf(out, " %zu", json_array_size(doc_list(show, "evidence")));
		break;
	default:
		break;
	}
}

static void
tab_words(const struct incident_view *view, enum section section, bool badge, struct str *out)
{
	str_add(out, _(section_labels[section]));
	if (section == SECTION_TIMELINE && view->filter != LOG_ALL) {
		str_addf(out, " %d (%s)", view->list.n, incident_filter_words(view->filter));
		return;
	}
	if (badge || section == view->section) {
		add_badge(view->show, section, out);
	}
}

/* Columns of the tabs from `first` to `last`, with their separators. */
static int
tabs_width(const struct incident_view *view, int first, int last, bool badges)
{
	struct str all = STR_INIT;
	int width;

	for (int i = first; i <= last; i++) {
		tab_words(view, (enum section)i, badges, &all);
		str_add(&all, i < last ? " | " : "");
	}
	width = paint_width(str_text(&all));
	str_release(&all);
	return width;
}

/* A narrow window shows whole tabs around the current one, never half a word. */
static void
paint_tabs(struct incident_view *view, struct canvas *c, int row)
{
	bool badges = tabs_width(view, 0, SECTION_COUNT - 1, true) < c->cols - 1;
	int first = 0;
	int col = 1;

	while (first < (int)view->section &&
		tabs_width(view, first, (int)view->section, badges) > c->cols - 6) {
		first++;
	}
	for (int i = first; i < SECTION_COUNT; i++) {
		struct str label = STR_INIT;

		if (tabs_width(view, first, i, badges) > c->cols - 2) {
			(void)paint_text(c, (struct place){ row, col, 0 }, ROLE_QUIET, "...");
			break;
		}
		tab_words(view, (enum section)i, badges, &label);
		col += paint_text(c, (struct place){ row, col, 0 },
			i == (int)view->section ? ROLE_SELECTED : ROLE_QUIET, str_text(&label));
		col += paint_text(c, (struct place){ row, col, 0 }, ROLE_QUIET,
			i + 1 < SECTION_COUNT ? " | " : "");
		str_release(&label);
	}
}

static void
paint_next(struct incident_view *view, struct canvas *c)
{
	struct book *book = &view->base.app->book;
	const json_t *waiting = doc_list(view->show, "waiting_for");
	struct str text = STR_INIT;

	str_addf(&text, "%s  ", _("Next"));
	book_waiting_fit(book, view->show, c->cols - 2 - paint_width(str_text(&text)), &text);
	if (json_array_size(waiting) == 0) {
		str_add(&text, _("nothing is awaited"));
	}
	(void)paint_words(c, (struct place){ 1, 1, c->cols - 2 },
		book_waits_for_me(book, view->show) ? ROLE_MINE : ROLE_TEXT, str_text(&text));
	str_release(&text);
}

/* The chain in one row, for windows with few. */
static void
paint_chain_line(struct book *book, struct canvas *c, const json_t *show)
{
	struct str text = STR_INIT;

	book_add_chain(book, show, &text);
	(void)paint_words(c, (struct place){ 0, 1, c->cols - 2 }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static struct canvas
canvas_of_pane(const struct canvas *c, const struct pane *pane)
{
	return paint_part(c, (struct place){ pane->row, pane->col, pane->cols }, pane->rows);
}

/* The timeline beside the sections, with its own heading. */
static void
paint_side(struct incident_view *view, struct canvas *c, const struct pane *pane)
{
	struct canvas side = canvas_of_pane(c, pane);
	struct canvas log = paint_part(&side, (struct place){ 1, 0, 0 }, pane->rows - 1);
	struct str head = STR_INIT;

	for (int i = 0; i < pane->rows; i++) {
		(void)paint_text(
			c, (struct place){ pane->row + i, pane->col - 1, 1 }, ROLE_TEXT, "|");
	}
	str_addf(&head, "%s %d", _("TIMELINE"), view->list.n);
	(void)paint_text(&side, (struct place){ 0, 2, 0 }, ROLE_HEAD, str_text(&head));
	paint_right(&side, (struct place){ 0, 2, pane->cols - 3 }, ROLE_QUIET,
		incident_filter_words(view->filter));
	incident_paint_log(view, &log);
	str_release(&head);
	paint_part_done(&side, &log);
	paint_part_done(c, &side);
}

static void
paint_section(struct incident_view *view, struct canvas *c, const struct incident_layout *l)
{
	struct canvas body = canvas_of_pane(c, &l->body);
	enum section section = view->section;

	/* Beside the timeline stands what it began with. */
	if (section == SECTION_TIMELINE && l->log.rows > 0) {
		section = SECTION_REPORT;
	}
	if (section == SECTION_TIMELINE) {
		incident_paint_log(view, &body);
	} else {
		incident_build(view, section, body.cols - 1);
		page_paint(&view->page, &body);
	}
	paint_part_done(c, &body);
}

static void
paint_told(struct incident_view *view, struct canvas *c, const struct incident_layout *l,
	const json_t *links)
{
	struct book *book = &view->base.app->book;
	struct canvas chain = canvas_of_pane(c, &l->chain);
	struct canvas rule = paint_part(c, (struct place){ l->chain.rows, 0, l->chain.cols }, 1);

	if (l->one_line) {
		paint_chain_line(book, &chain, view->show);
	} else {
		paint_chain(book, &chain, links);
		paint_rule(&rule, 0);
	}
	paint_part_done(c, &chain);
	paint_part_done(c, &rule);
}

static void
paint_page(struct incident_view *view, struct canvas *c)
{
	json_t *links = book_chain(&view->base.app->book, view->show);
	struct incident_layout l =
		incident_layout_for(c->cols, c->rows, (int)json_array_size(links));
	struct canvas tabs = canvas_of_pane(c, &l.tabs);
	struct canvas next = canvas_of_pane(c, &l.next);

	paint_told(view, c, &l, links);
	json_decref(links);
	paint_tabs(view, &tabs, 0);
	paint_section(view, c, &l);
	if (l.log.rows > 0) {
		paint_side(view, c, &l.log);
	}
	paint_rule(&next, 0);
	paint_next(view, &next);
	paint_part_done(c, &tabs);
	paint_part_done(c, &next);
}

/* How it comes that somebody reads it who may not otherwise stands above all of it. */
void
incident_paint(struct screen *screen, struct canvas *c)
{
	struct incident_view *view = (struct incident_view *)screen;
	struct str glass = STR_INIT;
	int rows;
	struct canvas page;

	glass_words(&screen->app->book, view->show, &glass);
	rows = glass.len > 0;
	page = paint_part(c, (struct place){ rows, 0, 0 }, c->rows - rows);
	paint_page(view, &page);
	paint_part_done(c, &page);
	if (rows > 0) {
		(void)paint_cut(c, (struct place){ 0, 1, c->cols - 2 }, ROLE_OVERDUE,
			str_text(&glass));
	}
	str_release(&glass);
}
