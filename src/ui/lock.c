/* SPDX-License-Identifier: MIT */
/*
 * Locking a shared console: see lock.h.  The desk behind the door locks by itself, too; the
 * screen does so that nothing stays to be read.
 */
#include "lock.h"

#include "toban/base/i18n.h"

#define KEEP_MS 20000 /* between two words to the desk that somebody is there */
#define MINUTE_MS 60000

static const json_t *
post(const struct app *app)
{
	return json_object_get(app->book.desk, "post");
}

bool
lock_is_post(const struct app *app)
{
	return json_is_object(post(app));
}

void
lock_use(struct app *app)
{
	stamp now = book_now(&app->book);
	json_t *result = NULL;
	json_t *error = NULL;

	app->key_at = now;
	if (!lock_is_post(app) || (now >= app->kept_at && now < app->kept_at + KEEP_MS)) {
		return;
	}
	app->kept_at = now;
	/* A desk that is away or locked says so at what the key asks for. */
	(void)app_try(app, "session.keep", NULL, &result, &error);
	json_decref(result);
	json_decref(error);
}

void
lock_now(struct app *app)
{
	json_t *result = NULL;
	json_t *error = NULL;

	if (!lock_is_post(app)) {
		app_say(app, SAY_ERROR,
			_("Only a shared console is locked here; lock your own terminal."));
		return;
	}
	app_leave(app); /* what was typed is kept first */
	(void)app_try(app, "session.close", NULL, &result, &error);
	json_decref(result);
	json_decref(error);
}

void
lock_tick(struct app *app)
{
	json_int_t idle = json_integer_value(json_object_get(post(app), "idle_min"));
	stamp now = book_now(&app->book);

	/* A clock that was set back keeps nothing open. */
	app->key_at = app->key_at > now ? now : app->key_at;
	if (lock_is_post(app) && idle > 0 && now - app->key_at >= idle * MINUTE_MS) {
		lock_now(app);
	}
}
