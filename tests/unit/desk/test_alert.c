/* SPDX-License-Identifier: MIT */
/*
 * Alerts through the door: taken in, folded, judged, and proven equal to their entries.
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
#include "toban/core/alert.h"

#define HOUR INT64_C(3600000)
#define ANSWERS                                                                                    \
	"'contact':'2201','answers':{'business-disruption':'no','service-disruption':'yes',"       \
	"'information-impairment':'no','security-breach':'no','control-failure':'no',"             \
	"'major-accident':'no'}"

/* Takes one in as dc-operator-1, from the format `json`; its number. */
static int64_t
take(struct fixture *f, const char *members)
{
	char args[1024];
	json_t *answer;
	int64_t num;

	snprintf(args, sizeof(args), "{'source':'json','document':{%s}}", members);
	answer = ok(f, "dc-operator-1", "alert.intake", args);
	num = alert_number(text_at(json_array_get(json_object_get(answer, "alerts"), 0), "id"));
	drop(answer);
	return num;
}

static struct alert_row
row_of(struct fixture *f, int64_t num)
{
	struct alert_row row;

	assert_int_equal(store_alert(f->store, f->arena, num, &row), ERR_OK);
	return row;
}

static size_t
entries_of(struct fixture *f, const char *subject)
{
	struct event_list events;

	assert_int_equal(store_subject(f->store, f->arena, subject, &events), ERR_OK);
	return events.n;
}

static bool
whole(struct fixture *f)
{
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	bool is = json_is_true(json_object_get(answer, "ok"));

	drop(answer);
	return is;
}

/* --- taking in -------------------------------------------------------------------------- */

static void
intake__the_same_again__is_folded_into_one(void **state)
{
	static const enum fixture_store kinds[] = { ON_MEMORY, ON_SQLITE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct fixture f;

		fixture_start(&f, kinds[i]);
		assert_int_equal(take(&f, "'key':'k','title':'Hot'"), 1);
		for (int n = 2; n <= 100; n++) {
			f.now += 1000;
			assert_int_equal(take(&f, "'key':'k','title':'Hot'"), 1);
		}
		assert_int_equal(take(&f, "'key':'other','title':'Wet'"), 2);
		assert_int_equal(row_of(&f, 1).times, 100);
		assert_int_equal(row_of(&f, 1).last_at, f.now);
		/* 1, 2, 4, … 64, and one more where an hour of the clock began. */
		assert_in_range(entries_of(&f, "A-1"), 7, 8);
		assert_true(whole(&f));
		fixture_stop(&f);
	}
}

static void
intake__over_and_firing_again__are_entries(void **state)
{
	struct fixture f;
	json_t *counts;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f, "'key':'k','title':'Hot'");
	(void)take(&f, "'key':'k','title':'Hot','status':'resolved'");
	counts = ok(&f, "dc-owner", "incident.counts", NULL);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(counts, "alerts"), "open")), 1);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(counts, "alerts"), "firing")),
		0);
	drop(counts);
	(void)take(&f, "'key':'k','title':'Hot'");
	assert_int_equal(entries_of(&f, "A-1"), 3);
	assert_true(row_of(&f, 1).firing);
	assert_int_equal(row_of(&f, 1).times, 3);
	assert_true(whole(&f));
	fixture_stop(&f);
}

/* One faulty alert among good ones: nothing of the notification is recorded. */
static void
intake__faulty__records_nothing_of_it(void **state)
{
	struct fixture f;
	struct alert_counts counts;
	json_t *error;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	error = refusal(&f, "dc-operator-1", "alert.intake",
		"{'source':'json','document':{'alerts':[{'key':'a','title':'x'},{'key':'b'},"
		"{'title':[]}]}}");
	assert_int_equal(json_array_size(json_object_get(error, "fields")), 3);
	drop(error);
	refused(&f, "dc-operator-1", "alert.intake", "{'source':'xml','document':{}}", "D103");
	refused(&f, "auditor-1", "alert.intake", "{'source':'json','document':{}}", "D306");
	assert_int_equal(store_alert_counts(f.store, &counts), ERR_OK);
	assert_int_equal(counts.open, 0);
	fixture_stop(&f);
}

