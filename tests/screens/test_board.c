/* SPDX-License-Identifier: MIT */
/*
 * The duty board and what waits for a person, on the real program and a real
 * desk file: columns at every size, a mark that no refresh moves, what is new,
 * orders, and the way from a row to its form.
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

/* Calls a method as this person, from another program. */
static void
call(const struct desk *desk, const char *person, const char *method, const char *args)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", person, "call",
		method, args, NULL };

	run(argv);
}

static void
report(const struct desk *desk, const char *person, const char *category, const char *title)
{
	static const char *const categories[] = { "business-disruption", "service-disruption",
		"information-impairment", "security-breach", "control-failure", "suspicion",
		"major-accident" };
	char answers[512] = "";
	char args[1024];

	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		size_t len = strlen(answers);

		snprintf(answers + len, sizeof(answers) - len, "%s\"%s\":\"%s\"", i ? "," : "",
			categories[i], strcmp(categories[i], category) == 0 ? "yes" : "no");
	}
	snprintf(args, sizeof(args),
		"{\"fields\":{\"title\":\"%s\",\"situation\":\"At the rounds.\","
		"\"contact\":\"2201\",\"answers\":{%s}}}",
		title, answers);
	call(desk, person, "incident.report", args);
}

static int
setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	snprintf(desk->dir, sizeof(desk->dir), "/tmp/toban-board-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	snprintf(desk->path, sizeof(desk->path), "%s/desk.db", desk->dir);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "init", "--example",
			NULL };

		run(argv);
	}
	*state = desk;
	return 0;
}

static int
setup_three(void **state)
{
	int e = setup(state);

	report(*state, "dc-operator-1", "service-disruption", "Zeta fan");
	report(*state, "dc-operator-1", "control-failure", "Camera off");
	report(*state, "dc-operator-1", "business-disruption", "Power gone");
	return e;
}

static int
teardown(void **state)
{
	struct desk *desk = *state;
	/* The desk's sender may be writing its last file while the folder goes. */
	const char *argv[] = { "/bin/sh", "-c",
		"for i in 1 2 3 4 5 6 7 8; do rm -rf \"$0\" 2>/dev/null && exit 0; done; exit 1",
		desk->dir, NULL };

	run(argv);
	free(desk);
	return 0;
}

static struct vt *
start(const struct desk *desk, const char *person, int rows, int cols)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", person, "--lang",
		"en", NULL };
	const char *env[] = { now, "TOBAN_AMBIGUOUS=1", NULL };

	return vt_start(
		&(struct vt_options){ .argv = argv, .env = env, .rows = rows, .cols = cols });
}

/* The row with the mark. */
static const char *
marked(struct vt *vt)
{
	for (int row = 4; row < 24; row++) {
		if (vt_cell(vt, row, 0).ch == '>') {
			return vt_row(vt, row);
		}
	}
	return "";
}

static void
assert_marked(struct vt *vt, const char *text)
{
	if (!strstr(marked(vt), text)) {
		print_error("%s is not marked:\n%s", text, vt_text(vt));
		fail();
	}
}

static void
order__chosen__sorts_and_is_said_in_row_two(void **state)
{
	struct vt *vt = start(*state, "dc-owner", 24, 80);

	vt_expect(vt, "sort: next due");
	vt_keys(vt, "s<Down><Down><Enter>");
	vt_expect(vt, "sort: number");
	assert_non_null(strstr(vt_row(vt, 4), "26-0001"));
	assert_non_null(strstr(vt_row(vt, 6), "26-0003"));
	vt_keys(vt, "scat<Enter>");
	assert_non_null(strstr(vt_row(vt, 4), "1 Business"));
	assert_non_null(strstr(vt_row(vt, 5), "2 Service"));
	assert_non_null(strstr(vt_row(vt, 6), "5 Control"));
	vt_free(vt);
}

static void
refresh__new_cases__wait_until_they_are_asked_for(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "dc-owner", 24, 80);

	vt_keys(vt, "<Down>");
	assert_non_null(strstr(marked(vt), "26-000"));
	report(desk, "dc-operator-2", "security-breach", "Door ajar");
	vt_wait_text(vt, "1 new, press . to show");
	vt_refuse(vt, "Door ajar");
	vt_expect(vt, "Open 4");
	report(desk, "dc-operator-2", "control-failure", "Lamp out");
	vt_wait_text(vt, "2 new, press . to show");
	vt_keys(vt, ".");
	vt_expect(vt, "Door ajar");
	vt_expect(vt, "Lamp out");
	vt_refuse(vt, "press . to show");
	vt_keys(vt, ".");
	vt_expect(vt, "Nothing new");
	vt_free(vt);
}

