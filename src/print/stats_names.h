/* SPDX-License-Identifier: MIT */
/*
 * What the keys of statistics are called.
 */
#ifndef TOBAN_PRINT_STATS_NAMES_H
#define TOBAN_PRINT_STATS_NAMES_H

#include "toban/print/print.h"

/* The name of a group: "3 information impairment", a department, a month.  Made safe. */
void stats_name(const struct print_stats_sources *sources, const json_t *group, struct str *out);

/* The number of a member, which may be in an object of that key; 0 when missing. */
int64_t stats_number(const json_t *object, const char *key);

/* The length in ms of `member` ("median_ms") in the object `key`; STAMP_NONE when there is none. */
int64_t stats_length(const json_t *group, const char *key, const char *member);

#endif
