/* SPDX-License-Identifier: MIT */
/*
 * Handing a file of the person's own to the desk.  A small one is there at once; of a
 * large one each piece is painted, and Esc between two of them leaves nothing behind.
 */
#include "app.h"
#include "attach.h"
#include "doc.h"
#include "frame.h"
#include "registry.h"
#include "toban/base/i18n.h"

struct taking {
	struct screen base;
	const char *path;     /* borrowed: it is over before the caller goes on */
	const json_t *answer; /* how far it is */
};

static struct taking *
self(struct screen *screen)
{
	return (struct taking *)screen;
}

static void
taking_size(struct screen *screen, int *rows, int *cols)
{
	(void)screen;
	*cols = *cols > 66 ? 66 : *cols;
	*rows = 7;
}

static void
taking_head(struct screen *screen, struct head *head)
{
	(void)screen;
	str_add(&head->title, _("Attaching a file"));
}

static void
taking_paint(struct screen *screen, struct canvas *c)
{
	struct taking *taking = self(screen);
	int64_t size = doc_int(taking->answer, "size");
	int64_t done = doc_int(taking->answer, "done");
	struct str numbers[3] = { STR_INIT, STR_INIT, STR_INIT };
	struct str text = STR_INIT;

	str_addf(&numbers[0], "%d", size > 0 ? (int)(done * 100 / size) : 0);
	attach_size_words(done, &numbers[1]);
	attach_size_words(size, &numbers[2]);
	str_say(&text, _("{percent} %: {done} of {size}"),
		(struct str_arg[]){ { "percent", str_text(&numbers[0]) },
			{ "done", str_text(&numbers[1]) }, { "size", str_text(&numbers[2]) } },
		3);
	(void)paint_cut(c, (struct place){ 0, 0, c->cols }, ROLE_TEXT, taking->path);
	(void)paint_words(c, (struct place){ 2, 0, c->cols }, ROLE_TEXT, str_text(&text));
	(void)paint_words(c, (struct place){ 4, 0, c->cols }, ROLE_QUIET,
		_("Esc stops it; nothing of the file is kept then."));
	for (size_t i = 0; i < 3; i++) {
		str_release(&numbers[i]);
	}
	str_release(&text);
}

/* The loop below reads the key itself; this row says so in help and manual. */
static void
stop_run(struct screen *screen)
{
	(void)screen;
}

static const struct action actions[] = {
	{ "stop", K_ESC, 0, N_("stop"), N_("Stop; nothing of the file is kept"),
		ACTION_HINT | ACTION_TEXT, stop_run },
	{ .name = NULL },
};

static bool
in_text(struct screen *screen)
{
	(void)screen;
	return true; /* no letter means anything here */
}

const struct screen_ops taking_ops = {
	.name = "taking",
	.title = N_("Attaching a file"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = taking_head,
	.paint = taking_paint,
	.in_text = in_text,
	.size = taking_size,
};

/* Whether the person, or the end of the terminal, stops it; other keys mean nothing here. */
static bool
is_stopped(struct app *app)
{
	struct key key;
	bool gone = false;
	bool stop = false;

	while (!stop && loop_input_waits() && keyboard_read(&app->term.keyboard, &key, &gone)) {
		stop = key.code == K_ESC || key.code == K_CTRL('C');
		keyboard_used(&app->term.keyboard, &key);
	}
	return stop || gone || loop_hung_up();
}

static void
stop(struct app *app, const json_t *answer)
{
	json_t *result = NULL;
	json_t *error = NULL;

	/* Whatever is said to it, the desk drops what nobody goes on with. */
	(void)app_try(app, "evidence.put",
		json_pack("{s:s, s:b}", "continue", doc_text(answer, "continue"), "stop", true),
		&result, &error);
	json_decref(result);
	json_decref(error);
	app_say(app, SAY_INFO,
		_("Stopped: the file was not put in and nothing was recorded of it."));
}

/* Piece by piece until *answer is the file; ERR_CONFLICT when it was stopped. */
static enum err
go_on(struct taking *taking, json_t **answer, json_t **ret_error)
{
	struct app *app = taking->base.app;
	enum err e = ERR_OK;

	while (e == ERR_OK && json_object_get(*answer, "continue")) {
		json_t *next = NULL;

		if (is_stopped(app)) {
			stop(app, *answer);
			return ERR_CONFLICT;
		}
		taking->answer = *answer;
		frame_paint(app);
		e = app_try(app, "evidence.put",
			json_pack("{s:s}", "continue", doc_text(*answer, "continue")), &next,
			ret_error);
		json_decref(*answer);
		*answer = next;
	}
	return e;
}

bool
attach_put(struct app *app, const struct attach_file *file, json_t **ret_file, json_t **ret_error)
{
	json_t *answer = NULL;
	struct taking *taking;
	struct str path = STR_INIT;
	enum err e;

	attach_path(app, file->path, &path);
	e = door_put(app->options->door, file->field, str_text(&path), &answer, ret_error);
	str_release(&path);
	if (e == ERR_OK && json_object_get(answer, "continue")) {
		taking = (struct taking *)screen_new(app, &taking_ops, sizeof(*taking));
		if (taking) {
			taking->path = file->path;
		}
		if (!app_push(app, (struct screen *)taking)) {
			json_decref(answer); /* it was said; the desk drops the copy */
			return false;
		}
		e = go_on(taking, &answer, ret_error);
		app_close(&taking->base);
	}
	if (e != ERR_OK) {
		json_decref(answer);
		return false;
	}
	*ret_file = answer;
	return true;
}
