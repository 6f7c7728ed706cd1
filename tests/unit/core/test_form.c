/* SPDX-License-Identifier: MIT */
/*
 * Checking what was entered: each type of value, right and wrong, and input of
 * any shape.
 */
#include <stdlib.h>
#include <string.h>

#include "shipped.h"
#include "toban/core/form.h"

/* 2026-11-22T22:41:00+09:00 */
#define NOW INT64_C(1795354860000)

struct check {
	struct arena *arena;
	struct diagnostics diagnostics;
	json_t *clean;
	enum err err;
};

static struct check
check(const struct shipped *shipped, const char *form, const json_t *entered,
	const struct incident *incident)
{
	struct arena *arena = arena_new();
	struct form_context context = { shipped->procedure, shipped->org, incident, NOW, 540 };
	struct check c = { .arena = arena, .diagnostics = { .arena = arena } };

	c.err = form_check(procedure_form(shipped->procedure, form), entered, &context,
		&c.diagnostics, &c.clean);
	return c;
}

static struct check
check_text(const struct shipped *shipped, const char *form, const char *entered)
{
	json_error_t error;
	json_t *json = json_loads(entered, JSON_DECODE_ANY, &error);
	struct check c;

	if (json == NULL) {
		fail_msg("%s: %s", entered, error.text);
	}
	c = check(shipped, form, json, NULL);
	json_decref(json);
	return c;
}

static void
check_release(struct check *c)
{
	json_decref(c->clean);
	arena_free(c->arena);
}

static bool
check_has(const struct check *c, const char *field, const char *code)
{
	for (size_t i = 0; i < c->diagnostics.n; i++) {
		if (strcmp(c->diagnostics.items[i].field, field) == 0 &&
			strcmp(c->diagnostics.items[i].code, code) == 0) {
			return true;
		}
	}
	return false;
}

static void
check_print(const struct check *c)
{
	for (size_t i = 0; i < c->diagnostics.n; i++) {
		const struct diagnostic *d = &c->diagnostics.items[i];

		print_error("%s %s %s\n", d->field, d->code, d->text);
	}
}

#define REPORT_MIN "\"title\":\"t\",\"situation\":\"s\",\"contact\":\"c\",\"answers\":{}"

