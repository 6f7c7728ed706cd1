/* SPDX-License-Identifier: MIT */
/*
 * A client of ssh-agent (draft-miller-ssh-agent): lists its Ed25519 keys and has it sign.
 * Whatever answers at the socket is not trusted: frames are bounded, waiting ends, and a
 * signature is checked before it is handed on.
 */
#ifndef TOBAN_AGENT_H
#define TOBAN_AGENT_H

#include "toban/base/sshsig.h"
#include "toban/base/waiting.h"
#include "toban/desk/signer.h"

/* How long is waited for an answer, in milliseconds. */
struct agent_patience {
	int list_ms;
	int sign_ms; /* an agent may ask its owner first */
};

struct agent {
	const char *path; /* SSH_AUTH_SOCK; NULL: there is none */
	struct agent_patience patience;
	const struct waiting *waiting; /* told while it is waited for; NULL nobody */
};

/* One key of the agent. */
struct agent_key {
	struct ssh_public public;
	const char *comment; /* "" when it holds control characters or is no UTF-8 */
};

/* Its Ed25519 keys, at most 256, in `arena`.  SIGNER_NO_AGENT, _AGENT_BROKEN, _NOMEM. */
enum signer_fault agent_list(
	const struct agent *agent, struct arena *arena, struct agent_key **ret_keys, size_t *ret_n);

/* Signs the text for the namespace of desks.  As above; SIGNER_AGENT_REFUSED. */
enum signer_fault agent_sign(const struct agent *agent, const struct ssh_public *key,
	struct ssh_bytes text, struct sshsig *ret_sig);

#endif
