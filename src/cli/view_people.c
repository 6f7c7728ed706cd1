/* SPDX-License-Identifier: MIT */
/*
 * People, rosters and the nightly check as lines.
 */
#include "view.h"

#include <stdio.h>
#include <string.h>

#include "labels.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* A line of what was gathered, made safe. */
static void
add_line(struct str *out, struct str *line)
{
	text_show(out, str_text(line), line->len, TEXT_FOLD);
	str_add_char(out, '\n');
	str_release(line);
}

static void
add_list(struct str *out, const json_t *list)
{
	size_t i;
	json_t *word;
	json_array_foreach(list, i, word)
	{
		str_addf(out, "%s%s", i ? " " : "", json_string_value(word));
	}
}

void
view_acting(struct str *out, const json_t *body)
{
	const json_t *acting = json_object_get(body, "acting");
	struct str text = STR_INIT;
	if (!acting) {
		return;
	}
	str_say(&text, _(" (standing in for {who}, {part})"),
		(struct str_arg[]){ { "who", cli_string(acting, "for") },
			{ "part", cli_string(acting, "part") } },
		2);
	text_show(out, str_text(&text), text.len, TEXT_FOLD);
	str_release(&text);
}

void
view_entered(struct cli *cli, const json_t *result, struct str *out)
{
	struct str span = STR_INIT;
	(void)cli;
	view_line(out, _("Person"), cli_string(result, "person"));
	if (*cli_string(result, "until")) {
		view_time(&span, cli_string(result, "from"));
		str_add(&span, " - ");
		view_time(&span, cli_string(result, "until"));
		view_line(out, _("Away"), str_text(&span));
	}
	view_line(out, _("Stand-in"), cli_string(result, "stand_in"));
	view_receipt(out, result);
	str_release(&span);
}

/* One way: what it is, and when it was known to work. */
static void
add_way(struct str *out, const json_t *way)
{
	struct str line = STR_INIT;
	const char *confirmed = cli_string(way, "confirmed_on");
	str_addf(&line, "    %s %s  ", cli_string(way, "kind"), cli_string(way, "value"));
	if (*confirmed) {
		str_addf(&line, "%s ", _("confirmed"));
		view_time(&line, confirmed);
	} else {
		str_add(&line, _("never confirmed"));
	}
	add_line(out, &line);
}

static void
add_person(struct str *out, const json_t *person)
{
	struct str line = STR_INIT;
	const char *until = cli_string(person, "absent_until");
	size_t i;
	json_t *way;
	str_addf(&line, "%s  %s  %s", cli_string(person, "id"),
		cli_words(json_object_get(person, "name")), cli_string(person, "phone"));
	if (*until) {
		str_addf(&line, "  %s ", _("away until"));
		view_time(&line, until);
	}
	if (*cli_string(person, "stand_in")) {
		str_addf(&line, "  %s %s", _("stand-in"), cli_string(person, "stand_in"));
	}
	add_line(out, &line);
	json_array_foreach(json_object_get(person, "ways"), i, way)
	{
		add_way(out, way);
	}
}

void
view_people(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *person;
	(void)cli;
	json_array_foreach(json_object_get(result, "people"), i, person)
	{
		add_person(out, person);
	}
}

/* --- rosters -------------------------------------------------------------------------- */

static void
add_shift(struct str *out, const json_t *shift)
{
	struct str line = STR_INIT;
	const json_t *people = json_object_get(shift, "people");
	const json_t *absent = json_object_get(shift, "absent");
	view_time(&line, cli_string(shift, "from"));
	str_add(&line, " - ");
	view_time(&line, cli_string(shift, "until"));
	str_add(&line, "  ");
	if (json_is_true(json_object_get(shift, "gap"))) {
		str_add(&line, _("GAP: nobody is on duty"));
	} else if (json_array_size(people) == 0) {
		str_add(&line,
			json_is_true(json_object_get(shift, "planned")) ? _("nobody, on purpose")
									: "-");
	}
	add_list(&line, people);
	if (json_array_size(absent) > 0) {
		str_addf(&line, " (%s ", _("away:"));
		add_list(&line, absent);
		str_add_char(&line, ')');
	}
	add_line(out, &line);
}

static void
add_exception(struct str *out, const json_t *row)
{
	struct str line = STR_INIT;
	const char *person = cli_string(row, "person");
	str_addf(&line, "  %lld  ", (long long)json_integer_value(json_object_get(row, "seq")));
	view_time(&line, cli_string(row, "from"));
	str_add(&line, " - ");
	view_time(&line, cli_string(row, "until"));
	str_addf(&line, "  %s", *person ? person : _("nobody, on purpose"));
	add_line(out, &line);
}

void
view_roster(struct cli *cli, const json_t *result, struct str *out)
{
	const json_t *exceptions = json_object_get(result, "exceptions");
	size_t i;
	json_t *row;
	(void)cli;
	view_line(out, _("Department"), cli_string(result, "department"));
	if (!*cli_string(result, "since") && json_array_size(exceptions) == 0) {
		str_addf(out, "%s\n", _("There is no roster: the officers alone are told."));
		return;
	}
	json_array_foreach(json_object_get(result, "shifts"), i, row)
	{
		add_shift(out, row);
	}
	if (json_array_size(exceptions) > 0) {
		str_addf(out, "%s\n", _("Exceptions"));
	}
	json_array_foreach(exceptions, i, row)
	{
		add_exception(out, row);
	}
}

