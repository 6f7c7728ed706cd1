/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/helper_process.c.  Called with arguments this program is the
 * helper: it waits for the end of the pipe as the real one does.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "helper_process.h"
#include "toban/base/log.h"

static struct helper_process
helper(void)
{
	return (struct helper_process){ .program = "/proc/self/exe", .desk = "desk.db" };
}

/* Waits for the end of a child without taking it: that is what is tested. */
static void
wait_for_end(pid_t pid)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0) {
		assert_int_equal(errno, EINTR);
	}
}

static void
keep__running__is_left_alone(void **state)
{
	struct helper_process process = helper();

	(void)state;
	helper_process_keep(&process);
	pid_t pid = process.pid;
	assert_int_not_equal(pid, 0);
	helper_process_keep(&process);
	assert_int_equal(process.pid, pid);
	helper_process_stop(&process);
	helper_process_wait(&process);
	assert_int_equal(process.pid, 0);
}

static void
keep__died__starts_another_and_leaves_no_zombie(void **state)
{
	struct helper_process process = helper();

	(void)state;
	helper_process_keep(&process);
	pid_t first = process.pid;
	assert_int_equal(kill(first, SIGKILL), 0);
	wait_for_end(first);
	helper_process_keep(&process);
	assert_int_not_equal(process.pid, 0);
	assert_int_equal(waitpid(first, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	helper_process_stop(&process);
	helper_process_wait(&process);
}

/* What is typed at the terminal goes to the screen's group of processes. */
static void
keep__signals__are_the_helpers_own(void **state)
{
	struct helper_process process = helper();
	sigset_t term;
	sigset_t before;
	int status = 0;

	(void)state;
	assert_int_equal(sigemptyset(&term), 0);
	assert_int_equal(sigaddset(&term, SIGTERM), 0);
	assert_int_equal(sigprocmask(SIG_BLOCK, &term, &before), 0);
	helper_process_keep(&process);
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
	assert_int_equal(getpgid(process.pid), process.pid);
	assert_int_equal(kill(process.pid, SIGTERM), 0);
	assert_int_equal(waitpid(process.pid, &status, 0), process.pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_int_equal(close(process.stop_fd), 0);
}

/* What it is to do stands between the desk and the end of the pipe. */
static void
keep__with_a_command__passes_it_on(void **state)
{
	struct helper_process process = helper();
	int status = 0;

	(void)state;
	process.command = "serve";
	helper_process_keep(&process);
	pid_t pid = process.pid;
	assert_int_equal(close(process.stop_fd), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 40);
}

static void
keep__no_such_program__leaves_none(void **state)
{
	struct helper_process process = { .program = "/nowhere/toban-sender", .desk = "desk.db" };

	(void)state;
	helper_process_keep(&process);
	assert_int_equal(process.pid, 0);
	helper_process_stop(&process);
	helper_process_wait(&process);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keep__running__is_left_alone),
		cmocka_unit_test(keep__died__starts_another_and_leaves_no_zombie),
		cmocka_unit_test(keep__signals__are_the_helpers_own),
		cmocka_unit_test(keep__with_a_command__passes_it_on),
		cmocka_unit_test(keep__no_such_program__leaves_none),
	};
	char byte;

	if (argc >= 5 && strcmp(argv[argc - 2], "--stop-fd") == 0 &&
		strcmp(argv[argc - 1], "3") == 0) {
		int ended = read(3, &byte, 1) == 0 ? 0 : 1;

		return argc == 6 && strcmp(argv[3], "serve") == 0 ? 40 : ended;
	}
	log_start(NULL, LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
