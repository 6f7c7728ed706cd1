/* SPDX-License-Identifier: MIT */
/*
 * Error documents: what happened, what became of what the person entered, what
 * to do now.  Every sentence the desk refuses with stands in one table; codes
 * are stable and the same in both languages (docs/methods.md, "Errors").
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "seat.h"
#include "signing.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "toban/desk/door.h"

struct refusal {
	const char *code;
	const char *class;
	const char *text;
	const char *what_to_do;
};

#define CORRECT                                                                                    \
	N_("Nothing was recorded; what you entered is unchanged. Correct the named fields and "    \
	   "send again.")
#define WHO_CAN N_("Nothing was recorded. Ask one of the people named here.")
#define TELL                                                                                       \
	N_("Nothing was recorded. Tell the officer of the department what you found; every "       \
	   "member of "                                                                            \
	   "the staff can report.")
#define LOOK                                                                                       \
	N_("Nothing was recorded. Look at the steps of the incident: they say what can be done "   \
	   "now, "                                                                                 \
	   "and by whom.")
#define CORRECTION N_("Nothing was changed. Use a correction: a > correct.")
#define SIGN_AGAIN                                                                                 \
	N_("Nothing was recorded; what you entered is unchanged. Read what is shown now and sign " \
	   "that.")
#define RELOAD N_("Nothing was recorded. Look at the incident again and decide anew.")

/* clang-format off */
static const struct refusal refusals[] = {
	{ "D101", "invalid",
		N_("Not recorded: a required field is missing."), CORRECT },
	{ "D102", "invalid",
		N_("Not recorded: a field holds the wrong kind of value."), CORRECT },
	{ "D103", "invalid",
		N_("Not recorded: a value is not one of the choices."), CORRECT },
	{ "D104", "invalid",
		N_("Not recorded: a text is too long."), CORRECT },
	{ "D105", "invalid",
		N_("Not recorded: a text holds characters that are not allowed."), CORRECT },
	{ "D106", "invalid",
		N_("Not recorded: there is no such field in this form."), CORRECT },
	{ "D107", "invalid",
		N_("Not recorded: a name is not known here."), CORRECT },
	{ "D108", "invalid",
		N_("Not recorded: a time cannot be read or is impossible."), CORRECT },
	{ "D109", "invalid",
		N_("Not recorded: by these answers it is no incident."),
		N_("If you suspect something all the same, say what in 'suspected' and send "
		   "again.") },
	{ "D110", "invalid",
		N_("Not recorded: the document is not well-formed JSON."), CORRECT },
	{ "D111", "usage",
		N_("There is no such method or option."),
		N_("Nothing was recorded. See the list of methods for the right name.") },
	{ "D204", "conflict",
		N_("Not recorded: {who} took the step '{step}' at {at}, after you looked."),
		N_("Nothing of yours is lost. Look at what changed, then decide whether to send "
		   "again.") },
	{ "D205", "conflict",
		N_("Not recorded: the text changed since it was shown to you."), RELOAD },
	{ "D300", "denied",
		N_("You are not registered at this desk."),
		N_("Nothing was recorded. Ask one of the people named here to register you; in "
		   "an emergency "
		   "telephone the officer of your department.") },
	{ "D301", "denied",
		N_("This is not your part in the procedure."), WHO_CAN },
	{ "D302", "denied",
		N_("You cannot judge it: you wrote it."), WHO_CAN },
	{ "D303", "denied",
		N_("You cannot judge it: you responded yourself."), WHO_CAN },
	{ "D304", "not-found",
		N_("There is no incident {id} that you may see."),
		N_("Check the number. Your own and the open incidents are in the list.") },
	{ "D305", "denied",
		N_("Acting as another person is possible at a trial desk only."),
		N_("Nothing was recorded. Leave out --as: your own account says who you are.") },
	{ "D306", "denied",
		N_("Auditors read everything and change nothing."), TELL },
	{ "D307", "denied",
		N_("Administrators take no step in cases."), TELL },
	{ "D308", "denied",
		N_("You cannot judge it: you applied it."), WHO_CAN },
	{ "D309", "denied",
		N_("You cannot judge it: you planned it."), WHO_CAN },
	{ "D310", "denied",
		N_("This desk was opened for reading only (--read-only)."),
		N_("Nothing was recorded. Start toban without --read-only to write.") },
	{ "D312", "denied",
		N_("You cannot accept it: you handed it over."), WHO_CAN },
	{ "D313", "denied",
		N_("Only {who}, who took the step, can take it back."), CORRECTION },
	{ "D356", "denied",
		N_("Nobody gives themselves a part."), WHO_CAN },
	{ "D357", "invalid",
		N_("Not recorded: nobody could run the desk any more."), CORRECT },
	{ "D471", "invalid",
		N_("Not recorded: nobody could approve keys with a signature any more."), CORRECT },
	{ "D364", "denied",
		N_("A broken glass opens a case for reading only."), WHO_CAN },
	{ "D360", "denied",
		N_("This entry cannot be erased: who may do what, and by which rules, is proven by "
		   "it."),
		N_("Nothing was changed. Names of people are data of the organisation: change "
		   "those there; what was recorded before stays.") },
	{ "D361", "denied",
		N_("This entry holds nothing a person wrote; there is nothing to erase."),
		N_("Nothing was changed. Look up the number of the entry that holds the text.") },
	{ "D362", "denied",
		N_("This text is still in use."),
		N_("Nothing was changed. Do first what is named here, then erase.") },
	{ "D363", "denied",
		N_("That entry was erased already."),
		N_("Nothing was changed.") },
	{ "D370", "invalid",
		N_("Not recorded: this file was not put in by you."),
		N_("Nothing was recorded. Choose the file again: it is then put in anew.") },
	{ "D371", "invalid",
		N_("Not recorded: this desk opens no path that it is given."),
		N_("Nothing was recorded. Attach the file with 'toban act ID evidence --set "
		   "file=PATH' or on the screen: they open it with your own rights.") },
	{ "D372", "failed",
		N_("The kept file is not what was attached: its SHA-256 is another."),
		N_("It was not handed out, and the case's log says that it is damaged. Tell "
		   "your administrator: a backup of the folder of evidence may hold it whole.") },
	{ "D373", "failed",
		N_("The file changed while it was being copied."),
		N_("Nothing of it was kept. If something still writes to it, make a copy and "
		   "attach that.") },
	{ "D374", "failed",
		N_("Too many files of yours are being copied, or wait to be attached."),
		N_("Nothing of this one was kept. Attach those that wait, or come back when the "
		   "others are done.") },
	{ "D375", "failed",
		N_("The attached file is not in the folder of evidence."),
		N_("The record still holds its name and its SHA-256. Tell your administrator: a "
		   "backup of the folder may hold it.") },
	{ "D376", "not-found",
		N_("This work on a file is over: it was stopped, or waited too long."),
		N_("Nothing was recorded. Begin again.") },
	{ "D377", "failed",
		N_("The file was not put in: the disk of the desk has no room for it."),
		N_("Nothing of it was kept, and reports can still be recorded. Tell your "
		   "administrator that the disk is nearly full.") },
	{ "D378", "failed",
		N_("The file was not put in: it could not be read or written to the end."),
		N_("Nothing of it was kept. Try again, or copy it to another disk first.") },
	{ "D379", "usage",
		N_("No open file came with this."),
		N_("Nothing was recorded. A file is handed over by its descriptor: see "
		   "evidence.put in docs/methods.md.") },
	{ "D319", "denied",
		N_("You cannot decide about it: it is your own key."), WHO_CAN },
	{ "D320", "denied",
		N_("This decision must be signed."),
		N_("Nothing was recorded. Sign the text that is shown with your key, then send it "
		   "again with the signature.") },
	{ "D321", "invalid",
		N_("Not recorded: the public key cannot be used. {fault}"),
		N_("Nothing was recorded. Give the line of an Ed25519 key, as it stands in "
		   "~/.ssh/id_ed25519.pub; 'ssh-keygen -t ed25519' or 'toban key new' "
		   "makes one.") },
	{ "D322", "denied",
		N_("Not recorded: this key was brought in by {who}; a key is one person's alone."),
		N_("Nothing was recorded. Make a key of your own: 'toban key new'. Should it be "
		   "yours, tell an administrator: somebody else has it, too.") },
	{ "D323", "denied",
		N_("This must be signed, and you have no approved key yet."),
		N_("Nothing was recorded; what you entered is unchanged. Bring in a key ('toban "
		   "key new', or 'toban key propose' for the one of your SSH agent), have it "
		   "approved by the office head or an administrator, then do this again.") },
	{ "D324", "denied",
		N_("Not recorded: the signature does not hold. {fault}"),
		N_("Nothing was recorded; what you entered is unchanged. Do it again and sign the "
		   "text that is shown then, with a key of yours that was approved here.") },
	{ "D325", "not-found",
		N_("There is no key of this fingerprint."),
		N_("Nothing was recorded. 'toban key list' shows the fingerprints.") },
	{ "D326", "denied",
		N_("Not recorded: the text was shown more than an hour ago, or at another time."),
		N_("Nothing was recorded; what you entered is unchanged. Do it again and sign the "
		   "text that is shown then.") },
	{ "D327", "denied",
		N_("This key was decided about already."),
		N_("Nothing was recorded. 'toban key list' shows how it stands. A key that was "
		   "revoked never comes back: bring in another.") },
	{ "D328", "denied",
		N_("Nobody who approves keys can sign yet: an administrator approves the first."),
		WHO_CAN },
	{ "D485", "denied",
		N_("You entered this person, or gave them their account or PIN: somebody else "
		   "decides whose key this is."),
		WHO_CAN },
	{ "D329", "denied",
		N_("You have five keys here: that is the most."),
		N_("Nothing was recorded. Revoke one you no longer use: 'toban key revoke'.") },
	{ "D350", "denied",
		N_("The signature is not of this text: {fault}"), SIGN_AGAIN },
	{ "D351", "denied",
		N_("The signature is by a key that does not sign for you here ({key})."),
		N_("Nothing was recorded. Sign with a key of your own; 'toban key list' shows "
		   "which are approved.") },
	{ "D352", "denied",
		N_("The signature is by a key that was revoked ({key})."),
		N_("Nothing was recorded. Sign with another key of yours; a new one is proposed "
		   "with 'toban key propose'.") },
	{ "D353", "denied",
		N_("The signature was made for something else: {fault}"),
		N_("Nothing was recorded. Sign for the namespace 'toban' "
		   "(ssh-keygen -Y sign -n toban).") },
	{ "D354", "conflict",
		N_("The signature is of a text that is too old: it was made more than an hour "
		   "ago, or at another time."),
		SIGN_AGAIN },
	{ "D355", "conflict",
		N_("Not recorded: somebody made another entry after the text was made that you "
		   "signed."),
		SIGN_AGAIN },
	{ "D330", "denied",
		N_("This console is locked: nobody has said who sits here."),
		N_("Nothing was recorded; what was typed is kept as a draft. Give your name and "
		   "PIN.") },
	{ "D331", "denied",
		N_("This console locked itself: nobody used it for {n} minutes."),
		N_("Nothing was recorded; what was typed is kept as a draft. Give your name and "
		   "PIN.") },
	{ "D332", "denied",
		N_("Name and PIN do not fit, or this person does not work at this console."),
		N_("Nobody sits here yet. Try again; whoever has no PIN gets one from an "
		   "administrator.") },
	{ "D333", "denied",
		N_("Locked out until {at}: the PIN was wrong too often."),
		N_("It was not looked at. Wait until then, or ask one of the people named here to "
		   "end it.") },
	{ "D334", "denied",
		N_("Too soon after a wrong PIN: it was not looked at. Wait {n} s."),
		N_("Nothing was counted. Then give it again.") },
	{ "D335", "invalid",
		N_("The PIN was not changed."), CORRECT },
	{ "D336", "denied",
		N_("You sat down with a PIN that is good once: choose your own first."),
		N_("Nothing was recorded. Choose a PIN that nobody else knows.") },
	{ "D337", "denied",
		N_("This account is that of a shared console, which needs the service of the "
		   "desk."),
		N_("Nothing was recorded. Use the service (--desk unix:PATH), or your own "
		   "account.") },
	{ "D338", "denied",
		N_("You are at your own account: it says who you are, without a PIN."),
		N_("Nothing was changed. Just go on.") },
	{ "D339", "denied",
		N_("At a shared console the old PIN must be given with the new one."), CORRECT },
	{ "D340", "denied",
		N_("This desk keeps no PINs: they need the service of the desk."),
		N_("Nothing was changed. At your own account you need none.") },
	{ "D341", "failed",
		N_("The PIN could not be looked at: memory is exhausted."),
		N_("Nothing was changed. Try again in a moment.") },
	{ "D380", "denied",
		N_("You may read this case already: there is no glass to break."),
		N_("Nothing was recorded. Open it by its number.") },
	{ "D381", "invalid",
		N_("Not recorded: a reason is wanted, in a sentence."), CORRECT },
	{ "D382", "failed",
		N_("You have too many drafts, or too long ones: this one was not kept."),
		N_("Send or throw away others of yours; what you entered here is unchanged.") },
	{ "D401", "denied",
		N_("This step is not possible in the state the incident is in."), RELOAD },
	{ "D402", "denied",
		N_("This link of the chain is not open."), LOOK },
	{ "D403", "denied",
		N_("The conditions of this step are not met yet."),
		N_("Nothing was recorded. Finish what is missing, then take the step.") },
	{ "D404", "denied",
		N_("It is too early for this step."), LOOK },
	{ "D405", "denied",
		N_("This was done already."), RELOAD },
	{ "D406", "denied",
		N_("There is nothing waiting for this step."), RELOAD },
	{ "D407", "denied",
		N_("Too late: the time to take it back is over (it was sent at {at})."),
		CORRECTION },
	{ "D408", "denied",
		N_("Too late: {who} has read it at {at}."), CORRECTION },
	{ "D409", "denied",
		N_("Too late: {who} has made another entry at {at}."), CORRECTION },
	{ "D418", "denied",
		N_("Too late: a message of it is on its way already."), CORRECTION },
	{ "D419", "denied",
		N_("The step '{step}' cannot be taken back: it counts at once."), CORRECTION },
	{ "D410", "unusable",
		N_("Not recorded: the record is busy."),
		N_("Nothing was recorded; what you entered is unchanged. Send it again in a "
		   "moment.") },
	{ "D411", "unusable",
		N_("Not recorded: the record could not be written ({cause})."),
		N_("What you entered is not in the record. Keep the text, tell your "
		   "administrator and "
		   "telephone whoever must know now.") },
	{ "D455", "unusable",
		N_("The file of this desk was changed around toban: {fault}."),
		N_("Nothing was recorded; without its tables the desk cannot be used, without its "
		   "triggers only be read. Keep the file as it is, restore the newest backup "
		   "beside it, and run 'toban verify' on both.") },
	{ "D412", "unusable",
		N_("It is not known whether this was recorded."),
		N_("Do not send it a second time by hand. Look at the log of the incident, or "
		   "send again "
		   "under the same id: it will be recorded once at most.") },
	{ "D413", "unusable",
		N_("The record could not be read ({cause})."),
		N_("Nothing was recorded. Tell your administrator; 'toban verify' names what is "
		   "damaged.") },
	{ "D414", "failed",
		N_("The desk ran out of memory."),
		N_("Nothing was recorded; what you entered is unchanged. Send it again.") },
	{ "D415", "failed",
		N_("The file could not be written."),
		N_("The record itself is unchanged. Choose another place and try again.") },
	{ "D450", "failed",
		N_("The desk cannot sign with its own key: {why}."),
		N_("Nothing was signed. 'toban doctor' examines the key; a package can be made "
		   "without the desk's signature (--unsigned).") },
	{ "D422", "failed",
		N_("There is something of that name already."),
		N_("Nothing was overwritten. Choose another name.") },
	{ "D470", "denied",
		N_("This PIN was right very often just now: it was not looked at. Wait {n} s."),
		N_("Nothing was counted. Then give it again.") },
	{ "D501", "not-found",
		N_("There is no receiver of that name."),
		N_("Nothing was changed. 'toban target list' shows the names.") },
	{ "D503", "failed",
		N_("The secrets of the receivers could not be written."),
		N_("No secret was changed. 'toban doctor' tells what to do about the file; then do "
		   "this again.") },
	{ "D504", "not-found",
		N_("There is no such message that could be sent again."),
		N_("Nothing was changed. 'toban outbox list' shows the messages.") },
};
/* clang-format on */

