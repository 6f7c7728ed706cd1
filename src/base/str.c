/* SPDX-License-Identifier: MIT */
/*
 * The growing byte string every text is built in.
 */
#include "toban/base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/memory.h"

#define FIRST_CAP 64

static const char *
say_value(const struct str_arg *args, size_t n_args, const char *name, size_t len)
{
	for (size_t i = 0; i < n_args; i++) {
		if (strlen(args[i].name) == len && memcmp(args[i].name, name, len) == 0) {
			return args[i].value != NULL ? args[i].value : "";
		}
	}
	return NULL;
}

/* The bytes from `from` up to `to` hold nothing any more. */
static void
wipe(struct str *s, size_t from, size_t to)
{
	if (s->wipes && from < to) {
		explicit_bzero(s->data + from, to - from);
	}
}

/* To a place of `cap` bytes, without what realloc() leaves behind where it moves. */
static char *
move_wiping(struct str *s, size_t cap)
{
	char *data = memory_take(cap);

	if (data == NULL) {
		return NULL;
	}
	if (s->data != NULL) {
		memcpy(data, s->data, s->len + 1);
		wipe(s, 0, s->len);
		free(s->data);
	}
	return data;
}

void
str_release(struct str *s)
{
	wipe(s, 0, s->len);
	free(s->data);
	*s = (struct str){ .wipes = s->wipes };
}

void
str_clear(struct str *s)
{
	wipe(s, 0, s->len);
	s->len = 0;
	s->failed = false;
	if (s->data != NULL) {
		s->data[0] = '\0';
	}
}

const char *
str_text(const struct str *s)
{
	return s->data != NULL ? s->data : "";
}

bool
str_reserve(struct str *s, size_t extra)
{
	size_t need = 0;
	size_t cap = s->cap > 0 ? s->cap : FIRST_CAP;
	char *data = NULL;

	if (s->failed) {
		return false;
	}
	if (extra > SIZE_MAX / 2 - s->len - 1) {
		s->failed = true;
		return false;
	}
	need = s->len + extra + 1;
	if (need <= s->cap) {
		return true;
	}
	while (cap < need) {
		cap *= 2;
	}
	data = s->wipes ? move_wiping(s, cap) : memory_resize(s->data, cap);
	if (data == NULL) {
		s->failed = true;
		return false;
	}
	data[s->len] = '\0';
	s->data = data;
	s->cap = cap;
	return true;
}

void
str_add(struct str *s, const char *text)
{
	str_add_n(s, text, strlen(text));
}

void
str_add_n(struct str *s, const char *bytes, size_t len)
{
	if (!str_reserve(s, len)) {
		return;
	}
	if (len > 0) {
		memcpy(s->data + s->len, bytes, len);
	}
	s->len += len;
	s->data[s->len] = '\0';
}

void
str_add_char(struct str *s, char c)
{
	str_add_n(s, &c, 1);
}

void
str_add_repeat(struct str *s, char c, size_t n)
{
	if (!str_reserve(s, n)) {
		return;
	}
	memset(s->data + s->len, c, n);
	s->len += n;
	s->data[s->len] = '\0';
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list args;
	va_list again;
	int len = 0;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0) {
		s->failed = true;
	} else if (str_reserve(s, (size_t)len)) {
		(void)vsnprintf(s->data + s->len, (size_t)len + 1, fmt, again); /* measured */
		s->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}

void
str_splice(struct str *s, size_t pos, size_t del, const char *bytes, size_t len)
{
	pos = pos < s->len ? pos : s->len;
	del = del < s->len - pos ? del : s->len - pos;
	if (!str_reserve(s, len)) {
		return;
	}
	memmove(s->data + pos + len, s->data + pos + del, s->len - pos - del);
	if (len > 0) {
		memcpy(s->data + pos, bytes, len);
	}
	s->len = s->len - del + len;
	s->data[s->len] = '\0';
	if (del > len) {
		wipe(s, s->len, s->len + del - len);
	}
}

void
str_truncate(struct str *s, size_t len)
{
	if (len < s->len) {
		wipe(s, len, s->len);
		s->len = len;
		s->data[len] = '\0';
	}
}

char *
str_detach(struct str *s)
{
	char *data = NULL;

	/* Reserving nothing makes an empty string a real "". */
	if (str_reserve(s, 0)) {
		data = s->data;
		s->data = NULL;
		s->len = 0; /* whoever takes it has it to wipe */
	}
	str_release(s);
	return data;
}

void
str_say(struct str *s, const char *pattern, const struct str_arg *args, size_t n_args)
{
	while (*pattern != '\0') {
		size_t plain = strcspn(pattern, "{");
		size_t name_len = 0;
		const char *value = NULL;

		str_add_n(s, pattern, plain);
		pattern += plain;
		if (*pattern == '\0') {
			return;
		}
		name_len = strcspn(pattern + 1, "{}");
		if (pattern[1 + name_len] == '}') {
			value = say_value(args, n_args, pattern + 1, name_len);
		}
		if (value != NULL) {
			str_add(s, value);
			pattern += name_len + 2;
		} else {
			str_add_char(s, '{');
			pattern++;
		}
	}
}

void
str_next_sentence(struct str *out)
{
	static const char stop[] = "。";
	size_t len = strlen(stop);

	if (out->len == 0 ||
		(out->len >= len && memcmp(str_text(out) + out->len - len, stop, len) == 0)) {
		return;
	}
	str_add_char(out, ' ');
}
