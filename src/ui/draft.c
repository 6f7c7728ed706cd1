/* SPDX-License-Identifier: MIT */
/*
 * Drafts: nothing a person typed is ever lost by a key, a cable or a full disk.
 */
#include "draft.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "emergency.h"
#include "form_part.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

/* The arguments of a save, and its answer; one of `result` and `error` is NULL. */
struct outcome {
	json_t *args;
	json_t *result;
	json_t *error;
};

struct flight {
	struct draft *draft; /* NULL: released meanwhile */
	struct form *form;
	json_t *fields; /* as they were sent */
};

/* One second, two, four, at last half a minute between two attempts. */
enum { RETRY_FIRST_MS = 1000, RETRY_DOUBLED = 5 };

/* A save that takes longer than this may never end: what is typed meanwhile goes to a file. */
enum { BESIDE_MS = 2000 };

void
draft_init(struct draft *draft, const char *form, const char *subject)
{
	*draft = (struct draft){
		.form = strdup(form),
		.subject = subject ? strdup(subject) : NULL,
		.saved_at = STAMP_NONE,
	};
}

void
draft_release(struct draft *draft)
{
	if (draft->flight) {
		draft->flight->draft = NULL; /* its answer is nobody's */
	}
	free(draft->id);
	free(draft->known);
	free(draft->form);
	free(draft->subject);
	json_decref(draft->unsure);
	str_release(&draft->file);
	*draft = (struct draft){ 0 };
}

void
draft_resume(struct draft *draft, const json_t *saved)
{
	free(draft->id);
	free(draft->known);
	draft->id = strdup(doc_text(saved, "draft"));
	draft->known = strdup(doc_text(saved, "hash"));
	draft->saved_at = doc_time(saved, "saved_at");
}

static json_t *
arguments(const struct draft *draft, struct form *form)
{
	json_t *args = json_pack("{s:s, s:o}", "form", draft->form, "fields", form_values(form));
	json_t *fields = json_object_get(args, "fields");
	json_t *pasted = form_pasted(form);

	/* Under the same name it is never recorded twice, whoever sends it from where. */
	json_object_set_new(fields, "event", json_string(form->step_id));
	if (draft->drill) {
		json_object_set_new(fields, "drill", json_true());
	}
	if (form->n > 0) {
		json_object_set_new(fields, "focus", json_string(form->fields[form->focus].key));
	}
	if (json_array_size(form->files) > 0) {
		json_object_set(fields, "attached", form->files);
	}
	if (pasted) {
		json_object_set_new(fields, "pasted", pasted);
	}
	if (draft->id) {
		json_object_set_new(args, "draft", json_string(draft->id));
	}
	if (draft->id && draft->known && draft->known[0]) {
		json_object_set_new(args, "expect", json_string(draft->known));
	}
	if (draft->subject) {
		json_object_set_new(args, "subject", json_string(draft->subject));
	}
	return args;
}

/* The file knows which state of the draft it goes on from. */
static void
keep_in_file(struct draft *draft, struct form *form, json_t *args)
{
	char at[STAMP_SIZE];

	if (draft->saved_at != STAMP_NONE) {
		stamp_format(draft->saved_at, book_offset(&form->owner->app->book), at);
		json_object_set_new(args, "saved_at", json_string(at));
	}
	draft->in_file = emergency_write(form->owner->app, form->step_id, args, &draft->file);
}

static void
say_failed(const struct draft *draft, struct app *app, const json_t *error)
{
	struct str text = STR_INIT;
	const char *code = doc_text(error, "code");

	str_addf(&text, "%s ", _("Not saved in the desk:"));
	str_add(&text,
		doc_text(error, "text")[0] ? doc_text(error, "text")
					   : _("The desk did not answer."));
	if (code[0]) {
		str_addf(&text, " (%s)", code);
	}
	str_add(&text, " ");
	if (draft->in_file) {
		str_say(&text, _("Your text is in {path}. Saving is tried again by itself."),
			&(struct str_arg){ "path", str_text(&draft->file) }, 1);
	} else {
		str_add(&text,
			_("Your text is on this screen only: leave it open. Saving is tried "
			  "again by itself."));
	}
	app_say(app, SAY_ERROR, str_text(&text));
	str_release(&text);
}

/* Whether the form still says what was sent last, without an answer that told what became of it. */
static bool
is_as_sent(const struct draft *draft, struct form *form)
{
	json_t *now = draft->unsure ? form_values(form) : NULL;
	bool same = now && json_equal(now, draft->unsure);

	json_decref(now);
	return same;
}

