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

enum { KILL_POINTS = 40, KILL_STEP_US = 150, LEAVE_TRIES = 1000 };

/* At the form of a report; all questions are answered. */
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
	struct vt *vt = live_report(*state);
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

/* A complete report with two pastes attached. */
static struct vt *
write_report(const struct desk *desk, const char *title)
{
	struct vt *vt = live_report(desk);

	vt_keys(vt, title);
	vt_keys(vt, "<Tab>seen");
	live_paste(vt, 1);
	vt_expect(vt, "a  attach all of it as a file");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "a");
	live_paste(vt, 2);
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "a");
	vt_expect(vt, "Attached (F4): toban-paste-");
	vt_keys(vt, "<Tab>ext. 1");
	return vt;
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

	assert_int_equal(live_kept_pastes(desk), 2);
	vt_keys(vt, "<C-s>y");
	vt_wait_text(vt, "and its 2 attached files");
	vt_free(vt);
	assert_int_equal(evidence_of(desk, "with files"), 2);
	assert_int_equal(drafts_of(desk, "evidence"), 0);
	assert_int_equal(live_kept_pastes(desk), 0);
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

static void
text__in_the_whole_window__comes_back_with_the_form(void **state)
{
	struct vt *vt = live_report(*state);

	vt_keys(vt, "t<Tab>abc<C-e>");
	vt_expect(vt, "3 of at most 4000 characters");
	vt_expect(vt, "Esc:to the form");
	vt_refuse(vt, "Esc:leave");
	vt_refuse(vt, "How to reach you now");
	vt_keys(vt, "def<Esc>");
	vt_expect(vt, "| abcdef");
	vt_expect(vt, "How to reach you now");
	vt_keys(vt, "<C-e><C-e>");
	vt_expect(vt, "How to reach you now");
	vt_free(vt);
}

static void
kana__where_commands_are_expected__names_the_input_method(void **state)
{
	struct vt *vt = live_start(*state, "dc-operator-1");

	vt_keys(vt, "\343\201\202");
	vt_expect(vt, "The Japanese input method is on.");
	/* A full-width letter is the command it stands for. */
	vt_keys(vt, "\357\275\216");
	vt_expect(vt, "step 1 of 2");
	vt_free(vt);
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

/* --- the person's own program ----------------------------------------------------------- */

static void
put_text(const struct desk *desk, const char *name, const char *text, mode_t mode)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", desk->dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* A site that allows a program, and a shell that starts the desk; at an empty long text. */
static struct vt *
start_with_editor(const struct desk *desk, const char *script)
{
	char forms[160];
	char command[512];
	char editor[160];
	const char *argv[] = { "/bin/sh", "-m", "-c", command, NULL };
	const char *env[] = { "TOBAN_AMBIGUOUS=1", desk->run_dir, desk->state_dir, forms, editor,
		NULL };
	struct vt *vt;

	snprintf(forms, sizeof(forms), "%s/forms", desk->dir);
	assert_true(mkdir(forms, 0700) == 0);
	snprintf(forms, sizeof(forms), "%s/forms/policy", desk->dir);
	assert_true(mkdir(forms, 0700) == 0);
	put_text(
		desk, "forms/policy/terminal.ini", "[terminal]\nEditor=yes\nClipboard=ids\n", 0600);
	put_text(desk, "editor", script, 0700);
	snprintf(forms, sizeof(forms), "TOBAN_FORMS=%s/forms", desk->dir);
	snprintf(editor, sizeof(editor), "VISUAL=%s/editor  --wait", desk->dir);
	snprintf(command, sizeof(command), "%s --desk %s --as dc-operator-1 --lang en; exit $?",
		getenv("TOBAN"), desk->path);
	vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	vt_keys(vt, "t<Tab>before");
	vt_keys(vt, "<C-e>");
	vt_expect(vt, "Ctrl-O: own editor");
	vt_keys(vt, "<C-e>");
	return vt;
}

/* Folders of the editor that were left behind. */
static int
left_behind(const struct desk *desk)
{
	DIR *dir = opendir(strchr(desk->run_dir, '=') + 1);
	const struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		n += strncmp(entry->d_name, "toban-edit-", 11) == 0;
	}
	(void)closedir(dir);
	return n;
}

static void
editor__not_allowed__says_who_can_allow_it(void **state)
{
	struct vt *vt = live_report(*state);

	vt_keys(vt, "t<Tab>x");
	vt_refuse(vt, "Ctrl-O");
	vt_keys(vt, "<C-o>");
	vt_expect(vt, "No other program for texts is allowed here.");
	vt_expect(vt, "administrator");
	vt_free(vt);
}

