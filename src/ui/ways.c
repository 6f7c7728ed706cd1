/* SPDX-License-Identifier: MIT */
/*
 * How one person is reached: numbers and receivers, and when each was known to work.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "duty.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define STALE_MS (INT64_C(180) * 86400000) /* as the nightly check has it */

enum { KIND_COLS = 12, VALUE_COLS = 24, TOP_ROWS = 2 };

struct ways {
	struct screen base;
	const char *person; /* id */
	json_t *rows;       /* the ways of org.show; what is only registered stands alone */
	struct list list;
};

static struct ways *
self(struct screen *screen)
{
	return (struct ways *)screen;
}

static const json_t *
row_at(const struct ways *ways, int i)
{
	return json_array_get(ways->rows, (size_t)i);
}

static const char *
row_id(const void *ctx, int i)
{
	return doc_text(row_at(ctx, i), "value");
}

static const json_t *
record(const struct ways *ways)
{
	return book_person_record(&ways->base.app->book, ways->person);
}

static enum err
ways_load(struct screen *screen)
{
	struct ways *ways = self(screen);
	const char *phone;

	book_renew_org(&screen->app->book);
	json_decref(ways->rows);
	ways->rows = json_deep_copy(json_object_get(record(ways), "ways"));
	if (!ways->rows) {
		ways->rows = json_array();
	}
	phone = doc_text(record(ways), "phone");
	if (!duty_phone_way(record(ways)) && phone[0]) {
		json_array_insert_new(ways->rows, 0,
			json_pack("{s:s, s:s, s:n}", "kind", "telephone", "value", phone,
				"confirmed_on"));
	}
	list_update(&ways->list, (int)json_array_size(ways->rows), row_id, ways);
	return ERR_OK;
}

/* --- words -------------------------------------------------------------------------------- */

const json_t *
duty_phone_way(const json_t *person)
{
	return doc_find(doc_list(person, "ways"), "kind", "telephone");
}

void
duty_way_words(struct book *book, const json_t *way, struct str *out, bool *ret_stale)
{
	stamp confirmed = doc_time(way, "confirmed_on");
	char date[STAMP_SIZE];

	*ret_stale = confirmed == STAMP_NONE || confirmed < book_now(book) - STALE_MS;
	if (confirmed == STAMP_NONE) {
		str_add(out, _("never confirmed"));
		return;
	}
	duty_date(book, confirmed, date);
	str_addf(out, "%s %s", _("confirmed"), date);
}

static const char *
kind_words(const char *kind)
{
	return strcmp(kind, "telephone") == 0 ? _("telephone")
		: strcmp(kind, "mail") == 0   ? _("mail")
					      : _("webhook");
}

/* --- painting ----------------------------------------------------------------------------- */

static void
ways_head(struct screen *screen, struct head *head)
{
	struct ways *ways = self(screen);
	struct book *book = &screen->app->book;

	str_add(&head->state, book_person(book, ways->person));
	duty_away_words(book, record(ways), false, &head->state_right);
}

static void
paint_way(struct ways *ways, struct canvas *c, int at, int i)
{
	struct book *book = &ways->base.app->book;
	const json_t *way = row_at(ways, i);
	bool marked = i == ways->list.selected;
	struct str confirmed = STR_INIT;
	bool stale;

	duty_way_words(book, way, &confirmed, &stale);
	(void)paint_spans(c, (struct place){ at, 1, 0 },
		(struct span[]){
			{ 2, ROLE_SELECTED, marked ? ">" : "" },
			{ KIND_COLS, ROLE_QUIET, kind_words(doc_text(way, "kind")) },
			{ VALUE_COLS, marked ? ROLE_HEAD : ROLE_TEXT, doc_text(way, "value") },
			{ 1, ROLE_TEXT, "" },
			{ 2, ROLE_OVERDUE, stale ? "!" : "" },
			{ 0, stale ? ROLE_OVERDUE : ROLE_TEXT, str_text(&confirmed) },
		},
		6);
	str_release(&confirmed);
}