/* Sent or thrown away elsewhere; what is typed here becomes a draft of its own. */
static void
go_apart(struct draft *draft, struct form *form, json_t *args)
{
	struct app *app = form->owner->app;

	free(draft->id);
	draft->id = NULL;
	(void)json_object_del(args, "draft");
	(void)json_object_del(args, "expect");
	if (is_as_sent(draft, form)) {
		return; /* sent again it is the same step: it was this one that was recorded */
	}
	if (draft->unsure) {
		app_say(app, SAY_INFO,
			_("What you sent before is recorded after all. What you changed since is a "
			  "draft of its own; read the case before you send it."));
	}
	/* Under its old name it could pass for what was sent there. */
	random_id(clock_now(&app->options->clock), form->step_id);
	json_object_set_new(json_object_get(args, "fields"), "event", json_string(form->step_id));
}

/* Said when it begins, not at every attempt; the head goes on telling it. */
static void
failed(struct draft *draft, struct form *form, json_t *args, const json_t *error)
{
	bool had_file = draft->in_file;
	int wait = RETRY_FIRST_MS << (draft->failures < RETRY_DOUBLED ? draft->failures
								      : RETRY_DOUBLED);

	if (strcmp(doc_text(error, "code"), "D304") == 0) {
		go_apart(draft, form, args);
	}
	keep_in_file(draft, form, args);
	if (draft->failures == 0 || draft->in_file != had_file) {
		say_failed(draft, form->owner->app, error);
	}
	draft->failures++;
	app_alarm(form->owner->app, wait);
}

static void
succeeded(struct draft *draft, struct form *form, const json_t *result)
{
	struct app *app = form->owner->app;

	draft_resume(draft, result);
	form->touched = false;
	app->stack[0]->stale = true;
	draft->in_file = false;
	emergency_remove(&draft->file);
	if (draft->failures > 0) {
		draft->failures = 0;
		app_say_with(app, SAY_DONE, _("The desk takes it again: saved as draft {draft}."),
			&(struct str_arg){ "draft", draft->id }, 1);
	}
}

/*
 * The same draft was continued at another screen of this person.  That one keeps
 * it; what is typed here gets a name of its own, so that both can be sent.
 */
static enum err
save_apart(struct draft *draft, struct form *form, json_t **args, json_t **ret_result,
	json_t **ret_error)
{
	struct app *app = form->owner->app;
	char *other = draft->id;
	enum err e;

	draft->id = NULL;
	random_id(clock_now(&app->options->clock), form->step_id);
	json_decref(*args);
	*args = arguments(draft, form);
	e = app_try(app, "draft.save", json_incref(*args), ret_result, ret_error);
	if (e == ERR_OK) {
		app_say_with(app, SAY_INFO,
			_("{other} went on at another screen. What is typed here is kept apart, "
			  "as draft {draft}."),
			(struct str_arg[]){
				{ "other", other }, { "draft", doc_text(*ret_result, "draft") } },
			2);
	}
	free(other);
	return e;
}

/* What became of the save with `args`, which may be replaced; the documents are taken over. */
static bool
take_outcome(struct draft *draft, struct form *form, enum err e, struct outcome *outcome)
{
	if (e == ERR_CONFLICT && draft->id) {
		json_decref(outcome->error);
		outcome->error = NULL;
		e = save_apart(draft, form, &outcome->args, &outcome->result, &outcome->error);
	}
	if (e == ERR_OK) {
		succeeded(draft, form, outcome->result);
	} else {
		failed(draft, form, outcome->args, outcome->error);
	}
	json_decref(outcome->args);
	json_decref(outcome->result);
	json_decref(outcome->error);
	return e == ERR_OK;
}

bool
draft_save(struct draft *draft, struct form *form)
{
	struct app *app = form->owner->app;
	struct outcome outcome = { NULL };
	enum err e;

	if (draft->flight) {
		app_settle(app); /* which state of the draft this one goes on from */
	}
	if (!form->touched) {
		return true;
	}
	outcome.args = arguments(draft, form);
	e = app_try(app, "draft.save", json_incref(outcome.args), &outcome.result, &outcome.error);
	return take_outcome(draft, form, e, &outcome);
}

/* --- without waiting ------------------------------------------------------------------------- */

static void
flight_free(struct flight *flight)
{
	json_decref(flight->fields);
	free(flight);
}

/* The answer: what the form says now may be more than what was saved. */
static void
landed(void *ctx, enum err e, const json_t *result, const json_t *error)
{
	struct flight *flight = ctx;
	struct draft *draft = flight->draft;
	struct form *form = flight->form;

	if (draft) {
		/* Only their owner counts them as const. */
		struct outcome outcome = { .args = arguments(draft, form),
			.result = json_incref((json_t *)(uintptr_t)result),
			.error = json_incref((json_t *)(uintptr_t)error) };
		bool same = json_equal(json_object_get(outcome.args, "fields"), flight->fields);

		draft->flight = NULL;
		(void)take_outcome(draft, form, e, &outcome); /* a failure was said */
		if (e == ERR_OK && !same) {
			form_touch(form);
		}
	}
	flight_free(flight);
}

