/* SPDX-License-Identifier: MIT */
/*
 * Signatures against the vectors that the makers of the form published; a
 * thousand random ones are compared with Python's in sign_random.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/notify/notify.h"

static void
sign__message__gives_the_published_signatures(void **state)
{
	static const struct {
		const char *secret;
		const char *id;
		int64_t timestamp;
		const char *body;
		const char *signature;
	} rows[] = {
		/* The vector of the reference libraries of Standard Webhooks. */
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
			1614265330, "{\"test\": 2432232314}",
			"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
		/* The one of the guide "verifying payloads by hand" of the same makers. */
		{ "whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121,
			"{\"event_type\":\"ping\",\"data\":{\"success\":true}}",
			"v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str signature = STR_INIT;

		assert_int_equal(sign_message(rows[i].secret, rows[i].id, rows[i].timestamp,
					 rows[i].body, &signature),
			ERR_OK);
		assert_string_equal(str_text(&signature), rows[i].signature);
		str_release(&signature);
	}
}

static void
sign__message__refuses_bad_secrets(void **state)
{
	static const char *const secrets[] = {
		"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",   /* no prefix */
		"whsec_",                                 /* nothing behind it */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",  /* no whole base64 */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", /* a stray byte */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		struct str signature = STR_INIT;

		assert_int_equal(sign_message(secrets[i], "msg", 1, "{}", &signature), ERR_INVALID);
		assert_int_equal(signature.len, 0);
		str_release(&signature);
	}
	assert_int_equal(sign_message(NULL, "msg", 1, "{}", NULL), ERR_INVALID);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sign__message__gives_the_published_signatures),
		cmocka_unit_test(sign__message__refuses_bad_secrets),
	};

	if (hash_start() != ERR_OK) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
