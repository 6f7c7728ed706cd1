/* SPDX-License-Identifier: MIT */
/*
 * Making the sheet: the open cases of the department and those that wait for
 * its people, and out of each what runs, what is late and what was not reached.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "handover.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"

#define MOST 200 /* cases on a sheet; more is said to be more */
#define WEEK_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

struct sheet {
	struct call *call;
	const char *department;
	enum sheet_kind kind;
	struct incident_row rows[MOST];
	size_t n_rows;
	bool more;
	int restricted;
	json_t *incidents;
	json_t *calls;
	json_t *approvals;
	json_t *clocks;
	json_t *measures;
};

/* --- which cases -------------------------------------------------------------------- */

static void
add_row(struct sheet *sheet, const struct incident_row *row)
{
	for (size_t i = 0; i < sheet->n_rows; i++) {
		if (strcmp(sheet->rows[i].id, row->id) == 0) {
			return;
		}
	}
	if (sheet->n_rows == MOST) {
		sheet->more = true;
		return;
	}
	sheet->rows[sheet->n_rows++] = *row;
}

static enum err
add_rows(struct sheet *sheet, const struct incident_filter *filter)
{
	struct call *call = sheet->call;
	struct incident_list list = { NULL, 0, false };
	enum err e = store_incidents(call->store, call->arena, filter, &list);

	for (size_t i = 0; !e && i < list.n; i++) {
		add_row(sheet, &list.items[i]);
	}
	sheet->more = sheet->more || list.more;
	return e;
}

/* The nearest due first, none last; of equals the newest. */
static int
compare_rows(const void *a, const void *b)
{
	const struct incident_row *x = a;
	const struct incident_row *y = b;
	uint64_t due_x = (uint64_t)x->due_at - 1; /* STAMP_NONE comes after every time */
	uint64_t due_y = (uint64_t)y->due_at - 1;

	if (due_x != due_y) {
		return due_x < due_y ? -1 : 1;
	}
	return strcmp(y->id, x->id);
}

static enum err
find_rows(struct sheet *sheet)
{
	const struct org *org = sheet->call->org;
	struct incident_filter filter = {
		.department = sheet->department, .open_only = true, .limit = MOST
	};
	enum err e = add_rows(sheet, &filter);

	for (size_t i = 0; !e && i < org->n_people; i++) {
		if (strcmp(org->people[i].department, sheet->department) == 0) {
			/* Also closed ones: their measures may still be owed. */
			filter = (struct incident_filter){ .waits_for = org->people[i].id,
				.limit = MOST };
			e = add_rows(sheet, &filter);
		}
	}
	qsort(sheet->rows, sheet->n_rows, sizeof(sheet->rows[0]), compare_rows);
	return e;
}

/*
 * Whether the case is named on this sheet.  One that is restricted is counted.  One from
 * which somebody is kept because they are involved is not even counted on the recorded
 * sheet: they may be of this very shift, and a number would tell them.
 */
static bool
is_named(struct sheet *sheet, const struct incident_row *row)
{
	bool hidden = row->hidden_from[0] != '\0';
	bool restricted = row->readers[0] != '\0';
	enum row_sight sight = row_sight(sheet->call, row);

	if (sheet->kind == SHEET_RECORDED) {
		sheet->restricted += restricted && !hidden;
		return !restricted && !hidden;
	}
	sheet->restricted += sight == ROW_RESTRICTED;
	return sight == ROW_SEEN;
}

/* --- what each case tells ------------------------------------------------------------- */

static void
add_case(struct sheet *sheet, const struct incident_row *row, const struct incident *incident)
{
	const struct call *call = sheet->call;
	json_t *doc = json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:o, s:o, s:I}", "id", row->id,
		"state", row->state, "category", row->category, "major", row->major, "drill",
		row->drill, "department", row->department, "waiting_for",
		doc_waiting(call, row->waiting), "due_at", json_of_time(call, row->due_at),
		"last_step", (json_int_t)incident->last_step_seq);

	if (doc && sheet->kind == SHEET_SHOWN) {
		json_object_set_new(doc, "title", json_string(row->title));
		json_object_set_new(doc, "confidential", json_boolean(row->confidential));
		json_object_set_new(doc, "overdue",
			json_boolean(row->due_at != STAMP_NONE && row->due_at < call->now));
	}
	json_array_append_new(sheet->incidents, doc);
}

