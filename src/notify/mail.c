/* SPDX-License-Identifier: MIT */
/*
 * Sends one mail by libcurl and tells what became of it.  A server may hang,
 * drip, chatter without end, offer no encryption or sit on our own machine:
 *
 * - one total timeout covers everything up to the answer to the mail;
 * - the address of the connection is looked at before a byte is sent;
 * - TLS is required (STARTTLS or at once) unless the administrator allowed a
 *   plain connection, the certificate is verified, and there is no way back;
 * - of what the server says 16 KiB are read, and its last reply is kept.
 *
 * A reply counts as the server's decision (RFC 5321 §4.2.1): 2yz sent, 4yz
 * later.  5yz to the mail itself is final: the same mail is not sent again by
 * itself.  5yz before it, or for want of a login, speaks of the connection and
 * not of the mail: that may be repaired, and is tried again.
 */
#include "mail.h"

#include <curl/curl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/text.h"

#include "address.h"

#define REQUEST_MOST (1024 * 1024)

/* Of all that the server says. */
#define REPLIES_MOST (16 * 1024)

/* What is stored of its last reply, after it was made harmless. */
#define STORED_MOST 1024

/* After a refusal libcurl says QUIT and waits: not longer than this. */
#define GOODBYE_S 2L

/* The replies that ask for a login or for encryption (RFC 4954 §6, RFC 3207 §4). */
static const int login_codes[] = { 530, 534, 535, 538 };

struct exchange {
	CURL *easy;
	const char *text;
	size_t text_len;
	size_t text_at;
	bool mail;     /* MAIL was said: what is refused from here on is this mail */
	bool quitting; /* QUIT was said: what follows says nothing of the mail */
	bool allow_private;
	bool refused; /* the address was none we go to */
	bool flooded;
	size_t bytes;
	int code;         /* of the last whole reply; 0 none */
	bool whole;       /* the last line ended a reply */
	struct str reply; /* the last one */
};

/* --- callbacks ------------------------------------------------------------------------ */

static size_t
on_read(char *buffer, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	size_t room = size * count;
	size_t left = exchange->text_len - exchange->text_at;
	size_t n = left < room ? left : room;

	memcpy(buffer, exchange->text + exchange->text_at, n);
	exchange->text_at += n;
	return n;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "250-more" and "250 end": the last line of a reply has a blank behind the code. */
static void
reply_add(struct exchange *exchange, const char *line, size_t len)
{
	bool coded = len >= 3 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]);

	if (exchange->whole) {
		str_clear(&exchange->reply);
	}
	while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n')) {
		len--;
	}
	str_add(&exchange->reply, exchange->reply.len > 0 ? " " : "");
	str_add_n(&exchange->reply, line, len);
	exchange->whole = coded && (len == 3 || line[3] == ' ');
	if (exchange->whole) {
		exchange->code =
			(line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
	}
	if (exchange->whole && exchange->code >= 400) {
		/* A refused option leaves the longer wait, which the sender ends. */
		(void)curl_easy_setopt(
			exchange->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, GOODBYE_S);
	}
}

/* What we say: a reply means something only together with the command it answers. */
static int
on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
	struct exchange *exchange = context;

	(void)easy; /* fixed by libcurl's interface */
	if (type == CURLINFO_HEADER_OUT && size >= 4) {
		exchange->mail = exchange->mail || strncasecmp(data, "MAIL", 4) == 0;
		exchange->quitting = exchange->quitting || strncasecmp(data, "QUIT", 4) == 0;
	}
	return 0;
}

/* Every line the server says. */
static size_t
on_line(char *data, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	size_t len = size * count;

	if (exchange->quitting) {
		return len;
	}
	exchange->bytes += len;
	if (exchange->bytes > REPLIES_MOST) {
		exchange->flooded = true;
		return 0;
	}
	reply_add(exchange, data, len);
	return len;
}

/* Opens the socket, or not: here the address is a number and cannot change any more. */
static curl_socket_t
on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct exchange *exchange = context;

	if (purpose != CURLSOCKTYPE_IPCXN ||
		(!exchange->allow_private &&
			!address_is_public(&address->addr, address->addrlen))) {
		exchange->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* --- options --------------------------------------------------------------------------- */

static const char *
text_at(const json_t *request, const char *key)
{
	return json_string_value(json_object_get(request, key));
}

/* Options that are the same for every mail; a refused one is an error. */
static CURLcode
set_guards(CURL *easy, struct exchange *exchange, long timeout_ms)
{
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* not even from the environment */
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	/* Nothing is printed: the function takes the place of the printing. */
	bad |= curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	bad |= curl_easy_setopt(easy, CURLOPT_DEBUGDATA, exchange);
	bad |= curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange);
	return bad;
}

/* The addressee is the list's only entry: one mail, one outcome. */
static CURLcode
set_mail(CURL *easy, struct exchange *exchange, const json_t *request,
	const struct curl_slist *addressee)
{
	long tls = json_is_true(json_object_get(request, "plain")) ? (long)CURLUSESSL_NONE
								   : (long)CURLUSESSL_ALL;
	const char *user = text_at(request, "user");
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_URL, text_at(request, "server"));
	bad |= curl_easy_setopt(easy, CURLOPT_USE_SSL, tls);
	bad |= curl_easy_setopt(easy, CURLOPT_MAIL_FROM, text_at(request, "from"));
	bad |= curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, addressee);
	bad |= curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	bad |= curl_easy_setopt(easy, CURLOPT_READDATA, exchange);
	bad |= curl_easy_setopt(
		easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)exchange->text_len);
	if (user != NULL) {
		bad |= curl_easy_setopt(easy, CURLOPT_USERNAME, user);
		bad |= curl_easy_setopt(easy, CURLOPT_PASSWORD, text_at(request, "password"));
	}
	return bad;
}