/* What is entered, and the one fault it has. */
static const struct {
	const char *form;
	const char *entered;
	const char *field;
	const char *code;
} faults[] = {
	/* D101: missing, blank, or blank in Japanese */
	{ "escalate", "{}", "why", "D101" },
	{ "escalate", "null", "why", "D101" },
	{ "escalate", "{\"why\":null}", "why", "D101" },
	{ "escalate", "{\"why\":\" \\n\\t \"}", "why", "D101" },
	{ "escalate", "{\"why\":\"\\u3000\"}", "why", "D101" },
	{ "instruct", "{\"to\":[],\"text\":\"x\",\"due\":\"1h\"}", "to", "D101" },
	{ "instruct", "{\"to\":\" ,, \",\"text\":\"x\",\"due\":\"1h\"}", "to", "D101" },
	{ "decide-major", "{\"major\":\"no\"}", "why", "D101" },
	{ "plan-prevention", "{\"measures\":[]}", "why", "D101" },
	{ "plan-prevention", "{\"why\":\"none\"}", "measures", "D101" },
	/* D102: wrong kind of value, for each type */
	{ "escalate", "[]", "fields", "D102" },
	{ "escalate", "\"why\"", "fields", "D102" },
	{ "escalate", "{\"why\":1}", "why", "D102" },
	{ "escalate", "{\"why\":{}}", "why", "D102" },
	{ "call", "{\"to\":[\"x\"],\"outcome\":\"reached\"}", "to", "D102" },
	{ "report", "{" REPORT_MIN ",\"found_at\":1795354860}", "found_at", "D102" },
	{ "report", "{" REPORT_MIN ",\"emergency\":\"maybe\"}", "emergency", "D102" },
	{ "report", "{" REPORT_MIN ",\"emergency\":1}", "emergency", "D102" },
	{ "report", "{" REPORT_MIN ",\"personal_data\":true}", "personal_data", "D102" },
	{ "report", "{" REPORT_MIN ",\"department\":[\"legal\"]}", "department", "D102" },
	{ "report", "{" REPORT_MIN ",\"involved\":5}", "involved", "D102" },
	{ "report", "{" REPORT_MIN ",\"involved\":[5]}", "involved[0]", "D102" },
	{ "report", "{" REPORT_MIN ",\"suspected\":{}}", "suspected", "D102" },
	{ "report", "{" REPORT_MIN ",\"primary\":3}", "primary", "D102" },
	{ "reclassify", "{\"why\":\"x\",\"answers\":[]}", "answers", "D102" },
	{ "reclassify", "{\"why\":\"x\",\"answers\":\"no\"}", "answers", "D102" },
	{ "reclassify", "{\"why\":\"x\",\"answers\":{\"security-breach\":true}}",
		"answers.security-breach", "D102" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":5}", "due", "D102" },
	{ "involve", "{\"person\":[],\"why\":\"x\"}", "person", "D102" },
	{ "involve", "{\"person\":{},\"why\":\"x\"}", "person", "D102" },
	{ "plan-prevention", "{\"measures\":\"M1\"}", "measures", "D102" },
	{ "plan-prevention", "{\"measures\":[[]]}", "measures[0]", "D102" },
	{ "correct", "{\"seq\":0,\"text\":\"x\",\"why\":\"y\"}", "seq", "D102" },
	{ "correct", "{\"seq\":-1,\"text\":\"x\",\"why\":\"y\"}", "seq", "D102" },
	{ "correct", "{\"seq\":1.5,\"text\":\"x\",\"why\":\"y\"}", "seq", "D102" },
	{ "correct", "{\"seq\":\"1e3\",\"text\":\"x\",\"why\":\"y\"}", "seq", "D102" },
	{ "correct", "{\"seq\":\"9999999999999999999\",\"text\":\"x\",\"why\":\"y\"}", "seq",
		"D102" },
	{ "approve-result", "{\"hash\":\"abc\"}", "hash", "D102" },
	{ "approve-result", "{\"hash\":7}", "hash", "D102" },
	{ "evidence", "{\"file\":5}", "file", "D102" },
	{ "evidence", "{\"file\":{\"name\":\"a\"}}", "file", "D102" },
	{ "evidence", "{\"file\":{\"name\":\"a\",\"size\":-1,\"sha256\":\"\"}}", "file", "D102" },
	/* D103: not one of the choices */
	{ "report", "{" REPORT_MIN ",\"personal_data\":\"perhaps\"}", "personal_data", "D103" },
	{ "report", "{" REPORT_MIN ",\"personal_data\":\"Yes\"}", "personal_data", "D103" },
	{ "report", "{" REPORT_MIN ",\"suspected\":[\"suspicion\"]}", "suspected[0]", "D103" },
	{ "report", "{" REPORT_MIN ",\"suspected\":\"flood\"}", "suspected", "D103" },
	{ "report", "{" REPORT_MIN ",\"primary\":\"flood\"}", "primary", "D103" },
	{ "reclassify", "{\"why\":\"x\",\"answers\":{\"security-breach\":\"perhaps\"}}",
		"answers.security-breach", "D103" },
	{ "review-item", "{\"item\":\"weather\",\"verdict\":\"changed\",\"text\":\"x\"}", "item",
		"D103" },
	/* D105: forbidden characters */
	{ "escalate", "{\"why\":\"a\\u0007b\"}", "why", "D105" },
	{ "escalate", "{\"why\":\"a\\u001b[2Jb\"}", "why", "D105" },
	{ "escalate", "{\"why\":\"a\\u0085b\"}", "why", "D105" },
	{ "call", "{\"to\":\"a\\nb\",\"outcome\":\"reached\"}", "to", "D105" },
	/* D106: unknown keys */
	{ "acknowledge", "{\"text\":\"x\"}", "text", "D106" },
	{ "acknowledge", "{\"\":null}", "", "D106" },
	{ "escalate", "{\"why\":\"x\",\"Why\":\"y\"}", "Why", "D106" },
	{ "reclassify", "{\"why\":\"x\",\"answers\":{\"flood\":\"yes\"}}", "answers.flood",
		"D106" },
	/* D107: nothing of that name */
	{ "involve", "{\"person\":\"nobody\",\"why\":\"x\"}", "person", "D107" },
	{ "report", "{" REPORT_MIN ",\"department\":\"lego\"}", "department", "D107" },
	{ "report", "{" REPORT_MIN ",\"involved\":[\"dc-owner\",\"nobody\"]}", "involved[1]",
		"D107" },
	{ "report", "{" REPORT_MIN ",\"involved\":\"legal\"}", "involved", "D107" },
	{ "instruct", "{\"to\":\"dc-operator-1,nobody\",\"text\":\"x\",\"due\":\"1h\"}", "to",
		"D107" },
	{ "accept", "{\"measure\":\"M1\",\"department\":\"legal\"}", "measure", "D107" },
	{ "decide-clock", "{\"clock\":\"appi-prompt\",\"decision\":\"reported\",\"why\":\"x\"}",
		"clock", "D107" },
	{ "same-as", "{\"other\":\"26/0001\",\"why\":\"x\"}", "other", "D107" },
	/* D108: times */
	{ "report", "{" REPORT_MIN ",\"found_at\":\"soon\"}", "found_at", "D108" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"2026-02-30T10:00:00+09:00\"}", "found_at",
		"D108" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"2026-11-22T22:43:00+09:00\"}", "found_at",
		"D108" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"30m\"}", "found_at", "D108" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"soon\"}", "due", "D108" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"-5m\"}", "due", "D108" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"2026-11-21\"}", "due", "D108" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"2026-11-22T22:39:00+09:00\"}",
		"due", "D108" },
};

