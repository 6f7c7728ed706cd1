/* SPDX-License-Identifier: MIT */
/*
 * Refusals as entries of the subject "access": each is there, a flood makes few, nobody
 * learns from them of a case that is hidden, and a refusal never depends on them.
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
#include "toban/store/store.h"

#define MINUTE 60000

static void
start(struct fixture *f, enum fixture_store kind)
{
	fixture_start(f, kind);
	f->record_refusals = true;
	fixture_reopen(f);
}

/* The entries as `person` reads them, the newest first: a new reference. */
static json_t *
log_of(struct fixture *f, const char *person)
{
	json_t *answer = ok(f, person, "access.log", "{'limit':1000}");
	json_t *log = json_incref(json_object_get(answer, "log"));

	drop(answer);
	return log;
}

static int64_t
head_seq(struct fixture *f)
{
	struct ledger_head head;

	assert_int_equal(store_head(f->store, &head), ERR_OK);
	return head.seq;
}

static void
assert_whole(struct fixture *f)
{
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{'rebuild':true}");

	if (!json_is_true(json_object_get(answer, "ok"))) {
		fail_msg("%s", json_dumps(json_object_get(answer, "problems"), 0));
	}
	drop(answer);
}

static void
refusal__each__is_an_entry(void **state)
{
	static const struct {
		const char *person;
		const char *method;
		const char *args;
		const char *code;
		const char *step;     /* "" none */
		const char *incident; /* "" none */
	} rows[] = {
		{ "dc-operator-1", "target.add", "{'name':'x','url':'https://x.example/'}", "D301",
			"", "" },
		{ "auditor-1", "incident.act", "{'id':'26-0001','step':'note'}", "D306", "note",
			"26-0001" },
		{ "admin", "incident.act", "{'id':'26-0001','step':'close'}", "D307", "close",
			"26-0001" },
		{ "ga-staff-1", "incident.act", "{'id':'26-0001','step':'instruct'}", "D301",
			"instruct", "26-0001" },
		{ "dc-owner", "incident.act", "{'id':'26-0001','step':'ratify'}", "D406", "ratify",
			"26-0001" },
		{ "dc-operator-1", "incident.show", "{'id':'26-0009'}", "D304", "", "26-0009" },
		{ "office-staff-1", "access.log", "{}", "D301", "", "" },
	};
	struct fixture f;

	(void)state;
	start(&f, (enum fixture_store)(uintptr_t)*state);
	free(report(&f));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *log;
		const json_t *event;
		const json_t *body;
		const char *step;
		const char *incident;

		refused(&f, rows[i].person, rows[i].method, rows[i].args, rows[i].code);
		log = log_of(&f, "office-head");
		assert_int_equal(json_array_size(log), i + 1);
		event = json_array_get(log, 0);
		body = json_object_get(event, "body");
		step = json_string_value(json_object_get(body, "step"));
		incident = json_string_value(json_object_get(body, "incident"));
		assert_string_equal(text_at(event, "actor"), rows[i].person);
		assert_string_equal(text_at(event, "kind"), "refused");
		assert_string_equal(text_at(body, "method"), rows[i].method);
		assert_string_equal(text_at(body, "code"), rows[i].code);
		assert_string_equal(step ? step : "", rows[i].step);
		assert_string_equal(incident ? incident : "", rows[i].incident);
		assert_int_equal(json_integer_value(json_object_get(body, "times")), 1);
		drop(log);
	}
	/* What is no refusal: a slip, a value that does not fit, what somebody may do. */
	refused(&f, "dc-owner", "incident.list", "{'mien':true}", "D111");
	refused(&f, "dc-operator-1", "incident.act", "{'id':'26-0001','step':'note'}", "D101");
	drop(ok(&f, "dc-owner", "incident.show", "{'id':'26-0001'}"));
	{
		json_t *log = log_of(&f, "admin");

		assert_int_equal(json_array_size(log), ARRAY_LEN(rows));
		drop(log);
	}
	assert_whole(&f);
	fixture_stop(&f);
}

static void
refusal__open_file__is_no_entry(void **state)
{
	struct fixture f;
	int64_t before;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	free(report(&f));
	before = head_seq(&f);
	refused(&f, "dc-operator-1", "target.add", "{'name':'x','url':'https://x.example/'}",
		"D301");
	refused(&f, "dc-operator-1", "incident.show", "{'id':'26-0009'}", "D304");
	assert_int_equal(head_seq(&f), before);
	fixture_stop(&f);
}

