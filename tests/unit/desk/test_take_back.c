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

/* An escape of JSON as words of a person, as in the name of a folder. */
static void
take_back__words_like_an_escape__is_sound(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	drop(act(&f, "dc-owner", "26-0001", "instruct",
		"{'to':['dc-operator-1'],'text':'see D:\\\\u0024','due':'4h'}"));
	drop(ok(&f, "dc-owner", "incident.take-back", args));
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
	/* Its number was given, so it stays one of those that were reported. */
	answer = ok(&f, "auditor-1", "stats", NULL);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(answer, "total"), "incidents")),
		2);
	drop(answer);
	expect_sound(&f);
	fixture_stop(&f);
}

/* What an entry may change of a case; the log and who looked are not among it. */
static json_t *
what_counts(struct fixture *f)
{
	static const char *const beside[] = { "log", "seq", "last_seq", "changed" };
	json_t *show = ok(f, "dc-owner", "incident.show", args);

	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		json_object_del(show, beside[i]);
	}
	return show;
}

static void
expect_same(json_t *before, const json_t *after, const char *step)
{
	const char *key;
	json_t *was;
	int faults = 0;

	json_object_foreach(before, key, was)
	{
		if (!json_equal(was, json_object_get(after, key))) {
			print_error("%s: %s is not what it was\n", step, key);
			faults++;
		}
	}
	assert_int_equal(faults, 0);
}

static const struct {
	const char *person;
	const char *step;
	const char *fields;
	bool stays; /* taken again afterwards, to go on from there */
} kinds[] = {
	{ "dc-owner", "reclassify",
		"{'answers':{'business-disruption':'no','service-disruption':'no',"
		"'information-impairment':'no','security-breach':'yes',"
		"'control-failure':'no','major-accident':'no'},'why':'x'}",
		false },
	{ "dc-owner", "escalate", "{'why':'x'}", false },
	{ "dc-owner", "restrict", "{'why':'x'}", false },
	{ "dc-owner", "same-as", "{'other':'26-0002','why':'x'}", false },
	{ "dc-operator-1", "respond", "{'text':'x','emergency':true}", true },
	{ "dc-owner", "ratify", "{'text':'x'}", false },
	{ "dc-owner", "instruct", "{'to':['dc-operator-1'],'text':'isolate','due':'4h'}", true },
	{ "dc-operator-1", "respond", "{'text':'x'}", true },
	{ "dc-owner", "ratify", "{'text':'x'}", true },
	{ "dc-owner", "report-result", "{'cause':'c','damage':'d','actions':'a','text':'t'}",
		true },
};

/* Every step of the first part of the procedure that can be taken back: as if it never was. */
static void
take_back__every_kind__leaves_nothing_behind(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	free(report_with(&f, "dc-operator-1", leak));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		json_t *before = what_counts(&f);
		json_t *after;

		drop(act(&f, kinds[i].person, "26-0001", kinds[i].step, kinds[i].fields));
		after = what_counts(&f);
		if (json_equal(before, after)) {
			fail_msg("%s changes nothing, so this proves nothing", kinds[i].step);
		}
		drop(after);
		drop(ok(&f, kinds[i].person, "incident.take-back", args));
		after = what_counts(&f);
		expect_same(before, after, kinds[i].step);
		drop(after);
		drop(before);
		if (kinds[i].stays) {
			drop(act(&f, kinds[i].person, "26-0001", kinds[i].step, kinds[i].fields));
		}
	}
	/* What is signed stands: a signature of what does not count would be left. */
	drop(act(&f, "office-staff-1", "26-0001", "return-result", "{'why':'x'}"));
	refused(&f, "office-staff-1", "incident.take-back", args, "D419");
	expect_sound(&f);
	fixture_stop(&f);
}

/* A client that never got the answer asks again: it must not think that it counts. */
static void
take_back__repeated_under_its_id__says_it_was_taken_back(void **state)
{
	static const char again[] =
		"{'id':'26-0001','step':'escalate','fields':{'why':'x'},'event':'"
		"3f2504e0-4f89-41d3-9a0c-0305e82c3301'}";
	struct fixture f;
	json_t *answer;

	(void)state;
	start(&f);
	drop(ok(&f, "dc-owner", "incident.act", again));
	answer = ok(&f, "dc-owner", "incident.act", again);
	assert_true(json_is_true(json_object_get(answer, "repeated")));
	drop(answer);
	drop(ok(&f, "dc-owner", "incident.take-back", args));
	answer = refusal(&f, "dc-owner", "incident.act", again);
	assert_string_equal(text_at(answer, "code"), "D405");
	assert_non_null(strstr(text_at(answer, "text"), "taken back"));
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
		cmocka_unit_test(take_back__words_like_an_escape__is_sound),
		cmocka_unit_test(take_back__a_report__keeps_the_number_and_is_closed),
		cmocka_unit_test(take_back__every_kind__leaves_nothing_behind),
		cmocka_unit_test(take_back__repeated_under_its_id__says_it_was_taken_back),
		cmocka_unit_test(take_back__refused__says_why),
		cmocka_unit_test(take_back__an_urgent_category__counts_at_once),
		cmocka_unit_test(take_back__a_result__leaves_no_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
