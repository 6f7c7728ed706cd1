/* SPDX-License-Identifier: MIT */
/*
 * Lines, headings and wrapped text of a printed record.  Everything passes
 * text_show() in paper_go_on(), labels and ids included: definition files and
 * an opened ledger are as little trusted as what people typed.
 */
#include "paper.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* Where the text begins behind a label. */
#define LABEL_COLS 24

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

static const json_t *
find_row(const json_t *rows, const char *name, const char *key)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (strcmp(paper_string(row, name), key) == 0) {
			return row;
		}
	}
	return NULL;
}

const char *
paper_label(const struct paper *paper, const char *list, const char *name, const char *key)
{
	const json_t *row = find_row(json_object_get(paper->procedure, list), name, key);
	const char *label = paper_words(json_object_get(row, "label"));
	return *label ? label : key;
}

const char *
paper_mapped(const struct paper *paper, const char *map, const char *key)
{
	const char *label =
		paper_words(json_object_get(json_object_get(paper->procedure, map), key));
	return *label ? label : key;
}

/* Appends a name; with the title when it has one and `titled`. */
static void
add_name(const struct paper *paper, const char *id, bool titled, struct str *out)
{
	const json_t *person = find_row(json_object_get(paper->org, "people"), "id", id);
	const json_t *department = find_row(json_object_get(paper->org, "departments"), "id", id);
	const json_t *row = person ? person : department;
	if (!row) {
		str_add(out, id);
		return;
	}
	const char *title = titled ? paper_words(json_object_get(row, "title")) : "";
	/* TRANSLATORS: a person on paper, with the id that stands in the ledger. */
	str_say(out, *title ? _("{name} ({id}), {title}") : "{name} ({id})",
		(struct str_arg[]){ { "name", paper_words(json_object_get(row, "name")) },
			{ "id", id }, { "title", title } },
		3);
}

void
paper_name(const struct paper *paper, const char *id, struct str *out)
{
	add_name(paper, id, true, out);
}

void
paper_short_name(const struct paper *paper, const char *id, struct str *out)
{
	add_name(paper, id, false, out);
}

void
paper_moment(const char *rfc3339, struct str *out)
{
	if (strlen(rfc3339) < 16 || rfc3339[10] != 'T') {
		str_add(out, rfc3339);
		return;
	}
	str_add_n(out, rfc3339, 10);
	str_add_char(out, ' ');
	str_add_n(out, rfc3339 + 11, 5);
}

/* Blanks at a break, ideographic ones as well, may hang over the edge of the page. */
static size_t
drop_blanks(const char *text, size_t start, size_t end)
{
	static const char wide[] = "\u3000";
	size_t n = sizeof(wide) - 1;
	for (;;) {
		if (end > start && text[end - 1] == ' ') {
			end--;
		} else if (end >= start + n && memcmp(text + end - n, wide, n) == 0) {
			end -= n;
		} else {
			return end;
		}
	}
}

void
paper_go_on(struct paper *paper, int indent, int used, const char *text)
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
		size_t end = drop_blanks(str_text(&shown), rows[i].start, rows[i].end);
		if (end > rows[i].start) {
			str_add_repeat(paper->out, ' ', (size_t)(blanks > 0 ? blanks : 0));
			str_add_n(
				paper->out, str_text(&shown) + rows[i].start, end - rows[i].start);
		}
		str_add_char(paper->out, '\n');
	}
	free(rows);
	str_release(&shown);
}

void
paper_text(struct paper *paper, int indent, const char *text)
{
	paper_go_on(paper, indent, 0, text);
}

void
paper_title(struct paper *paper, const char *text)
{
	int width = text_width(text, strlen(text));
	str_add_repeat(paper->out, '=', PAPER_COLS);
	str_add_char(paper->out, '\n');
	paper_text(paper, width < PAPER_COLS ? (PAPER_COLS - width) / 2 : 0, text);
	str_add_repeat(paper->out, '=', PAPER_COLS);
	str_add_char(paper->out, '\n');
}

