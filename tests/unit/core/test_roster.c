/* SPDX-License-Identifier: MIT */
/*
 * Rosters as people write them, and what they come to.
 */
#include <stdlib.h>
#include <string.h>

#include "shipped.h"
#include "toban/base/str.h"
#include "toban/core/roster.h"

#define HEAD "department,when,from,to,person\n"

/* The rosters a file holds as JSON; NULL when it has faults, which are then in *d. */
static const char *
rosters_of(struct shipped *shipped, const char *text, struct diagnostics *d)
{
	struct roster_draft draft;
	char *dump;
	const char *copy;

	*d = (struct diagnostics){ .arena = shipped->arena };
	assert_int_equal(roster_draft_init(&draft, shipped->org, d), ERR_OK);
	assert_int_equal(roster_draft_csv(&draft, "r.csv", text), ERR_OK);
	dump = json_dumps(draft.rosters, JSON_COMPACT | JSON_SORT_KEYS);
	copy = arena_strdup(shipped->arena, dump);
	free(dump);
	roster_draft_release(&draft);
	return d->n ? NULL : copy;
}

static void
csv__rows__become_spans(void **state)
{
	static const struct {
		const char *rows;
		const char *wanted; /* ' for " */
	} cases[] = {
		{ "datacentre,mon,08:30,17:30,dc-owner\n",
			"[{'department':'datacentre','exceptions':[],'week':[{'from':'mon 08:30',"
			"'person':'dc-owner','to':'mon 17:30'}]}]" },
		/* past midnight, out of the week, a whole day, a day and a night */
		{ "datacentre,sun,17:30,8:30,dc-owner\r\n",
			"[{'department':'datacentre','exceptions':[],'week':[{'from':'sun 17:30',"
			"'person':'dc-owner','to':'mon 08:30'}]}]" },
		{ "datacentre,sat-sun,00:00,24:00,nobody\n",
			"[{'department':'datacentre','exceptions':[],'week':[{'from':'sat 00:00',"
			"'person':'','to':'sun 00:00'},{'from':'sun 00:00','person':'',"
			"'to':'mon 00:00'}]}]" },
		{ "\"datacentre\" , \"sun-mon\",08:00,08:00 , dc-owner",
			"[{'department':'datacentre','exceptions':[],'week':[{'from':'mon 08:00',"
			"'person':'dc-owner','to':'tue 08:00'},{'from':'sun 08:00',"
			"'person':'dc-owner','to':'mon 08:00'}]}]" },
		{ "# a remark\n\n,,,,\nlegal,月 水,09:00,10:00,legal-owner\n",
			"[{'department':'legal','exceptions':[],'week':[{'from':'mon 09:00',"
			"'person':'legal-owner','to':'mon 10:00'},{'from':'wed 09:00',"
			"'person':'legal-owner','to':'wed 10:00'}]}]" },
		/* dates: leap day, year end, past midnight */
		{ "legal,2028-02-28..2028-03-01,00:00,24:00,legal-owner\n",
			"[{'department':'legal','exceptions':[{'from':'2028-02-28T00:00:00+09:00',"
			"'person':'legal-owner','until':'2028-03-02T00:00:00+09:00'}],'week':[]}"
			"]" },
		{ "legal,2026-12-31..2027-01-01,22:00,06:00,legal-owner\n",
			"[{'department':'legal','exceptions':[{'from':'2026-12-31T22:00:00+09:00',"
			"'person':'legal-owner','until':'2027-01-01T06:00:00+09:00'},"
			"{'from':'2027-01-01T22:00:00+09:00','person':'legal-owner',"
			"'until':'2027-01-02T06:00:00+09:00'}],'week':[]}]" },
	};
	struct shipped *shipped = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct diagnostics d;
		char *wanted = arena_strdup(shipped->arena, cases[i].wanted);
		const char *got = rosters_of(shipped,
			arena_printf(shipped->arena, "\xef\xbb\xbf" HEAD "%s", cases[i].rows), &d);

		for (char *at = strchr(wanted, '\''); at; at = strchr(at, '\'')) {
			*at = '"';
		}
		if (!got) {
			fail_msg("%s: %s", d.items[0].field, d.items[0].text);
		}
		assert_string_equal(got, wanted);
	}
}

