/* SPDX-License-Identifier: MIT */
/*
 * Lists, incidents and their steps as lines.
 */
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "toban/print/print.h"

enum { KIND_COLS = 24 }; /* of an entry in a log */

static int
answer(struct cli *cli, json_t *result, bool marked,
	void (*view)(struct cli *, const json_t *, struct str *))
{
	int status;
	if (cli->globals.json) {
		status = cli_print_json(cli, result);
	} else {
		struct str out = STR_INIT;
		if (marked) {
			cli_mark(cli, "", &out);
		}
		view(cli, result, &out);
		status = cli_print_text(cli, &out);
		str_release(&out);
	}
	json_decref(result);
	return status;
}

int
view_answer(
	struct cli *cli, json_t *result, void (*view)(struct cli *, const json_t *, struct str *))
{
	return answer(cli, result, true, view);
}

int
view_call(struct cli *cli, const char *method, json_t *args,
	void (*view)(struct cli *, const json_t *, struct str *))
{
	json_t *result = NULL;
	int status = cli_call(cli, method, args, &result);
	return status == EXIT_DONE ? answer(cli, result, true, view) : status;
}

int
view_call_file(struct cli *cli, const char *method, json_t *args,
	void (*view)(struct cli *, const json_t *, struct str *))
{
	json_t *result = NULL;
	int status = cli_call(cli, method, args, &result);
	return status == EXIT_DONE ? answer(cli, result, false, view) : status;
}

static void
add_shown(struct str *out, const char *text)
{
	text_show(out, text, strlen(text), TEXT_FOLD);
}

void
view_line(struct str *out, const char *label, const char *value)
{
	if (!*value) {
		return;
	}
	str_addf(out, "%s: ", label);
	add_shown(out, value);
	str_add_char(out, '\n');
}

void
view_time(struct str *out, const char *rfc3339)
{
	/* The offset is the desk's own, and the same in every row. */
	if (strlen(rfc3339) >= 16 && rfc3339[10] == 'T') {
		str_addf(out, "%.10s %.5s", rfc3339, rfc3339 + 11);
	} else {
		str_add(out, rfc3339);
	}
}

static void
add_time_line(struct str *out, const char *label, const char *rfc3339)
{
	struct str at = STR_INIT;
	view_time(&at, rfc3339);
	view_line(out, label, str_text(&at));
	str_release(&at);
}

/* A cell of a table: `cols` columns and one blank; what is cut ends with dots. */
static void
add_cell(struct str *out, const char *text, int cols)
{
	text_fit_dots(out, text, strlen(text), cols);
	str_add_char(out, ' ');
}

/* "office-head: Decide ..." of the first awaited; "" when nothing is. */
static void
add_waiting(struct cli *cli, struct str *out, const json_t *waiting, int cols)
{
	const json_t *first = json_array_get(waiting, 0);
	struct str text = STR_INIT;
	if (first) {
		const char *who = cli_string(first, "person");
		str_addf(&text, "%s: ", *who ? who : cli_string(first, "role"));
		str_add(&text,
			cli_short_step(cli, cli_string(first, "step"), cols - (int)text.len));
	}
	add_cell(out, str_text(&text), cols);
	str_release(&text);
}

static void
add_row(struct cli *cli, struct str *out, const json_t *row)
{
	bool major = strcmp(cli_string(row, "major"), "yes") == 0;
	bool overdue = json_is_true(json_object_get(row, "overdue"));
	str_add(out, major ? "!! " : overdue ? "!  " : "   ");
	add_cell(out, cli_string(row, "id"), 9);
	add_cell(out, cli_label(cli, "states", "name", cli_string(row, "state")), 15);
	add_cell(out, cli_label(cli, "categories", "key", cli_string(row, "category")), 22);
	add_waiting(cli, out, json_object_get(row, "waiting_for"), 28);
	add_shown(out, json_is_true(json_object_get(row, "drill")) ? _("DRILL ") : "");
	add_shown(out, cli_string(row, "title"));
	str_add_char(out, '\n');
}

