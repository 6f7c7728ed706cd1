/* SPDX-License-Identifier: MIT */
/*
 * Approving a result as a difference against the version the approver last
 * saw.  What is approved is exactly what is on the screen: the step carries its
 * hash, and if the text changed meanwhile the new difference is shown instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "approval.h"
#include "doc.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

static struct approval *
self(struct screen *screen)
{
	return (struct approval *)screen;
}

/* --- reading ---------------------------------------------------------------------------- */

/* The row of incident.steps whose step has this effect; a new reference, NULL: none. */
static json_t *
find_step(struct app *app, const json_t *steps, const char *effect)
{
	size_t i;
	json_t *step;

	json_array_foreach(steps, i, step)
	{
		const json_t *record = book_step_record(&app->book, doc_text(step, "step"));

		if (strcmp(doc_text(record, "effect"), effect) == 0) {
			return json_incref(step);
		}
	}
	return NULL;
}

static const json_t *
find_version(const json_t *result, int64_t seq)
{
	size_t i;
	json_t *version;

	json_array_foreach(doc_list(result, "versions"), i, version)
	{
		if (doc_int(version, "seq") == seq) {
			return version;
		}
	}
	return NULL;
}

/* A copy: the comparison outlives the document it was read from. */
static void
set_how(struct approval *approval, const char *how)
{
	(void)snprintf(approval->how, sizeof(approval->how), "%s", how); /* one of four words */
}

/* What was on the screen is known from then on, whatever the door says was last seen. */
static void
choose_before(struct approval *approval, const json_t *shown)
{
	const json_t *result = json_object_get(approval->show, "result");
	const json_t *seen = json_object_get(result, "last_seen");
	const json_t *before = NULL;

	if (shown && doc_int(shown, "seq") != doc_int(result, "seq")) {
		before = find_version(result, doc_int(shown, "seq"));
		set_how(approval, "screen");
		app_say(approval->base.app, SAY_ERROR,
			_("The report was changed while you read it. What is shown now is the "
			  "difference to what you had before you. Nothing was approved."));
	} else if (approval->before) {
		return; /* the same text as before: the comparison stays */
	} else if (json_is_object(seen)) {
		before = find_version(result, doc_int(seen, "seq"));
		set_how(approval, doc_text(seen, "how"));
	}
	json_decref(approval->before);
	approval->before = before ? json_deep_copy(before) : NULL;
}

static enum err
load_steps(struct approval *approval)
{
	struct app *app = approval->base.app;
	json_t *doc = NULL;
	enum err e = app_call(app, "incident.steps", json_pack("{s:s}", "id", approval->id), &doc);

	if (e != ERR_OK) {
		return e;
	}
	json_decref(approval->step);
	json_decref(approval->back);
	approval->step = find_step(app, doc_list(doc, "steps"), "approve-result");
	approval->back = find_step(app, doc_list(doc, "steps"), "return-result");
	json_decref(doc);
	return ERR_OK;
}

/* The form under which the result was written, for labels and order. */
static enum err
load_form(struct approval *approval)
{
	struct app *app = approval->base.app;
	const char *name = "";
	json_t *doc = NULL;
	size_t i;
	json_t *step;
	enum err e;

	json_array_foreach(doc_list(book_procedure(&app->book), "steps"), i, step)
	{
		if (strcmp(doc_text(step, "effect"), "report-result") == 0) {
			name = doc_text(step, "name");
		}
	}
	e = app_call(app, "incident.steps",
		json_pack("{s:s, s:s}", "id", approval->id, "form", name), &doc);
	if (e == ERR_OK) {
		json_decref(approval->form);
		approval->form = json_incref(json_object_get(doc, "form"));
		json_decref(doc);
	}
	return e;
}

static json_t *
act_args(struct approval *approval, const char *hash, int64_t seq)
{
	json_t *args = json_pack("{s:s, s:s, s:{s:s}, s:I}", "id", approval->id, "step",
		doc_text(approval->step, "step"), "fields", "hash", hash, "expect",
		(json_int_t)seq);

	if (approval->remark) {
		json_object_set_new(
			json_object_get(args, "fields"), "why", json_string(approval->remark));
	}
	return args;
}

