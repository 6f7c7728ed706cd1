/* SPDX-License-Identifier: MIT */
/*
 * How a person types: faults, texts, pastes, choices and files in the forms of
 * a real desk.
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "live.h"

enum { KILL_POINTS = 40, KILL_STEP_US = 150 };

/* At the form of a report; all questions are answered. */
static struct vt *
start_report(const struct desk *desk)
{
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	return vt;
}

static int
caret_row(struct vt *vt)
{
	int row;
	int col;

	vt_cursor(vt, &row, &col, NULL);
	return row;
}

/* --- faults ---------------------------------------------------------------------------- */

static void
faults__after_sending__are_counted_and_gone_through(void **state)
{
	struct vt *vt = start_report(*state);
	int first;
	int second;

	vt_refuse(vt, "Ctrl-N");
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "3 fields need your attention");
	vt_expect(vt, "Ctrl-N:next !");
	first = caret_row(vt);
	vt_keys(vt, "<C-n>");
	second = caret_row(vt);
	assert_true(second > first);
	vt_keys(vt, "<C-n>");
	assert_true(caret_row(vt) > second);
	vt_keys(vt, "<C-n>");
	assert_int_equal(caret_row(vt), first);
	/* A mended field is passed by. */
	vt_keys(vt, "t<C-n>s<C-n>");
	vt_expect(vt, "Ctrl-N:next !");
	vt_keys(vt, "1");
	vt_refuse(vt, "Ctrl-N");
	vt_refuse(vt, "! This must");
	vt_keys(vt, "<C-n>");
	vt_expect(vt, "No field of this form is marked.");
	vt_free(vt);
}

/* --- files of a report ----------------------------------------------------------------- */

static int
count(const char *text, const char *word)
{
	int n = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		n++;
	}
	return n;
}

/* A log as it is pasted; `n` tells several apart. */
static void
paste_log(struct vt *vt, int n)
{
	struct str text = STR_INIT;

	for (int i = 0; i < 25; i++) {
		str_addf(&text, "log %d line %d\n", n, i);
	}
	vt_paste(vt, str_text(&text));
	str_release(&text);
}

/* A complete report with two pastes attached. */
static struct vt *
write_report(const struct desk *desk, const char *title)
{
	struct vt *vt = start_report(desk);

	vt_keys(vt, title);
	vt_keys(vt, "<Tab><Tab>seen");
	paste_log(vt, 1);
	vt_expect(vt, "a  attach all of it as a file");
	vt_keys(vt, "a");
	paste_log(vt, 2);
	vt_keys(vt, "a");
	vt_expect(vt, "Attached (F4): toban-paste-");
	vt_keys(vt, "<Tab>ext. 1");
	return vt;
}

static int
kept_pastes(const struct desk *desk)
{
	char path[160];
	DIR *dir;
	const struct dirent *entry;
	int n = 0;

	snprintf(path, sizeof(path), "%s/state/toban", desk->dir);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		n += strncmp(entry->d_name, "toban-paste-", 12) == 0;
	}
	(void)closedir(dir);
	return n;
}

/* How many files the case with that title has as evidence; -1: there is no such case. */
static int
evidence_of(const struct desk *desk, const char *title)
{
	struct str cases = STR_INIT;
	struct str show = STR_INIT;
	char args[64];
	const char *at;
	const char *id = NULL;
	int n = -1;

	live_call(desk, "incident.list", "{}", &cases);
	at = strstr(str_text(&cases), title);
	for (const char *next = str_text(&cases); at && next && next < at;) {
		id = next;
		next = strstr(next + 1, "\"id\"");
	}
	if (at) {
		id = strchr(strchr(id, ':'), '"');
		snprintf(args, sizeof(args), "{\"id\": \"%.*s\"}", (int)strcspn(id + 1, "\""),
			id + 1);
		live_call(desk, "incident.show", args, &show);
		n = count(strstr(str_text(&show), "\"evidence\""), "\"sha256\"") -
			count(strstr(str_text(&show), "\"log\""), "\"sha256\"");
	}
	str_release(&cases);
	str_release(&show);
	return n;
}

