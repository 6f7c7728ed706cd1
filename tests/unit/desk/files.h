/* SPDX-License-Identifier: MIT */
/*
 * Files that tests attach, and what became of them.
 */
#ifndef TOBAN_TEST_DESK_FILES_H
#define TOBAN_TEST_DESK_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "fixture.h"

extern const char files_sha[]; /* SHA-256 of "abc" */
/* Fields that name it, as it was put in; for printf with a hash. */
#define FILES_NAMED "{'file':{'name':'abc.txt','size':3,'sha256':'%s'}}"
#define FILES_LARGE (9 * 1024 * 1024) /* more than two pieces */

void files_write(const char *path, const char *text);

/* Where the desk keeps "abc", and whether it does. */
void files_kept(const struct fixture *f, char *out, size_t size);
bool files_is_kept(const struct fixture *f);

/* A descriptor for a new file of that content in the fixture's folder. */
int files_source(const struct fixture *f, const char *text);

/* One for reading and writing, of a sparse file of that size. */
int files_large(const struct fixture *f, off_t size);

/* evidence.put of that content, or of the descriptor: its first answer. */
json_t *files_put(struct fixture *f, const char *person, const char *name, const char *text);
json_t *files_begin(struct fixture *f, const char *person, int fd);

/* Puts "abc" in and attaches it; gives the entry's number. */
int64_t files_attach(struct fixture *f, const char *person, const char *id);

/* The first attached file of 26-0001, as `person` sees it; its document is *ret_show. */
const json_t *files_shown(struct fixture *f, const char *person, json_t **ret_show);

/* How many entries of that kind its custody has. */
size_t files_custody(struct fixture *f, const char *kind);

/* A method of one attached file of 26-0001. */
json_t *files_call(struct fixture *f, const char *person, const char *method, int64_t seq);

#endif
