/* SPDX-License-Identifier: MIT */
/*
 * Signing what the desk asks to have signed (docs/keys.md).  Where keys are - in an agent,
 * in toban's own file - is the program's business; command line and screen see them through
 * `struct signer`, and share what is done with a refusal D320.
 */
#ifndef TOBAN_DESK_SIGNER_H
#define TOBAN_DESK_SIGNER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/secret_text.h"
#include "toban/base/ssh_key.h"
#include "toban/base/str.h"

enum signer_fault {
	SIGNER_OK = 0,
	SIGNER_NOMEM,
	SIGNER_NO_AGENT,      /* SSH_AUTH_SOCK names none, or nobody answers there */
	SIGNER_AGENT_BROKEN,  /* it answers late, too much, or something else */
	SIGNER_AGENT_REFUSED, /* it is locked, or somebody said no to it */
	SIGNER_NO_KEY,        /* there is no such key here (any more) */
	SIGNER_PASSPHRASE,    /* the key needs its passphrase */
	SIGNER_WRONG_PASSPHRASE,
	SIGNER_WAIT,            /* too many wrong ones: later */
	SIGNER_WEAK_PASSPHRASE, /* for a new key: too short, or one key held down */
	SIGNER_FILE,            /* the key's file is open to others, no file, or not of toban */
	SIGNER_DISK,            /* it cannot be read or written */
	SIGNER_EXISTS,          /* there is a key already; it is not overwritten */
	SIGNER_FAULT_COUNT
};

/* One sentence for people, in the language spoken, and what to do; "" for SIGNER_OK. */
const char *signer_fault_text(enum signer_fault fault);

/* A key that can sign on this machine. */
struct signer_key {
	char fingerprint[SSH_FINGERPRINT_SIZE];
	const char *line;    /* public key and comment, as in a .pub file */
	const char *comment; /* as somebody wrote it: show it through text_show() */
	bool own;            /* toban's own, under a passphrase; else the agent's */
};

struct signer_keys {
	struct signer_key *items; /* the agent's first */
	size_t n;
	enum signer_fault agent; /* why none of the agent is among them; SIGNER_OK */
	enum signer_fault own;   /* the same of toban's own; SIGNER_NO_KEY: none was made */
};

struct signer {
	/* Which keys there are; all in `arena`.  ERR_NOMEM. */
	enum err (*list)(void *ctx, struct arena *arena, struct signer_keys *ret_keys);
	/*
	 * Signs `text` for the namespace of desks, armored into `out`.  The passphrase is for
	 * an own key; NULL: none was asked for yet.  May take as long as an agent asks somebody.
	 */
	enum signer_fault (*sign)(void *ctx, const struct signer_key *key, const char *text,
		const struct secret_text *passphrase, struct str *out);
	/* Makes toban's own key under the passphrase; its public line into `line`. */
	enum signer_fault (*make)(void *ctx, const struct secret_text *passphrase,
		const char *comment, struct str *line);
	void *ctx;
};

/* "0123 4567 89ab cdef": what a person compares. */
#define SHORT_HASH_SIZE 20

/* What a refusal D320 asks for, with the keys that can answer it. */
struct sign_ask {
	const char *event;                /* borrowed from the error document, as `text` is */
	const char *text;                 /* exactly this is signed */
	char short_hash[SHORT_HASH_SIZE]; /* of `text`, made here */
	const struct signer_key **keys;   /* that the desk takes and this machine has */
	size_t n_keys;
	size_t n_taken; /* that the desk takes */
	struct signer_keys all;
};

/*
 * Reads an error document; everything else lives in `arena`.  ERR_NOT_FOUND: it asks for no
 * signature.  ERR_INVALID: the desk says another hash than the text has.  ERR_NOMEM.
 */
enum err sign_ask_read(const struct signer *signer, struct arena *arena, const json_t *error,
	struct sign_ask *ret_ask);

/* Adds `event` and `signature` to the arguments of the call that was refused.  ERR_NOMEM. */
enum err sign_ask_answer(const struct sign_ask *ask, const char *armored, json_t *args);

/* Why none of the keys that the desk takes is here, and what to do: a sentence into `out`. */
void sign_ask_why_none(const struct sign_ask *ask, struct str *out);

/*
 * The lines of a text that is signed, one by one: NAME and VALUE (not NUL-terminated).  Those
 * that only bind it (desk, hashes) are passed over.  Values are text of people.
 */
void sign_ask_each(const char *text,
	void (*visit)(void *ctx, const char *name, const char *value, size_t len), void *ctx);

/*
 * Whether the text binds exactly this value under that name ("result": the hash of the result
 * that is approved): whoever showed it to a person looks here before the person signs.
 */
bool sign_ask_binds(const char *text, const char *name, const char *value);

/* "0123 4567 89ab cdef" of a hash in hexadecimal; "" when it is none. */
void short_hash(const char *hex, char out[SHORT_HASH_SIZE]);

#endif
