/* SPDX-License-Identifier: MIT */
/*
 * The sheet of a shift on paper: for the clipboard, for the mail, for the wall.
 */
#include <string.h>

#include "paper.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"
#include "toban/print/print.h"

/* "2026-11-22 22:41 (0:18 left)" or "(0:12 late)" as of the moment the sheet was made. */
static void
add_due(const char *due_at, const char *now, struct str *out)
{
	char left[STAMP_SIZE];
	stamp due;
	stamp at;

	paper_moment(due_at, out);
	if (stamp_parse(due_at, &due) || stamp_parse(now, &at)) {
		return;
	}
	duration_format_left(due - at, left);
	str_add(out, " (");
	str_say(out, due < at ? _("{time} late") : _("{time} left"),
		(struct str_arg[]){ { "time", left[0] == '-' ? left + 1 : left } }, 1);
	str_add_char(out, ')');
}

static void
print_due(struct paper *paper, const json_t *row, const char *now)
{
	struct str due = STR_INIT;

	if (*paper_string(row, "due_at")) {
		add_due(paper_string(row, "due_at"), now, &due);
		paper_line(paper, _("Due"), str_text(&due));
	}
	str_release(&due);
}

/* "person: step", one a row. */
static void
print_waiting(struct paper *paper, const json_t *waiting)
{
	struct str text = STR_INIT;
	json_t *item;
	size_t i;

	json_array_foreach(waiting, i, item)
	{
		const char *person = paper_string(item, "person");

		str_add(&text, i ? "\n" : "");
		if (*person) {
			paper_short_name(paper, person, &text);
		} else {
			str_add(&text, paper_mapped(paper, "roles", paper_string(item, "role")));
		}
		str_addf(&text, ": %s",
			paper_label(paper, "steps", "name", paper_string(item, "step")));
	}
	paper_line(paper, _("Waiting for"), str_text(&text));
	str_release(&text);
}

static void
print_case(struct paper *paper, size_t i, const json_t *row, const char *now)
{
	static const struct paper_field state[] = { { N_("State"), "state", PAPER_STATE } };
	struct str text = STR_INIT;

	if (strcmp(paper_string(row, "major"), "yes") == 0) {
		str_add(&text, "!! ");
	}
	str_addf(&text, "%s  ", paper_string(row, "id"));
	str_add(&text, json_is_true(json_object_get(row, "drill")) ? _("DRILL ") : "");
	str_add(&text, paper_string(row, "title"));
	paper_item(paper, i, str_text(&text));
	paper_line(paper, _("Category"),
		paper_label(paper, "categories", "key", paper_string(row, "category")));
	paper_fields(paper, row, state, ARRAY_LEN(state));
	print_waiting(paper, json_object_get(row, "waiting_for"));
	print_due(paper, row, now);
	str_release(&text);
}

static void
print_call(struct paper *paper, size_t i, const json_t *row, const char *now)
{
	struct str text = STR_INIT;
	const char *to = paper_string(row, "to");

	(void)now;
	str_addf(&text, "%s  ", paper_string(row, "id"));
	if (*to) {
		paper_short_name(paper, to, &text);
	} else {
		str_add(&text, _("see the log"));
	}
	str_addf(&text, ": %s  ", print_call_outcome(paper_string(row, "outcome")));
	paper_moment(paper_string(row, "at"), &text);
	paper_item(paper, i, str_text(&text));
	str_release(&text);
}

/* What waits or runs in a case: its number, what it is, until when. */
static void
print_item(struct paper *paper, size_t i, const json_t *row, const char *what)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s  %s", paper_string(row, "id"), what);
	paper_item(paper, i, str_text(&text));
	str_release(&text);
}

static void
print_approval(struct paper *paper, size_t i, const json_t *row, const char *now)
{
	print_item(paper, i, row, paper_label(paper, "steps", "name", paper_string(row, "step")));
	print_due(paper, row, now);
}

static void
print_clock(struct paper *paper, size_t i, const json_t *row, const char *now)
{
	print_item(paper, i, row, paper_label(paper, "legal", "key", paper_string(row, "key")));
	print_due(paper, row, now);
}

