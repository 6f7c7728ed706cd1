/* SPDX-License-Identifier: MIT */
/*
 * All screens there are.  Their action tables are the one source of keys, help,
 * command names, manual page and the tests that look for conflicts; a screen
 * that is not listed here does not exist for any of them.
 */
#ifndef TOBAN_SRC_UI_REGISTRY_H
#define TOBAN_SRC_UI_REGISTRY_H

#include "screen.h"

/* Every screen, ended by NULL. */
const struct screen_ops *const *registry_screens(void);

/* The screen with that name, NULL: there is none. */
const struct screen_ops *registry_find(const char *name);

/*
 * Whether the action cannot be done on `screen` now, beyond what the desk itself will refuse;
 * `why` then gets what stands against it and who could do it.
 */
bool action_refused(struct screen *screen, const struct action *action, struct str *why);

/*
 * The same for what is no action of a screen: whether `flags` (enum action_flags) keep the
 * person at the screen, or this session, from it.
 */
bool action_barred(struct app *app, unsigned flags, struct str *why);

/* Does the action, or says why it cannot be done. */
void action_do(struct screen *screen, const struct action *action);

/* Each defined in the file of its screen. */
extern const struct screen_ops actions_ops;
extern const struct screen_ops approval_ops;
extern const struct screen_ops board_ops;
extern const struct screen_ops classify_ops;
extern const struct screen_ops command_ops;
extern const struct screen_ops confirm_ops;
extern const struct screen_ops conflict_ops;
extern const struct screen_ops curtain_ops;
extern const struct screen_ops custody_ops;
extern const struct screen_ops entry_ops;
extern const struct screen_ops handover_ops;
extern const struct screen_ops handover_write_ops;
extern const struct screen_ops help_ops;
extern const struct screen_ops incident_ops;
extern const struct screen_ops keyring_ops;
extern const struct screen_ops readings_ops;
extern const struct screen_ops login_ops;
extern const struct screen_ops measure_ops;
extern const struct screen_ops messages_ops;
extern const struct screen_ops mine_ops;
extern const struct screen_ops statistics_ops;
extern const struct screen_ops phones_ops;
extern const struct screen_ops calls_ops;
extern const struct screen_ops alerts_ops;
extern const struct screen_ops duty_ops;
extern const struct screen_ops duty_write_ops;
extern const struct screen_ops ways_ops;
extern const struct screen_ops pick_ops;
extern const struct screen_ops pin_ops;
extern const struct screen_ops files_ops;
extern const struct screen_ops paste_ops;
extern const struct screen_ops prompt_ops;
extern const struct screen_ops taking_ops;
extern const struct screen_ops receipt_ops;
extern const struct screen_ops report_ops;
extern const struct screen_ops rollout_ops;
extern const struct screen_ops search_ops;
extern const struct screen_ops seat_ops;
extern const struct screen_ops settings_ops;
extern const struct screen_ops sign_ops;
extern const struct screen_ops stepform_ops;

#endif
