/* SPDX-License-Identifier: MIT */
/*
 * Reading policy/classification.ini: the table of what counts as an incident.
 */
#include <stdlib.h>
#include <string.h>

#include "procedure_read.h"
#include "words.h"

static const char *const category_kinds[] = {
	[CATEGORY_PLAIN] = "plain",
	[CATEGORY_SUSPICION] = "suspicion",
	[CATEGORY_EXCEPTION] = "exception",
	NULL,
};

#define AT(member) offsetof(struct classification, member)
static const struct def_key table_keys[] = {
	{ .name = "Version", .type = KEY_TEXT, .offset = AT(version), .required = true },
	{ .name = "ReasonYes", .type = KEY_WORDS, .offset = AT(reason_yes), .required = true },
	{ .name = "ReasonNo", .type = KEY_WORDS, .offset = AT(reason_no), .required = true },
	{ .name = "ReasonUnknown",
		.type = KEY_WORDS,
		.offset = AT(reason_unknown),
		.required = true },
	{ .name = "ReasonMajor", .type = KEY_WORDS, .offset = AT(reason_major), .required = true },
	{ .name = "ReasonMajorNo",
		.type = KEY_WORDS,
		.offset = AT(reason_major_no),
		.required = true },
	{ .name = "ReasonSuspected",
		.type = KEY_WORDS,
		.offset = AT(reason_suspected),
		.required = true },
};
#undef AT

#define AT(member) offsetof(struct category, member)
static const struct def_key category_keys[] = {
	{ .name = "Number", .type = KEY_INT, .offset = AT(number) },
	{ .name = "Kind",
		.type = KEY_CHOICE,
		.offset = AT(kind),
		.required = true,
		.words = category_kinds },
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Short", .type = KEY_WORDS, .offset = AT(short_label), .cols = SHORT_COLS },
	{ .name = "Question", .type = KEY_WORDS, .offset = AT(question) },
	{ .name = "Explain", .type = KEY_WORDS, .offset = AT(explain), .required = true },
	{ .name = "Examples", .type = KEY_WORDS, .offset = AT(examples), .required = true },
	{ .name = "Because", .type = KEY_WORDS, .offset = AT(because) },
	{ .name = "BecauseNot", .type = KEY_WORDS, .offset = AT(because_not) },
	{ .name = "Urgent", .type = KEY_FLAG, .offset = AT(urgent) },
};
#undef AT

static const struct def_kind kinds[] = {
	{ "table", false, table_keys, ARRAY_LEN(table_keys) },
	{ "category", true, category_keys, ARRAY_LEN(category_keys) },
};

/* The placeholders each sentence of the reason may have; the first it must have. */
static const struct {
	const char *key;
	const char *placeholders[4];
} reason_rules[] = {
	{ "ReasonYes", { "label", "number", "because" } },
	{ "ReasonNo", { "label", "number", "because" } },
	{ "ReasonUnknown", { "list" } },
	{ "ReasonMajor", { "label", "because" } },
	{ "ReasonMajorNo", { "label", "because" } },
	{ "ReasonSuspected", { "list", "number", "label" } },
};

static void
classification_check_reason(
	struct def_reader *r, const struct ini_entry *entry, const char *const *placeholders)
{
	struct word_list allowed = words_of(placeholders);
	const char *all = words_join(r->arena, &allowed, " ");
	bool named = false;

	for (const char *p = strchr(entry->value, '{'); p != NULL; p = strchr(p + 1, '{')) {
		size_t len = strcspn(p + 1, "}");
		const char *name = arena_strndup(r->arena, p + 1, len);

		if (name == NULL || all == NULL) {
			r->failed = true;
			return;
		}
		named = named || strcmp(name, placeholders[0]) == 0;
		if (p[1 + len] != '}' || !word_list_has(&allowed, name)) {
			ini_report(r->problems, r->path, entry->line, all,
				"%s has the placeholder {%s}, which is not filled in.", entry->key,
				name);
		}
	}
	if (!named) {
		ini_report(r->problems, r->path, entry->line, placeholders[0],
			"%s does not have the placeholder {%s}.", entry->key, placeholders[0]);
	}
}

static void
classification_check_reasons(struct def_reader *r, const struct ini_section *table)
{
	for (size_t i = 0; i < ARRAY_LEN(reason_rules); i++) {
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			const struct ini_entry *entry =
				def_entry(table, reason_rules[i].key, (enum lang)lang);

			if (entry != NULL) {
				classification_check_reason(r, entry, reason_rules[i].placeholders);
			}
		}
	}
}

