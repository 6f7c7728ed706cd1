/* SPDX-License-Identifier: MIT */
/*
 * Tests of promises in the contact chain: what the desk does by itself, and when.
 */
#include <string.h>

#include "promise_sim.h"
#include "toban/base/str.h"

#define EXPECT(sim, from, ...) sim_expect(sim, from, (const char *const[]){ __VA_ARGS__, NULL })

static struct sim sim; /* of the test that runs */

static struct world *
reported(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	sim_begin(&sim, w);
	return w;
}

static void
promise__link__climbs_to_the_last(void **state)
{
	struct world *w = reported(state);

	assert_int_equal(sim_wake(&sim), w->now + 5 * MINUTE);
	assert_int_equal(sim_run(&sim), 0);
	sim_until(&sim, w->now + 2 * DAY);
	EXPECT(&sim, 0, "+5 remind link 1: dc-owner", "+6 remind link 1: dc-owner",
		"+7 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1",
		"+12 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
		"+13 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
		"+14 raise link 1: office-head@2", "+19 remind link 2: office-head",
		"+20 remind link 2: office-head",
		"+21 pass-on link 2: office-staff-1@2 office-staff-2@2",
		"+26 remind link 2: office-head office-staff-1 office-staff-2",
		"+27 remind link 2: office-head office-staff-1 office-staff-2",
		"+28 raise link 2: crisis-1@3 crisis-2@3",
		"+30 overdue link 1: dc-owner dc-deputy-1 dc-deputy-2",
		"+33 remind link 3: crisis-1 crisis-2", "+34 remind link 3: crisis-1 crisis-2",
		"+35 remind link 3: crisis-1 crisis-2", "+43 overdue link 3: crisis-1 crisis-2",
		"+44 overdue link 2: office-head office-staff-1 office-staff-2",
		"+1475 remind link 3: crisis-1 crisis-2");
	assert_string_equal(w->incident.state, "reported");
	assert_true(w->incident.escalated);
}

static void
promise__link__acknowledged_by_a_stand_in__ends_there(void **state)
{
	struct world *w = reported(state);
	int64_t step = w->incident.last_step_seq;

	sim_until(&sim, w->now + 10 * MINUTE);
	assert_int_equal(sim.n, 3);
	assert_int_equal(w->incident.last_step_seq, step); /* --expect passes over the desk */
	world_do(w, "dc-deputy-2", "acknowledge", "", "received");
	sim_until(&sim, w->now + 29 * MINUTE);
	assert_int_equal(sim.n, 3);
	assert_int_equal(sim_wake(&sim), w->now + MINUTE); /* then an instruction is overdue */
}

static void
promise__link__answered_above__is_left_alone(void **state)
{
	struct world *w = reported(state);

	sim_until(&sim, w->now + 14 * MINUTE);
	world_do(w, "office-head", "acknowledge", "", "reported");
	sim_until(&sim, w->now + 50 * MINUTE);
	EXPECT(&sim, 6, "+30 overdue link 1: dc-owner dc-deputy-1 dc-deputy-2");
}

/* The next link was told only because the first was silent: once it is not, nobody else is. */
static void
promise__link__answered_below_at_last__ends_above(void **state)
{
	struct world *w = reported(state);

	sim_until(&sim, w->now + 15 * MINUTE);
	world_do(w, "dc-owner", "acknowledge", "", "received");
	sim_until(&sim, w->now + 30 * MINUTE);
	EXPECT(&sim, 6, "+45 overdue instruct: dc-owner");
	/* Whoever is asked by a person is waited for, told before or not. */
	world_do(w, "dc-owner", "escalate", "{'why': 'w'}", "received");
	w->now += MINUTE;
	assert_int_equal(sim_run(&sim), 1);
	assert_string_equal(sim.acts[7].line, "+46 remind link 2: office-head");
}

/* That link 1 had answered long before is no answer to the silence of link 2. */
static void
promise__link__raised_over_an_answered_one__is_followed_up(void **state)
{
	struct world *w = reported(state);

	w->now += MINUTE;
	world_do(w, "dc-owner", "escalate", "{'why':'grave'}", "received");
	sim_until(&sim, w->now + 24 * MINUTE);
	EXPECT(&sim, 0, "+6 remind link 2: office-head", "+7 remind link 2: office-head",
		"+8 pass-on link 2: office-staff-1@2 office-staff-2@2",
		"+13 remind link 2: office-head office-staff-1 office-staff-2",
		"+14 remind link 2: office-head office-staff-1 office-staff-2",
		"+15 raise link 2: crisis-1@3 crisis-2@3", "+20 remind link 3: crisis-1 crisis-2",
		"+21 remind link 3: crisis-1 crisis-2", "+22 remind link 3: crisis-1 crisis-2");
}