/* Whom it would tell.  A refusal is shown by the step's own row. */
static void
load_preview(struct approval *approval)
{
	const json_t *result = json_object_get(approval->show, "result");
	json_t *args = act_args(approval, doc_text(result, "hash"), doc_int(approval->show, "seq"));
	json_t *error = NULL;

	json_decref(approval->preview);
	approval->preview = NULL;
	json_object_set_new(args, "preview", json_true());
	(void)app_try(approval->base.app, "incident.act", args, &approval->preview, &error);
	json_decref(error);
}

static enum err
approval_load(struct screen *screen)
{
	struct approval *approval = self(screen);
	json_t *show = NULL;
	json_t *shown = approval->show;
	enum err e = app_call(
		screen->app, "incident.show", json_pack("{s:s}", "id", approval->id), &show);

	if (e == ERR_OK && !json_is_object(json_object_get(show, "result"))) {
		app_say(screen->app, SAY_INFO, _("There is no result to approve yet."));
		e = ERR_NOT_FOUND;
	}
	if (e != ERR_OK) {
		json_decref(show);
		return e;
	}
	approval->show = show;
	choose_before(approval, json_object_get(shown, "result"));
	json_decref(shown);
	e = load_steps(approval);
	if (e == ERR_OK && !approval->form) {
		e = load_form(approval);
	}
	if (e == ERR_OK && doc_flag(approval->step, "allowed")) {
		load_preview(approval);
	}
	return e;
}

/* --- doing ------------------------------------------------------------------------------- */

static void
approve(struct screen *screen, const char *value)
{
	struct approval *approval = self(screen);
	struct app *app = screen->app;
	json_t *args = act_args(approval, approval->asked_hash, approval->asked_seq);
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e;

	(void)value;
	json_object_set_new(args, "event", json_string(approval->event_id));
	e = app_try(app, "incident.act", args, &result, &error);
	if (e != ERR_OK) {
		bool signing = sign_open(app, error, screen, approve);

		if (!signing) {
			app_say_error(app, error);
		}
		json_decref(error);
		if (!signing && (e == ERR_CONFLICT || e == ERR_DENIED)) {
			app_changed(app);
		}
		return;
	}
	app_changed(app);
	app_close(screen);
	sent_say(app, doc_text(approval->step, "step"), result);
	json_decref(result);
}

static void
refuse(struct screen *screen, const json_t *step)
{
	json_t *error = json_pack("{s:s, s:s, s:O?}", "code", doc_text(step, "code"), "text",
		doc_words_of(step, "why"), "who", json_object_get(step, "who"));

	app_say_error(screen->app, error);
	json_decref(error);
}

/* Keeps what is before the eyes as what will be asked to be recorded, whatever comes in meanwhile.
 */
static void
bind(struct approval *approval)
{
	const json_t *result = json_object_get(approval->show, "result");

	snprintf(
		approval->asked_hash, sizeof(approval->asked_hash), "%s", doc_text(result, "hash"));
	approval->asked_seq = doc_int(approval->show, "seq");
}

static void
approve_run(struct screen *screen)
{
	struct approval *approval = self(screen);
	struct str text = STR_INIT;
	struct str told = STR_INIT;

	if (!doc_flag(approval->step, "allowed")) {
		refuse(screen, approval->step);
		return;
	}
	bind(approval);
	str_addf(&text, "%s  %s\n%s: ", approval->id, doc_text(approval->show, "title"),
		_("Approves"));
	approval_subject(approval, &text);
	approval_told(approval, &told);
	if (told.len > 0) {
		str_add(&text, "\n");
		str_say(&text, _("{told} will be told."),
			&(struct str_arg){ "told", str_text(&told) }, 1);
	}
	str_addf(&text, "\n%s", _("This cannot be taken back."));
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = doc_words_of(approval->step, "label"),
			.text = str_text(&text),
			.accept = doc_words_of(approval->step, "label"),
			.must_type = approval->id,
			.answered = approve,
		});
	str_release(&told);
	str_release(&text);
}

