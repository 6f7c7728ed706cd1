/* SPDX-License-Identifier: MIT */
/*
 * What an entry claims to do.  A body is taken apart only where it can hold a member that is asked
 * about: most hold none, and a ledger has a million of them.
 */
#include <string.h>

#include "signing.h"
#include "toban/base/attr.h"
#include "toban/core/erasure.h"
#include "toban/core/step.h"
#include "verify.h"

/* Those that anything is asked about; of others it is enough that they are none of these. */
static const char *const effects[] = { "report", "acknowledge", "decide-major", "respond",
	"report-result", "approve-result", "return-result", "plan-prevention", "apply",
	"not-applicable", "accept", "send-back", "close", "verify-effect", "reopen", "same-as",
	"not-same-as", "involve", "erase", "evidence" };

static const struct {
	enum claim_holds holds;
	const char *text;
} members[] = {
	{ HOLDS_EFFECT, "\"effect\"" },
	{ HOLDS_ROUND, "\"round\"" },
	{ HOLDS_ACTING, "\"acting\"" },
	{ HOLDS_SIGNED, "\"" BODY_SIGNED "\"" },
};

/* A report has the list, and it is empty nearly always. */
static bool
may_involve(const char *body)
{
	static const char name[] = "\"involved\"";
	static const char empty[] = "\"involved\":[]";
	const char *at = strstr(body, name);

	return at && (strncmp(at, empty, sizeof(empty) - 1) != 0 || strstr(at + 1, name));
}

static unsigned
what_it_may_hold(const char *body)
{
	unsigned holds = 0;

	if (!body) {
		return 0;
	}
	/* Spelled with escapes a name would be another text of the same meaning. */
	if (strchr(body, '\\') && strstr(body, "\\u00")) {
		return HOLDS_ALL;
	}
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		holds |= strstr(body, members[i].text) ? members[i].holds : 0U;
	}
	return holds | (may_involve(body) ? HOLDS_INVOLVED : 0U);
}

static const char *
known_effect(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(effects); i++) {
		if (effects[i][0] == name[0] && strcmp(effects[i], name) == 0) {
			return effects[i];
		}
	}
	return "";
}

/* What the body says of its effect and of a round. */
static void
read_body(struct claim *claim, const char *text)
{
	json_t *body = json_loads(text, 0, NULL);
	const char *effect = json_string_value(json_object_get(body, "effect"));
	const json_t *round = json_object_get(body, "round");

	claim->says_effect = effect != NULL;
	if (effect) {
		claim->effect = known_effect(effect);
	}
	claim->says_round = round != NULL;
	claim->begins_round = json_is_integer(round) &&
		(strcmp(claim->effect, "reopen") == 0 ||
			strcmp(claim->effect, "verify-effect") == 0);
	json_decref(body);
}

/* A decision must be signed: by its kind, or by the effect its body says it has. */
static bool
is_decision(const struct flow *flow, const struct claim *claim)
{
	if (claim->step && step_is_signed(claim->step)) {
		return true;
	}
	for (size_t i = 0; claim->says_effect && i < flow->n_steps; i++) {
		if (strcmp(flow->steps[i].effect, claim->effect) == 0 &&
			step_is_signed(&flow->steps[i])) {
			return true;
		}
	}
	return false;
}

bool
verify_is_of_case(const struct event *event)
{
	return event->subject[0] >= '0' && event->subject[0] <= '9';
}

void
verify_claim(const struct verify *verify, const struct event *event, struct claim *ret)
{
	const struct flow *flow = &verify->call->procedure->incident_flow;

	*ret = (struct claim){
		.step = flow_find_step(flow, event->kind),
		.effect = known_effect(event->kind),
		.holds = what_it_may_hold(event->body),
	};
	if (ret->holds & (HOLDS_EFFECT | HOLDS_ROUND)) {
		read_body(ret, event->body);
	}
	/* Whatever its body says: the fold goes by the kind. */
	if (strcmp(event->kind, KIND_TAKEN_BACK) == 0) {
		ret->effect = KIND_TAKEN_BACK;
	}
	ret->is_decision = is_decision(flow, ret);
}

bool
verify_is_judged(const struct claim *claim)
{
	static const char *const judged[] = { KIND_TAKEN_BACK, "accept", "send-back", "involve" };

	if (claim->is_decision) {
		return true;
	}
	if (strcmp(claim->effect, "report") == 0) {
		return claim->holds & HOLDS_INVOLVED;
	}
	for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
		if (strcmp(claim->effect, judged[i]) == 0) {
			return true;
		}
	}
	return false;
}

bool
verify_takes_back(const struct claim *claim, const struct event *event, int64_t seq)
{
	return event->body && strcmp(claim->effect, KIND_TAKEN_BACK) == 0 &&
		erasure_names(event->body) == seq;
}

enum err
verify_read_entries(const struct verify *verify, struct arena *arena, const char *subject,
	struct entries *ret)
{
	struct event_list events = { NULL, 0 };
	enum err e = store_subject(verify->call->store, arena, subject, &events);
	struct claim *claims = e ? NULL : arena_array(arena, events.n, sizeof(*claims));

	if (!claims) {
		return e ? e : ERR_NOMEM;
	}
	for (size_t i = 0; i < events.n; i++) {
		const struct event *event = &events.items[i];

		verify_claim(verify, event, &claims[i]);
		if (i > 0) {
			claims[i - 1].is_void = verify_takes_back(&claims[i], event, event[-1].seq);
		}
	}
	*ret = (struct entries){ events.items, claims, events.n };
	return ERR_OK;
}
