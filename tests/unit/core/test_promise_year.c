/* SPDX-License-Identifier: MIT */
/*
 * Tests of promises over days and months: what the desk follows up after the chain,
 * with a leap day, an end of the year and a clock that is set far away.
 */
#include <string.h>

#include "promise_sim.h"
#include "toban/base/clock.h"

#define EXPECT(sim, from, ...) sim_expect(sim, from, (const char *const[]){ __VA_ARGS__, NULL })

static struct sim sim; /* of the test that runs */

static stamp
time_of(const char *text)
{
	stamp at = STAMP_NONE;

	assert_int_equal(stamp_parse(text, &at), ERR_OK);
	return at;
}

/* The ordinary case in the state, and a transcript that begins then. */
static struct world *
walked(void **state, const char *to)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, to);
	sim_begin(&sim, w);
	sim.dated = true;
	return w;
}

static void
year__instruction__by_its_own_date(void **state)
{
	(void)walked(state, "instructed");
	sim_until(&sim, time_of("2026-11-24T07:30:00+09:00"));
	EXPECT(&sim, 0, "2026-11-23 06:00 overdue respond: dc-operator-2",
		"2026-11-23 06:30 remind respond: dc-operator-2",
		"2026-11-23 07:00 remind respond: dc-operator-2",
		"2026-11-23 07:30 pass-on respond: dc-owner dc-deputy-1 dc-deputy-2",
		"2026-11-23 08:00 remind respond: dc-operator-2 dc-owner dc-deputy-1 dc-deputy-2",
		"2026-11-23 08:30 remind respond: dc-operator-2 dc-owner dc-deputy-1 dc-deputy-2",
		"2026-11-23 09:00 raise respond: office-head");
}

static void
year__result__follows_the_last_answer(void **state)
{
	struct world *w = walked(state, "instructed");

	world_do(w, "dc-operator-2", "respond", "{'text': 't'}", "instructed");
	sim_until(&sim, w->now + 20 * DAY);
	EXPECT(&sim, 0, "2026-11-28 01:00 overdue result: dc-owner",
		"2026-11-29 01:00 remind result: dc-owner",
		"2026-11-30 01:00 remind result: dc-owner",
		"2026-12-01 01:00 pass-on result: dc-deputy-1 dc-deputy-2",
		"2026-12-02 01:00 remind result: dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-03 01:00 remind result: dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-04 01:00 raise result: office-head office-staff-1 office-staff-2",
		"2026-12-11 01:00 remind result: dc-owner dc-deputy-1 dc-deputy-2 office-head "
		"office-staff-1 office-staff-2");
}

static void
year__approval__by_the_limit_of_the_flow(void **state)
{
	struct world *w = walked(state, "result-reported");

	sim_until(&sim, w->now + 9 * DAY);
	EXPECT(&sim, 0,
		"2026-11-26 03:00 overdue approve: office-head office-staff-1 office-staff-2",
		"2026-11-27 03:00 remind approve: office-head office-staff-1 office-staff-2",
		"2026-11-28 03:00 remind approve: office-head office-staff-1 office-staff-2",
		"2026-11-29 03:00 pass-on approve: office-head",
		"2026-11-30 03:00 remind approve: office-head office-staff-1 office-staff-2",
		"2026-12-01 03:00 remind approve: office-head office-staff-1 office-staff-2",
		"2026-12-02 03:00 raise approve: office-head");
}

static void
year__plan_and_reviews__after_the_approval(void **state)
{
	struct world *w = walked(state, "approved");

	sim_until(&sim, w->now + 20 * DAY);
	EXPECT(&sim, 0, "2026-11-29 04:00 remind plan: office-head office-staff-1 office-staff-2",
		"2026-11-30 04:00 overdue plan: office-head office-staff-1 office-staff-2",
		"2026-11-30 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-01 04:00 remind plan: office-head office-staff-1 office-staff-2",
		"2026-12-02 04:00 remind plan: office-head office-staff-1 office-staff-2",
		"2026-12-03 04:00 pass-on plan: office-head",
		"2026-12-04 04:00 remind plan: office-head office-staff-1 office-staff-2",
		"2026-12-05 04:00 remind plan: office-head office-staff-1 office-staff-2",
		"2026-12-06 04:00 raise plan: office-head",
		"2026-12-07 04:00 overdue review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-08 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-09 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-10 04:00 pass-on review: dc-deputy-1 dc-deputy-2",
		"2026-12-11 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-12 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-13 04:00 remind plan: office-head office-staff-1 office-staff-2",
		"2026-12-13 04:00 raise review: office-head");
}

