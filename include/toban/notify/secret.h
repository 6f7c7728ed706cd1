/* SPDX-License-Identifier: MIT */
/*
 * Signing secrets of targets, in a file of mode 0600 beside the desk.  They
 * are never in the database, the ledger, an export or a log.
 */
#ifndef TOBAN_NOTIFY_SECRET_H
#define TOBAN_NOTIFY_SECRET_H

#include "toban/base/err.h"
#include "toban/base/str.h"

struct secrets; /* opaque */

/*
 * Opens the file (which need not exist yet; NULL path keeps them in memory
 * only).  ERR_DENIED if it is readable by others or not the owner's;
 * ERR_CORRUPT if it cannot be read.
 */
enum err secrets_open(const char *path, struct secrets **ret_secrets);
void secrets_close(struct secrets *secrets); /* wipes memory; NULL allowed */

/* The secret ("whsec_…") of a target, borrowed until the next change; NULL when there is none. */
const char *secrets_get(const struct secrets *secrets, const char *target);

/* Sets or, with NULL, removes one; durable on return. ERR_INVALID: not "whsec_" + base64 of
 * 24 to 64 bytes (Standard Webhooks, "Secret"). */
enum err secrets_put(struct secrets *secrets, const char *target, const char *secret);

/* A new random secret of 32 bytes, appended to `out`. */
void secret_make(struct str *out);

#endif