void
paper_heading(struct paper *paper, const char *text)
{
	struct str line = STR_INIT;
	paper->section++;
	str_addf(&line, "%d. %s", paper->section, text);
	str_add_char(paper->out, '\n');
	paper_text(paper, 0, str_text(&line));
	str_add_repeat(paper->out, '-', PAPER_COLS);
	str_add_char(paper->out, '\n');
	str_release(&line);
}

void
paper_item(struct paper *paper, size_t index, const char *text)
{
	struct str mark = STR_INIT;
	str_addf(&mark, "(%zu)", index + 1);
	if (index > 0) {
		str_add_char(paper->out, '\n');
	}
	str_add_n(paper->out, str_text(&mark), mark.len);
	paper_go_on(paper, (int)mark.len + 1, (int)mark.len, text);
	str_release(&mark);
}

void
paper_line(struct paper *paper, const char *label, const char *text)
{
	if (!*text) {
		return;
	}
	struct str shown = STR_INIT;
	text_show(&shown, label, strlen(label), TEXT_LINE);
	int used = PAPER_MARGIN + text_width(str_text(&shown), shown.len);
	if (used < LABEL_COLS) {
		str_add_repeat(paper->out, ' ', PAPER_MARGIN);
		str_add_n(paper->out, str_text(&shown), shown.len);
	} else {
		/* A long label, such as a department's name, has rows of its own. */
		paper_text(paper, PAPER_MARGIN, str_text(&shown));
		used = 0;
	}
	paper_go_on(paper, LABEL_COLS, used, text);
	str_release(&shown);
}

/* --- members of a document ---------------------------------------------------- */

static void
show_text(const struct paper *paper, const json_t *value, struct str *out)
{
	(void)paper;
	str_add(out, paper_words(value));
}

static void
show_time(const struct paper *paper, const json_t *value, struct str *out)
{
	(void)paper;
	paper_moment(paper_words(value), out);
}

static void
show_name(const struct paper *paper, const json_t *value, struct str *out)
{
	if (*paper_words(value)) {
		paper_name(paper, paper_words(value), out);
	}
}

static void
show_names(const struct paper *paper, const json_t *value, struct str *out)
{
	size_t i;
	json_t *id;
	json_array_foreach(value, i, id)
	{
		str_add(out, i ? "\n" : "");
		show_name(paper, id, out);
	}
}

static void
show_state(const struct paper *paper, const json_t *value, struct str *out)
{
	str_add(out, paper_label(paper, "states", "name", paper_words(value)));
}

static void
show_answer(const struct paper *paper, const json_t *value, struct str *out)
{
	static const struct {
		const char *word;
		const char *text;
	} answers[] = {
		{ "yes", N_("yes") },
		{ "no", N_("no") },
		{ "unknown", N_("not known") },
	};
	(void)paper;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		if (strcmp(answers[i].word, paper_words(value)) == 0) {
			str_add(out, _(answers[i].text));
		}
	}
}

static void
show_number(const struct paper *paper, const json_t *value, struct str *out)
{
	(void)paper;
	if (json_is_integer(value)) {
		str_addf(out, "%lld", (long long)json_integer_value(value));
	}
}

void
paper_fields(struct paper *paper, const json_t *object, const struct paper_field *fields, size_t n)
{
	static void (*const shows[PAPER_KINDS])(
		const struct paper *, const json_t *, struct str *) = {
		[PAPER_TEXT] = show_text,
		[PAPER_TIME] = show_time,
		[PAPER_PERSON] = show_name,
		[PAPER_PEOPLE] = show_names,
		[PAPER_DEPARTMENT] = show_name,
		[PAPER_STATE] = show_state,
		[PAPER_ANSWER] = show_answer,
		[PAPER_NUMBER] = show_number,
		[PAPER_HASH] = show_text,
	};
	for (size_t i = 0; i < n; i++) {
		struct str text = STR_INIT;
		shows[fields[i].kind](paper, json_object_get(object, fields[i].key), &text);
		if (fields[i].kind == PAPER_HASH && text.len > 0) {
			paper_text(paper, PAPER_MARGIN, _(fields[i].label));
			paper_text(paper, 2 * PAPER_MARGIN, str_text(&text));
		} else {
			paper_line(paper, _(fields[i].label), str_text(&text));
		}
		str_release(&text);
	}
}
