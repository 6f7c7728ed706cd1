/* SPDX-License-Identifier: MIT */
/*
 * What came of a report or a step, of a verification, and of the messages.
 */
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "toban/print/print.h"

static void
add_told(struct str *out, const json_t *notified)
{
	size_t i;
	json_t *notice;
	json_array_foreach(notified, i, notice)
	{
		struct str line = STR_INIT;
		const char *due = cli_string(notice, "due_at");
		str_addf(&line, "%s (%s)%s", cli_string(notice, "person"),
			cli_string(notice, "role"), *due ? " " : "");
		view_time(&line, due);
		view_line(out, _("Told"), str_text(&line));
		str_release(&line);
	}
}

void
view_receipt(struct str *out, const json_t *result)
{
	struct str receipt = STR_INIT;
	str_addf(&receipt, "%lld/%.8s",
		(long long)json_integer_value(json_object_get(result, "seq")),
		cli_string(result, "row_hash"));
	view_line(out, _("Recorded, receipt"), str_text(&receipt));
	str_release(&receipt);
}

void
view_act(struct cli *cli, const json_t *result, struct str *out)
{
	view_line(out, cli_string(result, "id"),
		cli_label(cli, "states", "name", cli_string(result, "state")));
	add_told(out, json_object_get(result, "notified"));
	view_receipt(out, result);
}

/* The draft in which the text is again is named, so that nobody looks for it. */
void
view_taken_back(struct cli *cli, const json_t *result, struct str *out)
{
	view_line(out, cli_string(result, "id"),
		cli_label(cli, "states", "name", cli_string(result, "state")));
	view_line(
		out, _("Taken back"), cli_label(cli, "steps", "name", cli_string(result, "step")));
	view_line(out, _("Draft"), cli_string(result, "draft"));
	view_receipt(out, result);
}

void
view_verdict(struct cli *cli, const json_t *result, struct str *out)
{
	view_line(out, _("Category"),
		cli_label(cli, "categories", "key", cli_string(result, "category")));
	view_line(out, _("Because"), cli_words(json_object_get(result, "reason")));
	view_line(out, _("Major accident"), print_major(cli_string(result, "major")));
	view_line(out, _("Table"), cli_string(result, "table_version"));
	add_told(out, json_object_get(result, "told"));
}

void
view_report(struct cli *cli, const json_t *result, struct str *out)
{
	view_line(out, _("Incident"), cli_string(result, "id"));
	view_verdict(cli, result, out);
	view_line(out, _("State"), cli_label(cli, "states", "name", cli_string(result, "state")));
	add_told(out, json_object_get(result, "notified"));
	view_receipt(out, result);
}

/* "4, 7, 9" */
static void
add_numbers(struct str *out, const json_t *numbers)
{
	size_t i;
	json_t *number;
	json_array_foreach(numbers, i, number)
	{
		str_addf(out, "%s%lld", i ? ", " : "", (long long)json_integer_value(number));
	}
}

void
view_erased(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	struct str also = STR_INIT;
	const char *target;
	json_t *n;
	char erased[24];
	char by[24];
	const struct str_arg args[] = { { "seq", erased }, { "by", by } };
	snprintf(erased, sizeof(erased), "%lld",
		(long long)json_integer_value(json_object_get(result, "erased")));
	snprintf(by, sizeof(by), "%lld",
		(long long)json_integer_value(json_object_get(result, "seq")));
	str_say(out, _("The text of entry {seq} is erased; entry {by} says so."), args,
		ARRAY_LEN(args));
	str_add_char(out, '\n');
	add_numbers(&also, json_object_get(result, "also"));
	if (also.len) {
		view_line(out, _("The same words stand in the entries"), str_text(&also));
	}
	str_release(&also);
	json_object_foreach(json_object_get(result, "sent"), target, n)
	{
		str_add(out, "  ");
		text_show(out, target, strlen(target), TEXT_LINE);
		str_addf(out, ": %lld\n", (long long)json_integer_value(n));
	}
	if (json_object_size(json_object_get(result, "sent"))) {
		str_add(out,
			_("So many messages of it were delivered to these receivers, which "
			  "cannot be reached."));
		str_add_char(out, '\n');
	}
	str_add(out,
		_("Backups, exports and papers made before, and screens that are open, may still "
		  "hold it."));
	str_add_char(out, '\n');
}

void
view_head(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	str_addf(out, "%lld %s %s\n", (long long)json_integer_value(json_object_get(result, "seq")),
		cli_string(result, "row_hash"), cli_string(result, "at"));
}

/* Somebody may have damaged them to hide what they would tell. */
static void
add_unread(struct str *out, json_int_t unread)
{
	char number[24];
	if (unread == 0) {
		return;
	}
	snprintf(number, sizeof(number), "%lld", (long long)unread);
	str_say(out,
		P_("{n} line speaks of an end that cannot be read: it was not compared.",
			"{n} lines speak of ends that cannot be read: they were not compared.",
			(unsigned long)unread),
		&(struct str_arg){ "n", number }, 1);
	str_add_char(out, '\n');
}

/* How many kept ends were compared, and what their signatures are worth. */
static void
add_heads(struct str *out, const json_t *heads)
{
	static const char *const keys[] = { "checked", "signed", "unsigned", "wrong" };
	char numbers[ARRAY_LEN(keys)][24];
	struct str_arg args[ARRAY_LEN(keys)];
	struct str text = STR_INIT;
	if (!heads) {
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%lld",
			(long long)json_integer_value(json_object_get(heads, keys[i])));
		args[i] = (struct str_arg){ keys[i], numbers[i] };
	}
	str_say(&text,
		_("{checked} compared: {signed} signed, {unsigned} unsigned, {wrong} not sound"),
		args, ARRAY_LEN(args));
	view_line(out, _("Kept ends"), str_text(&text));
	str_release(&text);
	add_unread(out, json_integer_value(json_object_get(heads, "unread")));
	if (strcmp(cli_string(heads, "key"), "given") != 0 &&
		json_integer_value(json_object_get(heads, "signed")) > 0) {
		str_add(out,
			_("The signatures were checked with the key that this ledger names; "
			  "--key checks them with one kept elsewhere."));
		str_add_char(out, '\n');
	}
}

void
view_verify(struct cli *cli, const json_t *result, struct str *out)
{
	bool schema = false;
	size_t i;
	json_t *problem;
	json_array_foreach(json_object_get(result, "problems"), i, problem)
	{
		str_addf(out, "%6lld ",
			(long long)json_integer_value(json_object_get(problem, "seq")));
		view_line(out, cli_string(problem, "kind"), cli_string(problem, "text"));
		schema = schema || strcmp(cli_string(problem, "kind"), "schema") == 0;
	}
	if (schema) {
		str_add(out,
			_("The tables of this file were changed around toban. Keep it as it is, "
			  "restore the newest backup beside it, and verify both."));
		str_add_char(out, '\n');
	}
	add_heads(out, json_object_get(result, "heads"));
	view_line(out, _("Record"),
		json_is_true(json_object_get(result, "ok")) ? _("whole: nothing was changed")
							    : _("NOT whole: see above"));
	view_head(cli, json_object_get(result, "head"), out);
}

void
view_doctor(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(result, "checks"), i, check)
	{
		bool ok = json_is_true(json_object_get(check, "ok"));
		str_add(out, ok ? "ok   " : "!!   ");
		view_line(out, cli_string(check, "name"), cli_string(check, "text"));
		if (!ok) {
			str_add(out, "     ");
			view_line(out, _("What to do"), cli_string(check, "what_to_do"));
		}
	}
}
