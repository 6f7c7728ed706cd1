/* SPDX-License-Identifier: MIT */
/*
 * Long pastes: asked about, kept whole from the first moment, and never decided
 * by somebody who types on without looking up.  Files that are attached by a typed path.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

static void
paste__of_many_lines__goes_in_only_when_asked_for(void **state)
{
	struct vt *vt = live_report(*state);

	vt_keys(vt, "t<Tab>before ");
	live_paste(vt, 1);
	vt_expect(vt, "in 25 lines");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "<Esc>");
	vt_expect(vt, "Nothing was pasted.");
	vt_refuse(vt, "log 1 line");
	live_paste(vt, 1);
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "p");
	vt_expect(vt, "characters were put in.");
	vt_expect(vt, "log 1 line 24");
	/* One step of undo, which leaves what was typed. */
	vt_keys(vt, "<C-_>");
	vt_expect(vt, "| before");
	vt_refuse(vt, "log 1 line");
	vt_free(vt);
}

/* Letters behind a paste used to answer the question about it. */
static void
paste__with_letters_typed_behind_it__asks_and_takes_them_as_text(void **state)
{
	struct vt *vt = live_report(*state);

	vt_keys(vt, "t<Tab>before ");
	live_paste(vt, 1);
	vt_type(vt, "pay up");
	vt_keys(vt, "<Tab>");
	vt_expect(vt, "A long paste");
	vt_expect(vt, "Not taken: it was typed before");
	live_paste(vt, 2);
	vt_expect(vt, "in 50 lines");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "p");
	vt_expect(vt, "characters were put in.");
	vt_expect(vt, "log 2 line 24");
	vt_expect(vt, "| pay up");
	vt_keys(vt, "!<PgUp>");
	vt_free(vt);
}

/* What there is no room for stays at hand. */
static void
paste__that_does_not_fit__leaves_the_rest_for_another_field(void **state)
{
	struct str text = STR_INIT;
	struct vt *vt = live_report(*state);

	str_add_repeat(&text, 'x', 4000);
	str_add(&text, "the end of it");
	vt_keys(vt, "t<Tab>");
	vt_paste(vt, str_text(&text));
	vt_expect(vt, "is room for 4000.");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "p");
	vt_expect(vt, "Ctrl-Y puts in the 13 behind them.");
	vt_keys(vt, "<Tab><C-y>");
	vt_expect(vt, "[the end of it");
	vt_free(vt);
	str_release(&text);
}

static int64_t
size_of_kept(const struct desk *desk)
{
	char path[256];
	const char *argv[] = { "/bin/sh", "-c", path, NULL };
	struct str out = STR_INIT;
	int64_t size;

	snprintf(path, sizeof(path), "cat %s/state/toban/toban-paste-* | wc -c", desk->dir);
	assert_int_equal(live_run(argv, &out), 0);
	size = strtoll(str_text(&out), NULL, 10);
	str_release(&out);
	return size;
}

/* Before it was cut at 1 MiB, and the question said that it was all. */
static void
paste__of_three_mebibytes__is_kept_whole_from_the_first_moment(void **state)
{
	enum { SIZE = 3 * 1024 * 1024 };
	struct str text = STR_INIT;
	struct str drafts = STR_INIT;
	struct vt *vt = live_report(*state);

	str_add_repeat(&text, 'x', SIZE - 4);
	str_add(&text, "\nend");
	vt_keys(vt, "t<Tab>");
	vt_paste(vt, str_text(&text));
	vt_expect(vt, "3145728 characters in 2 lines");
	vt_signal(vt, SIGKILL);
	(void)vt_wait_exit(vt);
	vt_free(vt);
	assert_int_equal(size_of_kept(*state), SIZE);
	live_call(*state, "draft.load", "{\"draft\":\"D-1\"}", &drafts);
	assert_non_null(strstr(str_text(&drafts), "toban-paste-"));
	vt = live_start(*state, "dc-operator-1");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "3145728 characters in 2 lines");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "a");
	vt_expect(vt, "Attached (F4): toban-paste-");
	assert_int_equal(live_kept_pastes(*state), 1);
	vt_free(vt);
	str_release(&text);
	str_release(&drafts);
}

