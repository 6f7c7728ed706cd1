/* SPDX-License-Identifier: MIT */
/*
 * Running a desk: the examination and the backup.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"
#include "doc.h"
#include "doctor.h"
#include "evidence.h"
#include "method.h"
#include "target.h"
#include "witness.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/desk/engine.h"
#include "toban/store/wake.h"

#define CLOCK_EARLIEST INT64_C(1735689600000) /* 2025-01-01: this program is younger */
#define RECENT 1000                           /* entries looked at by the quick check */
#define SLACK_MS (5 * 60 * 1000)              /* between two machines' clocks */

static enum err
examine_store(struct call *call, struct finding *finding)
{
	struct ledger_problems problems = { .arena = call->arena };
	struct store_info info;
	char schema[16];
	enum err e = store_check(call->store, &problems);

	store_info(call->store, &info);
	(void)snprintf(schema, sizeof(schema), "%d", info.schema);
	finding->ok = !e && problems.n == 0;
	if (problems.n && problems.cap) {
		str_add(&finding->text,
			call->desk->damage ? call->desk->damage : problems.items[0].text);
	} else {
		str_say(&finding->text, _("{engine}, schema {schema}, {path}"),
			(struct str_arg[]){ { "engine", info.engine }, { "schema", schema },
				{ "path", info.path } },
			3);
	}
	finding->what_to_do = _("Keep the file as it is, restore the newest backup beside it, and "
				"run 'toban verify' on both.");
	return e;
}

static enum err
examine_org(struct call *call, struct finding *finding)
{
	finding->ok = !call->desk->rescue && !call->desk->org_refused;
	if (call->desk->org_refused) {
		str_say(&finding->text,
			_("The change of rights in entry {n} does not count: it is not signed by "
			  "whoever might make it."),
			(struct str_arg[]){ { "n",
				arena_printf(call->arena, "%lld",
					(long long)call->desk->org_refused) } },
			1);
	} else if (finding->ok) {
		str_say(&finding->text,
			P_("{n} person is registered.", "{n} people are registered.",
				call->org->n_people),
			(struct str_arg[]){
				{ "n", arena_printf(call->arena, "%zu", call->org->n_people) } },
			1);
	} else {
		str_add(&finding->text, _("No organisation can be read from the ledger."));
	}
	finding->what_to_do = _("Run 'toban verify' and keep the file as it is.");
	return ERR_OK;
}

static enum err
examine_clock(struct call *call, struct finding *finding)
{
	struct ledger_head head;
	char now[STAMP_SIZE];
	enum err e = store_head(call->store, &head);

	stamp_format(call->now, call->org->offset_min, now);
	finding->ok = !e && call->now > CLOCK_EARLIEST &&
		(head.seq == 0 || head.at <= call->now + SLACK_MS);
	str_say(&finding->text,
		finding->ok ? _("The clock says {now}.")
			    : _("The clock says {now}; the newest entry is later, or the year is "
				"wrong."),
		(struct str_arg[]){ { "now", now } }, 1);
	finding->what_to_do = _("Set the machine's clock by NTP.");
	return e;
}

/* A folder or file of ours must be ours alone; one that is not there yet is sound. */
static bool
is_private(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		return errno == ENOENT;
	}
	return st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

/*
 * The name of a kept file is its hash, and how many there are hangs on cases: both are for
 * those alone who are to look after the folder.
 */
static bool
may_know_files(const struct call *call)
{
	return call->person && call->person->roles & (ROLE_ADMIN | ROLE_AUDITOR);
}

/* Names one of them; which others there are, the folder itself shows. */
static void
say_evidence(const struct evidence_state *state, const char *dir, struct finding *finding)
{
	struct str numbers[3] = { STR_INIT, STR_INIT, STR_INIT };

	str_addf(&numbers[0], "%zu", state->missing);
	str_addf(&numbers[1], "%zu", state->open);
	str_addf(&numbers[2], "%zu", state->orphans);
	str_say(&finding->text,
		_("Attached files in {path}: {missing} missing, {open} that others can reach, "
		  "{orphans} of no entry; {some}"),
		(struct str_arg[]){ { "path", dir }, { "missing", str_text(&numbers[0]) },
			{ "open", str_text(&numbers[1]) }, { "orphans", str_text(&numbers[2]) },
			{ "some", state->some ? state->some : dir } },
		5);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		str_release(&numbers[i]);
	}
	finding->what_to_do =
		_("Missing files: take them from a backup of the folder. Make the folder and all "
		  "in it readable by its owner alone (chmod -R go= ...). A file of no entry was "
		  "left by a copy that did not end, or belongs to a newer state of the desk file: "
		  "look before you remove it.");
}