static const struct refusal *
refusal_find(const char *code)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (strcmp(refusals[i].code, code) == 0) {
			return &refusals[i];
		}
	}
	log_line(LOG_ERROR, "no text for the code %s", code);
	return NULL;
}

/* Without memory for the document the caller sees NULL and says so itself. */
static enum err
call_refuse(struct call *call, const char *code, const char *text)
{
	const struct refusal *row = refusal_find(code);
	const char *class = row ? row->class : "failed";

	json_decref(call->error);
	call->error = door_error(code, class, text, row ? _(row->what_to_do) : "");
	return call->error ? door_err(call->error) : ERR_NOMEM;
}

enum err
call_fail_text(struct call *call, const char *code, const char *text)
{
	return call_refuse(call, code, text);
}

enum err
call_fail_say(struct call *call, const char *code, const struct str_arg *args, size_t n)
{
	const struct refusal *row = refusal_find(code);
	struct str text = STR_INIT;
	enum err e;

	str_say(&text, row ? _(row->text) : code, args, n);
	e = call_refuse(call, code, str_text(&text));
	str_release(&text);
	return e;
}

/*
 * Who has not sat down yet is not told the people's list: ids say nothing to them, nor could they
 * look up how to reach somebody.
 */
static json_t *
names_of_who(const struct call *call)
{
	json_t *names = call->person || !call->error ? NULL : json_array();
	bool kept = names && json_object_set_new(call->error, "who_names", names) == 0;

	return kept ? names : NULL;
}

