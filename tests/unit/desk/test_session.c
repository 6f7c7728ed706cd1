/* SPDX-License-Identifier: MIT */
/*
 * Who sits at a shared console: name and PIN, the limits on guessing, the lock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "post_desk.h"
#include "toban/base/attr.h"
#include "toban/base/pin_hash.h"

#define MINUTE 60000

/* --- locked ---------------------------------------------------------------------------- */

static void
post__nobody_sits__says_so_and_refuses_everything_else(void **state)
{
	static const char *const open[] = { "desk.info", "org.show", "session.open", "session.show",
		"session.close" };
	struct post_desk d;
	json_t *info;

	(void)state;
	post_start(&d, ON_MEMORY);
	for (const struct method *m = desk_methods(); m->name; m++) {
		const char *code = post_code(&d, m->name, NULL);
		bool listed = false;

		for (size_t i = 0; i < ARRAY_LEN(open); i++) {
			listed = listed || strcmp(open[i], m->name) == 0;
		}
		if ((strcmp(code, "D330") == 0) == listed) {
			fail_msg("%s: %s", m->name, code);
		}
	}
	info = post_ok(&d, "desk.info", NULL);
	assert_true(json_is_true(json_object_get(info, "locked")));
	assert_true(json_is_null(json_object_get(info, "person")));
	assert_string_equal(text_at(json_object_get(info, "post"), "id"), "dc-console");
	drop(info);
	post_stop(&d);
}

/* Names to pick from, and nothing else of people; none of those who may not sit there. */
static void
org_show__locked__has_what_the_list_of_names_needs(void **state)
{
	struct post_desk d;
	bool seen[3] = { false };
	json_t *org;
	json_t *row;
	size_t i;

	(void)state;
	post_start(&d, ON_MEMORY);
	org = post_ok(&d, "org.show", NULL);
	json_array_foreach(json_object_get(org, "people"), i, row)
	{
		seen[0] = seen[0] || strcmp(text_at(row, "id"), "dc-operator-1") == 0;
		seen[1] = seen[1] || strcmp(text_at(row, "id"), "office-head") == 0;
		seen[2] = seen[2] || strcmp(text_at(row, "id"), "crisis-1") == 0;
		assert_null(json_object_get(row, "phone"));
		assert_null(json_object_get(row, "ways"));
		assert_null(json_object_get(row, "roles"));
		assert_string_not_equal(text_at(row, "id"), "ga-staff-1");
	}
	assert_true(seen[0] && seen[1] && seen[2]);
	drop(org);
	post_stop(&d);
}

static void
post__without_the_key_of_a_service__is_refused_with_the_reason(void **state)
{
	const struct session session = { .login = "dc-console" };
	struct fixture f;
	struct door door;
	json_t *error = NULL;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	assert_int_equal(desk_door_new(f.desk, &session, &door, &error), ERR_DENIED);
	assert_string_equal(text_at(error, "code"), "D337");
	drop(error);
	refused(&f, "dc-operator-1", "pin.set", "{'pin':'" PIN "'}", "D340");
	refused(&f, "dc-operator-1", "session.open", "{'person':'x','pin':'" PIN "'}", "D338");
	fixture_stop(&f);
}

/* --- sitting down ------------------------------------------------------------------------- */

static void
open__right_pin__is_that_person_at_that_post(void **state)
{
	static const char report[] =
		"{'fields':{'title':'Rack','situation':'Dark.','contact':'1','answers':"
		"{'service-disruption':'yes'}}}";
	struct post_desk d;
	struct event event;
	json_t *answer;

	(void)state;
	post_start(&d, ON_MEMORY);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	answer = post_ok(&d, "incident.report", report);
	assert_int_equal(store_event_by_id(d.f.store, d.f.arena, "x", &event), ERR_NOT_FOUND);
	{
		struct event_list events = { NULL, 0 };

		assert_int_equal(
			store_subject(d.f.store, d.f.arena, text_at(answer, "id"), &events),
			ERR_OK);
		assert_string_equal(events.items[0].actor, "dc-operator-1");
		assert_string_equal(events.items[0].post, "dc-console");
	}
	drop(answer);
	assert_int_equal(post_entries(&d, "session-opened", &event), 1);
	assert_string_equal(event.actor, "dc-operator-1");
	assert_string_equal(event.post, "dc-console");
	drop(post_ok(&d, "session.close", NULL));
	assert_string_equal(post_code(&d, "incident.list", NULL), "D330");
	assert_int_equal(post_entries(&d, "session-closed", &event), 1);
	assert_non_null(strstr(event.body, "\"why\":\"closed\""));
	post_stop(&d);
}

