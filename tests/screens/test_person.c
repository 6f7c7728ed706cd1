/* SPDX-License-Identifier: MIT */
/*
 * The screens around a person, on the real program: settings, phone list,
 * messages, statistics, the first start; in both languages and all sizes.
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

#include "toban/base/attr.h"
#include "vt.h"

struct desk {
	char dir[64];
	char path[96];
};

/* Runs a command of the program without a terminal. */
static void
run(const char *const *argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stdout);
		(void)!freopen("/dev/null", "w", stderr);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int
setup(void **state)
{
	static const char report[] =
		"{\"fields\":{\"title\":\"UPS\",\"situation\":\"dark\",\"contact\":\"2201\","
		"\"answers\":{\"service-disruption\":\"yes\"}}}";
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	(void)setenv("TOBAN_NOW", "2026-11-22T22:41:00+09:00", 1);
	snprintf(desk->dir, sizeof(desk->dir), "/tmp/toban-person-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	snprintf(desk->path, sizeof(desk->path), "%s/desk.db", desk->dir);
	{
		const char *init[] = { getenv("TOBAN"), "--desk", desk->path, "init", "--example",
			NULL };
		const char *made[] = { getenv("TOBAN"), "--desk", desk->path, "--as",
			"dc-operator-1", "call", "incident.report", report, NULL };

		run(init);
		run(made);
	}
	*state = desk;
	return 0;
}

static int
teardown(void **state)
{
	struct desk *desk = *state;
	/* An engine that is just leaving may still put a file there. */
	const char *argv[] = { "/bin/sh", "-c",
		"for i in $(seq 200); do rm -rf \"$0\" 2>&- && exit; done; exit 1", desk->dir,
		NULL };

	run(argv);
	free(desk);
	return 0;
}

struct size {
	int rows;
	int cols;
};

/* As `person`; `lang` NULL: as the account says, which is English. */
static struct vt *
start(const struct desk *desk, const char *person, const char *lang, struct size size)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", person,
		lang ? "--lang" : NULL, lang, NULL };
	const char *env[] = { "TOBAN_AMBIGUOUS=1", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", NULL };

	return vt_start(&(struct vt_options){
		.argv = argv, .env = env, .rows = size.rows, .cols = size.cols });
}

static const struct size usual = { 24, 80 };

static void
welcome__first_start__is_said_once(void **state)
{
	struct vt *vt = start(*state, "dc-owner", NULL, usual);

	vt_expect(vt, "? helps");
	vt_free(vt);
	vt = start(*state, "dc-owner", NULL, usual);
	vt_refuse(vt, "? helps");
	vt_free(vt);
	vt = start(*state, "dc-deputy-1", "ja", usual);
	vt_expect(vt, "ようこそ");
	vt_free(vt);
}

static void
settings__language__changes_every_screen_and_stays(void **state)
{
	struct vt *vt = start(*state, "dc-owner", NULL, usual);

	vt_expect(vt, "Duty board");
	vt_keys(vt, "7<Enter>");
	vt_expect(vt, "保存しました");
	vt_keys(vt, "q");
	vt_expect(vt, "当番盤");
	vt_free(vt);
	vt = start(*state, "dc-owner", NULL, usual);
	vt_expect(vt, "当番盤");
	vt_free(vt);
	/* Another person, and who names a language, are not concerned. */
	vt = start(*state, "dc-deputy-1", NULL, usual);
	vt_expect(vt, "Duty board");
	vt_free(vt);
	vt = start(*state, "dc-owner", "en", usual);
	vt_expect(vt, "Duty board");
	vt_free(vt);
}

static void
settings__clock__is_followed_by_the_board_at_once(void **state)
{
	struct vt *vt = start(*state, "dc-owner", "en", usual);

	vt_expect(vt, "DUE IN");
	vt_keys(vt, "7<Down><Enter>q");
	vt_expect(vt, "DUE AT");
	vt_free(vt);
}

static void
settings__facts__are_shown_and_cannot_be_changed(void **state)
{
	struct vt *vt = start(*state, "dc-owner", "en", (struct size){ 16, 60 });

	vt_keys(vt, "7<End>");
	vt_expect(vt, "in order");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "cannot be chosen");
	vt_free(vt);
}

