/* SPDX-License-Identifier: MIT */
/* What each format makes of a message, hostile ones above all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/core/template.h"
#include "toban/forms.h"
#include "toban/notify/notify.h"
#include "toban/notify/render.h"

#include "../../../src/notify/facts.h"
#include "../../../src/notify/format.h"

/* A crisis with a title that tries everything. */
#define TITLE                                                                                      \
	"@channel <!here> <https://evil.example|click> *bold* [x](http://evil.example) "          \
	"`code` {{DATE(1)}} a@example.org & # ~x~"

static const char crisis[] =
	"{\"type\":\"crisis.escalated\",\"timestamp\":\"2026-11-22T23:05:00+09:00\","
	"\"text\":\"line\",\"data\":{\"incident\":\"26-0001\",\"title\":\"" TITLE "\","
	"\"confidential\":false,\"drill\":false,\"state\":\"reported\",\"active\":true,"
	"\"reported_at\":\"2026-11-22T22:41:00+09:00\",\"major\":\"yes\","
	"\"category\":{\"key\":\"security-breach\",\"label\":{\"en\":\"Breach\",\"ja\":\"侵害\"}},"
	"\"categories\":[{\"key\":\"a\",\"label\":{\"en\":\"Breach\",\"ja\":\"侵害\"}},"
	"{\"key\":\"b\",\"label\":{\"en\":\"Outage\",\"ja\":\"停止\"}}],"
	"\"department\":{\"id\":\"datacentre\",\"name\":{\"en\":\"DC\",\"ja\":\"DC部\"}},"
	"\"situation\":\"first\\nsecond \\u202e\","
	"\"decided_by\":{\"id\":\"x\",\"name\":{\"en\":\"Cora\",\"ja\":\"室長\"}},"
	"\"finder\":{\"contact\":\"ext. 100\",\"phone\":\"\"}}}";

static const char hidden[] =
	"{\"type\":\"crisis.escalated\",\"timestamp\":\"2026-11-22T23:05:00+09:00\","
	"\"text\":\"line\",\"data\":{\"incident\":\"26-0002\",\"title\":\"Case 26-0002\","
	"\"code_name\":{\"en\":\"Case 26-0002\",\"ja\":\"案件26-0002\"},\"confidential\":true,"
	"\"drill\":true,\"state\":\"closed\",\"active\":false,\"major\":\"no\","
	"\"finder\":{\"withheld\":true,\"text\":{\"en\":\"ask the head\",\"ja\":\"室長に照会\"}}}}";

static const char handover[] =
	"{\"trial\":true,\"type\":\"handover.given\","
	"\"timestamp\":\"2026-11-22T23:05:00+09:00\",\"text\":\"t\","
	"\"data\":{\"department\":{\"id\":\"d\",\"name\":{\"en\":\"DC\",\"ja\":\"DC部\"}},"
	"\"by\":{\"id\":\"o\",\"name\":{\"en\":\"Olive\",\"ja\":\"花子\"}},\"to\":null,"
	"\"open\":3,\"late\":1}}";

static const char test_message[] =
	"{\"type\":\"desk.test\",\"timestamp\":\"2026-11-22T23:05:00+09:00\",\"text\":\"t\","
	"\"data\":{\"head\":null}}";

struct world {
	struct arena *arena;
	const struct procedure *procedure;
};

static int
world_load(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct ini_problems problems = { 0 };

	assert_int_equal(hash_start(), ERR_OK);
	world->arena = problems.arena = arena_new();
	assert_int_equal(procedure_load(world->arena,
				 (struct def_files){ shipped_files, shipped_files_n },
				 (struct def_files){ 0 }, &problems, &world->procedure),
		ERR_OK);
	*state = world;
	return 0;
}

static int
world_unload(void **state)
{
	struct world *world = *state;

	arena_free(world->arena);
	free(world);
	return 0;
}

static char *
render(const struct world *world, const char *format, const char *template, const char *body)
{
	const struct target_row target = { .name = "room",
		.kind = "webhook",
		.url = "https://hooks.example.org/x",
		.format = format,
		.template = template,
		.person = "" };
	const struct render_source source = { .procedure = world->procedure,
		.target = &target,
		.id = "msg_1",
		.body = body };
	struct str out = STR_INIT;

	assert_int_equal(render_message(&source, &out), ERR_OK);
	return str_detach(&out);
}

