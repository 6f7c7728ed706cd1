/* SPDX-License-Identifier: MIT */
/*
 * Talking to ssh-agent: one connection for each question, so that nothing is left open.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "toban/base/clock.h"
#include "toban/base/text.h"

enum {
	REQUEST_IDENTITIES = 11,
	IDENTITIES_ANSWER = 12,
	SIGN_REQUEST = 13,
	SIGN_RESPONSE = 14,
	FAILURE = 5,
	EXTENSION_FAILURE = 28,
};

#define FRAME_MOST (256u * 1024)
#define KEYS_MOST 256

/* --- the socket ---------------------------------------------------------------------------- */

struct line {
	int fd;
	const struct waiting *waiting;
	int64_t since; /* uptime, as `until` */
	int64_t until;
};

/* Waits until the socket can be read or written; false: time is up, or nobody waits any more. */
static bool
wait_for(const struct line *line, short events)
{
	return waiting_poll(line->waiting, line->fd, events, line->since, line->until) ==
		WAITED_READY;
}

/* Only a socket of a path: no agent, or nobody behind it. */
static enum signer_fault
line_open(const struct agent *agent, int patience_ms, struct line *ret_line)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = agent->path;
	struct line line = { .waiting = agent->waiting, .since = clock_uptime_ms() };

	line.until = line.since + patience_ms;
	if (!path || strlen(path) >= sizeof(address.sun_path)) {
		return SIGNER_NO_AGENT;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	line.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (line.fd < 0) {
		return SIGNER_NOMEM;
	}
	/* A full queue answers EAGAIN at once: an agent that takes nobody on is none. */
	if (connect(line.fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)close(line.fd); /* nothing was written */
		return SIGNER_NO_AGENT;
	}
	*ret_line = line;
	return SIGNER_OK;
}

static bool
line_send(const struct line *line, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n;

		if (!wait_for(line, POLLOUT)) {
			return false;
		}
		n = send(line->fd, data, len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
			continue;
		}
		if (n <= 0) {
			return false;
		}
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
line_take(const struct line *line, struct str *out, size_t len)
{
	char block[4096];

	while (len > 0) {
		ssize_t n;

		if (!wait_for(line, POLLIN)) {
			return false;
		}
		n = recv(line->fd, block, len < sizeof(block) ? len : sizeof(block), 0);
		if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
			continue;
		}
		if (n <= 0) {
			return false;
		}
		str_add_n(out, block, (size_t)n);
		len -= (size_t)n;
	}
	return !out->failed;
}

/* Sends one message and takes one answer, its length left out. */
static enum signer_fault
ask(const struct agent *agent, int patience_ms, const struct str *message, struct str *ret_answer)
{
	struct str frame = STR_INIT;
	struct str head = STR_INIT;
	struct line line;
	enum signer_fault fault = line_open(agent, patience_ms, &line);

	if (fault) {
		return fault;
	}
	ssh_add_string(&frame, str_text(message), message->len);
	fault = frame.failed ? SIGNER_NOMEM : SIGNER_AGENT_BROKEN;
	if (!frame.failed && line_send(&line, frame.data, frame.len) &&
		line_take(&line, &head, 4)) {
		struct ssh_reader reader = { (const uint8_t *)head.data, head.len, false };
		size_t len = ssh_take_number(&reader);

		if (len > 0 && len <= FRAME_MOST && line_take(&line, ret_answer, len)) {
			fault = SIGNER_OK;
		}
	}
	(void)close(line.fd); /* what was to be read was read */
	str_release(&frame);
	str_release(&head);
	return fault;
}

/* --- messages --------------------------------------------------------------------------------- */

/* A comment that can be stored and shown; others are left out. */
static const char *
keep_comment(struct arena *arena, struct ssh_bytes comment)
{
	bool fits = comment.len <= 200 && text_input_ok(comment.data, comment.len, NULL) &&
		!memchr(comment.data, '\n', comment.len) && !memchr(comment.data, 0, comment.len);

	return fits ? arena_strndup(arena, comment.data, comment.len) : "";
}

