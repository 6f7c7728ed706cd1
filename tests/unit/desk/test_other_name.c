/* SPDX-License-Identifier: MIT */
/*
 * Somebody who is involved in a case, taken out of the organisation and entered anew under
 * another name: the same account is the same human, for whom there is no such case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "canary.h"
#include "toban/base/attr.h"
#include "toban/base/str.h"
#include "toban/forms.h"

/* The two who are involved, entered anew with the accounts they had and better parts. */
static const char *const entered_anew[] = { "dc-deputy-9", "office-staff-9", NULL };

/* The organisation of the example with what is given in the place of two of its lines. */
static void
set_org(struct fixture *f, const char *deputy, const char *staff)
{
	const char *const from[] = { "[person dc-deputy-2]\n", "[person office-staff-2]\n" };
	const char *const to[] = { deputy, staff };
	const struct def_file *file = shipped_find("org/example.ini");
	struct str text = STR_INIT;
	char *whole = strndup(file->data, file->len);
	char *rest = whole;

	for (size_t i = 0; i < ARRAY_LEN(from); i++) {
		char *at = strstr(rest, from[i]);

		assert_non_null(at);
		str_add_n(&text, rest, (size_t)(at - rest));
		str_add(&text, to[i]);
		rest = at + strlen(from[i]);
	}
	str_add(&text, rest);
	f->now += 1000;
	drop(ok_doc(f, "admin", "org.set", json_pack("{s:s}", "text", str_text(&text))));
	str_release(&text);
	free(whole);
}

/* Whoever is involved gets an account, and with it another name. */
static void
make_world_anew(struct fixture *f, enum fixture_store kind)
{
	canary_world(f, kind);
	set_org(f, "[person dc-deputy-2]\nLogin=ann\n", "[person office-staff-2]\nLogin=bob\n");
	set_org(f, "[person dc-deputy-9]\nLogin=ann\n", "[person office-staff-9]\nLogin=bob\n");
}

/* Nothing that is counted moves, and there is no glass to break. */
static void
assert_no_case(struct fixture *f, const char *person)
{
	static const char *const methods[][2] = { { "incident.counts", "open" },
		{ "incident.counts", "restricted" }, { "incident.list", "restricted" },
		{ "search", "restricted" } };
	const json_int_t n[] = { 4, 0, 0, 0 };
	json_t *stats = ok(f, person, "stats", "{}");

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		json_t *answer = ok(f, person, methods[i][0],
			strcmp(methods[i][0], "search") ? "{}" : "{'query':'canary'}");

		assert_int_equal(json_integer_value(json_object_get(answer, methods[i][1])), n[i]);
		drop(answer);
	}
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(stats, "total"), "incidents")),
		4);
	drop(stats);
	refused(f, person, "incident.break-glass", "{'id':'" CASE "','why':'Nobody answers it.'}",
		"D304");
	assert_string_equal(act_code(f, person, CASE, "note", "{'text':'x'}"), "D304");
}

static void
entered_anew__any_method__tells_nothing(enum fixture_store kind)
{
	struct fixture f;
	json_t *shown;
	char *text;

	make_world_anew(&f, kind);
	for (size_t p = 0; entered_anew[p]; p++) {
		assert_no_case(&f, entered_anew[p]);
	}
	canary_ask_as(&f, entered_anew, canary_ask_without);
	canary_ask_as(&f, entered_anew, canary_ask_with);
	/* Nobody waits for them, who else may read it still does, and the ledger tells the same. */
	shown = ok(&f, "auditor-1", "incident.show", "{'id':'" CASE "'}");
	text = json_dumps(json_object_get(shown, "waiting_for"), 0);
	assert_null(strstr(text, "-9"));
	free(text);
	drop(shown);
	shown = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(shown, "ok")));
	drop(shown);
	/* A step of the case leaves it so, and so does a new start of the desk. */
	drop(act(&f, "dc-owner", CASE, "note", "{'text':'CANARY note'}"));
	fixture_reopen(&f);
	for (size_t p = 0; entered_anew[p]; p++) {
		assert_no_case(&f, entered_anew[p]);
	}
	canary_ask_as(&f, entered_anew, canary_ask_without);
	fixture_stop(&f);
}

static void
entered_anew__on_memory__tells_nothing(void **state)
{
	(void)state;
	entered_anew__any_method__tells_nothing(ON_MEMORY);
}

static void
entered_anew__on_sqlite__tells_nothing(void **state)
{
	(void)state;
	entered_anew__any_method__tells_nothing(ON_SQLITE);
}

