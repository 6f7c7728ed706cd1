/* SPDX-License-Identifier: MIT */
/*
 * Somebody was faster, in the whole window: what others recorded as a
 * difference to what was in force before, what was typed as a difference to
 * what is in force now, and the three ways to go on.
 */
#include <string.h>

#include "app.h"
#include "conflict.h"
#include "doc.h"
#include "page.h"
#include "page_diff.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "value.h"

enum { MARK_COLS = 2, WIDE_COLS = 120 };

struct conflict_view {
	struct screen base;
	struct conflict_want want;
	json_t *forms; /* by step: the documents of the forms of the others' entries */
	json_t *row;   /* of incident.steps: whether the step can still be taken */
	struct page theirs;
	struct page mine; /* in a wide window; else it is part of `theirs` */
};

static struct conflict_view *
self(struct screen *screen)
{
	return (struct conflict_view *)screen;
}

/* --- reading ------------------------------------------------------------------------------- */

/* A form that cannot be read leaves its entry without labels, not without text. */
static void
load_form(struct conflict_view *view, const char *step)
{
	json_t *doc = NULL;
	json_t *error = NULL;

	if (json_object_get(view->forms, step) || !book_step_record(&view->base.app->book, step)) {
		return;
	}
	if (app_try(view->base.app, "incident.steps",
		    json_pack("{s:s, s:s}", "id", view->want.id, "form", step), &doc,
		    &error) == ERR_OK) {
		json_object_set(view->forms, step, json_object_get(doc, "form"));
	}
	json_decref(doc);
	json_decref(error);
}

static enum err
view_load(struct screen *screen)
{
	struct conflict_view *view = self(screen);
	json_t *doc = NULL;
	size_t i;
	json_t *event;
	enum err e = app_call(
		screen->app, "incident.steps", json_pack("{s:s}", "id", view->want.id), &doc);

	if (e != ERR_OK) {
		return e;
	}
	json_decref(view->row);
	view->row = json_deep_copy(doc_find(doc_list(doc, "steps"), "step", view->want.step));
	json_decref(doc);
	conflict_read(view->want.conflict, screen->app);
	if (!view->forms) {
		view->forms = json_object();
	}
	json_array_foreach(view->want.conflict->news, i, event)
	{
		load_form(view, doc_text(event, "kind"));
	}
	return view->forms ? ERR_OK : ERR_NOMEM;
}

/* --- the pages ----------------------------------------------------------------------------- */

/* The words of one field before and after, as rows of the page; false: nothing to show. */
static bool
add_values(struct conflict_view *view, struct page *page, const json_t *field, const json_t *old,
	const json_t *new)
{
	struct book *book = &view->base.app->book;
	const char *key = doc_text(field, "key");
	struct str before = STR_INIT;
	struct str after = STR_INIT;
	struct diff diff = { NULL, 0, 0 };
	bool some;

	value_words(book, field, json_object_get(old, key), &before);
	value_words(book, field, json_object_get(new, key), &after);
	some = strcmp(str_text(&before), str_text(&after)) != 0;
	if (some) {
		page_text(page, ROLE_QUIET, doc_words_of(field, "label"));
		if (diff_texts(view->base.arena, str_text(&before), str_text(&after), &diff)) {
			page_field_in(page, ROLE_ADDED, "+", str_text(&after));
		} else {
			page_diff(page, &diff, NULL, NULL);
		}
	}
	str_release(&before);
	str_release(&after);
	return some;
}

/* All fields of a form that differ; says so when none does. */
static void
add_fields(struct conflict_view *view, struct page *page, const json_t *form, const json_t *old,
	const json_t *new)
{
	bool some = false;
	size_t i;
	json_t *field;

	json_array_foreach(doc_list(form, "fields"), i, field)
	{
		some = add_values(view, page, field, old, new) || some;
	}
	if (!some && old) {
		page_text(page, ROLE_QUIET, _("(the same text)"));
	}
}

static void
add_entry(struct conflict_view *view, struct page *page, const json_t *event)
{
	struct book *book = &view->base.app->book;
	const char *kind = doc_text(event, "kind");
	const json_t *fields = json_object_get(json_object_get(event, "body"), "fields");
	char at[STAMP_SIZE];
	char number[24];
	struct str text = STR_INIT;

	book_time(book, doc_time(event, "at"), at);
	snprintf(number, sizeof(number), "%lld", (long long)doc_int(event, "seq"));
	str_say(&text, _("{at}  {who}: {step} (entry {n})"),
		(struct str_arg[]){ { "at", at },
			{ "who", book_person(book, doc_text(event, "actor")) },
			{ "step", book_kind(book, kind) }, { "n", number } },
		4);
	page_gap(page);
	page_text(page, ROLE_TEXT, str_text(&text));
	str_release(&text);
	if (!json_is_object(json_object_get(event, "body"))) {
		page_text(page, ROLE_QUIET, _("(erased)"));
		return;
	}
	add_fields(view, page, json_object_get(view->forms, kind),
		conflict_before(book, doc_list(view->want.conflict->began, "log"), kind, fields),
		fields);
}