static void
open__another_takes_the_seat__the_first_is_closed(void **state)
{
	struct post_desk d;
	struct event event;
	json_t *info;

	(void)state;
	post_start(&d, ON_MEMORY);
	drop(ok(&d.f, "dc-operator-2", "pin.set", "{'pin':'860253'}"));
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	assert_string_equal(post_open_code(&d, "dc-operator-2", "860253"), "");
	assert_int_equal(post_entries(&d, "session-closed", &event), 1);
	assert_string_equal(event.actor, "dc-operator-1");
	assert_non_null(strstr(event.body, "\"why\":\"taken\""));
	info = post_ok(&d, "desk.info", NULL);
	assert_string_equal(text_at(json_object_get(info, "person"), "id"), "dc-operator-2");
	drop(info);
	/* A program that just ends leaves the seat, too. */
	desk_door_free(&d.door);
	d.door = post_door(&d.f);
	assert_int_equal(post_entries(&d, "session-closed", &event), 2);
	assert_non_null(strstr(event.body, "\"why\":\"gone\""));
	assert_string_equal(post_code(&d, "incident.list", NULL), "D330");
	post_stop(&d);
}

/* --- guessing ------------------------------------------------------------------------------- */

/* --- idle ------------------------------------------------------------------------------ */

static void
post__nobody_used_it_for_its_minutes__locks_itself(void **state)
{
	struct post_desk d;
	struct event event;
	json_t *error;
	enum err e;

	(void)state;
	post_start(&d, ON_MEMORY);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	d.f.now += 9 * MINUTE;
	drop(post_ok(&d, "session.keep", NULL));
	d.f.now += 9 * MINUTE;
	drop(post_ok(&d, "draft.save", "{'form':'report','fields':{'title':'x'}}"));
	d.f.now += 9 * MINUTE;
	/* What a screen does by itself keeps nothing open. */
	drop(post_ok(&d, "incident.list", NULL));
	drop(post_ok(&d, "me.prefer", "{'name':'clock','value':'rest'}"));
	d.f.now += MINUTE - 1;
	drop(post_ok(&d, "incident.list", NULL));
	d.f.now += 1;
	error = post_call(&d, "incident.list", NULL, &e);
	assert_string_equal(text_at(error, "code"), "D331");
	assert_true(json_is_true(json_object_get(error, "locked")));
	assert_non_null(strstr(text_at(error, "text"), "10"));
	drop(error);
	assert_string_equal(post_code(&d, "session.keep", NULL), "D331");
	assert_int_equal(post_entries(&d, "session-closed", &event), 1);
	assert_non_null(strstr(event.body, "\"why\":\"idle\""));
	assert_string_equal(event.actor, "dc-operator-1");
	/* The draft is its writer's, from any place. */
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	error = post_ok(&d, "draft.list", NULL);
	assert_int_equal(json_array_size(json_object_get(error, "drafts")), 1);
	drop(error);
	post_stop(&d);
}

/* --- PINs ------------------------------------------------------------------------------ */

