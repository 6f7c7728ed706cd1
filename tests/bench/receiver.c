/* SPDX-License-Identifier: MIT */
/*
 * The receiver of the measurements: one process for each connection.
 */
#include "receiver.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

_Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* exists on every Linux */
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.' && unlinkat(dirfd(folder), entry->d_name, 0) != 0) {
			die("unlink");
		}
	}
	if (folder == NULL || closedir(folder) != 0 || rmdir(path) != 0) {
		die("rmdir");
	}
}

static void
serve(int fd)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char request[16384];
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, request + len, sizeof(request) - 1 - len)) > 0) {
		len += (size_t)n;
		request[len] = '\0';
		/* All bodies here are the same: the request is whole when it ends so. */
		if (len < strlen(BODY) || strcmp(request + len - strlen(BODY), BODY) != 0) {
			continue;
		}
		len = 0;
		(void)usleep(ANSWER_US);
		if (write(fd, answer, strlen(answer)) < 0) {
			return;
		}
	}
}

pid_t
receiver_start(int *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(server, (struct sockaddr *)&address, len) != 0 || listen(server, 64) != 0 ||
		getsockname(server, (struct sockaddr *)&address, &len) != 0) {
		die("receiver");
	}

	pid_t pid = fork();

	if (pid == 0) {
		const int on = 1;

		(void)setpgid(0, 0);
		(void)signal(SIGCHLD, SIG_IGN); /* nobody waits for the connections */
		for (int fd; (fd = accept(server, NULL, NULL)) >= 0; (void)close(fd)) {
			(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			if (fork() == 0) {
				serve(fd);
				_exit(0);
			}
		}
		_exit(0);
	}
	(void)setpgid(pid, pid); /* whoever comes first: the group must exist before the kill */
	(void)close(server);
	*ret_port = ntohs(address.sin_port);
	return pid;
}
