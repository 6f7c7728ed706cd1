/* SPDX-License-Identifier: MIT */
/*
 * Breaking the glass of a restricted case: for whom, for how long, who is told, and that it
 * tells nobody else whether there is a case.
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
#include "toban/desk/engine.h"

#define CASE "26-0001"
#define WHY "'why':'The customer asks and nobody answers.'"
#define BREAK "{'id':'" CASE "'," WHY "}"
#define BREAK_NONE "{'id':'26-0777'," WHY "}"

static void
start(struct fixture *f, enum fixture_store kind)
{
	fixture_start(f, kind);
	f->record_refusals = true;
	fixture_reopen(f);
	drop(ok(f, "admin", "target.add",
		"{'name':'watch','url':'https://hooks.example.org/x','events':['access.*']}"));
	drop(ok(f, "admin", "target.add",
		"{'name':'own','url':'https://hooks.example.org/y','person':'office-head'}"));
	drop(ok(f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'CANARY','situation':'s','contact':'c','confidential':true,"
		"'involved':['dc-deputy-2','office-staff-2'],"
		"'answers':{'security-breach':'yes','major-accident':'no'}}}"));
}

static int64_t
count(struct fixture *f, const char *person, const char *key)
{
	json_t *answer = ok(f, person, "incident.counts", "{}");
	int64_t n = json_integer_value(json_object_get(answer, key));

	drop(answer);
	return n;
}

/* A mark until it was looked at, the log, urgent messages; and who reads what of it. */
static void
assert_office_head_is_told(struct fixture *f)
{
	json_t *answer;
	const json_t *entry;
	size_t n = 0;
	size_t i;
	json_t *message;

	assert_int_equal(count(f, "office-head", "glass"), 1);
	assert_int_equal(count(f, "office-staff-1", "glass"), 0);
	answer = ok(f, "office-head", "outbox.list", "{}");
	json_array_foreach(json_object_get(answer, "messages"), i, message)
	{
		if (strcmp(text_at(message, "type"), "access.break-glass") == 0) {
			assert_true(json_is_true(json_object_get(message, "urgent")));
			n++;
		}
	}
	assert_int_equal(n, 2);
	drop(answer);
	answer = ok(f, "office-head", "access.log", "{}");
	entry = json_array_get(json_object_get(answer, "log"), 0);
	assert_string_equal(text_at(json_object_get(entry, "body"), "incident"), CASE);
	drop(answer);
	assert_int_equal(count(f, "office-head", "glass"), 0);
	/* A reader of everything but this case learns that one was broken. */
	answer = ok(f, "admin", "access.log", "{}");
	entry = json_array_get(json_object_get(answer, "log"), 0);
	assert_null(json_object_get(json_object_get(entry, "body"), "incident"));
	assert_null(json_object_get(json_object_get(entry, "body"), "why"));
	drop(answer);
}

/* Read, and no more: steps say why not and who can, an export says what the log does. */
static void
assert_reads_only(struct fixture *f)
{
	json_t *answer = ok(f, "dc-operator-2", "incident.steps", "{'id':'" CASE "'}");
	json_t *steps = json_object_get(answer, "steps");
	size_t named = 0;
	size_t i;
	json_t *item;

	json_array_foreach(steps, i, item)
	{
		assert_string_equal(text_at(item, "code"), "D364");
		named += json_array_size(json_object_get(item, "who")) > 0;
	}
	assert_true(i > 0 && named > 0);
	drop(answer);
	assert_string_equal(act_code(f, "dc-operator-2", CASE, "note", "{'text':'x'}"), "D364");
	answer = ok(f, "dc-operator-2", "ledger.export", "{'id':'" CASE "'}");
	json_array_foreach(json_object_get(answer, "events"), i, item)
	{
		assert_null(json_object_get(item, "withheld"));
	}
	assert_true(i > 0);
	drop(answer);
	/* Among all others it is none of theirs. */
	answer = ok(f, "dc-operator-2", "ledger.export", "{'limit':1000}");
	named = 0;
	json_array_foreach(json_object_get(answer, "events"), i, item)
	{
		named += json_is_true(json_object_get(item, "withheld"));
	}
	assert_true(named > 0);
	drop(answer);
}