static void
phones__at_an_incident__begin_with_who_is_waited_for(void **state)
{
	struct vt *vt = start(*state, "dc-operator-1", "en", (struct size){ 16, 60 });

	vt_keys(vt, "<Enter><F3>");
	vt_expect(vt, "26-0001  Phone list");
	assert_non_null(strstr(vt_row(vt, 5), ">*"));
	assert_non_null(strstr(vt_row(vt, 5), "Ishikawa"));
	vt_expect(vt, "0 3  -  5 5 5 0  -  0 1 0 3");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Record a call");
	vt_expect(vt, "dc-owner");
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "26-0001");
	vt_free(vt);
}

static void
phones__typing__finds_by_number_and_reading(void **state)
{
	struct vt *vt = start(*state, "dc-operator-1", "ja", usual);

	vt_keys(vt, "6");
	vt_expect(vt, "電話する相手");
	vt_keys(vt, "55500106");
	vt_expect(vt, "橘 玲子");
	vt_refuse(vt, "石川");
	vt_keys(vt, "x");
	vt_expect(vt, "該当する人はいません");
	vt_keys(vt, "<BS><Enter>");
	vt_expect(vt, "インシデントの画面から");
	vt_keys(vt, "<Esc><Esc>");
	vt_expect(vt, "当番盤");
	vt_free(vt);
}

static void
statistics__all_sizes__show_what_was_counted(void **state)
{
	static const struct size sizes[] = { { 16, 60 }, { 24, 80 }, { 40, 132 }, { 48, 160 } };
	static const char *const langs[] = { "en", "ja" };

	for (size_t i = 0; i < ARRAY_LEN(sizes) * ARRAY_LEN(langs); i++) {
		const char *lang = langs[i % 2];
		struct vt *vt = start(*state, "auditor-1", lang, sizes[i / 2]);

		vt_keys(vt, "5");
		vt_expect(vt, "2026-04-01 - 2026-11-22");
		vt_expect(vt, i % 2 ? "合計" : "all together");
		vt_keys(vt, "c");
		vt_expect(vt, "2025-04-01 - 2026-03-31");
		vt_keys(vt, "cb");
		vt_expect(vt, i % 2 ? "総務部" : "General Affairs");
		vt_keys(vt, "e");
		vt_expect(vt, "--format");
		vt_free(vt);
	}
}

static void
statistics__enter__lists_what_a_figure_counted(void **state)
{
	struct vt *vt = start(*state, "auditor-1", "en", (struct size){ 16, 60 });

	vt_keys(vt, "5<Enter>");
	vt_expect(vt, "No incident was counted");
	vt_keys(vt, "<Down><Enter>");
	vt_expect(vt, "26-0001  UPS");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Timeline 1");
	vt_free(vt);
}

static void
messages__refusal__stays_until_it_was_read_and_is_listed_whole(void **state)
{
	struct vt *vt = start(*state, "dc-owner", "en", usual);

	vt_keys(vt, ":open 99-9999<Enter>");
	vt_expect(vt, "99-9999");
	vt_keys(vt, "<Down>tt");
	vt_expect(vt, "99-9999");
	vt_keys(vt, "m");
	vt_expect(vt, "Messages of this session");
	vt_expect(vt, "99-9999");
	vt_refuse(vt, "Notifications sent");
	vt_keys(vt, "<Enter><Enter>qj");
	vt_refuse(vt, "99-9999");
	vt_free(vt);
}

static void
messages__auditor_at_an_incident__sees_what_was_sent_of_it(void **state)
{
	struct vt *vt = start(*state, "auditor-1", "en", usual);

	vt_keys(vt, "<Enter>m");
	vt_expect(vt, "Notifications sent  26-0001  (none)");
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			welcome__first_start__is_said_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			settings__language__changes_every_screen_and_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(
			settings__clock__is_followed_by_the_board_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			settings__facts__are_shown_and_cannot_be_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			phones__at_an_incident__begin_with_who_is_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(
			phones__typing__finds_by_number_and_reading, setup, teardown),
		cmocka_unit_test_setup_teardown(
			statistics__all_sizes__show_what_was_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			statistics__enter__lists_what_a_figure_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			messages__refusal__stays_until_it_was_read_and_is_listed_whole, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			messages__auditor_at_an_incident__sees_what_was_sent_of_it, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
