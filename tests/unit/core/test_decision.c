/* SPDX-License-Identifier: MIT */
/*
 * The text of a decision: one form, nothing that can be read two ways.
 */
#include <stdlib.h>
#include <string.h>

#include "shipped.h"
#include "toban/core/decision.h"

#define EVENT "01KB7VR41Z0123456789ABCDEF"
#define SALT "ZZZZZZZZZZZZZZZZZZZZZZZZZZ"

static struct decision
approval(void)
{
	struct decision d = {
		.desk = "d",
		.event = EVENT,
		.subject = "26-0001",
		.step = "approve-result",
		.actor = "office-staff-1",
		.state = "approved",
		.stands_on = 41,
	};

	hash_of("41", 2, &d.stands_on_hash);
	decision_fields(SALT, "{\"why\":\"it fits\"}", &d.fields);
	return d;
}

static char *
text_of(const struct decision *d)
{
	struct str text = STR_INIT;

	assert_int_equal(decision_text(d, &text), ERR_OK);
	return str_detach(&text);
}

static void
text__approval__is_this_to_the_byte(void **state)
{
	struct decision d = approval();
	struct hash result;
	char *text;

	(void)state;
	hash_of("the result", 10, &result);
	d.result = &result;
	text = text_of(&d);
	/* Whoever changes a byte here makes every signature of the past worthless. */
	assert_string_equal(text,
		"toban-decision-1\n"
		"desk 1:d\n"
		"event 26:" EVENT "\n"
		"time 29:2025-11-29T13:09:59.999+00:00\n"
		"subject 7:26-0001\n"
		"step 14:approve-result\n"
		"actor 14:office-staff-1\n"
		"for 0:\n"
		"post 0:\n"
		"state 8:approved\n"
		"stands-on 2:41\n"
		"stands-on-hash 64:"
		"3d914f9348c9cc0ff8a79716700b9fcd4d2f3e711608004eb8f138bcba7f14d9\n"
		"result 64:c6ab932a934460bd21fde8c5da450ed8188bcbd6b8e6c41e0551e56e8d417b8b\n"
		"fields 64:763b050b4a6e937a1fdaea89b6c6d5cc11f6ea24c3d1cf264393fbbdd1816b12\n");
	free(text);
}

/* What the text must tell apart: a change of each member changes it. */
static void
text__each_member__counts(void **state)
{
	struct decision plain = approval();
	struct decision d[13];
	char *was = text_of(&plain);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(d); i++) {
		d[i] = plain;
	}
	d[0].desk = "e";
	d[1].event = "01KB7VR41Z0123456789ABCDEG";
	d[2].subject = "26-0002";
	d[3].step = "return-result";
	d[4].actor = "office-staff-2";
	d[5].acting_for = "office-head";
	d[6].post = "console";
	d[7].state = "returned";
	d[8].stands_on = 42;
	d[9].stands_on_hash.bytes[31] ^= 1;
	d[10].result = &plain.fields;
	d[11].fields.bytes[0] ^= 1;
	/* A value that looks like the next line does not become it. */
	d[12].acting_for = "\npost 1:x";
	for (size_t i = 0; i < ARRAY_LEN(d); i++) {
		char *text = text_of(&d[i]);

		assert_string_not_equal(text, was);
		free(text);
	}
	d[0] = plain;
	d[0].post = "x";
	d[1] = plain;
	d[1].acting_for = "\npost 1:x";
	{
		char *a = text_of(&d[0]);
		char *b = text_of(&d[1]);

		assert_string_not_equal(a, b);
		free(a);
		free(b);
	}
	free(was);
}

static void
text__event_that_is_no_id__is_refused(void **state)
{
	static const char *const ids[] = { "", "x", "01KB7VR41Z0123456789ABCDE",
		"01KB7VR41Z0123456789ABCDEFG", "01KB7VR41Z0123456789ABCDEI",
		"81KB7VR41Z0123456789ABCDEF", "01kb7vr41z0123456789abcdef" };
	struct decision d = approval();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct str text = STR_INIT;

		d.event = ids[i];
		assert_int_equal(decision_text(&d, &text), ERR_INVALID);
		assert_int_equal(text.len, 0);
		str_release(&text);
	}
}

static void
event_time__new_id__is_when_it_was_made(void **state)
{
	static const stamp times[] = { 0, 1, INT64_C(1795000000123), (INT64_C(1) << 48) - 1 };

	(void)state;
	assert_int_equal(hash_start(), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		char id[NEW_ID_SIZE];
		stamp at = -1;

		random_id(times[i], id);
		assert_int_equal(decision_event_time(id, &at), ERR_OK);
		assert_int_equal(at, times[i]);
	}
}

static void
text_fields__text__gives_back_their_hash(void **state)
{
	struct decision d = approval();
	char *text = text_of(&d);
	struct hash hash = { { 0 } };

	(void)state;
	assert_int_equal(decision_text_fields(text, &hash), ERR_OK);
	assert_memory_equal(&hash, &d.fields, sizeof(hash));
	text[strlen(text) - 1] = ' ';
	assert_int_equal(decision_text_fields(text, &hash), ERR_INVALID);
	assert_int_equal(decision_text_fields("", &hash), ERR_INVALID);
	assert_int_equal(decision_text_fields(DECISION_FORM "\n", &hash), ERR_INVALID);
	free(text);
}

static void
salt__each__is_another_and_random_throughout(void **state)
{
	char a[SALT_SIZE];
	char b[SALT_SIZE];
	size_t same = 0;

	(void)state;
	decision_salt(a);
	decision_salt(b);
	for (size_t i = 0; i + 1 < SALT_SIZE; i++) {
		same += a[i] == b[i];
	}
	assert_in_range(same, 0, 13); /* of 26: one in 10^12 times it is more */
}

static void
ticket__written__is_read_back(void **state)
{
	static const int64_t seqs[] = { 0, 7, INT64_C(9999999999) };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(seqs); i++) {
		struct decision_ticket was = { EVENT, SALT, seqs[i] };
		struct decision_ticket is;
		char text[TICKET_SIZE];

		decision_ticket_write(&was, text);
		assert_int_equal(decision_ticket_read(text, &is), ERR_OK);
		assert_string_equal(is.event, EVENT);
		assert_string_equal(is.salt, SALT);
		assert_int_equal(is.stands_on, seqs[i]);
	}
}

static void
ticket__anything_else__is_refused(void **state)
{
	static const char *const texts[] = { "", EVENT, EVENT "." SALT, EVENT "." SALT ".",
		EVENT "." SALT ".x", EVENT "." SALT ".01", EVENT "." SALT ".-1",
		EVENT "." SALT ".12345678901", EVENT ".ZZZZZZZZZZZZZZZZZZZZZZZZZ.11",
		EVENT "." SALT ".1\n" };
	struct decision_ticket ticket;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_int_equal(decision_ticket_read(texts[i], &ticket), ERR_INVALID);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text__approval__is_this_to_the_byte),
		cmocka_unit_test(text__each_member__counts),
		cmocka_unit_test(text__event_that_is_no_id__is_refused),
		cmocka_unit_test(event_time__new_id__is_when_it_was_made),
		cmocka_unit_test(text_fields__text__gives_back_their_hash),
		cmocka_unit_test(salt__each__is_another_and_random_throughout),
		cmocka_unit_test(ticket__written__is_read_back),
		cmocka_unit_test(ticket__anything_else__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
