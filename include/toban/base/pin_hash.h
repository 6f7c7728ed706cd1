/* SPDX-License-Identifier: MIT */
/*
 * PINs as they are kept: argon2id over the PIN keyed with a secret that lies in another
 * file.  A PIN has so few digits that whoever has the hash alone could try them all; without
 * the key they cannot.
 */
#ifndef TOBAN_BASE_PIN_HASH_H
#define TOBAN_BASE_PIN_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "toban/base/err.h"

#define PIN_KEY_BYTES 32
#define PIN_KEY_ID_SIZE 17
#define PIN_HASH_SIZE 128
#define PIN_NAME_SIZE 33
#define PIN_MADE_SIZE 9
#define PIN_KEYED_SIZE 65

enum pin_cost {
	PIN_COST_FULL, /* 32 MiB, some 60 ms of one processor */
	PIN_COST_LEAST /* for tests */
};

/* What is hashed. */
struct pin_secret {
	const uint8_t *key; /* PIN_KEY_BYTES */
	const char *person;
	const char *pin;
};

/* ERR_NOMEM when there is not that much memory. */
enum err pin_hash(const struct pin_secret *secret, enum pin_cost cost, char out[PIN_HASH_SIZE]);

/* Takes as long for a wrong PIN as for the right one. */
bool pin_hash_fits(const struct pin_secret *secret, const char *hash);

/*
 * The same in two halves, for a look that another process does: person and PIN under the key,
 * hexadecimal, from which nobody without the key learns the PIN.  False, too: it is no such text.
 */
void pin_hash_keyed(const struct pin_secret *secret, char out[PIN_KEYED_SIZE]);
bool pin_hash_fits_keyed(const char *keyed, const char *hash);

/* By which key a PIN was kept: 16 digits that tell nothing of it. */
void pin_key_id(const uint8_t key[PIN_KEY_BYTES], char out[PIN_KEY_ID_SIZE]);

/* A name as it stands in lists of tries: nobody reads from it what was typed. */
void pin_name_hash(const uint8_t key[PIN_KEY_BYTES], const char *name, char out[PIN_NAME_SIZE]);

/* Eight random digits. */
void pin_make(char out[PIN_MADE_SIZE]);

#endif
