/* SPDX-License-Identifier: MIT */
/*
 * What the filters of a question mean on this desk.  Names are found by any part
 * of an id, a code or a name in either language.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* --- matching ---------------------------------------------------------------------- */

/* Whether the folded value stands anywhere in the text. */
static bool
text_has(const char *text, const char *value)
{
	struct str folded = STR_INIT;
	bool has;

	text_fold(&folded, text, strlen(text));
	has = strstr(str_text(&folded), value) != NULL;
	str_release(&folded);
	return has;
}

static bool
words_have(const struct words *words, const char *value)
{
	for (int i = 0; i < LANG_COUNT; i++) {
		if (text_has(words->in[i], value)) {
			return true;
		}
	}
	return false;
}

static bool
is_yes(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "はい") == 0 || strcmp(value, "有") == 0;
}

static bool
is_no(const char *value)
{
	return strcmp(value, "no") == 0 || strcmp(value, "いいえ") == 0 || strcmp(value, "無") == 0;
}

static bool
category_is(const struct category *category, const char *value)
{
	char *end = NULL;
	long number = strtol(value, &end, 10);

	if (*end == '\0') {
		return category->number == number;
	}
	return text_has(category->key, value) || words_have(&category->label, value) ||
		words_have(&category->short_label, value);
}

static bool
state_is(const struct flow_state *state, const char *value)
{
	if (strcmp(value, "open") == 0) {
		return state->open;
	}
	if (strcmp(value, "closed") == 0) {
		return !state->open;
	}
	return strcmp(state->name, value) == 0 || words_have(&state->label, value);
}

static bool
department_is(const struct department *department, const char *value)
{
	return text_has(department->id, value) || text_has(department->code, value) ||
		words_have(&department->name, value);
}

static bool
person_is(const struct call *call, const char *id, const char *value)
{
	const struct person *person = org_person(call->org, id);

	return text_has(id, value) || (person != NULL && words_have(&person->name, value));
}

/* --- what a row tells ---------------------------------------------------------------- */

static bool
row_is_mine(const struct call *call, const struct incident_row *row)
{
	const char *at = row->people;
	size_t len = strlen(call->person->id);

	if (strcmp(row->finder, call->person->id) == 0) {
		return true;
	}
	for (at = strstr(at, call->person->id); at != NULL; at = strstr(at + 1, call->person->id)) {
		if (at > row->people && at[-1] == ' ' && at[len] == ' ') {
			return true;
		}
	}
	return false;
}

static bool
row_class(const struct call *call, const struct incident_row *row, const char *value)
{
	const struct category *category =
		classification_find(&call->procedure->classification, row->category);

	return category != NULL && category_is(category, value);
}

static bool
row_state(const struct call *call, const struct incident_row *row, const char *value)
{
	const struct flow_state *state =
		flow_find_state(&call->procedure->incident_flow, row->state);

	return state != NULL && state_is(state, value);
}

static bool
row_department(const struct call *call, const struct incident_row *row, const char *value)
{
	const struct department *department = org_department(call->org, row->department);

	return department != NULL && department_is(department, value);
}

static bool
row_overdue(const struct call *call, const struct incident_row *row)
{
	return row->open && row->due_at != STAMP_NONE && row->due_at < call->now;
}

/* --- what only the entries tell -------------------------------------------------------- */

static bool
case_by(const struct call *call, const struct incident *incident, const char *value)
{
	for (size_t i = 0; i < incident->n_events; i++) {
		if (person_is(call, incident->events[i].actor, value)) {
			return true;
		}
	}
	return false;
}

/* Who the case was told to as an owner, and who answers for a measure. */
static bool
case_owner(const struct call *call, const struct incident *incident, const char *value)
{
	for (size_t i = 0; i < incident->n_contacts; i++) {
		if (strcmp(incident->contacts[i].role, "owner") == 0 &&
			person_is(call, incident->contacts[i].person, value)) {
			return true;
		}
	}
	for (size_t i = 0; i < incident->n_measures; i++) {
		if (person_is(call, incident->measures[i].owner, value)) {
			return true;
		}
	}
	return false;
}

static bool
case_holds(
	const struct call *call, const struct incident *incident, const struct find_filter *filter)
{
	switch (filter->key) {
	case FIND_BY:
		return case_by(call, incident, filter->value);
	case FIND_OWNER:
		return case_owner(call, incident, filter->value);
	default:
		return incident->n_evidence > 0;
	}
}

static bool
needs_case(enum find_key key)
{
	return key == FIND_BY || key == FIND_OWNER || key == FIND_HAS;
}

/* --- both ---------------------------------------------------------------------------------- */

