/* SPDX-License-Identifier: MIT */
/* Sample: a screen that sees the door, its own private header and curses. */
#include <curses.h>
#include <jansson.h>
#include <sys/types.h>

#include "toban/ui/ui.h"
#include "toban/base/text.h"
#include "toban/desk/door.h"
#include "toban/print/print.h"
#include "board.h"
#include "made.h"
/* #include "toban/store/store.h" in a comment is no include */
