/* SPDX-License-Identifier: MIT */
/*
 * The form of any step of an incident.  A refusal or a conflict keeps all that
 * was typed; after a conflict it shows what the others did meanwhile.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "attach.h"
#include "conflict.h"
#include "doc.h"
#include "page.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "writing.h"
#include "toban/base/i18n.h"

enum { RETURNED_MAX = 4, LABEL_COLS = 14 };

struct stepform {
	struct writing base;
	char *id;
	char *step;
	struct conflict conflict;
	struct page page; /* what is approved, above the form */
	json_t *file;     /* what was put in for the form's path; NULL: nothing yet */
	char *file_path;  /* which path that was */
};

static struct stepform *
self(struct screen *screen)
{
	return (struct stepform *)screen;
}

static void
refused(struct stepform *stepform, enum err e, json_t *error)
{
	struct app *app = stepform->base.base.base.app;

	writing_refused(&stepform->base, error);
	/* A step that was offered and is refused: the case has moved on. */
	if (e == ERR_CONFLICT || e == ERR_DENIED) {
		conflict_read(&stepform->conflict, app);
		app_changed(app);
	}
	json_decref(error);
}

/* The form's values; a file that was put in stands where its path was typed. */
static json_t *
values_of(struct stepform *stepform)
{
	json_t *values = form_values(&stepform->base.base.form);
	const struct field *field = form_file_field(&stepform->base.base.form);

	if (field && stepform->file &&
		strcmp(doc_text(values, field->key), stepform->file_path) == 0) {
		json_object_set(values, field->key, stepform->file);
	}
	return values;
}

static json_t *
act_args(struct screen *screen)
{
	struct stepform *stepform = self(screen);

	return json_pack("{s:s, s:s, s:o, s:I}", "id", stepform->id, "step", stepform->step,
		"fields", values_of(stepform), "expect",
		(json_int_t)doc_int(stepform->conflict.now, "seq"));
}

/* Puts in the file whose path was typed, if there is one and that was not done yet. */
static bool
put_file(struct stepform *stepform)
{
	struct field *field = form_file_field(&stepform->base.base.form);
	const char *path = field ? edit_text(&field->edit) : "";
	json_t *file = NULL;
	json_t *error = NULL;

	if (!path[0] || (stepform->file && strcmp(path, stepform->file_path) == 0)) {
		return true;
	}
	if (!attach_put(stepform->base.base.base.app, &(struct attach_file){ field->key, path },
		    &file, &error)) {
		if (error) {
			refused(stepform, ERR_INVALID, error);
		}
		return false;
	}
	json_decref(stepform->file);
	free(stepform->file_path);
	stepform->file = file;
	stepform->file_path = strdup(path);
	return stepform->file_path != NULL;
}

static void
act(struct screen *screen, const char *value)
{
	struct stepform *stepform = self(screen);
	struct app *app = screen->app;
	json_t *args;
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e;

	(void)value;
	if (!put_file(stepform)) {
		return;
	}
	args = act_args(screen);
	json_object_set_new(args, "event", json_string(writing_form(screen)->step_id));
	draft_name(&stepform->base.draft, args);
	e = app_try(app, "incident.act", args, &result, &error);
	if (e != ERR_OK && sign_open(app, error, screen, act)) {
		writing_keep(&stepform->base);
		json_decref(error);
		return;
	}
	if (e != ERR_OK) {
		refused(stepform, e, error);
		return;
	}
	draft_sent(&stepform->base.draft, writing_form(screen), result);
	form_drop_files(writing_form(screen));
	app_changed(app);
	app_close(screen);
	if (strcmp(app_top(app)->ops->name, "approval") == 0) {
		app_close(app_top(app)); /* it was returned: there is nothing to judge any more */
	}
	sent_say(app, stepform->step, result);
	draft_say_kept(&stepform->base.draft, app, result);
	json_decref(result);
}

/*
 * "Send to A, B?", as the desk says it would be; returns what the button does, NULL: it would be
 * refused, which was said.
 */
static const char *
ask_told(struct screen *screen, struct str *out)
{
	json_t *args = act_args(screen);
	json_t *result = NULL;
	json_t *error = NULL;
	struct str told = STR_INIT;
	const char *button;
	enum err e;

	json_object_set_new(args, "preview", json_true());
	e = app_try(screen->app, "incident.act", args, &result, &error);
	if (e != ERR_OK) {
		refused(self(screen), e, error);
		return NULL;
	}
	button = json_array_size(doc_list(result, "notified")) > 0 ? _("Send") : _("Record");
	book_people(&screen->app->book, doc_list(result, "notified"), &told);
	if (told.len > 0) {
		str_say(out, _("Send to {people}?"), &(struct str_arg){ "people", str_text(&told) },
			1);
	} else {
		str_add(out, _("Record it? Nobody is told."));
	}
	str_release(&told);
	json_decref(result);
	return button;
}