/* --- outcome ---------------------------------------------------------------------------- */

static bool
asks_for_login(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(login_codes); i++) {
		if (login_codes[i] == code) {
			return true;
		}
	}
	return false;
}

/* Whether the server decided: the mail was taken, or its last reply was a refusal. */
static bool
exchange_is_answered(const struct exchange *exchange, CURLcode result)
{
	return result == CURLE_OK ||
		(!exchange->flooded && !exchange->refused && exchange->whole &&
			exchange->code >= 400 && exchange->code <= 599);
}

/* A refusal of this very mail: of its sender, its addressee or its text. */
static bool
exchange_is_final(const struct exchange *exchange, CURLcode result)
{
	return exchange_is_answered(exchange, result) && exchange->code >= 500 &&
		!asks_for_login(exchange->code) && exchange->mail;
}

static bool
holds(const char *text, const char *secret, size_t len)
{
	struct str coded = STR_INIT;
	bool found;

	base64_add(&coded, secret, len);
	found = coded.failed || strstr(text, str_text(&coded)) != NULL;
	if (coded.data != NULL) {
		explicit_bzero(coded.data, coded.cap);
	}
	str_release(&coded);
	return found;
}

/* Whether the reply gives back the password, as it is or in the forms it travels in. */
static bool
reply_tells(const struct exchange *exchange, const json_t *request)
{
	const char *text = str_text(&exchange->reply);
	const char *user = text_at(request, "user");
	const char *password = text_at(request, "password");
	struct str both = STR_INIT;
	bool found;

	if (user == NULL || password == NULL || password[0] == '\0') {
		return false;
	}
	str_add_char(&both, '\0');
	str_add(&both, user);
	str_add_char(&both, '\0');
	str_add(&both, password);
	found = both.failed || strstr(text, password) != NULL ||
		holds(text, password, strlen(password)) ||
		holds(text, str_text(&both), both.len);
	if (both.data != NULL) {
		explicit_bzero(both.data, both.cap);
	}
	str_release(&both);
	return found;
}

static void
describe(const struct exchange *exchange, const json_t *request, CURLcode result, struct str *out)
{
	if (reply_tells(exchange, request)) {
		str_add(out, "the reply held the password and is not kept");
	} else if (exchange->refused) {
		str_add(out, "the address is private or local and not allowed for this target");
	} else if (exchange->flooded) {
		str_add(out, "the server talks without end");
	} else if (exchange_is_answered(exchange, result)) {
		size_t len = exchange->reply.len < STORED_MOST ? exchange->reply.len : STORED_MOST;

		text_show(out, str_text(&exchange->reply), len, TEXT_LINE);
	} else {
		/* The library's own words; they hold no part of the address. */
		str_add(out, curl_easy_strerror(result));
	}
}

static int
tell(const struct exchange *exchange, const json_t *request, CURLcode result, int out)
{
	bool answered = exchange_is_answered(exchange, result);
	struct str shown = STR_INIT;
	json_t *document;
	char *line;
	enum err e = ERR_NOMEM;

	describe(exchange, request, result, &shown);
	document = json_pack("{s:b, s:b, s:i, s:s}", "answered", answered, "permanent",
		exchange_is_final(exchange, result), "status", answered ? exchange->code : 0,
		"answer", str_text(&shown));
	line = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;
	if (line != NULL) {
		struct str whole = STR_INIT;

		str_addf(&whole, "%s\n", line);
		e = whole.failed ? ERR_NOMEM : fd_write_all(out, whole.data, whole.len);
		str_release(&whole);
	}
	free(line);
	json_decref(document);
	str_release(&shown);
	return e == ERR_OK ? 0 : 1;
}

/* --- public ------------------------------------------------------------------------------ */

static json_t *
request_read(int in)
{
	char *data = malloc(REQUEST_MOST);
	json_t *request = NULL;
	size_t len;

	if (data != NULL && fd_read_all(in, data, REQUEST_MOST, &len) == ERR_OK) {
		request = json_loadb(data, len, 0, NULL);
		explicit_bzero(data, len);
	}
	free(data);
	return request;
}

static int
exchange_run(struct exchange *exchange, const json_t *request, int out)
{
	long timeout_ms = (long)json_integer_value(json_object_get(request, "timeout_ms"));
	CURL *easy = curl_easy_init();
	struct curl_slist *addressee = curl_slist_append(NULL, text_at(request, "to"));
	CURLcode result = CURLE_OUT_OF_MEMORY;
	int status;

	exchange->easy = easy;
	if (easy != NULL && addressee != NULL) {
		result = set_guards(easy, exchange, timeout_ms) |
			set_mail(easy, exchange, request, addressee);
	}
	if (result == CURLE_OK) {
		result = curl_easy_perform(easy);
	}
	status = tell(exchange, request, result, out);
	(void)close(out); /* told, or nobody listens */
	curl_easy_cleanup(easy); /* QUIT: the server may take its time */
	curl_slist_free_all(addressee);
	return status;
}

int
mail_exchange(int in, int out)
{
	json_t *request = request_read(in);
	struct exchange exchange = {
		.text = text_at(request, "text"),
		.allow_private = json_is_true(json_object_get(request, "allow_private")),
	};
	int status = 1;

	/* Without the sender nobody records the outcome: the next one sends it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		getppid() != (pid_t)json_integer_value(json_object_get(request, "parent")) ||
		exchange.text == NULL || text_at(request, "to") == NULL ||
		curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		json_decref(request);
		return 1;
	}
	exchange.text_len = strlen(exchange.text);
	status = exchange_run(&exchange, request, out);
	str_release(&exchange.reply);
	json_decref(request);
	curl_global_cleanup();
	return status;
}
