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
		{ "putty", "en", "Duty board" },
		{ "foot", "en", "Duty board" },
		{ "xterm-kitty", "en", "Duty board" },
		{ "xterm-mono", "en", "Duty board" },
		{ "xterm", "en", "Duty board" },
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

/* These terminals mark no pastes; a paste is known by its speed and its lines. */
static void
paste__without_marks__is_text_in_a_form_and_nothing_outside(void **state)
{
	static const char *const names[] = { "screen", "linux", "vt100" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct vt *vt = start(*state, (struct wanted){ names[i], "en", "" }, NULL, 1);

		vt_bytes_as_key(vt, "nyq\rdq\r");
		vt_expect(vt, "Nothing was pasted");
		vt_refuse(vt, "question 1 of 6");
		/* Typed ahead on a slow line: no line ends, so these are keys. */
		vt_keys(vt, "nyunnnn");
		vt_keys(vt, "<Enter>");
		vt_bytes_as_key(vt, "disk 3\rdisk 4\r");
		vt_expect(vt, "disk 3 disk 4");
		vt_expect(vt, "step 2 of 2");
		vt_refuse(vt, "Send the report now?");
		vt_keys(vt, "<Esc>");
		vt_keys(vt, "q");
		assert_int_equal(vt_wait_exit(vt), 0);
		vt_free(vt);
	}
}

/* The settings say what is known, and what came is no key. */
static void
probe__answered_badly__does_not_claim_an_answer(void **state)
{
	static const struct {
		enum vt_reply reply;
		const char *words;
	} cases[] = {
		{ VT_REPLY_NONE, "1 column (the terminal did not answer)" },
		{ VT_REPLY_GARBAGE, "1 column (the terminal did not answer)" },
		{ VT_REPLY_LATE, "1 column (the terminal did not answer)" },
		{ VT_REPLY_SPLIT, "1 column (the terminal was asked)" },
	};
	const struct desk *desk = *state;
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"--lang", "en", NULL };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt *vt = NULL;

		/* On a busy machine an answer in time may come too late; not five times. */
		for (int tries = 0; tries < 5 && (!vt || !vt_has_text(vt, cases[i].words));
			tries++) {
			vt_free(vt);
			vt = vt_start(&(struct vt_options){
				.argv = argv, .reply = cases[i].reply, .rows = 48, .cols = 100 });
			vt_expect(vt, "Duty board");
			vt_keys(vt, "7");
			/* An answer that comes late looks like F15: the marks count it as a key. */
			vt_wait_text(vt, "the terminal ");
		}
		vt_expect(vt, cases[i].words);
		vt_free(vt);
	}
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(terminal__of_every_name__shows_the_board_and_takes_keys),
		ON_A_DESK(paste__without_marks__is_text_in_a_form_and_nothing_outside),
		ON_A_DESK(probe__with_keys_typed_ahead__loses_none),
		ON_A_DESK(probe__of_the_width_of_a_circle__is_answered),
		ON_A_DESK(probe__answered_badly__does_not_claim_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
