/* SPDX-License-Identifier: MIT */
/*
 * HTTP exchanges by libcurl's multi interface.  A receiver may hang, drip,
 * flood, lie, redirect or sit on our own machine; what each of these may cost
 * is bounded here:
 *
 * - time by one total timeout, which covers name look-up, TLS and all 1xx;
 * - memory by cutting the answer at 16 KiB and headers at 64 KiB;
 * - reach by looking at the numeric address of every connection before a byte
 *   is sent, also of one that is kept from before; by following no redirect,
 *   asking no proxy, and speaking no protocol but HTTP.
 *
 * An answer cut by us counts by its status: a 2xx with an endless body was
 * delivered.  Any other broken exchange failed, whatever its status line said,
 * because libcurl reports 200 also for half an answer.
 */
#include "webhook.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

#include "address.h"
#include "retry_after.h"

#define HEADERS_MOST (64 * 1024)

/* What is stored of an answer, after it was made harmless. */
#define STORED_MOST 4096

/* Descriptors of the caller beside libcurl's own: wake-up, stop, and those of mails. */
#define EXTRA_FDS 20

struct slot {
	CURL *easy;
	struct curl_slist *headers;
	void *owner;
	bool busy;
	bool allow_private;
	bool refused; /* the address was none we go to */
	bool cut;     /* we ended the answer because of its size */
	bool flooded; /* more headers than anybody needs */
	bool asked;   /* the request went out */
	size_t header_bytes;
	int64_t retry_after_ms;
	struct str answer; /* raw */
	const struct clock *clock;
};

struct webhooks {
	CURLM *multi;
	struct slot slots[WEBHOOK_SLOTS];
	size_t n_busy;
	struct str shown; /* what the last webhooks_take() gave out */
};

/* --- callbacks ------------------------------------------------------------------ */

static size_t
on_body(char *data, size_t size, size_t count, void *context)
{
	struct slot *slot = context;
	size_t len = size * count;
	size_t room = WEBHOOK_ANSWER_MOST - slot->answer.len;

	str_add_n(&slot->answer, data, len < room ? len : room);
	if (len > room) {
		slot->cut = true;
		return 0; /* ends the transfer: 99 GB are not read to be thrown away */
	}
	return len;
}

static void
read_retry_after(struct slot *slot, const char *line, size_t len)
{
	static const char name[] = "retry-after:";
	size_t name_len = strlen(name);

	if (len > name_len && strncasecmp(line, name, name_len) == 0) {
		slot->retry_after_ms =
			retry_after_parse(line + name_len, len - name_len, clock_now(slot->clock));
	}
}

static size_t
on_header(char *data, size_t size, size_t count, void *context)
{
	struct slot *slot = context;
	size_t len = size * count;

	slot->header_bytes += len;
	if (slot->header_bytes > HEADERS_MOST) {
		slot->flooded = true;
		return 0;
	}
	read_retry_after(slot, data, len);
	return len;
}

/* Opens the socket, or not: here the address is a number and cannot change any more. */
static curl_socket_t
on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct slot *slot = context;

	if (purpose != CURLSOCKTYPE_IPCXN ||
		(!slot->allow_private && !address_is_public(&address->addr, address->addrlen))) {
		slot->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/*
 * The second look, before the request itself: a connection kept from a target
 * that may go to private addresses must not serve one that may not.  And libcurl
 * would send a request again by itself when a connection it had kept is reset under
 * it: an attempt nobody planned and nobody would record.
 */
static int
on_prerequest(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct slot *slot = context;

	(void)local_ip; /* fixed by libcurl's interface */
	(void)remote_port;
	(void)local_port;
	if (!slot->allow_private && !address_text_is_public(remote_ip)) {
		slot->refused = true;
		return CURL_PREREQFUNC_ABORT;
	}
	if (slot->asked) {
		return CURL_PREREQFUNC_ABORT;
	}
	slot->asked = true;
	return CURL_PREREQFUNC_OK;
}

/* --- one slot ------------------------------------------------------------------- */

/*
 * Options that are the same for every exchange.  A refused option is an error:
 * a libcurl without, say, CURLOPT_PROTOCOLS_STR must not be used silently.
 */
static enum err
slot_set_guards(CURL *easy, struct slot *slot, int timeout_ms)
{
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* not even from the environment */
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
	/* Else the end of an exchange waits for a name server that does not answer. */
	bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "toban/" TOBAN_VERSION);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_prerequest);
	bad |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
	return bad == CURLE_OK ? ERR_OK : ERR_UNSUPPORTED;
}

