/* SPDX-License-Identifier: MIT */
/*
 * Finding one of the definition files the program was built with.
 */
#include "toban/forms.h"

#include <string.h>

const struct def_file *
shipped_find(const char *path)
{
	for (size_t i = 0; i < shipped_files_n; i++) {
		if (strcmp(shipped_files[i].path, path) == 0) {
			return &shipped_files[i];
		}
	}
	return NULL;
}
