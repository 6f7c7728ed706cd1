/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 by the processor's own instructions, where it has them.
 */
#ifndef TOBAN_SRC_BASE_SHA256_H
#define TOBAN_SRC_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>

/* The hash of `data` to `out`; false, and nothing done: this processor cannot. */
bool sha256_fast(const void *data, size_t len, unsigned char out[32]);

#endif
