/* SPDX-License-Identifier: MIT */
/*
 * Bytes to keys.  curses knows the keys of terminfo; what it does not know it
 * hands on byte by byte, and a mouse report would then be six commands.
 */
#include "input.h"

#include "keys.h"
#include "toban/base/attr.h"

enum { ESC = 0x1b, BEL = 0x07, STRING_MOST = 4096, COLUMN_MOST = 9999 };

struct final {
	unsigned char byte;
	int key;
};

/* Without parameters, in 7 or 8 bits: what curses may not know of this TERM. */
static const struct final finals[] = {
	{ 'A', K_UP },
	{ 'B', K_DOWN },
	{ 'C', K_RIGHT },
	{ 'D', K_LEFT },
	{ 'H', K_HOME },
	{ 'F', K_END },
	{ 'Z', K_BACKTAB },
};

static int
final_key(unsigned byte)
{
	for (size_t i = 0; i < ARRAY_LEN(finals); i++) {
		if (finals[i].byte == byte) {
			return finals[i].key;
		}
	}
	return K_NONE;
}

static void
begin_character(struct input *input, unsigned byte)
{
	if (byte >= 0xc2 && byte <= 0xdf) {
		input->more = 1;
		input->point = byte & 0x1f;
		input->least = 0x80;
	} else if (byte >= 0xe0 && byte <= 0xef) {
		input->more = 2;
		input->point = byte & 0x0f;
		input->least = 0x800;
	} else if (byte >= 0xf0 && byte <= 0xf4) {
		input->more = 3;
		input->point = byte & 0x07;
		input->least = 0x10000;
	}
}

static bool
is_allowed(const struct input *input)
{
	return input->point >= input->least && input->point >= 0xa0 && input->point <= 0x10ffff &&
		(input->point < 0xd800 || input->point > 0xdfff);
}

bool
input_text(struct input *input, unsigned byte, uint32_t *ret_point)
{
	if (input->more > 0 && (byte & 0xc0) == 0x80) {
		input->point = input->point << 6 | (byte & 0x3f);
		input->more--;
		*ret_point = input->point;
		return input->more == 0 && is_allowed(input);
	}
	input->more = 0; /* what was begun was no character */
	if (byte < 0x80) {
		*ret_point = byte;
		return true;
	}
	begin_character(input, byte);
	return false;
}

/* Keys may begin with one byte of the C1 set, where no character needs it. */
static bool
begin_c1(struct input *input, unsigned byte)
{
	if (input->more > 0) {
		return false;
	}
	input->parameters = 0;
	switch (byte) {
	case 0x9b:
		input->state = INPUT_CSI;
		return true;
	case 0x8f:
		input->state = INPUT_SS3;
		return true;
	default:
		return false;
	}
}

static size_t
plain(struct input *input, unsigned byte, int *out)
{
	uint32_t point;

	if (byte == ESC) {
		input->more = 0;
		input->state = INPUT_ESC;
		return 0;
	}
	if (begin_c1(input, byte) || !input_text(input, byte, &point)) {
		return 0;
	}
	if (point == '\r') {
		point = K_ENTER;
	} else if (point == 0x7f || point == '\b') {
		point = K_BACKSPACE;
	}
	if (point == 0) {
		return 0; /* Ctrl-Space and line noise */
	}
	out[0] = (int)point;
	return 1;
}

/* What stood behind ESC was no sequence: both are keys. */
static size_t
after_escape(struct input *input, unsigned byte, int *out)
{
	input->parameters = 0;
	switch (byte) {
	case '[':
		input->state = INPUT_CSI;
		return 0;
	case 'O':
		input->state = INPUT_SS3;
		return 0;
	case ']':
	case 'P':
		input->head = (unsigned char)byte;
		input->state = INPUT_STRING_HEAD;
		return 0;
	default:
		break;
	}
	out[0] = K_ESC;
	input->state = INPUT_PLAIN;
	return 1 + plain(input, byte, out + 1);
}

