/* SPDX-License-Identifier: MIT */
/*
 * The command line: the name of any action of the screen below, of a step of its
 * case, or a place to go.  Tab completes, what could be meant is shown beside the caret, Up and
 * Down bring back what was given in this session.  Deliberately no shell.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "edit.h"
#include "lock.h"
#include "registry.h"
#include "screens.h"
#include "step_row.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum { NAME_SIZE = 32, NEAR_ENOUGH = 3 };

struct command {
	struct screen base;
	struct screen *below;
	json_t *steps; /* incident.steps of the case below; NULL: it shows none */
	struct edit line;
	int back; /* how far back in the history; 0: the line that is being typed */
};

static struct command *
self(struct screen *screen)
{
	return (struct command *)screen;
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
go_glass(struct app *app, const char *rest)
{
	glass_open(app_top(app), rest);
}

static void
go_readings(struct app *app, const char *rest)
{
	(void)rest;
	readings_open(app);
}

static void
go_quit(struct app *app, const char *rest)
{
	(void)rest;
	app_leave(app);
}

static void
go_lock(struct app *app, const char *rest)
{
	(void)rest;
	lock_now(app);
}

struct place_command {
	const char *name;
	unsigned flags; /* enum action_flags */
	void (*run)(struct app *app, const char *rest);
};

static const struct place_command commands[] = {
	{ "report", ACTION_WRITES | ACTION_STEP, go_report },
	{ "drill", ACTION_WRITES | ACTION_STEP, go_drill },
	{ "seat", ACTION_PLAIN, go_seat },
	{ "open", ACTION_PLAIN, go_open },
	{ "break-glass", ACTION_WRITES, go_glass },
	{ "readings", ACTION_PLAIN, go_readings },
	{ "lock", ACTION_PLAIN, go_lock },
	{ "quit", ACTION_PLAIN, go_quit },
	{ "q", ACTION_PLAIN, go_quit },
};

/* --- what could be meant ------------------------------------------------------------- */

/* What was found among the names that work here. */
struct names {
	const char *typed;
	struct str *out; /* names that begin so, a blank before each */
	size_t common;   /* bytes all of them share */
	const char *first;
	int n;
	const char *near; /* the nearest to what was typed */
	size_t distance;
};

/* Letters to change, add or leave out to make one of the other; short words only. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NAME_SIZE + 1];
	size_t len = strlen(b);

	for (size_t j = 0; j <= len; j++) {
		row[j] = j;
	}
	for (size_t i = 1; a[i - 1]; i++) {
		size_t before = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t change = before + (a[i - 1] != b[j - 1]);
			size_t least = row[j] < row[j - 1] ? row[j] : row[j - 1];

			before = row[j];
			row[j] = least + 1 < change ? least + 1 : change;
		}
	}
	return row[len];
}

static void
names_add(struct names *names, const char *name)
{
	size_t typed = strlen(names->typed);
	size_t far = strlen(name) < NAME_SIZE ? distance(names->typed, name) : NAME_SIZE;

	if (far < names->distance) {
		names->distance = far;
		names->near = name;
	}
	if (strncmp(name, names->typed, typed) != 0) {
		return;
	}
	if (names->n++ == 0) {
		names->first = name;
		names->common = strlen(name);
	}
	while (strncmp(name, names->first, names->common) != 0) {
		names->common--;
	}
	str_addf(names->out, " %s", name);
}

/* An action or a place has the name: it comes before a step of the same name. */
static bool
is_taken(const struct screen *below, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) == 0) {
			return true;
		}
	}
	return action_find_name(below->ops->actions, name) ||
		action_find_name(app_globals(below->app), name);
}

static void
names_find(struct names *names, const struct command *command, const char *typed, struct str *out)
{
	const struct screen *below = command->below;
	const struct action *tables[] = { below->ops->actions, app_globals(below->app) };
	json_t *step;
	size_t s;

	/* Of one letter everything is near. */
	*names = (struct names){ .typed = typed,
		.out = out,
		.distance = strlen(typed) < NEAR_ENOUGH ? strlen(typed) : NEAR_ENOUGH };
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (const struct action *a = tables[t]; a && a->name; a++) {
			if (t == 0 || !action_find_name(tables[0], a->name)) {
				names_add(names, a->name);
			}
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *name = commands[i].name;

		if (!action_find_name(tables[0], name) && !action_find_name(tables[1], name)) {
			names_add(names, name);
		}
	}
	json_array_foreach(doc_list(command->steps, "steps"), s, step)
	{
		if (!is_taken(below, doc_text(step, "step"))) {
			names_add(names, doc_text(step, "step"));
		}
	}
}

static void
say_unknown(const struct command *command, const char *name)
{
	struct app *app = command->base.app;
	struct str out = STR_INIT;
	struct names names;

	names_find(&names, command, name, &out);
	if (names.near) {
		const struct str_arg args[] = { { "name", name }, { "near", names.near } };

		app_say_with(app, SAY_INFO,
			_("There is no command \"{name}\" here. Did you mean \"{near}\"?"), args,
			ARRAY_LEN(args));
	} else {
		app_say_with(app, SAY_INFO,
			_("There is no command \"{name}\" here. ? lists the actions of this "
			  "screen."),
			&(struct str_arg){ "name", name }, 1);
	}
	str_release(&out);
}

/* --- doing it -------------------------------------------------------------------------- */

static void
go(struct screen *below, const struct place_command *command, const char *rest)
{
	struct str why = STR_INIT;

	if (action_barred(below->app, command->flags, &why)) {
		app_say(below->app, SAY_INFO, str_text(&why));
	} else {
		command->run(below->app, rest);
	}
	str_release(&why);
}

