/* SPDX-License-Identifier: MIT */
/*
 * Walking the classification table: from answers to categories, and the reason
 * for them in words.
 */
#include "toban/core/classify.h"

#include <string.h>

#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "words.h"

static const char *const answer_words[] = {
	[ANSWER_UNKNOWN] = "unknown",
	[ANSWER_YES] = "yes",
	[ANSWER_NO] = "no",
};

/* How a list of categories is written in each language. */
static const struct {
	const char *numbered;
	const char *plain; /* of the exception, which has no number */
	const char *separator;
	const char *between_sentences;
} list_style[LANG_COUNT] = {
	[LANG_EN] = { "{number} {label}", "{label}", ", ", " " },
	[LANG_JA] = { "{number}「{label}」", "「{label}」", "、", "" },
};

/* One walk over the table. */
struct walk {
	struct arena *arena;
	const struct classification *table;
	const json_t *answers;
	struct word_list yes; /* plain categories, by number, like the next two */
	struct word_list no;
	struct word_list unknown;
	struct word_list suspected; /* named by the finder */
	bool says_suspicion;        /* the suspicion itself was answered yes */
};

static enum answer
classify_answer(const json_t *answers, const char *key)
{
	const char *word = json_string_value(json_object_get(answers, key));

	if (words_same(word, answer_words[ANSWER_YES])) {
		return ANSWER_YES;
	}
	return words_same(word, answer_words[ANSWER_NO]) ? ANSWER_NO : ANSWER_UNKNOWN;
}

static const struct category *
classify_of_kind(const struct classification *table, enum category_kind kind)
{
	for (size_t i = 0; i < table->n; i++) {
		if (table->items[i].kind == kind) {
			return &table->items[i];
		}
	}
	return NULL;
}

/* Sorts the plain categories by their answer. */
static enum err
classify_sort(struct walk *w)
{
	struct word_list *const lists[] = {
		[ANSWER_UNKNOWN] = &w->unknown,
		[ANSWER_YES] = &w->yes,
		[ANSWER_NO] = &w->no,
	};
	const char **items[ARRAY_LEN(lists)];

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		items[i] = arena_array(w->arena, w->table->n, sizeof(**items));
		if (items[i] == NULL) {
			return ERR_NOMEM;
		}
		lists[i]->items = items[i];
	}
	for (size_t i = 0; i < w->table->n; i++) {
		const struct category *category = &w->table->items[i];
		enum answer answer = classify_answer(w->answers, category->key);

		if (category->kind == CATEGORY_PLAIN) {
			items[answer][lists[answer]->n++] = category->key;
		}
	}
	return ERR_OK;
}

/* What the finder suspects, in the order of the table; strangers are left out. */
static enum err
classify_sort_suspected(struct walk *w, const json_t *suspected)
{
	const char **items = arena_array(w->arena, w->table->n, sizeof(*items));

	if (items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < w->table->n; i++) {
		const struct category *category = &w->table->items[i];

		for (size_t j = 0; j < json_array_size(suspected); j++) {
			if (category->kind == CATEGORY_PLAIN &&
				words_same(category->key,
					json_string_value(json_array_get(suspected, j)))) {
				items[w->suspected.n++] = category->key;
				break;
			}
		}
	}
	w->suspected.items = items;
	return ERR_OK;
}

/* "3 Information impairment, 4 Security breach" */
static void
classify_add_list(
	struct str *out, const struct walk *w, const struct word_list *keys, enum lang lang)
{
	for (size_t i = 0; i < keys->n; i++) {
		const struct category *c = classification_find(w->table, keys->items[i]);
		struct str number = STR_INIT;

		str_addf(&number, "%d", c->number);
		str_add(out, i > 0 ? list_style[lang].separator : "");
		str_say(out, c->number > 0 ? list_style[lang].numbered : list_style[lang].plain,
			(struct str_arg[]){
				{ "number", str_text(&number) }, { "label", c->label.in[lang] } },
			2);
		out->failed = out->failed || number.failed;
		str_release(&number);
	}
}

