/* SPDX-License-Identifier: MIT */
/*
 * The list of all screens.
 */
#include "registry.h"

#include <string.h>

#include "app.h"
#include "outsider.h"
#include "screens.h"
#include "toban/base/i18n.h"

/* In the order of the manual page: as a person meets them. */
static const struct screen_ops *const screens[] = {
	&seat_ops,
	&login_ops,
	&pin_ops,
	&curtain_ops,
	&board_ops,
	&mine_ops,
	&search_ops,
	&incident_ops,
	&entry_ops,
	&custody_ops,
	&actions_ops,
	&classify_ops,
	&report_ops,
	&stepform_ops,
	&conflict_ops,
	&approval_ops,
	&measure_ops,
	&rollout_ops,
	&receipt_ops,
	&statistics_ops,
	&handover_ops,
	&handover_write_ops,
	&phones_ops,
	&calls_ops,
	&alerts_ops,
	&duty_ops,
	&duty_write_ops,
	&ways_ops,
	&settings_ops,
	&keyring_ops,
	&readings_ops,
	&pick_ops,
	&files_ops,
	&taking_ops,
	&paste_ops,
	&confirm_ops,
	&sign_ops,
	&prompt_ops,
	&command_ops,
	&messages_ops,
	&help_ops,
	NULL,
};

const struct screen_ops *const *
registry_screens(void)
{
	return screens;
}

const struct screen_ops *
registry_find(const char *name)
{
	for (const struct screen_ops *const *s = screens; *s; s++) {
		if (strcmp((*s)->name, name) == 0) {
			return *s;
		}
	}
	return NULL;
}

bool
action_barred(struct app *app, unsigned flags, struct str *why)
{
	if (flags & ACTION_WRITES && app->options->read_only) {
		str_add(why,
			_("This screen was opened for reading only (--read-only): nothing is "
			  "written. Start toban without it to write. (D310)"));
		return true;
	}
	return flags & ACTION_STEP && outsider_refused(app, why);
}

/* A screen bars what is its own: no list without rows keeps anybody from help or from leaving. */
static bool
is_own(const struct screen *screen, const struct action *action)
{
	const struct action *own = screen->ops->actions;

	while (own && own->name && own != action) {
		own++;
	}
	return own && own->name;
}

bool
action_refused(struct screen *screen, const struct action *action, struct str *why)
{
	return action_barred(screen->app, action->flags, why) ||
		(screen->ops->why_not && is_own(screen, action) &&
			screen->ops->why_not(screen, action, why));
}

void
action_do(struct screen *screen, const struct action *action)
{
	struct str why = STR_INIT;

	if (action_refused(screen, action, &why)) {
		app_say(screen->app, SAY_INFO, str_text(&why));
	} else {
		action->run(screen);
	}
	str_release(&why);
}

static void
each_of(const char *title, const struct action *table,
	void (*visit)(void *ctx, const struct ui_action *action), void *ctx)
{
	for (const struct action *a = table; a->name; a++) {
		struct str keys = STR_INIT;

		key_label(&keys, a->key);
		if (a->alias) {
			str_add_char(&keys, ' ');
			key_label(&keys, a->alias);
		}
		visit(ctx,
			&(struct ui_action){
				.screen = title,
				.name = a->name,
				.keys = str_text(&keys),
				.help = _(a->help),
			});
		str_release(&keys);
	}
}

void
ui_each_action(void (*visit)(void *ctx, const struct ui_action *action), void *ctx)
{
	each_of("", globals_actions(), visit, ctx);
	for (const struct screen_ops *const *s = screens; *s; s++) {
		each_of(_((*s)->title), (*s)->actions, visit, ctx);
	}
}
