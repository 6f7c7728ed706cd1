/* SPDX-License-Identifier: MIT */
/*
 * The reader of definition files.  One pass over the lines; every fault is
 * reported with its line, and reading goes on, so that a person sees all of
 * them at once.
 */
#include "toban/base/ini.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

/* Generous for any text of a procedure, small enough to stop a wrong file. */
#define LINE_MAX_BYTES 65536

#define KEY_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

/* The file being read. */
struct reader {
	struct arena *arena;
	const char *path;
	struct ini_problems *problems;
	int line;
	bool nomem;
	bool skip; /* the section's head was faulty: its entries have no home */
	struct ini_section *sections;
	size_t n_sections;
	size_t cap_sections;
	struct ini_entry *entries; /* of the section being read */
	size_t n_entries;
	size_t cap_entries;
};

/* A piece of the file, not NUL-terminated. */
struct span {
	const char *at;
	size_t len;
};

/* arena_extend() that remembers in `nomem` that memory is out. */
static void *
array_grown(struct reader *r, void *items, size_t n, size_t *cap, size_t size)
{
	void *grown = arena_extend(r->arena, items, n, cap, size);

	r->nomem = r->nomem || grown == NULL;
	return grown;
}

static struct span
span_trim(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t')) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t')) {
		s.len--;
	}
	return s;
}

/* The first blank-separated word of `s`; *rest is what follows, trimmed. */
static struct span
span_word(struct span s, struct span *rest)
{
	size_t len = 0;

	while (len < s.len && s.at[len] != ' ' && s.at[len] != '\t') {
		len++;
	}
	*rest = span_trim((struct span){ s.at + len, s.len - len });
	return (struct span){ s.at, len };
}

static bool
span_is_key(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\0' || strchr(KEY_BYTES, s.at[i]) == NULL) {
			return false;
		}
	}
	return s.len > 0;
}

/* How many bytes of `s` a message quotes: about 40, whole characters. */
static int
span_quoted(struct span s)
{
	size_t n = s.len > 40 ? 40 : s.len;

	while (n > 0 && n < s.len && (s.at[n] & 0xc0) == 0x80) {
		n--;
	}
	return (int)n;
}

static const char *
reader_copy(struct reader *r, struct span s)
{
	char *copy = arena_strndup(r->arena, s.at, s.len);

	r->nomem = r->nomem || copy == NULL;
	return copy;
}

