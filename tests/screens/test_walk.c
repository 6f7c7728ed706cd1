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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/str.h"
#include "vt.h"

static const char first_day[] = "TOBAN_NOW=2026-11-22T22:41:00+09:00";
static const char next_year[] = "TOBAN_NOW=2027-11-22T22:41:00+09:00";

struct desk {
	char dir[64];
	char path[96];
};

/* Runs a command of the program without a terminal; its exit status. */
static int
run(const char *const *argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		(void)putenv(strdup(first_day));
		(void)!freopen("/dev/null", "w", stdout);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int
setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	snprintf(desk->dir, sizeof(desk->dir), "/tmp/toban-walk-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	snprintf(desk->path, sizeof(desk->path), "%s/desk.db", desk->dir);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "init", "--example",
			NULL };

		assert_int_equal(run(argv), 0);
	}
	*state = desk;
	return 0;
}

static int
teardown(void **state)
{
	struct desk *desk = *state;
	const char *argv[] = { "/bin/rm", "-rf", desk->dir, NULL };

	assert_int_equal(run(argv), 0);
	free(desk);
	return 0;
}

static struct vt *
start_at(const struct desk *desk, const char *lang, const char *now)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--lang", lang, NULL };
	const char *env[] = { now, "TOBAN_AMBIGUOUS=1", NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

static struct vt *
start(const struct desk *desk, const char *lang)
{
	return start_at(desk, lang, first_day);
}

/* Another person takes the seat, from wherever the desk is. */
static void
sit(struct vt *vt, const char *person)
{
	if (!vt_has_text(vt, "dc-operator-2")) {
		vt_keys(vt, ":seat<Enter>");
	}
	vt_keys(vt, person);
	vt_keys(vt, "<Enter>");
	vt_refuse(vt, "dc-operator-2");
}

/* Opens the marked case's menu and the form of a step by its position in words. */
static void
open_step(struct vt *vt, const char *label)
{
	vt_keys(vt, "a");
	for (int i = 0; i < 40; i++) {
		bool marked = false;

		for (int row = 0; row < 24 && !marked; row++) {
			const char *text = vt_row(vt, row);
			const char *mark = strstr(text, "| >");

			marked = mark && strstr(mark, label);
		}
		if (marked) {
			vt_keys(vt, "<Enter>");
			return;
		}
		vt_keys(vt, "<Down>");
	}
	print_error("no step %s in\n%s", label, vt_text(vt));
	fail();
}

struct words {
	const char *acknowledge;
	const char *instruct;
	const char *respond;
	const char *report_result;
	const char *approve;
	const char *plan;
	const char *review;
	const char *close;
	const char *verify;
	const char *verified;
};

static const struct words english = {
	.acknowledge = "Acknowledge",
	.instruct = "Instruct the response",
	.respond = "Record the response",
	.report_result = "Submit the incident report",
	.approve = "Approve the result",
	.plan = "Plan recurrence prevention",
	.review = "Give a review verdict",
	.close = "Close",
	.verify = "Verify the effectiveness",
	.verified = "Verified",
};

static const struct words japanese = {
	.acknowledge = "受領を確認する",
	.instruct = "対応を指示する",
	.respond = "対応を記録する",
	.report_result = "報告書を提出する",
	.approve = "結果を承認する",
	.plan = "再発防止策を立てる",
	.review = "見直しの判断を記録する",
	.close = "完了とする",
	.verify = "有効性を確認する",
	.verified = "有効性確認済み",
};

/* The message row says that the step was recorded. */
static void
expect_done(struct vt *vt)
{
	if (strncmp(vt_row(vt, 22), " ok ", 4) != 0 && strncmp(vt_row(vt, 21), " ok ", 4) != 0) {
		vt_expect(vt, "(the message that a step was recorded)");
	}
}

static void
report(struct vt *vt)
{
	vt_keys(vt, "nyunnnn<Enter>");
	vt_keys(vt, "顧客データの誤送信<Tab><Tab>一覧を社外に送った<Tab>内線 1234<C-s>");
	vt_keys(vt, "<Tab><Enter>");
	vt_expect(vt, "26-0001");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "顧客データの誤送信");
}

