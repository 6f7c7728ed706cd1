/* SPDX-License-Identifier: MIT */
/* Sample: compiles alone and twice. */
#ifndef SAMPLE_SIZE_H
#define SAMPLE_SIZE_H

#include <stddef.h>

size_t size_of_all(void);

#endif