static void
build_theirs(struct conflict_view *view, struct page *page)
{
	size_t i;
	json_t *event;

	page_heading(page, _("Recorded by others since you began"));
	json_array_foreach(view->want.conflict->news, i, event)
	{
		add_entry(view, page, event);
	}
}

static void
build_mine(struct conflict_view *view, struct page *page)
{
	struct form *form = view->want.form;
	json_t *values = form_values(form);
	const json_t *before = conflict_before(
		&view->base.app->book, view->want.conflict->news, view->want.step, values);

	page_heading(page,
		before ? _("What you typed, compared with what they recorded")
		       : _("What you typed"));
	add_fields(view, page, form->def, before, values);
	json_decref(values);
}

/* Whether it could still be sent, and else why not and who could. */
static void
add_verdict(struct conflict_view *view, struct page *page)
{
	struct str text = STR_INIT;

	if (doc_flag(view->row, "allowed")) {
		page_field(page, _("Your step"),
			_("can still be taken. Ctrl-S asks before it is sent."));
		return;
	}
	str_add(&text, doc_words_of(view->row, "why"));
	str_addf(&text, "\n%s", _("Your text stays a draft; e adds it to the log as a note."));
	page_field_in(page, ROLE_OVERDUE, _("Your step"), str_text(&text));
	str_release(&text);
}

/* --- painting ------------------------------------------------------------------------------- */

static void
view_head(struct screen *screen, struct head *head)
{
	struct conflict_view *view = self(screen);

	str_addf(&head->title, "%s  %s", view->want.id,
		book_step(&screen->app->book, view->want.step));
	head->drill = doc_flag(view->want.conflict->now, "drill");
	str_add(&head->state,
		_("Somebody was faster. Nothing was sent, nothing of yours is lost."));
	if (view->want.draft) {
		str_add(&head->state_right, view->want.draft);
	}
}

static void
paint_half(struct page *page, struct canvas *c, struct place at, int rows)
{
	struct canvas part = paint_part(c, at, rows);

	page_paint(page, &part);
	paint_release(&part);
}

static int
paint_verdict(struct conflict_view *view, struct canvas *c)
{
	struct page page = { 0 };
	int rows = 0;

	page_begin(&page, c->cols - 1, 12);
	add_verdict(view, &page);
	for (size_t i = 0; i < page.n; i++) {
		rows += page.lines[i].col >= 0;
	}
	rows = rows < c->rows / 3 ? rows : c->rows / 3;
	paint_rule(c, c->rows - rows - 1);
	paint_half(&page, c, (struct place){ c->rows - rows, 0, 0 }, rows);
	page_release(&page);
	return rows + 1;
}

static void
view_paint(struct screen *screen, struct canvas *c)
{
	struct conflict_view *view = self(screen);
	bool wide = c->cols >= WIDE_COLS;
	int cols = wide ? c->cols / 2 : c->cols;
	int rows = c->rows - paint_verdict(view, c);

	arena_clear(screen->arena);
	page_begin(&view->theirs, cols - 2, MARK_COLS);
	page_begin(&view->mine, cols - 2, MARK_COLS);
	build_theirs(view, &view->theirs);
	if (!wide) {
		page_gap(&view->theirs);
		build_mine(view, &view->theirs);
		paint_half(&view->theirs, c, (struct place){ 0, 0, 0 }, rows);
		return;
	}
	build_mine(view, &view->mine);
	paint_half(&view->theirs, c, (struct place){ 0, 0, cols - 1 }, rows);
	for (int row = 0; row < rows; row++) {
		(void)paint_text(c, (struct place){ row, cols - 1, 1 }, ROLE_QUIET, "|");
	}
	paint_half(&view->mine, c, (struct place){ 0, cols, 0 }, rows);
}

static bool
view_key(struct screen *screen, const struct key *key)
{
	bool used = page_key(&self(screen)->mine, key->code);

	return page_key(&self(screen)->theirs, key->code) || used;
}

/* --- going on -------------------------------------------------------------------------------- */

static void
write_run(struct screen *screen)
{
	self(screen)->want.conflict->fresh = false;
	app_close(screen);
}