void
call_add_admins(struct call *call)
{
	json_t *who = json_object_get(call->error, "who");
	json_t *names = names_of_who(call);

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (person->roles & ROLE_ADMIN) {
			json_array_append_new(who, json_string(person->id));
			if (names) {
				json_array_append_new(names,
					call->seat && call->seat->post
						? json_of_reach(call->org, person)
						: json_of_words(&person->name));
			}
		}
	}
}

enum err
call_fail(struct call *call, const char *code)
{
	enum err e = call_fail_say(call, code, NULL, 0);
	bool person_refused = strcmp(code, "D300") == 0 || strcmp(code, "D301") == 0;

	if (person_refused) {
		call_add_admins(call);
	}
	return e;
}

static void
add_field(struct call *call, const char *code, const char *field, const char *text)
{
	json_t *row = json_pack("{s:s, s:s, s:s}", "field", field, "code", code, "text", text);

	json_array_append_new(json_object_get(call->error, "fields"), row);
}

/* "Not recorded: " and the first fault, and how many more there are. */
static void
say_faults(struct str *text, const struct diagnostics *diagnostics)
{
	const struct diagnostic *first = &diagnostics->items[0];
	char more[24];
	struct str_arg args[] = { { "field", first->field }, { "fault", first->text },
		{ "more", more } };

	snprintf(more, sizeof(more), "%zu", diagnostics->n - 1);
	if (diagnostics->n == 1) {
		str_say(text, _("Not recorded: {fault} ({field})"), args, ARRAY_LEN(args));
		return;
	}
	str_say(text,
		P_("Not recorded: {fault} ({field}) And {more} more field is faulty.",
			"Not recorded: {fault} ({field}) And {more} more fields are faulty.",
			diagnostics->n - 1),
		args, ARRAY_LEN(args));
}

