/* SPDX-License-Identifier: MIT */
/*
 * Reading the Retry-After header.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_RETRY_AFTER_H
#define TOBAN_NOTIFY_RETRY_AFTER_H

#include <stddef.h>

#include "toban/base/clock.h"

/*
 * Milliseconds from `now` that a Retry-After value asks for: seconds, or an
 * HTTP date in one of the three forms of RFC 9110 §5.6.7.  -1 for anything
 * else: negative numbers, dates gone by, text.  Huge values are capped at a
 * hundred years.
 */
int64_t retry_after_parse(const char *value, size_t len, stamp now);

#endif
