/* SPDX-License-Identifier: MIT */
/*
 * The table of methods: everything that can be asked of a desk, who may ask
 * it, and the five lines that carry it out.  The documentation, the shells'
 * completions and the authority test are made from the same table.
 */
#include "method.h"

#include <string.h>

#include "call.h"
#include "seat.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum method_id {
	DESK_INFO,
	ORG_SHOW,
	ORG_SET,
	PROCEDURE_SHOW,
	FORM_GET,
	CLASSIFY,
	INCIDENT_REPORT,
	INCIDENT_LIST,
	INCIDENT_COUNTS,
	INCIDENT_SHOW,
	INCIDENT_STEPS,
	INCIDENT_ACT,
	INCIDENT_TAKE_BACK,
	INCIDENT_LOG,
	INCIDENT_SEEN,
	INCIDENT_LOOK,
	SEARCH,
	STATS,
	DRAFT_SAVE,
	DRAFT_LIST,
	DRAFT_LOAD,
	DRAFT_DROP,
	ME_PREFERENCES,
	ME_PREFER,
	SESSION_SHOW,
	SESSION_OPEN,
	SESSION_CLOSE,
	SESSION_KEEP,
	PIN_SET,
	PIN_RESET,
	PIN_UNLOCK,
	PIN_LIST,
	ALERT_INTAKE,
	ALERT_LIST,
	ALERT_SHOW,
	ALERT_PROMOTE,
	ALERT_LINK,
	ALERT_DISMISS,
	HANDOVER_SHEET,
	HANDOVER_SHOW,
	HANDOVER_LIST,
	HANDOVER_GIVE,
	HANDOVER_ACCEPT,
	HANDOVER_WITHDRAW,
	PERSON_ABSENT,
	PERSON_BACK,
	WAY_ADD,
	WAY_REMOVE,
	WAY_CONFIRM,
	ROSTER_SHOW,
	ROSTER_SET,
	ROSTER_EXCEPT,
	ROSTER_IMPORT,
	ROSTER_EXPORT,
	CHAIN_PREVIEW,
	DUTY_CHECK,
	DUTY_LOG,
	EVIDENCE_PUT,
	EVIDENCE_OPEN,
	EVIDENCE_CHECK,
	EVIDENCE_LIST,
	KEY_LIST,
	KEY_PROPOSE,
	KEY_APPROVE,
	KEY_REFUSE,
	KEY_REVOKE,
	INCIDENT_BREAK_GLASS,
	ACCESS_LOG,
	LEDGER_HEAD,
	LEDGER_VERIFY,
	LEDGER_EXPORT,
	LEDGER_ERASE,
	LEDGER_SEAL,
	OUTBOX_LIST,
	OUTBOX_SHOW,
	OUTBOX_RETRY,
	TARGET_ADD,
	TARGET_LIST,
	TARGET_REMOVE,
	TARGET_START,
	TARGET_PREVIEW,
	TARGET_TEST,
	ADMIN_DOCTOR,
	ADMIN_BACKUP,
	METHOD_COUNT
};

