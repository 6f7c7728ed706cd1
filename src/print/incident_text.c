/* SPDX-License-Identifier: MIT */
/*
 * The incident report as plain text: what the owner submits and the office
 * keeps (docs/procedure.md), with the chain of contact and the marks of the ledger.
 */
#include "toban/print/print.h"

#include <stdlib.h>
#include <string.h>

#include "incident_text.h"
#include "paper.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* --- before the sections ------------------------------------------------------- */

/* What holds for the whole paper stands above everything else, and cannot be overlooked. */
static void
print_marks(struct paper *paper, const json_t *incident, const json_t *desk)
{
	const struct {
		bool holds;
		const char *text;
	} marks[] = {
		{ json_is_true(json_object_get(incident, "drill")),
			N_("*** DRILL - an exercise: nothing in it happened ***") },
		{ json_is_true(json_object_get(desk, "trial")),
			N_("*** TRIAL DESK - anybody could act as anybody: no evidence ***") },
		{ json_is_true(json_object_get(incident, "confidential")),
			N_("*** CONFIDENTIAL - only for those whom the procedure names ***") },
	};
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (marks[i].holds) {
			paper_text(paper, PAPER_MARGIN, _(marks[i].text));
		}
	}
	str_add_char(paper->out, '\n');
}

static const char *
protection_text(const char *word)
{
	static const struct {
		const char *word;
		const char *text;
	} protections[] = {
		{ "open-file",
			N_("open file - whoever owns it could write a whole new ledger; compare "
			   "the end below with one that was kept elsewhere") },
		{ "owned", N_("owned file - only the service's account can write to it") },
		{ "owned-witnessed",
			N_("owned and witnessed - its ends are kept outside as well") },
	};
	for (size_t i = 0; i < ARRAY_LEN(protections); i++) {
		if (strcmp(protections[i].word, word) == 0) {
			return _(protections[i].text);
		}
	}
	return word;
}

/* Whose desk it is, and what the paper can be compared with. */
static void
print_origin(struct paper *paper, const json_t *desk)
{
	static const struct paper_field end[] = {
		{ N_("Ledger ends at entry"), "seq", PAPER_NUMBER },
		{ N_("with the hash"), "row_hash", PAPER_HASH },
	};
	struct str printed = STR_INIT;
	paper_moment(paper_string(desk, "now"), &printed);
	const char *by = paper_string(json_object_get(desk, "person"), "id");
	if (*by) {
		str_add_char(&printed, '\n');
		paper_name(paper, by, &printed);
	}
	paper_line(paper, _("Organisation"), paper_words(json_object_get(desk, "organisation")));
	paper_line(paper, _("Printed"), str_text(&printed));
	paper_line(paper, _("Protection"), protection_text(paper_string(desk, "protection")));
	paper_fields(paper, json_object_get(desk, "head"), end, ARRAY_LEN(end));
	str_release(&printed);
}

/* --- sections ------------------------------------------------------------------- */

static void
print_basics(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Number"), "id", PAPER_TEXT },
		{ N_("Title"), "title", PAPER_TEXT },
		{ N_("State"), "state", PAPER_STATE },
		{ N_("Department"), "department", PAPER_DEPARTMENT },
		{ N_("Finder"), "finder", PAPER_PERSON },
		{ N_("Finder's contact"), "contact", PAPER_TEXT },
		{ N_("Found on"), "found_at", PAPER_TIME },
		{ N_("Reported on"), "reported_at", PAPER_TIME },
		{ N_("Place"), "place", PAPER_TEXT },
		{ N_("Asset"), "asset", PAPER_TEXT },
		{ N_("Personal data"), "personal_data", PAPER_ANSWER },
		{ N_("Situation"), "situation", PAPER_TEXT },
		{ N_("Done by the finder"), "done_so_far", PAPER_TEXT },
		{ N_("Involved persons"), "involved", PAPER_PEOPLE },
		{ N_("Named readers"), "readers", PAPER_PEOPLE },
	};
	int round = (int)json_integer_value(json_object_get(incident, "round"));
	paper_heading(paper, _("The incident"));
	paper_fields(paper, incident, fields, ARRAY_LEN(fields));
	if (round > 1) {
		static const struct paper_field reopened[] = {
			{ N_("Round (reopened)"), "round", PAPER_NUMBER },
		};
		paper_fields(paper, incident, reopened, ARRAY_LEN(reopened));
	}
}