static enum signer_fault
read_keys(
	struct ssh_reader *reader, struct arena *arena, struct agent_key **ret_keys, size_t *ret_n)
{
	struct agent_key *keys = NULL;
	size_t cap = 0;
	size_t n = 0;
	uint32_t left = ssh_take_number(reader);

	for (; left > 0 && !reader->failed && n < KEYS_MOST; left--) {
		struct ssh_bytes blob = ssh_take_string(reader);
		struct ssh_bytes comment = ssh_take_string(reader);
		struct ssh_public key;

		if (reader->failed || ssh_public_of_blob(blob, &key) != SSH_OK) {
			continue; /* another kind of key */
		}
		keys = arena_extend(arena, keys, n, &cap, sizeof(*keys));
		if (!keys) {
			return SIGNER_NOMEM;
		}
		keys[n] = (struct agent_key){ key, keep_comment(arena, comment) };
		if (!keys[n++].comment) {
			return SIGNER_NOMEM;
		}
	}
	if (reader->failed) {
		return SIGNER_AGENT_BROKEN;
	}
	*ret_keys = keys;
	*ret_n = n;
	return SIGNER_OK;
}

enum signer_fault
agent_list(
	const struct agent *agent, struct arena *arena, struct agent_key **ret_keys, size_t *ret_n)
{
	struct str message = STR_INIT;
	struct str answer = STR_INIT;
	enum signer_fault fault;

	str_add_char(&message, REQUEST_IDENTITIES);
	fault = ask(agent, agent->patience.list_ms, &message, &answer);
	if (!fault) {
		struct ssh_reader reader = { (const uint8_t *)answer.data, answer.len, false };

		fault = SIGNER_AGENT_BROKEN;
		if (ssh_take_byte(&reader) == IDENTITIES_ANSWER) {
			fault = read_keys(&reader, arena, ret_keys, ret_n);
		}
	}
	str_release(&message);
	str_release(&answer);
	return fault;
}

/* The signature of an answer, if it is one of this text by this key. */
static enum signer_fault
read_signature(const struct str *answer, struct ssh_bytes text, struct sshsig *sig)
{
	struct ssh_reader reader = { (const uint8_t *)answer->data, answer->len, false };
	uint8_t kind = ssh_take_byte(&reader);
	struct ssh_bytes blob = ssh_take_string(&reader);

	if (kind == FAILURE || kind == EXTENSION_FAILURE) {
		return SIGNER_AGENT_REFUSED;
	}
	if (kind != SIGN_RESPONSE || !ssh_reader_done(&reader) ||
		ssh_signature_of_blob(blob, sig->bytes) != SSH_OK ||
		sshsig_check(sig, SSHSIG_NAMESPACE, text) != SSH_OK) {
		return SIGNER_AGENT_BROKEN;
	}
	return SIGNER_OK;
}

enum signer_fault
agent_sign(const struct agent *agent, const struct ssh_public *key, struct ssh_bytes text,
	struct sshsig *ret_sig)
{
	struct sshsig sig = { .key = *key, .namespace = SSHSIG_NAMESPACE, .hash = SSHSIG_SHA512 };
	struct str message = STR_INIT;
	struct str blob = STR_INIT;
	struct str answer = STR_INIT;
	enum signer_fault fault = SIGNER_NOMEM;

	str_add_char(&message, SIGN_REQUEST);
	ssh_public_blob(key, &blob);
	ssh_add_string(&message, str_text(&blob), blob.len);
	str_clear(&blob);
	sshsig_blob_to_sign(SSHSIG_NAMESPACE, sig.hash, text, &blob);
	ssh_add_string(&message, str_text(&blob), blob.len);
	ssh_add_number(&message, 0); /* no flags */
	if (!message.failed && !blob.failed) {
		fault = ask(agent, agent->patience.sign_ms, &message, &answer);
	}
	if (!fault) {
		fault = read_signature(&answer, text, &sig);
	}
	if (!fault) {
		*ret_sig = sig;
	}
	str_release(&message);
	str_release(&blob);
	str_release(&answer);
	return fault;
}