/* One sentence about one category. */
static void
classify_say(struct str *out, const char *sentence, const struct category *c,
	const struct words *because, enum lang lang)
{
	struct str number = STR_INIT;

	str_addf(&number, "%d", c->number);
	str_add(out, out->len > 0 ? list_style[lang].between_sentences : "");
	str_say(out, sentence,
		(struct str_arg[]){ { "number", str_text(&number) }, { "label", c->label.in[lang] },
			{ "because", because->in[lang] } },
		3);
	out->failed = out->failed || number.failed;
	str_release(&number);
}

/* One sentence with a list; nothing when the list is empty. */
static void
classify_say_list(struct str *out, const struct walk *w, const char *sentence,
	const struct word_list *keys, enum lang lang)
{
	const struct category *suspicion = classify_of_kind(w->table, CATEGORY_SUSPICION);
	struct str list = STR_INIT;
	struct str number = STR_INIT;

	if (keys->n == 0) {
		return;
	}
	classify_add_list(&list, w, keys, lang);
	str_addf(&number, "%d", suspicion != NULL ? suspicion->number : 0);
	str_add(out, out->len > 0 ? list_style[lang].between_sentences : "");
	str_say(out, sentence,
		(struct str_arg[]){ { "list", str_text(&list) }, { "number", str_text(&number) },
			{ "label", suspicion != NULL ? suspicion->label.in[lang] : "" } },
		3);
	out->failed = out->failed || list.failed || number.failed;
	str_release(&list);
	str_release(&number);
}

/* Not known, and not spoken of as suspected already; the exception where it was asked. */
static enum err
classify_open_questions(
	const struct walk *w, const struct verdict *verdict, struct word_list *ret_list)
{
	const struct category *exception = classify_of_kind(w->table, CATEGORY_EXCEPTION);
	const char **items = arena_array(w->arena, w->table->n + 1, sizeof(*items));
	struct word_list list = { items, 0 };

	if (items == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < w->unknown.n; i++) {
		if (!word_list_has(&verdict->suspected, w->unknown.items[i])) {
			items[list.n++] = w->unknown.items[i];
		}
	}
	if (exception != NULL && json_object_get(w->answers, exception->key) != NULL &&
		classify_answer(w->answers, exception->key) == ANSWER_UNKNOWN) {
		items[list.n++] = exception->key;
	}
	*ret_list = list;
	return ERR_OK;
}

static void
classify_say_exception(struct str *out, const struct walk *w, enum lang lang)
{
	const struct category *c = classify_of_kind(w->table, CATEGORY_EXCEPTION);

	if (c == NULL) {
		return;
	}
	switch (classify_answer(w->answers, c->key)) {
	case ANSWER_YES:
		classify_say(out, w->table->reason_major.in[lang], c, &c->because, lang);
		break;
	case ANSWER_NO:
		classify_say(out, w->table->reason_major_no.in[lang], c, &c->because_not, lang);
		break;
	case ANSWER_UNKNOWN:
		break; /* among the open questions */
	}
}

/* What it is, what it is not, what is not known, and the exception. */
static enum err
classify_reason(const struct walk *w, const struct word_list *open_questions,
	struct verdict *verdict, enum lang lang)
{
	const struct classification *table = w->table;
	struct str out = STR_INIT;
	enum err err = ERR_OK;

	classify_say_list(&out, w, table->reason_suspected.in[lang], &verdict->suspected, lang);
	for (size_t i = 0; i < w->yes.n; i++) {
		const struct category *c = classification_find(table, w->yes.items[i]);

		classify_say(&out, table->reason_yes.in[lang], c, &c->because, lang);
	}
	for (size_t i = 0; i < w->no.n; i++) {
		const struct category *c = classification_find(table, w->no.items[i]);

		if (!word_list_has(&verdict->suspected, c->key)) {
			classify_say(&out, table->reason_no.in[lang], c, &c->because_not, lang);
		}
	}
	classify_say_list(&out, w, table->reason_unknown.in[lang], open_questions, lang);
	classify_say_exception(&out, w, lang);
	verdict->reason.in[lang] = out.failed ? NULL : arena_strdup(w->arena, str_text(&out));
	if (verdict->reason.in[lang] == NULL) {
		err = ERR_NOMEM;
	}
	str_release(&out);
	return err;
}

