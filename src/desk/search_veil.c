/* SPDX-License-Identifier: MIT */
/*
 * A question to a case of which the caller may not read every entry: see search.h.  The search
 * text of a row holds all of them; few cases name another, so few are opened for this.
 */
#include <string.h>

#include "search.h"
#include "summary.h"
#include "toban/base/str.h"
#include "toban/store/search.h"
#include "veil.h"

enum err
search_veil_covered(
	struct call *call, const struct incident *incident, const bool **ret_covered, bool *ret_any)
{
	bool *covered = arena_array(call->arena, incident->n_events + 1, sizeof(*covered));
	enum err e = covered ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; !e && i < incident->n_events; i++) {
		e = veil_covers(call, &incident->events[i], &covered[i]);
		*ret_any = *ret_any || covered[i];
	}
	*ret_covered = covered;
	return e;
}

static bool
names_a_case(const struct form *form)
{
	for (size_t i = 0; i < form->n_fields; i++) {
		if (form->fields[i].type == FIELD_INCIDENT) {
			return true;
		}
	}
	return false;
}

/* The forms by which an entry names another case. */
static enum err
find_naming(struct search_filter *search)
{
	const struct procedure *procedure = search->call->procedure;
	struct str names = STR_INIT;

	str_add(&names, " ");
	for (size_t i = 0; !search->naming && i < procedure->n_forms; i++) {
		if (names_a_case(&procedure->forms[i])) {
			str_addf(&names, "%s ", procedure->forms[i].name);
		}
	}
	if (!search->naming && !names.failed) {
		search->naming = arena_strdup(search->call->arena, str_text(&names));
	}
	str_release(&names);
	return search->naming ? ERR_OK : ERR_NOMEM;
}

static bool
has_any(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strstr(text, words[i])) {
			return true;
		}
	}
	return false;
}

static bool
has_all(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!strstr(text, words[i])) {
			return false;
		}
	}
	return true;
}

/* What the caller may read of it, as it is searched. */
static void
add_shown(struct call *call, const struct incident *incident, const bool *covered, struct str *out)
{
	str_addf(out, "%s\n", incident->id);
	for (size_t i = 0; i < incident->n_events; i++) {
		const struct event *event = &incident->events[i];
		const json_t *body = json_array_get(incident->store, i);

		if (event->body && !covered[i] && (i == 0 || !incident->voided[i])) {
			summary_add_texts(out, procedure_form(call->procedure, event->form),
				json_object_get(body, "fields"));
		}
	}
}

/* Opens the case; what the row tells holds where all of it may be read. */
static enum err
ask_case(struct search_filter *search, const char *id, bool *holds)
{
	const struct find_query *query = search->query;
	struct call *call = search->call;
	struct dossier *dossier = NULL;
	const bool *covered = NULL;
	struct str shown = STR_INIT;
	bool any = false;
	enum err e = dossier_load(call, id, &dossier);

	e = e ? e : search_veil_covered(call, &dossier->incident, &covered, &any);
	if (e || !any) {
		return e;
	}
	add_shown(call, &dossier->incident, covered, &shown);
	*holds = has_all(str_text(&shown), query->words, query->n_words) &&
		!has_any(str_text(&shown), query->without, query->n_without);
	e = shown.failed ? ERR_NOMEM : ERR_OK;
	str_release(&shown);
	return e;
}

bool
search_veil_passes(struct search_filter *search, const struct incident_row *row)
{
	const struct find_query *query = search->query;
	bool holds = !has_any(row->search, query->without, query->n_without);
	bool names = false;

	if (query->n_words + query->n_without == 0) {
		return true;
	}
	search->err = search->err ? search->err : find_naming(search);
	if (!search->err) {
		search->err = store_subject_has_form(
			search->call->store, row->id, search->naming, &names);
	}
	if (!search->err && names && search->opened == SEARCH_OPENED_MOST) {
		search->stopped = true;
		return false;
	}
	if (!search->err && names) {
		search->opened++;
		search->err = ask_case(search, row->id, &holds);
	}
	return !search->err && holds;
}