/* What a category of its kind must have besides the common keys. */
static void
classification_check_category(
	struct def_reader *r, const struct ini_section *section, const struct category *category)
{
	static const char *const asked[] = { "Question", "Because", "BecauseNot" };
	for (size_t i = 0; category->kind != CATEGORY_SUSPICION && i < ARRAY_LEN(asked); i++) {
		if (def_entry(section, asked[i], LANG_EN) == NULL) {
			ini_report(r->problems, r->path, section->line, asked[i],
				"[category %s] is asked about, but has no %s.", section->name,
				asked[i]);
		}
	}
	if (category->kind != CATEGORY_EXCEPTION && category->number == 0) {
		ini_report(r->problems, r->path, def_line(section, "Number"), "Number from 1 on",
			"[category %s] has no number.", section->name);
	}
	if (category->kind == CATEGORY_EXCEPTION && category->number != 0) {
		ini_report(r->problems, r->path, def_line(section, "Number"), "no Number",
			"[category %s] is an exception laid on top of the others and has no "
			"number.",
			section->name);
	}
}

static int
classification_compare(const void *a, const void *b)
{
	const struct category *left = a;
	const struct category *right = b;

	if (left->kind != right->kind) {
		return left->kind < right->kind ? -1 : 1;
	}
	return (left->number > right->number) - (left->number < right->number);
}

/* Exactly one suspicion and one exception, and every number once. */
static void
classification_check_whole(
	struct def_reader *r, const struct ini_file *file, const struct classification *table)
{
	size_t of_kind[ARRAY_LEN(category_kinds)] = { 0 };

	for (size_t i = 0; i < table->n; i++) {
		of_kind[table->items[i].kind]++;
		for (size_t j = 0; j < i; j++) {
			const struct ini_section *section =
				ini_find(file, "category", table->items[i].key);

			if (table->items[i].number != 0 &&
				table->items[i].number == table->items[j].number) {
				ini_report(r->problems, r->path, def_line(section, "Number"),
					"a number of its own", "%s and %s both have number %d.",
					table->items[j].key, table->items[i].key,
					table->items[i].number);
			}
		}
	}
	for (int kind = CATEGORY_PLAIN; kind <= CATEGORY_EXCEPTION; kind++) {
		if (of_kind[kind] == 0 || (kind != CATEGORY_PLAIN && of_kind[kind] > 1)) {
			ini_report(r->problems, r->path, 0,
				kind == CATEGORY_PLAIN ? "at least one" : "exactly one",
				"The table has %zu categories of Kind=%s.", of_kind[kind],
				category_kinds[kind]);
		}
	}
}

void
classification_read(
	struct def_reader *r, const struct ini_file *file, struct classification *ret_table)
{
	const struct ini_section *head = ini_find(file, "table", NULL);
	size_t n = def_count(file, "category");
	struct category *items = def_array(r, n, sizeof(*items));
	size_t at = 0;

	def_check_sections(r, file, kinds, ARRAY_LEN(kinds));
	*ret_table = (struct classification){ .version = "",
		.reason_yes = words_empty,
		.reason_no = words_empty,
		.reason_unknown = words_empty,
		.reason_major = words_empty,
		.reason_major_no = words_empty,
		.reason_suspected = words_empty };
	if (items == NULL) {
		return;
	}
	if (head == NULL) {
		ini_report(r->problems, r->path, 0, "[table]", "There is no section [table].");
	} else {
		def_read_section(r, head, &kinds[0], ret_table);
		classification_check_reasons(r, head);
	}
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "category") != 0) {
			continue;
		}
		items[at] = (struct category){ .key = section->name,
			.label = words_empty,
			.short_label = words_empty,
			.question = words_empty,
			.explain = words_empty,
			.examples = words_empty,
			.because = words_empty,
			.because_not = words_empty };
		def_read_section(r, section, &kinds[1], &items[at]);
		classification_check_category(r, section, &items[at]);
		at++;
	}
	qsort(items, n, sizeof(*items), classification_compare);
	ret_table->items = items;
	ret_table->n = n;
	classification_check_whole(r, file, ret_table);
}

const struct category *
classification_find(const struct classification *table, const char *key)
{
	for (size_t i = 0; i < table->n; i++) {
		if (words_same(table->items[i].key, key)) {
			return &table->items[i];
		}
	}
	return NULL;
}
