/* SPDX-License-Identifier: MIT */
/*
 * The whole procedure through the door, from the report to the verified
 * effect, on both stores.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "toban/base/attr.h"

#define DAY INT64_C(86400000)

struct walked {
	const char *person;
	const char *step;
	const char *fields;
	const char *state; /* afterwards */
};

static const struct walked path[] = {
	{ "dc-owner", "acknowledge", "{}", "received" },
	{ "dc-operator-1", "call", "{'to':'dc-owner','number':'100','outcome':'reached'}",
		"received" },
	{ "dc-owner", "instruct", "{'to':['dc-operator-1'],'text':'Switch to B.','due':'4h'}",
		"instructed" },
	{ "dc-operator-1", "respond", "{'text':'Switched to B.'}", "instructed" },
	{ "dc-owner", "report-result",
		"{'cause':'Breaker','damage':'None','actions':'Switched','text':'Done'}",
		"result-reported" },
	{ "office-staff-1", "return-result", "{'why':'Which breaker?'}", "returned" },
	{ "dc-owner", "report-result",
		"{'cause':'Breaker 7','damage':'None','actions':'Switched','text':'Done'}",
		"result-reported" },
	{ "office-staff-1", "approve-result", "{}", "approved" },
	{ "office-staff-1", "plan-prevention",
		"{'measures':[{'key':'M1','text':'Test breakers','due':'5d','effect_on':'30d',"
		"'departments':['datacentre','general-affairs']}]}",
		"preventing" },
	{ "dc-deputy-1", "apply",
		"{'measure':'M1','department':'datacentre','evidence':'Test log 12'}",
		"preventing" },
	{ "office-staff-2", "accept", "{'measure':'M1','department':'datacentre'}", "preventing" },
	{ "ga-owner", "not-applicable",
		"{'measure':'M1','department':'general-affairs','why':'No breakers'}",
		"preventing" },
	{ "office-staff-2", "accept", "{'measure':'M1','department':'general-affairs'}",
		"preventing" },
	{ "office-staff-1", "review-item", "{'item':'result','verdict':'no-change','text':'x'}",
		"reviewing" },
	{ "office-staff-1", "review-item", "{'item':'policy','verdict':'no-change','text':'x'}",
		"reviewing" },
	{ "office-head", "review-item", "{'item':'regulations','verdict':'changed','text':'x'}",
		"reviewing" },
	{ "office-staff-2", "review-item", "{'item':'guidelines','verdict':'no-change','text':'x'}",
		"reviewing" },
	{ "dc-owner", "review-item", "{'item':'risk-assessment','verdict':'changed','text':'x'}",
		"reviewing" },
	{ "dc-deputy-1", "review-item", "{'item':'applicability','verdict':'no-change','text':'x'}",
		"reviewing" },
};

static void
walk(struct fixture *f, const char *id, const struct walked *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *answer = act(f, steps[i].person, id, steps[i].step, steps[i].fields);

		assert_string_equal(text_at(answer, "state"), steps[i].state);
		assert_string_equal(text_at(answer, "id"), id);
		assert_int_equal(strlen(text_at(answer, "row_hash")), 64);
		f->now += 60000;
		drop(answer);
	}
}

/* How many cases the board counts for a person, and how many rows it lists. */
static void
assert_board(struct fixture *f, const char *person, int mine, int overdue, size_t listed)
{
	json_t *counts = ok(f, person, "incident.counts", "{}");
	json_t *list = ok(f, person, "incident.list", "{'waiting':true}");
	json_t *late = ok(f, person, "incident.list", "{'overdue':true}");

	assert_int_equal(json_integer_value(json_object_get(counts, "mine")), mine);
	assert_int_equal(json_integer_value(json_object_get(counts, "overdue")), overdue);
	assert_int_equal(json_array_size(json_object_get(list, "incidents")), listed);
	assert_int_equal(json_array_size(json_object_get(late, "incidents")), overdue);
	drop(counts);
	drop(list);
	drop(late);
}

