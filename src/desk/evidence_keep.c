/* SPDX-License-Identifier: MIT */
/*
 * How long a file stays: as long as an entry attaches it, a person may still do so,
 * or a draft names it.  Which entries do is read from the ledger itself, so that no
 * list beside it can be wrong.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/log.h"
#include "toban/core/custody.h"

#define PAGE 500
#define UNUSED_MS (INT64_C(8) * 86400000) /* a day longer than a claim can be used */
#define SWEEP_PAUSE_MS INT64_C(3600000)
#define HEX (HASH_HEX_SIZE - 1)

int
evidence_lock(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	int done = -1;

	while (fd >= 0 && (done = flock(fd, LOCK_EX)) != 0 && errno == EINTR) {
		continue;
	}
	if (fd >= 0 && done != 0) {
		(void)close(fd); /* only opened */
		fd = -1;
	}
	return fd;
}

/* --- what the entries attach --------------------------------------------------------- */

/* Calls `visit` with each hash that an entry attaches; an erased one attaches nothing. */
struct attached {
	bool (*visit)(void *ctx, const char *sha256); /* false: enough, or no memory */
	void *ctx;
	const char *only; /* looks into entries that hold this text; NULL: into all */
};

static bool
visit_entry(const struct attached *want, const struct event *event)
{
	json_t *body;
	const char *key;
	json_t *field;
	bool more = true;

	if (!event->body || custody_is_kind(event->kind) ||
		!strstr(event->body, want->only ? want->only : "\"sha256\":")) {
		return true;
	}
	body = json_loads(event->body, 0, NULL);
	json_object_foreach(json_object_get(body, "fields"), key, field)
	{
		const char *sha256 = json_string_value(json_object_get(field, "sha256"));
		struct hash hash;

		/* Only what reads as a hash becomes a path: the body may have been tampered with.
		 */
		if (more && sha256 && hash_parse(sha256, &hash) == ERR_OK) {
			more = want->visit(want->ctx, sha256);
		}
	}
	json_decref(body);
	return more;
}

/* All entries after `after`, which follows. */
static enum err
visit_entries(struct store *store, const struct attached *want, int64_t *after)
{
	struct arena *arena = arena_new();
	struct event_list page = { NULL, 0 };
	bool more = true;
	enum err e = arena ? ERR_OK : ERR_NOMEM;

	do {
		if (!e) {
			arena_clear(arena);
			e = store_events(store, arena, *after, PAGE, &page);
		}
		for (size_t i = 0; !e && more && i < page.n; i++) {
			more = visit_entry(want, &page.items[i]);
			*after = page.items[i].seq;
		}
	} while (!e && more && page.n > 0);
	arena_free(arena);
	return e;
}

static bool
is_this(void *ctx, const char *sha256)
{
	const char **wanted = ctx;

	if (strcmp(*wanted, sha256) == 0) {
		*wanted = NULL; /* found */
	}
	return *wanted != NULL;
}

/* Whether an entry after `after`, which follows, attaches it. */
static enum err
find_entry(struct store *store, const char *sha256, int64_t *after, bool *ret_found)
{
	const char *wanted = sha256;
	const struct attached want = { is_this, &wanted, sha256 };
	enum err e = visit_entries(store, &want, after);

	*ret_found = !wanted;
	return e;
}

/* --- removing ------------------------------------------------------------------------ */

/*
 * The ledger is read before the lock, which then only holds for what came meanwhile:
 * nobody who attaches a file waits for a long reading.
 */
