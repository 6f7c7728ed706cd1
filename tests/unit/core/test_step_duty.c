/* SPDX-License-Identifier: MIT */
/*
 * Steps where somebody is away: who is told, who may act, and what the entry says of it.
 */
#include <string.h>

#include "incident_world.h"
#include "toban/base/attr.h"
#include "toban/core/duty.h"

#define REPORT                                                                                     \
	"{'title': 't', 'situation': 's', 'contact': 'c',"                                         \
	" 'answers': {'service-disruption': 'yes', 'major-accident': 'no'}}"
#define MAJOR                                                                                      \
	"{'title': 't', 'situation': 's', 'contact': 'c',"                                         \
	" 'answers': {'service-disruption': 'yes', 'major-accident': 'yes'}}"

static void
away(struct world *w, const char *const (*rows)[2], size_t n)
{
	struct absence *absences = arena_array(w->base, n, sizeof(*absences));
	struct duty *duty = arena_alloc(w->base, sizeof(*duty));

	for (size_t i = 0; i < n; i++) {
		absences[i] = (struct absence){ .seq = (int64_t)i + 1,
			.person = rows[i][0],
			.stand_in = rows[i][1],
			.from = w->now - HOUR,
			.until = w->now + 2 * HOUR,
			.why = "",
			.by = "admin" };
	}
	*duty = (struct duty){ .absences = absences, .n_absences = n, .subject_seq = 1 };
	w->duty = duty;
}

static const char *
last_body(const struct world *w)
{
	return w->events[w->n - 1].body;
}

static void
chain__owner_away__stand_in_is_told_and_acts(void **state)
{
	static const char *const rows[][2] = { { "dc-owner", "dc-operator-1" } };
	struct world *w = *state;
	const char *code = NULL;

	world_clear(w);
	away(w, rows, ARRAY_LEN(rows));
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	assert_string_equal(world_told(w), "dc-operator-1@1");
	assert_string_equal(w->outcome.notices[0].role, "stand-in");
	assert_non_null(strstr(last_body(w), "\"absent\":[\"dc-owner\"]"));
	assert_false(world_allows(w, "dc-operator-2", "instruct", &code));
	world_do(w, "dc-operator-1", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-23T06:00:00+09:00'}",
		"instructed");
	assert_non_null(
		strstr(last_body(w), "\"acting\":{\"for\":\"dc-owner\",\"part\":\"owner\"}"));
	assert_non_null(strstr(last_body(w), "\"acknowledged\":[1]"));
	/* The owner is away, not out of it. */
	assert_true(world_allows(w, "dc-owner", "instruct", &code));

	w->now += 2 * HOUR;
	assert_false(world_allows(w, "dc-operator-1", "instruct", &code));
	assert_string_equal(code, "D301");
}

/* Who goes away after the report: the chain stays, whoever stands in answers in their place. */
static void
chain__owner_away_since_the_report__stand_in_acknowledges(void **state)
{
	static const char *const rows[][2] = { { "dc-owner", "dc-operator-1" } };
	struct world *w = *state;
	const char *code = NULL;

	world_clear(w);
	w->duty = NULL;
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	assert_string_equal(world_told(w), "dc-owner@1");
	assert_false(world_allows(w, "dc-operator-1", "acknowledge", &code));
	away(w, rows, ARRAY_LEN(rows));
	assert_false(world_allows(w, "ga-owner", "acknowledge", &code));
	/* What they may do anyway does not speak for the owner. */
	world_do(w, "dc-operator-1", "respond", "{'text': 't', 'emergency': true}", "reported");
	assert_null(strstr(last_body(w), "\"acknowledged\""));
	world_do(w, "dc-operator-1", "acknowledge", "", "received");
	assert_non_null(
		strstr(last_body(w), "\"acting\":{\"for\":\"dc-owner\",\"part\":\"link\"}"));
	assert_true(incident_link_acknowledged(&w->incident, 1));
	assert_string_equal(w->incident.contacts[1].role, "stand-in");
	assert_true(w->incident.contacts[0].answered_for);
	/* Once is enough, and never for another link. */
	assert_false(world_allows(w, "dc-operator-1", "acknowledge", &code));
	assert_string_equal(code, "D405");
}

static void
chain__owner_away_without_name__deputies_are_told_at_once(void **state)
{
	static const char *const rows[][2] = { { "dc-owner", "" } };
	struct world *w = *state;

	world_clear(w);
	away(w, rows, ARRAY_LEN(rows));
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	assert_string_equal(world_told(w), "dc-deputy-1@1 dc-deputy-2@1");
	assert_string_equal(w->outcome.notices[0].role, "deputy");
	/* What is the owner's alone is the deputies' for that time, and the entry says so. */
	world_do(w, "dc-deputy-1", "acknowledge", "", "received");
	assert_null(strstr(last_body(w), "\"acting\""));
}

static void
chain__office_head_away__stand_in_decides(void **state)
{
	static const char *const rows[][2] = { { "office-head", "office-staff-1" },
		{ "crisis-1", "" } };
	struct world *w = *state;
	const char *code = NULL;

	world_clear(w);
	away(w, rows, ARRAY_LEN(rows));
	world_do(w, "dc-operator-2", "report", MAJOR, "reported");
	assert_string_equal(world_told(w), "dc-owner@1 office-staff-1@2");
	assert_false(world_allows(w, "office-staff-2", "decide-major", &code));
	world_do(w, "office-staff-1", "decide-major", "{'major': true}", "reported");
	assert_non_null(strstr(
		last_body(w), "\"acting\":{\"for\":\"office-head\",\"part\":\"office-head\"}"));
	assert_string_equal(world_told(w), "crisis-2@3 dc-owner@0 office-head@0 office-staff-2@0");
}