/* What a closed case still asks of somebody is on the board of those it waits for. */
static void
check_closed(struct fixture *f)
{
	json_t *list;
	const json_t *row;
	const json_t *waiting;

	assert_board(f, "office-staff-2", 1, 1, 1);
	assert_board(f, "office-head", 1, 1, 1);
	/* Who planned the measures does not judge them, whatever the role says. */
	assert_board(f, "office-staff-1", 0, 0, 0);
	assert_board(f, "dc-operator-1", 0, 0, 0);
	list = ok(f, "office-staff-2", "incident.list", "{'waiting':true}");
	row = json_array_get(json_object_get(list, "incidents"), 0);
	waiting = json_array_get(json_object_get(row, "waiting_for"), 0);
	assert_true(json_is_true(json_object_get(row, "overdue")));
	assert_string_equal(text_at(waiting, "step"), "verify-effect");
	assert_string_equal(text_at(waiting, "due_at"), text_at(row, "due_at"));
	drop(list);
	list = ok(f, "office-staff-2", "incident.list", "{'open':true}");
	assert_int_equal(json_array_size(json_object_get(list, "incidents")), 0);
	drop(list);
}

static void
walk_whole(enum fixture_store kind)
{
	struct fixture f;
	json_t *answer;
	char *id;

	fixture_start(&f, kind);
	id = report(&f);
	assert_string_equal(id, "26-0001");
	walk(&f, id, path, ARRAY_LEN(path));
	/* One review item is missing. */
	assert_string_equal(act_code(&f, "office-head", id, "close", "{}"), "D403");
	drop(act(&f, "dc-owner", id, "review-item",
		"{'item':'operation','verdict':'no-change','text':'x'}"));
	answer = act(&f, "office-head", id, "close", "{'text':'Well done'}");
	assert_string_equal(text_at(answer, "state"), "closed");
	drop(answer);
	assert_string_equal(act_code(&f, "office-staff-2", id, "verify-effect",
				    "{'verdict':'effective','text':'x'}"),
		"D404");
	/* Due in a month: nothing to be done yet. */
	assert_board(&f, "office-staff-2", 0, 0, 0);
	f.now += 25 * DAY;
	assert_board(&f, "office-staff-2", 1, 0, 1);
	f.now += 6 * DAY;
	check_closed(&f);
	assert_string_equal(act_code(&f, "office-staff-1", id, "verify-effect",
				    "{'verdict':'effective','text':'x'}"),
		"D309");
	answer = act(&f, "office-staff-2", id, "verify-effect",
		"{'verdict':'effective','text':'No trip since'}");
	assert_string_equal(text_at(answer, "state"), "verified");
	drop(answer);
	fixture_reopen(&f);
	if (kind == ON_SQLITE) {
		answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
		assert_int_equal(json_array_size(json_object_get(answer, "problems")), 0);
		assert_true(json_is_true(json_object_get(answer, "ok")));
		drop(answer);
	}
	free(id);
	fixture_stop(&f);
}

static void
desk__whole_procedure__memory(void **state)
{
	(void)state;
	walk_whole(ON_MEMORY);
}

static void
desk__whole_procedure__sqlite(void **state)
{
	(void)state;
	walk_whole(ON_SQLITE);
}

/* Every key that docs/methods.md promises for incident.show. */
static const char *const show_keys[] = { "id", "title", "state", "category", "major", "drill",
	"confidential", "department", "finder", "waiting_for", "due_at", "overdue", "reported_at",
	"last_seq", "contact", "situation", "found_at", "place", "asset", "done_so_far",
	"personal_data", "categories", "suspected", "reason", "table_version", "round", "escalated",
	"chain", "involved", "instructions", "responses", "result", "measures", "reviews", "clocks",
	"evidence", "links", "calls", "alerts", "signatures", "log", "seq" };

