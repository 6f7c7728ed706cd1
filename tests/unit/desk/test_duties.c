/* SPDX-License-Identifier: MIT */
/*
 * F40: what the door refuses is found by the verifier, too, when it is entered around the
 * desk: with all hashes right, by somebody who had no such part.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/store/store.h"

#define CASE "26-0001"

struct forged {
	const char *id;
	const char *actor;
	const char *acting_for; /* NULL nobody */
	const char *kind;
	const char *fields;
	const char *effect; /* that the body says; NULL none */
};

/* Appends an entry to the case as an owner of the file can. */
static void
forge_entry(struct fixture *f, const struct forged *forged)
{
	json_t *acting = forged->acting_for
		? json_pack("{s:s, s:s}", "for", forged->acting_for, "part", "owner")
		: NULL;
	bool moves = strcmp(forged->kind, "note") != 0 && strcmp(forged->kind, "respond") != 0;
	json_t *body = json_pack("{s:o, s:s, s:o*, s:s*}", "fields", doc(forged->fields), "state",
		moves ? "approved" : "result-reported", "acting", acting, "effect", forged->effect);
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	struct event_list events = { NULL, 0 };
	struct event event = { .id = forged->id,
		.subject = CASE,
		.at = f->now,
		.happened_at = STAMP_NONE,
		.actor = forged->actor,
		.post = "",
		.kind = forged->kind,
		.form = "",
		.form_version = "",
		.body = text };
	struct store_batch batch = { .events = &event, .n_events = 1 };

	assert_int_equal(store_subject(f->store, f->arena, CASE, &events), ERR_OK);
	event.subject_seq = events.items[events.n - 1].subject_seq + 1;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	json_decref(body);
	free(text);
}

static void
forge(struct fixture *f, const char *actor, const char *kind, const char *fields)
{
	forge_entry(f,
		&(struct forged){ .id = "01ZZZZZZZZZZZZZZZZZZZZZZZZ",
			.actor = actor,
			.kind = kind,
			.fields = fields });
}

/* The number of the newest entry. */
static int64_t
newest(struct fixture *f)
{
	struct ledger_head head;

	assert_int_equal(store_head(f->store, &head), ERR_OK);
	return head.seq;
}

/* The findings of kind "duties" about an entry, in one text. */
static const char *
findings_about(struct fixture *f, int64_t seq)
{
	static char found[2000];
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{}");
	json_t *problem;
	size_t i;

	found[0] = '\0';
	json_array_foreach(json_object_get(answer, "problems"), i, problem)
	{
		size_t len = strlen(found);

		if (strcmp(text_at(problem, "kind"), "duties") == 0 &&
			json_integer_value(json_object_get(problem, "seq")) == seq) {
			(void)snprintf(
				found + len, sizeof(found) - len, "%s; ", text_at(problem, "text"));
		}
	}
	drop(answer);
	return found;
}

static const char *
findings(struct fixture *f)
{
	return findings_about(f, newest(f));
}

static void
walk_to_result(struct fixture *f)
{
	free(report(f));
	drop(act(f, "dc-owner", CASE, "acknowledge", NULL));
	drop(act(f, "dc-owner", CASE, "instruct",
		"{'to':['office-staff-1'],'text':'x','due':'2h'}"));
	drop(act(f, "office-staff-1", CASE, "respond", "{'text':'done'}"));
	drop(act(f, "office-head", CASE, "decide-major", "{'major':'yes','why':'x'}"));
	drop(act(f, "dc-owner", CASE, "report-result",
		"{'cause':'c','damage':'d','actions':'a','text':'t'}"));
	drop(act(f, "office-head", CASE, "involve", "{'person':'office-staff-2','why':'x'}"));
}

