/* SPDX-License-Identifier: MIT */
/*
 * Webhooks and mails behind one door: see exchange.h.
 */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/notify/render.h"

#include "mail.h"
#include "webhook.h"

/* Descriptors of the caller beside our own: wake-up and stop. */
#define CALLER_FDS 2

struct exchanges {
	const struct sender_options *options;
	struct webhooks *webhooks;
	struct mails *mails;
};

enum err
exchanges_new(const struct sender_options *options, struct exchanges **ret_exchanges)
{
	struct exchanges *exchanges = calloc(1, sizeof(*exchanges));
	enum err e = exchanges != NULL ? ERR_OK : ERR_NOMEM;

	if (e == ERR_OK) {
		exchanges->options = options;
		e = webhooks_new(&options->clock, options->timeout_ms, &exchanges->webhooks);
	}
	if (e == ERR_OK) {
		e = mails_new(options->mail_program, options->timeout_ms, &exchanges->mails);
	}
	if (e != ERR_OK) {
		exchanges_free(exchanges);
		return e;
	}
	*ret_exchanges = exchanges;
	return ERR_OK;
}

void
exchanges_free(struct exchanges *exchanges)
{
	if (exchanges != NULL) {
		webhooks_free(exchanges->webhooks);
		mails_free(exchanges->mails);
		free(exchanges);
	}
}

size_t
exchanges_room(const struct exchanges *exchanges)
{
	size_t room = webhooks_room(exchanges->webhooks);
	size_t mails = mails_busy(exchanges->mails);

	return room > mails ? room - mails : 0;
}

/* --- starting ------------------------------------------------------------------------ */

static enum err
start_webhook(
	struct exchanges *exchanges, const struct exchange_request *request, const char *body)
{
	struct str signature = STR_INIT;
	struct webhook_request webhook = {
		.url = request->target->url,
		.allow_http = request->target->allow_http,
		.allow_private = request->target->allow_private,
		.id = request->row->id,
		.timestamp_s = clock_now(&exchanges->options->clock) / 1000,
		.body = body,
		.owner = request->owner,
	};
	enum err e = request->secret == NULL ? ERR_NOT_FOUND
					     : sign_message(request->secret, webhook.id,
						       webhook.timestamp_s, body, &signature);

	if (e == ERR_OK) {
		webhook.signature = str_text(&signature);
		e = webhooks_start(exchanges->webhooks, &webhook);
	}
	str_release(&signature);
	return e;
}

static enum err
start_mail(struct exchanges *exchanges, const struct exchange_request *request, const char *text)
{
	struct mail_place place = { 0 };
	enum err e = mail_place_read(request->target->url, &place);

	if (e == ERR_OK && place.user != NULL && secret_password(request->secret) == NULL) {
		e = ERR_NOT_FOUND;
	}
	if (e == ERR_OK) {
		const struct mail_request mail = {
			.server = place.server,
			.from = place.from,
			.to = place.to,
			.user = place.user,
			.password = secret_password(request->secret),
			.text = text,
			.plain = request->target->allow_http && !place.tls_at_once,
			.allow_private = request->target->allow_private,
			.owner = request->owner,
		};

		e = mails_start(exchanges->mails, &mail);
	}
	mail_place_release(&place);
	return e;
}

enum err
exchanges_start(struct exchanges *exchanges, const struct exchange_request *request)
{
	const struct target_row *target = request->target;
	const struct render_source source = {
		.procedure = exchanges->options->procedure,
		.target = target,
		.id = request->row->id,
		.body = request->row->body,
		.at = clock_now(&exchanges->options->clock),
		.urgent = request->row->urgent,
	};
	struct str text = STR_INIT;
	enum err e = target_check_url(target->url, target->allow_http, NULL);

	/* What the row calls it decides; an address of the other kind does not fit. */
	if (e == ERR_OK && strcmp(target_kind(target->url), target->kind) != 0) {
		e = ERR_INVALID;
	}
	if (e == ERR_OK) {
		e = render_message(&source, &text);
		e = e == ERR_INVALID ? ERR_CORRUPT : e;
	}
	if (e == ERR_OK) {
		e = strcmp(target->kind, "mail") == 0
			? start_mail(exchanges, request, str_text(&text))
			: start_webhook(exchanges, request, str_text(&text));
	}
	str_release(&text);
	return e;
}

const char *
exchange_refusal(enum err e)
{
	static const char *const texts[ERR_COUNT] = {
		[ERR_NOT_FOUND] =
			"the secret or password of the target is missing or cannot be read",
		[ERR_INVALID] = "the address or the secret of the target is not usable",
		[ERR_CORRUPT] = "the message cannot be put into the form this target wants",
		[ERR_NOMEM] = "not enough memory",
		[ERR_UNSUPPORTED] = "this program sends no mail",
	};

	return texts[e] != NULL ? texts[e] : "the exchange could not be started";
}

/* --- waiting -------------------------------------------------------------------------- */

enum err
exchanges_wait(struct exchanges *exchanges, const int *fds, size_t n, int timeout_ms)
{
	int all[CALLER_FDS + MAIL_SLOTS];

	if (n > CALLER_FDS) {
		return ERR_INVALID;
	}
	for (size_t i = 0; i < n; i++) {
		all[i] = fds[i];
	}
	n += mails_fds(exchanges->mails, all + n, MAIL_SLOTS);
	return webhooks_wait(
		exchanges->webhooks, all, n, mails_patience(exchanges->mails, timeout_ms));
}

bool
exchanges_take(struct exchanges *exchanges, void **ret_owner, struct attempt *ret_attempt)
{
	return webhooks_take(exchanges->webhooks, ret_owner, ret_attempt) ||
		mails_take(exchanges->mails, ret_owner, ret_attempt);
}
