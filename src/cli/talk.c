/* SPDX-License-Identifier: MIT */
/*
 * Line mode: the whole report, the classification alone, and a small menu.
 * What was typed before the input ended is kept as a draft.
 */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "view.h"

static void
say_verdict(struct cli *cli, const json_t *fields)
{
	json_t *verdict = NULL;
	json_t *args = json_pack("{s:O}", "answers", json_object_get(fields, "answers"));
	if (cli_call(cli, "classify", args, &verdict) != EXIT_DONE) {
		return; /* the reason was said; the report itself will be checked again */
	}
	struct str text = STR_INIT;
	view_verdict(cli, verdict, &text);
	talk_say(str_text(&text));
	str_release(&text);
	json_decref(verdict);
}

/* What is being typed: kept as a draft whenever it is not sent. */
struct writing {
	const char *form;    /* "report", or the step */
	const char *subject; /* the incident of a step; NULL: a report */
	const char *draft;   /* the draft it was before; NULL: none */
	bool drill;
	json_t *fields;
};

/* No desk keeps it: then it stands on the terminal at least, and can be given again. */
static void
show_typed(const json_t *fields)
{
	struct str text = STR_INIT;

	talk_say(_("What was typed could not be kept as a draft. Here it is, as --from takes it:"));
	safe_json(&text, fields, JSON_INDENT(2) | JSON_SORT_KEYS);
	talk_say(str_text(&text));
	str_release(&text);
}

/* Not sent: nothing of what was typed is lost, and the exit status says so. */
static int
keep_draft(struct cli *cli, const struct writing *w)
{
	if (json_object_size(w->fields) == 0) {
		return cli_fail(cli, EXIT_FAILED, "D101",
			_("The input ended before anything was typed. Nothing was sent."), "");
	}
	json_t *draft = NULL;
	json_t *args = json_pack("{s:s, s:s*, s:s*, s:O}", "form", w->form, "subject", w->subject,
		"draft", w->draft, "fields", w->fields);
	json_t *error = NULL;
	enum err e = cli->door.call(cli->door.ctx, "draft.save", args, &draft, &error);
	json_decref(args);
	if (e != ERR_OK) {
		show_typed(w->fields);
		return cli_error(cli, error); /* the last line is the error's */
	}
	struct str text = STR_INIT;
	str_say(&text, _("Not sent. What was typed is kept as draft {draft}."),
		&(struct str_arg){ "draft", cli_string(draft, "draft") }, 1);
	int status = cli_fail(cli, EXIT_DRAFT_ONLY, "D416", str_text(&text),
		_("Start toban again to finish and send it."));
	str_release(&text);
	json_decref(draft);
	return status;
}

static int
send_writing(struct cli *cli, const struct writing *w)
{
	json_t *result = NULL;
	/* The draft keeps the path: what was put in is not there for ever. */
	json_t *fields = json_deep_copy(w->fields);
	int status = w->subject ? cli_put_files(cli, w->form, fields) : EXIT_DONE;
	if (status != EXIT_DONE) {
		json_decref(fields);
		(void)keep_draft(cli, w); /* the refusal was said and is the answer */
		return status;
	}
	json_t *args = w->subject ? json_pack("{s:s, s:s, s:O, s:s*}", "id", w->subject, "step",
					    w->form, "fields", fields, "draft", w->draft)
				  : json_pack("{s:O, s:b, s:s*}", "fields", fields, "drill",
					    w->drill, "draft", w->draft);
	json_decref(fields);
	status = cli_call(cli, w->subject ? "incident.act" : "incident.report", args, &result);
	if (status == EXIT_DONE) {
		return view_answer(cli, result, w->subject ? view_act : view_report);
	}
	/* The refusal was said and is the answer; the text is kept all the same. */
	(void)keep_draft(cli, w);
	return status;
}

/* Asks what is still missing of `form`, then for leave to send. */
static int
finish_writing(struct talk *talk, const json_t *form, const struct writing *w)
{
	bool complete = talk_ask_form(talk, form, w->fields);
	const char *send = complete
		? talk_ask_answer(talk,
			  w->subject ? _("Record this now?") : _("Send the report now?"), false)
		: NULL;
	if (send && strcmp(send, "yes") == 0) {
		return send_writing(talk->cli, w);
	}
	return keep_draft(talk->cli, w);
}

