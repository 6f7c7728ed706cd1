/* SPDX-License-Identifier: MIT */
/*
 * One entry of the log, read in full: who, when, every field, its place in the
 * ledger.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "incident.h"
#include "registry.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "value.h"

struct entry {
	struct screen base;
	json_t *event;
	json_t *form; /* form.get of its kind; NULL: fields are shown by their keys */
	struct page page;
};

static struct entry *
self(struct screen *screen)
{
	return (struct entry *)screen;
}

static void
build_fields(struct entry *entry)
{
	struct book *book = &entry->base.app->book;
	json_t *fields = json_object_get(json_object_get(entry->event, "body"), "fields");
	const char *key;
	json_t *value;

	json_object_foreach(fields, key, value)
	{
		const json_t *field = doc_find(doc_list(entry->form, "fields"), "key", key);
		const char *label = doc_words_of(field, "label");
		struct str text = STR_INIT;

		value_words(book, field, value, &text);
		page_field(&entry->page, label[0] ? label : key, str_text(&text));
		str_release(&text);
	}
}

static void
build_told(struct entry *entry)
{
	struct book *book = &entry->base.app->book;
	const json_t *told = doc_list(json_object_get(entry->event, "body"), "notified");
	struct str text = STR_INIT;

	book_people(book, told, &text);
	if (text.len > 0) {
		page_field(&entry->page, _("Told"), str_text(&text));
	}
	str_release(&text);
}

/* With which key it was signed, and the hash that was shown then; nothing when it was not. */
static void
build_signed(struct entry *entry)
{
	const json_t *sign = json_object_get(json_object_get(entry->event, "body"), "signed");
	const char *signed_text = doc_text(sign, "text");
	struct str text = STR_INIT;
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	char shown[SHORT_HASH_SIZE];

	if (!json_is_object(sign)) {
		return;
	}
	hash_of(signed_text, strlen(signed_text), &hash);
	hash_hex(&hash, hex);
	short_hash(hex, shown);
	str_addf(&text, "%s  %s", shown, doc_text(sign, "key"));
	page_field(&entry->page, _("Signed"), str_text(&text));
	str_release(&text);
}

static void
entry_paint(struct screen *screen, struct canvas *c)
{
	struct entry *entry = self(screen);
	struct book *book = &screen->app->book;
	struct page *page = &entry->page;
	struct str text = STR_INIT;

	page_begin(page, c->cols, 16);
	book_time_full(book, doc_time(entry->event, "at"), &text);
	page_field(page, _("Recorded at"), str_text(&text));
	if (doc_time(entry->event, "happened_at") != STAMP_NONE) {
		str_clear(&text);
		book_time_full(book, doc_time(entry->event, "happened_at"), &text);
		page_field(page, _("Happened at"), str_text(&text));
	}
	page_field(page, _("By"), book_person(book, doc_text(entry->event, "actor")));
	page_gap(page);
	build_fields(entry);
	build_told(entry);
	page_gap(page);
	build_signed(entry);
	str_clear(&text);
	str_addf(&text, "%lld  %s", (long long)doc_int(entry->event, "seq"),
		doc_text(entry->event, "row_hash"));
	page_field_in(page, ROLE_QUIET, _("Ledger entry"), str_text(&text));
	page_paint(page, c);
	str_release(&text);
}

static void
entry_size(struct screen *screen, int *rows, int *cols)
{
	(void)screen;
	(void)rows;
	*cols = *cols > 90 ? 90 : *cols + 4;
}

static void
entry_head(struct screen *screen, struct head *head)
{
	struct entry *entry = self(screen);

	str_add(&head->title, book_kind(&screen->app->book, doc_text(entry->event, "kind")));
}

static bool
entry_key(struct screen *screen, const struct key *key)
{
	return page_key(&self(screen)->page, key->code);
}

static void
entry_release(struct screen *screen)
{
	json_decref(self(screen)->event);
	json_decref(self(screen)->form);
	page_release(&self(screen)->page);
}

static void
close_run(struct screen *screen)
{
	app_close(screen);
}

static const struct action actions[] = {
	{ "close", K_ENTER, K_ESC, N_("close"), N_("Back to the timeline"), ACTION_HINT,
		close_run },
	{ .name = NULL },
};

const struct screen_ops entry_ops = {
	.name = "entry",
	.title = N_("Entry"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = entry_head,
	.paint = entry_paint,
	.key = entry_key,
	.size = entry_size,
	.release = entry_release,
};

void
entry_open(struct app *app, const json_t *event)
{
	struct entry *entry = (struct entry *)screen_new(app, &entry_ops, sizeof(*entry));
	const char *form;
	json_t *error = NULL;

	if (entry) {
		entry->event = json_deep_copy(event);
		form = doc_text(book_step_record(&app->book, doc_text(event, "kind")), "form");
		/* Labels are a help, not a need. */
		if (form[0] &&
			app_try(app, "form.get", json_pack("{s:s}", "form", form), &entry->form,
				&error) != ERR_OK) {
			json_decref(error);
		}
	}
	(void)app_push(app, (struct screen *)entry); /* says what went wrong */
}
