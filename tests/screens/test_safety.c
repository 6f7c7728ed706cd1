/* SPDX-License-Identifier: MIT */
/*
 * What guards the record at the screen: approving a difference, and taking
 * back what was sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "walk.h"

/* What a returned report became is shown as a difference, and its change meanwhile too. */
static void
approval__second_version__shows_what_changed(void **state)
{
	struct walk_desk *desk = *state;
	struct vt *vt = walk_start(desk, "en");
	const char *first[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "office-staff-1",
		"act", "26-0001", "return-result", "--set", "why=count", NULL };
	const char *second[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "act",
		"26-0001", "report-result", "--set", "cause=宛先の確認もれ", "--set",
		"damage=214 名", "--set", "actions=削除を依頼", NULL };
	const char *third[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "act",
		"26-0001", "report-result", "--set", "cause=宛先の確認もれ", "--set",
		"damage=215 名", "--set", "actions=削除を依頼", NULL };

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_to_result(vt, walk_english());
	walk_sit(vt, "office-staff-1");
	walk_open_step(vt, walk_english()->approve);
	vt_expect(vt, "for the first time");
	vt_refuse(vt, "+ ");
	vt_keys(vt, "q");
	assert_int_equal(walk_run(first), 0);
	assert_int_equal(walk_run(second), 0);
	walk_open_step(vt, walk_english()->approve);
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
	assert_int_equal(walk_run(first), 0);
	assert_int_equal(walk_run(third), 0);
	vt_keys(vt, "26-0001<Enter>");
	vt_expect(vt, "- 214 名");
	vt_expect(vt, "+ 215 名");
	vt_expect(vt, "compared with version 2, until now on this screen");
	vt_refuse(vt, "is recorded");
	vt_keys(vt, "<Esc>a26-0001<Enter>");
	walk_expect_done(vt);
	vt_free(vt);
}

/* Two keys take back what was sent, and the text is in its form again; a note is nothing to it. */
static void
take_back__in_time__opens_the_text_again(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "u");
	vt_expect(vt, "nothing to take back");
	vt_keys(vt, "nnnynnn<Enter>");
	vt_keys(vt, "wrong desk<Tab>slip<Tab>1234<C-s>y");
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
		const struct walk_desk *desk = *state;
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "auditor-1",
			"verify", "--rebuild", NULL };

		assert_int_equal(walk_run(argv), 0);
	}
}

/* Business disruption goes at once. */
static void
take_back__urgent__is_not_offered(void **state)
{
	struct vt *vt = walk_start(*state, "en");

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	vt_refuse(vt, "u: take back");
	vt_keys(vt, "u");
	vt_expect(vt, "nothing to take back");
	vt_free(vt);
}

struct conflict_words {
	const char *lang;
	const char *theirs;
	const char *mine;
	const char *over; /* the step is not possible any more */
	const char *asked;
	const char *note;
};

static const struct conflict_words in_english = { "en", "Recorded by others since you began",
	"What you typed", "Your text stays a draft", "Send to", "Add a note" };
static const struct conflict_words in_japanese = { "ja", "書き始めた後に", "あなたの入力",
	"入力は下書きとして残ります", "に送りますか", "メモを追加する" };

/* An instruction beside another, then two result reports: shown, kept, and every way to go on. */
static void
conflict_of_two(struct walk_desk *desk, const struct walk_words *w, const struct conflict_words *k)
{
	struct vt *vt = walk_start(desk, k->lang);
	const char *faster[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-deputy-1",
		"act", "26-0001", "instruct", "--set", "to=dc-operator-2", "--set",
		"text=記録を保全する", "--set", "due=4h", NULL };
	const char *over[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-deputy-1", "act",
		"26-0001", "report-result", "--set", "cause=確認もれ。二名で確認。", "--set",
		"damage=300 名", "--set", "actions=削除を依頼", NULL };

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_sit(vt, "dc-owner");
	walk_open_step(vt, w->instruct);
	vt_keys(vt, "<Enter>operator-1 <Enter>回線を切る<Tab>4h");
	assert_int_equal(walk_run(faster), 0);
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "D204");
	/* Enter shows it, and comes back to what was typed. */
	vt_keys(vt, "<Enter>");
	vt_expect(vt, k->theirs);
	vt_expect(vt, "+ 記録を保全する");
	vt_expect(vt, k->mine);
	vt_expect(vt, "+ 回線を切る");
	vt_keys(vt, "<Enter>");
	vt_refuse(vt, k->theirs);
	vt_expect(vt, "回線を切る");
	/* Sending all the same asks first, and the answer that changes nothing is selected. */
	vt_keys(vt, "<F6>");
	vt_expect(vt, k->theirs);
	vt_keys(vt, "<C-s>");
	vt_expect(vt, k->asked);
	vt_keys(vt, "<Enter>");
	vt_refuse(vt, k->asked);
	vt_expect(vt, "回線を切る");
	vt_keys(vt, "<F6><C-s><Tab><Enter>");
	walk_expect_done(vt);
	/* Now the step itself is taken away: both result reports, clause by clause. */
	walk_open_step(vt, w->report_result);
	vt_keys(vt, "確認もれ。急いでいた。<Tab>200 名<Tab>削除を依頼");
	assert_int_equal(walk_run(over), 0);
	vt_keys(vt, "<C-s><Enter>");
	vt_expect(vt, "- 二名で確認。");
	vt_keys(vt, "<PgDn>");
	vt_expect(vt, "+ 急いでいた。");
	vt_expect(vt, k->over);
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "D401");
	vt_refuse(vt, k->asked);
	vt_keys(vt, "e");
	vt_expect(vt, k->note);
	vt_expect(vt, "急いでいた。");
	vt_keys(vt, "<C-s>");
	walk_expect_done(vt);
	/* The draft is on the board, too. */
	vt_expect(vt, "確認もれ。急いでい...");
	vt_free(vt);
}

