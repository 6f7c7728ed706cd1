/* SPDX-License-Identifier: MIT */
/*
 * Text that was entered: what may be in it, how long it may be, and the form
 * in which it is kept.
 */
#include <string.h>

#include "form_check.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define IDEOGRAPHIC_SPACE "\xe3\x80\x80"

/* Bytes of the blank at the start of `s`, 0 when there is none. */
static size_t
text_blank(const char *s, size_t len)
{
	if (len >= 1 && strchr(" \t\n", s[0]) != NULL && s[0] != '\0') {
		return 1;
	}
	if (len >= 3 && memcmp(s, IDEOGRAPHIC_SPACE, 3) == 0) {
		return 3;
	}
	return 0;
}

static size_t
text_leading(const char *s, size_t len)
{
	size_t at = 0;

	for (size_t n = text_blank(s, len); n > 0; n = text_blank(s + at, len - at)) {
		at += n;
	}
	return at;
}

/* The length without trailing blanks. */
static size_t
text_trimmed(const char *s, size_t len)
{
	for (;;) {
		if (len >= 1 && text_blank(s + len - 1, 1) == 1) {
			len -= 1;
		} else if (len >= 3 && text_blank(s + len - 3, 3) == 3) {
			len -= 3;
		} else {
			return len;
		}
	}
}

static size_t
text_code_points(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	}
	return n;
}

static const char *
text_number(const struct value *v, size_t n)
{
	const char *text = arena_printf(v->checking->diagnostics->arena, "%zu", n);

	return text != NULL ? text : "";
}

/* An empty list of measures is an answer; of ids it is none. */
static bool
text_is_list(enum field_type type)
{
	return type == FIELD_PEOPLE || type == FIELD_DEPARTMENTS || type == FIELD_CATEGORIES;
}

bool
value_is_blank(const struct form_field *field, const json_t *json)
{
	if (json == NULL || json_is_null(json)) {
		return true;
	}
	if (json_is_array(json)) {
		return json_array_size(json) == 0 && text_is_list(field->type);
	}
	if (!json_is_string(json)) {
		return false;
	}
	if (text_is_list(field->type) &&
		strspn(json_string_value(json), ", \t\n") == json_string_length(json)) {
		return true; /* nothing but what stands between entries */
	}
	return text_leading(json_string_value(json), json_string_length(json)) ==
		json_string_length(json);
}

/* Whether the text may be taken as it is; says which character may not. */
static bool
text_is_clean(const struct value *v, const char *s, size_t len, bool one_line)
{
	const char *newline = one_line ? memchr(s, '\n', len) : NULL;
	size_t at = 0;

	if (!text_input_ok(s, len, &at)) {
		value_fault_say(v, "D105",
			_("The character at position {position} cannot be taken in: control "
			  "characters are "
			  "refused."),
			(struct str_arg){
				"position", text_number(v, text_code_points(s, at) + 1) });
		return false;
	}
	if (newline != NULL) {
		value_fault_say(v, "D105",
			_("This is a single line; there is a line break at position {position}."),
			(struct str_arg){ "position",
				text_number(v, text_code_points(s, (size_t)(newline - s)) + 1) });
		return false;
	}
	return true;
}

static json_t *
text_compose_value(const struct value *v, const char *s, size_t len)
{
	struct str text = STR_INIT;
	json_t *made = NULL;
	size_t n;

	text_compose(&text, s, len);
	n = text_code_points(str_text(&text), text.len);
	if (text.failed) {
		(void)value_nomem(v);
	} else if (n > v->field->max_chars) {
		value_fault_say(v, "D104", _("This is too long: at most {max} characters."),
			(struct str_arg){ "max", text_number(v, v->field->max_chars) });
	} else {
		made = value_made(v, json_stringn(str_text(&text), text.len));
	}
	str_release(&text);
	return made;
}

json_t *
value_check_line(const struct value *v)
{
	const char *s = json_string_value(v->json);
	size_t len = json_string_length(v->json);
	size_t skip;

	if (s == NULL) {
		value_fault(v, "D102", _("This must be a text."));
		return NULL;
	}
	len = text_trimmed(s, len);
	skip = text_leading(s, len);
	if (!text_is_clean(v, s + skip, len - skip, true)) {
		return NULL;
	}
	return text_compose_value(v, s + skip, len - skip);
}

json_t *
value_check_text(const struct value *v)
{
	const char *s = json_string_value(v->json);
	size_t len = json_string_length(v->json);

	if (s == NULL) {
		value_fault(v, "D102", _("This must be a text."));
		return NULL;
	}
	len = text_trimmed(s, len);
	return text_is_clean(v, s, len, false) ? text_compose_value(v, s, len) : NULL;
}
