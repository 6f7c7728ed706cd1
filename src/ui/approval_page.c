/* SPDX-License-Identifier: MIT */
/*
 * What the approver reads: per field what changed against the version they
 * last saw, and below it what exactly would be approved.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "approval.h"
#include "doc.h"
#include "page_diff.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "value.h"

enum { MARK_COLS = 2, PANEL_ROWS = 9, SMALL = 14 };

static const json_t *
result_of(const struct approval *approval)
{
	return json_object_get(approval->show, "result");
}

/* --- what it is about --------------------------------------------------------------- */

static size_t
count_characters(struct approval *approval)
{
	struct book *book = &approval->base.app->book;
	struct str text = STR_INIT;
	size_t n = 0;
	size_t i;
	json_t *field;

	json_array_foreach(doc_list(approval->form, "fields"), i, field)
	{
		value_words(book, field,
			json_object_get(result_of(approval), doc_text(field, "key")), &text);
	}
	for (size_t k = 0; k < text.len; k++) {
		n += ((unsigned char)str_text(&text)[k] & 0xC0) != 0x80;
	}
	str_release(&text);
	return n;
}

void
approval_subject(struct approval *approval, struct str *out)
{
	const json_t *result = result_of(approval);
	size_t files = json_array_size(doc_list(approval->show, "evidence"));
	const char *hash = doc_text(result, "hash");
	struct str words[4] = { STR_INIT, STR_INIT, STR_INIT, STR_INIT };
	struct str_arg args[] = { { "version", "" }, { "characters", "" }, { "files", "" },
		{ "hash", "" } };

	str_addf(&words[0], "%lld", (long long)doc_int(result, "version"));
	str_addf(&words[1], "%zu", count_characters(approval));
	str_addf(&words[2], "%zu", files);
	str_addf(&words[3], "%.4s %.4s", hash, strlen(hash) > 4 ? hash + 4 : "");
	for (size_t i = 0; i < ARRAY_LEN(args); i++) {
		args[i].value = str_text(&words[i]);
	}
	str_say(out,
		_("version {version}, characters: {characters}, attachments: {files}, "
		  "sha256 {hash}"),
		args, ARRAY_LEN(args));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		str_release(&words[i]);
	}
}

void
approval_told(struct approval *approval, struct str *out)
{
	book_people(&approval->base.app->book, doc_list(approval->preview, "notified"), out);
}

static const char *
how_words(const char *how)
{
	static const struct {
		const char *how;
		const char *words;
	} table[] = {
		{ "returned", N_("returned by you") },
		{ "approved", N_("approved by you") },
		{ "opened", N_("opened by you") },
		{ "screen", N_("until now on this screen") },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (strcmp(table[i].how, how) == 0) {
			return _(table[i].words);
		}
	}
	return "";
}

void
approval_head(struct screen *screen, struct head *head)
{
	struct approval *approval = (struct approval *)screen;
	struct book *book = &screen->app->book;
	const json_t *result = result_of(approval);
	char at[STAMP_SIZE];

	char number[24];

	str_addf(&head->title, "%s  %s", approval->id, _("Approval"));
	head->drill = doc_flag(approval->show, "drill");
	book_time(book, doc_time(result, "at"), at);
	snprintf(number, sizeof(number), "%lld", (long long)doc_int(result, "version"));
	str_say(&head->state, _("version {n}  {who} {at}"),
		(struct str_arg[]){ { "n", number },
			{ "who", book_person(book, doc_text(result, "by")) }, { "at", at } },
		3);
	if (!approval->before) {
		str_add(&head->state_right, _("you see it for the first time: all is new"));
		return;
	}
	snprintf(number, sizeof(number), "%lld", (long long)doc_int(approval->before, "version"));
	str_say(&head->state_right, _("compared with version {n}, {how}"),
		(struct str_arg[]){ { "n", number }, { "how", how_words(approval->how) } }, 2);
}

/* --- the page ------------------------------------------------------------------------- */

static int
rows_so_far(const struct page *page)
{
	int rows = 0;

	for (size_t i = 0; i < page->n; i++) {
		rows += page->lines[i].col >= 0;
	}
	return rows;
}

/* Without memory Enter skips this change; it is on the page all the same. */
static void
add_stop(void *ctx)
{
	struct approval *approval = ctx;

	if (approval->n_stops == approval->cap_stops) {
		size_t cap = approval->cap_stops ? approval->cap_stops * 2 : 16;
		int *stops = realloc(approval->stops, cap * sizeof(*stops));

		if (!stops) {
			return;
		}
		approval->stops = stops;
		approval->cap_stops = cap;
	}
	approval->stops[approval->n_stops++] = rows_so_far(&approval->page);
}

static void
add_field(struct approval *approval, const json_t *field)
{
	struct book *book = &approval->base.app->book;
	const char *key = doc_text(field, "key");
	const json_t *old = json_object_get(approval->before, "fields");
	struct str before = STR_INIT;
	struct str after = STR_INIT;
	struct diff diff = { NULL, 0, 0 };
	const char *label = doc_words_of(field, "label");

	value_words(book, field, json_object_get(result_of(approval), key), &after);
	value_words(book, field, json_object_get(old, key), &before);
	if (!approval->before || approval->view == APPROVAL_WHOLE) {
		page_heading(&approval->page, label);
		page_text(&approval->page, ROLE_TEXT, after.len > 0 ? str_text(&after) : "-");
	} else if (diff_texts(approval->base.arena, str_text(&before), str_text(&after), &diff)) {
		/* Without memory for a difference the whole text is what there is to read. */
		page_heading(&approval->page, label);
		page_text(&approval->page, ROLE_TEXT, str_text(&after));
	} else if (diff.changes == 0) {
		approval->folded++;
	} else {
		approval->changes += diff.changes;
		page_heading(&approval->page, label);
		page_diff(&approval->page, &diff, add_stop, approval);
	}
	str_release(&before);
	str_release(&after);
}

