/* SPDX-License-Identifier: MIT */
/*
 * `toban serve`: the process that runs the clocks of a desk, with the sender at its side.
 */
#ifndef TOBAN_SERVE_H
#define TOBAN_SERVE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/i18n.h"

struct serve_options {
	struct arena *arena;
	const char *desk; /* path; NULL: none could be named */
	struct clock clock;
	bool standing; /* the clock stands still: TOBAN_NOW */
	int stop_fd;   /* ends when this is readable or closed, as beside a screen; -1: none */
	bool answers;       /* desks are answered on a socket */
	const char *socket; /* its path; NULL: systemd hands one over */
	const char *witness_file; /* signed ends are appended to it; NULL: none */
	bool witness_syslog;
	enum lang lang;     /* of what the service itself says */
};

/*
 * Runs until it is told to stop, waiting for its turn while another process runs the
 * clocks of the desk.  A desk that cannot be opened gives *ret_error (door.h).
 */
enum err serve_run(const struct serve_options *options, json_t **ret_error);

/*
 * Does what is due now and ends; *ret_result {"acts":[{"id","kind","seq","at"}],
 * "jumped","next_wake"}.  Works beside an engine: what it did first is not done again.
 */
enum err serve_once(
	const struct serve_options *options, json_t **ret_result, json_t **ret_error);

#endif