static void
return_run(struct screen *screen)
{
	struct approval *approval = self(screen);

	if (!doc_flag(approval->back, "allowed")) {
		refuse(screen, approval->back);
		return;
	}
	stepform_write(screen->app, approval->id, doc_text(approval->back, "step"), NULL);
}

static void
remark_set(struct screen *screen, const char *value)
{
	struct approval *approval = self(screen);

	free(approval->remark);
	approval->remark = value[0] ? strdup(value) : NULL;
}

static void
remark_run(struct screen *screen)
{
	struct approval *approval = self(screen);

	popup_prompt(screen->app,
		&(struct popup_prompt){
			.asker = screen,
			.label = _("Remark"),
			.text = approval->remark ? approval->remark : "",
			.answered = remark_set,
		});
}

/* --- reading on ---------------------------------------------------------------------------- */

/* The next change below the first row in view; after the last: the first again. */
static void
next_run(struct screen *screen)
{
	struct approval *approval = self(screen);

	if (approval->n_stops == 0) {
		(void)page_key(&approval->page, K_PGDN);
		return;
	}
	for (size_t i = 0; i < approval->n_stops; i++) {
		/* One row above it: the name of the field. */
		if (approval->stops[i] - 1 > approval->page.top) {
			approval->page.top = approval->stops[i] - 1;
			return;
		}
	}
	approval->page.top = 0;
	app_say(screen->app, SAY_INFO, _("That was the last change; this is the first again."));
}

static void
go_view(struct approval *approval, enum approval_view view)
{
	approval->view = approval->view == view ? APPROVAL_CHANGES : view;
	approval->page.top = 0;
}

static void
whole_run(struct screen *screen)
{
	go_view(self(screen), APPROVAL_WHOLE);
}

static void
files_run(struct screen *screen)
{
	self(screen)->files_seen = true;
	go_view(self(screen), APPROVAL_FILES);
}

static void
case_run(struct screen *screen)
{
	incident_open(screen->app, self(screen)->id);
}

static bool
approval_key(struct screen *screen, const struct key *key)
{
	return page_key(&self(screen)->page, key->code);
}

static void
approval_release(struct screen *screen)
{
	struct approval *approval = self(screen);

	json_decref(approval->show);
	json_decref(approval->form);
	json_decref(approval->step);
	json_decref(approval->back);
	json_decref(approval->preview);
	json_decref(approval->before);
	page_release(&approval->page);
	free(approval->stops);
	free(approval->remark);
	free(approval->id);
}

static const struct action actions[] = {
	{ "next-change", K_ENTER, 0, N_("next"), N_("Go to the next change"), ACTION_HINT,
		next_run },
	{ "approve", 'a', K_CTRL('S'), N_("approve.."),
		N_("Approve exactly what is shown; the number is asked for"), ACTION_HINT,
		approve_run },
	{ "return", 'r', 0, N_("return.."), N_("Return it to its author; a reason is asked for"),
		ACTION_HINT, return_run },
	{ "whole", 'v', 0, N_("text"), N_("The whole text, or the changes again"), ACTION_HINT,
		whole_run },
	{ "attachments", 'o', 0, N_("attachments"), N_("The attachments, or the changes again"),
		ACTION_HINT, files_run },
	{ "remark", 'e', 0, N_("remark"), N_("Write a remark that goes with the approval"),
		ACTION_PLAIN, remark_run },
	{ "case", K_F2, 0, N_("read the case"), N_("Read the incident; the approval waits"),
		ACTION_HINT, case_run },
	{ .name = NULL },
};

const struct screen_ops approval_ops = {
	.name = "approval",
	.title = N_("Approval"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = approval_load,
	.head = approval_head,
	.paint = approval_paint,
	.key = approval_key,
	.release = approval_release,
};

void
approval_open(struct app *app, const char *id)
{
	struct approval *approval =
		(struct approval *)screen_new(app, &approval_ops, sizeof(*approval));

	if (approval) {
		approval->id = strdup(id);
		random_id(book_now(&app->book), approval->event_id);
	}
	(void)app_push(app, (struct screen *)approval); /* says what went wrong */
}
