/* SPDX-License-Identifier: MIT */
/*
 * The three formats of notifications: the webhook body of Prometheus
 * Alertmanager, what a Zabbix media type sends, and a plain one of our own.
 */
#include "alert_format.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

/* Labels that often say where and what; both ends with NULL. */
static const char *const place_labels[] = { "place", "location", "site", "datacenter", "room",
	"rack", NULL };
static const char *const asset_labels[] = { "asset", "instance", "host", "hostname", "device",
	"node", NULL };

/* --- Alertmanager ---------------------------------------------------------------------- */

/* The thing's name when the sender gives none: a hash of what tells it from others. */
static const char *
key_of_labels(struct alert_reader *reader, const json_t *labels)
{
	char *text = json_dumps(labels, JSON_COMPACT | JSON_SORT_KEYS);
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	const char *key;

	if (!text) {
		reader->failed = true;
		return "";
	}
	hash_of(text, strlen(text), &hash);
	free(text);
	hash_hex(&hash, hex);
	key = arena_printf(reader->arena, "labels-%.32s", hex);
	reader->failed = reader->failed || !key;
	return key ? key : "";
}

/* "firing" and "resolved"; D103. */
static bool
read_status(struct alert_reader *reader, const json_t *object)
{
	const char *status = alert_text(reader, object, "status", true);

	if (*status && strcmp(status, "firing") != 0 && strcmp(status, "resolved") != 0) {
		alert_fault(reader, "status", "D103", _("firing or resolved is wanted here."));
	}
	return strcmp(status, "firing") == 0;
}

/* The annotation that describes, then the others, each in a line with its name. */
static const char *
annotated_text(struct alert_reader *reader, const json_t *annotations, const char *title)
{
	static const char *const telling[] = { "description", "message", NULL };
	const char *main_text = alert_hint(annotations, telling);
	struct str text = STR_INIT;
	const char *name;
	const char *kept;
	json_t *value;

	str_add(&text, main_text);
	json_object_foreach((json_t *)(uintptr_t)annotations, name, value)
	{
		const char *said = json_string_value(value);

		if (said != main_text && strcmp(said, title) != 0) {
			str_addf(&text, "%s%s: %s", text.len ? "\n" : "", name, said);
		}
	}
	reader->failed = reader->failed || text.failed;
	kept = alert_cut(reader, str_text(&text), ALERT_TEXT_MOST);
	str_release(&text);
	return kept;
}

static void
read_alertmanager_one(struct alert_reader *reader, const json_t *object)
{
	static const char *const titles[] = { "summary", "title", NULL };
	static const char *const names[] = { "alertname", NULL };
	json_t *annotations = alert_labels(reader, object, "annotations");
	struct alert_note note = { .labels = alert_labels(reader, object, "labels") };
	const char *link = alert_text(reader, object, "generatorURL", false);

	if (!json_object_get(object, "labels")) {
		alert_fault(reader, "labels", "D101", _("This is required."));
	}
	note.firing = read_status(reader, object);
	note.at = alert_time(reader, object, "startsAt");
	note.occurrence = note.at;
	note.key = alert_key(reader, object, "fingerprint", false);
	note.key = *note.key ? note.key : key_of_labels(reader, note.labels);
	note.title = alert_hint(annotations, titles);
	note.title = *note.title ? note.title : alert_hint(note.labels, names);
	note.title = *note.title ? note.title : note.key;
	note.text = annotated_text(reader, annotations, note.title);
	note.place = alert_hint(note.labels, place_labels);
	note.asset = alert_hint(note.labels, asset_labels);
	if (*link) {
		alert_label(reader, note.labels, "generatorURL", link);
	}
	alert_add(reader, &note);
	json_decref(annotations);
}

void
alert_read_alertmanager(struct alert_reader *reader, const json_t *document)
{
	const char *version = alert_text(reader, document, "version", true);
	const json_t *truncated = json_object_get(document, "truncatedAlerts");

	if (*version && strcmp(version, "4") != 0) {
		alert_fault(reader, "version", "D103",
			_("Notifications of version 4 are read, no others."));
	}
	reader->notes.truncated =
		json_integer_value(truncated) > 0 ? json_integer_value(truncated) : 0;
	alert_each(reader, json_object_get(document, "alerts"), read_alertmanager_one);
}

