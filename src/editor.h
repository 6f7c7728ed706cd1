/* SPDX-License-Identifier: MIT */
/*
 * The person's own program for texts.
 */
#ifndef TOBAN_EDITOR_H
#define TOBAN_EDITOR_H

#include "toban/base/err.h"
#include "toban/ui/ui.h"

/*
 * Lets $VISUAL, else $EDITOR, work on the file and waits for its end; *ret_status is as
 * of waitpid().  The variable's words are split at blanks and no shell reads them.
 * Ends it when `wait` says that the terminal goes.  ERR_NOT_FOUND: no program is
 * named or it cannot be started; ERR_NOMEM, ERR_IO.
 */
enum err editor_run(const char *path, const struct ui_wait *wait, int *ret_status);

#endif
