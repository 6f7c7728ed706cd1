/* SPDX-License-Identifier: MIT */
/*
 * How people come in, and with what: accounts, consoles, PINs, keys, and who else can come to the
 * files.  Names are for administrators and auditors: who has no PIN yet, or is locked out, is
 * nobody else's business.
 */
#include "doctor.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys.h"
#include "pin.h"
#include "pin_limit.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/locked.h"
#include "toban/core/step.h"

#define NAMED_MOST 8
#define WAITED_MS INT64_C(259200000) /* a proposed key that nobody looked at for three days */

/* Names found on the way; the text is made when all are known. */
struct names {
	struct str list;
	size_t n;
};

static void
names_add(struct names *names, const char *name)
{
	if (names->n < NAMED_MOST) {
		str_addf(&names->list, "%s%s", names->n ? ", " : "", name);
	}
	names->n++;
}

/* "ga-staff-1, legal-owner (9)", or the number alone for who may not know more. */
static void
names_say(struct call *call, struct names *names, const char *pattern, struct str *out)
{
	bool told = call->person && call->person->roles & (ROLE_ADMIN | ROLE_AUDITOR);
	struct str shown = STR_INIT;

	str_addf(&shown, told ? "%s (%zu)" : "%s%zu", told ? str_text(&names->list) : "", names->n);
	if (names->n) {
		str_add(out, out->len ? " " : "");
		str_say(out, pattern, &(struct str_arg){ "names", str_text(&shown) }, 1);
	}
	str_release(&shown);
	str_release(&names->list);
}

/* --- files ---------------------------------------------------------------------------------- */

enum err
examine_files(struct call *call, struct finding *finding)
{
	static const char *const endings[] = { "", "-wal", "-shm", ".secrets", ".pin-key",
		".witness-key", ".engine", ".service" };
	struct store_info info;
	struct names open = { STR_INIT, 0 };
	struct stat st;

	store_info(call->store, &info);
	for (size_t i = 0; *info.path && i < ARRAY_LEN(endings); i++) {
		const char *path = arena_printf(call->arena, "%s%s", info.path, endings[i]);

		if (path && lstat(path, &st) == 0 &&
			(!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 022 ||
				(i != 0 && st.st_mode & 077))) {
			names_add(&open, path);
		}
	}
	finding->ok = open.n == 0;
	names_say(call, &open,
		_("Others can come to files of the desk, or own them; who reads the keys or writes "
		  "the record can forge both: {names}."),
		&finding->text);
	if (finding->ok) {
		str_add(&finding->text, _("The desk's files are its account's alone."));
	}
	finding->what_to_do =
		_("Make them the account's own and chmod 600; then 'toban verify', and "
		  "new keys if somebody may have read them.");
	return ERR_OK;
}

enum err
examine_core(struct call *call, struct finding *finding)
{
	struct rlimit limit = { 0, 0 };

	finding->ok = !call->desk->parts.service ||
		(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0);
	str_add(&finding->text,
		finding->ok ? _("Nothing of the desk's memory is written out when it fails.")
			    : _("The service could leave its memory in a core file, with what is "
				"being typed in it."));
	finding->what_to_do = _("Start it by the unit toban.service, or with 'ulimit -Hc 0'.");
	return ERR_OK;
}

enum err
examine_memory(struct call *call, struct finding *finding)
{
	(void)call;
	finding->ok = locked_holds();
	str_add(&finding->text,
		finding->ok ? _("Secrets in memory are kept from being swapped out.")
			    : _("Secrets can be swapped out to the disk: the system locks no more "
				"memory for this process."));
	finding->what_to_do =
		_("Start it by the unit toban.service, or raise the limit ('ulimit -l', "
		  "LimitMEMLOCK=8M in a unit); or encrypt the swap space.");
	return ERR_OK;
}

/* --- accounts ------------------------------------------------------------------------------- */

