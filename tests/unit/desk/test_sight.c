/* SPDX-License-Identifier: MIT */
/*
 * What people see: lists, cursors, confidential cases, the involved, search.
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

static size_t
listed(struct fixture *f, const char *person, const char *method, const char *args)
{
	json_t *answer = ok(f, person, method, args);
	size_t n = json_array_size(json_object_get(answer, "incidents"));

	drop(answer);
	return n;
}

/* A hidden case and a missing one must look exactly alike. */
static void
assert_hidden(struct fixture *f, const char *person)
{
	static const char *const methods[] = { "incident.show", "incident.log", "incident.steps",
		"incident.seen", "ledger.export" };

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		json_t *hidden = NULL;
		json_t *missing = NULL;

		hidden = refusal(f, person, methods[i], "{'id':'26-0001'}");
		assert_string_equal(text_at(hidden, "code"), "D304");
		missing = refusal(f, person, methods[i], "{'id':'26-0009'}");
		assert_string_equal(text_at(missing, "code"), "D304");
		assert_int_equal(door_exit_status(hidden), 3);
		assert_int_equal(strlen(text_at(hidden, "text")), strlen(text_at(missing, "text")));
		assert_true(json_equal(json_object_get(hidden, "what_to_do"),
			json_object_get(missing, "what_to_do")));
		assert_true(json_equal(
			json_object_get(hidden, "who"), json_object_get(missing, "who")));
		drop(hidden);
		drop(missing);
	}
	refused(f, person, "incident.look", "{'id':'26-0001','seq':1}", "D304");
	assert_int_equal(listed(f, person, "incident.list", NULL), 0);
	assert_int_equal(listed(f, person, "search", "{'words':'rack'}"), 0);
	assert_int_equal(listed(f, person, "search", "{'query':'rack'}"), 0);
}

static void
sight__involved_person__sees_nothing(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *first;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	assert_int_equal(listed(&f, "dc-deputy-2", "incident.list", NULL), 1);
	drop(act(&f, "office-head", id, "involve", "{'person':'dc-deputy-2','why':'x'}"));
	assert_hidden(&f, "dc-deputy-2");
	assert_string_equal(act_code(&f, "dc-deputy-2", id, "note", "{'text':'x'}"), "D304");
	assert_int_equal(listed(&f, "dc-deputy-1", "incident.list", NULL), 1);
	/* The whole export keeps the chain and gives nothing of the case. */
	answer = ok(&f, "dc-deputy-2", "ledger.export", "{'after':2}");
	first = json_array_get(json_object_get(answer, "events"), 0);
	assert_true(json_is_true(json_object_get(first, "withheld")));
	assert_null(json_object_get(first, "actor"));
	/* With it the row's hash would tell whether a guess of who did what is right. */
	assert_null(json_object_get(first, "commitment"));
	assert_non_null(json_object_get(first, "row_hash"));
	drop(answer);
	fixture_stop(&f);
	free(id);
}

static void
sight__involved_owner__deputy_is_told(void **state)
{
	struct fixture f;
	json_t *shown;
	json_t *link;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report_with(&f, "dc-operator-1", "{'involved':['dc-owner']}");
	assert_hidden(&f, "dc-owner");
	shown = ok(&f, "dc-operator-1", "incident.show", "{'id':'26-0001'}");
	link = json_array_get(json_object_get(shown, "chain"), 0);
	assert_string_equal(text_at(link, "person"), "dc-deputy-1");
	drop(shown);
	assert_string_equal(act_code(&f, "dc-deputy-1", id, "acknowledge", NULL), "");
	free(id);
	fixture_stop(&f);
}