static void
show__after_a_walk__tells_everything(void **state)
{
	struct fixture f;
	json_t *shown;
	json_t *cell;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	walk(&f, id, path, ARRAY_LEN(path));
	shown = ok(&f, "dc-operator-1", "incident.show", "{'id':'26-0001'}");
	for (size_t i = 0; i < ARRAY_LEN(show_keys); i++) {
		if (!json_object_get(shown, show_keys[i])) {
			fail_msg("incident.show lacks %s", show_keys[i]);
		}
	}
	assert_string_equal(
		text_at(json_object_get(shown, "result"), "approved_by"), "office-staff-1");
	assert_string_equal(text_at(json_object_get(shown, "result"), "cause"), "Breaker 7");
	cell = json_object_get(
		json_object_get(json_array_get(json_object_get(shown, "measures"), 0), "cells"),
		"general-affairs");
	assert_string_equal(text_at(cell, "state"), "accepted");
	assert_true(json_is_true(json_object_get(cell, "not_applicable")));
	assert_int_equal(json_array_size(json_object_get(shown, "log")), ARRAY_LEN(path) + 1);
	assert_int_equal(json_array_size(json_object_get(shown, "calls")), 1);
	assert_string_equal(
		text_at(json_array_get(json_object_get(shown, "calls"), 0), "outcome"), "reached");
	assert_non_null(strstr(text_at(shown, "reported_at"), "+09:00"));
	drop(shown);
	free(id);
	fixture_stop(&f);
}

static void
report__answer__holds_what_the_contract_names(void **state)
{
	static const char *const keys[] = { "id", "state", "category", "categories", "suspected",
		"major", "reason", "table_version", "notified", "seq", "row_hash" };
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	answer = ok(&f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'t','situation':'s','contact':'c',"
		"'answers':{'information-impairment':'yes','major-accident':'yes'}}}");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!json_object_get(answer, keys[i])) {
			fail_msg("incident.report lacks %s", keys[i]);
		}
	}
	assert_string_equal(text_at(answer, "category"), "information-impairment");
	assert_string_equal(text_at(answer, "major"), "proposed");
	assert_string_equal(
		text_at(json_array_get(json_object_get(answer, "notified"), 0), "person"),
		"dc-owner");
	drop(answer);
	answer = ok(&f, "dc-operator-1", "incident.report",
		"{'drill':true,'fields':{'title':'t','situation':'s','contact':'c','answers':{"
		"'control-failure':'yes'}}}");
	assert_string_equal(text_at(answer, "id"), "26-D001");
	drop(answer);
	answer = ok(&f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'t','situation':'s','contact':'c','answers':{"
		"'control-failure':'yes'}}}");
	assert_string_equal(text_at(answer, "id"), "26-0002");
	drop(answer);
	fixture_stop(&f);
}

static void
report__faulty_fields__all_named(void **state)
{
	struct fixture f;
	json_t *error = NULL;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	error = refusal(&f, "dc-operator-1", "incident.report",
		"{'fields':{'title':7,'nonsense':1,'answers':{'security-breach':'yes'}}}");
	assert_string_equal(text_at(error, "code"), "D102");
	assert_string_equal(text_at(error, "class"), "invalid");
	assert_int_equal(json_array_size(json_object_get(error, "fields")), 4);
	drop(error);
	refused(&f, "dc-operator-1", "incident.report", "{'fields':[]}", "D102");
	refused(&f, "dc-operator-1", "incident.report", "{}", "D101");
	refused(&f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'t','situation':'s','contact':'c','answers':{"
		"'business-disruption':'no','service-disruption':'no',"
		"'information-impairment':'no','security-breach':'no','control-failure':'no',"
		"'major-accident':'no'}}}",
		"D109");
	assert_int_equal(door_exit_status(NULL), 1);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(desk__whole_procedure__memory),
		cmocka_unit_test(desk__whole_procedure__sqlite),
		cmocka_unit_test(show__after_a_walk__tells_everything),
		cmocka_unit_test(report__answer__holds_what_the_contract_names),
		cmocka_unit_test(report__faulty_fields__all_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
