/* SPDX-License-Identifier: MIT */
/*
 * Guessing PINs at a shared console: how often one is looked at, and who is locked out.
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

static void
open__five_wrong__locks_out_and_an_administrator_ends_it(void **state)
{
	struct post_desk d;
	struct event event;
	json_t *error;
	enum err e;

	(void)state;
	post_start(&d, ON_MEMORY);
	for (int i = 0; i < 4; i++) {
		assert_string_equal(post_open_code(&d, "dc-operator-1", "111111"), "D332");
		/* Too soon: not looked at, whatever it is. */
		assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D334");
		d.f.now += 8000;
	}
	assert_string_equal(post_open_code(&d, "dc-operator-1", "111111"), "D333");
	error = post_call(&d, "session.open", "{'person':'dc-operator-1','pin':'" PIN "'}", &e);
	assert_string_equal(text_at(error, "code"), "D333");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(error, "who"), 0)), "admin");
	/* There is no list of numbers to look at for whoever has not sat down. */
	assert_string_equal(text_at(json_array_get(json_object_get(error, "who_names"), 0), "en"),
		"Minoru Sudo (03-5550-0128)");
	assert_non_null(strstr(text_at(error, "what_to_do"), "Masao Ishikawa (03-5550-0103)"));
	assert_non_null(text_at(error, "until"));
	drop(error);
	assert_int_equal(post_count(&d, "pin-failed"), 4);
	assert_int_equal(post_entries(&d, "pin-locked", &event), 1);
	assert_string_equal(event.actor, "desk");
	assert_non_null(strstr(event.body, "\"person\":\"dc-operator-1\""));
	assert_non_null(strstr(event.body, "\"unchecked\":1"));
	refused(&d.f, "dc-owner", "pin.unlock", "{'person':'dc-operator-1'}", "D301");
	drop(ok(&d.f, "admin", "pin.unlock", "{'person':'dc-operator-1'}"));
	assert_int_equal(post_count(&d, "pin-unlocked"), 1);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	assert_int_equal(post_entries(&d, "session-opened", &event), 1);
	assert_non_null(strstr(event.body, "\"unchecked\":1"));
	post_stop(&d);
}

/* F41: wrong ones without end, right ones between, restarts: 20 an hour are looked at. */
static void
open__guessing_for_an_hour__is_looked_at_twenty_times(void **state)
{
	struct post_desk d;
	stamp end;
	int others = 0;

	(void)state;
	post_start(&d, ON_SQLITE);
	end = d.f.now + 60 * MINUTE;
	for (int i = 0; d.f.now < end; i++, d.f.now += 1000) {
		const char *code = post_open_code(&d, "dc-operator-1", i % 2 == 1 ? PIN : "111111");

		others += strcmp(code, "D332") != 0 && code[0] != '\0';
		if (i % 600 == 599) {
			desk_door_free(&d.door);
			fixture_reopen(&d.f);
			d.door = post_door(&d.f);
		}
	}
	assert_int_equal(post_count(&d, "pin-failed") + post_count(&d, "pin-locked"), 20);
	assert_true(others > 3000);
	/* The hour is over: the right one is looked at again. */
	d.f.now += 60 * MINUTE;
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	post_stop(&d);
}

/* Whether the administrators see somebody locked out. */
static bool
is_locked_out(struct post_desk *d, const char *person)
{
	json_t *row =
		answer_row(ok(&d->f, "admin", "pin.list", NULL), "people", "person", person);
	bool locked = json_is_string(json_object_get(row, "locked_until"));

	json_decref(row);
	return locked;
}

static void
guess_until_locked(struct post_desk *d, const char *name)
{
	for (int i = 0; i < 4; i++, d->f.now += 8000) {
		assert_string_equal(post_open_code(d, name, "864209"), "D332");
	}
	assert_string_equal(post_open_code(d, name, "864209"), "D333");
}

/* Guessing locks out who may sit at this post, nobody elsewhere, and no post. */
static void
open__guessed_names__lock_out_only_whom_they_may_mean(void **state)
{
	struct post_desk d;

	(void)state;
	post_start(&d, ON_MEMORY);
	guess_until_locked(&d, "post:dc-console");
	guess_until_locked(&d, "ga-staff-1");
	assert_false(is_locked_out(&d, "ga-staff-1"));
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	guess_until_locked(&d, "dc-operator-1");
	assert_true(is_locked_out(&d, "dc-operator-1"));
	assert_string_equal(post_open_code(&d, "\\u001fpost:dc-console", "864209"), "D105");
	post_stop(&d);
}

