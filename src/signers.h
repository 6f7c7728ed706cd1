/* SPDX-License-Identifier: MIT */
/*
 * The keys of whoever runs this program: those of their SSH agent, and toban's own.
 */
#ifndef TOBAN_SIGNERS_H
#define TOBAN_SIGNERS_H

#include "agent.h"
#include "own_key.h"

struct signers {
	struct agent agent;
	struct own_key own;
	struct signer signer; /* what command line and screen get */
};

/* Asks the environment where they are; strings live in `arena`. */
void signers_start(
	struct signers *signers, struct arena *arena, const struct waiting *waiting);

#endif
