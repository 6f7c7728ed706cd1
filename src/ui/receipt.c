/* SPDX-License-Identifier: MIT */
/*
 * The receipt of a report: its number, its place in the ledger, who was told
 * and until when they should answer.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "page.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

struct receipt {
	struct screen base;
	json_t *result;
	struct page page;
};

static struct receipt *
self(struct screen *screen)
{
	return (struct receipt *)screen;
}

static void
add_told(struct receipt *receipt)
{
	struct book *book = &receipt->base.app->book;
	struct str text = STR_INIT;
	size_t i;
	json_t *told;

	json_array_foreach(doc_list(receipt->result, "notified"), i, told)
	{
		stamp due = doc_time(told, "due_at");

		str_addf(&text, "%s%s (%s)", i > 0 ? "\n" : "",
			book_person(book, doc_text(told, "person")),
			book_role(book, doc_text(told, "role")));
		if (due != STAMP_NONE) {
			char at[STAMP_SIZE];

			book_time(book, due, at);
			str_add(&text, "  ");
			str_say(&text, _("answer due {time}"), &(struct str_arg){ "time", at }, 1);
		}
	}
	page_field(&receipt->page, _("Told"), str_text(&text));
	str_release(&text);
}

static void
receipt_paint(struct screen *screen, struct canvas *c)
{
	struct receipt *receipt = self(screen);
	struct book *book = &screen->app->book;
	const json_t *result = receipt->result;
	struct page *page = &receipt->page;
	struct str text = STR_INIT;

	page_begin(page, c->cols, 14);
	page_heading(page, _("The report is recorded."));
	page_gap(page);
	page_field(page, _("Number"), doc_text(result, "id"));
	book_category(book, doc_text(result, "category"), &text);
	page_field(page, _("Class"), str_text(&text));
	add_told(receipt);
	str_clear(&text);
	str_addf(&text, "%lld (%.4s)", (long long)doc_int(result, "seq"),
		doc_text(result, "row_hash"));
	page_field(page, _("Ledger entry"), str_text(&text));
	page_gap(page);
	page_field_in(page, ROLE_QUIET, _("Reason"), doc_words_of(result, "reason"));
	page_paint(page, c);
	str_release(&text);
}

static void
receipt_size(struct screen *screen, int *rows, int *cols)
{
	int told = (int)json_array_size(doc_list(self(screen)->result, "notified"));
	int wanted = 12 + told;

	*rows = wanted < *rows ? wanted : *rows;
	*cols = *cols > 74 ? 74 : *cols;
}

static bool
receipt_key(struct screen *screen, const struct key *key)
{
	return page_key(&self(screen)->page, key->code);
}

static void
receipt_release(struct screen *screen)
{
	json_decref(self(screen)->result);
	page_release(&self(screen)->page);
}

static void
close_run(struct screen *screen)
{
	app_close(screen);
}

static void
open_run(struct screen *screen)
{
	struct app *app = screen->app;

	app_close(screen);
	incident_open(app, doc_text(self(screen)->result, "id"));
}

static const struct action actions[] = {
	{ "close", K_ENTER, K_ESC, N_("back to the board"), N_("Back to the board"), ACTION_HINT,
		close_run },
	{ "open", 'o', 0, N_("open it"), N_("Open the page of the incident"), ACTION_HINT,
		open_run },
	{ .name = NULL },
};

const struct screen_ops receipt_ops = {
	.name = "receipt",
	.title = N_("Receipt"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.paint = receipt_paint,
	.key = receipt_key,
	.size = receipt_size,
	.release = receipt_release,
};

void
receipt_open(struct app *app, const json_t *result)
{
	struct receipt *receipt = (struct receipt *)screen_new(app, &receipt_ops, sizeof(*receipt));

	if (receipt) {
		receipt->result = json_deep_copy(result);
	}
	/* Behind it the case that was reported, not what stood beside its draft. */
	board_mark(app, doc_text(result, "id"));
	(void)app_push(app, (struct screen *)receipt); /* says what went wrong */
}
