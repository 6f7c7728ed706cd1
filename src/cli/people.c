/* SPDX-License-Identifier: MIT */
/*
 * Commands about who is there: person, roster, duty.
 */
#include "command.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "verb.h"
#include "view.h"

static void
set_text(json_t *args, const char *key, const char *value)
{
	if (value) {
		json_object_set_new(args, key, json_string(value));
	}
}

/* A number of an option; what is none is left to the door, which names the argument. */
static void
set_count(struct cli *cli, json_t *args, const char *key, const char *option)
{
	const char *value = cli_value(cli, option);
	json_t *number = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;

	if (value) {
		json_object_set_new(args, key, number ? number : json_string(value));
	}
}

static void
set_flag(struct cli *cli, json_t *args, const char *key, const char *option)
{
	if (cli_flag(cli, option)) {
		json_object_set_new(args, key, json_true());
	}
}

/* A new object with the word at `at`, if there is one, and --event. */
static json_t *
about(struct cli *cli, const char *key, int at)
{
	json_t *args = json_object();
	set_text(args, key, cli->n_words > at ? cli->words[at] : NULL);
	set_text(args, "event", cli_value(cli, "event"));
	return args;
}

/* --- person --------------------------------------------------------------------------- */

static int
person_absent(struct cli *cli)
{
	json_t *args = about(cli, "person", 1);
	set_text(args, "from", cli_value(cli, "from"));
	set_text(args, "until", cli_value(cli, "until"));
	set_text(args, "stand_in", cli_value(cli, "stand-in"));
	set_text(args, "why", cli_value(cli, "why"));
	return view_call(cli, "person.absent", args, view_entered);
}

static int
person_back(struct cli *cli)
{
	json_t *args = about(cli, "person", 1);
	set_count(cli, args, "absence", "absence");
	return view_call(cli, "person.back", args, view_entered);
}

static json_t *
way_args(struct cli *cli)
{
	json_t *args = about(cli, "kind", 2);
	set_text(args, "value", cli->words[3]);
	set_text(args, "person", cli_value(cli, "person"));
	return args;
}

static int
way_add(struct cli *cli)
{
	json_t *args = way_args(cli);
	set_count(cli, args, "order", "order");
	set_flag(cli, args, "confirmed", "confirmed");
	return view_call(cli, "way.add", args, view_entered);
}

static int
way_remove(struct cli *cli)
{
	return view_call(cli, "way.remove", way_args(cli), view_entered);
}

static int
way_confirm(struct cli *cli)
{
	return view_call(cli, "way.confirm", way_args(cli), view_entered);
}

static int
person_way(struct cli *cli)
{
	static const struct cli_verb verbs[] = {
		{ "add", 2, 2, way_add },
		{ "remove", 2, 2, way_remove },
		{ "confirm", 2, 2, way_confirm },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 1);
}

/* Everybody, or the one who is named; found by id alone, so that a script gets one or none. */
static int
person_show(struct cli *cli)
{
	json_t *result = NULL;
	int status = cli_call(cli, "org.show", NULL, &result);
	if (status != EXIT_DONE || cli->n_words < 2) {
		return status == EXIT_DONE ? view_answer(cli, result, view_people) : status;
	}
	json_t *found = json_array();
	json_t *person;
	size_t i;
	json_array_foreach(json_object_get(result, "people"), i, person)
	{
		if (strcmp(cli_string(person, "id"), cli->words[1]) == 0) {
			json_array_append(found, person);
		}
	}
	json_decref(result);
	if (json_array_size(found) == 0) {
		json_decref(found);
		return cli_fail(cli, EXIT_MISSING, "D107", _("There is no such person."),
			_("'toban person show' lists everybody with their ids."));
	}
	return view_answer(cli, json_pack("{s:o}", "people", found), view_people);
}