static void
glass__broken__reads_for_an_hour_and_tells(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *shown;
	json_t *again;
	json_t *log;
	const json_t *entry;

	start(&f, (enum fixture_store)(uintptr_t)*state);
	refused(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}", "D304");
	assert_int_equal(count(&f, "office-head", "glass"), 0);
	answer = ok(&f, "dc-operator-2", "incident.break-glass", BREAK);
	shown = ok(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}");
	assert_string_equal(text_at(shown, "title"), "CANARY");
	assert_string_equal(
		text_at(json_object_get(shown, "glass"), "until"), text_at(answer, "until"));
	assert_string_equal(text_at(json_object_get(shown, "glass"), "why"),
		"The customer asks and nobody answers.");
	log = json_object_get(shown, "log");
	entry = json_array_get(log, json_array_size(log) - 1);
	assert_string_equal(text_at(entry, "kind"), "break-glass");
	assert_string_equal(text_at(entry, "actor"), "dc-operator-2");
	drop(shown);
	assert_reads_only(&f);
	shown = ok(&f, "dc-operator-2", "incident.list", "{}");
	assert_int_equal(json_array_size(json_object_get(shown, "incidents")), 0);
	assert_int_equal(json_integer_value(json_object_get(shown, "restricted")), 1);
	drop(shown);
	/* Broken twice is broken once, and nobody is told that their second reason is recorded. */
	again = ok(&f, "dc-operator-2", "incident.break-glass", BREAK);
	assert_null(json_object_get(answer, "repeated"));
	assert_true(json_is_true(json_object_get(again, "repeated")));
	assert_int_equal(json_object_del(again, "repeated"), 0);
	assert_true(json_equal(answer, again));
	drop(again);
	drop(answer);
	assert_office_head_is_told(&f);
	/* Over by itself. */
	f.now += 59 * 60000;
	drop(ok(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}"));
	f.now += 2 * 60000;
	refused(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}", "D304");
	answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
	fixture_stop(&f);
}

/* An hour that is over does not begin anew, and who must read on says why once more. */
static void
glass__clock_set_back__is_whole(void **state)
{
	const int64_t hour = 3600000;
	struct fixture f;
	struct clock_reading reading;
	struct clock_turn turn = { .acts = NULL };

	start(&f, (enum fixture_store)(uintptr_t)*state);
	reading = (struct clock_reading){ f.now, hour, "boot" };
	assert_int_equal(desk_clock_turn(f.desk, &reading, &turn), ERR_OK);
	drop(ok(&f, "dc-operator-2", "incident.break-glass", BREAK));
	f.now += 61 * 60000;
	refused(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}", "D304");
	f.now -= 30 * 60000;
	reading = (struct clock_reading){ f.now, hour + 61 * 60000, "boot" };
	assert_int_equal(desk_clock_turn(f.desk, &reading, &turn), ERR_OK);
	assert_true(turn.jumped);
	refused(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}", "D304");
	drop(ok(&f, "dc-operator-2", "incident.break-glass", BREAK));
	drop(ok(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}"));
	assert_int_equal(count(&f, "office-head", "glass"), 2);
	fixture_stop(&f);
}

static void
glass__whom_it_is_for(void **state)
{
	static const struct {
		const char *person;
		const char *code; /* "" may */
	} rows[] = {
		{ "dc-operator-2", "" }, /* staff of its department */
		{ "sales-owner", "" },
		{ "ga-deputy-1", "" },
		{ "crisis-1", "" },
		{ "ga-staff-1", "D304" },     /* no part in it */
		{ "dc-deputy-2", "D304" },    /* involved */
		{ "office-staff-2", "D304" }, /* involved */
		{ "dc-owner", "D380" },       /* a reader */
		{ "auditor-1", "D306" },
		{ "admin", "D307" },
	};
	struct fixture f;

	(void)state;
	start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *none = refusal(&f, rows[i].person, "incident.break-glass", BREAK_NONE);

		if (!*rows[i].code) {
			drop(ok(&f, rows[i].person, "incident.break-glass", BREAK));
		} else {
			json_t *error = refusal(&f, rows[i].person, "incident.break-glass", BREAK);

			assert_string_equal(text_at(error, "code"), rows[i].code);
			if (strcmp(rows[i].code, "D304") == 0) {
				assert_int_equal(strlen(text_at(error, "text")),
					strlen(text_at(none, "text")));
				assert_true(json_equal(json_object_get(error, "what_to_do"),
					json_object_get(none, "what_to_do")));
			}
			drop(error);
		}
		drop(none);
	}
	/* No reason, no glass; and what is wrong with a reason tells nothing. */
	refused(&f, "dc-operator-2", "incident.break-glass", "{'id':'" CASE "','why':'so'}",
		"D381");
	refused(&f, "dc-operator-2", "incident.break-glass", "{'id':'26-0777','why':'so'}", "D381");
	refused(&f, "dc-operator-2", "incident.break-glass", "{'id':'" CASE "'}", "D101");
	fixture_stop(&f);
}

/* Somebody who turns out to be involved sees it no more, whatever they broke. */
static void
glass__involved_later__is_shut(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, ON_MEMORY);
	drop(ok(&f, "dc-operator-2", "incident.break-glass", BREAK));
	drop(act(&f, "office-head", CASE, "involve", "{'person':'dc-operator-2','why':'x'}"));
	refused(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}", "D304");
	refused(&f, "dc-operator-2", "incident.break-glass", BREAK, "D304");
	fixture_stop(&f);
}

/* Ids that follow from the case are the desk's: nobody takes one before it does. */
static void
id__the_desk_s_own__is_nobody_else_s(void **state)
{
	static const char *const ids[] = { "glass-0011", "clock-0011", "jump-0011" };
	struct fixture f;

	(void)state;
	start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		json_t *args = json_pack("{s:s, s:s, s:{s:s}, s:s}", "id", CASE, "step", "note",
			"fields", "text", "x", "event", ids[i]);
		char *text = json_dumps(args, 0);

		refused(&f, "dc-operator-1", "incident.act", text, "D103");
		free(text);
		drop(args);
	}
	refused(&f, "dc-operator-1", "incident.report", "{'fields':{},'id':'glass-1'}", "D103");
	refused(&f, "dc-owner", "person.absent", "{'until':'2026-01-01','event':'clock-1'}",
		"D103");
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(
			glass__broken__reads_for_an_hour_and_tells, (void *)ON_MEMORY),
		cmocka_unit_test_prestate(
			glass__broken__reads_for_an_hour_and_tells, (void *)ON_SQLITE),
		cmocka_unit_test_prestate(glass__clock_set_back__is_whole, (void *)ON_MEMORY),
		cmocka_unit_test_prestate(glass__clock_set_back__is_whole, (void *)ON_SQLITE),
		cmocka_unit_test(glass__whom_it_is_for),
		cmocka_unit_test(glass__involved_later__is_shut),
		cmocka_unit_test(id__the_desk_s_own__is_nobody_else_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
