/* SPDX-License-Identifier: MIT */
/*
 * The wording of messages to other systems as data: message/NAME.ini, read and
 * checked with the rest of the procedure (docs/forms.md).  A template says
 * what a message says; how a receiver wants it is the receiver's format.
 */
#ifndef TOBAN_CORE_TEMPLATE_H
#define TOBAN_CORE_TEMPLATE_H

#include "toban/core/procedure.h"

/* The template of a format that names none. */
#define TEMPLATE_STANDARD "standard"

/* What is said in messages of some types; texts with {placeholders}. */
struct message_text {
	const char *types;    /* a type, a family such as incident.*, or * */
	struct words heading; /* one line */
	struct words text;    /* lines */
	int line;
};

struct message_template {
	const char *name; /* of the file, kebab word */
	struct words label;
	struct word_list languages; /* "ja", "en" in the order in which they are said; n > 0 */
	const struct message_text *texts; /* the first that fits a type counts; the last fits all */
	size_t n_texts;
};

/* The placeholders there are, NULL-terminated; each may stand in any text. */
const char *const *template_placeholders(void);

/* NULL when there is none of that name. */
const struct message_template *procedure_template(const struct procedure *p, const char *name);

/* What the template says in messages of that type; never NULL for one that was read. */
const struct message_text *template_text(const struct message_template *t, const char *type);

#endif
