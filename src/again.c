/* SPDX-License-Identifier: MIT */
/*
 * The program in the place of itself: see again.h.  No people begin it so, and no help names it.
 */
#include "again.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "places.h"

#define WORD "--again="

enum { WORDS = 8 }; /* the program, what is below, and the end */

static const char *
color_word(enum cli_color color)
{
	return color == CLI_COLOR_ALWAYS ? "--color=always" : "--color=never";
}

void
again_begin(struct arena *arena, const struct cli_globals *globals, const char *why)
{
	const char *program = places_helper(arena, "toban");
	const char *argv[WORDS] = { program, arena_printf(arena, WORD "%s", why) };
	size_t n = 2;

	if (globals->desk) {
		argv[n++] = arena_printf(arena, "--desk=%s", globals->desk);
	}
	if (globals->lang_named) {
		argv[n++] = arena_printf(arena, "--lang=%s", lang_word(globals->lang));
	}
	if (globals->read_only) {
		argv[n++] = "--read-only";
	}
	if (globals->ascii) {
		argv[n++] = "--ascii";
	}
	if (globals->color != CLI_COLOR_AUTO) {
		argv[n++] = color_word(globals->color);
	}
	for (size_t i = 0; i < n; i++) {
		if (!argv[i]) {
			return; /* without memory it would lack a word */
		}
	}
	(void)fflush(NULL); /* what is not written would be lost */
	(void)signal(SIGHUP, SIG_DFL); /* what was ignored stays so; cannot fail */
	(void)signal(SIGTSTP, SIG_DFL);
	/* The strings are not changed; the type is older than const. */
	execv(program, (char *const *)(uintptr_t)argv);
	/* It has another name, or was taken away since. */
	execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
}

const char *
again_why(int *argc, char **argv)
{
	const char *why;

	if (*argc < 2 || strncmp(argv[1], WORD, strlen(WORD)) != 0) {
		return NULL;
	}
	why = argv[1] + strlen(WORD);
	/* With the NULL at their end. */
	memmove(argv + 1, argv + 2, (size_t)(*argc - 1) * sizeof(argv[0]));
	--*argc;
	return why;
}
