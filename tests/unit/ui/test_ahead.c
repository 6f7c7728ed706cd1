/* SPDX-License-Identifier: MIT */
/*
 * What was typed ahead, as it is shown while something is waited for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ahead.h"
#include "toban/base/attr.h"

static void
expect(const char *bytes, const char *words)
{
	struct keyboard keyboard = { 0 };
	struct str out = STR_INIT;

	str_add(&keyboard.ahead, bytes);
	ahead_words(&keyboard, &out);
	assert_string_equal(str_text(&out), words);
	assert_string_equal(str_text(&keyboard.ahead), bytes);
	str_release(&out);
	str_release(&keyboard.ahead);
}

static void
ahead__keys__are_named_as_typed(void **state)
{
	static const struct {
		const char *bytes;
		const char *words;
	} cases[] = {
		{ "", "" },
		{ "fan 3", "fan 3" },
		{ "ファン", "ファン" },
		{ "fan 4\177"
		  "3",
			"fan 3" },
		{ "ファンx\177\177", "ファ" },
		{ "n\r\tfan", "n[Enter][Tab]fan" },
		{ "\r\177", "[Enter][Backspace]" }, /* what a key did is not taken back */
		{ "\023", "[Ctrl-S]" },
		{ "a\033[Bb", "a[Down]b" },
		{ "a\033[1;9R", "a" }, /* nor what the terminal answers */
		{ "a\033[200~secret\rtext\033[201~b", "a[...]b" },
		{ "a\033[200~still going on", "a[...]" },
		{ "\xff\xfe", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect(cases[i].bytes, cases[i].words);
	}
}

static void
ahead__much__only_the_end_is_read(void **state)
{
	struct keyboard keyboard = { 0 };
	struct str out = STR_INIT;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		str_add(&keyboard.ahead, "漢");
	}
	str_add(&keyboard.ahead, "end");
	ahead_words(&keyboard, &out);
	assert_true(out.len > 400 && out.len <= 512);
	assert_int_equal(strncmp(str_text(&out), "漢", 3), 0);
	assert_string_equal(str_text(&out) + out.len - 3, "end");
	str_release(&out);
	str_release(&keyboard.ahead);
}

static void
ahead__half_of_it_read__begins_where_the_keys_go_on(void **state)
{
	struct keyboard keyboard = { .ahead_at = 3 };
	struct str out = STR_INIT;

	(void)state;
	str_add(&keyboard.ahead, "abcdef");
	ahead_words(&keyboard, &out);
	assert_string_equal(str_text(&out), "def");
	str_release(&out);
	str_release(&keyboard.ahead);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ahead__keys__are_named_as_typed),
		cmocka_unit_test(ahead__much__only_the_end_is_read),
		cmocka_unit_test(ahead__half_of_it_read__begins_where_the_keys_go_on),
	};

	return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
