/* SPDX-License-Identifier: MIT */
/*
 * The handover of a shift: one key makes the sheet; who goes hands over, who
 * comes reads what changed since and accepts.
 */
#include "handover.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

enum {
	LABEL_COLS = 13,
	PAST = 3,
	WIDE_FROM = 120, /* from here on the cases stand beside the rest */
	BESIDE_LEAST = 40,
};

struct handover {
	struct screen base;
	json_t *sheet;
	json_t *given; /* NULL: none waits */
	json_t *past;
	struct page page;
	struct page beside;
	json_int_t asked_seq;       /* the handover the question was about */
	char asked[HASH_HEX_SIZE];  /* the cases when it was put */
	char event_id[NEW_ID_SIZE]; /* of the acceptance: sent again, it is recorded once */
};

static struct handover *
self(struct screen *screen)
{
	return (struct handover *)screen;
}

static enum err
handover_load(struct screen *screen)
{
	struct handover *handover = self(screen);
	json_t *sheet = NULL;
	json_t *given = NULL;
	json_t *past = NULL;
	enum err e = app_call(screen->app, "handover.sheet", NULL, &sheet);

	if (e == ERR_OK && json_is_object(json_object_get(sheet, "handover"))) {
		e = app_call(screen->app, "handover.show", NULL, &given);
	}
	if (e == ERR_OK) {
		e = app_call(
			screen->app, "handover.list", json_pack("{s:i}", "limit", PAST), &past);
	}
	if (e != ERR_OK) {
		json_decref(sheet);
		json_decref(given);
		return e;
	}
	json_decref(handover->sheet);
	json_decref(handover->given);
	json_decref(handover->past);
	handover->sheet = sheet;
	handover->given = given;
	handover->past = past;
	return ERR_OK;
}

static const json_t *
pending(const struct handover *handover)
{
	return json_object_get(handover->given, "handover");
}

static void
handover_head(struct screen *screen, struct head *head)
{
	struct handover *handover = self(screen);
	struct book *book = &screen->app->book;

	str_add(&head->state, book_department(book, doc_text(handover->sheet, "department")));
	if (pending(handover)) {
		str_addf(&head->state_right, "%s ", _("handover pending:"));
		handover_words(book, pending(handover), &head->state_right);
	}
}

static void
handover_paint(struct screen *screen, struct canvas *c)
{
	struct handover *handover = self(screen);
	struct book *book = &screen->app->book;
	const struct handover_view view = { handover->sheet, handover->given,
		doc_list(handover->past, "handovers") };
	bool wide = c->cols >= WIDE_FROM;
	/* The cases are rows of columns: what the window has more is mostly theirs. */
	int cols = wide ? c->cols - BESIDE_LEAST - (c->cols - WIDE_FROM) * 3 / 10 : c->cols;
	struct canvas left = paint_part(c, (struct place){ 0, 0, cols }, c->rows);

	page_begin(&handover->page, cols - 1, LABEL_COLS);
	page_begin(&handover->beside, c->cols - cols - 3, LABEL_COLS);
	handover_paint_cases(book, &view, &handover->page);
	handover_paint_rest(book, &view, wide ? &handover->beside : &handover->page);
	if (wide) {
		struct canvas right =
			paint_part(c, (struct place){ 0, cols + 1, c->cols - cols - 1 }, c->rows);

		for (int i = 0; i < c->rows; i++) {
			(void)paint_text(c, (struct place){ i, cols, 1 }, ROLE_QUIET, "|");
		}
		page_paint(&handover->beside, &right);
		paint_part_done(c, &right);
	}
	page_paint(&handover->page, &left);
	paint_part_done(c, &left);
}

static bool
handover_key(struct screen *screen, const struct key *key)
{
	struct handover *handover = self(screen);
	bool used = page_key(&handover->page, key->code);

	return page_key(&handover->beside, key->code) || used;
}

/* --- what can be done ------------------------------------------------------------------ */

static bool
handover_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	const json_t *may = json_object_get(self(screen)->sheet, "may");
	const json_t *verdict = json_object_get(may, action->name);
	struct book *book = &screen->app->book;

	if (!verdict || doc_flag(verdict, "allowed")) {
		return false;
	}
	str_add(why, doc_text(verdict, "why"));
	if (json_array_size(doc_list(verdict, "who")) > 0) {
		str_next_sentence(why);
		str_addf(why, "%s ", _("Who can:"));
	}
	book_people(book, doc_list(verdict, "who"), why);
	str_addf(why, " (%s)", doc_text(verdict, "code"));
	return true;
}

