/* SPDX-License-Identifier: MIT */
/*
 * The two forms of a secret: "whsec_" + base64 of a signing key, and "smtp:" +
 * a password.
 */
#include "secret_key.h"

#include <string.h>

#include "toban/base/hash.h"
#include "toban/base/text.h"
#include "toban/notify/secret.h"

#define PREFIX "whsec_"
#define PASSWORD_PREFIX "smtp:"
#define PASSWORD_MOST 255

/* Standard Webhooks, "Secret": 24 to 64 bytes behind the base64. */
#define KEY_LEAST 24
#define KEY_MOST 64
#define KEY_NEW 32

enum err
secret_key(const char *secret, struct str *ret_key)
{
	struct str key = STR_INIT;

	if (secret == NULL || strncmp(secret, PREFIX, strlen(PREFIX)) != 0) {
		return ERR_INVALID;
	}

	enum err err = base64_parse(secret + strlen(PREFIX), &key);

	if (err == ERR_OK && key.failed) {
		err = ERR_NOMEM;
	}
	if (err == ERR_OK && key.len == 0) {
		err = ERR_INVALID;
	}
	if (err != ERR_OK) {
		if (key.data != NULL) {
			explicit_bzero(key.data, key.cap);
		}
		str_release(&key);
		return err;
	}
	*ret_key = key;
	return ERR_OK;
}

const char *
secret_password(const char *secret)
{
	return secret != NULL && strncmp(secret, PASSWORD_PREFIX, strlen(PASSWORD_PREFIX)) == 0
		? secret + strlen(PASSWORD_PREFIX)
		: NULL;
}

/* A line break in a password would be a second command to the server. */
static bool
password_is_valid(const char *password)
{
	size_t len = strlen(password);

	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)password[i] < ' ' || password[i] == 0x7f) {
			return false;
		}
	}
	return len > 0 && len <= PASSWORD_MOST && utf8_valid(password, len);
}

bool
secret_is_valid(const char *secret)
{
	struct str key = STR_INIT;

	if (secret_password(secret) != NULL) {
		return password_is_valid(secret_password(secret));
	}

	if (secret_key(secret, &key) != ERR_OK) {
		return false;
	}

	bool valid = key.len >= KEY_LEAST && key.len <= KEY_MOST;

	explicit_bzero(key.data, key.cap);
	str_release(&key);
	return valid;
}

void
secret_make(struct str *out)
{
	unsigned char key[KEY_NEW];

	random_bytes(key, sizeof(key));
	str_add(out, PREFIX);
	base64_add(out, key, sizeof(key));
	explicit_bzero(key, sizeof(key));
}
