/* SPDX-License-Identifier: MIT */
/*
 * Taking a step in an incident: judge, record, and judge again when somebody
 * was faster.
 */
#include <string.h>

#include "call.h"
#include "evidence.h"
#include "method.h"
#include "record.h"
#include "signing.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

#define TRIES 20 /* a step that lost this often meets a record that never rests */

struct act {
	const char *id;
	const struct flow_step *step;
	const json_t *entered;
	const json_t *file; /* evidence already taken in; NULL */
	struct signing signing;
};

/* Checks the form with all faults at once; *ret_clean lives until the call ends. */
static enum err
clean_fields(struct call *call, const struct act *act, const struct incident *incident,
	const json_t **ret_clean)
{
	static const struct form no_form = { .name = "", .version = "" };
	const struct form *form = procedure_form(call->procedure, act->step->form);
	struct form_context context = call_form_context(call, incident);
	struct diagnostics diagnostics = { .arena = call->arena };
	json_t *clean = NULL;
	enum err e = ERR_OK;

	context.now = act->signing.at; /* what was signed is not later by the time signing took */
	e = form_check(form ? form : &no_form, act->entered, &context, &diagnostics, &clean);

	if (e == ERR_INVALID) {
		return call_fail_fields(call, &diagnostics);
	}
	if (!e) {
		*ret_clean = call_keep(call, clean);
	}
	return e;
}

/* Whether naming `other` in this case would tell its number to whom it must not be told. */
static bool
would_tell(const struct incident *incident, const struct incident *other)
{
	for (size_t i = 0; i < other->kept_out.n; i++) {
		if (!incident_is_involved(incident, other->kept_out.items[i])) {
			return true;
		}
	}
	return other->confidential && !incident->confidential;
}

/* Another incident that a field names must be one the caller may see, and another. */
static enum err
check_others(struct call *call, const struct act *act, const struct incident *incident,
	const json_t *fields)
{
	const struct form *form = procedure_form(call->procedure, act->step->form);

	for (size_t i = 0; form && i < form->n_fields; i++) {
		const struct form_field *field = &form->fields[i];
		const char *id = json_string_value(json_object_get(fields, field->key));
		struct dossier *other = NULL;
		enum err e;

		if (field->type != FIELD_INCIDENT || !id) {
			continue;
		}
		e = dossier_open(call, id, &other);
		if (e == ERR_NOT_FOUND || (!e && strcmp(id, act->id) == 0)) {
			return call_fail_field(call, "D107", field->key,
				_("There is no other incident of this number that you may see."));
		}
		if (e) {
			return e;
		}
		if (would_tell(incident, &other->incident)) {
			return call_fail_field(call, "D103", field->key,
				_("Not everybody who reads this case may know of that one. Enter "
				  "it there, or restrict this case first."));
		}
	}
	return ERR_OK;
}

/* A number nobody was given yet: a slip, or the file was put back to an older one since. */
static enum err
check_exists(struct call *call, const struct incident *incident, int64_t expect)
{
	struct ledger_head head;
	enum err e;

	if (!arg_value(call, "expect") || expect <= incident->last_seq) {
		return ERR_OK;
	}
	e = store_head(call->store, &head);
	if (e) {
		return call_fail_store(call, e, false);
	}
	return expect <= head.seq ? ERR_OK
				  : call_fail_field(call, "D107", "expect",
					    _("The record has no entry of that number yet."));
}

static enum err
judge(struct call *call, const struct act *act, const struct dossier *dossier)
{
	const struct incident *incident = &dossier->incident;
	struct step_context context = call_context(call, incident);
	struct step_verdict verdict = { false };
	int64_t expect = arg_count(call, "expect", INT64_MAX);
	enum err e;

	context.by_glass = dossier->glass != NULL;
	if (incident->last_step_seq > expect) {
		return call_fail_changed(call, incident);
	}
	e = check_exists(call, incident, expect);
	if (e) {
		return e;
	}
	e = step_judge(call->arena, &context, act->step, NULL, &verdict);
	if (e) {
		return e;
	}
	return verdict.allowed ? ERR_OK : call_fail_verdict(call, &verdict);
}

