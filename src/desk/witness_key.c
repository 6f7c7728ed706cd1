/* SPDX-License-Identifier: MIT */
/*
 * The desk's own key: a file beside the desk, or a credential of the service manager, and
 * its public part in the ledger (subject "keys", kind "desk-key").
 */
#include "witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys.h"
#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/log.h"
#include "toban/base/sign_key.h"

#define LINE_MOST 128
#define TRIES 20

/* --- the file ---------------------------------------------------------------------------- */

/* A credential may belong to root and be read by its group; the desk's own file may not. */
static bool
is_safe(int fd, bool own)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		return false;
	}
	return !own || (st.st_uid == geteuid() && (st.st_mode & 077) == 0);
}

/* ERR_NOT_FOUND: there is no such file. */
static enum err
read_key(const char *path, bool own, struct sign_key **ret_key, const char **ret_why)
{
	char line[LINE_MOST] = "";
	size_t len = sizeof(line) - 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	enum err e;

	if (fd < 0) {
		*ret_why = "the key of the desk cannot be opened";
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	e = is_safe(fd, own) ? fd_read_all(fd, line, len, &len) : ERR_DENIED;
	(void)close(fd); /* only read */
	if (e == ERR_DENIED) {
		*ret_why = "the key of the desk is not safe: others can read it, it is not the "
			   "service's own, or it is a link";
	} else if (e) {
		*ret_why = "the key of the desk cannot be read";
	} else {
		e = sign_key_read(line, ret_key);
		*ret_why = "the key of the desk is damaged";
	}
	explicit_bzero(line, sizeof(line));
	return e;
}

/* Under another name first, so that no half of a key is ever found. */
static enum err
write_key(struct call *call, const char *path, const struct sign_key *key)
{
	char *temporary = arena_printf(call->arena, "%s.XXXXXX", path);
	const char *slash = strrchr(path, '/');
	const char *folder = slash
		? arena_strndup(call->arena, path, (size_t)(slash - path) + (slash == path))
		: ".";
	struct str line = STR_INIT;
	int fd = temporary && folder ? mkostemp(temporary, O_CLOEXEC) : -1; /* mode 0600 */
	enum err e = fd >= 0 ? ERR_OK : ERR_IO;

	sign_key_write(key, &line);
	if (!e) {
		e = line.failed ? ERR_NOMEM : fd_write_all(fd, line.data, line.len);
	}
	if (!e && fsync(fd) != 0) {
		e = fd_err(errno);
	}
	if (fd >= 0) {
		(void)close(fd); /* what counts was synced */
	}
	/* Not over a key that somebody else made meanwhile. */
	if (!e && link(temporary, path) != 0) {
		e = errno == EEXIST ? ERR_EXISTS : fd_err(errno);
	}
	if (fd >= 0) {
		(void)unlink(temporary); /* the key has its name, or none was made */
	}
	if (line.data) {
		explicit_bzero(line.data, line.cap);
	}
	str_release(&line);
	return e ? e : fd_sync_folder(folder);
}

static enum err
make_key(struct call *call, const char *path, struct sign_key **ret_key, const char **ret_why)
{
	struct sign_key *key = NULL;
	enum err e = sign_key_new(&key);

	*ret_why = "no key of the desk can be made: no memory can be locked";
	if (!e) {
		e = write_key(call, path, key);
		*ret_why = "no key of the desk can be made: its file cannot be written";
	}
	if (e == ERR_EXISTS) {
		sign_key_free(key);
		return read_key(path, true, ret_key, ret_why);
	}
	if (e) {
		sign_key_free(key);
		return e;
	}
	*ret_key = key;
	return ERR_OK;
}

static enum err
open_key(struct call *call, struct sign_key **ret_key, const char **ret_why)
{
	const struct witness_parts *parts = &call->desk->parts.witness;
	enum err e = parts->key_given ? read_key(parts->key_given, false, ret_key, ret_why)
				      : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND && parts->key_path) {
		e = read_key(parts->key_path, true, ret_key, ret_why);
	}
	if (e == ERR_NOT_FOUND && parts->key_path) {
		e = make_key(call, parts->key_path, ret_key, ret_why);
	}
	return e;
}

/* --- the ledger --------------------------------------------------------------------------- */

static enum err
record_key(struct call *call, const struct ssh_public *public, const char *fingerprint)
{
	struct event_list newest = { NULL, 0 };
	struct str line = STR_INIT;
	char id[NEW_ID_SIZE];
	json_t *body;
	char *text;
	struct event event;
	struct store_batch batch = { .events = &event, .n_events = 1 };
	enum err e = store_subject_newest(call->store, call->arena, SUBJECT_KEYS, 1, &newest);

	random_id(call->now, id);
	ssh_public_line(public, NULL, &line);
	body = json_pack("{s:s, s:s}", "fingerprint", fingerprint, "public", str_text(&line));
	text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	event = (struct event){ .id = id,
		.subject = SUBJECT_KEYS,
		.subject_seq = newest.n ? newest.items[0].subject_seq + 1 : 1,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = ACTOR_DESK,
		.post = "",
		.kind = KEY_OF_DESK,
		.form = "",
		.form_version = "",
		.body = text };
	e = e ? e : text && !line.failed ? store_commit(call->store, &batch) : ERR_NOMEM;
	free(text);
	json_decref(body);
	str_release(&line);
	return e;
}

/* The ledger names the key that is in use now; another one before it stays good for its ends. */
static enum err
see_recorded(struct call *call, const struct sign_key *key)
{
	struct ssh_public public;
	char fingerprint[SSH_FINGERPRINT_SIZE];
	enum err e = ERR_CONFLICT;

	sign_key_public(key, &public);
	ssh_fingerprint(&public, fingerprint);
	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		struct keys keys;
		const struct key_book *book = &keys.book;

		e = keys_read(call, call->arena, &keys);
		if (e ||
			(book->n_desk_keys &&
				ssh_public_same(
					&book->desk_keys[book->n_desk_keys - 1].public, &public))) {
			return e;
		}
		e = record_key(call, &public, fingerprint);
	}
	return e;
}

enum err
witness_key(struct call *call, struct sign_key **ret_key, const char **ret_why)
{
	struct sign_key *key = NULL;
	enum err e = open_key(call, &key, ret_why);

	if (e) {
		return e;
	}
	*ret_why = NULL;
	e = see_recorded(call, key);
	if (e) {
		sign_key_free(key);
		return e;
	}
	*ret_key = key;
	return ERR_OK;
}