static void
form_check__one_fault__names_field_and_code(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct check c = check_text(*state, faults[i].form, faults[i].entered);

		if (c.err != ERR_INVALID || c.clean != NULL || c.diagnostics.n != 1 ||
			!check_has(&c, faults[i].field, faults[i].code)) {
			check_print(&c);
			fail_msg("%s %s: expected one %s of %s", faults[i].form, faults[i].entered,
				faults[i].code, faults[i].field);
		}
		assert_string_not_equal(c.diagnostics.items[0].text, "");
		check_release(&c);
	}
}

/* What is entered, and one member of its clean form as JSON. */
static const struct {
	const char *form;
	const char *entered;
	const char *field;
	const char *clean;
} cleaned[] = {
	{ "escalate", "{\"why\":\" a\\n b \\n\\u3000 \"}", "why", "\" a\\n b\"" },
	{ "call", "{\"to\":\"\\u3000 a b \",\"outcome\":\"reached\"}", "to", "\"a b\"" },
	{ "escalate", "{\"why\":\"\\u304b\\u3099\"}", "why", "\"\\u304c\"" },
	{ "escalate", "{\"why\":\"\\ufa19\"}", "why", "\"\\ufa19\"" },
	{ "report", "{" REPORT_MIN "}", "personal_data", "\"unknown\"" },
	{ "report", "{" REPORT_MIN ",\"personal_data\":\"yes\"}", "personal_data", "\"yes\"" },
	{ "report", "{" REPORT_MIN "}", "found_at", NULL },
	{ "report", "{" REPORT_MIN "}", "department", NULL },
	{ "report", "{" REPORT_MIN "}", "emergency", NULL },
	{ "report", "{" REPORT_MIN ",\"place\":\" \"}", "place", NULL },
	{ "report", "{" REPORT_MIN ",\"emergency\":\"yes\"}", "emergency", "true" },
	{ "report", "{" REPORT_MIN ",\"emergency\":false}", "emergency", "false" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"22:13\"}", "found_at",
		"\"2026-11-22T22:13:00+09:00\"" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"-15m\"}", "found_at",
		"\"2026-11-22T22:26:00+09:00\"" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"2026-11-22T13:00:00Z\"}", "found_at",
		"\"2026-11-22T22:00:00+09:00\"" },
	{ "report", "{" REPORT_MIN ",\"found_at\":\"now\"}", "found_at",
		"\"2026-11-22T22:41:00+09:00\"" },
	{ "report", "{" REPORT_MIN ",\"involved\":\"dc-owner\"}", "involved", "[\"dc-owner\"]" },
	{ "report", "{" REPORT_MIN ",\"involved\":[\"dc-owner\",\"dc-owner\"]}", "involved",
		"[\"dc-owner\"]" },
	{ "report", "{" REPORT_MIN ",\"suspected\":\"security-breach, control-failure\"}",
		"suspected", "[\"security-breach\",\"control-failure\"]" },
	{ "report",
		"{\"title\":\"t\",\"situation\":\"s\",\"contact\":\"c\",\"answers\":"
		"{\"security-breach\":\"yes\",\"suspicion\":\"no\",\"control-failure\":null}}",
		"answers", "{\"security-breach\":\"yes\",\"suspicion\":\"no\"}" },
	{ "instruct", "{\"to\":[\"legal\",\"dc-operator-1\"],\"text\":\"x\",\"due\":\"30m\"}",
		"due", "\"2026-11-22T23:11:00+09:00\"" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"0m\"}", "due",
		"\"2026-11-22T22:41:00+09:00\"" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"2026-11-22\"}", "due",
		"\"2026-11-22T23:59:59+09:00\"" },
	{ "instruct", "{\"to\":\"legal\",\"text\":\"x\",\"due\":\"2026-11-30T18:00:00+09:00\"}",
		"due", "\"2026-11-30T18:00:00+09:00\"" },
	{ "correct", "{\"seq\":12,\"text\":\"x\",\"why\":\"y\"}", "seq", "12" },
	{ "correct", "{\"seq\":\"12\",\"text\":\"x\",\"why\":\"y\"}", "seq", "12" },
	{ "approve-result",
		"{\"hash\":\"ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}",
		"hash", "\"abcdef6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"" },
	{ "approve-result", "null", "hash", NULL },
	{ "decide-major", "{\"major\":\"yes\"}", "why", NULL },
	{ "evidence", "{\"file\":\"/var/log/door.log\"}", "file", "\"/var/log/door.log\"" },
	{ "evidence",
		"{\"file\":{\"name\":\"door.log\",\"size\":3,\"sha256\":"
		"\"abcdef6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
		"file",
		"{\"name\":\"door.log\",\"size\":3,\"sha256\":"
		"\"abcdef6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}" },
	{ "same-as", "{\"other\":\"26-0001\",\"why\":\"x\"}", "other", "\"26-0001\"" },
	{ "plan-prevention", "{\"measures\":[],\"why\":\"a one-off\"}", "measures", "[]" },
	{ "plan-prevention",
		"{\"measures\":{\"text\":\"x\",\"due\":\"1d\",\"effect_on\":\"2026-11-22\","
		"\"departments\":\"legal\"}}",
		"measures",
		"[{\"text\":\"x\",\"due\":\"2026-11-23T22:41:00+09:00\","
		"\"effect_on\":\"2026-11-22T22:41:00+09:00\",\"departments\":[\"legal\"]}]" },
};

static void
form_check__right_input__is_cleaned(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cleaned); i++) {
		struct check c = check_text(*state, cleaned[i].form, cleaned[i].entered);
		json_t *expected = cleaned[i].clean != NULL
			? json_loads(cleaned[i].clean, JSON_DECODE_ANY, NULL)
			: NULL;
		const json_t *got;

		if (c.err != ERR_OK) {
			check_print(&c);
			fail_msg("%s %s: refused", cleaned[i].form, cleaned[i].entered);
		}
		got = json_object_get(c.clean, cleaned[i].field);
		if ((got == NULL) != (expected == NULL) ||
			(got != NULL && !json_equal(got, expected))) {
			fail_msg("%s %s: %s is %s", cleaned[i].form, cleaned[i].entered,
				cleaned[i].field,
				got != NULL ? json_dumps(got, JSON_ENCODE_ANY) : "missing");
		}
		json_decref(expected);
		check_release(&c);
	}
}

