/* SPDX-License-Identifier: MIT */
/*
 * What is entered about duty: an absence, a day that overrules the roster, a way of
 * contact.  Each is a form of its own, asked about before it is recorded, and kept as a
 * draft like every form.
 */
#include <string.h>

#include "app.h"
#include "duty.h"
#include "duty_form.h"
#include "doc.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "writing.h"
#include "toban/base/i18n.h"

struct duty_write {
	struct writing base;
	const struct duty_form *kind;
	char *about; /* whose absence or way; the department of an exception */
};

static struct duty_write *
self(struct screen *screen)
{
	return (struct duty_write *)screen;
}

/* Drafts are of those who take part in cases; for others nothing is kept. */
static bool
has_drafts(const struct app *app)
{
	return doc_holds(doc_list(book_my_record(&app->book), "roles"), "staff");
}

/* The record has it: the draft goes, if it is there still. */
static void
drop_draft(struct duty_write *write)
{
	json_t *result = NULL;
	json_t *error = NULL;

	if (write->base.draft.id &&
		app_try(write->base.base.base.app, "draft.drop",
			json_pack("{s:s}", "draft", write->base.draft.id), &result,
			&error) != ERR_OK) {
		json_decref(error); /* it stays on the board, to be thrown away there */
	}
	json_decref(result);
}

static void
send(struct screen *screen, const char *value)
{
	struct duty_write *write = self(screen);
	struct app *app = screen->app;
	json_t *values = form_values(writing_form(screen));
	json_t *args = write->kind->arguments(values);
	json_t *result = NULL;
	json_t *error = NULL;
	struct str text = STR_INIT;

	(void)value;
	json_object_set_new(args, "event", json_string(writing_form(screen)->step_id));
	if (app_try(app, write->kind->method, args, &result, &error) != ERR_OK) {
		duty_form_faults(error);
		writing_refused(&write->base, error);
		json_decref(error);
		json_decref(values);
		return;
	}
	draft_sent(&write->base.draft, writing_form(screen), result);
	drop_draft(write);
	str_addf(&text, "%s  %lld (%.4s)", _(write->kind->done), (long long)doc_int(result, "seq"),
		doc_text(result, "row_hash"));
	app_say(app, SAY_DONE, str_text(&text));
	str_release(&text);
	json_decref(values);
	json_decref(result);
	app_changed(app);
	app_close(screen);
}

static void
send_run(struct screen *screen)
{
	struct duty_write *write = self(screen);
	struct str text = STR_INIT;
	json_t *values;

	writing_keep(&write->base);
	if (!form_is_complete(writing_form(screen))) {
		return;
	}
	values = form_values(writing_form(screen));
	write->kind->ask(&screen->app->book, values, &text);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _(write->kind->title),
			.text = str_text(&text),
			.accept = _("Record"),
			.answered = send,
		});
	json_decref(values);
	str_release(&text);
}

static void
leave_answered(struct screen *screen, const char *value)
{
	(void)value;
	app_close(screen);
}

static void
leave_run(struct screen *screen)
{
	if (writing_of(screen)->draft.unkept && writing_form(screen)->touched &&
		!writing_form(screen)->zoomed) {
		popup_confirm(screen->app,
			&(struct popup_ask){
				.asker = screen,
				.title = _(self(screen)->kind->title),
				.text = _("Leave? What you typed is not kept: administrators have "
					  "no drafts."),
				.accept = _("Leave"),
				.answered = leave_answered,
			});
		return;
	}
	writing_leave_run(screen);
}

static void
write_head(struct screen *screen, struct head *head)
{
	struct duty_write *write = self(screen);

	str_addf(&head->title, "%s", _(write->kind->title));
	write->kind->head(&screen->app->book, write->about, &head->state);
	draft_words(&write->base.draft, writing_form(screen), &head->state_right);
}

