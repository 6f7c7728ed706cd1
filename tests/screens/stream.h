/* SPDX-License-Identifier: MIT */
/*
 * What a program writes to its terminal, byte by byte: the idle marks are
 * counted, and a control that no screen has any business to send is found.
 */
#ifndef TOBAN_TESTS_SCREENS_STREAM_H
#define TOBAN_TESTS_SCREENS_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct stream {
	int state;
	char osc[64];
	size_t osc_len;
	long done;         /* keys the program says it has done */
	long marks;        /* idle marks so far */
	size_t mark_bytes; /* that the marks took */
	size_t since_mark; /* bytes since the last mark */
	size_t most;       /* that came between two marks; the reader sets it back */
	int after_c2;      /* the last byte was 0xc2: a C1 control may follow */
	char csi[16];      /* the sequence being read; cut when it is longer */
	size_t csi_len;
	bool alternate; /* the screen of full-screen programs is on */
	bool bracketed; /* pastes are marked */
	bool hidden;    /* the cursor is off */
	char fault[64];
};

/* False when something unknown was sent; stream_fault() names it. */
bool stream_feed(struct stream *stream, const char *bytes, size_t len);
const char *stream_fault(const struct stream *stream);

#endif
