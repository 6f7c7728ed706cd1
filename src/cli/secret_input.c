/* SPDX-License-Identifier: MIT */
/*
 * PINs from a person or a file, and sitting down at a shared console with one.
 */
#include "secret_input.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "talk.h"
#include "toban/base/i18n.h"
#include "toban/base/locked.h"

/*
 * A line, byte by byte so that no buffer of ours keeps more of it.  False: it does not end, was
 * given up (Ctrl-C, Ctrl-D), or is too long.
 */
static bool
read_line(int fd, char out[SECRET_INPUT_SIZE])
{
	size_t len = 0;
	char c = '\0';

	while (read(fd, &c, 1) == 1 && c != '\n' && c != '\r') {
		if (c == 3 || c == 4 || len + 1 >= SECRET_INPUT_SIZE) {
			return false;
		}
		if (c == 127 || c == 8) {
			len -= len > 0;
			continue;
		}
		out[len++] = c;
	}
	out[len] = '\0';
	return len > 0;
}

/* Without an echo; the signal keys come as bytes, so that the echo surely comes back. */
static bool
ask_terminal(const char *question, char out[SECRET_INPUT_SIZE])
{
	struct termios before;
	struct termios quiet;
	bool ok;

	if (tcgetattr(STDIN_FILENO, &before) != 0) {
		return false;
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG | ICANON);
	(void)fprintf(stderr, "%s ", question);
	(void)fflush(stderr);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0) {
		return false;
	}
	ok = read_line(STDIN_FILENO, out);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before); /* it was so a moment ago */
	(void)fputc('\n', stderr);
	return ok;
}

int
secret_input(struct cli *cli, const char *path, const char *question, char out[SECRET_INPUT_SIZE])
{
	bool piped = path && strcmp(path, "-") == 0;
	int fd = !path || piped ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0;

	out[0] = '\0';
	if (ok) {
		ok = path ? read_line(fd, out) : cli_may_ask(cli) && ask_terminal(question, out);
	}
	if (fd > STDIN_FILENO) {
		(void)close(fd); /* only read */
	}
	if (ok) {
		return EXIT_DONE;
	}
	locked_wipe(out, SECRET_INPUT_SIZE);
	return cli_fail(cli, EXIT_USAGE, "D111", _("No PIN was given."),
		_("It is asked on the terminal, or read from a file: --pin-file FILE, - for "
		  "standard input."));
}

/* --- sitting down ------------------------------------------------------------------------ */

static bool
is_locked(struct cli *cli)
{
	json_t *info = NULL;
	json_t *error = NULL;
	bool locked = !cli->door.call(cli->door.ctx, "session.show", NULL, &info, &error) &&
		json_is_true(json_object_get(info, "locked"));

	json_decref(info);
	json_decref(error);
	return locked;
}

static int
open_session(struct cli *cli, const char *person, const char *pin)
{
	json_t *args = json_pack("{s:s, s:s}", "person", person, "pin", pin);
	json_t *result = NULL;
	int status = cli_call(cli, "session.open", args, &result);

	if (status == EXIT_DONE && json_is_true(json_object_get(result, "must_change"))) {
		talk_say(_("This PIN is good once: choose your own with 'toban pin set'."));
	}
	json_decref(result);
	return status;
}

int
cli_sit_down(struct cli *cli)
{
	struct str name = STR_INIT;
	char pin[SECRET_INPUT_SIZE];
	int status = EXIT_DONE;

	if (!cli->door.post || !is_locked(cli)) {
		return EXIT_DONE;
	}
	if (cli->globals.person) {
		str_add(&name, cli->globals.person);
	} else if (cli_may_ask(cli)) {
		struct talk talk = { .cli = cli };

		talk_say(_("This is a shared console."));
		(void)talk_ask(&talk, _("Who are you (id, for example dc-operator-1)?"), "", &name);
	}
	if (name.len == 0) {
		str_release(&name);
		return EXIT_DONE; /* what is asked for says that nobody sits here */
	}
	status = secret_input(cli, cli->globals.pin_file, _("PIN:"), pin);
	if (status == EXIT_DONE) {
		status = open_session(cli, str_text(&name), pin);
	}
	locked_wipe(pin, sizeof(pin));
	str_release(&name);
	return status;
}
