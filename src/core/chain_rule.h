/* SPDX-License-Identifier: MIT */
/*
 * The limits of a link of the chain as they were when the incident was reported: who
 * edits policy/chain.ini moves no promise that is under way.
 */
#ifndef TOBAN_CORE_CHAIN_RULE_H
#define TOBAN_CORE_CHAIN_RULE_H

#include <jansson.h>

#include "toban/core/incident.h"

/* Takes the limits of the link over into a place of the chain that is being frozen. */
void chain_rule_freeze(const struct chain_link *link, struct chain_place *place);

/* Writes them into the place as the body of a report has it.  ERR_NOMEM. */
enum err chain_rule_write(json_t *item, const struct chain_place *place);

/* Reads them back; a place without them has none.  Words are borrowed from `item`.  ERR_NOMEM. */
enum err chain_rule_read(struct arena *arena, const json_t *item, struct chain_place *place);

/*
 * The limits that hold at a place: the frozen ones, or in an incident that was reported
 * before they were frozen those of today; NULL: the chain of today has no such link.
 */
const struct clock_watch *chain_rule_of(
	const struct procedure *procedure, const struct chain_place *place);

/* Whether the place is opened when the link before stays silent. */
bool chain_rule_unanswered(const struct procedure *procedure, const struct chain_place *place);

#endif