static void
year__cells__each_by_itself(void **state)
{
	struct world *w = walked(state, "preventing");

	sim_until(&sim, w->now + 22 * DAY);
	EXPECT(&sim, 0,
		"2026-11-30 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-03 00:00 remind cell M1 datacentre: dc-owner",
		"2026-12-03 00:00 remind cell M1 sales: sales-owner",
		"2026-12-07 04:00 overdue review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-08 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-09 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-10 00:00 overdue cell M1 datacentre: dc-owner",
		"2026-12-10 00:00 overdue cell M1 sales: sales-owner",
		"2026-12-10 04:00 pass-on review: dc-deputy-1 dc-deputy-2",
		"2026-12-11 00:00 remind cell M1 datacentre: dc-owner",
		"2026-12-11 00:00 remind cell M1 sales: sales-owner",
		"2026-12-11 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-12 00:00 remind cell M1 datacentre: dc-owner",
		"2026-12-12 00:00 remind cell M1 sales: sales-owner",
		"2026-12-12 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-13 00:00 pass-on cell M1 datacentre: dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-13 00:00 pass-on cell M1 sales: sales-owner sales-deputy-1 sales-deputy-2",
		"2026-12-13 04:00 raise review: office-head",
		"2026-12-14 00:00 remind cell M1 datacentre: dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-14 00:00 remind cell M1 sales: sales-owner sales-deputy-1 sales-deputy-2",
		"2026-12-15 00:00 remind cell M1 datacentre: dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-15 00:00 remind cell M1 sales: sales-owner sales-deputy-1 sales-deputy-2");
}

static void
year__effect__from_the_day_it_can_be_judged(void **state)
{
	struct world *w = walked(state, "closed");

	world_do(w, "sales-owner", "apply",
		"{'measure': 'M1', 'department': 'sales', 'evidence': 'Rule'}", "closed");
	world_do(w, "office-staff-1", "accept", "{'measure': 'M1', 'department': 'sales'}",
		"closed");
	sim_until(&sim, w->now + 50 * DAY);
	EXPECT(&sim, 0, "2026-12-20 00:00 overdue effect: office-head office-staff-2",
		"2026-12-21 00:00 remind effect: office-head office-staff-2",
		"2026-12-22 00:00 remind effect: office-head office-staff-2",
		"2026-12-23 00:00 pass-on effect: office-head",
		"2026-12-24 00:00 remind effect: office-head office-staff-2",
		"2026-12-25 00:00 remind effect: office-head office-staff-2",
		"2026-12-26 00:00 raise effect: office-head",
		"2027-01-02 00:00 remind effect: office-head office-staff-2",
		"2027-01-09 00:00 remind effect: office-head office-staff-2");
}

