/* SPDX-License-Identifier: MIT */
/*
 * A library to preload that lets the Nth request for memory fail.
 *
 *     MEMFAULT=once:N  that one       MEMFAULT=ever:N  that one and all after it
 *
 * Counted is what the program itself asks for, and the libraries that work on its data; not what
 * the C library, the terminal library and the network library want for themselves.
 * At a regular end the number of requests is written to the file MEMFAULT_OUT, and behind it, where
 * MEMFAULT_PATHS is set, which of them were the first of their path (the functions they came by),
 * with a number for the path that is the same in every run without random addresses.
 *
 * Before a program with AddressSanitizer it stands in front of that one's malloc(), which must be
 * told not to mind (ASAN_OPTIONS=verify_asan_link_order=0).
 */
#include <errno.h>
#include <execinfo.h>
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

/* And the sanitizer, where there is one. */
__attribute__((weak)) void *__interceptor_malloc(size_t size);
__attribute__((weak)) void *__interceptor_calloc(size_t n, size_t size);
__attribute__((weak)) void *__interceptor_realloc(void *old, size_t size);

#define RANGES_MOST 8
#define PATHS_MOST 65536 /* a power of two; half of it is enough for a table */
#define FRAMES_MOST 14

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
	bool paths;
	bool looking; /* what looking at a path wants for itself is no request */
} fault;

/* By the hash of the path; 0: free. */
static struct {
	uint64_t hash;
	long first;
} paths[PATHS_MOST];

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
	if (getenv("MEMFAULT_PATHS") != NULL) {
		void *frames[1];

		(void)backtrace(frames, 1); /* loads what it needs before anything is counted */
		fault.paths = true;
	}
}

/* Notes the request in hand if nothing came by its path before. */
static void
note_path(void)
{
	void *frames[FRAMES_MOST];
	uint64_t hash = UINT64_C(14695981039346656037);
	int n;

	fault.looking = true;
	n = backtrace(frames, FRAMES_MOST);
	fault.looking = false;
	for (int i = 0; i < n; i++) {
		hash = (hash ^ (uintptr_t)frames[i]) * UINT64_C(1099511628211);
	}
	hash += hash == 0;
	for (size_t at = hash % PATHS_MOST, tries = 0; tries < PATHS_MOST;
		at = (at + 1) % PATHS_MOST, tries++) {
		if (paths[at].hash == hash) {
			return;
		}
		if (paths[at].hash == 0) {
			paths[at].hash = hash;
			paths[at].first = fault.count;
			return;
		}
	}
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("MEMFAULT_OUT");
	int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd >= 0) {
		(void)dprintf(fd, "%ld\n", fault.count); /* the test looks whether it is there */
		for (size_t i = 0; i < PATHS_MOST; i++) {
			if (paths[i].hash != 0) {
				(void)dprintf(fd, "%ld %llx\n", paths[i].first,
					(unsigned long long)paths[i].hash);
			}
		}
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
			if (fault.looking) {
				return false;
			}
			fault.count++;
			if (fault.paths) {
				note_path();
			}
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

static void *
take(size_t size)
{
	return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *
malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : take(size);
}

void *
calloc(size_t n, size_t size)
{
	if (fails(__builtin_return_address(0))) {
		return NULL;
	}
	return __interceptor_calloc ? __interceptor_calloc(n, size) : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	if (fails(__builtin_return_address(0))) {
		return NULL;
	}
	return __interceptor_realloc ? __interceptor_realloc(old, size)
				     : __libc_realloc(old, size);
}

/* Else the C library would seem to ask. */
char *
strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = fails(__builtin_return_address(0)) ? NULL : take(size);

	return copy == NULL ? NULL : memcpy(copy, text, size);
}

char *
strndup(const char *text, size_t most)
{
	size_t len = strnlen(text, most);
	char *copy = fails(__builtin_return_address(0)) ? NULL : take(len + 1);

	if (copy != NULL) {
		(void)memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}
