/* SPDX-License-Identifier: MIT */
/*
 * What is kept of an erased entry, and finding its words elsewhere: see erasure.h.
 */
#include "toban/core/erasure.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/str.h"
#include "toban/core/alert.h"
#include "toban/core/duty.h"
#include "toban/core/handover.h"

/* A text of so many bytes that stands somewhere is no chance; shorter ones may be. */
#define PART_LEAST 12

/* Shorter texts say nothing of anybody, and would be found in every word. */
#define WHOLE_LEAST 3

#define DEPTH_MOST 64

/* --- what of an entry people wrote --------------------------------------------------- */

/* Members that hold words of people, whatever they are: a text, a list, an object. */
static const char *const alert_texts[] = { "key", "title", "text", "occurrence", "at", "place",
	"asset", "labels", "why", NULL };
static const char *const handover_texts[] = { "text", NULL };
static const char *const duty_texts[] = { "why", "value", NULL };
static const char *const access_texts[] = { "why", NULL };

static const struct {
	const char *subject;
	bool prefix; /* the subject begins with it */
	enum erasable answer;
	const char *const *texts;
} rules[] = {
	{ SUBJECT_ALERT, true, ERASABLE, alert_texts },
	{ SUBJECT_HANDOVER, true, ERASABLE, handover_texts },
	{ SUBJECT_DUTY, false, ERASABLE, duty_texts },
	{ "access", false, ERASABLE, access_texts },
	{ SUBJECT_ORG, false, ERASABLE_RIGHTS, NULL },
	{ SUBJECT_PROCEDURE, false, ERASABLE_RIGHTS, NULL },
	{ SUBJECT_DESK, false, ERASABLE_RIGHTS, NULL },
	{ "keys", false, ERASABLE_RIGHTS, NULL },
	{ SUBJECT_CLOCK, false, ERASABLE_NOTHING, NULL },
	{ SUBJECT_ERASURE, false, ERASABLE_RIGHTS, NULL },
};

static bool
subject_is(const char *subject, size_t rule)
{
	size_t len = strlen(rules[rule].subject);

	return strncmp(subject, rules[rule].subject, len) == 0 &&
		(rules[rule].prefix || subject[len] == '\0');
}

/* Replaces every text below `value` that is not empty; true: there was one. */
static bool
blank_value(json_t *value, int depth)
{
	bool any = false;
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value) && json_string_length(value) > 0) {
		return json_string_set(value, ERASED_MARK) == 0;
	}
	if (depth == DEPTH_MOST) {
		return false;
	}
	json_array_foreach(value, i, item)
	{
		any |= blank_value(item, depth + 1);
	}
	json_object_foreach(value, key, item)
	{
		any |= blank_value(item, depth + 1);
	}
	return any;
}

static enum erasable
keep_texts(const char *body, const char *const *texts, json_t **ret_kept)
{
	json_t *kept = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	bool any = false;

	for (size_t i = 0; texts[i]; i++) {
		any |= blank_value(json_object_get(kept, texts[i]), 0);
	}
	if (!any || json_object_set_new(kept, "erased", json_true()) != 0) {
		json_decref(kept);
		return ERASABLE_NOTHING;
	}
	*ret_kept = kept;
	return ERASABLE;
}

enum erasable
erasure_keep(const struct event *event, json_t **ret_kept)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (!subject_is(event->subject, i)) {
			continue;
		}
		if (rules[i].answer != ERASABLE) {
			return rules[i].answer;
		}
		return event->body ? keep_texts(event->body, rules[i].texts, ret_kept)
				   : ERASABLE_GONE;
	}
	return ERASABLE_IN_CASE;
}

int64_t
erasure_names(const char *body)
{
	json_t *root = body ? json_loads(body, 0, NULL) : NULL;
	int64_t seq = json_integer_value(json_object_get(json_object_get(root, "fields"), "seq"));

	json_decref(root);
	return seq;
}

json_t *
erasure_body(const struct event *event)
{
	const char *text = event->body ? event->body : event->kept;
	json_t *body = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (body && !event->body) {
		json_t *kept = json_incref(json_object_get(body, "kept"));

		json_decref(body);
		body = kept;
	}
	if (!json_is_object(body)) {
		json_decref(body);
		return NULL;
	}
	return body;
}

/* --- the words --------------------------------------------------------------------------- */

/* While words are gathered. */
struct gathering {
	struct erased_words words;
	size_t cap_whole;
	size_t cap_parts;
	char *(*form)(const char *text);
	bool failed;
};

static void
add(struct gathering *g, const char ***list, size_t *n, size_t *cap, const char *text)
{
	const char **items = arena_extend(g->words.arena, *list, *n, cap, sizeof(*items));

	g->failed |= !items || !text;
	if (items) {
		*list = items;
		items[(*n)++] = text;
	}
}

static void
add_part(struct gathering *g, const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t')) {
		len--;
	}
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	if (len >= PART_LEAST) {
		add(g, &g->words.parts, &g->words.n_parts, &g->cap_parts,
			arena_printf(g->words.arena, "%.*s", (int)len, text));
	}
}

