/* SPDX-License-Identifier: MIT */
/*
 * What is written at a handover: the remark of who goes, or why somebody
 * accepts in another's place.  Kept as a draft like every form.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "handover.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "writing.h"
#include "toban/base/i18n.h"

#define FORM_GIVE "handover"
#define FORM_REASON "handover-accept"
#define TEXT_CHARS 4000

struct handover_write {
	struct writing base;
	bool gives;
	json_t *doc; /* handover.sheet, or handover.show of the one that waits */
};

static struct handover_write *
self(struct screen *screen)
{
	return (struct handover_write *)screen;
}

/* A refusal keeps what was typed; who accepts sees anew what changed. */
static void
refused(struct handover_write *write, enum err e, json_t *error)
{
	struct app *app = write->base.base.base.app;
	json_t *again = NULL;
	json_t *ignored = NULL;

	writing_refused(&write->base, error);
	json_decref(error);
	if (e != ERR_CONFLICT || write->gives) {
		return;
	}
	if (app_try(app, "handover.show", NULL, &again, &ignored) == ERR_OK) {
		json_decref(write->doc);
		write->doc = again;
	}
	json_decref(ignored);
	app_changed(app);
}

static void
send(struct screen *screen, const char *value)
{
	struct handover_write *write = self(screen);
	struct app *app = screen->app;
	const json_t *given = json_object_get(write->doc, "handover");
	json_t *args = form_values(writing_form(screen));
	json_t *result = NULL;
	json_t *error = NULL;
	struct str entry = STR_INIT;
	enum err e;

	(void)value;
	json_object_set_new(args, "event", json_string(writing_form(screen)->step_id));
	draft_name(&write->base.draft, args);
	if (!write->gives) {
		json_object_set(args, "seq", json_object_get(given, "seq"));
		json_object_set(args, "hash", json_object_get(given, "hash"));
	}
	e = app_try(app, write->gives ? "handover.give" : "handover.accept", args, &result, &error);
	if (e != ERR_OK) {
		refused(write, e, error);
		return;
	}
	draft_sent(&write->base.draft, writing_form(screen), result);
	str_addf(&entry, "%lld (%.4s)", (long long)doc_int(result, "seq"),
		doc_text(result, "row_hash"));
	app_say_with(app, SAY_DONE,
		write->gives ? _("Handed over: entry {entry}. It is yours until somebody accepts.")
			     : _("The shift is yours: entry {entry}."),
		&(struct str_arg){ "entry", str_text(&entry) }, 1);
	str_release(&entry);
	draft_say_kept(&write->base.draft, app, result);
	json_decref(result);
	app_changed(app);
	app_close(screen);
}

static void
send_run(struct screen *screen)
{
	struct handover_write *write = self(screen);
	struct book *book = &screen->app->book;
	json_t *values;
	struct str text = STR_INIT;
	const char *to;

	writing_keep(&write->base);
	if (!form_is_complete(writing_form(screen))) {
		return;
	}
	values = form_values(writing_form(screen));
	to = doc_text(values, "to");
	str_say(&text,
		!write->gives ? _("Accept the shift in another's place? The record keeps that you "
				  "did, and why.")
			: to[0]
			? _("Hand the shift over to {who}? It stays yours until it is accepted.")
			: _("Hand the shift over to anybody of {department}? It stays yours until "
			    "it is accepted."),
		(struct str_arg[]){ { "who", book_person(book, to) },
			{ "department",
				book_department(book, doc_text(write->doc, "department")) } },
		2);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Shift handover"),
			.text = str_text(&text),
			.accept = write->gives ? _("Hand over") : _("Take over"),
			.answered = send,
		});
	json_decref(values);
	str_release(&text);
}

static void
write_head(struct screen *screen, struct head *head)
{
	struct handover_write *write = self(screen);
	struct book *book = &screen->app->book;

	if (write->gives) {
		const json_t *sheet = json_object_get(write->doc, "sheet");

		str_addf(&head->state, "%s %zu", _("Incidents"),
			json_array_size(doc_list(sheet, "incidents")));
	} else {
		handover_words(book, json_object_get(write->doc, "handover"), &head->state);
	}
	draft_words(&write->base.draft, writing_form(screen), &head->state_right);
}

static void
write_release(struct screen *screen)
{
	struct handover_write *write = self(screen);

	writing_release(screen);
	json_decref(write->doc);
}

