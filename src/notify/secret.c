/* SPDX-License-Identifier: MIT */
/*
 * The secrets of targets: a small JSON object in a file of its own,
 * {"target": "whsec_…", "mail": "smtp:…"}, readable by its owner alone, replaced as a whole so
 * that a crash leaves either the old or the new one.  Kept out of the database
 * on purpose: the database is copied, backed up and shown to auditors.
 *
 * The texts lie in locked memory and are wiped before it is given back.  What stays out of reach is
 * the scratch buffer of the JSON reader; the sender therefore forbids core files.
 */
#include "toban/notify/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/locked.h"

#include "secret_key.h"

/* A file larger than this was not written by us. */
#define FILE_MOST (1024 * 1024)

struct secret {
	char *target;
	char *text;
};

/* One file and what was in it. */
struct secret_file {
	char *path; /* NULL: none */
	struct secret *items;
	size_t n;
	enum err fault; /* why it was refused, and counts as empty; ERR_OK: it was not */
};

struct secrets {
	struct secret_file own;   /* without a path in memory only */
	struct secret_file given; /* only read */
};

/* A text that is never swapped out, and wiped before its memory is given back. */
static char *
locked_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = locked_new(size);

	if (copy != NULL) {
		memcpy(copy, text, size);
	}
	return copy;
}

static void
items_free(struct secret *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(items[i].target);
		locked_free(items[i].text);
	}
	free(items);
}

/* --- reading ------------------------------------------------------------------ */

/*
 * systemd hands a credential over as a file of root, or of the account itself,
 * that the account alone may read; the entry that allows it (an ACL) shows up
 * as the group's right to read.
 */
static bool
file_is_given(const struct stat *st)
{
	mode_t foreign = S_IWGRP | S_IXGRP | S_IRWXO | (st->st_uid == 0 ? 0 : S_IRGRP);

	return S_ISREG(st->st_mode) && (st->st_uid == 0 || st->st_uid == geteuid()) &&
		(st->st_mode & foreign) == 0;
}

static bool
file_is_private(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink == 1 &&
		(st->st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/* Wipes the strings of a document that held secrets, then drops it. */
static void
document_free(json_t *document)
{
	const char *key;
	json_t *value;

	json_object_foreach(document, key, value)
	{
		const char *text = json_string_value(value);
		char *writable;

		if (text != NULL) {
			/* The document is ours alone and dies here: writing is sound. */
			memcpy(&writable, &text, sizeof(writable));
			explicit_bzero(writable, json_string_length(value));
		}
	}
	json_decref(document);
}

static enum err
items_from_document(json_t *document, struct secret **ret_items, size_t *ret_n)
{
	struct secret *items;
	size_t n = 0;
	const char *key;
	json_t *value;

	if (!json_is_object(document)) {
		return ERR_CORRUPT;
	}
	items = calloc(json_object_size(document) + 1, sizeof(*items));
	if (items == NULL) {
		return ERR_NOMEM;
	}
	json_object_foreach(document, key, value)
	{
		if (!secret_is_valid(json_string_value(value))) {
			items_free(items, n);
			return ERR_CORRUPT;
		}
		items[n].target = strdup(key);
		items[n].text = locked_text(json_string_value(value));
		n++;
		if (items[n - 1].target == NULL || items[n - 1].text == NULL) {
			items_free(items, n);
			return ERR_NOMEM;
		}
	}
	*ret_items = items;
	*ret_n = n;
	return ERR_OK;
}

static enum err
items_read(int fd, struct secret **ret_items, size_t *ret_n)
{
	char *data = malloc(FILE_MOST);
	size_t len;

	if (data == NULL) {
		return ERR_NOMEM;
	}

	enum err err = fd_read_all(fd, data, FILE_MOST, &len);

	if (err == ERR_OK) {
		json_t *document = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);

		err = items_from_document(document, ret_items, ret_n);
		if (document != NULL) {
			document_free(document);
		}
		explicit_bzero(data, len);
	}
	free(data);
	return err;
}

/* No such file is an empty set. */
static enum err
items_load(const char *path, bool given, struct secret **ret_items, size_t *ret_n)
{
	/* A FIFO or a device in this place must not hang us before it is refused. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	enum err err = ERR_DENIED;

	if (fd < 0 && errno == ENOENT) {
		*ret_items = NULL;
		*ret_n = 0;
		return ERR_OK;
	}
	if (fd < 0) {
		return errno == ELOOP || errno == EACCES || errno == ENXIO ? ERR_DENIED : ERR_IO;
	}
	if (fstat(fd, &st) != 0) {
		err = ERR_IO;
	} else if (given ? file_is_given(&st) : file_is_private(&st)) {
		err = st.st_size >= FILE_MOST ? ERR_CORRUPT : items_read(fd, ret_items, ret_n);
	}
	(void)close(fd); /* only read from: nothing can be lost */
	return err;
}

/* --- writing ------------------------------------------------------------------ */

static enum err
write_whole(int fd, const char *data, size_t len)
{
	enum err err = fd_write_all(fd, data, len);

	return err != ERR_OK || fsync(fd) == 0 ? err : fd_err(errno);
}

static enum err
directory_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
	char *directory = len == 0 ? strdup(".") : strndup(path, len);

	if (directory == NULL) {
		return ERR_NOMEM;
	}

	enum err err = fd_sync_folder(directory);

	free(directory);
	return err;
}

