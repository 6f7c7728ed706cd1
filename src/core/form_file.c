/* SPDX-License-Identifier: MIT */
/*
 * Reading *.form: one definition of a field drives entry, checking, printing
 * and storage.
 */
#include <string.h>

#include "procedure_read.h"
#include "toban/core/form.h"
#include "words.h"

#define LINE_MAX_CHARS 200
#define TEXT_MAX_CHARS 4000
#define LIST_MAX_ITEMS 100
#define PATH_MAX_CHARS 4096
#define TEXT_ROWS 4

static const char *const type_words[FIELD_TYPE_COUNT + 1] = {
	[FIELD_LINE] = "line",
	[FIELD_TEXT] = "text",
	[FIELD_TIME] = "time",
	[FIELD_DUE] = "due",
	[FIELD_CHOICE] = "choice",
	[FIELD_FLAG] = "flag",
	[FIELD_PERSON] = "person",
	[FIELD_PEOPLE] = "people",
	[FIELD_DEPARTMENT] = "department",
	[FIELD_DEPARTMENTS] = "departments",
	[FIELD_ANSWERS] = "answers",
	[FIELD_CATEGORIES] = "categories",
	[FIELD_CATEGORY] = "category",
	[FIELD_MEASURES] = "measures",
	[FIELD_MEASURE] = "measure",
	[FIELD_REVIEW_ITEM] = "review-item",
	[FIELD_CLOCK] = "clock",
	[FIELD_INCIDENT] = "incident",
	[FIELD_SEQ] = "seq",
	[FIELD_HASH] = "hash",
	[FIELD_FILE] = "file",
	[FIELD_TYPE_COUNT] = NULL,
};

static const char *const day_words[] = { "end", "start", NULL };

/* A field while it is read: what the struct keeps in another form. */
struct field_draft {
	struct form_field field;
	int type; /* enum field_type, -1 until read */
	int day;  /* place in day_words */
	struct word_list choices;
};

#define AT(member) offsetof(struct form, member)
static const struct def_key form_keys[] = {
	{ .name = "Version", .type = KEY_TEXT, .offset = AT(version), .required = true },
	{ .name = "Title", .type = KEY_WORDS, .offset = AT(title), .required = true },
};
#undef AT

#define AT(member) offsetof(struct field_draft, member)
static const struct def_key field_keys[] = {
	{ .name = "Type",
		.type = KEY_CHOICE,
		.offset = AT(type),
		.required = true,
		.words = type_words },
	{ .name = "Required", .type = KEY_FLAG, .offset = AT(field.required) },
	{ .name = "RequiredWhen", .type = KEY_TEXT, .offset = AT(field.required_when) },
	{ .name = "Personal", .type = KEY_FLAG, .offset = AT(field.personal) },
	{ .name = "PersonsOnly", .type = KEY_FLAG, .offset = AT(field.persons_only) },
	{ .name = "Day", .type = KEY_CHOICE, .offset = AT(day), .words = day_words },
	{ .name = "Max", .type = KEY_SIZE, .offset = AT(field.max_chars) },
	{ .name = "Rows", .type = KEY_INT, .offset = AT(field.rows) },
	{ .name = "Preset", .type = KEY_TEXT, .offset = AT(field.preset) },
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(field.label), .required = true },
	{ .name = "Help", .type = KEY_WORDS, .offset = AT(field.help) },
	{ .name = "Choices", .type = KEY_LIST, .offset = AT(choices) },
	{ .name = "Choice-", .type = KEY_PREFIX },
};
#undef AT

static const struct def_kind kinds[] = {
	{ "form", true, form_keys, ARRAY_LEN(form_keys) },
	{ "field", true, field_keys, ARRAY_LEN(field_keys) },
};

const char *
field_type_word(enum field_type type)
{
	return (int)type >= 0 && type < FIELD_TYPE_COUNT ? type_words[type] : NULL;
}