static const struct action actions[] = {
	{ "send", K_CTRL('S'), 0, N_("hand over"), N_("Check what is written and send it"),
		ACTION_HINT | ACTION_TEXT | ACTION_WRITES, send_run },
	{ "fault", K_CTRL('N'), K_F8, N_("next !"), N_("The next field that is marked with !"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_fault_run },
	{ "next", K_TAB, 0, N_("next"), N_("The next field"), ACTION_HINT | ACTION_TEXT,
		form_next_run },
	{ "previous", K_BACKTAB, 0, N_("previous"), N_("The field before"), ACTION_TEXT,
		form_previous_run },
	{ "choose", K_F3, 0, N_("list"), N_("Choose the field's value from a list"),
		ACTION_TEXT | ACTION_OVER, form_choose_run },
	{ "zoom", K_CTRL('E'), 0, N_("whole window"), N_("Write the text in the whole window"),
		ACTION_TEXT, form_zoom_run },
	{ "leave", K_ESC, 0, N_("leave (kept)"), N_("Leave; what is typed stays as a draft"),
		ACTION_HINT | ACTION_TEXT, writing_leave_run },
	{ "editor", K_CTRL('O'), 0, N_("own editor"),
		N_("Write the text in the program of $EDITOR"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_editor_run },
	{ .name = NULL },
};

const struct screen_ops handover_write_ops = {
	.name = "handover-write",
	.title = N_("Shift handover"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = write_head,
	.paint = writing_paint,
	.key = form_key,
	.why_not = form_why_not,
	.hint = form_hint,
	.in_text = screen_in_text,
	.save = writing_save,
	.release = write_release,
};

/* The fields, as form.get would show them. */
static json_t *
form_document(bool gives)
{
	json_t *text = json_pack("{s:s, s:s, s:b, s:i, s:i, s:s, s:s}", "key", "text", "type",
		"text", "required", !gives, "max_chars", TEXT_CHARS, "rows", 6, "label",
		gives ? _("For the next shift") : _("Why in another's place"), "help",
		_("Read by the department, the office and auditors; it stays in the record."));
	json_t *to;

	if (!gives) {
		return json_pack("{s:[o]}", "fields", text);
	}
	to = json_pack("{s:s, s:s, s:b, s:s, s:s}", "key", "to", "type", "person", "required",
		false, "label", _("To whom"), "help",
		_("Leave it empty and anybody of the department can accept."));
	return json_pack("{s:[o, o]}", "fields", to, text);
}

/* The people who could accept, by their names. */
static json_t *
people_options(struct book *book, const json_t *people)
{
	json_t *options = json_array();
	size_t i;
	json_t *id;

	json_array_foreach(people, i, id)
	{
		json_array_append_new(options,
			json_pack("{s:O, s:s}", "key", id, "label",
				book_person(book, json_string_value(id))));
	}
	return json_pack("{s:o}", "to", options);
}

static struct handover_write *
write_new(struct app *app, bool gives)
{
	struct handover_write *write =
		(struct handover_write *)screen_new(app, &handover_write_ops, sizeof(*write));
	json_t *options;

	if (!write) {
		return NULL;
	}
	write->gives = gives;
	draft_init(&write->base.draft, gives ? FORM_GIVE : FORM_REASON, NULL);
	if (app_call(app, gives ? "handover.sheet" : "handover.show", NULL, &write->doc) !=
		ERR_OK) {
		screen_free(&write->base.base.base);
		return NULL;
	}
	options = people_options(&app->book, doc_list(write->doc, "people"));
	if (form_init(&write->base.base.form, &write->base.base, form_document(gives), options) !=
		ERR_OK) {
		screen_free(&write->base.base.base);
		write = NULL;
	}
	json_decref(options);
	return write;
}

/* Goes on with what this person began; `draft` is one of draft.list. */
static void
resume(struct handover_write *write, const char *draft)
{
	struct app *app = write->base.base.base.app;
	json_t *saved = NULL;

	if (app_call(app, "draft.load", json_pack("{s:s}", "draft", draft), &saved) != ERR_OK) {
		return;
	}
	writing_resume_said(&write->base, saved);
	json_decref(saved);
}

static void
open_write(struct app *app, bool gives)
{
	struct handover_write *write = write_new(app, gives);
	json_t *result = NULL;
	json_t *error = NULL;
	const json_t *draft;

	if (!write) {
		return;
	}
	if (app_try(app, "draft.list", NULL, &result, &error) != ERR_OK) {
		json_decref(error); /* then it begins empty; the draft is still there */
	}
	draft = doc_find(doc_list(result, "drafts"), "form", gives ? FORM_GIVE : FORM_REASON);
	if (draft) {
		resume(write, doc_text(draft, "draft"));
	}
	json_decref(result);
	(void)writing_push(&write->base); /* it says what went wrong */
}

void
handover_give_open(struct app *app)
{
	open_write(app, true);
}

void
handover_reason_open(struct app *app)
{
	open_write(app, false);
}

bool
handover_resume(struct app *app, const char *form)
{
	bool gives = strcmp(form, FORM_GIVE) == 0;

	if (!gives && strcmp(form, FORM_REASON) != 0) {
		return false;
	}
	open_write(app, gives);
	return true;
}