static bool
row_holds(const struct search_filter *search, const struct incident_row *row,
	const struct find_filter *filter)
{
	const struct call *call = search->call;
	const char *value = filter->value;

	switch (filter->key) {
	case FIND_ID:
		return strncmp(row->id, value, strlen(value)) == 0;
	case FIND_CLASS:
		return row_class(call, row, value);
	case FIND_STATE:
		return row_state(call, row, value);
	case FIND_MINE:
		return row_is_mine(call, row) == is_yes(value);
	case FIND_SINCE:
		return row->reported_at >= search->since;
	case FIND_UNTIL:
		return row->reported_at <= search->until;
	case FIND_DEPT:
		return row_department(call, row, value);
	case FIND_OVERDUE:
		return row_overdue(call, row) == is_yes(value);
	case FIND_MAJOR:
		return (strcmp(row->major, "yes") == 0) == is_yes(value);
	case FIND_DRILL:
		return row->drill == is_yes(value);
	default:
		return true;
	}
}

/* Opens the case for the filters that ask for its entries. */
static bool
case_passes(struct search_filter *search, const char *id)
{
	const struct find_query *query = search->query;
	struct dossier *dossier = NULL;
	bool asked = false;

	for (size_t i = 0; i < query->n_filters; i++) {
		asked = asked || needs_case(query->filters[i].key);
	}
	if (!asked || search->err != ERR_OK) {
		return search->err == ERR_OK;
	}
	if (search->opened == SEARCH_OPENED_MOST) {
		search->stopped = true;
		return false;
	}
	search->opened++;
	search->err = dossier_load(search->call, id, &dossier);
	for (size_t i = 0; search->err == ERR_OK && i < query->n_filters; i++) {
		const struct find_filter *filter = &query->filters[i];

		if (needs_case(filter->key) &&
			case_holds(search->call, &dossier->incident, filter) == filter->not ) {
			return false;
		}
	}
	return search->err == ERR_OK;
}

bool
search_filter_passes(const struct incident_row *row, const void *ctx)
{
	/* The store promises only not to change it: this is the caller's own. */
	struct search_filter *search = (struct search_filter *)(uintptr_t)ctx;

	for (size_t i = 0; i < search->query->n_filters; i++) {
		const struct find_filter *filter = &search->query->filters[i];

		if (!needs_case(filter->key) && row_holds(search, row, filter) == filter->not ) {
			return false;
		}
	}
	return search_veil_passes(search, row) && case_passes(search, row->id);
}

/* --- checking ---------------------------------------------------------------------------- */

static bool
known_class(const struct call *call, const char *value)
{
	const struct classification *table = &call->procedure->classification;

	for (size_t i = 0; i < table->n; i++) {
		if (category_is(&table->items[i], value)) {
			return true;
		}
	}
	return false;
}

static bool
known_state(const struct call *call, const char *value)
{
	const struct flow *flow = &call->procedure->incident_flow;

	for (size_t i = 0; i < flow->n_states; i++) {
		if (state_is(&flow->states[i], value)) {
			return true;
		}
	}
	return false;
}

static bool
known_department(const struct call *call, const char *value)
{
	for (size_t i = 0; i < call->org->n_departments; i++) {
		if (department_is(&call->org->departments[i], value)) {
			return true;
		}
	}
	return false;
}

static bool
known_person(const struct call *call, const char *value)
{
	for (size_t i = 0; i < call->org->n_people; i++) {
		if (person_is(call, call->org->people[i].id, value)) {
			return true;
		}
	}
	return false;
}

/* Why the value means nothing here; NULL: it does. */
static const char *
value_fault(struct search_filter *search, const struct find_filter *filter)
{
	const struct call *call = search->call;
	const char *value = filter->value;
	bool until = filter->key == FIND_UNTIL;

	switch (filter->key) {
	case FIND_CLASS:
		return known_class(call, value) ? NULL : _("There is no such category.");
	case FIND_STATE:
		return known_state(call, value)
			? NULL
			: _("There is no such state: say open, closed or a state's name.");
	case FIND_SINCE:
	case FIND_UNTIL:
		return find_date(value, call->now, call->org->offset_min, until,
			       until ? &search->until : &search->since)
			? _("Say a day as 2026-11-22, 2025-04, -30d or yesterday.")
			: NULL;
	case FIND_DEPT:
		return known_department(call, value) ? NULL : _("There is no such department.");
	case FIND_OWNER:
	case FIND_BY:
		return known_person(call, value) ? NULL : _("There is no such person.");
	case FIND_HAS:
		return strcmp(value, "evidence") == 0 || strcmp(value, "証拠") == 0
			? NULL
			: _("Say has:evidence.");
	case FIND_ID:
		return NULL;
	default:
		return is_yes(value) || is_no(value) ? NULL : _("Say yes or no.");
	}
}

enum err
search_filter_check(struct search_filter *search)
{
	for (size_t i = 0; i < search->query->n_filters; i++) {
		const struct find_filter *filter = &search->query->filters[i];
		const char *fault = value_fault(search, filter);

		if (fault != NULL) {
			const char *text = arena_printf(search->call->arena, "%s:%s: %s",
				find_name(filter->key), filter->value, fault);

			return text ? call_fail_field(search->call, "D102", "query", text)
				    : ERR_NOMEM;
		}
	}
	return ERR_OK;
}