static void
year__suspicion_and_proposal__are_cleared_up(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report",
		"{'title': 't', 'situation': 's', 'contact': 'c', 'answers':"
		" {'security-breach': 'unknown', 'major-accident': 'yes'}}",
		"reported");
	world_do(w, "dc-owner", "acknowledge", "", "received");
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2027-11-29T00:00:00+09:00'}",
		"instructed");
	world_do(w, "office-head", "acknowledge", "", "instructed");
	sim_begin(&sim, w);
	sim_until(&sim, w->now + 6 * DAY);
	EXPECT(&sim, 0, "+30 overdue decide-major: office-head",
		"+35 remind decide-major: office-head", "+40 remind decide-major: office-head",
		"+45 pass-on decide-major: office-head office-staff-1 office-staff-2",
		"+50 remind decide-major: office-head office-staff-1 office-staff-2",
		"+55 remind decide-major: office-head office-staff-1 office-staff-2",
		"+60 raise decide-major: crisis-1 crisis-2",
		"+1500 remind decide-major: office-head office-staff-1 office-staff-2 crisis-1 "
		"crisis-2",
		"+2940 remind decide-major: office-head office-staff-1 office-staff-2 crisis-1 "
		"crisis-2",
		"+4320 overdue suspicion: dc-owner",
		"+4380 remind decide-major: office-head office-staff-1 office-staff-2 crisis-1 "
		"crisis-2",
		"+5760 remind suspicion: dc-owner",
		"+5820 remind decide-major: office-head office-staff-1 office-staff-2 crisis-1 "
		"crisis-2",
		"+7200 remind suspicion: dc-owner",
		"+7260 remind decide-major: office-head office-staff-1 office-staff-2 crisis-1 "
		"crisis-2",
		"+8640 pass-on suspicion: dc-deputy-1 dc-deputy-2");
}

static void
year__emergency__wants_its_ratification(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_do(w, "dc-operator-2", "respond", "{'text': 't', 'emergency': true}", "reported");
	world_do(w, "dc-owner", "acknowledge", "", "received");
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2027-11-29T00:00:00+09:00'}",
		"instructed");
	sim_begin(&sim, w);
	sim_until(&sim, w->now + 6 * DAY);
	EXPECT(&sim, 0, "+1440 overdue ratify: dc-owner", "+2880 remind ratify: dc-owner",
		"+4320 pass-on ratify: dc-deputy-1 dc-deputy-2",
		"+5760 remind ratify: dc-owner dc-deputy-1 dc-deputy-2",
		"+7200 raise ratify: office-head office-staff-1 office-staff-2");
}

/* Reported in the last days of a year, planned in the first of the next. */
static void
walk_over_new_year(struct world *w)
{
	world_clear(w);
	w->now = time_of("2027-12-28T23:55:00+09:00");
	world_do(w, "dc-operator-1", "report",
		"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes',"
		" 'answers': {'information-impairment': 'yes'}}",
		"reported");
	sim_begin(&sim, w);
	sim.dated = true;
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2028-01-01T00:00:00+09:00'}",
		"instructed");
	sim_until(&sim, time_of("2028-01-01T00:00:00+09:00"));
	sim_set_clock(&sim, HOUR);
	world_do(w, "dc-operator-2", "respond", "{'text': 't'}", "instructed");
	sim_set_clock(&sim, -HOUR);
	world_do(w, "office-staff-1", "decide-clock",
		"{'clock': 'appi-prompt', 'decision': 'reported', 'why': 'w'}", "instructed");
	world_do(w, "dc-owner", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	world_do(w, "office-staff-1", "approve-result", "", "approved");
	world_do(w, "office-staff-1", "plan-prevention",
		"{'measures': [{'text': 't', 'cause': 'c', 'due': '2028-02-29T00:00:00+09:00',"
		" 'effect_on': '2028-12-31T00:00:00+09:00', 'departments': ['datacentre']}]}",
		"preventing");
	EXPECT(&sim, 0,
		"2027-12-30 23:55 remind statutory appi-prompt: office-head office-staff-1 "
		"office-staff-2",
		"2027-12-31 23:55 overdue statutory appi-prompt: office-head office-staff-1 "
		"office-staff-2",
		"2028-01-01 00:00 overdue respond: dc-operator-2");
}

/*
 * From one year into the next, over a leap day and to the end of that year.  A date a
 * person wrote down is that date, however the machine's clock was set meanwhile.
 */
