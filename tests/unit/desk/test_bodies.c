/* SPDX-License-Identifier: MIT */
/*
 * Bodies that are kept read: used again only where the text is the same, and never more of
 * them than there is room for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bodies.h"
#include "call.h"
#include "toban/base/attr.h"

#define MANY 70           /* more than are kept */
#define LONG (900 * 1024) /* of which three do not fit */

static const json_t *
read_all(struct desk *desk, const struct event *events, size_t n)
{
	const json_t *bodies = NULL;

	assert_int_equal(bodies_read(desk, events, n, &bodies), ERR_OK);
	assert_int_equal(json_array_size(bodies), n);
	return bodies;
}

static struct event
entry(const char *subject, const char *body)
{
	return (struct event){ .subject = subject, .body = body };
}

static void
bodies_read__the_same_texts__gives_the_same_documents(void **state)
{
	struct event events[] = { entry("26-0001", "{\"a\":1}"), entry("26-0001", "{\"a\":2}") };
	struct desk desk = { .rescue = false };
	const json_t *first = json_array_get(read_all(&desk, events, 1), 0);

	(void)state;
	assert_ptr_equal(json_array_get(read_all(&desk, events, 2), 0), first);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(read_all(&desk, events, 2), 1), "a")),
		2);
	/* What was recorded in a group that came to nothing. */
	assert_ptr_equal(json_array_get(read_all(&desk, events, 1), 0), first);
	bodies_forget(&desk);
	assert_null(desk.bodies);
}

static void
bodies_read__another_text__is_read(void **state)
{
	static const char *const others[] = { "{\"a\":3}", "{\"a\": 1}", NULL, "[1]", "{\"a\":1" };
	struct desk desk = { .rescue = false };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct event events[] = { entry("26-0001", "{\"a\":1}"),
			entry("26-0001", "{\"b\":1}") };
		const json_t *body;

		(void)read_all(&desk, events, 2);
		events[0].body = others[i];
		body = json_array_get(read_all(&desk, events, 2), 0);
		if (i < 2) {
			assert_int_equal(
				json_integer_value(json_object_get(body, "a")), i == 0 ? 3 : 1);
		} else if (i == 3) {
			assert_true(json_is_array(body));
		} else {
			assert_true(json_is_null(body));
		}
		assert_true(json_is_object(json_array_get(read_all(&desk, events, 2), 1)));
	}
	bodies_forget(&desk);
}

static void
bodies_read__a_key_twice__is_no_document(void **state)
{
	struct event event = entry("26-0001", "{\"a\":1,\"a\":2}");
	struct desk desk = { .rescue = false };

	(void)state;
	assert_true(json_is_null(json_array_get(read_all(&desk, &event, 1), 0)));
	bodies_forget(&desk);
}

/* The document of a case that was let go belongs to whoever still holds it alone. */
static void
bodies_read__more_cases_than_places__lets_the_oldest_go(void **state)
{
	struct desk desk = { .rescue = false };
	struct event event = entry("26-0001", "{\"a\":1}");
	json_t *oldest = json_incref(json_array_get(read_all(&desk, &event, 1), 0));

	(void)state;
	assert_int_equal(oldest->refcount, 2);
	for (int i = 0; i < MANY; i++) {
		char id[16];

		(void)snprintf(id, sizeof(id), "26-%04d", i + 2);
		event.subject = id;
		(void)read_all(&desk, &event, 1);
	}
	assert_int_equal(oldest->refcount, 1);
	json_decref(oldest);
	bodies_forget(&desk);
}

static void
bodies_read__long_texts__lets_the_oldest_go(void **state)
{
	struct desk desk = { .rescue = false };
	char *text = malloc(LONG);
	const char *const ids[] = { "26-0001", "26-0002", "26-0001", "26-0003" };
	json_t *kept[ARRAY_LEN(ids)];

	(void)state;
	assert_non_null(text);
	memset(text, ' ', LONG);
	memcpy(text, "{", 1);
	memcpy(text + LONG - 2, "}", 2);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct event event = entry(ids[i], text);

		kept[i] = json_incref(json_array_get(read_all(&desk, &event, 1), 0));
	}
	assert_ptr_equal(kept[0], kept[2]);
	assert_int_equal(kept[0]->refcount, 3); /* used again: it stayed */
	assert_int_equal(kept[1]->refcount, 1);
	assert_int_equal(kept[3]->refcount, 2);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		json_decref(kept[i]);
	}
	free(text);
	bodies_forget(&desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_read__the_same_texts__gives_the_same_documents),
		cmocka_unit_test(bodies_read__another_text__is_read),
		cmocka_unit_test(bodies_read__a_key_twice__is_no_document),
		cmocka_unit_test(bodies_read__more_cases_than_places__lets_the_oldest_go),
		cmocka_unit_test(bodies_read__long_texts__lets_the_oldest_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
