/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/log.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/log.h"

static void
log_line__hostile_text__is_one_harmless_line(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	(void)state;
	assert_non_null(stream);
	log_start(stream, LOG_INFO);
	log_line(LOG_WARNING, "bad name %s at %d", "\x1b]0;x\a\nfake: line\xe2\x80\xae", 7);
	log_line(LOG_DEBUG, "not wanted");
	log_line(LOG_ERROR, "second");
	log_start(NULL, LOG_DEBUG);
	log_line(LOG_ERROR, "nowhere");
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(text,
		"toban: warning: bad name <U+001B>]0;x<U+0007><U+000A>fake: line<U+202E> at 7\n"
		"toban: error: second\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_line__hostile_text__is_one_harmless_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
