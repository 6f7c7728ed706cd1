/* SPDX-License-Identifier: MIT */
/*
 * A message as mail: RFC 5322 header, RFC 2047 subject, RFC 2045 text in UTF-8
 * and base64, which every relay passes unchanged and in which no line of the
 * text can be taken for anything else.  The Message-ID is made of the message's
 * id and so the same on every attempt: a mail that came twice is shown once.
 */
#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/text.h"

#include "format.h"

#define MS_A_MINUTE INT64_C(60000)
#define MS_A_DAY INT64_C(86400000)

/* RFC 2047 §2: at most 75 characters for a word, 76 for a line that has one ("Subject: " too). */
#define WORD_BYTES 39

/* RFC 2045 §6.8: lines of at most 76 characters; so many bytes make one. */
#define LINE_BYTES 57

/* An ASCII subject that needs no encoding and no folding. */
#define PLAIN_SUBJECT_MOST 60

static const char *const day_names[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	"Sep", "Oct", "Nov", "Dec" };

/* Why somebody gets this, below every text. */
static const char footer[] = "\n\n-- \n"
			     "当番（toban）が自動で送信しました。返信は読まれません。\n"
			     "Sent by toban by itself. Nobody reads answers.\n";

/* --- header -------------------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The zone the message names, as minutes east of UTC; 0 when it names none. */
static int
zone_of(const struct facts *facts)
{
	const char *time = json_string_value(json_object_get(facts->message, "timestamp"));
	size_t len = time != NULL ? strlen(time) : 0;
	const char *zone = len >= 6 ? time + len - 6 : "";
	int minutes;

	if ((zone[0] != '+' && zone[0] != '-') || !is_digit(zone[1]) || !is_digit(zone[2]) ||
		zone[3] != ':' || !is_digit(zone[4]) || !is_digit(zone[5])) {
		return 0;
	}
	minutes = ((zone[1] - '0') * 10 + zone[2] - '0') * 60 + (zone[4] - '0') * 10 + zone[5] -
		'0';
	return minutes >= 24 * 60 ? 0 : zone[0] == '-' ? -minutes : minutes;
}

static void
add_date(struct str *out, stamp at, int zone_min)
{
	char text[STAMP_SIZE];
	int64_t local = at + zone_min * MS_A_MINUTE;
	int64_t days = local / MS_A_DAY - (local % MS_A_DAY < 0);
	int away = zone_min < 0 ? -zone_min : zone_min;
	int month;

	/* 2026-11-22T23:05:00+09:00 */
	stamp_format(at, zone_min, text);
	month = (text[5] - '0') * 10 + text[6] - '0';
	str_addf(out, "Date: %s, %.2s %s %.4s %.8s %c%02d%02d\r\n",
		day_names[((days + 4) % 7 + 7) % 7], text + 8, month_names[(month + 11) % 12], text,
		text + 11, zone_min < 0 ? '-' : '+', away / 60, away % 60);
}

static bool
subject_is_plain(const char *subject)
{
	for (const char *c = subject; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~') {
			return false;
		}
	}
	return strlen(subject) <= PLAIN_SUBJECT_MOST && strstr(subject, "=?") == NULL;
}

/* The end of the piece of at most WORD_BYTES that breaks no character. */
static size_t
piece_len(const char *text, size_t len)
{
	size_t n = len < WORD_BYTES ? len : WORD_BYTES;

	while (n > 0 && n < len && ((unsigned char)text[n] & 0xc0) == 0x80) {
		n--;
	}
	return n > 0 ? n : len < WORD_BYTES ? len : WORD_BYTES;
}

static void
add_subject(struct str *out, const char *subject)
{
	size_t len = strlen(subject);

	str_add(out, "Subject: ");
	if (subject_is_plain(subject)) {
		str_add(out, subject);
	}
	for (size_t at = 0; !subject_is_plain(subject) && at < len;) {
		size_t n = piece_len(subject + at, len - at);

		str_add(out, at > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		base64_add(out, subject + at, n);
		str_add(out, "?=");
		at += n;
	}
	str_add(out, "\r\n");
}

/* An id in a header is of harmless letters; ours are, but they come from a file. */
static bool
id_is_plain(const char *id)
{
	for (const char *c = id; *c != '\0'; c++) {
		if (!is_digit(*c) && !(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
			strchr("._-", *c) == NULL) {
			return false;
		}
	}
	return id[0] != '\0' && strlen(id) <= 128;
}

static void
add_header(const struct rendering *r, const struct mail_place *place, struct str *out)
{
	const json_t *data = json_object_get(r->facts->message, "data");
	const char *incident = json_string_value(json_object_get(data, "incident"));
	const char *domain = strchr(place->from, '@') + 1;

	add_date(out, r->source->at, zone_of(r->facts));
	str_addf(out, "From: %s\r\nTo: %s\r\n", place->from, place->to);
	str_addf(out, "Message-ID: <%s@%s>\r\n", r->source->id, domain);
	if (incident != NULL && id_is_plain(incident)) {
		/* Programs for mail show what is about one case together. */
		str_addf(out, "References: <incident.%s.toban@%s>\r\n", incident, domain);
	}
	add_subject(out, str_text(&r->wording->heading));
	if (id_is_plain(r->facts->type)) {
		str_addf(out, "X-Toban-Type: %s\r\n", r->facts->type);
	}
	if (r->source->urgent) {
		str_add(out, "Importance: high\r\nX-Priority: 1\r\n");
	}
	/* RFC 3834: holiday notes and other machines do not answer this. */
	str_add(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
		     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
		     "Content-Transfer-Encoding: base64\r\n\r\n");
}

/* --- text ---------------------------------------------------------------------------- */

static void
add_base64_lines(struct str *out, const char *data, size_t len)
{
	for (size_t at = 0; at < len; at += LINE_BYTES) {
		base64_add(out, data + at, len - at < LINE_BYTES ? len - at : LINE_BYTES);
		str_add(out, "\r\n");
	}
}

static void
add_text(const struct rendering *r, struct str *out)
{
	struct str text = STR_INIT;
	struct str lines = STR_INIT;

	str_add(&text, str_text(&r->wording->heading));
	str_add(&text, "\n\n");
	wording_add_texts(r->wording, &text);
	str_add(&text, footer);
	for (const char *c = str_text(&text); *c != '\0'; c++) {
		if (*c == '\n') {
			str_add_char(&lines, '\r');
		}
		str_add_char(&lines, *c);
	}
	add_base64_lines(out, str_text(&lines), lines.len);
	out->failed = out->failed || text.failed || lines.failed;
	str_release(&text);
	str_release(&lines);
}

enum err
mail_text_add(const struct rendering *rendering, struct str *out)
{
	struct mail_place place = { 0 };
	enum err e = mail_place_read(rendering->source->target->url, &place);

	if (e == ERR_OK && !id_is_plain(rendering->source->id)) {
		e = ERR_INVALID;
	}
	if (e == ERR_OK) {
		add_header(rendering, &place, out);
		add_text(rendering, out);
		e = out->failed ? ERR_NOMEM : ERR_OK;
	}
	mail_place_release(&place);
	return e;
}
