/* SPDX-License-Identifier: MIT */
/*
 * From the outbox's form of a message to what a receiver gets: see render.h.
 */
#include "toban/notify/render.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"

#include "format.h"

/* The formats of webhooks; the generic one is the outbox's own. */
static const struct {
	const char *name;
	json_t *(*make)(const struct rendering *rendering);
} formats[] = {
	{ "slack", format_slack },
	{ "mattermost", format_mattermost },
	{ "teams", format_teams },
	{ "alertmanager", format_alertmanager },
};

static const char *const words[] = { FORMAT_GENERIC, "slack", "mattermost", "teams",
	"alertmanager", NULL };

const char *const *
format_words(void)
{
	return words;
}

static bool
is_generic(const struct target_row *target)
{
	return strcmp(target->format, FORMAT_GENERIC) == 0;
}

/* The message itself with the template's words as its text. */
static json_t *
format_generic(const struct rendering *rendering)
{
	json_t *document = json_copy(rendering->facts->message);
	struct str text = STR_INIT;
	int failed;

	str_add(&text, str_text(&rendering->wording->heading));
	str_add(&text, "\n");
	wording_add_texts(rendering->wording, &text);
	failed = text.failed ||
		json_object_set_new(document, "text", json_string(str_text(&text))) != 0;
	str_release(&text);
	if (failed) {
		json_decref(document);
		return NULL;
	}
	return document;
}

static enum err
add_document(const struct rendering *rendering, struct str *out)
{
	const char *format = rendering->source->target->format;
	json_t *document = NULL;
	char *text;

	if (is_generic(rendering->source->target)) {
		document = format_generic(rendering);
	}
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i].name, format) == 0) {
			document = formats[i].make(rendering);
		}
	}
	text = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;
	if (text != NULL) {
		str_add(out, text);
	}
	free(text);
	json_decref(document);
	return text == NULL || out->failed ? ERR_NOMEM : ERR_OK;
}

/* A template that a site took away is the standard one: the message goes out. */
static const struct message_template *
template_of(const struct render_source *source)
{
	const struct message_template *template =
		procedure_template(source->procedure, source->target->template);

	return template != NULL ? template
				: procedure_template(source->procedure, TEMPLATE_STANDARD);
}

enum err
render_message(const struct render_source *source, struct str *out)
{
	const struct target_row *target = source->target;
	bool mail = strcmp(target->kind, "mail") == 0;
	struct facts facts;
	struct wording wording = { 0 };
	enum err e;

	if (!mail && is_generic(target) && target->template[0] == '\0') {
		str_add(out, source->body);
		return out->failed ? ERR_NOMEM : ERR_OK;
	}
	e = facts_read(source->body, &facts);
	if (e == ERR_OK) {
		e = wording_make(template_of(source), &facts, &wording);
	}
	if (e == ERR_OK) {
		const struct rendering rendering = { source, &facts, &wording };

		e = mail ? mail_text_add(&rendering, out) : add_document(&rendering, out);
	}
	wording_release(&wording);
	facts_release(&facts);
	return e;
}

enum err
render_words(const struct render_source *source, struct str *out)
{
	struct facts facts;
	struct wording wording = { 0 };
	enum err e = facts_read(source->body, &facts);

	if (e == ERR_OK) {
		e = wording_make(template_of(source), &facts, &wording);
	}
	if (e == ERR_OK) {
		str_add(out, str_text(&wording.heading));
		str_add(out, "\n\n");
		wording_add_texts(&wording, out);
		e = out->failed ? ERR_NOMEM : ERR_OK;
	}
	wording_release(&wording);
	facts_release(&facts);
	return e;
}
