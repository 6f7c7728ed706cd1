/* SPDX-License-Identifier: MIT */
/*
 * Drives a program on a terminal by a script and prints its screens: the tool
 * behind the golden screens and the pictures of the documentation.
 *
 *     vt_script [-s COLSxROWS] [-t TERM] [-w] [-e NAME=VALUE]... -- PROGRAM ARG...
 *
 * -w: the terminal draws ambiguous characters wide.  Standard input holds a
 * command a line:
 *
 *     keys TEXT        types; <Enter> <C-s> <F3> are keys, see vt.h
 *     anew TEXT        the same, when the last key ends the screens and others begin
 *     paste TEXT       pastes
 *     size COLSxROWS   resizes the window
 *     dump NAME        prints "= NAME" and the screen with its looks (vt_dump())
 *     bytes            prints "bytes N": what the program wrote since the last time
 *
 * Exits 1 when an invariant of all screens is broken or the program left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "vt.h"

enum { MOST_ENV = 16 };

static struct vt_options options;

static void
usage(void)
{
	fprintf(stderr,
		"usage: vt_script [-s COLSxROWS] [-t TERM] [-w] [-e NAME=VALUE]... -- "
		"PROGRAM ARG...\n");
	exit(2);
}

static void
read_size(const char *text, int *ret_rows, int *ret_cols)
{
	char *end;

	*ret_cols = (int)strtol(text, &end, 10);
	*ret_rows = *end == 'x' ? (int)strtol(end + 1, NULL, 10) : 0;
	if (*ret_cols < 1 || *ret_rows < 1) {
		usage();
	}
}

/* The rest of the line when it begins with the word; NULL otherwise. */
static const char *
after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 ? line + len : NULL;
}

static void
command(struct vt *vt, const char *line)
{
	const char *rest;
	int rows;
	int cols;

	if ((rest = after(line, "keys "))) {
		vt_keys(vt, rest);
	} else if ((rest = after(line, "anew "))) {
		vt_keys_anew(vt, rest);
	} else if ((rest = after(line, "paste "))) {
		vt_paste(vt, rest);
	} else if ((rest = after(line, "size "))) {
		read_size(rest, &rows, &cols);
		vt_resize(vt, rows, cols);
	} else if ((rest = after(line, "dump "))) {
		printf("= %s\n%s", rest, vt_dump(vt));
	} else if (strcmp(line, "bytes") == 0) {
		printf("bytes %zu\n", vt_bytes(vt));
	} else {
		print_error("no such command: %s\n", line);
		fail();
	}
	if (!vt_alive(vt)) {
		print_error("the program left at: %s\n", line);
		fail();
	}
}

/* One cmocka test, so that a broken invariant ends it with its message. */
static void
run_script(void **state)
{
	struct vt *vt = vt_start(&options);
	char line[4096];

	(void)state;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] && line[0] != '#') {
			command(vt, line);
		}
	}
	vt_free(vt);
}

int
main(int argc, char **argv)
{
	static const char *env[MOST_ENV + 1];
	const struct CMUnitTest tests[] = { cmocka_unit_test(run_script) };
	size_t n_env = 0;
	int option;

	options = (struct vt_options){ .env = env, .rows = 24, .cols = 80 };
	while ((option = getopt(argc, argv, "+s:t:we:")) != -1) {
		if (option == 's') {
			read_size(optarg, &options.rows, &options.cols);
		} else if (option == 't') {
			options.term = optarg;
		} else if (option == 'w') {
			options.ambiguous = 2;
		} else if (option == 'e' && n_env < MOST_ENV) {
			env[n_env++] = optarg;
		} else {
			usage();
		}
	}
	if (optind >= argc) {
		usage();
	}
	options.argv = (const char *const *)(uintptr_t)(argv + optind);
	/* cmocka's own lines go to standard error with everything else it says. */
	return cmocka_run_group_tests_name("script", tests, NULL, NULL) == 0 ? 0 : 1;
}
