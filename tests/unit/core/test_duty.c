/* SPDX-License-Identifier: MIT */
/*
 * Who is there: absences, stand-ins and rosters at chosen moments.
 */
#include <string.h>

#include "shipped.h"
#include "toban/base/str.h"
#include "toban/core/duty.h"

/* Facts in short: a kind and its body with ' for ". */
struct fact {
	const char *kind;
	const char *body;
};

static const struct duty *
facts(struct arena *arena, const struct fact *rows, size_t n)
{
	struct event *events = arena_array(arena, n + 1, sizeof(*events));
	struct duty *duty = arena_alloc(arena, sizeof(*duty));

	for (size_t i = 0; i < n; i++) {
		char *body = arena_strdup(arena, rows[i].body);

		for (char *at = strchr(body, '\''); at; at = strchr(at, '\'')) {
			*at = '"';
		}
		events[i] = (struct event){ .seq = (int64_t)i + 1,
			.subject_seq = (int64_t)i + 1,
			.actor = "admin",
			.kind = rows[i].kind,
			.body = body };
	}
	assert_int_equal(duty_fold(arena, events, n, duty), ERR_OK);
	return duty;
}

static stamp
moment(const char *text)
{
	stamp at = STAMP_NONE;

	assert_int_equal(stamp_parse(text, &at), ERR_OK);
	return at;
}

static const char *
joined(struct arena *arena, const struct word_list *list)
{
	struct str out = STR_INIT;
	const char *text;

	for (size_t i = 0; i < list->n; i++) {
		str_addf(&out, "%s%s", i ? " " : "", list->items[i]);
	}
	text = arena_strdup(arena, str_text(&out));
	str_release(&out);
	return text;
}

/* "people|stand-ins" of a place of the example organisation. */
static const char *
standing(struct shipped *shipped, const struct duty_query *query, const char *part)
{
	const char *words[2] = { part, "" };
	struct duty_place place;
	struct standing s;

	words[1] = strcmp(part, "owner") == 0      ? "deputy"
		: strcmp(part, "office-head") == 0 ? "office"
						   : "";
	assert_int_equal(duty_place_of(shipped->arena, query, words, "datacentre", &place), ERR_OK);
	assert_int_equal(duty_standing(shipped->arena, query, &place, &s), ERR_OK);
	return arena_printf(shipped->arena, "%s|%s", joined(shipped->arena, &s.people),
		joined(shipped->arena, &s.stand_ins));
}

static void
standing__without_facts__is_the_organisation(void **state)
{
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org,
		.at = moment("2026-11-22T22:00:00+09:00") };

	assert_string_equal(standing(shipped, &query, "owner"), "dc-owner|dc-deputy-1 dc-deputy-2");
	query.duty = facts(shipped->arena, NULL, 0);
	assert_string_equal(standing(shipped, &query, "owner"), "dc-owner|dc-deputy-1 dc-deputy-2");
	assert_string_equal(standing(shipped, &query, "office-head"),
		"office-head|office-staff-1 office-staff-2");
	assert_string_equal(standing(shipped, &query, "crisis"), "crisis-1 crisis-2|");
}

#define AWAY(person, from, until, stand_in)                                                        \
	{                                                                                          \
		DUTY_ABSENCE,                                                                      \
			"{'person':'" person "','from':'" from "','until':'" until                 \
			"','stand_in':'" stand_in "'}"                                             \
	}

