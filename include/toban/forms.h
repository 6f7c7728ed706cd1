/* SPDX-License-Identifier: MIT */
/*
 * The definition files this program was built with.  A site's own files take
 * their place at run time (procedure_load()).
 */
#ifndef TOBAN_FORMS_H
#define TOBAN_FORMS_H

#include <stddef.h>

#include "toban/core/procedure.h"

/* Sorted by path; the bytes live as long as the program and end in a NUL not counted in len. */
extern const struct def_file shipped_files[];
extern const size_t shipped_files_n;

/* The file of that path, e.g. "org/example.ini"; NULL when there is none. */
const struct def_file *shipped_find(const char *path);

#endif