static enum err
remove_unused(struct store *store, const char *dir, const char *sha256, bool *ret_removed)
{
	struct arena *arena = arena_new();
	const char *path = arena ? evidence_path(arena, dir, sha256) : NULL;
	struct intake_list claims = { NULL, 0 };
	int64_t after = 0;
	bool used = false;
	enum err e = path ? find_entry(store, sha256, &after, &used) : ERR_NOMEM;
	int lock = !e && !used ? evidence_lock(dir) : -1;

	if (!e && !used && lock < 0 && errno != ENOENT) {
		e = ERR_IO;
	}
	if (!e && !used) {
		e = store_intakes(
			store, arena, &(struct intake_filter){ .sha256 = sha256 }, &claims);
		used = claims.n > 0;
	}
	if (!e && !used) {
		e = find_entry(store, sha256, &after, &used);
	}
	if (!e && !used && unlink(path) != 0 && errno != ENOENT) {
		e = fd_err(errno);
	}
	if (!e && !used && lock >= 0) {
		char *folder = arena_printf(arena, "%s/%.2s", dir, sha256);

		(void)(folder && fd_sync_folder(folder)); /* its folder may be gone with it */
	}
	if (lock >= 0) {
		(void)close(lock); /* lets go */
	}
	arena_free(arena);
	if (!e) {
		*ret_removed = !used;
	}
	return e;
}

enum err
evidence_forget(struct call *call, const char *sha256, bool *ret_removed)
{
	const char *dir = call->desk->parts.evidence_dir;
	struct hash hash;
	char hex[HASH_HEX_SIZE];

	if (!dir || hash_parse(sha256, &hash) != ERR_OK) {
		return ERR_INVALID;
	}
	hash_hex(&hash, hex);
	return remove_unused(call->store, dir, hex, ret_removed);
}

/* --- sweeping ------------------------------------------------------------------------ */

static enum err
is_drafted(
	struct store *store, struct arena *arena, const struct intake_row *claim, bool *ret_drafted)
{
	struct draft_list drafts = { NULL, 0 };
	enum err e = store_drafts(store, arena, claim->person, &drafts);

	*ret_drafted = false;
	for (size_t i = 0; !e && i < drafts.n; i++) {
		*ret_drafted = *ret_drafted || strstr(drafts.items[i].body, claim->sha256) != NULL;
	}
	return e;
}

/* A draft that names it keeps the claim fresh: what somebody typed can still be sent. */
static enum err
sweep_one(struct desk *desk, struct arena *arena, const struct intake_row *claim, stamp now)
{
	struct store *store = desk->parts.store;
	struct intake_row renewed = *claim;
	bool drafted = false;
	bool removed = false;
	enum err e = is_drafted(store, arena, claim, &drafted);

	if (!e && drafted) {
		renewed.at = now;
		return store_intake_put(store, &renewed);
	}
	if (!e) {
		e = store_intake_drop(store, claim->sha256, claim->person);
	}
	if (!e) {
		e = remove_unused(store, desk->parts.evidence_dir, claim->sha256, &removed);
	}
	return e;
}

enum err
evidence_sweep(struct desk *desk, stamp now)
{
	struct intake_list old = { NULL, 0 };
	struct arena *arena;
	enum err e;

	if (!desk->parts.evidence_dir || desk->read_only ||
		(now >= desk->swept_at && now - desk->swept_at < SWEEP_PAUSE_MS)) {
		return ERR_OK;
	}
	desk->swept_at = now;
	arena = arena_new();
	e = arena ? store_intakes(desk->parts.store, arena,
			    &(struct intake_filter){ .before = now - UNUSED_MS }, &old)
		  : ERR_NOMEM;
	for (size_t i = 0; !e && i < old.n; i++) {
		e = sweep_one(desk, arena, &old.items[i], now);
	}
	arena_free(arena);
	return e;
}

/* --- the doctor ------------------------------------------------------------------------ */

/* All hashes that entries attach, sorted once they are all there. */
struct hashes {
	char (*items)[HASH_HEX_SIZE];
	size_t n;
	size_t cap;
	bool failed;
};