static int
run_person(struct cli *cli)
{
	static const struct cli_verb verbs[] = {
		{ "show", 0, 1, person_show },
		{ "absent", 0, 1, person_absent },
		{ "back", 0, 1, person_back },
		{ "way", 3, 3, person_way },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

/* --- roster --------------------------------------------------------------------------- */

static int
roster_show(struct cli *cli)
{
	json_t *args = about(cli, "department", 1);
	json_object_del(args, "event");
	set_text(args, "from", cli_value(cli, "from"));
	set_count(cli, args, "days", "days");
	return view_call(cli, "roster.show", args, view_roster);
}

/* "mon-fri 08:30-17:30 dc-owner": days, a span, a person; days may be several words. */
static json_t *
row_of(const char *text)
{
	const char *person = strrchr(text, ' ');
	const char *span = person;
	while (span > text && span[-1] != ' ') {
		span--;
	}
	const char *hyphen = person ? memchr(span, '-', (size_t)(person - span)) : NULL;
	if (!person || span == text || !hyphen) {
		return NULL;
	}
	return json_pack("{s:o, s:o, s:o, s:s}", "when",
		json_stringn(text, (size_t)(span - text - 1)), "from",
		json_stringn(span, (size_t)(hyphen - span)), "to",
		json_stringn(hyphen + 1, (size_t)(person - hyphen - 1)), "person", person + 1);
}

static int
write_rows(struct cli *cli, const char *method)
{
	json_t *args = about(cli, "department", 1);
	json_t *rows = json_array();
	for (int i = 2; i < cli->n_words; i++) {
		json_t *row = row_of(cli->words[i]);
		if (!row) {
			json_decref(args);
			json_decref(rows);
			return cli_fail(cli, EXIT_USAGE, "D111",
				_("A row is days, a span of time and a person."),
				_("Write it as in: \"mon-fri 08:30-17:30 dc-owner\"."));
		}
		json_array_append_new(rows, row);
	}
	json_object_set_new(args, "rows", rows);
	set_text(args, "since", cli_value(cli, "since"));
	set_flag(cli, args, "dry_run", "dry-run");
	return view_call(cli, method, args, view_roster_written);
}

static int
roster_set(struct cli *cli)
{
	return write_rows(cli, "roster.set");
}

static int
roster_except(struct cli *cli)
{
	if (!cli_value(cli, "remove")) {
		return cli->n_words > 2 ? write_rows(cli, "roster.except") : cli_incomplete(cli);
	}
	json_t *args = about(cli, "department", cli->n_words);
	set_count(cli, args, "remove", "remove");
	return view_call(cli, "roster.except", args, view_entered);
}

static int
roster_import(struct cli *cli)
{
	const char *path = cli->words[1];
	const char *slash = strrchr(path, '/');
	json_t *text = NULL;
	int status = cli_read_text(cli, path, &text);
	if (status != EXIT_DONE) {
		return status;
	}
	json_t *args = about(cli, "file", cli->n_words);
	set_text(args, "file", strcmp(path, "-") == 0 ? NULL : slash ? slash + 1 : path);
	json_object_set_new(args, "text", text);
	set_text(args, "since", cli_value(cli, "since"));
	set_flag(cli, args, "dry_run", "dry-run");
	return view_call(cli, "roster.import", args, view_roster_written);
}

static int
roster_export(struct cli *cli)
{
	json_t *args = about(cli, "department", 1);
	json_object_del(args, "event");
	return view_call_file(cli, "roster.export", args, view_roster_text);
}

static int
run_roster(struct cli *cli)
{
	static const struct cli_verb verbs[] = {
		{ "show", 0, 1, roster_show },
		{ "set", 2, -1, roster_set },
		{ "except", 0, -1, roster_except },
		{ "import", 1, 1, roster_import },
		{ "export", 0, 1, roster_export },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

/* --- duty ----------------------------------------------------------------------------- */

static int
duty_check(struct cli *cli)
{
	json_t *args = json_object();
	json_t *result = NULL;
	set_count(cli, args, "days", "days");
	int status = cli_call(cli, "duty.check", args, &result);
	if (status != EXIT_DONE) {
		return status;
	}
	bool ok = json_is_true(json_object_get(result, "ok"));
	status = view_answer(cli, result, view_duty_findings);
	return status == EXIT_DONE && !ok ? EXIT_FAILED : status;
}

static int
duty_log(struct cli *cli)
{
	return view_call(cli, "duty.log", NULL, view_log);
}

static int
run_duty(struct cli *cli)
{
	static const struct cli_verb verbs[] = {
		{ "check", 0, 0, duty_check },
		{ "log", 0, 0, duty_log },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

/* --- chain ---------------------------------------------------------------------------- */

static int
run_chain(struct cli *cli)
{
	json_t *args = json_object();
	set_text(args, "department", cli_value(cli, "department"));
	set_text(args, "at", cli_value(cli, "at"));
	set_text(args, "category", cli_value(cli, "category"));
	set_flag(cli, args, "major", "major");
	return view_call(cli, "chain.preview", args, view_chain);
}

/* --- the tables ------------------------------------------------------------------------- */

static const struct cli_option person_options[] = {
	{ "from", "TIME", N_("absent: since when; else now") },
	{ "until", "TIME", N_("absent: until when; a day alone means all of it") },
	{ "stand-in", "PERSON", N_("absent: who stands in; else the deputies") },
	{ "why", "TEXT", N_("absent: why; auditors, the office and administrators read it") },
	{ "absence", "SEQ", N_("back: the number of an absence that is still to come") },
	{ "person", "PERSON", N_("way: whose; else your own") },
	{ "order", "N", N_("way add: the smallest is tried first") },
	{ "confirmed", NULL, N_("way add: it was tried just now") },
	{ "event", "ID", N_("an id of your own: a repeated call records nothing twice") },
	{ NULL, NULL, NULL },
};

static const struct cli_option roster_options[] = {
	{ "from", "TIME", N_("show: since when; else now") },
	{ "days", "N", N_("show: how many days (7)") },
	{ "since", "TIME", N_("set, import: from when on it holds; else now") },
	{ "dry-run", NULL, N_("check everything and record nothing") },
	{ "remove", "SEQ", N_("except: takes back the exceptions of this entry") },
	{ "event", "ID", N_("an id of your own: a repeated call records nothing twice") },
	{ NULL, NULL, NULL },
};

static const struct cli_option duty_options[] = {
	{ "days", "N", N_("how many days are looked ahead (30)") },
	{ NULL, NULL, NULL },
};

static const struct cli_option chain_options[] = {
	{ "department", "ID", N_("of this department; else your own") },
	{ "at", "TIME", N_("as if it were reported then; else now") },
	{ "category", "KEY", N_("as if it were of this category; else the first") },
	{ "major", NULL, N_("as if a major accident were proposed") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_people_commands[] = {
	{ "person",
		"person show [PERSON] | absent [PERSON] --until TIME [--stand-in PERSON] | back "
		"[PERSON] | way add|remove|confirm KIND VALUE [--person PERSON]",
		N_("who is away, who stands in, how people are reached"),
		"toban person absent dc-owner --until \"in 3d\" --stand-in dc-deputy-1",
		person_options, 1, 4, run_person },
	{ "roster",
		"roster show [DEPARTMENT] [--days N] | set DEPARTMENT ROW... | except DEPARTMENT "
		"ROW... | import FILE.csv | export [DEPARTMENT]",
		N_("duty rosters: who is on duty when"),
		"toban roster set datacentre \"mon-fri 08:30-17:30 dc-owner\" \"daily 17:30-08:30 "
		"dc-operator-1\"",
		roster_options, 1, -1, run_roster },
	{ "chain", "chain [--department ID] [--at TIME] [--category KEY] [--major]",
		N_("who would be told when, if nobody answered; nothing is recorded"),
		"toban chain --department datacentre --at \"2026-12-31 23:00\"", chain_options, 0,
		0, run_chain },
	{ "duty", "duty check [--days N] | log",
		N_("what would keep somebody from being told; every entry about who is there"),
		"toban duty log", duty_options, 1, 1, run_duty },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
