/* SPDX-License-Identifier: MIT */
/*
 * What command line and screen do alike when a decision has to be signed: see signer.h.
 */
#include "toban/desk/signer.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

static const char *const fault_texts[SIGNER_FAULT_COUNT] = {
	[SIGNER_OK] = "",
	[SIGNER_NOMEM] = N_("There was not enough memory."),
	[SIGNER_NO_AGENT] = N_("No SSH agent answers here (SSH_AUTH_SOCK)."),
	[SIGNER_AGENT_BROKEN] = N_("The SSH agent does not answer as an agent should."),
	[SIGNER_AGENT_REFUSED] =
		N_("The SSH agent refused: it is locked, has not this key any more, or somebody "
		   "said no."),
	[SIGNER_NO_KEY] = N_("This key is not here."),
	[SIGNER_PASSPHRASE] = N_("The passphrase of your key is needed."),
	[SIGNER_WRONG_PASSPHRASE] = N_("The passphrase is wrong."),
	[SIGNER_WAIT] = N_("Too many wrong passphrases: wait a little, then try again."),
	[SIGNER_WEAK_PASSPHRASE] =
		N_("A passphrase has at least 12 characters, six of them different."),
	[SIGNER_FILE] = N_("The file of your key cannot be trusted: it must be a key of toban, an "
			   "ordinary file, yours, and closed to everybody else (chmod 600)."),
	[SIGNER_DISK] = N_("The file of your key could not be read or written."),
	[SIGNER_EXISTS] = N_("There is a key of yours already; it was not overwritten."),
};

const char *
signer_fault_text(enum signer_fault fault)
{
	const char *text = fault < SIGNER_FAULT_COUNT ? fault_texts[fault] : "";

	return *text ? _(text) : "";
}

void
short_hash(const char *hex, char out[SHORT_HASH_SIZE])
{
	size_t at = 0;

	out[0] = '\0';
	if (strlen(hex) != HASH_HEX_SIZE - 1) {
		return;
	}
	for (size_t i = 0; i < 16; i++) {
		if (i > 0 && i % 4 == 0) {
			out[at++] = ' ';
		}
		out[at++] = hex[i];
	}
	out[at] = '\0';
}

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* The keys of this machine that are among those the desk takes. */
static enum err
match(struct arena *arena, const json_t *taken, struct sign_ask *ask)
{
	size_t i;
	json_t *word;

	ask->n_taken = json_array_size(taken);
	ask->keys = arena_array(arena, ask->all.n, sizeof(*ask->keys));
	if (!ask->keys) {
		return ERR_NOMEM;
	}
	for (size_t k = 0; k < ask->all.n; k++) {
		json_array_foreach(taken, i, word)
		{
			const char *fingerprint = json_string_value(word);

			if (fingerprint &&
				strcmp(fingerprint, ask->all.items[k].fingerprint) == 0) {
				ask->keys[ask->n_keys++] = &ask->all.items[k];
				break;
			}
		}
	}
	return ERR_OK;
}

enum err
sign_ask_read(const struct signer *signer, struct arena *arena, const json_t *error,
	struct sign_ask *ret_ask)
{
	const json_t *sign = json_object_get(error, "sign");
	struct sign_ask ask = { .event = text_of(sign, "event"), .text = text_of(sign, "text") };
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	enum err e = ERR_OK;

	if (!json_is_object(sign)) {
		return ERR_NOT_FOUND;
	}
	hash_of(ask.text, strlen(ask.text), &hash);
	hash_hex(&hash, hex);
	if (!*ask.event || strcmp(hex, text_of(sign, "hash")) != 0) {
		return ERR_INVALID;
	}
	short_hash(hex, ask.short_hash);
	if (signer) {
		e = signer->list(signer->ctx, arena, &ask.all);
	}
	if (!e) {
		e = match(arena, json_object_get(sign, "keys"), &ask);
	}
	if (!e) {
		*ret_ask = ask;
	}
	return e;
}

