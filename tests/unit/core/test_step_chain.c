/* SPDX-License-Identifier: MIT */
/*
 * The contact chain: who is told, who acknowledges, who is passed over, and who
 * may see a case at all.
 */
#include "incident_world.h"
#include "toban/core/sight.h"

#include <string.h>

#define REPORT(more)                                                                               \
	"{'title': 't', 'situation': 's', 'contact': 'c', 'answers': "                             \
	"{'service-disruption': 'yes'}" more "}"

static const struct contact *
contact(const struct world *w, int link, const char *person)
{
	for (size_t i = 0; i < w->incident.n_contacts; i++) {
		const struct contact *c = &w->incident.contacts[i];
		if (c->link == link && !strcmp(c->person, person)) {
			return c;
		}
	}
	fail_msg("%s was not told at link %d", person, link);
	return NULL;
}

static bool
sees(const struct world *w, const char *person)
{
	struct step_context context = {
		.procedure = w->procedure,
		.org = w->org,
		.incident = &w->incident,
		.person = org_person(w->org, person),
		.now = w->now,
	};

	return incident_visible(&context);
}

static void
chain__report__tells_the_owner_and_freezes_the_chain(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	assert_string_equal(world_told(w), "dc-owner@1");
	assert_true(world_sent(w, "incident.report"));
	assert_int_equal(w->outcome.notices[0].due_at, w->now + 30 * MINUTE);
	assert_int_equal(w->incident.due_at, w->now + 30 * MINUTE);
	assert_int_equal(w->incident.n_places, 3);
	assert_string_equal(w->incident.places[0].people.items[0], "dc-owner");
	assert_int_equal(w->incident.places[0].stand_ins.n, 2);
	assert_int_equal(w->incident.places[1].stand_ins.n, 2);
	assert_int_equal(w->incident.places[2].people.n, 2);
	assert_true(w->incident.places[0].open);
	assert_false(w->incident.places[1].open);
	assert_string_equal(world_awaited(w), "dc-owner:acknowledge");
}

static void
chain__report__of_another_department(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report", REPORT(", 'department': 'sales'"), "reported");
	assert_string_equal(world_told(w), "sales-owner@1");
	assert_string_equal(w->incident.department, "sales");
	world_refused(w, "dc-owner", "instruct",
		"{'to': ['sales'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}",
		"D301 office-head sales-owner sales-deputy-1 sales-deputy-2");
}

static void
chain__report__passes_over_the_involved(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report", REPORT(", 'involved': ['dc-owner']"), "reported");
	assert_string_equal(world_told(w), "dc-deputy-1@1 dc-deputy-2@1");
	assert_string_equal(w->outcome.notices[0].role, "deputy");
	assert_false(sees(w, "dc-owner"));
	world_refused(w, "dc-owner", "acknowledge", "", "D304 nobody");
	/* The deputies stand in for everything that is the owner's. */
	world_do(w, "dc-deputy-2", "acknowledge", "", "received");
	assert_string_equal(world_awaited(w), "dc-deputy-1:instruct dc-deputy-2:instruct");

	world_clear(w);
	world_do(w, "dc-operator-1", "report",
		REPORT(", 'involved': ['dc-owner', 'dc-deputy-1', 'dc-deputy-2']"), "reported");
	assert_string_equal(world_told(w), "office-head@2");
	world_do(w, "office-head", "acknowledge", "", "received");
	assert_string_equal(world_awaited(w), "office-head:instruct");
	world_faulty(
		w, "office-head", "involve", "{'person': 'dc-owner', 'why': 'w'}", "person D405");
}

static void
chain__report__from_a_department_without_owner(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "crisis-1", "report", REPORT(""), "reported");
	assert_string_equal(world_told(w), "office-head@2");
	world_do(w, "office-head", "acknowledge", "", "received");
	world_clear(w);
	world_faulty(w, "dc-operator-1", "report", REPORT(", 'involved': ['sales']"),
		"involved[0] D107");
}