static void
conflict__two_people_in_english__shows_both_and_keeps_the_text(void **state)
{
	conflict_of_two(*state, walk_english(), &in_english);
}

static void
conflict__two_people_in_japanese__shows_both_and_keeps_the_text(void **state)
{
	conflict_of_two(*state, walk_japanese(), &in_japanese);
}

/* How a screen is reached from the board, and what shows that it was. */
struct way {
	const char *keys;
	const char *shows;
};

static const struct way ways[] = {
	{ "", "WAITING FOR" },
	{ "<Enter>", "CONTACT CHAIN" },
	{ "<Enter><Enter>", "26-0001" },
	{ "a", "Submit the incident report" },
	{ "an<Enter>", "Add a note" },
	{ "n", "question 1 of 6" },
	{ "2", "26-0001" },
	{ "3x<Enter>", "Search" },
	{ "4", "Shift handover" },
	{ "5", "Statistics" },
	{ "6", "Phone" },
	{ "7", "Settings" },
	{ "7s", "Signing keys" },
	{ "m", "Messages" },
	{ "?", "type to find a line" },
};

/* No Ctrl keys; not q, which may leave for the shell, nor y, which speaks to the terminal alone. */
static const char *const plain_keys[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
	"l", "m", "n", "o", "p", "r", "s", "t", "u", "v", "w", "x", "z", "0", "1", "2", "3", "4",
	"5", "6", "7", "8", "9", "A", "D", "N", "S", "Y", ".", ",", ";", "!", "/", "+", "-", "*",
	"?", ":", " ", "<Enter>", "<Tab>", "<BS>", "<F1>", "<F2>", "<F3>", "<F4>", "<F6>", "<F7>",
	"<F8>", "<F9>", "<F10>", "<F11>", "<F12>", "ａ", "ｅ", "ｐ", "ｏ", "ｕ" };

static void
press_every_key(struct vt *vt, const struct way *way)
{
	char typed[96];

	for (size_t i = 0; i < sizeof(plain_keys) / sizeof(plain_keys[0]); i++) {
		snprintf(typed, sizeof(typed), "<C-x>board<Enter>%s", way->keys);
		vt_keys(vt, typed);
		vt_expect(vt, way->shows);
		vt_keys(vt, plain_keys[i]);
	}
	vt_keys(vt, "<Esc><Esc>");
}

/* The newest row of the ledger, as the desk itself names it. */
static void
read_head(const struct walk_desk *desk, char *out, size_t size)
{
	char command[512];
	char path[128];
	const char *argv[] = { "/bin/sh", "-c", command, NULL };
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/head", desk->dir);
	snprintf(command, sizeof(command), "'%s' --desk '%s' --as auditor-1 verify --json > '%s'",
		getenv("TOBAN"), desk->path, path);
	assert_int_equal(walk_run(argv), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	(void)fclose(file);
	assert_non_null(strstr(out, "\"head\""));
}

/* A wrong key in a wrong window: nothing is recorded, whatever the screen. */
static void
keys__any_single_one__changes_no_record(void **state)
{
	const struct walk_desk *desk = *state;
	struct vt *vt = walk_start(desk, "en");
	char before[4096];
	char after[4096];

	walk_sit(vt, "dc-operator-1");
	walk_report(vt);
	walk_to_result(vt, walk_english());
	walk_sit(vt, "dc-owner");
	vt_keys(vt, "<Enter>q"); /* the reading itself is recorded, once */
	read_head(desk, before, sizeof(before));
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		press_every_key(vt, &ways[i]);
		read_head(desk, after, sizeof(after));
		assert_string_equal(before, after);
	}
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			approval__second_version__shows_what_changed, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			take_back__in_time__opens_the_text_again, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			take_back__urgent__is_not_offered, walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			conflict__two_people_in_english__shows_both_and_keeps_the_text, walk_setup,
			walk_teardown),
		cmocka_unit_test_setup_teardown(
			conflict__two_people_in_japanese__shows_both_and_keeps_the_text, walk_setup,
			walk_teardown),
		cmocka_unit_test_setup_teardown(
			keys__any_single_one__changes_no_record, walk_setup, walk_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
