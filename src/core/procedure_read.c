/* SPDX-License-Identifier: MIT */
/*
 * Reading sections of definition files by tables of keys: one small parser for
 * each type of value, and one loop that walks a table.
 */
#include "procedure_read.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/clock.h"
#include "toban/base/str.h"
#include "toban/base/text.h"
#include "words.h"

#define WORD_SEPARATORS " \t"

const struct words words_empty = { { "", "" } };

/* The two languages of one key; `en` is never NULL but for KEY_WORDS. */
struct def_text {
	const struct ini_entry *en;
	const struct ini_entry *ja;
};

typedef void def_parse(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret);

void *
def_array(struct def_reader *r, size_t n, size_t size)
{
	void *items = arena_array(r->arena, n, size);

	if (items == NULL) {
		r->failed = true;
	}
	return items;
}

void
def_refer(struct def_reader *r, enum def_ref_kind kind, const char *word, int line)
{
	struct def_ref *refs =
		arena_extend(r->arena, r->refs, r->n_refs, &r->cap_refs, sizeof(*refs));

	if (refs == NULL) {
		r->failed = true;
		return;
	}
	r->refs = refs;
	refs[r->n_refs++] = (struct def_ref){ kind, word, r->path, line };
}

const struct ini_entry *
def_entry(const struct ini_section *section, const char *key, enum lang lang)
{
	for (size_t i = 0; i < section->n_entries; i++) {
		const struct ini_entry *entry = &section->entries[i];

		if (entry->lang == lang && strcmp(entry->key, key) == 0) {
			return entry;
		}
	}
	return NULL;
}

int
def_line(const struct ini_section *section, const char *key)
{
	const struct ini_entry *entry = def_entry(section, key, LANG_EN);

	return entry != NULL ? entry->line : section->line;
}

size_t
def_count(const struct ini_file *file, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < file->n_sections; i++) {
		n += strcmp(file->sections[i].kind, kind) == 0;
	}
	return n;
}

/* Whether the word is plain, of kebab form; reports it otherwise. */
static bool
def_is_word(struct def_reader *r, const char *word, int line)
{
	if (words_is_plain(word, '-') || words_is_plain(word, '_')) {
		return true;
	}
	ini_report(r->problems, r->path, line, "lower-case letters, digits and single hyphens",
		"\"%s\" is no plain word.", word);
	return false;
}

static void
def_parse_text(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	(void)r;
	(void)key;
	*(const char **)ret = entry->value;
}

static void
def_parse_word(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	if (!def_is_word(r, entry->value, entry->line)) {
		return;
	}
	*(const char **)ret = entry->value;
	if (key->ref != REF_NONE) {
		def_refer(r, key->ref, entry->value, entry->line);
	}
}

/* The words of a list; an empty list where one is required is reported. */
static bool
def_split(struct def_reader *r, const struct ini_entry *entry, struct word_list *ret_list)
{
	if (!words_split(r->arena, entry->value, WORD_SEPARATORS, ret_list)) {
		r->failed = true;
		return false;
	}
	for (size_t i = 0; i < ret_list->n; i++) {
		struct word_list before = { ret_list->items, i };

		if (word_list_has(&before, ret_list->items[i])) {
			ini_report(r->problems, r->path, entry->line, "each word once",
				"%s names \"%s\" twice.", entry->key, ret_list->items[i]);
		}
	}
	return true;
}

static void
def_parse_list(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	struct word_list list;

	if (!def_split(r, entry, &list)) {
		return;
	}
	*(struct word_list *)ret = list;
	for (size_t i = 0; i < list.n; i++) {
		if (key->ref == REF_NONE ||
			(key->ref == REF_STATE && strcmp(list.items[i], "*") == 0)) {
			continue;
		}
		def_refer(r, key->ref, list.items[i], entry->line);
	}
}

static void
def_parse_flag(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	bool yes = strcmp(entry->value, "yes") == 0;

	if (!yes && strcmp(entry->value, "no") != 0) {
		ini_report(r->problems, r->path, entry->line, "yes or no", "%s is \"%s\".",
			key->name, entry->value);
		return;
	}
	*(bool *)ret = yes;
}

