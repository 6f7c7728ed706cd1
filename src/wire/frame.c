/* SPDX-License-Identifier: MIT */
/*
 * Frames: the only parser of bytes that come over the socket.
 */
#include "toban/wire/frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HEAD 4 /* bytes of length */

/* What is kept of an emptied buffer: one long request must not hold its memory for months. */
#define KEPT_MOST ((size_t)64 << 10)

bool
wire_frames_add(struct wire_frames *frames, const char *bytes, size_t len)
{
	/* Moved to the front only when room is needed: each byte is moved a bounded number of
	 * times. */
	if (frames->at > 0 && frames->bytes.len + len > frames->bytes.cap) {
		str_splice(&frames->bytes, 0, frames->at, "", 0);
		frames->at = 0;
	}
	frames->bytes.wipes = true; /* a PIN may be among them */
	str_add_n(&frames->bytes, bytes, len);
	return !frames->bytes.failed;
}

size_t
wire_frames_held(const struct wire_frames *frames)
{
	return frames->bytes.len - frames->at;
}

/* The length the next frame says it has; needs HEAD bytes. */
static size_t
said_length(const struct wire_frames *frames)
{
	const unsigned char *head = (const unsigned char *)frames->bytes.data + frames->at;

	return (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
}

bool
wire_frames_ready(const struct wire_frames *frames)
{
	size_t held = wire_frames_held(frames);
	size_t len = held < HEAD ? 0 : said_length(frames);

	return held >= HEAD && (len > frames->most || held - HEAD >= len);
}

/*
 * Whether the JSON has more values than `most`: each but the first stands behind a comma or a
 * bracket.  Nothing is checked here: what is no JSON has some number, too.
 */
static bool
has_more_values(const char *json, size_t len, size_t most)
{
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < len && n <= most; i++) {
		if (json[i] == '"') {
			quoted = !quoted;
		} else if (quoted) {
			i += json[i] == '\\';
		} else {
			n += json[i] == ',' || json[i] == '[' || json[i] == '{';
		}
	}
	return n > most;
}

/* The frame of `len` bytes was read. */
static void
step_over(struct wire_frames *frames, size_t len)
{
	explicit_bzero(frames->bytes.data + frames->at, HEAD + len);
	frames->at += HEAD + len;
	if (frames->at < frames->bytes.len) {
		return;
	}
	frames->at = 0;
	if (frames->bytes.cap > KEPT_MOST) {
		str_release(&frames->bytes);
	} else {
		str_clear(&frames->bytes);
	}
}

enum wire_taken
wire_frames_take(struct wire_frames *frames, json_t **ret_document)
{
	json_t *document;
	json_error_t error;
	size_t len;

	if (frames->bytes.failed) {
		return WIRE_NO_MEMORY;
	}
	if (!wire_frames_ready(frames)) {
		return WIRE_PART;
	}
	len = said_length(frames);
	if (len > frames->most ||
		(frames->values_most &&
			has_more_values(frames->bytes.data + frames->at + HEAD, len,
				frames->values_most))) {
		return WIRE_TOO_LONG;
	}
	document = json_loadb(
		frames->bytes.data + frames->at + HEAD, len, JSON_REJECT_DUPLICATES, &error);
	step_over(frames, len);
	if (!document && json_error_code(&error) == json_error_out_of_memory) {
		return WIRE_NO_MEMORY;
	}
	if (!json_is_object(document)) {
		json_decref(document);
		return WIRE_NO_JSON;
	}
	*ret_document = document;
	return WIRE_TAKEN;
}

void
wire_frames_release(struct wire_frames *frames)
{
	str_release(&frames->bytes);
	frames->at = 0;
}

/* Where a document is being written, and how far it may go. */
struct put {
	struct str *out;
	size_t end;
};

static int
put_part(const char *bytes, size_t len, void *ctx)
{
	struct put *put = ctx;

	if (len > put->end - put->out->len) {
		return -1;
	}
	str_add_n(put->out, bytes, len);
	return put->out->failed ? -1 : 0;
}

bool
wire_frame_put(struct str *out, const json_t *document, size_t most, bool *ret_too_long)
{
	size_t start = out->len;
	struct put put = { out, start + HEAD + most };
	size_t len;

	*ret_too_long = false;
	str_add_repeat(out, '\0', HEAD);
	if (out->failed || json_dump_callback(document, put_part, &put, JSON_COMPACT) != 0) {
		*ret_too_long = !out->failed;
		str_truncate(out, start);
		return false;
	}
	len = out->len - start - HEAD;
	for (size_t i = 0; i < HEAD; i++) {
		out->data[start + i] = (char)(unsigned char)(len >> 8 * (HEAD - 1 - i) & 0xff);
	}
	return true;
}
