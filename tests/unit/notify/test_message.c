/* SPDX-License-Identifier: MIT */
/* What messages say, and what those of a confidential case do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/core/promise.h"
#include "toban/notify/notify.h"

#define NOON INT64_C(1795316400000) /* 2026-11-22T12:00:00+09:00 is 1795316400 */

static const struct department departments[] = {
	{ "datacentre", "DC", { { "Data centre division", "データセンター事業部" } }, true },
};

static const struct person people[] = {
	{ "dc-operator-1", { { "Olive Finder", "発見花子" } }, { { "", "" } }, "datacentre",
		ROLE_STAFF, "", "03-1111-1111", "" },
	{ "dc-owner", { { "Oscar Owner", "部長太郎" } }, { { "", "" } }, "datacentre", ROLE_OWNER,
		"", "", "" },
	{ "dc-deputy-1", { { "Dora Deputy", "代理二郎" } }, { { "", "" } }, "datacentre",
		ROLE_DEPUTY, "", "", "" },
	{ "office-head", { { "Cora Ciso", "室長三郎" } }, { { "", "" } }, "datacentre",
		ROLE_OFFICE_HEAD, "", "", "" },
};

static const struct org org = {
	.offset_min = 540,
	.departments = departments,
	.n_departments = ARRAY_LEN(departments),
	.people = people,
	.n_people = ARRAY_LEN(people),
};

static const struct category categories[] = {
	{ .key = "information-impairment",
		.number = 3,
		.label = { { "Information impairment", "情報障害" } } },
	{ .key = "security-breach",
		.number = 4,
		.label = { { "Security breach", "セキュリティ侵害" } } },
};

static const struct flow_step steps[] = {
	{ .name = "report", .label = { { "Report", "報告" } } },
	{ .name = "decide-major", .label = { { "Decide on a major accident", "重大事故の判断" } } },
};

static const struct procedure procedure = {
	.classification = { .items = categories, .n = ARRAY_LEN(categories) },
	.incident_flow = { .steps = steps, .n_steps = ARRAY_LEN(steps) },
};

static const struct contact contacts[] = {
	{ .link = 1,
		.person = "dc-owner",
		.role = "owner",
		.notified_at = NOON,
		.seen_at = NOON + 1000,
		.acknowledged_at = NOON + 2000,
		.due_at = NOON + 9000 },
	{ .link = 1,
		.person = "dc-deputy-1",
		.role = "deputy",
		.notified_at = NOON,
		.seen_at = STAMP_NONE,
		.acknowledged_at = STAMP_NONE,
		.due_at = NOON + 9000,
		.skipped = true },
	{ .link = 2,
		.person = "office-head",
		.role = "office-head",
		.notified_at = NOON + 3000,
		.seen_at = STAMP_NONE,
		.acknowledged_at = STAMP_NONE,
		.due_at = NOON + 9000 },
};

static const char *const both_keys[] = { "information-impairment", "security-breach" };

struct scene {
	struct incident incident;
	struct event event;
	struct ledger_head head;
	struct message_source source;
};

static void
scene_set(struct scene *scene, const char *type, const char *kind)
{
	*scene = (struct scene) {
		.incident = {
			.id = "26-0001",
			.state = "reported",
			.title = "Mail sent to the wrong customer",
			.situation = "A list of names went out.",
			.department = "datacentre",
			.finder = "dc-operator-1",
			.contact = "extension 4711",
			.category = "information-impairment",
			.categories = { both_keys, 2 },
			.major = MAJOR_YES,
			.major_by = "office-head",
			.contacts = contacts,
			.n_contacts = ARRAY_LEN(contacts),
		},
		.event = { .seq = 12, .kind = kind, .at = NOON, .actor = "office-head" },
		.head = { .seq = 12, .at = NOON },
	};
	memset(scene->head.row_hash.bytes, 0xab, HASH_BYTES);
	scene->source = (struct message_source){
		.procedure = &procedure,
		.org = &org,
		.incident = &scene->incident,
		.event = &scene->event,
		.head = &scene->head,
		.type = type,
	};
}

static json_t *
body_of(const struct scene *scene)
{
	char *body = message_body(&scene->source);
	json_t *document;

	assert_non_null(body);
	document = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(document);
	free(body);
	return document;
}

