/* SPDX-License-Identifier: MIT */
/*
 * The messages of this session, newest first.
 */
#include "app.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

struct messages {
	struct screen base;
	int skip;
};

static void
messages_size(struct screen *screen, int *rows, int *cols)
{
	(void)screen;
	(void)rows;
	*cols = *cols > 100 ? 100 : *cols;
}

static void
messages_paint(struct screen *screen, struct canvas *c)
{
	struct messages *messages = (struct messages *)screen;
	const struct say_log *log = &screen->app->log;
	int row = 0;

	if (log->n == 0) {
		(void)paint_text(c, (struct place){ 0, 0, 0 }, ROLE_QUIET,
			_("No messages in this session."));
	}
	for (size_t i = (size_t)messages->skip; i < log->n && row < c->rows; i++) {
		const struct say_line *line = &log->lines[log->n - 1 - i];
		char at[STAMP_SIZE];
		int rows;

		book_time(&screen->app->book, line->at, at);
		(void)paint_text(c, (struct place){ row, 0, 5 }, ROLE_QUIET, at);
		(void)paint_text(c, (struct place){ row, 6, 2 },
			line->kind == SAY_ERROR ? ROLE_OVERDUE : ROLE_DONE, say_marker(line->kind));
		rows = paint_wrapped(c, (struct place){ row, 9, 0 },
			(struct wrap){ .rows = c->rows - row }, ROLE_TEXT, line->text);
		row += rows;
	}
	paint_caret(c, 0, 0, false);
}

static bool
messages_key(struct screen *screen, const struct key *key)
{
	struct messages *messages = (struct messages *)screen;

	if (key->code == K_DOWN && (size_t)messages->skip + 1 < screen->app->log.n) {
		messages->skip++;
		return true;
	}
	if (key->code == K_UP && messages->skip > 0) {
		messages->skip--;
		return true;
	}
	return false;
}

static const struct action actions[] = { { .name = NULL } };

const struct screen_ops messages_ops = {
	.name = "messages",
	.title = N_("Messages of this session"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.paint = messages_paint,
	.key = messages_key,
	.size = messages_size,
};

void
messages_open(struct app *app)
{
	(void)app_push(
		app, screen_new(app, &messages_ops, sizeof(struct messages))); /* says why not */
}
