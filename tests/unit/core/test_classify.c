/* SPDX-License-Identifier: MIT */
/*
 * Walking the classification table: what the answers make of it, and why.
 */
#include <string.h>

#include "shipped.h"
#include "toban/base/str.h"
#include "toban/core/classify.h"

struct walk {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct verdict verdict;
	enum err err;
};

/* Answers by number, five letters: y, n, u, or - for not answered. */
static json_t *
answers_of(const char *letters)
{
	static const char *const keys[] = { "business-disruption", "service-disruption",
		"information-impairment", "security-breach", "control-failure" };
	json_t *answers = json_object();

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (letters[i] != '-') {
			json_object_set_new(answers, keys[i],
				json_string(letters[i] == 'y'       ? "yes"
						: letters[i] == 'n' ? "no"
								    : "unknown"));
		}
	}
	return answers;
}

static struct walk
walk(const struct shipped *shipped, const json_t *answers, const char *suspected,
	const char *primary)
{
	struct arena *arena = arena_new();
	struct walk w = { .arena = arena, .diagnostics = { .arena = arena } };
	json_t *list = suspected != NULL ? json_loads(suspected, 0, NULL) : NULL;

	w.err = classify(arena, &shipped->procedure->classification,
		&(struct classify_input){ answers, list, primary }, &w.diagnostics, &w.verdict);
	json_decref(list);
	return w;
}

static const char *
joined(struct arena *arena, const struct word_list *list)
{
	struct str text = STR_INIT;
	const char *copy;

	for (size_t i = 0; i < list->n; i++) {
		str_add(&text, i > 0 ? " " : "");
		str_add(&text, list->items[i]);
	}
	copy = arena_strdup(arena, str_text(&text));
	str_release(&text);
	return copy;
}

static const struct {
	const char *letters;
	const char *suspected; /* JSON, NULL none */
	const char *primary;
	const char *category;   /* NULL: refused with the next two */
	const char *categories; /* or the field of the diagnostic */
	const char *suspects;   /* or its code */
} verdicts[] = {
	{ "nnnyn", NULL, NULL, "security-breach", "security-breach", "" },
	{ "ynnyn", NULL, NULL, "business-disruption", "business-disruption security-breach", "" },
	{ "ynnyn", NULL, "security-breach", "security-breach",
		"business-disruption security-breach", "" },
	{ "yyyyy", NULL, NULL, "business-disruption",
		"business-disruption service-disruption information-impairment security-breach "
		"control-failure",
		"" },
	/* what is certain wins over what is not known */
	{ "unnyu", NULL, NULL, "security-breach", "security-breach", "" },
	{ "---y-", "[\"control-failure\"]", NULL, "security-breach", "security-breach", "" },
	/* nothing certain: a suspicion */
	{ "nnunn", NULL, NULL, "suspicion", "suspicion", "information-impairment" },
	{ "nunun", NULL, "suspicion", "suspicion", "suspicion",
		"service-disruption security-breach" },
	{ "-----", NULL, NULL, "suspicion", "suspicion",
		"business-disruption service-disruption information-impairment security-breach "
		"control-failure" },
	{ "nnnnn", "[\"security-breach\"]", NULL, "suspicion", "suspicion", "security-breach" },
	{ "uuuuu", "[\"control-failure\",\"service-disruption\"]", NULL, "suspicion", "suspicion",
		"service-disruption control-failure" },
	{ "nnnnn", "[\"flood\",7,\"security-breach\"]", NULL, "suspicion", "suspicion",
		"security-breach" },
	/* no incident, or not this one */
	{ "nnnnn", NULL, NULL, NULL, "answers", "D109" },
	{ "nnnnn", "[]", NULL, NULL, "answers", "D109" },
	{ "nnnyn", NULL, "service-disruption", NULL, "primary", "D103" },
	{ "nnnun", NULL, "security-breach", NULL, "primary", "D103" },
	{ "nnnyn", NULL, "suspicion", NULL, "primary", "D103" },
	{ "nnnyn", NULL, "major-accident", NULL, "primary", "D103" },
};

static void
classify__answers__give_the_categories(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		json_t *answers = answers_of(verdicts[i].letters);
		struct walk w = walk(*state, answers, verdicts[i].suspected, verdicts[i].primary);

		if (verdicts[i].category == NULL) {
			assert_int_equal(w.err, ERR_INVALID);
			assert_int_equal(w.diagnostics.n, 1);
			assert_string_equal(w.diagnostics.items[0].field, verdicts[i].categories);
			assert_string_equal(w.diagnostics.items[0].code, verdicts[i].suspects);
		} else {
			assert_int_equal(w.err, ERR_OK);
			assert_string_equal(w.verdict.category, verdicts[i].category);
			assert_string_equal(
				joined(w.arena, &w.verdict.categories), verdicts[i].categories);
			assert_string_equal(
				joined(w.arena, &w.verdict.suspected), verdicts[i].suspects);
			assert_string_equal(w.verdict.table_version, "1");
			assert_false(w.verdict.major_proposed);
		}
		json_decref(answers);
		arena_free(w.arena);
	}
}