static void
sight__confidential__need_to_know(void **state)
{
	static const struct {
		const char *person;
		bool sees;
	} rows[] = { { "dc-operator-1", true }, { "dc-owner", true }, { "dc-deputy-1", true },
		{ "office-staff-1", true }, { "office-head", true }, { "auditor-1", true },
		{ "dc-operator-2", false }, { "sales-owner", false }, { "ga-staff-1", false },
		{ "admin", false } };
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report_with(&f, "dc-operator-1", "{'confidential':true}");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].sees) {
			assert_int_equal(listed(&f, rows[i].person, "incident.list", NULL), 1);
			drop(ok(&f, rows[i].person, "incident.show", "{'id':'26-0001'}"));
		} else {
			assert_hidden(&f, rows[i].person);
		}
	}
	free(id);
	fixture_stop(&f);
}

/* All the ways of reading agree on whether the person sees the only case there is. */
static void
assert_sees(struct fixture *f, const char *person)
{
	json_t *counts = ok(f, person, "incident.counts", "{}");
	json_t *stats = ok(f, person, "stats", "{}");

	drop(ok(f, person, "incident.show", "{'id':'26-0001'}"));
	drop(ok(f, person, "ledger.export", "{'id':'26-0001'}"));
	assert_int_equal(listed(f, person, "incident.list", NULL), 1);
	assert_int_equal(listed(f, person, "search", "{'words':'rack'}"), 1);
	assert_int_equal(listed(f, person, "search", "{'query':'rack'}"), 1);
	assert_int_equal(json_integer_value(json_object_get(counts, "open")), 1);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(stats, "total"), "incidents")),
		1);
	drop(counts);
	drop(stats);
}