void
view_roster_written(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *row;
	(void)cli;
	json_array_foreach(json_object_get(result, "rosters"), i, row)
	{
		struct str line = STR_INIT;
		char week[24];
		char exceptions[24];
		(void)snprintf(week, sizeof(week), "%lld",
			(long long)json_integer_value(json_object_get(row, "week")));
		(void)snprintf(exceptions, sizeof(exceptions), "%lld",
			(long long)json_integer_value(json_object_get(row, "exceptions")));
		str_say(&line, _("{department}: {week} spans a week, {exceptions} exceptions"),
			(struct str_arg[]){ { "department", cli_string(row, "department") },
				{ "week", week }, { "exceptions", exceptions } },
			3);
		add_line(out, &line);
	}
	if (json_is_true(json_object_get(result, "dry_run"))) {
		str_addf(out, "%s\n", _("Nothing was recorded: this was a trial (--dry-run)."));
		return;
	}
	view_receipt(out, result);
}

/* A file as it is: ids, days and times, checked when they were entered. */
void
view_roster_text(struct cli *cli, const json_t *result, struct str *out)
{
	const char *text = cli_string(result, "text");
	cli_mark(cli, "# ", out);
	text_show(out, text, strlen(text), TEXT_KEEP_NEWLINE);
}

void
view_duty_findings(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *finding;
	(void)cli;
	json_array_foreach(json_object_get(result, "findings"), i, finding)
	{
		view_line(out, cli_string(finding, "kind"), cli_string(finding, "text"));
	}
	if (i == 0) {
		str_addf(out, "%s\n", _("Everybody who must be told can be told."));
	}
}

/* --- the dry run of the chain --------------------------------------------------------- */

static void
add_place(struct cli *cli, struct str *out, const json_t *place)
{
	static const struct {
		const char *key;
		const char *label;
	} lists[] = {
		{ "people", N_("told") },
		{ "stand_ins", N_("then") },
		{ "on_duty", N_("on duty") },
		{ "acting", N_("standing in") },
		{ "absent", N_("away") },
	};
	struct str line = STR_INIT;
	(void)cli;
	str_addf(&line, "%lld  %s", (long long)json_integer_value(json_object_get(place, "link")),
		cli_string(place, "role"));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const json_t *list = json_object_get(place, lists[i].key);
		if (json_array_size(list) > 0) {
			str_addf(&line, "  %s: ", _(lists[i].label));
			add_list(&line, list);
		}
	}
	add_line(out, &line);
}

/* "link 1, reminder 2": what comes, where, and which one it is. */
static void
add_stage(struct cli *cli, struct str *line, const json_t *row)
{
	long long link = (long long)json_integer_value(json_object_get(row, "link"));
	long long n = (long long)json_integer_value(json_object_get(row, "n"));
	struct str what = STR_INIT;
	char number[24];

	str_add(&what, cli_kind(cli, cli_string(row, "kind")));
	if (n) {
		str_addf(&what, " %lld", n);
	}
	if (link) {
		(void)snprintf(number, sizeof(number), "%lld", link);
		str_say(line, _("link {link}, {what}"),
			(const struct str_arg[]){ { "link", number }, { "what", str_text(&what) } },
			2);
	} else {
		str_add(line, str_text(&what));
		if (*cli_string(row, "watch")) {
			str_addf(line, " (%s)", cli_string(row, "watch"));
		}
	}
	str_release(&what);
}

/* "person (role, number)" of everybody a row tells; "owner (absent)" of who is away. */
static void
add_row(struct cli *cli, struct str *out, const json_t *row)
{
	struct str line = STR_INIT;
	size_t i;
	json_t *told;
	view_time(&line, cli_string(row, "at"));
	str_add(&line, "  ");
	add_stage(cli, &line, row);
	json_array_foreach(json_object_get(row, "people"), i, told)
	{
		const char *number = cli_string(told, "number");
		const char *away = json_is_true(json_object_get(told, "absent")) ? _("absent") : "";
		str_addf(&line, "%s %s (%s%s%s%s%s%s)", i ? "," : ":", cli_string(told, "person"),
			cli_string(told, "role"), *away ? " (" : "", away, *away ? ")" : "",
			*number ? ", " : "", number);
	}
	add_line(out, &line);
}

void
view_chain(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *row;
	view_line(out, _("Department"), cli_string(result, "department"));
	view_line(out, _("Category"),
		cli_label(cli, "categories", "key", cli_string(result, "category")));
	str_addf(out, "%s\n", _("Contact chain"));
	json_array_foreach(json_object_get(result, "links"), i, row)
	{
		add_place(cli, out, row);
	}
	str_addf(out, "%s\n", _("If nobody answers"));
	json_array_foreach(json_object_get(result, "timeline"), i, row)
	{
		add_row(cli, out, row);
	}
	if (json_is_true(json_object_get(result, "more"))) {
		str_addf(out, "%s\n", _("... and so on."));
	}
}