static void
promise__link__involved_people_are_passed_over(void **state)
{
	struct world *w = reported(state);

	world_do(w, "legal-owner", "involve", "{'person': 'dc-deputy-1', 'why': 'w'}", "reported");
	sim_until(&sim, w->now + 7 * MINUTE);
	EXPECT(&sim, 2, "+7 pass-on link 1: dc-deputy-2@1");
	/* Whoever is told because another became involved has all the time there is. */
	world_do(w, "legal-owner", "involve", "{'person': 'dc-deputy-2', 'why': 'w'}", "reported");
	world_do(w, "legal-owner", "involve", "{'person': 'office-head', 'why': 'w'}", "reported");
	sim_until(&sim, w->now + 9 * MINUTE);
	EXPECT(&sim, 3, "+12 remind link 1: dc-owner", "+13 remind link 1: dc-owner",
		"+14 raise link 1: office-staff-1@2 office-staff-2@2");
}

/* After a night without power: one stage after the other, each as long as if nothing had been. */
static void
promise__link__late__skips_nothing_and_heaps_nothing(void **state)
{
	struct world *w = reported(state);

	w->now += 8 * HOUR;
	assert_int_equal(sim_run(&sim), 2);
	sim_until(&sim, w->now + 9 * MINUTE);
	EXPECT(&sim, 0, "+480 remind link 1: dc-owner", "+480 overdue link 1: dc-owner",
		"+481 remind link 1: dc-owner", "+482 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1",
		"+487 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
		"+488 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
		"+489 raise link 1: office-head@2");
}

static void
promise__link__clock_set__counts_what_has_passed(void **state)
{
	static const int64_t jumps[] = { HOUR, -HOUR, 3653 * DAY, -3653 * DAY };

	for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
		struct world *w = reported(state);

		w->now += 3 * MINUTE;
		sim_set_clock(&sim, jumps[i]);
		assert_int_equal(sim_wake(&sim), w->now + 2 * MINUTE);
		sim_until(&sim, w->now + 3 * MINUTE);
		sim_set_clock(&sim, -2 * jumps[i]);
		sim_until(&sim, w->now + 24 * MINUTE);
		EXPECT(&sim, 0, "+5 remind link 1: dc-owner", "+6 remind link 1: dc-owner",
			"+7 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1",
			"+12 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
			"+13 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
			"+14 raise link 1: office-head@2", "+19 remind link 2: office-head",
			"+20 remind link 2: office-head",
			"+21 pass-on link 2: office-staff-1@2 office-staff-2@2",
			"+26 remind link 2: office-head office-staff-1 office-staff-2",
			"+27 remind link 2: office-head office-staff-1 office-staff-2",
			"+28 raise link 2: crisis-1@3 crisis-2@3",
			"+30 overdue link 1: dc-owner dc-deputy-1 dc-deputy-2");
	}
}

static void
promise__link__every_category_alike(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < w->procedure->classification.n; i++) {
		const struct category *category = &w->procedure->classification.items[i];
		const char *fields = arena_printf(w->base,
			"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes',"
			" 'answers': {'%s': '%s', 'control-failure': '%s'}}",
			category->key, category->kind == CATEGORY_SUSPICION ? "no" : "yes",
			category->kind == CATEGORY_PLAIN ? "no" : "unknown");

		if (!strcmp(category->key, "control-failure") ||
			category->kind == CATEGORY_SUSPICION) {
			continue;
		}
		world_clear(w);
		world_do(w, "dc-operator-1", "report", fields, "reported");
		sim_begin(&sim, w);
		sim_until(&sim, w->now + 7 * MINUTE);
		assert_true(sim.n >= 3);
		assert_int_equal(sim.acts[0].urgent,
			category->urgent || category->kind == CATEGORY_EXCEPTION);
	}
}

static void
promise__link__a_category_may_have_limits_of_its_own(void **state)
{
	static const char more[] = "[link 1 information-impairment]\nReminder=2m\nReminders=1\n"
				   "[link 1 major]\nReminder=30s\nDue=10m\n";
	struct world *w = *state;
	const struct procedure *shipped = w->procedure;

	world_clear(w);
	w->procedure = world_procedure_with(w, "policy/chain.ini", more);
	world_report(w);
	sim_begin(&sim, w);
	sim_until(&sim, w->now + 4 * MINUTE);
	EXPECT(&sim, 0, "+2 remind link 1: dc-owner",
		"+3 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1");
	assert_int_equal(w->incident.contacts[0].due_at, sim.start + 30 * MINUTE);
	world_clear(w);
	world_do(w, "dc-operator-1", "report",
		"{'title': 't', 'situation': 's', 'contact': 'c', 'answers':"
		" {'information-impairment': 'yes', 'major-accident': 'yes'}}",
		"reported");
	sim_begin(&sim, w);
	assert_int_equal(w->incident.contacts[0].due_at, w->now + 10 * MINUTE);
	assert_int_equal(sim_wake(&sim), w->now + MINUTE / 2);
	w->procedure = shipped;
}

