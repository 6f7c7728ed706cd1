/* SPDX-License-Identifier: MIT */
/*
 * The engine's process.  It sleeps until a deadline comes, somebody writes, the
 * clock is set, the sender dies, or the end is asked for; nothing is polled.
 */
#include "serve.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/log.h"
#include "toban/base/str.h"
#include "desk_file.h"
#include "helper_process.h"
#include "machine.h"
#include "places.h"
#include "room.h"
#include "service.h"
#include "stop.h"
#include "supervisor.h"

#define CALM_MS 100    /* after a bell: writes in quick succession are one look */
#define AGAIN_MS 5000  /* after a failure */
#define BLIND_MS 1000  /* between looks where no bell is to be had */
#define SENDER_MS 1000 /* a sender that lived shorter than this is not started at once */
#define FAR INT64_C(253402300799000) /* the last moment a stamp can be written in */

/*
 * What ended a wait; several may be set.  After WOKEN_FIRST one bit for each descriptor in
 * order; WOKEN_WROTE: a desk at the socket recorded something.
 */
enum woken { WOKEN_STOP = 1, WOKEN_FIRST = 2, WOKEN_WROTE = 1 << 16 };

#define WAITED_MOST 4 /* descriptors of one wait */

struct serve {
	const struct serve_options *options;
	struct machine machine;
	const char *lease_path;
	const char *service_path;
	int service_fd; /* beside an open desk: readable when a service comes; else -1 */
	int mark_fd;    /* the mark of a service; -1 none */
	int stop_fd;
	int timer_fd;      /* rings at a deadline, and when the wall clock is set */
	int sender_fd;     /* readable when the sender ended; -1 none */
	int64_t sender_at; /* uptime of its last start */
	int64_t told_at;   /* uptime at which the supervisor was last told that all is well */
	struct desk_file *file;
	struct service *service; /* the socket; NULL: none */
	struct helper_process sender;
	struct room room;
};

/* --- waiting ---------------------------------------------------------------------- */

