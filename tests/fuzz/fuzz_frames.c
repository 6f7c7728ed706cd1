/* SPDX-License-Identifier: MIT */
/*
 * What anybody may send to the socket of a service.  The first byte says how the rest is cut into
 * pieces; however it is cut, the same must come out, and what comes out must go in again.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "toban/wire/frame.h"

enum { MOST = 4096 };

static void
put_again(const json_t *document)
{
	struct wire_frames frames = { .most = MOST * 8 };
	struct str out = STR_INIT;
	bool too_long = false;
	json_t *again = NULL;

	if (wire_frame_put(&out, document, MOST * 8, &too_long)) {
		if (!wire_frames_add(&frames, str_text(&out), out.len) ||
			wire_frames_take(&frames, &again) != WIRE_TAKEN ||
			!json_equal(document, again) || wire_frames_held(&frames) != 0) {
			abort();
		}
	}
	json_decref(again);
	str_release(&out);
	wire_frames_release(&frames);
}

/* Takes all that can be taken; what came out is written behind each other. */
static enum wire_taken
take_all(struct wire_frames *frames, struct str *log)
{
	enum wire_taken taken;

	do {
		json_t *document = NULL;
		bool ready = wire_frames_ready(frames);

		taken = wire_frames_take(frames, &document);
		if (ready == (taken == WIRE_PART)) {
			abort();
		}
		if (taken != WIRE_PART) {
			str_addf(log, "%d ", (int)taken);
		}
		if (taken == WIRE_TAKEN) {
			char *text = json_dumps(document, JSON_SORT_KEYS);

			put_again(document);
			str_add(log, text ? text : "?");
			free(text);
			json_decref(document);
		}
	} while (taken == WIRE_TAKEN || taken == WIRE_NO_JSON);
	return taken;
}

static void
feed(const uint8_t *data, size_t size, size_t piece, struct str *log)
{
	struct wire_frames frames = { .most = MOST };
	enum wire_taken taken = WIRE_PART;

	for (size_t at = 0; at < size && taken == WIRE_PART; at += piece) {
		size_t n = size - at < piece ? size - at : piece;

		if (!wire_frames_add(&frames, (const char *)data + at, n)) {
			abort();
		}
		taken = take_all(&frames, log);
	}
	wire_frames_release(&frames);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole = STR_INIT;
	struct str pieces = STR_INIT;

	if (size < 2) {
		return 0;
	}
	feed(data + 1, size - 1, size, &whole);
	feed(data + 1, size - 1, 1 + data[0] % 64U, &pieces);
	if (whole.len != pieces.len ||
		memcmp(str_text(&whole), str_text(&pieces), whole.len) != 0) {
		abort();
	}
	str_release(&whole);
	str_release(&pieces);
	return 0;
}
