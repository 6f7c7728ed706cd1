/* SPDX-License-Identifier: MIT */
/*
 * One frame: the title rows, the body of the topmost full screen, message row
 * and key hints, and the popups above it.
 */
#ifndef TOBAN_SRC_UI_FRAME_H
#define TOBAN_SRC_UI_FRAME_H

struct app;
struct screen;
struct str;

/* Paints everything and sends the difference; the caret is moved last. */
void frame_paint(struct app *app);

/* The right of row 1 where nobody's name belongs: what limits the worth of it, and the time. */
void frame_right_of_nobody(struct app *app, struct str *right);

/* Gives back a popup's window. */
void frame_drop_panel(struct screen *screen);

#endif