static int
shorter(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* How long the supervisor can wait, after telling it when it is time; -1: for ever. */
static int
tell_alive(struct serve *serve)
{
	int interval = supervisor_interval_ms();
	int64_t now = clock_uptime_ms();

	if (interval < 0) {
		return -1;
	}
	if (now - serve->told_at >= interval) {
		supervisor_tell("WATCHDOG=1");
		serve->told_at = now;
	}
	return (int)(serve->told_at + interval - now);
}

/*
 * Waits for the end, for one of up to WAITED_MOST descriptors (-1: not that one), or for
 * `ms` (-1: no limit); a set of enum woken, 0 when the time was up.  Desks at the socket
 * are answered meanwhile.
 */
static unsigned
wait_for(struct serve *serve, const int *fds, size_t n, int ms)
{
	int64_t until = ms < 0 ? INT64_MAX : clock_uptime_ms() + ms;
	struct pollfd polled[WAITED_MOST + 2] = { { .fd = serve->stop_fd, .events = POLLIN } };
	unsigned woken = 0;

	for (size_t i = 0; i < n; i++) {
		polled[i + 1] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	}
	polled[n + 1] = (struct pollfd){ .fd = service_fd(serve->service), .events = POLLIN };
	while (!woken) {
		int64_t left = ms < 0 ? -1 : until - clock_uptime_ms();

		if (ms >= 0 && left < 0) {
			return 0;
		}
		if (poll(polled, n + 2, shorter((int)left, tell_alive(serve))) < 0 &&
			errno != EINTR) {
			log_line(LOG_ERROR, "the engine cannot wait: %s", strerror(errno));
			return WOKEN_STOP;
		}
		for (size_t i = 0; i <= n; i++) {
			woken |= polled[i].revents ? 1U << i : 0U;
		}
		if (polled[n + 1].revents && service_turn(serve->service)) {
			woken |= WOKEN_WROTE;
		}
		if (left == 0) {
			return woken;
		}
	}
	return woken;
}

/* --- the desk ------------------------------------------------------------------------ */

static bool
is_service(const struct serve *serve)
{
	return serve->options->stop_fd < 0;
}

static enum err
open_desk(struct serve *serve, json_t **ret_error)
{
	struct desk_file_options options = { .path = serve->options->desk,
		.clock = serve->options->clock,
		.service = serve->options->answers,
		.witness_file = serve->options->witness_file,
		.witness_syslog = serve->options->witness_syslog,
		.engine = is_service(serve) };

	return desk_file_open(&options, &serve->file, ret_error);
}

static void
close_desk(struct serve *serve)
{
	desk_file_close(serve->file);
	serve->file = NULL;
}

static void
say_holder(struct serve *serve)
{
	char host[HOST_NAME_MAX + 1] = "";
	struct engine_holder holder = {
		.pid = getpid(),
		.host = host,
		.kind = serve->options->stop_fd < 0 ? "serve" : "desk",
		.since = clock_now(&serve->options->clock),
	};

	(void)gethostname(host, sizeof(host) - 1); /* "" has to do where there is none */
	enum err e = engine_holder_put(desk_file_store(serve->file), &holder);
	if (e != ERR_OK) {
		log_line(LOG_WARNING, "the engine could not say that it runs: %s", err_name(e));
	}
}

/* --- the sender ------------------------------------------------------------------------- */

static void
watch_sender(struct serve *serve)
{
	if (serve->sender_fd >= 0) {
		(void)close(serve->sender_fd); /* only polled */
	}
	helper_process_keep(&serve->sender);
	serve->sender_at = clock_uptime_ms();
	serve->sender_fd = serve->sender.pid ? pidfd_open(serve->sender.pid, 0) : -1;
}

/* It ended by itself: another one, at once or, when it did not live long, in a while. */
static bool
sender_again(struct serve *serve)
{
	if (clock_uptime_ms() - serve->sender_at >= SENDER_MS) {
		watch_sender(serve);
		return true;
	}
	(void)close(serve->sender_fd); /* only polled */
	serve->sender_fd = -1;
	return false;
}

/* --- running ---------------------------------------------------------------------------- */

/*
 * Rings at `wake` by the wall clock, and when that clock is set.  False: it was set
 * since the last time this was called.  A clock that stands still never rings.
 */
static bool
set_timer(struct serve *serve, stamp wake)
{
	stamp at = wake == STAMP_NONE || wake > FAR ? FAR : wake < 1 ? 1 : wake;
	struct itimerspec when = { .it_value = { at / 1000, at % 1000 * 1000000 } };

	if (serve->options->standing ||
		timerfd_settime(serve->timer_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when,
			NULL) == 0) {
		return true;
	}
	if (errno != ECANCELED) { /* of which it is armed all the same */
		log_line(LOG_ERROR, "the engine has no timer: %s", strerror(errno));
	}
	return errno != ECANCELED;
}

/* Does what is due; how long to wait at most, -1: until something happens. */
static int
turn(struct serve *serve)
{
	struct clock_reading reading = machine_read(&serve->machine);
	struct clock_turn done = { .next_wake = STAMP_NONE };

	/* Armed first: a clock that is set from here on is not missed. */
	(void)set_timer(serve, STAMP_NONE);
	i18n_speak(serve->options->lang); /* who was answered last may speak another one */
	enum err e = desk_clock_turn(desk_file_desk(serve->file), &reading, &done);
	if (done.n_acts > 0 || done.jumped) {
		service_changed(serve->service);
	}
	room_mind(&serve->room, desk_file_store(serve->file), desk_file_path(serve->file));
	if (e != ERR_OK) {
		log_line(LOG_ERROR, "the clocks could not be looked after: %s", err_name(e));
		return AGAIN_MS;
	}
	return set_timer(serve, done.next_wake) && !done.more ? -1 : 0;
}

/* Lets writes in quick succession come to an end; false: the end. */
static bool
calm(struct serve *serve)
{
	int64_t until = clock_uptime_ms() + CALM_MS;
	int64_t left = CALM_MS;

	while (left > 0) {
		if (wait_for(serve, NULL, 0, (int)left) & WOKEN_STOP) {
			return false;
		}
		left = until - clock_uptime_ms();
	}
	return true;
}

/* The bell rang: whether another process had written something, which desks are then told. */
static bool
heard(struct serve *serve)
{
	bool woke = store_woke(desk_file_store(serve->file));

	if (woke) {
		service_changed(serve->service);
	}
	return woke;
}

/* The bell of the desk; -1: none is to be had, or no desk is open. */
static int
bell(const struct serve *serve)
{
	struct store_info info = { .wake_fd = -1 };

	if (serve->file) {
		store_info(desk_file_store(serve->file), &info);
	}
	return info.wake_fd;
}

/* Waits for a reason to look again; false: the end. */
static bool
next_turn(struct serve *serve, int ms)
{
	int wake_fd = bell(serve);
	bool again = false;

	if (wake_fd < 0) {
		ms = shorter(ms, BLIND_MS);
	}
	while (!again) {
		const int fds[WAITED_MOST] = { wake_fd, serve->timer_fd, serve->sender_fd,
			serve->service_fd };
		unsigned woken = wait_for(serve, fds, ARRAY_LEN(fds), ms);
		uint64_t times;
		char news[1024];

		if (woken & WOKEN_STOP) {
			return false;
		}
		again = woken == 0;
		if (woken & WOKEN_FIRST << 1) {
			/* Fails when the clock was set: a reason as good as a deadline. */
			again = read(serve->timer_fd, &times, sizeof(times)) != 0 || again;
		}
		if (woken & WOKEN_FIRST << 3) {
			again = read(serve->service_fd, news, sizeof(news)) != 0 || again;
		}
		if (woken & WOKEN_FIRST << 2 && !sender_again(serve)) {
			ms = shorter(ms, AGAIN_MS);
		}
		if ((woken & WOKEN_FIRST && heard(serve)) || woken & WOKEN_WROTE) {
			if (!calm(serve)) {
				return false;
			}
			again = true;
		}
	}
	if (serve->sender_fd < 0) {
		watch_sender(serve);
	}
	return true;
}

/* A service is there: what it alone has, its credentials, the receivers need. */
static bool
must_yield(const struct serve *serve)
{
	return !is_service(serve) && service_is_there(serve->service_path);
}

/* Turn by turn until the end; true: not the end, but a service came. */
static bool
run_until_yield(struct serve *serve)
{
	while (!must_yield(serve)) {
		if (!next_turn(serve, turn(serve))) {
			return false;
		}
	}
	return true;
}

/* With the lease, until the end or, which sets *ret_yields, until a service comes. */
static enum err
hold(struct serve *serve, bool *ret_yields, json_t **ret_error)
{
	enum err e = ERR_OK;

	*ret_yields = must_yield(serve);
	if (*ret_yields) {
		return ERR_OK;
	}
	/* Before anything else: messages may be waiting for their first attempt. */
	watch_sender(serve);
	if (!serve->file) {
		e = open_desk(serve, ret_error);
	}
	if (e == ERR_OK) {
		say_holder(serve);
		*ret_yields = run_until_yield(serve);
		/* What was decided since the last turn would have no witness until the next one. */
		if (!*ret_yields && is_service(serve)) {
			(void)turn(serve); /* it says itself what it could not do */
		}
		(void)engine_holder_put(desk_file_store(serve->file), NULL); /* a courtesy */
	}
	helper_process_stop(&serve->sender);
	return e;
}

/* Waits for the lease; ERR_BUSY: the end came first. */
static enum err
wait_for_lease(struct serve *serve, int *ret_fd)
{
	enum err e = ERR_BUSY;

	while (e == ERR_BUSY) {
		struct lease_wait wait;
		unsigned woken = 0;

		e = lease_wait_start(
			serve->lease_path, is_service(serve) ? NULL : serve->service_path, &wait);
		if (e != ERR_OK) {
			return e;
		}
		while (!(woken & (WOKEN_STOP | WOKEN_FIRST))) {
			const int fds[] = { wait.done_fd, bell(serve) };

			woken = wait_for(serve, fds, ARRAY_LEN(fds), -1);
			(void)(woken & WOKEN_FIRST << 1 && heard(serve)); /* told; that is all */
		}
		if (woken & WOKEN_STOP) {
			lease_wait_stop(&wait);
			return ERR_BUSY;
		}
		e = lease_wait_finish(&wait, serve->lease_path, ret_fd);
	}
	return e;
}

/* Has the lease, at once or after a wait; ERR_BUSY: the end came first. */
static enum err
take_lease(struct serve *serve, int *ret_fd)
{
	enum err e = must_yield(serve) ? ERR_BUSY : lease_take(serve->lease_path, ret_fd);

	if (e == ERR_BUSY) {
		/* Nothing is kept open in vain for a wait that may last for months. */
		if (!serve->service) {
			close_desk(serve);
		}
		supervisor_tell("STATUS=another process runs the clocks of this desk");
		e = wait_for_lease(serve, ret_fd);
	}
	return e;
}

static enum err
take_turns(struct serve *serve, json_t **ret_error)
{
	bool yields = true;
	enum err e = ERR_OK;

	while (e == ERR_OK && yields) {
		int lease = -1;

		e = take_lease(serve, &lease);
		if (e == ERR_BUSY) {
			return ERR_OK;
		}
		if (e == ERR_OK) {
			supervisor_tell("STATUS=running the clocks of the desk");
			e = hold(serve, &yields, ret_error);
			(void)close(lease); /* gives it to who waits */
			helper_process_wait(&serve->sender);
		}
	}
	return e;
}

/* A service says that it is there; an engine beside an open desk listens for that. */
static enum err
mind_service(struct serve *serve)
{
	return is_service(serve) ? service_mark(serve->service_path, &serve->mark_fd)
				 : service_watch(serve->service_path, &serve->service_fd);
}

static enum err
fail_system(json_t **ret_error)
{
	*ret_error = door_error("D413", "failed", _("The engine could not be started."),
		_("Nothing was changed. Try again."));
	return ERR_IO;
}

static enum err
answer_desks(struct serve *serve, json_t **ret_error)
{
	const struct service_options options = {
		.file = serve->file,
		.socket = serve->options->socket,
		.claim_path = serve->service_path,
		.standing = serve->options->standing,
	};

	return service_start(&options, &serve->service, ret_error);
}

static enum err
run(struct serve *serve, json_t **ret_error)
{
	enum err e = open_desk(serve, ret_error);

	if (e == ERR_OK && serve->options->answers) {
		e = answer_desks(serve, ret_error);
	}
	if (e == ERR_OK) {
		supervisor_tell("READY=1");
		e = mind_service(serve);
		if (e == ERR_OK) {
			e = take_turns(serve, ret_error);
		}
		supervisor_tell("STOPPING=1");
	}
	service_stop(serve->service);
	close_desk(serve);
	if (e != ERR_OK && !*ret_error) {
		return fail_system(ret_error);
	}
	return e;
}

/* None of them is written to: nothing can be lost. */
static void
close_all(struct serve *serve)
{
	const int fds[] = { serve->timer_fd, serve->service_fd, serve->mark_fd };

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]);
		}
	}
}