/* The classification first: it says whom the report will reach. */
static int
write_report(struct talk *talk, const struct writing *w)
{
	struct cli *cli = talk->cli;
	json_t *procedure = NULL;
	json_t *form = NULL;
	int status = cli_call(cli, "procedure.show", NULL, &procedure);
	if (status == EXIT_DONE) {
		status = cli_call(cli, "form.get", json_pack("{s:s}", "form", "report"), &form);
	}
	if (status == EXIT_DONE) {
		json_t *answers = json_object_get(w->fields, "answers");
		if (!json_is_object(answers)) {
			answers = json_object();
			json_object_set_new(w->fields, "answers", answers);
		}
		bool complete = talk_ask_table(talk, procedure, answers);
		if (json_object_size(answers) == 0) {
			json_object_del(w->fields, "answers");
		}
		if (complete) {
			say_verdict(cli, w->fields);
			status = finish_writing(talk, form, w);
		} else {
			status = keep_draft(cli, w);
		}
	}
	json_decref(procedure);
	json_decref(form);
	return status;
}

int
cli_talk_report(struct cli *cli, bool drill)
{
	struct talk talk = { .cli = cli };
	struct writing w = { .form = "report", .drill = drill, .fields = json_object() };
	int status = write_report(&talk, &w);
	json_decref(w.fields);
	return status;
}

int
cli_talk_classify(struct cli *cli, json_t **ret_answers)
{
	struct talk talk = { .cli = cli };
	json_t *procedure = NULL;
	int status = cli_call(cli, "procedure.show", NULL, &procedure);
	if (status != EXIT_DONE) {
		return status;
	}
	json_t *answers = json_object();
	/* What was not answered counts as not known: an early end is an answer too. */
	(void)talk_ask_table(&talk, procedure, answers);
	json_decref(procedure);
	*ret_answers = answers;
	return EXIT_DONE;
}

/* What the form asks and what can be chosen now come from the incident itself. */
static int
write_step(struct talk *talk, const struct writing *w)
{
	json_t *asked = NULL;
	int status = cli_call(talk->cli, "incident.steps",
		json_pack("{s:s, s:s}", "id", w->subject, "form", w->form), &asked);
	if (status == EXIT_DONE) {
		talk->options = json_object_get(asked, "options");
		status = finish_writing(talk, json_object_get(asked, "form"), w);
		talk->options = NULL;
	}
	json_decref(asked);
	return status;
}

int
cli_talk_step(struct cli *cli, const char *id, const char *step)
{
	struct talk talk = { .cli = cli };
	struct writing w = { .form = step, .subject = id, .fields = json_object() };
	int status = write_step(&talk, &w);
	json_decref(w.fields);
	return status;
}

/* Shows the allowed steps by number; the chosen one's name, NULL when none. */
static const char *
choose_step(struct talk *talk, const json_t *steps)
{
	const char *names[64];
	size_t n = 0;
	size_t i;
	json_t *step;
	json_array_foreach(steps, i, step)
	{
		if (json_is_true(json_object_get(step, "allowed")) && n < ARRAY_LEN(names)) {
			struct str line = STR_INIT;
			names[n++] = cli_string(step, "step");
			str_addf(&line, "   %zu %s", n, cli_words(json_object_get(step, "label")));
			talk_say(str_text(&line));
			str_release(&line);
		}
	}
	struct str typed = STR_INIT;
	(void)talk_ask(talk, _("Which step?"), _("its number"), &typed);
	unsigned long chosen = strtoul(str_text(&typed), NULL, 10);
	str_release(&typed);
	return chosen >= 1 && chosen <= n ? names[chosen - 1] : NULL;
}

static int
talk_step(struct talk *talk)
{
	struct str id = STR_INIT;
	json_t *result = NULL;
	int status = EXIT_DONE;
	if (talk_ask(talk, _("Which incident?"), "26-0001", &id)) {
		status = cli_call(talk->cli, "incident.steps",
			json_pack("{s:s}", "id", str_text(&id)), &result);
	}
	if (result) {
		const char *step = choose_step(talk, json_object_get(result, "steps"));
		struct writing w = {
			.form = step, .subject = str_text(&id), .fields = json_object()
		};
		status = step ? write_step(talk, &w) : EXIT_DONE;
		json_decref(w.fields);
	}
	json_decref(result);
	str_release(&id);
	return status;
}

static int
talk_show(struct talk *talk)
{
	struct str id = STR_INIT;
	int status = EXIT_DONE;
	if (talk_ask(talk, _("Which incident?"), "26-0001", &id)) {
		json_t *args = json_pack("{s:s}", "id", str_text(&id));
		status = view_call(talk->cli, "incident.show", args, view_show);
	}
	str_release(&id);
	return status;
}

