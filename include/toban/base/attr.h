/* SPDX-License-Identifier: MIT */
/*
 * Compiler attributes and the three macros the house style allows
 * (docs/style.md §6).
 */
#ifndef TOBAN_BASE_ATTR_H
#define TOBAN_BASE_ATTR_H

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Marks a function whose result must be looked at. */
#define must_check __attribute__((warn_unused_result))

/* Checks arguments like printf's: `fmt` and `first` are 1-based positions. */
#define printf_like(fmt, first) __attribute__((format(printf, fmt, first)))

#endif