enum err
serve_run(const struct serve_options *options, json_t **ret_error)
{
	struct serve serve = {
		.options = options,
		.lease_path = options->desk ? arena_printf(options->arena, "%s.engine",
						      options->desk)
					    : "",
		.service_path = options->desk ? arena_printf(options->arena, "%s.service",
							options->desk)
					      : "",
		.service_fd = -1,
		.mark_fd = -1,
		.stop_fd = stop_descriptor(options->stop_fd),
		.timer_fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK),
		.sender_fd = -1,
		.sender = {
			.program = places_helper(options->arena, "toban-sender"),
			.desk = options->desk,
		},
	};
	enum err e;

	machine_init(&serve.machine, options->clock, options->standing);
	if (!serve.sender.program || !serve.lease_path || !serve.service_path ||
		serve.stop_fd < 0 || serve.timer_fd < 0) {
		return fail_system(ret_error);
	}
	e = run(&serve, ret_error);
	close_all(&serve);
	return e;
}

/* Turns until there is nothing more to do. */
static enum err
all_turns(struct serve *serve, struct clock_turn *done)
{
	bool jumped = false;
	enum err e;

	do {
		struct clock_reading reading = machine_read(&serve->machine);

		e = desk_clock_turn(desk_file_desk(serve->file), &reading, done);
		jumped = jumped || done->jumped;
	} while (e == ERR_OK && done->more);
	done->jumped = jumped;
	return e;
}

enum err
serve_once(const struct serve_options *options, json_t **ret_result, json_t **ret_error)
{
	struct serve serve = { .options = options };
	struct clock_turn done = { .acts = json_array(), .next_wake = STAMP_NONE };
	char next[STAMP_SIZE];
	enum err e = open_desk(&serve, ret_error);

	machine_init(&serve.machine, options->clock, options->standing);
	if (e == ERR_OK) {
		e = all_turns(&serve, &done);
		if (e != ERR_OK) {
			*ret_error = door_error("D413", "failed",
				_("The clocks could not be looked after."),
				_("What was recorded stays. Try again."));
		}
	}
	if (e == ERR_OK) {
		const struct org *org = desk_org(desk_file_desk(serve.file));

		stamp_format(done.next_wake, org->offset_min, next);
		*ret_result = json_pack("{s:O, s:b, s:s?}", "acts", done.acts, "jumped",
			done.jumped, "next_wake", *next ? next : NULL);
		if (org->trial) {
			json_object_set_new(*ret_result, "trial", json_true());
		}
	}
	json_decref(done.acts);
	close_desk(&serve);
	return e;
}