static void
duties__entered_around_the_desk__named(void **state)
{
	static const struct {
		const char *actor;
		const char *kind;
		const char *fields;
		const char *says; /* "" nothing is wrong */
	} rows[] = {
		{ "office-head", "approve-result", "{}", "" },
		{ "office-head", "return-result", "{'why':'x'}", "" },
		{ "dc-owner", "approve-result", "{}", "who is not of the office" },
		{ "dc-deputy-1", "approve-result", "{}", "who is not of the office" },
		{ "office-staff-1", "approve-result", "{}", "who had responded" },
		{ "office-staff-1", "return-result", "{'why':'x'}", "who had responded" },
		{ "auditor-1", "note", "{'text':'x'}", "who takes no step in cases" },
		{ "admin", "close", "{'text':'x'}", "who takes no step in cases" },
		{ "eve", "note", "{'text':'x'}", "who was not registered" },
		{ "dc-owner", "close", "{'text':'x'}", "who is not of the office" },
		{ "ga-owner", "decide-major", "{'major':'no','why':'x'}",
			"who is not of the office" },
		{ "office-head", "decide-major", "{'major':'no'}", "without a reason to lower it" },
		{ "office-head", "decide-major", "{'major':'no','why':'x'}", "" },
		{ "office-staff-2", "note", "{'text':'x'}", "who is involved" },
		{ "office-staff-2", "approve-result", "{}", "who is involved" },
		{ "dc-owner", "verify-effect", "{'verdict':'effective'}",
			"who is not of the office" },
		{ "dc-operator-2", "note", "{'text':'x'}", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;
		const char *found;

		fixture_start(&f, ON_MEMORY);
		walk_to_result(&f);
		forge(&f, rows[i].actor, rows[i].kind, rows[i].fields);
		found = findings(&f);
		if (*rows[i].says ? !strstr(found, rows[i].says) : *found) {
			fail_msg("%s by %s: \"%s\", not \"%s\"", rows[i].kind, rows[i].actor, found,
				rows[i].says);
		}
		fixture_stop(&f);
	}
}

/* The second decision about one result, and one about a result that was returned. */
static void
duties__approved_twice__named(void **state)
{
	static const char *const first[] = { "approve-result", "return-result" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		struct fixture f;
		const char *found;

		fixture_start(&f, ON_MEMORY);
		walk_to_result(&f);
		drop(act(&f, "office-head", CASE, first[i], i ? "{'why':'x'}" : "{}"));
		forge(&f, "office-head", "approve-result", "{}");
		found = findings(&f);
		assert_non_null(strstr(found, "decided already"));
		fixture_stop(&f);
	}
}

/* Whoever somebody stood in for does not judge what was done in their place. */
static void
duties__judged_by_whom_it_was_done_for__named(void **state)
{
	static const struct {
		struct forged done;
		const char *judges;
		const char *fields;
		const char *says;
	} rows[] = {
		{ { "01YZZZZZZZZZZZZZZZZZZZZZZZ", "dc-owner", "office-head", "report-result",
			  "{'cause':'c','damage':'d','actions':'a','text':'t'}" },
			"approve-result", "{}", "in whose place the result was written" },
		{ { "01YZZZZZZZZZZZZZZZZZZZZZZZ", "dc-owner", "office-head", "apply",
			  "{'measure':'M1','department':'datacentre','evidence':'e'}" },
			"accept", "{'measure':'M1','department':'datacentre'}",
			"in whose place it was applied" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		fixture_start(&f, ON_MEMORY);
		walk_to_result(&f);
		forge_entry(&f, &rows[i].done);
		forge(&f, "office-head", rows[i].judges, rows[i].fields);
		assert_non_null(strstr(findings(&f), rows[i].says));
		fixture_stop(&f);
	}
}

/* An undoing is one by its kind, whatever effect its body says. */
static void
duties__taken_back_under_another_effect__named(void **state)
{
	static const char *const effects[] = { NULL, "note", "respond", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(effects); i++) {
		struct fixture f;

		fixture_start(&f, ON_MEMORY);
		walk_to_result(&f);
		forge_entry(&f,
			&(struct forged){ .id = "01ZZZZZZZZZZZZZZZZZZZZZZZZ",
				.actor = "dc-owner",
				.kind = "taken-back",
				.fields = "{'seq':1}",
				.effect = effects[i] });
		assert_non_null(strstr(findings(&f), "takes back what is not the entry before it"));
		fixture_stop(&f);
	}
}

/* --- more cases than the verifier keeps --------------------------------------------------- */

#define OPEN_CASES 100
#define LONG_TEXT (200 * 1024)

/* As many cases as take more room than it keeps: a first entry of each, or a second. */
static void
forge_cases(struct fixture *f, int number)
{
	char *words = malloc(LONG_TEXT + 1);
	json_t *body;
	char *text;

	assert_non_null(words);
	memset(words, 'x', LONG_TEXT);
	words[LONG_TEXT] = '\0';
	body = json_pack("{s:{s:s}, s:s}", "fields", "text", words, "state", "reported");
	text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	for (int i = 0; i < OPEN_CASES; i++) {
		char id[40];
		char subject[20];
		struct event event = { .id = id,
			.subject = subject,
			.subject_seq = number,
			.at = f->now,
			.happened_at = STAMP_NONE,
			.actor = "dc-operator-2",
			.post = "",
			.kind = "note",
			.form = "",
			.form_version = "",
			.body = text };
		struct store_batch batch = { .events = &event, .n_events = 1 };

		(void)snprintf(id, sizeof(id), "01YYYYYYYYYYYYYYYYYYYYY%d%03d", number, i);
		(void)snprintf(subject, sizeof(subject), "26-%d", 9000 + i);
		assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	}
	json_decref(body);
	free(text);
	free(words);
}

static void
forge_note(struct fixture *f)
{
	forge_entry(f,
		&(struct forged){ .id = "01YZZZZZZZZZZZZZZZZZZZZZZZ",
			.actor = "dc-operator-2",
			.kind = "note",
			.fields = "{'text':'x'}" });
}

/* Before its entries had to make room for those of others, and after: nothing decided by then. */
static void
duties__many_cases_open__named(void **state)
{
	(void)state;
	for (int before = 0; before < 2; before++) {
		struct fixture f;
		int64_t forged;

		fixture_start(&f, ON_MEMORY);
		free(report(&f));
		drop(act(&f, "dc-owner", CASE, "acknowledge", NULL));
		drop(act(&f, "dc-owner", CASE, "instruct",
			"{'to':['dc-operator-2'],'text':'x','due':'2h'}"));
		drop(act(&f, "dc-owner", CASE, "report-result",
			"{'cause':'c','damage':'d','actions':'a','text':'t'}"));
		if (!before) {
			forge_cases(&f, 1);
		}
		forge(&f, "dc-owner", "return-result", "{'why':'x'}");
		forged = newest(&f);
		if (before) {
			forge_cases(&f, 1);
			forge_note(&f); /* so that the case goes on when it has to make room */
		}
		forge_cases(&f, 2);
		assert_non_null(strstr(findings_about(&f, forged), "who wrote the result"));
		fixture_stop(&f);
	}
}

/* What the owner of the file can do to it with a stock tool. */
static void
alter(struct fixture *f, const char *sql)
{
	sqlite3 *db = NULL;

	desk_free(f->desk);
	store_close(f->store);
	f->desk = NULL;
	f->store = NULL;
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	fixture_open(f);
}

/* The numbers in the case against those in the ledger, with others' entries between the two. */
static void
duties__entries_out_of_order_many_cases_open__named(void **state)
{
	struct fixture f;
	int64_t reported;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	free(report(&f));
	reported = newest(&f);
	forge_cases(&f, 1);
	forge(&f, "dc-operator-2", "report", "{'involved':['dc-operator-1']}");
	forge_cases(&f, 2);
	alter(&f, "UPDATE event SET subject_seq = subject_seq + 100 WHERE subject = '" CASE "';"
		  "UPDATE event SET subject_seq = CASE actor WHEN 'dc-operator-2' THEN 1"
		  " ELSE subject_seq - 99 END WHERE subject = '" CASE "'");
	assert_non_null(strstr(findings_about(&f, reported), "who is involved"));
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duties__entered_around_the_desk__named),
		cmocka_unit_test(duties__approved_twice__named),
		cmocka_unit_test(duties__judged_by_whom_it_was_done_for__named),
		cmocka_unit_test(duties__taken_back_under_another_effect__named),
		cmocka_unit_test(duties__many_cases_open__named),
		cmocka_unit_test(duties__entries_out_of_order_many_cases_open__named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
