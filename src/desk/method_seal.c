/* SPDX-License-Identifier: MIT */
/*
 * What the desk vouches for of an exported package (docs/signatures.md, "The package").  The
 * folder is made by whoever exports; the desk signs its manifest together with what it knows
 * itself - who asked, where the ledger ended, the entries of the case, whose keys sign - so that
 * a forged row, a forged end and a forged signer are found though the manifest was made anew.
 */
#include <stdio.h>
#include <string.h>

#include "doc.h"
#include "keys.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/sign_key.h"
#include "toban/core/decision.h"
#include "toban/core/head.h"
#include "witness.h"
#include "witness_state.h"

#define COMPACT_DIGITS 14

struct sealing {
	struct call *call;
	struct keys keys;
	struct event last;        /* the newest entry that is in it */
	const char *id;           /* NULL: the whole ledger */
	struct event_list events; /* of that case */
	struct str signers;       /* as OpenSSH reads who signs from when to when */
	struct str desk_signers;  /* the same of the desk itself */
	char rows[HASH_HEX_SIZE]; /* of the rows of a case; "-" of the whole: the chain is one */
	int64_t entries;
};

/* --- who signs ----------------------------------------------------------------------------- */

/* "20261129221000": what ssh-keygen reads, in UTC. */
static void
add_moment(struct str *out, const char *name, stamp at)
{
	char text[STAMP_SIZE];
	size_t digits = 0;

	stamp_format(at, 0, text);
	str_addf(out, ",%s=\"", name);
	for (size_t i = 0; text[i] && digits < COMPACT_DIGITS; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			str_add_char(out, text[i]);
			digits++;
		}
	}
	str_add_char(out, '"');
}

/* As it was at the last entry: what came behind it is no part of the package. */
static void
make_signers(struct sealing *s)
{
	const struct key_book *book = &s->keys.book;

	for (size_t i = 0; i < book->n_keys; i++) {
		const struct key_entry *key = &book->keys[i];

		if (!key->approved_seq || key->approved_seq > s->last.seq) {
			continue;
		}
		str_addf(&s->signers, "%s namespaces=\"" DECISION_NAMESPACE "\"", key->person);
		add_moment(&s->signers, "valid-after", key->approved_at);
		if (key->ended_seq && key->ended_seq <= s->last.seq) {
			add_moment(&s->signers, "valid-before", key->ended_at);
		}
		str_addf(&s->signers, " %s\n", key->line);
	}
	for (size_t i = 0; i < book->n_desk_keys; i++) {
		str_add(&s->desk_signers, "desk namespaces=\"" DECISION_NAMESPACE "\" ");
		ssh_public_line(&book->desk_keys[i].public, NULL, &s->desk_signers);
		str_add_char(&s->desk_signers, '\n');
	}
}

/* --- what is in it --------------------------------------------------------------------------- */

static enum err
find_last(struct sealing *s)
{
	struct call *call = s->call;
	struct event_list events = { NULL, 0 };
	struct ledger_head head;
	enum err e = store_head(call->store, &head);
	int64_t seq = e ? 0 : arg_count(call, "last", head.seq);

	e = e ? e : store_events(call->store, call->arena, seq - 1, 1, &events);
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (events.n == 0 || events.items[0].seq != seq) {
		return call_fail_field(
			call, "D107", "last", _("The record has no entry of that number."));
	}
	s->last = events.items[0];
	s->entries = seq;
	return ERR_OK;
}

/* The rows of a case are not chained to one another: they are named one by one. */
static enum err
find_rows(struct sealing *s)
{
	struct str lines = STR_INIT;
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	bool failed;

	s->entries = 0;
	for (size_t i = 0; i < s->events.n && s->events.items[i].seq <= s->last.seq; i++) {
		hash_hex(&s->events.items[i].row_hash, hex);
		str_addf(&lines, "%lld %s\n", (long long)s->events.items[i].seq, hex);
		s->entries++;
	}
	hash_of(str_text(&lines), lines.len, &hash);
	hash_hex(&hash, s->rows);
	failed = lines.failed;
	str_release(&lines);
	return failed ? ERR_NOMEM : ERR_OK;
}

static enum err
start(struct sealing *s)
{
	struct call *call = s->call;
	struct dossier *dossier = NULL;
	enum err e = ERR_OK;

	s->id = arg_text(call, "id");
	memcpy(s->rows, "-", 2);
	if (s->id) {
		e = dossier_open(call, s->id, &dossier);
	}
	e = e ? e : find_last(s);
	if (!e && dossier) {
		s->events = dossier->events;
		e = find_rows(s);
	}
	if (!e) {
		e = keys_read(call, call->arena, &s->keys);
		e = e ? call_fail_store(call, e, false) : ERR_OK;
	}
	if (!e) {
		make_signers(s);
		e = s->signers.failed || s->desk_signers.failed ? ERR_NOMEM : ERR_OK;
	}
	return e;
}

/* --- the answers -------------------------------------------------------------------------- */

