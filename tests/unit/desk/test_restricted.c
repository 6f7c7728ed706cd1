/* SPDX-License-Identifier: MIT */
/*
 * F39: one restricted case full of canaries, and every method of the table asked by every
 * kind of outsider, with arguments made from what the table says it takes.  Nothing of the
 * case is told: no text, no name that stands in it alone, no number; and whoever gives the
 * number is answered as if it had never been given to a case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canary.h"
#include "toban/base/attr.h"
#include "toban/store/store.h"

/* Who must learn nothing: no reader, and those who are involved. */
static const char *const outsiders[] = { "dc-operator-2", "sales-owner", "ga-staff-1", "crisis-1",
	"admin", "dc-deputy-2", "office-staff-2", NULL };

static void
make_world(struct fixture *f)
{
	canary_world(f, ON_MEMORY);
}

static void
ask_all(canary_ask *ask)
{
	struct fixture f;

	make_world(&f);
	canary_ask_as(&f, outsiders, ask);
	fixture_stop(&f);
}

static void
restricted__any_method__tells_outsiders_nothing(void **state)
{
	(void)state;
	ask_all(canary_ask_without);
}

static void
restricted__its_number__is_answered_as_none(void **state)
{
	(void)state;
	ask_all(canary_ask_with);
}

/* The same with what is not told by its name: cursors, filters, counts. */
static void
restricted__lists_and_counts__move_by_nothing(void **state)
{
	static const struct {
		const char *method;
		const char *args;
	} asked[] = {
		{ "incident.list", "{}" },
		{ "incident.list", "{'department':'datacentre'}" },
		{ "incident.list", "{'mine':true}" },
		{ "incident.list", "{'overdue':true}" },
		{ "search", "{'query':'state:open'}" },
		{ "search", "{'query':'by:legal-owner'}" },
		{ "search", "{'query':'owner:dc-owner'}" },
		{ "search", "{'query':'canary'}" },
		{ "search", "{'query':'-canary'}" },
		{ "search", "{'query':'class:4'}" },
		{ "search", "{'query':'id:26-0005'}" },
		{ "stats", "{}" },
		{ "stats", "{'by':'category'}" },
		{ "stats", "{'by':'month'}" },
		{ "outbox.list", "{}" },
		{ "evidence.list", "{}" },
		/* The cursor behind the number of the case, and behind that of none. */
		{ "search", "{'query':'plain','after':'MjYtMDAwNQ=='}" },
	};
	struct fixture f;

	(void)state;
	make_world(&f);
	for (size_t p = 0; outsiders[p]; p++) {
		for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
			struct door door = fixture_door(&f, outsiders[p]);
			json_t *args = doc(asked[i].args);
			json_t *result = NULL;
			json_t *error = NULL;
			char *text;

			(void)door.call(door.ctx, asked[i].method, args, &result, &error);
			text = json_dumps(result ? result : error, JSON_COMPACT);
			if (strstr(text, "CANARY") || strstr(text, CASE "\"")) {
				fail_msg("%s %s by %s: %s", asked[i].method, asked[i].args,
					outsiders[p], text);
			}
			if (json_object_get(result, "incidents")) {
				size_t n = json_array_size(json_object_get(result, "incidents"));

				assert_true(n <= 4);
			}
			if (strcmp(asked[i].method, "stats") == 0) {
				assert_int_equal(
					json_integer_value(json_object_get(
						json_object_get(result, "total"), "incidents")),
					4);
			}
			free(text);
			json_decref(result);
			json_decref(error);
			json_decref(args);
			desk_door_free(&door);
		}
	}
	fixture_stop(&f);
}

/* A forged cursor must not tell a number that was given from one that was not. */
static void
restricted__cursor__is_as_that_of_none(void **state)
{
	struct fixture f;

	(void)state;
	make_world(&f);
	for (size_t p = 0; outsiders[p]; p++) {
		refused(&f, outsiders[p], "search", "{'query':'plain','after':'MjYtMDAwNQ=='}",
			"D102");
		refused(&f, outsiders[p], "search", "{'query':'plain','after':'MjYtMDc3Nw=='}",
			"D102");
	}
	drop(ok(&f, "dc-owner", "search", "{'query':'plain','after':'MjYtMDAwNQ=='}"));
	fixture_stop(&f);
}

/* An open case does not tell the number of a restricted one, nor that of somebody's own. */
static void
restricted__link_from_an_open_case__is_refused(void **state)
{
	struct fixture f;

	(void)state;
	make_world(&f);
	assert_string_equal(
		act_code(&f, "office-head", OPEN, "link", "{'other':'" CASE "','why':'x'}"),
		"D103");
	assert_string_equal(
		act_code(&f, "dc-owner", OPEN, "same-as", "{'other':'" CASE "','why':'x'}"),
		"D103");
	assert_string_equal(
		act_code(&f, "dc-owner", CASE, "link", "{'other':'26-0001','why':'x'}"), "");
	fixture_stop(&f);
}

