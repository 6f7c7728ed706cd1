/* SPDX-License-Identifier: MIT */
/*
 * Line mode: the whole report, the classification alone, and a small menu.
 * What was typed before the input ended is kept as a draft.
 */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The input ended early: nothing was sent, nothing of it is lost. */
static int
keep_draft(struct cli *cli, const char *form, const char *subject, json_t *fields)
{
	json_t *draft = NULL;
	json_t *args =
		json_pack("{s:s, s:s, s:O}", "form", form, "subject", subject, "fields", fields);
	int status = cli_call(cli, "draft.save", args, &draft);
	if (status != EXIT_DONE) {
		return status;
	}
	struct str text = STR_INIT;
	str_say(&text, _("Not sent: the input ended. What was typed is kept as draft {draft}."),
		&(struct str_arg){ "draft", cli_string(draft, "draft") }, 1);
	status = cli_fail(cli, EXIT_DRAFT_ONLY, "D101", str_text(&text),
		_("Start toban again to finish and send it."));
	str_release(&text);
	json_decref(draft);
	return status;
}

static int
send_report(struct cli *cli, bool drill, json_t *fields)
{
	json_t *args = json_pack("{s:O, s:b}", "fields", fields, "drill", drill);
	json_t *result = NULL;
	int status = cli_call(cli, "incident.report", args, &result);
	if (status == EXIT_DONE) {
		return view_answer(cli, result, view_report);
	}
	(void)keep_draft(cli, "report", "", fields);
	return status;
}

static int
ask_report(struct talk *talk, bool drill, const json_t *procedure, const json_t *form)
{
	struct cli *cli = talk->cli;
	json_t *answers = json_object();
	json_t *fields = json_pack("{s:O}", "answers", answers);
	bool complete = talk_ask_table(talk, procedure, answers);
	json_decref(answers);
	if (complete) {
		say_verdict(cli, fields);
		complete = talk_ask_form(talk, form, fields);
	}
	const char *send =
		complete ? talk_ask_answer(talk, _("Send the report now?"), false) : NULL;
	int status;
	if (send && strcmp(send, "yes") == 0) {
		status = send_report(cli, drill, fields);
	} else {
		status = keep_draft(cli, "report", "", fields);
	}
	json_decref(fields);
	return status;
}

int
cli_talk_report(struct cli *cli, bool drill)
{
	struct talk talk = { .cli = cli };
	json_t *procedure = NULL;
	json_t *form = NULL;
	int status = cli_call(cli, "procedure.show", NULL, &procedure);
	if (status == EXIT_DONE) {
		status = cli_call(cli, "form.get", json_pack("{s:s}", "form", "report"), &form);
	}
	if (status == EXIT_DONE) {
		status = ask_report(&talk, drill, procedure, form);
	}
	json_decref(procedure);
	json_decref(form);
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

static int
send_step(struct talk *talk, const char *id, const char *step)
{
	struct cli *cli = talk->cli;
	json_t *asked = NULL;
	int status = cli_call(
		cli, "incident.steps", json_pack("{s:s, s:s}", "id", id, "form", step), &asked);
	if (status != EXIT_DONE) {
		return status;
	}
	json_t *fields = json_object();
	bool complete = talk_ask_form(talk, json_object_get(asked, "form"), fields);
	json_decref(asked);
	const char *send = complete ? talk_ask_answer(talk, _("Record this now?"), false) : NULL;
	if (send && strcmp(send, "yes") == 0) {
		json_t *args =
			json_pack("{s:s, s:s, s:O}", "id", id, "step", step, "fields", fields);
		status = view_call(cli, "incident.act", args, view_act);
	} else {
		status = EXIT_DRAFT_ONLY;
	}
	if (status != EXIT_DONE) {
		(void)keep_draft(cli, step, id, fields);
	}
	json_decref(fields);
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
		status = step ? send_step(talk, str_text(&id), step) : EXIT_DONE;
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