/* The suspicion and what is suspected; ERR_INVALID when there is nothing to suspect. */
static enum err
classify_suspicion(const struct walk *w, struct diagnostics *diagnostics, struct verdict *verdict)
{
	const struct category *suspicion = classify_of_kind(w->table, CATEGORY_SUSPICION);
	const char **one = arena_array(w->arena, 1, sizeof(*one));

	if (one == NULL) {
		return ERR_NOMEM;
	}
	verdict->suspected = w->suspected.n > 0 ? w->suspected : w->unknown;
	if (verdict->suspected.n == 0 && w->says_suspicion) {
		diagnostics_add(diagnostics, "suspected", "D101",
			_("Say which of the categories is suspected."));
		return ERR_INVALID;
	}
	if (verdict->suspected.n == 0 || suspicion == NULL) {
		diagnostics_add(diagnostics, "answers", "D109",
			_("By these answers it is no incident: all are no. If you suspect one all "
			  "the same, name it as suspected."));
		return ERR_INVALID;
	}
	one[0] = suspicion->key;
	verdict->categories = (struct word_list){ one, 1 };
	return ERR_OK;
}

static enum err
classify_primary(const char *primary, struct diagnostics *diagnostics, struct verdict *verdict)
{
	if (primary == NULL || primary[0] == '\0') {
		verdict->category = verdict->categories.items[0];
		return ERR_OK;
	}
	for (size_t i = 0; i < verdict->categories.n; i++) {
		if (strcmp(verdict->categories.items[i], primary) == 0) {
			verdict->category = verdict->categories.items[i];
			return ERR_OK;
		}
	}
	diagnostics_add(diagnostics, "primary", "D103",
		_("The primary category must be one of those that hold by the answers."));
	return ERR_INVALID;
}

static enum err
classify_walk(struct walk *w, const json_t *suspected)
{
	const struct category *suspicion = classify_of_kind(w->table, CATEGORY_SUSPICION);
	enum err err = classify_sort(w);

	w->says_suspicion =
		suspicion != NULL && classify_answer(w->answers, suspicion->key) == ANSWER_YES;
	return err != ERR_OK ? err : classify_sort_suspected(w, suspected);
}

static enum err
classify_reasons(const struct walk *w, struct verdict *verdict)
{
	struct word_list open_questions;
	enum err err = classify_open_questions(w, verdict, &open_questions);

	for (int lang = 0; err == ERR_OK && lang < LANG_COUNT; lang++) {
		err = classify_reason(w, &open_questions, verdict, (enum lang)lang);
	}
	return err;
}

struct classify_input
classify_input_of(const json_t *fields)
{
	return (struct classify_input){
		.answers = json_object_get(fields, "answers"),
		.suspected = json_object_get(fields, "suspected"),
		.primary = json_string_value(json_object_get(fields, "primary")),
	};
}

enum err
classify(struct arena *arena, const struct classification *table,
	const struct classify_input *input, struct diagnostics *diagnostics,
	struct verdict *ret_verdict)
{
	const struct category *exception = classify_of_kind(table, CATEGORY_EXCEPTION);
	struct walk w = { .arena = arena, .table = table, .answers = input->answers };
	struct verdict verdict = { .table_version = table->version };
	enum err err = classify_walk(&w, input->suspected);

	if (err != ERR_OK) {
		return err;
	}
	verdict.major_proposed =
		exception != NULL && classify_answer(input->answers, exception->key) == ANSWER_YES;
	verdict.categories = w.yes;
	if (w.yes.n == 0) {
		err = classify_suspicion(&w, diagnostics, &verdict);
	}
	if (err == ERR_OK) {
		err = classify_primary(input->primary, diagnostics, &verdict);
	}
	if (err == ERR_OK) {
		err = classify_reasons(&w, &verdict);
	}
	if (err == ERR_OK) {
		*ret_verdict = verdict;
	}
	return err;
}

json_t *
classify_asked(const struct classification *table, const json_t *answers)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < table->n; i++) {
		const struct category *c = &table->items[i];

		if (c->kind == CATEGORY_SUSPICION) {
			continue;
		}
		if (json_array_append_new(list,
			    json_pack("{s:s, s:{s:s, s:s}, s:s}", "key", c->key, "question", "en",
				    c->question.in[LANG_EN], "ja", c->question.in[LANG_JA],
				    "answer", answer_words[classify_answer(answers, c->key)])) !=
			0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
