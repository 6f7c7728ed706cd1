/* SPDX-License-Identifier: MIT */
/*
 * The command line: the name of any action of the screen below, or a place to
 * go.  Deliberately no shell.
 */
#include <string.h>

#include "app.h"
#include "popup.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

static void
go_board(struct app *app, const char *rest)
{
	(void)rest;
	if (!app_return_to(app, "board")) {
		board_open(app);
	}
}

static void
go_report(struct app *app, const char *rest)
{
	(void)rest;
	report_open(app, NULL);
}

static void
go_drill(struct app *app, const char *rest)
{
	(void)rest;
	report_open_drill(app);
}

static void
go_seat(struct app *app, const char *rest)
{
	(void)rest;
	if (app->options->become) {
		seat_open(app);
	} else {
		app_say(app, SAY_ERROR, _("Only a trial desk lets you take another seat."));
	}
}

static void
go_open(struct app *app, const char *rest)
{
	incident_open(app, rest);
}

static void
go_quit(struct app *app, const char *rest)
{
	(void)rest;
	app_leave(app);
}

struct place_command {
	const char *name;
	void (*run)(struct app *app, const char *rest);
};

static const struct place_command commands[] = {
	{ "board", go_board },
	{ "report", go_report },
	{ "drill", go_drill },
	{ "seat", go_seat },
	{ "open", go_open },
	{ "quit", go_quit },
	{ "q", go_quit },
};

static void
answered(struct screen *screen, const char *line)
{
	struct app *app = screen->app;
	size_t len = strcspn(line, " ");
	const char *rest = line + len + strspn(line + len, " ");
	char name[32];

	if (len == 0 || len >= sizeof(name)) {
		return;
	}
	memcpy(name, line, len);
	name[len] = '\0';
	{
		const struct action *action = action_find_name(screen->ops->actions, name);

		if (!action) {
			action = action_find_name(app->globals, name);
		}
		if (action && !rest[0] && strcmp(name, "quit") != 0) {
			action->run(screen);
			return;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) == 0) {
			commands[i].run(app, rest);
			return;
		}
	}
	app_say_with(app, SAY_ERROR,
		_("There is no command \"{name}\" here. ? lists the actions of this screen."),
		&(struct str_arg){ "name", name }, 1);
}

void
command_open(struct screen *below)
{
	popup_prompt(below->app,
		&(struct popup_prompt){
			.asker = below,
			.label = ":",
			.text = "",
			.answered = answered,
		});
}
