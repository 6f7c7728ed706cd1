/* SPDX-License-Identifier: MIT */
/*
 * Why a path is not taken as a desk file: one table of errors and sentences.
 */
#include "refusal.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

static const struct {
	enum err err;
	const char *text;
} refusals[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = { ERR_OK, "" },
	[REFUSAL_MISSING] = { ERR_NOT_FOUND,
		N_("There is no desk file {path}. Make one with: toban init") },
	[REFUSAL_DIRECTORY_MISSING] = { ERR_NOT_FOUND,
		N_("The directory of {path} does not exist. Make it first.") },
	[REFUSAL_SYMLINK] = { ERR_UNSUPPORTED,
		N_("{path} is a symbolic link. Name the desk file itself.") },
	[REFUSAL_NO_FILE] = { ERR_UNSUPPORTED, N_("{path} is not a regular file.") },
	[REFUSAL_OTHER_OWNER] = { ERR_UNSUPPORTED,
		N_("{path} belongs to another account. A desk file is opened only by its owner.") },
	[REFUSAL_OTHERS_WRITE] = { ERR_UNSUPPORTED,
		N_("Others may write to {path}. Take that right away with chmod 600 and try "
		   "again.") },
	[REFUSAL_HARD_LINK] = { ERR_UNSUPPORTED,
		N_("{path} has a second name (hard link). Remove the other name and try again.") },
	[REFUSAL_READ_ONLY] = { ERR_UNSUPPORTED,
		N_("{path} may not be written. Give its owner the right to write and try again.") },
	[REFUSAL_DIRECTORY_READ_ONLY] = { ERR_UNSUPPORTED,
		N_("The directory of {path} may not be written, but the desk needs to keep files "
		   "beside it.") },
	[REFUSAL_EMPTY] = { ERR_CORRUPT,
		N_("{path} is empty. Restore it from a backup, or remove it and run: toban init") },
	[REFUSAL_NETWORK] = { ERR_UNSUPPORTED,
		N_("{path} is on a network file system, where a desk file would be damaged. Put it "
		   "on a disk of this machine.") },
	[REFUSAL_NO_DATABASE] = { ERR_CORRUPT, N_("{path} is not a desk file.") },
	[REFUSAL_FOREIGN] = { ERR_UNSUPPORTED,
		N_("{path} is a database of another program, not a desk file.") },
	[REFUSAL_NEWER] = { ERR_UNSUPPORTED,
		N_("{path} was written by a newer version of this program. Use that version; "
		   "nothing was changed.") },
	[REFUSAL_OLDER] = { ERR_UNSUPPORTED,
		N_("{path} was written by an older version of this program. Open it once without "
		   "--read-only to bring it up to date; nothing was changed.") },
	[REFUSAL_DAMAGED] = { ERR_CORRUPT,
		N_("{path} is damaged. Keep it as it is and restore a backup.") },
	[REFUSAL_NO_WAL] = { ERR_UNSUPPORTED,
		N_("{path} is on a file system that cannot keep a desk file safely. Put it on a "
		   "disk of this machine.") },
	[REFUSAL_EXISTS] = { ERR_EXISTS, N_("{path} is there already; nothing was changed.") },
	[REFUSAL_BUSY] = { ERR_BUSY,
		N_("{path} is held by another program. Try again in a moment.") },
	[REFUSAL_FULL] = { ERR_FULL, N_("There is no room left on the disk of {path}.") },
	[REFUSAL_MEMORY] = { ERR_NOMEM, N_("There is not enough memory to open {path}.") },
	[REFUSAL_IO] = { ERR_IO, N_("{path} could not be read or written. The log says more.") },
};

enum err
refusal_err(enum refusal refusal)
{
	return refusals[refusal].err;
}

enum refusal
refusal_of(enum err err)
{
	switch (err) {
	case ERR_OK:
		return REFUSAL_NONE;
	case ERR_CORRUPT:
		return REFUSAL_DAMAGED;
	case ERR_FULL:
		return REFUSAL_FULL;
	case ERR_BUSY:
		return REFUSAL_BUSY;
	case ERR_NOMEM:
		return REFUSAL_MEMORY;
	case ERR_UNSUPPORTED:
		return REFUSAL_NEWER;
	default:
		return REFUSAL_IO;
	}
}

void
refusal_tell(enum refusal refusal, const char *path, struct str *why)
{
	struct str shown = STR_INIT;
	struct str_arg args[] = { { "path", NULL } };

	if (why == NULL || refusal == REFUSAL_NONE) {
		return;
	}
	text_show(&shown, path, strlen(path), TEXT_LINE);
	args[0].value = str_text(&shown);
	str_say(why, _(refusals[refusal].text), args, ARRAY_LEN(args));
	str_release(&shown);
}