static void
chain__acknowledge__once_and_by_stand_ins(void **state)
{
	struct world *w = *state;
	const char *code;

	world_clear(w);
	world_report(w);
	world_refused(w, "office-head", "acknowledge", "", "D301 dc-owner dc-deputy-1 dc-deputy-2");
	w->now += 5 * MINUTE;
	world_do(w, "dc-deputy-1", "acknowledge", "", "received");
	assert_int_equal(contact(w, 1, "dc-deputy-1")->acknowledged_at, w->now);
	assert_string_equal(contact(w, 1, "dc-deputy-1")->role, "owner");
	assert_int_equal(w->incident.due_at, w->now + 30 * MINUTE);
	world_refused(w, "dc-deputy-2", "acknowledge", "", "D405 dc-owner");
	world_refused(w, "dc-deputy-1", "acknowledge", "", "D405 dc-owner");
	/* The owner was told, and may still say so. */
	assert_true(world_allows(w, "dc-owner", "acknowledge", &code));
	assert_string_equal(world_awaited(w), "dc-owner:instruct");
}

static void
chain__take__acknowledges_by_any_step_at_ones_link(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	w->now += MINUTE;
	world_do(w, "dc-operator-1", "note", "{'text': 'The finder is no link.'}", "reported");
	assert_int_equal(contact(w, 1, "dc-owner")->acknowledged_at, STAMP_NONE);
	world_do(w, "dc-owner", "call", "{'to': 'CISO', 'outcome': 'no-answer'}", "received");
	assert_int_equal(contact(w, 1, "dc-owner")->acknowledged_at, w->now);
	assert_int_equal(w->incident.due_at, w->now + 30 * MINUTE);

	world_clear(w);
	world_report(w);
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}",
		"instructed");
	assert_true(incident_link_acknowledged(&w->incident, 1));
}

static void
chain__escalate__opens_once_and_tells_the_silent_again(void **state)
{
	struct world *w = *state;
	stamp first;

	world_clear(w);
	world_report(w);
	world_do(w, "dc-owner", "escalate", "{'why': 'Customers.'}", "received");
	assert_string_equal(world_told(w), "office-head@2");
	assert_true(w->incident.escalated);
	first = w->now;
	w->now += 10 * MINUTE;
	world_do(w, "dc-owner", "escalate", "{'why': 'More of them.'}", "received");
	assert_string_equal(world_told(w), "office-head@2");
	assert_int_equal(contact(w, 2, "office-head")->notified_at, first);
	assert_int_equal(contact(w, 2, "office-head")->due_at, w->now + 30 * MINUTE);
	world_do(w, "office-head", "acknowledge", "", "received");
	world_do(w, "dc-owner", "escalate", "{'why': 'Still more.'}", "received");
	assert_string_equal(world_told(w), "");
}

static void
chain__acknowledge__of_the_second_link_receives_nothing(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report",
		"{'title': 't', 'situation': 's', 'contact': 'c', 'answers': "
		"{'service-disruption': 'yes', 'major-accident': 'yes'}}",
		"reported");
	assert_string_equal(world_told(w), "dc-owner@1 office-head@2");
	assert_int_equal(w->incident.major, MAJOR_PROPOSED);
	assert_string_equal(world_awaited(w),
		"dc-owner:acknowledge office-head:acknowledge office-head:decide-major");
	world_do(w, "office-head", "acknowledge", "", "reported");
	world_do(w, "dc-owner", "acknowledge", "", "received");

	/* Nor does it put off what the owner has to do by then. */
	world_clear(w);
	world_report(w);
	world_do(w, "dc-owner", "escalate", "{'why': 'w'}", "received");
	w->now += 10 * MINUTE;
	world_do(w, "office-head", "acknowledge", "", "received");
	assert_int_equal(w->incident.due_at, w->now + 20 * MINUTE);
}

