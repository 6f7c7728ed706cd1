/* SPDX-License-Identifier: MIT */
/*
 * Tests of what outlasts the report: limits that are frozen with it, people who come
 * back, and acknowledgements that nothing follows.
 */
#include <stdlib.h>
#include <string.h>

#include "promise_sim.h"
#include "toban/base/str.h"
#include "toban/core/duty.h"

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

/* --- frozen with the report ----------------------------------------------------------- */

static const char quicker[] = "[link 1 information-impairment]\nReminder=2m\nReminders=1\n"
			      "[link 2 major]\nDue=10m\nAgain=1h\n";

/* Who edits the policy moves no promise that is under way. */
static void
promise__limits_edited__hold_for_later_reports(void **state)
{
	struct world *w = reported(state);
	const struct procedure *shipped = w->procedure;

	w->procedure = world_procedure_with(w, "policy/chain.ini", quicker);
	sim_until(&sim, w->now + 6 * MINUTE);
	EXPECT(&sim, 0, "+5 remind link 1: dc-owner", "+6 remind link 1: dc-owner");
	world_clear(w);
	world_report(w);
	sim_begin(&sim, w);
	w->procedure = shipped;
	sim_until(&sim, w->now + 3 * MINUTE);
	EXPECT(&sim, 0, "+2 remind link 1: dc-owner",
		"+3 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1");
	/* Those of a case that comes later are frozen as well. */
	world_do(w, "dc-owner", "reclassify",
		"{'answers': {'information-impairment': 'yes', 'major-accident': 'yes'},"
		" 'why': 'w'}",
		"received");
	assert_int_equal(w->outcome.notices[0].link, 2);
	assert_int_equal(w->outcome.notices[0].due_at, w->now + 10 * MINUTE);
}

/* What the report says of its limits, taken out: as a desk wrote it before it froze them. */
static void
report_without_limits(struct world *w)
{
	json_t *body = json_loads(w->events[0].body, 0, NULL);
	json_t *place;
	char *text;
	size_t i;

	json_array_foreach(json_object_get(body, "chain"), i, place)
	{
		assert_int_equal(json_object_del(place, "rules"), 0);
		(void)json_object_del(place, "unanswered");
	}
	text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(body);
	w->n = 0;
	assert_int_equal(world_append(w, "dc-operator-1", "report", text), ERR_OK);
	free(text);
}

static void
promise__limits_not_frozen__are_those_of_today(void **state)
{
	struct world *w = reported(state);
	const struct procedure *shipped = w->procedure;

	report_without_limits(w);
	assert_null(w->incident.places[0].clock.word);
	w->procedure = world_procedure_with(w, "policy/chain.ini", quicker);
	sim_until(&sim, w->now + 3 * MINUTE);
	EXPECT(&sim, 0, "+2 remind link 1: dc-owner",
		"+3 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1");
	sim_until(&sim, w->now + 3 * MINUTE);
	EXPECT(&sim, 2, "+5 remind link 1: dc-owner dc-deputy-1 dc-deputy-2",
		"+6 raise link 1: office-head@2");
	w->procedure = shipped;
}

/* --- who comes back ------------------------------------------------------------------- */

/* Reports while the owner is away, for three minutes more; dc-operator-2 stands in. */
static struct world *
reported_to_stand_in(void **state)
{
	static struct absence absence;
	static struct duty duty;
	struct world *w = *state;

	world_clear(w);
	absence = (struct absence){
		.seq = 1,
		.person = "dc-owner",
		.from = w->now - HOUR,
		.until = w->now + 3 * MINUTE,
		.stand_in = "dc-operator-2",
		.why = "",
		.by = "admin",
	};
	duty = (struct duty){ .absences = &absence, .n_absences = 1, .subject_seq = 1 };
	w->duty = &duty;
	world_report(w);
	assert_string_equal(world_told(w), "dc-operator-2@1");
	sim_begin(&sim, w);
	return w;
}

