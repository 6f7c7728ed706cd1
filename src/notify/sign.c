/* SPDX-License-Identifier: MIT */
/*
 * The signature of a message, in the form of Standard Webhooks 1.0: HMAC-SHA-256
 * over "id.timestamp.body", so that neither the text nor the moment nor the
 * identity of a message can be exchanged on the way.
 */
#include "toban/notify/notify.h"

#include <inttypes.h>
#include <string.h>

#include "toban/base/hash.h"

#include "secret_key.h"

enum err
sign_message(
	const char *secret, const char *id, int64_t timestamp_s, const char *body, struct str *out)
{
	struct str key = STR_INIT;
	enum err err = secret_key(secret, &key);

	if (err != ERR_OK) {
		return err;
	}

	struct str content = STR_INIT;
	struct hash mac;

	str_addf(&content, "%s.%" PRId64 ".", id, timestamp_s);
	str_add(&content, body);
	if (content.failed) {
		err = ERR_NOMEM;
	} else {
		hash_hmac(key.data, key.len, content.data, content.len, &mac);
		str_add(out, "v1,");
		base64_add(out, mac.bytes, sizeof(mac.bytes));
		err = out->failed ? ERR_NOMEM : ERR_OK;
	}
	explicit_bzero(key.data, key.cap);
	str_release(&key);
	str_release(&content);
	return err;
}