static void
form_check__many_faults__none_is_missing(void **state)
{
	struct check c = check_text(*state, "report",
		"{\"title\":5,\"situation\":\"a\\u0001b\",\"found_at\":\"later\","
		"\"answers\":{\"flood\":\"yes\",\"security-breach\":\"si\"},\"who\":1,"
		"\"department\":\"lego\",\"involved\":[\"nobody\",3]}");

	assert_int_equal(c.err, ERR_INVALID);
	assert_int_equal(c.diagnostics.n, 10);
	assert_true(check_has(&c, "title", "D102"));
	assert_true(check_has(&c, "situation", "D105"));
	assert_true(check_has(&c, "contact", "D101"));
	assert_true(check_has(&c, "found_at", "D108"));
	assert_true(check_has(&c, "answers.flood", "D106"));
	assert_true(check_has(&c, "answers.security-breach", "D103"));
	assert_true(check_has(&c, "who", "D106"));
	assert_true(check_has(&c, "department", "D107"));
	assert_true(check_has(&c, "involved[0]", "D107"));
	assert_true(check_has(&c, "involved[1]", "D102"));
	check_release(&c);
}

/* Nobody typed so many: naming each would keep a service busy for seconds. */
static void
form_check__countless_faults__not_all_are_told(void **state)
{
	const struct shipped *shipped = *state;
	json_t *entered = json_object();
	struct check c;

	for (int i = 0; i < 2 * DIAGNOSTICS_MOST; i++) {
		char key[16];

		(void)snprintf(key, sizeof(key), "k%d", i);
		json_object_set_new(entered, key, json_true());
	}
	c = check(shipped, "note", entered, NULL);
	assert_int_equal(c.err, ERR_INVALID);
	assert_int_equal(c.diagnostics.n, DIAGNOSTICS_MOST);
	check_release(&c);
	json_decref(entered);
}

