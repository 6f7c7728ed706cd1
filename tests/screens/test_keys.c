/* SPDX-License-Identifier: MIT */
/*
 * What a key does, what the help says of it, and what stands against it: on the
 * real program and a real desk file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "live.h"

static struct vt *
start_with(const struct desk *desk, const char *person, const char *lang, const char *keys)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", person, "--lang",
		lang, NULL };
	const char *env[] = { "TOBAN_AMBIGUOUS=1", desk->run_dir, keys, NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

static void
outsider__report__is_refused_bracketed_and_not_in_the_footer(void **state)
{
	struct vt *vt = live_start(*state, "auditor-1");

	vt_expect(vt, "a:actions");
	vt_refuse(vt, "n:new report");
	vt_keys(vt, "n");
	vt_expect(vt, "Every member of the staff");
	vt_expect(vt, "(D306)");
	vt_keys(vt, "<Esc>:report<Enter>");
	vt_expect(vt, "(D306)");
	vt_keys(vt, "<Esc>?");
	vt_expect(vt, "(new report)");
	vt_keys(vt, "new report");
	vt_expect(vt, "Every member of the staff");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "(D306)");
	vt_free(vt);
	vt = live_start(*state, "admin");
	vt_refuse(vt, "n:new report");
	vt_keys(vt, "n");
	vt_expect(vt, "(D307)");
	vt_free(vt);
	vt = live_start(*state, "dc-operator-1");
	vt_expect(vt, "n:new report");
	vt_free(vt);
}

static void
help__both_languages__filters_by_the_words_of_either(void **state)
{
	static const char *const langs[] = { "en", "ja" };
	static const char *const words[] = { "THIS SCREEN", "この画面" };

	for (size_t i = 0; i < 2; i++) {
		struct vt *vt = start_with(*state, "dc-operator-1", langs[i], NULL);

		vt_keys(vt, "?");
		vt_expect(vt, words[i]);
		vt_expect(vt, "F1");
		vt_keys(vt, "clipboard");
		vt_expect(vt, ":copy");
		vt_refuse(vt, "Ctrl-X");
		vt_keys(vt, "zzz");
		vt_refuse(vt, ":copy");
		vt_free(vt);
	}
}

static void
command__completes_suggests_and_remembers(void **state)
{
	struct vt *vt = live_start(*state, "dc-operator-1");

	vt_keys(vt, ":stat<Tab>");
	vt_expect(vt, ":statistics");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "toban Statistics");
	vt_keys(vt, ":borad<Enter>");
	vt_expect(vt, "Did you mean \"board\"?");
	vt_keys(vt, ":<Up><Up>");
	vt_expect(vt, ":statistics");
	vt_keys(vt, "<Down>");
	vt_expect(vt, ":borad");
	vt_free(vt);
}

static void
own_key__takes_the_place_of_the_old_one(void **state)
{
	const struct desk *desk = *state;
	struct vt *vt;
	char path[128];
	char variable[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/keys.ini", desk->dir);
	snprintf(variable, sizeof(variable), "TOBAN_KEYS=%s", path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("[everywhere]\nstatistics = F12\nrefresh = Ctrl-R\n[board]\nreport = r\n",
			    file) >= 0);
	assert_int_equal(fclose(file), 0);
	vt = start_with(desk, "dc-operator-1", "en", variable);
	vt_expect(vt, "r:new report");
	vt_keys(vt, "n");
	vt_expect(vt, "toban Duty board");
	vt_keys(vt, "r");
	vt_expect(vt, "Service disruption");
	vt_refuse(vt, "toban Duty board");
	vt_free(vt);
}

/* The question was not seen, and its Enter means Back: the reason is no row of commands. */
static void
question__answered_with_back__what_is_typed_on_does_nothing(void **state)
{
	static const char *const reasons[] = { "<Enter>call me<Enter>", "needed at once",
		"quick: no time" };
	struct vt *vt = live_start(*state, "ga-owner");

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		vt_keys(vt, "b26-0001<Enter>");
		vt_expect(vt, "Emergency reading");
		/* A reason may hold a '?', which leads to no help then: it is not named as if. */
		vt_expect(vt, " F1:help ");
		vt_keys(vt, "?q");
		vt_expect(vt, "Emergency reading");
		vt_keys(vt, reasons[i]);
		vt_refuse(vt, "Emergency reading");
		vt_expect(vt, "toban Duty board");
		vt_expect(vt, "Not taken: the question was answered with Back.");
		/* What is no typing is meant for what is there. */
		vt_keys(vt, "<Down>m");
		vt_expect(vt, "toban Messages of this session");
		vt_keys(vt, "q");
	}
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			outsider__report__is_refused_bracketed_and_not_in_the_footer, live_setup,
			live_teardown),
		cmocka_unit_test_setup_teardown(
			help__both_languages__filters_by_the_words_of_either, live_setup,
			live_teardown),
		cmocka_unit_test_setup_teardown(
			own_key__takes_the_place_of_the_old_one, live_setup, live_teardown),
		cmocka_unit_test_setup_teardown(
			command__completes_suggests_and_remembers, live_setup, live_teardown),
		cmocka_unit_test_setup_teardown(
			question__answered_with_back__what_is_typed_on_does_nothing, live_setup,
			live_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
