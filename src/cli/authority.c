/* SPDX-License-Identifier: MIT */
/*
 * The table of authority on paper: `check --authority`.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "view.h"

#define NAME_COLS 22
#define HEAD_COLS 4 /* of a column: three letters and a blank */
#define NOTE_COLS 4
#define PAGE_COLS 78

/* "office-head" as "hea": what stands above a column, explained below the table. */
static const struct {
	const char *word;
	const char *head;
	const char *label;
} heads[] = {
	{ "nobody", "non", N_("an account that is not registered") },
	{ "locked", "lck", N_("a shared console at which nobody sits") },
	{ "pin-due", "due", N_("who sits there with a PIN that is good once") },
	{ "finder", "fnd", N_("the finder") },
	{ "staff", "stf", N_("the staff of the department") },
	{ "owner", "own", N_("the owner of the department") },
	{ "deputy", "dep", N_("a deputy of the department") },
	{ "instructed", "ins", N_("whoever was instructed") },
	{ "other-owner", "oow", N_("the owner of another department") },
	{ "other-deputy", "ode", N_("a deputy of another department") },
	{ "other-staff", "ost", N_("the staff of another department") },
	{ "office", "off", N_("the information security office") },
	{ "office-head", "hea", N_("the office head") },
	{ "crisis", "cri", N_("the crisis management office") },
	{ "auditor", "aud", N_("auditors") },
	{ "admin", "adm", N_("administrators") },
	{ "involved", "inv", N_("who is involved") },
};

static void
pad(struct str *out, const char *text, int cols)
{
	(void)text_fit(out, text, strlen(text), cols);
}

static void
end_row(struct str *out)
{
	while (out->len && str_text(out)[out->len - 1] == ' ') {
		str_truncate(out, out->len - 1);
	}
	str_add_char(out, '\n');
}

static void
add_heads(struct str *out, const char *title, const json_t *words)
{
	size_t i;
	json_t *word;

	pad(out, title, NAME_COLS);
	json_array_foreach(words, i, word)
	{
		const char *head = "?";

		for (size_t k = 0; k < ARRAY_LEN(heads); k++) {
			head = strcmp(heads[k].word, json_string_value(word)) == 0 ? heads[k].head
										   : head;
		}
		pad(out, head, HEAD_COLS);
	}
	end_row(out);
}

/* "+" may (at least somewhere), "." may not. */
static void
add_cells(struct str *out, const json_t *words, const json_t *cells)
{
	size_t i;
	json_t *word;

	json_array_foreach(words, i, word)
	{
		const json_t *cell = json_object_get(cells, json_string_value(word));
		bool may = json_is_array(cell) || json_string_length(cell) == 0;

		pad(out, may ? "+" : ".", HEAD_COLS);
	}
	end_row(out);
}

static void
add_note(struct str *out, const char *text)
{
	struct text_row *rows = NULL;
	size_t n = 0;

	if (text_wrap(text, strlen(text), PAGE_COLS - NOTE_COLS, &rows, &n) != ERR_OK) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		pad(out, "", NOTE_COLS);
		str_add_n(out, text + rows[i].start, rows[i].end - rows[i].start);
		end_row(out);
	}
	free(rows);
}

static void
add_methods(struct str *out, const json_t *result)
{
	const json_t *callers = json_object_get(result, "callers");
	size_t i;
	json_t *row;

	add_heads(out, _("method"), callers);
	json_array_foreach(json_object_get(result, "methods"), i, row)
	{
		const json_t *next = json_array_get(json_object_get(result, "methods"), i + 1);
		const json_t *rule = json_object_get(row, "rule");

		pad(out, cli_string(row, "method"), NAME_COLS);
		add_cells(out, callers, json_object_get(row, "cells"));
		/* A family has it below its last. */
		if (json_is_string(rule) && !json_equal(rule, json_object_get(next, "rule"))) {
			add_note(out, json_string_value(rule));
		}
	}
}

static bool
is_in_any(const json_t *cells, const json_t *state)
{
	const char *part;
	json_t *cell;

	json_object_foreach((json_t *)(uintptr_t)cells, part, cell)
	{
		size_t i;
		json_t *item;

		json_array_foreach(cell, i, item)
		{
			if (json_equal(item, state)) {
				return true;
			}
		}
	}
	return false;
}

/* In which states any part may take the step; all that are open are not named one by one. */
static void
add_states(struct str *out, const json_t *states, const json_t *cells)
{
	struct str text = STR_INIT;
	struct str rest = STR_INIT;
	bool all_open = true;
	size_t i;
	json_t *state;

	json_array_foreach(states, i, state)
	{
		bool is_open = json_is_true(json_object_get(state, "open"));
		const json_t *name = json_object_get(state, "state");

		if (is_in_any(cells, name)) {
			str_addf(is_open ? &text : &rest, " %s", json_string_value(name));
		} else {
			all_open = all_open && !is_open;
		}
	}
	if (all_open) {
		str_clear(&text);
		str_addf(&text, " %s", _("(every open state)"));
	}
	str_add(&text, str_text(&rest));
	add_note(out, text.len ? str_text(&text) + 1 : _("(before there is a case)"));
	str_release(&text);
	str_release(&rest);
}

static void
add_steps(struct str *out, const json_t *result)
{
	const json_t *parts = json_object_get(result, "parts");
	size_t i;
	json_t *row;

	add_heads(out, _("step"), parts);
	json_array_foreach(json_object_get(result, "steps"), i, row)
	{
		bool sign = json_is_true(json_object_get(row, "signed"));
		struct str name = STR_INIT;

		str_addf(&name, "%s%s", cli_string(row, "step"), sign ? " *" : "");
		pad(out, str_text(&name), NAME_COLS);
		add_cells(out, parts, json_object_get(row, "cells"));
		add_states(out, json_object_get(result, "states"), json_object_get(row, "cells"));
		str_release(&name);
	}
}

void
view_authority(struct cli *cli, const json_t *result, struct str *out)
{
	(void)cli;
	add_methods(out, result);
	str_add_char(out, '\n');
	add_steps(out, result);
	str_add_char(out, '\n');
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		str_addf(out, "%s  %s\n", heads[i].head, _(heads[i].label));
	}
	str_addf(out, "+    %s\n",
		_("may; of a step in the states below it, as far as the case "
		  "allows"));
	str_addf(out, "*    %s\n", _("a decision that is signed"));
}
