/* SPDX-License-Identifier: MIT */
/* Sample: a header that looks down. */
#include <jansson.h>
#include <stdint.h>

#include "toban/base/err.h"