/* --- everyone ------------------------------------------------------------------------- */

static void
promise__everyone__is_acknowledged_by_all(void **state)
{
	struct world *w = *state;
	const struct procedure *shipped = w->procedure;

	world_clear(w);
	w->procedure = world_procedure_with(w, "policy/chain.ini", "Acknowledge=everyone\n");
	world_report(w);
	sim_begin(&sim, w);
	world_do(w, "office-head", "decide-major", "{'major': 'yes'}", "reported");
	world_do(w, "dc-owner", "acknowledge", "", "received");
	world_do(w, "crisis-2", "acknowledge", "", "received");
	assert_false(incident_link_acknowledged(&w->incident, 3));
	assert_non_null(strstr(world_awaited(w), "crisis-1:acknowledge"));
	assert_null(strstr(world_awaited(w), "crisis-2:acknowledge"));
	world_refused(w, "crisis-2", "acknowledge", "", "D405");
	sim_until(&sim, w->now + 5 * MINUTE);
	EXPECT(&sim, 0, "+5 remind link 3: crisis-1");
	world_do(w, "crisis-1", "acknowledge", "", "received");
	assert_true(incident_link_acknowledged(&w->incident, 3));
	sim_until(&sim, w->now + 10 * MINUTE);
	assert_int_equal(sim.n, 1);
	w->procedure = shipped;
}

/* --- the telephone ---------------------------------------------------------------------- */

static void
promise__call__nobody_reached__opens_the_next_link_at_once(void **state)
{
	struct world *w = reported(state);

	w->now += 2 * MINUTE;
	world_do(w, "dc-operator-1", "call", "{'to': 'dc-owner', 'outcome': 'no-answer'}",
		"reported");
	sim_until(&sim, w->now);
	EXPECT(&sim, 0, "+2 nobody-reached call 1: office-head@2");
	/* Link 1 is still called to mind, but the next one is open already. */
	sim_until(&sim, w->now + 6 * MINUTE);
	EXPECT(&sim, 1, "+5 remind link 1: dc-owner", "+6 remind link 1: dc-owner",
		"+7 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1", "+7 remind link 2: office-head",
		"+8 remind link 2: office-head");
	world_do(w, "dc-operator-1", "call", "{'to': 'somebody else', 'outcome': 'reached'}",
		"reported");
	world_do(w, "dc-operator-1", "call", "{'to': 'office-head', 'outcome': 'voicemail'}",
		"reported");
	sim_until(&sim, w->now);
	EXPECT(&sim, 6, "+8 nobody-reached call 2: crisis-1@3 crisis-2@3");
}

static void
promise__call__reached__leaves_the_ladder_as_it_is(void **state)
{
	struct world *w = reported(state);
	const struct person *owner = org_person(w->org, "dc-owner");

	world_do(w, "dc-operator-1", "call", "{'to': 'dc-owner', 'outcome': 'no-answer'}",
		"reported");
	world_do(w, "dc-operator-1", "call",
		arena_printf(
			w->arena, "{'to': '%s', 'outcome': 'reached'}", owner->name.in[LANG_JA]),
		"reported");
	sim_until(&sim, w->now + 5 * MINUTE);
	EXPECT(&sim, 0, "+5 remind link 1: dc-owner");
}

static void
promise__call__nobody__is_enough_by_itself(void **state)
{
	struct world *w = reported(state);

	sim_until(&sim, w->now + 7 * MINUTE);
	world_do(w, "dc-operator-2", "note", "{'text': 'I try.'}", "reported");
	world_do(w, "dc-operator-1", "call", "{'to': 'all of them', 'outcome': 'nobody'}",
		"reported");
	sim_until(&sim, w->now);
	EXPECT(&sim, 3, "+7 nobody-reached call 1: office-head@2");
}

/* --- an entry that is not stored yet --------------------------------------------------- */