static void
standing__absences__are_stood_in_for(void **state)
{
	static const struct fact rows[] = {
		AWAY("dc-owner", "2028-02-29T00:00:00+09:00", "2028-03-01T00:00:00+09:00", ""),
		AWAY("dc-owner", "2026-12-01T00:00:00+09:00", "2026-12-31T00:00:00+09:00",
			"dc-operator-1"),
		AWAY("dc-owner", "2026-12-10T00:00:00+09:00", "2026-12-12T00:00:00+09:00",
			"dc-deputy-2"),
		AWAY("dc-operator-1", "2026-12-20T00:00:00+09:00", "2026-12-21T00:00:00+09:00", ""),
		AWAY("dc-owner", "2027-01-01T00:00:00+09:00", "2027-02-01T00:00:00+09:00", ""),
		AWAY("dc-deputy-1", "2027-01-10T00:00:00+09:00", "2027-01-20T00:00:00+09:00", ""),
		AWAY("dc-deputy-2", "2027-01-15T00:00:00+09:00", "2027-01-20T00:00:00+09:00", ""),
		AWAY("office-head", "2027-01-01T00:00:00+09:00", "2027-02-01T00:00:00+09:00",
			"office-staff-2"),
		AWAY("crisis-1", "2027-01-01T00:00:00+09:00", "2027-02-01T00:00:00+09:00", ""),
	};
	static const struct {
		const char *at;
		const char *part;
		const char *wanted;
	} cases[] = {
		{ "2028-02-28T23:59:59+09:00", "owner", "dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2028-02-29T00:00:00+09:00", "owner", "dc-deputy-1 dc-deputy-2|dc-owner" },
		{ "2028-02-29T23:59:59+09:00", "owner", "dc-deputy-1 dc-deputy-2|dc-owner" },
		{ "2028-03-01T00:00:00+09:00", "owner", "dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2026-11-30T23:59:59+09:00", "owner", "dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2026-12-01T00:00:00+09:00", "owner", "dc-operator-1|dc-deputy-1 dc-deputy-2" },
		/* of two that overlap, the one entered last holds */
		{ "2026-12-11T12:00:00+09:00", "owner", "dc-deputy-2|dc-deputy-1" },
		{ "2026-12-12T00:00:00+09:00", "owner", "dc-operator-1|dc-deputy-1 dc-deputy-2" },
		/* a stand-in who is away is none */
		{ "2026-12-20T12:00:00+09:00", "owner", "dc-deputy-1 dc-deputy-2|dc-owner" },
		{ "2026-12-30T23:59:59+09:00", "owner", "dc-operator-1|dc-deputy-1 dc-deputy-2" },
		{ "2026-12-31T00:00:00+09:00", "owner", "dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2027-01-12T00:00:00+09:00", "owner", "dc-deputy-2|dc-owner dc-deputy-1" },
		/* everybody is away: everybody is told */
		{ "2027-01-15T00:00:00+09:00", "owner", "dc-owner dc-deputy-1 dc-deputy-2|" },
		{ "2027-01-15T00:00:00+09:00", "office-head", "office-staff-2|office-staff-1" },
		/* one of several is away: the others are there */
		{ "2027-01-15T00:00:00+09:00", "crisis", "crisis-2|crisis-1" },
	};
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org,
		.duty = facts(shipped->arena, rows, ARRAY_LEN(rows)) };

	assert_int_equal(query.duty->faulty_seq, 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		query.at = moment(cases[i].at);
		assert_string_equal(standing(shipped, &query, cases[i].part), cases[i].wanted);
	}
}

static void
standing__the_involved__stand_nowhere(void **state)
{
	static const struct fact rows[] = {
		AWAY("dc-owner", "2026-12-01T00:00:00+09:00", "2026-12-31T00:00:00+09:00",
			"dc-operator-1"),
	};
	static const char *const stand_in[] = { "dc-operator-1" };
	static const char *const all[] = { "dc-operator-1", "dc-deputy-1", "dc-owner" };
	struct word_list involved = { stand_in, 1 };
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org,
		.duty = facts(shipped->arena, rows, ARRAY_LEN(rows)),
		.at = moment("2026-12-05T00:00:00+09:00"),
		.involved = &involved };

	assert_string_equal(standing(shipped, &query, "owner"), "dc-deputy-1 dc-deputy-2|dc-owner");
	involved = (struct word_list){ all, 3 };
	assert_string_equal(standing(shipped, &query, "owner"), "|dc-deputy-2");
}

static void
standing__who_came_back__stands_again(void **state)
{
	static const struct fact rows[] = {
		AWAY("dc-owner", "2026-12-01T00:00:00+09:00", "2026-12-31T00:00:00+09:00", ""),
		{ DUTY_ABSENCE_ENDED, "{'absence':1,'at':'2026-12-05T12:00:00+09:00'}" },
		{ DUTY_ABSENCE_ENDED, "{'absence':1,'at':'2027-12-05T12:00:00+09:00'}" },
		AWAY("dc-owner", "2027-12-01T00:00:00+09:00", "2027-12-31T00:00:00+09:00", ""),
		{ DUTY_ABSENCE_ENDED, "{'absence':4,'at':'2027-11-05T12:00:00+09:00'}" },
		{ DUTY_ABSENCE_ENDED, "{'absence':99,'at':'2027-11-05T12:00:00+09:00'}" },
	};
	struct shipped *shipped = *state;
	const struct duty *duty = facts(shipped->arena, rows, ARRAY_LEN(rows));

	assert_non_null(duty_absence(duty, "dc-owner", moment("2026-12-05T11:59:59+09:00")));
	assert_null(duty_absence(duty, "dc-owner", moment("2026-12-05T12:00:00+09:00")));
	assert_null(duty_absence(duty, "dc-owner", moment("2026-12-30T12:00:00+09:00")));
	assert_null(duty_absence(duty, "dc-owner", moment("2027-12-01T00:00:00+09:00")));
	assert_int_equal(duty->faulty_seq, 6);
}