static int
drafts_of(const struct desk *desk, const char *form)
{
	struct str drafts = STR_INIT;
	char word[64];
	int n;

	snprintf(word, sizeof(word), "\"form\": \"%s\"", form);
	live_call(desk, "draft.list", "{}", &drafts);
	n = count(str_text(&drafts), word);
	str_release(&drafts);
	return n;
}

static void
files__of_a_report__are_recorded_and_their_copies_go(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = write_report(desk, "with files");

	assert_int_equal(kept_pastes(desk), 2);
	vt_keys(vt, "<C-s>y");
	vt_wait_text(vt, "and its 2 attached files");
	vt_free(vt);
	assert_int_equal(evidence_of(desk, "with files"), 2);
	assert_int_equal(drafts_of(desk, "evidence"), 0);
	assert_int_equal(kept_pastes(desk), 0);
}

/* A file that is gone when it is sent: the report is recorded, the file waits as a draft. */
static void
files__gone_when_sent__wait_as_drafts(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = write_report(desk, "one gone");
	char path[256];
	const char *argv[] = { "/bin/sh", "-c", path, NULL };
	struct str out = STR_INIT;

	snprintf(path, sizeof(path), "rm \"$(ls %s/state/toban/* | head -n 1)\"", desk->dir);
	assert_int_equal(live_run(argv, &out), 0);
	vt_keys(vt, "<C-s>y");
	vt_wait_text(vt, "but only 1 of 2 files");
	vt_free(vt);
	assert_int_equal(evidence_of(desk, "one gone"), 1);
	assert_int_equal(drafts_of(desk, "evidence"), 1);
	str_release(&out);
}

/* Drops the only draft. */
static void
drop_draft(const struct desk *desk)
{
	struct str drafts = STR_INIT;
	struct str out = STR_INIT;
	char args[64];
	const char *number;

	live_call(desk, "draft.list", "{}", &drafts);
	number = strstr(str_text(&drafts), "D-");
	assert_non_null(number);
	snprintf(args, sizeof(args), "{\"draft\": \"%.*s\"}", (int)strcspn(number, "\""), number);
	live_call(desk, "draft.drop", args, &out);
	str_release(&drafts);
	str_release(&out);
}

/* Goes on with every draft of evidence on the screen, as its author would. */
static void
finish_files(const struct desk *desk)
{
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_expect(vt, "of yours");
	for (int n = drafts_of(desk, "evidence"); n > 0; n--) {
		vt_keys(vt, "1<End><Enter>");
		vt_expect(vt, "toban-paste-");
		vt_keys(vt, "<C-s>");
		vt_wait_text(vt, "recorded");
	}
	vt_free(vt);
}

/* Killed between the report and its files: the rest is offered, and nothing is recorded twice. */
static void
files__killed_while_sending__are_recorded_once_each(void **state)
{
	struct desk *desk = *state;
	int cut_off = 0;

	for (int point = 1; point <= KILL_POINTS; point++) {
		char title[32];
		struct vt *vt;
		int recorded;

		snprintf(title, sizeof(title), "killed-%02d-", point);
		vt = write_report(desk, title);
		vt_keys(vt, "<C-s>");
		/* Not a wait for something: the moment of the kill is the fault. */
		vt_send(vt, "y", 1);
		usleep((useconds_t)(point * KILL_STEP_US));
		vt_signal(vt, SIGKILL);
		(void)vt_wait_exit(vt);
		vt_free(vt);
		recorded = evidence_of(desk, title);
		if (recorded < 0) {
			assert_int_equal(drafts_of(desk, "evidence"), 0);
			drop_draft(desk);
			continue;
		}
		assert_int_equal(recorded + drafts_of(desk, "evidence"), 2);
		if (recorded < 2) {
			cut_off++;
			finish_files(desk);
			assert_int_equal(evidence_of(desk, title), 2);
			assert_int_equal(drafts_of(desk, "evidence"), 0);
		}
	}
	print_message(
		"%d of %d were killed between the report and its files\n", cut_off, KILL_POINTS);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(faults__after_sending__are_counted_and_gone_through),
		ON_A_DESK(files__of_a_report__are_recorded_and_their_copies_go),
		ON_A_DESK(files__gone_when_sent__wait_as_drafts),
		ON_A_DESK(files__killed_while_sending__are_recorded_once_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
