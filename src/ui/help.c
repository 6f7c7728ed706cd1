/* SPDX-License-Identifier: MIT */
/*
 * Help and palette: all actions of the screen below and of every screen;
 * typing narrows them, Enter does the selected one.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "edit.h"
#include "list.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

struct help {
	struct screen base;
	struct screen *below;
	struct edit find;
	struct list list;
	const struct action **hits;
	int n_own; /* of the screen; the others are of every screen */
};

static struct help *
self(struct screen *screen)
{
	return (struct help *)screen;
}

static bool
action_matches(const struct action *action, const char *needle)
{
	struct str raw = STR_INIT;
	struct str hay = STR_INIT;
	bool found;

	key_label(&raw, action->key);
	str_addf(&raw, " %s %s %s", action->name, _(action->label), _(action->help));
	text_fold(&hay, str_text(&raw), raw.len);
	found = strstr(str_text(&hay), needle) != NULL;
	str_release(&raw);
	str_release(&hay);
	return found;
}

static size_t
table_size(const struct action *table)
{
	size_t n = 0;

	while (table && table[n].name) {
		n++;
	}
	return n;
}

static const char *
hit_id(const void *ctx, int i)
{
	return ((const struct help *)ctx)->hits[i]->name;
}

static void
narrow(struct help *help)
{
	const struct action *tables[] = { help->below->ops->actions, help->base.app->globals };
	struct str needle = STR_INIT;
	int n = 0;

	text_fold(&needle, edit_text(&help->find), help->find.text.len);
	for (size_t t = 0; t < 2; t++) {
		for (const struct action *a = tables[t]; a && a->name; a++) {
			if (action_matches(a, str_text(&needle))) {
				help->hits[n++] = a;
			}
		}
		if (t == 0) {
			help->n_own = n;
		}
	}
	str_release(&needle);
	list_update(&help->list, n, hit_id, help);
}

static void
help_size(struct screen *screen, int *rows, int *cols)
{
	int wanted = self(screen)->list.n + 11;

	*rows = *rows + 2;
	*rows = wanted < *rows ? wanted : *rows;
	*cols = *cols > 84 ? 84 : *cols + 4;
}

static void
help_head(struct screen *screen, struct head *head)
{
	str_addf(&head->title, "%s: %s", _("Help"), _(self(screen)->below->ops->title));
}

static void
paint_action(struct help *help, struct canvas *c, int row, int i)
{
	const struct action *action = help->hits[i];
	bool selected = i == help->list.selected;
	struct str keys = STR_INIT;
	struct span spans[4];

	key_label(&keys, action->key);
	if (action->alias) {
		str_add_char(&keys, ' ');
		key_label(&keys, action->alias);
	}
	spans[0] = (struct span){ 1, ROLE_SELECTED, selected ? ">" : "" };
	spans[1] = (struct span){ 1, ROLE_TEXT, "" };
	spans[2] = (struct span){ 14, i < help->n_own ? ROLE_HEAD : ROLE_TEXT, str_text(&keys) };
	spans[3] = (struct span){ 0, ROLE_TEXT, _(action->help) };
	(void)paint_spans(c, (struct place){ row, 0, 0 }, spans, 4);
	str_release(&keys);
}

static void
paint_legend(struct canvas *c, int row)
{
	paint_rule(c, row);
	(void)paint_text(c, (struct place){ row + 1, 0, 0 }, ROLE_QUIET,
		_("Arrows, PgUp, PgDn, Home and End move; j k g G as well. Ctrl-L redraws."));
	(void)paint_text(c, (struct place){ row + 2, 0, 0 }, ROLE_QUIET,
		_("!! major accident   ! overdue   * waits for you   > selected   D draft"));
}

static void
help_paint(struct screen *screen, struct canvas *c)
{
	struct help *help = self(screen);
	int rows = c->rows - 6;
	int top = list_view(&help->list, rows);
	int row = 2;
	int col;

	for (int i = top; i < top + rows && i < help->list.n; i++) {
		if (i == help->n_own && i > top && row < c->rows - 3) {
			row++;
		}
		if (row < c->rows - 3) {
			paint_action(help, c, row++, i);
		}
	}
	paint_legend(c, c->rows - 3);
	col = paint_text(c, (struct place){ 0, 0, 0 }, ROLE_QUIET, _("find:"));
	edit_paint(&help->find, c, (struct place){ 0, col + 1, c->cols - col - 1 }, 1, true);
}

static bool
help_key(struct screen *screen, const struct key *key)
{
	struct help *help = self(screen);
	enum edit_reply reply;

	if ((key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		    key->code == K_PGDN) &&
		list_key(&help->list, key->code)) {
		return true;
	}
	if (key->code == '?' && help->find.text.len == 0) {
		app_close(screen);
		return true;
	}
	reply = edit_key(&help->find, key);
	if (reply == EDIT_CHANGED) {
		narrow(help);
		help->list.selected = 0;
	}
	return reply != EDIT_IGNORED;
}

static bool
help_in_text(struct screen *screen)
{
	(void)screen;
	return true;
}

static void
enter_run(struct screen *screen)
{
	struct help *help = self(screen);
	const struct action *action;

	if (help->list.n == 0) {
		return;
	}
	action = help->hits[help->list.selected];
	app_close(screen);
	action->run(help->below);
}

static void
close_run(struct screen *screen)
{
	app_close(screen);
}

static void
help_release(struct screen *screen)
{
	free(self(screen)->hits);
	edit_release(&self(screen)->find);
	list_release(&self(screen)->list);
}

static const struct action actions[] = {
	{ "do", K_ENTER, 0, N_("do it now"), N_("Do the selected action"),
		ACTION_HINT | ACTION_TEXT, enter_run },
	{ "close", K_ESC, K_F1, N_("close"), N_("Close the help"),
		ACTION_HINT | ACTION_TEXT | ACTION_OVER, close_run },
	{ .name = NULL },
};

const struct screen_ops help_ops = {
	.name = "help",
	.title = N_("Help"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = help_head,
	.paint = help_paint,
	.key = help_key,
	.in_text = help_in_text,
	.size = help_size,
	.release = help_release,
};

void
help_open(struct screen *below)
{
	struct app *app = below->app;
	struct help *help = (struct help *)screen_new(app, &help_ops, sizeof(*help));

	if (!help) {
		(void)app_push(app, NULL); /* says that memory is short */
		return;
	}
	help->below = below;
	edit_init(&help->find, false, 40);
	help->hits = calloc(table_size(below->ops->actions) + table_size(app->globals) + 1,
		sizeof(const struct action *));
	if (!help->hits) {
		screen_free((struct screen *)help);
		(void)app_push(app, NULL); /* as above */
		return;
	}
	narrow(help);
	(void)app_push(app, (struct screen *)help); /* says what went wrong */
}
