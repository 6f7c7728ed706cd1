/* SPDX-License-Identifier: MIT */
/*
 * The screens over the fake door: keys, Japanese typing, resizes and frames,
 * with what the door says fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vt.h"

/* Given by meson: the program and its answers. */
static struct vt *
start_with(const char *lang, const char *setting)
{
	const char *argv[] = { getenv("FAKE_DESK"), getenv("FAKE_ANSWERS"), lang, NULL };
	const char *env[] = { setting, NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

static struct vt *
start(const char *lang, int rows, int cols)
{
	const char *argv[] = { getenv("FAKE_DESK"), getenv("FAKE_ANSWERS"), lang, NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .rows = rows, .cols = cols });
}

static void
terminal__unknown_name__is_taken_for_xterm_and_said(void **state)
{
	struct vt *vt = start_with("en", "TERM=nobody-knows-this");

	(void)state;
	vt_expect(vt, "Duty board");
	vt_expect(vt, "not known here");
	vt_keys(vt, "<Down>");
	assert_int_equal(vt_cell(vt, 5, 0).ch, '>');
	vt_free(vt);
}

static void
terminal__without_colours__marks_by_attributes_alone(void **state)
{
	struct vt *vt = start_with("en", "NO_COLOR=1");

	(void)state;
	assert_int_equal(vt_cell(vt, 6, 1).ch, '!');
	assert_int_equal(vt_cell(vt, 6, 2).ch, '!');
	assert_true(vt_cell(vt, 6, 1).reverse);
	vt_free(vt);
}

static void
terminal__arrow_in_the_other_mode__is_an_arrow(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_bytes_as_key(vt, "\x1b[B");
	assert_int_equal(vt_cell(vt, 5, 0).ch, '>');
	vt_bytes_as_key(vt, "\x1bOA");
	assert_int_equal(vt_cell(vt, 4, 0).ch, '>');
	vt_free(vt);
}

static void
board__first_frame__holds_rows_counts_and_hints(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_expect(vt, "toban Duty board");
	vt_expect(vt, "Mine 3 | Department 7 | Open 12 | Overdue 2");
	vt_expect(vt, "26-0001");
	vt_expect(vt, "顧客データの誤送信");
	vt_expect(vt, "TRIAL, open file");
	vt_expect(vt, "Enter:open");
	assert_true(vt_bytes(vt) < 2500);
	vt_free(vt);
}

static void
board__step_down__moves_one_mark_with_few_bytes(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	(void)vt_bytes(vt);
	assert_int_equal(vt_cell(vt, 4, 0).ch, '>');
	vt_keys(vt, "<Down>");
	assert_int_equal(vt_cell(vt, 4, 0).ch, ' ');
	assert_int_equal(vt_cell(vt, 5, 0).ch, '>');
	assert_true(vt_cell(vt, 5, 0).reverse);
	assert_true(vt_bytes(vt) < 300);
	vt_free(vt);
}

static void
board__full_redraw__fits_a_slow_line(void **state)
{
	/* Every row of the table is full: three bytes for each Japanese letter are most of it. */
	static const struct {
		int rows;
		int cols;
		size_t budget;
	} sizes[] = { { 24, 80, 2500 }, { 40, 132, 5000 }, { 50, 200, 7000 } };
	static const char *const langs[] = { "en", "ja" };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) * 2; i++) {
		struct vt *vt = start(langs[i % 2], sizes[i / 2].rows, sizes[i / 2].cols);

		(void)vt_bytes(vt);
		vt_keys(vt, "<C-l>");
		assert_in_range(vt_bytes(vt), 500, sizes[i / 2].budget);
		vt_free(vt);
	}
}

static void
board__end_key__reads_the_next_page(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, "GG");
	vt_expect(vt, "26-0060");
	vt_keys(vt, "g");
	vt_expect(vt, "26-0001");
	vt_free(vt);
}

static void
board__full_width_letter__counts_as_command(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, "ｊ");
	assert_int_equal(vt_cell(vt, 5, 0).ch, '>');
	vt_keys(vt, "あ");
	vt_expect(vt, "input method");
	vt_free(vt);
}

static void
board__every_size__keeps_the_invariants(void **state)
{
	static const int sizes[][2] = { { 50, 200 }, { 16, 60 }, { 40, 132 }, { 10, 40 },
		{ 24, 81 }, { 17, 61 }, { 24, 80 } };
	struct vt *vt = start("ja", 24, 80);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		vt_keys(vt, "<Down>");
	}
	vt_expect(vt, "26-0001");
	vt_free(vt);
}

