/* SPDX-License-Identifier: MIT */
/* Sample: base with documents, and a library nobody entered. */
#include <jansson.h>
#include <zlib.h>
