/* SPDX-License-Identifier: MIT */
/*
 * DESK.pin-key: the key that PINs are kept under.  In a file of its own, because the desk's
 * is copied, backed up and shown to auditors.
 */
#ifndef TOBAN_PIN_KEY_H
#define TOBAN_PIN_KEY_H

#include <stdint.h>

#include "toban/base/err.h"

/*
 * Reads the key, or makes one when there is no such file; *ret_key is PIN_KEY_BYTES in locked
 * memory, for locked_free().  ERR_DENIED: the file is not the account's alone; ERR_CORRUPT: it
 * holds something else; ERR_IO, ERR_FULL, ERR_NOMEM.
 */
enum err pin_key_open(const char *path, uint8_t **ret_key);

#endif