/* Locked out for a quarter of an hour, whatever the clock says; and no try is gained. */
static void
open__clock_set_back__waits_as_long_as_before(void **state)
{
	struct post_desk d;
	stamp then;

	(void)state;
	post_start(&d, ON_MEMORY);
	guess_until_locked(&d, "dc-operator-1");
	then = d.f.now;
	d.f.now -= (stamp)10 * 365 * 24 * 60 * MINUTE;
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D333");
	d.f.now += 14 * MINUTE;
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D333");
	d.f.now += 2 * MINUTE;
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	/* The wrong ones of the hour are still there. */
	for (int i = 0; i < 5; i++, d.f.now += 8000) {
		(void)post_open_code(&d, "dc-operator-2", "864209");
	}
	for (int back = 0; back < 50; back++) {
		d.f.now -= (stamp)120 * MINUTE;
		assert_string_equal(post_open_code(&d, "dc-operator-2", "864209"), "D333");
	}
	assert_true(d.f.now < then);
	post_stop(&d);
}

/* F41: names that nobody has, or that may not sit here, or have no PIN, are answered alike. */
static void
open__unknown_names__are_answered_and_limited_alike(void **state)
{
	static const char *const names[] = { "dc-operator-1", "nobody", "ga-staff-1",
		"dc-operator-2", PIN };
	struct post_desk d;
	struct event event;
	char story[ARRAY_LEN(names)][400] = { "" };

	(void)state;
	post_start(&d, ON_MEMORY);
	for (int i = 0; i < 60; i++, d.f.now += 3000) {
		for (size_t n = 0; n < ARRAY_LEN(names); n++) {
			size_t len = strlen(story[n]);

			snprintf(story[n] + len, sizeof(story[n]) - len, "%s ",
				post_open_code(&d, names[n], "864209"));
		}
	}
	for (size_t n = 1; n < ARRAY_LEN(names); n++) {
		assert_string_equal(story[n], story[0]);
	}
	assert_int_equal(post_entries(&d, "pin-locked", &event), ARRAY_LEN(names));
	/* What was typed for a name may be anything: it is not written down. */
	assert_non_null(strstr(event.body, "\"person\":null"));
	post_stop(&d);
}

/* --- looks beside the desk ------------------------------------------------------------------ */

/* Begins a look; the call, to be made again. */
static json_t *
ask(const struct door *door, const char *person, const char *pin)
{
	json_t *args = json_pack("{s:s, s:s}", "person", person, "pin", pin);
	json_t *result = NULL;
	json_t *error = NULL;

	assert_int_equal(door->call(door->ctx, "session.open", args, &result, &error), ERR_LATER);
	assert_null(result);
	assert_null(error);
	return args;
}

/* The look, as another process does it, and the call again: its code, "" carried out. */
static const char *
hear(const struct door *door, json_t *args)
{
	static char code[8];
	json_t *order = desk_door_awaits(door);
	json_t *outcome = desk_look(order);
	json_t *result = NULL;
	json_t *error = NULL;

	desk_door_heard(door, outcome);
	(void)door->call(door->ctx, "session.open", args, &result, &error);
	snprintf(code, sizeof(code), "%s", error ? text_at(error, "code") : "");
	json_decref(order);
	json_decref(outcome);
	json_decref(result);
	json_decref(error);
	json_decref(args);
	return code;
}

/* How many tries of this name or post count. */
static int
counted(struct post_desk *d, const char *name)
{
	char hashed[PIN_NAME_SIZE];
	struct pin_try try;
	int n = 0;

	pin_name_hash(post_key, name, hashed);
	if (store_pin_try(d->f.store, d->f.arena, hashed, &try)) {
		return 0;
	}
	for (const char *at = try.checks; *at; at++) {
		n += *at == ' ';
	}
	return n;
}

static void
start_beside(struct post_desk *d, enum fixture_store kind)
{
	post_start(d, kind);
	drop(ok(&d->f, "dc-operator-2", "pin.set", "{'pin':'390517'}"));
	desk_door_free(&d->door);
	d->f.pins_beside = true;
	fixture_reopen(&d->f);
	d->door = post_door(&d->f);
}

#define POST_NAME                                                                                  \
	"\x1f"                                                                                     \
	"post:dc-console"

