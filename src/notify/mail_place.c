/* SPDX-License-Identifier: MIT */
/*
 * Addresses of mail receivers: smtps://SERVER[:PORT]/?from=A&to=B[&user=U].  One
 * sender and one addressee, so that every outcome is that of one addressee; a
 * mailing list or a second target serves more.
 *
 * Stricter than RFC 5321 on purpose: quoted local parts, comments and bytes
 * above ASCII are where header injection lives, and no address of a company
 * needs them.
 */
#include "toban/notify/render.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "toban/base/attr.h"

#include "url.h"

/* RFC 5321 §4.5.3.1. */
#define LOCAL_MOST 64
#define ADDRESS_MOST 254
#define USER_MOST 254

static const char tls[] = "smtps://";
static const char starttls[] = "smtp://";

enum part { PART_FROM, PART_TO, PART_USER, PART_COUNT };

static const char *const part_names[PART_COUNT] = {
	[PART_FROM] = "from=",
	[PART_TO] = "to=",
	[PART_USER] = "user=",
};

struct span {
	const char *start; /* NULL: not there */
	size_t len;
};

static bool
is_atom(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c != '\0' && strchr("._+=~'-", c) != NULL);
}

static bool
all_atoms(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_atom(text[i])) {
			return false;
		}
	}
	return len > 0;
}

static bool
address_is_valid(const struct span *address)
{
	const char *at = memchr(address->start, '@', address->len);
	size_t local = at != NULL ? (size_t)(at - address->start) : 0;

	return at != NULL && address->len <= ADDRESS_MOST && local <= LOCAL_MOST &&
		all_atoms(address->start, local) && address->start[0] != '.' &&
		address->start[local - 1] != '.' &&
		memmem(address->start, local, "..", 2) == NULL && address->len > local + 1 &&
		memchr(at, '_', address->len - local) == NULL &&
		host_name_is_valid(at + 1, address->len - local - 1);
}

static bool
user_is_valid(const struct span *user)
{
	for (size_t i = 0; i < user->len; i++) {
		if (!is_atom(user->start[i]) && user->start[i] != '@') {
			return false;
		}
	}
	return user->len > 0 && user->len <= USER_MOST;
}

/* Cuts the query into its parts; false for anything else in it, or a part twice. */
static bool
query_cut(const char *query, struct span parts[PART_COUNT])
{
	query += *query == '/';
	if (*query != '?') {
		return false;
	}
	while (*query != '\0') {
		size_t len = strcspn(query + 1, "&");
		enum part part = 0;

		query++;
		while (part < PART_COUNT &&
			strncmp(query, part_names[part], strlen(part_names[part])) != 0) {
			part++;
		}
		if (part == PART_COUNT || parts[part].start != NULL) {
			return false;
		}
		parts[part].start = query + strlen(part_names[part]);
		parts[part].len = len - strlen(part_names[part]);
		query += len;
	}
	return parts[PART_FROM].start != NULL && parts[PART_TO].start != NULL;
}

enum mail_query
mail_query_check(const char *query, bool *ret_login)
{
	struct span parts[PART_COUNT] = { { NULL, 0 } };

	if (!query_cut(query, parts)) {
		return MAIL_QUERY_INCOMPLETE;
	}
	*ret_login = parts[PART_USER].start != NULL;
	return address_is_valid(&parts[PART_FROM]) && address_is_valid(&parts[PART_TO]) &&
			(!*ret_login || user_is_valid(&parts[PART_USER]))
		? MAIL_QUERY_FINE
		: MAIL_QUERY_BAD_ADDRESS;
}

size_t
mail_scheme_len(const char *url)
{
	return strncasecmp(url, tls, strlen(tls)) == 0       ? strlen(tls)
		: strncasecmp(url, starttls, strlen(starttls)) == 0 ? strlen(starttls)
								    : 0;
}

const char *
target_kind(const char *url)
{
	return mail_scheme_len(url) > 0 ? "mail" : "webhook";
}

enum err
mail_place_read(const char *url, struct mail_place *ret_place)
{
	size_t scheme = mail_scheme_len(url);
	size_t server = scheme + strcspn(url + scheme, "/?");
	struct span parts[PART_COUNT] = { { NULL, 0 } };
	struct mail_place place = { .tls_at_once = scheme == strlen(tls) };
	bool login;

	if (scheme == 0 || mail_query_check(url + server, &login) != MAIL_QUERY_FINE ||
		!query_cut(url + server, parts)) {
		return ERR_INVALID;
	}
	place.server = strndup(url, server);
	place.from = strndup(parts[PART_FROM].start, parts[PART_FROM].len);
	place.to = strndup(parts[PART_TO].start, parts[PART_TO].len);
	place.user = login ? strndup(parts[PART_USER].start, parts[PART_USER].len) : NULL;
	if (place.server == NULL || place.from == NULL || place.to == NULL ||
		(login && place.user == NULL)) {
		mail_place_release(&place);
		return ERR_NOMEM;
	}
	*ret_place = place;
	return ERR_OK;
}

void
mail_place_release(struct mail_place *place)
{
	free(place->server);
	free(place->from);
	free(place->to);
	free(place->user);
	*place = (struct mail_place){ 0 };
}
