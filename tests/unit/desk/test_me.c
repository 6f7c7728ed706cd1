/* SPDX-License-Identifier: MIT */
/*
 * What a person chose for their own screen.
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

/* What `person` chose under `name`; "" when nothing. Static until the next call. */
static const char *
chosen(struct fixture *f, const char *person, const char *name)
{
	static char value[64];
	json_t *answer = ok(f, person, "me.preferences", NULL);
	json_t *all = json_object_get(answer, "preferences");
	const char *text = json_string_value(json_object_get(all, name));

	snprintf(value, sizeof(value), "%s", text ? text : "");
	drop(answer);
	return value;
}

static void
prefer__a_choice__is_kept_for_its_person_over_a_restart(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	drop(ok(&f, "auditor-1", "me.prefer", "{'name':'language','value':'ja'}"));
	drop(ok(&f, "auditor-1", "me.prefer", "{'name':'search.9','value':'class:3 open'}"));
	fixture_reopen(&f);
	assert_string_equal(chosen(&f, "auditor-1", "language"), "ja");
	assert_string_equal(chosen(&f, "auditor-1", "search.9"), "class:3 open");
	assert_string_equal(chosen(&f, "dc-owner", "language"), "");
	fixture_stop(&f);
}

static void
prefer__without_a_value__forgets(void **state)
{
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	drop(ok(&f, "admin", "me.prefer", "{'name':'clock','value':'absolute'}"));
	answer = ok(&f, "admin", "me.prefer", "{'name':'clock','value':null}");
	assert_int_equal(json_object_size(json_object_get(answer, "preferences")), 0);
	drop(answer);
	assert_string_equal(chosen(&f, "admin", "clock"), "");
	fixture_stop(&f);
}

static void
prefer__what_is_not_in_the_table__is_refused(void **state)
{
	static const struct {
		const char *args;
		const char *code;
	} rows[] = {
		{ "{'name':'colour','value':'red'}", "D103" },
		{ "{'name':'search.0','value':'x'}", "D103" },
		{ "{'name':'language','value':'e'}", "D103" },
		{ "{'name':'language','value':'en ja'}", "D103" },
		{ "{'name':'closed','value':true}", "D102" },
		{ "{'name':'','value':'ja'}", "D101" },
		{ "{'value':'ja'}", "D101" },
	};
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		refused(&f, "dc-owner", "me.prefer", rows[i].args, rows[i].code);
	}
	fixture_stop(&f);
}

/* How many entries by others this person's list shows of the one case. */
static int
changed_for(struct fixture *f, const char *person)
{
	json_t *answer = ok(f, person, "incident.list", NULL);
	json_t *row = json_array_get(json_object_get(answer, "incidents"), 0);
	int n = (int)json_integer_value(json_object_get(row, "changed"));

	assert_true(json_is_integer(json_object_get(row, "changed")));
	drop(answer);
	return n;
}

static void
look__what_was_read__is_marked_for_its_person_alone(void **state)
{
	struct fixture f;
	json_t *answer;
	int before;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	assert_int_equal(changed_for(&f, "dc-operator-1"), 0);
	before = changed_for(&f, "auditor-1");
	assert_true(before > 0);
	/* An entry that is not written yet cannot be marked as read. */
	answer = ok(&f, "auditor-1", "incident.look", "{'id':'26-0001','seq':99999}");
	assert_int_equal(json_integer_value(json_object_get(answer, "changed")), 0);
	drop(answer);
	drop(act(&f, "dc-owner", id, "note", "{'text':'called'}"));
	assert_int_equal(changed_for(&f, "auditor-1"), 1);
	assert_int_equal(changed_for(&f, "dc-owner"), before);
	fixture_reopen(&f);
	assert_int_equal(changed_for(&f, "auditor-1"), 1);
	refused(&f, "auditor-1", "incident.look", "{'id':'26-0001'}", "D101");
	refused(&f, "auditor-1", "incident.look", "{'id':'26-0009','seq':1}", "D304");
	fixture_stop(&f);
	free(id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefer__a_choice__is_kept_for_its_person_over_a_restart),
		cmocka_unit_test(prefer__without_a_value__forgets),
		cmocka_unit_test(look__what_was_read__is_marked_for_its_person_alone),
		cmocka_unit_test(prefer__what_is_not_in_the_table__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
