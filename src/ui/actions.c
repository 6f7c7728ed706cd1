/* SPDX-License-Identifier: MIT */
/*
 * The menu of steps: what can be done now; what cannot, with the reason and
 * with who could.  Each step has its own key, the same every day, so that hands
 * can learn it.  Two keys for every step, so that a wrong key in a wrong window
 * never changes a record.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "list.h"
#include "registry.h"
#include "screens.h"
#include "step_row.h"
#include "toban/base/i18n.h"

enum { DETAIL_ROWS = 5, DETAIL_ROWS_SMALL = 3, SMALL = 16 };

struct menu {
	struct screen base;
	char *id;
	json_t *steps; /* rows of incident.steps: awaited of me, other allowed, refused */
	int n_allowed;
	struct list list;
};

static struct menu *
self(struct screen *screen)
{
	return (struct menu *)screen;
}

static const char *
step_id(const void *ctx, int i)
{
	return doc_text(json_array_get(ctx, (size_t)i), "step");
}

/* Takes over the rows that are allowed and awaited, or not, as asked. */
static void
take_rows(json_t *sorted, const json_t *result, bool allowed, bool awaited)
{
	size_t i;
	json_t *step;

	json_array_foreach(doc_list(result, "steps"), i, step)
	{
		if (doc_flag(step, "allowed") == allowed && doc_flag(step, "awaited") == awaited) {
			json_array_append(sorted, step);
		}
	}
}

static enum err
menu_load(struct screen *screen)
{
	struct menu *menu = self(screen);
	json_t *result = NULL;
	json_t *sorted;
	enum err e = app_call(
		screen->app, "incident.steps", json_pack("{s:s}", "id", menu->id), &result);

	if (e != ERR_OK) {
		return e;
	}
	/* What this person is waited for comes first: the key of a tired hand. */
	sorted = json_array();
	take_rows(sorted, result, true, true);
	take_rows(sorted, result, true, false);
	menu->n_allowed = (int)json_array_size(sorted);
	take_rows(sorted, result, false, false);
	json_decref(result);
	json_decref(menu->steps);
	menu->steps = sorted;
	list_update(&menu->list, (int)json_array_size(sorted), step_id, sorted);
	return ERR_OK;
}

static void
menu_size(struct screen *screen, int *rows, int *cols)
{
	int wanted = (int)json_array_size(self(screen)->steps) + DETAIL_ROWS + 4;

	*rows = wanted < *rows + 2 ? wanted : *rows + 2;
	*cols = *cols > 84 ? 84 : *cols + 4;
}

static void
menu_head(struct screen *screen, struct head *head)
{
	str_addf(&head->title, "%s  %s", self(screen)->id, _("Actions"));
}

/* Who could take a step that is refused; nobody: it is not its time. */
static void
who_words(struct menu *menu, const json_t *step, struct str *out)
{
	step_row_who(menu->base.app, step, out);
	if (json_array_size(doc_list(step, "who")) == 0) {
		str_add(out, _("not now"));
	}
}

static void
paint_step(struct menu *menu, struct canvas *c, int row, int i)
{
	const json_t *step = json_array_get(menu->steps, (size_t)i);
	bool allowed = i < menu->n_allowed;
	bool selected = i == menu->list.selected;
	int half = c->cols / 2;
	const char *label = doc_words_of(step, "label");
	int used;

	(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, selected ? ">" : "");
	(void)paint_text(
		c, (struct place){ row, 1, 1 }, ROLE_MINE, doc_flag(step, "awaited") ? "*" : "");
	(void)paint_text(c, (struct place){ row, 2, 1 }, allowed ? ROLE_HEAD : ROLE_QUIET,
		doc_text(step, "key"));
	used = paint_text(c, (struct place){ row, 4, 0 }, allowed ? ROLE_TEXT : ROLE_QUIET, label);
	if (!allowed) {
		struct str who = STR_INIT;

		who_words(menu, step, &who);
		(void)paint_words(c, (struct place){ row, used + 6 > half ? used + 6 : half, 0 },
			ROLE_QUIET, str_text(&who));
		str_release(&who);
	}
	if (selected) {
		paint_caret(c, row, 0, false);
	}
}

