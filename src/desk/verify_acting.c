/* SPDX-License-Identifier: MIT */
/*
 * Who took a step for somebody who was away: whether they were, and had named, or left to the
 * procedure, the one who took it.
 */
#include <string.h>

#include "toban/core/duty.h"
#include "verify.h"

/* The facts about who is there that were entered before this entry. */
static enum err
duty_before(struct verify *verify, struct arena *arena, int64_t seq, struct duty *ret_duty)
{
	struct event_list events = { NULL, 0 };
	size_t n = 0;
	enum err e = store_subject(verify->call->store, arena, SUBJECT_DUTY, &events);

	while (!e && n < events.n && events.items[n].seq < seq) {
		n++;
	}
	return e ? e : duty_fold(arena, events.items, n, ret_duty);
}

static enum err
check_claim(struct verify *verify, struct arena *arena, const struct event *event, const char *who)
{
	const struct org *org = verify_org_at(verify, event->seq);
	const struct person *absent = org ? org_person(org, who) : NULL;
	const struct person *stand_in = org ? org_person(org, event->actor) : NULL;
	struct duty duty;
	struct duty_query query = { .org = org, .duty = &duty, .at = event->at };
	enum err e = duty_before(verify, arena, event->seq, &duty);

	if (!e && (!absent || !stand_in || !duty_acts_for(&query, stand_in, absent))) {
		ledger_report(&verify->problems, event->seq, "duties",
			"%s: entry %lld, %s by %s, who did not stand in for %s then",
			event->subject, (long long)event->seq, event->kind, event->actor, who);
	}
	return e;
}

enum err
verify_acting(struct verify *verify, struct arena *arena, const struct event *event)
{
	bool claims = event->body && strstr(event->body, "\"acting\":{\"for\":");
	json_t *body = claims ? json_loads(event->body, 0, NULL) : NULL;
	const json_t *acting = json_object_get(body, "acting");
	const char *who = json_string_value(json_object_get(acting, "for"));
	enum err e = who ? check_claim(verify, arena, event, who) : ERR_OK;

	json_decref(body);
	return e;
}
