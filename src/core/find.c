/* SPDX-License-Identifier: MIT */
/*
 * Reading the language of search.  The whole text is folded first, so that
 * full-width colons, quotes, blanks and letters need no care further down.
 */
#include "toban/core/find.h"

#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

#define PARTS_MOST 40

#define DAY_MS INT64_C(86400000)

static const struct {
	const char *name;
	const char *alias; /* what a Japanese keyboard types */
	const char *example;
} keys[FIND_KEYS] = {
	[FIND_ID] = { "id", "番号", "26-01" },
	[FIND_CLASS] = { "class", "分類", "3" },
	[FIND_STATE] = { "state", "状態", "open" },
	[FIND_MINE] = { "mine", "自分", "" },
	[FIND_SINCE] = { "since", "以降", "2025-04" },
	[FIND_UNTIL] = { "until", "以前", "yesterday" },
	[FIND_DEPT] = { "dept", "部門", "dc" },
	[FIND_OWNER] = { "owner", "所有者", "dc-owner" },
	[FIND_BY] = { "by", "記入者", "dc-operator-1" },
	[FIND_HAS] = { "has", "添付", "evidence" },
	[FIND_OVERDUE] = { "overdue", "期限超過", "yes" },
	[FIND_MAJOR] = { "major", "重大", "yes" },
	[FIND_DRILL] = { "drill", "訓練", "no" },
};

const char *
find_name(enum find_key key)
{
	return keys[key].name;
}

const char *
find_example(enum find_key key)
{
	return keys[key].example;
}

/* One part of the text: -"a phrase", state:open, word. */
struct part {
	const char *start; /* with what stands before it */
	const char *text;
	size_t len;
	bool not ;
	bool quoted;
};

struct reader {
	struct arena *arena;
	const char *folded;
	const char *at;
	const char *words[PARTS_MOST];
	const char *without[PARTS_MOST];
	struct find_filter filters[PARTS_MOST];
	size_t n_words;
	size_t n_without;
	size_t n_filters;
	struct find_fault *fault;
};

static size_t
chars_before(const struct reader *reader, const char *at)
{
	size_t n = 0;

	for (const char *c = reader->folded; c < at; c++) {
		n += ((unsigned char)*c & 0xc0) != 0x80;
	}
	return n;
}

static enum err
refuse(struct reader *reader, enum find_fault_kind kind, const struct part *part)
{
	const char *text = arena_strndup(reader->arena, part->text, part->len);

	*reader->fault =
		(struct find_fault){ kind, text ? text : "", chars_before(reader, part->start) };
	return text ? ERR_INVALID : ERR_NOMEM;
}

/* --- parts --------------------------------------------------------------------------- */

/* The next part of the text; false at its end.  An open quote reaches to the end. */
static bool
next_part(struct reader *reader, struct part *part, bool *ret_open)
{
	const char *at = reader->at + strspn(reader->at, " \t\n");

	*part = (struct part){ .start = at };
	*ret_open = false;
	if (*at == '\0') {
		return false;
	}
	if (*at == '-' && at[1] != '\0' && strchr(" \t\n", at[1]) == NULL) {
		part->not = true;
		at++;
	}
	if (*at == '"') {
		part->quoted = true;
		part->text = at + 1;
		part->len = strcspn(part->text, "\"");
		*ret_open = part->text[part->len] == '\0';
		reader->at = part->text + part->len + (*ret_open ? 0 : 1);
		return true;
	}
	part->text = at;
	part->len = strcspn(at, " \t\n");
	reader->at = at + part->len;
	return true;
}

/* The filter of that name; FIND_KEYS: there is none. */
static enum find_key
key_find(const char *name, size_t len)
{
	for (int i = 0; i < FIND_KEYS; i++) {
		if ((strlen(keys[i].name) == len && memcmp(keys[i].name, name, len) == 0) ||
			(strlen(keys[i].alias) == len && memcmp(keys[i].alias, name, len) == 0)) {
			return (enum find_key)i;
		}
	}
	return FIND_KEYS;
}

/*
 * How long the name before the colon is; 0: the part is a word.  22:13 is a time
 * and http://x an address, whatever their colons say.
 */
static size_t
name_len(const struct part *part)
{
	const char *colon = memchr(part->text, ':', part->len);
	size_t len = colon ? (size_t)(colon - part->text) : 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)part->text[i];

		if (c < 0x80 && (c < 'a' || c > 'z')) {
			return 0;
		}
	}
	return colon && colon[1] == '/' ? 0 : len;
}

static enum err
add_filter(struct reader *reader, const struct part *part, size_t len)
{
	const char *value;
	enum find_key key = key_find(part->text, len);

	if (key == FIND_KEYS) {
		return refuse(reader, FIND_UNKNOWN, part);
	}
	if (part->len == len + 1) {
		return refuse(reader, FIND_NO_VALUE, part);
	}
	value = arena_strndup(reader->arena, part->text + len + 1, part->len - len - 1);
	if (value == NULL) {
		return ERR_NOMEM;
	}
	reader->filters[reader->n_filters++] =
		(struct find_filter){ key, value, part->not, chars_before(reader, part->start) };
	return ERR_OK;
}

