/* SPDX-License-Identifier: MIT */
/* Mails as they go out, and addresses that may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/text.h"
#include "toban/core/template.h"
#include "toban/notify/notify.h"
#include "toban/notify/render.h"

#define AT INT64_C(1795356300000) /* 2026-11-22T23:05:00+09:00 */
#define URL "smtps://mx.example.org/?from=toban@example.org&to=ops@example.net"

static const char *const languages[] = { "ja", "en" };
static const struct message_text texts[] = {
	{ .types = "*",
		.heading = { { "{title}", "{title}" } },
		.text = { { "Line {text}", "行 {text}" } } },
};
static const struct message_template templates[] = {
	{ .name = "standard", .languages = { languages, 2 }, .texts = texts, .n_texts = 1 },
};
static const struct procedure procedure = { .templates = templates, .n_templates = 1 };

static char *
mail_of(const char *title, stamp at, const char *zone, bool urgent)
{
	const struct target_row target = {
		.name = "ops", .kind = "mail", .url = URL, .format = "generic", .template = ""
	};
	json_t *message = json_pack("{s:s, s:s+, s:s, s:{s:s, s:s}}", "type", "incident.report",
		"timestamp", "2026-11-22T23:05:00", zone, "text", "t", "data", "incident",
		"26-0001", "title", title);
	char *body = json_dumps(message, 0);
	const struct render_source source = { .procedure = &procedure,
		.target = &target,
		.id = "msg_01K",
		.body = body,
		.at = at,
		.urgent = urgent };
	struct str out = STR_INIT;

	assert_int_equal(render_message(&source, &out), ERR_OK);
	free(body);
	json_decref(message);
	return str_detach(&out);
}

static int
start(void **state)
{
	(void)state;
	return hash_start() == ERR_OK ? 0 : -1;
}

static void
mail__header__is_that_of_the_rfcs(void **state)
{
	static const char *const lines[] = {
		"Date: Sun, 22 Nov 2026 23:05:00 +0900\r\n",
		"\r\nFrom: toban@example.org\r\n",
		"\r\nTo: ops@example.net\r\n",
		"\r\nMessage-ID: <msg_01K@example.org>\r\n",
		"\r\nReferences: <incident.26-0001.toban@example.org>\r\n",
		"\r\nSubject: Door open / Door open\r\n",
		"\r\nAuto-Submitted: auto-generated\r\n",
		"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n",
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
	};
	char *text = mail_of("Door open", AT, "+09:00", false);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_non_null(strstr(text, lines[i]));
	}
	assert_null(strstr(text, "Importance"));
	free(text);
	text = mail_of("Door open", AT, "+09:00", true);
	assert_non_null(strstr(text, "\r\nImportance: high\r\n"));
	free(text);
}

static void
mail__dates__in_any_zone(void **state)
{
	static const struct {
		stamp at;
		const char *zone;
		const char *date;
	} rows[] = {
		{ AT, "-03:30", "Date: Sun, 22 Nov 2026 10:35:00 -0330\r\n" },
		{ 0, "+00:00", "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n" },
		{ INT64_C(1709164800000), "+09:00", "Date: Thu, 29 Feb 2024 09:00:00 +0900\r\n" },
		{ INT64_C(1735657200000), "+09:00", "Date: Wed, 01 Jan 2025 00:00:00 +0900\r\n" },
		{ -1000, "+00:00", "Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n" },
		{ AT, "Z", "Date: Sun, 22 Nov 2026 14:05:00 +0000\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *text = mail_of("x", rows[i].at, rows[i].zone, false);

		assert_int_equal(strncmp(text, rows[i].date, strlen(rows[i].date)), 0);
		free(text);
	}
}

/* Every line of a mail is short, ends in CRLF and is ASCII; whatever the title. */
static void
check_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\r\n");

		assert_in_range(len, 0, 78);
		assert_int_equal(strncmp(text + len, "\r\n", 2), 0);
		for (size_t i = 0; i < len; i++) {
			assert_in_range((unsigned char)text[i], ' ', '~');
		}
		assert_true(text[0] != '.');
		text += len + 2;
	}
}

static void
mail__subject__is_encoded_and_folded(void **state)
{
	static const char *const titles[] = {
		"サーバー室の扉が開いたままになっている。確認のため担当者が現地へ向かった。",
		"plain ASCII that is much longer than a line of a mail may be, and so it is folded",
		"=?UTF-8?B?QmNjOiB4?=",
		"a\r\nBcc: evil@example.org\r\n\r\nbody",
		"\xf0\x9f\x94\xa5 \xe2\x80\xae",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		char *text = mail_of(titles[i], AT, "+09:00", false);
		const char *subject = strstr(text, "\r\nSubject: =?UTF-8?B?");

		assert_non_null(subject);
		assert_null(strstr(text, "\r\nBcc"));
		check_lines(text);
		/* Each encoded word is whole characters: it decodes to valid text alone. */
		for (const char *word = strstr(text, "=?UTF-8?B?"); word;
			word = strstr(word + 1, "=?UTF-8?B?")) {
			size_t len = strcspn(word + 10, "?");
			char coded[80];
			struct str plain = STR_INIT;

			assert_in_range(len, 4, 63);
			snprintf(coded, sizeof(coded), "%.*s", (int)len, word + 10);
			assert_int_equal(base64_parse(coded, &plain), ERR_OK);
			assert_true(utf8_valid(plain.data, plain.len));
			str_release(&plain);
		}
		free(text);
	}
}