/* The row is written with the entry, before it has its number: it must not be taken for old. */
static void
promise__unsealed_entry__is_by_the_clock_of_now(void **state)
{
	struct world *w = reported(state);
	struct incident unsealed = { 0 };
	struct step_context context = {
		.procedure = w->procedure, .org = w->org, .incident = &unsealed
	};
	struct promise_world world = { .context = &context };
	stamp wake;

	w->foreign = 40;
	sim_set_clock(&sim, 3653 * DAY);
	world_do(w, "dc-owner", "acknowledge", "", "received");
	wake = sim_wake(&sim);
	assert_int_equal(wake, w->now + 30 * MINUTE);
	w->events[w->n - 1].seq = 0;
	assert_int_equal(incident_fold(w->arena, w->procedure, w->events, w->n, &unsealed), ERR_OK);
	world.jumps = sim.jumps;
	world.n_jumps = sim.n_jumps;
	assert_int_equal(promise_wake(&world), wake);
	incident_release(&unsealed);
}

/* --- what stops everything --------------------------------------------------------------- */

static void
promise__report_taken_back__nothing_more_comes(void **state)
{
	struct world *w = reported(state);
	const char *body =
		arena_printf(w->arena, "{\"fields\": {\"seq\": %lld}, \"state\": \"dismissed\"}",
			(long long)w->incident.last_seq);

	assert_int_equal(world_append(w, "dc-operator-1", KIND_TAKEN_BACK, body), ERR_OK);
	assert_int_equal(sim_wake(&sim), STAMP_NONE);
	assert_int_equal(sim_run(&sim), 0);
}

static void
promise__step__may_be_taken_back_before_the_desk_acts(void **state)
{
	struct world *w = reported(state);

	w->now += 30 * MINUTE;
	world_do(w, "dc-owner", "escalate", "{'why': 'w'}", "received");
	world_do(w, "dc-owner", "note", "{'text': 't'}", "received");
	w->now += 40 * MINUTE;
	world_do(w, "dc-owner", "reclassify", "{'answers': {'control-failure': 'yes'}, 'why': 'w'}",
		"received");
	assert_int_equal(sim_wake(&sim), w->now + 10 * 1000);
	assert_int_equal(sim_run(&sim), 0);
}

static void
promise__confidential__tells_only_who_may_see(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report",
		"{'title': 't', 'situation': 's', 'contact': 'c', 'confidential': true,"
		" 'answers': {'information-impairment': 'yes', 'major-accident': 'yes'}}",
		"reported");
	sim_begin(&sim, w);
	world_do(w, "dc-owner", "acknowledge", "", "received");
	world_do(w, "office-head", "acknowledge", "", "received");
	sim_until(&sim, w->now + 60 * MINUTE);
	/* Crisis management is above, but may not know of it before it is decided. */
	EXPECT(&sim, 10, "+55 remind decide-major: office-head office-staff-1 office-staff-2",
		"+60 lapse lapse 1: dc-owner@1", "+60 lapse lapse 2: office-head@2",
		"+60 remind decide-major: office-head office-staff-1 office-staff-2");
}

static void
promise__drill__runs_alike(void **state)
{
	struct world *w = *state;

	world_clear(w);
	w->drill = true;
	world_do(w, "dc-operator-1", "report",
		"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes',"
		" 'answers': {'information-impairment': 'yes'}}",
		"reported");
	sim_begin(&sim, w);
	sim_until(&sim, w->now + 40 * DAY);
	assert_true(sim.n > 18);
	for (size_t i = 0; i < sim.n; i++) {
		assert_null(strstr(sim.acts[i].line, "statutory"));
	}
	w->drill = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promise__link__climbs_to_the_last),
		cmocka_unit_test(promise__link__acknowledged_by_a_stand_in__ends_there),
		cmocka_unit_test(promise__link__answered_above__is_left_alone),
		cmocka_unit_test(promise__link__answered_below_at_last__ends_above),
		cmocka_unit_test(promise__link__raised_over_an_answered_one__is_followed_up),
		cmocka_unit_test(promise__link__involved_people_are_passed_over),
		cmocka_unit_test(promise__link__late__skips_nothing_and_heaps_nothing),
		cmocka_unit_test(promise__link__clock_set__counts_what_has_passed),
		cmocka_unit_test(promise__link__every_category_alike),
		cmocka_unit_test(promise__link__a_category_may_have_limits_of_its_own),
		cmocka_unit_test(promise__everyone__is_acknowledged_by_all),
		cmocka_unit_test(promise__call__nobody_reached__opens_the_next_link_at_once),
		cmocka_unit_test(promise__call__reached__leaves_the_ladder_as_it_is),
		cmocka_unit_test(promise__call__nobody__is_enough_by_itself),
		cmocka_unit_test(promise__unsealed_entry__is_by_the_clock_of_now),
		cmocka_unit_test(promise__report_taken_back__nothing_more_comes),
		cmocka_unit_test(promise__step__may_be_taken_back_before_the_desk_acts),
		cmocka_unit_test(promise__confidential__tells_only_who_may_see),
		cmocka_unit_test(promise__drill__runs_alike),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
