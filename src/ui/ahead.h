/* SPDX-License-Identifier: MIT */
/*
 * What was typed ahead, in words: whoever types while something is waited for sees at once
 * that it was heard (docs/screens.md, "Waiting").
 */
#ifndef TOBAN_SRC_UI_AHEAD_H
#define TOBAN_SRC_UI_AHEAD_H

#include "keyboard.h"
#include "toban/base/str.h"

/*
 * The end of what `keyboard` keeps as it was typed: characters, a backspace takes one away,
 * other keys as "[Enter]", a paste as "[...]".  For text_show(), as everything that comes from
 * a terminal.  Empty when nothing is kept that can be named.
 */
void ahead_words(const struct keyboard *keyboard, struct str *out);

#endif
