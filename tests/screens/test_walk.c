/* SPDX-License-Identifier: MIT */
/*
 * The whole procedure by keys, on the real program and a real desk file, in
 * both languages; and what must survive on the way: hang-ups, conflicts, Esc.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/str.h"
#include "walk.h"

static const char next_year[] = "TOBAN_NOW=2027-11-22T22:41:00+09:00";

static void
walk_to_approval(struct vt *vt, const struct walk_words *w)
{
	walk_to_result(vt, w);
	walk_sit(vt, "office-staff-1");
	walk_open_step(vt, w->approve);
	vt_expect(vt, "宛先の確認もれ");
	vt_keys(vt, "<C-s>26-0002<Enter>");
	vt_expect(vt, "26-0002");
	vt_keys(vt, "<BS>1<Enter>");
	walk_expect_done(vt);
}

static void
review_all(struct vt *vt, const struct walk_words *w)
{
	for (int i = 0; i < 7; i++) {
		walk_sit(vt, i < 4 ? "office-staff-1" : "dc-owner");
		walk_open_step(vt, w->review);
		/* What is judged already is not offered again. */
		vt_keys(vt, " <Tab>n<Tab>変更は不要<C-s>");
		walk_expect_done(vt);
	}
}

static void
walk_to_closing(struct vt *vt, const struct walk_words *w)
{
	walk_sit(vt, "office-staff-2");
	walk_open_step(vt, w->plan);
	vt_keys(vt, "<Enter>");
	vt_keys(vt, "<Tab>社外あての送信は二人で確認する<Tab>確認もれ<Tab>5d<Tab>30d<Tab>");
	vt_keys(vt, "<Enter>data<Enter><C-s>");
	vt_expect(vt, "社外あての送信は二人で確認する");
	vt_keys(vt, "<C-s><Tab><Enter>");
	walk_expect_done(vt);
	review_all(vt, w);
	walk_sit(vt, "dc-deputy-1");
	vt_keys(vt, "<Enter>r");
	vt_expect(vt, "M1 社外");
	vt_keys(vt, "p");
	vt_keys(vt, "二人確認の記録 11-25<C-s><Tab><Enter>");
	walk_expect_done(vt);
	walk_sit(vt, "office-staff-1");
	vt_keys(vt, "<Enter>ro<C-s>y");
	walk_expect_done(vt);
	walk_sit(vt, "office-head");
	walk_open_step(vt, w->close);
	vt_keys(vt, "<C-s>26-0001<Enter>");
	walk_expect_done(vt);
}

static void
walk(const struct walk_desk *desk, const char *lang, const struct walk_words *w)
{
	struct vt *vt = walk_start(desk, lang);

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_to_approval(vt, w);
	walk_to_closing(vt, w);
	vt_free(vt);
	/* A year later the effect can be judged. */
	vt = walk_start_at(desk, lang, next_year);
	walk_sit(vt, "office-staff-1");
	vt_keys(vt, "c");
	walk_open_step(vt, w->verify);
	vt_keys(vt, "e<Tab>一年間、誤送信なし<C-s>26-0001<Enter>");
	walk_expect_done(vt);
	vt_expect(vt, w->verified);
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "auditor-1",
			"verify", "--rebuild", NULL };

		assert_int_equal(walk_run(argv), 0);
	}
}

static void
walk__whole_procedure_in_english__ends_verified(void **state)
{
	walk(*state, "en", walk_english());
}

static void
walk__whole_procedure_in_japanese__ends_verified(void **state)
{
	walk(*state, "ja", walk_japanese());
}

static void
report__hang_up_in_the_middle__keeps_the_draft(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "nyunnnn<Enter>書きかけの件名<Tab>書きかけの状況");
	vt_hangup(vt);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = walk_start(*state, "en");
	walk_sit(vt, "dc-operator-1");
	vt_expect(vt, "D-1");
	vt_expect(vt, "書きかけの件名");
	vt_keys(vt, "<Enter><Enter>");
	vt_expect(vt, "[書きかけの件名");
	vt_expect(vt, "| 書きかけの状況");
	vt_free(vt);
}

static void
report__escape_in_the_questions__keeps_the_answers(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	(void)state;
	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "nyun<Esc>");
	vt_expect(vt, "kept as draft D-1");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "question 4 of 6");
	vt_free(vt);
}

static void
report__draft_of_a_drill__stays_a_drill(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, ":drill<Enter>nyunnnn<Enter>practice<Esc>");
	vt_expect(vt, "kept as draft D-1");
	vt_keys(vt, "<Enter>");
	assert_non_null(strstr(vt_row(vt, 0), "訓練/DRILL"));
	vt_keys(vt, "<Tab>as if<Tab>1234<C-s>y"); /* it goes on where it was left */
	vt_expect(vt, "26-D001");
	vt_keys(vt, "o");
	assert_non_null(strstr(vt_row(vt, 0), "訓練/DRILL"));
	vt_free(vt);
}

/* Dots over half a wide character once pushed the rest of the row aside. */
static void
receipt__long_reason__is_cut_within_its_frame(void **state)
{
	struct vt *vt = walk_start(*state, "ja");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "nynnnyu<Enter>title<Tab>seen<Tab>1234<C-s>y");
	vt_expect(vt, "26-0001");
	vt_expect(vt, " ...  |----");
	vt_free(vt);
}