/* clang-format off */
static const struct method methods[METHOD_COUNT + 1] = {
	[DESK_INFO] = { "desk.info", METHOD_READ, WHO_ANYONE, "{}",
		N_("Tells who you are and what desk this is.") },
	[ORG_SHOW] = { "org.show", METHOD_READ, WHO_ANYONE, "{text?}",
		N_("Shows departments and people.") },
	/* That nobody gives themselves a part is said by the method. */
	[ORG_SET] = { "org.set", METHOD_WRITE, WHO_RIGHTS,
		"{text, why?, dry_run?, event?, signature?, sign?}",
		N_("Puts a new organisation in the place of the one that holds.") },
	[PROCEDURE_SHOW] = { "procedure.show", METHOD_READ, WHO_ANYONE, "{}",
		N_("Shows the procedure: table, states, steps, chain, reviews.") },
	[FORM_GET] = { "form.get", METHOD_READ, WHO_ANYONE, "{form}",
		N_("Shows one form.") },
	[CLASSIFY] = { "classify", METHOD_READ, WHO_STAFF, "{answers, suspected?, primary?}",
		N_("Walks the classification table without recording anything.") },
	[INCIDENT_REPORT] = { "incident.report", METHOD_WRITE, WHO_ACTOR,
		"{fields, alert?, drill?, id?, draft?, draft_hash?, attach?}",
		N_("Reports an incident.") },
	[INCIDENT_LIST] = { "incident.list", METHOD_READ, WHO_STAFF,
		"{mine?, department?, state?, open?, waiting?, overdue?, limit?, after?}",
		N_("Lists incidents, the most urgent first.") },
	[INCIDENT_COUNTS] = { "incident.counts", METHOD_READ, WHO_STAFF, "{}",
		N_("Counts what the board shows.") },
	[INCIDENT_SHOW] = { "incident.show", METHOD_READ, WHO_STAFF, "{id}",
		N_("Shows one incident with its log.") },
	[INCIDENT_STEPS] = { "incident.steps", METHOD_READ, WHO_STAFF, "{id, form?}",
		N_("Shows which steps you may take, and why not the others.") },
	/* Who may take which step, and who could instead, is said by the step's own judgement. */
	[INCIDENT_ACT] = { "incident.act", METHOD_WRITE, WHO_STAFF,
		"{id, step, fields?, expect?, event?, signature?, sign?, draft?, draft_hash?, "
		"preview?}",
		N_("Takes a step.") },
	[INCIDENT_TAKE_BACK] = { "incident.take-back", METHOD_WRITE, WHO_ACTOR, "{id, seq?}",
		N_("Takes back what you just sent, while nobody has read it.") },
	[INCIDENT_LOG] = { "incident.log", METHOD_READ, WHO_STAFF, "{id}",
		N_("Shows the entries of one incident.") },
	[INCIDENT_SEEN] = { "incident.seen", METHOD_WRITE, WHO_STAFF, "{id}",
		N_("Records that somebody of the chain opened the case.") },
	[INCIDENT_LOOK] = { "incident.look", METHOD_WRITE, WHO_STAFF, "{id, seq}",
		N_("Keeps up to which entry you have read the case; nobody else sees it.") },
	[SEARCH] = { "search", METHOD_READ, WHO_STAFF, "{query?, words?, limit?, after?}",
		N_("Finds incidents by words and filters.") },
	[STATS] = { "stats", METHOD_READ, WHO_STAFF, "{year?, since?, until?, by?, department?}",
		N_("Counts incidents, times, limits kept and the roll-out of measures.") },
	[DRAFT_SAVE] = { "draft.save", METHOD_WRITE, WHO_ACTOR,
		"{draft?, expect?, form, subject?, fields}",
		N_("Keeps what you typed and did not send.") },
	[DRAFT_LIST] = { "draft.list", METHOD_READ, WHO_STAFF, "{}", N_("Lists your drafts.") },
	[DRAFT_LOAD] = { "draft.load", METHOD_READ, WHO_STAFF, "{draft}", N_("Loads a draft.") },
	[DRAFT_DROP] = { "draft.drop", METHOD_WRITE, WHO_STAFF, "{draft}", N_("Drops a draft.") },
	[ME_PREFERENCES] = { "me.preferences", METHOD_READ, WHO_STAFF, "{}",
		N_("Shows how you want the screen.") },
	[ME_PREFER] = { "me.prefer", METHOD_WRITE, WHO_STAFF, "{name, value?}",
		N_("Keeps how you want the screen; without a value, forgets it.") },
	[SESSION_SHOW] = { "session.show", METHOD_READ, WHO_ANYONE, "{}",
		N_("Tells who sits at this console, and until when.") },
	[SESSION_OPEN] = { "session.open", METHOD_WRITE, WHO_ANYONE, "{person, pin}",
		N_("Sits down at a shared console, by name and PIN.") },
	[SESSION_CLOSE] = { "session.close", METHOD_WRITE, WHO_ANYONE, "{}",
		N_("Locks a shared console.") },
	[SESSION_KEEP] = { "session.keep", METHOD_WRITE, WHO_ANYONE, "{}",
		N_("Says that somebody is at the console: a key was pressed.") },
	[PIN_SET] = { "pin.set", METHOD_WRITE, WHO_STAFF, "{old?, pin}",
		N_("Chooses your PIN for shared consoles.") },
	[PIN_RESET] = { "pin.reset", METHOD_WRITE, WHO_ADMIN, "{person}",
		N_("Gives somebody a PIN that is good once.") },
	[PIN_UNLOCK] = { "pin.unlock", METHOD_WRITE, WHO_ADMIN, "{person?, post?}",
		N_("Ends a lock-out.") },
	[PIN_LIST] = { "pin.list", METHOD_READ, WHO_ADMIN, "{}",
		N_("Tells who has a PIN and who is locked out.") },
	/* Any member of the staff may find something, and so may a machine with an account. */
	[ALERT_INTAKE] = { "alert.intake", METHOD_WRITE, WHO_ACTOR, "{source, document}",
		N_("Takes in what another system reports.") },
	[ALERT_LIST] = { "alert.list", METHOD_READ, WHO_STAFF, "{state?, limit?, after?}",
		N_("Lists alerts of other systems, the newest first.") },
	[ALERT_SHOW] = { "alert.show", METHOD_READ, WHO_STAFF, "{id}",
		N_("Shows one alert, and the report that could be made of it.") },
	[ALERT_PROMOTE] = { "alert.promote", METHOD_WRITE, WHO_ACTOR,
		"{id, fields?, drill?, event?, draft?, draft_hash?}",
		N_("Makes an incident of an alert.") },
	[ALERT_LINK] = { "alert.link", METHOD_WRITE, WHO_ACTOR, "{id, incident, why?}",
		N_("Links an alert with an open incident.") },
	[ALERT_DISMISS] = { "alert.dismiss", METHOD_WRITE, WHO_ACTOR, "{id, why}",
		N_("Dismisses an alert, with the reason.") },
	[HANDOVER_SHEET] = { "handover.sheet", METHOD_READ, WHO_STAFF, "{department?}",
		N_("Makes the sheet of the shift as of now.") },
	[HANDOVER_SHOW] = { "handover.show", METHOD_READ, WHO_STAFF, "{department?, seq?}",
		N_("Shows a handover, and what changed since it was given.") },
	[HANDOVER_LIST] = { "handover.list", METHOD_READ, WHO_STAFF, "{department?, limit?}",
		N_("Lists the handovers of a department, the newest first.") },
	[HANDOVER_GIVE] = { "handover.give", METHOD_WRITE, WHO_ACTOR,
		"{department?, to?, text?, event?, draft?, draft_hash?}",
		N_("Hands over the shift.") },
	[HANDOVER_ACCEPT] = { "handover.accept", METHOD_WRITE, WHO_ACTOR,
		"{department?, seq, hash?, text?, event?, draft?, draft_hash?}",
		N_("Accepts the shift that was handed over.") },
	[HANDOVER_WITHDRAW] = { "handover.withdraw", METHOD_WRITE, WHO_ACTOR,
		"{department?, seq, text?, event?}",
		N_("Takes back a handover that nobody accepted.") },
	/* Who may enter what of whom is said by the method itself: see duty.h. */
	[PERSON_ABSENT] = { "person.absent", METHOD_WRITE, WHO_STAFF,
		"{person?, from?, until, stand_in?, why?, event?}",
		N_("Records that somebody is away, and who stands in.") },
	[PERSON_BACK] = { "person.back", METHOD_WRITE, WHO_STAFF, "{person?, absence?, event?}",
		N_("Ends an absence.") },
	[WAY_ADD] = { "way.add", METHOD_WRITE, WHO_STAFF,
		"{person?, kind, value, order?, confirmed?, event?}",
		N_("Adds a way to reach somebody.") },
	[WAY_REMOVE] = { "way.remove", METHOD_WRITE, WHO_STAFF, "{person?, kind, value, event?}",
		N_("Removes a way to reach somebody.") },
	[WAY_CONFIRM] = { "way.confirm", METHOD_WRITE, WHO_STAFF, "{person?, kind, value, event?}",
		N_("Confirms that a way reaches somebody.") },
	[ROSTER_SHOW] = { "roster.show", METHOD_READ, WHO_STAFF, "{department?, from?, days?}",
		N_("Shows who is on duty in a department.") },
	[ROSTER_SET] = { "roster.set", METHOD_WRITE, WHO_STAFF,
		"{department?, rows, since?, dry_run?, event?}",
		N_("Writes the duty roster of a department.") },
	[ROSTER_EXCEPT] = { "roster.except", METHOD_WRITE, WHO_STAFF,
		"{department?, rows?, remove?, dry_run?, event?}",
		N_("Adds or removes an exception to the roster.") },
	[ROSTER_IMPORT] = { "roster.import", METHOD_WRITE, WHO_STAFF,
		"{text, file?, since?, dry_run?, event?}", N_("Reads duty rosters from a file.") },
	[ROSTER_EXPORT] = { "roster.export", METHOD_READ, WHO_STAFF, "{department?}",
		N_("Writes duty rosters as a file.") },
	[CHAIN_PREVIEW] = { "chain.preview", METHOD_READ, WHO_STAFF,
		"{department?, at?, category?, major?}",
		N_("Tries out who would be told when, if nobody answered.") },
	[DUTY_CHECK] = { "duty.check", METHOD_READ, WHO_STAFF, "{days?}",
		N_("Finds what would keep somebody from being told in the next days.") },
	[DUTY_LOG] = { "duty.log", METHOD_READ, WHO_AUDIT, "{limit?}",
		N_("Shows the entries about absences, rosters and ways.") },
	[EVIDENCE_PUT] = { "evidence.put", METHOD_WRITE, WHO_ACTOR,
		"{name, fd, size?} or {continue, stop?}",
		N_("Takes a file in, which you may then attach.") },
	/* Reading, and recorded as such: auditors may, too. */
	[EVIDENCE_OPEN] = { "evidence.open", METHOD_WRITE, WHO_STAFF,
		"{id, seq, export?} or {continue, stop?}",
		N_("Hands out an attached file, and records that it did.") },
	[EVIDENCE_CHECK] = { "evidence.check", METHOD_WRITE, WHO_STAFF,
		"{id, seq} or {continue, stop?}",
		N_("Measures an attached file anew.") },
	[EVIDENCE_LIST] = { "evidence.list", METHOD_READ, WHO_STAFF, "{after?}",
		N_("Lists the attached files of all cases that you may see.") },
	[KEY_LIST] = { "key.list", METHOD_READ, WHO_STAFF, "{person?, state?}",
		N_("Lists the keys people sign with.") },
	[KEY_PROPOSE] = { "key.propose", METHOD_WRITE, WHO_STAFF, "{public, event?, signature?}",
		N_("Brings in a key of yours, to be approved.") },
	/* Who may decide about which key, and who could instead, is said by the methods. */
	[KEY_APPROVE] = { "key.approve", METHOD_WRITE, WHO_STAFF,
		"{fingerprint, event?, signature?, sign?}",
		N_("Approves the key of somebody else.") },
	[KEY_REFUSE] = { "key.refuse", METHOD_WRITE, WHO_STAFF, "{fingerprint, why, event?}",
		N_("Refuses the key of somebody else.") },
	[KEY_REVOKE] = { "key.revoke", METHOD_WRITE, WHO_STAFF,
		"{fingerprint, why, event?, signature?, sign?}",
		N_("Ends a key: it signs nothing from then on.") },
	[INCIDENT_BREAK_GLASS] = { "incident.break-glass", METHOD_WRITE, WHO_ACTOR, "{id, why}",
		N_("Opens a restricted case to you for an hour; the office head is told.") },
	[ACCESS_LOG] = { "access.log", METHOD_READ, WHO_WATCH, "{limit?, only?}",
		N_("Shows who was refused what, and who opened a restricted case.") },
	[LEDGER_HEAD] = { "ledger.head", METHOD_READ, WHO_ANYONE, "{}",
		N_("Shows where the ledger ends.") },
	[LEDGER_VERIFY] = { "ledger.verify", METHOD_READ, WHO_ANYONE,
		"{head?, heads?, keys?, rebuild?}",
		N_("Checks the ledger, and on request everything made from it.") },
	[LEDGER_EXPORT] = { "ledger.export", METHOD_READ, WHO_STAFF, "{id?, after?, limit?, raw?}",
		N_("Exports entries with all their columns.") },
	/* Who may is said by the method itself: of a case it is one of its steps. */
	[LEDGER_ERASE] = { "ledger.erase", METHOD_WRITE, WHO_STAFF,
		"{seq, why, event?, signature?, sign?}",
		N_("Erases the text of an entry on a legal ground.") },
	/* Reading: it records nothing but, once, the desk's own key. */
	[LEDGER_SEAL] = { "ledger.seal", METHOD_READ, WHO_STAFF,
		"{id?, last?, manifest?, mask?, unsigned?}",
		N_("Signs the manifest of a package with the desk's key.") },
	[OUTBOX_LIST] = { "outbox.list", METHOD_READ, WHO_AUDIT, "{state?, limit?}",
		N_("Lists messages on their way out.") },
	[OUTBOX_SHOW] = { "outbox.show", METHOD_READ, WHO_AUDIT, "{id}",
		N_("Shows a message with every attempt to send it.") },
	[OUTBOX_RETRY] = { "outbox.retry", METHOD_WRITE, WHO_ADMIN, "{id?, target?, given_up?}",
		N_("Sends stopped messages again.") },
	[TARGET_ADD] = { "target.add", METHOD_WRITE, WHO_ADMIN,
		"{name, url, events?, format?, template?, person?, secret?, allow_http?, "
		"allow_private?}",
		N_("Adds a receiver of messages.") },
	[TARGET_LIST] = { "target.list", METHOD_READ, WHO_AUDIT, "{addresses?}",
		N_("Lists the receivers of messages.") },
	[TARGET_REMOVE] = { "target.remove", METHOD_WRITE, WHO_ADMIN, "{name}",
		N_("Removes a receiver of messages.") },
	[TARGET_START] = { "target.start", METHOD_WRITE, WHO_ADMIN, "{name}",
		N_("Starts a receiver again that was stopped.") },
	[TARGET_PREVIEW] = { "target.preview", METHOD_READ, WHO_ADMIN, "{name, type?, id?}",
		N_("Shows what a receiver would be sent.") },
	[TARGET_TEST] = { "target.test", METHOD_WRITE, WHO_ADMIN, "{name}",
		N_("Queues a test message.") },
	[ADMIN_DOCTOR] = { "admin.doctor", METHOD_READ, WHO_ANYONE, "{}",
		N_("Examines the desk and tells what to do.") },
	[ADMIN_BACKUP] = { "admin.backup", METHOD_READ, WHO_ADMIN, "{path}",
		N_("Makes a checked copy of the desk.") },
};

