/* SPDX-License-Identifier: MIT */
/*
 * Where things are on this machine: the desk, the catalogues, the site's
 * definition files, the sender program; and what time it is there.  Only the
 * programs' composition asks.
 */
#ifndef TOBAN_PLACES_H
#define TOBAN_PLACES_H

#include <stdbool.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/str.h"

/* The environment's value; NULL when unset or empty. */
const char *places_environment(const char *name);

/*
 * The desk file that is opened when none is named: $XDG_DATA_HOME/toban/desk.db,
 * else the same below $HOME/.local/share.  NULL when there is no home to put it in.
 */
const char *places_default_desk(struct arena *arena);

/*
 * The socket of a service that a desk is looked for at when none is named: the account's own,
 * else the system's; NULL when there is neither.
 */
const char *places_found_socket(struct arena *arena);

/*
 * Where a service of the default desk makes its socket: in $RUNTIME_DIRECTORY, which a
 * service manager made for it, else below $XDG_RUNTIME_DIR unless `managed` is asked for
 * alone.  NULL: nowhere.
 */
const char *places_own_socket(struct arena *arena, bool managed);

/*
 * A folder of this account alone that outlives the login, made when it is not
 * there: $XDG_STATE_HOME/toban, else the same below $HOME/.local/state.  NULL: there is none.
 */
const char *places_state_dir(struct arena *arena);

/* Makes the folder of `path` and those above it, mode 0700.  ERR_IO, ERR_NOMEM. */
enum err places_make_folder(const char *path);

/* Catalogues: $TOBAN_LOCALE_DIR, else beside the program in a build tree; NULL: as installed. */
const char *places_locale_dir(struct arena *arena);

/* The program `name` beside this one, else in the installed libexec folder; NULL without memory. */
const char *places_helper(struct arena *arena, const char *name);

/* The site's definition files: $TOBAN_FORMS, else /etc/toban/forms; NULL when neither is there. */
const char *places_forms_dir(void);

/*
 * The system's clock, or one that stands at $TOBAN_NOW (RFC 3339, or seconds since 1970),
 * which is kept in *standing for as long as the clock is used.  ERR_INVALID
 * when TOBAN_NOW is neither: a wrong time must not get into a record.
 */
enum err places_clock(stamp *standing, struct clock *ret_clock);

/* The credential with secrets of receivers. */
#define PLACES_SECRETS "toban.secrets"

/* The credential with the desk's own key. */
#define PLACES_KEY "toban.key"

/* A credential of systemd by its name; NULL when there is none, or without memory. */
const char *places_credential(struct arena *arena, const char *name);

/* The account's login name, "" when unknown. */
const char *places_login(struct arena *arena);

/* Adds the shell of an account; false: this machine has no such account. */
bool places_shell_of(const char *login, struct str *out);

#endif
