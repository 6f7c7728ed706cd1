/* SPDX-License-Identifier: MIT */
/*
 * One line of input in the message row.
 */
#include "app.h"
#include "edit.h"
#include "popup.h"
#include "registry.h"
#include "toban/base/i18n.h"

struct prompt {
	struct screen base;
	struct popup_prompt want;
	const char *label;
	struct edit line;
};

static void
prompt_paint(struct screen *screen, struct canvas *c)
{
	struct prompt *prompt = (struct prompt *)screen;
	int col = 1 + paint_text(c, (struct place){ 0, 1, 0 }, ROLE_TITLE, prompt->label);

	col += prompt->label[0] &&
		prompt->label[1]; /* words stand apart from what is typed, "/" not */
	edit_paint(&prompt->line, c, (struct place){ 0, col, c->cols - col - 1 }, 1, true);
}

static bool
prompt_key(struct screen *screen, const struct key *key)
{
	struct prompt *prompt = (struct prompt *)screen;

	return edit_key(&prompt->line, key) != EDIT_IGNORED;
}

static void
prompt_release(struct screen *screen)
{
	edit_release(&((struct prompt *)screen)->line);
}

static void
enter_run(struct screen *screen)
{
	struct prompt *prompt = (struct prompt *)screen;

	app_close(screen);
	/* The closed screen lives until the key is done, and so does its text. */
	prompt->want.answered(prompt->want.asker, edit_text(&prompt->line));
}

static void
close_run(struct screen *screen)
{
	struct prompt *prompt = (struct prompt *)screen;

	app_close(screen);
	if (prompt->want.left) {
		prompt->want.left(prompt->want.asker, edit_text(&prompt->line));
	}
}

static const struct action actions[] = {
	{ "accept", K_ENTER, 0, N_("take it"), N_("Take what is typed"), ACTION_HINT | ACTION_TEXT,
		enter_run },
	{ "back", K_ESC, 0, N_("back"), N_("Change nothing"), ACTION_HINT | ACTION_TEXT,
		close_run },
	{ .name = NULL },
};

const struct screen_ops prompt_ops = {
	.name = "prompt",
	.title = N_("Input"),
	.shape = SHAPE_LINE,
	.actions = actions,
	.paint = prompt_paint,
	.key = prompt_key,
	.in_text = screen_in_text,
	.release = prompt_release,
};

void
popup_prompt(struct app *app, const struct popup_prompt *want)
{
	struct prompt *prompt = (struct prompt *)screen_new(app, &prompt_ops, sizeof(*prompt));

	if (prompt) {
		prompt->want = *want;
		prompt->label = arena_strdup(prompt->base.arena, want->label);
		edit_init(&prompt->line, false, 200);
		edit_set(&prompt->line, want->text);
	}
	(void)app_push(app, (struct screen *)prompt); /* says what went wrong */
}
