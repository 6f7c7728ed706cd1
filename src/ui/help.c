/* SPDX-License-Identifier: MIT */
/*
 * Help and palette: what can be done on the screen below, in the case it shows
 * and everywhere; typing narrows it, Enter does the selected line, or says why
 * that cannot be done and who could.
 */
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "registry.h"
#include "screens.h"
#include "step_row.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

static struct help *
self(struct screen *screen)
{
	return (struct help *)screen;
}

static bool
holds(const struct str *raw, const char *needle)
{
	struct str hay = STR_INIT;
	bool found;

	text_fold(&hay, str_text(raw), raw->len);
	found = strstr(str_text(&hay), needle) != NULL;
	str_release(&hay);
	return found;
}

/* By key, by name, by the words on the screen and by the English ones. */
static bool
action_matches(const struct action *action, const char *needle)
{
	struct str raw = STR_INIT;
	bool found;

	key_label(&raw, action->key);
	str_addf(&raw, " :%s %s %s %s %s", action->name, _(action->label), _(action->help),
		action->label, action->help);
	found = holds(&raw, needle);
	str_release(&raw);
	return found;
}

static bool
step_matches(const json_t *step, const char *needle)
{
	static const char *const keys[] = { "label", "explain" };
	struct str raw = STR_INIT;
	bool found;

	str_add(&raw, doc_text(step, "step"));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *words = json_object_get(step, keys[i]);

		str_addf(&raw, " %s %s", doc_text(words, "en"), doc_text(words, "ja"));
	}
	found = holds(&raw, needle);
	str_release(&raw);
	return found;
}

static const char *
row_id(const void *ctx, int i)
{
	const struct help_row *row = &((const struct help *)ctx)->rows[i];

	return row->action ? row->action->name : doc_text(row->step, "step");
}

static void
take_actions(struct help *help, enum help_section section, const char *needle)
{
	const struct action *a =
		section == HELP_SCREEN ? help->below->ops->actions : app_globals(help->base.app);

	for (; a && a->name; a++) {
		struct str why = STR_INIT;

		if (action_matches(a, needle)) {
			help->rows[help->n++] = (struct help_row){
				.section = section,
				.action = a,
				.refused = action_refused(help->below, a, &why),
			};
		}
		str_release(&why);
	}
}

static void
take_steps(struct help *help, const char *needle)
{
	size_t i;
	json_t *step;

	json_array_foreach(doc_list(help->steps, "steps"), i, step)
	{
		if (step_matches(step, needle)) {
			help->rows[help->n++] = (struct help_row){
				.section = HELP_STEPS,
				.step = step,
				.refused = !doc_flag(step, "allowed"),
			};
		}
	}
}

static void
narrow(struct help *help)
{
	struct str needle = STR_INIT;

	text_fold(&needle, edit_text(&help->find), help->find.text.len);
	help->n = 0;
	take_actions(help, HELP_SCREEN, str_text(&needle));
	take_steps(help, str_text(&needle));
	take_actions(help, HELP_EVERYWHERE, str_text(&needle));
	str_release(&needle);
	list_update(&help->list, help->n, row_id, help);
}

static void
help_head(struct screen *screen, struct head *head)
{
	const struct help *help = self(screen);

	str_addf(&head->title, "%s: %s", _("Help"), _(help->below->ops->title));
	str_add(&head->state, _("type to find a line, Enter does it"));
}

/* In two columns Left and Right go to the other one, as long as nothing is typed. */
static bool
change_column(struct help *help)
{
	bool left = help->rows[help->list.selected].section == HELP_EVERYWHERE;
	int first = -1;

	for (int i = 0; i < help->n && first < 0; i++) {
		if ((help->rows[i].section == HELP_EVERYWHERE) != left) {
			first = i;
		}
	}
	if (!help->two || first < 0) {
		return false;
	}
	help->list.selected = first;
	return true;
}

static bool
is_moving(int code)
{
	return code == K_UP || code == K_DOWN || code == K_PGUP || code == K_PGDN;
}

static bool
help_key(struct screen *screen, const struct key *key)
{
	struct help *help = self(screen);
	bool empty = help->find.text.len == 0;
	enum edit_reply reply;

	if (is_moving(key->code) && list_key(&help->list, key->code)) {
		return true;
	}
	if (empty && help->n > 0 && (key->code == K_LEFT || key->code == K_RIGHT)) {
		return change_column(help);
	}
	if (empty && key->code == '?') {
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

static void
enter_run(struct screen *screen)
{
	struct help *help = self(screen);
	const struct help_row *row = &help->rows[help->list.selected];
	struct str why = STR_INIT;

	if (help->n == 0) {
		return;
	}
	if (row->refused) {
		help_reason(help, row, &why);
		app_say(screen->app, SAY_INFO, str_text(&why));
		str_release(&why);
		return;
	}
	app_close(screen);
	if (row->action) {
		row->action->run(help->below);
	} else {
		step_row_take(screen->app, doc_text(help->steps, "id"), row->step);
	}
}

static void
help_release(struct screen *screen)
{
	struct help *help = self(screen);

	free(help->rows);
	json_decref(help->steps);
	edit_release(&help->find);
	list_release(&help->list);
}

static const struct action actions[] = {
	{ "do", K_ENTER, 0, N_("do it now"), N_("Do the selected action"),
		ACTION_HINT | ACTION_TEXT, enter_run },
	{ "close", K_ESC, K_F1, N_("close"), N_("Close the help"), ACTION_TEXT | ACTION_OVER,
		app_close },
	{ .name = NULL },
};

const struct screen_ops help_ops = {
	.name = "help",
	.title = N_("Help"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = help_head,
	.paint = help_paint,
	.key = help_key,
	.in_text = screen_in_text,
	.release = help_release,
};

static size_t
table_size(const struct action *table)
{
	size_t n = 0;

	while (table && table[n].name) {
		n++;
	}
	return n;
}

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
	help->steps = step_row_list(app, below->ops->subject ? below->ops->subject(below) : NULL);
	help->rows = calloc(table_size(below->ops->actions) + table_size(app_globals(app)) +
			json_array_size(doc_list(help->steps, "steps")) + 1,
		sizeof(*help->rows));
	if (!help->rows) {
		screen_free((struct screen *)help);
		(void)app_push(app, NULL); /* as above */
		return;
	}
	narrow(help);
	(void)app_push(app, (struct screen *)help); /* says what went wrong */
}
