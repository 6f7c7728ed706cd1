/* SPDX-License-Identifier: MIT */
/*
 * Opening and making an embedded desk.
 */
#include "desk_file.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/arena.h"
#include "toban/base/i18n.h"
#include "toban/base/locked.h"
#include "toban/base/log.h"
#include "toban/base/text.h"
#include "toban/forms.h"
#include "demo.h"
#include "folder.h"
#include "pin_key.h"
#include "places.h"
#include "site.h"

struct desk_file {
	struct arena *arena;
	const char *path;
	bool throw_away;
	const char *protection;
	uint8_t *pin_key; /* of a service; NULL: posts are not served */
	bool service;
	struct clock clock;
	const char *login;
	const struct procedure *procedure;
	struct secrets *secrets;
	struct store *store;
	struct desk *desk;
};

/* What is true of every refusal of a code. */
static const char *
what_to_do(const char *code)
{
	if (strcmp(code, "D410") == 0) {
		return _("Nothing was changed. Try again in a moment.");
	}
	if (strcmp(code, "D421") == 0) {
		return _("Nothing was changed. Name another desk with --desk, or make one with "
			 "toban init.");
	}
	return _("Nothing was changed. 'toban doctor' examines a desk that opens.");
}

/* Makes the error document and returns `e`, for the caller's convenience. */
static enum err
fail(enum err e, json_t **ret_error, const char *code, const char *class, const char *text)
{
	*ret_error = door_error(code, class, text, what_to_do(code));
	return e;
}

static enum err
fail_memory(json_t **ret_error)
{
	return fail(ERR_NOMEM, ret_error, "D414", "failed", _("Memory is exhausted."));
}

static enum err
fail_open(enum err e, const struct str *why, const char *path, json_t **ret_error)
{
	if (e == ERR_NOT_FOUND) {
		struct str text = STR_INIT;
		str_say(&text, _("There is no desk at {path}."), &(struct str_arg){ "path", path },
			1);
		*ret_error = door_error("D421", "unusable", str_text(&text),
			_("Make one with toban init, or name another with --desk."));
		str_release(&text);
		return e;
	}
	const char *text = why->len ? str_text(why) : _("The desk cannot be opened.");
	return fail(e, ret_error, e == ERR_BUSY ? "D410" : "D420", "unusable", text);
}

static enum err
open_store(struct desk_file *file, bool read_only, json_t **ret_error)
{
	struct str why = STR_INIT;
	enum err e = read_only ? store_sqlite_open_as_is(file->path, &why, &file->store)
			       : store_sqlite_open(file->path, &why, &file->store);
	if (e != ERR_OK) {
		e = fail_open(e, &why, file->path, ret_error);
	}
	str_release(&why);
	return e;
}

/*
 * The service's account alone can come to the file: it is theirs, in a folder of theirs that
 * nobody else may enter.  The store refuses a file that others may write.
 */
static bool
is_owned(const char *path)
{
	struct stat file;
	struct stat folder;
	char *copy = strdup(path);
	bool owned = copy && stat(path, &file) == 0 && stat(dirname(copy), &folder) == 0 &&
		file.st_uid == geteuid() && folder.st_uid == geteuid() &&
		(file.st_mode & 0177) == 0 && (folder.st_mode & 0077) == 0;

	free(copy);
	return owned;
}

/* Whoever speaks to the desk under this account could as well open its file. */
static bool
is_login(const struct desk_file *file)
{
	return *file->login && org_login(desk_org(file->desk), file->login) != NULL;
}

/* A bad file stops the sending to who needs a secret, never the desk. */
static enum err
open_secrets(struct desk_file *file)
{
	const char *path = arena_printf(file->arena, "%s.secrets", file->path);
	const char *refused = NULL;
	enum err e = path ? secrets_open_usable(path,
				    places_credential(file->arena, PLACES_SECRETS), &file->secrets)
			  : ERR_NOMEM;
	enum err fault = e ? ERR_OK : secrets_fault(file->secrets, &refused);

	if (fault) {
		log_line(LOG_WARNING,
			"%s: the secrets cannot be used (%s), what needs one is not sent; see "
			"'toban doctor'",
			refused, err_name(fault));
	}
	return e;
}

