/* SPDX-License-Identifier: MIT */
/*
 * Frames in every piece they can be cut into, and what is no frame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/wire/frame.h"

#define MOST 200

/* Three documents as one stream of bytes. */
static void
put_three(struct str *out)
{
	for (int i = 0; i < 3; i++) {
		json_t *document = json_pack("{s:i, s:s}", "n", i, "text", i == 1 ? "当番" : "");
		bool too_long = true;

		assert_true(wire_frame_put(out, document, MOST, &too_long));
		assert_false(too_long);
		json_decref(document);
	}
}

/* Takes what is whole; how many came, each being the next one. */
static int
take_all(struct wire_frames *frames, int next)
{
	json_t *document = NULL;

	while (wire_frames_take(frames, &document) == WIRE_TAKEN) {
		assert_int_equal(json_integer_value(json_object_get(document, "n")), next);
		json_decref(document);
		next++;
	}
	return next;
}

static void
frames__cut_anywhere__come_out_the_same(void **state)
{
	struct str bytes = STR_INIT;

	(void)state;
	put_three(&bytes);
	/* Every pair of cuts: three pieces, the empty ones among them. */
	for (size_t a = 0; a <= bytes.len; a++) {
		for (size_t b = a; b <= bytes.len; b++) {
			struct wire_frames frames = { .most = MOST };
			int next;

			assert_true(wire_frames_add(&frames, bytes.data, a));
			next = take_all(&frames, 0);
			assert_true(wire_frames_add(&frames, bytes.data + a, b - a));
			next = take_all(&frames, next);
			assert_true(wire_frames_add(&frames, bytes.data + b, bytes.len - b));
			assert_int_equal(take_all(&frames, next), 3);
			assert_int_equal(wire_frames_held(&frames), 0);
			wire_frames_release(&frames);
		}
	}
	str_release(&bytes);
}

static void
frames__byte_by_byte__ready_with_the_last_byte_alone(void **state)
{
	struct str bytes = STR_INIT;
	struct wire_frames frames = { .most = MOST };
	json_t *document = json_pack("{s:i}", "n", 0);
	bool too_long = false;

	(void)state;
	assert_true(wire_frame_put(&bytes, document, MOST, &too_long));
	for (size_t i = 0; i < bytes.len; i++) {
		assert_false(wire_frames_ready(&frames));
		assert_true(wire_frames_add(&frames, bytes.data + i, 1));
	}
	assert_true(wire_frames_ready(&frames));
	assert_int_equal(take_all(&frames, 0), 1);
	json_decref(document);
	str_release(&bytes);
	wire_frames_release(&frames);
}

static enum wire_taken
take_bytes(const char *bytes, size_t len)
{
	struct wire_frames frames = { .most = MOST };
	json_t *document = NULL;
	enum wire_taken taken;

	assert_true(wire_frames_add(&frames, bytes, len));
	taken = wire_frames_take(&frames, &document);
	if (taken == WIRE_TAKEN) {
		json_decref(document);
	}
	wire_frames_release(&frames);
	return taken;
}

#define BYTES(text) (text), sizeof(text) - 1

static void
frames__hostile__each_has_its_answer(void **state)
{
	(void)state;
	assert_int_equal(take_bytes(BYTES("")), WIRE_PART);
	assert_int_equal(take_bytes(BYTES("\0\0\0")), WIRE_PART);
	assert_int_equal(take_bytes(BYTES("\0\0\0\2{}")), WIRE_TAKEN);
	assert_int_equal(take_bytes(BYTES("\0\0\0\0")), WIRE_NO_JSON);
	assert_int_equal(take_bytes(BYTES("\0\0\0\2[]")), WIRE_NO_JSON);
	assert_int_equal(take_bytes(BYTES("\0\0\0\3{} ")), WIRE_TAKEN);
	assert_int_equal(take_bytes(BYTES("\0\0\0\3{}x")), WIRE_NO_JSON);
	assert_int_equal(take_bytes(BYTES("\0\0\0\15{\"a\":1,\"a\":1}")), WIRE_NO_JSON);
	assert_int_equal(take_bytes(BYTES("\0\0\0\7{\"a\xff\":1")), WIRE_NO_JSON);
	assert_int_equal(take_bytes(BYTES("\0\0\0\14{\"\\u0000\":1}")), WIRE_NO_JSON);
	/* Known to be too long from its head alone, and never waited for. */
	assert_int_equal(take_bytes(BYTES("\0\0\0\311")), WIRE_TOO_LONG);
	assert_int_equal(take_bytes(BYTES("\0\0\0\310")), WIRE_PART);
	assert_int_equal(take_bytes(BYTES("\377\377\377\377")), WIRE_TOO_LONG);
	assert_int_equal(take_bytes(BYTES("GET / HTTP/1.1\r\n")), WIRE_TOO_LONG);
}

