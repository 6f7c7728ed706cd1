/* SPDX-License-Identifier: MIT */
/*
 * Ends in a file that only grows: see witness.h.
 */
#include "witness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/log.h"

#define TAIL 2048 /* more than any line has */

/* Whether the file ends with this line, and whether it ends with a line at all. */
static void
look_at_end(int fd, const char *line, bool *ret_same, bool *ret_cut)
{
	char tail[TAIL + 1];
	size_t want = strlen(line) + 1;
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > TAIL ? size - TAIL : 0;
	ssize_t n = size > 0 ? pread(fd, tail, (size_t)(size - from), from) : 0;

	*ret_cut = n > 0 && tail[n - 1] != '\n';
	*ret_same = n >= (ssize_t)want && !*ret_cut &&
		memcmp(tail + (size_t)n - want, line, want - 1) == 0 &&
		(n == (ssize_t)want || tail[(size_t)n - want - 1] == '\n');
}

static const char *
append(int fd, const char *line)
{
	bool same;
	bool cut;

	look_at_end(fd, line, &same, &cut);
	if (same) {
		return NULL; /* it was killed between this and saying so */
	}
	/* A line of which only a part was written ends here. */
	if ((cut && fd_write_all(fd, "\n", 1)) || fd_write_all(fd, line, strlen(line)) ||
		fd_write_all(fd, "\n", 1)) {
		return "the file cannot be written";
	}
	return fsync(fd) == 0 ? NULL : "the file cannot be synced";
}

const char *
witness_append(const char *path, const char *line)
{
	int fd = open(path,
		O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0640);
	struct stat st;
	const char *why = "the file cannot be opened";

	if (fd < 0) {
		log_line(LOG_WARNING, "witness file %s: %s", path, strerror(errno));
		return why;
	}
	why = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? append(fd, line)
							 : "it is no ordinary file";
	(void)close(fd); /* what counts was synced */
	if (why) {
		log_line(LOG_WARNING, "witness file %s: %s", path, why);
	}
	return why;
}