static void
refresh__any__leaves_the_mark_on_its_case(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "dc-owner", 24, 80);

	vt_keys(vt, "snumber<Enter>g<Down>");
	assert_marked(vt, "26-0002");
	call(desk, "dc-owner", "incident.act", "{\"id\":\"26-0002\",\"step\":\"acknowledge\"}");
	vt_wait_text(vt, "you: Instruct");
	assert_marked(vt, "26-0002");
	vt_free(vt);
}

static void
changed__entry_by_another__is_marked_until_it_was_read(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk, "dc-operator-1", 24, 80);

	vt_keys(vt, "snumber<Enter>g");
	assert_marked(vt, "26-0001 ");
	call(desk, "dc-owner", "incident.act",
		"{\"id\":\"26-0001\",\"step\":\"note\",\"fields\":{\"text\":\"called\"}}");
	vt_wait_text(vt, "26-0001+");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "called");
	vt_keys(vt, "q");
	assert_marked(vt, "26-0001 ");
	vt_refuse(vt, "26-0001+");
	vt_free(vt);
}

static void
wide__detail_and_log__stand_beside_the_table(void **state)
{
	struct vt *vt = start(*state, "dc-owner", 40, 132);

	vt_wait_text(vt, "CONTACT CHAIN");
	vt_expect(vt, "TIMELINE");
	assert_int_equal(vt_cell(vt, 10, 86).ch, '|');
	vt_resize(vt, 50, 200);
	vt_wait_text(vt, "WHAT HAPPENED");
	assert_int_equal(vt_cell(vt, 10, 94).ch, '|');
	assert_int_equal(vt_cell(vt, 10, 153).ch, '|');
	vt_resize(vt, 24, 80);
	vt_expect(vt, "Told ");
	vt_refuse(vt, "CONTACT CHAIN");
	vt_free(vt);
}

/* The detail follows when the keys pause; until then a step is the mark alone. */
static void
step__with_three_columns__costs_the_mark_alone(void **state)
{
	struct vt *vt = start(*state, "dc-owner", 50, 200);

	size_t least = SIZE_MAX;

	/* A machine that stalls between key and count adds a detail: the least counts. */
	vt_wait_text(vt, "WHAT HAPPENED");
	for (int i = 0; i < 6; i++) {
		size_t bytes;

		(void)vt_bytes(vt);
		vt_keys(vt, i % 2 ? "<Up>" : "<Down>");
		bytes = vt_bytes(vt);
		least = bytes < least ? bytes : least;
	}
	assert_in_range(least, 1, 130);
	vt_keys(vt, "<Down>");
	vt_wait_text(vt, "| 26-0002");
	vt_free(vt);
}

/* The page of the first case, which dc-operator-1 has looked at before a note came. */
static struct vt *
start_page(const struct desk *desk, int rows, int cols)
{
	struct vt *vt = start(desk, "dc-operator-1", 24, 80);

	vt_keys(vt, "snumber<Enter>g<Enter>");
	vt_expect(vt, "CONTACT CHAIN");
	vt_keys(vt, "q");
	call(desk, "dc-owner", "incident.act",
		"{\"id\":\"26-0001\",\"step\":\"note\",\"fields\":{\"text\":\"called home\"}}");
	vt_wait_text(vt, "26-0001+");
	vt_resize(vt, rows, cols);
	vt_keys(vt, "<Enter>");
	return vt;
}

static void
page__entries_since_the_last_look__are_below_a_rule(void **state)
{
	struct vt *vt = start_page(*state, 24, 80);

	vt_expect(vt, "--- since you last looked, 22:41 ---");
	vt_expect(vt, "called home");
	assert_marked(vt, ">+");
	vt_keys(vt, "q<Enter>");
	vt_refuse(vt, "since you last looked");
	vt_free(vt);
}