/* Orders entries by key, then language, then place in the file. */
static int
entry_compare(const void *a, const void *b)
{
	const struct ini_entry *x = *(struct ini_entry *const *)a;
	const struct ini_entry *y = *(struct ini_entry *const *)b;
	int order = strcmp(x->key, y->key);

	if (order == 0) {
		order = (x->lang > y->lang) - (x->lang < y->lang);
	}
	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/*
 * Reports and drops every key written twice.  By sorting, because a hostile
 * file may hold a million keys in one section.
 */
static void
section_drop_doubles(struct reader *r)
{
	size_t n = r->n_entries;
	struct ini_entry **sorted = NULL;
	size_t kept = 0;

	if (n < 2) {
		return;
	}
	sorted = malloc(n * sizeof(struct ini_entry *));
	if (sorted == NULL) {
		r->nomem = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		sorted[i] = &r->entries[i];
	}
	qsort(sorted, n, sizeof(struct ini_entry *), entry_compare);
	for (size_t i = 1, first = 0; i < n; i++) {
		if (strcmp(sorted[i]->key, sorted[first]->key) != 0 ||
			sorted[i]->lang != sorted[first]->lang) {
			first = i;
			continue;
		}
		ini_report(r->problems, r->path, sorted[i]->line, "each key once in a section",
			"The key %s%s was already given in line %d.", sorted[i]->key,
			sorted[i]->lang == LANG_JA ? "[ja]" : "", sorted[first]->line);
		sorted[i]->line = 0; /* marked for the loop below */
	}
	free(sorted);
	for (size_t i = 0; i < n; i++) {
		if (r->entries[i].line != 0) {
			r->entries[kept++] = r->entries[i];
		}
	}
	r->n_entries = kept;
}

static void
section_end(struct reader *r)
{
	if (r->n_sections > 0 && !r->skip) {
		section_drop_doubles(r);
		r->sections[r->n_sections - 1].entries = r->entries;
		r->sections[r->n_sections - 1].n_entries = r->n_entries;
	}
	r->entries = NULL;
	r->n_entries = 0;
	r->cap_entries = 0;
}

/* "[kind name]" */
static void
section_begin(struct reader *r, struct span line)
{
	struct ini_section section = { .line = r->line };
	struct span name = { 0 };
	struct span kind = { 0 };
	struct ini_section *grown = NULL;

	section_end(r);
	r->skip = true;
	if (line.at[line.len - 1] != ']') {
		ini_report(r->problems, r->path, r->line, "[kind name]",
			"The section head is not closed by \"]\".");
		return;
	}
	kind = span_word(span_trim((struct span){ line.at + 1, line.len - 2 }), &name);
	if (!span_is_key(kind) || memchr(name.at, '[', name.len) != NULL ||
		memchr(name.at, ']', name.len) != NULL) {
		ini_report(r->problems, r->path, r->line, "[kind name]",
			"The section head \"%.*s\" has no proper kind and name.", span_quoted(line),
			line.at);
		return;
	}
	section.kind = reader_copy(r, kind);
	section.name = reader_copy(r, name);
	grown = array_grown(r, r->sections, r->n_sections, &r->cap_sections, sizeof(*grown));
	if (grown != NULL) {
		r->sections = grown;
		r->sections[r->n_sections++] = section;
		r->skip = false;
	}
}

/* Splits "Key[ja]" into key and language; false after reporting a fault. */
static bool
entry_key(struct reader *r, struct span left, struct span *ret_key, enum lang *ret_lang)
{
	const char *open = memchr(left.at, '[', left.len);
	struct span key = left;
	enum lang lang = LANG_EN;

	if (open != NULL) {
		struct span word = { open + 1, left.len - (size_t)(open - left.at) - 1 };

		key.len = (size_t)(open - left.at);
		while (lang < LANG_COUNT &&
			!(word.len == strlen(lang_word(lang)) + 1 &&
				memcmp(word.at, lang_word(lang), word.len - 1) == 0 &&
				word.at[word.len - 1] == ']')) {
			lang++;
		}
		if (lang == LANG_COUNT) {
			ini_report(r->problems, r->path, r->line, "Key[ja]=value or Key=value",
				"The language in \"%.*s\" is not known.", span_quoted(left),
				left.at);
			return false;
		}
	}
	key = span_trim(key);
	if (!span_is_key(key)) {
		ini_report(r->problems, r->path, r->line,
			"a key of ASCII letters, digits, \"-\", \"_\" and \".\" before \"=\"",
			"\"%.*s\" is no key.", span_quoted(left), left.at);
		return false;
	}
	*ret_key = key;
	*ret_lang = lang;
	return true;
}

/* The value with its escapes undone; NULL when memory is out or after a report. */
static const char *
entry_value(struct reader *r, struct span raw)
{
	char *value = arena_alloc(r->arena, raw.len + 1);
	size_t n = 0;

	if (value == NULL) {
		r->nomem = true;
		return NULL;
	}
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.at[i];

		if (c != '\\') {
			value[n++] = c;
			continue;
		}
		i++;
		if (i < raw.len && raw.at[i] == 'n') {
			value[n++] = '\n';
		} else if (i < raw.len && raw.at[i] == '\\') {
			value[n++] = '\\';
		} else {
			ini_report(r->problems, r->path, r->line,
				"\\n for a line break, \\\\ for a backslash",
				"A backslash is followed by something else.");
			return NULL;
		}
	}
	return value;
}

/* "Key=value" or "Key[ja]=value" */
static void
entry_read(struct reader *r, struct span line)
{
	const char *equals = memchr(line.at, '=', line.len);
	struct ini_entry entry = { .line = r->line };
	struct ini_entry *grown = NULL;
	struct span key = { 0 };
	struct span raw = { 0 };

	if (equals == NULL) {
		ini_report(r->problems, r->path, r->line,
			"Key=value, [kind name], or a comment that begins with #",
			"The line \"%.*s\" is none of these.", span_quoted(line), line.at);
		return;
	}
	if (r->n_sections == 0 && !r->skip) {
		ini_report(r->problems, r->path, r->line, "[kind name] before the first key",
			"The key stands outside of any section.");
		return;
	}
	raw = span_trim((struct span){ equals + 1, line.len - (size_t)(equals - line.at) - 1 });
	line.len = (size_t)(equals - line.at);
	if (!entry_key(r, span_trim(line), &key, &entry.lang)) {
		return;
	}
	entry.key = reader_copy(r, key);
	entry.value = entry_value(r, raw);
	if (entry.key == NULL || entry.value == NULL || r->skip) {
		return;
	}
	grown = array_grown(r, r->entries, r->n_entries, &r->cap_entries, sizeof(*grown));
	if (grown != NULL) {
		r->entries = grown;
		r->entries[r->n_entries++] = entry;
	}
}

