/* SPDX-License-Identifier: MIT */
/*
 * The timeline of an incident: which entries are shown, and where the reader was
 * last time.  What each says is worded in entry_words.c.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "incident.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "value.h"

/* --- which entries ---------------------------------------------------------------- */

const char *
incident_filter_words(enum log_filter filter)
{
	static const char *const words[LOG_FILTER_COUNT] = {
		[LOG_ALL] = N_("all entries"),
		[LOG_DECISIONS] = N_("decisions"),
		[LOG_NOTES] = N_("notes"),
		[LOG_MESSAGES] = N_("messages"),
	};

	return _(words[filter]);
}

/*
 * What the desk wrote by itself, and who read what, are messages; a step that
 * others are told of is a decision; the rest are notes.
 */
static enum log_filter
kind_of(struct book *book, const json_t *event)
{
	const char *kind = doc_text(event, "kind");
	const json_t *step = book_step_record(book, kind);

	if (strcmp(kind, "report") == 0) {
		return LOG_DECISIONS;
	}
	if (!step) {
		return LOG_MESSAGES;
	}
	return strcmp(doc_text(step, "confirm"), "none") == 0 ? LOG_NOTES : LOG_DECISIONS;
}

static const char *
entry_id(const void *ctx, int i)
{
	return doc_text(json_array_get(ctx, (size_t)i), "row_hash");
}

const char *
incident_entry_id(const struct incident_view *view)
{
	return entry_id(view->log, view->list.selected);
}

void
incident_filter_log(struct incident_view *view)
{
	const json_t *log = doc_list(view->show, "log");
	size_t i;
	json_t *event;

	json_decref(view->log);
	view->log = json_array();
	json_array_foreach(log, i, event)
	{
		if (view->filter == LOG_ALL ||
			kind_of(&view->base.app->book, event) == view->filter) {
			json_array_append(view->log, event);
		}
	}
	list_update(&view->list, (int)json_array_size(view->log), entry_id, view->log);
}

/* --- finding ------------------------------------------------------------------------- */

/* Whether the entry's words hold the folded text. */
static bool
entry_holds(struct incident_view *view, const json_t *event, const char *folded)
{
	struct book *book = &view->base.app->book;
	struct str words = STR_INIT;
	struct str all = STR_INIT;
	const char *key;
	json_t *value;
	bool found;

	str_addf(&words, "%s ", book_kind(book, doc_text(event, "kind")));
	str_addf(&words, "%s ", book_person(book, doc_text(event, "actor")));
	json_object_foreach(json_object_get(json_object_get(event, "body"), "fields"), key, value)
	{
		value_words(book, NULL, value, &words);
		str_add_char(&words, '\n');
	}
	text_fold(&all, str_text(&words), words.len);
	found = strstr(str_text(&all), folded) != NULL;
	str_release(&words);
	str_release(&all);
	return found;
}

bool
incident_find_entry(struct incident_view *view, const char *folded, int by)
{
	int n = view->list.n;

	for (int step = 1; step <= n; step++) {
		int at = (view->list.selected + by * step + n * 2) % n;

		if (entry_holds(view, json_array_get(view->log, (size_t)at), folded)) {
			view->list.selected = at;
			list_anchor(&view->list, incident_entry_id(view));
			return true;
		}
	}
	return false;
}

/* --- painting ------------------------------------------------------------------------ */

/* Where the timeline's columns are: as wide as this log needs, within reason. */
struct log_columns {
	int time_cols;
	int kind;
	int actor;
	int text;
};

/* What was done, short where the whole label has no room. */
static const char *
kind_words(struct book *book, const json_t *event, int cols)
{
	const char *kind = doc_text(event, "kind");
	const char *whole = book_kind(book, kind);

	return paint_width(whole) <= cols ? whole : book_short_kind(book, kind);
}