static void
csv__faults__have_line_and_column(void **state)
{
	static const struct {
		const char *text;
		const char *wanted; /* where each fault is */
	} cases[] = {
		{ "", "r.csv:0:1" },
		{ "department,when,from,to\n", "r.csv:1:1" },
		{ "department,when,from,to,person,note\n", "r.csv:1:1" },
		{ HEAD "datacentre,mon,08:30,17:30\n", "r.csv:2:1" },
		{ HEAD "datacentre,mon,08:30,17:30,dc-owner,x,y\n", "r.csv:2:37" },
		{ HEAD "datacentre,mun,08:30,17:30,dc-owner\n", "r.csv:2:12" },
		{ HEAD "datacentre,2026-02-29,08:30,17:30,dc-owner\n", "r.csv:2:12" },
		{ HEAD "datacentre,2026-03-02..2026-03-01,08:30,17:30,dc-owner\n", "r.csv:2:12" },
		{ HEAD "datacentre,2026-03-02..2027-03-03,08:30,17:30,dc-owner\n", "r.csv:2:12" },
		{ HEAD "datacentre,mon,24:00,25:00,dc-owner\n", "r.csv:2:16 r.csv:2:22" },
		{ HEAD "datacentre,mon,8:3,17:60,dc-owner\n", "r.csv:2:16 r.csv:2:20" },
		{ HEAD "nowhere,mon,08:30,17:30,nobody-known\n", "r.csv:2:25 r.csv:2:1" },
		{ HEAD "datacentre,mon,08:30,17:30,auditor-1\n", "r.csv:2:28" },
		{ HEAD "datacentre,月 mun,08:30,17:30,dc-owner\n", "r.csv:2:12" },
		{ HEAD "月,mon,08:30,17:30,\"dc-owner\n", "r.csv:2:19" },
		{ HEAD "datacentre,mon,08:30,17:30,\"dc-owner\"x\n", "r.csv:2:28" },
		{ HEAD "datacentre,mon,08:30,17:30,dc-owner\n\nlegal,mon,1:00,2:00,\n",
			"r.csv:4:21" },
	};
	struct shipped *shipped = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str got = STR_INIT;
		struct diagnostics d;

		assert_null(rosters_of(shipped, cases[i].text, &d));
		for (size_t k = 0; k < d.n; k++) {
			str_addf(&got, "%s%s", k ? " " : "", d.items[k].field);
			assert_non_null(strstr(d.items[k].text, "expected"));
		}
		assert_string_equal(str_text(&got), cases[i].wanted);
		str_release(&got);
	}
}

static void
csv__bombs__are_refused_early(void **state)
{
	struct shipped *shipped = *state;
	struct diagnostics d;
	struct str text = STR_INIT;

	/* 366 spans a row: soon more than may be */
	str_add(&text, HEAD);
	for (int i = 0; i < 4000; i++) {
		str_add(&text, "legal,2028-01-01..2028-12-31,22:00,06:00,legal-owner\n");
	}
	assert_null(rosters_of(shipped, str_text(&text), &d));
	assert_int_equal(d.n, 50);
	str_clear(&text);
	str_add(&text, HEAD);
	for (int i = 0; i < 5001; i++) {
		str_add(&text, "legal,mon,22:00,06:00,nobody\n");
	}
	assert_null(rosters_of(shipped, str_text(&text), &d));
	assert_int_equal(d.n, 1);
	str_clear(&text);
	str_add(&text, HEAD "legal,");
	for (int i = 0; i < 100000; i++) {
		str_add(&text, "mon ");
	}
	str_add(&text, ",22:00,06:00,legal-owner\n");
	assert_null(rosters_of(shipped, str_text(&text), &d));
	assert_string_equal(d.items[0].field, "r.csv:2:7");
	str_release(&text);
}

/* The facts a file comes to, entered as one entry for each department. */
static const struct duty *
entered(struct shipped *shipped, const char *text, const char *since)
{
	struct duty *duty = arena_alloc(shipped->arena, sizeof(*duty));
	struct event *events = arena_array(shipped->arena, 8, sizeof(*events));
	struct diagnostics d = { .arena = shipped->arena };
	struct roster_draft draft;
	json_t *item;
	size_t i;

	assert_int_equal(roster_draft_init(&draft, shipped->org, &d), ERR_OK);
	assert_int_equal(roster_draft_csv(&draft, "r.csv", text), ERR_OK);
	assert_int_equal(d.n, 0);
	json_array_foreach(draft.rosters, i, item)
	{
		char *body;

		json_object_set_new(item, "since", json_string(since));
		body = json_dumps(item, JSON_COMPACT);
		events[i] = (struct event){ .seq = (int64_t)i + 1,
			.subject_seq = (int64_t)i + 1,
			.actor = "admin",
			.kind = DUTY_ROSTER,
			.body = arena_strdup(shipped->arena, body) };
		free(body);
	}
	assert_int_equal(duty_fold(shipped->arena, events, i, duty), ERR_OK);
	assert_int_equal(duty->faulty_seq, 0);
	roster_draft_release(&draft);
	return duty;
}

