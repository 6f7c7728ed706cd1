/* SPDX-License-Identifier: MIT */
/*
 * Who may call what: every method of the table against every kind of person,
 * both ways, and the fuzz that no document can make a method stumble.
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

/* One of each kind, and under which code each `who` refuses them; NULL: admitted. */
static const struct {
	const char *person;
	const char *code[WHO_ADMIN + 1];
} people[] = {
	{ "dc-operator-1",
		{ [WHO_AUDIT] = "D301",
			[WHO_WATCH] = "D301",
			[WHO_RIGHTS] = "D301",
			[WHO_ADMIN] = "D301" } },
	{ "dc-owner",
		{ [WHO_AUDIT] = "D301",
			[WHO_WATCH] = "D301",
			[WHO_RIGHTS] = "D301",
			[WHO_ADMIN] = "D301" } },
	{ "dc-deputy-1",
		{ [WHO_AUDIT] = "D301",
			[WHO_WATCH] = "D301",
			[WHO_RIGHTS] = "D301",
			[WHO_ADMIN] = "D301" } },
	{ "office-staff-1", { [WHO_WATCH] = "D301", [WHO_RIGHTS] = "D301", [WHO_ADMIN] = "D301" } },
	{ "office-head", { [WHO_ADMIN] = "D301" } },
	{ "crisis-1",
		{ [WHO_AUDIT] = "D301",
			[WHO_WATCH] = "D301",
			[WHO_RIGHTS] = "D301",
			[WHO_ADMIN] = "D301" } },
	{ "auditor-1", { [WHO_ACTOR] = "D306", [WHO_RIGHTS] = "D301", [WHO_ADMIN] = "D301" } },
	{ "admin", { [WHO_ACTOR] = "D307" } },
};

static bool
is_refusal_of_person(const char *code)
{
	return strcmp(code, "D300") == 0 || strcmp(code, "D301") == 0 ||
		strcmp(code, "D306") == 0 || strcmp(code, "D307") == 0;
}

/* The code a call with arguments that fit nothing gets; "" when it succeeds. */
static void
code_of(const struct door *door, const char *method, const json_t *args, char out[8])
{
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e = door->call(door->ctx, method, args, &result, &error);

	snprintf(out, 8, "%s", e ? text_at(error, "code") : "");
	json_decref(result);
	json_decref(error);
}

static void
authority__every_method_and_role__as_the_table_says(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t p = 0; p < ARRAY_LEN(people); p++) {
		struct door door = fixture_door(&f, people[p].person);

		for (const struct method *m = desk_methods(); m->name; m++) {
			const char *expected = people[p].code[m->who];
			char code[8];

			code_of(&door, m->name, NULL, code);
			if (expected ? strcmp(code, expected) != 0 : is_refusal_of_person(code)) {
				fail_msg("%s by %s: %s, expected %s", m->name, people[p].person,
					code, expected ? expected : "to be admitted");
			}
		}
		desk_door_free(&door);
	}
	fixture_stop(&f);
}

static void
authority__unregistered__only_what_is_open_to_anyone(void **state)
{
	const struct session stranger = { .login = "stranger" };
	struct fixture f;
	struct door door;
	json_t *error = NULL;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	((struct org *)(uintptr_t)desk_org(f.desk))->trial = false;
	assert_int_equal(desk_door_new(f.desk, &stranger, &door, &error), ERR_OK);
	for (const struct method *m = desk_methods(); m->name; m++) {
		char code[8];

		code_of(&door, m->name, NULL, code);
		if ((strcmp(code, "D300") == 0) != (m->who != WHO_ANYONE)) {
			fail_msg("%s by nobody: %s", m->name, code);
		}
	}
	desk_door_free(&door);
	fixture_stop(&f);
}

/* --- sessions ------------------------------------------------------------------------- */

static const char *
session_code(struct fixture *f, const struct session *session, const char **ret_person)
{
	static char code[8];
	static char person[40];
	struct door door;
	json_t *document = NULL;
	enum err e = desk_door_new(f->desk, session, &door, &document);

	snprintf(code, sizeof(code), "%s", e ? text_at(document, "code") : "");
	json_decref(document);
	person[0] = '\0';
	if (!e) {
		json_t *info = NULL;
		const char *id;

		assert_int_equal(door.call(door.ctx, "desk.info", NULL, &info, &document), ERR_OK);
		id = json_string_value(json_object_get(json_object_get(info, "person"), "id"));
		snprintf(person, sizeof(person), "%s", id ? id : "");
		json_decref(info);
		desk_door_free(&door);
	}
	*ret_person = person;
	return code;
}