/* Six questions; the suspicion is what the answers make of it, and is not asked. */
static void
report__only_unknown__is_a_suspicion_and_says_why(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "n");
	vt_expect(vt, "- (\"don't know\" alone leads here)");
	vt_keys(vt, "nunnn");
	vt_expect(vt, "yes: 2 not ruled out");
	vt_expect(vt, "touches the management");
	vt_refuse(vt, "Enter: write the report");
	vt_keys(vt, "n");
	vt_expect(vt, "Enter: write the report");
	vt_expect(vt, "So far:  6 Suspicion");
	vt_free(vt);
}

static void
report__all_no__says_how_a_suspicion_is_reported(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "nnnnnnn");
	vt_expect(vt, "it is no incident");
	/* One key too many changes nothing, and Enter does not go on. */
	vt_keys(vt, "y<Enter>");
	vt_expect(vt, "press b and answer u");
	vt_expect(vt, "step 1 of 2");
	vt_keys(vt, "<Up><Up>u");
	vt_expect(vt, "yes: 5 not ruled out");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "step 2 of 2");
	vt_expect(vt, "6 Suspicion");
	vt_free(vt);
}

static void
report__missing_fields__are_shown_all_at_once(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "nyunnnn<Enter><C-s>");
	vt_expect(vt, "3 fields need your attention");
	vt_expect(vt, "! This must be filled in.");
	vt_expect(vt, "D101");
	vt_free(vt);
}

static void
step__somebody_was_faster__shows_what_and_keeps_the_text(void **state)
{
	struct walk_desk *desk = *state;
	struct vt *vt = walk_start(desk, "en");
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-deputy-1", "act",
		"26-0001", "note", "--set", "text=faster", NULL };

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_sit(vt, "dc-owner");
	walk_open_step(vt, "Add a note");
	vt_keys(vt, "slower");
	assert_int_equal(walk_run(argv), 0);
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "D204");
	vt_expect(vt, "faster");
	vt_expect(vt, "| slower");
	vt_keys(vt, "<C-s><Enter>");
	vt_expect(vt, "| slower");
	vt_keys(vt, "<C-s>y");
	walk_expect_done(vt);
	vt_free(vt);
}

static void
board__step_of_another_program__is_painted_by_itself(void **state)
{
	struct walk_desk *desk = *state;
	struct vt *vt = walk_start(desk, "en");
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "act",
		"26-0001", "acknowledge", NULL };

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	vt_expect(vt, "Ishikawa: Acknowledge");
	assert_int_equal(walk_run(argv), 0);
	vt_wait_text(vt, "Ishikawa: Instruct");
	vt_free(vt);
}

/* Entries are named by number, chosen by key, and told apart; Esc loses nothing. */
static void
correct__entry_is_chosen__and_the_draft_goes_on(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_open_step(vt, "Correct an entry");
	vt_expect(vt, "  Report  Haruka Mori");
	vt_keys(vt, " <Tab><Enter>first line<Enter>second line<Esc>");
	walk_open_step(vt, "Correct an entry");
	vt_expect(vt, "This is your draft");
	vt_expect(vt, "second line");
	vt_expect(vt, "(*)");
	vt_keys(vt, "<Tab>typing error<C-s>"); /* it goes on where it was left */
	walk_expect_done(vt);
	/* Two lines in one row, without an ugly mark for the line's end. */
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "first line second line");
	vt_free(vt);
}

/* A returned report is corrected, not written again, with the reason in view. */
static void
report_result__returned__is_corrected_with_the_reason_in_view(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_to_result(vt, walk_english());
	walk_sit(vt, "office-staff-1");
	walk_open_step(vt, "Return the result");
	vt_keys(vt, "rwho saw it?<C-s>y");
	walk_expect_done(vt);
	walk_sit(vt, "dc-owner");
	walk_open_step(vt, walk_english()->report_result);
	vt_expect(vt, "Returned because: who saw it?");
	vt_keys(vt, "again <C-s>y");
	walk_expect_done(vt);
	vt_free(vt);
}

static void
step__not_mine__says_who_could(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	vt_keys(vt, "a");
	vt_expect(vt, "Masao Ishikawa");
	/* The step's key is the same whoever asks, and whatever can be done. */
	vt_keys(vt, "i");
	vt_expect(vt, "| > i Instruct the response");
	vt_expect(vt, "not your part");
	/* By its name it is the same step, with the same answer and the one who can. */
	vt_keys(vt, "<Esc><Enter>:instr<Tab><Enter>");
	vt_expect(vt, "not your part");
	vt_expect(vt, "Masao Ishikawa");
	/* A key without a meaning says so. */
	vt_keys(vt, "@");
	vt_expect(vt, "@ does nothing here");
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			walk__whole_procedure_in_english__ends_verified, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(walk__whole_procedure_in_japanese__ends_verified,
			walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			report__hang_up_in_the_middle__keeps_the_draft, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(report__escape_in_the_questions__keeps_the_answers,
			walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			report__draft_of_a_drill__stays_a_drill, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			receipt__long_reason__is_cut_within_its_frame, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(report__only_unknown__is_a_suspicion_and_says_why,
			walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(report__all_no__says_how_a_suspicion_is_reported,
			walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			report__missing_fields__are_shown_all_at_once, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			step__somebody_was_faster__shows_what_and_keeps_the_text, walk_setup,
			walk_teardown),
		cmocka_unit_test_setup_teardown(
			board__step_of_another_program__is_painted_by_itself, walk_setup,
			walk_teardown),
		cmocka_unit_test_setup_teardown(
			correct__entry_is_chosen__and_the_draft_goes_on, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			report_result__returned__is_corrected_with_the_reason_in_view, walk_setup,
			walk_teardown),
		cmocka_unit_test_setup_teardown(
			step__not_mine__says_who_could, walk_setup, walk_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
