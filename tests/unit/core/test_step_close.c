/* SPDX-License-Identifier: MIT */
/*
 * The end of an incident and the ways out of it: gates, effectiveness, new
 * rounds, the same as another, and what may still be written afterwards.
 */
#include "incident_world.h"

#include <string.h>

#define LEAK                                                                                       \
	"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes', 'answers': "     \
	"{'information-impairment': 'yes'}}"
#define INSTRUCT "{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}"

static void
review_all(struct world *w)
{
	static const char *const items[][2] = {
		{ "office-head", "result" },
		{ "office-head", "policy" },
		{ "office-head", "regulations" },
		{ "office-head", "guidelines" },
		{ "dc-owner", "risk-assessment" },
		{ "dc-owner", "applicability" },
		{ "dc-owner", "operation" },
	};

	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		char *fields = arena_printf(w->arena,
			"{'item': '%s', 'verdict': 'no-change', 'text': 't'}", items[i][1]);
		assert_int_equal(world_act(w, items[i][0], "review-item", fields), ERR_OK);
	}
}

/* From a fresh report to the approval, as short as can be. */
static void
approve(struct world *w)
{
	world_do(w, "dc-owner", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	world_do(w, "office-staff-2", "approve-result", "", "approved");
}

static void
expect_gate(struct world *w, const char *text)
{
	world_refused(w, "office-head", "close", "", "D403 nobody");
	if (!strstr(w->outcome.refusal.why, text)) {
		fail_msg("\"%s\" is not in \"%s\"", text, w->outcome.refusal.why);
	}
}

static void
expect_no_gate(struct world *w, const char *text)
{
	assert_int_equal(world_act(w, "office-head", "close", ""), ERR_DENIED);
	assert_null(strstr(w->outcome.refusal.why, text));
}

static void
step__close__names_every_gate_that_is_shut(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report", LEAK, "reported");
	world_do(w, "dc-owner", "instruct", INSTRUCT, "instructed");
	approve(w);
	world_do(w, "dc-owner", "reclassify",
		"{'answers': {'information-impairment': 'yes', 'major-accident': 'yes'}, 'why': "
		"'w'}",
		"approved");
	expect_gate(w, "prevention has not been studied");
	expect_gate(w, "no verdict: Result of the response, Information security policy");
	expect_gate(w, "not decided: Prompt report");
	expect_gate(w, "not answered yet by: ");
	expect_gate(w, "has not decided yet whether this is a major accident");

	world_do(w, "office-staff-1", "plan-prevention", "{'measures': [], 'why': 'w'}",
		"preventing");
	expect_no_gate(w, "prevention has not been studied");
	review_all(w);
	expect_no_gate(w, "verdict");
	world_do(w, "dc-owner", "decide-clock",
		"{'clock': 'appi-prompt', 'decision': 'reported', 'why': 'No. 7'}", "reviewing");
	world_refused(w, "dc-owner", "decide-clock",
		"{'clock': 'appi-prompt', 'decision': 'reported', 'why': 'No. 7'}", "D405");
	expect_gate(w, "not decided: Final report");
	world_do(w, "office-staff-1", "decide-clock",
		"{'clock': 'appi-final', 'decision': 'not-required', 'why': 'Encrypted'}",
		"reviewing");
	expect_no_gate(w, "not decided: ");
	world_do(w, "dc-operator-2", "respond", "{'text': 'Done.'}", "reviewing");
	expect_no_gate(w, "not answered yet");
	assert_string_equal(world_awaited(w), "office-head:decide-major");
	world_do(w, "office-head", "decide-major", "{'major': 'no', 'why': 'Small.'}", "reviewing");
	assert_string_equal(world_awaited(w), "office-head:close");
	world_refused(w, "office-staff-1", "close", "", "D301 office-head");
	world_do(w, "office-head", "close", "", "closed");
	/* No measure: nothing to wait for. */
	world_do(w, "office-staff-1", "verify-effect", "{'verdict': 'effective', 'text': 't'}",
		"verified");
}

static void
step__close__wants_emergencies_ratified(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_do(w, "dc-operator-2", "respond", "{'text': 't', 'emergency': true}", "reported");
	world_do(w, "dc-owner", "instruct", INSTRUCT, "instructed");
	approve(w);
	expect_gate(w, "not ratified yet");
	world_do(w, "dc-owner", "ratify", "{'text': 't'}", "approved");
	expect_no_gate(w, "not ratified yet");
}

static void
step__close__wants_cells_owned(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, "reviewing");
	expect_no_gate(w, "no officer");
	world_do(w, "office-head", "involve", "{'person': 'sales-owner', 'why': 'w'}", "reviewing");
	world_do(w, "office-head", "involve", "{'person': 'sales-deputy-1', 'why': 'w'}",
		"reviewing");
	expect_no_gate(w, "no officer");
	world_do(w, "office-head", "involve", "{'person': 'sales-deputy-2', 'why': 'w'}",
		"reviewing");
	expect_gate(w, "no officer or no date: M1 Sales");
}