static void
walk_to_result(struct vt *vt, const struct words *w)
{
	sit(vt, "dc-owner");
	open_step(vt, w->acknowledge);
	vt_keys(vt, "y");
	expect_done(vt);
	open_step(vt, w->instruct);
	vt_keys(vt, "<Enter>operator-1 <Enter>回線を切り、記録を保全する<Tab>4h<C-s><Tab><Enter>");
	expect_done(vt);
	sit(vt, "dc-operator-1");
	open_step(vt, w->respond);
	vt_keys(vt, "切断した<C-s>");
	expect_done(vt);
	sit(vt, "dc-owner");
	open_step(vt, w->report_result);
	vt_keys(vt, "宛先の確認もれ<Tab>なし<Tab>削除を依頼<C-s><Tab><Enter>");
	expect_done(vt);
}

static void
walk_to_approval(struct vt *vt, const struct words *w)
{
	walk_to_result(vt, w);
	sit(vt, "office-staff-1");
	open_step(vt, w->approve);
	vt_expect(vt, "宛先の確認もれ");
	vt_keys(vt, "<C-s>26-0002<Enter>");
	vt_expect(vt, "26-0002");
	vt_keys(vt, "<BS>1<Enter>");
	expect_done(vt);
}

static void
review_all(struct vt *vt, const struct words *w)
{
	for (int i = 0; i < 7; i++) {
		sit(vt, i < 4 ? "office-staff-1" : "dc-owner");
		open_step(vt, w->review);
		/* What is judged already is not offered again. */
		vt_keys(vt, " <Tab>n<Tab>変更は不要<C-s>");
		expect_done(vt);
	}
}

static void
walk_to_closing(struct vt *vt, const struct words *w)
{
	sit(vt, "office-staff-2");
	open_step(vt, w->plan);
	vt_keys(vt, "<Enter>");
	vt_keys(vt, "<Tab>社外あての送信は二人で確認する<Tab>確認もれ<Tab>5d<Tab>30d<Tab>");
	vt_keys(vt, "<Enter>data<Enter><C-s>");
	vt_expect(vt, "社外あての送信は二人で確認する");
	vt_keys(vt, "<C-s><Tab><Enter>");
	expect_done(vt);
	review_all(vt, w);
	sit(vt, "dc-deputy-1");
	vt_keys(vt, "<Enter>r");
	vt_expect(vt, "M1 社外");
	vt_keys(vt, "p");
	vt_keys(vt, "二人確認の記録 11-25<C-s>");
	expect_done(vt);
	sit(vt, "office-staff-1");
	vt_keys(vt, "<Enter>ro<C-s>");
	expect_done(vt);
	sit(vt, "office-head");
	open_step(vt, w->close);
	vt_keys(vt, "<C-s>26-0001<Enter>");
	expect_done(vt);
}

static void
walk(const struct desk *desk, const char *lang, const struct words *w)
{
	struct vt *vt = start(desk, lang);

	sit(vt, "dc-operator-1");
	report(vt);
	walk_to_approval(vt, w);
	walk_to_closing(vt, w);
	vt_free(vt);
	/* A year later the effect can be judged. */
	vt = start_at(desk, lang, next_year);
	sit(vt, "office-staff-1");
	vt_keys(vt, "c");
	open_step(vt, w->verify);
	vt_keys(vt, "e<Tab>一年間、誤送信なし<C-s>26-0001<Enter>");
	expect_done(vt);
	vt_expect(vt, w->verified);
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "auditor-1",
			"verify", "--rebuild", NULL };

		assert_int_equal(run(argv), 0);
	}
}

static void
walk__whole_procedure_in_english__ends_verified(void **state)
{
	walk(*state, "en", &english);
}

static void
walk__whole_procedure_in_japanese__ends_verified(void **state)
{
	walk(*state, "ja", &japanese);
}

