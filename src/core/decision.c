/* SPDX-License-Identifier: MIT */
/*
 * The text of a decision.  It is made anew from the entry by whoever checks a signature, so it
 * holds nothing but what the entry's columns and body say, each in one form only.
 */
#include "toban/core/decision.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"

#define ID_LEN (NEW_ID_SIZE - 1)
#define ID_TIME_DIGITS 10
#define STANDS_ON_LIMIT UINT64_C(10000000000)

static const char id_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
decision_salt(char out[SALT_SIZE])
{
	char more[NEW_ID_SIZE];

	/* An id is a time and 16 random digits: those of two fill it with random ones alone. */
	random_id(0, out);
	random_id(0, more);
	memcpy(out, more + ID_TIME_DIGITS, ID_TIME_DIGITS);
}

void
decision_fields(const char salt[SALT_SIZE], const char *fields, struct hash *ret_hash)
{
	const struct hash_part parts[] = { { salt, strlen(salt) }, { fields, strlen(fields) } };

	hash_of_parts(parts, ARRAY_LEN(parts), ret_hash);
}

static bool
is_id(const char *text, size_t len)
{
	return len == ID_LEN && strspn(text, id_digits) >= ID_LEN;
}

enum err
decision_event_time(const char *event, stamp *ret_at)
{
	stamp at = 0;

	if (!is_id(event, strlen(event)) || event[0] > '7') { /* 48 bits in ten digits of five */
		return ERR_INVALID;
	}
	for (size_t i = 0; i < ID_TIME_DIGITS; i++) {
		at = at * 32 + (strchr(id_digits, event[i]) - id_digits);
	}
	*ret_at = at;
	return ERR_OK;
}

static void
add_line(struct str *out, const char *name, const char *value)
{
	value = value ? value : "";
	str_addf(out, "%s %zu:", name, strlen(value));
	str_add(out, value);
	str_add_char(out, '\n');
}

static void
add_hash(struct str *out, const char *name, const struct hash *hash)
{
	char hex[HASH_HEX_SIZE] = "";

	if (hash) {
		hash_hex(hash, hex);
	}
	add_line(out, name, hex);
}

enum err
decision_text(const struct decision *d, struct str *out)
{
	char seq[24];
	char time[STAMP_SIZE];
	stamp at;
	enum err e = decision_event_time(d->event, &at);

	if (e) {
		return e;
	}
	stamp_format(at, 0, time);
	snprintf(seq, sizeof(seq), "%" PRId64, d->stands_on);
	str_add(out, DECISION_FORM "\n");
	add_line(out, "desk", d->desk);
	add_line(out, "event", d->event);
	add_line(out, "time", time);
	add_line(out, "subject", d->subject);
	add_line(out, "step", d->step);
	add_line(out, "actor", d->actor);
	add_line(out, "for", d->acting_for);
	add_line(out, "post", d->post);
	add_line(out, "state", d->state);
	add_line(out, "stands-on", seq);
	add_hash(out, "stands-on-hash", &d->stands_on_hash);
	add_hash(out, "result", d->result);
	add_hash(out, "fields", &d->fields);
	return out->failed ? ERR_NOMEM : ERR_OK;
}

enum err
decision_text_fields(const char *text, struct hash *ret_hash)
{
	static const char mark[] = "\nfields 64:";
	const size_t tail = sizeof(mark) - 1 + HASH_HEX_SIZE; /* the mark, 64 digits, a newline */
	size_t len = strlen(text);
	char hex[HASH_HEX_SIZE];

	if (strncmp(text, DECISION_FORM "\n", sizeof(DECISION_FORM)) != 0 || len < tail ||
		text[len - 1] != '\n' || strncmp(text + len - tail, mark, sizeof(mark) - 1) != 0) {
		return ERR_INVALID;
	}
	memcpy(hex, text + len - HASH_HEX_SIZE, HASH_HEX_SIZE - 1);
	hex[HASH_HEX_SIZE - 1] = '\0';
	return hash_parse(hex, ret_hash);
}

void
decision_ticket_write(const struct decision_ticket *ticket, char out[TICKET_SIZE])
{
	uint64_t seq = ticket->stands_on < 0 ? 0 : (uint64_t)ticket->stands_on;

	snprintf(out, TICKET_SIZE, "%.26s.%.26s.%" PRIu64, ticket->event, ticket->salt,
		seq % STANDS_ON_LIMIT); /* a ledger of ten thousand million entries is far off */
}

enum err
decision_ticket_read(const char *text, struct decision_ticket *ret_ticket)
{
	const char *digits = text + 2 * (ID_LEN + 1);
	struct decision_ticket ticket;
	size_t len = strlen(text);
	size_t n;

	if (len < 2 * (ID_LEN + 1) + 1 || len >= TICKET_SIZE || text[ID_LEN] != '.' ||
		digits[-1] != '.' || !is_id(text, ID_LEN) || !is_id(text + ID_LEN + 1, ID_LEN)) {
		return ERR_INVALID;
	}
	n = strspn(digits, "0123456789");
	if (digits[n] != '\0' || (digits[0] == '0' && n > 1)) {
		return ERR_INVALID;
	}
	memcpy(ticket.event, text, ID_LEN);
	memcpy(ticket.salt, text + ID_LEN + 1, ID_LEN);
	ticket.event[ID_LEN] = '\0';
	ticket.salt[ID_LEN] = '\0';
	ticket.stands_on = 0;
	for (size_t i = 0; i < n; i++) {
		ticket.stands_on = ticket.stands_on * 10 + (digits[i] - '0');
	}
	*ret_ticket = ticket;
	return ERR_OK;
}
