/* SPDX-License-Identifier: MIT */
/*
 * What follows the result of a response: prevention, reviews, statutory
 * reports, decisions, evidence, and the entries of the ledger.
 */
#include <stdlib.h>
#include <string.h>

#include "incident_text.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* --- prevention ------------------------------------------------------------------ */

static void
print_cell(struct paper *paper, const char *department, const json_t *cell)
{
	static const struct paper_field fields[] = {
		{ N_("  evidence"), "evidence", PAPER_TEXT },
		{ N_("  reason"), "why", PAPER_TEXT },
	};
	struct str name = STR_INIT;
	struct str state = STR_INIT;
	paper_name(paper, department, &name);
	str_add(&state, paper_mapped(paper, "cells", paper_string(cell, "state")));
	if (json_is_true(json_object_get(cell, "not_applicable"))) {
		str_addf(&state, " (%s)", _("not applicable here"));
	}
	if (*paper_string(cell, "at")) {
		str_add(&state, "  ");
		paper_moment(paper_string(cell, "at"), &state);
	}
	if (*paper_string(cell, "by")) {
		str_add_char(&state, '\n');
		paper_name(paper, paper_string(cell, "by"), &state);
	}
	paper_line(paper, str_text(&name), str_text(&state));
	paper_fields(paper, cell, fields, ARRAY_LEN(fields));
	str_release(&name);
	str_release(&state);
}

/* Why none is needed stands in the entry of the plan alone. */
static void
print_no_measure(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Reason"), "why", PAPER_TEXT },
	};
	const json_t *log = json_object_get(incident, "log");
	for (size_t i = json_array_size(log); i > 0; i--) {
		const json_t *event = json_array_get(log, i - 1);
		if (strcmp(paper_string(event, "kind"), "plan-prevention") == 0) {
			struct str who = STR_INIT;
			const json_t *body = json_object_get(event, "body");
			paper_fields(
				paper, json_object_get(body, "fields"), fields, ARRAY_LEN(fields));
			paper_name(paper, paper_string(event, "actor"), &who);
			paper_line(paper, _("Decided by"), str_text(&who));
			str_release(&who);
			return;
		}
	}
}

void
incident_print_prevention(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Against"), "cause", PAPER_TEXT },
		{ N_("Planned by"), "owner", PAPER_PERSON },
		{ N_("Due"), "due_at", PAPER_TIME },
		{ N_("Effect judged on"), "effect_on", PAPER_TIME },
	};
	size_t i;
	json_t *measure;
	paper_heading(paper, _("Recurrence prevention"));
	json_array_foreach(json_object_get(incident, "measures"), i, measure)
	{
		struct str text = STR_INIT;
		str_addf(&text, "%s  %s", paper_string(measure, "key"),
			paper_string(measure, "text"));
		paper_item(paper, i, str_text(&text));
		paper_fields(paper, measure, fields, ARRAY_LEN(fields));
		str_release(&text);
		const char *department;
		json_t *cell;
		json_object_foreach(json_object_get(measure, "cells"), department, cell)
		{
			print_cell(paper, department, cell);
		}
	}
	if (i == 0) {
		paper_text(paper, PAPER_MARGIN, _("No measure is planned."));
		print_no_measure(paper, incident);
	}
}

/* --- reviews ----------------------------------------------------------------------- */

void
incident_print_reviews(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Reason or change"), "text", PAPER_TEXT },
		{ N_("Judged by"), "by", PAPER_PERSON },
		{ N_("Judged on"), "at", PAPER_TIME },
	};
	size_t i;
	json_t *item;
	paper_heading(paper, _("Review that starts from the incident"));
	json_array_foreach(json_object_get(paper->procedure, "reviews"), i, item)
	{
		const json_t *review = json_object_get(
			json_object_get(incident, "reviews"), paper_string(item, "key"));
		const char *verdict = paper_string(review, "verdict");
		struct str text = STR_INIT;
		str_addf(&text, "%s - %s", paper_words(json_object_get(item, "label")),
			*verdict ? paper_mapped(paper, "verdicts", verdict) : _("no verdict yet"));
		paper_item(paper, i, str_text(&text));
		paper_fields(paper, review, fields, ARRAY_LEN(fields));
		str_release(&text);
	}
}

/* --- statutory reports ---------------------------------------------------------------- */

