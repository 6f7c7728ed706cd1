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

/*
 * The manifest and its hash, in hexadecimal: nothing can be added afterwards but what stands
 * beside the manifest.  ERR_IO when anything failed.
 */
enum err package_finish(struct package *package, char ret_manifest[HASH_HEX_SIZE]);

/*
 * What may stand of an entry where personal data are to be left out: the entry without its body
 * but for state, signature and the fields that are no text.  A new reference.
 */
json_t *package_masked(struct cli *cli, json_t *event, json_t *forms);

/* What is exported. */
struct package_scope {
	const char *id;   /* NULL: the whole ledger */
	bool mask;        /* without what people typed */
	bool is_unsigned; /* the desk is not asked for its signature */
	json_int_t head;  /* newest entry of the ledger when the export began */
	json_int_t last;  /* newest entry that is in it; 0: not known yet */
};

#define PACKAGE_KEY_SIZE 64

/*
 * The desk's part (package_seal.c).  `start` sees to it that the desk has its key, whose entry is
 * then part of what is exported; `parts` writes whose keys sign and the ends that went out;
 * `finish` has the manifest signed, and tells with which key ("": unsigned).  Every fault was
 * printed.
 */
int package_seal_start(struct cli *cli, struct package_scope *scope);
int package_seal_parts(struct cli *cli, struct package *package, const struct package_scope *scope);
int package_seal_finish(struct cli *cli, struct package *package, const struct package_scope *scope,
	const char *manifest, char ret_key[PACKAGE_KEY_SIZE]);

/* Copies of the attached files, each recorded as taken (package_evidence.c). */
int package_evidence(struct cli *cli, struct package *package, const struct package_scope *scope);

/* `export --format package`: the exit status. */
int package_export(struct cli *cli, const char *path);

#endif
