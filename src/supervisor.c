/* SPDX-License-Identifier: MIT */
/*
 * The protocol of sd_notify(3), written out: one datagram with lines of text.
 */
#include "supervisor.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "toban/base/log.h"
#include "places.h"

#define USEC_MOST 86400000000LL /* a day: whoever asks for less often need not be told */

/* An abstract name is one whose first byte is NUL; its length counts, not its end. */
static socklen_t
fill_address(struct sockaddr_un *address, const char *name)
{
	size_t len = strlen(name);

	if (len < 2 || len >= sizeof(address->sun_path) || (name[0] != '/' && name[0] != '@')) {
		return 0;
	}
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, name, len);
	if (name[0] == '@') {
		address->sun_path[0] = '\0';
	}
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (name[0] == '/'));
}

void
supervisor_tell(const char *lines)
{
	const char *name = places_environment("NOTIFY_SOCKET");
	struct sockaddr_un address;
	socklen_t len = name ? fill_address(&address, name) : 0;
	int fd;

	if (!name) {
		return;
	}
	fd = len ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	if (fd < 0 || sendto(fd, lines, strlen(lines), MSG_NOSIGNAL,
			      (const struct sockaddr *)&address, len) < 0) {
		log_line(LOG_WARNING, "NOTIFY_SOCKET cannot be told: %s",
			len ? strerror(errno) : "no usable address");
	}
	if (fd >= 0) {
		(void)close(fd); /* a datagram is sent or not by now */
	}
}

int
supervisor_interval_ms(void)
{
	const char *text = places_environment("WATCHDOG_USEC");
	const char *pid = places_environment("WATCHDOG_PID");
	char *end = NULL;
	long long usec;

	/* Meant for another process of the unit when it names one. */
	if (!text || (pid && strtoll(pid, NULL, 10) != (long long)getpid())) {
		return -1;
	}
	errno = 0;
	usec = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || usec <= 0 || usec > USEC_MOST) {
		return -1;
	}
	return usec < 2000 ? 1 : (int)(usec / 2000);
}