static void
chain__decide_major__tells_crisis_management_both_ways(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_refused(w, "dc-owner", "decide-major", "{'major': 'yes'}", "D301 office-head");
	world_do(w, "office-head", "decide-major", "{'major': 'yes'}", "reported");
	assert_string_equal(world_told(w),
		"crisis-1@3 crisis-2@3 dc-owner@0 office-staff-1@0 office-staff-2@0");
	assert_true(world_sent(w, "crisis.escalated"));
	assert_int_equal(w->incident.major, MAJOR_YES);
	world_refused(w, "office-head", "decide-major", "{'major': 'yes'}", "D405 nobody");
	world_do(w, "crisis-1", "acknowledge", "", "reported");
	world_faulty(w, "office-head", "decide-major", "{'major': 'no'}", "why D101");
	world_do(w, "office-head", "decide-major", "{'major': 'no', 'why': 'False alarm.'}",
		"reported");
	assert_string_equal(world_told(w),
		"crisis-1@0 crisis-2@0 dc-owner@0 office-staff-1@0 office-staff-2@0");
	assert_true(world_sent(w, "crisis.withdrawn"));
	assert_false(world_sent(w, "crisis.escalated"));
	assert_int_equal(w->incident.major, MAJOR_REFUSED);
	assert_string_equal(w->incident.major_by, "office-head");
	/* It is one after all: everybody is told anew, also who acknowledged before. */
	world_do(w, "office-head", "decide-major", "{'major': 'yes'}", "reported");
	assert_int_equal(contact(w, 3, "crisis-1")->acknowledged_at, STAMP_NONE);
}

static void
chain__involve__skips_and_lets_others_stand_in(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	world_refused(w, "dc-deputy-1", "involve", "{'person': 'dc-owner', 'why': 'w'}", "D301");
	w->now += 10 * MINUTE;
	world_do(w, "legal-owner", "involve", "{'person': 'dc-owner', 'why': 'Sent it.'}",
		"reported");
	assert_string_equal(world_told(w),
		"dc-deputy-1@1 dc-deputy-2@1 office-head@0 office-staff-1@0 office-staff-2@0");
	assert_true(contact(w, 1, "dc-owner")->skipped);
	assert_int_equal(w->incident.due_at, w->now + 30 * MINUTE);
	assert_false(sees(w, "dc-owner"));
	assert_string_equal(world_awaited(w), "dc-deputy-1:acknowledge dc-deputy-2:acknowledge");
	world_do(w, "office-head", "involve", "{'person': 'dc-deputy-1', 'why': 'Knew.'}",
		"reported");
	world_do(w, "office-head", "involve", "{'person': 'dc-deputy-2', 'why': 'Knew.'}",
		"reported");
	assert_string_equal(world_told(w), "office-head@2 office-staff-1@0 office-staff-2@0");
	/* The office head answers for the department now. */
	world_do(w, "office-head", "acknowledge", "", "received");
	world_do(w, "office-staff-1", "involve", "{'person': 'dc-operator-1', 'why': 'Saw it.'}",
		"received");
	assert_false(sees(w, "dc-operator-1"));
	world_do(w, "office-staff-1", "involve", "{'person': 'office-head', 'why': 'w'}",
		"received");
	assert_string_equal(world_told(w), "office-staff-1@2 office-staff-2@2");
	world_do(w, "office-staff-2", "decide-major", "{'major': 'no', 'why': 'w'}", "received");
}

static void
chain__visible__confidential_to_the_concerned_only(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *person;
		bool open;
		bool confidential;
	} rows[] = {
		{ "dc-operator-1", true, true },
		{ "dc-operator-2", true, false },
		{ "dc-owner", true, true },
		{ "dc-deputy-2", true, true },
		{ "sales-owner", true, false },
		{ "ga-staff-1", true, true },
		{ "office-staff-2", true, true },
		{ "office-head", true, true },
		{ "crisis-1", true, false },
		{ "auditor-1", true, true },
		{ "admin", true, false },
		{ "legal-owner", false, false },
	};

	world_clear(w);
	world_do(w, "dc-operator-1", "report", REPORT(", 'involved': ['legal-owner']"), "reported");
	world_do(w, "dc-owner", "instruct",
		"{'to': ['ga-staff-1'], 'text': 't', 'due': '2026-11-24T00:00:00+09:00'}",
		"instructed");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(sees(w, rows[i].person), rows[i].open);
	}
	world_do(w, "dc-owner", "restrict", "{'why': 'Names in it.'}", "instructed");
	world_refused(w, "dc-owner", "restrict", "{'why': 'Again.'}", "D405");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (sees(w, rows[i].person) != rows[i].confidential) {
			fail_msg("%s", rows[i].person);
		}
	}
	world_refused(
		w, "sales-owner", "involve", "{'person': 'dc-owner', 'why': 'w'}", "D304 nobody");
	world_refused(w, "dc-operator-2", "respond", "{'text': 't'}", "D304 nobody");
	world_do(w, "office-head", "decide-major", "{'major': 'yes'}", "instructed");
	assert_true(sees(w, "crisis-1"));
}

