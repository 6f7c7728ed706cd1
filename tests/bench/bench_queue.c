/* SPDX-License-Identifier: MIT */
/*
 * What somebody at a desk notices of 10,000 messages that wait: from the key to the last
 * byte of the repaint, and from the letter to its echo in a form, with nothing to send and
 * while the sender drains the queue to receivers that take a millisecond each.
 *
 *     bench_queue SENDER      TOBAN: the program
 */
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "many.h"
#include "on_pty.h"
#include "receiver.h"

enum { INCIDENTS = 10000, MESSAGES = 10000, TARGETS = 4, STEPS = 100, QUIET_MS = 20 };

static void
add_targets(struct fixture *f, int port)
{
	for (int i = 0; i < TARGETS; i++) {
		drop(ok_doc(f, "admin", "target.add",
			json_pack("{s:o, s:o, s:b, s:b}", "name", json_sprintf("t%d", i), "url",
				json_sprintf("http://127.0.0.1:%d/", port), "allow_http", 1,
				"allow_private", 1)));
	}
}

static void
fill_queue(struct fixture *f)
{
	static char ids[MESSAGES][24];
	static struct outbox_row rows[MESSAGES];
	static const char *const names[TARGETS] = { "t0", "t1", "t2", "t3" };
	struct store_batch batch = { .outbox = rows, .n_outbox = MESSAGES };

	for (int i = 0; i < MESSAGES; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "msg-%d", i);
		rows[i] = (struct outbox_row){ .id = ids[i],
			.target = names[i % TARGETS],
			.type = "incident.report",
			.subject = "26-0001",
			.body = BODY,
			.created_at = f->now,
			.next_at = f->now,
			.state = "waiting",
			.last_answer = "",
			.changed_at = f->now };
	}
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
}

struct times {
	double step[2]; /* median, p99, in milliseconds */
	double letter[2];
};

static void
press_all(struct pty *pty, const char *const keys[2], double ret_ms[2])
{
	int64_t ns[STEPS];

	for (int i = 0; i < STEPS; i++) {
		ns[i] = pty_press(pty, keys[i % 2], strlen(keys[i % 2]), QUIET_MS).last_ns;
	}
	ret_ms[0] = many_percentile_ms(ns, STEPS, 0.5);
	ret_ms[1] = many_percentile_ms(ns, STEPS, 0.99);
}

static struct times
measure(const struct fixture *f)
{
	static const char *const steps[2] = { "j", "k" };
	static const char *const letters[2] = { "a", "障" };
	const char *const argv[] = { getenv("TOBAN"), "--desk", f->path, "--as", "dc-owner", NULL };
	struct pty pty = pty_start(argv, 24, 80);
	struct times times;

	(void)pty_read(&pty, 300, 5000);
	press_all(&pty, steps, times.step);
	(void)pty_press(&pty, "\r", 1, 200);
	(void)pty_press(&pty, "e", 1, 200);
	press_all(&pty, letters, times.letter);
	pty_stop(&pty);
	return times;
}

static void
say(const char *what, const double alone[2], const double busy[2])
{
	(void)printf("%-24s alone median %.2f ms, p99 %.2f ms; 10,000 queued median %.2f ms, p99 "
		     "%.2f ms; ratio %.2f, %.2f\n",
		what, alone[0], alone[1], busy[0], busy[1], busy[0] / alone[0], busy[1] / alone[1]);
}

static pid_t
start_sender(const struct fixture *f, char *program)
{
	char option[] = "--desk";
	char path[sizeof(f->path)];
	char *arguments[] = { program, option, path, NULL };
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s", f->path);
	assert_int_equal(posix_spawn(&pid, program, NULL, NULL, arguments, environ), 0);
	return pid;
}

int
main(int argc, char **argv)
{
	struct fixture f;
	stamp next = STAMP_NONE;
	int port;

	if (argc != 2 || !getenv("TOBAN")) {
		return 1;
	}

	pid_t receiver = receiver_start(&port);

	/* The sender and its queue alone: no engine beside the screen starts another. */
	assert_int_equal(setenv("TOBAN_ENGINE", "off", 1), 0);
	fixture_start(&f, ON_SQLITE);
	many_fill(&f, INCIDENTS);
	many_stand(&f);
	add_targets(&f, port);
	struct times alone = measure(&f);

	fill_queue(&f);
	pid_t sender = start_sender(&f, argv[1]);
	struct times busy = measure(&f);

	if (store_outbox_next(f.store, &next) != ERR_OK || next == STAMP_NONE) {
		(void)printf("the queue was empty before the end: the figures flatter\n");
	}
	say("step to repaint:", alone.step, busy.step);
	say("letter to echo:", alone.letter, busy.letter);
	(void)kill(sender, SIGKILL);
	(void)waitpid(sender, NULL, 0);
	(void)kill(-receiver, SIGTERM);
	(void)waitpid(receiver, NULL, 0);
	fixture_stop(&f);
	return 0;
}