/* The text at "a.b.0.c" of a document; NULL when there is none. */
static const char *
text_at(const json_t *value, const char *path)
{
	while (*path != '\0' && value != NULL) {
		char key[32];
		size_t len = strcspn(path, ".");

		assert_true(len < sizeof(key));
		memcpy(key, path, len);
		key[len] = '\0';
		value = json_is_array(value) ? json_array_get(value, (size_t)(key[0] - '0'))
					     : json_object_get(value, key);
		path += len + (path[len] == '.');
	}
	return json_string_value(value);
}

static void
message__crisis__carries_all_that_is_promised(void **state)
{
	static const struct {
		const char *path;
		const char *expected;
	} rows[] = {
		{ "type", "crisis.escalated" },
		{ "timestamp", "2026-11-22T12:00:00+09:00" },
		{ "data.incident", "26-0001" },
		{ "data.title", "Mail sent to the wrong customer" },
		{ "data.situation", "A list of names went out." },
		{ "data.category.key", "information-impairment" },
		{ "data.category.label.ja", "情報障害" },
		{ "data.category.label.en", "Information impairment" },
		{ "data.categories.1.key", "security-breach" },
		{ "data.department.id", "datacentre" },
		{ "data.department.name.ja", "データセンター事業部" },
		{ "data.decided_by.id", "office-head" },
		{ "data.decided_by.name.en", "Cora Ciso" },
		{ "data.decided_by.at", "2026-11-22T12:00:00+09:00" },
		{ "data.finder.name.ja", "発見花子" },
		{ "data.finder.contact", "extension 4711" },
		{ "data.finder.phone", "03-1111-1111" },
		{ "data.chain.0.person", "dc-owner" },
		{ "data.chain.0.acknowledged_at", "2026-11-22T12:00:02+09:00" },
		{ "data.chain.1.person", "office-head" }, /* who became involved is left out */
		{ "data.step.key", "decide-major" },
		{ "data.major", "yes" },
		{ "data.head.row_hash",
			"abababababababababababababababababababababababababababababababab" },
	};
	struct scene scene;

	(void)state;
	scene_set(&scene, "crisis.escalated", "decide-major");

	json_t *body = body_of(&scene);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *got = text_at(body, rows[i].path);

		if (got == NULL || strcmp(got, rows[i].expected) != 0) {
			fail_msg("%s: %s", rows[i].path, got != NULL ? got : "(none)");
		}
	}
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(body, "data"), "chain")), 2);
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(json_object_get(body, "data"), "head"), "seq")),
		12);
	assert_string_equal(text_at(body, "text"),
		"重大事故 26-0001「Mail sent to the wrong customer」 分類: 情報障害。"
		"部門: データセンター事業部。決定: 室長三郎。発見者の連絡先: extension 4711。 / "
		"Major accident 26-0001: Mail sent to the wrong customer. Category: Information "
		"impairment. Department: Data centre division. Decided by: Cora Ciso. How to reach "
		"the finder: extension 4711.");
	json_decref(body);
}

static void
message__confidential__is_the_code_name_and_no_more(void **state)
{
	static const char *const secrets[] = { "Mail sent", "A list of names", "4711", "03-1111",
		"Olive", "発見花子", "dc-operator-1", "Oscar", "部長太郎", "dc-owner", "Dora",
		"代理二郎", "dc-deputy-1", "Cora", "室長三郎", "office-head\",\"name", "datacentre",
		"Data centre", "データセンター", "information-impairment", "Information",
		"情報障害", "\"chain\"", "\"decided_by\"", "\"actor\"", "\"categor" };
	static const char *const types[][2] = { { "crisis.escalated", "decide-major" },
		{ "crisis.withdrawn", "decide-major" }, { "incident.report", "report" } };
	struct scene scene;

	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(types); t++) {
		scene_set(&scene, types[t][0], types[t][1]);
		scene.incident.confidential = true;
		scene.event.actor = t < 2 ? "office-head" : "dc-operator-1";

		char *body = message_body(&scene.source);

		assert_non_null(body);
		for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
			if (strstr(body, secrets[i]) != NULL) {
				fail_msg("%s: \"%s\" in %s", types[t][0], secrets[i], body);
			}
		}
		assert_non_null(strstr(body, "Case 26-0001"));
		assert_non_null(strstr(body, "案件26-0001"));
		free(body);
	}
}