static void
refusal__the_same_within_a_minute__is_folded(void **state)
{
	struct fixture f;
	json_t *log;
	int64_t first;

	(void)state;
	start(&f, ON_MEMORY);
	free(report(&f));
	first = head_seq(&f);
	for (int i = 0; i < 1000; i++) {
		refused(&f, "ga-staff-1", "incident.act", "{'id':'26-0001','step':'close'}",
			"D301");
		f.now += 50;
	}
	assert_int_equal(head_seq(&f), first + 1);
	f.now += MINUTE;
	/* Whatever is asked next writes down what was counted. */
	drop(ok(&f, "dc-owner", "incident.counts", "{}"));
	log = log_of(&f, "auditor-1");
	assert_int_equal(json_array_size(log), 2);
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(json_array_get(log, 0), "body"), "times")),
		999);
	drop(log);
	/* What is only counted when the desk ends is not lost. */
	refused(&f, "ga-staff-1", "incident.act", "{'id':'26-0001','step':'note'}", "D301");
	refused(&f, "ga-staff-1", "incident.act", "{'id':'26-0001','step':'note'}", "D301");
	fixture_reopen(&f);
	log = log_of(&f, "auditor-1");
	assert_int_equal(json_array_size(log), 4);
	drop(log);
	assert_whole(&f);
	fixture_stop(&f);
}

/* However many different doors somebody knocks at: a bounded number of rows, and none of others'
 * is missing. */
static void
refusal__flood__is_bounded_for_each_person(void **state)
{
	struct fixture f;
	json_t *log;
	int64_t first;
	int64_t counted = 0;
	size_t i;
	json_t *event;
	char args[80];

	(void)state;
	start(&f, ON_MEMORY);
	free(report(&f));
	first = head_seq(&f);
	for (int n = 0; n < 3000; n++) {
		(void)snprintf(args, sizeof(args), "{'id':'26-%04d'}", 100 + n);
		refused(&f, "ga-staff-1", "incident.show", args, "D304");
		refused(&f, "ga-staff-1", "incident.show", args, "D304");
	}
	assert_int_equal(head_seq(&f), first + 512);
	refused(&f, "ga-owner", "incident.show", "{'id':'26-0099'}", "D304");
	assert_int_equal(head_seq(&f), first + 513);
	f.now += 2 * MINUTE;
	drop(ok(&f, "dc-owner", "incident.counts", "{}"));
	assert_in_range(head_seq(&f), first + 514, first + 516);
	fixture_reopen(&f);
	log = log_of(&f, "auditor-1");
	json_array_foreach(log, i, event)
	{
		if (strcmp(text_at(event, "actor"), "ga-staff-1") == 0) {
			counted += json_integer_value(
				json_object_get(json_object_get(event, "body"), "times"));
		}
	}
	assert_int_equal(counted, 6000);
	drop(log);
	fixture_stop(&f);
}

/* The end of the ledger is open to everybody: it must not tell a hidden case from none. */
static void
refusal__hidden_and_missing__move_the_end_alike(void **state)
{
	static const char *const who[] = { "dc-operator-2", "sales-owner", "admin" };
	static const char *const ids[] = { "26-0001", "26-0009" };
	struct fixture f;
	char args[80];

	(void)state;
	start(&f, ON_SQLITE);
	free(report_with(&f, "dc-operator-1", "{'confidential':true,'involved':['sales-owner']}"));
	for (size_t p = 0; p < ARRAY_LEN(who); p++) {
		int64_t moved[ARRAY_LEN(ids)];

		for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
			int64_t before = head_seq(&f);

			(void)snprintf(args, sizeof(args), "{'id':'%s'}", ids[i]);
			refused(&f, who[p], "incident.show", args, "D304");
			refused(&f, who[p], "incident.steps", args, "D304");
			refused(&f, who[p], "incident.log", args, "D304");
			moved[i] = head_seq(&f) - before;
		}
		assert_int_equal(moved[0], moved[1]);
		assert_int_equal(moved[0], 3);
	}
	fixture_stop(&f);
}

