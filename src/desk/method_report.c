/* SPDX-License-Identifier: MIT */
/*
 * Reporting an incident, and walking the table without reporting.
 */
#include <string.h>

#include "alert.h"
#include "call.h"
#include "doc.h"
#include "draft.h"
#include "method.h"
#include "record.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/core/classify.h"

#define TRIES 20
#define PREFIX_SIZE 8

/* "26-" in the desk's year 2026, "26-D" for drills: separate series. */
static void
number_prefix(const struct call *call, bool drill, char out[PREFIX_SIZE])
{
	char at[STAMP_SIZE];

	stamp_format(call->now, call->org->offset_min, at);
	(void)snprintf(out, PREFIX_SIZE, "%.2s-%s", at + 2, drill ? "D" : "");
}

static enum err
next_id(struct call *call, bool drill, const char **ret_id)
{
	char prefix[PREFIX_SIZE];
	int64_t last = 0;
	enum err e;

	number_prefix(call, drill, prefix);
	e = store_last_number(call->store, prefix, &last);
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_id = arena_printf(call->arena, "%s%0*lld", prefix, drill ? 3 : 4, (long long)last + 1);
	return *ret_id ? ERR_OK : ERR_NOMEM;
}

static enum err
clean_report(struct call *call, const struct flow_step *step, const json_t *fields,
	const json_t **ret_clean)
{
	const struct form *form = procedure_form(call->procedure, step->form);
	struct form_context context = call_form_context(call, NULL);
	struct diagnostics diagnostics = { .arena = call->arena };
	json_t *clean = NULL;
	enum err e = form_check(form, fields, &context, &diagnostics, &clean);

	if (e == ERR_INVALID) {
		return call_fail_fields(call, &diagnostics);
	}
	if (e) {
		return e;
	}
	/* The finder's own department unless the report names another. */
	if (json_is_null(json_object_get(clean, "department")) ||
		!json_object_get(clean, "department")) {
		json_object_set_new(clean, "department", json_string(call->person->department));
	}
	*ret_clean = call_keep(call, clean);
	return *ret_clean ? ERR_OK : ERR_NOMEM;
}

static enum err
take_report(struct call *call, const struct step_request *request, struct outcome *outcome)
{
	struct step_context context = call_context(call, NULL);
	struct diagnostics diagnostics = { .arena = call->arena };
	enum err e = step_take(call->arena, &context, request, &diagnostics, outcome);

	if (e == ERR_INVALID) {
		return call_fail_fields(call, &diagnostics);
	}
	if (e == ERR_DENIED || e == ERR_CONFLICT) {
		return call_fail_verdict(call, &outcome->refusal);
	}
	if (!e) {
		(void)call_keep(call, outcome->body);
	}
	return e;
}

/*
 * Paths are any text: a file with a strange name must not hold a report up.  The draft `sent` goes
 * when it is recorded (0: none does).
 */
static enum err
read_attach(struct call *call, int64_t sent, const json_t **ret_attach)
{
	const json_t *attach = arg_value(call, "attach");
	bool paths = !attach || json_is_array(attach);
	size_t bytes = 0;
	size_t i;
	json_t *path;

	json_array_foreach(attach, i, path)
	{
		paths = paths && json_is_string(path);
		bytes += json_string_length(path);
	}
	if (!paths) {
		return call_fail_field(
			call, "D102", "attach", _("A list of words is wanted here."));
	}
	*ret_attach = attach;
	/* Each becomes a draft. */
	return json_array_size(attach)
		? draft_check_room(call, sent, json_array_size(attach), bytes)
		: ERR_OK;
}

/* Commits under the next free number; somebody may take it first, several times. */
static enum err
commit_numbered(struct call *call, struct record *record, bool drill)
{
	enum err e = ERR_CONFLICT;

	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		e = next_id(call, drill, &record->subject);
		if (!e) {
			e = record_commit(call, record);
		}
	}
	return e == ERR_CONFLICT ? call_fail(call, "D410") : e;
}