static void
chain__report__of_a_drill_starts_no_legal_clock(void **state)
{
	struct world *w = *state;
	const char *leak =
		"{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': 'yes',"
		" 'answers': {'information-impairment': 'yes'}}";

	world_clear(w);
	world_do(w, "dc-operator-1", "report", leak, "reported");
	assert_int_equal(w->incident.n_clocks, 2);
	assert_int_equal(w->incident.clocks[0].due_at, w->now + 3 * DAY);
	assert_false(w->incident.drill);
	world_clear(w);
	w->drill = true;
	world_do(w, "dc-operator-1", "report", leak, "reported");
	assert_true(w->incident.drill);
	assert_int_equal(w->incident.n_clocks, 0);
	assert_string_equal(world_told(w), "dc-owner@1");
	assert_true(world_sent(w, "incident.report"));
	world_do(w, "dc-owner", "reclassify",
		"{'answers': {'security-breach': 'yes'}, 'why': 'Password used.'}", "received");
	assert_int_equal(w->incident.n_clocks, 0);
}

static void
chain__reclassify__starts_clocks_and_proposes(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_do(w, "dc-operator-1", "report", REPORT(", 'personal_data': 'yes'"), "reported");
	assert_int_equal(w->incident.n_clocks, 0);
	w->now += HOUR;
	world_do(w, "dc-owner", "reclassify",
		"{'answers': {'information-impairment': 'yes', 'major-accident': 'yes'},"
		" 'why': 'The list was in it.'}",
		"received");
	assert_int_equal(w->incident.n_clocks, 2);
	assert_int_equal(w->incident.clocks[0].due_at, w->now + 3 * DAY);
	assert_string_equal(w->incident.category, "information-impairment");
	assert_int_equal(w->incident.major, MAJOR_PROPOSED);
	assert_true(w->incident.escalated);
	assert_non_null(strstr(world_told(w), "office-head@2"));
	/* A proposal is not lowered by answering anew: the office head decides. */
	world_do(w, "dc-owner", "reclassify",
		"{'answers': {'information-impairment': 'yes', 'major-accident': 'no'}, 'why': "
		"'w'}",
		"received");
	assert_int_equal(w->incident.n_clocks, 2);
	assert_int_equal(w->incident.major, MAJOR_PROPOSED);
	/* Nor is a decision undone by proposing it once more. */
	world_do(w, "office-head", "decide-major", "{'major': 'yes'}", "received");
	world_do(w, "dc-owner", "reclassify",
		"{'answers': {'information-impairment': 'yes', 'major-accident': 'yes'},"
		" 'why': 'w'}",
		"received");
	assert_int_equal(w->incident.major, MAJOR_YES);
}