/* A command of this name stands alone: what is behind it would be left out unsaid. */
static void
say_alone(struct app *app, const char *name)
{
	app_say_with(app, SAY_INFO,
		_("The command \"{name}\" takes nothing behind it. Nothing was done."),
		&(struct str_arg){ "name", name }, 1);
}

static void
run_line(const struct command *command, const char *line)
{
	struct screen *below = command->below;
	size_t len = strcspn(line, " ");
	const char *rest = line + len + strspn(line + len, " ");
	const struct action *action;
	const json_t *step;
	char name[NAME_SIZE];

	if (len == 0) {
		return;
	}
	(void)snprintf(name, sizeof(name), "%.*s", (int)(len < 31 ? len : 31), line);
	action = action_find_name(below->ops->actions, name);
	if (!action) {
		action = action_find_name(app_globals(below->app), name);
	}
	if (action && !rest[0] && strcmp(name, "quit") != 0) {
		action_do(below, action);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) == 0) {
			go(below, &commands[i], rest);
			return;
		}
	}
	step = doc_find(doc_list(command->steps, "steps"), "step", name);
	if (action || (step && rest[0])) {
		say_alone(below->app, name);
	} else if (step) {
		step_row_take(below->app, doc_text(command->steps, "id"), step);
	} else {
		say_unknown(command, name);
	}
}

/* Keeps the line for Up; the oldest goes when there are many. */
static void
history_add(struct app *app, const char *line)
{
	if (!line[0] ||
		(app->n_history > 0 && strcmp(app->history[app->n_history - 1], line) == 0)) {
		return;
	}
	if (app->n_history == APP_HISTORY) {
		free(app->history[0]);
		memmove(app->history, app->history + 1,
			(APP_HISTORY - 1) * sizeof(app->history[0]));
		app->n_history--;
	}
	app->history[app->n_history] = strdup(line);
	app->n_history += app->history[app->n_history] != NULL;
}

static void
enter_run(struct screen *screen)
{
	struct command *command = self(screen);

	history_add(screen->app, edit_text(&command->line));
	app_close(screen);
	/* The closed screen lives until the key is done, and so does its text. */
	run_line(command, edit_text(&command->line));
}

static void
complete_run(struct screen *screen)
{
	struct command *command = self(screen);
	struct str out = STR_INIT;
	struct str text = STR_INIT;
	struct names names;

	names_find(&names, command, edit_text(&command->line), &out);
	if (names.n > 0) {
		str_addf(&text, "%.*s%s", (int)names.common, names.first, names.n == 1 ? " " : "");
		edit_set(&command->line, str_text(&text));
	}
	str_release(&out);
	str_release(&text);
}

static void
history_move(struct screen *screen, int by)
{
	struct command *command = self(screen);
	const struct app *app = screen->app;
	int back = command->back + by;

	if (back >= 0 && back <= app->n_history) {
		command->back = back;
		edit_set(&command->line, back > 0 ? app->history[app->n_history - back] : "");
	}
}

static void
older_run(struct screen *screen)
{
	history_move(screen, 1);
}

static void
newer_run(struct screen *screen)
{
	history_move(screen, -1);
}

/* --- the screen ------------------------------------------------------------------------ */

static void
command_paint(struct screen *screen, struct canvas *c)
{
	struct command *command = self(screen);
	const char *typed = edit_text(&command->line);
	int width = paint_width(typed) + 2;
	struct str out = STR_INIT;
	struct names names;

	width = width > c->cols - 3 ? c->cols - 3 : width;
	(void)paint_text(c, (struct place){ 0, 1, 0 }, ROLE_TITLE, ":");
	names_find(&names, command, typed, &out);
	if (!strchr(typed, ' ')) {
		(void)paint_words(c, (struct place){ 0, 3 + width, c->cols - width - 4 },
			ROLE_QUIET, str_text(&out));
	}
	edit_paint(&command->line, c, (struct place){ 0, 2, width }, 1, true);
	str_release(&out);
}

static bool
command_key(struct screen *screen, const struct key *key)
{
	return edit_key(&self(screen)->line, key) != EDIT_IGNORED;
}

static void
command_release(struct screen *screen)
{
	json_decref(self(screen)->steps);
	edit_release(&self(screen)->line);
}

static const struct action actions[] = {
	{ "accept", K_ENTER, 0, N_("do it"), N_("Do what is typed"), ACTION_HINT | ACTION_TEXT,
		enter_run },
	{ "complete", K_TAB, 0, N_("complete"), N_("Complete the name"), ACTION_HINT | ACTION_TEXT,
		complete_run },
	{ "older", K_UP, 0, N_("earlier"), N_("What was given before"), ACTION_HINT | ACTION_TEXT,
		older_run },
	{ "newer", K_DOWN, 0, N_("later"), N_("What was given after it"), ACTION_TEXT, newer_run },
	{ "back", K_ESC, 0, N_("back"), N_("Change nothing"), ACTION_HINT | ACTION_TEXT,
		app_close },
	{ .name = NULL },
};

const struct screen_ops command_ops = {
	.name = "command",
	.title = N_("Command"),
	.shape = SHAPE_LINE,
	.actions = actions,
	.paint = command_paint,
	.key = command_key,
	.in_text = screen_in_text,
	.release = command_release,
};

void
command_open(struct screen *below)
{
	struct command *command =
		(struct command *)screen_new(below->app, &command_ops, sizeof(*command));

	if (command) {
		command->below = below;
		command->steps = step_row_list(
			below->app, below->ops->subject ? below->ops->subject(below) : NULL);
		edit_init(&command->line, false, 200);
	}
	(void)app_push(below->app, (struct screen *)command); /* says what went wrong */
}
