/* SPDX-License-Identifier: MIT */
/*
 * Signing on the screen: whatever is called through app_try() and refused because it must
 * be signed is shown in a dialog, signed, and called again by whoever called it.
 */
#ifndef TOBAN_SRC_UI_SIGN_H
#define TOBAN_SRC_UI_SIGN_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/desk/signer.h"

struct app;
struct screen;

/* Part of struct app. */
struct sign_state {
	char *method;        /* of the last call, when it was refused for want of a signature */
	json_t *args;        /* its arguments; NULL: it was not */
	json_t *error;       /* what it was refused with */
	json_t *signed_args; /* the same with the signature; NULL: not signed */
	char hash[SHORT_HASH_SIZE]; /* of what was signed and recorded last; "" none */
	char key[SSH_FINGERPRINT_SIZE];
};

/* Adds the signature to the arguments of a call when it is the one that was signed. */
void sign_add(struct app *app, const char *method, json_t *args);

/* Looks at what became of a call; keeps what asks for a signature. */
void sign_after(struct app *app, const char *method, json_t *args, json_t *error);

/*
 * Right after a refusal: when the call must be signed and a key for it is here, opens the
 * dialog and returns true; once it is signed, `again` is called and calls the same once more.
 * Otherwise `error` says why it cannot be signed here.
 */
bool sign_open(struct app *app, json_t *error, struct screen *asker,
	void (*again)(struct screen *asker, const char *value));

/* " Signed 0123 ... with SHA256:..." of what was recorded just now, once; or nothing. */
void sign_words(struct app *app, struct str *out);

void sign_release(struct app *app);

#endif
