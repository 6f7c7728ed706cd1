/* SPDX-License-Identifier: MIT */
/*
 * The desk on the terminal, with the sender at its side.
 */
#ifndef TOBAN_SCREEN_H
#define TOBAN_SCREEN_H

#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/cli/cli.h"
#include "toban/wire/client.h"
#include "desk_file.h"

/* What the screen is made of. */
struct screen_parts {
	struct desk_file *file;     /* NULL: the desk is at a socket */
	struct wire_client *client; /* that one */
	struct clock clock;
	struct door *door; /* exchanged when another person takes the seat */
	struct arena *arena;
	bool named;                  /* --as said who sits down */
	const char *locked;          /* why nobody does, from who sat before; NULL: not known */
	bool lang_named;             /* --lang said which language to speak */
	const char *keymap_path;     /* of the chosen keys; NULL: none */
	struct str *keymap;          /* its text, without faults */
	const struct signer *signer; /* the keys of whoever sits here */
	struct waiting *waiting;     /* told while door or signer wait */
	struct waiting *stop;        /* what the client tells; it hears there that they gave up */
	bool read_only;              /* the desk writes nothing of the record */
	bool ascii;                  /* --ascii */
	enum cli_color color;
};

/*
 * Runs the screen until the person leaves.  ERR_UNSUPPORTED: this terminal
 * cannot position a cursor, use the line mode.  ERR_DENIED: a shared console was locked, run
 * it again.  The door stays open in any case.
 */
enum err screen_run(const struct screen_parts *parts);

#endif