static enum err
slot_init(struct slot *slot, const struct clock *clock, int timeout_ms)
{
	slot->clock = clock;
	slot->easy = curl_easy_init();
	return slot->easy != NULL ? slot_set_guards(slot->easy, slot, timeout_ms) : ERR_NOMEM;
}

static enum err
headers_add(struct curl_slist **headers, const char *name, const char *value)
{
	struct str line = STR_INIT;
	struct curl_slist *longer = NULL;

	str_addf(&line, "%s: %s", name, value);
	if (!line.failed) {
		longer = curl_slist_append(*headers, line.data);
	}
	str_release(&line);
	if (longer == NULL) {
		return ERR_NOMEM;
	}
	*headers = longer;
	return ERR_OK;
}

static enum err
headers_make(const struct webhook_request *request, struct curl_slist **ret_headers)
{
	char timestamp[24];
	const struct {
		const char *name;
		const char *value;
	} rows[] = {
		{ "Content-Type", "application/json" },
		{ "Expect", "" }, /* none: asking first costs a round trip */
		{ "webhook-id", request->id },
		{ "webhook-timestamp", timestamp },
		{ "webhook-signature", request->signature },
	};
	struct curl_slist *headers = NULL;

	(void)snprintf(timestamp, sizeof(timestamp), "%" PRId64, request->timestamp_s);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum err err = strpbrk(rows[i].value, "\r\n") != NULL
			? ERR_INVALID
			: headers_add(&headers, rows[i].name, rows[i].value);

		if (err != ERR_OK) {
			curl_slist_free_all(headers);
			return err;
		}
	}
	*ret_headers = headers;
	return ERR_OK;
}

static void
slot_clear(struct slot *slot)
{
	curl_slist_free_all(slot->headers);
	slot->headers = NULL;
	slot->owner = NULL;
	slot->busy = false;
}

static enum err
slot_load(struct slot *slot, const struct webhook_request *request)
{
	CURLcode bad = CURLE_OK;
	enum err err = headers_make(request, &slot->headers);

	if (err != ERR_OK) {
		return err;
	}
	slot->owner = request->owner;
	slot->allow_private = request->allow_private;
	slot->refused = slot->cut = slot->flooded = slot->asked = false;
	slot->header_bytes = 0;
	slot->retry_after_ms = -1;
	str_clear(&slot->answer);
	bad |= curl_easy_setopt(slot->easy, CURLOPT_URL, request->url);
	bad |= curl_easy_setopt(
		slot->easy, CURLOPT_PROTOCOLS_STR, request->allow_http ? "http,https" : "https");
	bad |= curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, slot->headers);
	bad |= curl_easy_setopt(
		slot->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
	bad |= curl_easy_setopt(slot->easy, CURLOPT_COPYPOSTFIELDS, request->body);
	return bad == CURLE_OK ? ERR_OK : ERR_NOMEM;
}

/* --- outcome --------------------------------------------------------------------- */

/* Whether the exchange counts as finished: its status may be believed. */
static enum err
slot_transport(const struct slot *slot, CURLcode result)
{
	if (slot->refused && result != CURLE_OK) {
		return ERR_DENIED;
	}
	if (result == CURLE_OK || (result == CURLE_WRITE_ERROR && slot->cut && !slot->flooded)) {
		return ERR_OK;
	}
	return result == CURLE_OUT_OF_MEMORY ? ERR_NOMEM : ERR_IO;
}

/* Cuts sanitised text so that no character is broken. */
static void
cut_text(struct str *text, size_t most)
{
	size_t len = most;

	if (text->len <= most) {
		return;
	}
	while (len > 0 && ((unsigned char)text->data[len] & 0xc0) == 0x80) {
		len--;
	}
	str_truncate(text, len);
}

/* The answer for people: what the receiver said, or what went wrong. */
static void
slot_describe(const struct slot *slot, CURLcode result, struct str *out)
{
	str_clear(out);
	if (slot->refused && result != CURLE_OK) {
		str_add(out, "the address is private or local and not allowed for this target");
	} else if (slot->flooded) {
		str_add(out, "too many headers in the answer");
	} else if (slot_transport(slot, result) != ERR_OK) {
		/* The library's own words; they hold no part of the address. */
		str_add(out, curl_easy_strerror(result));
	} else if (slot->answer.len > 0) {
		text_show(out, slot->answer.data, slot->answer.len, TEXT_LINE);
		cut_text(out, STORED_MOST);
	}
}

/* --- public ------------------------------------------------------------------------ */

