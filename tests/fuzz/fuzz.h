/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target offers: called by libFuzzer (meson option `fuzz`), or with the files
 * of a corpus by replay.c.
 */
#ifndef TOBAN_TESTS_FUZZ_FUZZ_H
#define TOBAN_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Feeds any bytes to the parsers of the target; whatever they say, nothing may break.  Returns 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