static void
csv__written__reads_back_the_same(void **state)
{
	static const char text[] = "datacentre,mon,08:30,17:30,dc-owner\n"
				   "datacentre,mon,17:30,08:30,dc-operator-1\n"
				   "datacentre,sun,00:00,24:00,nobody\n"
				   "datacentre,wed,08:30,08:30,dc-operator-2\n"
				   "datacentre,2026-12-29..2027-01-03,00:00,24:00,dc-deputy-1\n"
				   "datacentre,2026-12-25,22:00,06:00,dc-deputy-2\n"
				   "datacentre,2026-12-24,00:00,24:00,nobody\n";
	struct shipped *shipped = *state;
	struct duty_query query = { .org = shipped->org };
	struct str out = STR_INIT;

	query.duty = entered(shipped, arena_printf(shipped->arena, HEAD "%s", text),
		"2026-12-01T00:00:00+09:00");
	assert_int_equal(stamp_parse("2026-12-01T00:00:00+09:00", &query.at), ERR_OK);
	roster_csv_write(&out, &query, "datacentre");
	assert_string_equal(str_text(&out), text);
	str_release(&out);
}

static void
csv__written_with_later_exceptions__says_what_holds(void **state)
{
	static const struct roster_exception exceptions[] = {
		/* 29 December to 3 January, with a hole from the 31st noon to the 1st noon */
		{ 1, "legal", 1798470000000, 1798988400000, "legal-owner" },
		{ 2, "legal", 1798686000000, 1798772400000, "legal-deputy-1" },
	};
	const struct duty duty = { .exceptions = exceptions, .n_exceptions = 2 };
	struct shipped *shipped = *state;
	const struct duty_query query = { .org = shipped->org, .duty = &duty, .at = 1798470000000 };
	struct str out = STR_INIT;

	roster_csv_write(&out, &query, "legal");
	assert_string_equal(str_text(&out),
		"legal,2026-12-29..2026-12-30,00:00,24:00,legal-owner\n"
		"legal,2026-12-31,00:00,12:00,legal-owner\n"
		"legal,2027-01-01,12:00,24:00,legal-owner\n"
		"legal,2027-01-02..2027-01-03,00:00,24:00,legal-owner\n"
		"legal,2026-12-31,12:00,12:00,legal-deputy-1\n");
	str_release(&out);
}

static void
shifts__of_a_week__have_no_holes_and_name_the_gaps(void **state)
{
	static const char text[] = HEAD "legal,mon-fri,08:30,17:30,legal-owner\n"
					"legal,mon-thu,17:30,08:30,legal-deputy-1\n"
					"legal,sat,00:00,24:00,nobody\n";
	static const char *const wanted[] = {
		"2026-12-04 00:00 legal-deputy-1",
		"2026-12-04 08:30 legal-owner",
		"2026-12-04 17:30 gap",
		"2026-12-05 00:00 -",
		"2026-12-06 00:00 gap",
		"2026-12-07 08:30 gap (legal-owner)",
		"2026-12-07 17:30 legal-deputy-1",
		"2026-12-08 08:30 legal-owner",
	};
	struct shipped *shipped = *state;
	struct duty duty = *entered(shipped, text, "2026-12-01T00:00:00+09:00");
	struct absence absence = { .person = "legal-owner", .stand_in = "", .why = "", .by = "" };
	struct duty_query query = { .org = shipped->org, .duty = &duty };
	struct shift_list list;
	stamp until;

	duty.absences = &absence;
	duty.n_absences = 1;
	assert_int_equal(stamp_parse("2026-12-07T00:00:00+09:00", &absence.from), ERR_OK);
	assert_int_equal(stamp_parse("2026-12-08T00:00:00+09:00", &absence.until), ERR_OK);
	assert_int_equal(stamp_parse("2026-12-04T00:00:00+09:00", &query.at), ERR_OK);
	assert_int_equal(stamp_parse("2026-12-08T09:00:00+09:00", &until), ERR_OK);
	assert_int_equal(roster_shifts(shipped->arena, &query, "legal", until, &list), ERR_OK);
	assert_int_equal(list.n, ARRAY_LEN(wanted));
	for (size_t i = 0; i < list.n; i++) {
		const struct shift *shift = &list.items[i];
		char from[STAMP_SIZE];

		stamp_format_short(shift->from, 540, from);
		assert_string_equal(arena_printf(shipped->arena, "%s %s%s%s%s", from,
					    shift->gap                ? "gap"
						    : shift->people.n ? shift->people.items[0]
								      : "-",
					    shift->absent.n ? " (" : "",
					    shift->absent.n ? shift->absent.items[0] : "",
					    shift->absent.n ? ")" : ""),
			wanted[i]);
		assert_int_equal(shift->until, i + 1 < list.n ? list.items[i + 1].from : until);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv__rows__become_spans),
		cmocka_unit_test(csv__faults__have_line_and_column),
		cmocka_unit_test(csv__bombs__are_refused_early),
		cmocka_unit_test(csv__written__reads_back_the_same),
		cmocka_unit_test(csv__written_with_later_exceptions__says_what_holds),
		cmocka_unit_test(shifts__of_a_week__have_no_holes_and_name_the_gaps),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
