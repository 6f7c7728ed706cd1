/* SPDX-License-Identifier: MIT */
/*
 * The terminal for tests, shared between running it (vt.c) and reading its
 * screen (vt_text.c).
 */
#ifndef TOBAN_TESTS_SCREENS_VT_PARTS_H
#define TOBAN_TESTS_SCREENS_VT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "stream.h"
#include "toban/base/str.h"
#include "vt.h"
#include "wide.h"

struct vt {
	VTerm *vterm;
	VTermScreen *screen;
	struct stream stream; /* reads the idle marks and refuses unknown controls */
	int fd;
	pid_t pid;
	int rows;
	int cols;
	long sent; /* keys, pastes, resizes */
	size_t bytes;
	bool cursor_visible;
	bool ended;      /* the program closed the terminal */
	bool draws_wide; /* ambiguous characters take two columns */
	struct wide wide;
	enum vt_reply reply;
	struct str late; /* answers held back */
	struct str text;
	struct str raw;          /* all output since the start */
	struct termios settings; /* of the line, before the program started */
};

#endif