static const struct arg no_args[] = { { NULL } };
static const struct arg id_args[] = { { "id", ARG_TEXT, true }, { NULL } };
static const struct arg org_show_args[] = { { "text", ARG_FLAG }, { NULL } };
static const struct arg org_set_args[] = {
	{ "text", ARG_ANY, true }, { "why", ARG_TEXT, .most = 500 }, { "dry_run", ARG_FLAG },
	{ "event", ARG_ENTRY }, { "signature", ARG_TEXT, .most = 16384 },
	{ "sign", ARG_FLAG }, { NULL },
};
static const struct arg glass_args[] = {
	{ "id", ARG_TEXT, true }, { "why", ARG_TEXT, true, .most = 4000 }, { NULL },
};
static const struct arg form_args[] = { { "form", ARG_TEXT, true }, { NULL } };
static const struct arg draft_args[] = { { "draft", ARG_TEXT, true }, { NULL } };
static const struct arg name_args[] = { { "name", ARG_TEXT, true }, { NULL } };
static const struct arg path_args[] = { { "path", ARG_TEXT, true, .most = 4095 }, { NULL } };
static const struct arg classify_args[] = {
	{ "answers", ARG_ANY, true }, { "suspected", ARG_ANY }, { "primary", ARG_ANY }, { NULL },
};
static const struct arg report_args[] = {
	{ "fields", ARG_ANY, true }, { "alert", ARG_TEXT }, { "drill", ARG_FLAG },
	{ "id", ARG_ENTRY },
	{ "draft", ARG_TEXT }, { "draft_hash", ARG_TEXT }, { "attach", ARG_ANY }, { NULL },
};
static const struct arg list_args[] = {
	{ "mine", ARG_FLAG }, { "department", ARG_TEXT }, { "state", ARG_TEXT },
	{ "open", ARG_FLAG }, { "waiting", ARG_FLAG }, { "overdue", ARG_FLAG },
	{ "limit", ARG_COUNT, .least = 1, .most = 500 }, { "after", ARG_TEXT }, { NULL },
};
static const struct arg steps_args[] = {
	{ "id", ARG_TEXT, true }, { "form", ARG_TEXT }, { NULL },
};
static const struct arg act_args[] = {
	{ "id", ARG_TEXT, true }, { "step", ARG_TEXT, true }, { "fields", ARG_ANY },
	{ "expect", ARG_COUNT }, { "event", ARG_ENTRY },
	{ "signature", ARG_TEXT, .most = 16384 }, { "sign", ARG_FLAG }, { "draft", ARG_TEXT },
	{ "draft_hash", ARG_TEXT }, { "preview", ARG_FLAG }, { NULL },
};
static const struct arg take_back_args[] = {
	{ "id", ARG_TEXT, true }, { "seq", ARG_COUNT }, { NULL },
};
static const struct arg look_args[] = {
	{ "id", ARG_TEXT, true }, { "seq", ARG_COUNT, true }, { NULL },
};
static const struct arg search_args[] = {
	{ "query", ARG_TEXT, .most = 1000 }, { "words", ARG_TEXT, .most = 1000 },
	{ "limit", ARG_COUNT, .least = 1, .most = 500 },
	{ "after", ARG_TEXT }, { NULL },
};
static const struct arg stats_args[] = {
	{ "year", ARG_COUNT, .least = 1, .most = 9998 }, { "since", ARG_TEXT },
	{ "until", ARG_TEXT },
	{ "by", ARG_TEXT }, { "department", ARG_TEXT }, { NULL },
};
static const struct arg save_args[] = {
	{ "draft", ARG_TEXT }, { "expect", ARG_TEXT }, { "form", ARG_TEXT, true },
	{ "subject", ARG_TEXT }, { "fields", ARG_OBJECT, true }, { NULL },
};
static const struct arg prefer_args[] = {
	{ "name", ARG_TEXT, true }, { "value", ARG_TEXT, .most = 1000 }, { NULL },
};
static const struct arg sit_args[] = {
	{ "person", ARG_TEXT, true }, { "pin", ARG_TEXT, true, .most = 64 }, { NULL },
};
static const struct arg pin_args[] = {
	{ "old", ARG_TEXT, .most = 64 }, { "pin", ARG_TEXT, true, .most = 64 }, { NULL },
};
static const struct arg person_args[] = { { "person", ARG_TEXT, true }, { NULL } };
static const struct arg unlock_args[] = {
	{ "person", ARG_TEXT }, { "post", ARG_TEXT }, { NULL },
};
static const struct arg intake_args[] = {
	{ "source", ARG_TEXT, true }, { "document", ARG_ANY, true }, { NULL },
};
static const struct arg alert_list_args[] = {
	{ "state", ARG_TEXT }, { "limit", ARG_COUNT, .least = 1, .most = 500 },
	{ "after", ARG_TEXT }, { NULL },
};
static const struct arg promote_args[] = {
	{ "id", ARG_TEXT, true }, { "fields", ARG_OBJECT }, { "drill", ARG_FLAG },
	{ "event", ARG_ENTRY }, { "draft", ARG_TEXT }, { "draft_hash", ARG_TEXT },
	{ NULL },
};
static const struct arg alert_link_args[] = {
	{ "id", ARG_TEXT, true }, { "incident", ARG_TEXT, true },
	{ "why", ARG_TEXT, .most = 4000 }, { NULL },
};
static const struct arg alert_dismiss_args[] = {
	{ "id", ARG_TEXT, true }, { "why", ARG_TEXT, true, .most = 4000 }, { NULL },
};
static const struct arg sheet_args[] = { { "department", ARG_TEXT }, { NULL } };
static const struct arg handover_show_args[] = {
	{ "department", ARG_TEXT }, { "seq", ARG_COUNT }, { NULL },
};
static const struct arg handover_list_args[] = {
	{ "department", ARG_TEXT }, { "limit", ARG_COUNT, .least = 1, .most = 500 }, { NULL },
};
static const struct arg give_args[] = {
	{ "department", ARG_TEXT }, { "to", ARG_TEXT }, { "text", ARG_TEXT, .most = 16000 },
	{ "event", ARG_ENTRY }, { "draft", ARG_TEXT }, { "draft_hash", ARG_TEXT },
	{ NULL },
};
static const struct arg accept_args[] = {
	{ "department", ARG_TEXT }, { "seq", ARG_COUNT, true }, { "hash", ARG_TEXT },
	{ "text", ARG_TEXT, .most = 16000 }, { "event", ARG_ENTRY },
	{ "draft", ARG_TEXT }, { "draft_hash", ARG_TEXT }, { NULL },
};
static const struct arg withdraw_args[] = {
	{ "department", ARG_TEXT }, { "seq", ARG_COUNT, true },
	{ "text", ARG_TEXT, .most = 16000 }, { "event", ARG_ENTRY }, { NULL },
};
static const struct arg absent_args[] = {
	{ "person", ARG_TEXT }, { "from", ARG_TEXT }, { "until", ARG_TEXT, true },
	{ "stand_in", ARG_TEXT }, { "why", ARG_TEXT, .most = 500 },
	{ "event", ARG_ENTRY }, { NULL },
};
static const struct arg back_args[] = {
	{ "person", ARG_TEXT }, { "absence", ARG_COUNT, .least = 1 },
	{ "event", ARG_ENTRY }, { NULL },
};
static const struct arg way_add_args[] = {
	{ "person", ARG_TEXT }, { "kind", ARG_TEXT, true }, { "value", ARG_TEXT, true },
	{ "order", ARG_COUNT, .least = 1, .most = 99 }, { "confirmed", ARG_FLAG },
	{ "event", ARG_ENTRY }, { NULL },
};
static const struct arg way_args[] = {
	{ "person", ARG_TEXT }, { "kind", ARG_TEXT, true }, { "value", ARG_TEXT, true },
	{ "event", ARG_ENTRY }, { NULL },
};
static const struct arg roster_show_args[] = {
	{ "department", ARG_TEXT }, { "from", ARG_TEXT },
	{ "days", ARG_COUNT, .least = 1, .most = 366 }, { NULL },
};
static const struct arg roster_set_args[] = {
	{ "department", ARG_TEXT }, { "rows", ARG_ANY, true }, { "since", ARG_TEXT },
	{ "dry_run", ARG_FLAG }, { "event", ARG_ENTRY }, { NULL },
};
static const struct arg roster_except_args[] = {
	{ "department", ARG_TEXT }, { "rows", ARG_ANY }, { "remove", ARG_COUNT, .least = 1 },
	{ "dry_run", ARG_FLAG }, { "event", ARG_ENTRY }, { NULL },
};
static const struct arg roster_import_args[] = {
	{ "text", ARG_ANY, true }, { "file", ARG_TEXT }, { "since", ARG_TEXT },
	{ "dry_run", ARG_FLAG }, { "event", ARG_ENTRY }, { NULL },
};
static const struct arg preview_args[] = {
	{ "department", ARG_TEXT }, { "at", ARG_TEXT }, { "category", ARG_TEXT },
	{ "major", ARG_FLAG }, { NULL },
};
static const struct arg days_args[] = {
	{ "days", ARG_COUNT, .least = 1, .most = 366 }, { NULL },
};
static const struct arg put_args[] = {
	{ "name", ARG_TEXT, .most = 255 }, { "fd", ARG_COUNT }, { "size", ARG_COUNT },
	{ "continue", ARG_TEXT }, { "stop", ARG_FLAG }, { NULL },
};
static const struct arg open_args[] = {
	{ "id", ARG_TEXT }, { "seq", ARG_COUNT }, { "export", ARG_FLAG },
	{ "continue", ARG_TEXT }, { "stop", ARG_FLAG }, { NULL },
};
static const struct arg check_args[] = {
	{ "id", ARG_TEXT }, { "seq", ARG_COUNT }, { "continue", ARG_TEXT },
	{ "stop", ARG_FLAG }, { NULL },
};
static const struct arg after_args[] = { { "after", ARG_TEXT }, { NULL } };
static const struct arg limit_args[] = {
	{ "limit", ARG_COUNT, .least = 1, .most = 1000 }, { NULL },
};
static const struct arg access_args[] = {
	{ "limit", ARG_COUNT, .least = 1, .most = 1000 }, { "only", ARG_TEXT }, { NULL },
};
static const struct arg key_list_args[] = {
	{ "person", ARG_TEXT }, { "state", ARG_TEXT }, { NULL },
};
static const struct arg key_propose_args[] = {
	{ "public", ARG_TEXT, true, .most = 16000 }, { "event", ARG_ENTRY },
	{ "signature", ARG_TEXT, .most = 16384 }, { NULL },
};
static const struct arg key_approve_args[] = {
	{ "fingerprint", ARG_TEXT, true }, { "event", ARG_ENTRY },
	{ "signature", ARG_TEXT, .most = 16384 }, { "sign", ARG_FLAG }, { NULL },
};
static const struct arg key_refuse_args[] = {
	{ "fingerprint", ARG_TEXT, true }, { "why", ARG_TEXT, true, .most = 1000 },
	{ "event", ARG_ENTRY }, { NULL },
};
static const struct arg key_revoke_args[] = {
	{ "fingerprint", ARG_TEXT, true }, { "why", ARG_TEXT, true, .most = 1000 },
	{ "event", ARG_ENTRY }, { "signature", ARG_TEXT, .most = 16384 },
	{ "sign", ARG_FLAG }, { NULL },
};
static const struct arg verify_args[] = {
	{ "head", ARG_OBJECT }, { "heads", ARG_ANY }, { "keys", ARG_WORDS },
	{ "rebuild", ARG_FLAG }, { NULL },
};
static const struct arg export_args[] = {
	{ "id", ARG_TEXT }, { "after", ARG_COUNT },
	{ "limit", ARG_COUNT, .least = 1, .most = 1000 },
	{ "raw", ARG_FLAG },
	{ NULL },
};
static const struct arg erase_args[] = {
	{ "seq", ARG_COUNT, true, .least = 1 }, { "why", ARG_TEXT, true, .most = 4000 },
	{ "event", ARG_ENTRY }, { "signature", ARG_TEXT, .most = 16384 },
	{ "sign", ARG_FLAG }, { NULL },
};
static const struct arg seal_args[] = {
	{ "id", ARG_TEXT }, { "last", ARG_COUNT, .least = 1 }, { "manifest", ARG_TEXT, .most = 64 },
	{ "mask", ARG_FLAG }, { "unsigned", ARG_FLAG }, { NULL },
};
static const struct arg outbox_args[] = {
	{ "state", ARG_TEXT }, { "limit", ARG_COUNT, .least = 1, .most = 1000 }, { NULL },
};
static const struct arg target_list_args[] = { { "addresses", ARG_FLAG }, { NULL } };
static const struct arg target_look_args[] = {
	{ "name", ARG_TEXT, true }, { "type", ARG_TEXT }, { "id", ARG_TEXT }, { NULL },
};
static const struct arg message_args[] = { { "id", ARG_TEXT, true }, { NULL } };
static const struct arg retry_args[] = {
	{ "id", ARG_TEXT }, { "target", ARG_TEXT }, { "given_up", ARG_FLAG }, { NULL },
};
static const struct arg target_args[] = {
	{ "name", ARG_TEXT, true }, { "url", ARG_TEXT, true, .most = 2000 },
	{ "events", ARG_WORDS },
	{ "format", ARG_TEXT }, { "template", ARG_TEXT }, { "person", ARG_TEXT },
	{ "secret", ARG_TEXT, .most = 512 },
	{ "allow_http", ARG_FLAG }, { "allow_private", ARG_FLAG }, { NULL },
};

