/* SPDX-License-Identifier: MIT */
/*
 * The people of a place of the chain: under which word they are told, and who of those
 * who were away when it was frozen is back.
 */
#ifndef TOBAN_CORE_CHAIN_PEOPLE_H
#define TOBAN_CORE_CHAIN_PEOPLE_H

#include "effect.h"

/* The word a person is told under: the part they really have, where they stand in. */
const char *chain_told_as(const struct taking *t, const char *person, const char *role);

/* The same at a place of the chain, where a roster or an absence may have put them. */
const char *chain_placed_as(const struct taking *t, const struct chain_place *place,
	const char *person, const char *role);

/*
 * Those of the place who were away when the incident was reported, are there now and were
 * not told at it; `holders`: only those whose place it is, not the seconds.  ERR_NOMEM.
 */
enum err chain_back(const struct taking *t, const struct chain_place *place, bool holders,
	struct word_list *ret_people);

#endif