static void
alter(const struct fixture *f, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A desk that knew of no other names when its organisation was changed. */
static void
entered_anew__on_an_older_desk__tells_nothing(void **state)
{
	struct fixture f;

	(void)state;
	make_world_anew(&f, ON_SQLITE);
	alter(&f, "UPDATE incident SET hidden_from = ' dc-deputy-2 office-staff-2 ' "
		  "WHERE hidden_from <> ''");
	alter(&f, "UPDATE figure SET hidden_from = ' dc-deputy-2 office-staff-2 ' "
		  "WHERE hidden_from <> ''");
	fixture_reopen(&f);
	for (size_t p = 0; entered_anew[p]; p++) {
		assert_no_case(&f, entered_anew[p]);
	}
	fixture_stop(&f);
}

/* Who never had the account is another human, whatever place or name they take over. */
static void
entered_anew__with_another_account__is_another(void **state)
{
	struct fixture f;

	(void)state;
	canary_world(&f, ON_SQLITE);
	set_org(&f, "[person dc-deputy-2]\nLogin=ann\n", "[person office-staff-2]\n");
	set_org(&f, "[person dc-deputy-9]\nLogin=dora\n", "[person office-staff-9]\n");
	drop(ok(&f, "dc-deputy-9", "incident.show", "{'id':'" CASE "'}"));
	drop(ok(&f, "office-staff-9", "incident.show", "{'id':'" CASE "'}"));
	/* An account that goes on to somebody: they are that human from then on, and stay it. */
	set_org(&f, "[person dc-deputy-9]\nLogin=ann\n", "[person office-staff-9]\n");
	assert_no_case(&f, "dc-deputy-9");
	set_org(&f, "[person dc-deputy-9]\nLogin=dora\n", "[person office-staff-9]\n");
	assert_no_case(&f, "dc-deputy-9");
	/* Of an account that only the other name had, nobody involved is behind it. */
	set_org(&f, "[person dc-deputy-7]\nLogin=dora\n", "[person office-staff-9]\n");
	drop(ok(&f, "dc-deputy-7", "incident.show", "{'id':'" CASE "'}"));
	fixture_stop(&f);
}

/* The chain passes over whoever has the account of somebody involved, from the first link on. */
static void
entered_anew__chain__passes_over(void **state)
{
	struct fixture f;
	json_t *shown;
	json_t *link;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	set_org(&f, "[person dc-deputy-2]\nLogin=ann\n", "[person office-staff-2]\nLogin=bob\n");
	set_org(&f, "[person dc-deputy-2]\nLogin=bob\n", "[person office-staff-2]\nLogin=ann\n");
	id = report_with(&f, "dc-operator-1", "{'involved':['office-staff-2','dc-owner']}");
	shown = ok(&f, "dc-operator-1", "incident.show", "{'id':'26-0001'}");
	for (size_t i = 0; (link = json_array_get(json_object_get(shown, "chain"), i)); i++) {
		assert_string_not_equal(text_at(link, "person"), "dc-deputy-2");
	}
	assert_string_equal(text_at(json_array_get(json_object_get(shown, "chain"), 0), "person"),
		"dc-deputy-1");
	drop(shown);
	refused(&f, "dc-deputy-2", "incident.show", "{'id':'26-0001'}", "D304");
	free(id);
	/* Who was told before their other name was named no longer counts. */
	id = report(&f);
	drop(act(&f, "office-head", id, "involve", "{'person':'dc-owner','why':'x'}"));
	shown = ok(&f, "dc-deputy-1", "incident.show", "{'id':'26-0002'}");
	link = json_array_get(json_object_get(shown, "chain"), 2);
	assert_string_equal(text_at(link, "person"), "dc-deputy-2");
	assert_false(json_is_true(json_object_get(link, "skipped")));
	drop(shown);
	drop(act(&f, "office-head", id, "involve", "{'person':'office-staff-2','why':'x'}"));
	shown = ok(&f, "dc-deputy-1", "incident.show", "{'id':'26-0002'}");
	link = json_array_get(json_object_get(shown, "chain"), 2);
	assert_string_equal(text_at(link, "person"), "dc-deputy-2");
	assert_true(json_is_true(json_object_get(link, "skipped")));
	drop(shown);
	refused(&f, "dc-deputy-2", "incident.show", "{'id':'26-0002'}", "D304");
	free(id);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entered_anew__on_memory__tells_nothing),
		cmocka_unit_test(entered_anew__on_sqlite__tells_nothing),
		cmocka_unit_test(entered_anew__on_an_older_desk__tells_nothing),
		cmocka_unit_test(entered_anew__with_another_account__is_another),
		cmocka_unit_test(entered_anew__chain__passes_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