/* Of ten values; of what is only text, quoted or not, there is one. */
static void
frames__many_values__are_too_long(void **state)
{
	static const struct {
		const char *json;
		enum wire_taken taken;
	} rows[] = {
		{ "{\"a\":[1,2,3,4,5,6,7,8]}", WIRE_TAKEN },
		{ "{\"a\":[1,2,3,4,5,6,7,8,9]}", WIRE_TAKEN },
		{ "{\"a\":[1,2,3,4,5,6,7,8,9,0]}", WIRE_TOO_LONG },
		{ "{\"a\":[[[[[[[[[[]]]]]]]]]]}", WIRE_TOO_LONG },
		{ "{\"a\":1,\"b\":[{},{},{}],\"c\":2,\"d\":3,\"e\":4}", WIRE_TOO_LONG },
		{ "{\"a\":\"[[[[[[[[[[{{{{,,,,,,,,,\"}", WIRE_TAKEN },
		{ "{\"a\":\"\\\",,,,,,,,,,\\\\\",\"b\":1}", WIRE_TAKEN },
		{ "{\"a\":\"\\\\\",\"b\":[1,2,3,4,5,6,7,8,9]}", WIRE_TOO_LONG },
		{ ",,,,,,,,,,,,", WIRE_TOO_LONG },
		{ "\"\\", WIRE_NO_JSON },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct wire_frames frames = { .most = MOST, .values_most = 10 };
		const char head[] = { 0, 0, 0, (char)strlen(rows[i].json) };
		json_t *document = NULL;

		assert_true(wire_frames_add(&frames, head, sizeof(head)));
		assert_true(wire_frames_add(&frames, rows[i].json, strlen(rows[i].json)));
		if (wire_frames_take(&frames, &document) != rows[i].taken) {
			fail_msg("%s", rows[i].json);
		}
		json_decref(document);
		wire_frames_release(&frames);
	}
}

static void
frames__no_json__what_follows_is_read(void **state)
{
	struct wire_frames frames = { .most = MOST };
	json_t *document = NULL;

	(void)state;
	assert_true(wire_frames_add(&frames, BYTES("\0\0\0\1x\0\0\0\7{\"n\":0}")));
	assert_int_equal(wire_frames_take(&frames, &document), WIRE_NO_JSON);
	assert_int_equal(take_all(&frames, 0), 1);
	wire_frames_release(&frames);
}

static void
put__too_long__nothing_appended(void **state)
{
	struct str out = STR_INIT;
	char text[MOST + 1];
	bool too_long = false;

	(void)state;
	memset(text, 'a', MOST);
	text[MOST] = '\0';
	str_add(&out, "before");

	json_t *document = json_pack("{s:s}", "n", text);

	assert_false(wire_frame_put(&out, document, MOST, &too_long));
	assert_true(too_long);
	assert_string_equal(str_text(&out), "before");
	/* {"n":""} is eight bytes: exactly as long as allowed is not too long. */
	text[MOST - 8] = '\0';
	(void)json_object_set_new(document, "n", json_string(text));
	assert_true(wire_frame_put(&out, document, MOST, &too_long));
	assert_int_equal(out.len, 6 + 4 + MOST);
	json_decref(document);
	str_release(&out);
}

/* A stream that never ends must not grow the memory. */
static void
frames__many_in_a_row__memory_stays(void **state)
{
	struct wire_frames frames = { .most = MOST };
	struct str bytes = STR_INIT;
	size_t at = 0;

	(void)state;
	put_three(&bytes);
	for (size_t i = 0; i < 1000; i++) {
		/* A piece that is one byte shorter than the stream: something is always left over.
		 */
		for (size_t n = 0; n < bytes.len - 1; n++) {
			json_t *document = NULL;

			assert_true(wire_frames_add(&frames, &bytes.data[at], 1));
			at = (at + 1) % bytes.len;
			if (n % 7 == 0 && wire_frames_take(&frames, &document) == WIRE_TAKEN) {
				json_decref(document);
			}
		}
	}
	assert_true(frames.bytes.cap < 4096);
	str_release(&bytes);
	wire_frames_release(&frames);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames__cut_anywhere__come_out_the_same),
		cmocka_unit_test(frames__byte_by_byte__ready_with_the_last_byte_alone),
		cmocka_unit_test(frames__hostile__each_has_its_answer),
		cmocka_unit_test(frames__many_values__are_too_long),
		cmocka_unit_test(frames__no_json__what_follows_is_read),
		cmocka_unit_test(put__too_long__nothing_appended),
		cmocka_unit_test(frames__many_in_a_row__memory_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
