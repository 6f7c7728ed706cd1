/* SPDX-License-Identifier: MIT */
/*
 * What a desk and an urgent message notice of 10,000 messages that wait: a
 * durable write of another desk, and the time until an urgent message is first
 * tried, each with nothing to send and while the sender drains the backlog.
 * Argument: the sender's path.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "receiver.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

enum { MESSAGES = 10000, ROUNDS = 200, URGENT = 30, TARGETS = 4, PAUSE_US = 2000 };

struct bench {
	char directory[32];
	char path[64];
	struct store *store;
	struct secrets *secrets;
	int listener; /* where urgent messages arrive */
	int made;     /* messages so far: their ids */
};

static struct outbox_row
message(struct bench *bench, char id[24], const char *target, bool urgent)
{
	struct clock clock = clock_system();
	stamp now = clock_now(&clock);

	(void)snprintf(id, 24, "m-%d", bench->made++);
	return (struct outbox_row){ .id = id, .target = target, .type = "incident.report",
		.subject = "26-0001", .body = BODY, .urgent = urgent, .created_at = now,
		.next_at = now, .state = "waiting", .last_answer = "", .changed_at = now };
}

static void
put(struct bench *bench, const struct outbox_row *rows, size_t n)
{
	struct store_batch batch = { .outbox = rows, .n_outbox = n };

	if (store_commit(bench->store, &batch) != ERR_OK) {
		die("commit");
	}
}

static void
add_target(struct bench *bench, const char *name, int port)
{
	char url[64];
	struct str secret = STR_INIT;
	const struct target_row target = { .name = name, .kind = "webhook", .url = url,
		.events = "*", .allow_http = true, .allow_private = true, .active = true,
		.format = "generic", .template = "", .person = "" };
	struct store_batch batch = { .targets = &target, .n_targets = 1 };

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	secret_make(&secret);
	if (secrets_put(bench->secrets, name, secret.data) != ERR_OK ||
		store_commit(bench->store, &batch) != ERR_OK) {
		die("target");
	}
	str_release(&secret);
}

static const char *const names[TARGETS] = { "t0", "t1", "t2", "t3" };

static void
fill(struct bench *bench)
{
	static char ids[MESSAGES][24];
	static struct outbox_row rows[MESSAGES];

	for (int i = 0; i < MESSAGES; i++) {
		rows[i] = message(bench, ids[i], names[i % TARGETS], false);
	}
	put(bench, rows, MESSAGES);
}

/* --- measuring -------------------------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

struct times {
	double median_ms;
	double p99_ms;
};

static struct times
times_of(double *ms, int n)
{
	qsort(ms, (size_t)n, sizeof(*ms), by_size);
	return (struct times){ ms[n / 2], ms[n * 99 / 100] };
}

/* What a desk waits for behind a key: the store's answer to a durable write. */
static struct times
time_writes(struct bench *bench)
{
	double ms[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		char id[24];
		struct outbox_row row = message(bench, id, "nobody", false);
		double began;

		row.state = "stopped";
		row.next_at = STAMP_NONE;
		(void)usleep(PAUSE_US); /* people do not write without a pause */
		began = seconds();
		put(bench, &row, 1);
		ms[i] = (seconds() - began) * 1e3;
	}
	return times_of(ms, ROUNDS);
}

/* From the desk's commit to the first byte at the receiver; each on a connection of its own. */
static struct times
time_urgent(struct bench *bench)
{
	static const char answer[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	double ms[URGENT];

	for (int i = 0; i < URGENT; i++) {
		char id[24];
		char request[8192];
		struct outbox_row row = message(bench, id, "urgent", true);
		size_t len = 0;
		ssize_t n;
		int fd;

		put(bench, &row, 1);
		double began = seconds();

		fd = accept(bench->listener, NULL, NULL);
		ms[i] = (seconds() - began) * 1e3;
		while ((n = read(fd, request + len, sizeof(request) - 1 - len)) > 0) {
			len += (size_t)n;
			request[len] = '\0';
			if (strstr(request, BODY) != NULL) {
				break;
			}
		}
		if (write(fd, answer, strlen(answer)) < 0) {
			die("answer");
		}
		(void)close(fd);
	}
	return times_of(ms, URGENT);
}

/* --- running ------------------------------------------------------------------------------ */

static int
listen_here(int *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 64) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		die("listener");
	}
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static void
start(struct bench *bench, int port)
{
	struct str why = STR_INIT;
	struct str secrets = STR_INIT;
	int urgent_port;

	(void)snprintf(bench->directory, sizeof(bench->directory), "/tmp/toban-bench-XXXXXX");
	if (mkdtemp(bench->directory) == NULL) {
		die("mkdtemp");
	}
	(void)snprintf(bench->path, sizeof(bench->path), "%s/desk.db", bench->directory);
	str_addf(&secrets, "%s.secrets", bench->path);
	if (store_sqlite_create(bench->path, &why, &bench->store) != ERR_OK ||
		secrets_open(secrets.data, &bench->secrets) != ERR_OK) {
		die("desk");
	}
	bench->listener = listen_here(&urgent_port);
	add_target(bench, "urgent", urgent_port);
	for (int i = 0; i < TARGETS; i++) {
		add_target(bench, names[i], port);
	}
	str_release(&secrets);
	str_release(&why);
}

static void
stop(struct bench *bench)
{
	store_close(bench->store);
	secrets_close(bench->secrets);
	(void)close(bench->listener);
	remove_folder(bench->directory);
}

static void
say(const char *what, struct times alone, struct times busy)
{
	(void)printf("%-28s alone median %.2f ms, p99 %.2f ms; 10,000 queued median %.2f ms, "
		     "p99 %.2f ms; ratio %.2f, %.2f\n",
		what, alone.median_ms, alone.p99_ms, busy.median_ms, busy.p99_ms,
		busy.median_ms / alone.median_ms, busy.p99_ms / alone.p99_ms);
}

int
main(int argc, char **argv)
{
	struct bench bench = { .made = 0 };
	char name[] = "toban-sender";
	char option[] = "--desk";
	char *arguments[] = { name, option, bench.path, NULL };
	stamp next = STAMP_NONE;
	struct times writes[2];
	struct times urgent[2];
	pid_t sender;
	int port;

	if (argc != 2 || hash_start() != ERR_OK) {
		return 1;
	}

	pid_t receiver = receiver_start(&port);

	start(&bench, port);
	writes[0] = time_writes(&bench);
	if (posix_spawn(&sender, argv[1], NULL, NULL, arguments, NULL) != 0) {
		die("sender");
	}
	urgent[0] = time_urgent(&bench);
	fill(&bench);
	urgent[1] = time_urgent(&bench);
	writes[1] = time_writes(&bench);
	if (store_outbox_next(bench.store, &next) != ERR_OK || next == STAMP_NONE) {
		(void)printf("the backlog was gone before the end: the figures flatter\n");
	}
	say("a durable write of a desk:", writes[0], writes[1]);
	say("urgent, commit to connect:", urgent[0], urgent[1]);
	(void)kill(sender, SIGKILL);
	(void)waitpid(sender, NULL, 0);
	(void)kill(-receiver, SIGTERM);
	(void)waitpid(receiver, NULL, 0);
	stop(&bench);
	return 0;
}