static struct log_columns
log_columns_for(struct book *book, const json_t *log, int cols)
{
	int most = cols >= 100 ? 32 : cols >= 72 ? 26 : 12;
	int kind_cols = 10;
	struct log_columns at = { .time_cols = 5 };
	size_t i;
	json_t *event;

	json_array_foreach(log, i, event)
	{
		int width = paint_width(kind_words(book, event, most));
		char time[STAMP_SIZE];

		kind_cols = width > kind_cols ? width : kind_cols;
		book_time(book, doc_time(event, "at"), time);
		at.time_cols = (int)strlen(time) > at.time_cols ? (int)strlen(time) : at.time_cols;
	}
	at.kind = 2 + at.time_cols + 1;
	at.actor = at.kind + (kind_cols < most ? kind_cols : most) + 1;
	at.text = at.actor + 11;
	return at;
}

static bool
is_new(const struct incident_view *view, const json_t *event)
{
	/* To who never looked all of it is new, and marking all of it says nothing. */
	return view->looked_before > 0 && doc_int(event, "seq") > view->looked_before &&
		strcmp(doc_text(event, "actor"), book_me(&view->base.app->book)) != 0;
}

static void
paint_event(struct incident_view *view, struct canvas *c, int row, int i, struct log_columns at)
{
	struct book *book = &view->base.app->book;
	const json_t *event = json_array_get(view->log, (size_t)i);
	bool marked = i == view->list.selected && view->section == SECTION_TIMELINE;
	struct str actor = STR_INIT;
	struct str text = STR_INIT;
	char time[STAMP_SIZE];

	book_time(book, doc_time(event, "at"), time);
	book_short_person(book, doc_text(event, "actor"), &actor);
	incident_summary(book, event, &text);
	(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, marked ? ">" : "");
	(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_HEAD, is_new(view, event) ? "+" : "");
	(void)paint_text(c, (struct place){ row, 2, at.time_cols }, ROLE_TEXT, time);
	(void)paint_cut(c, (struct place){ row, at.kind, at.actor - at.kind - 1 }, ROLE_TEXT,
		kind_words(book, event, at.actor - at.kind - 1));
	(void)paint_cut(c, (struct place){ row, at.actor, 10 }, ROLE_TEXT, str_text(&actor));
	paint_cut(c, (struct place){ row, at.text, 0 }, ROLE_TEXT, str_text(&text));
	if (marked) {
		paint_caret(c, row, 0, false);
	}
	str_release(&actor);
	str_release(&text);
}

/* The first entry that was not there when the reader last looked; n: none, or never looked. */
static int
first_new(const struct incident_view *view)
{
	int i = 0;

	while (view->looked_before > 0 && i < view->list.n &&
		doc_int(json_array_get(view->log, (size_t)i), "seq") <= view->looked_before) {
		i++;
	}
	return view->looked_before > 0 ? i : view->list.n;
}

/* "--- since you last looked 22:41 ---" */
static void
paint_since(const struct incident_view *view, struct canvas *c, int row)
{
	struct str text = STR_INIT;
	char at[STAMP_SIZE];

	book_time(&view->base.app->book, view->looked_at, at);
	str_add(&text, "--- ");
	str_say(&text, _("since you last looked, {time}"), &(struct str_arg){ "time", at }, 1);
	str_add(&text, " ---");
	(void)paint_text(c, (struct place){ row, 2, 0 }, ROLE_HEAD, str_text(&text));
	str_release(&text);
}

void
incident_paint_log(struct incident_view *view, struct canvas *c)
{
	int fresh = first_new(view);
	int top = list_view(&view->list, c->rows - (fresh < view->list.n));
	struct log_columns at = log_columns_for(&view->base.app->book, view->log, c->cols);
	int row = 0;

	if (view->list.n == 0) {
		(void)paint_text(c, (struct place){ 0, 2, 0 }, ROLE_QUIET,
			_("No entries of this kind. f shows the others."));
	}
	for (int i = top; i < view->list.n && row < c->rows; i++) {
		if (i == fresh) {
			paint_since(view, c, row++);
		}
		paint_event(view, c, row++, i, at);
	}
}