/* The document of a format, with the text at a path of names and numbers. */
static json_t *
document(const struct world *world, const char *format, const char *body)
{
	char *text = render(world, format, "", body);
	json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(document);
	free(text);
	return document;
}

static const char *
text_of(const json_t *at, const char *path)
{
	while (*path) {
		char name[32];
		size_t len = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		at = json_is_array(at) ? json_array_get(at, (size_t)(name[0] - '0'))
				       : json_object_get(at, name);
		path += len + (path[len] == '.');
	}
	assert_non_null(json_string_value(at));
	return json_string_value(at);
}

static void
facts__know_every_placeholder(void **state)
{
	const char *const *words = template_placeholders();
	struct facts facts;
	size_t n = 0;

	(void)state;
	assert_int_equal(facts_read(crisis, &facts), ERR_OK);
	for (; words[n]; n++) {
		bool known = false;

		for (size_t i = 0; i < facts.n; i++) {
			known = known || strcmp(facts.names[i], words[n]) == 0;
		}
		assert_true(known);
	}
	assert_int_equal(n, facts.n);
	assert_string_equal(facts_get(&facts, "categories", LANG_JA), "侵害、停止");
	assert_string_equal(facts_get(&facts, "categories", LANG_EN), "Breach, Outage");
	assert_string_equal(facts_get(&facts, "time", LANG_EN), "2026-11-22 23:05:00+09:00");
	assert_string_equal(facts_get(&facts, "situation", LANG_EN),
		"first<U+000A>second <U+202E>");
	facts_release(&facts);
	assert_int_equal(facts_read("[]", &facts), ERR_INVALID);
	facts_release(&facts);
	assert_int_equal(facts_read("{", &facts), ERR_INVALID);
	facts_release(&facts);
}

static void
generic__without_a_template__is_byte_for_byte(void **state)
{
	char *text = render(*state, "generic", "", "{ \"any\" : 1}");

	assert_string_equal(text, "{ \"any\" : 1}");
	free(text);
}

static void
generic__with_a_template__says_its_words(void **state)
{
	char *text = render(*state, "generic", "short", handover);
	json_t *doc = json_loads(text, 0, NULL);

	assert_string_equal(text_of(doc, "text"),
		"[試用/TRIAL] 当番の引継ぎ: DC部 / Shift handover: DC\n花子 → 部門の誰か\n\n"
		"Olive → anybody of the department");
	assert_string_equal(text_of(doc, "data.by.id"), "o");
	json_decref(doc);
	free(text);
}

static void
slack__hostile_title__calls_nobody_and_links_nowhere(void **state)
{
	json_t *doc = document(*state, "slack", crisis);
	const char *text = text_of(doc, "text");

	assert_null(strstr(text, "@channel"));
	assert_non_null(strstr(text, "＠channel &lt;!here&gt; &lt;https://evil.example|click&gt;"));
	assert_null(strchr(text, '<'));
	assert_true(json_is_false(json_object_get(doc, "mrkdwn")));
	assert_string_equal(text_of(doc, "blocks.0.type"), "header");
	assert_string_equal(text_of(doc, "blocks.0.text.type"), "plain_text");
	assert_string_equal(text_of(doc, "blocks.1.text.type"), "plain_text");
	assert_non_null(strstr(text_of(doc, "blocks.1.text.text"), "分類: 侵害、停止\n部門: DC部"));
	assert_non_null(strstr(text_of(doc, "blocks.2.text.text"), "Category: Breach, Outage\n"));
	assert_non_null(strstr(text_of(doc, "blocks.2.text.text"),
		"&lt;U+000A&gt;second &lt;U+202E&gt;"));
	json_decref(doc);
}

static size_t
chars(const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		n += ((unsigned char)*text & 0xc0) != 0x80;
	}
	return n;
}