static const char *
clock_decision(const char *word)
{
	if (strcmp(word, "reported") == 0) {
		return _("reported");
	}
	return *word ? _("no report is required") : _("NOT decided yet");
}

void
incident_print_clocks(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Due"), "due_at", PAPER_TIME },
		{ N_("Reason"), "why", PAPER_TEXT },
		{ N_("Decided by"), "by", PAPER_PERSON },
		{ N_("Decided on"), "at", PAPER_TIME },
	};
	const json_t *clocks = json_object_get(incident, "clocks");
	size_t i;
	json_t *clock;
	if (json_array_size(clocks) > 0) {
		paper_heading(paper, _("Statutory reports"));
	}
	json_array_foreach(clocks, i, clock)
	{
		paper_item(
			paper, i, paper_label(paper, "legal", "key", paper_string(clock, "key")));
		paper_line(paper, _("Decision"), clock_decision(paper_string(clock, "decision")));
		paper_fields(paper, clock, fields, ARRAY_LEN(fields));
	}
}

/* --- decisions ------------------------------------------------------------------------- */

/* Steps whose words stand nowhere else on the paper. */
static bool
is_decision(const char *kind)
{
	static const char *const kinds[] = {
		"reclassify",
		"confirm-suspicion",
		"dispel-suspicion",
		"escalate",
		"decide-major",
		"return-result",
		"involve",
		"restrict",
		"admit-reader",
		"remove-reader",
		"dismiss",
		"same-as",
		"not-same-as",
		"note",
		"correct",
		"erase",
		"close",
		"verify-effect",
		"reopen",
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i], kind) == 0) {
			return true;
		}
	}
	return false;
}

static void
print_decision(struct paper *paper, size_t index, const json_t *event)
{
	static const struct paper_field fields[] = {
		{ N_("Corrects entry"), "seq", PAPER_NUMBER },
		{ N_("Verdict"), "verdict", PAPER_TEXT },
		{ N_("Major accident"), "major", PAPER_ANSWER },
		{ N_("Person"), "person", PAPER_PERSON },
		{ N_("Other incident"), "other", PAPER_TEXT },
		{ N_("Content"), "text", PAPER_TEXT },
		{ N_("Reason"), "why", PAPER_TEXT },
	};
	const json_t *body = json_object_get(event, "body");
	json_t *words = json_copy(json_object_get(body, "fields"));
	const char *verdict = paper_string(words, "verdict");
	if (*verdict) {
		json_object_set_new(
			words, "verdict", json_string(paper_mapped(paper, "verdicts", verdict)));
	}
	struct str text = STR_INIT;
	str_addf(&text, "%s  ", paper_mapped(paper, "kinds", paper_string(event, "kind")));
	paper_moment(paper_string(event, "at"), &text);
	paper_item(paper, index, str_text(&text));
	str_clear(&text);
	paper_name(paper, paper_string(event, "actor"), &text);
	paper_line(paper, _("By"), str_text(&text));
	paper_fields(paper, words, fields, ARRAY_LEN(fields));
	if (!json_is_object(body)) {
		paper_line(paper, _("Content"), _("erased on a legal ground"));
	}
	str_release(&text);
	json_decref(words);
}

void
incident_print_decisions(struct paper *paper, const json_t *incident)
{
	size_t printed = 0;
	size_t i;
	json_t *event;
	json_array_foreach(json_object_get(incident, "log"), i, event)
	{
		if (is_decision(paper_string(event, "kind"))) {
			if (printed == 0) {
				paper_heading(paper, _("Decisions, notes and corrections"));
			}
			print_decision(paper, printed++, event);
		}
	}
}

/* --- signatures ---------------------------------------------------------------------------- */

enum { SHORT_DIGITS = 16 }; /* of the hash of what was signed */

/* As it was shown to who signed: the beginning, in groups of four. */
static void
add_short(struct str *out, const char *hash)
{
	for (size_t i = 0; i < SHORT_DIGITS && hash[i]; i++) {
		if (i > 0 && i % 4 == 0) {
			str_add_char(out, ' ');
		}
		str_add_char(out, hash[i]);
	}
}

