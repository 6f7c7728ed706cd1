/* SPDX-License-Identifier: MIT */
/*
 * Records as paper: from the door's documents to text, HTML, Markdown, CSV.
 * Pure; everything a person wrote passes text_show().
 */
#ifndef TOBAN_PRINT_PRINT_H
#define TOBAN_PRINT_PRINT_H

#include <jansson.h>

#include "toban/base/err.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"

/*
 * The incident report (DOMAIN §4) as plain text of at most 78 columns in
 * `lang`, whatever language the process speaks.  `incident` is the result of
 * incident.show, `procedure` of procedure.show, `desk` of desk.info.
 */
enum err print_incident_text(const json_t *incident, const json_t *procedure, const json_t *desk,
	enum lang lang, struct str *out);

#endif
