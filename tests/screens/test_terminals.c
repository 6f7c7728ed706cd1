/* SPDX-License-Identifier: MIT */
/*
 * The same desk on every terminal: names known and unknown, answers to the
 * question of widths or none, keys typed before the first frame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

struct wanted {
	const char *term;
	const char *lang;
	const char *text; /* on the first screen */
};

static struct vt *
start(const struct desk *desk, struct wanted wanted, const char *ahead, int ambiguous)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"--lang", wanted.lang, NULL };

	return vt_start(&(struct vt_options){ .argv = argv,
		.term = wanted.term,
		.ahead = ahead,
		.ambiguous = ambiguous,
		.rows = 24,
		.cols = 80 });
}

static void
terminal__of_every_name__shows_the_board_and_takes_keys(void **state)
{
	static const struct wanted terminals[] = {
		{ "xterm-256color", "ja", "当番" },
		{ "screen", "en", "Duty board" },
		{ "screen-256color", "en", "Duty board" },
		{ "tmux-256color", "en", "Duty board" },
		{ "vt100", "en", "Duty board" },
		{ "vt220", "en", "Duty board" },
		{ "ansi", "en", "Duty board" },
		{ "linux", "en", "[JA n]" },
		{ "xterm-kitty-of-tomorrow", "en", "not known here" },
		{ "", "en", "not known here" },
	};

	for (size_t i = 0; i < sizeof(terminals) / sizeof(terminals[0]); i++) {
		struct vt *vt = start(*state, terminals[i], NULL, 1);

		vt_expect(vt, terminals[i].text);
		vt_keys(vt, "n");
		vt_keys(vt, "y<Esc>");
		vt_keys(vt, "q");
		assert_int_equal(vt_wait_exit(vt), 0);
		vt_free(vt);
	}
}

/* The desk asks how wide a circle is drawn; what was typed meanwhile is not the answer. */
static void
probe__with_keys_typed_ahead__loses_none(void **state)
{
	const struct wanted xterm = { "xterm-256color", "en", "" };
	struct vt *vt = start(*state, xterm, "nyu", 1);

	vt_expect(vt, "question 3 of 6");
	vt_free(vt);
}

static void
probe__of_the_width_of_a_circle__is_answered(void **state)
{
	const struct wanted xterm = { "xterm-256color", "en", "" };
	static const char *const words[] = { "1 column (the terminal was asked)",
		"2 columns (the terminal was asked)" };

	for (int width = 1; width <= 2; width++) {
		struct vt *vt = start(*state, xterm, NULL, width);

		vt_resize(vt, 48, 100);
		vt_keys(vt, "7");
		vt_expect(vt, words[width - 1]);
		vt_free(vt);
	}
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(terminal__of_every_name__shows_the_board_and_takes_keys),
		ON_A_DESK(probe__with_keys_typed_ahead__loses_none),
		ON_A_DESK(probe__of_the_width_of_a_circle__is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
