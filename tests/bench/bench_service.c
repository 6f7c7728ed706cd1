/* SPDX-License-Identifier: MIT */
/*
 * Desks at the socket of a service: 32 that act at the same instant, beside a plain
 * write and fdatasync on the same file system in the same run; 32 that act without
 * pause; and how long a change takes to all others.
 *
 *     bench_service [ROUNDS]
 *
 * Aim: p99 of the 32 at most 10 x the p50 of the plain sync + 20 ms.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "many.h"
#include "wired.h"

#define DESKS 32
#define SYNCS 20 /* plain ones before each round */
#define FLOOR_BYTES 4096
#define WITHOUT_PAUSE_NS INT64_C(3000000000)

struct herd {
	struct wired wired;
	struct wired_desk desks[DESKS];
	char cases[DESKS][16];
	int floor_fd;
};

static void
must(bool well, const char *what)
{
	if (!well) {
		fprintf(stderr, "bench_service: %s\n", what);
		exit(1);
	}
}

static void
gather(struct herd *herd)
{
	char path[128];

	wired_start(&herd->wired);
	wired_serve(&herd->wired);
	for (int i = 0; i < DESKS; i++) {
		must(wired_open(&herd->wired, "dc-operator-1", &herd->desks[i]), "not greeted");
		must(wired_report(&herd->desks[i], herd->cases[i]), "not reported");
	}
	(void)snprintf(path, sizeof(path), "%s/floor", herd->wired.dir);
	herd->floor_fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	must(herd->floor_fd >= 0, path);
}

static void
note(struct herd *herd, int i)
{
	char json[300];

	(void)snprintf(json, sizeof(json),
		"{\"id\":1,\"method\":\"incident.act\",\"args\":{\"id\":\"%s\",\"step\":\"note\","
		"\"fields\":{\"text\":\"Still dark, breaker 7 looked at.\"}}}",
		herd->cases[i]);
	must(wired_send(&herd->desks[i], json), "the service is gone");
}

/* Looks at what came to a desk; true when it was the answer. */
static bool
answered(struct wired_desk *desk)
{
	while (wired_take(desk)) {
		if (strstr(desk->text, "\"error\"")) {
			fprintf(stderr, "%s\n", desk->text);
			exit(1);
		}
		if (!strstr(desk->text, "\"changed\"")) {
			return true;
		}
	}
	return false;
}

static void
wait_any(struct herd *herd)
{
	struct pollfd fds[DESKS];

	for (int i = 0; i < DESKS; i++) {
		fds[i] = (struct pollfd){ .fd = herd->desks[i].fd, .events = POLLIN };
	}
	must(poll(fds, DESKS, 60000) > 0, "no answer within a minute");
}

static void
plain_syncs(struct herd *herd, int64_t *ns)
{
	static const char page[FLOOR_BYTES];

	for (int i = 0; i < SYNCS; i++) {
		int64_t from = many_now_ns();

		must(pwrite(herd->floor_fd, page, sizeof(page), i * FLOOR_BYTES) == FLOOR_BYTES &&
				fdatasync(herd->floor_fd) == 0,
			"plain sync");
		ns[i] = many_now_ns() - from;
	}
}

/* All at the same instant; when each had its answer. */
static void
one_instant(struct herd *herd, int64_t *ns)
{
	bool done[DESKS] = { false };
	int64_t from = many_now_ns();
	int left = DESKS;

	for (int i = 0; i < DESKS; i++) {
		note(herd, i);
	}
	while (left > 0) {
		wait_any(herd);
		for (int i = 0; i < DESKS; i++) {
			if (!done[i] && answered(&herd->desks[i])) {
				done[i] = true;
				ns[i] = many_now_ns() - from;
				left--;
			}
		}
	}
}

