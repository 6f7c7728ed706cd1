/* SPDX-License-Identifier: MIT */
/*
 * Lawful erasure: what of an entry people wrote, what is kept in its place, and how
 * to find the same words elsewhere.  Pure.
 *
 * An erasure is an entry of kind KIND_ERASE; its body names the entry whose body goes
 * ({"fields": {"seq", "why"}}) and holds what is kept of it ({"kept": {…}}): the same
 * document with the words replaced, so that everything folded from it stays as it is.
 * Of a case it is a step of the case; of anything else an entry of SUBJECT_ERASURE.
 */
#ifndef TOBAN_CORE_ERASURE_H
#define TOBAN_CORE_ERASURE_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/core/event.h"

#define KIND_ERASE "erase"
#define SUBJECT_ERASURE "erasure"

/* What stands where words stood. */
#define ERASED_MARK "[erased]"

/* Why an entry cannot be erased. */
enum erasable {
	ERASABLE,
	ERASABLE_RIGHTS,  /* who may do what, and by which rules, is proven by it */
	ERASABLE_NOTHING, /* it holds nothing a person wrote */
	ERASABLE_GONE,    /* it was erased already */
	ERASABLE_IN_CASE  /* it is a step of a case: erased by a step of that case */
};

/*
 * Whether the entry, which is no step of a case, can be erased; ERASABLE_IN_CASE for every
 * subject this file does not know, which is then a case or nothing.  On ERASABLE
 * *ret_kept is what is kept of it, a new reference; NULL there means no memory.
 */
enum erasable erasure_keep(const struct event *event, json_t **ret_kept);

/*
 * The number of the entry that a body names: whose body is erased, or that is taken back.  0: it
 * names none (also for NULL).
 */
int64_t erasure_names(const char *body);

/*
 * The body of an entry as everything that is folded takes it: its own; of an erased one
 * what was kept of it; NULL: neither is there, or it is no object.  A new reference.
 */
json_t *erasure_body(const struct event *event);

/* The words an erasure takes away, in every form in which the desk writes them. */
struct erased_words {
	struct arena *arena;
	const char **whole; /* whole texts: looked for where the same matter is spoken of */
	size_t n_whole;
	const char **parts; /* texts and lines so long that it can be no chance: anywhere */
	size_t n_parts;
};

/*
 * Compares a body with what is kept of it; texts live in `arena`.  `form` (NULL: none) is
 * another form of a text in which it may stand somewhere, e.g. cut for a line; a new
 * string for free(), NULL without memory.  ERR_NOMEM.
 */
enum err erasure_words(struct arena *arena, const json_t *body, const json_t *kept,
	char *(*form)(const char *text), struct erased_words *ret_words);

/*
 * Replaces the words in every text of the JSON document `text` (a text that is none: in
 * itself).  `same`: it is about the same matter, so that short texts are replaced as
 * well.  *ret_text is NULL when nothing of them is in it, else in `arena`.  ERR_NOMEM.
 */
enum err erasure_blank(struct arena *arena, const struct erased_words *words, const char *text,
	bool same, const char **ret_text);

#endif
