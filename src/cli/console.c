/* SPDX-License-Identifier: MIT */
/*
 * From one person at a shared console to the next: see console.h.
 */
#include "console.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "toban/base/i18n.h"

static void
wipe_terminal(void)
{
	/* What was typed for a screen that is gone must not become the answer to a question. */
	(void)tcflush(STDIN_FILENO, TCIFLUSH);
	/* What the last one read is no business of the next, on terminals with one screen only. */
	(void)fputs("\033[H\033[2J\033[3J", stderr);
}

/* While nobody is asked nothing that is typed appears, and no key leads to a shell. */
static void
quiet_terminal(struct termios *ret_before, bool *ret_known)
{
	struct termios quiet;

	(void)signal(SIGTSTP, SIG_IGN); /* cannot fail with these */
	(void)signal(SIGHUP, SIG_DFL);  /* nothing is left that a lost line could take */
	*ret_known = tcgetattr(STDIN_FILENO, ret_before) == 0;
	if (*ret_known) {
		quiet = *ret_before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &quiet); /* else it is seen, as before */
	}
}

/* Waits until the desk can be reached; false: the terminal went. */
static bool
await_desk(const struct door *door)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = 0 },
		{ .fd = door->wake_fd, .events = POLLIN },
	};

	if (!door->trouble || !door->trouble(door->ctx)) {
		return true;
	}
	(void)fprintf(stderr, "%s\n",
		_("This shared console is locked. The service does not answer: who sits down is "
		  "asked as soon as it is back."));
	while (door->trouble(door->ctx)) {
		if (poll(fds, 2, -1) > 0 && fds[0].revents) {
			return false;
		}
		(void)door->woke(door->ctx); /* whether it is back is told by `trouble` */
	}
	return true;
}

/* Why nobody sits there, a new reference to session.show; NULL: not known.  False as above. */
static bool
ask_desk(const struct door *door, json_t **ret_session)
{
	json_t *error = NULL;
	bool away = true;

	/* It may go away again between the two. */
	while (away && await_desk(door) &&
		door->call(door->ctx, "session.show", NULL, ret_session, &error) != ERR_OK) {
		away = door->trouble && door->trouble(door->ctx);
		json_decref(error);
		error = NULL;
	}
	return *ret_session || !away;
}

bool
console_begin_anew(struct cli *cli)
{
	struct termios before;
	bool known = false;
	json_t *session = NULL;
	bool goes_on;

	wipe_terminal();
	quiet_terminal(&before, &known);
	goes_on = ask_desk(&cli->door, &session);
	wipe_terminal();
	if (known) {
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &before); /* it was so a moment ago */
	}
	if (goes_on) {
		cli->host->begin_anew(cli->host->ctx, &cli->globals, cli_string(session, "why"));
	}
	json_decref(session);
	return goes_on;
}
