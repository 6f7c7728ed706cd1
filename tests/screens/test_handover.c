/* SPDX-License-Identifier: MIT */
/*
 * The handover of a shift by keys, on the real program and a real desk file,
 * in both languages.
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

static const char first_day[] = "TOBAN_NOW=2026-11-22T22:41:00+09:00";

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
start(const struct desk *desk, const char *lang, const char *person)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--lang", lang, "--as",
		person, NULL };
	const char *env[] = { first_day, "TOBAN_AMBIGUOUS=1", NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

struct shift_words {
	const char *lang;
	const char *pending; /* row 2 of the board */
	const char *own;     /* who handed over does not accept */
	const char *yours;   /* after the acceptance */
	const char *before;  /* the history */
};

static void
hand_over(const struct desk *desk, const struct shift_words *words)
{
	struct vt *vt = start(desk, words->lang, "dc-operator-1");

	vt_keys(vt, "4h<Tab>盤Bは触らない");
	/* Esc keeps the remark; the key comes back to it. */
	vt_keys(vt, "<Esc>h");
	vt_expect(vt, "盤Bは触らない");
	vt_keys(vt, "<C-s><Tab><Enter>1");
	vt_expect(vt, words->pending);
	vt_keys(vt, "4o");
	vt_expect(vt, words->own);
	vt_expect(vt, "D312");
	vt_free(vt);
}

static void
take_over(const struct desk *desk, const struct shift_words *words)
{
	struct vt *vt = start(desk, words->lang, "dc-operator-2");

	vt_expect(vt, words->pending);
	/* It is among what waits for this person, and Enter leads to it. */
	vt_keys(vt, "2<Enter>");
	vt_expect(vt, "盤Bは触らない");
	/* The button that changes nothing is the first. */
	vt_keys(vt, "o<Enter>");
	vt_refuse(vt, words->yours);
	vt_keys(vt, "o<Tab><Enter>");
	vt_expect(vt, words->yours);
	vt_expect(vt, words->before);
	vt_keys(vt, "1");
	vt_refuse(vt, words->pending);
	vt_free(vt);
}

static void
shift__handed_over_and_accepted__in_both_languages(void **state)
{
	static const struct shift_words words[] = {
		{ "en", "handover: Mori > anybody 22:41", "You cannot accept it",
			"The shift is yours", "accepted by Okada" },
		{ "ja", "引継ぎ中: 森 > 部門の誰か 22:41", "引き受けられません",
			"当番を引き受けました", "引受け: 岡田" },
	};
	const struct desk *desk = *state;
	const char *verify[] = { getenv("TOBAN"), "--desk", desk->path, "verify", "--rebuild",
		NULL };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		hand_over(desk, &words[i]);
		take_over(desk, &words[i]);
	}
	assert_int_equal(run(verify), 0);
}

static void
shift__to_a_named_person__is_accepted_by_another_with_a_reason(void **state)
{
	const struct desk *desk = *state;
	const char *give[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"handover", "give", "--to", "dc-operator-2", NULL };
	struct vt *vt;

	assert_int_equal(run(give), 0);
	vt = start(desk, "en", "dc-deputy-1");
	vt_expect(vt, "handover: Mori > Okada 22:41");
	vt_keys(vt, "4o<C-s>");
	vt_expect(vt, "Why in another's place");
	vt_refuse(vt, "[ Take over ]"); /* the reason is missing */
	vt_keys(vt, "He is ill.<C-s><Tab><Enter>");
	vt_expect(vt, "accepted by Endo");
	vt_free(vt);
}

static void
shift__step_taken_after_it_was_read__is_shown_before_the_acceptance(void **state)
{
	const struct desk *desk = *state;
	const char *give[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"handover", "give", NULL };
	const char *report[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"call", "incident.report",
		"{\"fields\":{\"title\":\"Fan dead\",\"situation\":\"x\",\"contact\":\"1\","
		"\"answers\":{\"service-disruption\":\"yes\"}}}",
		NULL };
	struct vt *vt;

	assert_int_equal(run(give), 0);
	vt = start(desk, "en", "dc-operator-2");
	vt_keys(vt, "4o");
	vt_expect(vt, "[ Take over ]");
	assert_int_equal(run(report), 0); /* while the question stands */
	vt_keys(vt, "<Tab><Enter>");
	vt_expect(vt, "D205");
	vt_expect(vt, "New since    26-0001  Fan dead");
	vt_keys(vt, "o<Tab><Enter>");
	vt_expect(vt, "The shift is yours");
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			shift__handed_over_and_accepted__in_both_languages, setup, teardown),
		cmocka_unit_test_setup_teardown(
			shift__to_a_named_person__is_accepted_by_another_with_a_reason, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			shift__step_taken_after_it_was_read__is_shown_before_the_acceptance, setup,
			teardown),
	};

	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
