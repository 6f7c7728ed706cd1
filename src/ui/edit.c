/* SPDX-License-Identifier: MIT */
/*
 * The editor: insertion, deletion, movement by clusters and words, and paste.
 * Written because the curses form library loses Japanese text.
 */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"

void
edit_init(struct edit *edit, bool area, size_t max_chars)
{
	*edit = (struct edit){ .area = area, .max_chars = max_chars, .goal_col = -1, .cols = 40 };
}

void
edit_release(struct edit *edit)
{
	undo_release(&edit->undo);
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
	undo_release(&edit->undo);
	edit->group = GROUP_NONE;
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

void
edit_rest(struct edit *edit)
{
	edit->group = GROUP_NONE;
}

/* What was joined or cut may have made one cluster of two around the caret. */
static void
snap_caret(struct edit *edit)
{
	const char *text = str_text(&edit->text);
	size_t start;

	if (edit->caret == 0 || edit->caret >= edit->text.len) {
		edit->caret = edit->caret > edit->text.len ? edit->text.len : edit->caret;
		return;
	}
	start = text_prev(text, edit->text.len, edit->caret);
	edit->caret = text_next(text, edit->text.len, start);
}

/* The one way the text changes by keys. */
static void
change(struct edit *edit, enum edit_group group, struct splice splice)
{
	if (group == GROUP_NONE || group != edit->group) {
		undo_close(&edit->undo);
	}
	edit->group = group;
	undo_splice(&edit->undo, &edit->text, splice, edit->caret);
	edit->caret = splice.pos + splice.len;
	snap_caret(edit);
	edit->laid_out = false;
}

void
edit_replace(struct edit *edit, const char *text)
{
	change(edit, GROUP_NONE, (struct splice){ 0, edit->text.len, text, strlen(text) });
}

static enum edit_reply
travel(struct edit *edit, bool (*step)(struct undo *undo, struct str *text, size_t *caret))
{
	edit->group = GROUP_NONE;
	if (!step(&edit->undo, &edit->text, &edit->caret)) {
		return EDIT_MOVED;
	}
	snap_caret(edit);
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

/* Puts the bytes in at the caret, composed with the letter before: a dakuten may come alone. */
static enum edit_reply
insert(struct edit *edit, enum edit_group group, const char *bytes, size_t len)
{
	size_t fits = room_for(edit, bytes, len);
	size_t start = text_prev(str_text(&edit->text), edit->text.len, edit->caret);
	size_t before = edit->caret - start;
	struct str both = STR_INIT;
	struct str composed = STR_INIT;

	if (fits > 0) {
		str_add_n(&both, str_text(&edit->text) + start, before);
		str_add_n(&both, bytes, fits);
		text_compose(&composed, str_text(&both), both.len);
		if (composed.failed || both.failed ||
			(composed.len >= before &&
				memcmp(str_text(&composed), str_text(&both), before) == 0)) {
			bool whole = composed.failed || both.failed;

			change(edit, group,
				(struct splice){ edit->caret, 0,
					whole ? bytes : str_text(&composed) + before,
					whole ? fits : composed.len - before });
		} else {
			change(edit, group,
				(struct splice){
					start, before, str_text(&composed), composed.len });
		}
	}
	str_release(&both);
	str_release(&composed);
	return fits < len ? EDIT_FULL : EDIT_CHANGED;
}

/* Blanks and full stops end what one undo takes back. */
static bool
begins_step(const char *bytes, size_t len)
{
	static const char *const ends[] = { " ", "\n", "\xe3\x80\x80", "、", "。" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		if (strlen(ends[i]) == len && memcmp(ends[i], bytes, len) == 0) {
			return true;
		}
	}
	return false;
}

static enum edit_reply
type(struct edit *edit, const char *bytes, size_t len)
{
	if (begins_step(bytes, len)) {
		edit_rest(edit);
	}
	return insert(edit, GROUP_TYPING, bytes, len);
}

/*
 * What of a paste may go in: in a line a newline becomes a blank; controls are
 * left out.  True when there were any.
 */
static bool
clean_paste(const struct edit *edit, const char *bytes, size_t len, struct str *clean)
{
	bool left_out = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char b = (unsigned char)bytes[i];
		bool newline = b == '\n' || b == '\r';

		if (b == '\r' && i + 1 < len && bytes[i + 1] == '\n') {
			continue;
		}
		if (newline) {
			str_add_char(clean, edit->area ? '\n' : ' ');
		} else if (b == '\t' && !edit->area) {
			str_add_char(clean, ' ');
		} else if ((b < ' ' && b != '\t') || b == 0x7f ||
			(b == 0xc2 && i + 1 < len && (unsigned char)bytes[i + 1] < 0xa0)) {
			left_out = true;
			i += b == 0xc2;
		} else {
			str_add_char(clean, (char)b);
		}
	}
	return left_out;
}

static enum edit_reply
paste(struct edit *edit, const char *bytes, size_t len)
{
	struct str clean = STR_INIT;
	bool left_out = clean_paste(edit, bytes, len, &clean);
	enum edit_reply reply = insert(edit, GROUP_NONE, str_text(&clean), clean.len);

	edit_rest(edit);
	str_release(&clean);
	return reply == EDIT_CHANGED && left_out ? EDIT_CLEANED : reply;
}

enum edit_reply
edit_rewrite(struct edit *edit, const char *bytes, size_t len)
{
	const struct edit empty = { .max_chars = edit->max_chars };
	struct str clean = STR_INIT;
	struct str composed = STR_INIT;
	bool left_out = clean_paste(edit, bytes, len, &clean);
	enum edit_reply reply = EDIT_FULL;

	text_compose(&composed, str_text(&clean), clean.len);
	if (!clean.failed && !composed.failed) {
		size_t fits = room_for(&empty, str_text(&composed), composed.len);

		change(edit, GROUP_NONE,
			(struct splice){ 0, edit->text.len, str_text(&composed), fits });
		edit_rest(edit);
		reply = fits < composed.len ? EDIT_FULL : left_out ? EDIT_CLEANED : EDIT_CHANGED;
	}
	str_release(&clean);
	str_release(&composed);
	return reply;
}

size_t
edit_chars(const struct edit *edit)
{
	return count_chars(str_text(&edit->text), edit->text.len);
}

size_t
edit_room(const struct edit *edit, const char *bytes, size_t len)
{
	struct str clean = STR_INIT;
	size_t room;

	(void)clean_paste(edit, bytes, len, &clean);
	room = count_chars(str_text(&clean), room_for(edit, str_text(&clean), clean.len));
	str_release(&clean);
	return room;
}

static enum edit_reply
cut(struct edit *edit, size_t from, size_t to)
{
	if (from >= to) {
		return EDIT_MOVED;
	}
	change(edit, GROUP_DELETING, (struct splice){ from, to - from, "", 0 });
	return EDIT_CHANGED;
}

/* Cuts and keeps what was cut; cuts in a row are kept together. */
static enum edit_reply
kill_text(struct edit *edit, size_t from, size_t to)
{
	const char *gone = str_text(&edit->text) + from;
	bool behind = from == edit->caret;

	if (from >= to) {
		return EDIT_MOVED;
	}
	if (edit->killed) {
		if (!edit->killing) {
			str_clear(edit->killed);
		}
		str_splice(edit->killed, behind ? edit->killed->len : 0, 0, gone, to - from);
		edit->killing = true;
	}
	return cut(edit, from, to);
}

static enum edit_reply
yank(struct edit *edit)
{
	if (!edit->killed || edit->killed->len == 0) {
		return EDIT_MOVED;
	}
	return paste(edit, str_text(edit->killed), edit->killed->len);
}

static enum edit_reply
move_to(struct edit *edit, size_t caret)
{
	edit->caret = caret;
	edit_rest(edit);
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

/* A screenful; at the edge to the very start or end.  A text in view as a whole has none. */
static enum edit_reply
move_page(struct edit *edit, bool down)
{
	int by = edit->seen > 1 ? edit->seen - 1 : 1;
	int row;
	int col;

	edit_layout(edit, edit->cols);
	if (!edit->area || !edit->laid_out || (int)edit->n_rows <= edit->seen) {
		return EDIT_IGNORED;
	}
	edit_locate(edit, &row, &col);
	row += down ? by : -by;
	if (row < 0 || row >= (int)edit->n_rows) {
		return move_to(edit, down ? edit->text.len : 0);
	}
	return move_to(edit, edit_offset_at(edit, row, col));
}

/* The paragraph's part before or behind the caret; at its end the newline. */
static enum edit_reply
kill_line(struct edit *edit, bool behind)
{
	const char *text = str_text(&edit->text);
	size_t pos = edit->caret;

	if (behind) {
		while (pos < edit->text.len && text[pos] != '\n') {
			pos++;
		}
		pos += pos == edit->caret && pos < edit->text.len;
		return kill_text(edit, edit->caret, pos);
	}
	while (pos > 0 && text[pos - 1] != '\n') {
		pos--;
	}
	return kill_text(edit, pos, edit->caret);
}

static enum edit_reply
move_command(struct edit *edit, int code)
{
	const char *text = str_text(&edit->text);
	size_t len = edit->text.len;

	switch (code) {
	case K_LEFT:
		return move_to(edit, text_prev(text, len, edit->caret));
	case K_RIGHT:
		return move_to(edit, text_next(text, len, edit->caret));
	case K_WORD_LEFT:
		return move_to(edit, edit_word_left(text, len, edit->caret));
	case K_WORD_RIGHT:
		return move_to(edit, edit_word_right(text, len, edit->caret));
	case K_HOME:
	case K_CTRL('A'):
		return move_edge(edit, false);
	case K_END:
		return move_edge(edit, true);
	case K_TEXT_HOME:
		return move_to(edit, 0);
	case K_TEXT_END:
		return move_to(edit, len);
	case K_PGUP:
	case K_PGDN:
		return move_page(edit, code == K_PGDN);
	default:
		return EDIT_IGNORED;
	}
}

static enum edit_reply
edit_command(struct edit *edit, int code)
{
	const char *text = str_text(&edit->text);
	size_t len = edit->text.len;
	size_t caret = edit->caret;

	switch (code) {
	case K_BACKSPACE:
		return cut(edit, text_prev(text, len, caret), caret);
	case K_DELETE:
	case K_CTRL('D'):
		return cut(edit, caret, text_next(text, len, caret));
	case K_CTRL('W'):
		return kill_text(edit, edit_word_left(text, len, caret), caret);
	case K_CTRL('K'):
		return kill_line(edit, true);
	case K_CTRL('U'):
		return kill_line(edit, false);
	case K_CTRL('Y'):
		return yank(edit);
	case K_UNDO:
		return travel(edit, undo_back);
	case K_REDO:
		return travel(edit, undo_again);
	default:
		return move_command(edit, code);
	}
}

static enum edit_reply
dispatch(struct edit *edit, const struct key *key)
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

void
edit_before(struct edit *edit, size_t behind, const struct key *key)
{
	size_t rest = edit->text.len - edit->caret;

	if (behind <= edit->caret) {
		edit->caret -= behind;
		rest += behind;
	}
	(void)edit_key(edit, key);
	edit->caret = edit->text.len - rest + (behind <= rest ? behind : 0);
}

enum edit_reply
edit_key(struct edit *edit, const struct key *key)
{
	bool killing = edit->killing;
	enum edit_reply reply = dispatch(edit, key);

	/* Only a cut right after a cut joins it. */
	if (killing && key->code != K_CTRL('K') && key->code != K_CTRL('U') &&
		key->code != K_CTRL('W')) {
		edit->killing = false;
	}
	return reply;
}