static void
intake__one_notification__counts_each_of_its_alerts(void **state)
{
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	answer = ok(&f, "dc-operator-1", "alert.intake",
		"{'source':'json','document':'{\\'alerts\\':[{\\'key\\':\\'a\\',\\'title\\':\\'x\\'"
		"},"
		"{\\'key\\':\\'b\\',\\'title\\':\\'y\\'},{\\'key\\':\\'a\\',\\'title\\':\\'x\\'},"
		"{\\'key\\':\\'a\\',\\'title\\':\\'x\\',\\'status\\':\\'resolved\\'}]}'}");
	assert_int_equal(json_array_size(json_object_get(answer, "alerts")), 2);
	assert_int_equal(json_integer_value(json_object_get(answer, "received")), 4);
	drop(answer);
	assert_int_equal(row_of(&f, 1).times, 3);
	assert_false(row_of(&f, 1).firing);
	assert_int_equal(row_of(&f, 2).times, 1);
	assert_true(whole(&f));
	fixture_stop(&f);
}

/* Beyond what anybody can judge there is one alert that counts the rest. */
static void
intake__too_many_at_once__are_counted_in_one(void **state)
{
	struct fixture f;
	struct alert_counts counts;
	struct alert_row row;
	json_t *answer = NULL;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	for (int part = 0; part < 2; part++) {
		json_t *list = json_array();

		for (int i = 0; i < 600; i++) {
			json_array_append_new(list,
				json_pack("{s:o, s:s}", "key",
					json_sprintf("host-%d", part * 600 + i), "title", "Down"));
		}
		drop(answer);
		answer = ok_doc(&f, "dc-operator-1", "alert.intake",
			json_pack("{s:s, s:{s:o}}", "source", "json", "document", "alerts", list));
	}
	assert_int_equal(json_integer_value(json_object_get(answer, "overflow")), 200);
	drop(answer);
	assert_int_equal(store_alert_counts(f.store, &counts), ERR_OK);
	assert_int_equal(counts.open, ALERT_OPEN_MOST + 1);
	assert_int_equal(
		store_alert_of_key(f.store, f.arena, "json", ALERT_KEY_OVERFLOW, &row), ERR_OK);
	assert_int_equal(row.times, 200);
	assert_true(whole(&f));
	fixture_stop(&f);
}

static void
intake__receivers_that_want_it__are_told_of_new_ones(void **state)
{
	struct fixture f;
	struct outbox_list out;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	drop(ok(&f, "admin", "target.add",
		"{'name':'a','url':'https://example.org/a','events':['alert.new']}"));
	drop(ok(&f, "admin", "target.add", "{'name':'b','url':'https://example.org/b'}"));
	(void)take(&f, "'key':'k','title':'Hot \\u202e\\u001b[31m'");
	(void)take(&f, "'key':'k','title':'Hot'");
	assert_int_equal(store_outbox(f.store, f.arena, NULL, 10, &out), ERR_OK);
	assert_int_equal(out.n, 1);
	assert_string_equal(out.items[0].target, "a");
	assert_string_equal(out.items[0].type, "alert.new");
	assert_string_equal(out.items[0].subject, "A-1");
	assert_non_null(strstr(out.items[0].body, "New alert A-1 (json): Hot <U+202E><U+001B>"));
	assert_non_null(strstr(out.items[0].body, "\"count\":1"));
	fixture_stop(&f);
}

/* --- judging ----------------------------------------------------------------------------- */

