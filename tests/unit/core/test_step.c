/* SPDX-License-Identifier: MIT */
/*
 * Taking steps: the whole procedure walked in memory, and each rule of it.
 */
#include "incident_world.h"

#include <string.h>

static void
step__take__walks_the_whole_procedure(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, "verified");
	assert_string_equal(w->incident.result.approved_by, "office-staff-1");
	assert_int_equal(w->incident.n_responses, 1);
	assert_int_equal(w->incident.instructions[0].answered_by, w->incident.responses[0].seq);
	assert_int_equal(w->incident.measures[0].cells[1].not_applicable, true);
	assert_int_equal(w->incident.measures[0].cells[1].state, CELL_ACCEPTED);
	assert_string_equal(w->incident.measures[0].owner, "office-staff-1");
	assert_int_equal(w->incident.due_at, STAMP_NONE);
	assert_string_equal(world_awaited(w), "");
}

static void
step__take__refuses_author_and_responder_as_approver(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "office-staff-1", "report",
		"{'title': 'Firewall rule', 'situation': 'Open port', 'contact': '1',"
		" 'answers': {'control-failure': 'yes'}}",
		"reported");
	world_do(w, "office-head", "instruct",
		"{'to': ['office-staff-1'], 'text': 'Close it.', 'due': "
		"'2026-11-24T00:00:00+09:00'}",
		"instructed");
	world_do(w, "office-staff-1", "respond", "{'text': 'Closed.'}", "instructed");
	world_do(w, "office-head", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	world_refused(w, "office-head", "approve-result", "", "D302 office-staff-2");
	world_refused(w, "office-staff-1", "approve-result", "", "D303 office-staff-2");
	world_do(w, "office-staff-2", "approve-result", "", "approved");
}

static void
step__take__binds_approval_to_what_was_shown(void **state)
{
	struct world *w = *state;
	char hex[HASH_HEX_SIZE];
	char *fields;

	world_clear(w);
	world_walk(w, "result-reported");
	hash_hex(&w->incident.result.hash, hex);
	fields = arena_printf(w->arena, "{'hash': '%s'}", hex);
	world_do(w, "office-staff-1", "return-result", "{'why': 'Say how it was deleted.'}",
		"returned");
	assert_string_equal(w->incident.result.returned_why, "Say how it was deleted.");
	world_do(w, "dc-owner", "report-result",
		"{'cause': 'Address completed by the mailer.', 'actions': 'Deleted at the "
		"receiver.'}",
		"result-reported");
	assert_int_equal(w->incident.result.version, 2);
	/* Word for word the same, but another version than the one that was read. */
	world_refused(w, "office-staff-1", "approve-result", fields, "D205");
	assert_int_equal(world_act(w, "office-staff-1", "approve-result", fields), ERR_CONFLICT);
	hash_hex(&w->incident.result.hash, hex);
	world_do(w, "office-staff-1", "approve-result",
		arena_printf(w->arena, "{'hash': '%s'}", hex), "approved");
}

static void
step__take__owes_ratification_of_an_emergency(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_refused(w, "dc-operator-2", "respond", "{'text': 'Pulled the plug.'}", "D403 nobody");
	world_refused(w, "dc-owner", "ratify", "{'text': 'Right.'}", "D406 nobody");
	world_do(w, "dc-operator-2", "respond", "{'text': 'Pulled the plug.', 'emergency': true}",
		"reported");
	assert_true(w->incident.responses[0].emergency);
	assert_string_equal(world_awaited(w), "dc-owner:acknowledge dc-owner:ratify");
	world_do(w, "dc-owner", "ratify", "{'text': 'Right.'}", "instructed");
	assert_true(w->incident.responses[0].ratified);
	assert_true(w->incident.instructions[0].ratifies);
	assert_int_equal(w->incident.instructions[0].answered_by, w->incident.responses[0].seq);
	assert_string_equal(world_awaited(w), "dc-owner:report-result");
	/* Once instructed there is nothing to ratify, whatever the person calls it. */
	world_do(w, "dc-operator-2", "respond", "{'text': 'More.', 'emergency': true}",
		"instructed");
	assert_false(w->incident.responses[1].emergency);
}