static void
ways_paint(struct screen *screen, struct canvas *c)
{
	struct ways *ways = self(screen);
	int rows = c->rows - TOP_ROWS;
	int top = list_view(&ways->list, rows);

	(void)paint_words(c, (struct place){ 0, 3, c->cols - 4 }, ROLE_QUIET,
		_("Called in this order, from the first on; ! is not confirmed for 180 days."));
	for (int i = 0; i < rows && top + i < ways->list.n; i++) {
		paint_way(ways, c, TOP_ROWS + i, top + i);
	}
	if (ways->list.n == 0) {
		(void)paint_text(c, (struct place){ TOP_ROWS, 3, 0 }, ROLE_OVERDUE,
			_("! Nobody knows how to reach this person. n: a new way"));
	}
	paint_caret(c, TOP_ROWS + ways->list.selected - top, 1, false);
}

/* --- changing ----------------------------------------------------------------------------- */

static bool
ways_key(struct screen *screen, const struct key *key)
{
	struct ways *ways = self(screen);

	if (!list_key(&ways->list, key->code)) {
		return false;
	}
	if (ways->list.n > 0) {
		list_anchor(&ways->list, row_id(ways, ways->list.selected));
	}
	return true;
}

static void
change(struct screen *screen, const char *method, const char *done)
{
	struct ways *ways = self(screen);
	const json_t *way = row_at(ways, ways->list.selected);
	json_t *result = NULL;

	if (app_call(screen->app, method,
		    json_pack("{s:s, s:s, s:s}", "person", ways->person, "kind",
			    doc_text(way, "kind"), "value", doc_text(way, "value")),
		    &result) == ERR_OK) {
		app_say_with(screen->app, SAY_DONE, done,
			&(struct str_arg){ "value", doc_text(way, "value") }, 1);
		json_decref(result);
		app_changed(screen->app);
	}
}

static void
confirm_answered(struct screen *screen, const char *value)
{
	(void)value;
	change(screen, "way.confirm", _("{value} is confirmed as of today."));
}

static void
remove_answered(struct screen *screen, const char *value)
{
	(void)value;
	change(screen, "way.remove", _("{value} is taken off the list."));
}

static void
ask(struct screen *screen, const char *pattern, const char *accept,
	void (*answered)(struct screen *asker, const char *value))
{
	struct ways *ways = self(screen);
	struct str text = STR_INIT;

	if (ways->list.n == 0) {
		return;
	}
	str_say(&text, pattern,
		(struct str_arg[]){ { "value", row_id(ways, ways->list.selected) },
			{ "who", book_person(&screen->app->book, ways->person) } },
		2);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Ways of contact"),
			.text = str_text(&text),
			.accept = accept,
			.answered = answered,
		});
	str_release(&text);
}

static void
confirm_run(struct screen *screen)
{
	ask(screen, _("{who} was reached at {value} today?"), _("Confirm"), confirm_answered);
}

static void
remove_run(struct screen *screen)
{
	ask(screen, _("Take {value} off the list? {who} is no longer reached there."),
		_("Take off"), remove_answered);
}

static void
add_run(struct screen *screen)
{
	way_write_open(screen->app, self(screen)->person);
}

static void
ways_release(struct screen *screen)
{
	json_decref(self(screen)->rows);
	list_release(&self(screen)->list);
}

static const struct action actions[] = {
	{ "add", 'n', 0, N_("new"), N_("Another number or receiver"), ACTION_HINT | ACTION_WRITES,
		add_run },
	{ "confirm", 'c', 0, N_("confirm"), N_("It was called and answered today"),
		ACTION_HINT | ACTION_WRITES, confirm_run },
	{ "remove", 'x', K_DELETE, N_("take off"), N_("Take the marked one off the list"),
		ACTION_HINT | ACTION_WRITES, remove_run },
	{ .name = NULL },
};

const struct screen_ops ways_ops = {
	.name = "ways",
	.title = N_("Ways of contact"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = ways_load,
	.head = ways_head,
	.paint = ways_paint,
	.key = ways_key,
	.release = ways_release,
};

void
ways_open(struct app *app, const char *person)
{
	struct ways *ways = (struct ways *)screen_new(app, &ways_ops, sizeof(*ways));

	if (ways) {
		ways->person = arena_strdup(ways->base.arena, person);
	}
	(void)app_push(app, (struct screen *)ways); /* says what went wrong */
}