/* Decisions that somebody waits for: each step once a case. */
static void
add_approvals(struct sheet *sheet, const struct incident_row *row)
{
	static const char *const effects[] = { "approve-result", "accept", "decide-major",
		"verify-effect", "close" };
	json_t *waiting = doc_waiting(sheet->call, row->waiting);
	const json_t *item;
	size_t i;

	json_array_foreach(waiting, i, item)
	{
		const char *name = json_string_value(json_object_get(item, "step"));
		const struct flow_step *step =
			name ? flow_find_step(&sheet->call->procedure->incident_flow, name) : NULL;

		for (size_t k = 0; step && k < ARRAY_LEN(effects); k++) {
			if (strcmp(step->effect, effects[k]) == 0) {
				json_array_append_new(sheet->approvals,
					json_pack("{s:s, s:s, s:O}", "id", row->id, "step", name,
						"due_at", json_object_get(item, "due_at")));
			}
		}
	}
	json_decref(waiting);
}

static bool
same_member(const json_t *a, const json_t *b, const char *key)
{
	return json_equal(json_object_get(a, key), json_object_get(b, key));
}

/* Whether a later attempt at the same person was made: that one counts. */
static bool
tried_again(const json_t *calls, size_t at)
{
	for (size_t i = at + 1; i < json_array_size(calls); i++) {
		if (same_member(json_array_get(calls, i), json_array_get(calls, at), "to")) {
			return true;
		}
	}
	return false;
}

static void
add_calls(struct sheet *sheet, const struct dossier *dossier)
{
	json_t *calls = doc_calls(sheet->call, dossier);
	json_t *made;
	size_t i;

	json_array_foreach(calls, i, made)
	{
		const char *outcome = json_string_value(json_object_get(made, "outcome"));
		const char *to = json_string_value(json_object_get(made, "to"));
		bool known = to && org_person(sheet->call->org, to);

		if (!outcome || strcmp(outcome, "reached") == 0 || tried_again(calls, i)) {
			continue;
		}
		/* A name that was typed is of nobody's shift for ever: the entry is named instead.
		 */
		json_array_append_new(sheet->calls,
			json_pack("{s:s, s:O, s:O, s:O, s:o}", "id", dossier->incident.id, "seq",
				json_object_get(made, "seq"), "at", json_object_get(made, "at"),
				"outcome", json_object_get(made, "outcome"), "to",
				known || sheet->kind == SHEET_SHOWN ? json_string(to ? to : "")
								    : json_null()));
	}
	json_decref(calls);
}

static void
add_clocks(struct sheet *sheet, const struct incident *incident)
{
	for (size_t i = 0; i < incident->n_clocks; i++) {
		const struct running_clock *clock = &incident->clocks[i];

		if (!clock->decision) {
			json_array_append_new(sheet->clocks,
				json_pack("{s:s, s:s, s:o}", "id", incident->id, "key", clock->key,
					"due_at", json_of_time(sheet->call, clock->due_at)));
		}
	}
}

/* Cells of this department that are due within the week, or were due before. */
static void
add_measures(struct sheet *sheet, const struct incident *incident)
{
	const struct call *call = sheet->call;

	for (size_t i = 0; i < incident->n_measures; i++) {
		const struct measure *measure = &incident->measures[i];

		for (size_t k = 0; k < measure->n_cells; k++) {
			const struct cell *cell = &measure->cells[k];

			if (strcmp(cell->department, sheet->department) != 0 ||
				cell->state == CELL_ACCEPTED || cell->due_at == STAMP_NONE ||
				cell->due_at > call->now + WEEK_MS) {
				continue;
			}
			json_array_append_new(sheet->measures,
				json_pack("{s:s, s:s, s:s, s:o}", "id", incident->id, "measure",
					measure->key, "state", cell_state_word(cell->state),
					"due_at", json_of_time(call, cell->due_at)));
		}
	}
}

static enum err
add_dossier(struct sheet *sheet, const struct incident_row *row)
{
	struct dossier *dossier = NULL;
	enum err e;

	if (!is_named(sheet, row)) {
		return ERR_OK;
	}
	e = dossier_load(sheet->call, row->id, &dossier);
	if (e) {
		return e;
	}
	add_case(sheet, row, &dossier->incident);
	add_approvals(sheet, row);
	add_calls(sheet, dossier);
	add_clocks(sheet, &dossier->incident);
	add_measures(sheet, &dossier->incident);
	return ERR_OK;
}

/* --- the document ------------------------------------------------------------------------ */

