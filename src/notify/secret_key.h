/* SPDX-License-Identifier: MIT */
/*
 * The form of a written secret and the bytes behind it.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_SECRET_KEY_H
#define TOBAN_NOTIFY_SECRET_KEY_H

#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/str.h"

/*
 * Decodes "whsec_" + base64 into the empty string `ret_key`; the caller wipes
 * and releases it.  Any length but zero: older makers gave out shorter ones, and
 * one of them is in the published vectors; what may be *stored* is stricter.
 * ERR_INVALID for anything else, ERR_NOMEM; then `ret_key` stays empty.
 */
enum err secret_key(const char *secret, struct str *ret_key);

/* Whether it may be stored: of one of the two forms, within their limits. */
bool secret_is_valid(const char *secret);

#endif