/* --- Zabbix ------------------------------------------------------------------------------ */

/* Whether it is a macro that Zabbix had no value for: "{EVENT.ID}" or "*UNKNOWN*". */
static bool
is_macro(const char *text)
{
	size_t len = strlen(text);

	return strcmp(text, "*UNKNOWN*") == 0 ||
		(len > 2 && text[0] == '{' && text[len - 1] == '}' &&
			strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.$#_:0123456789") == len - 2);
}

/* The first of the members that has a value; its name in *ret_name, the first one's if none. */
static const char *
zabbix_text(struct alert_reader *reader, const json_t *object, const char *const *names,
	const char **ret_name)
{
	*ret_name = names[0];
	for (; *names; names++) {
		const char *text = alert_text(reader, object, *names, false);

		if (*text && !is_macro(text)) {
			*ret_name = *names;
			return text;
		}
	}
	return "";
}

/* The same where one must be. */
static const char *
zabbix_needed(struct alert_reader *reader, const json_t *object, const char *const *names)
{
	const char *name;
	const char *text = zabbix_text(reader, object, names, &name);

	if (!*text) {
		alert_fault(reader, name, "D101",
			_("This is required, and Zabbix must have a value for its macro."));
	}
	return text;
}

static bool
zabbix_firing(struct alert_reader *reader, const json_t *object)
{
	static const char *const names[] = { "status", "event_status", "trigger_status",
		"event_value", NULL };
	static const struct {
		const char *word;
		bool firing;
	} words[] = { { "PROBLEM", true }, { "1", true }, { "OK", false }, { "RESOLVED", false },
		{ "0", false } };
	const char *status = zabbix_needed(reader, object, names);

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, status) == 0) {
			return words[i].firing;
		}
	}
	if (*status) {
		alert_fault(reader, "status", "D103", _("PROBLEM, OK or RESOLVED is wanted here."));
	}
	return false;
}

/* Seconds since 1970, or day and time of the desk's zone ("2026.11.22", "22:13:00"). */
static const char *
zabbix_time(struct alert_reader *reader, const json_t *object)
{
	static const char *const seconds_names[] = { "timestamp", "event_timestamp", NULL };
	static const char *const day_names[] = { "event_date", "date", NULL };
	static const char *const time_names[] = { "event_time", "time", NULL };
	const char *name;
	const char *seconds = zabbix_text(reader, object, seconds_names, &name);
	const char *day = zabbix_text(reader, object, day_names, &name);
	const char *time = zabbix_text(reader, object, time_names, &name);
	char text[STAMP_SIZE] = "";
	char loose[32];
	char *end = NULL;
	stamp at;

	if (*seconds) {
		long long value = strtoll(seconds, &end, 10);

		if (*end != '\0' || value < 0 || value > INT64_C(253402300799)) {
			alert_fault(reader, "timestamp", "D108",
				_("Seconds since 1970 are wanted here."));
			return "";
		}
		stamp_format(value * 1000, reader->offset_min, text);
	} else if (*day && *time) {
		(void)snprintf(loose, sizeof(loose), "%.10s %.5s", day, time);
		for (char *c = loose; *c && *c != ' '; c++) {
			*c = *c == '.' ? '-' : *c;
		}
		if (stamp_parse_loose(loose, 0, reader->offset_min, &at)) {
			alert_fault(reader, name, "D108",
				_("A day such as 2026.11.22 and a time such as 22:13:00 are wanted "
				  "here."));
			return "";
		}
		stamp_format(at, reader->offset_min, text);
	}
	return alert_cut(reader, text, KEY_MOST);
}