static void
send_run(struct screen *screen)
{
	struct conflict_want want = self(screen)->want;

	write_run(screen);
	want.send(want.asker);
}

static void
leave_run(struct screen *screen)
{
	struct conflict_want want = self(screen)->want;

	write_run(screen);
	want.leave(want.asker);
}

/* The step that only adds to the log; NULL: the procedure has none. */
static const json_t *
note_step(struct book *book)
{
	return doc_find(doc_list(book_procedure(book), "steps"), "effect", "note");
}

/* "Submit the incident report (not recorded)", then every field with its label. */
static void
add_note(struct conflict_view *view, struct str *out)
{
	struct book *book = &view->base.app->book;
	json_t *values = form_values(view->want.form);
	size_t i;
	json_t *field;

	str_say(out, _("Not recorded as \"{step}\", because somebody was faster:"),
		&(struct str_arg){ "step", book_step(book, view->want.step) }, 1);
	json_array_foreach(doc_list(view->want.form->def, "fields"), i, field)
	{
		struct str words = STR_INIT;

		value_words(book, field, json_object_get(values, doc_text(field, "key")), &words);
		if (words.len > 0) {
			str_addf(out, "\n%s: %s", doc_words_of(field, "label"), str_text(&words));
		}
		str_release(&words);
	}
	json_decref(values);
}

static void
note_run(struct screen *screen)
{
	struct conflict_view *view = self(screen);
	struct app *app = screen->app;
	const json_t *note = note_step(&app->book);
	struct str text = STR_INIT;
	json_t *presets;
	char *id = strdup(view->want.id);
	char *step = strdup(doc_text(note, "name"));

	add_note(view, &text);
	presets = json_pack("{s:s}", "text", str_text(&text));
	leave_run(screen);
	if (id && step && presets) {
		stepform_write(app, id, step, presets);
	}
	json_decref(presets);
	str_release(&text);
	free(id);
	free(step);
}

/* What the desk would refuse is said here already, with who can. */
static bool
view_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	struct conflict_view *view = self(screen);
	const json_t *note = note_step(&screen->app->book);
	const json_t *row = view->row;

	if (action->run == note_run && strcmp(view->want.step, doc_text(note, "name")) == 0) {
		str_add(why, _("It is a note already: Ctrl-S sends it."));
		return true;
	}
	if (action->run != send_run || doc_flag(row, "allowed")) {
		return false;
	}
	str_addf(why, "%s %s (%s)", doc_words_of(row, "why"),
		_("Your text stays a draft; e adds it to the log as a note."),
		doc_text(row, "code"));
	return true;
}

static const char *
view_subject(struct screen *screen)
{
	return self(screen)->want.id;
}

static void
case_run(struct screen *screen)
{
	incident_open(screen->app, self(screen)->want.id);
}

static void
view_release(struct screen *screen)
{
	struct conflict_view *view = self(screen);

	json_decref(view->forms);
	json_decref(view->row);
	page_release(&view->theirs);
	page_release(&view->mine);
}

/* No two answers lie beside each other. */
static const struct action actions[] = {
	{ "write", K_ENTER, K_ESC, N_("write on"), N_("Back to the form; what you typed is in it"),
		ACTION_HINT, write_run },
	{ "send", K_CTRL('S'), 0, N_("send anyway.."),
		N_("Take your step all the same; it is asked about first"),
		ACTION_HINT | ACTION_WRITES | ACTION_FINAL, send_run },
	{ "leave", 'l', 0, N_("leave (kept)"), N_("Leave; what you typed stays a draft"),
		ACTION_HINT, leave_run },
	{ "note", 'e', 0, N_("as a note.."), N_("Add what you typed to the log as a note"),
		ACTION_HINT | ACTION_WRITES, note_run },
	{ "case", K_F2, 0, N_("read the case"), N_("Read the incident; your text waits"),
		ACTION_PLAIN, case_run },
	{ .name = NULL },
};

const struct screen_ops conflict_ops = {
	.name = "conflict",
	.title = N_("Somebody was faster"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = view_load,
	.head = view_head,
	.paint = view_paint,
	.key = view_key,
	.subject = view_subject,
	.why_not = view_why_not,
	.release = view_release,
};

void
conflict_open(struct app *app, const struct conflict_want *want)
{
	struct conflict_view *view =
		(struct conflict_view *)screen_new(app, &conflict_ops, sizeof(*view));

	if (view) {
		view->want = *want;
		(void)say_dismiss(&app->log); /* the refusal: the screen tells it at length */
	}
	(void)app_push(app, (struct screen *)view); /* says what went wrong */
}
