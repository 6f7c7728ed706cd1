/* SPDX-License-Identifier: MIT */
/*
 * Keys people sign with: making one, bringing it in, deciding about those of others.
 */
#include "command.h"

#include <string.h>

#include "sign.h"
#include "talk.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "verb.h"
#include "view.h"

#define PREFIX "SHA256:"
#define PREFIX_LEAST 6 /* digits of a fingerprint that is cut short */

/* --- which key is meant -------------------------------------------------------------------- */

static void
set_text(json_t *args, const char *key, const char *value)
{
	if (value) {
		json_object_set_new(args, key, json_string(value));
	}
}

/* Whether `given` is the fingerprint, or its beginning, with or without "SHA256:". */
static bool
is_meant(const char *fingerprint, const char *given)
{
	size_t skip = strncmp(given, PREFIX, strlen(PREFIX)) == 0 ? strlen(PREFIX) : 0;
	const char *digits = given + skip;
	return strlen(digits) >= PREFIX_LEAST &&
		strncmp(fingerprint + strlen(PREFIX), digits, strlen(digits)) == 0;
}

/*
 * The arguments of a decision: the word behind the verb as a whole fingerprint.  Two keys
 * that begin alike are no key: nobody decides about the wrong one.
 */
static int
key_args(struct cli *cli, json_t **ret_args)
{
	json_t *list = NULL;
	const char *found = cli->words[1];
	size_t n = 0;
	size_t i;
	json_t *key;
	int status = cli_call(cli, "key.list", json_object(), &list);
	if (status != EXIT_DONE) {
		return status;
	}
	json_array_foreach(json_object_get(list, "keys"), i, key)
	{
		const char *fingerprint = cli_string(key, "fingerprint");
		/* One that was refused and proposed again stands there twice. */
		if (is_meant(fingerprint, cli->words[1]) && strcmp(fingerprint, found) != 0) {
			found = fingerprint;
			n++;
		}
	}
	if (n > 1) {
		json_decref(list);
		return cli_fail(cli, EXIT_USAGE, "D325", _("More than one key begins like this."),
			_("Give more of the fingerprint."));
	}
	*ret_args = json_pack("{s:s}", "fingerprint", found);
	set_text(*ret_args, "event", cli_value(cli, "event"));
	set_text(*ret_args, "why", cli_value(cli, "why"));
	json_decref(list);
	return EXIT_DONE;
}

static int
decide(struct cli *cli, const char *method)
{
	json_t *args = NULL;
	int status = key_args(cli, &args);
	return status == EXIT_DONE ? view_call(cli, method, args, view_key_entry) : status;
}

static int
key_approve(struct cli *cli)
{
	return decide(cli, "key.approve");
}

static int
key_refuse(struct cli *cli)
{
	return cli_value(cli, "why") ? decide(cli, "key.refuse") : cli_incomplete(cli);
}

static int
key_revoke(struct cli *cli)
{
	return cli_value(cli, "why") ? decide(cli, "key.revoke") : cli_incomplete(cli);
}

/* --- looking ------------------------------------------------------------------------------ */

static int
key_list(struct cli *cli)
{
	json_t *args = json_object();
	set_text(args, "person", cli_value(cli, "person"));
	set_text(args, "state", cli_value(cli, "state"));
	return view_call(cli, "key.list", args, view_keys);
}

/* Who asks; a new reference to desk.info. */
static int
ask_me(struct cli *cli, json_t **ret_info, const char **ret_person)
{
	int status = cli_call(cli, "desk.info", NULL, ret_info);
	if (status == EXIT_DONE) {
		*ret_person = cli_string(json_object_get(*ret_info, "person"), "id");
	}
	return status;
}

/* One's own keys, or the one that is named. */
static int
read_keys(struct cli *cli, json_t **ret_list)
{
	json_t *info = NULL;
	json_t *list = NULL;
	json_t *keys = json_array();
	const char *me = "";
	size_t i;
	json_t *key;
	int status = ask_me(cli, &info, &me);
	if (status == EXIT_DONE) {
		status = cli_call(cli, "key.list", json_object(), &list);
	}
	json_array_foreach(json_object_get(list, "keys"), i, key)
	{
		bool named =
			cli->n_words > 1 && is_meant(cli_string(key, "fingerprint"), cli->words[1]);
		bool own = cli->n_words < 2 && strcmp(cli_string(key, "person"), me) == 0;
		if (named || own) {
			json_array_append(keys, key);
		}
	}
	json_object_set(list, "keys", keys);
	json_decref(keys);
	json_decref(info);
	if (status == EXIT_DONE) {
		*ret_list = list;
	}
	return status;
}