static void
watch__weekly_pattern__wraps_days_and_weeks(void **state)
{
	static const struct fact rows[] = {
		{ DUTY_ROSTER,
			"{'department':'datacentre','since':'2026-12-01T00:00:00+09:00','week':["
			"{'from':'mon 08:30','to':'mon 17:30','person':'dc-owner'},"
			"{'from':'mon 17:30','to':'tue 08:30','person':'dc-operator-1'},"
			"{'from':'sun 20:00','to':'mon 08:30','person':'dc-operator-2'},"
			"{'from':'wed 00:00','to':'thu 00:00','person':''}],"
			"'exceptions':[{'from':'2026-12-31T00:00:00+09:00',"
			"'until':'2027-01-02T00:00:00+09:00','person':'dc-deputy-1'},"
			"{'from':'2026-12-31T12:00:00+09:00',"
			"'until':'2027-01-01T00:00:00+09:00','person':'dc-deputy-2'}]}" },
		{ DUTY_EXCEPTION,
			"{'department':'datacentre','exceptions':[{'from':'2026-12-31T23:00:00+09:"
			"00',"
			"'until':'2027-01-01T01:00:00+09:00','person':''}]}" },
		{ DUTY_EXCEPTION,
			"{'department':'datacentre','exceptions':[{'from':'2026-12-07T09:00:00+09:"
			"00',"
			"'until':'2026-12-07T10:00:00+09:00','person':'ga-owner'}]}" },
		{ DUTY_EXCEPTION_REMOVED, "{'exception':3}" },
		{ DUTY_ROSTER,
			"{'department':'datacentre','since':'2028-02-28T00:00:00+09:00',"
			"'week':[{'from':'mon 00:00','to':'mon 00:00',"
			"'person':'dc-owner'}]}" },
	};
	static const struct {
		const char *at;
		const char *wanted; /* people, then + where it is planned */
	} cases[] = {
		{ "2026-11-30T09:00:00+09:00", "" },                /* before the roster */
		{ "2026-12-07T08:29:59+09:00", "dc-operator-2 +" }, /* Monday, since Sunday */
		{ "2026-12-07T08:30:00+09:00", "dc-owner +" },
		{ "2026-12-07T09:30:00+09:00", "dc-owner +" }, /* the exception was removed */
		{ "2026-12-07T17:29:59+09:00", "dc-owner +" },
		{ "2026-12-07T17:30:00+09:00", "dc-operator-1 +" },
		{ "2026-12-07T23:59:59+09:00", "dc-operator-1 +" },
		{ "2026-12-08T00:00:00+09:00", "dc-operator-1 +" },
		{ "2026-12-07T23:29:59Z", "dc-operator-1 +" }, /* 08:29:59 in Tokyo */
		{ "2026-12-07T23:30:00Z", "" },
		{ "2026-12-09T00:00:00+09:00", " +" }, /* Wednesday: nobody, on purpose */
		{ "2026-12-13T19:59:59+09:00", "" },
		{ "2026-12-13T20:00:00+09:00", "dc-operator-2 +" },
		{ "2026-12-31T11:59:59+09:00", "dc-deputy-1 +" },
		{ "2026-12-31T12:00:00+09:00", "dc-deputy-1 dc-deputy-2 +" },
		{ "2026-12-31T23:00:00+09:00", " +" }, /* a later entry over the roster's own */
		{ "2027-01-01T01:00:00+09:00", "dc-deputy-1 +" },
		{ "2027-01-02T00:00:00+09:00", "" },                /* Saturday */
		{ "2028-02-27T23:59:59+09:00", "dc-operator-2 +" }, /* Sunday */
		{ "2028-02-29T12:00:00+09:00", "dc-owner +" },      /* all the week */
	};
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org,
		.duty = facts(shipped->arena, rows, ARRAY_LEN(rows)) };

	assert_int_equal(query.duty->faulty_seq, 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct watch watch;
		const char *got;

		query.at = moment(cases[i].at);
		assert_int_equal(duty_watch(shipped->arena, &query, "datacentre", &watch), ERR_OK);
		got = joined(shipped->arena, &watch.people);
		got = arena_printf(shipped->arena, "%s%s", got, watch.planned ? " +" : "");
		assert_string_equal(got, cases[i].wanted);
	}
}

static void
standing__who_is_on_duty__comes_first(void **state)
{
	static const struct fact rows[] = {
		{ DUTY_ROSTER,
			"{'department':'datacentre','since':'2026-12-01T00:00:00+09:00','week':["
			"{'from':'mon 00:00','to':'mon 00:00','person':'dc-operator-1'}]}" },
		AWAY("dc-operator-1", "2026-12-05T00:00:00+09:00", "2026-12-06T00:00:00+09:00",
			"dc-operator-2"),
		AWAY("dc-operator-1", "2026-12-07T00:00:00+09:00", "2026-12-08T00:00:00+09:00", ""),
		AWAY("dc-owner", "2026-12-07T12:00:00+09:00", "2026-12-08T00:00:00+09:00", ""),
	};
	static const struct {
		const char *at;
		const char *wanted;
	} cases[] = {
		{ "2026-12-04T00:00:00+09:00", "dc-operator-1 dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2026-12-05T00:00:00+09:00", "dc-operator-2 dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2026-12-07T00:00:00+09:00", "dc-owner|dc-deputy-1 dc-deputy-2" },
		{ "2026-12-07T12:00:00+09:00", "dc-deputy-1 dc-deputy-2|dc-operator-1 dc-owner" },
	};
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org,
		.duty = facts(shipped->arena, rows, ARRAY_LEN(rows)) };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		query.at = moment(cases[i].at);
		assert_string_equal(standing(shipped, &query, "owner"), cases[i].wanted);
	}
}

