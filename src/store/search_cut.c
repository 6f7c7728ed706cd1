/* SPDX-License-Identifier: MIT */
/*
 * Cutting folded text into tokens.  Only the bytes are looked at: folded text
 * is well-formed, and what a damaged file holds is cut somewhere, harmlessly.
 */
#include "search_cut.h"

#include <stddef.h>

enum letters {
	NO_LETTER,
	SHORT_WORDS, /* Latin and the like, digits: blanks stand between words */
	LONG_RUNS,   /* from U+3000 on: kana, kanji, hangul, Japanese marks */
};

/* Characters of a token, by enum letters. */
static const size_t token_chars[] = { 0, 8, 2 };

/* Tokens of a phrase, and parts of a question: longer words are narrowed by their beginning. */
enum { PHRASE_TOKENS = 40, PARTS = 40 };

static enum letters
letters_of(unsigned char lead)
{
	if (lead >= 0x80) {
		return lead >= 0xe3 ? LONG_RUNS : SHORT_WORDS;
	}
	return (lead >= 'a' && lead <= 'z') || (lead >= 'A' && lead <= 'Z') ||
			(lead >= '0' && lead <= '9')
		? SHORT_WORDS
		: NO_LETTER;
}

/* The byte after the character at `at`. */
static const char *
char_end(const char *at)
{
	at++;
	while (((unsigned char)*at & 0xc0) == 0x80) {
		at++;
	}
	return at;
}

/* The end of the run of letters of one kind that begins at `at`. */
static const char *
run_end(const char *at, enum letters letters)
{
	while (*at != '\0' && letters_of((unsigned char)*at) == letters) {
		at = char_end(at);
	}
	return at;
}

/* Appends the token at `at`; returns how many characters it has. */
static size_t
add_token(struct str *out, const char *at, const char *end, size_t most)
{
	const char *last = at;
	size_t n = 0;

	while (last < end && n < most) {
		last = char_end(last);
		n++;
	}
	str_add_n(out, at, (size_t)(last - at));
	return n;
}

void
search_cut(struct str *out, const char *folded)
{
	while (*folded != '\0') {
		enum letters letters = letters_of((unsigned char)*folded);
		const char *end = run_end(folded, letters);

		if (letters == NO_LETTER) {
			folded = char_end(folded);
			continue;
		}
		for (; folded < end; folded = char_end(folded)) {
			(void)add_token(out, folded, end, token_chars[letters]);
			str_add_char(out, ' ');
		}
	}
}

/* "ab bc" for a run as long as a token or longer, "a" * for a shorter one. */
static void
ask_run(struct str *out, const char *at, const char *end, size_t most)
{
	str_add(out, out->len > 0 ? " AND \"" : "\"");
	if (add_token(out, at, end, most) < most) {
		str_add(out, "\" *");
		return;
	}
	for (int i = 1; i < PHRASE_TOKENS; i++) {
		size_t before = out->len;

		at = char_end(at);
		str_add_char(out, ' ');
		if (add_token(out, at, end, most) < most) {
			str_truncate(out, before); /* the last whole token was before */
			break;
		}
	}
	str_add_char(out, '"');
}

void
search_ask(struct str *out, const char *folded)
{
	for (int parts = 0; *folded != '\0' && parts < PARTS;) {
		enum letters letters = letters_of((unsigned char)*folded);
		const char *end = run_end(folded, letters);

		if (letters == NO_LETTER) {
			folded = char_end(folded);
			continue;
		}
		ask_run(out, folded, end, token_chars[letters]);
		folded = end;
		parts++;
	}
}