/* What a returned report became is shown as a difference, and its change meanwhile too. */
static void
approval__second_version__shows_what_changed(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "en");
	const char *first[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "office-staff-1",
		"act", "26-0001", "return-result", "--set", "why=count", NULL };
	const char *second[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "act",
		"26-0001", "report-result", "--set", "cause=宛先の確認もれ", "--set",
		"damage=214 名", "--set", "actions=削除を依頼", NULL };
	const char *third[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "act",
		"26-0001", "report-result", "--set", "cause=宛先の確認もれ", "--set",
		"damage=215 名", "--set", "actions=削除を依頼", NULL };

	sit(vt, "dc-operator-1");
	report(vt);
	walk_to_result(vt, &english);
	sit(vt, "office-staff-1");
	open_step(vt, english.approve);
	vt_expect(vt, "for the first time");
	vt_refuse(vt, "+ ");
	vt_keys(vt, "q");
	assert_int_equal(run(first), 0);
	assert_int_equal(run(second), 0);
	open_step(vt, english.approve);
	vt_expect(vt, "version 2  Masao Ishikawa");
	vt_expect(vt, "compared with version 1, returned by you");
	vt_expect(vt, "- なし");
	vt_expect(vt, "+ 214 名");
	vt_refuse(vt, "宛先の確認もれ");
	vt_expect(vt, "3 unchanged fields are folded");
	vt_keys(vt, "v");
	vt_expect(vt, "宛先の確認もれ");
	vt_keys(vt, "va");
	/* While the number is typed, the text is returned by another and written anew. */
	first[4] = "office-staff-2";
	assert_int_equal(run(first), 0);
	assert_int_equal(run(third), 0);
	vt_keys(vt, "26-0001<Enter>");
	vt_expect(vt, "- 214 名");
	vt_expect(vt, "+ 215 名");
	vt_expect(vt, "compared with version 2, until now on this screen");
	vt_refuse(vt, "is recorded");
	vt_keys(vt, "<Esc>a26-0001<Enter>");
	expect_done(vt);
	vt_free(vt);
}

/* Two keys take back what was sent, and the text is in its form again; a note is nothing to it. */
static void
take_back__in_time__opens_the_text_again(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	vt_keys(vt, "u");
	vt_expect(vt, "nothing to take back");
	vt_keys(vt, "nnnynnn<Enter>");
	vt_keys(vt, "wrong desk<Tab><Tab>slip<Tab>1234<C-s>y");
	vt_expect(vt, "(u: take back, 10 s)");
	vt_keys(vt, "u");
	vt_expect(vt, "both entries stay");
	/* The button that changes nothing is selected first. */
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "(u: take back, 10 s)");
	vt_keys(vt, "uy");
	vt_expect(vt, "Taken back: Report for 26-0001");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "[wrong desk");
	vt_expect(vt, "| slip");
	vt_keys(vt, "<Esc>");
	vt_refuse(vt, "take back,");
	vt_expect(vt, "D-");
	vt_refuse(vt, "26-0001  3");
	vt_free(vt);
	{
		const struct desk *desk = *state;
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "auditor-1",
			"verify", "--rebuild", NULL };

		assert_int_equal(run(argv), 0);
	}
}

/* Business disruption goes at once. */
static void
take_back__urgent__is_not_offered(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	report(vt);
	vt_refuse(vt, "u: take back");
	vt_keys(vt, "u");
	vt_expect(vt, "nothing to take back");
	vt_free(vt);
}

static void
report__hang_up_in_the_middle__keeps_the_draft(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	vt_keys(vt, "nyunnnn<Enter>書きかけの件名<Tab><Tab>書きかけの状況");
	vt_hangup(vt);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = start(*state, "en");
	sit(vt, "dc-operator-1");
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
	struct vt *vt = start(*state, "en");

	(void)state;
	sit(vt, "dc-operator-1");
	vt_keys(vt, "nyun<Esc>");
	vt_expect(vt, "kept as draft D-1");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "question 4 of 6");
	vt_free(vt);
}

static void
report__draft_of_a_drill__stays_a_drill(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	vt_keys(vt, ":drill<Enter>nyunnnn<Enter>practice<Esc>");
	vt_expect(vt, "kept as draft D-1");
	vt_keys(vt, "<Enter>");
	assert_non_null(strstr(vt_row(vt, 0), "訓練/DRILL"));
	vt_keys(vt, "<Enter><Tab><Tab>as if<Tab>1234<C-s>y");
	vt_expect(vt, "26-D001");
	vt_keys(vt, "o");
	assert_non_null(strstr(vt_row(vt, 0), "訓練/DRILL"));
	vt_free(vt);
}