/* Categories in the order of the table, the primary one marked. */
static void
print_categories(struct paper *paper, const char *label, const json_t *keys, const char *primary)
{
	struct str text = STR_INIT;
	size_t i;
	json_t *key;
	json_array_foreach(keys, i, key)
	{
		const char *word = json_string_value(key) ? json_string_value(key) : "";
		const char *name = paper_label(paper, "categories", "key", word);
		str_add(&text, text.len ? "\n" : "");
		if (json_array_size(keys) > 1 && strcmp(word, primary) == 0) {
			str_say(&text, _("{category} (primary)"),
				&(struct str_arg){ "category", name }, 1);
		} else {
			str_add(&text, name);
		}
	}
	paper_line(paper, label, str_text(&text));
	str_release(&text);
}

const char *
print_major(const char *word)
{
	static const struct {
		const char *key;
		const char *text;
	} majors[] = {
		{ "no", N_("not proposed") },
		{ "proposed", N_("proposed, not decided yet") },
		{ "yes", N_("yes - handled by crisis management") },
		{ "refused", N_("proposed, and decided not to be one") },
	};
	for (size_t i = 0; i < ARRAY_LEN(majors); i++) {
		if (strcmp(majors[i].key, word) == 0) {
			return _(majors[i].text);
		}
	}
	return word;
}

static void
print_class(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Reason"), "reason", PAPER_TEXT },
		{ N_("Table version"), "table_version", PAPER_TEXT },
	};
	const char *primary = paper_string(incident, "category");
	const char *major = paper_string(incident, "major");
	paper_heading(paper, _("Classification"));
	print_categories(paper, _("Category"), json_object_get(incident, "categories"), primary);
	print_categories(paper, _("Suspected"), json_object_get(incident, "suspected"), primary);
	if (*major) {
		paper_line(paper, _("Major accident"), print_major(major));
	}
	paper_fields(paper, incident, fields, ARRAY_LEN(fields));
}

static void
print_chain(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Told on"), "notified_at", PAPER_TIME },
		{ N_("Opened on"), "seen_at", PAPER_TIME },
		{ N_("Acknowledged on"), "acknowledged_at", PAPER_TIME },
	};
	static const struct paper_field waits[] = {
		{ N_("Acknowledge by"), "due_at", PAPER_TIME },
	};
	size_t i;
	json_t *contact;
	paper_heading(paper, _("Contact chain"));
	json_array_foreach(json_object_get(incident, "chain"), i, contact)
	{
		struct str who = STR_INIT;
		paper_short_name(paper, paper_string(contact, "person"), &who);
		str_addf(
			&who, " - %s", paper_mapped(paper, "roles", paper_string(contact, "role")));
		paper_item(paper, i, str_text(&who));
		paper_fields(paper, contact, fields, ARRAY_LEN(fields));
		if (json_is_true(json_object_get(contact, "skipped"))) {
			paper_line(paper, _("Passed over"), _("involved in the incident"));
		} else if (!*paper_string(contact, "acknowledged_at")) {
			paper_fields(paper, contact, waits, ARRAY_LEN(waits));
		}
		str_release(&who);
	}
}

const char *
print_call_outcome(const char *word)
{
	static const struct {
		const char *word;
		const char *text;
	} outcomes[] = {
		{ "reached", N_("reached") },
		{ "no-answer", N_("no answer") },
		{ "voicemail", N_("voicemail") },
		{ "refused", N_("refused") },
	};
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
		if (strcmp(outcomes[i].word, word) == 0) {
			return _(outcomes[i].text);
		}
	}
	return word;
}

static void
print_calls(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *call;
	json_array_foreach(json_object_get(incident, "calls"), i, call)
	{
		struct str text = STR_INIT;
		const char *outcome = paper_string(call, "outcome");
		paper_moment(paper_string(call, "at"), &text);
		str_addf(&text, "  %s %s", paper_string(call, "to"), paper_string(call, "number"));
		if (*outcome) {
			str_addf(&text, " - %s", print_call_outcome(outcome));
		}
		if (i == 0) {
			str_add_char(paper->out, '\n');
		}
		paper_line(paper, _("Telephone call"), str_text(&text));
		str_release(&text);
	}
}