static void
page__filter__shows_one_kind_and_says_so(void **state)
{
	struct vt *vt = start_page(*state, 24, 80);

	vt_keys(vt, "f");
	vt_expect(vt, "Timeline 1 (decisions)");
	vt_refuse(vt, "called home");
	vt_keys(vt, "f");
	vt_expect(vt, "(notes)");
	vt_expect(vt, "called home");
	vt_refuse(vt, "Mori       Zeta fan");
	vt_keys(vt, "ff");
	vt_expect(vt, "called home");
	vt_expect(vt, "Report");
	vt_free(vt);
}

static void
page__find__moves_to_the_words(void **state)
{
	struct vt *vt = start_page(*state, 24, 80);

	vt_keys(vt, "/ROUNDS<Enter>");
	assert_marked(vt, "Zeta fan");
	vt_keys(vt, "/home<Enter>");
	assert_marked(vt, "called home");
	vt_keys(vt, "/nowhere<Enter>");
	vt_expect(vt, "do not occur here");
	vt_keys(vt, "<Tab>/rounds<Enter>");
	assert_marked(vt, "At the rounds.");
	vt_free(vt);
}

static void
page__wide__has_section_and_timeline_at_once(void **state)
{
	struct vt *vt = start_page(*state, 48, 160);

	vt_expect(vt, "CONTACT CHAIN");
	vt_expect(vt, "At the rounds.");
	vt_expect(vt, "TIMELINE");
	vt_expect(vt, "called home");
	vt_resize(vt, 16, 60);
	vt_expect(vt, "called home");
	vt_refuse(vt, "CONTACT CHAIN");
	vt_expect(vt, "Told ");
	vt_free(vt);
}

/* Takes a step of the first case, from another program. */
static void
act(const struct desk *desk, const char *person, const char *step, const char *fields)
{
	char args[1024];

	snprintf(args, sizeof(args), "{\"id\":\"26-0001\",\"step\":\"%s\",\"fields\":%s}", step,
		fields);
	call(desk, person, "incident.act", args);
}

/* The first case, with two measures in two departments. */
static void
roll_out(const struct desk *desk)
{
	act(desk, "dc-owner", "acknowledge", "{}");
	act(desk, "dc-owner", "instruct",
		"{\"to\":[\"dc-operator-1\"],\"text\":\"stop\",\"due\":\"4h\"}");
	act(desk, "dc-operator-1", "respond", "{\"text\":\"stopped\"}");
	act(desk, "dc-owner", "report-result",
		"{\"cause\":\"c\",\"damage\":\"d\",\"actions\":\"a\"}");
	act(desk, "office-staff-1", "approve-result", "{}");
	act(desk, "office-staff-1", "plan-prevention",
		"{\"measures\":[{\"key\":\"M1\",\"text\":\"Two people\",\"due\":\"5d\","
		"\"effect_on\":\"30d\",\"departments\":[\"datacentre\",\"general-affairs\"]},"
		"{\"key\":\"M2\",\"text\":\"Lock it\",\"due\":\"5d\",\"effect_on\":\"30d\","
		"\"departments\":[\"datacentre\"]}]}");
	act(desk, "dc-deputy-1", "apply",
		"{\"measure\":\"M1\",\"department\":\"datacentre\",\"evidence\":\"log 12\"}");
}

static void
matrix__cells__have_words_sums_and_history(void **state)
{
	struct vt *vt;

	roll_out(*state);
	act(*state, "office-staff-2", "accept",
		"{\"measure\":\"M1\",\"department\":\"datacentre\"}");
	act(*state, "ga-owner", "not-applicable",
		"{\"measure\":\"M1\",\"department\":\"general-affairs\",\"why\":\"no mail\"}");
	vt = start(*state, "dc-owner", 24, 80);
	vt_keys(vt, "snumber<Enter>g<Enter>r");
	vt_expect(vt, "DONE");
	vt_expect(vt, "n/a?");
	vt_expect(vt, "done 1/3");
	vt_expect(vt, "log 12");
	vt_keys(vt, "<Right>");
	vt_expect(vt, "no mail");
	vt_keys(vt, "<Down>");
	vt_expect(vt, "this department was not asked");
	vt_free(vt);
}