/* A search as somebody: "26-0003 26-0001 found 2 next", of what its answer says. */
static void
check_search(struct fixture *f, const char *person, const char *args, const char *expected)
{
	json_t *answer = ok(f, person, "search", args);
	const json_t *found = json_object_get(answer, "found");
	struct str told = STR_INIT;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "incidents"), i, row)
	{
		str_addf(&told, "%s ", text_at(row, "id"));
	}
	if (found) {
		str_addf(&told, "found %lld", (long long)json_integer_value(found));
	}
	str_add(&told, json_is_null(json_object_get(answer, "next")) ? "" : " next");
	if (strcmp(str_text(&told), expected) != 0) {
		fail_msg("search %s by %s: %s", args, person, str_text(&told));
	}
	str_release(&told);
	drop(answer);
}

/*
 * A link that was made before its case was restricted tells others nothing by its words: neither
 * by what is found, nor by what is left out, counted or begins another page.
 */
static void
restricted__link_of_before__moves_nothing_by_its_words(void **state)
{
	static const char *const others[] = { "dc-deputy-2", "ga-staff-1" };
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	for (int i = 0; i < 2; i++) {
		free(report(&f));
	}
	drop(act(&f, "dc-owner", "26-0001", "link", "{'other':'26-0002','why':'quagga zebra'}"));
	drop(act(&f, "office-head", "26-0002", "involve", "{'person':'dc-deputy-2','why':'x'}"));
	drop(act(&f, "dc-owner", "26-0002", "restrict", "{'why':'x'}"));
	/* A case of one's own with the words to be tried, before and behind the other. */
	free(report(&f));
	drop(act(&f, "dc-operator-1", "26-0003", "note", "{'text':'quagga okapi'}"));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		check_search(&f, others[i], "{'query':'quagga','limit':1}", "26-0003 found 1");
		check_search(&f, others[i], "{'query':'zebra'}", "found 0");
		check_search(&f, others[i], "{'query':'id:26-0001 -zebra'}", "26-0001 found 1");
		check_search(&f, others[i], "{'query':'id:26-0003 -okapi'}", "found 0");
		check_search(&f, others[i], "{'words':'quagga','limit':1}", "26-0003 ");
		check_search(&f, others[i], "{'words':'zebra'}", "");
	}
	check_search(&f, "dc-owner", "{'query':'quagga','limit':1}", "26-0003 found 2 next");
	check_search(&f, "dc-owner", "{'query':'zebra'}", "26-0001 found 1");
	check_search(&f, "dc-owner", "{'query':'id:26-0001 -zebra'}", "found 0");
	check_search(&f, "dc-owner", "{'words':'zebra'}", "26-0001 ");
	fixture_stop(&f);
}

static size_t
listed(struct fixture *f, const char *person, const char *method, const char *args)
{
	json_t *answer = ok(f, person, method, args);
	const json_t *messages = json_object_get(answer, "messages");
	size_t n = json_array_size(messages ? messages : json_object_get(answer, "log"));

	drop(answer);
	return n;
}

static int64_t
dead_letters(struct fixture *f, const char *person)
{
	json_t *answer = ok(f, person, "incident.counts", "{}");
	int64_t n = json_integer_value(json_object_get(answer, "dead_letters"));

	drop(answer);
	return n;
}

/* What the doctor says of messages that were given up begins with their number. */
static void
check_doctor(struct fixture *f, const char *person, int64_t n)
{
	json_t *check = answer_row(ok(f, person, "admin.doctor", "{}"), "checks", "name", "outbox");
	char begins[32];

	(void)snprintf(begins, sizeof(begins), "%lld message", (long long)n);
	assert_memory_equal(text_at(check, "text"), begins, strlen(begins));
	drop(check);
}

/* What does not exist for somebody makes no list of theirs shorter, and no count longer. */
static void
restricted__messages_about_it__leave_no_gap_for_the_involved(void **state)
{
	static const char *const who = "office-staff-2"; /* is involved */
	struct fixture f;
	struct outbox_list rows = { NULL, 0 };
	int64_t seen;

	(void)state;
	make_world(&f);
	for (int i = 0; i < 3; i++) {
		drop(act(&f, "dc-owner", CASE, "note", "{'text':'CANARY note'}"));
	}
	assert_int_equal(listed(&f, "office-staff-1", "outbox.list", "{'limit':2}"), 2);
	assert_int_equal(listed(&f, who, "outbox.list", "{'limit':1}"), 1);
	assert_int_equal(listed(&f, who, "outbox.list", "{'limit':2}"), 2);
	assert_int_equal(store_outbox(f.store, f.arena, NULL, 1000, &rows), ERR_OK);
	for (size_t i = 0; i < rows.n; i++) {
		rows.items[i].state = "dead";
		rows.items[i].tried_at = STAMP_NONE;
	}
	assert_int_equal(store_outbox_put(f.store, rows.items, rows.n), ERR_OK);
	seen = (int64_t)listed(&f, who, "outbox.list", "{'state':'dead','limit':1000}");
	assert_true(seen > 0);
	assert_int_equal(dead_letters(&f, who), seen);
	assert_int_equal(dead_letters(&f, "office-staff-1"), rows.n);
	check_doctor(&f, who, seen);
	check_doctor(&f, "office-staff-1", (int64_t)rows.n);
	assert_true((int64_t)rows.n > seen);
	/* Nor does an administrator who is involved hear of them by sending them again. */
	drop(act(&f, "office-head", CASE, "involve", "{'person':'admin','why':'x'}"));
	for (size_t i = 0; i < rows.n; i++) {
		if (strcmp(rows.items[i].subject, CASE) == 0) {
			char args[100];

			(void)snprintf(args, sizeof(args), "{'id':'%s'}", rows.items[i].id);
			refused(&f, "admin", "outbox.retry", args, "D504");
		}
	}
	json_t *answer = ok(&f, "admin", "outbox.retry", "{'given_up':true}");
	assert_int_equal(json_integer_value(json_object_get(answer, "retried")), seen);
	drop(answer);
	fixture_stop(&f);
}

