/* SPDX-License-Identifier: MIT */
/*
 * The thread behind the screen's door.  Work is handed over and back under one mutex, and
 * nothing else is shared: the owner keeps away from what stands behind the door while
 * `work` is set.  An eventfd says when it is done, so that it can be waited for together
 * with the keys, and by the screen's loop with everything else.
 */
#include "aside.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "toban/base/clock.h"

/* One call of the door behind. */
struct request {
	struct aside *aside;
	const char *method;
	const json_t *args;
	enum err e;
	json_t *result;
	json_t *error;
};

/* What was begun with later(). */
struct flight {
	bool under_way; /* its work is not taken back yet */
	bool arrived;   /* its answer was not told yet */
	char *method;
	json_t *args;
	door_done *done;
	void *done_ctx;
	struct request request;
};

struct aside {
	struct aside_options options;
	struct door door;
	pthread_t thread;
	bool threaded;
	pthread_mutex_t lock;
	pthread_cond_t begun;
	void (*work)(void *ctx); /* NULL: the worker is idle; this and the next two under `lock` */
	void *work_ctx;
	bool ended; /* no more work comes */
	int done_fd;
	int stop_fd;    /* readable while the owner wants the call to end */
	int epoll_fd;   /* the door's wake_fd: done_fd, and what the door behind wakes by */
	int watched_fd; /* that one; -1: not watched now */
	struct flight flight;
	json_t *trouble; /* as it was when the flight began */
};

static void
ring(int fd)
{
	const uint64_t once = 1;

	(void)!write(fd, &once, sizeof(once)); /* full rings as well */
}

static void
silence(int fd)
{
	uint64_t times;

	(void)!read(fd, &times, sizeof(times)); /* it may not have rung */
}

/* --- the worker ---------------------------------------------------------------------------- */

static void *
run(void *ctx)
{
	struct aside *aside = ctx;

	(void)pthread_mutex_lock(&aside->lock);
	for (;;) {
		while (!aside->work && !aside->ended) {
			(void)pthread_cond_wait(&aside->begun, &aside->lock);
		}
		if (!aside->work) {
			break;
		}
		(void)pthread_mutex_unlock(&aside->lock);
		aside->work(aside->work_ctx);
		(void)pthread_mutex_lock(&aside->lock);
		aside->work = NULL;
		ring(aside->done_fd);
	}
	(void)pthread_mutex_unlock(&aside->lock);
	return NULL;
}

/* Signals are the loop's, which reads them from a descriptor: none may come here. */
static bool
begin_thread(struct aside *aside)
{
	sigset_t all;
	sigset_t before;
	bool begun;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
		return false;
	}
	begun = pthread_create(&aside->thread, NULL, run, aside) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* as it was: cannot fail */
	return begun;
}

/* --- handing over ---------------------------------------------------------------------------- */

static bool
is_idle(struct aside *aside)
{
	bool idle;

	(void)pthread_mutex_lock(&aside->lock);
	idle = aside->work == NULL;
	(void)pthread_mutex_unlock(&aside->lock);
	return idle;
}