/* A number of digits within limits; reports it otherwise. */
static bool
def_number(struct def_reader *r, const struct ini_entry *entry, long min, long max, long *ret)
{
	char *end;
	long value = strtol(entry->value, &end, 10);

	if (entry->value[0] < '0' || entry->value[0] > '9' || *end != '\0' || value < min ||
		value > max) {
		const char *expected = arena_printf(r->arena, "a number from %ld to %ld", min, max);

		ini_report(r->problems, r->path, entry->line, expected != NULL ? expected : "",
			"%s is \"%s\".", entry->key, entry->value);
		return false;
	}
	*ret = value;
	return true;
}

static void
def_parse_int(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	long value;

	(void)key;
	if (def_number(r, entry, 0, 9999, &value)) {
		*(int *)ret = (int)value;
	}
}

static void
def_parse_size(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	long value;

	(void)key;
	if (def_number(r, entry, 1, 1000000, &value)) {
		*(size_t *)ret = (size_t)value;
	}
}

static void
def_parse_duration(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	int64_t ms;

	if (duration_parse(entry->value, &ms) != ERR_OK || ms <= 0) {
		ini_report(r->problems, r->path, entry->line,
			"a length of time such as 30m, 4h, 5d, more than nothing", "%s is \"%s\".",
			key->name, entry->value);
		return;
	}
	*(int64_t *)ret = ms;
}

static void
def_parse_date(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	const char *noon = arena_printf(r->arena, "%sT12:00:00Z", entry->value);
	stamp at;

	if (noon == NULL) {
		r->failed = true;
		return;
	}
	if (strlen(entry->value) != strlen("YYYY-MM-DD") || stamp_parse(noon, &at) != ERR_OK) {
		ini_report(r->problems, r->path, entry->line, "a date of the calendar, YYYY-MM-DD",
			"%s is \"%s\".", key->name, entry->value);
		return;
	}
	*(const char **)ret = entry->value;
}

static void
def_parse_choice(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	struct word_list words = words_of(key->words);
	const char *all;

	for (size_t i = 0; i < words.n; i++) {
		if (strcmp(words.items[i], entry->value) == 0) {
			*(int *)ret = (int)i;
			return;
		}
	}
	all = words_join(r->arena, &words, ", ");
	ini_report(r->problems, r->path, entry->line, all != NULL ? all : "", "%s is \"%s\".",
		key->name, entry->value);
}

/* Cuts `word` at its colon: *ret_first is what is before, the result what is after. */
static const char *
def_cut(struct def_reader *r, const char *word, const char **ret_first)
{
	const char *colon = strchr(word, ':');

	if (colon == NULL) {
		return NULL;
	}
	*ret_first = arena_strndup(r->arena, word, (size_t)(colon - word));
	if (*ret_first == NULL) {
		r->failed = true;
		return NULL;
	}
	return colon + 1;
}

/* A list of `from:to`; a word without a colon means "any:word". */
static void
def_parse_moves(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	struct word_list list;
	struct flow_move *moves;

	if (!def_split(r, entry, &list) || (moves = def_array(r, list.n, sizeof(*moves))) == NULL) {
		return;
	}
	for (size_t i = 0; i < list.n; i++) {
		moves[i].from = "*";
		moves[i].to = def_cut(r, list.items[i], &moves[i].from);
		if (moves[i].to == NULL) {
			moves[i].to = list.items[i];
		}
		if (key->type == KEY_MOVES && strcmp(moves[i].from, "*") != 0) {
			def_refer(r, REF_STATE, moves[i].from, entry->line);
		}
		if (strcmp(moves[i].to, "=") != 0) {
			def_refer(r, REF_STATE, moves[i].to, entry->line);
		}
	}
	*(const struct flow_move **)ret = moves;
	*(size_t *)(void *)((char *)ret - key->offset + key->offset_n) = list.n;
}