static size_t
form_default_max(enum field_type type)
{
	switch (type) {
	case FIELD_TEXT:
		return TEXT_MAX_CHARS;
	case FIELD_FILE:
		return PATH_MAX_CHARS;
	case FIELD_PEOPLE:
	case FIELD_DEPARTMENTS:
	case FIELD_CATEGORIES:
	case FIELD_MEASURES:
		return LIST_MAX_ITEMS;
	default:
		return LINE_MAX_CHARS;
	}
}

/* Labels of the choices; a choice without one is reported. */
static void
form_read_choices(
	struct def_reader *r, const struct ini_section *section, struct field_draft *draft)
{
	size_t n = draft->choices.n;
	struct form_choice *choices = def_array(r, n, sizeof(*choices));

	for (size_t i = 0; choices != NULL && i < n; i++) {
		const char *key = draft->choices.items[i];
		const char *name = arena_printf(r->arena, "Choice-%s", key);
		const struct ini_entry *en;
		const struct ini_entry *ja;

		choices[i] = (struct form_choice){ key, words_empty };
		if (name == NULL) {
			r->failed = true;
			return;
		}
		en = def_entry(section, name, LANG_EN);
		ja = def_entry(section, name, LANG_JA);
		if (en == NULL && ja == NULL) {
			ini_report(r->problems, r->path, def_line(section, "Choices"), name,
				"The choice %s of field %s has no label.", key, section->name);
		} else {
			def_read_words(r, en, ja, &choices[i].label);
		}
	}
	draft->field.choices = choices;
	draft->field.n_choices = choices != NULL ? n : 0;
}

static void
form_check_choices(
	struct def_reader *r, const struct ini_section *section, const struct field_draft *draft)
{
	static const char prefix[] = "Choice-";

	if (draft->type == FIELD_CHOICE && draft->choices.n == 0) {
		ini_report(r->problems, r->path, section->line, "Choices",
			"The choice field %s has no choices.", section->name);
	}
	if (draft->type != FIELD_CHOICE && draft->choices.n > 0) {
		ini_report(r->problems, r->path, def_line(section, "Choices"), "Type=choice",
			"The field %s is no choice, but has choices.", section->name);
	}
	for (size_t i = 0; i < section->n_entries; i++) {
		const struct ini_entry *entry = &section->entries[i];

		if (strncmp(entry->key, prefix, strlen(prefix)) == 0 &&
			!word_list_has(&draft->choices, entry->key + strlen(prefix))) {
			ini_report(r->problems, r->path, entry->line, "one of the words of Choices",
				"%s labels a choice that is not there.", entry->key);
		}
	}
}

static void
form_read_field(
	struct def_reader *r, const struct ini_section *section, struct form_field *ret_field)
{
	struct field_draft draft = {
		.field = { .key = section->name,
			.required_when = "",
			.preset = "",
			.label = words_empty,
			.help = words_empty,
			.line = section->line },
		.type = -1,
	};

	if (section->name[0] != '\0' && !words_is_plain(section->name, '_')) {
		ini_report(r->problems, r->path, section->line,
			"lower-case letters, digits and single underscores",
			"\"%s\" cannot be the key of a field.", section->name);
	}
	def_read_section(r, section, &kinds[1], &draft);
	form_check_choices(r, section, &draft);
	form_read_choices(r, section, &draft);
	draft.field.type = draft.type >= 0 ? (enum field_type)draft.type : FIELD_LINE;
	draft.field.day_start = draft.day == 1;
	if (draft.day == 1 && draft.type != FIELD_DUE) {
		ini_report(r->problems, r->path, def_line(section, "Day"), "Type=due",
			"Day says how a date is read, but %s is no date to come.", section->name);
	}
	if (draft.field.persons_only && draft.type != FIELD_PEOPLE) {
		ini_report(r->problems, r->path, def_line(section, "PersonsOnly"), "Type=people",
			"The field %s holds no people.", section->name);
	}
	if (draft.field.max_chars == 0) {
		draft.field.max_chars = form_default_max(draft.field.type);
	}
	if (draft.field.rows == 0) {
		draft.field.rows = draft.field.type == FIELD_TEXT ? TEXT_ROWS : 1;
	}
	*ret_field = draft.field;
}