static void
build_text(struct approval *approval)
{
	size_t i;
	json_t *field;
	char count[24];

	json_array_foreach(doc_list(approval->form, "fields"), i, field)
	{
		add_field(approval, field);
	}
	if (approval->folded == 0) {
		return;
	}
	snprintf(count, sizeof(count), "%zu", approval->folded);
	struct str text = STR_INIT;

	str_say(&text,
		P_("({n} unchanged field is folded; v shows the whole text.)",
			"({n} unchanged fields are folded; v shows the whole text.)",
			approval->folded),
		&(struct str_arg){ "n", count }, 1);
	page_gap(&approval->page);
	page_text(&approval->page, ROLE_QUIET, str_text(&text));
	str_release(&text);
}

static void
build_files(struct approval *approval)
{
	struct book *book = &approval->base.app->book;
	size_t i;
	json_t *file;

	page_heading(&approval->page, _("Attachments"));
	json_array_foreach(doc_list(approval->show, "evidence"), i, file)
	{
		struct str text = STR_INIT;
		char at[STAMP_SIZE];

		book_time(book, doc_time(file, "at"), at);
		str_addf(&text, "%s  %lld B  %s %s\nsha256 %s", doc_text(file, "name"),
			(long long)doc_int(file, "size"), book_person(book, doc_text(file, "by")),
			at, doc_text(file, "sha256"));
		page_text(&approval->page, ROLE_TEXT, str_text(&text));
		str_release(&text);
	}
	if (i == 0) {
		page_text(&approval->page, ROLE_QUIET, _("None yet."));
	}
}

void
approval_build(struct approval *approval, int cols)
{
	arena_clear(approval->base.arena);
	approval->changes = 0;
	approval->folded = 0;
	approval->n_stops = 0;
	page_begin(&approval->page, cols, MARK_COLS);
	if (approval->view == APPROVAL_FILES) {
		build_files(approval);
	} else {
		build_text(approval);
	}
}

/* --- what would be approved ------------------------------------------------------------ */

/* Whether the procedure lets this person judge it, and who could where it does not. */
static void
add_duty(struct approval *approval, struct page *panel)
{
	struct book *book = &approval->base.app->book;
	struct str text = STR_INIT;

	if (doc_flag(approval->step, "allowed")) {
		page_field_in(panel, ROLE_DONE, _("Duties"),
			_("ok: you neither wrote it nor responded yourself"));
		return;
	}
	str_add(&text, doc_words_of(approval->step, "why"));
	if (json_array_size(doc_list(approval->step, "who")) > 0) {
		str_addf(&text, " %s ", _("Who can:"));
	}
	book_people(book, doc_list(approval->step, "who"), &text);
	page_field_in(panel, ROLE_OVERDUE, _("Duties"), str_text(&text));
	str_release(&text);
}

static void
add_effect(struct approval *approval, struct page *panel)
{
	struct str text = STR_INIT;
	struct str told = STR_INIT;

	approval_told(approval, &told);
	if (told.len > 0) {
		str_say(&text, _("{told} will be told. This cannot be taken back."),
			&(struct str_arg){ "told", str_text(&told) }, 1);
	} else {
		str_add(&text, _("This cannot be taken back."));
	}
	page_field(panel, _("Then"), str_text(&text));
	str_release(&told);
	str_release(&text);
}

static void
build_panel(struct approval *approval, struct page *panel, int cols, bool small)
{
	size_t files = json_array_size(doc_list(approval->show, "evidence"));
	struct str text = STR_INIT;

	page_begin(panel, cols, 12);
	approval_subject(approval, &text);
	page_field(panel, _("Approves"), str_text(&text));
	if (!small) {
		add_effect(approval, panel);
	}
	add_duty(approval, panel);
	if (files > 0 && !approval->files_seen) {
		page_field_in(panel, ROLE_OVERDUE, _("Attached"),
			_("! You have not looked at the attachments yet (o)."));
	}
	if (approval->remark) {
		page_field(panel, _("Remark"), approval->remark);
	}
	str_release(&text);
}

void
approval_paint(struct screen *screen, struct canvas *c)
{
	struct approval *approval = (struct approval *)screen;
	struct page panel = { 0 };
	struct canvas part;
	int rows;

	build_panel(approval, &panel, c->cols - 1, c->rows < SMALL);
	rows = rows_so_far(&panel);
	rows = rows < PANEL_ROWS ? rows : PANEL_ROWS;
	rows = rows < c->rows / 2 ? rows : c->rows / 2;
	part = paint_part(c, (struct place){ c->rows - rows, 0, 0 }, rows);
	page_paint(&panel, &part);
	paint_release(&part);
	page_release(&panel);
	paint_rule(c, c->rows - rows - 1);
	approval_build(approval, c->cols - 1);
	part = paint_part(c, (struct place){ 0, 0, 0 }, c->rows - rows - 1);
	page_paint(&approval->page, &part);
	paint_part_done(c, &part);
}
