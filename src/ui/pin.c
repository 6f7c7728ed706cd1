/* SPDX-License-Identifier: MIT */
/*
 * The PIN of who wants to sit down at a shared console; after one that is good once, a new
 * one, twice.  It is in locked memory until it is sent, and never shown.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "lock.h"
#include "registry.h"
#include "secret_line.h"
#include "toban/base/i18n.h"

enum { PIN_COLS = 66, EXPLAIN_MOST = 3 };

enum stage { STAGE_GIVE, STAGE_NEW, STAGE_AGAIN };

struct pin {
	struct screen base;
	struct screen *asker;
	char *person;
	enum stage stage;
	struct secret_text typed;
	struct secret_text first; /* the new one, while it is typed again */
	struct str fault;         /* why the last one was not taken, and what to do */
};

static struct pin *
self(struct screen *screen)
{
	return (struct pin *)screen;
}

static void
pin_head(struct screen *screen, struct head *head)
{
	str_add(&head->title, book_person(&screen->app->book, self(screen)->person));
}

static const char *
label(const struct pin *pin)
{
	switch (pin->stage) {
	case STAGE_GIVE:
		return _("PIN (not shown):");
	case STAGE_NEW:
		return _("New PIN (not shown):");
	default:
		return _("The new PIN again:");
	}
}

static const char *
explanation(const struct pin *pin)
{
	return pin->stage == STAGE_GIVE
		? _("The PIN says that it is you who sits here. It signs nothing. After five "
		    "wrong ones the name is locked out for a while.")
		: _("The PIN you were given is good once. Choose one of your own, at least six "
		    "digits: nobody but you knows it then, and it is in no record.");
}

/* Explanation, a blank, the fault and a blank where there is one, the line. */
static void
pin_size(struct screen *screen, int *rows, int *cols)
{
	struct pin *pin = self(screen);

	*cols = *cols > PIN_COLS ? PIN_COLS : *cols;
	*rows = 2 + paint_wrap_rows(explanation(pin), *cols - 6) + 2;
	if (pin->fault.len > 0) {
		*rows += paint_wrap_rows(str_text(&pin->fault), *cols - 6) + 1;
	}
}

static void
pin_paint(struct screen *screen, struct canvas *c)
{
	struct pin *pin = self(screen);
	int explained = paint_wrap_rows(explanation(pin), c->cols - 2) + 1;
	int needed = paint_wrap_rows(str_text(&pin->fault), c->cols - 2) + 2;
	int row = 0;

	/* In a low window why it was refused, and who helps, matter more. */
	if (pin->fault.len == 0 || explained + needed <= c->rows) {
		row = 1 +
			paint_wrapped(c, (struct place){ 0, 1, c->cols - 2 },
				(struct wrap){ .rows = EXPLAIN_MOST }, ROLE_QUIET,
				explanation(pin));
	}
	if (pin->fault.len > 0) {
		row += 1 +
			paint_wrapped(c, (struct place){ row, 1, c->cols - 2 },
				(struct wrap){ .rows = c->rows - row - 2 }, ROLE_OVERDUE,
				str_text(&pin->fault));
	}
	secret_line_paint(c, (struct place){ row, 1, 0 }, label(pin), &pin->typed);
}

static bool
pin_key(struct screen *screen, const struct key *key)
{
	return secret_line_key(screen->app, &self(screen)->typed, key);
}

/* --- sitting down --------------------------------------------------------------------- */

/* With who can end a lock-out, as the desk names them. */
static void
fail(struct pin *pin, const json_t *error)
{
	str_clear(&pin->fault);
	app_error_words(pin->base.app, error, &pin->fault);
	secret_text_clear(&pin->typed);
}

/* Everything that was read for nobody is read anew for whoever sits here now. */
static void
seated(struct pin *pin)
{
	struct app *app = pin->base.app;
	json_t *error = NULL;

	book_forget(&app->book);
	if (book_refresh(&app->book, &error) != ERR_OK) {
		fail(pin, error);
		json_decref(error);
		return;
	}
	app->key_at = book_now(&app->book);
	app->kept_at = app->key_at;
	app_say_with(app, SAY_DONE, _("{name} sits here now."),
		&(struct str_arg){ "name", book_person(&app->book, book_me(&app->book)) }, 1);
	seat_taken(pin->asker);
}

