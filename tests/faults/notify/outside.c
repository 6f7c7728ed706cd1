/* SPDX-License-Identifier: MIT */
/*
 * A library to preload: it plays what lies outside the program under test.
 *
 *     OUTSIDE_NAMES="NAME=ADDRESS,ADDRESS;NAME=…"  what name servers say; no other name exists
 *     OUTSIDE_ROOTS=FILE   stands in the place of the machine's trusted certificates
 *     OUTSIDE_LOG=FILE     gets the address of every connection that is tried, one a line
 *
 * A connection that would leave the machine is refused here: tests send nothing.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Looks the real function up; dlsym() gives an object pointer, POSIX says what it is. */
#define REAL(type, name)                                                                           \
	type real;                                                                                 \
	void *found = dlsym(RTLD_NEXT, name);                                                      \
	memcpy(&real, &found, sizeof(real))

typedef int (*getaddrinfo_fn)(
	const char *, const char *, const struct addrinfo *, struct addrinfo **);
typedef int (*connect_fn)(int, const struct sockaddr *, socklen_t);
typedef FILE *(*fopen_fn)(const char *, const char *);

/* --- names --------------------------------------------------------------------------- */

/* What stands behind "NAME=" in OUTSIDE_NAMES; NULL when there is no such name. */
static const char *
answer_for(const char *name)
{
	const char *entry = getenv("OUTSIDE_NAMES");
	size_t len = strlen(name);

	while (entry != NULL && *entry != '\0') {
		if (strncmp(entry, name, len) == 0 && entry[len] == '=') {
			return entry + len + 1;
		}
		entry = strchr(entry, ';');
		entry += entry != NULL;
	}
	return NULL;
}

static bool
is_number(const char *name)
{
	struct in6_addr address;

	return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
	struct addrinfo **ret_list)
{
	REAL(getaddrinfo_fn, "getaddrinfo");
	struct addrinfo *first = NULL;
	struct addrinfo **end = &first;
	const char *address = name != NULL && !is_number(name) ? answer_for(name) : NULL;

	if (getenv("OUTSIDE_NAMES") == NULL || name == NULL || is_number(name)) {
		return real(name, service, hints, ret_list);
	}
	while (address != NULL && *address != '\0' && *address != ';') {
		size_t len = strcspn(address, ",;");
		char *one = strndup(address, len);

		if (one == NULL || real(one, service, hints, end) != 0) {
			free(one);
			break;
		}
		free(one);
		while (*end != NULL) {
			end = &(*end)->ai_next;
		}
		address += len + (address[len] == ',');
	}
	*ret_list = first;
	return first != NULL ? 0 : EAI_NONAME;
}

/* --- connections --------------------------------------------------------------------- */

static void
note(const char *address)
{
	const char *path = getenv("OUTSIDE_LOG");
	FILE *log = path != NULL ? fopen(path, "ae") : NULL;

	if (log != NULL) {
		(void)fprintf(log, "%s\n", address);
		(void)fclose(log);
	}
}

/* Under its own name here: glibc declares the other with a union that ISO C does not know. */
int outside_connect(int fd, const struct sockaddr *address, socklen_t len) __asm__("connect");

int
outside_connect(int fd, const struct sockaddr *address, socklen_t len)
{
	REAL(connect_fn, "connect");
	struct sockaddr_in in;
	char text[INET_ADDRSTRLEN] = "other";

	if (address->sa_family == AF_UNIX) {
		return real(fd, address, len);
	}
	if (address->sa_family == AF_INET && len >= sizeof(in)) {
		memcpy(&in, address, sizeof(in));
		(void)inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text)); /* it has room */
	}
	note(text);
	if (strncmp(text, "127.", strlen("127.")) != 0) {
		errno = ECONNREFUSED;
		return -1;
	}
	return real(fd, address, len);
}

/* --- trusted certificates -------------------------------------------------------------- */

static FILE *
open_instead(const char *function, const char *path, const char *mode)
{
	REAL(fopen_fn, function);
	const char *roots = getenv("OUTSIDE_ROOTS");
	bool trusted = strstr(path, "/ca-certificates.crt") != NULL;

	return real(roots != NULL && trusted ? roots : path, mode);
}

FILE *
fopen(const char *path, const char *mode)
{
	return open_instead("fopen", path, mode);
}

FILE *
fopen64(const char *path, const char *mode)
{
	return open_instead("fopen64", path, mode);
}
