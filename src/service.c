/* SPDX-License-Identifier: MIT */
/*
 * Who connects is known by the kernel's word: the account of the other end, asked for
 * when it connects, is the login that the desk looks for among its people.
 */
#include "service.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/log.h"
#include "toban/core/org.h"
#include "toban/desk/desk.h"
#include "toban/store/store.h"
#include "toban/wire/error.h"
#include "toban/wire/server.h"
#include "listen.h"
#include "places.h"
#include "worker.h"

/* A second: a child that was forked runs its program long before. */
#define CLAIM_TRIES 100
#define CLAIM_PAUSE_NS 10000000

struct service {
	struct desk_file *file;
	struct listen listen;
	struct wire_host host;
	struct wire_server *server;
	int claim_fd;
};

/* --- for the socket -------------------------------------------------------------------- */

static enum err
open_door(void *ctx, const struct wire_peer *peer, struct door *ret_door, json_t **ret_error)
{
	struct service *service = ctx;
	struct passwd entry;
	struct passwd *found = NULL;
	char names[4096];
	char number[24] = "";

	/* An account without a name is nobody's login; what is refused to it names its number. */
	if (getpwuid_r(peer->uid, &entry, names, sizeof(names), &found) != 0 || !found) {
		found = NULL;
		(void)snprintf(number, sizeof(number), "#%lld", (long long)peer->uid);
	}
	const struct session session = {
		.person = peer->person,
		.login = found ? found->pw_name : number,
		.claimed = peer->person != NULL,
	};
	return desk_door_new(desk_file_desk(service->file), &session, ret_door, ret_error);
}

static void
close_door(void *ctx, struct door *door)
{
	(void)ctx;
	desk_door_free(door);
}

static json_t *
describe(void *ctx)
{
	const struct service *service = ctx;
	const struct org *org = desk_org(desk_file_desk(service->file));

	return json_pack("{s:s, s:b}", "protection", desk_file_protection(service->file), "trial",
		org->trial);
}

static int64_t
written(void *ctx)
{
	const struct service *service = ctx;
	struct store_info info;

	store_info(desk_file_store(service->file), &info);
	return info.written;
}

/*
 * What many people do at the same time.  The rest is rare, slow, or remembers more than the
 * ledger holds, and has its sync for itself.
 */
static bool
shares(void *ctx, const char *method)
{
	static const char *const families[] = { "incident.", "draft.", "me.", "alert.",
		"handover." };
	bool often = false;

	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		often = often || strncmp(method, families[i], strlen(families[i])) == 0;
	}
	for (const struct method *m = desk_methods(); often && m->name; m++) {
		if (strcmp(m->name, method) == 0) {
			return m->kind == METHOD_WRITE;
		}
	}
	return false;
}

static enum err
group_begin(void *ctx)
{
	const struct service *service = ctx;

	return store_group_begin(desk_file_store(service->file));
}

static enum err
group_end(void *ctx)
{
	const struct service *service = ctx;
	enum err e = store_group_end(desk_file_store(service->file));

	if (e != ERR_OK) {
		desk_forget(desk_file_desk(service->file));
	}
	return e;
}

/*
 * What reads all of the record, or lets SQLite check all of its file, is done beside the service:
 * anybody may ask for it.  Files are measured in pieces,
 * one for each call, which go on where the last ended: here.
 */
static bool
slow(void *ctx, const char *method, const json_t *args)
{
	static const char *const always[] = { "ledger.verify", "admin.doctor", "admin.backup" };

	(void)ctx;
	(void)args;
	for (size_t i = 0; i < ARRAY_LEN(always); i++) {
		if (strcmp(method, always[i]) == 0) {
			return true;
		}
	}
	return false;
}

static pid_t
start_worker(void *ctx, const struct door *door, json_t **ret_seat, int *ret_fd)
{
	const struct service *service = ctx;
	pid_t pid = worker_start(desk_file_path(service->file), ret_fd);

	if (pid > 0) {
		*ret_seat = desk_door_seat(door);
	}
	return pid;
}

static json_t *
awaits(void *ctx, const struct door *door)
{
	(void)ctx;
	return desk_door_awaits(door);
}

static pid_t
start_looker(void *ctx, int *ret_fd)
{
	(void)ctx;
	return worker_start(NULL, ret_fd);
}

static void
heard(void *ctx, const struct door *door, const json_t *outcome)
{
	(void)ctx;
	desk_door_heard(door, outcome);
}

