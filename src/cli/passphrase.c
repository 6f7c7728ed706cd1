/* SPDX-License-Identifier: MIT */
/*
 * Asking for a passphrase: on the terminal without an echo, or from a descriptor a script
 * opened.  Never from an argument or the environment, which others can read.
 */
#include "sign.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "toban/base/fd.h"
#include "toban/base/i18n.h"

#define CTRL_C 3

static int
fail(struct cli *cli, const char *text)
{
	return cli_fail(cli, EXIT_DENIED, "D320", text,
		_("Nothing was signed and nothing was recorded. A terminal asks for the "
		  "passphrase; "
		  "a script gives it with --passphrase-fd."));
}

/* The descriptor of --passphrase-fd, -1: not given, -2: no number. */
static int
given_fd(const struct cli *cli)
{
	const char *text = cli_value(cli, "passphrase-fd");
	char *end = NULL;
	long fd = text ? strtol(text, &end, 10) : -1;
	return text && (*text == '\0' || *end != '\0' || fd < 0 || fd > 1000000) ? -2 : (int)fd;
}

/* Read once: what stands behind the line is nobody's business, and a second try has none. */
static int
read_given(struct cli *cli, int fd, struct secret_text *text)
{
	if (fd == -2) {
		return cli_fail(cli, EXIT_USAGE, "D111",
			_("--passphrase-fd needs the number of an open descriptor."), "");
	}
	if (!cli->passphrase.data) {
		if (secret_text_start(&cli->passphrase) != ERR_OK) {
			return cli_signer_fail(cli, SIGNER_NOMEM);
		}
		if (secret_text_read(&cli->passphrase, fd) != ERR_OK) {
			secret_text_release(&cli->passphrase);
			return fail(cli, _("No passphrase came from the descriptor."));
		}
	}
	(void)secret_text_add(text, cli->passphrase.data, cli->passphrase.len); /* it fits */
	return EXIT_DONE;
}

/* One line of the terminal; false: Ctrl-C, or the terminal went. */
static bool
read_typed(int fd, struct secret_text *text)
{
	char c = '\0';
	bool fits = true;
	for (;;) {
		ssize_t n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0 || c == CTRL_C) {
			return false;
		}
		if (c == '\n' || c == '\r') {
			secret_wipe(&c, 1);
			return fits;
		}
		fits = fits && secret_text_add(text, &c, 1);
	}
}

/* Signals would end the program with the echo off: they wait until it is on again. */
static bool
ask_terminal(int fd, const char *question, struct secret_text *text)
{
	struct termios before;
	struct termios quiet;
	sigset_t set;
	sigset_t mask;
	bool read_it = false;
	if (tcgetattr(fd, &before) != 0) {
		return false;
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	quiet.c_lflag |= ICANON | ECHONL;
	quiet.c_cc[VEOL] = CTRL_C; /* with ISIG off it is a character, and ends the line */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTSTP);
	(void)sigprocmask(SIG_BLOCK, &set, &mask); /* cannot fail with these */
	if (tcsetattr(fd, TCSAFLUSH, &quiet) == 0) {
		read_it = fd_write_all(fd, question, strlen(question)) == ERR_OK &&
			read_typed(fd, text);
		(void)tcsetattr(fd, TCSAFLUSH, &before); /* nothing else can be done about it */
	}
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return read_it;
}

int
cli_read_passphrase(struct cli *cli, const char *question, struct secret_text *text)
{
	int given = given_fd(cli);
	if (given != -1) {
		return read_given(cli, given, text);
	}
	int fd = cli->globals.no_input || cli->globals.json
		? -1
		: open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		return fail(
			cli, _("The passphrase of your key is needed, and nobody can be asked."));
	}
	bool typed = ask_terminal(fd, question, text);
	(void)close(fd); /* the terminal stays */
	return typed ? EXIT_DONE : fail(cli, _("No passphrase was given."));
}