static void
form_check__measures__paths_lead_inside(void **state)
{
	struct check c = check_text(*state, "plan-prevention",
		"{\"measures\":[{\"text\":\"x\",\"due\":\"soon\",\"effect_on\":\"90d\","
		"\"departments\":[\"lego\"]},{\"due\":\"30d\",\"effect_on\":\"90d\","
		"\"departments\":\"legal\",\"extra\":1},7]}");

	assert_int_equal(c.err, ERR_INVALID);
	assert_int_equal(c.diagnostics.n, 5);
	assert_true(check_has(&c, "measures[0].due", "D108"));
	assert_true(check_has(&c, "measures[0].departments[0]", "D107"));
	assert_true(check_has(&c, "measures[1].text", "D101"));
	assert_true(check_has(&c, "measures[1].extra", "D106"));
	assert_true(check_has(&c, "measures[2]", "D102"));
	check_release(&c);
}

/* Limits count characters as people do, not bytes. */
static void
form_check__long_text__counts_characters(void **state)
{
	static const struct {
		size_t n;
		enum err err;
	} lengths[] = { { 100, ERR_OK }, { 101, ERR_INVALID } };

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		char title[3 * 101 + 1] = "";
		json_t *entered;
		struct check c;

		for (size_t j = 0; j < lengths[i].n; j++) {
			memcpy(title + 3 * j, "障", 4);
		}
		entered = json_pack("{s:s, s:s, s:s, s:{}}", "title", title, "situation", "s",
			"contact", "c", "answers");
		c = check(*state, "report", entered, NULL);
		assert_int_equal(c.err, lengths[i].err);
		assert_true(c.err == ERR_OK || check_has(&c, "title", "D104"));
		json_decref(entered);
		check_release(&c);
	}
}