static void
message__confidential_crisis__says_whom_to_ask(void **state)
{
	struct scene scene;

	(void)state;
	scene_set(&scene, "crisis.escalated", "decide-major");
	scene.incident.confidential = true;

	json_t *body = body_of(&scene);

	assert_string_equal(text_at(body, "data.finder.ask"), "office-head");
	assert_string_equal(text_at(body, "text"),
		"重大事故 案件26-0001。詳細は情報セキュリティ対策室長に照会。 / "
		"Major accident: Case 26-0001. To learn more, ask the office head (CISO).");
	json_decref(body);
}

static void
message__drill__says_so_first(void **state)
{
	struct scene scene;

	(void)state;
	scene_set(&scene, "incident.report", "report");
	scene.incident.drill = true;

	json_t *body = body_of(&scene);

	assert_true(strncmp(text_at(body, "text"), "[訓練/DRILL] ", strlen("[訓練/DRILL] ")) == 0);
	assert_true(json_is_true(json_object_get(json_object_get(body, "data"), "drill")));
	json_decref(body);
}

static void
message__trial_desk__says_so_first(void **state)
{
	struct scene scene;
	struct org trial;

	(void)state;
	scene_set(&scene, "incident.report", "report");
	scene.incident.drill = true;
	trial = *scene.source.org;
	trial.trial = true;
	scene.source.org = &trial;

	json_t *body = body_of(&scene);

	assert_true(json_is_true(json_object_get(body, "trial")));
	assert_memory_equal(text_at(body, "text"), "[試用/TRIAL] [訓練/DRILL] ",
		strlen("[試用/TRIAL] [訓練/DRILL] "));
	json_decref(body);

	trial.trial = false;
	body = body_of(&scene);
	assert_null(json_object_get(body, "trial"));
	assert_null(strstr(text_at(body, "text"), "TRIAL"));
	json_decref(body);
}

static void
message__step__is_one_line_in_both_languages(void **state)
{
	struct scene scene;

	(void)state;
	scene_set(&scene, "incident.report", "report");

	json_t *body = body_of(&scene);

	assert_string_equal(text_at(body, "text"),
		"26-0001「Mail sent to the wrong customer」 報告（データセンター事業部） / "
		"26-0001 Mail sent to the wrong customer: Report (Data centre division)");
	assert_null(text_at(body, "data.finder.contact"));
	json_decref(body);
}

static void
message__hostile_text__is_harmless_in_the_line_and_exact_in_the_data(void **state)
{
	static const char hostile[] = "a\nb\tc\033[2J\xe2\x80\xae{id}";
	struct scene scene;

	(void)state;
	scene_set(&scene, "crisis.escalated", "decide-major");
	scene.incident.title = hostile;
	scene.incident.contact = hostile;

	json_t *body = body_of(&scene);
	const char *text = text_at(body, "text");

	for (const char *c = text; *c != '\0'; c++) {
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_non_null(strstr(text, "<U+202E>{id}")); /* not taken as a placeholder */
	assert_string_equal(text_at(body, "data.title"), hostile);
	json_decref(body);
}

static void
message__long_title__is_cut_between_characters(void **state)
{
	char title[3 * 500 + 1];
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		memcpy(title + 3 * i, "あ", 3);
	}
	title[sizeof(title) - 1] = '\0';
	scene_set(&scene, "incident.report", "report");
	scene.incident.title = title;

	json_t *body = body_of(&scene);

	assert_non_null(strstr(text_at(body, "text"), "あ…」"));
	assert_true(strlen(text_at(body, "text")) < 1000);
	assert_string_equal(text_at(body, "data.title"), title);
	json_decref(body);
}

static void
message__test__needs_no_incident(void **state)
{
	struct scene scene;

	(void)state;
	scene_set(&scene, "desk.test", "note");
	scene.source.incident = NULL;

	json_t *body = body_of(&scene);

	assert_string_equal(text_at(body, "type"), "desk.test");
	assert_non_null(strstr(text_at(body, "text"), "test message"));
	json_decref(body);
}