static void
def_parse_waits(
	struct def_reader *r, const struct def_key *key, const struct ini_entry *entry, void *ret)
{
	struct word_list list;
	struct flow_wait *waits;

	if (!def_split(r, entry, &list) || (waits = def_array(r, list.n, sizeof(*waits))) == NULL) {
		return;
	}
	for (size_t i = 0; i < list.n; i++) {
		waits[i].actor = "";
		waits[i].step = def_cut(r, list.items[i], &waits[i].actor);
		if (waits[i].step == NULL) {
			ini_report(r->problems, r->path, entry->line, "actor:step …",
				"\"%s\" does not say who is awaited to do what.", list.items[i]);
			waits[i].step = "";
			continue;
		}
		def_refer(r, REF_ACTOR, waits[i].actor, entry->line);
		def_refer(r, REF_STEP, waits[i].step, entry->line);
	}
	*(const struct flow_wait **)ret = waits;
	*(size_t *)(void *)((char *)ret - key->offset + key->offset_n) = list.n;
}

static def_parse *const parsers[KEY_TYPES] = {
	[KEY_TEXT] = def_parse_text,
	[KEY_WORD] = def_parse_word,
	[KEY_LIST] = def_parse_list,
	[KEY_FLAG] = def_parse_flag,
	[KEY_INT] = def_parse_int,
	[KEY_SIZE] = def_parse_size,
	[KEY_DURATION] = def_parse_duration,
	[KEY_DATE] = def_parse_date,
	[KEY_CHOICE] = def_parse_choice,
	[KEY_MOVES] = def_parse_moves,
	[KEY_BRANCHES] = def_parse_moves,
	[KEY_WAITS] = def_parse_waits,
};

void
def_read_words(struct def_reader *r, const struct ini_entry *en, const struct ini_entry *ja,
	struct words *ret_words)
{
	const struct ini_entry *any = en != NULL ? en : ja;

	if (en == NULL || en->value[0] == '\0') {
		ini_report(r->problems, r->path, any->line, "a text in English",
			"%s has no English text.", any->key);
	}
	if (ja == NULL || ja->value[0] == '\0') {
		ini_report(r->problems, r->path, any->line, "the same key with [ja] behind it",
			"%s has no Japanese text.", any->key);
	}
	ret_words->in[LANG_EN] = en != NULL ? en->value : "";
	ret_words->in[LANG_JA] = ja != NULL ? ja->value : ret_words->in[LANG_EN];
}

/* A text that is too wide would be cut just where it is needed. */
static void
def_check_cols(struct def_reader *r, const struct def_key *key, const struct ini_entry *entry)
{
	if (entry != NULL && key->cols > 0 &&
		text_width(entry->value, strlen(entry->value)) > key->cols) {
		ini_report(r->problems, r->path, entry->line, "a shorter text",
			"\"%s\" is too long for a narrow column of %d.", entry->value, key->cols);
	}
}

static void
def_read_key(struct def_reader *r, const struct ini_section *section, const struct def_key *key,
	void *ret)
{
	struct def_text text = { def_entry(section, key->name, LANG_EN),
		def_entry(section, key->name, LANG_JA) };

	if (text.en == NULL && text.ja == NULL) {
		if (key->required) {
			ini_report(r->problems, r->path, section->line, key->name,
				"[%s%s%s] has no %s.", section->kind,
				section->name[0] != '\0' ? " " : "", section->name, key->name);
		}
		return;
	}
	if (key->type == KEY_WORDS || (key->type == KEY_NAME && text.en == NULL)) {
		def_read_words(r, text.en, text.ja, ret);
		def_check_cols(r, key, text.en);
		def_check_cols(r, key, text.ja);
		return;
	}
	if (key->type == KEY_NAME) {
		*(struct words *)ret = (struct words){ { text.en->value,
			text.ja != NULL ? text.ja->value : text.en->value } };
		return;
	}
	if (text.ja != NULL) {
		ini_report(r->problems, r->path, text.ja->line, "the key without [ja]",
			"%s is no text for people and has no translation.", key->name);
	}
	if (text.en == NULL) {
		return;
	}
	if (text.en->value[strspn(text.en->value, WORD_SEPARATORS)] == '\0' && key->required) {
		ini_report(
			r->problems, r->path, text.en->line, "a value", "%s is empty.", key->name);
		return;
	}
	parsers[key->type](r, key, text.en, ret);
}

