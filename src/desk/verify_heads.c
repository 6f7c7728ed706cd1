/* SPDX-License-Identifier: MIT */
/*
 * Ends that were kept elsewhere: reading them, and their signatures.  Whether they fit the
 * ledger is for the walk to say (core/ledger.h).
 */
#include <string.h>

#include "keys.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "verify.h"

#define WRONG_NAMED 20 /* signatures that do not hold and are reported one by one */

/* --- reading ------------------------------------------------------------------------- */

static enum err
read_one(struct call *call, const json_t *doc, struct kept_heads *kept)
{
	enum err e = head_read(call->arena, doc, &kept->items[kept->n]);

	if (e == ERR_INVALID) {
		const json_t *seq = json_object_get(doc, "seq");

		return json_is_integer(seq) && json_integer_value(seq) >= 0
			? call_fail_field(call, "D102", "head.row_hash",
				  _("64 hexadecimal digits are wanted here."))
			: call_fail_field(
				  call, "D102", "head.seq", _("A whole number is wanted here."));
	}
	kept->n += !e;
	return e;
}

enum err
kept_heads_read(struct call *call, struct kept_heads *ret_kept)
{
	const json_t *one = arg_value(call, "head");
	const json_t *many = arg_value(call, "heads");
	struct kept_heads kept = { .keys_given = arg_value(call, "keys") != NULL };
	const json_t *doc;
	enum err e = ERR_OK;
	size_t i;

	if (many && !json_is_array(many)) {
		return call_fail_field(call, "D102", "heads", _("A list is wanted here."));
	}
	kept.items = arena_array(call->arena, json_array_size(many) + 1, sizeof(*kept.items));
	if (!kept.items) {
		return ERR_NOMEM;
	}
	if (one) {
		e = read_one(call, one, &kept);
	}
	json_array_foreach(many, i, doc)
	{
		e = e ? e : read_one(call, doc, &kept);
	}
	if (!e) {
		*ret_kept = kept;
	}
	return e;
}

/* --- signatures ---------------------------------------------------------------------- */

struct trusted {
	struct ssh_public *keys;
	size_t n;
};

static enum err
read_given(struct call *call, struct trusted *trusted)
{
	const json_t *lines = arg_value(call, "keys");
	const json_t *line;
	size_t i;

	trusted->keys =
		arena_array(call->arena, json_array_size(lines) + 1, sizeof(*trusted->keys));
	if (!trusted->keys) {
		return ERR_NOMEM;
	}
	json_array_foreach(lines, i, line)
	{
		const char *text = json_string_value(line);
		enum ssh_fault fault =
			text ? ssh_public_parse(text, &trusted->keys[i], NULL, NULL) : SSH_DAMAGED;

		if (fault) {
			return call_fail_field(call, "D102", "keys", ssh_fault_text(fault));
		}
		trusted->n++;
	}
	return ERR_OK;
}

static enum err
read_ledgers(struct call *call, struct trusted *trusted)
{
	struct keys keys;
	enum err e = keys_read(call, call->arena, &keys);

	if (e) {
		return e;
	}
	trusted->keys = arena_array(call->arena, keys.book.n_desk_keys, sizeof(*trusted->keys));
	for (size_t i = 0; trusted->keys && i < keys.book.n_desk_keys; i++) {
		trusted->keys[trusted->n++] = keys.book.desk_keys[i].public;
	}
	return trusted->keys ? ERR_OK : ERR_NOMEM;
}

static bool
is_signed(const struct signed_head *head, const struct trusted *trusted)
{
	for (size_t i = 0; i < trusted->n; i++) {
		if (head_check(head, &trusted->keys[i]) == SSH_OK) {
			return true;
		}
	}
	return false;
}

static void
check_one(struct verify *verify, struct kept_heads *kept, const struct signed_head *head,
	const struct trusted *trusted)
{
	if (!head->signature[0]) {
		kept->n_unsigned++;
		return;
	}
	if (is_signed(head, trusted)) {
		kept->n_signed++;
		return;
	}
	if (++kept->n_wrong > WRONG_NAMED) {
		return;
	}
	ledger_report(&verify->problems, head->head.seq, "signature",
		kept->keys_given ? "the kept end at entry %lld is not signed by the key given"
				 : "the kept end at entry %lld is not signed by a key of the desk "
				   "that this ledger names",
		(long long)head->head.seq);
}

/* An end of another desk says nothing of this one, or this one was begun anew. */
static void
check_desk(struct verify *verify, const struct signed_head *head, const char *founded)
{
	if (head->desk[0] && strcmp(head->desk, founded) != 0) {
		ledger_report(&verify->problems, 1, "changed",
			"the kept end at entry %lld is of another desk: its first entry has "
			"another hash",
			(long long)head->head.seq);
	}
}

enum err
kept_heads_check(struct verify *verify, struct kept_heads *kept)
{
	struct trusted trusted = { NULL, 0 };
	const char *founded = "";
	const char *seen = "";
	enum err e = kept->keys_given ? read_given(verify->call, &trusted)
				      : read_ledgers(verify->call, &trusted);

	e = e ? e : call_founded(verify->call, &founded);
	for (size_t i = 0; !e && i < kept->n; i++) {
		const struct signed_head *head = &kept->items[i];

		check_one(verify, kept, head, &trusted);
		if (strcmp(seen, head->desk) != 0) {
			check_desk(verify, head, founded);
			seen = head->desk;
		}
	}
	return e;
}