static void
give_run(struct screen *screen)
{
	handover_give_open(screen->app);
}

/*
 * Sends an end of the one that was asked about.  The page may have been read anew below the
 * question: an acceptance is bound to what stood there when it was put.
 */
static void
end_it(struct screen *screen, const char *method, const char *done)
{
	struct handover *handover = self(screen);
	json_t *args =
		json_pack("{s:I, s:s}", "seq", handover->asked_seq, "event", handover->event_id);
	json_t *result = NULL;

	if (strcmp(method, "handover.accept") == 0) {
		json_object_set_new(args, "hash", json_string(handover->asked));
	}
	if (app_call(screen->app, method, args, &result) == ERR_OK) {
		struct str entry = STR_INIT;

		str_addf(&entry, "%lld (%.4s)", (long long)doc_int(result, "seq"),
			doc_text(result, "row_hash"));
		app_say_with(screen->app, SAY_DONE, done,
			&(struct str_arg){ "entry", str_text(&entry) }, 1);
		str_release(&entry);
		random_id(clock_now(&screen->app->options->clock), handover->event_id);
	}
	json_decref(result);
	/* Also after a refusal: what changed meanwhile is to be seen. */
	app_changed(screen->app);
}

static void
accepted(struct screen *screen, const char *value)
{
	(void)value;
	end_it(screen, "handover.accept", _("The shift is yours: entry {entry}."));
}

static void
withdrawn(struct screen *screen, const char *value)
{
	(void)value;
	end_it(screen, "handover.withdraw", _("The handover is taken back: entry {entry}."));
}

static void
ask(struct screen *screen, const char *text, const char *button,
	void (*answered)(struct screen *, const char *))
{
	const json_t *given = pending(self(screen));
	struct str words = STR_INIT;
	struct str pair = STR_INIT;

	self(screen)->asked_seq = (json_int_t)doc_int(given, "seq");
	snprintf(self(screen)->asked, sizeof(self(screen)->asked), "%s", doc_text(given, "hash"));
	handover_words(&screen->app->book, given, &pair);
	str_addf(&words, "%s\n%s", str_text(&pair), text);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Shift handover"),
			.text = str_text(&words),
			.accept = button,
			.answered = answered,
		});
	str_release(&words);
	str_release(&pair);
}

static void
accept_run(struct screen *screen)
{
	const char *to = doc_text(pending(self(screen)), "to");

	if (to[0] && strcmp(to, book_me(&screen->app->book)) != 0) {
		handover_reason_open(screen->app);
		return;
	}
	ask(screen, _("Accept the shift as this sheet shows it? The record keeps that you did."),
		_("Take over"), accepted);
}

static void
withdraw_run(struct screen *screen)
{
	ask(screen, _("Take the handover back? The record keeps both entries."), _("Take back"),
		withdrawn);
}

static void
handover_release(struct screen *screen)
{
	struct handover *handover = self(screen);

	json_decref(handover->sheet);
	json_decref(handover->given);
	json_decref(handover->past);
	page_release(&handover->page);
	page_release(&handover->beside);
}

static const struct action actions[] = {
	{ "give", 'h', 0, N_("hand over"), N_("Write a remark and hand the shift over"),
		ACTION_HINT | ACTION_WRITES, give_run },
	{ "accept", 'o', 0, N_("accept shift"), N_("Accept the shift that was handed over"),
		ACTION_HINT | ACTION_WRITES, accept_run },
	{ "withdraw", 'x', 0, N_("take back"), N_("Take back a handover nobody has accepted"),
		ACTION_HINT | ACTION_WRITES, withdraw_run },
	{ .name = NULL },
};

const struct screen_ops handover_ops = {
	.name = "handover",
	.title = N_("Shift handover"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = handover_load,
	.head = handover_head,
	.paint = handover_paint,
	.key = handover_key,
	.why_not = handover_why_not,
	.release = handover_release,
};

void
handover_open(struct app *app)
{
	struct handover *handover;

	if (app_view(app, handover_ops.name)) {
		return;
	}
	handover = (struct handover *)screen_new(app, &handover_ops, sizeof(*handover));
	if (handover) {
		random_id(clock_now(&app->options->clock), handover->event_id);
	}
	(void)app_push(app, (struct screen *)handover); /* says what went wrong */
}