static void
print_measure(struct paper *paper, size_t i, const json_t *row, const char *now)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s  %s", paper_string(row, "measure"),
		paper_mapped(paper, "cells", paper_string(row, "state")));
	print_item(paper, i, row, str_text(&text));
	print_due(paper, row, now);
	str_release(&text);
}

static void
print_sections(struct paper *paper, const json_t *sheet, const char *now)
{
	static const struct {
		const char *key;
		const char *heading;
		void (*print)(struct paper *paper, size_t i, const json_t *row, const char *now);
	} sections[] = {
		{ "incidents", N_("Incidents"), print_case },
		{ "calls", N_("Called and not reached"), print_call },
		{ "approvals", N_("Decisions waiting"), print_approval },
		{ "clocks", N_("Statutory clocks running"), print_clock },
		{ "measures", N_("Measures due this week"), print_measure },
	};

	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		const json_t *rows = json_object_get(sheet, sections[i].key);
		struct str heading = STR_INIT;
		json_t *row;
		size_t k;

		str_addf(&heading, "%s (%zu)", _(sections[i].heading), json_array_size(rows));
		paper_heading(paper, str_text(&heading));
		str_release(&heading);
		json_array_foreach(rows, k, row)
		{
			sections[i].print(paper, k, row, now);
		}
		if (k == 0) {
			paper_text(paper, PAPER_MARGIN, _("None."));
		}
	}
}

/* What the sheet does not name. */
static void
print_rest(struct paper *paper, const json_t *sheet)
{
	static const struct paper_field rest[] = {
		{ N_("Unsent drafts"), "drafts", PAPER_NUMBER },
		{ N_("Restricted cases"), "restricted", PAPER_NUMBER },
	};

	paper_heading(paper, _("Not on this sheet"));
	paper_fields(paper, sheet, rest, ARRAY_LEN(rest));
	if (json_is_true(json_object_get(sheet, "more"))) {
		paper_text(paper, PAPER_MARGIN,
			_("There are more cases than a sheet holds: see the list."));
	}
}

static void
print_given(struct paper *paper, const json_t *handover)
{
	static const struct paper_field fields[] = {
		{ N_("Handed over by"), "by", PAPER_PERSON },
		{ N_("Handed over to"), "to", PAPER_PERSON },
		{ N_("Handed over on"), "at", PAPER_TIME },
		{ N_("For the next shift"), "text", PAPER_TEXT },
		{ N_("Ended by"), "ended_by", PAPER_PERSON },
		{ N_("Ended on"), "ended_at", PAPER_TIME },
		{ N_("Reason"), "ended_text", PAPER_TEXT },
	};

	if (json_is_object(handover)) {
		paper_fields(paper, handover, fields, ARRAY_LEN(fields));
	}
}

enum err
print_handover_text(const struct print_sources *sources, struct str *out)
{
	static const struct paper_field made[] = {
		{ N_("Department"), "department", PAPER_DEPARTMENT },
		{ N_("As of"), "at", PAPER_TIME },
	};
	struct paper paper = { .out = out, .procedure = sources->procedure, .org = sources->org };
	const json_t *doc = sources->handover;
	const json_t *sheet = json_object_get(doc, "sheet");

	paper_title(&paper, _("Shift handover"));
	if (json_is_true(json_object_get(sources->desk, "trial"))) {
		paper_text(&paper, PAPER_MARGIN,
			_("*** TRIAL DESK - anybody could act as anybody: no evidence ***"));
	}
	str_add_char(out, '\n');
	paper_fields(&paper, doc, made, ARRAY_LEN(made));
	print_given(&paper, json_object_get(doc, "handover"));
	print_sections(&paper, sheet, paper_string(doc, "at"));
	print_rest(&paper, sheet);
	str_add_char(out, '\n');
	paper_line(&paper, _("Handed over"), "______________________________");
	paper_line(&paper, _("Accepted"), "______________________________");
	return out->failed ? ERR_NOMEM : ERR_OK;
}
