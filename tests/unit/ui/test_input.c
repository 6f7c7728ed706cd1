/* SPDX-License-Identifier: MIT */
/*
 * Bytes of terminals: characters split over reads, keys, and everything that
 * must be no key at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "burst.h"
#include "input.h"
#include "keys.h"

struct typed {
	int keys[64];
	size_t n;
};

static void
feed(struct input *input, const char *bytes, size_t len, struct typed *typed)
{
	for (size_t i = 0; i < len; i++) {
		int out[INPUT_KEYS];
		size_t n = input_byte(input, (unsigned char)bytes[i], out);

		assert_true(n <= INPUT_KEYS && typed->n + n <= 64);
		memcpy(typed->keys + typed->n, out, n * sizeof(out[0]));
		typed->n += n;
	}
}

static void
expect(const char *bytes, size_t len, const int *keys, size_t n)
{
	struct input input = { 0 };
	struct typed typed = { .n = 0 };
	int out[INPUT_KEYS];
	size_t more;

	feed(&input, bytes, len, &typed);
	more = input_quiet(&input, out);
	memcpy(typed.keys + typed.n, out, more * sizeof(out[0]));
	typed.n += more;
	assert_int_equal(typed.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(typed.keys[i], keys[i]);
	}
}

#define EXPECT(text, ...)                                                                          \
	expect(text, sizeof(text) - 1, (const int[]){ __VA_ARGS__ },                               \
		sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static void
input__characters__are_decoded_strictly(void **state)
{
	(void)state;
	EXPECT("a\xe3\x81\x82\xf0\x9f\x98\x80", 'a', 0x3042, 0x1f600);
	/* Overlong, surrogate, cut off, C1, stray continuation: no key, and the next one lives. */
	EXPECT("\xc0\xafx", 'x');
	EXPECT("\xe0\x80\xafx", 'x');
	EXPECT("\xed\xa0\x80x", 'x');
	EXPECT("\xe3\x81x", 'x');
	EXPECT("\xc2\x85x", 'x');
	EXPECT("\xff\xfe\x80x", 'x');
	EXPECT("\r\x7f\b", K_ENTER, K_BACKSPACE, K_BACKSPACE);
}

static void
input__escape__is_a_key_or_a_sequence(void **state)
{
	(void)state;
	EXPECT("\x1b", K_ESC);
	EXPECT("\x1b\x1b", K_ESC, K_ESC);
	EXPECT("\x1bq", K_ESC, 'q');
	EXPECT("\x1bPq", K_ESC, 'P', 'q');
	EXPECT("\x1b]", K_ESC, ']');
	EXPECT("\x1b[A", K_UP);
	EXPECT("\x1bOB", K_DOWN);
	EXPECT("\x9b"
	       "A",
		K_UP);
}

#define NOTHING(text) expect(text "k", sizeof(text "k") - 1, (const int[]){ 'k' }, 1)

static void
input__foreign_sequences__give_no_key(void **state)
{
	(void)state;
	NOTHING("\x1b[<0;10;5M");
	NOTHING("\x1b[M !!");
	NOTHING("\x1b[M\xff\x80q");
	NOTHING("\x1b[I");
	NOTHING("\x1b[O");
	NOTHING("\x1b[?62;22c");
	NOTHING("\x1b]11;rgb:0000/0000/0000\x07");
	NOTHING("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
	NOTHING("\x1bP1$r0m\x1b\\");
	NOTHING("\x1b[1;5A");
	NOTHING("\x1bOx");
}

static void
input__string_without_end__is_left_at_a_control(void **state)
{
	(void)state;
	EXPECT("\x1b]11;rgb\rk", K_ENTER, 'k');
	EXPECT("\x1b[12\x03k", 3, 'k');
}

/* Where the bytes are cut does not matter; all 256 values leave the decoder usable. */
static void
input__every_byte_twice__is_over_at_a_line_end(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			struct input input = { 0 };
			struct typed typed = { .n = 0 };
			char bytes[] = { (char)a, (char)b };
			int out[INPUT_KEYS];

			feed(&input, bytes, 2, &typed);
			(void)input_quiet(&input, out);
			/* Whatever was begun, line ends bring it back. */
			feed(&input, "\r\r\r", 3, &typed);
			assert_false(input_is_open(&input));
		}
	}
}

#define IS_PASTE(...)                                                                              \
	burst_is_paste(                                                                            \
		(const int[]){ __VA_ARGS__ }, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static void
burst__with_the_end_of_a_line__is_a_paste(void **state)
{
	int held_back[65];

	(void)state;
	assert_true(IS_PASTE('q', 'd', 'y', K_ENTER));
	assert_true(IS_PASTE(K_ENTER, 0x3042, K_TAB, 'y'));
	assert_true(IS_PASTE('q', 'd', 'y', K_ENTER, K_CTRL('S')));
	/* Three keys a fast hand may do; many without a line come from a slow one. */
	assert_false(IS_PASTE('d', 'y', K_ENTER));
	assert_false(IS_PASTE('n', 'y', 'u', 'n', 'n', 'n', 'n'));
	assert_false(IS_PASTE('j', 'j', K_DOWN, K_ENTER, 'a', 'b'));
	assert_false(IS_PASTE(K_UP, K_UP, K_UP, K_ENTER));
	for (size_t i = 0; i < 65; i++) {
		held_back[i] = 'x';
	}
	assert_false(burst_is_paste(held_back, 64));
	assert_true(burst_is_paste(held_back, 65));
}

static void
burst__as_text__has_its_lines(void **state)
{
	static const int keys[] = { 'a', K_ENTER, 0x6f0f, K_TAB, 'b' };
	struct str out = STR_INIT;

	(void)state;
	assert_int_equal(burst_text(keys, 5, &out), 5);
	assert_string_equal(str_text(&out), "a\n漏\tb");
	str_release(&out);
}

static void
burst__before_another_key__is_only_what_is_plain(void **state)
{
	static const int keys[] = { 'a', 'b', 'c', K_ENTER, K_ESC };
	struct str out = STR_INIT;

	(void)state;
	assert_int_equal(burst_text(keys, 5, &out), 4);
	assert_string_equal(str_text(&out), "abc\n");
	str_release(&out);
}

/* Where the cursor stands is an answer, in 7 or 8 bits; what only looks like it is nothing. */
static void
input__cursor_report__gives_its_column(void **state)
{
	static const char *const others[] = { "\033[R", "\033[;R", "\033[5R", "\033[?5;2R",
		"\033[1;2;3R", "\033[5;R", "\033[;2R", "\033[0;0R" };
	struct input input = { 0 };
	struct typed typed = { .n = 0 };

	(void)state;
	EXPECT("\033[24;3R", K_REPORT);
	EXPECT("\2331;2Rx", K_REPORT, 'x');
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		expect(others[i], strlen(others[i]), NULL, 0);
	}
	feed(&input, "\033[50;132R", 9, &typed);
	assert_int_equal(typed.n, 1);
	assert_int_equal(input.column, 132);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(input__characters__are_decoded_strictly),
		cmocka_unit_test(input__escape__is_a_key_or_a_sequence),
		cmocka_unit_test(input__foreign_sequences__give_no_key),
		cmocka_unit_test(input__string_without_end__is_left_at_a_control),
		cmocka_unit_test(input__every_byte_twice__is_over_at_a_line_end),
		cmocka_unit_test(burst__with_the_end_of_a_line__is_a_paste),
		cmocka_unit_test(burst__as_text__has_its_lines),
		cmocka_unit_test(burst__before_another_key__is_only_what_is_plain),
		cmocka_unit_test(input__cursor_report__gives_its_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