static bool
def_knows(const struct def_kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->n_keys; i++) {
		const struct def_key *key = &kind->keys[i];

		if (key->type == KEY_PREFIX ? strncmp(name, key->name, strlen(key->name)) == 0
					    : strcmp(name, key->name) == 0) {
			return true;
		}
	}
	return false;
}

static const char *
def_key_names(struct def_reader *r, const struct def_kind *kind)
{
	const char **names = def_array(r, kind->n_keys, sizeof(*names));
	struct word_list list = { names, kind->n_keys };
	const char *joined;

	if (names == NULL) {
		return "";
	}
	for (size_t i = 0; i < kind->n_keys; i++) {
		names[i] = kind->keys[i].name;
	}
	joined = words_join(r->arena, &list, ", ");
	return joined != NULL ? joined : "";
}

void
def_read_section(struct def_reader *r, const struct ini_section *section,
	const struct def_kind *kind, void *ret)
{
	for (size_t i = 0; i < kind->n_keys; i++) {
		const struct def_key *key = &kind->keys[i];

		if (key->type != KEY_PREFIX) {
			def_read_key(r, section, key, (char *)ret + key->offset);
		}
	}
	for (size_t i = 0; i < section->n_entries; i++) {
		const struct ini_entry *entry = &section->entries[i];

		if (!def_knows(kind, entry->key)) {
			ini_report(r->problems, r->path, entry->line, def_key_names(r, kind),
				"[%s] has no key %s.", section->kind, entry->key);
		}
	}
}

static const struct def_kind *
def_kind_find(const struct def_kind *kinds, size_t n_kinds, const char *kind)
{
	for (size_t i = 0; i < n_kinds; i++) {
		if (strcmp(kinds[i].kind, kind) == 0) {
			return &kinds[i];
		}
	}
	return NULL;
}

static const char *
def_kind_names(struct def_reader *r, const struct def_kind *kinds, size_t n_kinds)
{
	struct str text = STR_INIT;
	const char *names;

	for (size_t i = 0; i < n_kinds; i++) {
		str_addf(&text, "%s[%s%s]", i > 0 ? ", " : "", kinds[i].kind,
			kinds[i].named ? " NAME" : "");
	}
	names = arena_strdup(r->arena, str_text(&text));
	str_release(&text);
	return names != NULL ? names : "";
}

static void
def_check_section(
	struct def_reader *r, const struct ini_file *file, size_t at, const struct def_kind *kind)
{
	const struct ini_section *section = &file->sections[at];

	if (kind->named && section->name[0] == '\0') {
		ini_report(r->problems, r->path, section->line, "a name behind the kind",
			"[%s] has no name.", section->kind);
	}
	for (size_t i = 0; i < at; i++) {
		const struct ini_section *other = &file->sections[i];

		if (strcmp(other->kind, section->kind) == 0 &&
			(!kind->named || strcmp(other->name, section->name) == 0)) {
			ini_report(r->problems, r->path, section->line, "each once",
				"[%s%s%s] is there twice; the first is in line %d.", section->kind,
				section->name[0] != '\0' ? " " : "", section->name, other->line);
			return;
		}
	}
}

void
def_check_sections(struct def_reader *r, const struct ini_file *file, const struct def_kind *kinds,
	size_t n_kinds)
{
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];
		const struct def_kind *kind = def_kind_find(kinds, n_kinds, section->kind);

		if (kind == NULL) {
			ini_report(r->problems, r->path, section->line,
				def_kind_names(r, kinds, n_kinds),
				"There is no section [%s] in this file.", section->kind);
			continue;
		}
		def_check_section(r, file, i, kind);
	}
}