static void
step__review__only_by_whom_the_item_is_for(void **state)
{
	struct world *w = *state;
	const char *code;

	world_clear(w);
	world_walk(w, "approved");
	world_refused(w, "office-staff-1", "review-item",
		"{'item': 'operation', 'verdict': 'no-change', 'text': 't'}",
		"D301 dc-owner dc-deputy-1 dc-deputy-2");
	world_refused(w, "dc-owner", "review-item",
		"{'item': 'policy', 'verdict': 'no-change', 'text': 't'}",
		"D301 office-head office-staff-1 office-staff-2");
	assert_true(world_allows(w, "dc-owner", "review-item", &code));
	assert_true(world_allows(w, "office-staff-1", "review-item", &code));
	assert_string_equal(
		world_awaited(w), "office:plan-prevention office:review-item dc-owner:review-item");
}

static void
step__verify__on_the_day_by_another_with_all_cells(void **state)
{
	struct world *w = *state;
	const char *fields = "{'verdict': 'effective', 'text': 't'}";

	world_clear(w);
	world_walk(w, "closed");
	assert_string_equal(world_awaited(w), "sales-owner:apply");
	world_refused(w, "office-head", "verify-effect", fields, "D404");
	assert_non_null(strstr(w->outcome.refusal.why, "2026-12-20 00:00"));
	w->now += 60 * DAY;
	world_refused(w, "office-head", "verify-effect", fields, "D403");
	assert_non_null(strstr(w->outcome.refusal.why, "M1 Sales"));
	world_do(w, "sales-owner", "apply",
		"{'measure': 'M1', 'department': 'sales', 'evidence': 'e'}", "closed");
	assert_string_equal(world_awaited(w), "office:accept");
	world_do(w, "office-head", "accept", "{'measure': 'M1', 'department': 'sales'}", "closed");
	assert_string_equal(world_awaited(w), "office:verify-effect");
	world_refused(
		w, "office-staff-1", "verify-effect", fields, "D309 office-head office-staff-2");
	world_do(w, "office-staff-2", "verify-effect", fields, "verified");
}

static void
step__verify__without_effect_begins_a_new_round(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, "closed");
	w->now += 60 * DAY;
	world_do(w, "sales-owner", "apply",
		"{'measure': 'M1', 'department': 'sales', 'evidence': 'e'}", "closed");
	world_do(w, "office-head", "accept", "{'measure': 'M1', 'department': 'sales'}", "closed");
	world_do(w, "office-head", "verify-effect",
		"{'verdict': 'not-effective', 'text': 'Again.'}", "reopened");
	assert_int_equal(w->incident.round, 2);
	assert_int_equal(w->incident.result.version, 0);
	assert_null(w->incident.reviews[0].verdict);
	assert_false(w->incident.prevention_studied);
	assert_int_equal(w->incident.n_measures, 1);
	assert_string_equal(world_awaited(w), "dc-owner:instruct");
	/* The instruction of the first round does not count. */
	world_refused(w, "dc-operator-2", "respond", "{'text': 't'}", "D403");
	world_do(w, "dc-owner", "instruct", INSTRUCT, "instructed");
	world_do(w, "dc-operator-1", "respond", "{'text': 't'}", "instructed");
	approve(w);
	world_do(w, "office-staff-2", "plan-prevention",
		"{'measures': [{'text': 't', 'due': '2027-03-01T00:00:00+09:00', 'effect_on':"
		" '2027-03-02T00:00:00+09:00', 'departments': ['legal']}]}",
		"preventing");
	assert_string_equal(w->incident.measures[1].key, "M2");
	assert_int_equal(w->incident.measures[1].round, 2);
}

static void
step__reopen__leaves_old_debts_behind(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_do(w, "dc-operator-2", "respond", "{'text': 't', 'emergency': true}", "reported");
	world_do(w, "dc-owner", "dismiss", "{'why': 'Nothing.'}", "dismissed");
	assert_string_equal(world_awaited(w), "");
	world_refused(w, "dc-owner", "reopen", "{'why': 'w'}",
		"D301 office-head office-staff-1 office-staff-2");
	world_do(w, "office-staff-1", "reopen", "{'why': 'It was something.'}", "reopened");
	assert_string_equal(world_awaited(w), "dc-owner:instruct");
	world_refused(w, "dc-owner", "ratify", "{'text': 't'}", "D406");
	assert_int_equal(w->incident.n_responses, 1);
}