static void
chain__suspicion__is_confirmed_or_dispelled(void **state)
{
	struct world *w = *state;
	const char *suspicion = "{'title': 't', 'situation': 's', 'contact': 'c', 'personal_data': "
				"'yes', 'answers': "
				"{'business-disruption': 'no', 'service-disruption': 'no', "
				"'information-impairment': "
				"'unknown', 'security-breach': 'unknown', 'control-failure': 'no', "
				"'major-accident': 'no'}}";

	world_clear(w);
	world_do(w, "dc-operator-1", "report", suspicion, "reported");
	assert_string_equal(w->incident.category, "suspicion");
	assert_int_equal(w->incident.suspected.n, 2);
	assert_string_equal(world_awaited(w), "dc-owner:acknowledge dc-owner:confirm-suspicion");
	world_do(w, "dc-owner", "confirm-suspicion",
		"{'categories': ['security-breach'], 'why': 'Log shows it.'}", "received");
	assert_string_equal(w->incident.category, "security-breach");
	assert_int_equal(w->incident.suspected.n, 0);
	assert_int_equal(w->incident.n_clocks, 2);
	world_refused(w, "dc-owner", "dispel-suspicion", "{'why': 'w'}", "D406 nobody");

	world_clear(w);
	world_do(w, "dc-operator-1", "report", suspicion, "reported");
	world_do(w, "office-staff-1", "dispel-suspicion", "{'why': 'Test data.'}", "dismissed");
	assert_int_equal(w->incident.suspected.n, 0);
	assert_string_equal(w->incident.category, "suspicion");
	assert_int_equal(w->incident.due_at, STAMP_NONE);
	world_do(w, "office-head", "reopen", "{'why': 'It was real.'}", "reopened");
}

static stamp
due_of(const struct world *w, const char *person, const char *step)
{
	struct step_context context = {
		.procedure = w->procedure,
		.org = w->org,
		.incident = &w->incident,
		.person = org_person(w->org, person),
		.now = w->now,
	};

	return step_due(&context, flow_find_step(&w->procedure->incident_flow, step));
}

/* Each step has its own limit, not that of whatever is most urgent in the case. */
static void
step_due__of_what_is_awaited__is_the_steps_own(void **state)
{
	struct world *w = *state;
	stamp reported;

	world_clear(w);
	world_report(w);
	reported = w->now;
	assert_int_equal(due_of(w, "dc-owner", "acknowledge"), reported + 30 * MINUTE);
	assert_int_equal(due_of(w, "office-head", "acknowledge"), STAMP_NONE);
	assert_int_equal(due_of(w, "dc-owner", "confirm-suspicion"), STAMP_NONE);
	world_do(w, "dc-owner", "acknowledge", "{}", "received");
	assert_int_equal(due_of(w, "dc-owner", "instruct"), w->incident.step_due);
	assert_int_not_equal(w->incident.step_due, STAMP_NONE);
	world_do(w, "dc-owner", "instruct", "{'to': ['dc-operator-1'], 'text': 'Do.', 'due': '2h'}",
		"instructed");
	assert_int_equal(due_of(w, "dc-operator-1", "respond"), w->incident.instructions[0].due_at);
	assert_int_equal(due_of(w, "dc-operator-2", "respond"), STAMP_NONE);
	assert_int_equal(due_of(w, "dc-owner", "report-result"), STAMP_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain__report__tells_the_owner_and_freezes_the_chain),
		cmocka_unit_test(chain__report__of_another_department),
		cmocka_unit_test(chain__report__passes_over_the_involved),
		cmocka_unit_test(chain__report__from_a_department_without_owner),
		cmocka_unit_test(chain__acknowledge__once_and_by_stand_ins),
		cmocka_unit_test(chain__take__acknowledges_by_any_step_at_ones_link),
		cmocka_unit_test(chain__escalate__opens_once_and_tells_the_silent_again),
		cmocka_unit_test(chain__acknowledge__of_the_second_link_receives_nothing),
		cmocka_unit_test(chain__decide_major__tells_crisis_management_both_ways),
		cmocka_unit_test(chain__involve__skips_and_lets_others_stand_in),
		cmocka_unit_test(chain__visible__confidential_to_the_concerned_only),
		cmocka_unit_test(chain__report__of_a_drill_starts_no_legal_clock),
		cmocka_unit_test(chain__reclassify__starts_clocks_and_proposes),
		cmocka_unit_test(chain__suspicion__is_confirmed_or_dispelled),
		cmocka_unit_test(step_due__of_what_is_awaited__is_the_steps_own),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