/* What the step does, or why it can't be done and who could. */
static void
detail_text(struct menu *menu, struct str *out)
{
	const json_t *step = json_array_get(menu->steps, (size_t)menu->list.selected);

	if (!step) {
		return;
	}
	if (doc_flag(step, "allowed")) {
		str_add(out, doc_words_of(step, "explain"));
		if (strcmp(doc_text(step, "confirm"), "final") == 0) {
			str_addf(out, " %s", _("Final: the number is asked for."));
		}
		return;
	}
	/* Why not comes first: it is what the reader asks, and it names who could. */
	str_addf(out, "%s\n%s", doc_words_of(step, "why"), doc_words_of(step, "explain"));
}

static void
menu_paint(struct screen *screen, struct canvas *c)
{
	struct menu *menu = self(screen);
	int detail_rows = c->rows > SMALL ? DETAIL_ROWS : DETAIL_ROWS_SMALL;
	int rows = c->rows - detail_rows - 1;
	int top = list_view(&menu->list, rows);
	struct str detail = STR_INIT;

	for (int i = 0; i < rows && top + i < menu->list.n; i++) {
		paint_step(menu, c, i, top + i);
	}
	paint_rule(c, rows);
	detail_text(menu, &detail);
	(void)paint_wrapped(c, (struct place){ rows + 1, 0, 0 },
		(struct wrap){ .rows = detail_rows }, ROLE_TEXT, str_text(&detail));
	str_release(&detail);
}

static void
choose(struct screen *screen)
{
	struct menu *menu = self(screen);
	struct app *app = screen->app;
	const json_t *step = json_array_get(menu->steps, (size_t)menu->list.selected);

	if (!step) {
		return;
	}
	if (menu->list.selected < menu->n_allowed && !app->options->read_only) {
		app_close(screen);
	}
	/* The closed screen lives until the key is done. */
	step_row_take(app, menu->id, step);
}

/* The row of the step with that key, -1: there is none. */
static int
row_with_key(const struct menu *menu, int code)
{
	size_t i;
	json_t *step;

	json_array_foreach(menu->steps, i, step)
	{
		const char *key = doc_text(step, "key");

		if (key[0] && key[0] == code) {
			return (int)i;
		}
	}
	return -1;
}

static bool
menu_key(struct screen *screen, const struct key *key)
{
	struct menu *menu = self(screen);
	int row = row_with_key(menu, key->code);

	/* A step's key comes first: g and digits mean other things elsewhere. */
	if (row < 0 && list_key(&menu->list, key->code)) {
		if (menu->list.n > 0) {
			list_anchor(&menu->list, step_id(menu->steps, menu->list.selected));
		}
		return true;
	}
	if (row < 0) {
		return false;
	}
	menu->list.selected = row;
	choose(screen);
	return true;
}

static void
menu_release(struct screen *screen)
{
	struct menu *menu = self(screen);

	json_decref(menu->steps);
	list_release(&menu->list);
}

static const struct action actions[] = {
	{ "choose", K_ENTER, 0, N_("choose"), N_("Open the form of the selected step"),
		ACTION_HINT | ACTION_WRITES, choose },
	{ "close", K_ESC, 'q', N_("close"), N_("Close the menu; nothing is done"), ACTION_HINT,
		app_close },
	{ .name = NULL },
};

const struct screen_ops actions_ops = {
	.name = "actions",
	.title = N_("Actions"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.load = menu_load,
	.head = menu_head,
	.paint = menu_paint,
	.key = menu_key,
	.size = menu_size,
	.release = menu_release,
};

void
actions_open(struct app *app, const char *id)
{
	struct menu *menu = (struct menu *)screen_new(app, &actions_ops, sizeof(*menu));

	if (menu) {
		menu->id = arena_strdup(menu->base.arena, id);
	}
	(void)app_push(app, (struct screen *)menu); /* says what went wrong */
}
