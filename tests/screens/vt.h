/* SPDX-License-Identifier: MIT */
/*
 * A terminal for tests: the program runs on a pty, libvterm is the screen.
 *
 * Nothing here sleeps: the program says on the terminal how many keys it has
 * done (TOBAN_TEST), and the test waits for that number or for a text.  After
 * every wait the invariants of all screens are checked.  A failed expectation
 * prints the screen and fails the cmocka test.
 */
#ifndef TOBAN_TESTS_SCREENS_VT_H
#define TOBAN_TESTS_SCREENS_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vt;

/* How the terminal answers before the program's first frame. */
enum vt_reply {
	VT_REPLY_REAL,
	VT_REPLY_NONE,
	VT_REPLY_GARBAGE,
	VT_REPLY_SPLIT, /* byte by byte */
	VT_REPLY_LATE,  /* right after the first frame */
	VT_REPLY_LATIN, /* late, and as a terminal that is not in UTF-8 */
};

struct vt_options {
	const char *const *argv; /* ended by NULL */
	const char *const *env;  /* "NAME=value" set besides the test's own; may be NULL */
	const char *term;        /* NULL: xterm-256color */
	const char *ahead;       /* ASCII keys typed before the program reads; NULL: none */
	enum vt_reply reply;
	int ambiguous; /* 2: the terminal draws ○ ※ → in two columns; else in one */
	int rows;
	int cols;
};

/* Starts the program and waits for its first idle moment. */
struct vt *vt_start(const struct vt_options *options);

/* Ends the program if it still runs and frees everything.  NULL is allowed. */
void vt_free(struct vt *vt);

/*
 * Types keys and waits until they are done.  Characters stand for themselves;
 * <Enter> <Esc> <Tab> <S-Tab> <Up> <Down> <Left> <Right> <Home> <End> <PgUp>
 * <PgDn> <BS> <Del> <F1>..<F5> <lt> and <C-x> are keys.
 */
void vt_keys(struct vt *vt, const char *keys);

/*
 * Types keys, of which the last one ends the screens and has the program begin anew with others,
 * and with counting keys; waits for those.
 */
void vt_keys_anew(struct vt *vt, const char *keys);

/* Types keys and waits for nothing: the next wait is for them, too. */
void vt_type(struct vt *vt, const char *keys);

/* Sends bytes as they are, which the program must read as one key. */
void vt_bytes_as_key(struct vt *vt, const char *bytes);

/* Sends bytes as they are and waits for nothing: garbage, floods, half sequences. */
void vt_send(struct vt *vt, const void *bytes, size_t len);

/* Sends the program a signal and waits for nothing. */
void vt_signal(struct vt *vt, int number);

/* The program's process, to limit it or to look at it. */
int vt_pid(const struct vt *vt);

/*
 * Whether the terminal is as it was before the program started: line settings,
 * the normal screen, a visible cursor, pastes unmarked.  Prints what is not.
 */
bool vt_is_restored(struct vt *vt);

/* Bytes the program wrote so far, as it wrote them; *ret_len of them. */
const char *vt_raw(struct vt *vt, size_t *ret_len);

/* Pastes between the marks of a bracketed paste. */
void vt_paste(struct vt *vt, const char *text);

void vt_resize(struct vt *vt, int rows, int cols);

/* The terminal goes away; the program gets SIGHUP. */
void vt_hangup(struct vt *vt);

/* Whether the program still held its terminal at the last wait. */
bool vt_alive(const struct vt *vt);

/* Waits until the text is anywhere on the screen. */
void vt_wait_text(struct vt *vt, const char *text);

/* Waits for the end of the program and gives its exit status; 128+n: signal n. */
int vt_wait_exit(struct vt *vt);

bool vt_has_text(struct vt *vt, const char *text);
void vt_expect(struct vt *vt, const char *text);
void vt_refuse(struct vt *vt, const char *text);

/* A row as UTF-8 without trailing blanks; valid until the next call. */
const char *vt_row(struct vt *vt, int row);

/* The whole screen, rows ended by newlines; valid until the next call. */
const char *vt_text(struct vt *vt);

/*
 * The whole screen with its attributes: a line "|" and the text for each row,
 * below it, where anything is not plain, a line ":" and runs of columns
 * "FROM+N bold underline reverse COLOUR"; at the end the cursor.  What golden
 * screens and pictures are made of; valid until the next call.
 */
const char *vt_dump(struct vt *vt);

struct vt_cell {
	uint32_t ch; /* (uint32_t)-1: the second half of a wide character */
	int width;
	bool reverse;
	bool bold;
	bool underline;
	int color; /* of the palette; -1: the terminal's own */
};
struct vt_cell vt_cell(struct vt *vt, int row, int col);

void vt_cursor(struct vt *vt, int *ret_row, int *ret_col, bool *ret_visible);

/* Bytes the program wrote since the last call, idle marks left out. */
size_t vt_bytes(struct vt *vt);

#endif