enum err
webhooks_new(const struct clock *clock, int timeout_ms, struct webhooks **ret_webhooks)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		return ERR_IO;
	}

	struct webhooks *webhooks = calloc(1, sizeof(*webhooks));
	enum err err = webhooks != NULL ? ERR_OK : ERR_NOMEM;

	if (webhooks == NULL) {
		curl_global_cleanup();
		return ERR_NOMEM;
	}
	webhooks->multi = curl_multi_init();
	if (webhooks->multi == NULL) {
		err = ERR_NOMEM;
	}
	for (size_t i = 0; err == ERR_OK && i < ARRAY_LEN(webhooks->slots); i++) {
		err = slot_init(&webhooks->slots[i], clock, timeout_ms);
	}
	if (err != ERR_OK) {
		webhooks_free(webhooks);
		return err;
	}
	*ret_webhooks = webhooks;
	return ERR_OK;
}

void
webhooks_free(struct webhooks *webhooks)
{
	if (webhooks == NULL) {
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(webhooks->slots); i++) {
		struct slot *slot = &webhooks->slots[i];

		if (slot->busy) {
			/* It can only fail for a handle that is not there. */
			(void)curl_multi_remove_handle(webhooks->multi, slot->easy);
		}
		curl_easy_cleanup(slot->easy);
		curl_slist_free_all(slot->headers);
		str_release(&slot->answer);
	}
	(void)curl_multi_cleanup(webhooks->multi); /* as above */
	str_release(&webhooks->shown);
	free(webhooks);
	curl_global_cleanup();
}

size_t
webhooks_room(const struct webhooks *webhooks)
{
	return WEBHOOK_SLOTS - webhooks->n_busy;
}

enum err
webhooks_start(struct webhooks *webhooks, const struct webhook_request *request)
{
	struct slot *slot = webhooks->slots;

	if (webhooks_room(webhooks) == 0) {
		return ERR_BUSY;
	}
	while (slot->busy) {
		slot++;
	}

	enum err err = slot_load(slot, request);

	if (err == ERR_OK && curl_multi_add_handle(webhooks->multi, slot->easy) != CURLM_OK) {
		err = ERR_NOMEM;
	}
	if (err != ERR_OK) {
		slot_clear(slot);
		return err;
	}
	slot->busy = true;
	webhooks->n_busy++;
	return ERR_OK;
}

enum err
webhooks_wait(struct webhooks *webhooks, const int *fds, size_t n, int timeout_ms)
{
	struct curl_waitfd waits[EXTRA_FDS];
	int running;

	if (n > ARRAY_LEN(waits)) {
		return ERR_INVALID;
	}
	for (size_t i = 0; i < n; i++) {
		waits[i] = (struct curl_waitfd){ .fd = fds[i], .events = CURL_WAIT_POLLIN };
	}
	/* First on, then wait: a new exchange has no descriptor before its first step. */
	if (curl_multi_perform(webhooks->multi, &running) != CURLM_OK) {
		return ERR_NOMEM;
	}
	if ((size_t)running < webhooks->n_busy) {
		timeout_ms = 0; /* one is finished already and waits to be taken */
	}
	if (curl_multi_poll(webhooks->multi, waits, (unsigned)n, timeout_ms, NULL) != CURLM_OK ||
		curl_multi_perform(webhooks->multi, &running) != CURLM_OK) {
		return ERR_NOMEM;
	}
	return ERR_OK;
}

bool
webhooks_take(struct webhooks *webhooks, void **ret_owner, struct attempt *ret_attempt)
{
	CURLMsg *message;
	int left;
	long status = 0;
	char *owner = NULL;

	do {
		message = curl_multi_info_read(webhooks->multi, &left);
		if (message == NULL) {
			return false;
		}
	} while (message->msg != CURLMSG_DONE);

	/* The message dies with the removal of its handle. */
	CURL *easy = message->easy_handle;
	CURLcode result = message->data.result;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status); /* stays 0: none */
	(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);        /* set by slot_init() */
	(void)curl_multi_remove_handle(webhooks->multi, easy);          /* it was in there */

	struct slot *slot = (struct slot *)(void *)owner;

	slot_describe(slot, result, &webhooks->shown);
	*ret_owner = slot->owner;
	*ret_attempt = (struct attempt){
		.transport = slot_transport(slot, result),
		.status = (int)status,
		.retry_after_ms = slot->retry_after_ms,
		.answer = str_text(&webhooks->shown),
	};
	slot_clear(slot);
	webhooks->n_busy--;
	return true;
}