enum err
call_fail_fields(struct call *call, const struct diagnostics *diagnostics)
{
	struct str text = STR_INIT;
	enum err e;

	if (diagnostics->n == 0) {
		return call_fail(call, "D102");
	}
	say_faults(&text, diagnostics);
	e = call_refuse(call, diagnostics->items[0].code, str_text(&text));
	str_release(&text);
	for (size_t i = 0; i < diagnostics->n; i++) {
		const struct diagnostic *item = &diagnostics->items[i];

		add_field(call, item->code, item->field, item->text);
	}
	return e;
}

enum err
call_fail_field(struct call *call, const char *code, const char *field, const char *text)
{
	struct diagnostic item = { .field = field, .code = code, .text = text };
	const struct diagnostics one = { .items = &item, .n = 1 };
	const struct refusal *row = refusal_find(code);
	enum err e;

	if (row && strcmp(row->class, "invalid") == 0) {
		return call_fail_fields(call, &one);
	}
	e = call_fail(call, code); /* the table's sentence says more than the field's */
	add_field(call, code, field, text);
	return e;
}

enum err
call_fail_verdict(struct call *call, const struct step_verdict *verdict)
{
	enum err e = call_refuse(call, verdict->code, verdict->why);
	json_t *who = json_object_get(call->error, "who");

	if (verdict->who.n == 0 && call->error) {
		json_object_set_new(call->error, "what_to_do", json_string(_(LOOK)));
	}
	for (size_t i = 0; i < verdict->who.n; i++) {
		json_array_append_new(who, json_string(verdict->who.items[i]));
	}
	return e;
}

