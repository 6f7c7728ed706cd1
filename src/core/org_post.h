/* SPDX-License-Identifier: MIT */
/*
 * Posts of an organisation file, for its reader.
 */
#ifndef TOBAN_SRC_CORE_ORG_POST_H
#define TOBAN_SRC_CORE_ORG_POST_H

#include "procedure_read.h"
#include "toban/core/org.h"

#define POST_KEYS 5
extern const struct def_key post_keys[POST_KEYS];

/* Reads one section; `kind` is the one of post_keys. */
void post_read(struct def_reader *r, const struct ini_section *section, const struct def_kind *kind,
	struct post *ret_post);

/* What only the whole organisation tells: department, people, and that its account is nobody's. */
void post_check(
	struct def_reader *r, const struct ini_file *file, const struct org *org, size_t at);

/* Reports an id that is no kebab word. */
void org_check_id(struct def_reader *r, const struct ini_section *section);

#endif