static void
promote__without_fields__shows_the_report_and_records_nothing(void **state)
{
	struct fixture f;
	json_t *answer;
	const json_t *fields;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f,
		"'key':'k','title':'Hot \\u0007','text':'71 C','place':'C-12','asset':'pdu',"
		"'at':'2199-01-01T00:00:00Z','labels':{'a':'b'}");
	answer = ok(&f, "dc-operator-1", "alert.promote", "{'id':'A-1'}");
	fields = json_object_get(answer, "fields");
	assert_string_equal(text_at(fields, "title"), "Hot <U+0007>");
	assert_non_null(strstr(text_at(fields, "situation"), "71 C"));
	assert_non_null(strstr(text_at(fields, "situation"), "a: b"));
	assert_string_equal(text_at(fields, "place"), "C-12");
	assert_string_equal(text_at(fields, "asset"), "pdu");
	/* Found when we heard of it: the source's clock is ahead. */
	assert_null(strstr(text_at(fields, "found_at"), "2199"));
	drop(answer);
	assert_int_equal(entries_of(&f, "A-1"), 1);
	refused(&f, "dc-operator-1", "alert.promote", "{'id':'A-1','fields':{}}", "D101");
	assert_string_equal(row_of(&f, 1).state, "open");
	fixture_stop(&f);
}

static void
promote__makes_the_incident_and_judges_in_one(void **state)
{
	static const enum fixture_store kinds[] = { ON_MEMORY, ON_SQLITE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct fixture f;
		json_t *answer;

		fixture_start(&f, kinds[i]);
		(void)take(&f, "'key':'k','title':'Hot'");
		answer = ok(&f, "dc-operator-2", "alert.promote",
			"{'id':'A-1','event':'once','fields':{" ANSWERS "}}");
		assert_string_equal(text_at(answer, "id"), "26-0001");
		drop(answer);
		assert_string_equal(row_of(&f, 1).state, "promoted");
		assert_string_equal(row_of(&f, 1).incident, "26-0001");
		answer = ok(&f, "dc-owner", "incident.show", "{'id':'26-0001'}");
		assert_string_equal(text_at(answer, "title"), "Hot");
		assert_string_equal(
			text_at(json_array_get(json_object_get(answer, "alerts"), 0), "id"), "A-1");
		drop(answer);
		/* The same again is answered, another try refused: one alert, one incident. */
		answer = ok(&f, "dc-operator-2", "alert.promote",
			"{'id':'A-1','event':'once','fields':{" ANSWERS "}}");
		assert_true(json_is_true(json_object_get(answer, "repeated")));
		drop(answer);
		refused(&f, "dc-owner", "alert.promote", "{'id':'A-1','fields':{" ANSWERS "}}",
			"D405");
		refused(&f, "dc-owner", "alert.dismiss", "{'id':'A-1','why':'x'}", "D405");
		assert_int_equal(entries_of(&f, "26-0002"), 0);
		assert_true(whole(&f));
		fixture_stop(&f);
	}
}

static void
promote__whose_report_was_taken_back__can_be_judged_again(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f, "'key':'k','title':'Hot'");
	drop(ok(&f, "dc-operator-2", "alert.promote",
		"{'id':'A-1','fields':{'contact':'2201','answers':{'control-failure':'yes',"
		"'business-disruption':'no','service-disruption':'no','major-accident':'no',"
		"'information-impairment':'no','security-breach':'no'}}}"));
	drop(ok(&f, "dc-operator-2", "incident.take-back", "{'id':'26-0001'}"));
	drop(ok(&f, "dc-operator-2", "alert.dismiss",
		"{'id':'A-1','why':'A test of the sensor.'}"));
	assert_true(whole(&f));
	fixture_stop(&f);
}

static void
link__to_an_open_case__counts_on_and_adds_nothing_to_it(void **state)
{
	struct fixture f;
	char *id;
	size_t before;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	before = entries_of(&f, id);
	(void)take(&f, "'key':'k','title':'Hot'");
	refused(&f, "dc-owner", "alert.link", "{'id':'A-1','incident':'26-0099'}", "D304");
	refused(&f, "dc-owner", "alert.link", "{'id':'A-9','incident':'26-0001'}", "D304");
	drop(ok(&f, "dc-owner", "alert.link", "{'id':'A-1','incident':'26-0001'}"));
	for (int i = 0; i < 5; i++) {
		assert_int_equal(take(&f, "'key':'k','title':'Hot'"), 1);
	}
	assert_int_equal(row_of(&f, 1).times, 6);
	assert_int_equal(entries_of(&f, id), before);
	assert_true(whole(&f));
	/* A slip is put right: the link can be moved, and the log keeps both. */
	free(id);
	id = report(&f);
	drop(ok(&f, "dc-owner", "alert.link", "{'id':'A-1','incident':'26-0002'}"));
	drop(act(&f, "dc-owner", id, "dismiss", "{'why':'No incident.'}"));
	refused(&f, "dc-owner", "alert.link", "{'id':'A-1','incident':'26-0002'}", "D401");
	/* Its case is over: what fires now is news. */
	assert_int_equal(take(&f, "'key':'k','title':'Hot'"), 2);
	assert_true(whole(&f));
	free(id);
	fixture_stop(&f);
}

