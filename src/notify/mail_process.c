/* SPDX-License-Identifier: MIT */
/*
 * Mails under way, each in a process of its own: see mail.h.  The request goes
 * by a file in memory that only the two processes have (it may hold a
 * password, which arguments and environment would show to others); the outcome
 * comes back as one line.  A process that keeps silent is killed.
 */
#include "mail.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/fd.h"
#include "toban/base/text.h"

/* Beyond the process's own limit: it is given time to say that it gave up. */
#define KILL_AFTER_MS 1000

/* To say goodbye to the server after the outcome is known. */
#define LEAVE_MS 3000

/* An outcome is one line: an answer of 4 KiB in JSON's longest spelling fits. */
#define OUTCOME_MOST (64 * 1024)

extern char **environ;

struct mail_slot {
	pid_t pid;    /* 0: free */
	int fd;       /* the outcome comes here; -1: it was taken, the process is leaving */
	int64_t kill_at; /* on clock_steady_ms() */
	struct str got;
	void *owner;
};

struct mails {
	const char *program;
	int timeout_ms;
	struct mail_slot slots[MAIL_SLOTS];
	struct str shown; /* what the last mails_take() gave out */
};

/* --- starting ------------------------------------------------------------------------ */

static void
wipe_release(struct str *text)
{
	if (text->data != NULL) {
		explicit_bzero(text->data, text->cap);
	}
	str_release(text);
}

static enum err
request_write(const struct mail_request *request, int timeout_ms, int fd)
{
	json_t *document = json_pack("{s:i, s:i, s:s, s:s, s:s, s:s*, s:s*, s:s, s:b, s:b}",
		"parent", (int)getpid(), "timeout_ms", timeout_ms, "server", request->server,
		"from", request->from, "to", request->to, "user", request->user, "password",
		request->user != NULL ? request->password : NULL, "text", request->text, "plain",
		request->plain, "allow_private", request->allow_private);
	size_t len = document != NULL ? json_dumpb(document, NULL, 0, JSON_COMPACT) : 0;
	char *text = len > 0 ? malloc(len) : NULL;
	enum err e = ERR_NOMEM;

	if (text != NULL && json_dumpb(document, text, len, JSON_COMPACT) == len) {
		e = fd_write_all(fd, text, len);
		explicit_bzero(text, len);
	}
	if (e == ERR_OK && lseek(fd, 0, SEEK_SET) != 0) {
		e = ERR_IO;
	}
	free(text);
	json_decref(document);
	return e;
}

/* In a group of its own: an interrupt from the keyboard is the sender's to handle. */
static enum err
process_start(const char *program, int in, int out, pid_t *ret_pid)
{
	char name[] = "toban-sender";
	char option[] = "--mail";
	char *const args[] = { name, option, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int bad;

	if (posix_spawn_file_actions_init(&actions) != 0) {
		return ERR_NOMEM;
	}
	if (posix_spawnattr_init(&attributes) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions); /* it is valid */
		return ERR_NOMEM;
	}
	(void)sigemptyset(&none); /* cannot fail */
	bad = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) != 0 ||
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0 ||
		posix_spawnattr_setsigmask(&attributes, &none) != 0 ||
		posix_spawnattr_setpgroup(&attributes, 0) != 0 ||
		posix_spawnattr_setflags(
			&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP) != 0 ||
		posix_spawn(ret_pid, program, &actions, &attributes, args, environ) != 0;
	(void)posix_spawnattr_destroy(&attributes); /* both are valid */
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad ? ERR_IO : ERR_OK;
}

static void
close_both(const int fds[2])
{
	for (size_t i = 0; i < 2; i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]); /* a pipe: nothing can be lost */
		}
	}
}

static enum err
slot_start(struct mails *mails, struct mail_slot *slot, const struct mail_request *request)
{
	int request_fd = memfd_create("toban-mail", MFD_CLOEXEC);
	int outcome[2] = { -1, -1 };
	enum err e = request_fd >= 0 && pipe2(outcome, O_CLOEXEC | O_NONBLOCK) == 0 ? ERR_OK
										    : ERR_IO;

	if (e == ERR_OK) {
		e = request_write(request, mails->timeout_ms, request_fd);
	}
	if (e == ERR_OK) {
		e = process_start(mails->program, request_fd, outcome[1], &slot->pid);
	}
	if (request_fd >= 0) {
		(void)close(request_fd); /* in memory, and the process has its own */
	}
	if (e != ERR_OK) {
		close_both(outcome);
		slot->pid = 0;
		return e;
	}
	(void)close(outcome[1]); /* the process has its own */
	slot->fd = outcome[0];
	slot->kill_at = clock_steady_ms() + mails->timeout_ms + KILL_AFTER_MS;
	slot->owner = request->owner;
	str_clear(&slot->got);
	return ERR_OK;
}

/* --- outcomes -------------------------------------------------------------------------- */

/* Reads what there is; true when the line is whole or no more will come. */
static bool
slot_read(struct mail_slot *slot)
{
	char piece[4096];
	ssize_t n = read(slot->fd, piece, sizeof(piece));

	while (n > 0 && slot->got.len < OUTCOME_MOST) {
		str_add_n(&slot->got, piece, (size_t)n);
		n = read(slot->fd, piece, sizeof(piece));
	}
	return n == 0 || slot->got.len >= OUTCOME_MOST ||
		(n < 0 && errno != EAGAIN && errno != EINTR) ||
		strchr(str_text(&slot->got), '\n') != NULL;
}

