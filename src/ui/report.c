/* SPDX-License-Identifier: MIT */
/*
 * A new report: the classification first, then the form, then the receipt.
 * From the first answer on there is a draft.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "evidence.h"
#include "outsider.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "writing.h"
#include "toban/base/i18n.h"

struct report {
	struct writing base;
	json_t *verdict; /* of the classification; NULL: not classified yet */
	bool classified; /* the questions were gone through at least once */
};

static struct report *
self(struct screen *screen)
{
	return (struct report *)screen;
}

static void
set_answers(struct screen *screen, const json_t *answers)
{
	struct field *field = form_field(writing_form(screen), "answers");

	if (field) {
		form_set(writing_form(screen), field, answers);
	}
}

static void
classified(struct screen *screen, const json_t *answers, const json_t *verdict)
{
	struct report *report = self(screen);

	set_answers(screen, answers);
	json_decref(report->verdict);
	report->verdict = json_deep_copy(verdict);
	report->classified = true;
	form_ask_paste(writing_form(screen));
}

/* Esc in the first round of questions leaves the report, too. */
static void
left(struct screen *screen)
{
	if (!self(screen)->classified) {
		writing_leave(screen);
	}
}

static void
ask(struct screen *screen)
{
	struct field *answers = form_field(writing_form(screen), "answers");
	struct field *title = form_field(writing_form(screen), "title");

	classify_open(screen->app,
		&(struct classify_want){
			.answers = answers ? answers->value : NULL,
			.title = title ? edit_text(&title->edit) : "",
			.drill = writing_of(screen)->draft.drill,
			.done = classified,
			.changed = set_answers,
			.left = left,
			.asker = screen,
		});
}

static void
send(struct screen *screen, const char *value)
{
	struct report *report = self(screen);
	struct app *app = screen->app;
	json_t *args = json_pack("{s:o, s:s}", "fields", form_values(writing_form(screen)), "id",
		writing_form(screen)->step_id);
	json_t *result = NULL;
	json_t *error = NULL;

	(void)value;
	if (report->base.draft.drill) {
		json_object_set_new(args, "drill", json_true());
	}
	draft_name(&report->base.draft, args);
	if (json_array_size(writing_form(screen)->files) > 0) {
		json_object_set(args, "attach", writing_form(screen)->files);
	}
	if (app_try(app, "incident.report", args, &result, &error) != ERR_OK) {
		writing_refused(&report->base, error);
		json_decref(error);
		return;
	}
	draft_sent(&report->base.draft, writing_form(screen), result);
	/* The report is recorded whatever happens here. */
	if (json_array_size(writing_form(screen)->files) > 0 &&
		!evidence_record(app, doc_text(result, "id")) && !doc_flag(result, "repeated")) {
		app_say(app, SAY_ERROR,
			_("The report is recorded, but none of its files: the procedure has no "
			  "step that records a file."));
	}
	app_close(screen);
	app_changed(app);
	receipt_open(app, result);
	take_back_offer(app, "report", result);
	draft_say_kept(&report->base.draft, app, result);
	json_decref(result);
}

/* Says to whom it goes before it goes. */
static void
send_run(struct screen *screen)
{
	struct report *report = self(screen);
	struct str people = STR_INIT;
	struct str question = STR_INIT;

	writing_keep(&report->base);
	if (!form_is_complete(writing_form(screen))) {
		return;
	}
	book_people(&screen->app->book, doc_list(report->verdict, "told"), &people);
	str_say(&question, _("Send the report now? It goes to {people}."),
		&(struct str_arg){ "people", people.len > 0 ? str_text(&people) : "-" }, 1);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Send the report"),
			.text = str_text(&question),
			.accept = _("Send"),
			.answered = send,
		});
	str_release(&question);
	str_release(&people);
}

static void
report_head(struct screen *screen, struct head *head)
{
	struct report *report = self(screen);

	head->drill = report->base.draft.drill;
	str_add(&head->title, _("New report"));
	str_add(&head->state, _("step 2 of 2: the report"));
	if (report->verdict) {
		str_add(&head->state, "   ");
		book_category(
			&screen->app->book, doc_text(report->verdict, "category"), &head->state);
	}
	draft_words(&report->base.draft, writing_form(screen), &head->state_right);
}

static void
paint_attached(const json_t *files, struct canvas *c)
{
	struct str names = STR_INIT;
	struct str words = STR_INIT;
	size_t i;
	json_t *path;

	json_array_foreach(files, i, path)
	{
		const char *slash = strrchr(json_string_value(path), '/');

		str_addf(&names, "%s%s", i > 0 ? _(", ") : "",
			slash ? slash + 1 : json_string_value(path));
	}
	str_say(&words, _("Attached (F4): {files}"),
		&(struct str_arg){ "files", str_text(&names) }, 1);
	(void)paint_text(c, (struct place){ 0, 2, c->cols - 3 }, ROLE_QUIET, str_text(&words));
	str_release(&words);
	str_release(&names);
}

