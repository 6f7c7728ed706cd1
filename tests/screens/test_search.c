/* SPDX-License-Identifier: MIT */
/*
 * The search screen on the real program and a real desk file, in both
 * languages and at three sizes.
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

#include "vt.h"

static const char now[] = "TOBAN_NOW=2026-11-22T22:41:00+09:00";

struct desk {
	char dir[64];
	char path[96];
};

/* Runs the program without a terminal; it must succeed. */
static void
run(const char *const *argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		(void)putenv(strdup(now));
		(void)!freopen("/dev/null", "w", stdout);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
call(const struct desk *desk, const char *method, const char *args)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"call", method, args, NULL };

	run(argv);
}

static void
report(const struct desk *desk, const char *title)
{
	char args[1024];

	snprintf(args, sizeof(args),
		"{\"fields\":{\"title\":\"%s\",\"situation\":\"At the rounds.\","
		"\"contact\":\"2201\",\"answers\":{\"business-disruption\":\"no\","
		"\"service-disruption\":\"yes\",\"information-impairment\":\"no\","
		"\"security-breach\":\"no\",\"control-failure\":\"no\",\"suspicion\":\"no\","
		"\"major-accident\":\"no\"}}}",
		title);
	call(desk, "incident.report", args);
}

static int
setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	snprintf(desk->dir, sizeof(desk->dir), "/tmp/toban-search-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	snprintf(desk->path, sizeof(desk->path), "%s/desk.db", desk->dir);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "init", "--example",
			NULL };

		run(argv);
	}
	report(desk, "誤送信の疑い");
	report(desk, "Power cut in hall 2");
	call(desk, "incident.act",
		"{\"id\":\"26-0001\",\"step\":\"note\",\"fields\":{\"text\":\"ﾒｰﾙの誤送信を確認\"}"
		"}");
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

static struct vt *
start(const struct desk *desk, const char *lang, int rows, int cols)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "--lang",
		lang, NULL };
	const char *env[] = { now, "TOBAN_AMBIGUOUS=1", NULL };
	struct vt *vt = vt_start(
		&(struct vt_options){ .argv = argv, .env = env, .rows = rows, .cols = cols });

	vt_keys(vt, "3");
	return vt;
}

static void
search__typed__finds_marks_and_opens_the_place(void **state)
{
	struct vt *vt = start(*state, "en", 24, 80);

	vt_expect(vt, "Type what you remember");
	vt_expect(vt, "since:2025-04");
	vt_keys(vt, "誤送信");
	vt_expect(vt, "1 found");
	vt_expect(vt, "[誤送信]の疑い");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "place 1/2");
	vt_keys(vt, "n");
	vt_expect(vt, "place 2/2");
	vt_expect(vt, "ﾒｰﾙの[誤送信]を確認");
	vt_keys(vt, "n");
	vt_expect(vt, "This is the last place.");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Timeline");
	vt_expect(vt, "ﾒｰﾙの誤送信を確認");
	vt_keys(vt, "<Esc>");
	vt_expect(vt, "place 2/2");
	vt_free(vt);
}

static void
search__filters__narrow_and_explain_themselves(void **state)
{
	struct vt *vt = start(*state, "en", 24, 80);

	vt_keys(vt, "state:open");
	vt_expect(vt, "2 found");
	vt_keys(vt, " -power");
	vt_expect(vt, "1 found");
	vt_keys(vt, " colour:red");
	vt_expect(vt, "No filter is called \"colour:red\" (character 19).");
	vt_keys(vt, "<BS><BS><BS><BS><BS><BS><BS><BS><BS><BS>nowhere");
	vt_expect(vt, "0 found");
	vt_expect(vt, "Nothing found for state:open -power nowhere");
	vt_expect(vt, "Try fewer");
	vt_free(vt);
}

static void
search__japanese_small_and_wide__fits(void **state)
{
	struct vt *vt = start(*state, "ja", 16, 60);

	vt_expect(vt, "覚えていること");
	vt_keys(vt, "状態：open ｺﾞｿｳ");
	vt_expect(vt, "0 件");
	vt_keys(vt, "<BS><BS><BS>誤送");
	vt_expect(vt, "1 件");
	vt_expect(vt, "[誤送]信の疑い");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "箇所 1/2");
	vt_resize(vt, 40, 160);
	vt_expect(vt, "ﾒｰﾙの[誤送]信を確認");
	vt_free(vt);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(search__typed__finds_marks_and_opens_the_place),
		cmocka_unit_test(search__filters__narrow_and_explain_themselves),
		cmocka_unit_test(search__japanese_small_and_wide__fits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