static enum err
add_part(struct reader *reader, const struct part *part)
{
	size_t len = part->quoted ? 0 : name_len(part);
	char *word;

	if (reader->n_words + reader->n_without + reader->n_filters == PARTS_MOST) {
		return refuse(reader, FIND_TOO_MANY, part);
	}
	if (len > 0) {
		return add_filter(reader, part, len);
	}
	if (part->len == 0) {
		return ERR_OK; /* "" asks for nothing */
	}
	word = arena_strndup(reader->arena, part->text, part->len);
	if (word == NULL) {
		return ERR_NOMEM;
	}
	if (!part->quoted && strcmp(word, "mine") == 0) {
		reader->filters[reader->n_filters++] = (struct find_filter){ FIND_MINE, "yes",
			part->not, chars_before(reader, part->start) };
	} else if (part->not ) {
		reader->without[reader->n_without++] = word;
	} else {
		reader->words[reader->n_words++] = word;
	}
	return ERR_OK;
}

/* --- public ---------------------------------------------------------------------------- */

static const char *
fold(struct arena *arena, const char *text)
{
	struct str folded = STR_INIT;
	const char *copy;

	text_fold(&folded, text, strlen(text));
	copy = folded.failed ? NULL : arena_strdup(arena, str_text(&folded));
	str_release(&folded);
	return copy;
}

static const char *const *
keep_words(struct arena *arena, const char *const *words, size_t n)
{
	const char **kept = arena_array(arena, n, sizeof(*kept));

	for (size_t i = 0; kept != NULL && i < n; i++) {
		kept[i] = words[i];
	}
	return kept;
}

static enum err
keep(const struct reader *reader, struct find_query *ret_query)
{
	struct find_filter *filters =
		arena_array(reader->arena, reader->n_filters, sizeof(*filters));
	struct find_query query = {
		.words = keep_words(reader->arena, reader->words, reader->n_words),
		.n_words = reader->n_words,
		.without = keep_words(reader->arena, reader->without, reader->n_without),
		.n_without = reader->n_without,
		.filters = filters,
		.n_filters = reader->n_filters,
	};

	if (query.words == NULL || query.without == NULL || filters == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < reader->n_filters; i++) {
		filters[i] = reader->filters[i];
	}
	*ret_query = query;
	return ERR_OK;
}

enum err
find_parse(struct arena *arena, const char *text, struct find_query *ret_query,
	struct find_fault *ret_fault)
{
	struct reader reader = { .arena = arena, .fault = ret_fault };
	struct part part;
	bool open = false;
	enum err err = ERR_OK;

	*ret_fault = (struct find_fault){ FIND_FINE, "", 0 };
	reader.folded = fold(arena, text);
	if (reader.folded == NULL) {
		return ERR_NOMEM;
	}
	reader.at = reader.folded;
	while (err == ERR_OK && next_part(&reader, &part, &open)) {
		err = open ? refuse(&reader, FIND_OPEN_QUOTE, &part) : add_part(&reader, &part);
	}
	if (err == ERR_OK && reader.n_words + reader.n_without + reader.n_filters == 0) {
		*ret_fault = (struct find_fault){ FIND_EMPTY, "", 0 };
		return ERR_INVALID;
	}
	return err == ERR_OK ? keep(&reader, ret_query) : err;
}

/* --- dates ------------------------------------------------------------------------------ */

/* "2025" or "2025-04" or "2025/04" as its first month; 0 months: it is neither. */
static int
whole_months(const char *value, int *ret_year, int *ret_month)
{
	char rest;

	if (strlen(value) == 4 && sscanf(value, "%4d%c", ret_year, &rest) == 1) {
		*ret_month = 1;
		return 12;
	}
	if ((strlen(value) == 7 || strlen(value) == 6) &&
		sscanf(value, "%4d%*1[-/]%2d%c", ret_year, ret_month, &rest) == 2 &&
		*ret_month >= 1 && *ret_month <= 12) {
		return 1;
	}
	return 0;
}

/* Whether the value names a day and no time of it. */
static bool
is_whole_day(const char *value)
{
	if (value[0] == '-' || strchr(value, ':') != NULL) {
		return false;
	}
	if (value[0] >= '0' && value[0] <= '9') {
		return strpbrk(value, "-/") != NULL;
	}
	return strcmp(value, "now") != 0 && strcmp(value, "今") != 0;
}

enum err
find_date(const char *value, stamp now, int offset_min, bool end, stamp *ret_at)
{
	char text[STAMP_SIZE];
	int year = 0;
	int month = 0;
	int months = whole_months(value, &year, &month);
	stamp at;
	enum err err;

	if (months == 0) {
		err = stamp_parse_loose(value, now, offset_min, &at);
		if (err == ERR_OK) {
			bool whole = is_whole_day(value);

			*ret_at = end && whole ? at + DAY_MS - 1 : at;
		}
		return err;
	}
	if (end) {
		month += months;
		year += (month - 1) / 12;
		month = (month - 1) % 12 + 1;
	}
	(void)snprintf(text, sizeof(text), "%04d-%02d-01", year, month);
	err = stamp_parse_loose(text, now, offset_min, &at);
	if (err == ERR_OK) {
		*ret_at = end ? at - 1 : at;
	}
	return err;
}