static void
pin_set__what_somebody_would_try_first__is_refused(void **state)
{
	static const char *const bad[] = { "12345", "", "123456", "000000", "999999", "654321",
		"890123", "246802", "135791", "121212", "123123", "12345a", "１２３４５６",
		"4711471147114711", "246246" };
	struct post_desk d;

	(void)state;
	post_start(&d, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char args[100];
		json_t *error;

		snprintf(args, sizeof(args), "{'pin':'%s'}", bad[i]);
		error = refusal(&d.f, "dc-operator-2", "pin.set", args);
		assert_true(strcmp(text_at(error, "code"), "D335") == 0 || bad[i][0] == '\0');
		drop(error);
	}
	refused(&d.f, "dc-operator-1", "pin.set", "{'pin':'" PIN "'}", "D335"); /* as it was */
	drop(ok(&d.f, "dc-operator-1", "pin.set", "{'pin':'471108'}"));
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D332");
	d.f.now += 1000;
	assert_string_equal(post_open_code(&d, "dc-operator-1", "471108"), "");
	/* At the console the old one must be known. */
	assert_string_equal(post_code(&d, "pin.set", "{'pin':'555123'}"), "D339");
	assert_string_equal(post_code(&d, "pin.set", "{'old':'1','pin':'555123'}"), "D332");
	d.f.now += 1000;
	assert_string_equal(post_code(&d, "pin.set", "{'old':'471108','pin':'555123'}"), "");
	assert_string_equal(post_code(&d, "incident.list", NULL), "");
	post_stop(&d);
}

static void
pin_reset__good_once__must_be_changed_before_anything_else(void **state)
{
	struct post_desk d;
	struct event event;
	json_t *reset;
	json_t *answer;
	char pin[20];
	char args[100];

	(void)state;
	post_start(&d, ON_MEMORY);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	refused(&d.f, "dc-owner", "pin.reset", "{'person':'dc-operator-1'}", "D301");
	reset = ok(&d.f, "admin", "pin.reset", "{'person':'dc-operator-1'}");
	snprintf(pin, sizeof(pin), "%s", text_at(reset, "pin"));
	assert_int_equal(strlen(pin), 8);
	drop(reset);
	/* Who sits there with the old one gets up, and the old one fits no more. */
	assert_string_equal(post_code(&d, "incident.list", NULL), "D330");
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D332");
	d.f.now += 1000;
	snprintf(args, sizeof(args), "{'person':'dc-operator-1','pin':'%s'}", pin);
	answer = post_ok(&d, "session.open", args);
	assert_true(json_is_true(json_object_get(answer, "must_change")));
	assert_string_equal(text_at(json_object_get(answer, "pin"), "set_by"), "admin");
	drop(answer);
	assert_string_equal(post_code(&d, "incident.list", NULL), "D336");
	snprintf(args, sizeof(args), "{'pin':'%s'}", pin);
	assert_string_equal(post_code(&d, "pin.set", args), "D335");
	assert_string_equal(post_code(&d, "pin.set", "{'pin':'860253'}"), "");
	assert_string_equal(post_code(&d, "incident.list", NULL), "");
	assert_int_equal(post_entries(&d, "pin-reset", &event), 1);
	assert_string_equal(event.actor, "admin");
	assert_non_null(strstr(event.body, "dc-operator-1"));
	assert_null(strstr(event.body, pin));
	post_stop(&d);
}

static void
pin_reset__not_used_in_time__fits_no_more(void **state)
{
	struct post_desk d;
	json_t *reset;
	char args[100];

	(void)state;
	post_start(&d, ON_MEMORY);
	reset = ok(&d.f, "admin", "pin.reset", "{'person':'dc-operator-2'}");
	snprintf(
		args, sizeof(args), "{'person':'dc-operator-2','pin':'%s'}", text_at(reset, "pin"));
	drop(reset);
	d.f.now += INT64_C(3) * 24 * 60 * MINUTE + 1;
	assert_string_equal(post_code(&d, "session.open", args), "D332");
	post_stop(&d);
}

static void
pin_list__tells_administrators_who_has_one_and_who_is_locked_out(void **state)
{
	struct post_desk d;
	json_t *answer;
	json_t *row;
	size_t i;
	int found = 0;

	(void)state;
	post_start(&d, ON_MEMORY);
	for (i = 0; i < 5; i++, d.f.now += 8000) {
		(void)post_open_code(&d, "dc-operator-2", "111111");
	}
	refused(&d.f, "office-head", "pin.list", NULL, "D301");
	answer = ok(&d.f, "admin", "pin.list", NULL);
	json_array_foreach(json_object_get(answer, "people"), i, row)
	{
		if (strcmp(text_at(row, "person"), "dc-operator-1") == 0) {
			assert_true(json_is_true(json_object_get(row, "has_pin")));
			assert_true(json_is_null(json_object_get(row, "locked_until")));
			found++;
		} else if (strcmp(text_at(row, "person"), "dc-operator-2") == 0) {
			assert_true(json_is_false(json_object_get(row, "has_pin")));
			assert_true(json_is_string(json_object_get(row, "locked_until")));
			found++;
		}
	}
	assert_int_equal(found, 2);
	drop(answer);
	post_stop(&d);
}