static void
print_signature(struct paper *paper, size_t index, const json_t *signature)
{
	static const struct paper_field key[] = {
		{ N_("Signing key"), "key", PAPER_HASH },
	};
	bool holds = json_is_true(json_object_get(signature, "holds"));
	struct str text = STR_INIT;
	str_addf(&text, "%s  ", paper_mapped(paper, "kinds", paper_string(signature, "kind")));
	paper_moment(paper_string(signature, "at"), &text);
	paper_item(paper, index, str_text(&text));
	str_clear(&text);
	paper_name(paper, paper_string(signature, "by"), &text);
	paper_line(paper, _("Signed by"), str_text(&text));
	str_clear(&text);
	add_short(&text, paper_string(signature, "hash"));
	paper_line(paper, _("Short hash"), str_text(&text));
	paper_fields(paper, signature, key, ARRAY_LEN(key));
	paper_line(paper, _("Signature"),
		holds ? _("holds: of this entry, by a key of theirs")
		      : _("DOES NOT HOLD: run toban verify"));
	str_release(&text);
}

void
incident_print_signatures(struct paper *paper, const json_t *incident)
{
	const json_t *signatures = json_object_get(incident, "signatures");
	size_t i;
	json_t *signature;
	if (json_array_size(signatures) > 0) {
		paper_heading(paper, _("Signatures"));
	}
	json_array_foreach(signatures, i, signature)
	{
		print_signature(paper, i, signature);
	}
}

/* --- evidence and links ------------------------------------------------------------------ */

static void
print_link(struct paper *paper, size_t index, const json_t *link)
{
	bool same = strcmp(paper_string(link, "kind"), "same-as") == 0;
	struct str text = STR_INIT;
	str_addf(&text, "%s  %s", same ? _("Same as incident") : _("Related incident"),
		paper_string(link, "other"));
	if (json_is_true(json_object_get(link, "undone"))) {
		str_addf(&text, " (%s)", _("taken back"));
	}
	paper_item(paper, index, str_text(&text));
	paper_line(paper, _("Reason"), paper_string(link, "why"));
	str_release(&text);
}

void
incident_print_evidence(struct paper *paper, const json_t *incident)
{
	static const struct paper_field fields[] = {
		{ N_("Size in bytes"), "size", PAPER_NUMBER },
		{ N_("SHA-256"), "sha256", PAPER_HASH },
		{ N_("Added by"), "by", PAPER_PERSON },
		{ N_("Added on"), "at", PAPER_TIME },
	};
	const json_t *files = json_object_get(incident, "evidence");
	const json_t *links = json_object_get(incident, "links");
	size_t i;
	size_t k;
	json_t *row;
	if (json_array_size(files) + json_array_size(links) > 0) {
		paper_heading(paper, _("Evidence and related incidents"));
	}
	json_array_foreach(files, i, row)
	{
		paper_item(paper, i, paper_string(row, "name"));
		paper_fields(paper, row, fields, ARRAY_LEN(fields));
	}
	json_array_foreach(links, k, row)
	{
		print_link(paper, i + k, row);
	}
}

/* --- the ledger ------------------------------------------------------------------------------ */

/* Columns of the list of entries. */
enum { AT_COLS = 16, HASH_COLS = 8, ACTOR_COLS = 16, KIND_INDENT = 55 };

static void
print_entry(struct paper *paper, const json_t *event)
{
	struct str row = STR_INIT;
	struct str at = STR_INIT;
	const char *hash = paper_string(event, "row_hash");
	const char *actor = paper_string(event, "actor");
	paper_moment(paper_string(event, "at"), &at);
	str_addf(&row, "%7lld  ", (long long)json_integer_value(json_object_get(event, "seq")));
	(void)text_fit(&row, str_text(&at), at.len, AT_COLS);
	str_add(&row, "  ");
	(void)text_fit(&row, hash, strlen(hash), HASH_COLS);
	str_add(&row, "  ");
	(void)text_fit(&row, actor, strlen(actor), ACTOR_COLS);
	str_add_n(paper->out, str_text(&row), row.len);
	paper_go_on(paper, KIND_INDENT, text_width(str_text(&row), row.len),
		paper_mapped(paper, "kinds", paper_string(event, "kind")));
	str_release(&row);
	str_release(&at);
}

void
incident_print_ledger(struct paper *paper, const json_t *incident)
{
	size_t i;
	json_t *event;
	paper_heading(paper, _("Entries of the ledger"));
	json_array_foreach(json_object_get(incident, "log"), i, event)
	{
		print_entry(paper, event);
	}
}