/* The newest entry a person made after the caller looked. */
enum err
call_fail_changed(struct call *call, const struct incident *incident)
{
	const char *by = ACTOR_DESK;
	char at[STAMP_SIZE] = "";
	struct str_arg args[] = { { "who", "" }, { "step", "" }, { "at", at } };
	enum err e;

	for (size_t i = 0; i < incident->n_events; i++) {
		const struct event *event = &incident->events[i];
		const struct person *who = org_person(call->org, event->actor);
		const struct flow_step *step =
			flow_find_step(&call->procedure->incident_flow, event->kind);

		if (event->seq == incident->last_step_seq) {
			by = event->actor;
			args[0].value = who ? who->name.in[i18n_lang()] : event->actor;
			args[1].value = step ? step->label.in[i18n_lang()] : event->kind;
			stamp_format_short(event->at, call->org->offset_min, at);
		}
	}
	e = call_fail_say(call, "D204", args, ARRAY_LEN(args));
	json_object_set_new(call->error, "seq", json_integer(incident->last_step_seq));
	json_object_set_new(call->error, "by", json_string(by));
	return e;
}

/* How the system's refusals are told: code and cause while writing and while reading. */
static const struct {
	const char *written;
	const char *read;
	const char *cause;
} store_faults[ERR_COUNT] = {
	[ERR_NOMEM] = { "D414", "D414", "" },
	[ERR_IO] = { "D411", "D413", N_("the disk refused") },
	[ERR_FULL] = { "D411", "D413", N_("the disk is full") },
	[ERR_BUSY] = { "D410", "D410", "" },
	[ERR_CORRUPT] = { "D411", "D413", N_("it contradicts itself") },
	[ERR_UNSUPPORTED] = { "D411", "D413", N_("it is of a newer version") },
	[ERR_DENIED] = { "D411", "D413", N_("the system denied access") },
	[ERR_UNKNOWN] = { "D412", "D413", N_("a write before did not finish") },
};

enum err
call_fail_store(struct call *call, enum err e, bool wrote)
{
	const char *code = wrote ? store_faults[e].written : store_faults[e].read;
	const char *cause = store_faults[e].cause;
	struct str_arg args[] = { { "cause", cause && *cause ? _(cause) : err_name(e) } };

	log_line(LOG_ERROR, "the store answered %s while %s", err_name(e),
		wrote ? "writing" : "reading");
	(void)call_fail_say(call, code ? code : (wrote ? "D411" : "D413"), args, 1);
	return e; /* the caller hears what it was; the document says what it means */
}