/* Without it nobody sits down at a shared console; everything else works. */
static void
open_pin_key(struct desk_file *file)
{
	const char *path = arena_printf(file->arena, "%s.pin-key", file->path);
	enum err e = path ? pin_key_open(path, &file->pin_key) : ERR_NOMEM;

	if (e) {
		log_line(LOG_WARNING, "%s: the key of the PINs cannot be used (%s)",
			path ? path : "", err_name(e));
	}
}

/* Once, when everything is read that must not be on a disk. */
static void
warn_unlocked(void)
{
	if (!locked_holds()) {
		log_line(LOG_WARNING,
			"secrets can be swapped out: no more memory is locked for this process; "
			"see 'toban doctor'");
	}
}

static enum err
open_desk(struct desk_file *file, const struct desk_file_options *options, json_t **ret_error)
{
	const char *evidence = arena_printf(file->arena, "%s.evidence", file->path);
	const char *engine = arena_printf(file->arena, "%s.engine", file->path);
	const char *key = arena_printf(file->arena, "%s.key", file->path);
	if (!evidence || !engine || !key) {
		return fail_memory(ret_error);
	}
	struct desk_parts parts = {
		.store = file->store,
		.clock = file->clock,
		.procedure = file->procedure,
		.secrets = file->secrets,
		.evidence_dir = evidence,
		.engine_path = engine,
		.protection = file->protection,
		.witness = {
			.key_path = key,
			.key_given = places_credential(file->arena, PLACES_KEY),
			.file = options->witness_file,
			.to_syslog = options->witness_syslog,
			.by_service = options->engine,
		},
		.record_refusals = file->service,
		.service = file->service,
		.pin_key = file->pin_key,
		.pins_beside = options->engine,
		.shell_of = places_shell_of,
	};
	enum err e = desk_new(&parts, &file->desk);
	if (e == ERR_NOT_FOUND) {
		return fail(e, ret_error, "D421", "unusable",
			_("The desk holds no organisation: its making was interrupted."));
	}
	return e == ERR_OK
		? e
		: fail(e, ret_error, "D411", "unusable", _("The desk cannot be opened."));
}

/* Refuses what this program cannot reach, and makes the throw-away desk. */
static enum err
settle_path(struct desk_file *file, const char *path, json_t **ret_error)
{
	if (!path || !*path) {
		return fail(ERR_NOT_FOUND, ret_error, "D421", "unusable",
			_("No desk is named, and there is no home folder: use --desk."));
	}
	if (!utf8_valid(path, strlen(path))) {
		return fail(ERR_INVALID, ret_error, "D105", "invalid",
			_("The path of the desk is no UTF-8."));
	}
	if (strncmp(path, "unix:", 5) == 0) {
		return fail(ERR_UNSUPPORTED, ret_error, "D421", "unusable",
			_("This needs the file of a desk, not the socket of a service."));
	}
	if (strcmp(path, "demo") != 0) {
		file->path = arena_strdup(file->arena, path);
		return file->path ? ERR_OK : fail_memory(ret_error);
	}
	file->path = demo_make_folder(file->arena);
	if (!file->path) {
		return fail(ERR_IO, ret_error, "D421", "unusable",
			_("There is no room for a throw-away desk."));
	}
	file->throw_away = true;
	struct desk_file_new options = { .path = file->path, .trial = true, .clock = file->clock };
	json_t *made = NULL;
	enum err e = desk_file_create(&options, &made, ret_error);
	json_decref(made);
	return e;
}