static json_t *
withheld(void *ctx, const struct door *door, const json_t *seat)
{
	json_t *now = desk_door_seat(door); /* a post locks here when it is time */
	bool same = now && json_equal(now, seat);
	json_t *result = NULL;
	json_t *error = NULL;

	(void)ctx;
	json_decref(now);
	if (!same && door->call(door->ctx, "session.keep", NULL, &result, &error) == ERR_OK) {
		json_decref(result); /* somebody sits there, and may hear of it */
	}
	return error;
}

static void
end_worker(void *ctx, pid_t pid)
{
	(void)ctx;
	worker_end(pid);
}

static void
speak(void *ctx, enum lang lang)
{
	(void)ctx;
	i18n_speak(lang);
}

/* --- its life ------------------------------------------------------------------------------ */

/*
 * A service that was killed leaves its claim with a child that it was just starting, for the moment
 * until that runs its own program.
 */
static bool
lock_soon(int fd)
{
	const struct timespec pause = { .tv_nsec = CLAIM_PAUSE_NS };

	for (int i = 0; i < CLAIM_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
			return true;
		}
		(void)nanosleep(&pause, NULL); /* a signal shortens it: the next try is sooner */
	}
	return false;
}

/* One service answers for a desk: two would not hear of each other's signatures of the end. */
static enum err
claim(struct service *service, const char *path, json_t **ret_error)
{
	service->claim_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (service->claim_fd < 0 || !lock_soon(service->claim_fd)) {
		*ret_error = wire_error("D439");
		return ERR_EXISTS;
	}
	return ERR_OK;
}

/* What the environment may say of a trial, for practice and for tests, it may not of a desk. */
static enum err
refuse_environment(const struct service_options *options, json_t **ret_error)
{
	const struct org *org = desk_org(desk_file_desk(options->file));

	if (org->trial || (!options->standing && !places_environment("TOBAN_FORMS"))) {
		return ERR_OK;
	}
	*ret_error = door_error("D111", "usage",
		_("A service takes neither its time nor its definitions from the environment."),
		_("Unset TOBAN_NOW and TOBAN_FORMS; a site's definitions are read from "
		  "/etc/toban/forms."));
	return ERR_INVALID;
}

static enum err
serve(struct service *service, const char *socket, json_t **ret_error)
{
	enum err e = socket ? listen_make(socket, &service->listen, ret_error)
			    : listen_take(&service->listen, ret_error);

	if (e == ERR_OK) {
		e = wire_server_new(service->listen.fd, &service->host, &service->server);
	}
	return e;
}

enum err
service_start(
	const struct service_options *options, struct service **ret_service, json_t **ret_error)
{
	struct service *service = calloc(1, sizeof(*service));
	enum err e;

	if (!service) {
		return ERR_NOMEM;
	}
	*service = (struct service){
		.file = options->file,
		.listen = LISTEN_NONE,
		.claim_fd = -1,
		.host = {
			.open = open_door,
			.close = close_door,
			.describe = describe,
			.written = written,
			.shares = shares,
			.group_begin = group_begin,
			.group_end = group_end,
			.slow = slow,
			.worker_start = start_worker,
			.withheld = withheld,
			.worker_end = end_worker,
			.awaits = awaits,
			.looker_start = start_looker,
			.heard = heard,
			.speak = speak,
			.ctx = service,
		},
	};
	e = refuse_environment(options, ret_error);
	if (e == ERR_OK) {
		e = claim(service, options->claim_path, ret_error);
	}
	if (e == ERR_OK) {
		e = serve(service, options->socket, ret_error);
	}
	if (e != ERR_OK) {
		service_stop(service);
		return e;
	}
	*ret_service = service;
	return ERR_OK;
}

int
service_fd(const struct service *service)
{
	return service ? wire_server_fd(service->server) : -1;
}

bool
service_turn(struct service *service)
{
	return wire_server_turn(service->server);
}

void
service_changed(struct service *service)
{
	if (service) {
		wire_server_changed(service->server);
	}
}

void
service_stop(struct service *service)
{
	if (!service) {
		return;
	}
	if (service->server) {
		listen_forget(&service->listen);
	}
	wire_server_free(service->server);
	if (service->claim_fd >= 0) {
		(void)close(service->claim_fd); /* gives back the claim */
	}
	free(service);
}