static void
ask(struct screen *screen, const json_t *step, const char *text, const char *button, bool final)
{
	const char *label = doc_words_of(step, "label");

	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = label,
			.text = text,
			.accept = final ? label : button,
			.must_type = final ? self(screen)->id : NULL,
			.answered = act,
		});
}

/* How much is asked before it happens is a matter of the step, not of the screen. */
static void
send_run(struct screen *screen)
{
	struct stepform *stepform = self(screen);
	const json_t *step = book_step_record(&screen->app->book, stepform->step);
	const char *level = doc_text(step, "confirm");
	bool final = strcmp(level, "final") == 0;
	struct str text = STR_INIT;
	const char *button;

	/* What others recorded meanwhile is always a reason to ask. */
	if (!final && strcmp(level, "send") != 0 && writing_form(screen)->n > 0 &&
		!conflict_has_news(&stepform->conflict)) {
		act(screen, "");
		return;
	}
	writing_keep(&stepform->base);
	button = form_is_complete(writing_form(screen)) ? ask_told(screen, &text) : NULL;
	if (!button) {
		str_release(&text);
		return;
	}
	str_addf(&text, "\n%s  %s\n%s", stepform->id, doc_text(stepform->conflict.now, "title"),
		doc_words_of(step, "explain"));
	if (final) {
		str_addf(&text, "\n%s", _("This cannot be taken back."));
	}
	ask(screen, step, str_text(&text), button, final);
	str_release(&text);
}

static void
classified(struct screen *screen, const json_t *answers, const json_t *verdict)
{
	struct field *field = form_field(writing_form(screen), "answers");

	(void)verdict; /* shown while answering; the desk judges again when it is sent */
	if (field) {
		form_set(writing_form(screen), field, answers);
	}
}

static void
ask_answers(struct screen *screen)
{
	struct field *field = form_field(writing_form(screen), "answers");

	classify_open(screen->app,
		&(struct classify_want){
			.answers = field ? field->value : NULL,
			.title = doc_text(self(screen)->conflict.now, "title"),
			.drill = doc_flag(self(screen)->conflict.now, "drill"),
			.again = true,
			.done = classified,
			.asker = screen,
		});
}

static void
conflict_run(struct screen *screen)
{
	struct stepform *stepform = self(screen);

	if (!conflict_has_news(&stepform->conflict)) {
		app_say(screen->app, SAY_INFO, _("Nobody recorded anything since you began."));
		return;
	}
	writing_keep(&stepform->base);
	conflict_open(screen->app,
		&(struct conflict_want){
			.asker = screen,
			.id = stepform->id,
			.step = stepform->step,
			.conflict = &stepform->conflict,
			.form = writing_form(screen),
			.draft = stepform->base.draft.id,
			.send = send_run,
			.leave = writing_leave_run,
		});
}

/* The first key after the refusal: Enter shows what happened, anything else is written. */
static bool
stepform_key(struct screen *screen, const struct key *key)
{
	struct conflict *conflict = &self(screen)->conflict;
	bool fresh = conflict->fresh;

	conflict->fresh = false;
	if (fresh && key->code == K_ENTER) {
		conflict_run(screen);
		return true;
	}
	return form_key(screen, key);
}

static void
case_run(struct screen *screen)
{
	incident_open(screen->app, self(screen)->id);
}

static void
stepform_head(struct screen *screen, struct head *head)
{
	struct stepform *stepform = self(screen);
	struct book *book = &screen->app->book;

	str_addf(&head->title, "%s  %s", stepform->id, book_step(book, stepform->step));
	head->drill = doc_flag(stepform->conflict.now, "drill");
	str_add(&head->state, doc_text(stepform->conflict.now, "title"));
	draft_words(&stepform->base.draft, writing_form(screen), &head->state_right);
}

/* Whoever approves or returns a result must have it before the eyes. */
static int
paint_subject(struct stepform *stepform, struct canvas *c)
{
	const json_t *result = json_object_get(stepform->conflict.now, "result");
	struct page *page = &stepform->page;
	struct canvas part;
	int rows = c->rows / 2;

	if (!json_is_object(result) ||
		(!strstr(stepform->step, "approve") && !strstr(stepform->step, "return"))) {
		return 0;
	}
	page_begin(page, c->cols - 1, LABEL_COLS);
	page_field(page, _("Cause"), doc_text(result, "cause"));
	page_field(page, _("Damage"), doc_text(result, "damage"));
	page_field(page, _("Actions taken"), doc_text(result, "actions"));
	page_field(page, _("Remarks, proposals"), doc_text(result, "text"));
	part = paint_part(c, (struct place){ 0, 0, 0 }, rows);
	page_paint(page, &part);
	paint_release(&part);
	paint_rule(c, rows);
	return rows + 1;
}

