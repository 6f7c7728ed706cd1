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
	const char *board;
	const char *acknowledge;
	const char *instruct;
	const char *respond;
	const char *report_result;
	const char *approve;
	const char *plan;
	const char *apply;
	const char *accept;
	const char *review;
	const char *close;
	const char *verify;
	const char *recorded;
	const char *closed;
	const char *verified;
};

static const struct words english = {
	.board = "Duty board",
	.acknowledge = "Acknowledge",
	.instruct = "Instruct",
	.respond = "Respond",
	.report_result = "Report the result",
	.approve = "Approve the result",
	.plan = "Plan recurrence prevention",
	.apply = "Measure applied",
	.accept = "Accept",
	.review = "Review",
	.close = "Close",
	.verify = "Verify",
	.recorded = "is recorded: entry",
	.closed = "Closed",
	.verified = "Verified",
};

static void
report(struct vt *vt)
{
	vt_keys(vt, "nyunnnnn<Enter>");
	vt_keys(vt, "顧客データの誤送信<Tab><Tab>一覧を社外に送った<Tab>内線 1234<C-s>");
	vt_keys(vt, "<Tab><Enter>");
	vt_expect(vt, "26-0001");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "顧客データの誤送信");
}

static void
walk_to_approval(struct vt *vt, const struct words *w)
{
	sit(vt, "dc-owner");
	open_step(vt, w->acknowledge);
	vt_keys(vt, "y");
	vt_expect(vt, w->recorded);
	open_step(vt, w->instruct);
	vt_keys(vt, "<Enter>operator-1 <Enter>回線を切り、記録を保全する<Tab>4h<C-s><Tab><Enter>");
	vt_expect(vt, w->recorded);
	sit(vt, "dc-operator-1");
	open_step(vt, w->respond);
	vt_keys(vt, "切断した<C-s>");
	vt_expect(vt, w->recorded);
	sit(vt, "dc-owner");
	open_step(vt, w->report_result);
	vt_keys(vt, "宛先の確認もれ<Tab>なし<Tab>削除を依頼<C-s><Tab><Enter>");
	vt_expect(vt, w->recorded);
	sit(vt, "office-staff-1");
	open_step(vt, w->approve);
	vt_expect(vt, "宛先の確認もれ");
	vt_keys(vt, "<C-s>26-0002<Enter>");
	vt_refuse(vt, w->recorded);
	vt_keys(vt, "<BS>1<Enter>");
	vt_expect(vt, w->recorded);
}

static void
review_all(struct vt *vt, const struct words *w)
{
	for (int i = 0; i < 7; i++) {
		sit(vt, i < 4 ? "office-staff-1" : "dc-owner");
		open_step(vt, w->review);
		/* The item comes from a list without those that are judged. */
		vt_keys(vt, "<Enter>");
		for (int down = 0; down < i; down++) {
			vt_keys(vt, "<Down>");
		}
		vt_keys(vt, "<Enter>n<Tab>変更は不要<C-s>");
		vt_expect(vt, w->recorded);
	}
}

static void
walk_to_closing(struct vt *vt, const struct words *w)
{
	sit(vt, "office-staff-2");
	open_step(vt, w->plan);
	vt_keys(vt, "<Enter>");
	vt_keys(vt, "<Tab>社外あての送信は二人で確認する<Tab>確認もれ<Tab>5d<Tab>30d<Tab>");
	vt_keys(vt, "<Enter>data<BS><BS><BS><BS>DC<Enter><C-s>");
	vt_expect(vt, "社外あての送信は二人で確認する");
	vt_keys(vt, "<C-s><Tab><Enter>");
	vt_expect(vt, w->recorded);
	review_all(vt, w);
}

static void
walk__whole_procedure_in_english__ends_verified(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "en");

	sit(vt, "dc-operator-1");
	report(vt);
	walk_to_approval(vt, &english);
	walk_to_closing(vt, &english);
	vt_free(vt);
	vt = start_at(desk, "en", next_year);
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			walk__whole_procedure_in_english__ends_verified, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
