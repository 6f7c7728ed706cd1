/* SPDX-License-Identifier: MIT */
/*
 * What happens to terminals: they vanish, are killed, resized, flooded and sent
 * signals.  Whatever comes, the terminal is put back as it was, no pasted byte
 * is a command, and the program answers the next key.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vt.h"

enum { SIGNAL_ROUNDS = 200, RESIZES = 1000, MEBIBYTE = 1024 * 1024 };

static struct vt *
start(void)
{
	const char *argv[] = { getenv("FAKE_DESK"), getenv("FAKE_ANSWERS"), "en", NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .rows = 24, .cols = 80 });
}

static struct vt *
start_report(void)
{
	struct vt *vt = start();

	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	return vt;
}

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

/* F26.  What only wakes the desk comes first, then what ends it. */
static void
signals__at_random__leave_the_terminal_as_it_was(void **state)
{
	static const int harmless[] = { SIGWINCH, SIGCONT, SIGPIPE, SIGTSTP, SIGINT, SIGUSR1,
		SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGSTKFLT, 50 };
	static const int final[] = { SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGPWR };
	static const char *const places[] = { "", "n", "nyunnnn<Enter>half", "?", ":", "<Enter>a" };
	unsigned seed = 26;

	(void)state;
	for (int round = 0; round < SIGNAL_ROUNDS; round++) {
		struct vt *vt = start();

		vt_keys(vt, places[next(&seed) % 6]);
		for (unsigned n = next(&seed) % 4; n > 0; n--) {
			vt_signal(vt, harmless[next(&seed) % 13]);
		}
		vt_signal(vt, final[next(&seed) % 5]);
		assert_int_equal(vt_wait_exit(vt), 0);
		assert_true(vt_is_restored(vt));
		vt_free(vt);
	}
}

static void
suspend__without_a_shell__is_refused(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_keys(vt, "half<C-z>");
	vt_expect(vt, "nothing to go back to");
	vt_signal(vt, SIGTSTP);
	vt_keys(vt, "way");
	vt_expect(vt, "[halfway");
	vt_free(vt);
}

/* F24. */
static char *
lines(size_t len)
{
	char *text = malloc(len + 1);

	assert_non_null(text);
	for (size_t i = 0; i < len; i++) {
		/* Keys of the board, of popups, and Ctrl-S. */
		text[i] = "nqdyxu\r:\x13s?"[i % 11];
	}
	text[len] = '\0';
	return text;
}

static void
paste__of_a_mebibyte_on_the_board__is_no_command(void **state)
{
	char *text = lines(MEBIBYTE);
	struct vt *vt = start();

	(void)state;
	vt_paste(vt, text);
	vt_expect(vt, "Nothing was pasted");
	vt_expect(vt, "Duty board");
	vt_keys(vt, "<Down>");
	assert_int_equal(vt_cell(vt, 5, 0).ch, '>');
	vt_free(vt);
	free(text);
}

static void
paste__of_a_mebibyte_without_marks__is_no_command(void **state)
{
	char *text = lines(MEBIBYTE);
	struct vt *vt = start();

	(void)state;
	vt_send(vt, text, MEBIBYTE);
	vt_wait_text(vt, "Nothing was pasted");
	vt_expect(vt, "Duty board");
	vt_send(vt, "\x1b[B", 3);
	vt_wait_text(vt, ">!    -0:03 26-0002");
	vt_free(vt);
	free(text);
}

static void
paste__of_a_mebibyte_into_a_field__is_cut_at_its_limit(void **state)
{
	char *text = lines(MEBIBYTE);
	struct vt *vt = start_report();

	(void)state;
	vt_paste(vt, text);
	vt_expect(vt, "step 2 of 2");
	vt_refuse(vt, "Send the report now?");
	vt_keys(vt, "<C-u><Home>");
	vt_free(vt);
	vt = start_report();
	vt_send(vt, text, MEBIBYTE);
	vt_wait_text(vt, "draft saved");
	vt_expect(vt, "step 2 of 2");
	vt_refuse(vt, "Send the report now?");
	vt_free(vt);
	free(text);
}