/* Why the report came back; "" when it did not, or this is no answer to it. */
static const char *
returned_why(struct stepform *stepform)
{
	return strstr(stepform->step, "report-result")
		? doc_text(json_object_get(stepform->conflict.now, "result"), "returned_why")
		: "";
}

static int
paint_returned(struct stepform *stepform, struct canvas *c)
{
	const char *why = returned_why(stepform);
	struct str text = STR_INIT;
	int rows;

	if (!why[0]) {
		return 0;
	}
	str_addf(&text, "%s: %s", _("Returned because"), why);
	rows = paint_wrapped(c, (struct place){ 0, 1, c->cols - 2 },
		(struct wrap){ .rows = RETURNED_MAX }, ROLE_OVERDUE, str_text(&text));
	rows = rows < RETURNED_MAX ? rows : RETURNED_MAX;
	paint_rule(c, rows);
	str_release(&text);
	return rows + 1;
}

static void
stepform_paint(struct screen *screen, struct canvas *c)
{
	struct stepform *stepform = self(screen);
	int used = conflict_paint(&stepform->conflict, &screen->app->book, c);
	struct canvas part;

	if (used == 0) {
		used = paint_subject(stepform, c);
	}
	if (used == 0) {
		used = paint_returned(stepform, c);
	}
	part = paint_part(c, (struct place){ used, 0, 0 }, c->rows - used);
	form_paint(writing_form(screen), &part);
	paint_part_done(c, &part);
}

static const char *
stepform_subject(struct screen *screen)
{
	return self(screen)->id;
}

static void
stepform_release(struct screen *screen)
{
	struct stepform *stepform = self(screen);

	writing_release(screen);
	page_release(&stepform->page);
	conflict_release(&stepform->conflict);
	json_decref(stepform->file);
	free(stepform->file_path);
}

