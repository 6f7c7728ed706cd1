/* SPDX-License-Identifier: MIT */
/*
 * Duty rosters: reading them, and writing them by rows or as a file.
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "duty.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_SHOWN 7
#define ROWS_MOST 500
#define FILE_MOST (1024 * 1024)

/* The department of the argument, else the caller's own; D107. */
static enum err
read_department(struct call *call, const char **ret_department)
{
	const char *named = arg_text(call, "department");

	*ret_department = named ? named : call->person->department;
	if (!org_department(call->org, *ret_department)) {
		return call_fail_field(
			call, "D107", "department", _("There is no department of this name."));
	}
	return ERR_OK;
}

static enum err
read_time(struct call *call, const char *field, stamp *ret_at)
{
	const char *text = arg_text(call, field);

	*ret_at = call->now;
	if (text && stamp_parse_loose(text, call->now, call->org->offset_min, ret_at)) {
		return call_fail_field(call, "D108", field,
			_("This time cannot be read; write it as in 2026-12-31 or 2026-12-31 "
			  "17:30."));
	}
	return ERR_OK;
}

/* --- reading ---------------------------------------------------------------------------- */

static json_t *
doc_shift(const struct call *call, const struct shift *shift)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:b}", "from", json_of_time(call, shift->from),
		"until", json_of_time(call, shift->until), "people", json_of_list(&shift->people),
		"absent", json_of_list(&shift->absent), "planned", shift->planned, "gap",
		shift->gap);
}

static json_t *
doc_exceptions(struct call *call, const struct duty_query *query, const char *department)
{
	const struct duty *duty = query->duty;
	const struct roster *roster = duty_roster_at(duty, department, query->at);
	json_t *items = json_array();

	for (size_t i = 0; i < duty->n_exceptions; i++) {
		const struct roster_exception *x = &duty->exceptions[i];

		if (x->until > query->at && x->until > x->from &&
			x->seq >= (roster ? roster->seq : 0) &&
			strcmp(x->department, department) == 0) {
			json_array_append_new(items,
				json_pack("{s:I, s:o, s:o, s:s?}", "seq", (json_int_t)x->seq,
					"from", json_of_time(call, x->from), "until",
					json_of_time(call, x->until), "person",
					*x->person ? x->person : NULL));
		}
	}
	return items;
}

enum err
method_roster_show(struct call *call, json_t **ret_result)
{
	int64_t days = arg_count(call, "days", DAYS_SHOWN);
	const char *department = NULL;
	struct duty_query query = duty_query_at(call, call->now);
	const struct roster *roster;
	struct shift_list shifts = { NULL, 0 };
	json_t *items;
	enum err e = read_department(call, &department);

	if (!e) {
		e = read_time(call, "from", &query.at);
	}
	if (!e) {
		e = roster_shifts(
			call->arena, &query, department, query.at + days * DAY_MS, &shifts);
	}
	if (e) {
		return e;
	}
	items = json_array();
	for (size_t i = 0; i < shifts.n; i++) {
		json_array_append_new(items, doc_shift(call, &shifts.items[i]));
	}
	roster = duty_roster_at(query.duty, department, query.at);
	*ret_result = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "department", department, "seq",
		roster ? json_integer(roster->seq) : json_null(), "since",
		roster ? json_of_time(call, roster->since) : json_null(), "week",
		roster ? roster_week_json(roster) : json_array(), "exceptions",
		doc_exceptions(call, &query, department), "shifts", items);
	return ERR_OK;
}

enum err
method_roster_export(struct call *call, json_t **ret_result)
{
	const struct duty_query query = duty_query_at(call, call->now);
	const char *named = arg_text(call, "department");
	const char *department = NULL;
	struct str text = STR_INIT;
	enum err e = named ? read_department(call, &department) : ERR_OK;

	if (e) {
		return e;
	}
	str_add(&text, "department,when,from,to,person\n");
	for (size_t i = 0; i < call->org->n_departments; i++) {
		const char *id = call->org->departments[i].id;

		if (!named || strcmp(named, id) == 0) {
			roster_csv_write(&text, &query, id);
		}
	}
	*ret_result = text.failed ? NULL : json_pack("{s:s}", "text", str_text(&text));
	str_release(&text);
	return ERR_OK;
}

/* --- writing ---------------------------------------------------------------------------- */

/* A row of the argument; what is missing or no text is "". */
static const char *
member(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text ? text : "";
}

static enum err
add_rows(struct call *call, struct roster_draft *draft, const char *department)
{
	static const char *const keys[] = { "department", "when", "from", "to", "person" };
	const json_t *rows = arg_value(call, "rows");
	const json_t *row;
	enum err e = ERR_OK;
	size_t i;

	if (!json_is_array(rows) || json_array_size(rows) > ROWS_MOST) {
		return call_fail_field(
			call, "D102", "rows", _("A list of at most 500 rows is wanted here."));
	}
	json_array_foreach(rows, i, row)
	{
		const char *places[ARRAY_LEN(keys)];
		struct roster_row one = { department, member(row, "when"), member(row, "from"),
			member(row, "to"), member(row, "person") };

		for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
			places[k] = arena_printf(call->arena, "rows[%zu].%s", i, keys[k]);
			e = places[k] ? e : ERR_NOMEM;
		}
		e = e ? e : roster_draft_add(draft, &one, places);
	}
	return e;
}

/* Each department's part of the draft as its entry holds it. */
static enum err
make_facts(struct call *call, const struct roster_draft *draft, const char *kind, stamp since,
	struct duty_fact *facts)
{
	json_t *item;
	enum err e = ERR_OK;
	size_t i;