/* Whatever else is sent is kept beside it. */
static json_t *
zabbix_labels(struct alert_reader *reader, const json_t *object)
{
	static const char *const used[] = { "event_id", "trigger_id", "status", "message", "text" };
	json_t *labels = json_object();
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const char *text = json_string_value(value);
		bool skip = !text || !*text || is_macro(text) || strlen(name) > KEY_MOST;

		for (size_t i = 0; i < ARRAY_LEN(used); i++) {
			skip = skip || strcmp(used[i], name) == 0;
		}
		if (!skip && json_object_size(labels) < LABELS_MOST) {
			alert_label(reader, labels, name, text);
		}
	}
	reader->failed = reader->failed || !labels;
	return labels;
}

void
alert_read_zabbix(struct alert_reader *reader, const json_t *document)
{
	static const char *const titles[] = { "event_name", "trigger_name", "subject", NULL };
	static const char *const events[] = { "event_id", NULL };
	static const char *const triggers[] = { "trigger_id", NULL };
	static const char *const texts[] = { "message", "text", NULL };
	static const char *const hosts[] = { "host", "host_name", NULL };
	const char *name;
	struct alert_note note = { .title = zabbix_needed(reader, document, titles) };
	const char *event = zabbix_text(reader, document, events, &name);
	const char *trigger = zabbix_text(reader, document, triggers, &name);
	const char *key = *trigger ? trigger : event;

	if (!*key) {
		alert_fault(reader, "event_id", "D101",
			_("event_id or trigger_id is required, and Zabbix must have a value for "
			  "its macro."));
	} else if (strlen(trigger) > KEY_MOST - 10 || strlen(event) > KEY_MOST - 10) {
		alert_fault(reader, *trigger ? "trigger_id" : "event_id", "D104",
			_("This text is too long."));
		key = "";
	}
	note.key = arena_printf(reader->arena, "%s-%s", *trigger ? "trigger" : "event", key);
	note.occurrence = alert_cut(reader, event, KEY_MOST);
	note.firing = zabbix_firing(reader, document);
	note.at = zabbix_time(reader, document);
	note.text = zabbix_text(reader, document, texts, &name);
	note.asset = zabbix_text(reader, document, hosts, &name);
	note.labels = zabbix_labels(reader, document);
	note.place = alert_hint(note.labels, place_labels);
	reader->failed = reader->failed || !note.key;
	if (!reader->failed) {
		alert_add(reader, &note);
	} else {
		json_decref(note.labels);
	}
}

/* --- our own ------------------------------------------------------------------------------ */

static void
read_json_one(struct alert_reader *reader, const json_t *object)
{
	struct alert_note note = {
		.key = alert_key(reader, object, "key", true),
		.title = alert_text(reader, object, "title", true),
		.text = alert_text(reader, object, "text", false),
		.at = alert_time(reader, object, "at"),
		.firing = true,
		.place = alert_text(reader, object, "place", false),
		.asset = alert_text(reader, object, "asset", false),
		.labels = alert_labels(reader, object, "labels"),
	};
	const char *origin = alert_text(reader, object, "source", false);

	note.occurrence = note.at;
	if (json_object_get(object, "status")) {
		note.firing = read_status(reader, object);
	}
	if (*origin) {
		alert_label(reader, note.labels, "source", origin);
	}
	alert_add(reader, &note);
}

static void
check_members(struct alert_reader *reader, const json_t *object)
{
	static const char *const known[] = { "key", "title", "text", "source", "at", "status",
		"place", "asset", "labels" };
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		bool found = false;

		for (size_t i = 0; i < ARRAY_LEN(known); i++) {
			found = found || strcmp(known[i], name) == 0;
		}
		if (!found) {
			alert_fault(reader, "", "D106",
				_("Only key, title, text, source, at, status, place, asset and "
				  "labels are known here."));
			return;
		}
	}
}

static void
read_json_checked(struct alert_reader *reader, const json_t *object)
{
	check_members(reader, object);
	read_json_one(reader, object);
}

void
alert_read_json(struct alert_reader *reader, const json_t *document)
{
	if (json_object_get(document, "alerts")) {
		alert_each(reader, json_object_get(document, "alerts"), read_json_checked);
	} else {
		read_json_checked(reader, document);
	}
}
