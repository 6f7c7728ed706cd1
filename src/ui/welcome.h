/* SPDX-License-Identifier: MIT */
/*
 * What somebody is told who sits down: once how to begin, and who to call for
 * those the desk does not know.
 */
#ifndef TOBAN_SRC_UI_WELCOME_H
#define TOBAN_SRC_UI_WELCOME_H

struct app;

/* Says it in the message row, over the board; preferences have been read. */
void welcome_say(struct app *app);

/*
 * What waits from before: takes over emergency files, else says how many drafts
 * there are and which is the newest.  Says nothing when there is nothing.
 */
void welcome_back(struct app *app);

#endif