/* Its first word is "--wait", its last the file, private, in a private folder. */
static void
editor__that_writes__changes_the_text_in_one_step(void **state)
{
	struct vt *vt = start_with_editor(*state,
		"#!/bin/sh\n"
		"[ \"$1\" = --wait ] && [ \"$(cat \"$2\")\" = before ] || exit 9\n"
		"[ \"$(stat -c %a \"$2\")\" = 600 ] || exit 9\n"
		"[ \"$(stat -c %a \"$(dirname \"$2\")\")\" = 700 ] || exit 9\n"
		"printf '\\345\\276\\214\\033[31mred\\nsecond\\n' > \"$2\"\n"
		": > \"$2~\"\n");

	vt_keys(vt, "<C-o>");
	vt_expect(vt, "Control characters in the text were left out.");
	vt_expect(vt, "| \345\276\214[31mred");
	vt_expect(vt, "| second");
	assert_int_equal(left_behind(*state), 0);
	vt_keys(vt, "<C-_>");
	vt_expect(vt, "| before");
	vt_refuse(vt, "second");
	vt_free(vt);
}

static void
editor__that_fails__keeps_the_text(void **state)
{
	struct vt *vt = start_with_editor(*state, "#!/bin/sh\necho other > \"$2\"\nexit 3\n");

	vt_keys(vt, "<C-o>");
	vt_expect(vt, "ended with a fault");
	vt_expect(vt, "| before");
	assert_int_equal(left_behind(*state), 0);
	vt_free(vt);
}

static void
editor__that_writes_no_text__keeps_what_it_wrote_as_a_file(void **state)
{
	struct vt *vt = start_with_editor(*state, "#!/bin/sh\nprintf '\\202\\240' > \"$2\"\n");

	vt_keys(vt, "<C-o>");
	vt_expect(vt, "is no UTF-8 text");
	vt_expect(vt, "| before");
	assert_int_equal(live_kept_pastes(*state), 1);
	assert_int_equal(left_behind(*state), 0);
	vt_free(vt);
}

/* More than the field holds: what fits is taken, all of it is kept. */
static void
editor__that_writes_a_mebibyte__keeps_all_of_it_as_a_file(void **state)
{
	struct vt *vt = start_with_editor(
		*state, "#!/bin/sh\nyes 'a line of a log' | head -c 1048576 > \"$2\"\n");

	vt_keys(vt, "<C-o>");
	vt_expect(vt, "The field is full: the end was left out.");
	vt_expect(vt, "a line of a log");
	assert_int_equal(live_kept_pastes(*state), 1);
	assert_int_equal(left_behind(*state), 0);
	vt_free(vt);
}

/* The line goes while it waits: what it saved is in the draft, its file is gone. */
static void
editor__hung_up__leaves_a_draft_and_no_file(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_with_editor(
		desk, "#!/bin/sh\necho 'saved before the end' > \"$2\"\necho waiting\nread line\n");
	struct str drafts = STR_INIT;

	vt_send(vt, "\017", 1);
	vt_wait_text(vt, "waiting");
	vt_hangup(vt);
	(void)vt_wait_exit(vt);
	vt_free(vt);
	/* The desk may end a moment after the shell that started it. */
	for (int tries = 0; left_behind(desk) > 0 && tries < LEAVE_TRIES; tries++) {
		drafts_of(desk, "report");
	}
	assert_int_equal(left_behind(desk), 0);
	live_call(desk, "draft.list", "{}", &drafts);
	assert_int_equal(count(str_text(&drafts), "D-1"), 1);
	str_clear(&drafts);
	live_call(desk, "draft.load", "{\"draft\": \"D-1\"}", &drafts);
	assert_int_equal(count(str_text(&drafts), "saved before the end"), 1);
	str_release(&drafts);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(faults__after_sending__are_counted_and_gone_through),
		ON_A_DESK(text__in_the_whole_window__comes_back_with_the_form),
		ON_A_DESK(kana__where_commands_are_expected__names_the_input_method),
		ON_A_DESK(editor__not_allowed__says_who_can_allow_it),
		ON_A_DESK(editor__that_writes__changes_the_text_in_one_step),
		ON_A_DESK(editor__that_fails__keeps_the_text),
		ON_A_DESK(editor__that_writes_no_text__keeps_what_it_wrote_as_a_file),
		ON_A_DESK(editor__that_writes_a_mebibyte__keeps_all_of_it_as_a_file),
		ON_A_DESK(editor__hung_up__leaves_a_draft_and_no_file),
		ON_A_DESK(files__of_a_report__are_recorded_and_their_copies_go),
		ON_A_DESK(files__gone_when_sent__wait_as_drafts),
		ON_A_DESK(files__killed_while_sending__are_recorded_once_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
