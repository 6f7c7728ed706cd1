/* SPDX-License-Identifier: MIT */
/*
 * The folder of an exported package: files that are written once, each with its hash in the
 * manifest.
 */
#ifndef TOBAN_CLI_PACKAGE_H
#define TOBAN_CLI_PACKAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "command.h"
#include "toban/base/hash.h"

/* A folder while it is filled. */
struct package {
	int dir;             /* descriptor of the folder, -1: none */
	struct str manifest; /* lines of sha256sum */
	bool failed;         /* something could not be written: the folder is worth nothing */
};

/* One file while it is written. */
struct package_file {
	struct package *package;
	const char *name; /* borrowed */
	FILE *stream;     /* NULL: it could not be opened */
	struct hash_stream *hash;
};

/*
 * Makes the folder, which must not be there yet, and its inner ones.  ERR_EXISTS; ERR_IO.
 * Release it whatever comes of it.
 */
enum err package_make(struct package *package, const char *path);
void package_release(struct package *package);

/* A file of a fixed or numbered name; failures are kept in package->failed. */
void package_open(struct package *package, const char *name, struct package_file *ret_file);
void package_add(struct package_file *file, const void *data, size_t len);
void package_close(struct package_file *file);
/* All of it at once. */
void package_write(struct package *package, const char *name, const void *data, size_t len);

/* The manifest and its hash: nothing can be added afterwards.  ERR_IO when anything failed. */
enum err package_finish(struct package *package);

/*
 * What may stand of an entry where personal data are to be left out: the entry without its body
 * but for state, signature and the fields that are no text.  A new reference.
 */
json_t *package_masked(struct cli *cli, json_t *event, json_t *forms);

/* `export --format package`: the exit status. */
int package_export(struct cli *cli, const char *path, bool mask);

#endif