enum err
desk_file_open(
	const struct desk_file_options *options, struct desk_file **ret_file, json_t **ret_error)
{
	struct arena *arena = arena_new();
	struct desk_file *file = arena ? arena_alloc(arena, sizeof(*file)) : NULL;
	if (!file) {
		arena_free(arena);
		return fail_memory(ret_error);
	}
	file->arena = arena;
	file->clock = options->clock;
	file->login = places_login(arena);
	enum err e = settle_path(file, options->path, ret_error);
	if (e == ERR_OK) {
		e = site_load(arena, &file->procedure, ret_error);
	}
	if (e == ERR_OK) {
		e = open_store(file, options->read_only, ret_error);
	}
	if (e == ERR_OK && open_secrets(file) != ERR_OK) {
		e = fail_memory(ret_error);
	}
	if (e == ERR_OK) {
		file->service = options->service;
		file->protection = options->service && is_owned(file->path) ? "owned" : "open-file";
		if (file->service) {
			open_pin_key(file);
		}
		if (options->engine) { /* its workers have the same limit, and nothing to add */
			warn_unlocked();
		}
		e = open_desk(file, options, ret_error);
	}
	if (e == ERR_OK && options->service && is_login(file)) {
		/* Only the open desk knows its people: it is opened anew as what it is. */
		desk_free(file->desk);
		file->desk = NULL;
		file->protection = "open-file";
		e = open_desk(file, options, ret_error);
	}
	if (e == ERR_OK && file->throw_away) {
		e = demo_fill(file->desk, arena, ret_error);
	}
	if (e != ERR_OK) {
		desk_file_close(file);
		return e;
	}
	*ret_file = file;
	return ERR_OK;
}

enum err
desk_file_door(
	struct desk_file *file, const char *person, struct door *ret_door, json_t **ret_error)
{
	struct session session = {
		.person = person,
		.login = file->login,
		.claimed = person != NULL,
	};
	return desk_door_new(file->desk, &session, ret_door, ret_error);
}

void
desk_file_read_only(struct desk_file *file)
{
	desk_read_only(file->desk);
}

bool
desk_file_is_throw_away(const struct desk_file *file)
{
	return file->throw_away;
}

struct desk *
desk_file_desk(const struct desk_file *file)
{
	return file->desk;
}

struct store *
desk_file_store(const struct desk_file *file)
{
	return file->store;
}

const char *
desk_file_protection(const struct desk_file *file)
{
	return file->protection;
}

const char *
desk_file_path(const struct desk_file *file)
{
	return file->path;
}

struct clock
desk_file_clock(const struct desk_file *file)
{
	return file->clock;
}

void
desk_file_close(struct desk_file *file)
{
	if (!file) {
		return;
	}
	desk_free(file->desk);
	store_close(file->store);
	secrets_close(file->secrets);
	locked_free(file->pin_key);
	if (file->throw_away) {
		demo_remove_folder(file->path);
	}
	arena_free(file->arena);
}

/* The organisation of a file, or the shipped example. */
static enum err
read_org(struct arena *arena, const char *path, struct ini_problems *problems,
	const struct org **ret_org)
{
	struct ini_file ini;
	enum err e;
	if (path) {
		char *data = NULL;
		size_t len = 0;
		e = folder_read_file(arena, path, &data, &len);
		if (e != ERR_OK) {
			return e;
		}
		e = ini_parse(path, data, len, problems, &ini);
	} else {
		const struct def_file *example = shipped_find("org/example.ini");
		e = example ? ini_parse(example->path, example->data, example->len, problems, &ini)
			    : ERR_NOT_FOUND;
	}
	return e == ERR_OK ? org_parse(arena, &ini, problems, ret_org) : e;
}

/* Says what is wrong with the organisation's file; returns `e`. */
static enum err
fail_org(enum err e, const struct ini_problems *problems, json_t **ret_error)
{
	if (e == ERR_NOT_FOUND || e == ERR_IO) {
		*ret_error =
			door_error("D107", "not-found", _("The organisation file cannot be read."),
				_("Nothing was made. Check the path after --org."));
		return e;
	}
	struct str text = STR_INIT;
	str_add(&text, _("The organisation file has faults; no desk was made."));
	site_add_faults(&text, problems);
	*ret_error = door_error(
		"D102", "invalid", str_text(&text), _("Mend the file and make the desk again."));
	str_release(&text);
	return e;
}