/* Slack refuses a header of more than 150 characters, escaped ones counted in full. */
static void
slack__header__is_never_too_long(void **state)
{
	char body[1024];
	char title[201];
	json_t *doc;

	memset(title, '&', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	snprintf(body, sizeof(body),
		"{\"type\":\"incident.report\",\"timestamp\":\"\",\"data\":{\"incident\":\"1\","
		"\"title\":\"%s\"}}",
		title);
	doc = document(*state, "slack", body);
	assert_in_range(chars(text_of(doc, "blocks.0.text.text")), 140, 150);
	assert_non_null(strstr(text_of(doc, "blocks.0.text.text"), "&amp;…"));
	json_decref(doc);
}

static void
mattermost__hostile_title__is_no_markdown(void **state)
{
	json_t *doc = document(*state, "mattermost", crisis);
	const char *text = text_of(doc, "text");

	assert_non_null(strstr(text, "**重大事故"));
	assert_non_null(strstr(text, "＠channel &lt;\\!here&gt;"));
	assert_non_null(strstr(text, "\\*bold\\* \\[x\\]\\(http：//evil.example\\)"));
	assert_non_null(strstr(text, "\\`code\\`"));
	assert_non_null(strstr(text, "a@example.org"));
	assert_non_null(strstr(text, "\\# \\~x\\~"));
	assert_null(strstr(text, "://"));
	json_decref(doc);
}

/* The first block of a Slack message under a template whose heading is `heading`. */
static json_t *
document_headed(const char *format, const char *heading, const char *body)
{
	static const char *const languages[] = { "ja", "en" };
	const struct message_text texts = { .types = "*",
		.heading = { { heading, heading } },
		.text = { { "{title}", "{title}" } } };
	struct message_template template = {
		.name = "cases",
		.languages = { languages, ARRAY_LEN(languages) },
		.texts = &texts,
		.n_texts = 1,
	};
	const struct procedure procedure = { .templates = &template, .n_templates = 1 };
	const struct target_row target = {
		.name = "t", .kind = "webhook", .format = format, .template = "cases"
	};
	const struct render_source source = {
		.procedure = &procedure, .target = &target, .id = "m", .body = body
	};
	struct str out = STR_INIT;
	json_t *doc;

	assert_int_equal(render_message(&source, &out), ERR_OK);
	doc = json_loads(str_text(&out), 0, NULL);
	assert_non_null(doc);
	str_release(&out);
	return doc;
}

/* Slack refuses a message with an empty block. */
static void
heading__without_a_value__is_the_line_of_the_message(void **state)
{
	static const char alert[] =
		"{\"type\":\"alert.new\",\"timestamp\":\"2026-11-22T23:05:00+09:00\","
		"\"text\":\"new alert A-1\",\"data\":{\"count\":1}}";
	static const char silent[] = "{\"type\":\"alert.new\",\"timestamp\":\"\",\"data\":{}}";
	json_t *doc = document_headed("slack", "{id} {title}: {step}", alert);

	(void)state;
	assert_string_equal(text_of(doc, "blocks.0.text.text"), "new alert A-1");
	assert_string_equal(text_of(doc, "text"), "new alert A-1");
	json_decref(doc);
	doc = document_headed("slack", "{id}", silent);
	assert_non_null(strstr(text_of(doc, "blocks.0.text.text"), "Message of toban"));
	json_decref(doc);
	doc = document_headed("mattermost", "{id}", alert);
	assert_string_equal(text_of(doc, "text"), "**new alert A-1**\n");
	json_decref(doc);
	doc = document_headed("slack", "New: {count}", alert);
	assert_string_equal(text_of(doc, "text"), "New: 1 / New: 1");
	json_decref(doc);
}

static void
escape__rows(void **state)
{
	static const struct {
		enum escape_for how;
		const char *in;
		const char *out;
	} rows[] = {
		{ ESCAPE_MATTERMOST, "- item\n1. x\n+ y", "\\- item\n1\\. x\n\\+ y" },
		{ ESCAPE_MATTERMOST, "26-0001 a.b", "26\\-0001 a.b" },
		{ ESCAPE_MATTERMOST, "x 26-0001", "x 26-0001" },
		{ ESCAPE_MATTERMOST, "www.evil.example", "www\\.evil.example" },
		{ ESCAPE_MATTERMOST, "a|b\\c", "a\\|b\\\\c" },
		{ ESCAPE_MATTERMOST, ":joy:", "：joy：" },
		{ ESCAPE_MATTERMOST, "By: :joy: x", "By: ：joy: x" },
		{ ESCAPE_MATTERMOST, "22 23:05:00+09:00", "22 23:05:00+09:00" },
		{ ESCAPE_MATTERMOST, "1:100:2 :05:", "1：100：2 ：05：" },
		{ ESCAPE_MATTERMOST, "http://x", "http：//x" },
		{ ESCAPE_PASSED_ON, "@channel <!here> a@b", "＠channel ＜!here＞ a@b" },
		{ ESCAPE_CARD, "{{DATE(x)}} {a}", "{ {DATE(x)}} {a}" },
		{ ESCAPE_CARD, "{{{{", "{ { { {" },
		{ ESCAPE_CARD, "@all a@b", "＠all a@b" },
		{ ESCAPE_SLACK, "a<b>&c", "a&lt;b&gt;&amp;c" },
		{ ESCAPE_SLACK, ".@here 日@here", ".＠here 日＠here" },
		{ ESCAPE_SLACK, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str out = STR_INIT;

		escape_add(&out, rows[i].how, rows[i].in, 100);
		assert_string_equal(str_text(&out), rows[i].out);
		str_release(&out);
	}
}

static void
escape__cuts_between_characters(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	escape_add(&out, ESCAPE_SLACK, "日本&x", 1);
	assert_string_equal(str_text(&out), "…");
	str_clear(&out);
	escape_add(&out, ESCAPE_SLACK, "日本&x", 2);
	assert_string_equal(str_text(&out), "日…");
	str_clear(&out);
	escape_add(&out, ESCAPE_SLACK, "日本", 2);
	assert_string_equal(str_text(&out), "日本");
	str_clear(&out);
	escape_add(&out, ESCAPE_SLACK, "日&x", 5);
	assert_string_equal(str_text(&out), "日…"); /* no half of an entity */
	str_release(&out);
}

static void
teams__is_a_card_of_text_runs(void **state)
{
	json_t *doc = document(*state, "teams", crisis);
	const char *run = text_of(doc, "attachments.0.content.body.0.inlines.0.text");

	assert_string_equal(text_of(doc, "type"), "message");
	assert_string_equal(text_of(doc, "attachments.0.contentType"),
		"application/vnd.microsoft.card.adaptive");
	assert_string_equal(text_of(doc, "attachments.0.content.type"), "AdaptiveCard");
	assert_string_equal(text_of(doc, "attachments.0.content.body.0.type"), "RichTextBlock");
	assert_non_null(strstr(run, "*bold*")); /* a run knows no markup */
	assert_null(strstr(run, "{{"));
	assert_null(strstr(run, "@channel"));
	assert_string_equal(
		text_of(doc, "attachments.0.content.body.1.inlines.0.text"), "分類: 侵害、停止");
	json_decref(doc);
}

static void
alertmanager__fires_and_resolves_the_same_alert(void **state)
{
	json_t *fired = document(*state, "alertmanager", crisis);
	json_t *quiet = document(*state, "alertmanager", hidden);
	char *later;
	struct str closed = STR_INIT;

	assert_string_equal(text_of(fired, "version"), "4");
	assert_string_equal(text_of(fired, "status"), "firing");
	assert_string_equal(text_of(fired, "receiver"), "room");
	assert_string_equal(text_of(fired, "alerts.0.labels.alertname"), "TobanIncident");
	assert_string_equal(text_of(fired, "alerts.0.labels.incident"), "26-0001");
	assert_string_equal(text_of(fired, "alerts.0.startsAt"), "2026-11-22T22:41:00+09:00");
	assert_string_equal(text_of(fired, "alerts.0.endsAt"), "0001-01-01T00:00:00Z");
	assert_string_equal(text_of(fired, "commonAnnotations.severity"), "critical");
	assert_int_equal(strlen(text_of(fired, "alerts.0.fingerprint")), 16);
	assert_string_equal(text_of(quiet, "status"), "resolved");
	assert_string_equal(text_of(quiet, "alerts.0.endsAt"), "2026-11-22T23:05:00+09:00");
	assert_non_null(strstr(text_of(quiet, "commonAnnotations.summary"), "[訓練/DRILL]"));
	assert_null(json_object_get(json_object_get(fired, "commonLabels"), "trial"));

	/* The same case when it is over: other annotations, the same labels. */
	str_add(&closed, crisis);
	later = strstr(closed.data, "\"active\":true");
	str_splice(&closed, (size_t)(later - closed.data), strlen("\"active\":true"),
		"\"active\":false", strlen("\"active\":false"));
	json_decref(quiet);
	quiet = document(*state, "alertmanager", str_text(&closed));
	assert_string_equal(text_of(quiet, "status"), "resolved");
	assert_true(json_equal(
		json_object_get(fired, "commonLabels"), json_object_get(quiet, "commonLabels")));
	assert_string_equal(text_of(fired, "alerts.0.fingerprint"),
		text_of(quiet, "alerts.0.fingerprint"));
	assert_string_equal(text_of(fired, "groupKey"), text_of(quiet, "groupKey"));
	str_release(&closed);
	json_decref(fired);
	json_decref(quiet);
}

static void
alertmanager__a_test_fires_and_a_handover_is_over(void **state)
{
	json_t *test = document(*state, "alertmanager", test_message);
	json_t *given = document(*state, "alertmanager", handover);

	assert_string_equal(text_of(test, "status"), "firing");
	assert_string_equal(text_of(test, "commonLabels.alertname"), "TobanTest");
	assert_string_equal(text_of(given, "status"), "resolved");
	assert_string_equal(text_of(given, "commonLabels.alertname"), "TobanNotice");
	assert_string_equal(text_of(given, "commonLabels.trial"), "true");
	json_decref(test);
	json_decref(given);
}

/* What another system wrote is as hostile as any title. */
static void
alert_new__hostile_title__says_its_words_in_every_format(void **state)
{
	const char *const *formats = format_words();
	static const struct alert_row row = {
		.num = 17, .source = "json", .title = TITLE "\x1b[31m\n\xe2\x80\xae", .firing = true
	};
	const struct message_alerts alerts = { &row, 1, 540 };
	const struct event event = { .seq = 3, .at = 1795300000000 };
	char *body = message_alerts_body(&alerts, &event);

	assert_non_null(strstr(body, "\"type\":\"alert.new\""));
	for (size_t i = 1; formats[i]; i++) {
		char *text = render(*state, formats[i], "", body);

		assert_non_null(strstr(text, "A-17"));
		assert_null(strstr(text, "\\u001b"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		assert_true(strcmp(formats[i], "slack") != 0 || !strstr(text, "<!here>"));
		free(text);
	}
	free(body);
}

static void
confidential__no_format_tells_more_than_the_message(void **state)
{
	const char *const *formats = format_words();

	for (size_t i = 1; formats[i]; i++) {
		char *text = render(*state, formats[i], "", hidden);

		assert_non_null(strstr(text, "案件26"));
		assert_non_null(strstr(text, "室長に照会"));
		assert_null(strstr(text, "部門"));      /* a line without a value is left out */
		assert_null(strstr(text, "Department"));
		free(text);
	}
}

static void
template__unknown_name__is_the_standard_one(void **state)
{
	char *standard = render(*state, "slack", "standard", crisis);
	char *unknown = render(*state, "slack", "gone", crisis);
	char *none = render(*state, "slack", "", crisis);
	char *brief = render(*state, "slack", "short", crisis);

	assert_string_equal(standard, unknown);
	assert_string_equal(standard, none);
	assert_string_not_equal(standard, brief);
	free(standard);
	free(unknown);
	free(none);
	free(brief);
}

static void
render__no_message__is_refused(void **state)
{
	const struct world *world = *state;
	const struct target_row target = { .kind = "webhook", .format = "slack", .template = "" };
	const struct render_source source = {
		.procedure = world->procedure, .target = &target, .id = "m", .body = "nonsense"
	};
	struct str out = STR_INIT;

	assert_int_equal(render_message(&source, &out), ERR_INVALID);
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts__know_every_placeholder),
		cmocka_unit_test(generic__without_a_template__is_byte_for_byte),
		cmocka_unit_test(generic__with_a_template__says_its_words),
		cmocka_unit_test(slack__hostile_title__calls_nobody_and_links_nowhere),
		cmocka_unit_test(slack__header__is_never_too_long),
		cmocka_unit_test(mattermost__hostile_title__is_no_markdown),
		cmocka_unit_test(heading__without_a_value__is_the_line_of_the_message),
		cmocka_unit_test(escape__rows),
		cmocka_unit_test(escape__cuts_between_characters),
		cmocka_unit_test(teams__is_a_card_of_text_runs),
		cmocka_unit_test(alertmanager__fires_and_resolves_the_same_alert),
		cmocka_unit_test(alertmanager__a_test_fires_and_a_handover_is_over),
		cmocka_unit_test(alert_new__hostile_title__says_its_words_in_every_format),
		cmocka_unit_test(confidential__no_format_tells_more_than_the_message),
		cmocka_unit_test(template__unknown_name__is_the_standard_one),
		cmocka_unit_test(render__no_message__is_refused),
	};

	return cmocka_run_group_tests(tests, world_load, world_unload);
}