/* Refused when an organisation is read; one of an older desk may still hold it. */
enum err
examine_accounts(struct call *call, struct finding *finding)
{
	const struct org *org = call->org;
	struct names shared = { STR_INIT, 0 };

	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *person = &org->people[i];
		bool twice = org_post_login(org, person->login) != NULL;

		for (size_t k = 0; !twice && *person->login && k < org->n_people; k++) {
			twice = k != i && strcmp(org->people[k].login, person->login) == 0;
		}
		if (twice) {
			names_add(&shared, person->id);
		}
	}
	finding->ok = shared.n == 0;
	names_say(call, &shared,
		_("One account is that of several: nobody can tell who acted. {names}."),
		&finding->text);
	if (finding->ok) {
		str_add(&finding->text, _("No account is that of two people."));
	}
	finding->what_to_do =
		_("Give each an account of their own with 'toban org set'; where people "
		  "share a screen, make it a console: [post ID].");
	return ERR_OK;
}

/* Whether the shell is this program, under its own name or one that a site gave it. */
static bool
is_captive(const char *shell)
{
	const char *slash = strrchr(shell, '/');
	const char *name = slash ? slash + 1 : shell;

	return strcmp(name, "toban") == 0 || strncmp(name, "toban-", strlen("toban-")) == 0;
}

enum err
examine_consoles(struct call *call, struct finding *finding)
{
	const struct org *org = call->org;
	struct names absent = { STR_INIT, 0 };
	struct names open = { STR_INIT, 0 };
	bool looked = call->desk->parts.shell_of && call->desk->parts.service && !org->trial;

	for (size_t i = 0; looked && i < org->n_posts; i++) {
		struct str shell = STR_INIT;

		if (!call->desk->parts.shell_of(org->posts[i].login, &shell)) {
			names_add(&absent, org->posts[i].id);
		} else if (!is_captive(str_text(&shell))) {
			names_add(&open, org->posts[i].id);
		}
		str_release(&shell);
	}
	finding->ok = absent.n + open.n == 0;
	names_say(call, &open,
		_("Consoles whose account has another shell than toban: whoever stands there can "
		  "leave the desk and use the account for anything. {names}."),
		&finding->text);
	names_say(call, &absent, _("Consoles whose account this machine does not have: {names}."),
		&finding->text);
	if (finding->ok) {
		str_add(&finding->text,
			looked && org->n_posts
				? _("The accounts of shared consoles lead to the desk alone.")
				: _("There are no shared consoles to look at here."));
	}
	finding->what_to_do =
		_("Make toban their shell: add its path to /etc/shells, then 'chsh -s' "
		  "with it (docs/security.md, \"Shared consoles\").");
	return ERR_OK;
}

/* --- PINs ------------------------------------------------------------------------------------ */

/* Who comes in by a console alone: without an account of their own. */
static bool
needs_pin(const struct org *org, const struct person *person)
{
	for (size_t i = 0; !*person->login && i < org->n_posts; i++) {
		if (post_admits(&org->posts[i], person)) {
			return true;
		}
	}
	return false;
}

static enum err
look_at_pin(
	struct call *call, const struct person *person, struct names *without, struct names *locked)
{
	struct pin_row row;
	struct pin_try try;
	stamp until;
	enum err e = store_pin(call->store, call->arena, person->id, &row);

	if (e == ERR_NOT_FOUND && needs_pin(call->org, person)) {
		names_add(without, person->id);
	}
	e = e == ERR_NOT_FOUND ? ERR_OK : e;
	e = e ? e : pin_try_read(call, person->id, &try);
	if (!e && pin_limit_gate(&try, PIN_HOUR_PERSON, call->now, &until) == PIN_GATE_LOCKED) {
		names_add(locked, person->id);
	}
	return e;
}

enum err
examine_pins(struct call *call, struct finding *finding)
{
	struct names without = { STR_INIT, 0 };
	struct names locked = { STR_INIT, 0 };
	bool served = call->desk->parts.pin_key && !call->org->trial;
	enum err e = ERR_OK;

	for (size_t i = 0; served && !e && i < call->org->n_people; i++) {
		e = look_at_pin(call, &call->org->people[i], &without, &locked);
	}
	finding->ok = !e && without.n + locked.n == 0;
	names_say(call, &without,
		_("Without a PIN, and without an account of their own, they cannot sit down at any "
		  "console: {names}."),
		&finding->text);
	names_say(call, &locked,
		_("Locked out after wrong PINs; somebody may be guessing: {names}."),
		&finding->text);
	if (finding->ok) {
		str_add(&finding->text,
			served ? _("Who works at shared consoles has a PIN, and nobody is locked "
				   "out.")
			       : _("No PINs to look at: only the service of a desk that is no "
				   "trial "
				   "has them."));
	}
	finding->what_to_do = _(
		"'toban pin reset PERSON' gives a PIN that is good once. Of who is locked out: ask "
		"them, see 'toban access', then 'toban pin unlock'.");
	return e;
}

