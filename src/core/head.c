/* SPDX-License-Identifier: MIT */
/*
 * Signed ends: see head.h.
 */
#include "toban/core/head.h"

#include <inttypes.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/sshsig.h"

/* --- when --------------------------------------------------------------------------- */

const char *
head_occasion_word(enum head_occasion occasion)
{
	static const char *const words[] = { [HEAD_NONE] = "",
		[HEAD_FIRST] = "first",
		[HEAD_DECISION] = "decision",
		[HEAD_CHANGED] = "changed",
		[HEAD_DAILY] = "daily" };

	return words[occasion];
}

enum head_occasion
head_due(const struct head_clock *clock, stamp *ret_next)
{
	bool changed = clock->seq != clock->last_seq;
	stamp due = clock->last_at + (changed ? HEAD_CHANGED_MS : HEAD_DAILY_MS);

	*ret_next = STAMP_NONE;
	if (clock->seq == 0) {
		return HEAD_NONE; /* nothing is recorded yet */
	}
	if (clock->last_at == STAMP_NONE) {
		return HEAD_FIRST;
	}
	if (clock->decision > clock->last_seq) {
		return HEAD_DECISION;
	}
	if (clock->now >= due || clock->now < clock->last_at) {
		return changed ? HEAD_CHANGED : HEAD_DAILY;
	}
	*ret_next = due;
	return HEAD_NONE;
}

/* --- what --------------------------------------------------------------------------- */

void
head_text(const struct signed_head *head, struct str *out)
{
	char hex[HASH_HEX_SIZE];
	char at[STAMP_SIZE];
	char signed_at[STAMP_SIZE];

	hash_hex(&head->head.row_hash, hex);
	stamp_format(head->head.at, 0, at);
	stamp_format(head->signed_at, 0, signed_at);
	str_addf(out, HEAD_FORM "\ndesk %s\nseq %" PRId64 "\nrow_hash %s\nat %s\nsigned_at %s\n",
		head->desk, head->head.seq, hex, at, signed_at);
}

json_t *
head_json(const struct signed_head *head)
{
	char hex[HASH_HEX_SIZE];
	char at[STAMP_SIZE];
	char signed_at[STAMP_SIZE];

	hash_hex(&head->head.row_hash, hex);
	stamp_format(head->head.at, 0, at);
	stamp_format(head->signed_at, 0, signed_at);
	return json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "desk", head->desk, "seq",
		(json_int_t)head->head.seq, "row_hash", hex, "at", at, "signed_at", signed_at,
		"occasion", head->occasion, "key", head->key, "signature", head->signature);
}

static const char *
copy_text(struct arena *arena, const json_t *json, const char *key, bool *failed)
{
	const char *text = json_string_value(json_object_get(json, key));
	const char *copy = arena_strdup(arena, text ? text : "");

	*failed |= !copy;
	return copy;
}

static stamp
read_time(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	stamp at = STAMP_NONE;

	return text && stamp_parse(text, &at) == ERR_OK ? at : STAMP_NONE;
}

enum err
head_read(struct arena *arena, const json_t *json, struct signed_head *ret_head)
{
	const json_t *carried = json_object_get(json_object_get(json, "data"), "head");
	const json_t *source = carried ? carried : json;
	const json_t *seq = json_object_get(source, "seq");
	const char *hash = json_string_value(json_object_get(source, "row_hash"));
	struct signed_head head = { .head.seq = json_integer_value(seq),
		.head.at = read_time(source, "at"),
		.signed_at = read_time(source, "signed_at") };
	bool failed = false;

	if (!json_is_integer(seq) || head.head.seq < 0 || !hash ||
		hash_parse(hash, &head.head.row_hash) != ERR_OK) {
		return ERR_INVALID;
	}
	head.desk = copy_text(arena, source, "desk", &failed);
	head.occasion = copy_text(arena, source, "occasion", &failed);
	head.signature = copy_text(arena, source, "signature", &failed);
	head.key = copy_text(arena, source, "key", &failed);
	if (failed) {
		return ERR_NOMEM;
	}
	*ret_head = head;
	return ERR_OK;
}

enum ssh_fault
head_check(const struct signed_head *head, const struct ssh_public *key)
{
	struct str text = STR_INIT;
	enum ssh_fault fault;

	head_text(head, &text);
	fault = text.failed ? SSH_NOMEM
			    : sshsig_verify(head->signature, SSHSIG_NAMESPACE,
				      (struct ssh_bytes){ str_text(&text), text.len }, key, NULL);
	str_release(&text);
	return fault;
}
