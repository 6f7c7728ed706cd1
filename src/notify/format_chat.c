/* SPDX-License-Identifier: MIT */
/*
 * Chat rooms: Slack, Mattermost, Microsoft Teams.  Everything is handed over as
 * plain text wherever the service has a place for such, and escaped where it
 * has not; the heading is made prominent by the service's own means.
 */
#include "format.h"

#include "toban/base/attr.h"

/* Slack refuses a message whose header block is longer, or a text block. */
#define SLACK_HEADER_MOST 150
#define SLACK_TEXT_MOST 3000

/* Mattermost cuts at 16383; a heading is a heading. */
#define HEADING_MOST 300
#define TEXT_MOST 6000

static json_t *
json_escaped(enum escape_for how, const char *text, size_t most)
{
	struct str escaped = STR_INIT;
	json_t *value = NULL;

	escape_add(&escaped, how, text, most);
	if (!escaped.failed) {
		value = json_string(str_text(&escaped));
	}
	str_release(&escaped);
	return value;
}

/* --- Slack --------------------------------------------------------------------------- */

/* A block of plain text: in it no mark of formatting counts. */
static json_t *
slack_block(const char *type, const char *text, size_t most)
{
	return json_pack("{s:s, s:{s:s, s:o, s:b}}", "type", type, "text", "type", "plain_text",
		"text", json_escaped(ESCAPE_SLACK, text, most), "emoji", 0);
}

json_t *
format_slack(const struct rendering *rendering)
{
	const struct wording *wording = rendering->wording;
	const char *heading = str_text(&wording->heading);
	json_t *blocks = json_array();
	int failed = json_array_append_new(
		blocks, slack_block("header", heading, SLACK_HEADER_MOST));

	for (size_t i = 0; i < wording->n_texts; i++) {
		if (wording->texts[i].len > 0) {
			failed |= json_array_append_new(blocks,
				slack_block("section", str_text(&wording->texts[i]),
					SLACK_TEXT_MOST));
		}
	}
	if (failed) {
		json_decref(blocks);
		return NULL;
	}
	/* `text` is what notifications show; without "mrkdwn" it is plain as well. */
	return json_pack("{s:o, s:b, s:s, s:b, s:o}", "text",
		json_escaped(ESCAPE_SLACK, heading, SLACK_TEXT_MOST), "mrkdwn", 0, "parse", "none",
		"link_names", 0, "blocks", blocks);
}

/* --- Mattermost ------------------------------------------------------------------------ */

json_t *
format_mattermost(const struct rendering *rendering)
{
	struct str texts = STR_INIT;
	struct str out = STR_INIT;
	json_t *document = NULL;

	wording_add_texts(rendering->wording, &texts);
	str_add(&out, "**");
	escape_add(&out, ESCAPE_MATTERMOST, str_text(&rendering->wording->heading), HEADING_MOST);
	str_add(&out, "**\n");
	escape_add(&out, ESCAPE_MATTERMOST, str_text(&texts), TEXT_MOST);
	if (!texts.failed && !out.failed) {
		document = json_pack("{s:s}", "text", str_text(&out));
	}
	str_release(&texts);
	str_release(&out);
	return document;
}

/* --- Teams ------------------------------------------------------------------------------ */

/*
 * A paragraph of the card.  A text run knows no Markdown, which a plain text
 * block of a card would read.
 */
static json_t *
card_paragraph(const char *text, bool heading)
{
	json_t *run = json_pack("{s:s, s:o, s:s*, s:s*}", "type", "TextRun", "text",
		json_escaped(ESCAPE_CARD, text, heading ? HEADING_MOST : TEXT_MOST), "size",
		heading ? "Large" : NULL, "weight", heading ? "Bolder" : NULL);

	return json_pack("{s:s, s:[o]}", "type", "RichTextBlock", "inlines", run);
}

/* Each line is a paragraph: a card shows no line break inside a run. */
static int
card_add_lines(json_t *body, const char *text)
{
	int failed = 0;

	while (*text != '\0' && !failed) {
		struct str line = STR_INIT;
		size_t len = 0;

		while (text[len] != '\0' && text[len] != '\n') {
			len++;
		}
		str_add_n(&line, text, len);
		failed = line.failed ||
			(len > 0 &&
				json_array_append_new(
					body, card_paragraph(str_text(&line), false)) != 0);
		str_release(&line);
		text += len + (text[len] != '\0');
	}
	return failed;
}

json_t *
format_teams(const struct rendering *rendering)
{
	const struct wording *wording = rendering->wording;
	json_t *body = json_array();
	int failed =
		json_array_append_new(body, card_paragraph(str_text(&wording->heading), true));

	for (size_t i = 0; i < wording->n_texts; i++) {
		failed |= card_add_lines(body, str_text(&wording->texts[i]));
	}
	if (failed) {
		json_decref(body);
		return NULL;
	}
	return json_pack("{s:s, s:[{s:s, s:n, s:{s:s, s:s, s:s, s:o, s:o}}]}", "type", "message",
		"attachments", "contentType", "application/vnd.microsoft.card.adaptive",
		"contentUrl", "content", "$schema",
		"http://adaptivecards.io/schemas/adaptive-card.json", "type", "AdaptiveCard",
		"version", "1.4", "fallbackText",
		json_escaped(ESCAPE_CARD, str_text(&wording->heading), HEADING_MOST), "body", body);
}
