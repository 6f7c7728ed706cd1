/* SPDX-License-Identifier: MIT */
/* Sample: one of the two files that see curl. */
#include <curl/curl.h>

#include "toban/store/store.h"