static const struct handler handlers[METHOD_COUNT] = {
	[DESK_INFO] = { method_desk_info, no_args },
	[ORG_SHOW] = { method_org_show, org_show_args },
	[ORG_SET] = { method_org_set, org_set_args },
	[PROCEDURE_SHOW] = { method_procedure_show, no_args },
	[FORM_GET] = { method_form_get, form_args },
	[CLASSIFY] = { method_classify, classify_args },
	[INCIDENT_REPORT] = { method_incident_report, report_args },
	[INCIDENT_LIST] = { method_incident_list, list_args },
	[INCIDENT_COUNTS] = { method_incident_counts, no_args },
	[INCIDENT_SHOW] = { method_incident_show, id_args },
	[INCIDENT_STEPS] = { method_incident_steps, steps_args },
	[INCIDENT_ACT] = { method_incident_act, act_args },
	[INCIDENT_TAKE_BACK] = { method_incident_take_back, take_back_args },
	[INCIDENT_LOG] = { method_incident_log, id_args },
	[INCIDENT_SEEN] = { method_incident_seen, id_args },
	[INCIDENT_LOOK] = { method_incident_look, look_args },
	[SEARCH] = { method_search, search_args },
	[STATS] = { method_stats, stats_args },
	[DRAFT_SAVE] = { method_draft_save, save_args },
	[DRAFT_LIST] = { method_draft_list, no_args },
	[DRAFT_LOAD] = { method_draft_load, draft_args },
	[DRAFT_DROP] = { method_draft_drop, draft_args },
	[ME_PREFERENCES] = { method_me_preferences, no_args },
	[ME_PREFER] = { method_me_prefer, prefer_args },
	[SESSION_SHOW] = { method_session_show, no_args },
	[SESSION_OPEN] = { method_session_open, sit_args },
	[SESSION_CLOSE] = { method_session_close, no_args },
	[SESSION_KEEP] = { method_session_keep, no_args },
	[PIN_SET] = { method_pin_set, pin_args },
	[PIN_RESET] = { method_pin_reset, person_args },
	[PIN_UNLOCK] = { method_pin_unlock, unlock_args },
	[PIN_LIST] = { method_pin_list, no_args },
	[ALERT_INTAKE] = { method_alert_intake, intake_args },
	[ALERT_LIST] = { method_alert_list, alert_list_args },
	[ALERT_SHOW] = { method_alert_show, id_args },
	[ALERT_PROMOTE] = { method_alert_promote, promote_args },
	[ALERT_LINK] = { method_alert_link, alert_link_args },
	[ALERT_DISMISS] = { method_alert_dismiss, alert_dismiss_args },
	[HANDOVER_SHEET] = { method_handover_sheet, sheet_args },
	[HANDOVER_SHOW] = { method_handover_show, handover_show_args },
	[HANDOVER_LIST] = { method_handover_list, handover_list_args },
	[HANDOVER_GIVE] = { method_handover_give, give_args },
	[HANDOVER_ACCEPT] = { method_handover_accept, accept_args },
	[HANDOVER_WITHDRAW] = { method_handover_withdraw, withdraw_args },
	[PERSON_ABSENT] = { method_person_absent, absent_args },
	[PERSON_BACK] = { method_person_back, back_args },
	[WAY_ADD] = { method_way_add, way_add_args },
	[WAY_REMOVE] = { method_way_remove, way_args },
	[WAY_CONFIRM] = { method_way_confirm, way_args },
	[ROSTER_SHOW] = { method_roster_show, roster_show_args },
	[ROSTER_SET] = { method_roster_set, roster_set_args },
	[ROSTER_EXCEPT] = { method_roster_except, roster_except_args },
	[ROSTER_IMPORT] = { method_roster_import, roster_import_args },
	[ROSTER_EXPORT] = { method_roster_export, sheet_args },
	[CHAIN_PREVIEW] = { method_chain_preview, preview_args },
	[DUTY_CHECK] = { method_duty_check, days_args },
	[DUTY_LOG] = { method_duty_log, limit_args },
	[EVIDENCE_PUT] = { method_evidence_put, put_args },
	[EVIDENCE_OPEN] = { method_evidence_open, open_args },
	[EVIDENCE_CHECK] = { method_evidence_check, check_args },
	[EVIDENCE_LIST] = { method_evidence_list, after_args },
	[KEY_LIST] = { method_key_list, key_list_args },
	[KEY_PROPOSE] = { method_key_propose, key_propose_args },
	[KEY_APPROVE] = { method_key_approve, key_approve_args },
	[KEY_REFUSE] = { method_key_refuse, key_refuse_args },
	[KEY_REVOKE] = { method_key_revoke, key_revoke_args },
	[INCIDENT_BREAK_GLASS] = { method_incident_break_glass, glass_args },
	[ACCESS_LOG] = { method_access_log, access_args },
	[LEDGER_HEAD] = { method_ledger_head, no_args },
	[LEDGER_VERIFY] = { method_ledger_verify, verify_args },
	[LEDGER_EXPORT] = { method_ledger_export, export_args },
	[LEDGER_ERASE] = { method_ledger_erase, erase_args },
	[LEDGER_SEAL] = { method_ledger_seal, seal_args },
	[OUTBOX_LIST] = { method_outbox_list, outbox_args },
	[OUTBOX_SHOW] = { method_outbox_show, message_args },
	[OUTBOX_RETRY] = { method_outbox_retry, retry_args },
	[TARGET_ADD] = { method_target_add, target_args },
	[TARGET_LIST] = { method_target_list, target_list_args },
	[TARGET_REMOVE] = { method_target_remove, name_args },
	[TARGET_START] = { method_target_start, name_args },
	[TARGET_PREVIEW] = { method_target_preview, target_look_args },
	[TARGET_TEST] = { method_target_test, name_args },
	[ADMIN_DOCTOR] = { method_admin_doctor, no_args },
	[ADMIN_BACKUP] = { method_admin_backup, path_args },
};
/* clang-format on */