/* What the process said; a broken line is a failed exchange. */
static void
slot_outcome(const struct mail_slot *slot, struct str *shown, struct attempt *ret_attempt)
{
	const char *text = str_text(&slot->got);
	json_t *document = json_loadb(text, strcspn(text, "\n"), 0, NULL);
	const char *answer = json_string_value(json_object_get(document, "answer"));
	const json_t *status = json_object_get(document, "status");

	str_clear(shown);
	*ret_attempt = (struct attempt){ .transport = ERR_IO, .retry_after_ms = -1 };
	if (answer != NULL && json_is_integer(status)) {
		str_add(shown, answer);
		ret_attempt->status = (int)json_integer_value(status);
		ret_attempt->permanent = json_is_true(json_object_get(document, "permanent"));
		ret_attempt->transport =
			json_is_true(json_object_get(document, "answered")) ? ERR_OK : ERR_IO;
	} else {
		str_add(shown, "the exchange took too long or broke off");
	}
	ret_attempt->answer = str_text(shown);
	json_decref(document);
}

/* The process may still say goodbye; how it ends does not matter any more. */
static void
slot_leave(struct mail_slot *slot)
{
	(void)close(slot->fd); /* only read from */
	slot->fd = -1;
	wipe_release(&slot->got);
	slot->owner = NULL;
	if (slot->kill_at > clock_steady_ms() + LEAVE_MS) {
		slot->kill_at = clock_steady_ms() + LEAVE_MS;
	}
}

static void
slot_kill(struct mail_slot *slot)
{
	(void)kill(slot->pid, SIGKILL);             /* it is ours and not yet waited for */
	(void)waitpid(slot->pid, &(int){ 0 }, 0); /* at once: it cannot refuse */
	slot->pid = 0;
}

/* Frees the places of processes that left, or that will not. */
static void
mails_sweep(struct mails *mails)
{
	for (size_t i = 0; i < ARRAY_LEN(mails->slots); i++) {
		struct mail_slot *slot = &mails->slots[i];

		if (slot->pid == 0 || slot->fd >= 0) {
			continue;
		}
		if (waitpid(slot->pid, &(int){ 0 }, WNOHANG) == slot->pid) {
			slot->pid = 0;
		} else if (clock_steady_ms() >= slot->kill_at) {
			slot_kill(slot);
		}
	}
}

/* --- public ---------------------------------------------------------------------------- */

enum err
mails_new(const char *program, int timeout_ms, struct mails **ret_mails)
{
	struct mails *mails = calloc(1, sizeof(*mails));

	if (mails == NULL) {
		return ERR_NOMEM;
	}
	mails->program = program;
	mails->timeout_ms = timeout_ms;
	*ret_mails = mails;
	return ERR_OK;
}

void
mails_free(struct mails *mails)
{
	if (mails == NULL) {
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(mails->slots); i++) {
		struct mail_slot *slot = &mails->slots[i];

		if (slot->pid != 0) {
			slot_kill(slot);
			if (slot->fd >= 0) {
				(void)close(slot->fd); /* only read from */
			}
		}
		wipe_release(&slot->got);
	}
	str_release(&mails->shown);
	free(mails);
}

size_t
mails_busy(const struct mails *mails)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(mails->slots); i++) {
		n += mails->slots[i].pid != 0;
	}
	return n;
}

enum err
mails_start(struct mails *mails, const struct mail_request *request)
{
	if (mails->program == NULL) {
		return ERR_UNSUPPORTED;
	}
	mails_sweep(mails);
	for (size_t i = 0; i < ARRAY_LEN(mails->slots); i++) {
		if (mails->slots[i].pid == 0) {
			return slot_start(mails, &mails->slots[i], request);
		}
	}
	return ERR_BUSY;
}

size_t
mails_fds(const struct mails *mails, int *fds, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(mails->slots) && n < most; i++) {
		if (mails->slots[i].pid != 0 && mails->slots[i].fd >= 0) {
			fds[n++] = mails->slots[i].fd;
		}
	}
	return n;
}

int
mails_patience(const struct mails *mails, int most)
{
	int64_t now = clock_steady_ms();
	int64_t least = most;

	for (size_t i = 0; i < ARRAY_LEN(mails->slots); i++) {
		const struct mail_slot *slot = &mails->slots[i];

		if (slot->pid != 0 && slot->kill_at - now < least) {
			least = slot->kill_at > now ? slot->kill_at - now : 0;
		}
	}
	return (int)least;
}

bool
mails_take(struct mails *mails, void **ret_owner, struct attempt *ret_attempt)
{
	mails_sweep(mails);
	for (size_t i = 0; i < ARRAY_LEN(mails->slots); i++) {
		struct mail_slot *slot = &mails->slots[i];
		bool late = slot->pid != 0 && clock_steady_ms() >= slot->kill_at;

		if (slot->pid == 0 || slot->fd < 0 || (!slot_read(slot) && !late)) {
			continue;
		}
		slot_outcome(slot, &mails->shown, ret_attempt);
		*ret_owner = slot->owner;
		slot_leave(slot);
		if (late) {
			slot_kill(slot);
		}
		return true;
	}
	return false;
}