static void
board__too_small__says_so_and_ignores_keys(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_resize(vt, 12, 50);
	vt_expect(vt, "too small");
	vt_expect(vt, "50x12");
	vt_keys(vt, "n");
	vt_resize(vt, 24, 80);
	vt_expect(vt, "Duty board");
	vt_free(vt);
}

/* Goes to the report form with every question answered. */
static struct vt *
start_report(void)
{
	struct vt *vt = start("en", 24, 80);

	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	return vt;
}

static void
report__japanese_with_backspace__is_exact(void **state)
{
	struct vt *vt = start_report();
	int row;
	int col;
	bool visible;

	(void)state;
	vt_keys(vt, "顧客の誤送信た<BS>");
	vt_expect(vt, "[顧客の誤送信 ");
	vt_cursor(vt, &row, &col, &visible);
	assert_true(visible);
	assert_int_equal(row, 3);
	/* Six wide characters before the caret. */
	assert_int_equal(vt_cell(vt, row, col - 12).ch, 0x9867);
	assert_int_equal(vt_cell(vt, row, col - 2).ch, 0x4fe1);
	vt_keys(vt, "<Home><Del>a<End><Left><BS>");
	vt_expect(vt, "[a客の誤信 ");
	vt_free(vt);
}

static void
report__long_line__scrolls_sideways(void **state)
{
	struct vt *vt = start_report();
	int row;
	int col;

	(void)state;
	for (int i = 0; i < 40; i++) {
		vt_keys(vt, "漏x");
	}
	vt_cursor(vt, &row, &col, NULL);
	assert_true(col < 80);
	vt_keys(vt, "<Home>");
	vt_expect(vt, "[漏x漏x");
	vt_free(vt);
}

static void
report__area__wraps_moves_and_undoes(void **state)
{
	struct vt *vt = start_report();
	int row;
	int col;
	int up_row;

	(void)state;
	vt_keys(vt, "<Tab>一行目<Enter>二行目");
	vt_expect(vt, "| 一行目");
	vt_expect(vt, "| 二行目");
	vt_cursor(vt, &row, &col, NULL);
	vt_keys(vt, "<Up>");
	vt_cursor(vt, &up_row, &col, NULL);
	assert_int_equal(up_row, row - 1);
	vt_keys(vt, "x");
	vt_expect(vt, "| 一行目x");
	vt_keys(vt, "<C-_>");
	vt_refuse(vt, "一行目x");
	vt_free(vt);
}

static void
report__paste__is_stored_with_controls_left_out(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_paste(vt, "line one\nline two\x1b[31m");
	vt_expect(vt, "line one line two");
	vt_keys(vt, "<Tab>");
	vt_paste(vt, "貼り付け一\n貼り付け二");
	vt_expect(vt, "| 貼り付け一");
	vt_expect(vt, "| 貼り付け二");
	vt_free(vt);
}

static void
report__pause_in_typing__saves_by_itself(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_keys(vt, "half");
	vt_wait_text(vt, "draft saved 22:41");
	vt_free(vt);
}

static void
report__escape__keeps_a_draft_and_says_so(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_keys(vt, "halfway<Esc>");
	vt_expect(vt, "kept as draft D-1");
	vt_expect(vt, "Duty board");
	vt_free(vt);
}

static void
report__hostile_text__cannot_command_the_terminal(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_keys(vt,
		"a\xe2\x80\xae"
		"b");
	vt_expect(vt, "a<U+202E>b");
	vt_free(vt);
}

static void
report__unanswered_fields__show_their_problems(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	/* What is missing is found before anybody is asked whether to send. */
	vt_keys(vt, "title<C-s>");
	vt_refuse(vt, "Send the report now?");
	vt_expect(vt, "2 fields need your attention");
	/* Letters on a field without text are not lost unawares. */
	vt_keys(vt, "<Up>letters");
	vt_expect(vt, "takes no text");
	vt_keys(vt, "<Tab><C-y>");
	vt_expect(vt, "| letters");
	vt_keys(vt, "<Tab>ext. 1");
	/* The last gap is filled: nothing has to be said about it any more. */
	vt_refuse(vt, "Not sent yet");
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "Send the report now?");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "step 2 of 2");
	/* What the last row promises works in a question, too. */
	vt_keys(vt, "<C-s>2");
	vt_expect(vt, "Send the report now?");
	vt_keys(vt, "?");
	vt_expect(vt, "find:");
	vt_keys(vt, "<Esc><Esc>");
	vt_refuse(vt, "Send the report now?");
	vt_expect(vt, "step 2 of 2");
	/* The fake door refuses every report. */
	vt_keys(vt, "<C-s>y");
	vt_expect(vt, "no such answer");
	vt_expect(vt, "[title");
	vt_free(vt);
}