static void
step__take__answers_the_instructions_meant(void **state)
{
	struct world *w = *state;
	char *named;

	world_clear(w);
	world_report(w);
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-1'], 'text': 'A', 'due': '2026-11-23T06:00:00+09:00'}",
		"instructed");
	world_do(w, "dc-owner", "instruct",
		"{'to': ['datacentre'], 'text': 'B', 'due': '2026-11-23T05:00:00+09:00'}",
		"instructed");
	world_do(w, "dc-owner", "instruct",
		"{'to': ['ga-staff-1'], 'text': 'C', 'due': '2026-11-23T07:00:00+09:00'}",
		"instructed");
	assert_string_equal(world_told(w), "ga-staff-1@0");
	assert_string_equal(
		world_awaited(w), "dc-operator-1:respond department:respond ga-staff-1:respond");
	/*
	 * Everybody has the limit of what they were asked, not the nearest of the case; who was
	 * asked both as a person and as one of the department has the nearer one.
	 */
	assert_int_equal(world_awaited_due(w, "dc-operator-1", "respond"),
		w->incident.instructions[1].due_at);
	assert_int_equal(
		world_awaited_due(w, "department", "respond"), w->incident.instructions[1].due_at);
	assert_int_equal(
		world_awaited_due(w, "ga-staff-1", "respond"), w->incident.instructions[2].due_at);
	assert_int_equal(w->incident.due_at, w->incident.instructions[1].due_at);
	world_do(w, "dc-operator-2", "respond", "{'text': 'B done'}", "instructed");
	assert_int_equal(w->incident.instructions[0].answered_by, 0);
	assert_int_not_equal(w->incident.instructions[1].answered_by, 0);
	named = arena_printf(
		w->arena, "{'text': 'C', 'instruction': %d}", (int)w->incident.instructions[2].seq);
	world_do(w, "dc-operator-2", "respond", named, "instructed");
	assert_int_not_equal(w->incident.instructions[2].answered_by, 0);
	world_faulty(w, "dc-operator-2", "respond", "{'text': 'x', 'instruction': 999}",
		"instruction D107");
	/* Not addressed to the responder: the oldest open one. */
	world_do(w, "dc-owner", "instruct",
		"{'to': ['ga-staff-1'], 'text': 'D', 'due': '2026-11-23T07:00:00+09:00'}",
		"instructed");
	world_do(w, "dc-deputy-1", "respond", "{'text': 'A done'}", "instructed");
	assert_int_not_equal(w->incident.instructions[0].answered_by, 0);
	assert_int_equal(w->incident.instructions[3].answered_by, 0);
	assert_string_equal(world_awaited(w), "ga-staff-1:respond");
	/* Whoever was named never answers for another. */
	world_do(w, "dc-operator-1", "respond", "{'text': 'more on A'}", "instructed");
	assert_int_equal(w->incident.instructions[3].answered_by, 0);
	world_do(w, "ga-staff-1", "respond", "{'text': 'D done'}", "instructed");
	assert_string_equal(world_awaited(w), "dc-owner:report-result");
}

static void
step__take__refuses_to_instruct_the_unknown_and_the_involved(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_do(w, "office-head", "involve", "{'person': 'dc-operator-2', 'why': 'Sent it.'}",
		"reported");
	world_faulty(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-1', 'dc-operator-2'], 'text': 't',"
		" 'due': '2026-11-24T00:00:00+09:00'}",
		"to[1] D107");
	world_faulty(w, "dc-owner", "instruct",
		"{'to': ['nobody'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}",
		"to[0] D107");
}