/* Only while the worker is idle what the door behind wakes by means anything to the owner. */
static void
watch(struct aside *aside, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (aside->watched_fd >= 0) {
		/* It may be closed already, and then is not watched any more. */
		(void)epoll_ctl(aside->epoll_fd, EPOLL_CTL_DEL, aside->watched_fd, NULL);
	}
	aside->watched_fd =
		fd >= 0 && epoll_ctl(aside->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? fd : -1;
}

static void
begin(struct aside *aside, void (*work)(void *ctx), void *ctx)
{
	silence(aside->stop_fd); /* who gave up gave up what was before */
	silence(aside->done_fd);
	(void)pthread_mutex_lock(&aside->lock);
	aside->work = work;
	aside->work_ctx = ctx;
	(void)pthread_cond_signal(&aside->begun);
	(void)pthread_mutex_unlock(&aside->lock);
}

/*
 * Waits until the worker is idle, telling the owner.  When they gave up the worker hears of
 * it, and nobody is told any more: it ends at once then, or it cannot be helped.
 */
static void
await_idle(struct aside *aside)
{
	const struct waiting *told = aside->options.told;
	int64_t since = clock_uptime_ms();

	while (!is_idle(aside)) {
		if (waiting_poll(told, aside->done_fd, POLLIN, since, INT64_MAX) ==
			WAITED_STOPPED) {
			ring(aside->stop_fd);
			told = NULL;
		}
	}
	silence(aside->done_fd);
}

/* What was begun before is done before anything else; its answer waits for woke() or settle(). */
static void
land(struct aside *aside)
{
	struct flight *flight = &aside->flight;

	if (!flight->under_way) {
		return;
	}
	await_idle(aside);
	flight->under_way = false;
	flight->arrived = true;
	json_decref(aside->trouble);
	aside->trouble = NULL;
	watch(aside, aside->options.inner->wake_fd);
}

void
aside_do(struct aside *aside, void (*work)(void *ctx), void *ctx)
{
	if (!aside->threaded) {
		if (aside->options.stop) {
			*aside->options.stop = *aside->options.told;
		}
		work(ctx);
		aside->door.wake_fd = aside->options.inner->wake_fd;
		return;
	}
	land(aside);
	begin(aside, work, ctx);
	await_idle(aside);
	if (aside->options.inner->wake_fd != aside->watched_fd) {
		watch(aside, aside->options.inner->wake_fd);
	}
	if (aside->flight.arrived) {
		ring(aside->done_fd); /* the loop is to come for its answer */
	}
}

/* --- the door ------------------------------------------------------------------------------- */

static void
do_request(void *ctx)
{
	struct request *request = ctx;
	const struct door *inner = request->aside->options.inner;

	request->e = inner->call(
		inner->ctx, request->method, request->args, &request->result, &request->error);
}

static enum err
aside_call(
	void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error)
{
	struct request request = { .aside = ctx, .method = method, .args = args };

	aside_do(ctx, do_request, &request);
	if (request.e != ERR_OK) {
		*ret_error = request.error;
	} else {
		*ret_result = request.result;
	}
	return request.e;
}

static void
flight_release(struct flight *flight)
{
	free(flight->method);
	json_decref(flight->args);
	json_decref(flight->request.result);
	json_decref(flight->request.error);
	*flight = (struct flight){ 0 };
}

static bool
aside_later(void *ctx, const char *method, const json_t *args, door_done *done, void *done_ctx)
{
	struct aside *aside = ctx;
	const struct door *inner = aside->options.inner;
	struct flight *flight = &aside->flight;

	if (flight->under_way || flight->arrived) {
		return false;
	}
	/* Parts of it may belong to a form, which goes on changing. */
	*flight = (struct flight){ .method = strdup(method), .args = json_deep_copy(args) };
	if (!flight->method || (args && !flight->args)) {
		flight_release(flight);
		return false;
	}
	flight->done = done;
	flight->done_ctx = done_ctx;
	flight->request =
		(struct request){ .aside = aside, .method = flight->method, .args = flight->args };
	flight->under_way = true;
	if (inner->trouble) {
		/* Only its owner counts it as const. */
		aside->trouble = json_incref((json_t *)(uintptr_t)inner->trouble(inner->ctx));
	}
	watch(aside, -1);
	begin(aside, do_request, &flight->request);
	return true;
}

/* Tells the answer of a flight that arrived.  The next may begin within. */
static void
deliver(struct aside *aside)
{
	struct flight flight = aside->flight;

	if (!flight.arrived) {
		return;
	}
	aside->flight = (struct flight){ 0 };
	silence(aside->done_fd);
	flight.done(flight.done_ctx, flight.request.e, flight.request.result, flight.request.error);
	flight_release(&flight);
}

static void
aside_settle(void *ctx)
{
	land(ctx);
	deliver(ctx);
}

static bool
aside_woke(void *ctx)
{
	struct aside *aside = ctx;
	const struct door *inner = aside->options.inner;

	if (aside->flight.under_way && !is_idle(aside)) {
		return false;
	}
	aside_settle(aside);
	/* Telling may have begun the next one. */
	return !aside->flight.under_way && inner->woke && inner->woke(inner->ctx);
}

static const json_t *
aside_trouble(void *ctx)
{
	struct aside *aside = ctx;
	const struct door *inner = aside->options.inner;

	return aside->flight.under_way ? aside->trouble : inner->trouble(inner->ctx);
}

const struct door *
aside_door(const struct aside *aside)
{
	return &aside->door;
}

/* --- its life ----------------------------------------------------------------------------- */

/* What waits behind the door looks here. */
static bool
goes_on(void *ctx, int64_t ms)
{
	const struct aside *aside = ctx;
	struct pollfd fd = { .fd = aside->stop_fd, .events = POLLIN };

	(void)ms;
	return poll(&fd, 1, 0) != 1;
}

static bool
set_up(struct aside *aside)
{
	struct epoll_event event = { .events = EPOLLIN };

	aside->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	aside->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	aside->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (aside->done_fd < 0 || aside->stop_fd < 0 || aside->epoll_fd < 0 ||
		epoll_ctl(aside->epoll_fd, EPOLL_CTL_ADD, aside->done_fd, &event) != 0) {
		return false;
	}
	watch(aside, aside->options.inner->wake_fd);
	return (aside->options.inner->wake_fd < 0 || aside->watched_fd >= 0) && begin_thread(aside);
}

enum err
aside_new(const struct aside_options *options, struct aside **ret_aside)
{
	struct aside *aside = calloc(1, sizeof(*aside));
	const struct door *inner = options->inner;

	if (!aside) {
		return ERR_NOMEM;
	}
	*aside = (struct aside){
		.options = *options,
		.done_fd = -1,
		.stop_fd = -1,
		.epoll_fd = -1,
		.watched_fd = -1,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.begun = PTHREAD_COND_INITIALIZER,
	};
	aside->threaded = set_up(aside);
	aside->door = (struct door){
		.call = aside_call,
		.wake_fd = aside->threaded ? aside->epoll_fd : inner->wake_fd,
		.woke = aside_woke,
		.trouble = inner->trouble ? aside_trouble : NULL,
		.trial = inner->trial,
		.stops = options->stop != NULL,
		.later = aside->threaded ? aside_later : NULL,
		.settle = aside->threaded ? aside_settle : NULL,
		.ctx = aside,
	};
	if (aside->threaded && options->stop) {
		*options->stop =
			(struct waiting){ .fd = aside->stop_fd, .look = goes_on, .ctx = aside };
	}
	*ret_aside = aside;
	return ERR_OK;
}

static void
close_if_open(int fd)
{
	if (fd >= 0) {
		(void)close(fd); /* what rang there is over */
	}
}

void
aside_free(struct aside *aside)
{
	if (!aside) {
		return;
	}
	if (aside->threaded) {
		land(aside);
		(void)pthread_mutex_lock(&aside->lock);
		aside->ended = true;
		(void)pthread_cond_signal(&aside->begun);
		(void)pthread_mutex_unlock(&aside->lock);
		(void)pthread_join(aside->thread, NULL); /* it was begun and is joined once */
	}
	if (aside->options.stop) {
		*aside->options.stop = (struct waiting){ .fd = -1 };
	}
	flight_release(&aside->flight);
	json_decref(aside->trouble);
	close_if_open(aside->done_fd);
	close_if_open(aside->stop_fd);
	close_if_open(aside->epoll_fd);
	free(aside);
}
