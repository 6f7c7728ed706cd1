/* SPDX-License-Identifier: MIT */
/*
 * The editor: insertion, deletion, movement by clusters, undo and paste.
 * Written because the curses form library loses Japanese text.
 */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"

enum { UNDO_STEPS = 100 };

struct edit_state {
	char *text;
	size_t len;
	size_t caret;
};

void
edit_init(struct edit *edit, bool area, size_t max_chars)
{
	*edit = (struct edit){ .area = area, .max_chars = max_chars, .goal_col = -1, .cols = 40 };
}

static void
undo_clear(struct edit *edit)
{
	for (size_t i = 0; i < edit->n_undo; i++) {
		free(edit->undo[i].text);
	}
	free(edit->undo);
	edit->undo = NULL;
	edit->n_undo = 0;
	edit->typing = false;
}

void
edit_release(struct edit *edit)
{
	undo_clear(edit);
	str_release(&edit->text);
	str_release(&edit->shown);
	free(edit->rows);
	free(edit->raw_at);
	free(edit->shown_at);
	*edit = (struct edit){ 0 };
}

void
edit_set(struct edit *edit, const char *text)
{
	undo_clear(edit);
	str_clear(&edit->text);
	str_add(&edit->text, text ? text : "");
	edit->caret = edit->text.len;
	edit->first = 0;
	edit->goal_col = -1;
	edit->laid_out = false;
}

const char *
edit_text(const struct edit *edit)
{
	return str_text(&edit->text);
}

/* Remembers the text before a change; without memory that change can't be undone. */
static void
undo_push(struct edit *edit)
{
	char *copy;

	if (!edit->undo) {
		edit->undo = calloc(UNDO_STEPS, sizeof(*edit->undo));
		if (!edit->undo) {
			return;
		}
	}
	copy = strndup(str_text(&edit->text), edit->text.len);
	if (!copy) {
		return;
	}
	if (edit->n_undo == UNDO_STEPS) {
		free(edit->undo[0].text);
		edit->n_undo--;
		memmove(edit->undo, edit->undo + 1, edit->n_undo * sizeof(*edit->undo));
	}
	edit->undo[edit->n_undo++] = (struct edit_state){ copy, edit->text.len, edit->caret };
}

static enum edit_reply
undo_pop(struct edit *edit)
{
	struct edit_state last;

	edit->typing = false;
	if (edit->n_undo == 0) {
		return EDIT_MOVED;
	}
	last = edit->undo[--edit->n_undo];
	str_clear(&edit->text);
	str_add_n(&edit->text, last.text, last.len);
	edit->caret = last.caret;
	free(last.text);
	edit->laid_out = false;
	return EDIT_CHANGED;
}

static size_t
count_chars(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return n;
}

/* Composes what stands around the caret: a dakuten may have come as its own key. */
static void
compose_before_caret(struct edit *edit, size_t inserted)
{
	const char *text = str_text(&edit->text);
	size_t start = text_prev(text, edit->text.len, edit->caret - inserted);
	struct str composed = STR_INIT;

	text_compose(&composed, text + start, edit->caret - start);
	if (!composed.failed && composed.len != edit->caret - start) {
		str_splice(
			&edit->text, start, edit->caret - start, str_text(&composed), composed.len);
		edit->caret = start + composed.len;
	}
	str_release(&composed);
}

/* How many of the `len` bytes still fit under the limit, whole characters only. */
static size_t
room_for(const struct edit *edit, const char *bytes, size_t len)
{
	size_t have = count_chars(str_text(&edit->text), edit->text.len);
	size_t left = edit->max_chars > have ? edit->max_chars - have : 0;
	size_t pos = 0;

	if (edit->max_chars == 0) {
		return len;
	}
	while (pos < len) {
		size_t next = text_next(bytes, len, pos);
		size_t chars = count_chars(bytes + pos, next - pos);

		if (chars > left) {
			break;
		}
		left -= chars;
		pos = next;
	}
	return pos;
}

static enum edit_reply
insert(struct edit *edit, const char *bytes, size_t len)
{
	size_t fits = room_for(edit, bytes, len);

	if (fits > 0) {
		str_splice(&edit->text, edit->caret, 0, bytes, fits);
		edit->caret += fits;
		compose_before_caret(edit, fits);
		edit->laid_out = false;
	}
	return fits < len ? EDIT_FULL : EDIT_CHANGED;
}

static enum edit_reply
type(struct edit *edit, const char *bytes, size_t len)
{
	bool boundary = len == 1 && (bytes[0] == ' ' || bytes[0] == '\n');

	if (!edit->typing || boundary) {
		undo_push(edit);
	}
	edit->typing = true;
	return insert(edit, bytes, len);
}

