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

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/store/store.h"

#define CASE "26-0005"
#define OPEN "26-0004"
#define NONE "26-0777"

/* Who must learn nothing: no reader, and those who are involved. */
static const char *const outsiders[] = { "dc-operator-2", "sales-owner", "ga-staff-1", "crisis-1",
	"admin", "dc-deputy-2", "office-staff-2", NULL };

/* What may be given for an argument of this name; "%s" is a number of a case. */
static const struct {
	const char *name;
	const char *value;
} values[] = {
	{ "id", "'%s'" },
	{ "incident", "'%s'" },
	{ "subject", "'%s'" },
	{ "step", "'note'" },
	{ "fields", "{'text':'x','title':'t','situation':'s','contact':'c','answers':{}}" },
	{ "form", "'note'" },
	{ "words", "'canary'" },
	{ "query", "'canary'" },
	{ "seq", "3" },
	{ "limit", "200" },
	{ "year", "2026" },
	{ "by", "'department'" },
	{ "draft", "'D-1'" },
	{ "department", "'datacentre'" },
	{ "answers", "{}" },
	{ "source", "'json'" },
	{ "document", "'{}'" },
	{ "why", "'because of this'" },
	{ "state", "'open'" },
	{ "name", "'room'" },
	{ "url", "'https://x.example/'" },
	{ "target", "'room'" },
	{ "type", "'incident.report'" },
	{ "until", "'in 1d'" },
	{ "kind", "'telephone'" },
	{ "value", "'+81 3 1111 2222'" },
	{ "rows", "[]" },
	{ "text", "''" },
	{ "path", "'/nowhere/x'" },
	{ "person", "'dc-owner'" },
	{ "days", "30" },
	{ "to", "'dc-owner'" },
	{ "rebuild", "true" },
};

static const char *
value_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (strcmp(values[i].name, name) == 0) {
			return values[i].value;
		}
	}
	return NULL;
}

/* Arguments for a method by its own description; with a number, or without all that could be one.
 */
static json_t *
args_for(const struct method *method, const char *number, bool optional)
{
	json_t *args = json_object();
	const char *at = method->args;

	while (*(at += strcspn(at, "abcdefghijklmnopqrstuvwxyz"))) {
		size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		char name[40];
		char text[200];
		const char *value;
		bool is_number;

		(void)snprintf(name, sizeof(name), "%.*s", (int)len, at);
		at += len;
		value = value_of(name);
		is_number = value && strstr(value, "%s");
		if (!value || (*at == '?' && !optional && !is_number) || (is_number && !number)) {
			continue;
		}
		(void)snprintf(text, sizeof(text), value, number ? number : "");
		if (strncmp(text, "''", 2) != 0) {
			char whole[240];

			(void)snprintf(whole, sizeof(whole), "{'v':%s}", text);
			{
				json_t *parsed = doc(whole);

				json_object_set(args, name, json_object_get(parsed, "v"));
				json_decref(parsed);
			}
		}
	}
	return args;
}

