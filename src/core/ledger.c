/* SPDX-License-Identifier: MIT */
/*
 * The ledger's arithmetic: how a row is hashed and how it is sealed.  The walk
 * that checks a whole ledger is in ledger_walk.c.
 */
#include "toban/core/ledger.h"

#include <stdarg.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

#define INTEGER_BYTES 8

/* Columns between prev_hash and commitment, each one or two parts, and canon. */
#define MAX_PARTS 32

/* The parts of one row hash, and the memory of their integers. */
struct row_parts {
	struct hash_part parts[MAX_PARTS];
	size_t n;
	uint8_t integers[MAX_PARTS][INTEGER_BYTES];
	size_t n_integers;
};

static void
row_add(struct row_parts *row, const void *data, size_t len)
{
	row->parts[row->n].data = data;
	row->parts[row->n].len = len;
	row->n++;
}

static void
row_add_integer(struct row_parts *row, int64_t value)
{
	uint8_t *out = row->integers[row->n_integers++];
	uint64_t bits = (uint64_t)value;

	for (size_t i = INTEGER_BYTES; i-- > 0; bits >>= 8) {
		out[i] = (uint8_t)(bits & 0xff);
	}
	row_add(row, out, INTEGER_BYTES);
}

static void
row_add_text(struct row_parts *row, const char *text)
{
	size_t len;

	text = text == NULL ? "" : text;
	len = strlen(text);
	row_add_integer(row, (int64_t)len);
	row_add(row, text, len);
}

void
ledger_commitment(
	const uint8_t nonce[NONCE_BYTES], const char *body, size_t len, struct hash *ret_commitment)
{
	const struct hash_part parts[] = { { nonce, NONCE_BYTES }, { body, len } };

	hash_of_parts(parts, ARRAY_LEN(parts), ret_commitment);
}

/* The columns of a row in their order; ERR_UNSUPPORTED. */
static enum err
row_parts(const struct event *event, struct row_parts *row)
{
	if (event->canon != LEDGER_CANON) {
		return ERR_UNSUPPORTED;
	}
	row->n = 0;
	row->n_integers = 0;
	row_add(row, event->prev_hash.bytes, HASH_BYTES);
	row_add_integer(row, event->canon);
	row_add_integer(row, event->seq);
	row_add_text(row, event->id);
	row_add_text(row, event->subject);
	row_add_integer(row, event->subject_seq);
	row_add_integer(row, event->at);
	row_add_integer(row, event->happened_at);
	row_add_text(row, event->actor);
	row_add_text(row, event->post);
	row_add_text(row, event->kind);
	row_add_text(row, event->form);
	row_add_text(row, event->form_version);
	row_add(row, event->commitment.bytes, HASH_BYTES);
	return ERR_OK;
}

enum err
ledger_row_hash(const struct event *event, struct hash *ret_hash)
{
	struct row_parts row;
	enum err e = row_parts(event, &row);

	if (!e) {
		hash_of_parts(row.parts, row.n, ret_hash);
	}
	return e;
}

enum err
ledger_row_bytes(const struct event *event, struct str *out)
{
	struct row_parts row;
	enum err e = row_parts(event, &row);

	for (size_t i = 0; !e && i < row.n; i++) {
		str_add_n(out, row.parts[i].data, row.parts[i].len);
	}
	return e ? e : out->failed ? ERR_NOMEM : ERR_OK;
}

enum err
ledger_seal(struct event *event, int64_t seq, const struct hash *prev_hash)
{
	event->seq = seq;
	event->prev_hash = *prev_hash;
	event->canon = LEDGER_CANON;
	random_bytes(event->nonce, NONCE_BYTES);
	ledger_commitment(event->nonce, event->body, strlen(event->body), &event->commitment);
	return ledger_row_hash(event, &event->row_hash);
}

void
ledger_report(struct ledger_problems *p, int64_t seq, const char *kind, const char *fmt, ...)
{
	struct ledger_problem *items =
		arena_extend(p->arena, p->items, p->n, &p->cap, sizeof(*items));
	va_list args;
	const char *text;

	if (items == NULL) {
		p->failed = true;
		return;
	}
	/* The sentence quotes the file, and whoever changed it may have written anything there. */
	va_start(args, fmt);
	text = text_vprintf(p->arena, fmt, args);
	va_end(args);
	/* Without memory for the sentence the seq and kind still tell. */
	items[p->n] = (struct ledger_problem){ seq, kind, text == NULL ? kind : text };
	p->items = items;
	p->n++;
}
