/* SPDX-License-Identifier: MIT */
/*
 * Locking a shared console: see lock.h.  The desk behind the door locks by itself, too; the
 * screen does so that nothing stays to be read.
 */
#include "lock.h"

#include <stdlib.h>

#include "prefer.h"
#include "screens.h"
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

bool
lock_is_shut(const struct app *app)
{
	return lock_is_post(app) && json_is_true(json_object_get(app->book.desk, "locked"));
}

void
lock_use(struct app *app)
{
	stamp now = book_now(&app->book);
	json_t *result = NULL;
	json_t *error = NULL;

	app->key_at = now;
	if (!lock_is_post(app) || lock_is_shut(app) ||
		(now >= app->kept_at && now < app->kept_at + KEEP_MS)) {
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

	app_save(app); /* what was typed is kept first */
	if (!lock_is_post(app)) {
		if (!curtain_open(app)) {
			app_say(app, SAY_ERROR,
				_("Nothing is locked: there is no passphrase to open it with. "
				  "'toban key new' makes a key with one; else use the lock of your "
				  "terminal or computer. (D465)"));
		}
		return;
	}
	app->locked = true;
	app->leaving = true;
	(void)app_try(app, "session.close", NULL, &result, &error);
	json_decref(result);
	json_decref(error);
}

/* Of a shared console as the organisation says, of one's own terminal as the person chose. */
static json_int_t
idle_minutes(const struct app *app)
{
	return lock_is_post(app) ? json_integer_value(json_object_get(post(app), "idle_min"))
				 : strtol(prefer_value(app, "lock"), NULL, 10);
}

void
lock_tick(struct app *app)
{
	json_int_t idle = idle_minutes(app);
	stamp now = book_now(&app->book);

	/* A clock that was set back keeps nothing open. */
	app->key_at = app->key_at > now ? now : app->key_at;
	if (lock_is_shut(app)) {
		/* A PIN that somebody began to type is not left lying about. */
		while (app->depth > 1 && now - app->key_at >= MINUTE_MS) {
			app_close(app_top(app));
		}
	} else if (idle > 0 && !app_is_alone(app) && now - app->key_at >= idle * MINUTE_MS) {
		lock_now(app);
	}
}