/* Whoever sends hears of a time nobody can read together with what is missing. */
static void
report__time_that_is_none__is_marked_with_the_rest(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_keys(vt, "title<Tab><Tab><Tab>");
	vt_expect(vt, "> Found at");
	vt_keys(vt, "<C-u>abc<C-s>");
	vt_refuse(vt, "Send the report now?");
	vt_expect(vt, "3 fields need your attention");
	vt_keys(vt, "<C-n>");
	vt_keys(vt, "<C-n>");
	vt_expect(vt, "This is no time.");
	vt_free(vt);
}

static void
help__typing__narrows_and_enter_runs(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, "?");
	vt_expect(vt, "Help: Duty board");
	vt_keys(vt, "new report");
	vt_refuse(vt, "Throw a draft away");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "step 1 of 2");
	vt_free(vt);
}

static void
command__name__runs_the_action(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, ":nonsense<Enter>");
	vt_expect(vt, "no command \"nonsense\"");
	vt_keys(vt, ":messages<Enter>");
	vt_expect(vt, "Messages of this session");
	vt_keys(vt, "q:quit<Enter>");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
}

static void
desk__hang_up__ends_cleanly(void **state)
{
	struct vt *vt = start_report();

	(void)state;
	vt_keys(vt, "text");
	vt_hangup(vt);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
}

static void
desk__ctrl_c__asks_first(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, "<C-c>");
	vt_expect(vt, "Leave the desk?");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Duty board");
	vt_keys(vt, "<C-c><Tab><Enter>");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
}

static void
incident__page__shows_chain_and_sections(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "CONTACT CHAIN");
	vt_expect(vt, "Masao Ishikawa");
	vt_keys(vt, "<Tab>");
	vt_expect(vt, "How to reach");
	vt_keys(vt, "<S-Tab><Enter>");
	vt_expect(vt, "Ledger entry");
	vt_keys(vt, "<Esc>q");
	vt_expect(vt, "Duty board");
	vt_free(vt);
}

static void
incident__drill__marks_row_one(void **state)
{
	struct vt *vt = start("en", 24, 80);

	(void)state;
	vt_keys(vt, "jjjjj<Enter>");
	assert_non_null(strstr(vt_row(vt, 0), "訓練/DRILL"));
	assert_true(vt_cell(vt, 0, 1).reverse);
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(board__first_frame__holds_rows_counts_and_hints),
		cmocka_unit_test(board__step_down__moves_one_mark_with_few_bytes),
		cmocka_unit_test(board__full_redraw__fits_a_slow_line),
		cmocka_unit_test(board__end_key__reads_the_next_page),
		cmocka_unit_test(board__full_width_letter__counts_as_command),
		cmocka_unit_test(board__every_size__keeps_the_invariants),
		cmocka_unit_test(board__too_small__says_so_and_ignores_keys),
		cmocka_unit_test(report__japanese_with_backspace__is_exact),
		cmocka_unit_test(report__long_line__scrolls_sideways),
		cmocka_unit_test(report__area__wraps_moves_and_undoes),
		cmocka_unit_test(report__paste__is_stored_with_controls_left_out),
		cmocka_unit_test(report__pause_in_typing__saves_by_itself),
		cmocka_unit_test(report__escape__keeps_a_draft_and_says_so),
		cmocka_unit_test(report__hostile_text__cannot_command_the_terminal),
		cmocka_unit_test(report__unanswered_fields__show_their_problems),
		cmocka_unit_test(report__time_that_is_none__is_marked_with_the_rest),
		cmocka_unit_test(terminal__unknown_name__is_taken_for_xterm_and_said),
		cmocka_unit_test(terminal__without_colours__marks_by_attributes_alone),
		cmocka_unit_test(terminal__arrow_in_the_other_mode__is_an_arrow),
		cmocka_unit_test(help__typing__narrows_and_enter_runs),
		cmocka_unit_test(command__name__runs_the_action),
		cmocka_unit_test(desk__hang_up__ends_cleanly),
		cmocka_unit_test(desk__ctrl_c__asks_first),
		cmocka_unit_test(incident__page__shows_chain_and_sections),
		cmocka_unit_test(incident__drill__marks_row_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