/* Writes `data` beside `path` and renames it into place. */
static enum err
file_replace(const char *path, const char *data, size_t len)
{
	struct str temporary = STR_INIT;

	str_addf(&temporary, "%s.new", path);
	if (temporary.failed) {
		str_release(&temporary);
		return ERR_NOMEM;
	}
	/* The lock is ours: what lies here was left by a program that died. */
	(void)unlink(temporary.data);

	int fd = open(temporary.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum err err = fd >= 0 ? write_whole(fd, data, len) : fd_err(errno);

	if (fd >= 0 && close(fd) != 0 && err == ERR_OK) {
		err = fd_err(errno);
	}
	if (err == ERR_OK && rename(temporary.data, path) != 0) {
		err = fd_err(errno);
	}
	if (err == ERR_OK) {
		err = directory_sync(path);
	} else if (fd >= 0) {
		(void)unlink(temporary.data); /* the old file stands; this is tidying up */
	}
	str_release(&temporary);
	return err;
}

static json_t *
document_of_items(const struct secret *items, size_t n)
{
	json_t *document = json_object();

	for (size_t i = 0; document != NULL && i < n; i++) {
		if (json_object_set_new(document, items[i].target, json_string(items[i].text)) !=
			0) {
			document_free(document);
			return NULL;
		}
	}
	return document;
}

static enum err
items_save(const char *path, const struct secret *items, size_t n)
{
	const size_t flags = JSON_SORT_KEYS | JSON_INDENT(2);
	json_t *document = document_of_items(items, n);
	enum err err = ERR_NOMEM;

	if (document == NULL) {
		return ERR_NOMEM;
	}

	/* Measured first, so that no growing buffer leaves copies behind. */
	size_t len = json_dumpb(document, NULL, 0, flags);
	char *data = len > 0 ? malloc(len + 1) : NULL;

	if (data != NULL && json_dumpb(document, data, len, flags) == len) {
		data[len] = '\n';
		err = file_replace(path, data, len + 1);
		explicit_bzero(data, len + 1);
	}
	free(data);
	document_free(document);
	return err;
}

/* Serialises changes of several programs; dies with the process. */
static int
change_lock(const char *path)
{
	struct str name = STR_INIT;
	int fd = -1;

	str_addf(&name, "%s.lock", path);
	if (!name.failed) {
		fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	}
	str_release(&name);
	while (fd >= 0 && flock(fd, LOCK_EX) != 0) {
		if (errno != EINTR) {
			(void)close(fd); /* holds nothing */
			return -1;
		}
	}
	return fd;
}

static struct secret *
items_find(struct secret *items, size_t n, const char *target)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(items[i].target, target) == 0) {
			return &items[i];
		}
	}
	return NULL;
}

static void
items_drop(struct secret *items, size_t *n, const char *target)
{
	struct secret *item = items_find(items, *n, target);

	if (item == NULL) {
		return;
	}
	free(item->target);
	locked_free(item->text);
	*item = items[--*n];
}

/* Sets or removes one in the set, which is grown when needed. */
static enum err
items_put(struct secret **items, size_t *n, const char *target, const char *secret)
{
	items_drop(*items, n, target);
	if (secret == NULL) {
		return ERR_OK;
	}

	/* Only pointers move here; the secret texts stay where they are. */
	struct secret *grown = realloc(*items, (*n + 1) * sizeof(*grown));

	if (grown == NULL) {
		return ERR_NOMEM;
	}
	*items = grown;

	struct secret item = { .target = strdup(target), .text = locked_text(secret) };

	if (item.target == NULL || item.text == NULL) {
		free(item.target);
		locked_free(item.text);
		return ERR_NOMEM;
	}
	grown[(*n)++] = item;
	return ERR_OK;
}