static const struct action actions[] = {
	{ "send", K_CTRL('S'), 0, N_("check and send"), N_("Check the fields and take the step"),
		ACTION_HINT | ACTION_TEXT | ACTION_WRITES | ACTION_FINAL, send_run },
	{ "fault", K_CTRL('N'), K_F8, N_("next !"), N_("The next field that is marked with !"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_fault_run },
	{ "next", K_TAB, 0, N_("next"), N_("The next field"), ACTION_HINT | ACTION_TEXT,
		form_next_run },
	{ "previous", K_BACKTAB, 0, N_("previous"), N_("The field before"), ACTION_TEXT,
		form_previous_run },
	{ "case", K_F2, 0, N_("read the case"), N_("Read the incident; the form waits"),
		ACTION_HINT | ACTION_TEXT, case_run },
	{ "choose", K_F3, 0, N_("list"), N_("Choose the field's value from a list"),
		ACTION_TEXT | ACTION_OVER, form_choose_run },
	{ "attach", K_F4, 0, N_("attach"), N_("Choose a file to attach"), ACTION_TEXT,
		form_attach_run },
	{ "zoom", K_CTRL('E'), 0, N_("whole window"), N_("Write the text in the whole window"),
		ACTION_TEXT, form_zoom_run },
	{ "difference", K_F6, 0, N_("difference"),
		N_("What others recorded since you began, beside what you typed"), ACTION_TEXT,
		conflict_run },
	{ "leave", K_ESC, 0, N_("leave (kept)"), N_("Leave; what is typed stays as a draft"),
		ACTION_HINT | ACTION_TEXT, writing_leave_run },
	{ "editor", K_CTRL('O'), 0, N_("own editor"),
		N_("Write the text in the program of $EDITOR"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_editor_run },
	{ .name = NULL },
};

const struct screen_ops stepform_ops = {
	.name = "step",
	.title = N_("Step"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = stepform_head,
	.paint = stepform_paint,
	.key = stepform_key,
	.why_not = form_why_not,
	.hint = form_hint,
	.in_text = screen_in_text,
	.subject = stepform_subject,
	.save = writing_save,
	.release = stepform_release,
};

/* A step that is refused anyway is refused before anybody types; false then. */
static bool
is_allowed(struct stepform *stepform)
{
	struct app *app = stepform->base.base.base.app;
	json_t *doc = NULL;
	const json_t *step;
	bool allowed;

	if (app_call(app, "incident.steps", json_pack("{s:s}", "id", stepform->id), &doc) !=
		ERR_OK) {
		return false;
	}
	step = doc_find(doc_list(doc, "steps"), "step", stepform->step);
	allowed = doc_flag(step, "allowed");
	if (!allowed) {
		json_t *error = json_pack("{s:s, s:s, s:O?}", "code", doc_text(step, "code"),
			"text", doc_words_of(step, "why"), "who", json_object_get(step, "who"));

		app_say_error(app, error);
		json_decref(error);
	}
	json_decref(doc);
	return allowed;
}

/* Reads the incident and the form; false when the door refused. */
static bool
prepare(struct stepform *stepform, const json_t *presets)
{
	struct app *app = stepform->base.base.base.app;
	json_t *show = NULL;
	json_t *doc = NULL;
	enum err e;

	if (app_call(app, "incident.show", json_pack("{s:s}", "id", stepform->id), &show) !=
		ERR_OK) {
		return false;
	}
	conflict_begin(&stepform->conflict, show);
	if (app_call(app, "incident.steps",
		    json_pack("{s:s, s:s}", "id", stepform->id, "form", stepform->step),
		    &doc) != ERR_OK) {
		return false;
	}
	e = form_init(&stepform->base.base.form, &stepform->base.base,
		json_incref(json_object_get(doc, "form")), json_object_get(doc, "options"));
	if (e == ERR_OK) {
		stepform->base.base.form.classify = ask_answers;
		form_fill(&stepform->base.base.form, json_object_get(doc, "presets"));
		/* Who has to write it again corrects what was returned. */
		if (returned_why(stepform)[0]) {
			form_fill(&stepform->base.base.form,
				json_object_get(stepform->conflict.now, "result"));
		}
		form_fill(&stepform->base.base.form, presets);
		form_focus_empty(&stepform->base.base.form);
	}
	json_decref(doc);
	return e == ERR_OK;
}

static struct stepform *
stepform_new(struct app *app, const char *id, const char *step, const json_t *presets)
{
	struct stepform *stepform =
		(struct stepform *)screen_new(app, &stepform_ops, sizeof(*stepform));

	if (!stepform) {
		return NULL;
	}
	stepform->id = arena_strdup(stepform->base.base.base.arena, id);
	stepform->step = arena_strdup(stepform->base.base.base.arena, step);
	draft_init(&stepform->base.draft, step, id);
	if (!prepare(stepform, presets)) {
		screen_free(&stepform->base.base.base);
		return NULL;
	}
	return stepform;
}

void
stepform_resume(struct app *app, const char *draft)
{
	json_t *saved = NULL;
	struct stepform *stepform;

	if (app_call(app, "draft.load", json_pack("{s:s}", "draft", draft), &saved) != ERR_OK) {
		return;
	}
	if (handover_resume(app, doc_text(saved, "form")) || duty_resume(app, saved)) {
		json_decref(saved);
		return;
	}
	stepform = stepform_new(app, doc_text(saved, "subject"), doc_text(saved, "form"),
		json_object_get(saved, "fields"));
	if (stepform) {
		writing_resume(&stepform->base, saved);
		(void)writing_push(&stepform->base); /* it says what went wrong */
	}
	json_decref(saved);
}

/* Continues what this person began to type for the same step; false: nothing. */
static bool
resume_same(struct app *app, const char *id, const char *step)
{
	json_t *result = NULL;
	json_t *draft;
	size_t i;
	bool found = false;

	if (app_call(app, "draft.list", NULL, &result) != ERR_OK) {
		return false;
	}
	json_array_foreach(doc_list(result, "drafts"), i, draft)
	{
		if (!found && strcmp(doc_text(draft, "form"), step) == 0 &&
			strcmp(doc_text(draft, "subject"), id) == 0) {
			found = true;
			app_say_with(app, SAY_INFO, _("This is your draft {draft}, continued."),
				&(struct str_arg){ "draft", doc_text(draft, "draft") }, 1);
			stepform_resume(app, doc_text(draft, "draft"));
		}
	}
	json_decref(result);
	return found;
}

/* Whoever judges a result reads it first. */
static bool
judges_result(struct app *app, const char *step)
{
	const char *effect = doc_text(book_step_record(&app->book, step), "effect");

	return strcmp(effect, "approve-result") == 0 || strcmp(effect, "return-result") == 0;
}

void
stepform_open(struct app *app, const char *id, const char *step, const json_t *presets)
{
	if (!presets && judges_result(app, step)) {
		app_say(app, SAY_INFO, _("Read what changed, then a: approve or r: return it."));
		approval_open(app, id);
	} else {
		stepform_write(app, id, step, presets);
	}
}

void
stepform_write(struct app *app, const char *id, const char *step, const json_t *presets)
{
	struct stepform *stepform;

	/* With presets it is about one cell; a draft may be about another. */
	if (!presets && resume_same(app, id, step)) {
		return;
	}
	stepform = stepform_new(app, id, step, presets);
	if (stepform && !is_allowed(stepform)) {
		screen_free(&stepform->base.base.base);
		return;
	}
	if (stepform && app_push(app, &stepform->base.base.base) &&
		stepform->base.base.form.n == 0) {
		send_run(&stepform->base.base.base);
	}
}