static void
acts_for__only_while_absent_and_only_who_was_named(void **state)
{
	static const struct fact rows[] = {
		AWAY("dc-owner", "2026-12-01T00:00:00+09:00", "2026-12-31T00:00:00+09:00",
			"dc-operator-1"),
		AWAY("ga-owner", "2026-12-01T00:00:00+09:00", "2026-12-31T00:00:00+09:00", ""),
	};
	static const struct {
		const char *stand_in;
		const char *absent;
		const char *at;
		bool acts;
	} cases[] = {
		{ "dc-operator-1", "dc-owner", "2026-12-05T00:00:00+09:00", true },
		{ "dc-operator-1", "dc-owner", "2026-12-31T00:00:00+09:00", false },
		{ "dc-deputy-1", "dc-owner", "2026-12-05T00:00:00+09:00", false },
		{ "dc-operator-2", "dc-owner", "2026-12-05T00:00:00+09:00", false },
		{ "ga-deputy-1", "ga-owner", "2026-12-05T00:00:00+09:00", true },
		{ "dc-deputy-1", "ga-owner", "2026-12-05T00:00:00+09:00", false },
		{ "ga-staff-1", "ga-owner", "2026-12-05T00:00:00+09:00", false },
		{ "ga-owner", "ga-owner", "2026-12-05T00:00:00+09:00", false },
	};
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org,
		.duty = facts(shipped->arena, rows, ARRAY_LEN(rows)) };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		query.at = moment(cases[i].at);
		assert_int_equal(duty_acts_for(&query, org_person(shipped->org, cases[i].stand_in),
					 org_person(shipped->org, cases[i].absent)),
			cases[i].acts);
	}
}

static void
fold__ways__are_kept_by_order_and_value(void **state)
{
	static const struct fact rows[] = {
		{ DUTY_WAY, "{'person':'dc-owner','kind':'telephone','value':'2','order':2}" },
		{ DUTY_WAY, "{'person':'dc-owner','kind':'telephone','value':'1','order':1}" },
		{ DUTY_WAY, "{'person':'dc-owner','kind':'mail','value':'box','order':3}" },
		{ DUTY_WAY_CONFIRMED,
			"{'person':'dc-owner','kind':'telephone','value':'1',"
			"'confirmed_on':'2026-12-01T00:00:00+09:00'}" },
		{ DUTY_WAY, "{'person':'dc-owner','kind':'telephone','value':'2','order':9}" },
		{ DUTY_WAY_REMOVED, "{'person':'dc-owner','kind':'mail','value':'box'}" },
		{ DUTY_WAY_REMOVED, "{'person':'dc-owner','kind':'mail','value':'box'}" },
		{ DUTY_WAY, "{'person':'dc-owner','kind':'telephone'}" },
		{ DUTY_WAY, "[]" },
		{ "of-a-later-version", "{}" },
	};
	struct shipped *shipped = *state;
	const struct duty *duty = facts(shipped->arena, rows, ARRAY_LEN(rows));

	assert_int_equal(duty->n_ways, 2);
	assert_string_equal(duty->ways[0].value, "1");
	assert_int_equal(duty->ways[0].confirmed_on, moment("2026-12-01T00:00:00+09:00"));
	assert_string_equal(duty->ways[1].value, "2");
	assert_int_equal(duty->ways[1].order, 9);
	assert_int_equal(duty->ways[1].confirmed_on, STAMP_NONE);
	assert_int_equal(duty->faulty_seq, 7);
	assert_int_equal(duty->subject_seq, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standing__without_facts__is_the_organisation),
		cmocka_unit_test(standing__absences__are_stood_in_for),
		cmocka_unit_test(standing__the_involved__stand_nowhere),
		cmocka_unit_test(standing__who_came_back__stands_again),
		cmocka_unit_test(watch__weekly_pattern__wraps_days_and_weeks),
		cmocka_unit_test(standing__who_is_on_duty__comes_first),
		cmocka_unit_test(acts_for__only_while_absent_and_only_who_was_named),
		cmocka_unit_test(fold__ways__are_kept_by_order_and_value),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
