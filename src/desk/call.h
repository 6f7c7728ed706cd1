/* SPDX-License-Identifier: MIT */
/*
 * One call through the door: who asks, what they asked for, and what is given
 * back when it is over.  Private to the desk layer.
 */
#ifndef TOBAN_DESK_CALL_H
#define TOBAN_DESK_CALL_H

#include <jansson.h>
#include <stdbool.h>

#include "args.h"
#include "dossier.h"
#include "toban/base/arena.h"
#include "toban/base/hash.h"
#include "toban/base/pin_hash.h"
#include "toban/base/str.h"
#include "toban/core/incident.h"
#include "toban/core/step.h"
#include "toban/desk/desk.h"

struct refusal_book;
struct seat; /* what one door stands on: seat.h */

/* Tries at a PIN that were refused without a look, since the name's last entry. */
struct unchecked {
	char name[PIN_NAME_SIZE];
	int64_t n;
};

struct desk {
	struct desk_parts parts;
	struct arena *arena; /* owns the organisation */
	const struct org *org;
	int64_t org_seq;  /* subject_seq of the entry it is from */
	int64_t org_refused; /* the newest change that does not count (org_proof.h); 0 none */
	int64_t org_head; /* of the ledger when newer ones were last looked for */
	bool rescue;   /* no organisation could be read: nobody is registered, the verifier runs */
	bool followed; /* desk_follow() was done */
	bool read_only; /* desk_read_only() */
	const char *damage; /* of the tables of the file; NULL: none */
	bool lost; /* a table or a column is missing: not even reading is sound */
	int64_t decisions_looked; /* up to here no entry asks for an end (witness.c) */
	bool recorded; /* the ledger holds the procedure in force */
	struct file_job *jobs; /* files being copied or measured, piece by piece */
	stamp swept_at;        /* when files that nobody attached were last looked for */
	struct duty_cache *duty; /* as it was last read; NULL: not yet */
	struct key_cache *keys;  /* the same of the book of keys (keys.h) */
	struct body_cache *bodies; /* of the cases read last (bodies.h); NULL: none yet */
	struct refusal_book *refusals; /* access.h; NULL: none yet */
	char founded[HASH_HEX_SIZE]; /* of the first entry: which desk this is; "" not asked yet */
	char dummy_hash[PIN_HASH_SIZE]; /* of a PIN that nobody has; "" not made yet */
	struct unchecked unchecked[64]; /* by name; "" free */
	int64_t unchecked_others;
	struct pin_paces *paces; /* pin_pace.h; NULL: none yet */
	unsigned pins; /* how often somebody's PIN was set: open sessions look again then */
};

/* Records the procedure in force once, before the first call that depends on it. ERR_NOMEM. */
enum err desk_follow(struct desk *desk);
/* Takes over an organisation that was recorded since; one that cannot be read changes nothing. */
void desk_org_follow(struct desk *desk);

struct call {
	struct desk *desk;
	struct store *store;
	const struct procedure *procedure;
	const struct org *org;
	struct seat *seat;
	const struct person *person; /* NULL: not registered, or nobody sits at the post */
	const char *post; /* id; "" none */
	const char *login; /* of whoever is not registered nothing else is known */
	struct arena *arena; /* for this call */
	stamp now;
	const json_t *args; /* an object whose members fit the method's table */
	json_t *error;      /* set together with every result that is not ERR_OK */
	size_t refusals;    /* memory_refusals() at the start */
	json_t *kept;       /* documents to give back at the end */
	struct dossier *dossiers;
	const struct duty *duty; /* call_duty() */
	struct word_list reads_for; /* call_reads_for() */
	bool reads_for_known;
};

/* Starts and ends a call; the arena is made here. ERR_NOMEM. */
enum err call_start(struct call *call, struct seat *seat, const json_t *args);
void call_end(struct call *call);

/* Whether memory was refused since the start: what was read may be half of it. */
bool call_memory_short(const struct call *call);

/*
 * Who is there, by the entries of the subject "duty"; lives as long as the call.  Never NULL:
 * facts that cannot be read must keep nobody from being told, so then there are none.
 */
const struct duty *call_duty(struct call *call);
void duty_cache_free(struct duty_cache *cache); /* NULL allowed */

/* Which desk this is: the hash of its first entry, hexadecimal; lives as long as the desk. */
enum err call_founded(struct call *call, const char **ret_founded);
/* Takes over a new reference until the call ends; NULL stays NULL. */
json_t *call_keep(struct call *call, json_t *document);

/* The context in which `incident` (NULL: none) is judged for the caller. */
struct step_context call_context(struct call *call, const struct incident *incident);
struct form_context call_form_context(const struct call *call, const struct incident *incident);

/* --- errors (error.c) ---------------------------------------------------------- */

/*
 * Each ends the call with an error document and returns the matching error, so that a method
 * says: return call_fail(call, "D304").  Texts and classes come from the one table in error.c;
 * an unknown code is a fault of the program and becomes a plain failure.
 */
enum err call_fail(struct call *call, const char *code);
/* With {name} values for the table's sentence. */
enum err call_fail_say(struct call *call, const char *code, const struct str_arg *args, size_t n);
/* With a sentence of its own in place of the table's. */
enum err call_fail_text(struct call *call, const char *code, const char *text);
/* Names the administrators as those who can help. */
void call_add_admins(struct call *call);
/* One faulty argument or field. */
enum err call_fail_field(struct call *call, const char *code, const char *field, const char *text);
/* All faults a check found; their first code is the document's. */
enum err call_fail_fields(struct call *call, const struct diagnostics *diagnostics);
/* A refused step: code and reason of the judgement, and who could. */
enum err call_fail_verdict(struct call *call, const struct step_verdict *verdict);
/* What the store said while reading (`wrote` false) or writing. */
enum err call_fail_store(struct call *call, enum err e, bool wrote);

#endif