/* What others did at the post meanwhile is not undone by a PIN that is right. */
static void
beside__two_at_one_post__each_try_is_its_own(void **state)
{
	struct post_desk d;
	struct door other;
	json_t *first;
	json_t *order;
	char *text;

	start_beside(&d, (enum fixture_store)(uintptr_t)*state);
	other = post_door(&d.f);
	first = ask(&d.door, "dc-operator-1", PIN);
	assert_int_equal(counted(&d, POST_NAME), 1);
	order = desk_door_awaits(&d.door);
	text = json_dumps(order, 0);
	assert_null(strstr(text, PIN));
	free(text);
	drop(order);
	d.f.now += 10;
	assert_string_equal(hear(&other, ask(&other, "dc-operator-2", "111111")), "D332");
	assert_int_equal(counted(&d, POST_NAME), 2);
	d.f.now += 10;
	assert_string_equal(hear(&d.door, first), "");
	assert_int_equal(counted(&d, POST_NAME), 1);
	assert_int_equal(counted(&d, "dc-operator-1"), 0);
	assert_int_equal(counted(&d, "dc-operator-2"), 1);
	assert_int_equal(post_count(&d, "pin-failed"), 1);
	assert_string_equal(post_code(&d, "incident.list", "{}"), "");
	desk_door_free(&other);
	post_stop(&d);
}

static void
beside__pin_reset_meanwhile__fits_no_more(void **state)
{
	struct post_desk d;
	json_t *call;

	start_beside(&d, (enum fixture_store)(uintptr_t)*state);
	call = ask(&d.door, "dc-operator-1", PIN);
	drop(ok(&d.f, "admin", "pin.reset", "{'person':'dc-operator-1'}"));
	assert_string_equal(hear(&d.door, call), "D332");
	assert_string_equal(post_code(&d, "incident.list", "{}"), "D330");
	post_stop(&d);
}

/* No looker, another person asked for, another method: nobody gets in by a look of before. */
static void
beside__call_that_is_not_the_same__gains_nothing(void **state)
{
	struct post_desk d;
	json_t *call;
	json_t *outcome = json_pack("{s:b}", "fits", true);

	(void)state;
	start_beside(&d, ON_SQLITE);
	call = ask(&d.door, "dc-operator-1", PIN);
	desk_door_heard(&d.door, outcome);
	assert_string_equal(post_open_code(&d, "dc-operator-2", "111111"), "D332");
	drop(call);
	d.f.now += 9000;
	call = ask(&d.door, "dc-operator-1", PIN);
	desk_door_heard(&d.door, outcome);
	assert_string_equal(post_code(&d, "incident.list", "{}"), "D330");
	assert_null(desk_door_awaits(&d.door));
	assert_int_equal(post_count(&d, "pin-failed"), 2);
	drop(call);
	json_decref(outcome);
	/* Without an outcome the call looks for itself. */
	d.f.now += 9000;
	call = ask(&d.door, "dc-operator-1", PIN);
	desk_door_heard(&d.door, NULL);
	drop(call);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	post_stop(&d);
}

/* Whoever goes has used the try, and it is recorded. */
static void
beside__door_closed_in_the_middle__is_a_failure(void **state)
{
	struct post_desk d;
	struct event event;

	(void)state;
	start_beside(&d, ON_SQLITE);
	drop(ask(&d.door, "dc-operator-1", PIN));
	desk_door_free(&d.door);
	d.door = post_door(&d.f);
	assert_int_equal(post_entries(&d, "pin-failed", &event), 1);
	assert_non_null(strstr(event.body, "\"person\":\"dc-operator-1\""));
	assert_int_equal(counted(&d, "dc-operator-1"), 1);
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D334");
	post_stop(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open__five_wrong__locks_out_and_an_administrator_ends_it),
		cmocka_unit_test(open__guessing_for_an_hour__is_looked_at_twenty_times),
		cmocka_unit_test(open__guessed_names__lock_out_only_whom_they_may_mean),
		cmocka_unit_test(open__clock_set_back__waits_as_long_as_before),
		cmocka_unit_test_prestate(
			beside__two_at_one_post__each_try_is_its_own, (void *)ON_MEMORY),
		cmocka_unit_test_prestate(
			beside__two_at_one_post__each_try_is_its_own, (void *)ON_SQLITE),
		cmocka_unit_test_prestate(
			beside__pin_reset_meanwhile__fits_no_more, (void *)ON_MEMORY),
		cmocka_unit_test_prestate(
			beside__pin_reset_meanwhile__fits_no_more, (void *)ON_SQLITE),
		cmocka_unit_test(beside__call_that_is_not_the_same__gains_nothing),
		cmocka_unit_test(beside__door_closed_in_the_middle__is_a_failure),
		cmocka_unit_test(open__unknown_names__are_answered_and_limited_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
