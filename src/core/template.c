/* SPDX-License-Identifier: MIT */
/*
 * Reading message/NAME.ini, the wording of messages.  A slip in it would be
 * noticed in the night of the accident, so everything is looked at here: every
 * placeholder, both languages, and that no type of message is left without a
 * text.
 */
#include "template_read.h"

#include <string.h>

#include "toban/base/attr.h"
#include "words.h"

#define ANY "*"
#define FOLDER "message/"
#define ENDING ".ini"

/* What docs/forms.md describes; src/notify/facts.c says where each comes from. */
static const char *const placeholders[] = { "id", "title", "step", "category", "categories",
	"department", "actor", "decider", "contact", "phone", "situation", "time", "type", "text",
	"by", "to", "open", "late", "watched", "limit", "count", NULL };

static const char *const default_languages[] = { "ja", "en", NULL };

#define AT(member) offsetof(struct message_template, member)
static const struct def_key template_keys[] = {
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Languages", .type = KEY_LIST, .offset = AT(languages) },
};
#undef AT

#define AT(member) offsetof(struct message_text, member)
static const struct def_key text_keys[] = {
	{ .name = "Heading", .type = KEY_WORDS, .offset = AT(heading), .required = true },
	{ .name = "Text", .type = KEY_WORDS, .offset = AT(text), .required = true },
};
#undef AT

static const struct def_kind kinds[] = {
	{ "template", false, template_keys, ARRAY_LEN(template_keys) },
	{ "message", true, text_keys, ARRAY_LEN(text_keys) },
};

/* --- checks ----------------------------------------------------------------------- */

/* Reports every {…} of a text that is no placeholder. */
static void
check_placeholders(struct def_reader *r, const struct ini_entry *entry)
{
	struct word_list known = words_of(placeholders);
	const char *open = strchr(entry->value, '{');

	for (; open != NULL; open = strchr(open + 1, '{')) {
		size_t len = strcspn(open + 1, "{}");
		const char *word = arena_strndup(r->arena, open + 1, len);
		const char *all;

		if (word == NULL) {
			r->failed = true;
			return;
		}
		if (open[1 + len] == '}' && word_list_has(&known, word)) {
			continue;
		}
		all = words_join(r->arena, &known, ", ");
		ini_report(r->problems, r->path, entry->line, all != NULL ? all : "",
			"%s has no placeholder {%s}.", entry->key, word);
	}
}

static void
check_section(struct def_reader *r, const struct ini_section *section)
{
	for (size_t i = 0; i < section->n_entries; i++) {
		check_placeholders(r, &section->entries[i]);
	}
	if (strspn(section->name, "abcdefghijklmnopqrstuvwxyz0123456789-.*") !=
		strlen(section->name)) {
		ini_report(r->problems, r->path, section->line, "a type, a family such as "
			"incident.*, or *",
			"[message %s] names no type of message.", section->name);
	}
}

/* A heading is one line: of a mail it is the subject. */
static void
check_heading(struct def_reader *r, const struct ini_section *section)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		const struct ini_entry *entry = def_entry(section, "Heading", lang);

		if (entry != NULL && strchr(entry->value, '\n') != NULL) {
			ini_report(r->problems, r->path, entry->line, "one line",
				"The heading has several lines.");
		}
	}
}

static void
check_languages(
	struct def_reader *r, const struct ini_section *section, const struct message_template *t)
{
	struct word_list known = words_of(default_languages);

	for (size_t i = 0; i < t->languages.n; i++) {
		if (!word_list_has(&known, t->languages.items[i])) {
			ini_report(r->problems, r->path, def_line(section, "Languages"), "ja, en",
				"There is no language \"%s\".", t->languages.items[i]);
		}
	}
}

/* The last text fits everything, and nothing stands behind it. */
static void
check_whole(struct def_reader *r, const struct message_template *t)
{
	bool all = false;

	for (size_t i = 0; i < t->n_texts; i++) {
		if (all) {
			ini_report(r->problems, r->path, t->texts[i].line,
				"[message *] as the last one", "[message %s] is never reached.",
				t->texts[i].types);
		}
		all = all || strcmp(t->texts[i].types, ANY) == 0;
	}
	if (!all) {
		ini_report(r->problems, r->path, 0, "[message *] as the last one",
			"Some types of messages have no text.");
	}
}

/* --- reading ---------------------------------------------------------------------- */

static void
read_text(struct def_reader *r, const struct ini_section *section, struct message_text *ret_text)
{
	*ret_text = (struct message_text){
		.types = section->name,
		.heading = words_empty,
		.text = words_empty,
		.line = section->line,
	};
	def_read_section(r, section, &kinds[1], ret_text);
	check_section(r, section);
	check_heading(r, section);
}

static const char *
name_of_path(struct def_reader *r)
{
	const char *start = r->path + strlen(FOLDER);
	const char *name = arena_strndup(r->arena, start, strlen(start) - strlen(ENDING));

	if (name == NULL) {
		r->failed = true;
		return "";
	}
	if (!words_is_plain(name, '-')) {
		ini_report(r->problems, r->path, 0, "lower-case letters, digits and single hyphens",
			"The file's name is the template's: \"%s\" is no plain word.", name);
	}
	return name;
}

void
template_read(
	struct def_reader *r, const struct ini_file *file, struct message_template *ret_template)
{
	const struct ini_section *head = ini_find(file, "template", NULL);
	struct message_text *texts = def_array(r, def_count(file, "message"), sizeof(*texts));
	struct message_template t = {
		.name = name_of_path(r),
		.label = words_empty,
		.texts = texts,
	};

	def_check_sections(r, file, kinds, ARRAY_LEN(kinds));
	if (head == NULL) {
		ini_report(r->problems, r->path, 0, "[template]", "The file has no [template].");
	} else {
		def_read_section(r, head, &kinds[0], &t);
		check_languages(r, head, &t);
	}
	for (size_t i = 0; texts != NULL && i < file->n_sections; i++) {
		if (strcmp(file->sections[i].kind, "message") == 0) {
			read_text(r, &file->sections[i], &texts[t.n_texts++]);
		}
	}
	if (t.languages.n == 0) {
		t.languages = words_of(default_languages);
	}
	check_whole(r, &t);
	*ret_template = t;
}

/* --- public ----------------------------------------------------------------------- */

const char *const *
template_placeholders(void)
{
	return placeholders;
}

const struct message_template *
procedure_template(const struct procedure *p, const char *name)
{
	for (size_t i = 0; i < p->n_templates; i++) {
		if (strcmp(p->templates[i].name, name) == 0) {
			return &p->templates[i];
		}
	}
	return NULL;
}

static bool
types_fit(const char *types, const char *type)
{
	size_t len = strlen(types);

	if (len > 0 && types[len - 1] == '*') {
		return strncmp(types, type, len - 1) == 0;
	}
	return strcmp(types, type) == 0;
}

const struct message_text *
template_text(const struct message_template *t, const char *type)
{
	for (size_t i = 0; i < t->n_texts; i++) {
		if (types_fit(t->texts[i].types, type)) {
			return &t->texts[i];
		}
	}
	return NULL;
}
