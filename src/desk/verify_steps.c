/* SPDX-License-Identifier: MIT */
/*
 * What an entry of a case claims to do, held against its kind: which effect it has, whether it
 * begins a round, and into which state it brings the case.  A fold believes what a body says; who
 * owns the file could let a note close a case.
 */
#include <string.h>

#include "toban/base/attr.h"
#include "toban/core/erasure.h"
#include "toban/core/step.h"
#include "verify.h"

#define STATE_BITS 16 /* of the number of a state, in what is kept of a case */
#define STATE_MASK ((1 << STATE_BITS) - 1)

/* --- the effect ---------------------------------------------------------------------------- */

static void
report(struct verify *verify, const struct event *event, const char *what)
{
	ledger_report(&verify->problems, event->seq, "duties", "%s: entry %lld, %s by %s, %s",
		event->subject, (long long)event->seq, event->kind, event->actor, what);
}

/* A step says its effect where it is called otherwise; none says another's. */
static void
check_effect(struct verify *verify, const struct event *event, const struct claim *claim)
{
	const struct flow_step *step = claim->step;

	/* Of a step that is in the procedure no more only what must be signed is looked for. */
	if (claim->says_effect && step && strcmp(step->effect, claim->effect) != 0 &&
		(*claim->effect || strcmp(step->name, step->effect) == 0)) {
		report(verify, event, "says that it has the effect of another step");
	}
}

/* Work that was done is an earlier round's once a new one begins: only two steps begin one. */
static void
check_round(struct verify *verify, const struct event *event, const struct claim *claim)
{
	if (claim->says_round && !claim->begins_round) {
		report(verify, event, "begins a round, which it cannot");
	}
}

/* --- the state ------------------------------------------------------------------------------ */

/* A number for a state, from 1; all that the flow does not know have one. */
static int64_t
number_of(const struct flow *flow, const char *state)
{
	for (size_t i = 0; i < flow->n_states; i++) {
		if (strcmp(flow->states[i].name, state) == 0) {
			return (int64_t)i + 1;
		}
	}
	return (int64_t)flow->n_states + 1;
}

/*
 * The state in a body as the desk writes it, without taking it apart: there is one such member,
 * and within a text its quotes would be escaped.  0: it has to be taken apart.
 */
static int64_t
state_at_sight(const struct flow *flow, const char *text)
{
	static const char member[] = "\"state\":\"";
	const char *at = text ? strstr(text, member) : NULL;
	const char *state = at ? at + sizeof(member) - 1 : NULL;
	size_t len = state ? strcspn(state, "\"\\") : 0;

	if (!at || strstr(state, member) || strstr(text, "\\u00")) {
		return 0;
	}
	for (size_t i = 0; i < flow->n_states; i++) {
		const char *name = flow->states[i].name;

		if (strncmp(name, state, len) == 0 && name[len] == '\0' && state[len] == '"') {
			return (int64_t)i + 1;
		}
	}
	return 0;
}

/* The state after the entry, 0 when it says none. */
static int64_t
state_after(const struct flow *flow, const struct event *event)
{
	int64_t seen = state_at_sight(flow, event->body);
	json_t *body = seen ? NULL : erasure_body(event);
	const char *state = json_string_value(json_object_get(body, "state"));
	int64_t number = state ? number_of(flow, state) : seen;

	json_decref(body);
	return number;
}

static bool
leads_to(const struct flow_step *step, const char *state)
{
	for (size_t i = 0; i < step->n_moves; i++) {
		if (strcmp(step->moves[i].to, state) == 0) {
			return true;
		}
	}
	for (size_t i = 0; i < step->n_branches; i++) {
		if (strcmp(step->branches[i].to, state) == 0) {
			return true;
		}
	}
	return false;
}

/* Whether nothing but decisions leads into the state. */
static bool
is_decided(const struct flow *flow, int64_t number)
{
	bool any = false;

	for (size_t i = 0; number <= (int64_t)flow->n_states && i < flow->n_steps; i++) {
		if (leads_to(&flow->steps[i], flow->states[number - 1].name)) {
			if (!step_is_signed(&flow->steps[i])) {
				return false;
			}
			any = true;
		}
	}
	return any;
}

/* The entry brought the case from one state into another. */
static void
check_move(struct verify *verify, const struct event *event, const struct claim *claim,
	int64_t before, int64_t now)
{
	const struct flow *flow = &verify->call->procedure->incident_flow;

	if (strcmp(event->kind, KIND_TAKEN_BACK) == 0) {
		if (now != before && now != number_of(flow, flow->taken_back)) {
			report(verify, event, "brings the case where it had not been");
		}
	} else if (!claim->says_effect && !claim->step) {
		report(verify, event, "changes the state of the case, and is no step");
	} else if (is_decided(flow, now) && !claim->is_decision &&
		strcmp(claim->effect, "not-same-as") != 0) {
		report(verify, event, "brings the case where only a decision leads");
	}
}

static void
check_state(struct verify *verify, const struct event *event, const struct claim *claim,
	int64_t *states)
{
	int64_t now = state_after(&verify->call->procedure->incident_flow, event);

	if (!now && event->body) {
		ledger_report(&verify->problems, event->seq, "unreadable",
			"%s: entry %lld, %s by %s, is no entry of a case: nobody can open it",
			event->subject, (long long)event->seq, event->kind, event->actor);
	}
	if (!now) {
		return;
	}
	if (*states && now != (*states & STATE_MASK)) {
		check_move(verify, event, claim, *states >> STATE_BITS, now);
	}
	*states = (*states & STATE_MASK) << STATE_BITS | now;
}

void
verify_step(struct verify *verify, const struct event *event, const struct claim *claim,
	int64_t *states)
{
	check_effect(verify, event, claim);
	check_round(verify, event, claim);
	check_state(verify, event, claim, states);
}
