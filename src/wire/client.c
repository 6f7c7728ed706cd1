/* SPDX-License-Identifier: MIT */
/*
 * The door over the socket: greeting a service, hearing of changes, finding it again
 * after it went away.
 */
#include "toban/wire/client.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "client.h"
#include "message.h"
#include "toban/base/clock.h"
#include "toban/wire/error.h"

/* --- coming and going --------------------------------------------------------------------- */

static void
ring_in(const struct wire_client *client, int ms)
{
	struct itimerspec when = { .it_value = { ms / 1000, ms % 1000 * 1000000L } };

	(void)timerfd_settime(client->timer_fd, 0, &when, NULL); /* cannot fail for such a time */
}

void
client_ring(const struct wire_client *client)
{
	const uint64_t once = 1;

	(void)!write(client->event_fd, &once, sizeof(once)); /* full rings as well */
}

void
client_note_change(struct wire_client *client)
{
	client->changed = true;
	client_ring(client);
}

static const char *
code_of(int number)
{
	return number == EACCES || number == EPERM ? "D432" : "D430";
}

void
client_lose(struct wire_client *client, json_t *error)
{
	link_close(&client->link);
	client->state = CLIENT_AWAY;
	if (!client->trouble) {
		client->retry_ms = RETRY_FIRST_MS;
		client->trouble = error ? json_incref(error) : wire_error("D430");
		client_ring(client);
	} else if (error) {
		json_decref(client->trouble);
		client->trouble = json_incref(error);
	}
	ring_in(client, client->retry_ms);
	client->retry_ms =
		client->retry_ms * 2 > RETRY_MOST_MS ? RETRY_MOST_MS : client->retry_ms * 2;
}

/* Connects, within `ms`, and sends the greeting; 0 or an errno. */
static int
greet(struct wire_client *client, int ms)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct str frame = STR_INIT;
	json_t *hello = hello_new(client->person, i18n_lang());
	bool whole = false;
	int failed = link_open(&client->link, client->options.path, ms);

	if (!failed && (!hello || !wire_frame_put(&frame, hello, WIRE_REQUEST_MOST, &whole))) {
		failed = ENOMEM;
	}
	if (!failed) {
		(void)link_send(&client->link, &frame, -1, 0, &whole);
		/* A new connection has room for a greeting. */
		failed = whole ? 0 : EPIPE;
	}
	if (!failed && epoll_ctl(client->epoll_fd, EPOLL_CTL_ADD, client->link.fd, &event) != 0) {
		failed = errno;
	}
	if (failed) {
		link_close(&client->link);
	} else {
		client->state = CLIENT_GREETING;
		client->lang = i18n_lang();
	}
	json_decref(hello);
	str_release(&frame);
	return failed;
}

static void
welcomed(struct wire_client *client)
{
	client->state = CLIENT_OPEN;
	ring_in(client, 0); /* no try is needed any more */
	if (client->trouble) {
		json_decref(client->trouble);
		client->trouble = NULL;
		client_note_change(client); /* what happened meanwhile was not told */
	}
}

/*
 * What came instead of a welcome, or a welcome; a refusal stands for the trouble from
 * now on.  A new reference to the error in *ret_error.
 */
static enum err
read_welcome(struct wire_client *client, json_t *document, json_t **ret_error)
{
	json_t *error = json_object_get(document, "error");

	if (json_is_object(json_object_get(document, "welcome"))) {
		const json_t *welcome = json_object_get(document, "welcome");

		client->trial = json_is_true(json_object_get(welcome, "trial"));
		/* A service that does not say so is asked. */
		client->post = !json_is_false(json_object_get(welcome, "post"));
		welcomed(client);
		return ERR_OK;
	}
	if (!json_is_object(error)) {
		*ret_error = wire_error("D434");
		return ERR_UNSUPPORTED;
	}
	wire_error_translate(error);
	*ret_error = json_incref(error);
	return door_err(error);
}

/* Waits for the welcome until `until`. */
static enum err
await_welcome(struct wire_client *client, int64_t until, json_t **ret_error)
{
	json_t *document = NULL;
	enum err e = ERR_BUSY;

	switch (link_receive(&client->link, until, &document)) {
	case LINK_DONE:
		e = read_welcome(client, document, ret_error);
		break;
	case LINK_NO_MEMORY:
		e = ERR_NOMEM;
		*ret_error = door_error("D414", "failed", "", "");
		break;
	case LINK_LATE:
		client->retry_at = clock_uptime_ms() + RETRY_MOST_MS;
		*ret_error = wire_error("D430");
		break;
	case LINK_GONE:
		*ret_error = wire_error("D430");
		break;
	}
	json_decref(document);
	return e;
}

enum err
client_reach(struct wire_client *client, int64_t until, json_t **ret_error)
{
	int failed = client->state == CLIENT_GREETING ? 0 : greet(client, GREET_MS);
	enum err e;

	if (failed) {
		*ret_error = wire_error(code_of(failed));
		return failed == EACCES || failed == EPERM ? ERR_DENIED : ERR_BUSY;
	}
	e = await_welcome(client, until, ret_error);
	if (e != ERR_OK) {
		link_close(&client->link);
		client->state = CLIENT_AWAY;
	}
	return e;
}

