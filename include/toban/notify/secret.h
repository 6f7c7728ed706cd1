/* SPDX-License-Identifier: MIT */
/*
 * Signing secrets and SMTP passwords of targets, in a file of mode 0600 beside
 * the desk or handed over by the service manager.  They are never in the
 * database, the ledger, an export or a log.
 */
#ifndef TOBAN_NOTIFY_SECRET_H
#define TOBAN_NOTIFY_SECRET_H

#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/str.h"

struct secrets; /* opaque */

/*
 * Opens the file (which need not exist yet; NULL path keeps them in memory
 * only).  ERR_DENIED if it is readable by others or not the owner's;
 * ERR_CORRUPT if it cannot be read.
 */
enum err secrets_open(const char *path, struct secrets **ret_secrets);

/*
 * The same together with a file of the same form that is only read: a credential
 * of systemd (docs/webhook.md, "The secrets").  Its secrets go before those of
 * `path`.  NULL, or a file that is not there: nothing is given.
 */
enum err secrets_open_given(const char *path, const char *given, struct secrets **ret_secrets);

/*
 * The same, but a file that is refused holds no secrets instead of stopping the desk:
 * secrets_fault() names it.  ERR_NOMEM alone.
 */
enum err secrets_open_usable(const char *path, const char *given, struct secrets **ret_secrets);

/*
 * Reads both files again; one that is refused holds no secrets.  What secrets_get()
 * gave is no longer valid.  ERR_NOMEM: nothing was changed.
 */
enum err secrets_reload(struct secrets *secrets);

/*
 * What is wrong with the first file that was refused, and its path (borrowed): ERR_DENIED,
 * not ours alone; ERR_CORRUPT, not of the form; ERR_IO.  ERR_OK: neither was.
 */
enum err secrets_fault(const struct secrets *secrets, const char **ret_path);

void secrets_close(struct secrets *secrets); /* wipes memory; NULL allowed */

/* The secret ("whsec_…", "smtp:…") of a target, borrowed until the next change; NULL: none. */
const char *secrets_get(const struct secrets *secrets, const char *target);

/* Whether the secret of a target is in the file that is only read. */
bool secrets_is_given(const struct secrets *secrets, const char *target);

/* The password in a secret of the form "smtp:PASSWORD"; NULL for others and for NULL. */
const char *secret_password(const char *secret);

/*
 * Sets or, with NULL, removes one; durable on return.  ERR_INVALID: neither "whsec_" +
 * base64 of 24 to 64 bytes (Standard Webhooks, "Secret") nor "smtp:" + a password of 1 to
 * 255 bytes without controls.  ERR_EXISTS: it is given, and cannot be set here.
 */
enum err secrets_put(struct secrets *secrets, const char *target, const char *secret);

/* A new random secret of 32 bytes, appended to `out`. */
void secret_make(struct str *out);

#endif
