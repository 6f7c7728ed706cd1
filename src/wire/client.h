/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the client share: its state, and asking.
 */
#ifndef TOBAN_SRC_WIRE_CLIENT_H
#define TOBAN_SRC_WIRE_CLIENT_H

#include "link.h"
#include "toban/base/i18n.h"
#include "toban/wire/client.h"

#define GREET_MS 3000      /* for the welcome */
#define ANSWER_MS 30000    /* for an answer */
#define SLOW_MS 3600000    /* for one that takes long */
#define RETURN_MS 4000     /* for a service that restarts while an answer is waited for */
#define LOOK_MS 50         /* between looks for it */
#define RETRY_FIRST_MS 100 /* between tries of a screen that waits */
#define RETRY_MOST_MS 5000

enum client_state { CLIENT_AWAY, CLIENT_GREETING, CLIENT_OPEN };

struct wire_client {
	struct wire_client_options options;
	char *person;
	enum client_state state;
	struct link link;
	int epoll_fd; /* the door's wake_fd: the link, the timer and the event */
	int timer_fd; /* the next try, or the end of waiting for a welcome */
	int event_fd; /* news that came while an answer was waited for */
	bool changed; /* the record did, or may have */
	int retry_ms;
	int64_t retry_at; /* uptime; a service that hangs is not tried again before */
	json_int_t last_id;
	enum lang lang;  /* which the service was told */
	json_t *trouble; /* why the service cannot be reached; NULL: it can */
	bool trial;      /* as the last welcome said of the desk */
	bool post;       /* as it said of this account: a shared console's */
};

/* --- client.c ------------------------------------------------------------------------ */

/*
 * The connection is over; `error`, borrowed, says why, NULL: nobody answers.  The next try
 * comes after a while that grows with every one in vain.
 */
void client_lose(struct wire_client *client, json_t *error);

/* One try to reach the service, waiting for its welcome until `until`. */
enum err client_reach(struct wire_client *client, int64_t until, json_t **ret_error);

/* Whoever waits at the door hears that there is something new: a change, or only bytes. */
void client_note_change(struct wire_client *client);
void client_ring(const struct wire_client *client);

/* Makes the document of `code` and gives what it stands for. */
enum err client_fail(json_t **ret_error, const char *code);

/* --- client_ask.c ---------------------------------------------------------------------- */

/* The door's call. */
enum err client_call(
	void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error);

#endif
