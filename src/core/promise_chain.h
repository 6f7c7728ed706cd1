/* SPDX-License-Identifier: MIT */
/*
 * What is watched of the contact chain: links nobody has acknowledged, links of
 * which nobody answered the telephone, acknowledgements that nothing follows.
 */
#ifndef TOBAN_CORE_PROMISE_CHAIN_H
#define TOBAN_CORE_PROMISE_CHAIN_H

#include "promise_watch.h"

/* Links that are not acknowledged, and their telephones. */
void promise_chain_links(const struct looking *l);

/* Acknowledgements that lapse, by the rule of `l`. */
void promise_chain_lapses(const struct looking *l);

/* The first link somebody was told at who is still to be reckoned with; 0: none. */
int promise_chain_first(const struct incident *incident);

#endif
