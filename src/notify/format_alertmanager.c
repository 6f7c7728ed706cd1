/* SPDX-License-Identifier: MIT */
/*
 * Receivers that expect Prometheus Alertmanager's webhook (version "4"): an
 * incident is an alert that fires from its report until it needs nothing more.
 *
 * Receivers know an alert by its labels.  So these are only what never changes
 * in the life of an incident; what a step changes stands in the annotations,
 * and the last message resolves the very alert the first one raised.
 */
#include "format.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"

/* "No end yet", as Alertmanager writes it. */
#define NO_END "0001-01-01T00:00:00Z"

/* Of the summary and of the description. */
#define TEXT_MOST 6000

/* As many hexadecimal digits as Alertmanager's own fingerprints have. */
#define FINGERPRINT_DIGITS 16

static const char *
text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/*
 * A message about no case is an event and not a condition: it is over when it
 * is told.  A test fires, else nobody would see it.
 */
static bool
is_firing(const struct facts *facts)
{
	const json_t *data = json_object_get(facts->message, "data");

	if (json_object_get(data, "incident") == NULL) {
		return strcmp(facts->type, "desk.test") == 0;
	}
	return !json_is_false(json_object_get(data, "active"));
}

static const char *
alert_name(const struct facts *facts)
{
	const json_t *data = json_object_get(facts->message, "data");

	return json_object_get(data, "incident") != NULL ? "TobanIncident"
		: strcmp(facts->type, "desk.test") == 0  ? "TobanTest"
							 : "TobanNotice";
}

static json_t *
make_labels(const struct facts *facts)
{
	const json_t *data = json_object_get(facts->message, "data");
	const char *incident = json_string_value(json_object_get(data, "incident"));

	return json_pack("{s:s, s:s*, s:s, s:s*, s:s}", "alertname", alert_name(facts), "incident",
		incident, "drill", facts->drill ? "true" : "false", "trial",
		facts->trial ? "true" : NULL, "source", "toban");
}

static json_t *
make_annotations(const struct rendering *rendering)
{
	const struct facts *facts = rendering->facts;
	const json_t *data = json_object_get(facts->message, "data");
	const char *state = json_string_value(json_object_get(data, "state"));
	const char *category =
		json_string_value(json_object_get(json_object_get(data, "category"), "key"));
	const char *department =
		json_string_value(json_object_get(json_object_get(data, "department"), "id"));
	bool critical = rendering->source->urgent || strcmp(text_at(data, "major"), "yes") == 0;
	struct str texts = STR_INIT;
	struct str summary = STR_INIT;
	struct str description = STR_INIT;
	json_t *annotations = NULL;

	/* Many such receivers hand these two on to a chat room. */
	wording_add_texts(rendering->wording, &texts);
	escape_add(&summary, ESCAPE_PASSED_ON, str_text(&rendering->wording->heading), TEXT_MOST);
	escape_add(&description, ESCAPE_PASSED_ON, str_text(&texts), TEXT_MOST);
	if (!texts.failed && !summary.failed && !description.failed) {
		annotations = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*}", "summary",
			str_text(&summary), "description", str_text(&description),
			"severity", critical ? "critical" : "warning", "type", facts->type,
			"message_id", rendering->source->id, "state", state, "category", category,
			"department", department);
	}
	str_release(&texts);
	str_release(&summary);
	str_release(&description);
	return annotations;
}

/* When the alert began: with the report; of messages that do not say, with themselves. */
static const char *
start_of(const struct facts *facts)
{
	const json_t *data = json_object_get(facts->message, "data");
	const char *reported = text_at(data, "reported_at");

	return reported[0] != '\0' ? reported : text_at(facts->message, "timestamp");
}

static char *
fingerprint_of(const json_t *labels, char out[HASH_HEX_SIZE])
{
	char *text = json_dumps(labels, JSON_COMPACT | JSON_SORT_KEYS);
	struct hash hash;

	if (text != NULL) {
		hash_of(text, strlen(text), &hash);
		hash_hex(&hash, out);
		out[FINGERPRINT_DIGITS] = '\0';
	}
	free(text);
	return text != NULL ? out : NULL;
}

json_t *
format_alertmanager(const struct rendering *rendering)
{
	const struct facts *facts = rendering->facts;
	const char *status = is_firing(facts) ? "firing" : "resolved";
	const char *end = is_firing(facts) ? NO_END : text_at(facts->message, "timestamp");
	json_t *labels = make_labels(facts);
	json_t *annotations = make_annotations(rendering);
	char hex[HASH_HEX_SIZE];
	struct str key = STR_INIT;
	json_t *document = NULL;

	str_addf(&key, "{}:{alertname=\"%s\", incident=\"%s\"}", alert_name(facts),
		text_at(json_object_get(facts->message, "data"), "incident"));
	if (labels != NULL && annotations != NULL && !key.failed &&
		fingerprint_of(labels, hex) != NULL) {
		document = json_pack("{s:s, s:s, s:i, s:s, s:s, s:O, s:O, s:O, s:s, s:[{s:s, s:O, "
				     "s:O, s:s, s:s, s:s, s:s}]}",
			"version", "4", "groupKey", str_text(&key), "truncatedAlerts", 0, "status",
			status, "receiver", rendering->source->target->name, "groupLabels", labels,
			"commonLabels", labels, "commonAnnotations", annotations, "externalURL", "",
			"alerts", "status", status, "labels", labels, "annotations", annotations,
			"startsAt", start_of(facts), "endsAt", end, "generatorURL", "",
			"fingerprint", hex);
	}
	json_decref(labels);
	json_decref(annotations);
	str_release(&key);
	return document;
}