void
view_restricted(struct str *out, const json_t *result)
{
	long long n = json_integer_value(json_object_get(result, "restricted"));
	char text[32];

	if (n > 0) {
		(void)snprintf(text, sizeof(text), "%lld", n);
		str_say(out,
			P_("and {n} restricted case, not shown to you",
				"and {n} restricted cases, not shown to you", (unsigned long)n),
			&(struct str_arg){ "n", text }, 1);
		str_add_char(out, '\n');
	}
}

void
view_list(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(result, "incidents"), i, row)
	{
		add_row(cli, out, row);
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("No incident."));
	}
	view_restricted(out, result);
	const char *next = cli_string(result, "next");
	if (*next) {
		view_line(out, _("More with --after"), next);
	}
}

static void
add_chain(struct str *out, const json_t *chain)
{
	size_t i;
	json_t *contact;
	json_array_foreach(chain, i, contact)
	{
		str_addf(out, "  %lld ",
			(long long)json_integer_value(json_object_get(contact, "link")));
		add_cell(out, cli_string(contact, "person"), 18);
		add_cell(out, cli_string(contact, "role"), 12);
		const char *seen = cli_string(contact, "acknowledged_at");
		if (*seen) {
			add_time_line(out, _("acknowledged"), seen);
		} else {
			add_time_line(
				out, _("not acknowledged, due"), cli_string(contact, "due_at"));
		}
	}
}

static void
add_waits(struct cli *cli, struct str *out, const json_t *waiting)
{
	size_t i;
	json_t *item;
	json_array_foreach(waiting, i, item)
	{
		const char *who = cli_string(item, "person");
		str_add(out, "  ");
		view_line(out, *who ? who : cli_string(item, "role"),
			cli_label(cli, "steps", "name", cli_string(item, "step")));
	}
}

static void
add_log_line(struct cli *cli, struct str *out, const json_t *event)
{
	/* As the receipt had it: what an auditor compares with a head kept elsewhere. */
	str_addf(out, "%6lld/%.8s ", (long long)json_integer_value(json_object_get(event, "seq")),
		cli_string(event, "row_hash"));
	struct str at = STR_INIT;
	view_time(&at, cli_string(event, "at"));
	add_cell(out, str_text(&at), 16);
	str_release(&at);
	add_cell(out, cli_string(event, "actor"), 16);
	const char *kind = cli_kind(cli, cli_string(event, "kind"));
	bool fits = text_width(kind, strlen(kind)) <= KIND_COLS;
	add_cell(out, fits ? kind : cli_short_step(cli, cli_string(event, "kind"), KIND_COLS),
		KIND_COLS);
	const json_t *fields = json_object_get(json_object_get(event, "body"), "fields");
	const char *text = cli_string(fields, "text");
	add_shown(out, *text ? text : cli_string(fields, "why"));
	view_acting(out, json_object_get(event, "body"));
	const json_t *sign = json_object_get(json_object_get(event, "body"), "signed");
	if (*cli_string(sign, "key")) {
		struct str mark = STR_INIT;
		char shown[SHORT_HASH_SIZE];
		short_hash(cli_string(event, "signed_hash"), shown);
		str_say(&mark, _("(signed {hash} with {key})"),
			(struct str_arg[]){
				{ "hash", shown }, { "key", cli_string(sign, "key") } },
			2);
		str_add_char(out, ' ');
		add_shown(out, str_text(&mark));
		str_release(&mark);
	}
	str_add_char(out, '\n');
}

void
view_log(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *event;
	json_array_foreach(json_object_get(result, "log"), i, event)
	{
		add_log_line(cli, out, event);
	}
}

/* What other systems reported of it: number, how often, title. */
static void
add_alerts(struct str *out, const json_t *alerts)
{
	size_t i;
	json_t *row;
	json_array_foreach(alerts, i, row)
	{
		str_addf(out, "%s: %s  %lldx  ", _("Alert"), cli_string(row, "id"),
			(long long)json_integer_value(json_object_get(row, "times")));
		add_shown(out, cli_string(row, "title"));
		str_add_char(out, '\n');
	}
}