/*
 * The service takes long over a save: were this screen killed now, what was typed since would
 * be gone.  A slow disk would hold up a file as well.
 */
static void
keep_beside(struct draft *draft, struct form *form)
{
	struct app *app = form->owner->app;
	json_t *args;

	if (!app->options->door->stops) {
		return;
	}
	args = arguments(draft, form);
	if (!json_equal(json_object_get(args, "fields"), draft->flight->fields)) {
		keep_in_file(draft, form, args);
	}
	json_decref(args);
	app_alarm(app, BESIDE_MS);
}

void
draft_save_later(struct draft *draft, struct form *form)
{
	struct app *app = form->owner->app;
	struct flight *flight;
	json_t *args;

	if (draft->flight) {
		keep_beside(draft, form); /* landed() looks whether there is more to save */
		return;
	}
	if (!form->touched) {
		return;
	}
	if (app_is_later(app)) {
		app_alarm(app, RETRY_FIRST_MS);
		return;
	}
	args = arguments(draft, form);
	flight = calloc(1, sizeof(*flight));
	if (flight) {
		*flight = (struct flight){ draft, form,
			json_deep_copy(json_object_get(args, "fields")) };
		draft->flight = flight;
	}
	if (!flight || !flight->fields ||
		!app_later(app, "draft.save", json_incref(args), landed, flight)) {
		draft->flight = NULL;
		if (flight) {
			flight_free(flight);
		}
		(void)draft_save(draft, form); /* a failure was said */
	}
	if (draft->flight) {
		app_alarm(app, BESIDE_MS);
	}
	json_decref(args);
}

void
draft_name(struct draft *draft, json_t *args)
{
	if (draft->flight) {
		app_settle(draft->flight->form->owner->app);
	}
	if (draft->id) {
		json_object_set_new(args, "draft", json_string(draft->id));
	}
	if (draft->id && draft->known && draft->known[0]) {
		json_object_set_new(args, "draft_hash", json_string(draft->known));
	}
}

void
draft_refused(struct draft *draft, struct form *form, const json_t *error)
{
	static const char *const codes[] = { "D412", "D431", "D440" };

	json_decref(draft->unsure);
	draft->unsure = NULL;
	for (size_t i = 0; i < ARRAY_LEN(codes) && !draft->unsure; i++) {
		if (strcmp(doc_text(error, "code"), codes[i]) == 0) {
			draft->unsure = form_values(form);
		}
	}
}

void
draft_sent(struct draft *draft, struct form *form, const json_t *result)
{
	if (doc_flag(result, "draft_kept") && doc_flag(result, "repeated")) {
		random_id(clock_now(&form->owner->app->options->clock), form->step_id);
		form->touched = true;
		if (!draft_save(draft, form)) {
			return; /* the file has it */
		}
	}
	form->touched = false;
	draft->in_file = false;
	emergency_remove(&draft->file);
}

void
draft_say_kept(const struct draft *draft, struct app *app, const json_t *result)
{
	if (!doc_flag(result, "draft_kept")) {
		return;
	}
	app_say_with(app, SAY_INFO,
		doc_flag(result, "repeated")
			? _("Recorded before, at another terminal. Your text here is draft "
			    "{draft}.")
			: _("Recorded. Draft {draft} went on at another terminal and was kept."),
		&(struct str_arg){ "draft", draft->id }, 1);
}

bool
draft_leave(struct draft *draft, struct form *form)
{
	bool told_before = draft->failures > 0 && draft->in_file;
	bool kept = draft_save(draft, form);

	if (kept && draft->id) {
		app_say_with(form->owner->app, SAY_DONE,
			_("What you typed is kept as draft {draft}."),
			&(struct str_arg){ "draft", draft->id }, 1);
	} else if (!kept && told_before && draft->in_file) {
		/* Else it was said just now, and why. */
		app_say_with(form->owner->app, SAY_ERROR,
			_("What you typed is in {path}. The next start makes a draft of it, if "
			  "the desk takes it."),
			&(struct str_arg){ "path", str_text(&draft->file) }, 1);
	}
	return kept || draft->in_file;
}

void
draft_words(const struct draft *draft, struct form *form, struct str *out)
{
	struct book *book = &form->owner->app->book;
	char at[STAMP_SIZE];

	if (draft->failures > 0) {
		str_add(out, draft->in_file ? _("NOT SAVED: in a file") : _("NOT SAVED"));
		return;
	}
	if (!draft->id) {
		str_add(out, form->touched ? _("not saved yet") : "");
		return;
	}
	str_addf(out, "%s  ", draft->id);
	if (draft->saved_at != STAMP_NONE) {
		book_time(book, draft->saved_at, at);
		str_say(out, _("draft saved {time}"), &(struct str_arg){ "time", at }, 1);
	}
}
