/* SPDX-License-Identifier: MIT */
/*
 * The bytes behind a written signing secret.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_SECRET_KEY_H
#define TOBAN_NOTIFY_SECRET_KEY_H

#include "toban/base/err.h"
#include "toban/base/str.h"

/*
 * Decodes "whsec_" + base64 into the empty string `ret_key`; the caller wipes
 * and releases it.  Any length but zero: older makers gave out shorter ones, and
 * one of them is in the published vectors; what may be *stored* is stricter.
 * ERR_INVALID for anything else, ERR_NOMEM; then `ret_key` stays empty.
 */
enum err secret_key(const char *secret, struct str *ret_key);

#endif
