/* SPDX-License-Identifier: MIT */
/*
 * Feeds the files of folders to a fuzz target, once each: what was found once stays found,
 * also where there is no fuzzer.
 *
 *     fuzz_NAME FOLDER...
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { PATH_MOST = 4096, FILE_MOST = 1 << 22 };

static uint8_t bytes[FILE_MOST];

static int
feed_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t n;
	uint8_t *exact;

	if (!file) {
		perror(path);
		return -1;
	}
	n = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);        /* only read */
	exact = malloc(n ? n : 1); /* so that a sanitizer sees one byte too many */
	if (!exact) {
		return -1;
	}
	memcpy(exact, bytes, n);
	(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

/* How many files were fed; -1 after a complaint. */
static int
feed_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[PATH_MOST];
	int fed = 0;

	if (!dir) {
		perror(folder);
		return -1;
	}
	while (fed >= 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.') {
			continue;
		}
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		fed = feed_file(path) == 0 ? fed + 1 : -1;
	}
	(void)closedir(dir);
	return fed;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int fed = feed_folder(argv[i]);

		if (fed <= 0) {
			(void)fprintf(stderr, "%s: nothing to feed\n", argv[i]);
			return 1;
		}
		printf("%s: %d\n", argv[i], fed);
	}
	return argc > 1 ? 0 : 2;
}