/* What is too much for any program is counted before anything is attached. */
static void
paste__of_more_than_it_holds__says_how_much_was_not_taken(void **state)
{
	enum { MOST = 16 * 1024 * 1024, MORE = 1000 };
	struct str text = STR_INIT;
	struct vt *vt = live_report(*state);

	str_add_repeat(&text, 'y', MOST + MORE);
	vt_keys(vt, "t<Tab>");
	vt_paste(vt, str_text(&text));
	vt_expect(vt, "16777212 characters in 1 lines");
	vt_expect(vt, "1004 characters more were not taken");
	vt_expect(vt, "a  attach what was taken as a file");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "<Esc>");
	assert_int_equal(live_kept_pastes(*state), 0);
	vt_free(vt);
	str_release(&text);
}

/* --- what a file to attach is called ---------------------------------------------------- */

/* Whoever starts the program has the desk's folder for a home. */
static struct vt *
start_at_home(const struct desk *desk)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"--lang", "en", NULL };
	char home[80];
	const char *env[] = { "TOBAN_AMBIGUOUS=1", desk->run_dir, desk->state_dir, home, NULL };
	struct vt *vt;

	snprintf(home, sizeof(home), "HOME=%s", desk->dir);
	vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	return vt;
}

static void
put(const struct desk *desk, const char *name)
{
	struct str path = STR_INIT;
	FILE *file;

	str_addf(&path, "%s/%s", desk->dir, name);
	file = fopen(str_text(&path), "w");
	assert_non_null(file);
	assert_true(fputs("noted", file) >= 0);
	assert_int_equal(fclose(file), 0);
	str_release(&path);
}

/* The keys that ask for a file, the path as somebody types it, Enter. */
static void
attach(struct vt *vt, const char *keys, const char *path)
{
	vt_keys(vt, keys);
	vt_expect(vt, "find, or a path:");
	vt_paste(vt, path);
	vt_expect(vt, "A path: Enter takes the file");
	vt_keys(vt, "<Enter>");
}

static void
attach__typed_path__is_taken_or_refused_for_a_reason(void **state)
{
	const struct desk *desk = *state;
	struct vt *vt = start_at_home(desk);
	struct str path = STR_INIT;

	put(desk, ".hidden");
	put(desk, "in\xe2\x80\xaevert.log");
	put(desk, "a\xef\xbc\x8f" "b.log"); /* a wide slash, which is found by a narrow one */
	str_addf(&path, "%s/.hidden", desk->dir);
	attach(vt, "<F4>", str_text(&path));
	vt_expect(vt, "Attached (F4): .hidden");
	/* Of a name that would turn the row around only the mark is seen. */
	attach(vt, "<F4><Enter>", "~/in\xe2\x80\xaevert.log");
	vt_expect(vt, "in<U+202E>vert.log");
	attach(vt, "<F4><Enter>", "~/nowhere.log");
	vt_expect(vt, "Not attached: there is no file");
	vt_expect(vt, "(D365)");
	vt_expect(vt, "find, or a path: ~/nowhere.log"); /* to be corrected */
	vt_keys(vt, "<Esc>");
	attach(vt, "<F4><Enter>", "a/b"); /* what is not taken is not listed */
	vt_expect(vt, "Not attached: there is no file");
	vt_keys(vt, "<Esc>");
	attach(vt, "<F4><Enter>", "/dev/null");
	vt_expect(vt, "Not attached: /dev/null is no ordinary file.");
	vt_keys(vt, "<Esc>");
	attach(vt, "<F4><Enter>", "./run/"); /* a folder is opened */
	vt_expect(vt, "There is nothing here that could be attached.");
	vt_free(vt);
	str_release(&path);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(paste__of_many_lines__goes_in_only_when_asked_for),
		ON_A_DESK(paste__with_letters_typed_behind_it__asks_and_takes_them_as_text),
		ON_A_DESK(paste__that_does_not_fit__leaves_the_rest_for_another_field),
		ON_A_DESK(paste__of_three_mebibytes__is_kept_whole_from_the_first_moment),
		ON_A_DESK(paste__of_more_than_it_holds__says_how_much_was_not_taken),
		ON_A_DESK(attach__typed_path__is_taken_or_refused_for_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
