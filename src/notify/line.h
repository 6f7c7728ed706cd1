/* SPDX-License-Identifier: MIT */
/*
 * Text of people in a line that goes out: harmless and of bounded width.
 * Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_LINE_H
#define TOBAN_NOTIFY_LINE_H

#include "toban/base/str.h"

/* A value in a line is cut here: a line is no report, and chat programs cut it anyway. */
#define LINE_VALUE_COLS 120

/* Appends `text` through text_show(), on one line, cut to `cols` columns with an ellipsis. */
void line_add_value(struct str *out, const char *text, int cols);

#endif