static void
mail__text__is_base64_of_both_languages(void **state)
{
	char *text = mail_of("x", AT, "+09:00", false);
	const char *body = strstr(text, "\r\n\r\n") + 4;
	struct str coded = STR_INIT;
	struct str plain = STR_INIT;

	(void)state;
	for (; *body; body++) {
		if (*body != '\r' && *body != '\n') {
			str_add_char(&coded, *body);
		}
	}
	assert_int_equal(base64_parse(str_text(&coded), &plain), ERR_OK);
	assert_non_null(strstr(str_text(&plain), "x / x\r\n\r\n行 t\r\n\r\nLine t\r\n\r\n-- \r\n"));
	str_release(&coded);
	str_release(&plain);
	free(text);
}

static void
mail__hostile_id__is_refused(void **state)
{
	const struct target_row target = {
		.name = "ops", .kind = "mail", .url = URL, .format = "generic", .template = ""
	};
	struct render_source source = { .procedure = &procedure, .target = &target, .body = "{}" };
	static const char *const ids[] = { "a\r\nBcc: x", "", "<x>", "a b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct str out = STR_INIT;

		source.id = ids[i];
		assert_int_equal(render_message(&source, &out), ERR_INVALID);
		str_release(&out);
	}
}

static void
place__addresses__read_and_refused(void **state)
{
	static const char *const good[] = {
		URL,
		"smtp://mx.example.org:587/?from=a@b.example&to=c@d.example&user=me@b.example",
		"smtps://[2001:db8::1]:465?to=c@d.example&from=a@b.example",
		"SMTPS://mx/?from=a+x=y~z'q@b&to=c@d-e.example",
	};
	static const char *const bad[] = {
		"smtps://mx.example.org/",
		"smtps://mx.example.org/?from=a@b.example",
		"smtps://mx.example.org/?from=a@b.example&to=c@d.example&to=e@f.example",
		"smtps://mx.example.org/?from=a@b.example&to=c@d.example&cc=e@f.example",
		"smtps://mx.example.org/x?from=a@b.example&to=c@d.example",
		"smtps://mx.example.org/?from=a@b.example&to=c@d.example%0d%0aBcc:x@y",
		"smtps://mx.example.org/?from=a@b.example&to=<c@d.example>",
		"smtps://mx.example.org/?from=a@b.example&to=c@d@e.example",
		"smtps://mx.example.org/?from=a@b.example&to=.c@d.example",
		"smtps://mx.example.org/?from=a@b.example&to=c..d@d.example",
		"smtps://mx.example.org/?from=a@b.example&to=@d.example",
		"smtps://mx.example.org/?from=a@b.example&to=c@",
		"smtps://mx.example.org/?from=a@b.example&to=c@-d.example",
		"smtps://mx.example.org/?from=a@b.example&to=c@d_e.example",
		"smtps://mx.example.org/?from=a@b.example&to=c,e@d.example",
		"smtps://mx.example.org/?from=a@b.example&to=c@d.example&user=",
		"smtps://mx.example.org/?from=a@b.example&to=c@d.example&",
		"smtps://u:p@mx.example.org/?from=a@b.example&to=c@d.example",
		"smtps://mx.example.org:0/?from=a@b.example&to=c@d.example",
		"smtps:///?from=a@b.example&to=c@d.example",
	};
	struct mail_place place = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(target_check_url(good[i], false, NULL), ERR_OK);
		assert_int_equal(mail_place_read(good[i], &place), ERR_OK);
		assert_non_null(strchr(place.to, '@'));
		mail_place_release(&place);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (target_check_url(bad[i], false, NULL) == ERR_OK) {
			fail_msg("%s was taken", bad[i]);
		}
	}
	assert_int_equal(mail_place_read("https://example.org/", &place), ERR_INVALID);
	assert_string_equal(target_kind("smtp://x"), "mail");
	assert_string_equal(target_kind("https://x"), "webhook");
	/* A password never travels in the clear. */
	assert_int_equal(target_check_url(good[1], true, NULL), ERR_INVALID);
	assert_int_equal(mail_place_read(good[1], &place), ERR_OK);
	assert_string_equal(place.server, "smtp://mx.example.org:587");
	assert_string_equal(place.user, "me@b.example");
	assert_false(place.tls_at_once);
	mail_place_release(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail__header__is_that_of_the_rfcs),
		cmocka_unit_test(mail__dates__in_any_zone),
		cmocka_unit_test(mail__subject__is_encoded_and_folded),
		cmocka_unit_test(mail__text__is_base64_of_both_languages),
		cmocka_unit_test(mail__hostile_id__is_refused),
		cmocka_unit_test(place__addresses__read_and_refused),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