/* Who reads by breaking the glass is reminded of it. */
static void
view_glass(struct str *out, const json_t *glass)
{
	struct str until = STR_INIT;
	struct str why = STR_INIT;

	if (!json_is_object(glass)) {
		return;
	}
	view_time(&until, cli_string(glass, "until"));
	add_shown(&why, cli_string(glass, "why"));
	str_say(out, _("OPENED BY BREAKING THE GLASS, until {until}. Reason: {why}"),
		(struct str_arg[]){ { "until", str_text(&until) }, { "why", str_text(&why) } }, 2);
	str_add_char(out, '\n');
	str_release(&until);
	str_release(&why);
}

void
view_show(struct cli *cli, const json_t *result, struct str *out)
{
	if (json_is_true(json_object_get(result, "drill"))) {
		str_addf(out, "%s\n", _("DRILL: nothing here is real"));
	}
	view_glass(out, json_object_get(result, "glass"));
	str_addf(out, "%s  ", cli_string(result, "id"));
	add_shown(out, cli_string(result, "title"));
	str_add_char(out, '\n');
	view_line(out, _("State"), cli_label(cli, "states", "name", cli_string(result, "state")));
	view_line(out, _("Category"),
		cli_label(cli, "categories", "key", cli_string(result, "category")));
	view_line(out, _("Because"), cli_words(json_object_get(result, "reason")));
	view_line(out, _("Major accident"), print_major(cli_string(result, "major")));
	view_line(out, _("Department"), cli_string(result, "department"));
	view_line(out, _("Finder"), cli_string(result, "finder"));
	view_line(out, _("How to reach the finder"), cli_string(result, "contact"));
	view_line(out, _("What happened"), cli_string(result, "situation"));
	add_time_line(out, _("Reported"), cli_string(result, "reported_at"));
	add_time_line(out, _("Due"), cli_string(result, "due_at"));
	add_alerts(out, json_object_get(result, "alerts"));
	str_addf(out, "%s\n", _("Contact chain"));
	add_chain(out, json_object_get(result, "chain"));
	str_addf(out, "%s\n", _("Waiting for"));
	add_waits(cli, out, json_object_get(result, "waiting_for"));
	str_addf(out, "%s\n", _("Log"));
	view_log(cli, result, out);
}

void
view_steps(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	size_t i;
	json_t *step;
	json_array_foreach(json_object_get(result, "steps"), i, step)
	{
		bool allowed = json_is_true(json_object_get(step, "allowed"));
		str_add(out, allowed ? "  " : "- ");
		add_cell(out, cli_string(step, "step"), 18);
		if (allowed) {
			add_shown(out, cli_words(json_object_get(step, "label")));
		} else {
			add_shown(out, cli_string(step, "why"));
			str_addf(out, " (%s)", cli_string(step, "code"));
		}
		str_add_char(out, '\n');
	}
}

/* What can be given for a field, one a row below it. */
static void
add_choices(struct str *out, const json_t *choices)
{
	size_t i;
	json_t *choice;
	json_array_foreach(choices, i, choice)
	{
		str_add(out, "      ");
		add_cell(out, cli_string(choice, "key"), 24);
		add_shown(out, cli_words(json_object_get(choice, "label")));
		str_add_char(out, '\n');
	}
}

void
view_form(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	size_t i;
	json_t *field;
	const json_t *form = json_object_get(result, "form");
	const json_t *options = json_object_get(result, "options");
	json_array_foreach(json_object_get(form, "fields"), i, field)
	{
		str_add(out, json_is_true(json_object_get(field, "required")) ? "* " : "  ");
		add_cell(out, cli_string(field, "key"), 16);
		add_cell(out, cli_string(field, "type"), 12);
		add_shown(out, cli_words(json_object_get(field, "label")));
		str_add_char(out, '\n');
		const json_t *choices = json_object_get(options, cli_string(field, "key"));
		add_choices(out, choices ? choices : json_object_get(field, "choices"));
	}
}