/* Six questions; the suspicion is what the answers make of it, and is not asked. */
static void
report__only_unknown__is_a_suspicion_and_says_why(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
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
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
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
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	vt_keys(vt, "nyunnnn<Enter><C-s>");
	vt_expect(vt, "3 fields need your attention");
	vt_expect(vt, "! This must be filled in.");
	vt_expect(vt, "D101");
	vt_free(vt);
}

static void
step__somebody_was_faster__shows_what_and_keeps_the_text(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "en");
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-deputy-1", "act",
		"26-0001", "note", "--set", "text=faster", NULL };

	sit(vt, "dc-operator-1");
	report(vt);
	sit(vt, "dc-owner");
	open_step(vt, "Add a note");
	vt_keys(vt, "slower");
	assert_int_equal(run(argv), 0);
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "D204");
	vt_expect(vt, "faster");
	vt_expect(vt, "| slower");
	vt_keys(vt, "<C-s>");
	expect_done(vt);
	vt_free(vt);
}

static void
board__step_of_another_program__is_painted_by_itself(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "en");
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "act",
		"26-0001", "acknowledge", NULL };

	sit(vt, "dc-operator-1");
	report(vt);
	vt_expect(vt, "Ishikawa: Acknowledge");
	assert_int_equal(run(argv), 0);
	vt_wait_text(vt, "Ishikawa: Instruct");
	vt_free(vt);
}

/* Entries are named by number, chosen by key, and told apart; Esc loses nothing. */
static void
correct__entry_is_chosen__and_the_draft_goes_on(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	report(vt);
	open_step(vt, "Correct an entry");
	vt_expect(vt, "  Report  Haruka Mori");
	vt_keys(vt, " <Tab><Enter>first line<Enter>second line<Esc>");
	open_step(vt, "Correct an entry");
	vt_expect(vt, "This is your draft");
	vt_expect(vt, "second line");
	vt_expect(vt, "(*)");
	vt_keys(vt, "typing error<C-s>");
	expect_done(vt);
	/* Two lines in one row, without an ugly mark for the line's end. */
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "first line second line");
	vt_free(vt);
}

/* A returned report is corrected, not written again, with the reason in view. */
static void
report_result__returned__is_corrected_with_the_reason_in_view(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	report(vt);
	walk_to_result(vt, &english);
	sit(vt, "office-staff-1");
	open_step(vt, "Return the result");
	vt_keys(vt, "rwho saw it?<C-s>y");
	expect_done(vt);
	sit(vt, "dc-owner");
	open_step(vt, english.report_result);
	vt_expect(vt, "Returned because: who saw it?");
	vt_keys(vt, "again <C-s>y");
	expect_done(vt);
	vt_free(vt);
}

static void
step__not_mine__says_who_could(void **state)
{
	struct vt *vt = start(*state, "en");

	sit(vt, "dc-operator-1");
	report(vt);
	vt_keys(vt, "a");
	vt_expect(vt, "Masao Ishikawa");
	/* The step's key is the same whoever asks, and whatever can be done. */
	vt_keys(vt, "i");
	vt_expect(vt, "| > i Instruct the response");
	vt_expect(vt, "not your part");
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			walk__whole_procedure_in_english__ends_verified, setup, teardown),
		cmocka_unit_test_setup_teardown(
			walk__whole_procedure_in_japanese__ends_verified, setup, teardown),
		cmocka_unit_test_setup_teardown(
			approval__second_version__shows_what_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			take_back__in_time__opens_the_text_again, setup, teardown),
		cmocka_unit_test_setup_teardown(take_back__urgent__is_not_offered, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report__hang_up_in_the_middle__keeps_the_draft, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report__escape_in_the_questions__keeps_the_answers, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report__draft_of_a_drill__stays_a_drill, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report__only_unknown__is_a_suspicion_and_says_why, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report__all_no__says_how_a_suspicion_is_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report__missing_fields__are_shown_all_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			step__somebody_was_faster__shows_what_and_keeps_the_text, setup, teardown),
		cmocka_unit_test_setup_teardown(
			board__step_of_another_program__is_painted_by_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(
			correct__entry_is_chosen__and_the_draft_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
			report_result__returned__is_corrected_with_the_reason_in_view, setup,
			teardown),
		cmocka_unit_test_setup_teardown(step__not_mine__says_who_could, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
