/* SPDX-License-Identifier: MIT */
/*
 * What the walks over the real program share: a desk file of the example
 * organisation, taking a seat, opening a step by its label, the way to a result.
 */
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char first_day[] = "TOBAN_NOW=2026-11-22T22:41:00+09:00";

static const struct walk_words english = {
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

static const struct walk_words japanese = {
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

const struct walk_words *
walk_english(void)
{
	return &english;
}

const struct walk_words *
walk_japanese(void)
{
	return &japanese;
}

int
walk_run(const char *const *argv)
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

int
walk_setup(void **state)
{
	struct walk_desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	snprintf(desk->dir, sizeof(desk->dir), "/tmp/toban-walk-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	snprintf(desk->path, sizeof(desk->path), "%s/desk.db", desk->dir);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "init", "--example",
			NULL };

		assert_int_equal(walk_run(argv), 0);
	}
	*state = desk;
	return 0;
}

int
walk_teardown(void **state)
{
	struct walk_desk *desk = *state;
	/* An engine that is just leaving may still put a file there. */
	const char *argv[] = { "/bin/sh", "-c",
		"for i in $(seq 200); do rm -rf \"$0\" 2>&- && exit; done; exit 1", desk->dir,
		NULL };

	assert_int_equal(walk_run(argv), 0);
	free(desk);
	return 0;
}

struct vt *
walk_start_at(const struct walk_desk *desk, const char *lang, const char *now)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--lang", lang, NULL };
	const char *env[] = { now, "TOBAN_AMBIGUOUS=1", NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

struct vt *
walk_start(const struct walk_desk *desk, const char *lang)
{
	return walk_start_at(desk, lang, first_day);
}

void
walk_sit(struct vt *vt, const char *person)
{
	if (!vt_has_text(vt, "dc-operator-2")) {
		vt_keys(vt, ":seat<Enter>");
	}
	vt_keys(vt, person);
	vt_keys(vt, "<Enter>");
	vt_refuse(vt, "dc-operator-2");
}

void
walk_open_step(struct vt *vt, const char *label)
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

void
walk_expect_done(struct vt *vt)
{
	if (strncmp(vt_row(vt, 22), " ok ", 4) != 0 && strncmp(vt_row(vt, 21), " ok ", 4) != 0) {
		vt_expect(vt, "(the message that a step was recorded)");
	}
}

void
walk_report(struct vt *vt)
{
	vt_keys(vt, "nyunnnn<Enter>");
	vt_keys(vt, "顧客データの誤送信<Tab>一覧を社外に送った<Tab>内線 1234<C-s>");
	vt_keys(vt, "<Tab><Enter>");
	vt_expect(vt, "26-0001");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "顧客データの誤送信");
}

void
walk_to_result(struct vt *vt, const struct walk_words *w)
{
	walk_sit(vt, "dc-owner");
	walk_open_step(vt, w->acknowledge);
	vt_keys(vt, "y");
	walk_expect_done(vt);
	walk_open_step(vt, w->instruct);
	vt_keys(vt, "<Enter>operator-1 <Enter>回線を切り、記録を保全する<Tab>4h<C-s><Tab><Enter>");
	walk_expect_done(vt);
	walk_sit(vt, "dc-operator-1");
	walk_open_step(vt, w->respond);
	vt_keys(vt, "切断した<C-s><Tab><Enter>");
	walk_expect_done(vt);
	walk_sit(vt, "dc-owner");
	walk_open_step(vt, w->report_result);
	vt_keys(vt, "宛先の確認もれ<Tab>なし<Tab>削除を依頼<C-s><Tab><Enter>");
	walk_expect_done(vt);
}