static void
matrix__late_cell__says_so_in_a_word(void **state)
{
	const struct desk *desk = *state;
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-owner", "--lang",
		"en", NULL };
	const char *env[] = { "TOBAN_NOW=2026-12-22T22:41:00+09:00", "TOBAN_AMBIGUOUS=1", NULL };
	struct vt *vt;

	roll_out(desk);
	vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
	vt_keys(vt, "snumber<Enter>g<Enter>r");
	vt_expect(vt, "check");
	vt_expect(vt, "LATE");
	vt_expect(vt, "! late 2");
	vt_free(vt);
}

/* Each cell waits for its own department, and Enter goes to it. */
static void
mine__cell__leads_to_the_matrix(void **state)
{
	struct vt *vt;

	roll_out(*state);
	vt = start(*state, "dc-owner", 24, 80);
	vt_keys(vt, "2");
	vt_expect(vt, "M2: ");
	vt_refuse(vt, "M1: ");
	for (int i = 0; i < 10 && !strstr(marked(vt), "M2: "); i++) {
		vt_keys(vt, "<Down>");
	}
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "M2 x Data Centre Division");
	vt_free(vt);
}

static void
filter__words__stay_in_view_until_escape(void **state)
{
	struct vt *vt = start(*state, "dc-owner", 24, 80);

	vt_keys(vt, "/camera<Enter>");
	vt_expect(vt, "/camera");
	vt_expect(vt, "Camera off");
	vt_refuse(vt, "Zeta fan");
	vt_keys(vt, "<Esc>");
	vt_refuse(vt, "/camera");
	vt_expect(vt, "Zeta fan");
	vt_free(vt);
}

static void
empty__board__says_how_to_begin(void **state)
{
	struct vt *vt = start(*state, "dc-owner", 24, 80);

	vt_expect(vt, "No open incidents. n: report one.");
	vt_keys(vt, "2");
	vt_expect(vt, "Nothing waits for you.");
	vt_keys(vt, "1");
	vt_expect(vt, "Duty board");
	vt_free(vt);
}

static void
mine__row__leads_to_its_form(void **state)
{
	struct vt *vt = start(*state, "dc-owner", 24, 80);

	vt_keys(vt, "2");
	vt_expect(vt, "3 wait for you");
	vt_expect(vt, "due 2026-11-22");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Acknowledge");
	vt_keys(vt, "y");
	vt_expect(vt, "3 wait for you");
	vt_expect(vt, "Instruct the response");
	vt_keys(vt, "o");
	vt_expect(vt, "CONTACT CHAIN");
	vt_free(vt);
}

static void
mine__draft__is_there_too(void **state)
{
	struct vt *vt = start(*state, "dc-operator-1", 24, 80);

	vt_keys(vt, "nyunnnn<Enter>half a title<Esc>2");
	vt_expect(vt, "finish and send");
	vt_keys(vt, "<Enter><Enter>");
	vt_expect(vt, "[half a title");
	vt_free(vt);
}

static void
mine__auditor__is_told_why_it_is_empty(void **state)
{
	struct vt *vt = start(*state, "auditor-1", 24, 80);

	vt_keys(vt, "2");
	vt_expect(vt, "auditors take no step");
	vt_free(vt);
}

#define ON_THREE(test) cmocka_unit_test_setup_teardown(test, setup_three, teardown)
#define ON_NONE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_THREE(order__chosen__sorts_and_is_said_in_row_two),
		ON_THREE(refresh__new_cases__wait_until_they_are_asked_for),
		ON_THREE(refresh__any__leaves_the_mark_on_its_case),
		ON_THREE(changed__entry_by_another__is_marked_until_it_was_read),
		ON_THREE(wide__detail_and_log__stand_beside_the_table),
		ON_THREE(step__with_three_columns__costs_the_mark_alone),
		ON_THREE(page__entries_since_the_last_look__are_below_a_rule),
		ON_THREE(page__filter__shows_one_kind_and_says_so),
		ON_THREE(page__find__moves_to_the_words),
		ON_THREE(page__wide__has_section_and_timeline_at_once),
		ON_THREE(matrix__cells__have_words_sums_and_history),
		ON_THREE(matrix__late_cell__says_so_in_a_word),
		ON_THREE(mine__cell__leads_to_the_matrix),
		ON_THREE(filter__words__stay_in_view_until_escape),
		ON_NONE(empty__board__says_how_to_begin),
		ON_THREE(mine__row__leads_to_its_form),
		ON_NONE(mine__draft__is_there_too),
		ON_NONE(mine__auditor__is_told_why_it_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
