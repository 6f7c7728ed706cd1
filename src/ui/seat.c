/* SPDX-License-Identifier: MIT */
/*
 * The trial desk asks who sits down: everybody of the example organisation,
 * found by typing a name, kana or id.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "edit.h"
#include "list.h"
#include "prefer.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "welcome.h"

struct seat {
	struct screen base;
	struct edit find;
	struct list list;
	const json_t **hits; /* borrowed from the book */
};

static struct seat *
self(struct screen *screen)
{
	return (struct seat *)screen;
}

static const char *
hit_id(const void *ctx, int i)
{
	return doc_text(((const struct seat *)ctx)->hits[i], "id");
}

/* Everything a person can be found by, folded. */
static bool
person_matches(struct book *book, const json_t *person, const char *needle)
{
	struct str raw = STR_INIT;
	struct str hay = STR_INIT;
	const json_t *name = json_object_get(person, "name");
	bool found;

	str_addf(&raw, "%s %s %s %s %s %s %s", doc_text(name, "en"), doc_text(name, "ja"),
		doc_text(person, "kana"), doc_text(person, "id"), doc_words_of(person, "title"),
		book_role(book, doc_text(person, "role")),
		book_department(book, doc_text(person, "department")));
	text_fold(&hay, str_text(&raw), raw.len);
	found = strstr(str_text(&hay), needle) != NULL;
	str_release(&raw);
	str_release(&hay);
	return found;
}

static enum err
seat_load(struct screen *screen)
{
	struct seat *seat = self(screen);
	struct book *book = &screen->app->book;
	const json_t *people = doc_list(book_org(book), "people");
	struct str needle = STR_INIT;
	int n = 0;
	size_t i;
	json_t *person;

	free(seat->hits);
	seat->hits = calloc(json_array_size(people) + 1, sizeof(*seat->hits));
	if (!seat->hits) {
		return ERR_NOMEM;
	}
	text_fold(&needle, edit_text(&seat->find), seat->find.text.len);
	json_array_foreach(people, i, person)
	{
		if (person_matches(book, person, str_text(&needle))) {
			seat->hits[n++] = person;
		}
	}
	str_release(&needle);
	list_update(&seat->list, n, hit_id, seat);
	return ERR_OK;
}

static void
seat_head(struct screen *screen, struct head *head)
{
	if (screen->app->stack[0] == screen) {
		/* Nobody sits yet, so nobody's name belongs into the title. */
		str_addf(&head->right, "%s  ", _("TRIAL"));
		book_time_full(&screen->app->book, book_now(&screen->app->book), &head->right);
	}
	str_add(&head->state, _("Choose who you want to be on this trial desk."));
}

static void
paint_person(struct seat *seat, struct canvas *c, int row, int i)
{
	struct book *book = &seat->base.app->book;
	const json_t *person = seat->hits[i];
	bool selected = i == seat->list.selected;
	const char *title = doc_words_of(person, "title");
	int wide = c->cols > 100 ? 30 : 20;
	int name = c->cols > 100 ? 24 : 16;
	struct span spans[] = {
		{ 2, ROLE_SELECTED, selected ? ">" : "" },
		{ name, selected ? ROLE_HEAD : ROLE_TEXT, doc_words_of(person, "name") },
		{ 1, ROLE_TEXT, "" },
		{ 14, ROLE_QUIET, doc_text(person, "id") },
		{ 1, ROLE_TEXT, "" },
		{ wide, ROLE_TEXT, book_department(book, doc_text(person, "department")) },
		{ 1, ROLE_TEXT, "" },
		{ 0, ROLE_TEXT, title[0] ? title : book_role(book, doc_text(person, "role")) },
	};

	/* One blank between '>' and the name stays plain. */
	(void)paint_spans(c, (struct place){ row, 1, 0 }, spans, sizeof(spans) / sizeof(spans[0]));
}

static void
seat_paint(struct screen *screen, struct canvas *c)
{
	struct seat *seat = self(screen);
	int rows = c->rows - 2;
	int top = list_view(&seat->list, rows);
	int col;

	for (int i = 0; i < rows && top + i < seat->list.n; i++) {
		paint_person(seat, c, 2 + i, top + i);
	}
	if (seat->list.n == 0) {
		(void)paint_text(
			c, (struct place){ 2, 3, 0 }, ROLE_QUIET, _("Nobody is called that here."));
	}
	col = paint_text(c, (struct place){ 0, 1, 0 }, ROLE_TEXT, _("Who are you?"));
	edit_paint(&seat->find, c, (struct place){ 0, col + 2, c->cols - col - 3 }, 1, true);
}

static bool
seat_key(struct screen *screen, const struct key *key)
{
	struct seat *seat = self(screen);
	enum edit_reply reply;

	if ((key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		    key->code == K_PGDN) &&
		list_key(&seat->list, key->code)) {
		if (seat->list.n > 0) {
			list_anchor(&seat->list, hit_id(seat, seat->list.selected));
		}
		return true;
	}
	reply = edit_key(&seat->find, key);
	if (reply == EDIT_CHANGED) {
		(void)seat_load(screen); /* without memory the old list stays */
		seat->list.selected = 0;
	}
	return reply != EDIT_IGNORED;
}

static bool
seat_in_text(struct screen *screen)
{
	(void)screen;
	return true;
}

/* The chosen person takes the seat; every screen below is somebody else's. */
static void
sit_run(struct screen *screen)
{
	struct seat *seat = self(screen);
	struct app *app = screen->app;
	json_t *error = NULL;

	if (seat->list.n == 0) {
		return;
	}
	if (app->options->become(app->options->ctx, hit_id(seat, seat->list.selected), &error) !=
			ERR_OK ||
		book_refresh(&app->book, &error) != ERR_OK) {
		app_say_error(app, error);
		json_decref(error);
		return;
	}
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
	edit_release(&self(screen)->find);
	list_release(&self(screen)->list);
	free(self(screen)->hits);
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
	.in_text = seat_in_text,
	.release = seat_release,
};

void
seat_open(struct app *app)
{
	struct seat *seat = (struct seat *)screen_new(app, &seat_ops, sizeof(*seat));

	if (seat) {
		edit_init(&seat->find, false, 60);
	}
	(void)app_push(app, (struct screen *)seat); /* says what went wrong */
}
