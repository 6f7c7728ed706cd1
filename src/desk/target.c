/* SPDX-License-Identifier: MIT */
/*
 * The ledger's form of a receiver: see target.h.
 */
#include "target.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/core/head.h"

json_t *
target_events(const char *events)
{
	json_t *items = json_array();

	while (*events) {
		size_t len = strcspn(events, " ");

		json_array_append_new(items, json_stringn(events, len));
		events += len;
		events += strspn(events, " ");
	}
	return items;
}

bool
target_needs_secret(const struct target_row *row)
{
	struct mail_place place;
	bool login;

	if (strcmp(row->kind, "mail") != 0) {
		return true;
	}
	if (mail_place_read(row->url, &place)) {
		return false; /* no secret would help it */
	}
	login = place.user != NULL;
	mail_place_release(&place);
	return login;
}

/* How much of an address is its scheme and host. */
static size_t
origin_len(const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	return (size_t)(host - url) + strcspn(host, "/?#");
}

const char *
target_masked(struct arena *arena, const char *url)
{
	size_t len = origin_len(url);

	if (url[len] == '\0' || strcmp(url + len, "/") == 0) {
		return url;
	}
	return arena_printf(arena, "%.*s/…", (int)len, url);
}

const char *
target_say_fault(enum err fault, const char *path, struct str *text)
{
	const struct str_arg where = { "path", path };

	if (fault == ERR_DENIED) {
		str_say(text,
			_("The file of secrets {path} is not safe, and nothing is taken from it: "
			  "it is not yours, others can read it, or it is a link."),
			&where, 1);
		return _("Make it your own and chmod 600; what waits is then sent.");
	}
	if (fault == ERR_CORRUPT) {
		str_say(text,
			_("The file of secrets {path} is damaged, and nothing is taken from it: it "
			  "must be one JSON object of names with whsec_... or smtp:... each."),
			&where, 1);
		return _("Mend it, or move it away and remove and add the receivers; what waits is "
			 "then sent.");
	}
	str_say(text, _("The file of secrets {path} cannot be read."), &where, 1);
	return _("Look whether its disk is in order; what waits is sent when it can be read.");
}

/*
 * What the ledger keeps of a receiver: never its secret, and of its address the
 * host and a hash, because the addresses of many services are secrets themselves.
 *
 * What a receiver has from the later columns is named only when it differs from
 * what every receiver was before them: so an older entry still tells the row.
 */
json_t *
target_body(const struct target_row *row)
{
	size_t len = origin_len(row->url);
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	hash_of(row->url, strlen(row->url), &hash);
	hash_hex(&hash, hex);
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:b, s:b, s:s*, s:s*, s:s*}", "name", row->name,
		"kind", row->kind, "origin", json_stringn(row->url, len), "url_sha256", hex,
		"events", target_events(row->events), "allow_http", row->allow_http,
		"allow_private", row->allow_private, "format",
		strcmp(row->format, FORMAT_GENERIC) != 0 ? row->format : NULL, "template",
		row->template[0] ? row->template : NULL, "person",
		row->person[0] ? row->person : NULL);
}

bool
target_is_among(const struct target_row *target, const json_t *told)
{
	const json_t *row;
	size_t i;

	json_array_foreach(told, i, row)
	{
		const char *person = json_string_value(json_object_get(row, "person"));

		if (person && strcmp(person, target->person) == 0) {
			return true;
		}
	}
	return false;
}

bool
target_is_witness(const struct target_row *target)
{
	static const char *const words[] = { TYPE_HEAD, "ledger.*", "ledger" };
	bool wants = false;

	for (const char *at = target->events; *at && !target->person[0];) {
		size_t len = strcspn(at, " ,");

		for (size_t i = 0; i < ARRAY_LEN(words); i++) {
			wants |= len == strlen(words[i]) && strncmp(at, words[i], len) == 0;
		}
		at += len;
		at += strspn(at, " ,");
	}
	return wants;
}