/* A text, its lines, and the other form of it; the long ones count everywhere. */
static void
add_text(struct gathering *g, const char *text)
{
	char *other = g->form ? g->form(text) : NULL;
	size_t len = strlen(text);

	if (len >= WHOLE_LEAST) {
		add(g, &g->words.whole, &g->words.n_whole, &g->cap_whole,
			arena_strdup(g->words.arena, text));
	}
	add_part(g, text, len);
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");

		if (n < len) {
			add_part(g, line, n);
		}
		line += n + (line[n] != '\0');
	}
	if (other && strcmp(other, text) != 0 && strlen(other) >= WHOLE_LEAST) {
		add(g, &g->words.whole, &g->words.n_whole, &g->cap_whole,
			arena_strdup(g->words.arena, other));
		add_part(g, other, strlen(other));
	}
	g->failed |= g->form && !other;
	free(other);
}

/* Texts of `body` that `kept` has no more. */
static void
gather(struct gathering *g, const json_t *body, const json_t *kept, int depth)
{
	const json_t *item;
	const char *key;
	size_t i;

	if (json_is_string(body)) {
		if (!json_equal(body, kept)) {
			add_text(g, json_string_value(body));
		}
		return;
	}
	if (depth == DEPTH_MOST) {
		return;
	}
	json_array_foreach(body, i, item)
	{
		gather(g, item, json_array_get(kept, i), depth + 1);
	}
	/* jansson iterates without changing, but does not say so in its type. */
	json_object_foreach((json_t *)(uintptr_t)body, key, item)
	{
		gather(g, item, json_object_get(kept, key), depth + 1);
	}
}

/* The longest first: a part of a text must not be replaced before the text. */
static int
longer_first(const void *a, const void *b)
{
	size_t x = strlen(*(const char *const *)a);
	size_t y = strlen(*(const char *const *)b);

	return (x < y) - (x > y);
}

enum err
erasure_words(struct arena *arena, const json_t *body, const json_t *kept,
	char *(*form)(const char *text), struct erased_words *ret_words)
{
	struct gathering g = { .words = { .arena = arena }, .form = form };

	gather(&g, body, kept, 0);
	if (g.failed) {
		return ERR_NOMEM;
	}
	if (g.words.n_whole) {
		qsort(g.words.whole, g.words.n_whole, sizeof(*g.words.whole), longer_first);
	}
	if (g.words.n_parts) {
		qsort(g.words.parts, g.words.n_parts, sizeof(*g.words.parts), longer_first);
	}
	*ret_words = g.words;
	return ERR_OK;
}

/* --- blanking ------------------------------------------------------------------------------ */

/* Replaces each of the words in `text`; true: something was. */
static bool
replace_all(struct str *text, const char *const *words, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		size_t from = 0;
		const char *at;

		while ((at = strstr(str_text(text) + from, words[i])) != NULL && !text->failed) {
			size_t pos = (size_t)(at - str_text(text));

			str_splice(text, pos, strlen(words[i]), ERASED_MARK, strlen(ERASED_MARK));
			from = pos + strlen(ERASED_MARK);
			any = true;
		}
	}
	return any;
}

static bool
blank_text(const struct erased_words *words, struct str *text, bool same)
{
	bool any = same && replace_all(text, words->whole, words->n_whole);

	return replace_all(text, words->parts, words->n_parts) || any;
}

/* In every text below `value`; *ret_failed without memory. */
static bool
blank_document(
	const struct erased_words *words, json_t *value, bool same, int depth, bool *ret_failed)
{
	bool any = false;
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value)) {
		struct str text = STR_INIT;

		str_add(&text, json_string_value(value));
		any = blank_text(words, &text, same);
		*ret_failed |= text.failed || (any && json_string_set(value, str_text(&text)) != 0);
		str_release(&text);
		return any;
	}
	if (depth == DEPTH_MOST) {
		return false;
	}
	json_array_foreach(value, i, item)
	{
		any |= blank_document(words, item, same, depth + 1, ret_failed);
	}
	json_object_foreach(value, key, item)
	{
		any |= blank_document(words, item, same, depth + 1, ret_failed);
	}
	return any;
}

/* A text that is no document. */
static enum err
blank_plain(struct arena *arena, const struct erased_words *words, const char *text, bool same,
	const char **ret_text)
{
	struct str out = STR_INIT;
	bool any;
	bool failed;

	str_add(&out, text);
	any = blank_text(words, &out, same);
	*ret_text = any ? arena_strdup(arena, str_text(&out)) : NULL;
	failed = out.failed || (any && !*ret_text);
	str_release(&out);
	return failed ? ERR_NOMEM : ERR_OK;
}

enum err
erasure_blank(struct arena *arena, const struct erased_words *words, const char *text, bool same,
	const char **ret_text)
{
	json_t *document = json_loads(text, 0, NULL);
	bool failed = false;
	char *dump = NULL;
	bool any;

	*ret_text = NULL;
	if (!document) {
		return blank_plain(arena, words, text, same, ret_text);
	}
	any = blank_document(words, document, same, 0, &failed);
	if (any && !failed) {
		dump = json_dumps(document, JSON_COMPACT);
		*ret_text = dump ? arena_strdup(arena, dump) : NULL;
		failed = !*ret_text;
	}
	free(dump);
	json_decref(document);
	return failed ? ERR_NOMEM : ERR_OK;
}