static void
form_check__too_many_entries__is_refused(void **state)
{
	json_t *people = json_array();
	json_t *entered = json_pack("{s:o, s:s, s:s}", "to", people, "text", "x", "due", "1h");
	struct check c;

	for (size_t i = 0; i < 101; i++) {
		json_array_append_new(people, json_string("dc-owner"));
	}
	c = check(*state, "instruct", entered, NULL);
	assert_int_equal(c.diagnostics.n, 1);
	assert_true(check_has(&c, "to", "D104"));
	json_decref(entered);
	check_release(&c);
}

static void
form_check__position__is_of_the_character(void **state)
{
	struct check c = check_text(*state, "escalate", "{\"why\":\"障害\\u0007\"}");

	assert_non_null(strstr(c.diagnostics.items[0].text, "position 3"));
	check_release(&c);
}

static void
form_check__things_of_the_incident__are_found(void **state)
{
	static const struct measure measures[] = { { .key = "M1" } };
	static const struct running_clock clocks[] = { { .key = "appi-prompt" } };
	const struct incident incident = {
		.measures = measures, .n_measures = 1, .clocks = clocks, .n_clocks = 1
	};
	json_t *accept = json_pack("{s:s, s:s}", "measure", "M1", "department", "legal");
	json_t *decide = json_pack(
		"{s:s, s:s, s:s}", "clock", "appi-prompt", "decision", "reported", "why", "x");
	struct check c = check(*state, "accept", accept, &incident);

	assert_int_equal(c.err, ERR_OK);
	check_release(&c);
	c = check(*state, "decide-clock", decide, &incident);
	assert_int_equal(c.err, ERR_OK);
	check_release(&c);
	json_decref(accept);
	json_decref(decide);
}

static void
form_check__input__is_not_changed(void **state)
{
	json_t *entered = json_pack("{s:s}", "why", " x ");
	json_t *copy = json_deep_copy(entered);
	struct check c = check(*state, "escalate", entered, NULL);

	assert_int_equal(c.err, ERR_OK);
	assert_true(json_equal(entered, copy));
	check_release(&c);
	json_decref(entered);
	json_decref(copy);
}

/* --- input of any shape ------------------------------------------------------- */

/* A small generator with a fixed seed: the same shapes on every run. */
static uint32_t
dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

static json_t *
any_json(uint32_t *seed, const struct form *form, int depth)
{
	static const char *const texts[] = { "", " ", "yes", "no", "unknown", "dc-owner", "legal",
		"security-breach", "M1", "22:13", "30m", "-99999d", "2026-11-22",
		"9999-12-31T23:59:60Z", "a\x1b[2J", "\xf0\x9f\x98\x80", "\xe2\x80\xae",
		"9223372036854775807", "-1", "0", "{}", ",,,", "26-0001",
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81" };
	static const char *const keys[] = { "key", "text", "due", "effect_on", "departments",
		"cause", "name", "size", "sha256", "security-breach", "suspicion", "" };
	json_t *made;

	switch (dice(seed, depth > 4 ? 6 : 9)) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(dice(seed, 2) == 0);
	case 2:
		return json_integer((json_int_t)dice(seed, 3) * INT64_C(4611686018427387903) - 2);
	case 3:
		return json_real(dice(seed, 1000) * 1e300);
	case 4:
	case 5:
		return json_string(texts[dice(seed, ARRAY_LEN(texts))]);
	case 6:
		made = json_array();
		for (uint32_t n = dice(seed, 5); n > 0; n--) {
			json_array_append_new(made, any_json(seed, form, depth + 1));
		}
		return made;
	default:
		made = json_object();
		for (uint32_t n = dice(seed, 6); n > 0; n--) {
			json_object_set_new(made, keys[dice(seed, ARRAY_LEN(keys))],
				any_json(seed, form, depth + 1));
		}
		return made;
	}
}