/* Where a report comes from. */
struct report {
	const json_t *fields;
	const char *client_id; /* NULL: a new one */
	const char *alert;     /* id of the alert it is made of; NULL none */
};

/* What a report says of the alert it is made of, and what the alert says of it. */
static enum err
name_alert(struct call *call, const struct report *report, struct outcome *outcome,
	struct alert_judgement *judgement)
{
	char *id = arena_alloc(call->arena, NEW_ID_SIZE);

	if (!id || json_object_set_new(outcome->body, "alert", json_string(report->alert)) != 0) {
		return ERR_NOMEM;
	}
	random_id(call->now, id);
	*judgement = (struct alert_judgement){
		.num = alert_number(report->alert),
		.kind = ALERT_PROMOTED,
		.event_id = id,
		.why = "",
	};
	return ERR_OK;
}

static enum err
report_run(struct call *call, const struct report *report, json_t **ret_result)
{
	const struct flow_step *step = flow_find_step(&call->procedure->incident_flow, "report");
	const char *client_id = report->client_id;
	struct alert_judgement judgement;
	char new_id[NEW_ID_SIZE];
	struct outcome outcome = { NULL };
	struct step_request request = { .step = step, .drill = arg_flag(call, "drill") };
	struct record record = { NULL };
	enum err e = ERR_NOT_FOUND;

	if (!step || !procedure_form(call->procedure, step->form)) {
		return call_fail(call, "D401"); /* a site procedure without a report */
	}
	if (client_id) {
		e = record_repeated(call, client_id, NULL, step, ret_result);
	}
	if (e != ERR_NOT_FOUND) {
		return e;
	}
	random_id(call->now, new_id);
	record.event_id = client_id ? client_id : new_id;
	record.draft = draft_to_drop(call);
	e = read_attach(call, record.draft.number, &record.attach);
	if (!e) {
		e = clean_report(call, step, report->fields, &request.fields);
	}
	if (!e) {
		e = take_report(call, &request, &outcome);
	}
	if (!e && report->alert) {
		e = name_alert(call, report, &outcome, &judgement);
		record.alert = &judgement;
	}
	if (!e) {
		record_step(&record, call, step, &outcome);
		e = commit_numbered(call, &record, request.drill);
	}
	if (e == ERR_EXISTS) {
		return record_repeated(call, record.event_id, NULL, step, ret_result);
	}
	if (!e) {
		*ret_result = draft_answer(call, record_answer(&record, true));
	}
	return e;
}

/* The alert that the draft of a report was begun from; NULL: none. */
static const char *
alert_of_draft(struct call *call)
{
	struct draft_row draft;

	/* A draft that cannot be found is no hindrance to a report. */
	if (draft_find(call, arg_draft(call, "draft"), &draft) ||
		strcmp(draft.form, "report") != 0 || !alert_number(draft.subject)) {
		return NULL;
	}
	return draft.subject;
}

enum err
method_incident_report(struct call *call, json_t **ret_result)
{
	struct report report = {
		.fields = arg_value(call, "fields"),
		.client_id = arg_text(call, "id"),
		.alert = arg_text(call, "alert"),
	};

	if (!report.alert && arg_draft(call, "draft")) {
		report.alert = alert_of_draft(call);
	}
	return report_run(call, &report, ret_result);
}

/* What the alert tells stands where the person says nothing else. */
static enum err
fill_fields(struct call *call, const struct alert_row *row, const json_t **ret_fields)
{
	const json_t *given = arg_value(call, "fields");
	json_t *fields = call_keep(call, alert_fields(call, row));

	if (!fields || (given && json_object_update(fields, (json_t *)(uintptr_t)given) != 0)) {
		return ERR_NOMEM;
	}
	*ret_fields = fields;
	return ERR_OK;
}