static const struct action actions[] = {
	{ "send", K_CTRL('S'), 0, N_("record"), N_("Check what is written and record it"),
		ACTION_HINT | ACTION_TEXT | ACTION_WRITES, send_run },
	{ "fault", K_CTRL('N'), K_F8, N_("next !"), N_("The next field that is marked with !"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_fault_run },
	{ "next", K_TAB, 0, N_("next"), N_("The next field"), ACTION_HINT | ACTION_TEXT,
		form_next_run },
	{ "previous", K_BACKTAB, 0, N_("previous"), N_("The field before"), ACTION_TEXT,
		form_previous_run },
	{ "choose", K_F3, 0, N_("list"), N_("Choose the field's value from a list"),
		ACTION_HINT | ACTION_TEXT | ACTION_OVER, form_choose_run },
	{ "zoom", K_CTRL('E'), 0, N_("whole window"), N_("Write the text in the whole window"),
		ACTION_TEXT, form_zoom_run },
	{ "leave", K_ESC, 0, N_("leave (kept)"), N_("Leave; what is typed stays as a draft"),
		ACTION_HINT | ACTION_TEXT, leave_run },
	{ .name = NULL },
};

const struct screen_ops duty_write_ops = {
	.name = "duty-write",
	.title = N_("Enter for duty"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = write_head,
	.paint = writing_paint,
	.key = form_key,
	.why_not = form_why_not,
	.hint = form_hint,
	.in_text = screen_in_text,
	.save = writing_save,
	.release = writing_release,
};

/* --- opening ------------------------------------------------------------------------------- */

static struct duty_write *
write_new(struct app *app, const struct duty_form *kind, const char *about)
{
	struct duty_write *write =
		(struct duty_write *)screen_new(app, &duty_write_ops, sizeof(*write));
	json_t *options;

	if (!write) {
		return NULL;
	}
	write->kind = kind;
	write->about = arena_strdup(write->base.base.base.arena, about);
	draft_init(&write->base.draft, kind->draft, NULL);
	write->base.draft.unkept = !has_drafts(app);
	options = kind->options(&app->book, about);
	if (!write->about ||
		form_init(&write->base.base.form, &write->base.base, kind->document(), options) !=
			ERR_OK) {
		screen_free(&write->base.base.base);
		write = NULL;
	}
	json_decref(options);
	return write;
}

/* Goes on with `saved`, a document of draft.load. */
static void
resume(struct app *app, const struct duty_form *kind, const json_t *saved)
{
	const json_t *fields = json_object_get(saved, "fields");
	struct duty_write *write = write_new(app, kind, doc_text(fields, kind->about));

	if (!write) {
		return;
	}
	writing_resume_said(&write->base, saved);
	(void)writing_push(&write->base); /* it says what went wrong */
}

/* Whether a draft is of what is to be entered now: the same person, the same day. */
static bool
is_same(const json_t *saved, const json_t *presets)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)presets, key, value)
	{
		if (!json_equal(json_object_get(json_object_get(saved, "fields"), key), value)) {
			return false;
		}
	}
	return true;
}

/* The draft of the same form about the same; a new reference, NULL: none. */
static json_t *
draft_of(struct app *app, const char *form, const json_t *presets)
{
	json_t *result = NULL;
	json_t *error = NULL;
	json_t *saved = NULL;
	json_t *draft;
	size_t i;

	if (app_try(app, "draft.list", NULL, &result, &error) != ERR_OK) {
		json_decref(error); /* then it begins empty; the draft is still there */
	}
	json_array_foreach(doc_list(result, "drafts"), i, draft)
	{
		if (saved || strcmp(doc_text(draft, "form"), form) != 0) {
			continue;
		}
		(void)app_call(app, "draft.load",
			json_pack("{s:s}", "draft", doc_text(draft, "draft")),
			&saved); /* says what went wrong, and it begins empty */
		if (!is_same(saved, presets)) {
			json_decref(saved);
			saved = NULL;
		}
	}
	json_decref(result);
	return saved;
}

static void
open_write(struct app *app, const char *form, const json_t *presets)
{
	const struct duty_form *kind = duty_form_find(form);
	json_t *saved = draft_of(app, kind->draft, presets);
	struct duty_write *write;

	if (saved) {
		resume(app, kind, saved);
		json_decref(saved);
		return;
	}
	write = write_new(app, kind, doc_text(presets, kind->about));
	if (write) {
		form_fill(&write->base.base.form, presets);
		form_focus_empty(&write->base.base.form);
		(void)writing_push(&write->base); /* it says what went wrong */
	}
}

void
absence_open(struct app *app, const char *person)
{
	json_t *presets = json_pack("{s:s}", "person", person);

	open_write(app, "absence", presets);
	json_decref(presets);
}

void
exception_open(struct app *app, const char *department, const char *date)
{
	json_t *presets = json_pack("{s:s, s:s}", "department", department, "when", date);

	open_write(app, "roster-exception", presets);
	json_decref(presets);
}

void
way_write_open(struct app *app, const char *person)
{
	json_t *presets = json_pack("{s:s}", "person", person);

	open_write(app, "way", presets);
	json_decref(presets);
}

bool
duty_resume(struct app *app, const json_t *saved)
{
	const struct duty_form *kind = duty_form_find(doc_text(saved, "form"));

	if (kind) {
		resume(app, kind, saved);
	}
	return kind != NULL;
}
