/* SPDX-License-Identifier: MIT */
/*
 * Signed ends: what is signed, and when one is due, over simulated weeks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/sign_key.h"
#include "toban/core/head.h"

#define MINUTE INT64_C(60000)
#define START INT64_C(1795300000000)

static struct signed_head
a_head(void)
{
	struct signed_head head = { .desk = "00ff",
		.head = { .seq = 42, .at = START },
		.signed_at = START + 1,
		.occasion = "changed",
		.signature = "",
		.key = "" };

	memset(head.head.row_hash.bytes, 0xab, HASH_BYTES);
	return head;
}

static void
head_text__one_head__is_exactly_this(void **state)
{
	struct signed_head head = a_head();
	struct str text = STR_INIT;

	(void)state;
	head_text(&head, &text);
	assert_string_equal(str_text(&text),
		"toban-head-1\n"
		"desk 00ff\n"
		"seq 42\n"
		"row_hash abababababababababababababababababababababababababababababababab\n"
		"at 2026-11-21T22:26:40+00:00\n"
		"signed_at 2026-11-21T22:26:40.001+00:00\n");
	str_release(&text);
}

/* Signs it; the caller frees the key. */
static struct sign_key *
sign(struct signed_head *head, struct str *signature, struct ssh_public *ret_public)
{
	struct sign_key *key = NULL;
	struct str text = STR_INIT;

	assert_int_equal(sign_key_new(&key), ERR_OK);
	head_text(head, &text);
	assert_int_equal(sign_key_sign(key, str_text(&text), signature), ERR_OK);
	head->signature = str_text(signature);
	sign_key_public(key, ret_public);
	str_release(&text);
	return key;
}

static void
head_check__any_member_changed__is_found(void **state)
{
	struct signed_head head = a_head();
	struct str signature = STR_INIT;
	struct ssh_public public;
	struct sign_key *key = sign(&head, &signature, &public);
	struct signed_head other = head;

	(void)state;
	assert_int_equal(head_check(&head, &public), SSH_OK);
	other.head.seq++;
	assert_int_equal(head_check(&other, &public), SSH_WRONG);
	other = head;
	other.head.row_hash.bytes[31] ^= 1;
	assert_int_equal(head_check(&other, &public), SSH_WRONG);
	other = head;
	other.signed_at++;
	assert_int_equal(head_check(&other, &public), SSH_WRONG);
	other = head;
	other.desk = "00fe";
	assert_int_equal(head_check(&other, &public), SSH_WRONG);
	public.bytes[0] ^= 1;
	assert_int_equal(head_check(&head, &public), SSH_OTHER_KEY);
	sign_key_free(key);
	str_release(&signature);
}

static void
head_read__as_it_travels__comes_back_and_fits(void **state)
{
	struct arena *arena = arena_new();
	struct signed_head head = a_head();
	struct signed_head back;
	struct str signature = STR_INIT;
	struct ssh_public public;
	struct sign_key *key = sign(&head, &signature, &public);
	json_t *json = head_json(&head);
	json_t *message = json_pack("{s:s, s:{s:O}}", "type", TYPE_HEAD, "data", "head", json);
	char *line = json_dumps(json, JSON_COMPACT);

	(void)state;
	assert_true(strlen(line) < 900); /* one line of syslog */
	assert_int_equal(head_read(arena, json, &back), ERR_OK);
	assert_int_equal(head_check(&back, &public), SSH_OK);
	assert_int_equal(head_read(arena, message, &back), ERR_OK);
	assert_int_equal(head_check(&back, &public), SSH_OK);
	json_decref(message);
	json_decref(json);
	json = json_pack("{s:I}", "seq", (json_int_t)1);
	assert_int_equal(head_read(arena, json, &back), ERR_INVALID);
	json_decref(json);
	free(line);
	sign_key_free(key);
	str_release(&signature);
	arena_free(arena);
}