enum err
method_alert_promote(struct call *call, json_t **ret_result)
{
	struct report report = {
		.client_id = arg_text(call, "event"),
		.alert = arg_text(call, "id"),
	};
	struct alert_row row;
	enum err e = alert_find(call, report.alert, &row);

	if (!e) {
		e = fill_fields(call, &row, &report.fields);
	}
	if (e) {
		return e;
	}
	if (!arg_value(call, "fields")) {
		*ret_result = json_pack("{s:s, s:s, s:O}", "id", report.alert, "state", row.state,
			"fields", report.fields);
		return *ret_result ? ERR_OK : ERR_NOMEM;
	}
	return report_run(call, &report, ret_result);
}

/* --- classify -------------------------------------------------------------------- */

/* The part of the report form that the table is answered with. */
static bool
is_asked(const struct form_field *field)
{
	return field->type == FIELD_ANSWERS || field->type == FIELD_CATEGORIES ||
		field->type == FIELD_CATEGORY;
}

static enum err
clean_answers(struct call *call, const struct form *report, json_t **ret_clean)
{
	struct form_field *fields = arena_array(call->arena, report->n_fields, sizeof(*fields));
	struct form asked = *report;
	struct form_context context = call_form_context(call, NULL);
	struct diagnostics diagnostics = { .arena = call->arena };
	json_t *clean = NULL;
	enum err e;

	if (!fields) {
		return ERR_NOMEM;
	}
	asked.fields = fields;
	asked.n_fields = 0;
	for (size_t i = 0; i < report->n_fields; i++) {
		if (is_asked(&report->fields[i])) {
			fields[asked.n_fields++] = report->fields[i];
		}
	}
	e = form_check(&asked, call->args, &context, &diagnostics, &clean);
	if (e == ERR_INVALID) {
		return call_fail_fields(call, &diagnostics);
	}
	*ret_clean = e ? NULL : call_keep(call, clean);
	return e ? e : *ret_clean ? ERR_OK : ERR_NOMEM;
}

/* Whom a report with these answers would be told to; nobody when the caller may not report. */
static json_t *
doc_told(struct call *call, const struct flow_step *step, json_t *clean)
{
	struct outcome outcome = { NULL };
	struct step_request request = { .step = step, .fields = clean };
	json_t *told = json_array();

	if (!(call->person->roles & ROLE_STAFF) ||
		json_object_set_new(clean, "department", json_string(call->person->department)) ||
		take_report(call, &request, &outcome)) {
		return told;
	}
	for (size_t i = 0; i < outcome.n_notices; i++) {
		json_array_append_new(told,
			json_pack("{s:s, s:s}", "person", outcome.notices[i].person, "role",
				outcome.notices[i].role));
	}
	return told;
}

enum err
method_classify(struct call *call, json_t **ret_result)
{
	const struct flow_step *step = flow_find_step(&call->procedure->incident_flow, "report");
	const struct form *form = step ? procedure_form(call->procedure, step->form) : NULL;
	struct diagnostics diagnostics = { .arena = call->arena };
	struct classify_input input;
	struct verdict verdict;
	json_t *clean = NULL;
	enum err e = form ? clean_answers(call, form, &clean) : call_fail(call, "D401");

	if (e) {
		return e;
	}
	input = classify_input_of(clean);
	e = classify(call->arena, &call->procedure->classification, &input, &diagnostics, &verdict);
	if (e == ERR_INVALID) {
		return call_fail_fields(call, &diagnostics);
	}
	if (e) {
		return e;
	}
	*ret_result = json_pack("{s:s, s:o, s:o, s:s, s:o, s:s, s:o}", "category", verdict.category,
		"categories", json_of_list(&verdict.categories), "suspected",
		json_of_list(&verdict.suspected), "major",
		verdict.major_proposed ? "proposed" : "no", "reason",
		json_of_words(&verdict.reason), "table_version", verdict.table_version, "told",
		doc_told(call, step, clean));
	return ERR_OK;
}