static void
print_contacts(struct paper *paper, const json_t *incident)
{
	print_chain(paper, incident);
	print_calls(paper, incident);
}

static void
print_response(struct paper *paper, const json_t *incident)
{
	static const struct paper_field instruction[] = {
		{ N_("By"), "by", PAPER_PERSON },
		{ N_("To"), "to", PAPER_PEOPLE },
		{ N_("Content"), "text", PAPER_TEXT },
		{ N_("Due"), "due_at", PAPER_TIME },
		{ N_("Answered in entry"), "answered_by", PAPER_NUMBER },
	};
	static const struct paper_field response[] = {
		{ N_("By"), "by", PAPER_PERSON },
		{ N_("Content"), "text", PAPER_TEXT },
	};
	size_t i;
	size_t k;
	json_t *row;
	paper_heading(paper, _("Instructions and response"));
	json_array_foreach(json_object_get(incident, "instructions"), i, row)
	{
		struct str text = STR_INIT;
		bool ratifies = json_is_true(json_object_get(row, "ratifies"));
		str_addf(&text, "%s  ", ratifies ? _("Ratification") : _("Instruction"));
		paper_moment(paper_string(row, "at"), &text);
		paper_item(paper, i, str_text(&text));
		paper_fields(paper, row, instruction, ARRAY_LEN(instruction));
		str_release(&text);
	}
	json_array_foreach(json_object_get(incident, "responses"), k, row)
	{
		struct str text = STR_INIT;
		bool emergency = json_is_true(json_object_get(row, "emergency"));
		bool ratified = json_is_true(json_object_get(row, "ratified"));
		str_addf(&text, "%s  ",
			!emergency         ? _("Response")
				: ratified ? _("Emergency response, ratified")
					   : _("Emergency response, NOT ratified yet"));
		paper_moment(paper_string(row, "at"), &text);
		paper_item(paper, i + k, str_text(&text));
		paper_fields(paper, row, response, ARRAY_LEN(response));
		str_release(&text);
	}
	if (i + k == 0) {
		paper_text(paper, PAPER_MARGIN, _("Nothing recorded yet."));
	}
}

static void
print_result(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Cause"), "cause", PAPER_TEXT },
		{ N_("Damage and effect"), "damage", PAPER_TEXT },
		{ N_("Actions taken"), "actions", PAPER_TEXT },
		{ N_("Remarks, proposals"), "text", PAPER_TEXT },
		{ N_("Written by"), "by", PAPER_PERSON },
		{ N_("Submitted on"), "at", PAPER_TIME },
		{ N_("Version"), "version", PAPER_NUMBER },
		{ N_("Approved by"), "approved_by", PAPER_PERSON },
		{ N_("Approved on"), "approved_at", PAPER_TIME },
		{ N_("Returned because"), "returned_why", PAPER_TEXT },
	};
	static const struct paper_field hash[] = {
		{ N_("Hash of the report (SHA-256)"), "hash", PAPER_HASH },
	};
	const json_t *result = json_object_get(incident, "result");
	paper_heading(paper, _("Result of the response"));
	if (!json_is_object(result)) {
		paper_text(paper, PAPER_MARGIN, _("Not reported yet."));
		return;
	}
	paper_fields(paper, result, fields, ARRAY_LEN(fields));
	if (!*paper_string(result, "approved_by")) {
		paper_line(paper, _("Approval"), _("NOT approved"));
	}
	paper_fields(paper, result, hash, ARRAY_LEN(hash));
}

enum err
print_incident_text(const struct print_sources *sources, struct str *out)
{
	static void (*const sections[])(struct paper *, const json_t *) = {
		print_basics,
		print_class,
		print_contacts,
		print_response,
		print_result,
		incident_print_prevention,
		incident_print_reviews,
		incident_print_clocks,
		incident_print_decisions,
		incident_print_signatures,
		incident_print_evidence,
		incident_print_ledger,
	};
	struct paper paper = { .out = out, .procedure = sources->procedure, .org = sources->org };
	paper_title(&paper, _("Information security incident report"));
	print_marks(&paper, sources->incident, sources->desk);
	print_origin(&paper, sources->desk);
	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		sections[i](&paper, sources->incident);
	}
	return out->failed ? ERR_NOMEM : ERR_OK;
}
