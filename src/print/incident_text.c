/* SPDX-License-Identifier: MIT */
/*
 * The incident report as plain text: what the owner submits and the office
 * keeps (DOMAIN §4), with the chain of contact and the marks of the ledger.
 */
#include "toban/print/print.h"

#include <stdlib.h>
#include <string.h>

#include "paper.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

static void
print_basics(struct paper *paper, const json_t *incident)
{
	paper_heading(paper, _("1. The incident"));
	paper_line(paper, _("Number"), paper_string(incident, "id"));
	paper_line(paper, _("Title"), paper_string(incident, "title"));
	paper_line(paper, _("State"),
		paper_label(paper, "states", "name", paper_string(incident, "state")));
	paper_who(paper, _("Department"), "departments", paper_string(incident, "department"));
	paper_who(paper, _("Finder"), "people", paper_string(incident, "finder"));
	paper_line(paper, _("How to reach the finder"), paper_string(incident, "contact"));
	paper_time(paper, _("Found"), paper_string(incident, "found_at"));
	paper_time(paper, _("Reported"), paper_string(incident, "reported_at"));
	paper_line(paper, _("Place"), paper_string(incident, "place"));
	paper_line(paper, _("Asset"), paper_string(incident, "asset"));
	paper_line(paper, _("What happened"), paper_string(incident, "situation"));
	paper_line(paper, _("Done so far"), paper_string(incident, "done_so_far"));
}

static void
print_class(struct paper *paper, const json_t *incident)
{
	static const struct {
		const char *key;
		const char *text;
	} majors[] = {
		{ "no", N_("no") },
		{ "proposed", N_("proposed, not decided yet") },
		{ "yes", N_("yes: handled by crisis management") },
		{ "refused", N_("proposed, and decided not to be one") },
	};
	paper_heading(paper, _("2. Classification"));
	size_t i;
	json_t *key;
	json_array_foreach(json_object_get(incident, "categories"), i, key)
	{
		const char *word = json_string_value(key);
		paper_line(paper, i ? "" : _("Category"),
			paper_label(paper, "categories", "key", word ? word : ""));
	}
	json_array_foreach(json_object_get(incident, "suspected"), i, key)
	{
		const char *word = json_string_value(key);
		paper_line(paper, i ? "" : _("Suspected"),
			paper_label(paper, "categories", "key", word ? word : ""));
	}
	paper_line(paper, _("Because"), paper_words(json_object_get(incident, "reason")));
	for (i = 0; i < ARRAY_LEN(majors); i++) {
		if (strcmp(majors[i].key, paper_string(incident, "major")) == 0) {
			paper_line(paper, _("Major accident"), _(majors[i].text));
		}
	}
	paper_line(paper, _("Table"), paper_string(incident, "table_version"));
}

static void
print_chain(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *contact;
	paper_heading(paper, _("3. Contact chain"));
	json_array_foreach(json_object_get(incident, "chain"), i, contact)
	{
		struct str who = STR_INIT;
		paper_named(paper, "people", paper_string(contact, "person"), &who);
		str_addf(&who, ", %s", paper_mapped(paper, "roles", paper_string(contact, "role")));
		paper_line(paper, _("Told"), str_text(&who));
		paper_time(paper, _("  at"), paper_string(contact, "notified_at"));
		paper_time(paper, _("  acknowledged"), paper_string(contact, "acknowledged_at"));
		str_release(&who);
	}
}

static void
print_response(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *row;
	paper_heading(paper, _("4. Instructions and response"));
	json_array_foreach(json_object_get(incident, "instructions"), i, row)
	{
		paper_time(paper, _("Instruction"), paper_string(row, "at"));
		paper_who(paper, _("  by"), "people", paper_string(row, "by"));
		paper_line(paper, _("  text"), paper_string(row, "text"));
		paper_time(paper, _("  due"), paper_string(row, "due_at"));
	}
	json_array_foreach(json_object_get(incident, "responses"), i, row)
	{
		bool emergency = json_is_true(json_object_get(row, "emergency"));
		paper_time(paper, emergency ? _("Emergency response") : _("Response"),
			paper_string(row, "at"));
		paper_who(paper, _("  by"), "people", paper_string(row, "by"));
		paper_line(paper, _("  text"), paper_string(row, "text"));
	}
}

static void
print_result(struct paper *paper, const json_t *incident)
{
	const json_t *result = json_object_get(incident, "result");
	paper_heading(paper, _("5. Result"));
	if (!json_is_object(result)) {
		paper_text(paper, 1, _("Not reported yet."));
		return;
	}
	paper_line(paper, _("Cause"), paper_string(result, "cause"));
	paper_line(paper, _("Damage"), paper_string(result, "damage"));
	paper_line(paper, _("Actions"), paper_string(result, "actions"));
	paper_line(paper, _("Remarks"), paper_string(result, "text"));
	paper_who(paper, _("Written by"), "people", paper_string(result, "by"));
	paper_time(paper, _("Submitted"), paper_string(result, "at"));
	paper_who(paper, _("Approved by"), "people", paper_string(result, "approved_by"));
	paper_time(paper, _("Approved"), paper_string(result, "approved_at"));
	paper_line(paper, _("Returned because"), paper_string(result, "returned_why"));
	paper_line(paper, _("Hash of the result"), paper_string(result, "hash"));
}

