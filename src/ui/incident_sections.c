/* SPDX-License-Identifier: MIT */
/*
 * The sections of an incident that are read as a page: report, result,
 * prevention, roll-out, reviews, evidence.
 */
#include "app.h"
#include "attach.h"
#include "doc.h"
#include "incident.h"
#include "toban/base/i18n.h"
#include "value.h"

enum { LABEL_COLS = 20, LABEL_COLS_WIDE = 34 };

/* A member of the incident shown by its field type. */
static void
add_member(struct incident_view *view, const char *label, const char *key, const char *type)
{
	json_t *field = json_pack("{s:s}", "type", type);
	struct str text = STR_INIT;

	value_words(&view->base.app->book, field, json_object_get(view->show, key), &text);
	page_field(&view->page, label, str_text(&text));
	str_release(&text);
	json_decref(field);
}

static void
build_report(struct incident_view *view)
{
	const json_t *show = view->show;
	struct page *page = &view->page;

	page_field(page, _("Title"), doc_text(show, "title"));
	add_member(view, _("Reported by"), "finder", "person");
	page_field(page, _("How to reach"), doc_text(show, "contact"));
	add_member(view, _("Found at"), "found_at", "time");
	add_member(view, _("Reported at"), "reported_at", "time");
	page_field(page, _("Place"), doc_text(show, "place"));
	page_field(page, _("Asset"), doc_text(show, "asset"));
	page_gap(page);
	page_field(page, _("What happened"), doc_text(show, "situation"));
	page_field(page, _("Done so far"), doc_text(show, "done_so_far"));
	page_gap(page);
	add_member(view, _("Categories"), "categories", "categories");
	if (json_array_size(doc_list(show, "suspected")) > 0) {
		add_member(view, _("Suspicion of"), "suspected", "categories");
	}
	page_field(page, _("Why so classified"), doc_words_of(show, "reason"));
	page_field(page, _("Table version"), doc_text(show, "table_version"));
}

static void
add_entries(struct incident_view *view, const char *heading, const json_t *entries)
{
	struct book *book = &view->base.app->book;
	size_t i;
	json_t *entry;

	page_heading(&view->page, heading);
	json_array_foreach(entries, i, entry)
	{
		struct str label = STR_INIT;
		char at[STAMP_SIZE];

		book_time(book, doc_time(entry, "at"), at);
		str_addf(&label, "%s ", at);
		book_short_person(book, doc_text(entry, "by"), &label);
		page_field(&view->page, str_text(&label), doc_text(entry, "text"));
		str_release(&label);
	}
	if (i == 0) {
		page_text(&view->page, ROLE_QUIET, _("None yet."));
	}
	page_gap(&view->page);
}

static void
build_result(struct incident_view *view)
{
	struct book *book = &view->base.app->book;
	const json_t *result = json_object_get(view->show, "result");
	struct page *page = &view->page;
	struct str text = STR_INIT;

	add_entries(view, _("Instructions"), doc_list(view->show, "instructions"));
	add_entries(view, _("Responses"), doc_list(view->show, "responses"));
	page_heading(page, _("Incident report"));
	if (!json_is_object(result)) {
		page_text(page, ROLE_QUIET, _("Not written yet."));
		return;
	}
	str_addf(&text, "%s  ", book_person(book, doc_text(result, "by")));
	book_time_full(book, doc_time(result, "at"), &text);
	page_field(page, _("Written by"), str_text(&text));
	page_field(page, _("Cause"), doc_text(result, "cause"));
	page_field(page, _("Damage"), doc_text(result, "damage"));
	page_field(page, _("Actions taken"), doc_text(result, "actions"));
	page_field(page, _("Remarks, proposals"), doc_text(result, "text"));
	str_clear(&text);
	if (doc_text(result, "approved_by")[0]) {
		str_addf(&text, "%s  ", book_person(book, doc_text(result, "approved_by")));
		book_time_full(book, doc_time(result, "approved_at"), &text);
		page_field_in(page, ROLE_DONE, _("Approved by"), str_text(&text));
	} else if (doc_text(result, "returned_why")[0]) {
		page_field_in(page, ROLE_OVERDUE, _("Returned because"),
			doc_text(result, "returned_why"));
	} else {
		page_field(page, _("Approved by"), _("nobody yet"));
	}
	page_field_in(page, ROLE_QUIET, _("SHA-256"), doc_text(result, "hash"));
	str_release(&text);
}

static void
build_prevention(struct incident_view *view)
{
	struct book *book = &view->base.app->book;
	size_t i;
	json_t *measure;

	json_array_foreach(doc_list(view->show, "measures"), i, measure)
	{
		struct str text = STR_INIT;

		str_addf(&text, "%s  %s", doc_text(measure, "key"), doc_text(measure, "text"));
		page_heading(&view->page, str_text(&text));
		page_field(&view->page, _("Against"), doc_text(measure, "cause"));
		page_field(&view->page, _("Planned by"),
			book_person(book, doc_text(measure, "owner")));
		str_clear(&text);
		if (doc_time(measure, "due_at") != STAMP_NONE) {
			book_time_full(book, doc_time(measure, "due_at"), &text);
		}
		page_field(&view->page, _("Due"), str_text(&text));
		str_clear(&text);
		if (doc_time(measure, "effect_on") != STAMP_NONE) {
			book_time_full(book, doc_time(measure, "effect_on"), &text);
		} else {
			str_add(&text, doc_text(measure, "effect_on"));
		}
		page_field(&view->page, _("Effect judged on"), str_text(&text));
		page_gap(&view->page);
		str_release(&text);
	}
	if (i == 0) {
		page_text(&view->page, ROLE_QUIET,
			_("No measures yet. After the approval the office plans them."));
	}
}

