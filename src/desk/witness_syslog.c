/* SPDX-License-Identifier: MIT */
/*
 * Ends in the system's log.  By itself: <syslog.h> and the desk's own log have the same
 * words for different things.
 */
#include "witness.h"

#include <syslog.h>

/* It does not say whether anybody took it: who relies on it looks there. */
void
witness_syslog(const char *line)
{
	openlog("toban", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "ledger.head %s", line);
	closelog();
}