static void
approve__stand_in_who_wrote_the_result__refused(void **state)
{
	static const char *const rows[][2] = { { "dc-owner", "dc-operator-1" },
		{ "office-head", "office-staff-1" } };
	struct world *w = *state;

	world_clear(w);
	away(w, rows, ARRAY_LEN(rows));
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	world_do(w, "dc-operator-1", "acknowledge", "", "received");
	world_do(w, "dc-operator-1", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-23T06:00:00+09:00'}",
		"instructed");
	world_do(w, "dc-operator-2", "respond", "{'text': 'done'}", "instructed");
	world_do(w, "dc-operator-1", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	assert_non_null(strstr(last_body(w), "\"part\":\"owner\""));
	world_refused(w, "dc-operator-1", "approve-result", "", "D301");
	world_do(w, "office-staff-1", "approve-result", "", "approved");
	assert_null(strstr(last_body(w), "\"acting\"")); /* the office's step, by the office */
}

/* An organisation in which one person has one part more. */
static const struct org *
with_role(const struct world *w, const char *id, unsigned role)
{
	struct org *org = arena_alloc(w->base, sizeof(*org));
	struct person *people = arena_array(w->base, w->org->n_people, sizeof(*people));

	*org = *w->org;
	for (size_t i = 0; i < org->n_people; i++) {
		people[i] = w->org->people[i];
		people[i].roles |= strcmp(people[i].id, id) == 0 ? role : 0;
	}
	org->people = people;
	return org;
}

/* The head of a department who is of the office as well does not judge what was done for them. */
static void
approve__who_was_stood_in_for__refused(void **state)
{
	static const char *const rows[][2] = { { "dc-owner", "dc-operator-1" } };
	struct world *w = *state;
	const struct org *plain = w->org;

	world_clear(w);
	w->org = with_role(w, "dc-owner", ROLE_OFFICE);
	away(w, rows, ARRAY_LEN(rows));
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	world_do(w, "dc-deputy-1", "acknowledge", "", "received");
	world_do(w, "dc-deputy-1", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-23T06:00:00+09:00'}",
		"instructed");
	world_do(w, "dc-operator-2", "respond", "{'text': 'done'}", "instructed");
	world_do(w, "dc-operator-1", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	w->duty = NULL; /* they are back */
	world_refused(w, "dc-owner", "approve-result", "", "D302");
	world_refused(w, "dc-owner", "return-result", "{'why': 'x'}", "D302");
	world_do(w, "office-staff-1", "approve-result", "", "approved");
	world_do(w, "office-staff-1", "plan-prevention",
		"{'measures': [{'key': 'M1', 'text': 't', 'due': '30d', 'effect_on': '60d',"
		" 'departments': ['datacentre']}]}",
		"preventing");
	away(w, rows, ARRAY_LEN(rows));
	world_do(w, "dc-operator-1", "apply",
		"{'measure': 'M1', 'department': 'datacentre', 'evidence': 'e'}", "preventing");
	w->duty = NULL;
	world_refused(
		w, "dc-owner", "accept", "{'measure': 'M1', 'department': 'datacentre'}", "D308");
	world_do(w, "office-staff-1", "accept", "{'measure': 'M1', 'department': 'datacentre'}",
		"preventing");
	w->org = plain;
}

static void
chain__on_duty__told_first_and_under_that_word(void **state)
{
	static const struct week_span week[] = { { 0, WEEK_MIN, "dc-operator-1" } };
	static const struct roster roster = {
		.seq = 1, .department = "datacentre", .since = 0, .week = week, .n_week = 1
	};
	static const struct duty duty = { .rosters = &roster, .n_rosters = 1, .subject_seq = 1 };
	struct world *w = *state;
	const char *code = NULL;

	world_clear(w);
	w->duty = &duty;
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	assert_string_equal(world_told(w), "dc-operator-1@1 dc-owner@1");
	assert_string_equal(w->outcome.notices[0].role, "on-duty");
	assert_string_equal(w->outcome.notices[1].role, "owner");
	/* A turn of duty answers the call; the owner's decisions stay the owner's. */
	assert_false(world_allows(w, "dc-operator-1", "instruct", &code));
	w->duty = NULL; /* frozen: what the roster says later does not matter */
	world_do(w, "dc-operator-1", "acknowledge", "", "received");
	assert_null(strstr(last_body(w), "\"acting\""));
}

static void
chain__no_facts__is_written_as_ever(void **state)
{
	static const struct duty none;
	struct world *w = *state;
	char *before;

	world_clear(w);
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	before = arena_strdup(w->base, last_body(w));
	world_clear(w);
	w->duty = &none;
	world_do(w, "dc-operator-2", "report", REPORT, "reported");
	assert_string_equal(last_body(w), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain__owner_away__stand_in_is_told_and_acts),
		cmocka_unit_test(chain__owner_away_since_the_report__stand_in_acknowledges),
		cmocka_unit_test(chain__owner_away_without_name__deputies_are_told_at_once),
		cmocka_unit_test(chain__office_head_away__stand_in_decides),
		cmocka_unit_test(approve__stand_in_who_wrote_the_result__refused),
		cmocka_unit_test(approve__who_was_stood_in_for__refused),
		cmocka_unit_test(chain__on_duty__told_first_and_under_that_word),
		cmocka_unit_test(chain__no_facts__is_written_as_ever),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
