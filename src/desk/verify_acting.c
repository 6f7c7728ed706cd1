/* SPDX-License-Identifier: MIT */
/*
 * Who took a step for somebody who was away: whether they were, and had named, or left to the
 * procedure, the one who took it.
 */
#include <stdlib.h>
#include <string.h>

#include "toban/core/duty.h"
#include "verify.h"

struct duty_facts {
	struct arena *kept;       /* `events` lives in it */
	struct arena *arena;      /* `duty` does */
	struct event_list events; /* all of the subject */
	struct duty duty;         /* of the first `n` of them */
	size_t n;
	bool folded;
};

void
verify_duty_end(struct verify *verify)
{
	struct duty_facts *facts = verify->facts;

	verify->facts = NULL;
	if (facts) {
		arena_free(facts->arena);
		arena_free(facts->kept);
		free(facts);
	}
}

static enum err
read_facts(struct verify *verify)
{
	struct duty_facts *facts = calloc(1, sizeof(*facts));

	verify->facts = facts;
	if (!facts) {
		return ERR_NOMEM;
	}
	facts->kept = arena_new();
	facts->arena = arena_new();
	return facts->kept && facts->arena ? store_subject(verify->call->store, facts->kept,
						     SUBJECT_DUTY, &facts->events)
					   : ERR_NOMEM;
}

enum err
verify_duty_at(struct verify *verify, int64_t seq, const struct duty **ret_duty)
{
	enum err e = verify->facts ? ERR_OK : read_facts(verify);
	struct duty_facts *facts = verify->facts;
	size_t n = facts ? facts->n : 0;

	while (!e && n < facts->events.n && facts->events.items[n].seq < seq) {
		n++;
	}
	if (!e && (!facts->folded || n != facts->n)) {
		arena_clear(facts->arena);
		e = duty_fold(facts->arena, facts->events.items, n, &facts->duty);
		facts->folded = !e;
		facts->n = n;
	}
	if (!e) {
		*ret_duty = &facts->duty;
	}
	return e;
}

static enum err
check_claim(struct verify *verify, const struct event *event, const char *who)
{
	const struct org *org = verify_org_at(verify, event->seq);
	const struct person *absent = org ? org_person(org, who) : NULL;
	const struct person *stand_in = org ? org_person(org, event->actor) : NULL;
	struct duty_query query = { .org = org, .at = event->at };
	enum err e = verify_duty_at(verify, event->seq, &query.duty);

	if (!e && (!absent || !stand_in || !duty_acts_for(&query, stand_in, absent))) {
		ledger_report(&verify->problems, event->seq, "duties",
			"%s: entry %lld, %s by %s, who did not stand in for %s then",
			event->subject, (long long)event->seq, event->kind, event->actor, who);
	}
	return e;
}

enum err
verify_acting(struct verify *verify, const struct event *event, const struct claim *claim)
{
	json_t *body = claim->holds & HOLDS_ACTING ? json_loads(event->body, 0, NULL) : NULL;
	const json_t *acting = json_object_get(body, "acting");
	const char *who = json_string_value(json_object_get(acting, "for"));
	enum err e = ERR_OK;

	if (acting) {
		e = check_claim(verify, event, who ? who : "nobody who is named");
	}
	json_decref(body);
	return e;
}