/* All that came back, as one text; free() it. */
static char *
answer_of(const struct door *door, const struct method *method, const json_t *args)
{
	json_t *result = NULL;
	json_t *error = NULL;
	char *text;

	(void)door->call(door->ctx, method->name, args, &result, &error);
	text = json_dumps(result ? result : error, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(result);
	json_decref(error);
	assert_non_null(text);
	return text;
}

/* The restricted case: every text in it is a canary; two are involved. */
static void
make_world(struct fixture *f)
{
	fixture_start(f, ON_MEMORY);
	f->record_refusals = true;
	fixture_reopen(f);
	drop(ok(f, "admin", "target.add",
		"{'name':'room','url':'https://hooks.example.org/x','events':['*']}"));
	for (int i = 0; i < 4; i++) {
		drop(ok(f, "dc-operator-1", "incident.report",
			"{'fields':{'title':'plain','situation':'plain','contact':'c',"
			"'answers':{'service-disruption':'yes','major-accident':'no'}}}"));
	}
	drop(ok(f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'CANARY title','situation':'CANARY "
		"situation','contact':'CANARY "
		"contact','place':'CANARY place','asset':'CANARY asset','done_so_far':'CANARY "
		"done','confidential':true,'involved':['dc-deputy-2','office-staff-2'],"
		"'answers':{'security-breach':'yes','major-accident':'yes'}}}"));
	drop(act(f, "dc-owner", CASE, "acknowledge", NULL));
	drop(act(f, "dc-owner", CASE, "call",
		"{'to':'office-head','number':'CANARY number','outcome':'no-answer'}"));
	drop(act(f, "dc-owner", CASE, "instruct",
		"{'to':['legal-owner'],'text':'CANARY instruction','due':'2h'}"));
	drop(act(f, "legal-owner", CASE, "respond", "{'text':'CANARY response'}"));
	drop(act(f, "dc-owner", CASE, "link", "{'other':'" OPEN "','why':'CANARY why'}"));
	drop(act(f, "dc-owner", CASE, "report-result",
		"{'cause':'CANARY cause','damage':'CANARY damage','actions':'CANARY actions',"
		"'text':'CANARY result'}"));
	drop(act(f, "office-head", CASE, "decide-major", "{'major':'no','why':'CANARY no'}"));
	drop(ok(f, "dc-operator-1", "alert.intake",
		"{'source':'json','document':{'key':'k','title':'t'}}"));
	drop(ok(f, "dc-owner", "alert.link", "{'id':'A-1','incident':'" CASE "'}"));
	drop(ok(f, "dc-owner", "draft.save",
		"{'form':'note','subject':'" CASE "','fields':{'text':'CANARY draft'}}"));
	drop(ok(f, "dc-owner", "handover.give", "{'to':'dc-operator-1'}"));
}

static void
assert_silent(const char *text, const struct method *method, const char *person)
{
	static const char *const canaries[] = { "CANARY", "canary ", CASE };

	for (size_t i = 0; i < ARRAY_LEN(canaries); i++) {
		const char *found = strstr(text, canaries[i]);

		if (found) {
			size_t before = (size_t)(found - text);

			fail_msg("%s by %s: %.400s", method->name, person,
				found - (before < 200 ? before : 200));
		}
	}
}

/* Without its number nothing of the case comes up; the other case and things by other names. */
static void
ask_without(const struct door *door, const struct method *method, const char *person)
{
	static const char *const numbers[] = { NULL, OPEN, "A-1", "access" };

	for (size_t n = 0; n < 2 * ARRAY_LEN(numbers); n++) {
		json_t *args = args_for(method, numbers[n / 2], n % 2);
		char *text = answer_of(door, method, args);

		assert_silent(text, method, person);
		free(text);
		json_decref(args);
	}
}

static void
replace_all(char *text, const char *from, const char *to)
{
	for (char *at = strstr(text, from); at; at = strstr(at, from)) {
		memcpy(at, to, strlen(to));
	}
}

/* Whoever names it gets, to the letter, what the number of no case gets. */
static void
ask_with(const struct door *door, const struct method *method, const char *person)
{
	for (int optional = 0; optional < 2; optional++) {
		json_t *with = args_for(method, CASE, optional);
		json_t *without = args_for(method, NONE, optional);

		if (!json_equal(with, without)) { /* else it takes no number */
			char *got = answer_of(door, method, with);
			char *expected = answer_of(door, method, without);

			replace_all(got, CASE, NONE);
			if (strcmp(got, expected) != 0 || strstr(got, "CANARY")) {
				fail_msg("%s by %s:\n%s\n%s", method->name, person, got, expected);
			}
			free(got);
			free(expected);
		}
		json_decref(with);
		json_decref(without);
	}
}

static void
ask_all(void (*ask)(const struct door *, const struct method *, const char *))
{
	struct fixture f;

	make_world(&f);
	for (size_t p = 0; outsiders[p]; p++) {
		struct door door = fixture_door(&f, outsiders[p]);

		for (const struct method *m = desk_methods(); m->name; m++) {
			/* The one way in, which tells somebody: test_glass.c. */
			if (strcmp(m->name, "incident.break-glass") != 0) {
				ask(&door, m, outsiders[p]);
			}
		}
		desk_door_free(&door);
	}
	fixture_stop(&f);
}

static void
restricted__any_method__tells_outsiders_nothing(void **state)
{
	(void)state;
	ask_all(ask_without);
}

static void
restricted__its_number__is_answered_as_none(void **state)
{
	(void)state;
	ask_all(ask_with);
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
		cmocka_unit_test(restricted__findings__are_for_readers),
		cmocka_unit_test(restricted__count__is_all_that_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
