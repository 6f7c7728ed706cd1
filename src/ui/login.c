/* SPDX-License-Identifier: MIT */
/*
 * A shared console at which nobody sits: who sits down is found by typing, then their PIN
 * is asked for.  What was on the screen before is gone with the screens before.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "frame.h"
#include "lock.h"
#include "people.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

struct login {
	struct screen base;
	struct people people;
	json_t *session; /* session.show: which post, and why it is locked; NULL: not known */
};

static struct login *
self(struct screen *screen)
{
	return (struct login *)screen;
}

static enum err
login_load(struct screen *screen)
{
	struct login *login = self(screen);
	json_t *session = NULL;
	json_t *error = NULL;

	if (app_try(screen->app, "session.show", NULL, &session, &error) == ERR_OK) {
		json_decref(login->session);
		login->session = session;
	}
	json_decref(error); /* why it is locked is a help, not a need */
	return people_load(&login->people, &screen->app->book);
}

static const char *
why_words(const struct login *login)
{
	const char *before = login->base.app->options->locked;
	const char *why = doc_text(login->session, "why");

	if (before && strcmp(why, "start") == 0) {
		why = before; /* the session is as new as this program */
	}
	if (strcmp(why, "idle") == 0) {
		return _("Locked, because nobody used it for a while.");
	}
	if (strcmp(why, "reset") == 0) {
		return _("Locked, because the PIN of who sat here was changed.");
	}
	return strcmp(why, "closed") == 0 ? _("Locked.") : _("Nobody sits here.");
}

static void
login_head(struct screen *screen, struct head *head)
{
	const struct login *login = self(screen);
	const json_t *post = json_object_get(login->session, "post");

	frame_right_of_nobody(screen->app, &head->right);
	str_addf(&head->state, "%s  ", doc_words_of(post, "name"));
	str_add(&head->state, why_words(login));
}

static void
login_paint(struct screen *screen, struct canvas *c)
{
	struct canvas list = paint_part(c, (struct place){ 0, 0, 0 }, c->rows - 3);

	people_paint(&self(screen)->people, &screen->app->book, &list, _("Who are you?"));
	paint_part_done(c, &list);
	paint_rule(c, c->rows - 3);
	(void)paint_wrapped(c, (struct place){ c->rows - 2, 1, c->cols - 2 },
		(struct wrap){ .rows = 2 }, ROLE_QUIET,
		_("Type a part of your name, its kana or your id. What somebody typed before is "
		  "kept as their draft. You have no PIN yet? An administrator gives you one."));
}

/* Nobody is left to lose anything. */
static void
leave_run(struct screen *screen)
{
	app_leave(screen->app);
}

static bool
login_key(struct screen *screen, const struct key *key)
{
	if (key->code == K_CTRL('C')) {
		leave_run(screen); /* as everywhere, though nothing else works here */
		return true;
	}
	return people_key(&self(screen)->people, &screen->app->book, key);
}

static void
choose_run(struct screen *screen)
{
	const char *person = people_chosen(&self(screen)->people);

	if (person[0]) {
		pin_open(screen, person);
	}
}

static void
login_release(struct screen *screen)
{
	people_release(&self(screen)->people);
	json_decref(self(screen)->session);
}

static const struct action actions[] = {
	{ "choose", K_ENTER, 0, N_("that is me"), N_("Go on to the PIN of the selected person"),
		ACTION_HINT | ACTION_TEXT, choose_run },
	{ "help", K_F1, 0, N_("help"), N_("Help: what can be done here"), ACTION_TEXT | ACTION_OVER,
		help_open },
	{ "leave", K_ESC, 0, N_("leave"), N_("Leave; the console stays locked"),
		ACTION_HINT | ACTION_TEXT, leave_run },
	{ .name = NULL },
};

const struct screen_ops login_ops = {
	.name = "login",
	.title = N_("Shared console"),
	.secret = true,
	.shape = SHAPE_FULL,
	.alone = true,
	.actions = actions,
	.load = login_load,
	.head = login_head,
	.paint = login_paint,
	.key = login_key,
	.in_text = screen_in_text,
	.release = login_release,
};

void
login_open(struct app *app)
{
	struct login *login = (struct login *)screen_new(app, &login_ops, sizeof(*login));

	if (login) {
		people_init(&login->people);
	}
	(void)app_push(app, (struct screen *)login); /* says what went wrong */
}
