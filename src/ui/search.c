/* SPDX-License-Identifier: MIT */
/*
 * Search over all cases.  The question is asked while no key waits, so that
 * typing is never slower than elsewhere; what was found stays until the next
 * answer is there.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

enum { PAGE_ROWS = 50, QUERY_CHARS = 300 };

static struct search *
self(struct screen *screen)
{
	return (struct search *)screen;
}

static const char *
row_id(const void *ctx, int i)
{
	return doc_text(json_array_get(ctx, (size_t)i), "id");
}

const json_t *
search_row(const struct search *search)
{
	return json_array_get(search->rows, (size_t)search->list.selected);
}

const json_t *
search_hit(const struct search *search)
{
	return json_array_get(doc_list(search_row(search), "hits"), (size_t)search->hit);
}

/* --- asking ------------------------------------------------------------------------- */

static void
replace(char **text, const char *by)
{
	free(*text);
	*text = by && by[0] ? strdup(by) : NULL;
}

static void
take_rows(struct search *search, const json_t *result, bool more)
{
	if (!more) {
		json_array_clear(search->rows);
		search->found = doc_int(result, "found");
		search->all = doc_flag(result, "all");
	}
	json_array_extend(search->rows, json_object_get(result, "incidents"));
	search->stopped = doc_flag(result, "stopped");
	replace(&search->next, doc_text(result, "next"));
	list_update(&search->list, (int)json_array_size(search->rows), row_id, search->rows);
}

/* Asks the query, or with `more` for what follows the last row. */
static void
ask(struct search *search, bool more)
{
	const char *query = edit_text(&search->query);
	json_t *result = NULL;
	json_t *error = NULL;

	if (!more) {
		/* Another question begins at its first place; the same one stays where it was. */
		if (!search->asked || strcmp(search->asked, query) != 0) {
			search->hit = 0;
		}
		search->again = false;
		free(search->asked);
		search->asked = strdup(query);
		replace(&search->fault, NULL);
	}
	if (query[0] == '\0') {
		json_t *nothing = json_object();

		take_rows(search, nothing, false);
		json_decref(nothing);
		return;
	}
	if (app_try(search->base.app, "search",
		    json_pack("{s:s, s:i, s:s*}", "query", query, "limit", PAGE_ROWS, "after",
			    more ? search->next : NULL),
		    &result, &error) == ERR_OK) {
		take_rows(search, result, more);
	} else {
		const json_t *field = json_array_get(doc_list(error, "fields"), 0);
		const char *text = doc_text(field, "text");

		replace(&search->fault, text[0] ? text : doc_text(error, "text"));
		replace(&search->next, NULL);
	}
	json_decref(result);
	json_decref(error);
}

static enum err
search_load(struct screen *screen)
{
	struct search *search = self(screen);

	if (!search->rows) {
		search->rows = json_array();
	}
	search->again = true; /* asked when no key waits */
	return search->rows ? ERR_OK : ERR_NOMEM;
}

static bool
search_idle(struct screen *screen)
{
	struct search *search = self(screen);

	if (search->again || !search->asked ||
		strcmp(search->asked, edit_text(&search->query)) != 0) {
		ask(search, false);
		return true;
	}
	if (search->next && search->list.selected + 1 >= search->list.n) {
		ask(search, true);
		return true;
	}
	return false;
}

/* --- keys --------------------------------------------------------------------------- */

static bool
move(struct search *search, int code)
{
	if (!list_key(&search->list, code)) {
		return false;
	}
	search->hit = 0;
	if (search->list.n > 0) {
		list_anchor(&search->list, row_id(search->rows, search->list.selected));
	}
	return true;
}

static bool
search_key(struct screen *screen, const struct key *key)
{
	struct search *search = self(screen);
	bool arrows = key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		key->code == K_PGDN;

	if (search->reading || arrows) {
		return move(search, key->code);
	}
	return edit_key(&search->query, key) != EDIT_IGNORED;
}

static bool
search_in_text(struct screen *screen)
{
	return !self(screen)->reading;
}

/* From the query to the list; from the list to the case, at the place that is shown. */
static void
enter_run(struct screen *screen)
{
	struct search *search = self(screen);
	const json_t *row;

	if (!search->reading) {
		if (!search->asked || strcmp(search->asked, edit_text(&search->query)) != 0) {
			ask(search, false);
		}
		search->reading = search->list.n > 0;
		return;
	}
	row = search_row(search);
	if (row) {
		incident_open_at(
			screen->app, doc_text(row, "id"), doc_int(search_hit(search), "seq"));
	}
}

static void
query_run(struct screen *screen)
{
	self(screen)->reading = false;
}

/* One place on or back, over the end of a case into the next one. */
static void
step(struct search *search, int by)
{
	int hits = (int)json_array_size(doc_list(search_row(search), "hits"));
	int to = search->hit + by;

	if (to >= 0 && to < hits) {
		search->hit = to;
		return;
	}
	if (search->list.selected + by < 0 || search->list.selected + by >= search->list.n) {
		app_say(search->base.app, SAY_INFO,
			by > 0 ? _("This is the last place.") : _("This is the first place."));
		return;
	}
	(void)move(search, by > 0 ? K_DOWN : K_UP);
	hits = (int)json_array_size(doc_list(search_row(search), "hits"));
	search->hit = by < 0 && hits > 0 ? hits - 1 : 0;
}

static void
next_run(struct screen *screen)
{
	step(self(screen), 1);
}

static void
previous_run(struct screen *screen)
{
	step(self(screen), -1);
}

static void
leave_run(struct screen *screen)
{
	app_close(screen);
}

static void
search_release(struct screen *screen)
{
	struct search *search = self(screen);

	edit_release(&search->query);
	list_release(&search->list);
	json_decref(search->rows);
	free(search->asked);
	free(search->next);
	free(search->fault);
}

static const struct action actions[] = {
	{ "open", K_ENTER, 0, N_("open"),
		N_("From the words to what was found; there, open the case at the place shown"),
		ACTION_HINT | ACTION_TEXT, enter_run },
	{ "next-place", 'n', 0, N_("next place"), N_("The next place where a word stands"),
		ACTION_HINT, next_run },
	{ "previous-place", 'N', 0, N_("previous"), N_("The place before"), ACTION_HINT,
		previous_run },
	{ "words", '/', 0, N_("words"), N_("Change the words and filters"), ACTION_HINT,
		query_run },
	{ "leave", K_ESC, 0, N_("back"), N_("Close the search"),
		ACTION_HINT | ACTION_TEXT | ACTION_OVER, leave_run },
	{ .name = NULL },
};

const struct screen_ops search_ops = {
	.name = "search",
	.title = N_("Search"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = search_load,
	.head = search_head,
	.paint = search_paint,
	.key = search_key,
	.in_text = search_in_text,
	.idle = search_idle,
	.release = search_release,
};

void
search_open(struct app *app)
{
	struct search *search;

	if (app_view(app, search_ops.name)) {
		return;
	}
	search = (struct search *)screen_new(app, &search_ops, sizeof(*search));
	if (search) {
		edit_init(&search->query, false, QUERY_CHARS);
	}
	(void)app_push(app, (struct screen *)search); /* says what went wrong */
}