/* --- keys ------------------------------------------------------------------------------------ */

/* The roles a word of a flow names: one of them, or the officers of some department. */
static unsigned
roles_of_actor(const char *word)
{
	unsigned roles = strcmp(word, "officer") == 0 ? ROLE_OWNER | ROLE_DEPUTY
		: strcmp(word, "other-owner") == 0    ? ROLE_OWNER
						      : 0;

	for (unsigned bit = ROLE_OWNER; bit <= ROLE_CRISIS; bit <<= 1) {
		roles |= strcmp(word, role_word((enum role)bit)) == 0 ? bit : 0;
	}
	return roles;
}

/*
 * Whose decisions are refused without a key: always the office's and the administrators', and
 * whose steps the flow of this site lets sign.  Whom a case alone makes an actor (its finder, who
 * was instructed) nobody knows beforehand.
 */
static unsigned
roles_that_sign(const struct flow *flow)
{
	unsigned roles = ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_ADMIN;

	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct word_list *actors = &flow->steps[i].actors;

		for (size_t k = 0; step_is_signed(&flow->steps[i]) && k < actors->n; k++) {
			roles |= roles_of_actor(actors->items[k]);
		}
	}
	return roles;
}

static bool
has_key(const struct key_book *book, const struct person *person)
{
	for (size_t i = 0; i < book->n_keys; i++) {
		if (key_entry_valid(&book->keys[i], KEY_NOW) &&
			strcmp(book->keys[i].person, person->id) == 0) {
			return true;
		}
	}
	return false;
}

/* The same key under another person: whoever has it signs for both. */
static bool
is_shared(const struct key_book *book, const struct key_entry *key)
{
	for (size_t i = 0; i < book->n_keys; i++) {
		const struct key_entry *other = &book->keys[i];

		if (other != key && key_entry_valid(other, KEY_NOW) &&
			strcmp(other->fingerprint, key->fingerprint) == 0 &&
			strcmp(other->person, key->person) != 0) {
			return true;
		}
	}
	return false;
}

enum err
examine_keys(struct call *call, struct finding *finding)
{
	const struct keys *keys = NULL;
	struct names without = { STR_INIT, 0 };
	struct names shared = { STR_INIT, 0 };
	struct names waiting = { STR_INIT, 0 };
	unsigned signing = roles_that_sign(&call->procedure->incident_flow);
	enum err e = call_keys(call, &keys);

	for (size_t i = 0; !e && !call->org->trial && i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (person->roles & signing && !has_key(&keys->book, person)) {
			names_add(&without, person->id);
		}
	}
	for (size_t i = 0; !e && i < keys->book.n_keys; i++) {
		const struct key_entry *key = &keys->book.keys[i];

		if (key_entry_valid(key, KEY_NOW) && is_shared(&keys->book, key)) {
			names_add(&shared, key->person);
		}
		if (key->state == KEY_IS_PROPOSED && call->now - key->proposed_at > WAITED_MS) {
			names_add(&waiting, key->person);
		}
	}
	finding->ok = !e && without.n + shared.n + waiting.n == 0;
	names_say(call, &shared, _("Two people have one key, and sign for each other: {names}."),
		&finding->text);
	names_say(call, &without,
		_("They decide, and have no key to sign with: what they approve is refused. "
		  "{names}."),
		&finding->text);
	names_say(call, &waiting, _("Their keys have waited for approval for days: {names}."),
		&finding->text);
	if (finding->ok) {
		str_add(&finding->text, _("Who decides has a key, and nobody has another's."));
	}
	finding->what_to_do =
		_("'toban key new' makes one, 'toban key approve' lets it sign; revoke "
		  "what two people have. docs/keys.md");
	return e;
}