/* Who stands in must be able to read what they are asked to answer, and no longer. */
static void
sight__stand_in__reads_while_it_lasts(enum fixture_store kind)
{
	static const struct {
		const char *absent;
		const char *stand_in;
		bool sees;
	} rows[] = { { "dc-owner", "dc-operator-2", true }, { "ga-staff-1", "ga-owner", true },
		{ "office-head", "office-staff-2", true }, { "auditor-1", "audit-owner", false },
		{ "sales-owner", "sales-deputy-1", false } };
	struct fixture f;
	json_t *answer;
	char args[120];
	char *id;

	fixture_start(&f, kind);
	id = report_with(&f, "dc-operator-1", "{'confidential':true}");
	drop(act(&f, "dc-owner", id, "instruct", "{'to':['ga-staff-1'],'text':'x','due':'2h'}"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool reader = strcmp(rows[i].stand_in, "office-staff-2") == 0;

		if (!reader) {
			assert_hidden(&f, rows[i].stand_in);
		}
		(void)snprintf(args, sizeof(args),
			"{'person':'%s','until':'in 1d','stand_in':'%s'}", rows[i].absent,
			rows[i].stand_in);
		drop(ok(&f, "admin", "person.absent", args));
		if (rows[i].sees) {
			assert_sees(&f, rows[i].stand_in);
		} else {
			assert_hidden(&f, rows[i].stand_in);
		}
		(void)snprintf(args, sizeof(args), "{'person':'%s'}", rows[i].absent);
		drop(ok(&f, "admin", "person.back", args));
		if (!reader) {
			assert_hidden(&f, rows[i].stand_in);
		}
	}
	/* An absence that is over by itself ends it, too; nobody involved reads by it. */
	drop(ok(&f, "dc-owner", "person.absent", "{'until':'in 1d','stand_in':'dc-operator-2'}"));
	assert_sees(&f, "dc-operator-2");
	assert_string_equal(act_code(&f, "dc-operator-2", id, "escalate", "{'why':'x'}"), "");
	drop(act(&f, "office-head", id, "involve", "{'person':'dc-operator-2','why':'x'}"));
	assert_hidden(&f, "dc-operator-2");
	answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
	free(id);
	fixture_stop(&f);
}

static void
sight__stand_in_on_memory__reads_while_it_lasts(void **state)
{
	(void)state;
	sight__stand_in__reads_while_it_lasts(ON_MEMORY);
}

static void
sight__stand_in_on_sqlite__reads_while_it_lasts(void **state)
{
	(void)state;
	sight__stand_in__reads_while_it_lasts(ON_SQLITE);
}

static void
list__pages__every_row_once(enum fixture_store kind)
{
	struct fixture f;
	char args[160] = "{'limit':3}";
	char seen[12][16];
	size_t n = 0;
	bool more = true;

	fixture_start(&f, kind);
	for (int i = 0; i < 10; i++) {
		free(report(&f));
		f.now += i < 5 ? 0 : 1000; /* equal due times too */
	}
	while (more) {
		json_t *answer = ok(&f, "auditor-1", "incident.list", args);
		json_t *row;
		size_t i;

		json_array_foreach(json_object_get(answer, "incidents"), i, row)
		{
			for (size_t k = 0; k < n; k++) {
				assert_string_not_equal(seen[k], text_at(row, "id"));
			}
			assert_true(n < ARRAY_LEN(seen));
			snprintf(seen[n++], sizeof(seen[0]), "%s", text_at(row, "id"));
		}
		more = json_is_string(json_object_get(answer, "next"));
		if (more) {
			snprintf(args, sizeof(args), "{'limit':3,'after':'%s'}",
				text_at(answer, "next"));
		}
		drop(answer);
	}
	assert_int_equal(n, 10);
	fixture_stop(&f);
}

static void
list__pages_on_memory__every_row_once(void **state)
{
	(void)state;
	list__pages__every_row_once(ON_MEMORY);
}

static void
list__pages_on_sqlite__every_row_once(void **state)
{
	(void)state;
	list__pages__every_row_once(ON_SQLITE);
}

static void
list__filters__mine_state_overdue(void **state)
{
	struct fixture f;
	json_t *counts;
	json_t *answer;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	assert_int_equal(listed(&f, "dc-owner", "incident.list", "{'mine':true}"), 1);
	assert_int_equal(listed(&f, "dc-operator-2", "incident.list", "{'mine':true}"), 0);
	assert_int_equal(listed(&f, "dc-owner", "incident.list", "{'state':'reported'}"), 1);
	assert_int_equal(listed(&f, "dc-owner", "incident.list", "{'state':'closed'}"), 0);
	assert_int_equal(listed(&f, "dc-owner", "incident.list", "{'department':'sales'}"), 0);
	assert_int_equal(listed(&f, "dc-owner", "incident.list", "{'overdue':true}"), 0);
	f.now += 31 * 60000; /* the owner had 30 minutes */
	assert_int_equal(listed(&f, "dc-owner", "incident.list", "{'overdue':true}"), 1);
	answer = ok(&f, "dc-owner", "incident.list", NULL);
	assert_true(json_is_true(json_object_get(
		json_array_get(json_object_get(answer, "incidents"), 0), "overdue")));
	drop(answer);
	counts = ok(&f, "dc-owner", "incident.counts", NULL);
	assert_int_equal(json_integer_value(json_object_get(counts, "mine")), 1);
	assert_int_equal(json_integer_value(json_object_get(counts, "open")), 1);
	assert_int_equal(json_integer_value(json_object_get(counts, "overdue")), 1);
	drop(counts);
	free(id);
	fixture_stop(&f);
}

static void
search__folded_words__all_must_occur(void **state)
{
	static const struct {
		const char *args;
		size_t found;
	} rows[] = { { "{'words':'RACK power'}", 1 }, { "{'words':'ｒａｃｋ'}", 1 },
		{ "{'words':'rack fire'}", 0 }, { "{'words':'breaker'}", 1 },
		{ "{'words':'26-0001'}", 1 }, { "{'words':'サーバ'}", 1 },
		{ "{'words':'ｻｰﾊﾞ'}", 1 }, { "{'words':'yes'}", 0 } };
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report_with(&f, "dc-operator-1", "{'place':'サーバ室'}");
	drop(act(&f, "dc-operator-1", id, "note", "{'text':'It was the breaker.'}"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(listed(&f, "dc-owner", "search", rows[i].args), rows[i].found);
	}
	refused(&f, "dc-owner", "search", "{'words':'  '}", "D101");
	refused(&f, "dc-owner", "search", "{}", "D101");
	free(id);
	fixture_stop(&f);
}

static void
search__filters__mean_what_the_desk_knows(void **state)
{
	static const struct {
		const char *query;
		size_t found;
	} rows[] = { { "rack state:open", 1 }, { "state:closed", 0 }, { "-state:closed", 1 },
		{ "id:26-", 1 }, { "id:25-", 0 }, { "mine", 1 }, { "-mine", 0 }, { "dept:dc", 1 },
		{ "dept:ga", 0 }, { "by:dc-operator-1", 1 }, { "by:crisis-1", 0 },
		{ "owner:dc-owner", 1 }, { "has:evidence", 0 }, { "-has:evidence", 1 },
		{ "since:2026-11", 1 }, { "until:2025", 0 }, { "drill:no", 1 }, { "major:yes", 0 },
		{ "overdue:no", 1 }, { "-breaker", 0 }, { "\\\"the breaker\\\"", 1 },
		{ "分類:1", 0 } };
	static const char *const refusals[] = { "colour:red", "state:nowhere", "since:soon",
		"dept:nowhere", "by:nobody", "has:time", "major:perhaps", "state:", "\\\"open" };
	struct fixture f;
	char args[200];
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report_with(&f, "dc-operator-1", "{'place':'サーバ室'}");
	drop(act(&f, "dc-operator-1", id, "note", "{'text':'It was the breaker.'}"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		(void)snprintf(args, sizeof(args), "{'query':'%s'}", rows[i].query);
		if (listed(&f, "dc-owner", "search", args) != rows[i].found) {
			fail_msg("%s", rows[i].query);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		(void)snprintf(args, sizeof(args), "{'query':'%s'}", refusals[i]);
		refused(&f, "dc-owner", "search", args, "D102");
	}
	free(id);
	fixture_stop(&f);
}

static void
search__hits__say_where_and_what(void **state)
{
	struct fixture f;
	json_t *answer;
	const json_t *row;
	const json_t *hit;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report_with(&f, "dc-operator-1", "{'place':'ｻｰﾊﾞ室'}");
	drop(act(&f, "dc-operator-1", id, "note", "{'text':'It was the breaker.'}"));
	answer = ok(&f, "dc-owner", "search", "{'query':'サーバ breaker'}");
	assert_int_equal(json_integer_value(json_object_get(answer, "found")), 1);
	assert_true(json_is_true(json_object_get(answer, "all")));
	row = json_array_get(json_object_get(answer, "incidents"), 0);
	assert_int_equal(json_array_size(json_object_get(row, "hits")), 2);
	hit = json_array_get(json_object_get(row, "hits"), 0);
	assert_string_equal(json_string_value(json_object_get(hit, "field")), "place");
	assert_string_equal(json_string_value(json_object_get(hit, "text")), "ｻｰﾊﾞ室");
	hit = json_array_get(json_object_get(row, "hits"), 1);
	assert_string_equal(json_string_value(json_object_get(hit, "kind")), "note");
	hit = json_array_get(json_object_get(hit, "marks"), 0);
	assert_int_equal(json_integer_value(json_array_get(hit, 0)), 11);
	assert_int_equal(json_integer_value(json_array_get(hit, 1)), 7);
	drop(answer);
	free(id);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sight__involved_person__sees_nothing),
		cmocka_unit_test(sight__involved_owner__deputy_is_told),
		cmocka_unit_test(sight__confidential__need_to_know),
		cmocka_unit_test(sight__stand_in_on_memory__reads_while_it_lasts),
		cmocka_unit_test(sight__stand_in_on_sqlite__reads_while_it_lasts),
		cmocka_unit_test(list__pages_on_memory__every_row_once),
		cmocka_unit_test(list__pages_on_sqlite__every_row_once),
		cmocka_unit_test(list__filters__mine_state_overdue),
		cmocka_unit_test(search__folded_words__all_must_occur),
		cmocka_unit_test(search__filters__mean_what_the_desk_knows),
		cmocka_unit_test(search__hits__say_where_and_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
