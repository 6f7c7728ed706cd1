/* SPDX-License-Identifier: MIT */
/*
 * Joins the desk with the screen: what the environment says about the terminal,
 * who may take the seat, and the engine that runs as long as the screen does.
 */
#include "screen.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/log.h"
#include "toban/ui/ui.h"
#include "aside.h"
#include "editor.h"
#include "places.h"
#include "helper_process.h"

/*
 * An engine that died is started again at once, unless it lived shorter than this:
 * then at the next full minute.
 */
#define LIVED_MS 1000

struct screen {
	struct desk_file *file;     /* NULL: a desk at a socket */
	struct wire_client *client;
	struct door *door;
	struct aside *aside; /* `door` and what is behind it is used in its thread */
	struct helper_process engine;
	int64_t engine_at; /* when it was started last, on the steady clock */
	const char *locale_dir;
};

struct change {
	struct screen *screen;
	const char *person;
	json_t *error;
	enum err e;
};

static void
change_seat(void *ctx)
{
	struct change *change = ctx;
	struct screen *screen = change->screen;
	struct door next;
	if (screen->client) {
		change->e = wire_client_become(screen->client, change->person, &change->error);
		return;
	}
	change->e = desk_file_door(screen->file, change->person, &next, &change->error);
	if (change->e == ERR_OK) {
		desk_door_free(screen->door);
		*screen->door = next;
	}
}

static enum err
become(void *ctx, const char *person, json_t **ret_error)
{
	struct screen *screen = ctx;
	struct change change = { .screen = screen, .person = person };
	aside_do(screen->aside, change_seat, &change);
	if (change.e != ERR_OK) {
		*ret_error = change.error;
	}
	return change.e;
}

static enum err
edit(void *ctx, const char *path, const struct ui_wait *wait, int *ret_status)
{
	(void)ctx;
	return editor_run(path, wait, ret_status);
}

static void
keep_engine(struct screen *screen)
{
	pid_t before = screen->engine.pid;
	if (clock_steady_ms() - screen->engine_at < LIVED_MS) {
		return;
	}
	helper_process_keep(&screen->engine);
	if (screen->engine.pid != before) {
		screen->engine_at = clock_steady_ms();
	}
}

static void
tick(void *ctx)
{
	keep_engine(ctx);
}

static void
speak(void *ctx, enum lang lang)
{
	const struct screen *screen = ctx;
	const struct door *door = aside_door(screen->aside);
	/* gettext's state is everybody's. */
	if (door->settle) {
		door->settle(door->ctx);
	}
	i18n_start(lang, screen->locale_dir);
}

/*
 * A service runs its own.  TOBAN_ENGINE=off: a desk whose clocks are the service's alone,
 * whether that runs or not.
 */
static bool
wants_engine(const struct screen_parts *parts)
{
	const char *value = places_environment("TOBAN_ENGINE");
	return parts->file && !parts->read_only && !(value && strcmp(value, "off") == 0);
}

/* TOBAN_AMBIGUOUS: 1 or 2; anything else: the terminal is asked. */
static int
ambiguous_columns(void)
{
	const char *value = places_environment("TOBAN_AMBIGUOUS");
	bool known = value && (strcmp(value, "1") == 0 || strcmp(value, "2") == 0);
	return known ? *value - '0' : 0;
}

/* What the command line says wins over NO_COLOR, which counts when it is not empty. */
static bool
wants_color(enum cli_color color)
{
	const char *none = places_environment("NO_COLOR");
	return color == CLI_COLOR_ALWAYS || (color == CLI_COLOR_AUTO && (!none || !none[0]));
}

static void
say_unusable(enum err e)
{
	if (e != ERR_OK && e != ERR_UNSUPPORTED && e != ERR_DENIED) {
		log_line(LOG_ERROR, "the screen cannot be used: %s", err_name(e));
	}
}

/* The screen, with the door aside as long as it runs. */
static enum err
run_ui(struct screen *screen, const struct aside_options *aside, struct ui_options *options)
{
	enum err e = aside_new(aside, &screen->aside);
	if (e != ERR_OK) {
		return e;
	}
	options->door = aside_door(screen->aside);
	e = ui_run(options);
	aside_free(screen->aside);
	return e;
}

enum err
screen_run(const struct screen_parts *parts)
{
	struct screen screen = {
		.file = parts->file,
		.client = parts->client,
		.door = parts->door,
		.engine = {
			.program = places_helper(parts->arena, "toban"),
			.desk = parts->file ? desk_file_path(parts->file) : NULL,
			.command = "serve",
		},
		.engine_at = -LIVED_MS,
		.locale_dir = places_locale_dir(parts->arena),
	};
	if (!screen.engine.program) {
		return ERR_NOMEM;
	}
	bool throw_away = parts->file && desk_file_is_throw_away(parts->file);
	const char *runtime = places_environment("XDG_RUNTIME_DIR");
	const struct aside_options aside = {
		.inner = parts->door,
		.told = parts->waiting,
		.stop = parts->client ? parts->stop : NULL,
	};
	struct ui_options options = {
		.clock = parts->clock,
		.test_marks = places_environment("TOBAN_TEST") != NULL,
		.no_color = !wants_color(parts->color),
		.ascii = parts->ascii || places_environment("TOBAN_ASCII") != NULL,
		.read_only = parts->read_only,
		.signer = parts->signer,
		.waiting = parts->waiting,
		.keymap_path = parts->keymap_path,
		.keymap = parts->keymap_path ? parts->keymap : NULL,
		.ambiguous = ambiguous_columns(),
		.choose_seat = !parts->named,
		.locked = parts->locked,
		.become = become,
		.speak = speak,
		.account_lang = i18n_lang(),
		.lang_named = parts->lang_named,
		.tick = wants_engine(parts) ? tick : NULL,
		.edit = parts->read_only ? NULL : edit,
		.ctx = &screen,
		.emergency_dir = runtime ? runtime : "/tmp",
		/* What belongs to a desk that is thrown away need not outlive it. */
		.keep_dir = throw_away ? NULL : places_state_dir(parts->arena),
		.home = places_environment("HOME"),
	};
	if (wants_engine(parts)) {
		keep_engine(&screen);
	}
	/* While curses owns the terminal nothing else may write on it. */
	log_start(NULL, LOG_ERROR);
	enum err e = run_ui(&screen, &aside, &options);
	log_start(stderr, LOG_WARNING);
	say_unusable(e);
	helper_process_stop(&screen.engine);
	if (throw_away) {
		/* Its folder is removed next: nobody may write there any more. */
		helper_process_wait(&screen.engine);
	}
	return e;
}