static void
promise__back__is_told_at_the_next_stage(void **state)
{
	struct world *w = reported_to_stand_in(state);

	sim_until(&sim, w->now + 7 * MINUTE);
	EXPECT(&sim, 0, "+5 remind link 1: dc-operator-2 dc-owner@1",
		"+6 remind link 1: dc-operator-2 dc-owner",
		"+7 pass-on link 1: dc-deputy-1@1 dc-deputy-2@1");
	assert_string_equal(w->incident.contacts[1].role, "owner");
}

/* Who goes away after the report: whoever stands in hears of it with the next reminder. */
static void
promise__away_since_the_report__stand_in_is_reminded(void **state)
{
	static struct absence absence;
	static struct duty duty;
	struct world *w = reported(state);

	absence = (struct absence){
		.seq = 1,
		.person = "dc-owner",
		.from = w->now + MINUTE,
		.until = w->now + HOUR,
		.stand_in = "dc-operator-2",
		.why = "",
		.by = "admin",
	};
	duty = (struct duty){ .absences = &absence, .n_absences = 1, .subject_seq = 1 };
	w->duty = &duty;
	sim_until(&sim, w->now + 6 * MINUTE);
	EXPECT(&sim, 0, "+5 remind link 1: dc-owner dc-operator-2@1",
		"+6 remind link 1: dc-owner dc-operator-2");
	assert_string_equal(world_awaited(w), "dc-owner:acknowledge dc-operator-2:acknowledge");
	/* Told is told: the answer counts also when the absence is over. */
	w->duty = NULL;
	world_do(w, "dc-operator-2", "acknowledge", "", "received");
	assert_null(strstr(w->events[w->n - 1].body, "\"acting\""));
}

/* Who stood in may still say that they know of it; whose place it is again hears of it then. */
static void
promise__back__is_told_when_the_stand_in_acknowledges(void **state)
{
	struct world *w = reported_to_stand_in(state);
	const char *code = NULL;

	w->now += 4 * MINUTE;
	world_do(w, "dc-operator-2", "acknowledge", "", "received");
	assert_string_equal(world_told(w), "dc-owner@1");
	assert_false(world_allows(w, "dc-operator-2", "instruct", &code));
	sim_until(&sim, w->now + 60 * MINUTE);
	assert_string_equal(sim.acts[0].line, "+34 overdue instruct: dc-owner");
	assert_string_equal(
		sim.acts[sim.n - 1].line, "+64 lapse lapse 1: dc-operator-2@1 dc-owner@1");
}

/* While the owner is away the stand-in acknowledges; when that lapses, the owner is back. */
static void
promise__back__is_told_when_the_acknowledgement_lapses(void **state)
{
	struct world *w = reported_to_stand_in(state);

	w->now += 2 * MINUTE;
	world_do(w, "dc-operator-2", "acknowledge", "", "received");
	assert_string_equal(world_told(w), "");
	sim_until(&sim, w->now + 60 * MINUTE);
	assert_string_equal(
		sim.acts[sim.n - 1].line, "+62 lapse lapse 1: dc-operator-2@1 dc-owner@1");
}

/* --- acknowledgements that nothing follows ------------------------------------------------ */

static void
promise__acknowledged__lapses_when_nothing_follows(void **state)
{
	struct world *w = reported(state);

	world_do(w, "dc-owner", "acknowledge", "", "received");
	world_do(
		w, "dc-operator-1", "call", "{'to': 'dc-owner', 'outcome': 'reached'}", "received");
	sim_until(&sim, w->now + 66 * MINUTE);
	EXPECT(&sim, 0, "+30 overdue instruct: dc-owner", "+35 remind instruct: dc-owner",
		"+40 pass-on instruct: dc-deputy-1 dc-deputy-2",
		"+45 remind instruct: dc-owner dc-deputy-1 dc-deputy-2",
		"+50 raise instruct: office-head", "+60 lapse lapse 1: dc-owner@1",
		"+65 remind link 1: dc-owner", "+66 remind link 1: dc-owner");
	assert_string_equal(world_awaited(w), "dc-owner:acknowledge dc-owner:instruct");
	assert_false(incident_link_acknowledged(&w->incident, 1));
	world_do(w, "dc-owner", "acknowledge", "", "received");
	sim_until(&sim, w->now + 61 * MINUTE);
	EXPECT(&sim, 8, "+126 lapse lapse 1: dc-owner@1");
}