static enum err
examine_evidence(struct call *call, struct finding *finding)
{
	const char *dir = call->desk->parts.evidence_dir;
	struct evidence_state state = { 0 };
	enum err e = dir ? evidence_examine(call, &state) : ERR_OK;

	finding->ok = !dir || (is_private(dir) && state.missing + state.open + state.orphans == 0);
	if (finding->ok && !e) {
		str_say(&finding->text,
			dir ? _("Attached files are kept in {path}.")
			    : _("This desk keeps no attached files."),
			(struct str_arg[]){ { "path", dir } }, 1);
	} else if (!e && may_know_files(call)) {
		say_evidence(&state, dir, finding);
	} else if (!e) {
		str_say(&finding->text,
			_("Attached files in {path} are not all as they should be."),
			(struct str_arg[]){ { "path", dir } }, 1);
		finding->what_to_do = _("Administrators and auditors are told here which.");
	}
	return e;
}

/* Read anew: a file that was mended while the desk is open is sound. */
static bool
examine_secret_files(struct call *call, struct finding *finding)
{
	const char *path;
	enum err fault = secrets_reload(call->desk->parts.secrets);

	if (!fault) {
		fault = secrets_fault(call->desk->parts.secrets, &path);
	}
	if (fault == ERR_NOMEM) {
		str_add(&finding->text, err_name(fault));
	} else if (fault) {
		finding->what_to_do = target_say_fault(fault, path, &finding->text);
	}
	return !fault;
}

static enum err
examine_secrets(struct call *call, struct finding *finding)
{
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);
	const char *missing = NULL;

	if (!examine_secret_files(call, finding)) {
		finding->ok = false;
		return e;
	}
	for (size_t i = 0; !e && i < targets.n; i++) {
		const struct target_row *target = &targets.items[i];

		if (target->active && target_needs_secret(target) &&
			!secrets_get(call->desk->parts.secrets, target->name)) {
			missing = target->name;
		}
	}
	finding->ok = !e && !missing;
	str_say(&finding->text,
		missing ? _("The receiver {name} has no secret: nothing can be sent to it.")
			: _("Every receiver has its secret."),
		(struct str_arg[]){ { "name", missing } }, 1);
	finding->what_to_do = _("Remove the receiver and add it again.");
	return e;
}

/* One that answered 410 gets nothing until somebody has looked after it. */
static enum err
examine_receivers(struct call *call, struct finding *finding)
{
	struct target_list targets = { NULL, 0 };
	enum err e = store_targets(call->store, call->arena, &targets);
	const char *stopped = NULL;

	for (size_t i = 0; !e && i < targets.n; i++) {
		if (targets.items[i].active && targets.items[i].stopped) {
			stopped = targets.items[i].name;
		}
	}
	finding->ok = !e && !stopped;
	str_say(&finding->text,
		stopped ? _("The receiver {name} answered that it is gone (410) and was "
			    "stopped.")
			: _("No receiver was stopped."),
		(struct str_arg[]){ { "name", stopped } }, 1);
	finding->what_to_do =
		_("Ask who runs it, then 'toban target start NAME', or add it again.");
	return e;
}

static enum err
examine_outbox(struct call *call, struct finding *finding)
{
	/* The number tells nobody of a case in which they are involved. */
	const char *reader = call->person ? call->person->id : NULL;
	int64_t given_up = 0;
	char count[24];
	enum err e = store_outbox_given_up(call->store, reader, RECENT, &given_up);

	finding->ok = !e && given_up == 0;
	(void)snprintf(count, sizeof(count), "%lld", (long long)given_up);
	str_say(&finding->text,
		finding->ok ? _("No message was given up.")
			    : P_("{n} message was given up.", "{n} messages were given up.",
				      (unsigned long)given_up),
		(struct str_arg[]){ { "n", count } }, 1);
	finding->what_to_do =
		_("See 'toban outbox list', repair the receiver, then 'toban outbox retry'.");
	return e;
}