static void
report_paint(struct screen *screen, struct canvas *c)
{
	const json_t *files = writing_form(screen)->files;
	int rows = json_array_size(files) > 0 ? 1 : 0;
	struct canvas part = paint_part(c, (struct place){ rows, 0, 0 }, c->rows - rows);

	if (rows > 0) {
		paint_attached(files, c);
	}
	form_paint(writing_form(screen), &part);
	paint_part_done(c, &part);
}

static void
report_release(struct screen *screen)
{
	writing_release(screen);
	json_decref(self(screen)->verdict);
}

static const struct action actions[] = {
	{ "send", K_CTRL('S'), 0, N_("check and send"), N_("Check the report and send it"),
		ACTION_HINT | ACTION_TEXT | ACTION_WRITES | ACTION_FINAL, send_run },
	{ "fault", K_CTRL('N'), K_F8, N_("next !"), N_("The next field that is marked with !"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_fault_run },
	{ "next", K_TAB, 0, N_("next"), N_("The next field"), ACTION_HINT | ACTION_TEXT,
		form_next_run },
	{ "previous", K_BACKTAB, 0, N_("previous"), N_("The field before"), ACTION_TEXT,
		form_previous_run },
	{ "classify", K_F2, 0, N_("class"), N_("Answer the questions of the classification again"),
		ACTION_HINT | ACTION_TEXT, ask },
	{ "choose", K_F3, 0, N_("list"), N_("Choose the field's value from a list"),
		ACTION_HINT | ACTION_TEXT | ACTION_OVER, form_choose_run },
	{ "attach", K_F4, 0, N_("attach"), N_("Choose a file to attach"), ACTION_TEXT,
		form_attach_run },
	{ "zoom", K_CTRL('E'), 0, N_("whole window"), N_("Write the text in the whole window"),
		ACTION_TEXT, form_zoom_run },
	{ "leave", K_ESC, 0, N_("leave (kept)"), N_("Leave; what is typed stays as a draft"),
		ACTION_HINT | ACTION_TEXT, writing_leave_run },
	{ "editor", K_CTRL('O'), 0, N_("own editor"),
		N_("Write the text in the program of $EDITOR"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_editor_run },
	{ .name = NULL },
};

const struct screen_ops report_ops = {
	.name = "report",
	.title = N_("New report"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = report_head,
	.paint = report_paint,
	.key = form_key,
	.why_not = form_why_not,
	.hint = form_hint,
	.in_text = screen_in_text,
	.save = writing_save,
	.release = report_release,
};

/* Puts a draft's values back; false when it could not be read. */
static bool
resume(struct report *report, const char *draft)
{
	struct app *app = report->base.base.base.app;
	json_t *saved = NULL;

	if (app_call(app, "draft.load", json_pack("{s:s}", "draft", draft), &saved) != ERR_OK) {
		return false;
	}
	writing_resume(&report->base, saved);
	json_decref(report->base.base.form.files);
	report->base.base.form.files =
		json_deep_copy(doc_list(json_object_get(saved, "fields"), "attached"));
	report->base.draft.drill = doc_flag(json_object_get(saved, "fields"), "drill");
	json_decref(saved);
	return true;
}

/*
 * A draft whose questions are answered goes on in its text, where it was left: letters typed
 * ahead must not answer a question anew.  False: there is a question to ask.
 */
static bool
go_on(struct screen *screen)
{
	struct report *report = self(screen);
	const struct field *answers = form_field(writing_form(screen), "answers");

	if (!answers || !classify_is_done(screen->app, answers->value, &report->verdict)) {
		return false;
	}
	report->classified = true;
	form_ask_paste(writing_form(screen));
	return true;
}

/* Who takes no part in the procedure is told so before they type what nobody would take. */
static bool
may_report(struct app *app)
{
	struct str why = STR_INIT;
	bool refused = outsider_refused(app, &why);

	if (refused) {
		app_say(app, SAY_INFO, str_text(&why));
	}
	str_release(&why);
	return !refused;
}

static void
open_report(struct app *app, const char *draft, bool drill)
{
	struct report *report;
	json_t *def = NULL;

	if (!may_report(app)) {
		return;
	}
	report = (struct report *)screen_new(app, &report_ops, sizeof(*report));
	if (!report) {
		(void)app_push(app, NULL); /* says that memory is short */
		return;
	}
	draft_init(&report->base.draft, "report", NULL);
	report->base.draft.drill = drill;
	if (app_call(app, "form.get", json_pack("{s:s}", "form", "report"), &def) != ERR_OK ||
		form_init(&report->base.base.form, &report->base.base, def, NULL) != ERR_OK ||
		(draft && !resume(report, draft))) {
		screen_free(&report->base.base.base);
		return;
	}
	report->base.base.form.classify = ask;
	if (!report->base.base.form.files) {
		report->base.base.form.files = json_array();
	}
	if (app_push(app, &report->base.base.base) && !(draft && go_on(&report->base.base.base))) {
		ask(&report->base.base.base);
	}
}

void
report_open(struct app *app, const char *draft)
{
	open_report(app, draft, false);
}

void
report_open_drill(struct app *app)
{
	open_report(app, NULL, true);
}
