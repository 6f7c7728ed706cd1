/* SPDX-License-Identifier: MIT */
/*
 * Taking back what was just sent: in time, by who sent it, while nobody read it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "toban/base/attr.h"

static const char args[] = "{'id':'26-0001'}";
static const char leak[] = "{'answers':{'business-disruption':'no','service-disruption':'no',"
			   "'information-impairment':'yes','security-breach':'no',"
			   "'control-failure':'no','major-accident':'no'}}";

static void
start(struct fixture *f)
{
	fixture_start(f, ON_SQLITE);
	free(report_with(f, "dc-operator-1", leak));
}

static json_t *
instruct(struct fixture *f)
{
	return act(f, "dc-owner", "26-0001", "instruct",
		"{'to':['dc-operator-1'],'text':'isolate','due':'4h'}");
}

static void
expect_sound(struct fixture *f)
{
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{'rebuild':true}");

	assert_true(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
}

static const char *
state_of(struct fixture *f)
{
	static char state[32];
	json_t *show = ok(f, "dc-owner", "incident.show", args);

	snprintf(state, sizeof(state), "%s", text_at(show, "state"));
	drop(show);
	return state;
}

static void
take_back__a_step_in_time__leaves_the_case_and_the_text(void **state)
{
	struct fixture f;
	json_t *sent;
	json_t *answer;
	json_t *draft;

	(void)state;
	start(&f);
	f.now += 60000;
	sent = instruct(&f);
	assert_string_equal(text_at(sent, "state"), "instructed");
	assert_true(json_is_string(json_object_get(sent, "take_back_until")));
	drop(sent);
	f.now += 9999;
	answer = ok(&f, "dc-owner", "incident.take-back", args);
	assert_string_equal(text_at(answer, "state"), "reported");
	assert_string_equal(state_of(&f), "reported");
	draft = ok_doc(&f, "dc-owner", "draft.load",
		json_pack("{s:s}", "draft", text_at(answer, "draft")));
	assert_string_equal(text_at(draft, "form"), "instruct");
	assert_string_equal(text_at(json_object_get(draft, "fields"), "text"), "isolate");
	drop(draft);
	drop(answer);
	/* The link is as open as it was: acknowledging is not done by what is void. */
	drop(act(&f, "dc-owner", "26-0001", "acknowledge", "{}"));
	expect_sound(&f);
	fixture_stop(&f);
}

static void
take_back__a_report__keeps_the_number_and_is_closed(void **state)
{
	struct fixture f;
	json_t *answer;
	char *second;

	(void)state;
	start(&f);
	answer = ok(&f, "dc-operator-1", "incident.take-back", args);
	assert_string_equal(text_at(answer, "state"), "dismissed");
	drop(answer);
	second = report_with(&f, "dc-operator-1", leak);
	assert_string_equal(second, "26-0002");
	free(second);
	answer = ok(&f, "dc-owner", "incident.list", "{'mine':true}");
	assert_int_equal(json_array_size(json_object_get(answer, "incidents")), 1);
	drop(answer);
	expect_sound(&f);
	fixture_stop(&f);
}

static void
take_back__refused__says_why(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	refused(&f, "dc-owner", "incident.take-back", args, "D313");
	f.now += 10000;
	refused(&f, "dc-operator-1", "incident.take-back", args, "D407");
	drop(instruct(&f));
	drop(ok(&f, "dc-operator-1", "incident.look", "{'id':'26-0001','seq':99}"));
	refused(&f, "dc-owner", "incident.take-back", args, "D408");
	drop(act(&f, "dc-operator-1", "26-0001", "note", "{'text':'seen'}"));
	refused(&f, "dc-operator-1", "incident.take-back", args, "D419");
	refused(&f, "dc-operator-1", "incident.take-back", "{'id':'26-0001','seq':1}", "D107");
	refused(&f, "dc-operator-1", "incident.take-back", "{'id':'26-0001','seq':3}", "D409");
	assert_string_equal(state_of(&f), "instructed");
	expect_sound(&f);
	fixture_stop(&f);
}

static void
take_back__an_urgent_category__counts_at_once(void **state)
{
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report_with(&f, "dc-operator-1",
		"{'answers':{'business-disruption':'yes','major-accident':'no'}}");
	refused(&f, "dc-operator-1", "incident.take-back", args, "D419");
	free(id);
	fixture_stop(&f);
}

/* What was taken back does not bind its author: who wrote the void result may judge the next. */
static void
take_back__a_result__leaves_no_version(void **state)
{
	struct fixture f;
	json_t *show;

	(void)state;
	start(&f);
	drop(instruct(&f));
	drop(act(&f, "dc-operator-1", "26-0001", "respond", "{'text':'done'}"));
	drop(act(&f, "dc-owner", "26-0001", "report-result",
		"{'cause':'a','damage':'b','actions':'c'}"));
	drop(ok(&f, "dc-owner", "incident.take-back", args));
	show = ok(&f, "office-staff-1", "incident.show", args);
	assert_true(json_is_null(json_object_get(show, "result")));
	drop(show);
	drop(act(&f, "dc-owner", "26-0001", "report-result",
		"{'cause':'a2','damage':'b','actions':'c'}"));
	show = ok(&f, "office-staff-1", "incident.show", args);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(show, "result"), "version")), 1);
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(show, "result"), "versions")), 1);
	drop(show);
	expect_sound(&f);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(take_back__a_step_in_time__leaves_the_case_and_the_text),
		cmocka_unit_test(take_back__a_report__keeps_the_number_and_is_closed),
		cmocka_unit_test(take_back__refused__says_why),
		cmocka_unit_test(take_back__an_urgent_category__counts_at_once),
		cmocka_unit_test(take_back__a_result__leaves_no_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
