/* SPDX-License-Identifier: MIT */
/*
 * Joins the agent and the own key to one signer.
 */
#include "signers.h"

#include <string.h>

#include "places.h"

#define LIST_MS 3000
#define SIGN_MS 30000 /* an agent that asks its owner is waited for */

static const char *
own_path(struct arena *arena)
{
	const char *data = places_environment("XDG_DATA_HOME");
	const char *home = places_environment("HOME");
	if (data) {
		return arena_printf(arena, "%s/toban/key", data);
	}
	return home ? arena_printf(arena, "%s/.local/share/toban/key", home) : NULL;
}

/* Adds one key; the comment is what stands behind the two words of its line. */
static enum err
add_key(struct arena *arena, struct signer_keys *keys, const struct ssh_public *public,
	const char *comment, bool own)
{
	struct signer_key *key = &keys->items[keys->n];
	struct str line = STR_INIT;
	ssh_public_line(public, comment, &line);
	*key = (struct signer_key){
		.line = line.failed ? NULL : arena_strdup(arena, str_text(&line)),
		.comment = comment,
		.own = own,
	};
	str_release(&line);
	ssh_fingerprint(public, key->fingerprint);
	if (!key->line) {
		return ERR_NOMEM;
	}
	keys->n++;
	return ERR_OK;
}

static enum err
add_own(struct signers *signers, struct arena *arena, struct signer_keys *keys)
{
	struct str line = STR_INIT;
	struct ssh_public public;
	const char *comment = "";
	size_t len = 0;
	enum err e = ERR_OK;
	keys->own = own_key_peek(&signers->own, &public, &line);
	if (!keys->own && !ssh_public_parse(str_text(&line), &public, &comment, &len)) {
		comment = arena_strndup(arena, comment, len);
		e = comment ? add_key(arena, keys, &public, comment, true) : ERR_NOMEM;
	}
	str_release(&line);
	return keys->own == SIGNER_NOMEM ? ERR_NOMEM : e;
}

static enum err
signers_list(void *ctx, struct arena *arena, struct signer_keys *ret_keys)
{
	struct signers *signers = ctx;
	struct signer_keys keys = { NULL };
	struct agent_key *of_agent = NULL;
	size_t n = 0;
	enum err e = ERR_OK;
	keys.agent = agent_list(&signers->agent, arena, &of_agent, &n);
	keys.items = arena_array(arena, n + 1, sizeof(*keys.items));
	if (!keys.items || keys.agent == SIGNER_NOMEM) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; !e && i < n; i++) {
		e = add_key(arena, &keys, &of_agent[i].public, of_agent[i].comment, false);
	}
	if (!e) {
		e = add_own(signers, arena, &keys);
	}
	if (!e) {
		*ret_keys = keys;
	}
	return e;
}

static enum signer_fault
signers_sign(void *ctx, const struct signer_key *key, const char *text,
	const struct secret_text *passphrase, struct str *out)
{
	struct signers *signers = ctx;
	struct ssh_bytes bytes = { text, strlen(text) };
	struct ssh_public public;
	struct sshsig sig;
	enum signer_fault fault = SIGNER_NO_KEY;
	if (ssh_public_parse(key->line, &public, NULL, NULL) != SSH_OK) {
		return SIGNER_NO_KEY;
	}
	fault = key->own ? own_key_sign(&signers->own, passphrase, bytes, &sig)
			 : agent_sign(&signers->agent, &public, bytes, &sig);
	/* The file may hold another key by now. */
	if (!fault && !ssh_public_same(&sig.key, &public)) {
		fault = SIGNER_NO_KEY;
	}
	if (!fault) {
		sshsig_armor(&sig, out);
		fault = out->failed ? SIGNER_NOMEM : SIGNER_OK;
	}
	return fault;
}

static enum signer_fault
signers_make(void *ctx, const struct secret_text *passphrase, const char *comment, struct str *line)
{
	struct signers *signers = ctx;
	return own_key_make(&signers->own, passphrase, comment, line);
}

void
signers_start(struct signers *signers, struct arena *arena, const struct waiting *waiting)
{
	*signers = (struct signers){
		.agent = { .path = places_environment("SSH_AUTH_SOCK"),
			.patience = { LIST_MS, SIGN_MS },
			.waiting = waiting },
		.own = { .path = own_path(arena) },
		.signer = { .list = signers_list,
			.sign = signers_sign,
			.make = signers_make,
			.ctx = signers },
	};
}
