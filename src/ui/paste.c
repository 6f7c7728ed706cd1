/* SPDX-License-Identifier: MIT */
/*
 * The question about a paste that is long or does not fit: as text, as a file,
 * or not at all.  Nothing of it is dropped before somebody says so; the two
 * answers lie at the two ends of the keyboard.  Whoever types on without looking
 * up answers nothing: the question opens when the keys pause.
 */
#include "paste.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "registry.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"

enum {
	PAUSE_MS = 500, /* longer than between two keys, shorter than reading the question */
	ALARM_MS = 520, /* when the frame without the notice is painted */
};

struct paste {
	struct screen base;
	struct paste_ask ask;
	const char *text; /* the question */
	int64_t quiet_ms; /* since when no key came; by clock_steady_ms() */
};

static struct paste *
self(struct screen *screen)
{
	return (struct paste *)screen;
}

static bool
is_open(const struct paste *paste)
{
	return clock_steady_ms() - paste->quiet_ms >= PAUSE_MS;
}

static void
wait_for_pause(struct paste *paste)
{
	paste->quiet_ms = clock_steady_ms();
	app_alarm(paste->base.app, ALARM_MS);
}

static void
paste_size(struct screen *screen, int *rows, int *cols)
{
	*cols = *cols > 66 ? 66 : *cols;
	*rows = paint_wrap_rows(self(screen)->text, *cols - 4) + 9;
}

static void
paste_head(struct screen *screen, struct head *head)
{
	(void)screen;
	str_add(&head->title, _("A long paste"));
}

static void
paste_paint(struct screen *screen, struct canvas *c)
{
	struct paste *paste = self(screen);
	int row = 2 +
		paint_wrapped(c, (struct place){ 1, 0, 0 }, (struct wrap){ .rows = c->rows },
			ROLE_TEXT, paste->text);
	struct str number = STR_INIT;
	struct str text = STR_INIT;

	str_addf(&number, "%zu", paste->ask.room);
	if (paste->ask.room < paste->ask.chars) {
		str_say(&text, _("p  put in the first {n} characters; the rest stays at hand"),
			&(struct str_arg){ "n", str_text(&number) }, 1);
	} else {
		str_add(&text, _("p  put it in as text"));
	}
	(void)paint_text(c, (struct place){ row, 1, 0 }, ROLE_TEXT, str_text(&text));
	if (paste->ask.file) {
		(void)paint_text(c, (struct place){ row + 1, 1, 0 }, ROLE_TEXT,
			paste->ask.lost > 0 ? _("a  attach what was taken as a file")
					    : _("a  attach all of it as a file"));
	}
	(void)paint_text(c, (struct place){ row + 3, 1, 0 },
		is_open(paste) ? ROLE_TEXT : ROLE_QUIET,
		!is_open(paste)           ? _("Keys still go into the text; answer after a pause.")
			: paste->ask.file ? _("Press p, a or Esc.")
					  : _("Press p or Esc."));
	paint_caret(c, row, 1, false);
	str_release(&number);
	str_release(&text);
}

static void
answer(struct screen *screen, enum paste_answer answered)
{
	struct paste_ask ask = self(screen)->ask;

	app_close(screen);
	ask.answered(ask.asker, answered);
}

/* Ctrl-C and its like mean the desk, not the question. */
static bool
paste_key(struct screen *screen, const struct key *key)
{
	struct paste *paste = self(screen);
	bool control =
		key->code < ' ' && key->code != K_ESC && key->code != K_ENTER && key->code != K_TAB;

	if (key->code == K_PASTE) {
		struct paste_ask ask = paste->ask;

		app_close(screen);
		ask.again(ask.asker, key);
		return true;
	}
	if (is_open(paste) || control) {
		return false;
	}
	if (!paste->ask.typed(paste->ask.asker, key)) {
		app_say(screen->app, SAY_INFO,
			_("Not taken: it was typed before the question could be read."));
	}
	wait_for_pause(paste);
	return true;
}

static void
put_run(struct screen *screen)
{
	answer(screen, PASTE_PUT);
}

static void
attach_run(struct screen *screen)
{
	if (self(screen)->ask.file) {
		answer(screen, PASTE_ATTACH);
	} else {
		app_say(screen->app, SAY_INFO,
			_("This form takes no file. Send it, then attach with the step for "
			  "evidence."));
	}
}

static void
close_run(struct screen *screen)
{
	answer(screen, PASTE_NOTHING);
}

static const struct action actions[] = {
	{ "put", 'p', 0, N_("put it in"), N_("Put in what fits, as text"), ACTION_HINT, put_run },
	{ "attach", 'a', 0, N_("attach"), N_("Keep all of it as a file and attach that"),
		ACTION_HINT, attach_run },
	{ "back", K_ESC, 0, N_("back"), N_("Change nothing"), ACTION_HINT, close_run },
	{ .name = NULL },
};

const struct screen_ops paste_ops = {
	.name = "paste",
	.title = N_("A long paste"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = paste_head,
	.paint = paste_paint,
	.size = paste_size,
	.key = paste_key,
};

void
paste_open(struct app *app, const struct paste_ask *ask)
{
	struct paste *paste = (struct paste *)screen_new(app, &paste_ops, sizeof(*paste));

	if (paste) {
		struct str text = STR_INIT;
		char lines[24];
		char chars[24];
		char room[24];
		char lost[24];

		snprintf(lines, sizeof(lines), "%zu", ask->lines);
		snprintf(chars, sizeof(chars), "%zu", ask->chars);
		snprintf(room, sizeof(room), "%zu", ask->room);
		str_say(&text,
			ask->room < ask->chars
				? _("{chars} characters in {lines} lines were pasted into "
				    "\"{field}\"; there is room for {room}.")
				: _("{chars} characters in {lines} lines were pasted into "
				    "\"{field}\"."),
			(struct str_arg[]){ { "chars", chars }, { "lines", lines },
				{ "room", room }, { "field", ask->field } },
			4);
		snprintf(lost, sizeof(lost), "%zu", ask->lost);
		if (ask->lost > 0) {
			str_add(&text, " ");
			str_say(&text,
				_("{lost} characters more were not taken: a paste holds at most "
				  "16 MiB."),
				&(struct str_arg){ "lost", lost }, 1);
		}
		paste->ask = *ask;
		paste->text = arena_strdup(paste->base.arena, str_text(&text));
		str_release(&text);
	}
	if (app_push(app, (struct screen *)paste)) { /* it says what went wrong */
		wait_for_pause(paste);
	}
}