static enum err
fail_create(enum err e, const struct str *why, json_t **ret_error)
{
	const char *text = why->len ? str_text(why) : _("The desk cannot be made here.");
	if (e == ERR_EXISTS) {
		*ret_error = door_error("D422", "failed", text,
			_("Nothing was changed. Name another file with --desk."));
		return e;
	}
	return fail(e, ret_error, "D420", "unusable", text);
}

/* Nothing was ever recorded here: a ledger that was emptied leaves its summaries behind. */
static bool
is_untouched(struct store *store)
{
	struct arena *arena = arena_new();
	struct incident_list list = { NULL, 0, false };
	struct ledger_head head;
	bool untouched = arena && store_head(store, &head) == ERR_OK && head.seq == 0 &&
		store_incidents_by_id(store, arena, "", 1, &list) == ERR_OK && list.n == 0;
	arena_free(arena);
	return untouched;
}

/*
 * Whoever made a desk and was interrupted left a file without a single entry:
 * it is gone on with.  Of two who do so at once the ledger takes one.
 */
static bool
open_unfounded(const char *path, struct store **ret_store)
{
	struct store *store = NULL;
	if (store_sqlite_open(path, NULL, &store) != ERR_OK) {
		return false;
	}
	if (!is_untouched(store)) {
		store_close(store);
		return false;
	}
	*ret_store = store;
	return true;
}

static enum err
create_store(const struct desk_file_new *options, const struct procedure *procedure,
	const struct org *org, const char *login, json_t **ret_error)
{
	struct str why = STR_INIT;
	struct store *store = NULL;
	enum err e = places_make_folder(options->path);
	if (e == ERR_OK) {
		e = store_sqlite_create(options->path, &why, &store);
	}
	if (e == ERR_EXISTS && open_unfounded(options->path, &store)) {
		e = ERR_OK;
	}
	if (e != ERR_OK) {
		e = fail_create(e, &why, ret_error);
	} else {
		e = desk_found(store, &options->clock, procedure, org, login);
		if (e == ERR_CONFLICT || e == ERR_EXISTS) {
			e = fail_create(ERR_EXISTS, &why, ret_error);
		} else if (e != ERR_OK) {
			(void)fail(e, ret_error, "D411", "unusable",
				_("The desk could not be written."));
		}
	}
	store_close(store);
	str_release(&why);
	return e;
}

/* Whether a desk can be made there: a file that can be named in an answer. */
static bool
is_file_name(const char *path)
{
	return path && *path && utf8_valid(path, strlen(path)) && strcmp(path, "demo") != 0 &&
		strncmp(path, "unix:", 5) != 0;
}

/* Makes the desk; everything that is read on the way lives in the arena. */
static enum err
create(struct arena *arena, const struct desk_file_new *options, json_t **ret_result,
	json_t **ret_error)
{
	const struct procedure *procedure = NULL;
	const struct org *parsed = NULL;
	struct ini_problems problems = { .arena = arena };
	enum err e = site_load(arena, &procedure, ret_error);
	if (e != ERR_OK) {
		return e;
	}
	e = read_org(arena, options->org_path, &problems, &parsed);
	if (e != ERR_OK) {
		return fail_org(e, &problems, ret_error);
	}
	struct org org = *parsed;
	org.trial = options->trial;
	e = create_store(options, procedure, &org, places_login(arena), ret_error);
	if (e != ERR_OK) {
		return e;
	}
	*ret_result = json_pack("{s:s, s:b, s:I, s:I}", "path", options->path, "trial",
		options->trial, "people", (json_int_t)org.n_people, "departments",
		(json_int_t)org.n_departments);
	return *ret_result ? ERR_OK : fail_memory(ret_error);
}

enum err
desk_file_create(const struct desk_file_new *options, json_t **ret_result, json_t **ret_error)
{
	if (!is_file_name(options->path)) {
		return fail(ERR_INVALID, ret_error, "D111", "usage",
			_("Name the file of the new desk with --desk."));
	}
	struct arena *arena = arena_new();
	enum err e = arena ? create(arena, options, ret_result, ret_error) : fail_memory(ret_error);
	arena_free(arena);
	return e;
}
