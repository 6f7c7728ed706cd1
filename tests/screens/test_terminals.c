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

/* Typed fast, and then a paste whose marks nobody expected: both are there. */
static void
paste__with_marks_behind_a_fast_line__loses_neither(void **state)
{
	static const char *const names[] = { "screen", "linux", "vt100" };
	struct str many = STR_INIT;

	str_add(&many, "abc\r\x1b[200~");
	str_add_repeat(&many, 'x', 300);
	str_add(&many, "END\x1b[201~");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct vt *vt = start(*state, (struct wanted){ names[i], "en", "" }, NULL, 1);

		vt_keys(vt, "nyunnnn");
		vt_keys(vt, "<Enter>");
		vt_send(vt, "abc\r\x1b[200~PASTE\x1b[201~!", 22);
		vt_wait_text(vt, "PASTE!");
		vt_expect(vt, "[abc ");
		vt_refuse(vt, "[abc PASTE");
		/* What was said once holds: the next fast line is keys at once. */
		vt_send(vt, "\tdef\r", 5);
		vt_wait_text(vt, "[def ");
		vt_free(vt);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct vt *vt = start(*state, (struct wanted){ names[i], "en", "" }, NULL, 1);

		vt_keys(vt, "nyunnnn");
		vt_keys(vt, "<Enter>");
		vt_send(vt, str_text(&many), many.len);
		vt_wait_text(vt, "xEND");
		vt_expect(vt, "[abc ");
		vt_free(vt);
	}
	str_release(&many);
}

/* A line that came fast passes for a paste; the key behind it is one all the same. */
static void
paste__without_marks__leaves_the_key_behind_it(void **state)
{
	static const char *const ends[] = { "\x1b", "\x1bOA", "\x1b[A", "\x13" };
	static const char *const seen[] = { "is kept as draft", ">*Situation", ">*Situation",
		"Send the report now?" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct vt *vt = start(*state, (struct wanted){ "vt100", "en", "" }, NULL, 1);

		vt_keys(vt, "nyunnnn");
		vt_keys(vt, "<Enter>");
		vt_keys(vt, "t<Tab>s<Tab>5");
		vt_send(vt, "abc\r", 4);
		vt_send(vt, ends[i], strlen(ends[i]));
		vt_wait_text(vt, seen[i]);
		vt_free(vt);
	}
}

static struct vt *
start_answering(const struct desk *desk, enum vt_reply reply, int ambiguous)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"--lang", "ja", NULL };

	return vt_start(&(struct vt_options){
		.argv = argv, .reply = reply, .ambiguous = ambiguous, .rows = 48, .cols = 100 });
}

/* The settings say what is known, and what came is no key. */
static void
probe__answered_badly__does_not_claim_an_answer(void **state)
{
	static const struct {
		enum vt_reply reply;
		int ambiguous;
		const char *words;
	} cases[] = {
		{ VT_REPLY_NONE, 2, "1 桁（端末は答えませんでした）" },
		{ VT_REPLY_GARBAGE, 2, "1 桁（端末は答えませんでした）" },
		{ VT_REPLY_SPLIT, 1, "1 桁（端末に確認）" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt *vt = start_answering(*state, cases[i].reply, cases[i].ambiguous);

		vt_keys(vt, "7");
		vt_wait_text(vt, cases[i].words);
		vt_free(vt);
	}
}

/* In the first row an answer looks like F15 or F51; late, it is an answer all the same. */
static void
probe__answered_late__is_taken_over_then(void **state)
{
	struct vt *vt = start_answering(*state, VT_REPLY_LATE, 1);

	vt_keys(vt, "7");
	vt_wait_text(vt, "1 桁（端末に確認）");
	vt_free(vt);
	vt = start_answering(*state, VT_REPLY_LATE, 2);
	vt_keys(vt, "7");
	vt_wait_text(vt, "2 桁（端末に確認）");
	vt_free(vt);
}

/* What it cannot show is not left on the screen; text that was begun goes on. */
static void
probe__answered_late_without_utf8__goes_over_to_english(void **state)
{
	struct vt *vt = start_answering(*state, VT_REPLY_LATIN, 1);

	vt_wait_text(vt, "This terminal has no Japanese font");
	vt_wait_text(vt, "?:help");
	vt_keys(vt, "nyunnnn");
	vt_keys(vt, "<Enter>ab");
	vt_expect(vt, "[ab");
	vt_free(vt);
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
		ON_A_DESK(paste__with_marks_behind_a_fast_line__loses_neither),
		ON_A_DESK(paste__without_marks__leaves_the_key_behind_it),
		ON_A_DESK(probe__answered_badly__does_not_claim_an_answer),
		ON_A_DESK(probe__answered_late__is_taken_over_then),
		ON_A_DESK(probe__answered_late_without_utf8__goes_over_to_english),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