static int
method_find(const char *name)
{
	for (int i = 0; i < METHOD_COUNT; i++) {
		if (strcmp(methods[i].name, name) == 0) {
			return i;
		}
	}
	return METHOD_COUNT;
}

/* One row a word: the roles of which one is enough. */
static const struct {
	const char *word;
	unsigned roles;
} whos[] = {
	[WHO_ANYONE] = { "anyone", ~0U },
	[WHO_STAFF] = { "registered", ~0U },
	[WHO_ACTOR] = { "actor", ROLE_STAFF },
	[WHO_AUDIT] = { "audit", ROLE_AUDITOR | ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_ADMIN },
	[WHO_WATCH] = { "watch", ROLE_AUDITOR | ROLE_OFFICE_HEAD | ROLE_ADMIN },
	[WHO_RIGHTS] = { "rights", ROLE_OFFICE_HEAD | ROLE_ADMIN },
	[WHO_ADMIN] = { "admin", ROLE_ADMIN },
};

const char *
method_who_word(enum method_who who)
{
	return whos[who].word;
}

const char *
method_refusal(enum method_who who, const struct person *person)
{
	if (who == WHO_ANYONE) {
		return NULL;
	}
	if (!person) {
		return "D300";
	}
	if (person->roles & whos[who].roles) {
		return NULL;
	}
	/* Neither auditors nor administrators take part in the procedure: they are told so. */
	return who != WHO_ACTOR ? "D301" : person->roles & ROLE_AUDITOR ? "D306" : "D307";
}

