/* SPDX-License-Identifier: MIT */
/*
 * A library to preload that lets the Nth request for memory fail.
 *
 *     MEMFAULT=once:N  that one       MEMFAULT=ever:N  that one and all after it
 *
 * Counted is what the program itself asks for, and the libraries that work on its data; not what
 * the C library, the terminal library and the network library want for themselves.
 * At a regular end the number of requests is written to the file MEMFAULT_OUT.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What glibc calls its own by names that nobody else takes. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

#define RANGES_MOST 8

struct range {
	uintptr_t from;
	uintptr_t until;
};

static struct {
	long point;
	bool ever;
	long count;
	struct range ranges[RANGES_MOST];
	size_t n;
} fault;

static const char *const counted[] = { "libsqlite3", "libjansson", "libunistring", "libnettle",
	"libsodium" };

/* The program has no name of its own in the list. */
static bool
is_counted(const char *name)
{
	bool is = name[0] == '\0';

	for (size_t i = 0; !is && i < sizeof(counted) / sizeof(counted[0]); i++) {
		is = strstr(name, counted[i]) != NULL;
	}
	return is;
}

static int
note_object(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	(void)ctx;
	for (size_t i = 0; is_counted(info->dlpi_name) && i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0 &&
			fault.n < RANGES_MOST) {
			uintptr_t from = info->dlpi_addr + part->p_vaddr;

			fault.ranges[fault.n++] =
				(struct range){ .from = from, .until = from + part->p_memsz };
		}
	}
	return 0;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *wish = getenv("MEMFAULT");
	const char *colon = wish == NULL ? NULL : strchr(wish, ':');

	(void)dl_iterate_phdr(note_object, NULL);
	if (colon != NULL) {
		fault.ever = strncmp(wish, "ever", 4) == 0;
		fault.point = strtol(colon + 1, NULL, 10);
	}
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("MEMFAULT_OUT");
	int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd >= 0) {
		(void)dprintf(fd, "%ld\n", fault.count); /* the test looks whether it is there */
		(void)close(fd);
	}
}

/* Whether a request from there must fail. */
static bool
fails(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;

	for (size_t i = 0; i < fault.n; i++) {
		if (at >= fault.ranges[i].from && at < fault.ranges[i].until) {
			fault.count++;
			if (fault.point > 0 &&
				(fault.count == fault.point ||
					(fault.ever && fault.count > fault.point))) {
				errno = ENOMEM;
				return true;
			}
			return false;
		}
	}
	return false;
}

void *
malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

/* Else the C library would seem to ask. */
char *
strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);

	return copy == NULL ? NULL : memcpy(copy, text, size);
}

char *
strndup(const char *text, size_t most)
{
	size_t len = strnlen(text, most);
	char *copy = fails(__builtin_return_address(0)) ? NULL : __libc_malloc(len + 1);

	if (copy != NULL) {
		(void)memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}