static void
print_cells(struct paper *paper, json_t *cells)
{
	const char *department;
	json_t *cell;
	json_object_foreach(cells, department, cell)
	{
		struct str text = STR_INIT;
		str_addf(&text, "%s  %s", paper_mapped(paper, "cells", paper_string(cell, "state")),
			paper_string(cell, "evidence"));
		struct str label = STR_INIT;
		str_addf(&label, "  %s", department);
		paper_line(paper, str_text(&label), str_text(&text));
		str_release(&text);
		str_release(&label);
	}
}

static void
print_prevention(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *measure;
	paper_heading(paper, _("6. Recurrence prevention"));
	json_array_foreach(json_object_get(incident, "measures"), i, measure)
	{
		paper_line(paper, paper_string(measure, "key"), paper_string(measure, "text"));
		paper_line(paper, _("  cause"), paper_string(measure, "cause"));
		paper_time(paper, _("  due"), paper_string(measure, "due_at"));
		paper_time(paper, _("  effect judged from"), paper_string(measure, "effect_on"));
		print_cells(paper, json_object_get(measure, "cells"));
	}
	if (i == 0) {
		paper_text(paper, 1, _("No measure is planned."));
	}
}

static void
print_reviews(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *item;
	paper_heading(paper, _("7. Review that starts from the incident"));
	json_array_foreach(json_object_get(paper->procedure, "reviews"), i, item)
	{
		const json_t *review = json_object_get(
			json_object_get(incident, "reviews"), paper_string(item, "key"));
		const char *verdict = paper_string(review, "verdict");
		struct str text = STR_INIT;
		str_addf(&text, "%s  %s",
			*verdict ? paper_mapped(paper, "verdicts", verdict) : _("no verdict yet"),
			paper_string(review, "text"));
		paper_line(paper, paper_words(json_object_get(item, "label")), str_text(&text));
		str_release(&text);
	}
}

static void
print_record(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *event;
	paper_heading(paper, _("8. Entries of the ledger"));
	json_array_foreach(json_object_get(incident, "log"), i, event)
	{
		struct str text = STR_INIT;
		const char *at = paper_string(event, "at");
		str_addf(&text, "%6lld  %.10s %.5s  ",
			(long long)json_integer_value(json_object_get(event, "seq")), at,
			strlen(at) > 11 ? at + 11 : "");
		str_addf(&text, "%.12s  %s  ", paper_string(event, "row_hash"),
			paper_string(event, "actor"));
		str_add(&text, paper_mapped(paper, "kinds", paper_string(event, "kind")));
		paper_text(paper, 1, str_text(&text));
		str_release(&text);
	}
}

/* What the paper is worth: whose desk, how protected, real or not. */
static void
print_origin(struct paper *paper, const json_t *incident, const json_t *desk)
{
	struct str text = STR_INIT;
	const json_t *head = json_object_get(desk, "head");
	paper_line(paper, _("Organisation"), paper_words(json_object_get(desk, "organisation")));
	if (json_is_true(json_object_get(incident, "drill"))) {
		paper_line(paper, _("DRILL"), _("An exercise: nothing in it happened."));
	}
	if (json_is_true(json_object_get(desk, "trial"))) {
		paper_line(paper, _("Trial desk"), _("Anybody could act as anybody: no evidence."));
	}
	if (json_is_true(json_object_get(incident, "confidential"))) {
		paper_line(paper, _("Confidential"), _("Only for those whom the procedure names."));
	}
	paper_line(paper, _("Protection"), paper_string(desk, "protection"));
	str_addf(&text, "%lld  %s", (long long)json_integer_value(json_object_get(head, "seq")),
		paper_string(head, "row_hash"));
	paper_line(paper, _("Ledger ends at"), str_text(&text));
	paper_time(paper, _("Printed"), paper_string(desk, "now"));
	str_release(&text);
}

enum err
print_incident_text(const struct print_sources *sources, struct str *out)
{
	static void (*const parts[])(struct paper *, const json_t *) = {
		print_basics,
		print_class,
		print_chain,
		print_response,
		print_result,
		print_prevention,
		print_reviews,
		print_record,
	};
	struct paper paper = { .out = out, .procedure = sources->procedure, .org = sources->org };
	paper_title(&paper, _("Information security incident report"));
	print_origin(&paper, sources->incident, sources->desk);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		parts[i](&paper, sources->incident);
	}
	return out->failed ? ERR_NOMEM : ERR_OK;
}