static void
year__leap_year__each_stage_on_its_day(void **state)
{
	struct world *w = *state;
	size_t before;

	walk_over_new_year(w);
	world_do(w, "office-staff-1", "decide-clock",
		"{'clock': 'appi-final', 'decision': 'reported', 'why': 'w'}", "preventing");
	for (size_t i = 0; i < w->procedure->n_reviews; i++) {
		bool office = word_list_has(&w->procedure->reviews[i].by, "office");
		world_do(w, office ? "office-staff-1" : "dc-owner", "review-item",
			arena_printf(w->arena,
				"{'item': '%s', 'verdict': 'no-change', 'text': 't'}",
				w->procedure->reviews[i].key),
			"reviewing");
	}
	before = sim.n;
	sim_until(&sim, time_of("2028-03-01T06:00:00+09:00"));
	EXPECT(&sim, before, "2028-02-22 00:00 remind cell M1 datacentre: dc-owner",
		"2028-02-29 00:00 overdue cell M1 datacentre: dc-owner",
		"2028-03-01 00:00 remind cell M1 datacentre: dc-owner");
	world_do(w, "dc-owner", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'e'}", "reviewing");
	world_do(w, "office-staff-1", "accept", "{'measure': 'M1', 'department': 'datacentre'}",
		"reviewing");
	world_do(w, "office-head", "close", "", "closed");
	before = sim.n;
	sim_until(&sim, time_of("2029-01-15T00:00:00+09:00"));
	EXPECT(&sim, before, "2028-12-31 00:00 overdue effect: office-head office-staff-2",
		"2029-01-01 00:00 remind effect: office-head office-staff-2",
		"2029-01-02 00:00 remind effect: office-head office-staff-2",
		"2029-01-03 00:00 pass-on effect: office-head",
		"2029-01-04 00:00 remind effect: office-head office-staff-2",
		"2029-01-05 00:00 remind effect: office-head office-staff-2",
		"2029-01-06 00:00 raise effect: office-head",
		"2029-01-13 00:00 remind effect: office-head office-staff-2");
	world_do(w, "office-head", "verify-effect", "{'verdict': 'effective', 'text': 't'}",
		"verified");
	assert_int_equal(sim_wake(&sim), STAMP_NONE);
}

/* Far away and back within minutes: what came too early is not repeated, the rest in its time. */
static void
year__clock_far_away__comes_back(void **state)
{
	struct world *w = walked(state, "preventing");
	size_t before;

	w->now = time_of("2026-11-25T00:00:00+09:00");
	sim_set_clock(&sim, 3653 * DAY);
	sim_until(&sim, w->now + 5 * MINUTE);
	EXPECT(&sim, 0, "2036-11-25 00:00 overdue cell M1 datacentre: dc-owner",
		"2036-11-25 00:00 overdue cell M1 sales: sales-owner");
	sim_set_clock(&sim, -3653 * DAY);
	before = sim.n;
	sim_until(&sim, time_of("2026-12-12T00:00:00+09:00"));
	EXPECT(&sim, before,
		"2026-11-30 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-07 04:00 overdue review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-08 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-09 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner",
		"2026-12-10 04:00 pass-on review: dc-deputy-1 dc-deputy-2",
		"2026-12-11 00:00 remind cell M1 datacentre: dc-owner",
		"2026-12-11 00:00 remind cell M1 sales: sales-owner",
		"2026-12-11 04:00 remind review: office-head office-staff-1 office-staff-2 "
		"dc-owner dc-deputy-1 dc-deputy-2",
		"2026-12-12 00:00 remind cell M1 datacentre: dc-owner",
		"2026-12-12 00:00 remind cell M1 sales: sales-owner");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(year__instruction__by_its_own_date),
		cmocka_unit_test(year__result__follows_the_last_answer),
		cmocka_unit_test(year__approval__by_the_limit_of_the_flow),
		cmocka_unit_test(year__plan_and_reviews__after_the_approval),
		cmocka_unit_test(year__cells__each_by_itself),
		cmocka_unit_test(year__effect__from_the_day_it_can_be_judged),
		cmocka_unit_test(year__suspicion_and_proposal__are_cleared_up),
		cmocka_unit_test(year__emergency__wants_its_ratification),
		cmocka_unit_test(year__leap_year__each_stage_on_its_day),
		cmocka_unit_test(year__clock_far_away__comes_back),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
