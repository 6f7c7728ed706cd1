/* SPDX-License-Identifier: MIT */
/*
 * Signing on the command line: every method that asks for a signature (D320) comes here.
 */
#include "sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "talk.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define TRIES 3 /* at a passphrase */

/* Methods that make a text to sign on request, in a trial desk as well. */
void
cli_sign_wanted(const struct cli *cli, const char *method, json_t *args)
{
	static const char *const methods[] = { "incident.act", "key.approve", "key.revoke" };
	for (size_t i = 0; i < ARRAY_LEN(methods) && cli_flag(cli, "sign"); i++) {
		if (strcmp(methods[i], method) == 0) {
			json_object_set_new(args, "sign", json_true());
		}
	}
}

static enum cli_exit
exit_of(enum signer_fault fault)
{
	switch (fault) {
	case SIGNER_NO_KEY:
		return EXIT_MISSING;
	case SIGNER_WEAK_PASSPHRASE:
		return EXIT_INPUT;
	case SIGNER_NOMEM:
	case SIGNER_DISK:
	case SIGNER_EXISTS:
		return EXIT_FAILED;
	default:
		return EXIT_DENIED;
	}
}

int
cli_signer_fail(struct cli *cli, enum signer_fault fault)
{
	return cli_fail(cli, exit_of(fault), "D320", signer_fault_text(fault),
		fault == SIGNER_EXISTS ? _("Use it: 'toban key propose'. To have another, move the "
					   "file away first.")
				       : _("Nothing was signed and nothing was recorded. Mend "
					   "that, then do it again."));
}

/* --- what is signed ---------------------------------------------------------------------- */

static void
add_line(void *ctx, const char *name, const char *value, size_t len)
{
	struct str *out = ctx;
	str_addf(out, "  %s: ", name);
	text_show(out, value, len, TEXT_FOLD);
	str_add_char(out, '\n');
}

/* "SHA256:... (agent: dc-owner@laptop)" */
static void
add_key(struct str *out, const struct signer_key *key)
{
	str_addf(out, "%s (%s", key->fingerprint, key->own ? _("toban's own") : _("agent"));
	if (*key->comment) {
		str_add(out, ": ");
		text_show(out, key->comment, strlen(key->comment), TEXT_LINE);
	}
	str_add_char(out, ')');
}

static void
show(const struct sign_ask *ask)
{
	struct str out = STR_INIT;
	str_addf(&out, "%s\n", _("This has to be signed:"));
	sign_ask_each(ask->text, add_line, &out);
	(void)fputs(str_text(&out), stderr); /* the question that follows would fail, too */
	str_release(&out);
}

/* "Sign 0123 ... with KEY?"; with several keys the number of one is asked for. */
static const struct signer_key *
choose(struct cli *cli, const struct sign_ask *ask)
{
	struct talk talk = { .cli = cli };
	struct str question = STR_INIT;
	struct str key = STR_INIT;
	struct str answer = STR_INIT;
	size_t chosen = 0;
	for (size_t i = 0; ask->n_keys > 1 && i < ask->n_keys; i++) {
		str_addf(&key, "%s%zu ", i ? ", " : "", i + 1);
		add_key(&key, ask->keys[i]);
	}
	if (ask->n_keys == 1) {
		add_key(&key, ask->keys[0]);
	}
	str_say(&question, _("Sign {hash} with {key}?"),
		(struct str_arg[]){ { "hash", ask->short_hash }, { "key", str_text(&key) } }, 2);
	if (talk_ask(&talk, str_text(&question),
		    ask->n_keys > 1 ? _("a number; else no") : _("y/n"), &answer)) {
		struct str folded = STR_INIT;
		text_fold(&folded, str_text(&answer), answer.len);
		const char *said = str_text(&folded);
		bool yes = strcmp(said, "y") == 0 || strcmp(said, "yes") == 0 ||
			strcmp(said, "はい") == 0;
		chosen = ask->n_keys > 1 ? strtoul(said, NULL, 10) : yes;
		str_release(&folded);
	}
	str_release(&question);
	str_release(&key);
	str_release(&answer);
	return chosen >= 1 && chosen <= ask->n_keys ? ask->keys[chosen - 1] : NULL;
}

static const struct signer_key *
own_of(const struct sign_ask *ask, const char *fingerprint)
{
	for (size_t i = 0; i < ask->n_keys; i++) {
		if (strcmp(ask->keys[i]->fingerprint, fingerprint) == 0) {
			return ask->keys[i];
		}
	}
	return NULL;
}