enum err
client_fail(json_t **ret_error, const char *code)
{
	*ret_error = wire_error(code);
	return door_err(*ret_error);
}

/* --- while nothing is asked ------------------------------------------------------------ */

static void
drain(int fd)
{
	uint64_t times;

	(void)!read(fd, &times, sizeof(times)); /* only that it rang counts */
}

/* Reads what came by itself. */
static void
hear(struct wire_client *client)
{
	enum link_end end = LINK_DONE;

	while (client->state == CLIENT_OPEN && end == LINK_DONE) {
		json_t *document = NULL;

		end = link_receive(&client->link, 0, &document);
		if (end == LINK_DONE && json_is_true(json_object_get(document, "changed"))) {
			client->changed = true;
		} else if (end == LINK_DONE || end == LINK_GONE) {
			client_lose(client, NULL); /* a farewell is the end as well */
		}
		json_decref(document);
	}
}

/* Goes on with finding the service again, without waiting for it. */
static void
find_again(struct wire_client *client, bool rang)
{
	json_t *document = NULL;
	json_t *error = NULL;
	enum link_end end;

	if (client->state == CLIENT_AWAY) {
		if (!rang) {
			return;
		}
		if (greet(client, 0) == 0) {
			ring_in(client, GREET_MS);
		} else {
			client_lose(client, NULL);
		}
		return;
	}
	end = link_receive(&client->link, 0, &document);
	if (end == LINK_DONE && read_welcome(client, document, &error) != ERR_OK) {
		client_lose(client, error);
	} else if (end == LINK_GONE || (end == LINK_LATE && rang)) {
		client_lose(client, NULL);
	}
	json_decref(document);
	json_decref(error);
}

/* Whether the timer rang; it is silent afterwards. */
static bool
rang(const struct wire_client *client)
{
	uint64_t times;

	return read(client->timer_fd, &times, sizeof(times)) == (ssize_t)sizeof(times);
}

static bool
client_woke(void *ctx)
{
	struct wire_client *client = ctx;
	bool late = rang(client);
	bool changed;

	drain(client->event_fd);
	if (client->state == CLIENT_OPEN) {
		hear(client);
	} else {
		find_again(client, late);
	}
	changed = client->changed;
	client->changed = false;
	return changed;
}

static const json_t *
client_trouble(void *ctx)
{
	const struct wire_client *client = ctx;

	return client->trouble;
}

/* --- its life ---------------------------------------------------------------------------- */

static bool
watch(int epoll_fd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return fd >= 0 && epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static struct wire_client *
client_make(const struct wire_client_options *options)
{
	struct wire_client *client = calloc(1, sizeof(*client));

	if (!client) {
		return NULL;
	}
	*client = (struct wire_client){
		.options = *options,
		.person = options->person ? strdup(options->person) : NULL,
		.link = { .fd = -1, .in_fd = -1, .waiting = options->waiting },
		.epoll_fd = epoll_create1(EPOLL_CLOEXEC),
		.timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK),
		.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	if ((options->person && !client->person) || client->epoll_fd < 0 ||
		!watch(client->epoll_fd, client->timer_fd) ||
		!watch(client->epoll_fd, client->event_fd)) {
		wire_client_free(client);
		return NULL;
	}
	return client;
}

enum err
wire_client_new(const struct wire_client_options *options, struct wire_client **ret_client,
	json_t **ret_error)
{
	struct wire_client *client = client_make(options);
	enum err e;

	if (!client) {
		return client_fail(ret_error, "D430");
	}
	client->link.since = clock_uptime_ms();
	e = client_reach(client, client->link.since + ANSWER_MS, ret_error);
	if (e != ERR_OK) {
		wire_client_free(client);
		return e;
	}
	*ret_client = client;
	return ERR_OK;
}

void
wire_client_free(struct wire_client *client)
{
	if (!client) {
		return;
	}
	const int fds[] = { client->epoll_fd, client->timer_fd, client->event_fd };

	link_close(&client->link);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]); /* nothing is written to them */
		}
	}
	json_decref(client->trouble);
	free(client->person);
	free(client);
}

struct door
wire_client_door(struct wire_client *client)
{
	return (struct door){
		.call = client_call,
		.wake_fd = client->epoll_fd,
		.woke = client_woke,
		.trouble = client_trouble,
		.trial = client->trial,
		.post = client->post,
		.ctx = client,
	};
}

enum err
wire_client_become(struct wire_client *client, const char *person, json_t **ret_error)
{
	struct wire_client before = *client;
	char *name = strdup(person);
	enum err e;

	if (!name) {
		return client_fail(ret_error, "D430");
	}
	client->person = name;
	client->link = (struct link){ .fd = -1,
		.in_fd = -1,
		.waiting = client->options.waiting,
		.since = clock_uptime_ms() };
	client->state = CLIENT_AWAY;
	e = client_reach(client, clock_uptime_ms() + GREET_MS, ret_error);
	if (e != ERR_OK) {
		client->person = before.person;
		client->link = before.link;
		client->state = before.state;
		free(name);
		return e;
	}
	free(before.person);
	link_close(&before.link);
	return ERR_OK;
}