/* Who responded in one round may approve in the next; who did in this one may not. */
static void
step__approve__by_the_responder_of_an_older_round(void **state)
{
	struct world *w = *state;
	const char *code;

	world_clear(w);
	world_do(w, "office-staff-1", "report", LEAK, "reported");
	world_do(w, "office-head", "instruct",
		"{'to': ['office-staff-1'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}",
		"instructed");
	world_do(w, "office-staff-1", "respond", "{'text': 't'}", "instructed");
	world_do(w, "office-head", "dismiss", "{'why': 'w'}", "dismissed");
	world_do(w, "office-head", "reopen", "{'why': 'w'}", "reopened");
	world_do(w, "office-head", "instruct",
		"{'to': ['office-staff-2'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}",
		"instructed");
	world_do(w, "office-staff-2", "respond", "{'text': 't'}", "instructed");
	world_do(w, "office-head", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	assert_false(world_allows(w, "office-staff-2", "approve-result", &code));
	assert_string_equal(code, "D303");
	world_do(w, "office-staff-1", "approve-result", "", "approved");
}

static void
step__same_as__comes_back_to_where_it_was(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, "approved");
	world_faulty(
		w, "dc-owner", "same-as", "{'other': '" WORLD_ID "', 'why': 'w'}", "other D107");
	world_do(w, "dc-owner", "same-as", "{'other': '26-0002', 'why': 'One mail.'}", "same-as");
	assert_string_equal(world_awaited(w), "");
	world_refused(w, "dc-owner", "note", "{'text': 't'}", "D401 nobody");
	world_do(w, "dc-owner", "not-same-as", "{'why': 'Two mails.'}", "approved");
	assert_true(w->incident.links[0].undone);
	world_do(w, "dc-owner", "link", "{'other': '26-0002', 'why': 'Related.'}", "approved");
	assert_int_equal(w->incident.n_links, 2);
}

static void
step__note__until_closed_and_corrected_by_the_office(void **state)
{
	struct world *w = *state;
	char *correct;
	char *foreign;

	world_clear(w);
	world_report(w);
	world_do(w, "dc-operator-1", "note", "{'text': 'Ten names.'}", "reported");
	correct = arena_printf(w->arena, "{'seq': %d, 'text': 'Twelve names.', 'why': 'Counted.'}",
		(int)w->incident.last_seq);
	world_refused(w, "dc-deputy-1", "correct", correct,
		"D301 dc-operator-1 office-head office-staff-1 office-staff-2");
	world_do(w, "dc-operator-1", "correct", correct, "reported");
	world_faulty(
		w, "office-staff-1", "correct", "{'seq': 3, 'text': 't', 'why': 'w'}", "seq D107");
	world_do(w, "dc-operator-1", "evidence",
		"{'file': {'name': 'mail.eml', 'size': 812, 'sha256': 'ab'}}", "reported");
	assert_string_equal(w->incident.evidence[0].name, "mail.eml");
	assert_int_equal(w->incident.evidence[0].size, 812);
	world_do(w, "dc-owner", "dismiss", "{'why': 'w'}", "dismissed");
	foreign = arena_printf(
		w->arena, "{'seq': %d, 'text': 't', 'why': 'w'}", (int)w->events[0].seq);
	world_refused(w, "dc-operator-1", "note", "{'text': 't'}", "D401 nobody");
	world_refused(w, "dc-operator-1", "correct", foreign,
		"D301 office-head office-staff-1 office-staff-2");
	world_do(w, "office-staff-1", "correct", foreign, "dismissed");
}

static void
step__erase__keeps_the_shape_and_loses_the_text(void **state)
{
	struct world *w = *state;
	char before[HASH_HEX_SIZE];
	char after[HASH_HEX_SIZE];

	world_clear(w);
	world_walk(w, "approved");
	hash_hex(&w->incident.result.hash, before);
	world_refused(w, "office-staff-1", "erase", "{'seq': 11, 'why': 'w'}", "D301 office-head");
	world_do(w, "office-head", "erase", "{'seq': 11, 'why': 'Asked for.'}", "approved");
	w->events[0].body = NULL; /* what the store does in the same transaction */
	world_do(w, "office-head", "erase",
		arena_printf(w->arena, "{'seq': %d, 'why': 'w'}", (int)w->incident.result.seq),
		"approved");
	w->events[4].body = NULL;
	world_do(w, "dc-owner", "note", "{'text': 'So it stays.'}", "approved");
	assert_string_equal(w->incident.title, "[erased]");
	assert_string_equal(w->incident.category, "information-impairment");
	assert_string_equal(w->incident.contacts[0].person, "dc-owner");
	hash_hex(&w->incident.result.hash, after);
	assert_string_equal(after, before);
	assert_string_equal(
		json_string_value(json_object_get(w->incident.result.fields, "cause")), "[erased]");
	world_faulty(w, "office-head", "erase",
		arena_printf(w->arena, "{'seq': %d, 'why': 'w'}", (int)w->incident.last_seq - 1),
		"seq D107");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step__close__names_every_gate_that_is_shut),
		cmocka_unit_test(step__close__wants_emergencies_ratified),
		cmocka_unit_test(step__close__wants_cells_owned),
		cmocka_unit_test(step__review__only_by_whom_the_item_is_for),
		cmocka_unit_test(step__verify__on_the_day_by_another_with_all_cells),
		cmocka_unit_test(step__verify__without_effect_begins_a_new_round),
		cmocka_unit_test(step__reopen__leaves_old_debts_behind),
		cmocka_unit_test(step__approve__by_the_responder_of_an_older_round),
		cmocka_unit_test(step__same_as__comes_back_to_where_it_was),
		cmocka_unit_test(step__note__until_closed_and_corrected_by_the_office),
		cmocka_unit_test(step__erase__keeps_the_shape_and_loses_the_text),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