/* Of the cases alone: it changes when a person took a step, not when time goes by. */
static enum err
add_hash(json_t *doc)
{
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	char *text = json_dumps(json_object_get(doc, "incidents"), JSON_COMPACT | JSON_SORT_KEYS);

	if (!text) {
		return ERR_NOMEM;
	}
	hash_of(text, strlen(text), &hash);
	free(text);
	hash_hex(&hash, hex);
	return json_object_set_new(doc, "hash", json_string(hex)) ? ERR_NOMEM : ERR_OK;
}

static enum err
add_drafts(struct call *call, json_t *doc)
{
	struct draft_list drafts = { NULL, 0 };
	enum err e = store_drafts(call->store, call->arena, call->person->id, &drafts);

	if (e) {
		return call_fail_store(call, e, false);
	}
	return json_object_set_new(doc, "drafts", json_integer((json_int_t)drafts.n)) ? ERR_NOMEM
										      : ERR_OK;
}

static enum err
finish(struct sheet *sheet, json_t **ret_sheet)
{
	json_t *doc = call_keep(sheet->call,
		json_pack("{s:O, s:O, s:O, s:O, s:O, s:i, s:b}", "incidents", sheet->incidents,
			"calls", sheet->calls, "approvals", sheet->approvals, "clocks",
			sheet->clocks, "measures", sheet->measures, "restricted", sheet->restricted,
			"more", sheet->more));
	enum err e = doc ? ERR_OK : ERR_NOMEM;

	if (!e && sheet->kind == SHEET_RECORDED) {
		e = add_hash(doc);
	}
	if (!e) {
		e = add_drafts(sheet->call, doc);
	}
	*ret_sheet = doc;
	return e;
}

enum err
sheet_make(struct call *call, const char *department, enum sheet_kind kind, json_t **ret_sheet)
{
	struct sheet *sheet = arena_alloc(call->arena, sizeof(*sheet));
	enum err e;

	if (!sheet) {
		return ERR_NOMEM;
	}
	sheet->call = call;
	sheet->department = department;
	sheet->kind = kind;
	sheet->incidents = call_keep(call, json_array());
	sheet->calls = call_keep(call, json_array());
	sheet->approvals = call_keep(call, json_array());
	sheet->clocks = call_keep(call, json_array());
	sheet->measures = call_keep(call, json_array());
	e = find_rows(sheet);
	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = 0; !e && i < sheet->n_rows; i++) {
		e = add_dossier(sheet, &sheet->rows[i]);
	}
	return e ? e : finish(sheet, ret_sheet);
}

/* --- reading a recorded one ---------------------------------------------------------------- */

/* What the caller may know of the case today; ERR_NOT_FOUND without a row. */
static enum err
sight_of(struct call *call, const json_t *item, struct incident_row *row, enum row_sight *ret_sight)
{
	const char *id = json_string_value(json_object_get(item, "id"));
	enum err e = id ? store_incident(call->store, call->arena, id, row) : ERR_NOT_FOUND;

	if (!e) {
		*ret_sight = row_sight(call, row);
	}
	return e;
}

/* One section without what the caller may not see; counts the restricted ones. */
static enum err
read_section(struct call *call, json_t *rows, bool titles, json_int_t *restricted)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < json_array_size(rows);) {
		json_t *item = json_array_get(rows, i);
		enum row_sight sight = ROW_HIDDEN;
		struct incident_row row;

		e = sight_of(call, item, &row, &sight);
		if (e == ERR_NOT_FOUND) {
			e = ERR_OK;
		}
		if (sight == ROW_SEEN) {
			if (titles) {
				json_object_set_new(item, "title", json_string(row.title));
			}
			i++;
			continue;
		}
		*restricted += sight == ROW_RESTRICTED;
		json_array_remove(rows, i);
	}
	return e;
}

enum err
sheet_read(struct call *call, const json_t *recorded, json_t **ret_sheet)
{
	static const char *const sections[] = { "calls", "approvals", "clocks", "measures" };
	json_t *doc = call_keep(call, json_deep_copy(recorded));
	json_int_t restricted = json_integer_value(json_object_get(doc, "restricted"));
	json_int_t ignored = 0;
	enum err e = doc ? ERR_OK : ERR_NOMEM;

	if (!e) {
		e = read_section(call, json_object_get(doc, "incidents"), true, &restricted);
	}
	for (size_t i = 0; !e && i < ARRAY_LEN(sections); i++) {
		e = read_section(call, json_object_get(doc, sections[i]), false, &ignored);
	}
	if (!e) {
		json_object_set_new(doc, "restricted", json_integer(restricted));
		*ret_sheet = doc;
		return ERR_OK;
	}
	return call_fail_store(call, e, false);
}
