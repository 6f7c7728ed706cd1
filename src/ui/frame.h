/* SPDX-License-Identifier: MIT */
/*
 * One frame: the title rows, the body of the topmost full screen, message row
 * and key hints, and the popups above it.
 */
#ifndef TOBAN_SRC_UI_FRAME_H
#define TOBAN_SRC_UI_FRAME_H

struct app;
struct screen;

/* Paints everything and sends the difference; the caret is moved last. */
void frame_paint(struct app *app);

/* Gives back a popup's window. */
void frame_drop_panel(struct screen *screen);

#endif
