/* SPDX-License-Identifier: MIT */
/*
 * The event loop's sources: the terminal, signals, the minute tick, one alarm
 * for drafts, and the door's wake-up.  Nothing polls; between ticks the desk
 * sleeps.
 */
#ifndef TOBAN_SRC_UI_LOOP_H
#define TOBAN_SRC_UI_LOOP_H

#include <signal.h>
#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/base/err.h"

/* What woke the loop; several may be set. */
enum loop_event {
	LOOP_INPUT = 1,
	LOOP_RESIZE = 2,
	LOOP_TICK = 4,
	LOOP_ALARM = 8,
	LOOP_WAKE = 16,
	LOOP_CONTINUED = 32,
	LOOP_INTERRUPT = 64,
	LOOP_GONE = 128,    /* hang-up or TERM: save and leave */
	LOOP_SUSPEND = 256, /* another program asks for what Ctrl-Z does */
	LOOP_CHILD = 512,   /* a program beside the screen ended */
};

struct loop {
	int signal_fd;
	int tick_fd;
	int alarm_fd;
	int wake_fd; /* borrowed; -1: none */
	sigset_t before;
	bool masked;
};

/* Blocks the signals it reads.  Release with loop_stop() also after a failure. */
enum err loop_start(struct loop *loop, int wake_fd);
void loop_stop(struct loop *loop);

/*
 * The desk is leaving: a hang-up from now on asks for what is being done
 * already.  The terminal's end is seen before its SIGHUP arrives, which would
 * otherwise cut the leaving short as soon as loop_stop() lets it through.
 */
void loop_leave(void);

/* Takes what signals came so far; true when one of them was a hang-up or TERM. */
bool loop_gone(struct loop *loop);

/* Rings LOOP_ALARM once, `ms` from now; a later call replaces an earlier one. */
void loop_alarm(struct loop *loop, int ms);

/* Rings LOOP_TICK at the next full minute of the desk's clock. */
void loop_tick_at(struct loop *loop, stamp now);

/* Whether a key is already there. */
bool loop_input_waits(void);

/* Whether the terminal went; seen before the SIGHUP that a dying shell passes on. */
bool loop_hung_up(void);

/* Sleeps until something happened; a set of enum loop_event. */
unsigned loop_wait(struct loop *loop);

#endif