static void
build_rollout(struct incident_view *view)
{
	struct book *book = &view->base.app->book;
	size_t i;
	json_t *measure;

	view->page.label_cols = LABEL_COLS_WIDE;
	json_array_foreach(doc_list(view->show, "measures"), i, measure)
	{
		struct str text = STR_INIT;
		const char *department;
		json_t *cell;

		str_addf(&text, "%s  %s", doc_text(measure, "key"), doc_text(measure, "text"));
		page_heading(&view->page, str_text(&text));
		str_release(&text);
		json_object_foreach(json_object_get(measure, "cells"), department, cell)
		{
			page_field(&view->page, book_department(book, department),
				book_cell(book, doc_text(cell, "state")));
		}
		page_gap(&view->page);
	}
	page_text(&view->page, ROLE_QUIET,
		i == 0 ? _("Nothing has been rolled out yet.") : _("Enter opens the matrix."));
}

static void
build_reviews(struct incident_view *view)
{
	struct book *book = &view->base.app->book;
	const json_t *reviews = json_object_get(view->show, "reviews");
	size_t i;
	json_t *item;

	view->page.label_cols = LABEL_COLS_WIDE;
	json_array_foreach(doc_list(book_procedure(book), "reviews"), i, item)
	{
		const json_t *review = json_object_get(reviews, doc_text(item, "key"));
		const char *verdict = doc_text(review, "verdict");
		struct str text = STR_INIT;

		if (verdict[0]) {
			str_addf(&text, "%s: %s  (%s)", book_verdict(book, verdict),
				doc_text(review, "text"),
				book_person(book, doc_text(review, "by")));
		} else {
			str_add(&text, _("not judged yet"));
		}
		page_field_in(&view->page, verdict[0] ? ROLE_DONE : ROLE_QUIET,
			doc_words_of(item, "label"), str_text(&text));
		str_release(&text);
	}
}

/* What became of the file last: "file opened 11/23 09:00 Sato". */
static void
add_last(struct book *book, const json_t *custody, struct str *out)
{
	const json_t *last = json_array_get(custody, json_array_size(custody) - 1);
	char at[STAMP_SIZE];

	if (!last) {
		return;
	}
	book_time(book, doc_time(last, "at"), at);
	str_addf(out, "\n%s  %s  %s", book_kind(book, doc_text(last, "kind")), at,
		book_person(book, doc_text(last, "by")));
}

static void
build_evidence(struct incident_view *view)
{
	struct book *book = &view->base.app->book;
	size_t i;
	json_t *item;

	json_array_foreach(doc_list(view->show, "evidence"), i, item)
	{
		struct str text = STR_INIT;

		attach_size_words(doc_int(item, "size"), &text);
		str_addf(&text, "  sha256 %.16s..  %s", doc_text(item, "sha256"),
			book_person(book, doc_text(item, "by")));
		add_last(book, doc_list(item, "custody"), &text);
		page_field_in(&view->page, doc_flag(item, "damaged") ? ROLE_OVERDUE : ROLE_TEXT,
			doc_text(item, "name"), str_text(&text));
		str_release(&text);
	}
	if (i > 0) {
		page_text(&view->page, ROLE_QUIET,
			_("Enter: who had them, save a copy, measure anew."));
	}
	if (i == 0) {
		page_text(&view->page, ROLE_QUIET, _("No evidence has been attached yet."));
	}
	page_gap(&view->page);
	json_array_foreach(doc_list(view->show, "calls"), i, item)
	{
		struct str text = STR_INIT;
		char at[STAMP_SIZE];

		book_time(book, doc_time(item, "at"), at);
		str_addf(&text, "%s > %s  %s  %s", book_person(book, doc_text(item, "by")),
			book_person(book, doc_text(item, "to")), doc_text(item, "number"),
			doc_text(item, "outcome"));
		page_field(&view->page, at, str_text(&text));
		str_release(&text);
	}
}

static void (*const builders[SECTION_COUNT])(struct incident_view *) = {
	[SECTION_REPORT] = build_report,
	[SECTION_RESULT] = build_result,
	[SECTION_PREVENTION] = build_prevention,
	[SECTION_ROLLOUT] = build_rollout,
	[SECTION_REVIEWS] = build_reviews,
	[SECTION_EVIDENCE] = build_evidence,
};

void
incident_build(struct incident_view *view, enum section section, int cols)
{
	page_begin(&view->page, cols, LABEL_COLS);
	if (builders[section]) {
		builders[section](view);
	}
}
