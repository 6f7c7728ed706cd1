/* SPDX-License-Identifier: MIT */
/*
 * The trial desk asks who sits down: everybody of the example organisation,
 * found by typing a name, kana or id.
 */
#include "app.h"
#include "frame.h"
#include "lock.h"
#include "people.h"
#include "prefer.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "welcome.h"

struct seat {
	struct screen base;
	struct people people;
};

static struct seat *
self(struct screen *screen)
{
	return (struct seat *)screen;
}

static enum err
seat_load(struct screen *screen)
{
	return people_load(&self(screen)->people, &screen->app->book);
}

static void
seat_head(struct screen *screen, struct head *head)
{
	if (screen->app->stack[0] == screen) {
		/* Nobody sits yet, so nobody's name belongs into the title. */
		frame_right_of_nobody(screen->app, &head->right);
	}
	str_add(&head->state, _("Choose who you want to be on this trial desk."));
}

static void
seat_paint(struct screen *screen, struct canvas *c)
{
	people_paint(&self(screen)->people, &screen->app->book, c, _("Who are you?"));
}

static bool
seat_key(struct screen *screen, const struct key *key)
{
	return people_key(&self(screen)->people, &screen->app->book, key);
}

/* The chosen person takes the seat; every screen below is somebody else's. */
static void
sit_run(struct screen *screen)
{
	const char *person = people_chosen(&self(screen)->people);
	struct app *app = screen->app;
	json_t *error = NULL;

	if (!person[0]) {
		return;
	}
	if (app->options->become(app->options->ctx, person, &error) != ERR_OK ||
		book_refresh(&app->book, &error) != ERR_OK) {
		app_say_error(app, error);
		json_decref(error);
		return;
	}
	seat_taken(screen);
}

void
seat_taken(struct screen *screen)
{
	struct app *app = screen->app;

	glass_release(&app->glass); /* a reason is of who typed it */
	prefer_read(app);
	/* Another session may ring another bell. */
	app->loop.wake_fd = app->options->door->wake_fd;
	while (app->depth > 1) {
		app_close(app_top(app));
	}
	if (app->stack[0] == screen) {
		/* The board takes the first place, so that q leaves from there. */
		app->depth = 0;
		app->closed[app->n_closed++] = screen;
		board_open(app);
	} else {
		app_changed(app);
	}
	welcome_say(app);
	welcome_back(app);
}

static void
leave_run(struct screen *screen)
{
	if (screen->app->depth > 1) {
		app_close(screen);
	} else {
		app_leave(screen->app);
	}
}

static void
seat_release(struct screen *screen)
{
	people_release(&self(screen)->people);
}

static const struct action actions[] = {
	{ "sit", K_ENTER, 0, N_("sit down"), N_("Work as the selected person"),
		ACTION_HINT | ACTION_TEXT, sit_run },
	{ "leave", K_ESC, 0, N_("leave"), N_("Leave"), ACTION_HINT | ACTION_TEXT, leave_run },
	{ .name = NULL },
};

const struct screen_ops seat_ops = {
	.name = "seat",
	.title = N_("Trial desk"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = seat_load,
	.head = seat_head,
	.paint = seat_paint,
	.key = seat_key,
	.in_text = screen_in_text,
	.release = seat_release,
};

void
seat_open(struct app *app)
{
	struct seat *seat = (struct seat *)screen_new(app, &seat_ops, sizeof(*seat));

	if (seat) {
		people_init(&seat->people);
	}
	(void)app_push(app, (struct screen *)seat); /* says what went wrong */
}