static void
restricted__refusals_about_it__leave_no_gap_for_the_involved(void **state)
{
	struct fixture f;

	(void)state;
	make_world(&f);
	drop(act(&f, "office-head", CASE, "involve", "{'person':'admin','why':'x'}"));
	refused(&f, "dc-operator-2", "outbox.list", "{}", "D301");
	for (int i = 0; i < 3; i++) {
		static const char *const others[] = { "ga-staff-1", "ga-owner", "sales-owner" };

		refused(&f, others[i], "incident.show", "{'id':'" CASE "'}", "D304");
	}
	assert_int_equal(listed(&f, "auditor-1", "access.log", "{'limit':3}"), 3);
	assert_int_equal(listed(&f, "admin", "access.log", "{'limit':1}"), 1);
	fixture_stop(&f);
}

/* What is found in it by who verifies is told to its readers. */
static void
restricted__findings__are_for_readers(void **state)
{
	struct fixture f;
	struct event event = { .id = "01ZZZZZZZZZZZZZZZZZZZZZZZZ",
		.subject = CASE,
		.subject_seq = 0,
		.happened_at = STAMP_NONE,
		.actor = "dc-owner",
		.post = "",
		.kind = "approve-result",
		.form = "approve-result",
		.form_version = "1@000000000000",
		.body = "{\"fields\":{},\"state\":\"approved\"}" };
	struct store_batch batch = { .events = &event, .n_events = 1 };
	struct event_list events;
	static const char *const who[] = { "dc-operator-2", "admin", "office-staff-2",
		"auditor-1" };

	(void)state;
	make_world(&f);
	event.at = f.now;
	assert_int_equal(store_subject(f.store, f.arena, CASE, &events), ERR_OK);
	event.subject_seq = events.items[events.n - 1].subject_seq + 1;
	assert_int_equal(store_commit(f.store, &batch), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		json_t *answer = ok(&f, who[i], "ledger.verify", "{}");
		char *text = json_dumps(answer, 0);

		assert_false(json_is_true(json_object_get(answer, "ok")));
		assert_non_null(strstr(text, "duties"));
		assert_int_equal(strstr(text, CASE) != NULL, strcmp(who[i], "auditor-1") == 0);
		free(text);
		drop(answer);
	}
	fixture_stop(&f);
}

/* They may know that there is one; who is involved, not even that. */
static void
restricted__count__is_all_that_is_told(void **state)
{
	static const struct {
		const char *person;
		int n;
	} rows[] = { { "dc-operator-2", 1 }, { "sales-owner", 1 }, { "admin", 1 },
		{ "dc-deputy-2", 0 }, { "office-staff-2", 0 }, { "dc-owner", 0 },
		{ "auditor-1", 0 } };
	static const char *const methods[][2] = { { "incident.counts", "{}" },
		{ "incident.list", "{}" },
		{ "incident.list", "{'department':'sales','mine':true}" },
		{ "search", "{'query':'canary'}" }, { "search", "{'query':'nothing'}" },
		{ "search", "{'words':'nothing'}" } };
	struct fixture f;

	(void)state;
	make_world(&f);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t m = 0; m < ARRAY_LEN(methods); m++) {
			json_t *answer = ok(&f, rows[i].person, methods[m][0], methods[m][1]);

			assert_int_equal(json_integer_value(json_object_get(answer, "restricted")),
				rows[i].n);
			drop(answer);
		}
	}
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restricted__any_method__tells_outsiders_nothing),
		cmocka_unit_test(restricted__its_number__is_answered_as_none),
		cmocka_unit_test(restricted__lists_and_counts__move_by_nothing),
		cmocka_unit_test(restricted__cursor__is_as_that_of_none),
		cmocka_unit_test(restricted__link_from_an_open_case__is_refused),
		cmocka_unit_test(restricted__link_of_before__moves_nothing_by_its_words),
		cmocka_unit_test(restricted__messages_about_it__leave_no_gap_for_the_involved),
		cmocka_unit_test(restricted__refusals_about_it__leave_no_gap_for_the_involved),
		cmocka_unit_test(restricted__findings__are_for_readers),
		cmocka_unit_test(restricted__count__is_all_that_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
