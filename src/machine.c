/* SPDX-License-Identifier: MIT */
/*
 * Which start of the machine its uptime counts from: the kernel says so, and a
 * container may count from a moment of its own.
 */
#include "machine.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/fd.h"
#include "toban/base/hash.h"

#define ID_SIZE 64

/* One short text of the kernel's; false when it is not to be had. */
static bool
read_id(const char *path, char out[ID_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;

	if (fd < 0) {
		return false;
	}
	bool ok = fd_read_all(fd, out, ID_SIZE - 1, &len) == ERR_OK && len > 0;
	(void)close(fd); /* only read */
	out[len] = '\0';
	return ok;
}

void
machine_init(struct machine *machine, struct clock wall, bool standing)
{
	char text[2 * ID_SIZE + 1];
	char boot[ID_SIZE];
	char space[ID_SIZE];
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	*machine = (struct machine){ .wall = wall };
	if (standing || !read_id("/proc/sys/kernel/random/boot_id", boot)) {
		return;
	}
	ssize_t len = readlink("/proc/self/ns/time", space, sizeof(space) - 1);
	space[len > 0 ? len : 0] = '\0'; /* an old kernel has one time for all */
	(void)snprintf(text, sizeof(text), "%s %s", boot, space);
	hash_of(text, strlen(text), &hash);
	hash_hex(&hash, hex);
	(void)snprintf(machine->boot, sizeof(machine->boot), "%.*s", MACHINE_BOOT_SIZE - 1, hex);
}

struct clock_reading
machine_read(const struct machine *machine)
{
	return (struct clock_reading){
		.wall = clock_now(&machine->wall),
		.uptime_ms = clock_uptime_ms(),
		.boot = machine->boot,
	};
}
