/* SPDX-License-Identifier: MIT */
/*
 * Plain text for services that read markup.  A title comes from anybody: it
 * must not wake a whole channel, hide a link behind a harmless word or break
 * out of its line.  Where a service has no way to write a character harmlessly,
 * its full-width form stands for it: people read the same, programs do not.
 */
#include "format.h"

#include <string.h>

#include "toban/base/attr.h"

#define ELLIPSIS "…"
#define FULL_WIDTH_AT "＠"
#define FULL_WIDTH_COLON "："
#define FULL_WIDTH_LESS "＜"
#define FULL_WIDTH_GREATER "＞"

/* What begins markup anywhere in a line of Markdown; a backslash takes that from it. */
#define MARKDOWN_MARKS "\\`*_{}[]()~|!#"

/* And at the start of a line only: lists and rules. */
#define MARKDOWN_STARTS "+-.="

struct escaping {
	enum escape_for how;
	const char *text;
	size_t at;
};

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether an @ here is inside a word, as in an address of mail, and calls nobody. */
static bool
at_is_inside(const struct escaping *e)
{
	return e->at > 0 && is_word(e->text[e->at - 1]);
}

/* Whether only digits and blanks stand between here and the start of the line. */
static bool
begins_line(const struct escaping *e)
{
	size_t at = e->at;

	while (at > 0 && strchr("0123456789 ", e->text[at - 1]) != NULL) {
		at--;
	}
	return at == 0 || e->text[at - 1] == '\n';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Whether a colon begins or ends no markup: in front of a blank it ends at most an
 * emoji that never began, and in a time (1:05) the two digits behind it name none.
 */
static bool
colon_is_plain(const struct escaping *e)
{
	const char *next = e->text + e->at + 1;

	if (*next == ' ' || *next == '\n') {
		return true;
	}
	return e->at > 0 && is_digit(next[-2]) && is_digit(next[0]) && is_digit(next[1]) &&
		!is_digit(next[2]);
}

static const char *
entity_of(char c)
{
	return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
}

/* What stands for the character at e->at; NULL: itself.  `room` holds two bytes and the end. */
static const char *
escape_mattermost(const struct escaping *e, char room[3])
{
	char c = e->text[e->at];

	/* "://" makes a link of what is around it, "www." too; ":joy:" is an emoji. */
	if (c == ':') {
		return colon_is_plain(e) ? NULL : FULL_WIDTH_COLON;
	}
	if (strchr(MARKDOWN_MARKS, c) != NULL ||
		(strchr(MARKDOWN_STARTS, c) != NULL && begins_line(e)) ||
		(c == '.' && e->at >= 3 && strncmp(e->text + e->at - 3, "www", 3) == 0)) {
		room[0] = '\\';
		room[1] = c;
		room[2] = '\0';
		return room;
	}
	return entity_of(c);
}

static const char *
escape_one(const struct escaping *e, char room[3])
{
	char c = e->text[e->at];

	if (c == '@' && !at_is_inside(e)) {
		return FULL_WIDTH_AT;
	}
	switch (e->how) {
	case ESCAPE_SLACK:
		return entity_of(c);
	case ESCAPE_MATTERMOST:
		return escape_mattermost(e, room);
	case ESCAPE_CARD:
		/* {{DATE(…)}} would be worked out by the card; a single brace is text. */
		return c == '{' && e->text[e->at + 1] == '{' ? "{ " : NULL;
	case ESCAPE_PASSED_ON:
		return c == '<' ? FULL_WIDTH_LESS : c == '>' ? FULL_WIDTH_GREATER : NULL;
	}
	return NULL;
}

static size_t
char_len(const char *text)
{
	size_t len = 1;

	while (((unsigned char)text[len] & 0xc0) == 0x80) {
		len++;
	}
	return len;
}

static size_t
count_chars(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		n += ((unsigned char)*text & 0xc0) != 0x80;
	}
	return n;
}

void
escape_add(struct str *out, enum escape_for how, const char *text, size_t most)
{
	struct escaping e = { how, text, 0 };
	struct str tail = STR_INIT;
	size_t used = 0;

	while (text[e.at] != '\0') {
		char room[3];
		const char *escaped = escape_one(&e, room);
		size_t len = char_len(text + e.at);

		str_clear(&tail);
		if (escaped != NULL) {
			str_add(&tail, escaped);
		} else {
			str_add_n(&tail, text + e.at, len);
		}
		used += count_chars(str_text(&tail));
		/* The last place is kept for the ellipsis, unless this is the end. */
		if (used > most || (used == most && text[e.at + len] != '\0')) {
			str_add(out, ELLIPSIS);
			break;
		}
		str_add(out, str_text(&tail));
		e.at += len;
	}
	out->failed = out->failed || tail.failed;
	str_release(&tail);
}