/* F38: the digits are nowhere in the file, the caller's own document included. */
static void
pin__after_use__is_nowhere(void **state)
{
	struct post_desk d;
	json_t *args;
	json_t *result = NULL;
	json_t *error = NULL;
	static char bytes[1 << 20];
	static const char *const suffixes[] = { "", "-wal" };

	(void)state;
	post_start(&d, ON_SQLITE);
	args = doc("{'person':'dc-operator-1','pin':'" PIN "'}");
	assert_int_equal(d.door.call(d.door.ctx, "session.open", args, &result, &error), ERR_OK);
	assert_string_equal(text_at(args, "pin"), "      ");
	drop(args);
	drop(result);
	drop(ok(&d.f, "dc-operator-1", "incident.list", NULL));
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char path[120];
		FILE *file;
		size_t n;

		snprintf(path, sizeof(path), "%s%s", d.f.path, suffixes[i]);
		file = fopen(path, "re");
		assert_non_null(file);
		n = fread(bytes, 1, sizeof(bytes), file);
		assert_true(n > 1000 && n < sizeof(bytes));
		assert_null(memmem(bytes, n, PIN, strlen(PIN)));
		/* The search can find what is there. */
		assert_true(i == 1 || memmem(bytes, n, "CREATE TABLE pin", 16));
		fclose(file);
	}
	post_stop(&d);
}

/* Work that goes on while nobody sits there any more: its next piece, or its answer, is refused. */
static void
idle__while_something_long_is_done__locks_all_the_same(void **state)
{
	struct post_desk d;
	struct event event;
	json_t *before;
	json_t *meanwhile;
	json_t *after;

	(void)state;
	post_start(&d, ON_SQLITE);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	before = desk_door_seat(&d.door);
	assert_string_equal(post_code(&d, "ledger.export", "{'limit':1}"), "");
	d.f.now += 9 * MINUTE;
	/* Another piece is no use by a person: a walk away is one. */
	assert_string_equal(post_code(&d, "ledger.export", "{'after':1,'limit':1}"), "");
	meanwhile = desk_door_seat(&d.door);
	assert_true(json_equal(before, meanwhile));
	d.f.now += MINUTE;
	after = desk_door_seat(&d.door);
	assert_false(json_equal(before, after));
	assert_string_equal(text_at(after, "locked"), "idle");
	assert_int_equal(post_entries(&d, "session-closed", &event), 1);
	assert_non_null(strstr(event.body, "\"why\":\"idle\""));
	assert_string_equal(post_code(&d, "ledger.export", "{'after':2,'limit':1}"), "D331");
	json_decref(before);
	json_decref(meanwhile);
	json_decref(after);
	post_stop(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(post__nobody_sits__says_so_and_refuses_everything_else),
		cmocka_unit_test(org_show__locked__has_what_the_list_of_names_needs),
		cmocka_unit_test(post__without_the_key_of_a_service__is_refused_with_the_reason),
		cmocka_unit_test(open__right_pin__is_that_person_at_that_post),
		cmocka_unit_test(open__another_takes_the_seat__the_first_is_closed),
		cmocka_unit_test(post__nobody_used_it_for_its_minutes__locks_itself),
		cmocka_unit_test(pin_set__what_somebody_would_try_first__is_refused),
		cmocka_unit_test(pin_reset__good_once__must_be_changed_before_anything_else),
		cmocka_unit_test(pin_reset__not_used_in_time__fits_no_more),
		cmocka_unit_test(pin_list__tells_administrators_who_has_one_and_who_is_locked_out),
		cmocka_unit_test(idle__while_something_long_is_done__locks_all_the_same),
		cmocka_unit_test(pin__after_use__is_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