/* The newest end that went out to witnesses: the text that was signed, and its signature. */
static enum err
doc_heads(struct sealing *s, json_t *heads)
{
	struct call *call = s->call;
	struct witness_state state;
	struct signed_head head;
	struct str text = STR_INIT;
	enum err e = witness_state_read(call, &state);

	if (e) {
		return call_fail_store(call, e, false);
	}
	e = head_read(call->arena, json_object_get(state.json, "head"), &head);
	if (!e && head.signature && head.head.seq <= s->last.seq) {
		head_text(&head, &text);
		json_array_append_new(heads,
			json_pack("{s:I, s:s, s:s}", "seq", (json_int_t)head.head.seq, "text",
				str_text(&text), "signature", head.signature));
	}
	str_release(&text);
	return e == ERR_NOMEM ? e : ERR_OK; /* where none went out yet there is none */
}

/* What the package is to hold of it, before there is a manifest. */
static enum err
answer_parts(struct sealing *s, json_t **ret_result)
{
	struct call *call = s->call;
	json_t *heads = call_keep(call, json_array());
	char hex[HASH_HEX_SIZE];
	enum err e = heads ? doc_heads(s, heads) : ERR_NOMEM;

	hash_hex(&s->last.row_hash, hex);
	if (!e) {
		*ret_result = json_pack("{s:{s:I, s:s, s:o}, s:s, s:s, s:O}", "head", "seq",
			(json_int_t)s->last.seq, "row_hash", hex, "at",
			json_of_time(call, s->last.at), "signers", str_text(&s->signers),
			"desk_signers", str_text(&s->desk_signers), "heads", heads);
	}
	return e;
}

static enum err
make_text(struct sealing *s, const char *manifest, struct str *out)
{
	struct call *call = s->call;
	const char *desk = NULL;
	char now[STAMP_SIZE];
	char last[HASH_HEX_SIZE];
	char signers[HASH_HEX_SIZE];
	struct hash hash;
	enum err e = call_founded(call, &desk);

	if (e) {
		return call_fail_store(call, e, false);
	}
	stamp_format(call->now, call->org->offset_min, now);
	hash_hex(&s->last.row_hash, last);
	hash_of(str_text(&s->signers), s->signers.len, &hash);
	hash_hex(&hash, signers);
	str_addf(out, "toban-package-2\ndesk %s\nmade-by %s\nmade-at %s\nscope %s\nmasked %s\n",
		desk, call->person->id, now, s->id ? s->id : "whole",
		arg_flag(call, "mask") ? "yes" : "no");
	str_addf(out, "trial %s\n", call->org->trial ? "yes" : "no");
	str_addf(out, "entries %lld\nlast %lld\nlast-hash %s\nrows %s\nsigners %s\nmanifest %s\n",
		(long long)s->entries, (long long)s->last.seq, last, s->rows, signers, manifest);
	return out->failed ? ERR_NOMEM : ERR_OK;
}

static enum err
open_key(struct call *call, struct sign_key **ret_key)
{
	const char *why = "it has none";
	enum err e = ERR_NOT_FOUND;

	if (call->desk->read_only) {
		why = "the desk was opened read-only";
	} else {
		e = witness_key(call, ret_key, &why);
	}
	if (e && why) {
		return call_fail_say(call, "D450", &(struct str_arg){ "why", why }, 1);
	}
	return e ? call_fail_store(call, e, true) : ERR_OK;
}

static enum err
answer_seal(
	struct sealing *s, const struct sign_key *key, const char *manifest, json_t **ret_result)
{
	char fingerprint[SSH_FINGERPRINT_SIZE];
	struct ssh_public public;
	struct str text = STR_INIT;
	struct str signature = STR_INIT;
	enum err e = make_text(s, manifest, &text);

	e = e ? e : sign_key_sign(key, str_text(&text), &signature);
	if (!e) {
		sign_key_public(key, &public);
		ssh_fingerprint(&public, fingerprint);
		*ret_result = json_pack("{s:s, s:s, s:s}", "text", str_text(&text), "signature",
			str_text(&signature), "key", fingerprint);
	}
	str_release(&text);
	str_release(&signature);
	return e;
}

enum err
method_ledger_seal(struct call *call, json_t **ret_result)
{
	const char *manifest = arg_text(call, "manifest");
	struct sealing s = { .call = call };
	struct sign_key *key = NULL;
	struct hash hash;
	/* The entry that names a key made now is to be part of what is exported. */
	enum err e = arg_flag(call, "unsigned") && !manifest ? ERR_OK : open_key(call, &key);

	e = e ? e : start(&s);
	if (!e && manifest && hash_parse(manifest, &hash)) {
		e = call_fail_field(
			call, "D102", "manifest", _("A SHA-256 in hexadecimal is wanted here."));
	}
	if (!e) {
		e = manifest ? answer_seal(&s, key, manifest, ret_result)
			     : answer_parts(&s, ret_result);
	}
	sign_key_free(key);
	str_release(&s.signers);
	str_release(&s.desk_signers);
	return e;
}