static enum err
examine_definitions(struct call *call, struct finding *finding)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(&call->procedure->hash, hex);
	finding->ok = call->desk->recorded;
	str_say(&finding->text,
		finding->ok ? _("Definition files {hash}, table {version}; recorded.")
			    : _("Definition files {hash}, table {version}; NOT recorded."),
		(struct str_arg[]){
			{ "hash", hex }, { "version", call->procedure->classification.version } },
		2);
	finding->what_to_do =
		_("See the other findings; open the desk again when they are mended.");
	return ERR_OK;
}

/* The chain of the newest entries; the whole ledger is for 'toban verify'. */
static enum err
examine_chain(struct call *call, struct finding *finding)
{
	struct event_list events = { NULL, 0 };
	struct ledger_head head;
	struct hash hash;
	long long wrong = 0;
	enum err e = store_head(call->store, &head);

	if (!e) {
		e = store_events(call->store, call->arena,
			head.seq > RECENT ? head.seq - RECENT : 0, RECENT, &events);
	}
	for (size_t i = 0; !e && i < events.n && !wrong; i++) {
		const struct event *event = &events.items[i];
		const struct hash *before = i ? &events.items[i - 1].row_hash : &event->prev_hash;

		if (ledger_row_hash(event, &hash) ||
			memcmp(&hash, &event->row_hash, sizeof(hash)) != 0 ||
			memcmp(before, &event->prev_hash, sizeof(*before)) != 0) {
			wrong = event->seq;
		}
	}
	finding->ok = !e && !wrong;
	if (wrong) {
		str_addf(&finding->text, _("Entry %lld is not as it was recorded."), wrong);
	} else {
		str_add(&finding->text, _("The newest entries are whole."));
	}
	finding->what_to_do = _("Run 'toban verify --rebuild' and keep the file as it is.");
	return e;
}

static void
say_holder(struct call *call, struct finding *finding)
{
	struct engine_holder holder;
	char since[STAMP_SIZE];
	bool serve;

	if (engine_holder_get(call->store, call->arena, &holder)) {
		str_add(&finding->text, _("The clocks run."));
		return;
	}
	serve = strcmp(holder.kind, "serve") == 0;
	stamp_format_short(holder.since, call->org->offset_min, since);
	str_say(&finding->text,
		serve ? _("The service runs the clocks: process {pid} on {host}, since {since}.")
		      : _("An open desk runs the clocks: process {pid} on {host}, since {since}."),
		(struct str_arg[]){
			{ "pid", arena_printf(call->arena, "%lld", (long long)holder.pid) },
			{ "host", holder.host }, { "since", since } },
		3);
}

/* Deadlines that passed long ago with nobody to look at them are a fault; sleeping is none. */
static enum err
examine_engine(struct call *call, struct finding *finding)
{
	const char *path = call->desk->parts.engine_path;
	stamp next = STAMP_NONE;
	enum err e = store_next_wake(call->store, &next);

	if (path && lease_is_held(path)) {
		finding->ok = !e;
		say_holder(call, finding);
	} else {
		finding->ok = !e && (next == STAMP_NONE || next > call->now - SLACK_MS);
		str_add(&finding->text,
			finding->ok ? _("Nobody runs the clocks at the moment; nothing is overdue.")
				    : _("Nobody runs the clocks, and deadlines have passed."));
	}
	finding->what_to_do =
		_("Start 'toban serve', or keep a desk open: it reminds, and raises to the next "
		  "link.");
	return e;
}

/* A file of one's own is what it is; a service is there to keep others away from it. */
static enum err
examine_protection(struct call *call, struct finding *finding)
{
	bool open = strcmp(call->desk->parts.protection, "open-file") == 0;

	finding->ok = !open || !call->desk->parts.service;
	str_add(&finding->text,
		!open                 ? _("The desk file is the service's alone.")
			: finding->ok ? _("The desk is an open file: whoever has its account can "
					  "write it anew.")
				      : _("The service does not own the desk: others can come to "
					  "the file, or a person has the service's account."));
	finding->what_to_do = _("Run the service under an account that no person has, and make the "
				"desk's folder its own with mode 0700.");
	return ERR_OK;
}

/* The witness that does worst: one that failed, else one that took nothing for a day. */
static const struct witness *
worst_witness(const struct witnesses *list, stamp now)
{
	const struct witness *silent = NULL;

	for (size_t i = 0; i < list->n; i++) {
		const struct witness *witness = &list->items[i];
		const struct witnesses one = { .items = &list->items[i], .n = 1 };

		if (witness->fault[0]) {
			return witness;
		}
		if (strcmp(witness->kind, "syslog") != 0 && !witness_took(&one, now)) {
			silent = witness;
		}
	}
	return silent;
}