/* What is on this machine beside what the desk knows. */
static void
add_here(struct cli *cli, json_t *list)
{
	const struct signer *signer = cli->host->signer;
	struct arena *arena = arena_new();
	struct signer_keys keys = { NULL };
	json_t *here = json_array();
	if (arena && signer->list(signer->ctx, arena, &keys) == ERR_OK) {
		for (size_t i = 0; i < keys.n; i++) {
			json_array_append_new(here,
				json_pack("{s:s, s:s, s:s}", "fingerprint",
					keys.items[i].fingerprint, "comment", keys.items[i].comment,
					"where", keys.items[i].own ? "own" : "agent"));
		}
	}
	json_object_set_new(list, "here", here);
	json_object_set_new(list, "agent", json_string(signer_fault_text(keys.agent)));
	arena_free(arena);
}

static void
view_mine(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *key;
	view_keys(cli, result, out);
	json_array_foreach(json_object_get(result, "here"), i, key)
	{
		struct str text = STR_INIT;
		bool own = strcmp(cli_string(key, "where"), "own") == 0;
		str_addf(&text, "%s  %s  %s", cli_string(key, "fingerprint"),
			own ? _("toban's own") : _("agent"), cli_string(key, "comment"));
		view_line(out, _("On this machine"), str_text(&text));
		str_release(&text);
	}
	if (*cli_string(result, "agent")) {
		view_line(out, _("On this machine"), cli_string(result, "agent"));
	}
}

static int
key_show(struct cli *cli)
{
	json_t *list = NULL;
	int status = read_keys(cli, &list);
	if (status == EXIT_DONE) {
		add_here(cli, list);
		status = view_answer(cli, list, view_mine);
	}
	return status;
}

/* "ssh-ed25519 AAAA... PERSON", a line for each: what others check signatures with. */
static void
view_public(struct cli *cli, const json_t *result, struct str *out)
{
	size_t i;
	json_t *key;
	(void)cli;
	json_array_foreach(json_object_get(result, "keys"), i, key)
	{
		str_addf(out, "%s %s\n", cli_string(key, "public"), cli_string(key, "person"));
	}
}

static int
key_export(struct cli *cli)
{
	json_t *list = NULL;
	int status = read_keys(cli, &list);
	if (status == EXIT_DONE && json_array_size(json_object_get(list, "keys")) == 0) {
		json_decref(list);
		return cli_fail(cli, EXIT_MISSING, "D325", _("There is no such key."),
			_("'toban key list' shows the fingerprints."));
	}
	return status == EXIT_DONE ? view_answer(cli, list, view_public) : status;
}

/* --- bringing one in
 * ------------------------------------------------------------------------------ */

static int
propose(struct cli *cli, const char *line)
{
	json_t *args = json_pack("{s:s}", "public", line);
	set_text(args, "event", cli_value(cli, "event"));
	return view_call(cli, "key.propose", args, view_key_entry);
}

/* Whether the desk knows the key as one that stands: it need not be offered again. */
static bool
is_known(const json_t *list, const char *fingerprint)
{
	size_t i;
	json_t *key;
	json_array_foreach(json_object_get(list, "keys"), i, key)
	{
		if (strcmp(cli_string(key, "fingerprint"), fingerprint) == 0 &&
			strcmp(cli_string(key, "state"), "refused") != 0) {
			return true;
		}
	}
	return false;
}

/* The one key of this machine that is meant; NULL after saying why there is none. */
static const char *
choose_here(struct cli *cli, const struct signer_keys *keys, const json_t *list)
{
	const char *line = NULL;
	size_t n = 0;
	for (size_t i = 0; i < keys->n; i++) {
		const struct signer_key *key = &keys->items[i];
		if (cli->n_words > 1 ? is_meant(key->fingerprint, cli->words[1])
				     : !is_known(list, key->fingerprint)) {
			line = key->line;
			n++;
		}
	}
	if (n == 1) {
		return line;
	}
	if (n == 0) {
		(void)cli_fail(cli, EXIT_MISSING, "D325",
			_("There is no key on this machine that could be brought in."),
			keys->agent ? signer_fault_text(keys->agent)
				    : _("'toban key new' makes one; 'ssh-add' puts yours into the "
					"agent."));
	} else {
		(void)cli_fail(cli, EXIT_USAGE, "D325",
			_("There is more than one key on this machine."),
			_("Say which by its fingerprint: 'toban key show' lists them."));
	}
	return NULL;
}

static int
propose_here(struct cli *cli)
{
	const struct signer *signer = cli->host->signer;
	struct arena *arena = arena_new();
	struct signer_keys keys = { NULL };
	json_t *list = NULL;
	int status = cli_call(cli, "key.list", json_object(), &list);
	if (status == EXIT_DONE && (!arena || signer->list(signer->ctx, arena, &keys) != ERR_OK)) {
		status = cli_signer_fail(cli, SIGNER_NOMEM);
	}
	if (status == EXIT_DONE) {
		const char *line = choose_here(cli, &keys, list);
		status = line ? propose(cli, line) : EXIT_MISSING;
	}
	json_decref(list);
	arena_free(arena);
	return status;
}