static void
promise__acknowledged__does_not_lapse_when_something_follows(void **state)
{
	struct world *w = reported(state);

	world_do(w, "dc-owner", "acknowledge", "", "received");
	w->now += MINUTE;
	world_do(w, "dc-owner", "escalate", "{'why': 'w'}", "received");
	world_do(w, "office-head", "acknowledge", "", "received");
	sim_until(&sim, w->now + 60 * MINUTE);
	assert_string_equal(sim.acts[sim.n - 1].line, "+61 lapse lapse 2: office-head@2");
	sim_until(&sim, w->now + 5 * MINUTE);
	assert_string_equal(sim.acts[sim.n - 1].line, "+66 remind link 2: office-head");
	world_do(w, "office-head", "acknowledge", "", "received");
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-29T00:00:00+09:00'}",
		"instructed");
	sim_until(&sim, w->now + 3 * HOUR);
	assert_string_equal(sim.acts[sim.n - 1].line, "+66 remind link 2: office-head");
}

/* Whoever asks "is anybody there?" has not answered for those who are asked. */
static void
promise__acknowledged__lapses_whatever_others_write(void **state)
{
	struct world *w = reported(state);

	world_do(w, "dc-owner", "acknowledge", "", "received");
	w->now += 10 * MINUTE;
	world_do(w, "dc-operator-1", "note", "{'text': 'Hello? Anybody?'}", "received");
	sim_until(&sim, w->now + 50 * MINUTE);
	assert_string_equal(sim.acts[sim.n - 1].line, "+60 lapse lapse 1: dc-owner@1");
}

/* A note of the one who acknowledged gives them their time anew, but it is no answer. */
static void
promise__acknowledged__is_renewed_by_a_note(void **state)
{
	struct world *w = reported(state);

	world_do(w, "dc-owner", "acknowledge", "", "received");
	w->now += 10 * MINUTE;
	world_do(w, "dc-owner", "note", "{'text': 'I am on it.'}", "received");
	sim_until(&sim, w->now + 59 * MINUTE);
	assert_null(strstr(sim.acts[sim.n - 1].line, "lapse"));
	sim_until(&sim, w->now + MINUTE);
	assert_string_equal(sim.acts[sim.n - 1].line, "+70 lapse lapse 1: dc-owner@1");
}

/* What somebody above does for the case is more than an acknowledgement below. */
static void
promise__acknowledged__is_followed_from_above(void **state)
{
	struct world *w = reported(state);

	world_do(w, "dc-owner", "acknowledge", "", "received");
	w->now += MINUTE;
	world_do(w, "office-head", "reclassify",
		"{'answers': {'control-failure': 'yes'}, 'why': 'w'}", "received");
	sim_until(&sim, w->now + 2 * HOUR);
	for (size_t i = 0; i < sim.n; i++) {
		assert_null(strstr(sim.acts[i].line, "lapse"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promise__limits_edited__hold_for_later_reports),
		cmocka_unit_test(promise__limits_not_frozen__are_those_of_today),
		cmocka_unit_test(promise__away_since_the_report__stand_in_is_reminded),
		cmocka_unit_test(promise__back__is_told_at_the_next_stage),
		cmocka_unit_test(promise__back__is_told_when_the_stand_in_acknowledges),
		cmocka_unit_test(promise__back__is_told_when_the_acknowledgement_lapses),
		cmocka_unit_test(promise__acknowledged__lapses_when_nothing_follows),
		cmocka_unit_test(promise__acknowledged__does_not_lapse_when_something_follows),
		cmocka_unit_test(promise__acknowledged__lapses_whatever_others_write),
		cmocka_unit_test(promise__acknowledged__is_renewed_by_a_note),
		cmocka_unit_test(promise__acknowledged__is_followed_from_above),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
