/* SPDX-License-Identifier: MIT */
/*
 * What the walks over the real program share: a desk file of the example
 * organisation, taking a seat, opening a step by its label, the way to a result.
 */
#ifndef TOBAN_TESTS_SCREENS_WALK_H
#define TOBAN_TESTS_SCREENS_WALK_H

#include "vt.h"

struct walk_desk {
	char dir[64];
	char path[96];
};

struct walk_words {
	const char *acknowledge;
	const char *instruct;
	const char *respond;
	const char *report_result;
	const char *approve;
	const char *plan;
	const char *review;
	const char *close;
	const char *verify;
	const char *verified;
};

const struct walk_words *walk_english(void);
const struct walk_words *walk_japanese(void);

/* Runs a command of the program without a terminal; its exit status. */
int walk_run(const char *const *argv);

/* cmocka's setup and teardown; the state becomes a struct walk_desk *. */
int walk_setup(void **state);
int walk_teardown(void **state);

/* The desk on a terminal of 80x24, at `now` ("TOBAN_NOW=...") or on the first day. */
struct vt *walk_start_at(const struct walk_desk *desk, const char *lang, const char *now);
struct vt *walk_start(const struct walk_desk *desk, const char *lang);

/* Another person takes the seat, from wherever the desk is. */
void walk_sit(struct vt *vt, const char *person);

/* Opens the marked case's menu and the form of a step by its label. */
void walk_open_step(struct vt *vt, const char *label);

/* The message row says that the step was recorded. */
void walk_expect_done(struct vt *vt);

/* Sends a report of business disruption: case 26-0001. */
void walk_report(struct vt *vt);

/* From the report to the result, by the owner and the first operator. */
void walk_to_result(struct vt *vt, const struct walk_words *w);

#endif