/* Which key, after asking; NULL after saying why none. */
static const struct signer_key *
decide(struct cli *cli, const struct sign_ask *ask, int *ret_status)
{
	const struct signer_key *key = NULL;
	*ret_status = EXIT_DENIED;
	if (ask->n_keys == 0) {
		struct str why = STR_INIT;
		sign_ask_why_none(ask, &why);
		(void)cli_fail(cli, EXIT_DENIED, "D320", _("This must be signed."), str_text(&why));
		str_release(&why);
		return NULL;
	}
	if (cli->own_proof) {
		return own_of(ask, cli->own_proof);
	}
	if (cli_flag(cli, "sign")) {
		return ask->keys[0];
	}
	if (!cli_may_ask(cli) || cli->globals.json) {
		(void)cli_fail(cli, EXIT_DENIED, "D320",
			_("This must be signed, and nobody can be asked."),
			_("Nothing was recorded. Add --sign if it shall be signed without a "
			  "question."));
		return NULL;
	}
	show(ask);
	key = choose(cli, ask);
	if (!key) {
		(void)cli_fail(cli, EXIT_DENIED, "D320", _("It was not signed."),
			_("Nothing was recorded."));
	}
	return key;
}

/* --- signing -------------------------------------------------------------------------------- */

static enum signer_fault
sign_own(struct cli *cli, const struct sign_ask *ask, const struct signer_key *key, struct str *out,
	int *ret_status)
{
	const struct signer *signer = cli->host->signer;
	enum signer_fault fault = SIGNER_WRONG_PASSPHRASE;
	bool given = cli_value(cli, "passphrase-fd") != NULL || cli->own_proof;
	struct secret_text text = { NULL, 0 };
	struct str question = STR_INIT;
	str_say(&question, _("Passphrase of {key}: "), &(struct str_arg){ "key", key->fingerprint },
		1);
	if (secret_text_start(&text) != ERR_OK) {
		fault = SIGNER_NOMEM;
	}
	for (int i = 0; fault == SIGNER_WRONG_PASSPHRASE && i < (given ? 1 : TRIES); i++) {
		if (i > 0) {
			talk_say(signer_fault_text(fault));
		}
		secret_text_clear(&text);
		if (cli->own_proof && cli->passphrase.data) {
			(void)secret_text_add(&text, cli->passphrase.data, cli->passphrase.len);
		} else {
			*ret_status = cli_read_passphrase(cli, str_text(&question), &text);
			if (*ret_status != EXIT_DONE) {
				break;
			}
		}
		fault = signer->sign(signer->ctx, key, ask->text, &text, out);
	}
	secret_text_release(&text);
	str_release(&question);
	return fault;
}

static int
sign(struct cli *cli, const struct sign_ask *ask, json_t *args)
{
	const struct signer *signer = cli->host->signer;
	int status = EXIT_DONE;
	const struct signer_key *key = decide(cli, ask, &status);
	struct str armored = STR_INIT;
	enum signer_fault fault;
	if (!key) {
		return status;
	}
	status = EXIT_DONE;
	fault = key->own ? sign_own(cli, ask, key, &armored, &status)
			 : signer->sign(signer->ctx, key, ask->text, NULL, &armored);
	if (status == EXIT_DONE && fault) {
		status = cli_signer_fail(cli, fault);
	}
	if (status == EXIT_DONE && sign_ask_answer(ask, str_text(&armored), args) != ERR_OK) {
		status = cli_signer_fail(cli, SIGNER_NOMEM);
	}
	if (status == EXIT_DONE && !cli->globals.json) {
		struct str said = STR_INIT;
		str_say(&said, _("Signed {hash} with {key}."),
			(struct str_arg[]){
				{ "hash", ask->short_hash }, { "key", key->fingerprint } },
			2);
		talk_say(str_text(&said));
		str_release(&said);
	}
	str_release(&armored);
	return status;
}

int
cli_sign(struct cli *cli, const char *method, json_t *args, json_t *error)
{
	/* A script that speaks to the door itself gets what the door says, and signs it. */
	bool raw = cli->globals.json && strcmp(cli->command->name, "call") == 0;
	struct arena *arena = raw ? NULL : arena_new();
	struct sign_ask ask;
	if (raw) {
		return cli_error(cli, error);
	}
	enum err e = arena ? sign_ask_read(cli->host->signer, arena, error, &ask) : ERR_NOMEM;
	int status;
	(void)method;
	if (e == ERR_NOT_FOUND || !json_is_object(args)) {
		arena_free(arena);
		return cli_error(cli, error);
	}
	if (e == ERR_INVALID) {
		status = cli_fail(cli, EXIT_FAILED, "D320",
			_("The desk asks for the signature of another text than it says."),
			_("Nothing was signed. Tell your administrator."));
	} else {
		status = e ? cli_signer_fail(cli, SIGNER_NOMEM) : sign(cli, &ask, args);
	}
	json_decref(error);
	arena_free(arena);
	return status;
}
