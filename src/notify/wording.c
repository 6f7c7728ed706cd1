/* SPDX-License-Identifier: MIT */
/*
 * Templates filled in: see wording.h.
 */
#include "wording.h"

#include <string.h>

#include "message_line.h"
#include "toban/base/attr.h"

/* That it is a drill, or none of it real, is said by the program: no template can forget it. */
#define DRILL_MARK "[訓練/DRILL] "

/* Where there is no template, not even the standard one. */
static const char *const plain_languages[] = { "ja", "en" };
static const struct message_text plain_text = {
	.types = "*",
	.heading = { { "Message of toban", "当番（toban）からの通知" } },
	.text = { { "{text}", "{text}" } },
};
static const struct message_template plain = {
	.languages = { plain_languages, ARRAY_LEN(plain_languages) },
	.texts = &plain_text,
	.n_texts = 1,
};

static enum lang
lang_of(const char *word)
{
	return strcmp(word, lang_word(LANG_JA)) == 0 ? LANG_JA : LANG_EN;
}

/* Whether the line has placeholders and none of them has a value. */
static bool
line_is_hollow(const char *line, const struct facts *facts, enum lang lang)
{
	bool any = false;

	for (const char *open = strchr(line, '{'); open != NULL; open = strchr(open + 1, '{')) {
		char name[24];
		size_t len = strcspn(open + 1, "}");

		if (len >= sizeof(name)) {
			continue; /* no placeholder */
		}
		memcpy(name, open + 1, len);
		name[len] = '\0';
		if (facts_get(facts, name, lang)[0] != '\0') {
			return false;
		}
		any = true;
	}
	return any;
}

/* How many bytes at the end of a text say nothing: a blank, or brackets around no value. */
static size_t
empty_end(const char *text, size_t len)
{
	static const char *const empty[] = { " ", "()", "（）" };

	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		size_t n = strlen(empty[i]);

		if (len >= n && memcmp(text + len - n, empty[i], n) == 0) {
			return n;
		}
	}
	return 0;
}

/* Drops what a missing value left at the end. */
static void
trim_end(struct str *out, size_t start)
{
	size_t n = 1;

	while (out->len > start && n > 0) {
		n = empty_end(out->data + start, out->len - start);
		str_truncate(out, out->len - n);
	}
}

static void
say(struct str *out, const char *line, const struct facts *facts, enum lang lang)
{
	struct str_arg args[FACTS_MOST];
	size_t start = out->len;

	for (size_t i = 0; i < facts->n; i++) {
		args[i] = (struct str_arg){ facts->names[i], str_text(&facts->values[i][lang]) };
	}
	str_say(out, line, args, facts->n);
	trim_end(out, start);
}

static void
say_lines(struct str *out, const char *text, const struct facts *facts, enum lang lang)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		struct str line = STR_INIT;

		str_add_n(&line, text, len);
		if (!line_is_hollow(str_text(&line), facts, lang)) {
			str_add(out, out->len > 0 ? "\n" : "");
			say(out, str_text(&line), facts, lang);
		}
		out->failed = out->failed || line.failed;
		str_release(&line);
		text += len + (text[len] != '\0');
	}
}

/* All languages of the heading, one behind the other; a heading without any value says nothing. */
static void
say_headings(struct str *out, const struct message_template *template,
	const struct message_text *text, const struct facts *facts)
{
	size_t start = out->len;

	for (size_t i = 0; i < template->languages.n && i < LANG_COUNT; i++) {
		enum lang lang = lang_of(template->languages.items[i]);
		const char *heading = text->heading.in[lang];

		if (!line_is_hollow(heading, facts, lang)) {
			str_add(out, out->len > start ? " / " : "");
			say(out, heading, facts, lang);
		}
	}
}

/*
 * Where a template was written for other messages, all of the heading may be without
 * a value, and chats refuse an empty block: then the message's own line, which speaks
 * both languages, stands for it, or at least who sends it.
 */
static void
add_heading(struct str *out, const struct message_template *template,
	const struct message_text *text, const struct facts *facts)
{
	const char *own = facts_get(facts, "text", LANG_JA);
	size_t start = out->len;

	say_headings(out, template, text, facts);
	if (out->len == start && own[0] != '\0') {
		str_add(out, own);
	} else if (out->len == start) {
		say_headings(out, &plain, &plain_text, facts);
	}
}

enum err
wording_make(const struct message_template *template, const struct facts *facts,
	struct wording *ret_wording)
{
	const struct message_template *t = template != NULL ? template : &plain;
	const struct message_text *text = template_text(t, facts->type);
	struct wording *wording = ret_wording;
	bool failed = false;

	*wording = (struct wording){ 0 };
	if (text == NULL) {
		text = &plain_text;
	}
	str_add(&wording->heading, facts->trial ? MESSAGE_TRIAL_MARK : "");
	str_add(&wording->heading, facts->drill ? DRILL_MARK : "");
	add_heading(&wording->heading, t, text, facts);
	for (size_t i = 0; i < t->languages.n && i < LANG_COUNT; i++) {
		enum lang lang = lang_of(t->languages.items[i]);
		struct str *lines = &wording->texts[wording->n_texts++];

		say_lines(lines, text->text.in[lang], facts, lang);
		failed = failed || lines->failed;
	}
	return failed || wording->heading.failed ? ERR_NOMEM : ERR_OK;
}

void
wording_release(struct wording *wording)
{
	str_release(&wording->heading);
	for (size_t i = 0; i < LANG_COUNT; i++) {
		str_release(&wording->texts[i]);
	}
}

void
wording_add_texts(const struct wording *wording, struct str *out)
{
	bool first = true;

	for (size_t i = 0; i < wording->n_texts; i++) {
		if (wording->texts[i].len > 0) {
			str_add(out, first ? "" : "\n\n");
			str_add(out, str_text(&wording->texts[i]));
			first = false;
		}
	}
}