static void
sign_key__written_and_read__signs_the_same(void **state)
{
	static const char *const bad[] = { "", "toban-key-1 ", "toban-key-1 AAAA\n",
		"toban-key-2 QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n",
		"toban-key-1 QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\nx\n" };
	struct sign_key *key = NULL;
	struct sign_key *again = NULL;
	struct str line = STR_INIT;
	struct str one = STR_INIT;
	struct str two = STR_INIT;

	(void)state;
	assert_int_equal(sign_key_new(&key), ERR_OK);
	sign_key_write(key, &line);
	assert_int_equal(sign_key_read(str_text(&line), &again), ERR_OK);
	assert_int_equal(sign_key_sign(key, "x", &one), ERR_OK);
	assert_int_equal(sign_key_sign(again, "x", &two), ERR_OK);
	assert_string_equal(str_text(&one), str_text(&two));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct sign_key *none = NULL;

		assert_int_equal(sign_key_read(bad[i], &none), ERR_INVALID);
	}
	sign_key_free(key);
	sign_key_free(again);
	str_release(&line);
	str_release(&one);
	str_release(&two);
}

/* --- when ------------------------------------------------------------------------------ */

static void
head_due__each_occasion__as_the_table_says(void **state)
{
	static const struct {
		struct head_clock clock;
		enum head_occasion occasion;
		stamp next;
	} rows[] = {
		{ { START, STAMP_NONE, 0, 0, 0 }, HEAD_NONE, STAMP_NONE },
		{ { START, STAMP_NONE, 0, 3, 0 }, HEAD_FIRST, STAMP_NONE },
		{ { START, START, 3, 3, 0 }, HEAD_NONE, START + HEAD_DAILY_MS },
		{ { START + 1, START, 3, 4, 0 }, HEAD_NONE, START + HEAD_CHANGED_MS },
		{ { START + 1, START, 3, 4, 4 }, HEAD_DECISION, STAMP_NONE },
		{ { START + 1, START, 4, 4, 4 }, HEAD_NONE, START + HEAD_DAILY_MS },
		{ { START + HEAD_CHANGED_MS, START, 3, 4, 0 }, HEAD_CHANGED, STAMP_NONE },
		{ { START + HEAD_DAILY_MS, START, 3, 3, 0 }, HEAD_DAILY, STAMP_NONE },
		{ { START - 1, START, 3, 3, 0 }, HEAD_DAILY, STAMP_NONE },
		{ { START + 1, START, 5, 4, 0 }, HEAD_NONE, START + HEAD_CHANGED_MS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		stamp next = 7;

		assert_int_equal(head_due(&rows[i].clock, &next), rows[i].occasion);
		assert_int_equal(next, rows[i].next);
	}
}

/* Thirty days in which somebody writes now and then, woken only when the answer says so. */
static void
head_due__thirty_days__never_too_late_and_never_twice(void **state)
{
	struct head_clock clock = { START, STAMP_NONE, 0, 1, 0 };
	stamp changed_at = START;
	int64_t sent = 0;
	int64_t looks = 0;

	(void)state;
	while (clock.now < START + 30 * HEAD_DAILY_MS) {
		stamp write_at = clock.now + (clock.now / MINUTE % 97 + 1) * 11 * MINUTE;
		stamp next;

		looks++;
		if (head_due(&clock, &next) != HEAD_NONE) {
			assert_true(clock.last_at == STAMP_NONE || clock.seq == clock.last_seq ||
				clock.now - changed_at <= HEAD_CHANGED_MS ||
				clock.now - clock.last_at <= HEAD_CHANGED_MS);
			assert_true(clock.last_at == STAMP_NONE ||
				clock.now - clock.last_at <= HEAD_DAILY_MS);
			clock.last_at = clock.now;
			clock.last_seq = clock.seq;
			sent++;
			assert_int_equal(head_due(&clock, &next), HEAD_NONE);
		}
		assert_true(next > clock.now);
		if (write_at < next) {
			changed_at = clock.seq == clock.last_seq ? write_at : changed_at;
			clock.now = write_at;
			clock.seq++;
		} else {
			clock.now = next;
		}
	}
	assert_true(sent >= 30);
	assert_true(looks <= 3 * clock.seq + 90);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(head_text__one_head__is_exactly_this),
		cmocka_unit_test(head_check__any_member_changed__is_found),
		cmocka_unit_test(head_read__as_it_travels__comes_back_and_fits),
		cmocka_unit_test(sign_key__written_and_read__signs_the_same),
		cmocka_unit_test(head_due__each_occasion__as_the_table_says),
		cmocka_unit_test(head_due__thirty_days__never_too_late_and_never_twice),
	};

	if (hash_start() != ERR_OK) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