/* --- public -------------------------------------------------------------------- */

enum err
secrets_open(const char *path, struct secrets **ret_secrets)
{
	return secrets_open_given(path, NULL, ret_secrets);
}

enum err
secrets_open_given(const char *path, const char *given, struct secrets **ret_secrets)
{
	struct secrets *secrets = NULL;
	const char *refused;
	enum err err = secrets_open_usable(path, given, &secrets);

	if (err == ERR_OK) {
		err = secrets_fault(secrets, &refused);
	}
	if (err != ERR_OK) {
		secrets_close(secrets);
		return err;
	}
	*ret_secrets = secrets;
	return ERR_OK;
}

enum err
secrets_open_usable(const char *path, const char *given, struct secrets **ret_secrets)
{
	struct secrets *secrets = calloc(1, sizeof(*secrets));

	if (secrets == NULL) {
		return ERR_NOMEM;
	}
	secrets->own.path = path != NULL ? strdup(path) : NULL;
	secrets->given.path = given != NULL ? strdup(given) : NULL;
	if ((path != NULL && secrets->own.path == NULL) ||
		(given != NULL && secrets->given.path == NULL) ||
		secrets_reload(secrets) != ERR_OK) {
		secrets_close(secrets);
		return ERR_NOMEM;
	}
	*ret_secrets = secrets;
	return ERR_OK;
}

/* Reads the file anew; one that is refused becomes an empty set. */
static enum err
file_load(struct secret_file *file, bool given)
{
	struct secret_file fresh = { .path = file->path };

	fresh.fault = items_load(file->path, given, &fresh.items, &fresh.n);
	if (fresh.fault == ERR_NOMEM) {
		return ERR_NOMEM;
	}
	items_free(file->items, file->n);
	*file = fresh;
	return ERR_OK;
}

enum err
secrets_reload(struct secrets *secrets)
{
	struct secret_file *files[] = { &secrets->own, &secrets->given };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (files[i]->path != NULL &&
			file_load(files[i], files[i] == &secrets->given) != ERR_OK) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

enum err
secrets_fault(const struct secrets *secrets, const char **ret_path)
{
	const struct secret_file *file =
		secrets->own.fault != ERR_OK ? &secrets->own : &secrets->given;

	*ret_path = file->path;
	return file->fault;
}

void
secrets_close(struct secrets *secrets)
{
	if (secrets != NULL) {
		items_free(secrets->own.items, secrets->own.n);
		items_free(secrets->given.items, secrets->given.n);
		free(secrets->own.path);
		free(secrets->given.path);
		free(secrets);
	}
}

const char *
secrets_get(const struct secrets *secrets, const char *target)
{
	const struct secret *item = items_find(secrets->given.items, secrets->given.n, target);

	if (item == NULL) {
		item = items_find(secrets->own.items, secrets->own.n, target);
	}
	return item != NULL ? item->text : NULL;
}

bool
secrets_is_given(const struct secrets *secrets, const char *target)
{
	return items_find(secrets->given.items, secrets->given.n, target) != NULL;
}

enum err
secrets_put(struct secrets *secrets, const char *target, const char *secret)
{
	struct secret *items = NULL;
	size_t n = 0;
	enum err err;
	int lock;

	if (secret != NULL && !secret_is_valid(secret)) {
		return ERR_INVALID;
	}
	if (secret != NULL && secrets_is_given(secrets, target)) {
		return ERR_EXISTS;
	}
	if (secrets->own.path == NULL) {
		return items_put(&secrets->own.items, &secrets->own.n, target, secret);
	}
	lock = change_lock(secrets->own.path);
	if (lock < 0) {
		return fd_err(errno);
	}
	/* Read again under the lock: another program may have added a target since. */
	err = items_load(secrets->own.path, false, &items, &n);
	secrets->own.fault = err == ERR_NOMEM ? secrets->own.fault : err;
	if (err == ERR_OK) {
		err = items_put(&items, &n, target, secret);
	}
	if (err == ERR_OK) {
		err = items_save(secrets->own.path, items, n);
	}
	(void)close(lock); /* gives the lock back; nothing was written through it */
	if (err != ERR_OK) {
		items_free(items, n);
		return err;
	}
	items_free(secrets->own.items, secrets->own.n);
	secrets->own.items = items;
	secrets->own.n = n;
	return ERR_OK;
}
