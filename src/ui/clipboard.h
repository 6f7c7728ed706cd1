/* SPDX-License-Identifier: MIT */
/*
 * The person's own clipboard, reached through the terminal (OSC 52).
 */
#ifndef TOBAN_SRC_UI_CLIPBOARD_H
#define TOBAN_SRC_UI_CLIPBOARD_H

struct app;

/*
 * Sends the number of an incident there, where the site's terminal policy allows
 * it, and says so.  Whether the terminal took it nobody can know.
 */
void clipboard_send_id(struct app *app, const char *id);

#endif