/* A paste the screen was still asking about goes to the end of its text; a file is named. */
static void
take_pasted(json_t *fields)
{
	json_t *pasted = json_object_get(fields, "pasted");
	const char *key = cli_string(pasted, "field");
	const char *file = cli_string(pasted, "file");

	if (*file) {
		struct str text = STR_INIT;
		str_say(&text, _("A paste that was not decided about is in the file {path}."),
			&(struct str_arg){ "path", file }, 1);
		talk_say(str_text(&text));
		str_release(&text);
	} else if (*key) {
		json_object_set_new(fields, key,
			json_sprintf("%s%s", cli_string(fields, key), cli_string(pasted, "text")));
	}
	(void)json_object_del(fields, "pasted");
}

/* Goes on with a draft: what it holds is not asked again. */
static int
resume_draft(struct talk *talk, const char *number)
{
	json_t *draft = NULL;
	int status = cli_call(talk->cli, "draft.load", json_pack("{s:s}", "draft", number), &draft);
	if (status != EXIT_DONE) {
		return status;
	}
	const char *form = cli_string(draft, "form");
	/* The draft of a report has no incident; the desk knows the alert it is made of. */
	const char *subject = strcmp(form, "report") == 0 ? "" : cli_string(draft, "subject");
	/* The name under which the screen would send it, and where it was left, are no fields. */
	(void)json_object_del(json_object_get(draft, "fields"), "event");
	(void)json_object_del(json_object_get(draft, "fields"), "focus");
	take_pasted(json_object_get(draft, "fields"));
	struct writing w = {
		.form = form,
		.subject = *subject ? subject : NULL,
		.draft = number,
		.fields = json_object_get(draft, "fields"),
	};
	status = w.subject ? write_step(talk, &w) : write_report(talk, &w);
	json_decref(draft);
	return status;
}

int
cli_talk_draft(struct cli *cli, const char *draft)
{
	struct talk talk = { .cli = cli };

	return resume_draft(&talk, draft);
}

static int
talk_draft(struct talk *talk)
{
	json_t *result = NULL;
	struct str typed = STR_INIT;
	int status = cli_call(talk->cli, "draft.list", NULL, &result);
	size_t i;
	json_t *draft;
	json_array_foreach(json_object_get(result, "drafts"), i, draft)
	{
		struct str line = STR_INIT;
		str_addf(&line, "   %s %s %s %s", cli_string(draft, "draft"),
			cli_string(draft, "form"), cli_string(draft, "subject"),
			cli_string(draft, "title"));
		talk_say(str_text(&line));
		str_release(&line);
	}
	if (status == EXIT_DONE && i == 0) {
		talk_say(_("There is no draft."));
	} else if (status == EXIT_DONE && talk_ask(talk, _("Which draft?"), "D-1", &typed) &&
		typed.len > 0) {
		status = resume_draft(talk, str_text(&typed));
	}
	json_decref(result);
	str_release(&typed);
	return status;
}

static int
talk_list(struct talk *talk)
{
	return view_call(talk->cli, "incident.list", json_pack("{s:b}", "open", 1), view_list);
}

static int
talk_mine(struct talk *talk)
{
	return view_call(talk->cli, "incident.list", json_pack("{s:b}", "mine", 1), view_list);
}

static int
talk_report(struct talk *talk)
{
	return cli_talk_report(talk->cli, false);
}

static int
talk_drill(struct talk *talk)
{
	return cli_talk_report(talk->cli, true);
}

static const struct {
	const char *label;
	int (*run)(struct talk *talk);
} menu[] = {
	{ N_("report that something happened"), talk_report },
	{ N_("what waits for me"), talk_mine },
	{ N_("open incidents"), talk_list },
	{ N_("show an incident"), talk_show },
	{ N_("take a step"), talk_step },
	{ N_("go on with a draft"), talk_draft },
	{ N_("report a drill"), talk_drill },
};

int
cli_talk(struct cli *cli)
{
	struct talk talk = { .cli = cli };
	struct str typed = STR_INIT;
	int status = EXIT_DONE;
	for (;;) {
		for (size_t i = 0; i < ARRAY_LEN(menu); i++) {
			struct str line = STR_INIT;
			str_addf(&line, "   %zu %s", i + 1, _(menu[i].label));
			talk_say(str_text(&line));
			str_release(&line);
		}
		if (!talk_ask(&talk, _("What do you want to do?"), _("a number; empty: leave"),
			    &typed) ||
			typed.len == 0) {
			break;
		}
		unsigned long chosen = strtoul(str_text(&typed), NULL, 10);
		if (chosen >= 1 && chosen <= ARRAY_LEN(menu)) {
			status = menu[chosen - 1].run(&talk);
		}
	}
	str_release(&typed);
	return status;
}
