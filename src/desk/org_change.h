/* SPDX-License-Identifier: MIT */
/*
 * What a new organisation changes of who may do what (docs/signatures.md, "Changes of rights").
 */
#ifndef TOBAN_DESK_ORG_CHANGE_H
#define TOBAN_DESK_ORG_CHANGE_H

#include "call.h"

/* The kind of its entry, in the subject org. */
#define KIND_RIGHTS "rights"

/*
 * Who gained and lost what: [{"person","added"?,"removed"?,"gained":[ROLE],"lost":[ROLE],
 * "login"?: {"from","to"},"department"?: {"from","to"}}], nobody whose rights stay.  *ret_marked:
 * somebody gained a part in decisions or in running the desk, or an account became another's.
 * A new reference; NULL without memory.
 */
json_t *org_change(const struct org *was, const struct org *now, bool *ret_marked);

/*
 * The same of shared consoles: [{"post","added"?,"removed"?,"login"?,"department"?: {"from","to"},
 * "gained"?,"lost"?: [PERSON], "idle_min"?: {"from","to"}}], none that stays.  *ret_marked: more
 * people may sit at one, or an account became a console.
 */
json_t *org_change_posts(const struct org *was, const struct org *now, bool *ret_marked);

/* The roles that the caller would give themselves, under any name or account of theirs. */
unsigned org_change_own(const struct call *call, const struct org *now);

#endif