static bool
add_hash(void *ctx, const char *sha256)
{
	struct hashes *hashes = ctx;

	if (hashes->n == hashes->cap) {
		size_t cap = hashes->cap ? 2 * hashes->cap : 64;
		char(*items)[HASH_HEX_SIZE] = reallocarray(hashes->items, cap, sizeof(*items));

		if (!items) {
			hashes->failed = true;
			return false;
		}
		hashes->items = items;
		hashes->cap = cap;
	}
	memcpy(hashes->items[hashes->n++], sha256, HASH_HEX_SIZE);
	return true;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
sort_hashes(struct hashes *hashes)
{
	size_t kept = 0;

	if (hashes->n > 0) {
		qsort(hashes->items, hashes->n, sizeof(*hashes->items), compare);
	}
	for (size_t i = 0; i < hashes->n; i++) {
		if (kept == 0 || strcmp(hashes->items[kept - 1], hashes->items[i]) != 0) {
			memmove(hashes->items[kept++], hashes->items[i], HASH_HEX_SIZE);
		}
	}
	hashes->n = kept;
}

struct examination {
	struct call *call;
	struct evidence_state *state;
	struct hashes attached;
};

static void
name_one(struct examination *x, const char *what)
{
	if (!x->state->some) {
		x->state->some = arena_strdup(x->call->arena, what);
	}
}

static enum err
examine_attached(struct examination *x)
{
	const char *dir = x->call->desk->parts.evidence_dir;
	struct stat st;

	for (size_t i = 0; i < x->attached.n; i++) {
		const char *path = evidence_path(x->call->arena, dir, x->attached.items[i]);

		if (!path) {
			return ERR_NOMEM;
		}
		x->state->files++;
		if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
			x->state->missing++;
			name_one(x, path);
		}
	}
	return ERR_OK;
}

/* Whose it is when no entry attaches it: of somebody who put it in and may attach it. */
static bool
is_nobodys(struct examination *x, const char *name)
{
	struct intake_list claims = { NULL, 0 };
	struct hash hash;

	if (hash_parse(name, &hash) != ERR_OK) {
		return true;
	}
	if (x->attached.n > 0 &&
		bsearch(name, x->attached.items, x->attached.n, sizeof(*x->attached.items),
			compare)) {
		return false;
	}
	return store_intakes(x->call->store, x->call->arena,
		       &(struct intake_filter){ .sha256 = name }, &claims) == ERR_OK &&
		claims.n == 0;
}

/* A copy on its way in is no orphan; one from a day ago was left by a machine that stopped. */
static bool
is_under_way(struct examination *x, const char *name, const struct stat *st)
{
	return strncmp(name, ".intake-", 8) == 0 &&
		x->call->now / 1000 - st->st_mtim.tv_sec < 86400;
}

static void
examine_file(struct examination *x, int dir_fd, const char *folder, const char *name)
{
	struct stat st;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(st.st_mode)) {
		return;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0 || !S_ISREG(st.st_mode)) {
		x->state->open++;
		name_one(x, arena_printf(x->call->arena, "%s/%s", folder, name));
	} else if (!is_under_way(x, name, &st) && is_nobodys(x, name)) {
		x->state->orphans++;
		name_one(x, arena_printf(x->call->arena, "%s/%s", folder, name));
	}
}

/* `deep`: the folders in it, too, of which there are those of two digits. */
static void
examine_folder(struct examination *x, const char *folder, bool deep)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		examine_file(x, dirfd(dir), folder, name);
		if (deep && strlen(name) == 2 && strspn(name, "0123456789abcdef") == 2) {
			const char *inner = arena_printf(x->call->arena, "%s/%s", folder, name);

			if (inner) {
				examine_folder(x, inner, false);
			}
		}
	}
	if (dir) {
		(void)closedir(dir); /* only read from */
	}
}

enum err
evidence_examine(struct call *call, struct evidence_state *ret_state)
{
	struct evidence_state state = { 0 };
	struct examination x = { .call = call, .state = &state };
	const struct attached want = { add_hash, &x.attached, NULL };
	int64_t after = 0;
	enum err e = visit_entries(call->store, &want, &after);

	if (!e && x.attached.failed) {
		e = ERR_NOMEM;
	}
	if (!e) {
		sort_hashes(&x.attached);
		e = examine_attached(&x);
	}
	if (!e) {
		examine_folder(&x, call->desk->parts.evidence_dir, true);
		*ret_state = state;
	}
	free(x.attached.items);
	return e;
}