static void
message__unknown_names__fall_back_to_ids(void **state)
{
	struct scene scene;

	(void)state;
	scene_set(&scene, "crisis.escalated", "no-such-step");
	scene.incident.category = "removed-category";
	scene.incident.department = "removed-department";
	scene.incident.major_by = NULL;
	scene.event.actor = "removed-person";

	json_t *body = body_of(&scene);

	assert_string_equal(text_at(body, "data.category.label.en"), "removed-category");
	assert_string_equal(text_at(body, "data.department.name.ja"), "removed-department");
	assert_string_equal(text_at(body, "data.decided_by.name.en"), "removed-person");
	json_decref(body);
}

static void
message__wanted__reads_the_list_of_a_target(void **state)
{
	static const struct {
		const char *events;
		const char *type;
		bool expected;
	} rows[] = {
		{ "*", "anything.at-all", true },
		{ "crisis", "crisis.escalated", true },
		{ "crisis", "incident.report", false },
		{ "crisis", "crisis", true },
		{ "crisis", "crisisfoo.x", false },
		{ "incident.*", "incident.report", true },
		{ "incident.*", "incident", false },
		{ "incident.*", "incidental.report", false },
		{ "incident.report", "incident.report", true },
		{ "incident.report", "incident.reporter", false },
		{ "incident.report", "incident.report.x", false },
		{ "crisis incident.close", "incident.close", true },
		{ "  crisis   incident.close ", "incident.close", true },
		{ "crisis,incident.close", "incident.close", true },
		{ "", "crisis.escalated", false },
		{ "   ", "crisis.escalated", false },
		{ "cris", "crisis.escalated", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (message_wanted(rows[i].events, rows[i].type) != rows[i].expected) {
			fail_msg("\"%s\" and %s", rows[i].events, rows[i].type);
		}
	}
}

static void
message__clock__says_what_was_watched(void **state)
{
	static const struct desk_mark marks[] = {
		{ .kind = KIND_REMIND,
			.watch = WATCH_CELL,
			.key = "M1",
			.department = "sales",
			.limit_at = NOON,
			.seq = 12 },
	};
	struct scene scene;

	(void)state;
	scene_set(&scene, "clock.remind", "remind");
	scene.event.actor = ACTOR_DESK;
	scene.incident.marks = marks;
	scene.incident.n_marks = ARRAY_LEN(marks);
	scene.incident.last_seq = 12;

	json_t *body = body_of(&scene);

	assert_non_null(strstr(text_at(body, "text"), "督促: 再発防止策の実施"));
	assert_non_null(strstr(text_at(body, "text"), "reminder: applying a measure"));
	assert_string_equal(text_at(body, "data.step.label.en"), "reminder");
	assert_string_equal(text_at(body, "data.clock.watch"), "cell");
	assert_string_equal(text_at(body, "data.clock.department"), "sales");
	json_decref(body);

	/* Of a confidential case neither the measure nor the department goes out. */
	scene.incident.confidential = true;
	body = body_of(&scene);
	assert_string_equal(text_at(body, "data.clock.department"), "");
	assert_string_equal(text_at(body, "data.clock.key"), "");
	assert_null(strstr(text_at(body, "text"), "Mail sent"));
	json_decref(body);

	/* What a person does later is no entry of the desk. */
	scene_set(&scene, "incident.report", "report");
	scene.incident.marks = marks;
	scene.incident.n_marks = ARRAY_LEN(marks);
	scene.incident.last_seq = 13;
	body = body_of(&scene);
	assert_true(json_is_null(json_object_get(json_object_get(body, "data"), "clock")));
	json_decref(body);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(message__clock__says_what_was_watched),
		cmocka_unit_test(message__crisis__carries_all_that_is_promised),
		cmocka_unit_test(message__confidential__is_the_code_name_and_no_more),
		cmocka_unit_test(message__confidential_crisis__says_whom_to_ask),
		cmocka_unit_test(message__drill__says_so_first),
		cmocka_unit_test(message__trial_desk__says_so_first),
		cmocka_unit_test(message__step__is_one_line_in_both_languages),
		cmocka_unit_test(
			message__hostile_text__is_harmless_in_the_line_and_exact_in_the_data),
		cmocka_unit_test(message__long_title__is_cut_between_characters),
		cmocka_unit_test(message__test__needs_no_incident),
		cmocka_unit_test(message__unknown_names__fall_back_to_ids),
		cmocka_unit_test(message__wanted__reads_the_list_of_a_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
