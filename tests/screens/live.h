/* SPDX-License-Identifier: MIT */
/*
 * A real desk file for screen tests: made anew for each test in a folder of its
 * own, used by the program's commands and by the program on a terminal.
 */
#ifndef TOBAN_TESTS_SCREENS_LIVE_H
#define TOBAN_TESTS_SCREENS_LIVE_H

#include "toban/base/str.h"
#include "vt.h"

struct desk {
	char dir[64];
	char path[96];
	char run_dir[128];   /* XDG_RUNTIME_DIR=...: where emergency files go */
	char state_dir[128]; /* XDG_STATE_HOME=...: where pastes go that became files */
};

/* For cmocka; *state is the struct desk of a fresh trial desk. */
int live_setup(void **state);
int live_teardown(void **state);

/* Runs a command of the program; its output is appended to `out`, its status returned. */
int live_run(const char *const *argv, struct str *out);

/* Appends the answer of a method called by dc-operator-1, which must succeed. */
void live_call(const struct desk *desk, const char *method, const char *args, struct str *out);

/* The program on a terminal of 80x24, in English, with `person` at it. */
struct vt *live_start(const struct desk *desk, const char *person);

/* The same, for dc-operator-1 who has just answered the questions of a new report. */
struct vt *live_report(const struct desk *desk);

/* Pastes a log of 25 lines; `n` tells several apart. */
void live_paste(struct vt *vt, int n);

/* How many pastes are kept as files. */
int live_kept_pastes(const struct desk *desk);

/* Waits until no sender of this desk is left; fails when one stays for ten seconds. */
void live_expect_no_sender(const struct desk *desk);

#endif
