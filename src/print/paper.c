/* SPDX-License-Identifier: MIT */
/*
 * Lines, headings and wrapped text of a printed record.
 */
#include "paper.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* Where the text begins behind a label. */
#define LABEL_COLS 26

const char *
paper_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

const char *
paper_words(const json_t *words)
{
	if (json_is_string(words)) {
		return json_string_value(words);
	}
	const char *text = paper_string(words, lang_word(i18n_lang()));
	return *text ? text : paper_string(words, "en");
}

const char *
paper_label(const struct paper *paper, const char *list, const char *name, const char *key)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(paper->procedure, list), i, row)
	{
		if (strcmp(paper_string(row, name), key) == 0) {
			const char *label = paper_words(json_object_get(row, "label"));
			return *label ? label : key;
		}
	}
	return key;
}

const char *
paper_mapped(const struct paper *paper, const char *map, const char *key)
{
	const char *label =
		paper_words(json_object_get(json_object_get(paper->procedure, map), key));
	return *label ? label : key;
}

void
paper_named(const struct paper *paper, const char *list, const char *id, struct str *out)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(paper->org, list), i, row)
	{
		if (strcmp(paper_string(row, "id"), id) == 0) {
			str_addf(out, "%s (%s)", paper_words(json_object_get(row, "name")), id);
			return;
		}
	}
	str_add(out, id);
}

void
paper_who(struct paper *paper, const char *label, const char *list, const char *id)
{
	struct str text = STR_INIT;
	paper_named(paper, list, id, &text);
	paper_line(paper, label, str_text(&text));
	str_release(&text);
}

void
paper_title(struct paper *paper, const char *text)
{
	str_add_repeat(paper->out, '=', PAPER_COLS);
	str_add_char(paper->out, '\n');
	paper_text(paper, 1, text);
	str_add_repeat(paper->out, '=', PAPER_COLS);
	str_add_char(paper->out, '\n');
}

void
paper_heading(struct paper *paper, const char *text)
{
	str_add_char(paper->out, '\n');
	paper_text(paper, 0, text);
	str_add_repeat(paper->out, '-', PAPER_COLS);
	str_add_char(paper->out, '\n');
}

/* The rows of `text`; the first one continues a line that already has `used` columns. */
static void
add_rows(struct paper *paper, int indent, int used, const char *text)
{
	struct str shown = STR_INIT;
	struct text_row *rows = NULL;
	size_t n = 0;
	text_show(&shown, text, strlen(text), TEXT_KEEP_NEWLINE);
	if (text_wrap(str_text(&shown), shown.len, PAPER_COLS - indent, &rows, &n) != ERR_OK) {
		paper->out->failed = true;
	}
	for (size_t i = 0; i < n; i++) {
		int blanks = i == 0 ? indent - used : indent;
		str_add_repeat(paper->out, ' ', (size_t)(blanks > 0 ? blanks : 0));
		str_add_n(
			paper->out, str_text(&shown) + rows[i].start, rows[i].end - rows[i].start);
		str_add_char(paper->out, '\n');
	}
	free(rows);
	str_release(&shown);
}

void
paper_text(struct paper *paper, int indent, const char *text)
{
	add_rows(paper, indent, 0, text);
}

void
paper_line(struct paper *paper, const char *label, const char *text)
{
	if (!*text) {
		return;
	}
	int used = text_width(label, strlen(label)) + 1;
	str_add(paper->out, " ");
	str_add(paper->out, label);
	if (used >= LABEL_COLS) {
		/* A long label stands on a line of its own. */
		str_add_char(paper->out, '\n');
		used = 0;
	}
	add_rows(paper, LABEL_COLS, used, text);
}

void
paper_time(struct paper *paper, const char *label, const char *rfc3339)
{
	struct str text = STR_INIT;
	if (strlen(rfc3339) >= 16 && rfc3339[10] == 'T') {
		str_add_n(&text, rfc3339, 10);
		str_add_char(&text, ' ');
		str_add_n(&text, rfc3339 + 11, 5);
	} else {
		str_add(&text, rfc3339);
	}
	paper_line(paper, label, str_text(&text));
	str_release(&text);
}
