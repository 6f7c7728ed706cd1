/* SPDX-License-Identifier: MIT */
/*
 * Reading a program's terminal output for idle marks and foreign controls.
 */
#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUND, ESCAPE, CSI, OSC, CHARSET };

static bool
fault(struct stream *stream, const char *what, unsigned byte)
{
	snprintf(stream->fault, sizeof(stream->fault), "%s %02x", what, byte);
	return false;
}

static bool
ground(struct stream *stream, unsigned char b)
{
	bool c1 = stream->after_c2 && b >= 0x80 && b < 0xa0;

	stream->after_c2 = b == 0xc2;
	if (c1) {
		return fault(stream, "C1 control", b);
	}
	if (b == 0x1b) {
		stream->state = ESCAPE;
		return true;
	}
	/* Movement and shifts are curses' own; a bell or anything else is not. */
	if ((b < 0x20 && !strchr("\b\t\n\r\x0e\x0f", b)) || b == 0x7f || b == 0) {
		return fault(stream, "C0 control", b);
	}
	return true;
}

static bool
escape(struct stream *stream, unsigned char b)
{
	stream->state = GROUND;
	switch (b) {
	case '[':
		stream->state = CSI;
		stream->csi_len = 0;
		return true;
	case ']':
		stream->state = OSC;
		stream->osc_len = 0;
		return true;
	case '(':
	case ')':
		stream->state = CHARSET;
		return true;
	case '7':
	case '8':
	case '=':
	case '>':
	case 'D':
	case 'M':
	case 'c':
		return true;
	default:
		return fault(stream, "ESC", b);
	}
}

static bool
osc(struct stream *stream, unsigned char b)
{
	if (b != 0x07) {
		if (stream->osc_len + 1 >= sizeof(stream->osc)) {
			return fault(stream, "long OSC", b);
		}
		stream->osc[stream->osc_len++] = (char)b;
		return true;
	}
	stream->osc[stream->osc_len] = '\0';
	stream->state = GROUND;
	/* curses gives the palette back when the desk is suspended. */
	if (strcmp(stream->osc, "104") == 0) {
		return true;
	}
	if (strncmp(stream->osc, "5522;", 5) != 0) {
		return fault(stream, "foreign OSC", (unsigned char)stream->osc[0]);
	}
	stream->done = strtol(stream->osc + 5, NULL, 10);
	stream->marks++;
	if (stream->since_mark > stream->most) {
		stream->most = stream->since_mark;
	}
	stream->since_mark = 0;
	stream->mark_bytes += stream->osc_len + 3;
	return true;
}

/* The modes that must be off again when the program has left. */
static void
set_mode(struct stream *stream)
{
	struct mode {
		const char *name;
		bool *state;
		bool on;
	};
	const struct mode modes[] = {
		{ "?1049h", &stream->alternate, true },
		{ "?1049l", &stream->alternate, false },
		{ "?2004h", &stream->bracketed, true },
		{ "?2004l", &stream->bracketed, false },
		{ "?25l", &stream->hidden, true },
		{ "?25h", &stream->hidden, false },
		{ "?12;25h", &stream->hidden, false },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(stream->csi, modes[i].name) == 0) {
			*modes[i].state = modes[i].on;
		}
	}
}

static bool
csi(struct stream *stream, unsigned char b)
{
	if (b < 0x20 || b > 0x7e) {
		return fault(stream, "byte in CSI", b);
	}
	if (stream->csi_len + 1 < sizeof(stream->csi)) {
		stream->csi[stream->csi_len++] = (char)b;
	}
	if (b >= 0x40) {
		stream->csi[stream->csi_len] = '\0';
		stream->state = GROUND;
		set_mode(stream);
	}
	return true;
}

bool
stream_feed(struct stream *stream, const char *bytes, size_t len)
{
	bool good = true;

	for (size_t i = 0; i < len && good; i++) {
		unsigned char b = (unsigned char)bytes[i];

		stream->since_mark++;
		switch (stream->state) {
		case ESCAPE:
			good = escape(stream, b);
			break;
		case CSI:
			good = csi(stream, b);
			break;
		case OSC:
			good = osc(stream, b);
			break;
		case CHARSET:
			stream->state = GROUND;
			break;
		default:
			good = ground(stream, b);
			break;
		}
	}
	return good;
}

const char *
stream_fault(const struct stream *stream)
{
	return stream->fault;
}
