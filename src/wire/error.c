/* SPDX-License-Identifier: MIT */
/*
 * The sentences of the socket: what happened, what became of what was entered, what to do.
 */
#include "toban/wire/error.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/desk/door.h"

struct wire_fault {
	const char *code;
	const char *class;
	const char *text;
	const char *what_to_do;
};

static const struct wire_fault faults[] = {
	{ "D110", "invalid", N_("Not recorded: the document is not well-formed JSON."),
		N_("Nothing was recorded; what you entered is unchanged. Correct the named fields "
		   "and "
		   "send again.") },
	{ "D310", "denied", N_("This desk was opened for reading only (--read-only)."),
		N_("Nothing was recorded. Start toban without --read-only to write.") },
	{ "D430", "unusable", N_("The service does not answer."),
		N_("Nothing was recorded; what you entered is unchanged. Try again in a moment; if "
		   "it "
		   "stays so, tell the administrator.") },
	{ "D431", "unusable", N_("The service went away before it answered."),
		N_("It is not known whether this was recorded. Look before you send it again; what "
		   "you entered is unchanged.") },
	{ "D432", "unusable", N_("This account may not use the service."),
		N_("Nothing was recorded. Ask the administrator to put your account into the group "
		   "of "
		   "the socket.") },
	{ "D433", "unusable", N_("The service has no room for another connection."),
		N_("Nothing was recorded; what you entered is unchanged. Close a desk that you do "
		   "not "
		   "use, or try again in a moment.") },
	{ "D434", "unusable",
		N_("The service and this program do not understand each other: they "
		   "are of different versions."),
		N_("Nothing was recorded; what you entered is unchanged. Use the program of the "
		   "service's version, or restart the service after an update.") },
	{ "D435", "invalid", N_("Not recorded: the document is too long."),
		N_("What you entered is unchanged. A document may have 4 MiB; attach long material "
		   "as "
		   "a file.") },
	{ "D436", "usage", N_("What came over the socket is no request."),
		N_("Nothing was recorded. docs/wire.md says how the service is spoken to.") },
	{ "D437", "unusable", N_("The service gave up waiting for this program."),
		N_("Nothing was recorded of what was not sent whole. Try again.") },
	{ "D438", "failed", N_("The answer is too long for the socket."),
		N_("Ask for less at a time.") },
	{ "D440", "unusable", N_("It is not known whether this was recorded."),
		N_("Do not send it a second time by hand. Look at the log of the incident, or "
		   "send again "
		   "under the same id: it will be recorded once at most.") },
	{ "D441", "failed", N_("The process for slow work could not be started."),
		N_("Nothing was recorded. Try again in a moment; if it stays so, tell the "
		   "administrator.") },
	{ "D442", "failed", N_("The process for slow work ended before it was done."),
		N_("If something was to be recorded, look before you send it again. Try again; if "
		   "it stays so, tell the administrator.") },
	{ "D443", "failed", N_("This took too long and was ended."),
		N_("If something was to be recorded, look before you send it again. Ask for less "
		   "at a time, or do it on the machine of the service.") },
	{ "D439", "unusable", N_("Another service answers for this desk, or on this socket."),
		N_("Nothing was changed. Stop the other one first, or name another socket with "
		   "--socket.") },
};

static const struct wire_fault *
find(const char *code)
{
	for (size_t i = 0; code && i < ARRAY_LEN(faults); i++) {
		if (strcmp(faults[i].code, code) == 0) {
			return &faults[i];
		}
	}
	return NULL;
}

json_t *
wire_error(const char *code)
{
	const struct wire_fault *fault = find(code);

	if (!fault) {
		fault = &faults[0];
	}
	return door_error(fault->code, fault->class, _(fault->text), _(fault->what_to_do));
}

void
wire_error_translate(json_t *error)
{
	const struct wire_fault *fault = find(json_string_value(json_object_get(error, "code")));

	if (fault) {
		/* Without memory the service's own words stay. */
		(void)json_object_set_new(error, "text", json_string(_(fault->text)));
		(void)json_object_set_new(error, "what_to_do", json_string(_(fault->what_to_do)));
	}
}
