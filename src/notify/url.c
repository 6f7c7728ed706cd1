/* SPDX-License-Identifier: MIT */
/*
 * Whether a target's address may be taken at all.  Stricter than RFC 3986 on
 * purpose: what this file does not understand, no two URL parsers can be
 * brought to understand differently.  The desk asks here before it stores a
 * target; where the address really leads is checked again when the sender
 * connects (address.c), because a name can change its mind.  No libcurl here:
 * the screen process never loads it (docs/architecture.md, "Layers").
 */
#include "toban/notify/notify.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#include "url.h"

/* Longer addresses are cut by somebody on the way. */
#define URL_MAX_BYTES 2048

/* RFC 1035 §2.3.4. */
#define HOST_MAX_BYTES 253

#define PORT_MAX 65535

enum url_fault {
	URL_FINE,
	URL_TOO_LONG,
	URL_BAD_BYTE,
	URL_NO_SCHEME,
	URL_NEEDS_HTTPS,
	URL_CREDENTIALS,
	URL_NO_HOST,
	URL_BAD_HOST,
	URL_BAD_PORT,
	URL_FRAGMENT,
	URL_MAIL_INCOMPLETE,
	URL_MAIL_ADDRESS,
	URL_MAIL_LOGIN
};

static const char *const fault_texts[] = {
	[URL_TOO_LONG] = N_("The address is longer than 2048 characters."),
	[URL_BAD_BYTE] = N_("The address may hold printable ASCII characters only; write other "
			    "characters as %XX and names in their xn-- form."),
	[URL_NO_SCHEME] = N_("The address must begin with https://, or for mail with smtps:// or "
			     "smtp://."),
	[URL_NEEDS_HTTPS] = N_("The address must begin with https://; plain http must be allowed "
			       "for this target explicitly."),
	[URL_CREDENTIALS] = N_("The address must not hold a user name or a password."),
	[URL_NO_HOST] = N_("The address names no host."),
	[URL_BAD_HOST] = N_("The host of the address is not written correctly."),
	[URL_BAD_PORT] = N_("The port of the address must be a number from 1 to 65535."),
	[URL_FRAGMENT] = N_("The address must not hold a # part: it would never be sent."),
	[URL_MAIL_INCOMPLETE] = N_("An address for mail is smtps://SERVER/?from=ADDRESS&to=ADDRESS "
				   "and, to log in, &user=NAME; each once."),
	[URL_MAIL_ADDRESS] = N_("An address of mail in it is not written correctly: letters, "
				"digits and . _ + = ~ ' - before the @."),
	[URL_MAIL_LOGIN] = N_("A password is never sent without encryption: leave out the user, "
			      "or do not allow plain connections."),
};

static bool
byte_allowed(char c)
{
	/* The backslash and the quoting marks are where parsers disagree. */
	return c > ' ' && c < 0x7f && strchr("\\\"<>^`{|}", c) == NULL;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
host_name_is_valid(const char *host, size_t len)
{
	if (len > HOST_MAX_BYTES || host[0] == '.' || host[0] == '-') {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(host[i]) && strchr("-._", host[i]) == NULL) {
			return false;
		}
	}
	return memmem(host, len, "..", 2) == NULL;
}

static bool
ipv6_is_valid(const char *host, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	/* Zone identifiers (%eth0) name an interface, never a receiver. */
	if (len < 2 || len >= sizeof(text)) {
		return false;
	}
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, &address) == 1;
}

static enum url_fault
port_check(const char *port, size_t len)
{
	long value = 0;

	if (len == 0 || len > 5) {
		return URL_BAD_PORT;
	}
	for (size_t i = 0; i < len; i++) {
		if (port[i] < '0' || port[i] > '9') {
			return URL_BAD_PORT;
		}
		value = value * 10 + (port[i] - '0');
	}
	return value >= 1 && value <= PORT_MAX ? URL_FINE : URL_BAD_PORT;
}

/* HOST, HOST:PORT, [IPV6] or [IPV6]:PORT. */
static enum url_fault
authority_check(const char *text, size_t len)
{
	const char *end = text + len;
	const char *host_end;

	if (memchr(text, '@', len) != NULL) {
		return URL_CREDENTIALS;
	}
	if (len > 0 && text[0] == '[') {
		const char *close = memchr(text, ']', len);

		if (close == NULL || !ipv6_is_valid(text + 1, (size_t)(close - text - 1))) {
			return URL_BAD_HOST;
		}
		host_end = close + 1;
	} else {
		const char *colon = memchr(text, ':', len);

		host_end = colon != NULL ? colon : end;
		if (host_end == text) {
			return URL_NO_HOST;
		}
		if (!host_name_is_valid(text, (size_t)(host_end - text))) {
			return URL_BAD_HOST;
		}
	}
	if (host_end == end) {
		return URL_FINE;
	}
	return *host_end == ':' ? port_check(host_end + 1, (size_t)(end - host_end - 1))
				: URL_BAD_HOST;
}

/* smtp:// is STARTTLS unless plain connections are allowed; `authority` begins the server. */
static enum url_fault
mail_check(const char *url, const char *authority, bool allow_plain)
{
	size_t len = strcspn(authority, "/?");
	enum url_fault fault = authority_check(authority, len);
	bool plain = allow_plain && strncasecmp(url, "smtp:", strlen("smtp:")) == 0;
	bool login = false;

	if (fault != URL_FINE) {
		return fault;
	}
	switch (mail_query_check(authority + len, &login)) {
	case MAIL_QUERY_INCOMPLETE:
		return URL_MAIL_INCOMPLETE;
	case MAIL_QUERY_BAD_ADDRESS:
		return URL_MAIL_ADDRESS;
	case MAIL_QUERY_FINE:
		break;
	}
	return login && plain ? URL_MAIL_LOGIN : URL_FINE;
}

static enum url_fault
url_check(const char *url, bool allow_http)
{
	static const char https[] = "https://";
	static const char http[] = "http://";
	const char *authority;

	if (strnlen(url, URL_MAX_BYTES + 1) > URL_MAX_BYTES) {
		return URL_TOO_LONG;
	}
	for (const char *c = url; *c != '\0'; c++) {
		if (!byte_allowed(*c)) {
			return URL_BAD_BYTE;
		}
	}
	if (mail_scheme_len(url) > 0) {
		return mail_check(url, url + mail_scheme_len(url), allow_http);
	}
	if (strncasecmp(url, https, strlen(https)) == 0) {
		authority = url + strlen(https);
	} else if (strncasecmp(url, http, strlen(http)) == 0) {
		if (!allow_http) {
			return URL_NEEDS_HTTPS;
		}
		authority = url + strlen(http);
	} else {
		return URL_NO_SCHEME;
	}
	if (strchr(authority, '#') != NULL) {
		return URL_FRAGMENT;
	}
	return authority_check(authority, strcspn(authority, "/?"));
}

enum err
target_check_url(const char *url, bool allow_http, struct str *why)
{
	enum url_fault fault = url_check(url, allow_http);

	if (fault == URL_FINE) {
		return ERR_OK;
	}
	if (why != NULL) {
		str_add(why, _(fault_texts[fault]));
	}
	return ERR_INVALID;
}
