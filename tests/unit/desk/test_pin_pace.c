/* SPDX-License-Identifier: MIT */
/*
 * How often right PINs are looked at: a look holds everybody's desk up, and whoever knows a PIN
 * must not stop all of them with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "toban/base/attr.h"

#define PIN "720416"

static const uint8_t key[PIN_KEY_BYTES] = "a key of thirty-two bytes, fixed";

static void
start(struct fixture *f)
{
	fixture_start(f, ON_MEMORY);
	f->pin_key = key;
	fixture_reopen(f);
	drop(ok(f, "dc-operator-1", "pin.set", "{'pin':'" PIN "'}"));
	drop(ok(f, "dc-operator-2", "pin.set", "{'pin':'" PIN "'}"));
	f->now += 60000;
}

/* The code of session.open at a console of its own; "" somebody sat down. */
static const char *
open_code(struct fixture *f, const char *person, const char *pin)
{
	static char code[8];
	const struct session session = { .login = "dc-console" };
	struct door door;
	json_t *args = json_pack("{s:s, s:s}", "person", person, "pin", pin);
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e;

	assert_int_equal(desk_door_new(f->desk, &session, &door, &error), ERR_OK);
	e = door.call(door.ctx, "session.open", args, &result, &error);
	snprintf(code, sizeof(code), "%s", e ? text_at(error, "code") : "");
	json_decref(args);
	json_decref(result);
	json_decref(error);
	desk_door_free(&door);
	return code;
}

static void
pin__right_again_and_again__is_looked_at_so_often(void **state)
{
	struct fixture f;
	size_t looked = 0;

	(void)state;
	start(&f);
	for (int i = 0; i < 100; i++) {
		const char *code = open_code(&f, "dc-operator-1", PIN);

		assert_true(!*code || strcmp(code, "D470") == 0);
		looked += !*code;
		f.now += 195;
	}
	/* In 19.5 seconds ten at once, and one more; each from another connection. */
	assert_int_equal(looked, 11);
	/* What was not looked at tells nothing, and others are not kept out. */
	assert_string_equal(open_code(&f, "dc-operator-1", "999998"), "D470");
	assert_string_equal(open_code(&f, "dc-operator-2", PIN), "");
	f.now += 60000;
	assert_string_equal(open_code(&f, "dc-operator-1", PIN), "");
	fixture_stop(&f);
}

static void
pin__own__is_under_the_same_pace(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	/* Each looks at the old one and makes another, although the account is the proof. */
	for (int i = 0; i < 5; i++) {
		drop(ok(&f, "dc-operator-1", "pin.set",
			i % 2 ? "{'pin':'" PIN "'}" : "{'pin':'835127'}"));
	}
	refused(&f, "dc-operator-1", "pin.set", "{'pin':'" PIN "'}", "D470");
	f.now += 10001;
	drop(ok(&f, "dc-operator-1", "pin.set", "{'pin':'" PIN "'}"));
	/* It took two turns, of which one was there. */
	f.now += 10001;
	refused(&f, "dc-operator-1", "pin.set", "{'pin':'835127'}", "D470");
	f.now += 10001;
	drop(ok(&f, "dc-operator-1", "pin.set", "{'pin':'835127'}"));
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pin__right_again_and_again__is_looked_at_so_often),
		cmocka_unit_test(pin__own__is_under_the_same_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
