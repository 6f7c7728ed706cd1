/* SPDX-License-Identifier: MIT */
/*
 * Our wcwidth() in place of libc's.  ncurses imports the function, and a
 * definition in the program comes before libc's; so ncurses counts columns by
 * the same table as we do, ambiguous characters included.  Measured: without
 * it, a terminal that draws ○ in two columns loses the text beside it.
 */
#include <stdint.h>
#include <wchar.h>

#include "toban/base/text.h"

int
wcwidth(wchar_t c)
{
	/* POSIX wants 0 for NUL, unlike all other controls. */
	return c == L'\0' ? 0 : width_of((uint32_t)c);
}
