/* SPDX-License-Identifier: MIT */
/*
 * The frames of the socket (docs/wire.md): four bytes of length, the most significant
 * first, and that many bytes of one JSON object.  Pure: bytes in, documents out.
 */
#ifndef TOBAN_WIRE_FRAME_H
#define TOBAN_WIRE_FRAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "toban/base/str.h"

/* The longest JSON of a request, as of a document elsewhere, and of an answer. */
#define WIRE_REQUEST_MOST ((size_t)4 << 20)
#define WIRE_ANSWER_MOST ((size_t)32 << 20)

/*
 * The most values - members, elements, objects, lists - of one request.  Reading them costs time in
 * which nobody else is answered; a text costs next to nothing.
 */
#define WIRE_VALUES_MOST ((size_t)1 << 17)

/* What was received and not yet taken; what was taken is overwritten. */
struct wire_frames {
	struct str bytes;
	size_t at;   /* of `bytes`: what comes before was taken */
	size_t most; /* the longest JSON that is accepted */
	size_t values_most; /* the most values of it; 0: no limit */
};

enum wire_taken {
	WIRE_TAKEN,    /* a document */
	WIRE_PART,     /* not all of it came yet */
	WIRE_TOO_LONG, /* longer than `most`, or more values: nothing after it can be read */
	WIRE_NO_JSON,  /* no JSON object: that frame was taken off, what follows can be read */
	WIRE_NO_MEMORY
};

/* Takes in bytes in any pieces; false without memory. */
bool wire_frames_add(struct wire_frames *frames, const char *bytes, size_t len);

/* The next document, a new reference in *ret_document with WIRE_TAKEN alone. */
enum wire_taken wire_frames_take(struct wire_frames *frames, json_t **ret_document);

/* Whether a whole frame, or one that is too long, is there: a take would not be WIRE_PART. */
bool wire_frames_ready(const struct wire_frames *frames);

/* Bytes that wait. */
size_t wire_frames_held(const struct wire_frames *frames);

void wire_frames_release(struct wire_frames *frames);

/*
 * Appends `document` as a frame.  False, and nothing appended: without memory, or longer
 * than `most`, which is told in *ret_too_long.
 */
bool wire_frame_put(struct str *out, const json_t *document, size_t most, bool *ret_too_long);

#endif