static json_t *
any_fields(uint32_t *seed, const struct form *form)
{
	json_t *fields = json_object();

	if (dice(seed, 50) == 0) {
		json_decref(fields);
		return any_json(seed, form, 0);
	}
	for (size_t i = 0; i < form->n_fields; i++) {
		if (dice(seed, 3) > 0) {
			json_object_set_new(fields, form->fields[i].key, any_json(seed, form, 0));
		}
	}
	if (dice(seed, 5) == 0) {
		json_object_set_new(fields, "stranger", any_json(seed, form, 0));
	}
	return fields;
}

/* Either clean or faulty, never neither nor both; and what is clean stays clean. */
static void
form_check__any_shape__is_judged(void **state)
{
	const struct shipped *shipped = *state;
	const struct procedure *p = shipped->procedure;
	uint32_t seed = 20261122;
	size_t clean = 0;

	for (size_t i = 0; i < 20000; i++) {
		const struct form *form = &p->forms[dice(&seed, (uint32_t)p->n_forms)];
		json_t *fields = any_fields(&seed, form);
		struct check c = check(shipped, form->name, fields, NULL);

		assert_int_equal(c.err, c.diagnostics.n == 0 ? ERR_OK : ERR_INVALID);
		assert_true((c.clean != NULL) == (c.err == ERR_OK));
		if (c.clean != NULL) {
			struct check again = check(shipped, form->name, c.clean, NULL);

			clean++;
			assert_int_equal(again.err, ERR_OK);
			assert_true(json_equal(again.clean, c.clean));
			check_release(&again);
		}
		json_decref(fields);
		check_release(&c);
	}
	assert_true(clean > 100); /* the generator reaches the right side too */
}

static void
form_to_json__report__is_the_document(void **state)
{
	const struct shipped *shipped = *state;
	json_t *form = form_to_json(procedure_form(shipped->procedure, "report"));
	json_t *fields = json_object_get(form, "fields");
	json_t *title = json_array_get(fields, 0);
	json_t *choice = json_array_get(fields, 7);

	assert_string_equal(json_string_value(json_object_get(form, "name")), "report");
	assert_string_equal(json_string_value(json_object_get(form, "version")), "1");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(form, "title"), "ja")),
		"インシデントの報告");
	assert_string_equal(json_string_value(json_object_get(title, "key")), "title");
	assert_string_equal(json_string_value(json_object_get(title, "type")), "line");
	assert_true(json_is_true(json_object_get(title, "required")));
	assert_int_equal(json_integer_value(json_object_get(title, "max_chars")), 100);
	assert_int_equal(json_integer_value(json_object_get(title, "rows")), 1);
	assert_int_equal(json_array_size(json_object_get(title, "choices")), 0);
	assert_string_equal(json_string_value(json_object_get(choice, "key")), "done_so_far");
	json_decref(form);
}

static void
field_type_word__any__is_known(void **state)
{
	(void)state;
	for (int type = 0; type < FIELD_TYPE_COUNT; type++) {
		assert_non_null(field_type_word((enum field_type)type));
	}
	assert_null(field_type_word(FIELD_TYPE_COUNT));
	assert_string_equal(field_type_word(FIELD_REVIEW_ITEM), "review-item");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_check__one_fault__names_field_and_code),
		cmocka_unit_test(form_check__right_input__is_cleaned),
		cmocka_unit_test(form_check__many_faults__none_is_missing),
		cmocka_unit_test(form_check__countless_faults__not_all_are_told),
		cmocka_unit_test(form_check__measures__paths_lead_inside),
		cmocka_unit_test(form_check__long_text__counts_characters),
		cmocka_unit_test(form_check__too_many_entries__is_refused),
		cmocka_unit_test(form_check__position__is_of_the_character),
		cmocka_unit_test(form_check__things_of_the_incident__are_found),
		cmocka_unit_test(form_check__input__is_not_changed),
		cmocka_unit_test(form_check__any_shape__is_judged),
		cmocka_unit_test(form_to_json__report__is_the_document),
		cmocka_unit_test(field_type_word__any__is_known),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