static enum err
examine_witness(struct call *call, struct finding *finding)
{
	struct witnesses list = { NULL, 0 };
	enum err e = witness_list(call, &list);
	const struct witness *worst = e ? NULL : worst_witness(&list, call->now);
	char at[STAMP_SIZE];

	/* Trial desks are no evidence, with or without a witness. */
	finding->ok = !e && !worst && !list.fault[0] && (list.n || call->org->trial);
	if (!e && list.fault[0]) {
		str_add(&finding->text, list.fault);
	} else if (worst) {
		stamp_format_short(worst->at, call->org->offset_min, at);
		str_say(&finding->text,
			worst->fault[0] ? _("The witness {name} did not take the newest end: {why}")
				: *at   ? _("The witness {name} has taken no end since {at}.")
					: _("The witness {name} has taken no end yet."),
			(struct str_arg[]){
				{ "name", worst->name }, { "why", worst->fault }, { "at", at } },
			3);
	} else {
		stamp_format_short(list.made_at, call->org->offset_min, at);
		str_say(&finding->text,
			list.n ? _("Signed ends go out to witnesses; the newest is of {at}.")
			       : _("No witness takes ends of the ledger: whoever owns the file "
				   "could write it anew."),
			(struct str_arg[]){ { "at", at } }, 1);
	}
	finding->what_to_do = list.n
		? _("See 'toban outbox list', the log of the service and docs/witness.md; then "
		    "look whether the ends the witness has still fit: 'toban verify --head "
		    "FILE'.")
		: _("docs/witness.md tells how to have signed ends sent to a receiver, a file "
		    "or the system log.");
	return e;
}

static const struct {
	const char *name;
	examine *run;
} examinations[] = {
	{ "store", examine_store },
	{ "protection", examine_protection },
	{ "chain", examine_chain },
	{ "organisation", examine_org },
	{ "clock", examine_clock },
	{ "definitions", examine_definitions },
	{ "evidence", examine_evidence },
	{ "secrets", examine_secrets },
	{ "receivers", examine_receivers },
	{ "outbox", examine_outbox },
	{ "engine", examine_engine },
	{ "witness", examine_witness },
	{ "files", examine_files },
	{ "core", examine_core },
	{ "memory", examine_memory },
	{ "accounts", examine_accounts },
	{ "consoles", examine_consoles },
	{ "pins", examine_pins },
	{ "signers", examine_keys },
};

enum err
method_admin_doctor(struct call *call, json_t **ret_result)
{
	json_t *checks = json_array();
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(examinations); i++) {
		struct finding finding = { .text = STR_INIT, .what_to_do = "" };
		enum err e = examinations[i].run(call, &finding);

		finding.ok = finding.ok && !e;
		ok = ok && finding.ok;
		if (e && finding.text.len == 0) {
			str_add(&finding.text, err_name(e));
		}
		json_array_append_new(checks,
			json_pack("{s:s, s:b, s:s, s:s}", "name", examinations[i].name, "ok",
				finding.ok, "text", str_text(&finding.text), "what_to_do",
				finding.ok ? "" : finding.what_to_do));
		str_release(&finding.text);
	}
	*ret_result = json_pack("{s:b, s:o}", "ok", ok, "checks", checks);
	return ERR_OK;
}

enum err
method_admin_backup(struct call *call, json_t **ret_result)
{
	const char *path = arg_text(call, "path");
	struct ledger_head head;
	enum err e = store_head(call->store, &head);

	if (e) {
		return call_fail_store(call, e, false);
	}
	e = store_backup(call->store, path);
	if (e == ERR_EXISTS) {
		return call_fail_field(
			call, "D422", "path", _("There is a file of this name already."));
	}
	if (e == ERR_DENIED) {
		return call_fail_field(call, "D103", "path",
			_("Files of the desk itself have such names; choose another."));
	}
	if (e) {
		return call_fail(call, "D415");
	}
	*ret_result = json_pack("{s:s, s:I, s:o}", "path", path, "events", (json_int_t)head.seq,
		"head", doc_head(call, &head));
	return ERR_OK;
}