static void
give(struct pin *pin)
{
	/* The door overwrites it in the document when the call is over. */
	json_t *args = json_pack("{s:s, s:s}", "person", pin->person, "pin", pin->typed.data);
	json_t *result = NULL;
	json_t *error = NULL;

	if (app_try(pin->base.app, "session.open", args, &result, &error) != ERR_OK) {
		fail(pin, error);
	} else if (doc_flag(result, "must_change")) {
		str_clear(&pin->fault);
		secret_text_clear(&pin->typed);
		pin->stage = STAGE_NEW;
	} else {
		seated(pin);
	}
	json_decref(result);
	json_decref(error);
}

static void
take_first(struct pin *pin)
{
	secret_text_clear(&pin->first);
	(void)secret_text_add(&pin->first, pin->typed.data, pin->typed.len); /* as much room */
	secret_text_clear(&pin->typed);
	str_clear(&pin->fault);
	pin->stage = STAGE_AGAIN;
}

static void
change(struct pin *pin)
{
	json_t *result = NULL;
	json_t *error = NULL;

	pin->stage = STAGE_NEW;
	if (!secret_text_same(&pin->first, &pin->typed)) {
		str_clear(&pin->fault);
		str_add(&pin->fault, _("These were two different PINs."));
		secret_text_clear(&pin->typed);
		return;
	}
	if (app_try(pin->base.app, "pin.set", json_pack("{s:s}", "pin", pin->typed.data), &result,
		    &error) != ERR_OK) {
		fail(pin, error);
	} else {
		seated(pin);
	}
	json_decref(result);
	json_decref(error);
}

static void
enter_run(struct screen *screen)
{
	struct pin *pin = self(screen);

	if (pin->typed.len == 0) {
		return;
	}
	if (pin->stage == STAGE_GIVE) {
		give(pin);
	} else if (pin->stage == STAGE_NEW) {
		take_first(pin);
	} else {
		change(pin);
	}
}

/* Who gave a PIN that is good once and chooses none sits nowhere. */
static void
back_run(struct screen *screen)
{
	struct pin *pin = self(screen);
	json_t *result = NULL;
	json_t *error = NULL;

	if (pin->stage != STAGE_GIVE) {
		(void)app_try(screen->app, "session.close", NULL, &result, &error);
		json_decref(result);
		json_decref(error); /* then the desk closes it when this program ends */
	}
	app_close(screen);
}

static void
pin_release(struct screen *screen)
{
	struct pin *pin = self(screen);

	secret_text_release(&pin->typed);
	secret_text_release(&pin->first);
	str_release(&pin->fault);
	free(pin->person);
}

static const struct action actions[] = {
	{ "sit", K_ENTER, 0, N_("sit down"), N_("Give the PIN, and sit down"),
		ACTION_HINT | ACTION_TEXT, enter_run },
	{ "back", K_ESC, 0, N_("back"), N_("Back to the names"), ACTION_HINT | ACTION_TEXT,
		back_run },
	{ .name = NULL },
};

const struct screen_ops pin_ops = {
	.name = "pin",
	.title = N_("PIN"),
	.secret = true,
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = pin_head,
	.paint = pin_paint,
	.key = pin_key,
	.in_text = screen_in_text,
	.size = pin_size,
	.release = pin_release,
};

void
pin_open(struct screen *screen, const char *person)
{
	struct pin *pin = (struct pin *)screen_new(screen->app, &pin_ops, sizeof(*pin));

	if (pin) {
		pin->asker = screen;
		pin->person = strdup(person);
		if (!pin->person || secret_text_start(&pin->typed) != ERR_OK ||
			secret_text_start(&pin->first) != ERR_OK) {
			screen_free(&pin->base);
			pin = NULL;
		}
	}
	(void)app_push(screen->app, (struct screen *)pin); /* says what went wrong */
}
