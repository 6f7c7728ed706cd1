/* SPDX-License-Identifier: MIT */
/*
 * Questions before something that others will see.  The button that changes
 * nothing is selected first; a final step wants the incident's number typed.
 */
#include <string.h>

#include "app.h"
#include "deaf.h"
#include "edit.h"
#include "popup.h"
#include "registry.h"
#include "toban/base/i18n.h"

struct confirm {
	struct screen base;
	struct popup_ask ask;
	const char *title;
	const char *text;
	const char *accept;
	const char *must_type;
	struct edit typed;
	bool on_accept; /* without a number: which button is selected */
	bool on_back;   /* with a number: Back is, else what was typed counts */
};

static struct confirm *
self(struct screen *screen)
{
	return (struct confirm *)screen;
}

static bool
is_typed(struct confirm *confirm)
{
	return confirm->must_type && strcmp(edit_text(&confirm->typed), confirm->must_type) == 0;
}

static void
confirm_size(struct screen *screen, int *rows, int *cols)
{
	struct confirm *confirm = self(screen);

	*cols = *cols > 66 ? 66 : *cols;
	*rows = paint_wrap_rows(confirm->text, *cols - 4) + (confirm->must_type ? 7 : 5);
}

static void
confirm_head(struct screen *screen, struct head *head)
{
	str_add(&head->title, self(screen)->title);
}

/* Where the number is still missing neither button would do anything but say so. */
static enum role
button_role(struct confirm *confirm, bool accept)
{
	bool selected = confirm->on_accept == accept;

	if (confirm->must_type) {
		selected = accept ? !confirm->on_back && is_typed(confirm) : confirm->on_back;
	}
	return selected ? ROLE_SELECTED : ROLE_TEXT;
}

static void
paint_buttons(struct confirm *confirm, struct canvas *c)
{
	struct str accept = STR_INIT;
	struct str back = STR_INIT;
	int row = c->rows - 1;
	int col;

	str_addf(&accept, "[ %s ]", confirm->accept);
	str_addf(&back, "[ %s ]", _("Back"));
	col = 2 +
		paint_text(c, (struct place){ row, 2, 0 }, button_role(confirm, true),
			str_text(&accept));
	(void)paint_text(c, (struct place){ row, col + 3, 0 }, button_role(confirm, false),
		str_text(&back));
	if (!confirm->must_type) {
		int at = confirm->on_accept ? 0 : col + 1;

		/* The mark says it also where the terminal cannot show it reversed. */
		(void)paint_text(c, (struct place){ row, at, 1 }, ROLE_SELECTED, ">");
		paint_caret(c, row, at, false);
	}
	str_release(&accept);
	str_release(&back);
}

static void
confirm_paint(struct screen *screen, struct canvas *c)
{
	struct confirm *confirm = self(screen);
	int rows = paint_wrapped(c, (struct place){ 1, 0, 0 }, (struct wrap){ .rows = c->rows },
		ROLE_TEXT, confirm->text);

	paint_buttons(confirm, c);
	if (confirm->must_type) {
		struct str label = STR_INIT;
		int col;

		str_say(&label, _("To confirm, type {number}:"),
			&(struct str_arg){ "number", confirm->must_type }, 1);
		col = paint_text(c, (struct place){ rows + 2, 0, 0 }, ROLE_TEXT, str_text(&label));
		edit_paint(&confirm->typed, c, (struct place){ rows + 2, col + 1, 16 }, 1, true);
		str_release(&label);
	}
}

static void
answer(struct screen *screen, bool accepted)
{
	struct popup_ask ask = self(screen)->ask;

	app_close(screen);
	if (accepted) {
		ask.answered(ask.asker, "");
	} else if (ask.text_follows) {
		deaf_begin(screen->app); /* Enter or "n" of somebody who did not look */
	}
}

static void
enter(struct screen *screen)
{
	struct confirm *confirm = self(screen);

	if (!confirm->must_type || confirm->on_back) {
		answer(screen, confirm->on_accept);
	} else if (is_typed(confirm)) {
		answer(screen, true);
	} else {
		app_say(screen->app, SAY_INFO, _("The number is not the one asked for."));
	}
}

static bool
confirm_drops_letters(struct screen *screen)
{
	return self(screen)->ask.text_follows;
}

static bool
confirm_key(struct screen *screen, const struct key *key)
{
	struct confirm *confirm = self(screen);
	int code = key_command(key);

	if (key->code == K_ENTER) {
		enter(screen);
		return true;
	}
	if (confirm->must_type) {
		struct key folded = { key->code == K_PASTE ? K_PASTE : code, key->paste,
			key->paste_len };

		confirm->on_back = false;
		return edit_key(&confirm->typed, &folded) != EDIT_IGNORED;
	}
	if (code == 'y' || code == 'n') {
		answer(screen, code == 'y');
	} else if (code == K_LEFT || code == K_RIGHT || code == K_TAB || code == K_BACKTAB) {
		confirm->on_accept = !confirm->on_accept;
	} else {
		/* No letter leads away from a question but those for help and back. */
		return key_is_text(key) &&
			(confirm_drops_letters(screen) || (code != '?' && code != 'q'));
	}
	return true;
}

static bool
confirm_in_text(struct screen *screen)
{
	return self(screen)->must_type != NULL;
}

static void
confirm_release(struct screen *screen)
{
	edit_release(&self(screen)->typed);
}

static void
back_run(struct screen *screen)
{
	self(screen)->ask.text_follows = false; /* Esc begins no word */
	answer(screen, false);
}

static void
toggle_run(struct screen *screen)
{
	struct confirm *confirm = self(screen);

	if (confirm->must_type) {
		confirm->on_back = !confirm->on_back;
	} else {
		confirm->on_accept = !confirm->on_accept;
	}
}

static const struct action actions[] = {
	{ "choose", K_ENTER, 0, N_("choose"), N_("Do what the selected button says"),
		ACTION_HINT | ACTION_TEXT | ACTION_FINAL, enter },
	{ "other", K_TAB, K_BACKTAB, N_("other button"), N_("Select the other button"),
		ACTION_HINT | ACTION_TEXT, toggle_run },
	{ "back", K_ESC, 0, N_("back"), N_("Change nothing"), ACTION_HINT | ACTION_TEXT, back_run },
	{ .name = NULL },
};

const struct screen_ops confirm_ops = {
	.name = "confirm",
	.title = N_("Confirm"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = confirm_head,
	.paint = confirm_paint,
	.key = confirm_key,
	.in_text = confirm_in_text,
	.drops_letters = confirm_drops_letters,
	.size = confirm_size,
	.release = confirm_release,
};

void
popup_confirm(struct app *app, const struct popup_ask *ask)
{
	struct confirm *confirm = (struct confirm *)screen_new(app, &confirm_ops, sizeof(*confirm));

	if (confirm) {
		confirm->ask = *ask;
		confirm->title = arena_strdup(confirm->base.arena, ask->title);
		confirm->text = arena_strdup(confirm->base.arena, ask->text);
		confirm->accept = arena_strdup(confirm->base.arena, ask->accept);
		confirm->must_type = arena_strdup(confirm->base.arena, ask->must_type);
		edit_init(&confirm->typed, false, 40);
	}
	(void)app_push(app, (struct screen *)confirm); /* says what went wrong */
}