static bool
form_has_choice(const struct form_field *field, const char *key)
{
	for (size_t i = 0; i < field->n_choices; i++) {
		if (strcmp(field->choices[i].key, key) == 0) {
			return true;
		}
	}
	return false;
}

/* RequiredWhen names another field, and a value that field can have. */
static void
form_check_required_when(
	struct def_reader *r, const struct form *form, const struct ini_section *section)
{
	const struct ini_entry *entry = def_entry(section, "RequiredWhen", LANG_EN);
	const struct form_field *other;
	const char *equals;
	const char *name;

	if (entry == NULL) {
		return;
	}
	equals = strchr(entry->value, '=');
	name = arena_strndup(r->arena, entry->value, strcspn(entry->value, "="));
	if (name == NULL) {
		r->failed = true;
		return;
	}
	other = form_field_find(form, name);
	if (equals == NULL || other == NULL || strcmp(other->key, section->name) == 0) {
		ini_report(r->problems, r->path, entry->line, "FIELD=VALUE with another field",
			"RequiredWhen is \"%s\".", entry->value);
		return;
	}
	if (other->type == FIELD_CHOICE && equals[1] != '\0' &&
		!form_has_choice(other, equals + 1)) {
		ini_report(r->problems, r->path, entry->line, "one of its choices",
			"The field %s never has the value \"%s\".", name, equals + 1);
	}
}

static void
form_check_preset(struct def_reader *r, const struct form *form, const struct ini_section *section)
{
	const struct ini_entry *entry = def_entry(section, "Preset", LANG_EN);
	const struct form_field *field = form_field_find(form, section->name);

	if (entry != NULL && field != NULL && field->type == FIELD_CHOICE &&
		!form_has_choice(field, entry->value)) {
		ini_report(r->problems, r->path, entry->line, "one of its choices",
			"The field %s never has the value \"%s\".", section->name, entry->value);
	}
}

static void
form_read_head(struct def_reader *r, const struct ini_file *file, struct form *form)
{
	const struct ini_section *head = ini_find(file, "form", NULL);

	if (head == NULL) {
		ini_report(r->problems, r->path, 0, "[form NAME]", "There is no section [form].");
		return;
	}
	if (def_count(file, "form") > 1) {
		ini_report(r->problems, r->path, 0, "one [form NAME] a file",
			"There is more than one section [form].");
	}
	form->name = head->name;
	def_read_section(r, head, &kinds[0], form);
}

void
form_file_read(struct def_reader *r, const struct def_source *source, struct form *ret_form)
{
	const struct ini_file *file = &source->ini;
	size_t n = def_count(file, "field");
	struct form_field *fields = def_array(r, n, sizeof(*fields));
	size_t at = 0;

	*ret_form = (struct form){ .name = "",
		.version = "",
		.path = file->path,
		.hash = source->hash,
		.title = words_empty };
	def_check_sections(r, file, kinds, ARRAY_LEN(kinds));
	form_read_head(r, file, ret_form);
	for (size_t i = 0; fields != NULL && i < file->n_sections; i++) {
		if (strcmp(file->sections[i].kind, "field") == 0) {
			form_read_field(r, &file->sections[i], &fields[at++]);
		}
	}
	ret_form->fields = fields;
	ret_form->n_fields = at;
	for (size_t i = 0; i < file->n_sections; i++) {
		if (strcmp(file->sections[i].kind, "field") == 0) {
			form_check_required_when(r, ret_form, &file->sections[i]);
			form_check_preset(r, ret_form, &file->sections[i]);
		}
	}
}

const struct form_field *
form_field_find(const struct form *form, const char *key)
{
	for (size_t i = 0; i < form->n_fields; i++) {
		if (words_same(form->fields[i].key, key)) {
			return &form->fields[i];
		}
	}
	return NULL;
}