static void
step__take__keeps_the_rules_of_cells(void **state)
{
	struct world *w = *state;
	const char *own = "{'measure': 'M1', 'department': 'datacentre'}";
	const char *code;

	world_clear(w);
	world_walk(w, "preventing");
	world_refused(w, "sales-owner", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'e'}",
		"D301 dc-owner dc-deputy-1 dc-deputy-2");
	world_refused(w, "office-staff-1", "accept", own, "D406 nobody");
	world_faulty(w, "dc-owner", "apply",
		"{'measure': 'M9', 'department': 'datacentre', 'evidence': 'e'}", "measure D107");
	assert_false(world_allows(w, "legal-owner", "apply", &code));
	assert_true(world_allows(w, "sales-deputy-2", "apply", &code));
	world_do(w, "dc-owner", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'e'}", "preventing");
	world_do(w, "office-staff-1", "send-back",
		"{'measure': 'M1', 'department': 'datacentre', 'why': 'Show it.'}", "preventing");
	assert_string_equal(world_told(w), "dc-owner@0 dc-deputy-1@0 dc-deputy-2@0");
	assert_int_equal(w->incident.measures[0].cells[0].state, CELL_SENT_BACK);
	world_refused(w, "office-staff-1", "accept", own, "D406 nobody");
	world_do(w, "dc-owner", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'f'}", "preventing");
	world_do(w, "office-staff-1", "accept", own, "preventing");
	world_refused(w, "office-staff-1", "accept", own, "D405 nobody");
	world_refused(w, "dc-owner", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'f'}", "D405 nobody");
}

static void
step__take__asks_the_office_head_for_the_office(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, "approved");
	world_do(w, "office-staff-1", "plan-prevention",
		"{'measures': [{'key': 'K', 'text': 't', 'due': '2026-12-10T00:00:00+09:00',"
		" 'effect_on': '2026-12-20T00:00:00+09:00', 'departments': ['security-office']}]}",
		"preventing");
	assert_string_equal(world_told(w), "office-head@0");
	world_refused(w, "office-staff-1", "apply",
		"{'measure': 'K', 'department': 'security-office', 'evidence': 'e'}",
		"D301 office-head");
	world_do(w, "office-head", "apply",
		"{'measure': 'K', 'department': 'security-office', 'evidence': 'e'}", "preventing");
	world_refused(w, "office-head", "accept",
		"{'measure': 'K', 'department': 'security-office'}",
		"D308 office-staff-1 office-staff-2");
}

static void
step__take__names_measures_and_refuses_what_cannot_be_asked(void **state)
{
	struct world *w = *state;
	const char *rest = "'text': 't', 'due': '2026-12-10T00:00:00+09:00',"
			   " 'effect_on': '2026-12-20T00:00:00+09:00', 'departments': ['%s']}";
	char *tail = arena_printf(w->base, rest, "legal");
	char *crisis = arena_printf(w->base, rest, "crisis-office");

	world_clear(w);
	world_walk(w, "preventing");
	world_do(w, "office-staff-2", "plan-prevention",
		arena_printf(
			w->arena, "{'measures': [{%s, {'key': 'M3', %s, {%s]}", tail, tail, tail),
		"preventing");
	assert_int_equal(w->incident.n_measures, 4);
	assert_string_equal(w->incident.measures[1].key, "M2");
	assert_string_equal(w->incident.measures[2].key, "M3");
	assert_string_equal(w->incident.measures[3].key, "M4");
	world_faulty(w, "office-staff-2", "plan-prevention",
		arena_printf(w->arena, "{'measures': [{%s, {'key': 'M1', %s]}", tail, tail),
		"measures[1].key D107");
	world_faulty(w, "office-staff-2", "plan-prevention",
		arena_printf(w->arena, "{'measures': [{%s]}", crisis),
		"measures[0].departments D107");
	world_faulty(w, "office-staff-2", "plan-prevention", "{'measures': []}", "why D101");
	world_do(w, "office-staff-2", "plan-prevention", "{'measures': [], 'why': 'Enough.'}",
		"preventing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step__take__walks_the_whole_procedure),
		cmocka_unit_test(step__take__refuses_author_and_responder_as_approver),
		cmocka_unit_test(step__take__binds_approval_to_what_was_shown),
		cmocka_unit_test(step__take__owes_ratification_of_an_emergency),
		cmocka_unit_test(step__take__answers_the_instructions_meant),
		cmocka_unit_test(step__take__refuses_to_instruct_the_unknown_and_the_involved),
		cmocka_unit_test(step__take__keeps_the_rules_of_cells),
		cmocka_unit_test(step__take__asks_the_office_head_for_the_office),
		cmocka_unit_test(step__take__names_measures_and_refuses_what_cannot_be_asked),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