bool
method_sees_outbox(const struct call *call)
{
	return method_refusal(methods[OUTBOX_LIST].who, call->person) == NULL;
}

/* What a person keeps for their own screen is no part of the record. */
static bool
is_mark(const struct method *method)
{
	return method == &methods[INCIDENT_LOOK] || method == &methods[ME_PREFER];
}

/* Some things are asked of more people than the administrators, whom D301 names. */
static enum err
fail_admission(struct call *call, const struct method *method, const char *code)
{
	enum err e = call_fail(call, code);
	bool named = strcmp(code, "D301") == 0 && call->person;

	for (size_t i = 0; named && i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (person->roles & whos[method->who].roles && !(person->roles & ROLE_ADMIN)) {
			json_array_append_new(
				json_object_get(call->error, "who"), json_string(person->id));
		}
	}
	return e;
}

/* What tells of a damaged file is answered from any. */
static bool
tells_of_damage(const struct method *method)
{
	return method == &methods[DESK_INFO] || method == &methods[LEDGER_VERIFY] ||
		method == &methods[ADMIN_DOCTOR];
}

/* Why a file whose tables were changed is not used for it; NULL: it is. */
static const char *
damage_refusal(const struct desk *desk, const struct method *method)
{
	bool refused = desk->damage && !tells_of_damage(method) &&
		(desk->lost || (method->kind == METHOD_WRITE && !is_mark(method)));

	return refused ? desk->damage : NULL;
}

