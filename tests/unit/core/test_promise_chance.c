/* SPDX-License-Identifier: MIT */
/*
 * Tests of promises by chance: whatever people do, whenever the desk looks and however
 * the machine's clock is set, each stage comes once, in order and not too early.
 */
#include <stdlib.h>
#include <string.h>

#include "promise_sim.h"

#define RUNS 60
#define MOVES 60
#define EVENTS_ENOUGH (WORLD_EVENTS - 60)

static struct sim sim; /* of the run */

/* --- chance ------------------------------------------------------------------------------- */

static uint64_t chance; /* the same runs each time, by the seed in front of each */

static unsigned
draw(unsigned below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (unsigned)(chance % below);
}

#define DRAW(items) (items)[draw(ARRAY_LEN(items))]

static const char *const reports[] = {
	"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes',"
	" 'answers': {'information-impairment': 'yes', 'major-accident': 'no'}}",
	"{'title': 't', 'situation': 's', 'contact': 'c',"
	" 'answers': {'security-breach': 'yes', 'major-accident': 'yes'}}",
	"{'title': 't', 'situation': 's', 'contact': 'c', 'confidential': true,"
	" 'answers': {'control-failure': 'yes', 'business-disruption': 'yes'}}",
	"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes',"
	" 'answers': {'security-breach': 'unknown', 'service-disruption': 'unknown'}}",
};

static const struct {
	const char *step;
	const char *fields;
} steps[] = {
	{ "acknowledge", "" },
	{ "acknowledge", "" },
	{ "call", "{'to': 'dc-owner', 'outcome': 'no-answer'}" },
	{ "call", "{'to': 'office-head', 'outcome': 'voicemail'}" },
	{ "call", "{'to': 'dc-deputy-1', 'outcome': 'reached'}" },
	{ "call", "{'to': 'x', 'outcome': 'nobody'}" },
	{ "escalate", "{'why': 'w'}" },
	{ "decide-major", "{'major': 'yes'}" },
	{ "decide-major", "{'major': 'no', 'why': 'w'}" },
	{ "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-25T00:00:00+09:00'}" },
	{ "instruct", "{'to': ['sales'], 'text': 't', 'due': '2036-11-25T00:00:00+09:00'}" },
	{ "respond", "{'text': 't', 'emergency': true}" },
	{ "respond", "{'text': 't'}" },
	{ "ratify", "{'text': 't'}" },
	{ "confirm-suspicion", "{'categories': ['security-breach'], 'why': 'w'}" },
	{ "report-result", "{'cause': 'c', 'actions': 'a'}" },
	{ "approve-result", "" },
	{ "return-result", "{'why': 'w'}" },
	{ "plan-prevention",
		"{'measures': [{'text': 't', 'cause': 'c', 'due': '2027-02-01T00:00:00+09:00',"
		" 'departments': ['datacentre', 'sales', 'legal']}]}" },
	{ "apply", "{'measure': 'M1', 'department': 'datacentre', 'evidence': 'e'}" },
	{ "send-back", "{'measure': 'M1', 'department': 'datacentre', 'why': 'w'}" },
	{ "accept", "{'measure': 'M1', 'department': 'datacentre'}" },
	{ "review-item", "{'item': 'policy', 'verdict': 'no-change', 'text': 't'}" },
	{ "involve", "{'person': 'dc-deputy-1', 'why': 'w'}" },
	{ "restrict", "{'why': 'w'}" },
	{ "admit-reader", "{'person': 'ga-staff-1', 'why': 'w'}" },
	{ "remove-reader", "{'person': 'ga-staff-1', 'why': 'w'}" },
	{ "note", "{'text': 't'}" },
	{ "dismiss", "{'why': 'w'}" },
	{ "reopen", "{'why': 'w'}" },
};

/* Somebody takes a step that they may; who and which is drawn until there is one. */
static void
take_a_step(struct world *w)
{
	enum err e = ERR_DENIED;

	for (int tries = 0; e && tries < 40; tries++) {
		size_t step = draw(ARRAY_LEN(steps));
		const struct person *person = &w->org->people[draw((unsigned)w->org->n_people)];

		e = world_act(w, person->id, steps[step].step, steps[step].fields);
	}
}