static void
classify__suspicion_answered_yes__asks_of_what(void **state)
{
	json_t *answers = answers_of("nnnnn");
	struct walk w;

	json_object_set_new(answers, "suspicion", json_string("yes"));
	w = walk(*state, answers, NULL, NULL);
	assert_int_equal(w.err, ERR_INVALID);
	assert_string_equal(w.diagnostics.items[0].field, "suspected");
	assert_string_equal(w.diagnostics.items[0].code, "D101");
	arena_free(w.arena);
	w = walk(*state, answers, "[\"control-failure\"]", NULL);
	assert_int_equal(w.err, ERR_OK);
	arena_free(w.arena);
	json_decref(answers);
}

static void
classify__major_accident__is_proposed(void **state)
{
	json_t *answers = answers_of("ynnnn");
	struct walk w;

	json_object_set_new(answers, "major-accident", json_string("yes"));
	w = walk(*state, answers, NULL, NULL);
	assert_int_equal(w.err, ERR_OK);
	assert_true(w.verdict.major_proposed);
	assert_string_equal(joined(w.arena, &w.verdict.categories), "business-disruption");
	assert_non_null(strstr(w.verdict.reason.in[LANG_EN],
		"Major accident proposed, because it touches the management of the company"));
	json_decref(answers);
	arena_free(w.arena);
}

static const struct {
	const char *letters;
	const char *major; /* NULL: not answered */
	const char *reason[LANG_COUNT];
} reasons[] = {
	{ "-uyn-", "no",
		{ "3 Information impairment, because information that must be protected is no "
		  "longer "
		  "intact. Not 4 Security breach, because no security measure was broken. Not "
		  "known: "
		  "1 Business disruption, 2 Service disruption, 5 Control failure. Major accident "
		  "not "
		  "proposed, because it does not touch the management of the company.",
			"保護すべき情報が損なわれているため、3「情報障害」に該当する。セキュリティ"
			"対策は破られていない"
			"ため、4「セキュリティ侵害」には該当しない。次については分からない: "
			"1「業務障害」、2「サービス障"
			"害」、5「セキュリティ障害」。会社の経営に影響を及ぼす事故ではないため、「"
			"重大事故」とはしない。" } },
	{ "nnnnu", "unknown",
		{ "6 Suspicion of an incident; suspected and not ruled out: 5 Control failure. Not "
		  "1 "
		  "Business disruption, because the company's work goes on. Not 2 Service "
		  "disruption, "
		  "because services are given as normal. Not 3 Information impairment, because the "
		  "information that must be protected is intact. Not 4 Security breach, because no "
		  "security measure was broken. Not known: Major accident.",
			"5「セキュリティ障害」の疑いがあり、否定できないため、6「インシデントの疑い"
			"」とする。会社の業務は"
			"継続できているため、1「業務障害」には該当しない。サービスは通常どおり提供"
			"できているため、2「サー"
			"ビス障害」には該当しない。保護すべき情報は損なわれていないため、3「情報障"
			"害」には該当しない。セキ"
			"ュリティ対策は破られていないため、4「セキュリティ侵害」には該当しない。次"
			"については分からない: 「重"
			"大事故」。" } },
};

static void
classify__reason__says_it_in_words(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		json_t *answers = answers_of(reasons[i].letters);
		struct walk w;

		json_object_set_new(answers, "major-accident", json_string(reasons[i].major));
		w = walk(*state, answers, NULL, NULL);
		assert_int_equal(w.err, ERR_OK);
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			assert_string_equal(w.verdict.reason.in[lang], reasons[i].reason[lang]);
		}
		json_decref(answers);
		arena_free(w.arena);
	}
}

static void
classify__no_answers_at_all__is_a_suspicion_of_all(void **state)
{
	struct walk w = walk(*state, NULL, NULL, NULL);

	assert_int_equal(w.err, ERR_OK);
	assert_int_equal(w.verdict.suspected.n, 5);
	arena_free(w.arena);
}

static void
classify_asked__answers__keep_questions(void **state)
{
	const struct shipped *shipped = *state;
	json_t *answers = answers_of("y-n--");
	json_t *asked = classify_asked(&shipped->procedure->classification, answers);
	static const char *const expected[] = { "yes", "unknown", "no", "unknown", "unknown",
		"unknown" };

	assert_int_equal(json_array_size(asked), ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		json_t *one = json_array_get(asked, i);
		json_t *question = json_object_get(one, "question");

		assert_string_equal(json_string_value(json_object_get(one, "answer")), expected[i]);
		assert_true(json_string_length(json_object_get(question, "en")) > 0);
		assert_true(json_string_length(json_object_get(question, "ja")) > 0);
	}
	json_decref(asked);
	json_decref(answers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classify__answers__give_the_categories),
		cmocka_unit_test(classify__suspicion_answered_yes__asks_of_what),
		cmocka_unit_test(classify__major_accident__is_proposed),
		cmocka_unit_test(classify__reason__says_it_in_words),
		cmocka_unit_test(classify__no_answers_at_all__is_a_suspicion_of_all),
		cmocka_unit_test(classify_asked__answers__keep_questions),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