/* A file of a public key, or a key of this machine. */
static int
key_propose(struct cli *cli)
{
	const char *word = cli->n_words > 1 ? cli->words[1] : NULL;
	bool is_file = word && strncmp(word, PREFIX, strlen(PREFIX)) != 0 &&
		(strchr(word, '/') || strchr(word, '.') || strcmp(word, "-") == 0);
	json_t *text = NULL;
	int status;
	if (!is_file) {
		return propose_here(cli);
	}
	status = cli_read_text(cli, word, &text);
	if (status == EXIT_DONE) {
		status = propose(cli, json_string_value(text));
	}
	json_decref(text);
	return status;
}

/* --- making one
 * ------------------------------------------------------------------------------------- */

/* Typed twice on a terminal: nobody can restore it. */
static int
read_new_passphrase(struct cli *cli)
{
	struct secret_text first = { NULL, 0 };
	struct secret_text second = { NULL, 0 };
	int status = EXIT_DONE;
	bool given = cli_value(cli, "passphrase-fd") != NULL;
	if (secret_text_start(&first) != ERR_OK || secret_text_start(&second) != ERR_OK) {
		status = cli_signer_fail(cli, SIGNER_NOMEM);
	}
	if (status == EXIT_DONE) {
		status = cli_read_passphrase(
			cli, _("New passphrase (at least 12 characters): "), &first);
	}
	if (status == EXIT_DONE && !passphrase_is_good(&first)) {
		status = cli_signer_fail(cli, SIGNER_WEAK_PASSPHRASE);
	}
	if (status == EXIT_DONE && !given) {
		status = cli_read_passphrase(cli, _("The same once more: "), &second);
	}
	if (status == EXIT_DONE && !given && !secret_text_same(&first, &second)) {
		status = cli_fail(cli, EXIT_INPUT, "D320", _("The two are not the same."),
			_("No key was made. Do it again."));
	}
	if (status == EXIT_DONE && !given) {
		/* Kept for the proof that follows, then wiped with the rest. */
		if (secret_text_start(&cli->passphrase) != ERR_OK ||
			!secret_text_add(&cli->passphrase, first.data, first.len)) {
			status = cli_signer_fail(cli, SIGNER_NOMEM);
		}
	}
	secret_text_release(&first);
	secret_text_release(&second);
	return status;
}

static int
make(struct cli *cli, const char *comment)
{
	const struct signer *signer = cli->host->signer;
	struct str line = STR_INIT;
	struct ssh_public public;
	char fingerprint[SSH_FINGERPRINT_SIZE];
	enum signer_fault fault = signer->make(signer->ctx, &cli->passphrase, comment, &line);
	int status = fault ? cli_signer_fail(cli, fault) : EXIT_DONE;
	if (status == EXIT_DONE &&
		ssh_public_parse(str_text(&line), &public, NULL, NULL) == SSH_OK) {
		ssh_fingerprint(&public, fingerprint);
		cli->own_proof = fingerprint;
		status = propose(cli, str_text(&line));
		cli->own_proof = NULL;
	}
	str_release(&line);
	return status;
}

/* The desk is asked first: who is not registered there needs no key for it. */
static int
key_new(struct cli *cli)
{
	json_t *info = NULL;
	const char *me = "";
	struct str comment = STR_INIT;
	int status = ask_me(cli, &info, &me);
	if (status == EXIT_DONE && !*me) {
		status = cli_fail(cli, EXIT_DENIED, "D300",
			_("You are not registered at this desk."), _("No key was made."));
	}
	str_addf(&comment, "%s@toban", me);
	if (status == EXIT_DONE) {
		status = read_new_passphrase(cli);
	}
	if (status == EXIT_DONE) {
		const char *named = cli_value(cli, "comment");
		status = make(cli, named ? named : str_text(&comment));
	}
	str_release(&comment);
	json_decref(info);
	return status;
}

static int
run_key(struct cli *cli)
{
	static const struct cli_verb verbs[] = {
		{ "new", 0, 0, key_new },
		{ "list", 0, 0, key_list },
		{ "show", 0, 1, key_show },
		{ "propose", 0, 1, key_propose },
		{ "approve", 1, 1, key_approve },
		{ "refuse", 1, 1, key_refuse },
		{ "revoke", 1, 1, key_revoke },
		{ "export", 0, 1, key_export },
	};
	return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), 0);
}

static const struct cli_option key_options[] = {
	{ "person", "PERSON", N_("list: only the keys of this person") },
	{ "state", "STATE", N_("list: only those proposed, approved, refused or revoked") },
	{ "why", "TEXT", N_("refuse, revoke: the reason, on record") },
	{ "comment", "TEXT", N_("new: what you call the key") },
	{ "event", "ID", N_("the same id twice is recorded once") },
	{ NULL, NULL, NULL },
};

const struct cli_command cli_key_commands[] = {
	{ "key",
		"key new | list | show [FINGERPRINT] | propose [FILE.pub|FINGERPRINT] | approve "
		"FINGERPRINT | refuse FINGERPRINT --why TEXT | revoke FINGERPRINT --why TEXT | "
		"export [FINGERPRINT]",
		N_("the keys people sign with"), "toban key list", key_options, 1, 2, run_key },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
