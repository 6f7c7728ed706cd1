/* SPDX-License-Identifier: MIT */
/*
 * A real desk file, and the program on it.
 */
#include "live.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RM_TRIES = 200, WATCHDOG_MS = 10000 };

int
live_run(const char *const *argv, struct str *out)
{
	int ends[2];
	int status = -1;
	char bytes[4096];
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(ends[1]);
	while ((n = read(ends[0], bytes, sizeof(bytes))) > 0) {
		str_add_n(out, bytes, (size_t)n);
	}
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void
live_call(const struct desk *desk, const char *method, const char *args, struct str *out)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"call", method, args, NULL };

	assert_int_equal(live_run(argv, out), 0);
}

int
live_setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	struct str out = STR_INIT;

	assert_non_null(desk);
	snprintf(desk->dir, sizeof(desk->dir), "/tmp/toban-draft-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	snprintf(desk->path, sizeof(desk->path), "%s/desk.db", desk->dir);
	snprintf(desk->run_dir, sizeof(desk->run_dir), "XDG_RUNTIME_DIR=%s/run", desk->dir);
	snprintf(desk->state_dir, sizeof(desk->state_dir), "XDG_STATE_HOME=%s/state", desk->dir);
	assert_int_equal(mkdir(strchr(desk->run_dir, '=') + 1, 0700), 0);
	{
		const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "init", "--example",
			NULL };

		assert_int_equal(live_run(argv, &out), 0);
	}
	str_release(&out);
	*state = desk;
	return 0;
}

int
live_teardown(void **state)
{
	struct desk *desk = *state;
	const char *argv[] = { "/bin/rm", "-rf", desk->dir, NULL };
	struct str out = STR_INIT;
	int tries = 0;

	/* A sender that is just leaving may still put a file there. */
	while (live_run(argv, &out) != 0) {
		assert_true(++tries < RM_TRIES);
	}
	str_release(&out);
	free(desk);
	return 0;
}

struct vt *
live_start(const struct desk *desk, const char *person)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", person, "--lang",
		"en", NULL };
	const char *env[] = { "TOBAN_AMBIGUOUS=1", desk->run_dir, desk->state_dir, NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

/* Whether the command line of a process is that of an engine or a sender of the desk. */
static bool
is_sender(const char *pid, const struct desk *desk)
{
	char path[64];
	char words[512] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return false;
	}
	n = read(fd, words, sizeof(words) - 1);
	(void)close(fd); /* only read */
	return n > 0 && strstr(words, "toban") &&
		memmem(words, (size_t)n, desk->path, strlen(desk->path));
}

static void
await_end(pid_t pid)
{
	struct pollfd fd = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };

	if (fd.fd < 0) {
		return; /* it has left already */
	}
	if (poll(&fd, 1, WATCHDOG_MS) != 1) {
		print_error("the engine or sender %d did not leave\n", (int)pid);
		fail();
	}
	(void)close(fd.fd); /* only polled */
}

void
live_expect_no_sender(const struct desk *desk)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;

	assert_non_null(proc);
	while ((entry = readdir(proc)) != NULL) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
			is_sender(entry->d_name, desk)) {
			await_end((pid_t)strtol(entry->d_name, NULL, 10));
		}
	}
	(void)closedir(proc); /* only read */
}

struct vt *
live_report(const struct desk *desk)
{
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	return vt;
}

void
live_paste(struct vt *vt, int n)
{
	struct str text = STR_INIT;

	for (int i = 0; i < 25; i++) {
		str_addf(&text, "log %d line %d\n", n, i);
	}
	vt_paste(vt, str_text(&text));
	str_release(&text);
}

int
live_kept_pastes(const struct desk *desk)
{
	char path[160];
	DIR *dir;
	const struct dirent *entry;
	int n = 0;

	snprintf(path, sizeof(path), "%s/state/toban", desk->dir);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		n += strncmp(entry->d_name, "toban-paste-", 12) == 0;
	}
	(void)closedir(dir);
	return n;
}
