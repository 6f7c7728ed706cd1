/* SPDX-License-Identifier: MIT */
/*
 * A signing filter for sign_random.py: four lines in (secret, id, timestamp,
 * body), one line out (the signature), until the end of the input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/hash.h"
#include "toban/notify/notify.h"

static bool
read_line(char **line, size_t *size)
{
	ssize_t len = getline(line, size, stdin);

	if (len <= 0) {
		return false;
	}
	(*line)[strcspn(*line, "\n")] = '\0';
	return true;
}

int
main(void)
{
	char *lines[4] = { NULL };
	size_t sizes[4] = { 0 };
	int status = hash_start() == ERR_OK ? 0 : 1;

	while (status == 0 && read_line(&lines[0], &sizes[0])) {
		struct str signature = STR_INIT;

		for (size_t i = 1; i < 4; i++) {
			if (!read_line(&lines[i], &sizes[i])) {
				return 1;
			}
		}
		if (sign_message(lines[0], lines[1], strtoll(lines[2], NULL, 10), lines[3],
			    &signature) != ERR_OK) {
			status = 1;
		}
		(void)puts(str_text(&signature));
		str_release(&signature);
	}
	for (size_t i = 0; i < 4; i++) {
		free(lines[i]);
	}
	return status;
}