/* In a line a newline becomes a blank; controls are left out and reported. */
static enum edit_reply
paste(struct edit *edit, const char *bytes, size_t len)
{
	struct str clean = STR_INIT;
	bool left_out = false;
	enum edit_reply reply;

	for (size_t i = 0; i < len; i++) {
		unsigned char b = (unsigned char)bytes[i];
		bool newline = b == '\n' || b == '\r';

		if (b == '\r' && i + 1 < len && bytes[i + 1] == '\n') {
			continue;
		}
		if (newline) {
			str_add_char(&clean, edit->area ? '\n' : ' ');
		} else if (b == '\t' && !edit->area) {
			str_add_char(&clean, ' ');
		} else if ((b < ' ' && b != '\t') || b == 0x7f ||
			(b == 0xc2 && i + 1 < len && (unsigned char)bytes[i + 1] < 0xa0)) {
			left_out = true;
			i += b == 0xc2;
		} else {
			str_add_char(&clean, (char)b);
		}
	}
	undo_push(edit);
	edit->typing = false;
	reply = insert(edit, str_text(&clean), clean.len);
	str_release(&clean);
	return reply == EDIT_CHANGED && left_out ? EDIT_CLEANED : reply;
}

static enum edit_reply
cut(struct edit *edit, size_t from, size_t to)
{
	if (from >= to) {
		return EDIT_MOVED;
	}
	undo_push(edit);
	edit->typing = false;
	str_splice(&edit->text, from, to - from, "", 0);
	edit->caret = from;
	edit->laid_out = false;
	return EDIT_CHANGED;
}

static enum edit_reply
move_to(struct edit *edit, size_t caret)
{
	edit->caret = caret;
	edit->typing = false;
	return EDIT_MOVED;
}

static enum edit_reply
move_rows(struct edit *edit, int by)
{
	int row;
	int col;
	int target;

	edit_layout(edit, edit->cols);
	if (!edit->area || !edit->laid_out) {
		return EDIT_EDGE;
	}
	edit_locate(edit, &row, &col);
	target = row + by;
	if (target < 0 || target >= (int)edit->n_rows) {
		return EDIT_EDGE;
	}
	if (edit->goal_col < 0) {
		edit->goal_col = col;
	}
	return move_to(edit, edit_offset_at(edit, target, edit->goal_col));
}

/* Start or end of the row in an area, of the text in a line. */
static enum edit_reply
move_edge(struct edit *edit, bool end)
{
	int row;
	int col;

	edit_layout(edit, edit->cols);
	if (!edit->area || !edit->laid_out) {
		return move_to(edit, end ? edit->text.len : 0);
	}
	edit_locate(edit, &row, &col);
	return move_to(edit, edit_offset_at(edit, row, end ? edit->cols : 0));
}

static enum edit_reply
cut_word(struct edit *edit)
{
	const char *text = str_text(&edit->text);
	size_t pos = edit->caret;

	while (pos > 0 && text[pos - 1] == ' ') {
		pos--;
	}
	while (pos > 0 && text[pos - 1] != ' ' && text[pos - 1] != '\n') {
		pos = text_prev(text, edit->text.len, pos);
	}
	return cut(edit, pos, edit->caret);
}

/* The paragraph's part before or behind the caret. */
static enum edit_reply
cut_line(struct edit *edit, bool behind)
{
	const char *text = str_text(&edit->text);
	size_t pos = edit->caret;

	if (behind) {
		while (pos < edit->text.len && text[pos] != '\n') {
			pos++;
		}
		return cut(edit, edit->caret, pos);
	}
	while (pos > 0 && text[pos - 1] != '\n') {
		pos--;
	}
	return cut(edit, pos, edit->caret);
}

static enum edit_reply
edit_command(struct edit *edit, int code)
{
	const char *text = str_text(&edit->text);
	size_t len = edit->text.len;

	switch (code) {
	case K_LEFT:
		return move_to(edit, edit->caret > 0 ? text_prev(text, len, edit->caret) : 0);
	case K_RIGHT:
		return move_to(edit, edit->caret < len ? text_next(text, len, edit->caret) : len);
	case K_HOME:
	case K_CTRL('A'):
		return move_edge(edit, false);
	case K_END:
		return move_edge(edit, true);
	case K_BACKSPACE:
		return edit->caret > 0 ? cut(edit, text_prev(text, len, edit->caret), edit->caret)
				       : EDIT_MOVED;
	case K_DELETE:
	case K_CTRL('D'): {
		size_t caret = edit->caret;

		return caret < len ? cut(edit, caret, text_next(text, len, caret)) : EDIT_MOVED;
	}
	case K_CTRL('W'):
		return cut_word(edit);
	case K_CTRL('K'):
		return cut_line(edit, true);
	case K_CTRL('U'):
		return cut_line(edit, false);
	case K_UNDO:
		return undo_pop(edit);
	default:
		return EDIT_IGNORED;
	}
}

enum edit_reply
edit_key(struct edit *edit, const struct key *key)
{
	char utf8[5];
	size_t n;

	if (key->code == K_UP || key->code == K_DOWN) {
		return move_rows(edit, key->code == K_UP ? -1 : 1);
	}
	edit->goal_col = -1;
	if (key->code == K_PASTE) {
		return paste(edit, key->paste, key->paste_len);
	}
	if (key->code == K_ENTER && edit->area) {
		return type(edit, "\n", 1);
	}
	n = key_utf8(key, utf8);
	if (n > 0) {
		return type(edit, utf8, n);
	}
	return edit_command(edit, key->code);
}
