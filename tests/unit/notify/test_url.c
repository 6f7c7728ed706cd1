/* SPDX-License-Identifier: MIT */
/* Which addresses a target may have, before any connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/notify/notify.h"

static void
url__check__takes_sound_addresses_and_refuses_others(void **state)
{
	static const struct {
		const char *url;
		bool allow_http;
		enum err expected;
	} rows[] = {
		{ "https://hooks.example.com/services/T0/B0/x?y=1", false, ERR_OK },
		{ "HTTPS://example.com", false, ERR_OK },
		{ "https://example.com:8443/", false, ERR_OK },
		{ "https://192.0.2.1/", false, ERR_OK },
		{ "https://[2001:db8::1]:443/x", false, ERR_OK },
		{ "https://xn--wgv71a119e.jp/", false, ERR_OK },
		{ "http://example.com/", true, ERR_OK },
		{ "https://example.com/", true, ERR_OK },
		{ "https://example.com/@user", false, ERR_OK },
		{ "http://example.com/", false, ERR_INVALID },
		{ "ftp://example.com/", true, ERR_INVALID },
		{ "file:///etc/passwd", true, ERR_INVALID },
		{ "gopher://example.com/", true, ERR_INVALID },
		{ "https:example.com", false, ERR_INVALID },
		{ "//example.com/", false, ERR_INVALID },
		{ "example.com", false, ERR_INVALID },
		{ "", false, ERR_INVALID },
		{ "https://", false, ERR_INVALID },
		{ "https:///path", false, ERR_INVALID },
		{ "https://?x", false, ERR_INVALID },
		{ "https://user@example.com/", false, ERR_INVALID },
		{ "https://user:secret@example.com/", false, ERR_INVALID },
		{ "https://good.example\\@evil.example/", false, ERR_INVALID },
		{ "https://example.com:0/", false, ERR_INVALID },
		{ "https://example.com:65536/", false, ERR_INVALID },
		{ "https://example.com:/", false, ERR_INVALID },
		{ "https://example.com:80:80/", false, ERR_INVALID },
		{ "https://example.com:8a/", false, ERR_INVALID },
		{ "https://exa mple.com/", false, ERR_INVALID },
		{ "https://example.com/\r\nX: y", false, ERR_INVALID },
		{ "https://example.com/#part", false, ERR_INVALID },
		{ "https://例え.jp/", false, ERR_INVALID },
		{ "https://.example.com/", false, ERR_INVALID },
		{ "https://example..com/", false, ERR_INVALID },
		{ "https://[::1/", false, ERR_INVALID },
		{ "https://[fe80::1%25eth0]/", false, ERR_INVALID },
		{ "https://[nonsense]/", false, ERR_INVALID },
		{ "https://[::1]x/", false, ERR_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str why = STR_INIT;
		enum err err = target_check_url(rows[i].url, rows[i].allow_http, &why);

		if (err != rows[i].expected) {
			fail_msg("%s: %s", rows[i].url, err_name(err));
		}
		assert_int_equal(why.len > 0, err != ERR_OK);
		str_release(&why);
	}
}

static void
url__check__refuses_endless_addresses(void **state)
{
	char *url = malloc(5000);

	(void)state;
	assert_non_null(url);
	memset(url, 'a', 4999);
	memcpy(url, "https://example.com/", strlen("https://example.com/"));
	url[4999] = '\0';
	assert_int_equal(target_check_url(url, false, NULL), ERR_INVALID);
	url[2048] = '\0';
	assert_int_equal(target_check_url(url, false, NULL), ERR_OK);
	free(url);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(url__check__takes_sound_addresses_and_refuses_others),
		cmocka_unit_test(url__check__refuses_endless_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
