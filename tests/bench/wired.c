/* SPDX-License-Identifier: MIT */
/*
 * A service with desks at its socket.
 */
#include "wired.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MOST 16
#define START_MS 60000

extern char **environ;

static void
check(bool well, const char *what)
{
	if (!well) {
		fprintf(stderr, "%s: %s\n", what, strerror(errno));
		exit(1);
	}
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the service ---------------------------------------------------------------------- */

static pid_t
start(const struct wired *w, const char *const *words)
{
	const char *program = getenv("TOBAN");
	char *argv[WORDS_MOST] = { (char *)(uintptr_t)program, (char *)(uintptr_t) "--desk",
		(char *)(uintptr_t)w->desk };
	posix_spawn_file_actions_t actions;
	char log[128];
	pid_t pid = 0;

	check(program != NULL, "TOBAN");
	for (int i = 0; words[i] && i + 4 < WORDS_MOST; i++) {
		argv[i + 3] = (char *)(uintptr_t)words[i];
	}
	(void)snprintf(log, sizeof(log), "%s/log", w->dir);
	check(posix_spawn_file_actions_init(&actions) == 0, "spawn");
	(void)posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(
		&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	(void)posix_spawn_file_actions_addopen(
		&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	check(posix_spawn(&pid, program, &actions, NULL, argv, environ) == 0, program);
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

int
wired_run(const struct wired *w, const char *const *words)
{
	pid_t pid = start(w, words);
	int status = 0;

	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
wired_start(struct wired *w)
{
	static const char *const init[] = { "init", "--example", NULL };
	const char *tmp = getenv("TMPDIR");

	*w = (struct wired){ 0 };
	(void)snprintf(w->dir, sizeof(w->dir), "%.40s/toban-wired-XXXXXX", tmp ? tmp : "/tmp");
	check(mkdtemp(w->dir) != NULL, "mkdtemp");
	(void)snprintf(w->desk, sizeof(w->desk), "%s/desk.db", w->dir);
	(void)snprintf(w->socket, sizeof(w->socket), "%s/socket", w->dir);
	check(wired_run(w, init) == 0, "toban init");
}

static int
dial(const struct wired *w)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, w->socket, strlen(w->socket) + 1);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

void
wired_serve(struct wired *w)
{
	const char *const words[] = { "serve", "--socket", w->socket, NULL };
	int64_t until = now_ms() + START_MS;
	int fd = -1;

	w->pid = start(w, words);
	while (fd < 0 && now_ms() < until) {
		check(waitpid(w->pid, NULL, WNOHANG) == 0, "the service ended");
		(void)poll(NULL, 0, 1);
		fd = dial(w);
	}
	check(fd >= 0, "the service does not listen");
	(void)close(fd);
}

void
wired_end(struct wired *w, int signal)
{
	if (w->pid > 0) {
		(void)kill(w->pid, signal);
		(void)waitpid(w->pid, NULL, 0);
	}
	w->pid = 0;
}

void
wired_stop(struct wired *w)
{
	pid_t pid = 0;
	char rm[] = "rm";
	char how[] = "-rf";
	char *argv[] = { rm, how, w->dir, NULL };

	wired_end(w, SIGTERM);
	if (posix_spawnp(&pid, rm, NULL, NULL, argv, environ) == 0) {
		(void)waitpid(pid, NULL, 0);
	}
}

/* --- frames ----------------------------------------------------------------------------- */

bool
wired_send(struct wired_desk *desk, const char *json)
{
	size_t len = strlen(json);
	char frame[4096];

	check(len + 4 <= sizeof(frame), "a long document");
	frame[0] = (char)(len >> 24);
	frame[1] = (char)(len >> 16);
	frame[2] = (char)(len >> 8);
	frame[3] = (char)len;
	memcpy(frame + 4, json, len);
	return send(desk->fd, frame, len + 4, MSG_NOSIGNAL) == (ssize_t)(len + 4);
}

/* Moves the first whole frame of `bytes` to `text`. */
static bool
cut(struct wired_desk *desk)
{
	const unsigned char *b = (const unsigned char *)desk->bytes;
	size_t n;

	if (desk->len < 4) {
		return false;
	}
	n = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
	if (desk->len < 4 + n) {
		return false;
	}
	free(desk->text);
	desk->text = strndup(desk->bytes + 4, n);
	check(desk->text != NULL, "memory");
	memmove(desk->bytes, desk->bytes + 4 + n, desk->len - 4 - n);
	desk->len -= 4 + n;
	return true;
}

bool
wired_take(struct wired_desk *desk)
{
	ssize_t got;

	if (cut(desk)) {
		return true;
	}
	if (desk->cap - desk->len < 65536) {
		desk->cap += 131072;
		desk->bytes = realloc(desk->bytes, desk->cap);
		check(desk->bytes != NULL, "memory");
	}
	got = recv(desk->fd, desk->bytes + desk->len, desk->cap - desk->len, MSG_DONTWAIT);
	if (got > 0) {
		desk->len += (size_t)got;
	}
	return cut(desk);
}

bool
wired_answer(struct wired_desk *desk, int ms)
{
	int64_t until = now_ms() + ms;
	struct pollfd one = { .fd = desk->fd, .events = POLLIN };

	for (;;) {
		char byte;
		int64_t left = until - now_ms();

		while (wired_take(desk)) {
			if (strncmp(desk->text, "{\"changed\"", 10) != 0) {
				return true;
			}
		}
		if (left <= 0 || poll(&one, 1, (int)left) <= 0 ||
			recv(desk->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0 ||
			one.revents & POLLERR) {
			return false;
		}
	}
}

bool
wired_open(const struct wired *w, const char *person, struct wired_desk *ret_desk)
{
	char hello[200];

	*ret_desk = (struct wired_desk){ .fd = dial(w) };
	(void)snprintf(hello, sizeof(hello),
		"{\"hello\":{\"protocol\":1,\"lang\":\"en\",\"as\":\"%s\"}}", person);
	if (ret_desk->fd >= 0 && wired_send(ret_desk, hello) && wired_answer(ret_desk, 60000) &&
		strstr(ret_desk->text, "\"welcome\"")) {
		return true;
	}
	wired_close(ret_desk);
	return false;
}

void
wired_close(struct wired_desk *desk)
{
	if (desk->fd >= 0) {
		(void)close(desk->fd);
	}
	free(desk->bytes);
	free(desk->text);
	*desk = (struct wired_desk){ .fd = -1 };
}

bool
wired_report(struct wired_desk *desk, char id[16])
{
	const char *at;

	if (!wired_send(desk,
		    "{\"id\":0,\"method\":\"incident.report\",\"args\":{\"fields\":{"
		    "\"title\":\"Power\",\"situation\":\"Rack 12 is dark.\","
		    "\"contact\":\"100\",\"answers\":{\"service-disruption\":\"yes\"}}}}") ||
		!wired_answer(desk, 60000)) {
		return false;
	}
	/* The id of the case, not that of the request, is the one that is a text. */
	for (at = strstr(desk->text, "\"id\""); at; at = strstr(at + 4, "\"id\"")) {
		if (sscanf(at, "\"id\":\"%15[^\"]\"", id) == 1 ||
			sscanf(at, "\"id\": \"%15[^\"]\"", id) == 1) {
			return true;
		}
	}
	fprintf(stderr, "not reported: %s\n", desk->text);
	return false;
}