/* Every byte value, and what terminals send unasked; none is a command. */
static void
bytes__of_every_value__leave_the_desk_answering(void **state)
{
	static const char *const foreign[] = { "\x1b[<0;10;5M", "\x1b[M !!", "\x1b[I", "\x1b[O",
		"\x1b]11;rgb:0000/0000/0000\x07", "\x1b[?62;22c", "\x1b[12;40R", "\x1bP1$r0m\x1b\\",
		"\2330n", /* octal: a hexadecimal number would take the 0, too */
		"\xff\xfe", "\xe3\x81" };
	struct vt *vt = start();

	(void)state;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		vt_send(vt, foreign[i], strlen(foreign[i]));
	}
	/* Had one byte of these been a key, the board were gone or said something. */
	vt_keys(vt, "<Down>");
	vt_expect(vt, "Duty board");
	assert_int_equal(vt_cell(vt, 5, 0).ch, '>');
	vt_free(vt);
	vt = start_report();
	for (unsigned byte = 0x80; byte < 0x100; byte++) {
		char one = (char)byte;

		vt_send(vt, &one, 1);
	}
	vt_send(vt, "ok", 2);
	vt_wait_text(vt, "[ok");
	vt_expect(vt, "step 2 of 2");
	vt_free(vt);
}

/* A character may arrive in pieces, and a key sequence, too. */
static void
bytes__split_over_reads__are_one_key(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_send(vt, "\xe3", 1);
	vt_keys(vt, ""); /* what was sent is read: the idle mark came after it */
	vt_send(vt, "\x81", 1);
	vt_send(vt, "\x82", 1);
	vt_wait_text(vt, "[あ");
	vt_free(vt);
}

/* F23. */
static void
resize__a_thousand_times__keeps_text_and_caret(void **state)
{
	static const int sizes[][2] = { { 1, 1 }, { 200, 500 }, { 16, 60 }, { 2, 300 }, { 15, 59 },
		{ 100, 3 }, { 48, 160 } };
	struct vt *vt = start_report();
	unsigned seed = 23;

	(void)state;
	vt_keys(vt, "顧客の<Left>");
	for (int i = 0; i < RESIZES; i++) {
		const int *size = sizes[next(&seed) % 7];

		vt_resize(vt, size[0], size[1]);
	}
	vt_resize(vt, 24, 80);
	vt_keys(vt, "x");
	vt_expect(vt, "[顧客xの");
	vt_free(vt);
}

/* Keys in the line before the window shrank, and behind it, are text: `q` is a letter. */
static void
resize__below_the_least_size__takes_text_all_the_same(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_type(vt, "ab");
	vt_resize(vt, 10, 40);
	vt_wait_text(vt, "goes on");
	vt_keys(vt, "cq<C-s><F2><Tab>next");
	vt_resize(vt, 24, 80);
	vt_wait_text(vt, "[abcq ");
	vt_expect(vt, "| next");
	vt_refuse(vt, "Send the report now?");
	vt_resize(vt, 10, 40);
	vt_keys(vt, "<C-c>");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = start();
	vt_resize(vt, 10, 40);
	vt_keys(vt, "nd");
	vt_expect(vt, "q leaves");
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals__at_random__leave_the_terminal_as_it_was),
		cmocka_unit_test(suspend__without_a_shell__is_refused),
		cmocka_unit_test(paste__of_a_mebibyte_on_the_board__is_no_command),
		cmocka_unit_test(paste__of_a_mebibyte_without_marks__is_no_command),
		cmocka_unit_test(paste__of_a_mebibyte_into_a_field__is_cut_at_its_limit),
		cmocka_unit_test(bytes__of_every_value__leave_the_desk_answering),
		cmocka_unit_test(bytes__split_over_reads__are_one_key),
		cmocka_unit_test(resize__a_thousand_times__keeps_text_and_caret),
		cmocka_unit_test(resize__below_the_least_size__takes_text_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