static void
measure_instant(struct herd *herd, int rounds)
{
	size_t n = (size_t)rounds * DESKS;
	size_t n_floor = (size_t)rounds * SYNCS;
	int64_t *ns = calloc(n, sizeof(*ns));
	int64_t *floor_ns = calloc(n_floor, sizeof(*floor_ns));
	double floor_p50;
	double p99;

	must(ns && floor_ns, "memory");
	for (int r = 0; r < rounds; r++) {
		plain_syncs(herd, floor_ns + (size_t)r * SYNCS);
		one_instant(herd, ns + (size_t)r * DESKS);
	}
	floor_p50 = many_percentile_ms(floor_ns, n_floor, 0.5);
	p99 = many_percentile_ms(ns, n, 0.99);
	printf("plain sync p50 %.3f p99 %.3f ms\n", floor_p50,
		many_percentile_ms(floor_ns, n_floor, 0.99));
	printf("32 at the same instant: p50 %.3f p99 %.3f worst %.3f ms; p99 is %.1f x the plain "
	       "p50; aim %.1f ms\n",
		many_percentile_ms(ns, n, 0.5), p99, many_percentile_ms(ns, n, 1.0),
		p99 / floor_p50, 10 * floor_p50 + 20);
	free(ns);
	free(floor_ns);
}

static void
measure_without_pause(struct herd *herd)
{
	int64_t counts[DESKS] = { 0 };
	int64_t until = many_now_ns() + WITHOUT_PAUSE_NS;
	int64_t all = 0;
	int64_t least = INT64_MAX;

	for (int i = 0; i < DESKS; i++) {
		note(herd, i);
	}
	while (many_now_ns() < until) {
		wait_any(herd);
		for (int i = 0; i < DESKS; i++) {
			if (answered(&herd->desks[i])) {
				counts[i]++;
				note(herd, i);
			}
		}
	}
	for (int i = 0; i < DESKS; i++) {
		must(wired_answer(&herd->desks[i], 60000), "no last answer");
		all += counts[i];
		least = counts[i] < least ? counts[i] : least;
	}
	printf("32 without pause: %.0f steps/s, the poorest %.2f of the mean\n",
		(double)all * 1e9 / (double)WITHOUT_PAUSE_NS, (double)least * DESKS / (double)all);
}

/* One step, until all were told; times of the others to `ns`. */
static void
one_push(struct herd *herd, int writer, int64_t *ns)
{
	bool told[DESKS] = { false };
	int64_t from = many_now_ns();
	int left = DESKS;
	size_t n = 0;

	note(herd, writer);
	while (left > 0) {
		wait_any(herd);
		for (int i = 0; i < DESKS; i++) {
			if (told[i] || !wired_take(&herd->desks[i])) {
				continue;
			}
			told[i] = true;
			left--;
			if (i != writer) {
				ns[n++] = many_now_ns() - from;
			}
		}
	}
}

/* From the sending of a step to the push at each of the other desks. */
static void
measure_push(struct herd *herd, int rounds)
{
	size_t n = (size_t)rounds * (DESKS - 1);
	int64_t *ns = calloc(n, sizeof(*ns));

	must(ns != NULL, "memory");
	for (int r = 0; r < rounds; r++) {
		(void)poll(NULL, 0, 30); /* changes in quick succession share a push */
		for (int i = 0; i < DESKS; i++) {
			(void)answered(&herd->desks[i]);
		}
		one_push(herd, r % DESKS, ns + (size_t)r * (DESKS - 1));
	}
	printf("a change at the 31 others: p50 %.3f p99 %.3f worst %.3f ms\n",
		many_percentile_ms(ns, n, 0.5), many_percentile_ms(ns, n, 0.99),
		many_percentile_ms(ns, n, 1.0));
	free(ns);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100;
	static struct herd herd;

	gather(&herd);
	measure_instant(&herd, rounds);
	measure_without_pause(&herd);
	measure_push(&herd, rounds);
	for (int i = 0; i < DESKS; i++) {
		wired_close(&herd.desks[i]);
	}
	(void)close(herd.floor_fd); /* nothing of worth */
	wired_stop(&herd.wired);
	return 0;
}