static void
dismiss__then_firing_anew__opens_a_new_one(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f, "'key':'k','title':'Hot','at':'2026-11-22T01:00:00Z'");
	refused(&f, "dc-owner", "alert.dismiss", "{'id':'A-1'}", "D101");
	refused(&f, "auditor-1", "alert.dismiss", "{'id':'A-1','why':'x'}", "D306");
	drop(ok(&f, "dc-owner", "alert.dismiss", "{'id':'A-1','why':'The door was open.'}"));
	/* The very firing that was judged, and its end, are no news. */
	assert_int_equal(take(&f, "'key':'k','title':'Hot','at':'2026-11-22T01:00:00Z'"), 1);
	assert_int_equal(take(&f, "'key':'k','title':'Hot','status':'resolved'"), 1);
	assert_int_equal(take(&f, "'key':'k','title':'Hot','at':'2026-11-22T02:00:00Z'"), 2);
	assert_int_equal(take(&f, "'key':'k','title':'Hot','at':'2026-11-22T02:00:00Z'"), 2);
	assert_int_equal(row_of(&f, 1).times, 3);
	assert_string_equal(row_of(&f, 1).state, "dismissed");
	assert_true(whole(&f));
	fixture_stop(&f);
}

/* A screen that knows nothing of alerts goes on with the draft and sends it. */
static void
promote__by_a_draft__links_all_the_same(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f, "'key':'k','title':'Hot'");
	drop(ok(&f, "dc-operator-2", "draft.save",
		"{'form':'report','subject':'A-1','fields':{'title':'Hot'}}"));
	drop(ok(&f, "dc-operator-2", "draft.save",
		"{'draft':'D-1','form':'report','fields':{'title':'Hotter'}}"));
	drop(ok(&f, "dc-operator-2", "incident.report",
		"{'draft':'D-1','fields':{'title':'Hotter','situation':'s'," ANSWERS "}}"));
	assert_string_equal(row_of(&f, 1).state, "promoted");
	assert_string_equal(row_of(&f, 1).incident, "26-0001");
	/* Another who does the same is refused: the alert has its incident. */
	drop(ok(&f, "dc-owner", "draft.save",
		"{'form':'report','subject':'A-1','fields':{'title':'Hot'}}"));
	refused(&f, "dc-owner", "incident.report",
		"{'draft':'D-2','fields':{'title':'Hot','situation':'s'," ANSWERS "}}", "D405");
	assert_true(whole(&f));
	fixture_stop(&f);
}

static void
sight__case_that_is_hidden__is_not_named_by_its_alert(void **state)
{
	struct fixture f;
	json_t *answer;
	char *text;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f, "'key':'k','title':'Hot'");
	drop(ok(&f, "dc-operator-1", "alert.promote",
		"{'id':'A-1','fields':{'confidential':true," ANSWERS "}}"));
	answer = ok(&f, "dc-operator-1", "alert.show", "{'id':'A-1'}");
	assert_string_equal(text_at(answer, "incident"), "26-0001");
	assert_int_equal(json_array_size(json_object_get(answer, "log")), 2);
	drop(answer);
	answer = ok(&f, "ga-owner", "alert.show", "{'id':'A-1'}");
	assert_true(json_is_null(json_object_get(answer, "incident")));
	assert_int_equal(json_array_size(json_object_get(answer, "log")), 1);
	drop(answer);
	answer = ok(&f, "ga-owner", "ledger.export", NULL);
	text = json_dumps(answer, 0);
	assert_null(strstr(text, "\"incident\": \"26-0001\""));
	assert_non_null(strstr(text, "A-1"));
	free(text);
	drop(answer);
	fixture_stop(&f);
}

