/* SPDX-License-Identifier: MIT */
/*
 * A screen's beginning and end, and what the tables of several screens share.
 */
#include "screen.h"

#include <stdlib.h>

#include "frame.h"

struct screen *
screen_new(struct app *app, const struct screen_ops *ops, size_t size)
{
	struct screen *screen = calloc(1, size);

	if (!screen) {
		return NULL;
	}
	screen->ops = ops;
	screen->app = app;
	screen->arena = arena_new();
	if (!screen->arena) {
		free(screen);
		return NULL;
	}
	return screen;
}

void
screen_free(struct screen *screen)
{
	if (!screen) {
		return;
	}
	if (screen->ops->release) {
		screen->ops->release(screen);
	}
	frame_drop_panel(screen);
	arena_free(screen->arena);
	free(screen);
}

bool
screen_in_text(struct screen *screen)
{
	(void)screen;
	return true;
}