static void
make_a_move(struct world *w)
{
	static const int64_t spans[] = { 1000, MINUTE, 4 * MINUTE, 40 * MINUTE, 9 * HOUR, 3 * DAY };
	static const int64_t jumps[] = { HOUR, -HOUR, 3653 * DAY, -3653 * DAY, 5 * MINUTE };

	switch (draw(8)) {
	case 0:
		if (sim.n_jumps < SIM_JUMPS) {
			sim_set_clock(&sim, DRAW(jumps));
		}
		break;
	case 1: /* nobody runs the desk for a while */
		w->now += DRAW(spans);
		break;
	case 2:
	case 3:
		sim_until(&sim, w->now + DRAW(spans));
		break;
	default:
		take_a_step(w);
		break;
	}
}

/* --- what must hold --------------------------------------------------------------------------- */

static bool
is_same(const struct desk_mark *a, const struct desk_mark *b)
{
	return a->since == b->since && a->link == b->link && !strcmp(a->watch, b->watch) &&
		!strcmp(a->key, b->key) && !strcmp(a->department, b->department);
}

static bool
is_ladder(const struct desk_mark *mark)
{
	return !strcmp(mark->kind, KIND_REMIND) || !strcmp(mark->kind, KIND_PASS_ON) ||
		!strcmp(mark->kind, KIND_RAISE);
}

static struct clock_rule
rule_of(const struct world *w, const struct desk_mark *mark)
{
	const struct clock_case any = { .category = NULL };
	const struct clock_watch *watch = mark->link ? &w->procedure->chain[mark->link - 1].clock
						     : procedure_watch(w->procedure, mark->watch);

	assert_non_null(watch);
	return clock_rule_for(watch, &any);
}

/* `next` is the stage right behind `before`, and came in its time. */
static void
check_follows(const struct world *w, size_t before, size_t next)
{
	const struct desk_mark *a = &w->incident.marks[before];
	const struct desk_mark *b = &w->incident.marks[next];
	struct clock_rule rule = rule_of(w, a);
	int64_t lasted = sim.acts[next].lasted - sim.acts[before].lasted;
	int64_t pause = a->n ? rule.repeat_ms : rule.reminder_ms;

	if (a->phase == 0) { /* before the limit; the first behind it */
		assert_int_equal(b->phase, 1);
		assert_int_equal(b->n, 1);
		return;
	}
	pause = a->phase == 3 ? rule.again_ms : pause;
	if (lasted < pause) {
		fail_msg("too early: %s / %s", sim.acts[before].line, sim.acts[next].line);
	}
	if (b->phase == a->phase) {
		assert_int_equal(b->n, a->n + 1);
		assert_true(a->phase == 3 || b->n <= rule.reminders);
	} else {
		assert_int_equal(a->n, rule.reminders);
		assert_int_equal(b->n, 0);
		assert_true(b->phase > a->phase);
	}
}

/* What came of one promise: each kind that comes once did, and the ladder from its foot. */
static void
check_promise(const struct world *w, size_t first)
{
	const struct incident *inc = &w->incident;
	size_t last = inc->n_marks; /* of the ladder; none yet */
	int once = 0;

	for (size_t i = first; i < inc->n_marks; i++) {
		const struct desk_mark *mark = &inc->marks[i];
		if (!is_same(&inc->marks[first], mark)) {
			continue;
		}
		if (!is_ladder(mark)) {
			once++;
			continue;
		}
		if (last == inc->n_marks) {
			assert_true(mark->phase <= 1);
			assert_int_equal(mark->n, 1);
		} else {
			check_follows(w, last, i);
		}
		last = i;
	}
	assert_true(once <= 1);
}

static void
check_all(const struct world *w)
{
	const struct incident *inc = &w->incident;

	assert_int_equal(inc->n_marks, sim.n);
	for (size_t i = 0; i < inc->n_marks; i++) {
		bool seen = false;
		for (size_t k = 0; !seen && k < i; k++) {
			seen = is_same(&inc->marks[k], &inc->marks[i]);
		}
		if (!seen) {
			check_promise(w, i);
		}
	}
}

static void
chance__any_schedule__each_stage_once_and_in_order(void **state)
{
	struct world *w = *state;

	for (uint64_t run = 1; run <= RUNS; run++) {
		chance = run * UINT64_C(0x9e3779b97f4a7c15);
		world_clear(w);
		world_do(w, "dc-operator-1", "report", DRAW(reports), "reported");
		sim_begin(&sim, w);
		for (int i = 0; i < MOVES && w->n < EVENTS_ENOUGH; i++) {
			make_a_move(w);
			sim_run(&sim);
		}
		check_all(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chance__any_schedule__each_stage_once_and_in_order),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