static void
list__pages_and_states(void **state)
{
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)take(&f, "'key':'a','title':'1'");
	(void)take(&f, "'key':'b','title':'2'");
	(void)take(&f, "'key':'c','title':'3'");
	drop(ok(&f, "dc-owner", "alert.dismiss", "{'id':'A-2','why':'x'}"));
	answer = ok(&f, "auditor-1", "alert.list", "{'limit':2}");
	assert_string_equal(text_at(answer, "next"), "A-2");
	drop(answer);
	answer = ok(&f, "auditor-1", "alert.list", "{'limit':2,'after':'A-2'}");
	assert_int_equal(json_array_size(json_object_get(answer, "alerts")), 1);
	assert_true(json_is_null(json_object_get(answer, "next")));
	drop(answer);
	answer = ok(&f, "auditor-1", "alert.list", "{'state':'open'}");
	assert_int_equal(json_array_size(json_object_get(answer, "alerts")), 2);
	drop(answer);
	refused(&f, "auditor-1", "alert.list", "{'state':'odd'}", "D103");
	refused(&f, "auditor-1", "alert.list", "{'after':'odd'}", "D102");
	drop(ok(&f, "dc-owner", "draft.save", "{'form':'report','subject':'A-3','fields':{}}"));
	refused(&f, "dc-owner", "draft.save", "{'form':'report','subject':'A-4','fields':{}}",
		"D304");
	fixture_stop(&f);
}

/* --- the verifier -------------------------------------------------------------------------- */

/* Changes the row without an entry. */
static void
tamper(struct fixture *f, void (*change)(struct alert_row *row))
{
	struct alert_row row = row_of(f, 1);
	struct alert_put put = { row, row.last_seq, row.times };
	struct store_batch batch = { .alerts = &put, .n_alerts = 1 };

	change(&put.row);
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
}

static void
to_dismissed(struct alert_row *row)
{
	row->state = "dismissed";
}

static void
to_over(struct alert_row *row)
{
	row->firing = false;
}

static void
to_far_ahead(struct alert_row *row)
{
	row->times = 9;
}

static void
to_title(struct alert_row *row)
{
	row->title = "Cool";
}

static void
verify__row_that_is_not_what_the_entries_tell__is_named(void **state)
{
	static void (*const changes[])(
		struct alert_row * row) = { to_dismissed, to_over, to_far_ahead, to_title };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct fixture f;

		fixture_start(&f, ON_SQLITE);
		(void)take(&f, "'key':'k','title':'Hot'");
		assert_true(whole(&f));
		tamper(&f, changes[i]);
		assert_false(whole(&f));
		fixture_stop(&f);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(intake__the_same_again__is_folded_into_one),
		cmocka_unit_test(intake__over_and_firing_again__are_entries),
		cmocka_unit_test(intake__faulty__records_nothing_of_it),
		cmocka_unit_test(intake__one_notification__counts_each_of_its_alerts),
		cmocka_unit_test(intake__too_many_at_once__are_counted_in_one),
		cmocka_unit_test(intake__receivers_that_want_it__are_told_of_new_ones),
		cmocka_unit_test(promote__without_fields__shows_the_report_and_records_nothing),
		cmocka_unit_test(promote__makes_the_incident_and_judges_in_one),
		cmocka_unit_test(promote__whose_report_was_taken_back__can_be_judged_again),
		cmocka_unit_test(promote__by_a_draft__links_all_the_same),
		cmocka_unit_test(link__to_an_open_case__counts_on_and_adds_nothing_to_it),
		cmocka_unit_test(dismiss__then_firing_anew__opens_a_new_one),
		cmocka_unit_test(sight__case_that_is_hidden__is_not_named_by_its_alert),
		cmocka_unit_test(list__pages_and_states),
		cmocka_unit_test(verify__row_that_is_not_what_the_entries_tell__is_named),
	};

	return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