/* Whether the bytes of a line may be read at all; reports what is wrong. */
static bool
line_check(struct reader *r, struct span line)
{
	size_t at = 0;

	if (line.len > LINE_MAX_BYTES) {
		ini_report(r->problems, r->path, r->line, "lines of at most 64 KiB",
			"The line has %zu bytes.", line.len);
		return false;
	}
	if (memchr(line.at, '\0', line.len) != NULL) {
		ini_report(r->problems, r->path, r->line, "text",
			"The line holds a NUL byte: this is no text file.");
		return false;
	}
	if (!utf8_valid(line.at, line.len)) {
		ini_report(r->problems, r->path, r->line, "UTF-8",
			"The line holds bytes that are no UTF-8.");
		return false;
	}
	if (!text_input_ok(line.at, line.len, &at)) {
		ini_report(r->problems, r->path, r->line, "text without control characters",
			"The line holds a control character at byte %zu.", at + 1);
		return false;
	}
	return true;
}

static void
line_read(struct reader *r, struct span line)
{
	if (line.len > 0 && line.at[line.len - 1] == '\r') {
		line.len--;
	}
	if (!line_check(r, line)) {
		return;
	}
	line = span_trim(line);
	if (line.len == 0 || line.at[0] == '#') {
		return;
	}
	if (line.at[0] == '[') {
		section_begin(r, line);
	} else {
		entry_read(r, line);
	}
}

/* Names of files come from a folder and may hold any byte. */
static char *
shown_copy(struct arena *arena, const char *text)
{
	struct str shown = STR_INIT;
	char *copy = NULL;

	text_show(&shown, text, strlen(text), TEXT_LINE);
	copy = shown.failed ? NULL : arena_strdup(arena, str_text(&shown));
	str_release(&shown);
	return copy;
}

void
ini_report(struct ini_problems *problems, const char *path, int line, const char *expected,
	const char *fmt, ...)
{
	struct ini_problem problem = { .line = line };
	struct ini_problem *items = NULL;
	va_list args;

	va_start(args, fmt);
	problem.text = text_vprintf(problems->arena, fmt, args);
	va_end(args);
	items = arena_extend(
		problems->arena, problems->items, problems->n, &problems->cap, sizeof(*items));
	problem.path = shown_copy(problems->arena, path);
	problem.expected = arena_strdup(problems->arena, expected);
	if (items == NULL) {
		problems->lost++;
		return;
	}
	problems->items = items;
	if (problem.text == NULL || problem.path == NULL || problem.expected == NULL) {
		problems->lost++;
		return;
	}
	items[problems->n++] = problem;
}

enum err
ini_parse(const char *path, const char *data, size_t len, struct ini_problems *problems,
	struct ini_file *ret_file)
{
	struct reader r = { .arena = problems->arena, .path = path, .problems = problems };
	size_t before = problems->n + problems->lost;
	size_t at = 0;
	const char *kept_path = arena_strdup(r.arena, path);

	if (kept_path == NULL) {
		return ERR_NOMEM;
	}
	/* Editors on Windows begin UTF-8 files with a byte order mark. */
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		at = 3;
	}
	while (at < len && !r.nomem) {
		const char *end = memchr(data + at, '\n', len - at);
		size_t line_len = end != NULL ? (size_t)(end - data) - at : len - at;

		r.line++;
		line_read(&r, (struct span){ data + at, line_len });
		at += line_len + 1;
	}
	section_end(&r);
	if (r.nomem) {
		return ERR_NOMEM;
	}
	*ret_file = (struct ini_file){
		.path = kept_path,
		.sections = r.sections,
		.n_sections = r.n_sections,
	};
	return problems->n + problems->lost > before ? ERR_INVALID : ERR_OK;
}

const char *
ini_get(const struct ini_section *section, const char *key, enum lang lang)
{
	const char *english = NULL;

	for (size_t i = 0; i < section->n_entries; i++) {
		const struct ini_entry *e = &section->entries[i];

		if (strcmp(e->key, key) != 0) {
			continue;
		}
		if (e->lang == lang) {
			return e->value;
		}
		if (e->lang == LANG_EN) {
			english = e->value;
		}
	}
	return english;
}

const struct ini_section *
ini_find(const struct ini_file *file, const char *kind, const char *name)
{
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *s = &file->sections[i];

		if (strcmp(s->kind, kind) == 0 && (name == NULL || strcmp(s->name, name) == 0)) {
			return s;
		}
	}
	return NULL;
}