/* Who reads the entries learns of no case from them that they may not see. */
static void
log__hidden_case__is_not_told(void **state)
{
	struct fixture f;
	json_t *log;
	json_t *answer;
	size_t i;
	json_t *event;
	size_t withheld = 0;
	char *text;

	(void)state;
	start(&f, ON_MEMORY);
	free(report_with(&f, "dc-operator-1", "{'confidential':true,'involved':['auditor-1']}"));
	refused(&f, "dc-operator-2", "incident.show", "{'id':'26-0001'}", "D304");
	refused(&f, "dc-operator-2", "incident.show", "{'id':'26-0009'}", "D304");
	log = log_of(&f, "office-head");
	assert_int_equal(json_array_size(log), 2);
	text = json_dumps(log, 0);
	assert_non_null(strstr(text, "26-0001"));
	free(text);
	drop(log);
	log = log_of(&f, "admin"); /* no reader of the case: a refusal, not of what */
	assert_int_equal(json_array_size(log), 2);
	text = json_dumps(log, 0);
	assert_null(strstr(text, "26-0001"));
	assert_non_null(strstr(text, "26-0009"));
	assert_non_null(strstr(text, "withheld"));
	free(text);
	drop(log);
	log = log_of(&f, "auditor-1"); /* involved: there is no such case */
	assert_int_equal(json_array_size(log), 1);
	text = json_dumps(log, 0);
	assert_null(strstr(text, "26-0001"));
	assert_null(strstr(text, "withheld"));
	free(text);
	drop(log);
	/* Exports hold the bodies for nobody but those. */
	answer = ok(&f, "ga-owner", "ledger.export", "{'limit':1000}");
	json_array_foreach(json_object_get(answer, "events"), i, event)
	{
		const char *subject = json_string_value(json_object_get(event, "subject"));

		assert_true(!subject || strcmp(subject, "access") != 0);
		withheld += json_is_true(json_object_get(event, "withheld"));
	}
	assert_int_equal(withheld, 3); /* the report and both refusals */
	drop(answer);
	fixture_stop(&f);
}

static void
knock(struct fixture *f, const char *login, const char *person)
{
	const struct session session = { .person = person, .login = login, .claimed = true };
	struct door door;
	json_t *error = NULL;

	assert_int_equal(desk_door_new(f->desk, &session, &door, &error), ERR_DENIED);
	assert_string_equal(text_at(error, "code"), "D305");
	drop(error);
}

/* Who claims to be somebody else never comes in; that they tried is there all the same. */
static void
refusal__session__is_an_entry_and_folded(void **state)
{
	struct fixture f;
	json_t *log;
	const json_t *body;

	(void)state;
	fixture_start_real(&f, ON_SQLITE);
	f.record_refusals = true;
	fixture_reopen(&f);
	knock(&f, "mallory", "office-head");
	log = log_of(&f, "auditor-1");
	assert_int_equal(json_array_size(log), 1);
	body = json_object_get(json_array_get(log, 0), "body");
	assert_string_equal(text_at(json_array_get(log, 0), "actor"), "desk");
	assert_string_equal(text_at(body, "method"), "session");
	assert_string_equal(text_at(body, "code"), "D305");
	assert_string_equal(text_at(body, "login"), "mallory");
	assert_string_equal(text_at(body, "claimed"), "office-head");
	drop(log);
	/* A flood is one entry that says how many; made-up names are no text of the record. */
	for (int i = 0; i < 3000; i++) {
		char name[24];

		snprintf(name, sizeof(name), "nobody-%d", i);
		knock(&f, "mallory", i % 2 ? name : "office-head");
	}
	f.now += MINUTE + 1;
	drop(ok(&f, "auditor-1", "desk.info", "{}"));
	log = log_of(&f, "auditor-1");
	assert_int_equal(json_array_size(log), 4);
	body = json_object_get(json_array_get(log, 0), "body");
	assert_int_equal(json_integer_value(json_object_get(body, "times")) +
			json_integer_value(json_object_get(
				json_object_get(json_array_get(log, 1), "body"), "times")),
		2999);
	drop(log);
	assert_whole(&f);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(refusal__each__is_an_entry, (void *)ON_MEMORY),
		cmocka_unit_test_prestate(refusal__each__is_an_entry, (void *)ON_SQLITE),
		cmocka_unit_test(refusal__open_file__is_no_entry),
		cmocka_unit_test(refusal__the_same_within_a_minute__is_folded),
		cmocka_unit_test(refusal__flood__is_bounded_for_each_person),
		cmocka_unit_test(refusal__hidden_and_missing__move_the_end_alike),
		cmocka_unit_test(log__hidden_case__is_not_told),
		cmocka_unit_test(refusal__session__is_an_entry_and_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
