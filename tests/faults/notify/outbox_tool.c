/* SPDX-License-Identifier: MIT */
/*
 * Puts targets, their secrets and waiting messages into a desk file, for tests
 * of the sender: outbox_tool FILE < JSON, where JSON is {"targets": [{"name",
 * "url", "secret"?, "allow_http"?, "allow_private"?, "active"?}], "messages":
 * [{"id", "target", "body", "urgent"?, "created_at"?, "next_at"?, "attempts"?}]}.
 * Makes the file when it is not there.  Through the store, as the desk does it.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/clock.h"
#include "toban/base/hash.h"
#include "toban/notify/render.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

static const char *
get_text(const json_t *row, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text != NULL ? text : otherwise;
}

static int64_t
get_int(const json_t *row, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(row, key);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static bool
get_flag(const json_t *row, const char *key, bool otherwise)
{
	const json_t *value = json_object_get(row, key);

	return value != NULL ? json_is_true(value) : otherwise;
}

static enum err
put_targets(struct store *store, struct secrets *secrets, const json_t *rows, stamp now)
{
	enum err err = ERR_OK;
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
	{
		const struct target_row target = {
			.name = get_text(row, "name", ""),
			.kind = target_kind(get_text(row, "url", "")),
			.url = get_text(row, "url", ""),
			.events = "*",
			.allow_http = get_flag(row, "allow_http", true),
			.allow_private = get_flag(row, "allow_private", true),
			.active = get_flag(row, "active", true),
			.created_at = now,
			.format = get_text(row, "format", "generic"),
			.template = get_text(row, "template", ""),
			.person = "",
		};
		const char *secret = get_text(row, "secret", NULL);
		struct store_batch batch = { .targets = &target, .n_targets = 1 };

		if (secret != NULL) {
			err = secrets_put(secrets, target.name, secret);
		}
		if (err == ERR_OK) {
			err = store_commit(store, &batch);
		}
		if (err != ERR_OK) {
			return err;
		}
	}
	return ERR_OK;
}

static enum err
put_messages(struct store *store, const json_t *rows, stamp now)
{
	size_t n = json_array_size(rows);
	struct outbox_row *messages = calloc(n + 1, sizeof(*messages));
	struct store_batch batch = { .outbox = messages, .n_outbox = n };
	size_t i;
	json_t *row;

	if (messages == NULL) {
		return ERR_NOMEM;
	}
	json_array_foreach(rows, i, row)
	{
		messages[i] = (struct outbox_row){
			.id = get_text(row, "id", ""),
			.target = get_text(row, "target", ""),
			.type = get_text(row, "type", "incident.report"),
			.subject = get_text(row, "subject", "26-0001"),
			.body = get_text(row, "body", "{}"),
			.urgent = get_flag(row, "urgent", false),
			.created_at = get_int(row, "created_at", now),
			.next_at = get_int(row, "next_at", now),
			.attempts = (int)get_int(row, "attempts", 0),
			.state = "waiting",
			.last_answer = "",
			.changed_at = now,
		};
	}

	enum err err = n > 0 ? store_commit(store, &batch) : ERR_OK;

	free(messages);
	return err;
}

static enum err
put_all(const char *path, struct store *store, const json_t *spec)
{
	const struct clock clock = clock_system();
	const stamp now = clock_now(&clock);
	struct str secrets_path = STR_INIT;
	struct secrets *secrets = NULL;

	str_addf(&secrets_path, "%s.secrets", path);

	enum err err = secrets_open(str_text(&secrets_path), &secrets);

	if (err == ERR_OK) {
		err = put_targets(store, secrets, json_object_get(spec, "targets"), now);
	}
	if (err == ERR_OK) {
		err = put_messages(store, json_object_get(spec, "messages"), now);
	}
	secrets_close(secrets);
	str_release(&secrets_path);
	return err;
}

int
main(int argc, char **argv)
{
	struct str why = STR_INIT;
	struct store *store = NULL;
	json_t *spec = json_loadf(stdin, 0, NULL);

	if (argc != 2 || spec == NULL || hash_start() != ERR_OK) {
		return 2;
	}

	enum err err = access(argv[1], F_OK) == 0 ? store_sqlite_open(argv[1], &why, &store)
						  : store_sqlite_create(argv[1], &why, &store);

	if (err == ERR_OK) {
		err = put_all(argv[1], store, spec);
	}
	if (err != ERR_OK) {
		(void)fprintf(stderr, "%s %s\n", err_name(err), str_text(&why));
	}
	store_close(store);
	json_decref(spec);
	str_release(&why);
	return err == ERR_OK ? 0 : 1;
}