static void
session__claims_and_logins__resolved(void **state)
{
	static const struct {
		bool trial;
		struct session session;
		const char *code;
		const char *person;
	} rows[] = {
		{ true, { "dc-owner", "x", true }, "", "dc-owner" },
		{ true, { NULL, "x", false }, "", "admin" },
		{ true, { NULL, "founder", false }, "", "admin" },
		{ true, { "nobody", "x", true }, "D300", "" },
		{ false, { "dc-owner", "x", true }, "D305", "" },
		{ false, { NULL, "x", false }, "", "" },
		{ false, { NULL, "founder", false }, "", "admin" },
		{ false, { NULL, "", false }, "", "" },
		{ false, { NULL, NULL, false }, "", "" },
	};
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *person = NULL;
		struct org *org = (struct org *)(uintptr_t)desk_org(f.desk);

		org->trial = rows[i].trial;
		assert_string_equal(session_code(&f, &rows[i].session, &person), rows[i].code);
		assert_string_equal(person, rows[i].person);
	}
	fixture_stop(&f);
}

/* --- fuzz ------------------------------------------------------------------------------- */

/* A generator of our own: the same documents on every machine. */
static uint32_t
next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static const char *const words[] = { "", "26-0001", "A-1", "json", "alertmanager", "zabbix",
	"{\"key\":\"k\",\"title\":\"t\"}", "D-1", "note", "report", "datacentre", "open",
	"\n\x1b[2J", "日本語", "-1", "https://example.org/", "whsec_", "M1", "result", "2026-02-30",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

static const char *const keys[] = { "id", "step", "fields", "expect", "event", "draft", "form",
	"words", "limit", "after", "name", "url", "events", "secret", "head", "seq", "row_hash",
	"rebuild", "state", "target", "mine", "department", "answers", "suspected", "primary",
	"subject", "title", "drill", "text", "measures", "measure", "to", "source", "document",
	"incident", "why", "key", "alerts", "labels", "version", "status", "due", "person" };

static json_t *
any_value(uint32_t *seed, int depth)
{
	json_t *value;

	switch (next(seed) % (depth > 0 ? 9 : 7)) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(next(seed) & 1);
	case 2:
		return json_integer((json_int_t)next(seed) - INT32_MAX);
	case 3:
		return json_real(next(seed) / 3.0);
	case 4:
		return json_integer(next(seed) & 1 ? INT64_MIN : INT64_MAX);
	case 5:
	case 6:
		return json_string(words[next(seed) % ARRAY_LEN(words)]);
	case 7:
		value = json_array();
		for (uint32_t n = next(seed) % 4; n > 0; n--) {
			json_array_append_new(value, any_value(seed, depth - 1));
		}
		return value;
	default:
		value = json_object();
		for (uint32_t n = next(seed) % 6; n > 0; n--) {
			json_object_set_new(value, keys[next(seed) % ARRAY_LEN(keys)],
				any_value(seed, depth - 1));
		}
		return value;
	}
}

static void
door__any_document__answers_or_refuses(void **state)
{
	struct fixture f;
	uint32_t seed = 20261122;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	for (int round = 0; round < 150; round++) {
		const char *person = people[next(&seed) % ARRAY_LEN(people)].person;
		struct door door = fixture_door(&f, person);

		for (const struct method *m = desk_methods(); m->name; m++) {
			json_t *args = any_value(&seed, 4);
			char code[8];

			code_of(&door, m->name, args, code);
			json_decref(args);
		}
		desk_door_free(&door);
	}
	free(id);
	fixture_stop(&f);
}

static void
door__unknown_method_and_options__named(void **state)
{
	struct fixture f;
	json_t *error = NULL;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	error = refusal(&f, "dc-owner", "incident.explode", NULL);
	assert_string_equal(text_at(error, "code"), "D111");
	assert_int_equal(door_exit_status(error), 2);
	drop(error);
	error = refusal(&f, "dc-owner", "incident.list", "{'mien':true}");
	assert_string_equal(text_at(error, "code"), "D111");
	assert_string_equal(
		text_at(json_array_get(json_object_get(error, "fields"), 0), "field"), "mien");
	drop(error);
	error = refusal(&f, "dc-owner", "incident.list", "{'mine':'yes','limit':0}");
	assert_string_equal(text_at(error, "code"), "D102");
	assert_int_equal(json_array_size(json_object_get(error, "fields")), 2);
	drop(error);
	refused(&f, "dc-owner", "incident.list", "[1]", "D102");
	refused(&f, "dc-owner", "incident.list", "{'after':'zzz'}", "D102");
	refused(&f, "dc-owner", "incident.list", "{'department':'moon'}", "D107");
	refused(&f, "dc-owner", "incident.list", "{'state':'lost'}", "D103");
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authority__every_method_and_role__as_the_table_says),
		cmocka_unit_test(authority__unregistered__only_what_is_open_to_anyone),
		cmocka_unit_test(session__claims_and_logins__resolved),
		cmocka_unit_test(door__any_document__answers_or_refuses),
		cmocka_unit_test(door__unknown_method_and_options__named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
