/* SPDX-License-Identifier: MIT */
/*
 * Asking.  What is said to a person when the service goes away depends on what can be
 * known: a request that was not handed over whole was not acted on; one that was may
 * have been recorded, and is asked again only when that records nothing twice.
 */
#include <stdint.h>
#include <string.h>

#include "client.h"
#include "message.h"
#include "repeat.h"
#include "toban/base/clock.h"
#include "toban/wire/error.h"

/* --- one request ---------------------------------------------------------------------------- */

/* How a try to get an answer ended. */
enum outcome {
	ANSWERED,
	NOT_SENT, /* the service has no whole request: nothing happened */
	NOT_KNOWN /* it has, and went away or hangs */
};

struct question {
	const char *method;
	const json_t *args;
	struct str frame;
	int fd;
	json_int_t id;
	json_t *document; /* the answer */
	bool late;        /* the service hangs: asking again would hang, too */
};

/* Whether a text in it holds a NUL: no JSON document that came from elsewhere does. */
static bool
holds_nul(const json_t *value)
{
	json_t *object = (json_t *)(uintptr_t)value; /* iteration changes nothing */
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value)) {
		return strlen(json_string_value(value)) != json_string_length(value);
	}
	json_object_foreach(object, key, item)
	{
		if (holds_nul(item)) {
			return true;
		}
	}
	json_array_foreach(value, i, item)
	{
		if (holds_nul(item)) {
			return true;
		}
	}
	return false;
}

static bool
put_question(struct wire_client *client, struct question *question, bool *ret_too_long)
{
	enum lang lang = i18n_lang();
	json_t *document = json_pack("{s:I, s:s, s:O?}", "id", client->last_id + 1, "method",
		question->method, "args", (json_t *)(uintptr_t)question->args);
	bool put = document != NULL;

	/* Only said when it is another one. */
	if (put && lang != client->lang) {
		put = json_object_set_new(document, "lang", json_string(lang_word(lang))) == 0;
	}
	str_clear(&question->frame);
	put = put && wire_frame_put(&question->frame, document, WIRE_REQUEST_MOST, ret_too_long);
	json_decref(document);
	if (put) {
		client->lang = lang;
		question->id = ++client->last_id;
	}
	return put;
}

/* Whether a document answers the question; news that came with it is kept. */
static bool
is_answer(struct wire_client *client, const struct question *question, const json_t *document)
{
	const json_t *id = json_object_get(document, "id");

	if (json_is_true(json_object_get(document, "changed"))) {
		client_note_change(client);
	}
	/* A farewell has no id. */
	return (json_is_integer(id) && json_integer_value(id) == question->id) ||
		(!id && json_object_get(document, "error"));
}

static enum outcome
await_answer(struct wire_client *client, struct question *question, bool whole)
{
	int64_t until =
		clock_uptime_ms() + (method_is_slow(question->method) ? SLOW_MS : ANSWER_MS);
	enum link_end end;

	do {
		json_decref(question->document);
		question->document = NULL;
		end = link_receive(&client->link, until, &question->document);
	} while (end == LINK_DONE && !is_answer(client, question, question->document));
	if (end == LINK_DONE) {
		return ANSWERED;
	}
	question->late = end == LINK_LATE;
	return whole ? NOT_KNOWN : NOT_SENT;
}

/* Asks once, of a service that is there. */
static enum outcome
ask(struct wire_client *client, struct question *question)
{
	bool whole = false;
	enum link_end end = link_send(&client->link, &question->frame, question->fd,
		clock_uptime_ms() + ANSWER_MS, &whole);

	question->late = end == LINK_LATE;
	if (end == LINK_LATE) {
		return NOT_SENT;
	}
	/* One that broke off may have left a farewell that says why. */
	return await_answer(client, question, whole);
}

/* --- asking until it is known ------------------------------------------------------------ */

/* Tries to reach a service that restarts, for a while. */
static bool
reach_again(struct wire_client *client, json_t **ret_error)
{
	int64_t until = clock_uptime_ms() + RETURN_MS;

	for (;;) {
		enum err e = client_reach(client, until, ret_error);

		if (e == ERR_OK) {
			return true;
		}
		if (e != ERR_BUSY || clock_uptime_ms() + LOOK_MS >= until) {
			return false;
		}
		json_decref(*ret_error);
		*ret_error = NULL;
		if (waiting_poll(client->options.waiting, -1, 0, client->link.since,
			    clock_uptime_ms() + LOOK_MS) == WAITED_STOPPED) {
			*ret_error = wire_error("D430");
			return false;
		}
	}
}