static enum err
take(struct call *call, const struct act *act, const struct incident *incident,
	const json_t *fields, struct outcome *outcome)
{
	struct step_context context = call_context(call, incident);
	struct step_request request = { .step = act->step, .fields = fields };
	struct diagnostics diagnostics = { .arena = call->arena };
	enum err e = step_take(call->arena, &context, &request, &diagnostics, outcome);

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

/* Takes the named file in, once for all tries, and enters what is kept of it. */
static enum err
take_file(struct call *call, struct act *act)
{
	const struct form *form = procedure_form(call->procedure, act->step->form);
	json_t *entered = NULL;
	enum err e;

	if (act->file || !form) {
		return ERR_OK;
	}
	e = evidence_enter(call, form, act->entered, &entered);
	if (!e && entered) {
		act->file = entered;
		act->entered = entered;
	}
	return e;
}

/* What the step would do: the same judgement and the same checks, nothing written. */
static enum err
preview(struct call *call, const struct act *act, json_t **ret_result)
{
	struct dossier *dossier = NULL;
	struct outcome outcome = { NULL };
	const json_t *fields = NULL;
	enum err e = dossier_open(call, act->id, &dossier);

	if (!e) {
		e = judge(call, act, dossier);
	}
	if (!e) {
		e = clean_fields(call, act, &dossier->incident, &fields);
	}
	if (!e) {
		e = check_others(call, act, &dossier->incident, fields);
	}
	if (!e) {
		e = take(call, act, &dossier->incident, fields, &outcome);
	}
	if (!e) {
		json_t *notified = json_object_get(outcome.body, "notified");

		*ret_result = json_pack("{s:s, s:s, s:o, s:b}", "id", act->id, "state",
			outcome.state, "notified", notified ? json_incref(notified) : json_array(),
			"preview", true);
	}
	return e;
}

/* A decision is signed by whoever makes it, over what is about to be recorded. */
static enum err
sign(struct call *call, const struct act *act, const struct incident *incident,
	const struct outcome *outcome)
{
	const json_t *acting = json_object_get(outcome->body, "acting");
	struct signed_entry entry = {
		.subject = act->id,
		.kind = act->step->name,
		.state = outcome->state,
		.acting_for = json_string_value(json_object_get(acting, "for")),
		.fields = json_object_get(outcome->body, "fields"),
	};

	if (!step_is_signed(act->step) && !act->signing.signature && !act->signing.asked) {
		return ERR_OK;
	}
	signing_of_case(&entry, incident);
	return signing_apply(call, &act->signing, &entry, outcome->body);
}

/* One try; *ret_again: somebody was faster, nothing was written. */
static enum err
try_step(struct call *call, struct act *act, struct record *record, bool *ret_again)
{
	struct dossier *dossier = NULL;
	struct outcome outcome = { NULL };
	const json_t *fields = NULL;
	enum err e = dossier_open(call, act->id, &dossier);

	if (!e) {
		e = judge(call, act, dossier);
	}
	if (!e) {
		e = take_file(call, act);
	}
	if (!e) {
		e = clean_fields(call, act, &dossier->incident, &fields);
	}
	if (!e) {
		e = check_others(call, act, &dossier->incident, fields);
	}
	if (!e) {
		e = take(call, act, &dossier->incident, fields, &outcome);
	}
	if (!e) {
		e = sign(call, act, &dossier->incident, &outcome);
	}
	if (!e) {
		record->before = dossier;
		record_step(record, call, act->step, &outcome);
		e = record_commit(call, record);
		*ret_again = e == ERR_CONFLICT;
	}
	return e;
}

static enum err
act_start(struct call *call, struct act *act)
{
	const char *name = arg_text(call, "step");
	const json_t *fields = arg_value(call, "fields");

	*act = (struct act){
		.id = arg_text(call, "id"),
		.step = flow_find_step(&call->procedure->incident_flow, name),
		.entered = fields ? fields : call_keep(call, json_object()),
	};
	if (!act->step) {
		return call_fail_field(
			call, "D103", "step", _("The procedure knows no step of this name."));
	}
	if (strcmp(act->step->effect, "report") == 0) {
		return call_fail_field(call, "D103", "step",
			_("An incident is reported once; this one is already."));
	}
	return act->entered ? signing_start(call, step_is_signed(act->step), &act->signing)
			    : ERR_NOMEM;
}

/* What was erased, and where else the words are known to be. */
static enum err
answer_erased(struct record *record, json_t *answer)
{
	const struct event event = { .seq = record->erase_seq, .subject = record->subject };

	if (json_object_set_new(answer, "erased", json_integer(record->erase_seq)) != 0) {
		return ERR_NOMEM;
	}
	return erasing_answer(&record->erasing, &event, answer);
}

enum err
method_incident_act(struct call *call, json_t **ret_result)
{
	struct act act;
	struct record record;
	bool again = true;
	enum err e = act_start(call, &act);

	if (e) {
		return e;
	}
	if (arg_flag(call, "preview")) {
		return preview(call, &act, ret_result);
	}
	record = (struct record){
		.subject = act.id,
		.event_id = act.signing.event_id,
		.draft = draft_to_drop(call),
	};
	if (act.signing.given) {
		e = record_repeated(call, act.signing.given, act.id, act.step, ret_result);
		if (e != ERR_NOT_FOUND) {
			return e;
		}
		e = ERR_OK;
	}
	for (int tries = 0; again && tries < TRIES; tries++) {
		again = false;
		e = try_step(call, &act, &record, &again);
	}
	if (again) {
		return call_fail(call, "D410");
	}
	if (e == ERR_EXISTS) {
		return record_repeated(call, record.event_id, act.id, act.step, ret_result);
	}
	if (!e && act.file) {
		evidence_used(call, act.file);
	}
	if (!e) {
		*ret_result = draft_answer(call, record_answer(&record, false));
	}
	return e || !record.erase_seq ? e : answer_erased(&record, *ret_result);
}