/* Only two plain numbers can be where a cursor stands. */
static void
csi_parameter(struct input *input, unsigned byte)
{
	bool digit = byte >= '0' && byte <= '9';
	bool first = input->parameters == 0;

	input->parameters++;
	if (first) {
		input->numbers = digit;
		input->column = 0;
	} else if (byte == ';' && input->numbers > 0 && input->column > 0) {
		input->numbers++;
		input->column = 0;
		return;
	}
	if (!digit) {
		input->numbers = 0;
	} else if (input->column < COLUMN_MOST) {
		input->column = input->column * 10 + (int)(byte - '0');
	}
}

static size_t
csi(struct input *input, unsigned byte, int *out)
{
	if (byte >= 0x20 && byte <= 0x3f) {
		csi_parameter(input, byte);
		return 0;
	}
	input->state = INPUT_PLAIN;
	if (byte < 0x20 || byte > 0x7e) {
		return plain(input, byte, out); /* cut off: this byte is somebody's key */
	}
	if (byte == 'R' && input->numbers == 2 && input->column > 0) {
		out[0] = K_REPORT;
		return 1;
	}
	if (input->parameters > 0) {
		return 0;
	}
	if (byte == 'M') {
		input->state = INPUT_MOUSE;
		input->mouse = 3;
		return 0;
	}
	out[0] = final_key(byte);
	return out[0] == K_NONE ? 0 : 1;
}

static size_t
ss3(struct input *input, unsigned byte, int *out)
{
	input->state = INPUT_PLAIN;
	if (byte < 0x20 || byte > 0x7e) {
		return plain(input, byte, out);
	}
	out[0] = final_key(byte);
	return out[0] == K_NONE ? 0 : 1;
}

/* A person can type Esc and P; an answer goes on with a number or a sign. */
static size_t
string_head(struct input *input, unsigned byte, int *out)
{
	if (byte >= 0x20 && byte <= 0x3f) {
		input->state = INPUT_STRING;
		return 0;
	}
	out[0] = K_ESC;
	out[1] = input->head;
	input->state = INPUT_PLAIN;
	return 2 + plain(input, byte, out + 2);
}

static size_t
string(struct input *input, unsigned byte, int *out)
{
	if (byte == ESC) {
		input->state = INPUT_STRING_ESC;
		return 0;
	}
	if (byte >= 0x20 && ++input->parameters <= STRING_MOST) {
		return 0;
	}
	input->state = INPUT_PLAIN;
	return byte == BEL || byte >= 0x20 ? 0 : plain(input, byte, out);
}

size_t
input_byte(struct input *input, unsigned byte, int out[INPUT_KEYS])
{
	switch (input->state) {
	case INPUT_ESC:
		return after_escape(input, byte, out);
	case INPUT_CSI:
		return csi(input, byte, out);
	case INPUT_SS3:
		return ss3(input, byte, out);
	case INPUT_MOUSE:
		if (--input->mouse == 0) {
			input->state = INPUT_PLAIN;
		}
		return 0;
	case INPUT_STRING_HEAD:
		return string_head(input, byte, out);
	case INPUT_STRING:
		return string(input, byte, out);
	case INPUT_STRING_ESC:
		input->state = INPUT_PLAIN;
		return byte == '\\' ? 0 : after_escape(input, byte, out);
	case INPUT_PLAIN:
	default:
		return plain(input, byte, out);
	}
}

size_t
input_quiet(struct input *input, int out[INPUT_KEYS])
{
	if (input->state == INPUT_ESC) {
		input->state = INPUT_PLAIN;
		out[0] = K_ESC;
		return 1;
	}
	if (input->state == INPUT_STRING_HEAD) {
		input->state = INPUT_PLAIN;
		out[0] = K_ESC;
		out[1] = input->head;
		return 2;
	}
	return 0;
}

bool
input_is_open(const struct input *input)
{
	return input->state != INPUT_PLAIN || input->more > 0;
}