enum err
sign_ask_answer(const struct sign_ask *ask, const char *armored, json_t *args)
{
	int failed = json_object_set_new(args, "event", json_string(ask->event));

	failed |= json_object_set_new(args, "signature", json_string(armored));
	return failed ? ERR_NOMEM : ERR_OK;
}

void
sign_ask_why_none(const struct sign_ask *ask, struct str *out)
{
	if (ask->n_taken == 0) {
		str_add(out,
			_("You have no key that signs here. Make one with 'toban key new', or "
			  "bring in "
			  "the one of your SSH agent with 'toban key propose'; then have it "
			  "approved."));
		return;
	}
	str_add(out, _("None of your approved keys is here."));
	if (ask->all.agent) {
		str_next_sentence(out);
		str_add(out, signer_fault_text(ask->all.agent));
	}
	if (ask->all.own && ask->all.own != SIGNER_NO_KEY) {
		str_next_sentence(out);
		str_add(out, signer_fault_text(ask->all.own));
	}
	str_next_sentence(out);
	str_add(out,
		_("Add it to your SSH agent (ssh-add), or go to where it is; 'toban key list' "
		  "shows which it is."));
}

/* Lines that a person cannot compare with anything. */
static bool
only_binds(const char *name)
{
	static const char *const names[] = { "desk", "event", "stands-on-hash", "fields",
		"proposal", "result" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

/* Every line of it, those that only bind included. */
static void
each_line(const char *text,
	void (*visit)(void *ctx, const char *name, const char *value, size_t len), void *ctx)
{
	static const char about_keys[] = "toban 1 ";
	const char *at = strchr(text, '\n');
	const char *end = text + strlen(text);
	size_t skip = strlen(about_keys);

	/* The first line names the form, and of a text about a key what is decided. */
	if (at && strncmp(text, about_keys, skip) == 0) {
		visit(ctx, "kind", text + skip, (size_t)(at - text) - skip);
	}
	at = at ? at + 1 : end;
	while (at < end) {
		char name[32];
		size_t len = strcspn(at, " \n");
		char *behind = NULL;
		size_t bytes;

		if (len == 0 || len >= sizeof(name) || at[len] != ' ') {
			return;
		}
		memcpy(name, at, len);
		name[len] = '\0';
		/* NAME LENGTH, a blank or a colon, VALUE, a line break. */
		bytes = strtoul(at + len + 1, &behind, 10);
		if (behind == at + len + 1 || (*behind != ' ' && *behind != ':') ||
			bytes > (size_t)(end - behind) - 1) {
			return;
		}
		if (bytes > 0) {
			visit(ctx, name, behind + 1, bytes);
		}
		at = behind + 1 + bytes;
		at += at < end ? 1 : 0;
	}
}

struct shown {
	void (*visit)(void *ctx, const char *name, const char *value, size_t len);
	void *ctx;
};

static void
visit_shown(void *ctx, const char *name, const char *value, size_t len)
{
	const struct shown *shown = ctx;

	if (!only_binds(name)) {
		shown->visit(shown->ctx, name, value, len);
	}
}

void
sign_ask_each(const char *text,
	void (*visit)(void *ctx, const char *name, const char *value, size_t len), void *ctx)
{
	struct shown shown = { visit, ctx };

	each_line(text, visit_shown, &shown);
}

struct bound {
	const char *name;
	const char *value;
	bool found;
	bool other; /* the same name stands there with something else */
};

static void
visit_bound(void *ctx, const char *name, const char *value, size_t len)
{
	struct bound *bound = ctx;

	if (strcmp(name, bound->name) == 0) {
		bool same = strlen(bound->value) == len && memcmp(bound->value, value, len) == 0;

		bound->found = bound->found || same;
		bound->other = bound->other || !same;
	}
}

bool
sign_ask_binds(const char *text, const char *name, const char *value)
{
	struct bound bound = { name, value, false, false };

	each_line(text, visit_bound, &bound);
	return bound.found && !bound.other;
}
