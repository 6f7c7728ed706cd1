/* SPDX-License-Identifier: MIT */
/*
 * How the screens reach the desk: calls that are waited for in sight, and the one whose
 * answer the loop tells.
 */
#include "app.h"
#include "await.h"
#include "doc.h"

const json_t *
app_trouble(const struct app *app)
{
	const struct door *door = app->options->door;

	return door->trouble ? door->trouble(door->ctx) : NULL;
}

/* This screen is nobody's from the moment on in which the desk says so. */
static void
mind_lock(struct app *app, enum err e, const json_t *error)
{
	app->locked = app->locked || (e != ERR_OK && doc_flag(error, "locked"));
	app->leaving = app->leaving || app->locked;
}

enum err
app_try(struct app *app, const char *method, json_t *args, json_t **ret_result, json_t **ret_error)
{
	const struct door *door = app->options->door;
	enum err e;

	sign_add(app, method, args);
	await_what(app, method);
	e = door->call(door->ctx, method, args, ret_result, ret_error);
	sign_after(app, method, args, e ? *ret_error : NULL);
	json_decref(args);
	mind_lock(app, e, e ? *ret_error : NULL);
	return e;
}

static void
later_done(void *ctx, enum err e, const json_t *result, const json_t *error)
{
	struct app *app = ctx;
	door_done *done = app->later;

	app->later = NULL; /* it may begin the next one */
	mind_lock(app, e, error);
	done(app->later_ctx, e, result, error);
}

bool
app_is_later(const struct app *app)
{
	return app->later != NULL;
}

bool
app_later(struct app *app, const char *method, json_t *args, door_done *done, void *ctx)
{
	const struct door *door = app->options->door;
	bool begun = door->later && !app_is_later(app) &&
		door->later(door->ctx, method, args, later_done, app);

	if (begun) {
		app->later = done;
		app->later_ctx = ctx;
		app->later_method = method;
	}
	json_decref(args);
	return begun;
}

void
app_settle(struct app *app)
{
	const struct door *door = app->options->door;

	if (app_is_later(app)) {
		await_what(app, app->later_method);
		door->settle(door->ctx);
	}
}

enum err
app_call(struct app *app, const char *method, json_t *args, json_t **ret_result)
{
	json_t *error = NULL;
	enum err e = app_try(app, method, args, ret_result, &error);

	if (e != ERR_OK) {
		app_say_error(app, error);
		json_decref(error);
	}
	return e;
}