static bool
is_repeatable(const struct wire_client *client, const struct question *question)
{
	return client->options.is_read(question->method) ||
		write_is_repeatable(question->method, question->args);
}

/* What the person is told when there is no answer. */
static const char *
code_without_answer(
	const struct wire_client *client, const struct question *question, enum outcome outcome)
{
	return outcome == NOT_SENT || client->options.is_read(question->method) ? "D430" : "D431";
}

/* Takes the answer apart; a farewell ends the connection. */
static enum err
take_answer(struct wire_client *client, struct question *question, json_t **ret_result,
	json_t **ret_error)
{
	json_t *document = question->document;
	json_t *result = json_object_get(document, "result");
	json_t *error = json_object_get(document, "error");

	if (!json_object_get(document, "id")) {
		wire_error_translate(error);
		client_lose(client, error);
	}
	if (result) {
		if (json_object_get(result, "fd")) {
			/* Without one the key says nothing. */
			(void)json_object_set_new(result, "fd", json_integer(client->link.in_fd));
			client->link.in_fd = -1;
		}
		*ret_result = json_incref(result);
		return ERR_OK;
	}
	if (!json_is_object(error)) {
		return client_fail(ret_error, "D434");
	}
	*ret_error = json_incref(error);
	return door_err(error);
}

/* The service is there, or is tried once: a screen must not stand still for one that is away. */
static enum err
be_open(struct wire_client *client, json_t **ret_error)
{
	int64_t now = clock_uptime_ms();
	enum err e;

	if (client->state == CLIENT_OPEN) {
		return ERR_OK;
	}
	if (now < client->retry_at) {
		*ret_error = json_incref(client->trouble);
		return door_err(client->trouble);
	}
	e = client_reach(client, now + GREET_MS, ret_error);
	if (e != ERR_OK) {
		client_lose(client, *ret_error);
	}
	return e;
}

static enum err
ask_until_known(struct wire_client *client, struct question *question, json_t **ret_result,
	json_t **ret_error)
{
	enum outcome outcome = ask(client, question);

	if (outcome != ANSWERED && !question->late &&
		(outcome == NOT_SENT || is_repeatable(client, question))) {
		link_close(&client->link);
		client->state = CLIENT_AWAY;
		if (reach_again(client, ret_error)) {
			client_note_change(client); /* nobody told what happened meanwhile */

			enum outcome again = ask(client, question);

			/* What was not known before stays so, whatever became of the second. */
			outcome = again == NOT_SENT ? outcome : again;
		} else {
			json_decref(*ret_error);
			*ret_error = NULL;
		}
	}
	if (outcome == ANSWERED) {
		return take_answer(client, question, ret_result, ret_error);
	}
	if (question->late) {
		/* It hangs: the next call must not stand still as well. */
		client->retry_at = clock_uptime_ms() + RETRY_MOST_MS;
	}
	client_lose(client, NULL);
	return client_fail(ret_error, code_without_answer(client, question, outcome));
}

static int
args_fd(const json_t *args)
{
	const json_t *fd = json_object_get(args, "fd");

	return json_is_integer(fd) ? (int)json_integer_value(fd) : -1;
}

/* The code under which a request is not even sent; NULL: it is. */
static const char *
refusal_here(const struct wire_client *client, const char *method, const json_t *args)
{
	const struct wire_client_options *options = &client->options;

	if (options->read_only && !options->is_read(method) && !method_is_mark(method)) {
		return "D310";
	}
	return holds_nul(args) ? "D110" : NULL;
}

enum err
client_call(
	void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error)
{
	struct wire_client *client = ctx;
	struct question question = {
		.method = method, .args = args, .frame = STR_WIPING, .fd = args_fd(args)
	};
	bool too_long = false;
	const char *refusal = refusal_here(client, method, args);
	enum err e;

	client->link.since = clock_uptime_ms();
	e = refusal ? client_fail(ret_error, refusal) : be_open(client, ret_error);

	if (e == ERR_OK) {
		e = put_question(client, &question, &too_long)
			? ask_until_known(client, &question, ret_result, ret_error)
			: client_fail(ret_error, too_long ? "D435" : "D430");
	}
	if (wire_frames_ready(&client->link.in)) {
		/* News came with the answer: the socket will not say so again. */
		client_ring(client);
	}
	json_decref(question.document);
	str_release(&question.frame);
	return e;
}