	json_array_foreach(draft->rosters, i, item)
	{
		if (strcmp(kind, DUTY_ROSTER) == 0) {
			json_object_set_new(item, "since", json_of_time(call, since));
		} else {
			json_object_del(item, "week");
		}
		facts[i] = (struct duty_fact){ kind, item };
		e = e ? e : duty_admit(call, NULL, member(item, "department"));
	}
	return e;
}

/* How many spans of which departments: what an import says before and after. */
static json_t *
doc_counts(const struct roster_draft *draft)
{
	json_t *items = json_array();
	json_t *item;
	size_t i;

	json_array_foreach(draft->rosters, i, item)
	{
		json_array_append_new(items,
			json_pack("{s:s, s:i, s:i}", "department", member(item, "department"),
				"week", (int)json_array_size(json_object_get(item, "week")),
				"exceptions",
				(int)json_array_size(json_object_get(item, "exceptions"))));
	}
	return items;
}

static enum err
record_draft(struct call *call, struct roster_draft *draft, const char *kind, json_t **ret_result)
{
	size_t n = json_array_size(draft->rosters);
	struct duty_fact *facts = arena_array(call->arena, n + 1, sizeof(*facts));
	json_t *counts = call_keep(call, doc_counts(draft));
	bool dry_run = arg_flag(call, "dry_run");
	stamp since;
	enum err e = facts && counts ? read_time(call, "since", &since) : ERR_NOMEM;

	if (!e && draft->diagnostics->n) {
		e = call_fail_fields(call, draft->diagnostics);
	}
	if (!e && n == 0) {
		e = call_fail_field(call, "D101", "rows",
			_("There is no row; to have nobody on duty, say nobody."));
	}
	if (!e) {
		e = make_facts(call, draft, kind, since, facts);
	}
	if (!e && dry_run) {
		*ret_result = json_pack("{s:b}", "dry_run", true);
	} else if (!e) {
		e = duty_record(call, facts, n, ret_result);
	}
	if (!e && *ret_result) {
		json_object_set(*ret_result, "rosters", counts);
	}
	return e;
}

static enum err
write_rows(struct call *call, const char *kind, json_t **ret_result)
{
	struct diagnostics diagnostics = { .arena = call->arena };
	struct roster_draft draft = { NULL };
	const char *department = NULL;
	enum err e = read_department(call, &department);

	if (!e) {
		e = duty_admit(call, NULL, department);
	}
	if (!e) {
		e = roster_draft_init(&draft, call->org, &diagnostics);
	}
	if (!e) {
		e = add_rows(call, &draft, department);
	}
	if (!e) {
		e = record_draft(call, &draft, kind, ret_result);
	}
	roster_draft_release(&draft);
	return e;
}

enum err
method_roster_set(struct call *call, json_t **ret_result)
{
	return write_rows(call, DUTY_ROSTER, ret_result);
}

static enum err
remove_exception(struct call *call, int64_t seq, json_t **ret_result)
{
	const struct duty *duty = call_duty(call);

	for (size_t i = 0; i < duty->n_exceptions; i++) {
		const struct roster_exception *x = &duty->exceptions[i];
		enum err e;

		if (x->seq != seq || x->until <= x->from) {
			continue;
		}
		e = duty_admit(call, NULL, x->department);
		return e ? e
			 : duty_record_one(call, DUTY_EXCEPTION_REMOVED,
				   json_pack("{s:I, s:s}", "exception", (json_int_t)seq,
					   "department", x->department),
				   ret_result);
	}
	return call_fail_field(call, "D107", "remove",
		_("No exception has this number; 'toban roster show' has them."));
}

/* Only days of the calendar are exceptions; a day of the week belongs to the roster. */
static enum err
check_dates(struct call *call)
{
	const json_t *row;
	size_t i;

	json_array_foreach(arg_value(call, "rows"), i, row)
	{
		const char *when = member(row, "when");

		if (strspn(when, "0123456789-.") != strlen(when)) {
			return call_fail_field(call, "D102", "rows",
				_("An exception is of dates, such as 2026-12-31 or "
				  "2026-12-29..2027-01-03."));
		}
	}
	return ERR_OK;
}

enum err
method_roster_except(struct call *call, json_t **ret_result)
{
	int64_t seq = arg_count(call, "remove", 0);
	enum err e;

	if (seq) {
		return remove_exception(call, seq, ret_result);
	}
	if (!arg_value(call, "rows")) {
		return call_fail_field(call, "D101", "rows", _("This is required."));
	}
	e = check_dates(call);
	return e ? e : write_rows(call, DUTY_EXCEPTION, ret_result);
}

/* A file as it is, so not a text as people type them: a spreadsheet ends lines with CR LF. */
static enum err
check_file(struct call *call)
{
	const json_t *text = arg_value(call, "text");

	if (!json_is_string(text) || strlen(json_string_value(text)) != json_string_length(text)) {
		return call_fail_field(call, "D102", "text", _("A text is wanted here."));
	}
	if (json_string_length(text) > FILE_MOST) {
		return call_fail_field(
			call, "D104", "text", _("The file is too large; expected at most 1 MiB."));
	}
	return ERR_OK;
}

enum err
method_roster_import(struct call *call, json_t **ret_result)
{
	struct diagnostics diagnostics = { .arena = call->arena };
	const char *name = arg_text(call, "file");
	struct roster_draft draft = { NULL };
	enum err e = check_file(call);

	if (!e) {
		e = roster_draft_init(&draft, call->org, &diagnostics);
	}
	if (!e) {
		e = roster_draft_csv(
			&draft, name ? name : "csv", json_string_value(arg_value(call, "text")));
	}
	if (!e) {
		e = record_draft(call, &draft, DUTY_ROSTER, ret_result);
	}
	roster_draft_release(&draft);
	return e;
}
