/* SPDX-License-Identifier: MIT */
/*
 * Whether the procedure allowed a decision when it was made: its state, its gates and its dates,
 * asked of the case as it was before it.  Who owns the file and has a key of their own could enter
 * one that the door would have refused.
 */
#include "toban/core/step.h"
#include "verify.h"

enum err
verify_allowed(struct verify *verify, struct arena *arena, const struct event *event,
	const json_t *body, const struct incident *before)
{
	const struct procedure *procedure = verify->call->procedure;
	const struct flow_step *step = flow_find_step(&procedure->incident_flow, event->kind);
	struct step_context context = {
		.procedure = procedure,
		.org = verify_org_at(verify, event->seq),
		.incident = before,
		.now = event->at,
	};
	struct step_verdict verdict = { .allowed = true };
	enum err e;

	/* What was decided under other rules is not judged by those of today. */
	if (!step || !verify->same_rules || !context.org) {
		return ERR_OK;
	}
	context.person = org_person(context.org, event->actor);
	e = context.person ? verify_duty_at(verify, event->seq, &context.duty) : ERR_NOT_FOUND;
	if (e) {
		return e == ERR_NOT_FOUND ? ERR_OK : e; /* nobody: named as such elsewhere */
	}
	e = step_judge(arena, &context, step, json_object_get(body, "fields"), &verdict);
	if (!e && !verdict.allowed) {
		ledger_report(&verify->problems, event->seq, "duties",
			"%s: entry %lld, %s by %s, which the procedure did not allow then (%s)",
			event->subject, (long long)event->seq, event->kind, event->actor,
			verdict.code);
	}
	return e;
}