static enum err
method_admit(struct call *call, const struct method *method)
{
	const char *locked = seat_refusal(call, method);
	struct str_arg damage = { "fault", damage_refusal(call->desk, method) };
	const char *code;

	if (damage.value) {
		return call_fail_say(call, "D455", &damage, 1);
	}
	if (locked) {
		return seat_fail(call, locked);
	}
	code = method_refusal(method->who, call->person);

	/* Nobody is registered only because the organisation cannot be read: say that. */
	if (code && call->desk->rescue) {
		return call_fail_store(call, ERR_CORRUPT, false);
	}
	if (!code && call->desk->read_only && method->kind == METHOD_WRITE && !is_mark(method)) {
		code = "D310";
	}
	return code ? fail_admission(call, method, code) : ERR_OK;
}

enum err
method_dispatch(struct call *call, const char *name, json_t **ret_result)
{
	int i = name ? method_find(name) : METHOD_COUNT;
	enum err e;

	if (i == METHOD_COUNT) {
		return call_fail_field(call, "D111", "method", _("There is no such method."));
	}
	e = method_admit(call, &methods[i]);
	if (!e) {
		e = args_check(call, handlers[i].args);
	}
	if (!e) {
		seat_use(call, &methods[i]);
		e = handlers[i].run(call, ret_result);
	}
	return e;
}

const struct method *
desk_methods(void)
{
	return methods;
}
