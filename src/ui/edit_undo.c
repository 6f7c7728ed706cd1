/* SPDX-License-Identifier: MIT */
/*
 * Steps back and forth in a text.
 */
#include "edit_undo.h"

#include <stdlib.h>
#include <string.h>

/* At `pos` the bytes `out` became the bytes `in`. */
struct undo_step {
	size_t pos;
	struct str out;
	struct str in;
	size_t caret;
};

static size_t
step_bytes(const struct undo_step *step)
{
	return sizeof(*step) + step->out.len + step->in.len;
}

static void
step_release(struct undo_step *step)
{
	str_release(&step->out);
	str_release(&step->in);
}

static void
drop_from(struct undo *undo, size_t from)
{
	while (undo->n > from) {
		struct undo_step *step = &undo->steps[--undo->n];

		undo->bytes -= step_bytes(step);
		step_release(step);
	}
	undo->at = undo->at < undo->n ? undo->at : undo->n;
}

static void
drop_oldest(struct undo *undo)
{
	undo->bytes -= step_bytes(&undo->steps[0]);
	step_release(&undo->steps[0]);
	undo->n--;
	undo->at--;
	memmove(undo->steps, undo->steps + 1, undo->n * sizeof(*undo->steps));
}

void
undo_release(struct undo *undo)
{
	drop_from(undo, 0);
	free(undo->steps);
	*undo = (struct undo){ 0 };
}

void
undo_close(struct undo *undo)
{
	undo->open = false;
}

static bool
make_room(struct undo *undo)
{
	size_t cap = undo->cap == 0 ? 16 : undo->cap * 2;
	struct undo_step *steps;

	if (undo->n < undo->cap) {
		return true;
	}
	steps = realloc(undo->steps, cap * sizeof(*steps));
	if (!steps) {
		return false;
	}
	undo->steps = steps;
	undo->cap = cap;
	return true;
}

/* A deletion next to a deletion joins it; true when it did. */
static bool
join_deletion(struct undo_step *last, const struct str *text, const struct splice *splice)
{
	const char *gone = str_text(text) + splice->pos;

	if (last->in.len > 0 || splice->len > 0) {
		return false;
	}
	if (splice->pos == last->pos) {
		str_add_n(&last->out, gone, splice->del);
		return true;
	}
	if (splice->pos + splice->del == last->pos) {
		str_splice(&last->out, 0, 0, gone, splice->del);
		last->pos = splice->pos;
		return true;
	}
	return false;
}

/* A splice that begins in the last step and ends where it ends joins it. */
static bool
join_writing(struct undo_step *last, const struct splice *splice)
{
	if (splice->pos < last->pos || splice->pos + splice->del != last->pos + last->in.len) {
		return false;
	}
	str_truncate(&last->in, splice->pos - last->pos);
	str_add_n(&last->in, splice->bytes, splice->len);
	return true;
}

static bool
join(struct undo *undo, const struct str *text, const struct splice *splice)
{
	struct undo_step *last = undo->open && undo->n > 0 ? &undo->steps[undo->n - 1] : NULL;
	size_t before;
	bool joined;

	if (!last) {
		return false;
	}
	before = step_bytes(last);
	joined = join_deletion(last, text, splice) || join_writing(last, splice);
	undo->bytes += step_bytes(last) - before;
	return joined;
}

static bool
remember(struct undo *undo, const struct str *text, const struct splice *splice, size_t caret)
{
	struct undo_step *step;

	drop_from(undo, undo->at);
	if (!join(undo, text, splice)) {
		if (!make_room(undo)) {
			return false;
		}
		step = &undo->steps[undo->n++];
		*step = (struct undo_step){ .pos = splice->pos, .caret = caret };
		str_add_n(&step->out, str_text(text) + splice->pos, splice->del);
		str_add_n(&step->in, splice->bytes, splice->len);
		undo->bytes += step_bytes(step);
	}
	step = &undo->steps[undo->n - 1];
	undo->at = undo->n;
	return !step->in.failed && !step->out.failed;
}

void
undo_splice(struct undo *undo, struct str *text, struct splice splice, size_t caret)
{
	if (!remember(undo, text, &splice, caret)) {
		drop_from(undo, 0);
	}
	while (undo->n > 1 && undo->bytes > UNDO_BYTES_MAX) {
		drop_oldest(undo);
	}
	undo->open = undo->n > 0;
	str_splice(text, splice.pos, splice.del, splice.bytes, splice.len);
}

bool
undo_back(struct undo *undo, struct str *text, size_t *caret)
{
	const struct undo_step *step;

	undo->open = false;
	if (undo->at == 0) {
		return false;
	}
	step = &undo->steps[--undo->at];
	str_splice(text, step->pos, step->in.len, str_text(&step->out), step->out.len);
	*caret = step->caret;
	return true;
}

bool
undo_again(struct undo *undo, struct str *text, size_t *caret)
{
	const struct undo_step *step;

	undo->open = false;
	if (undo->at == undo->n) {
		return false;
	}
	step = &undo->steps[undo->at++];
	str_splice(text, step->pos, step->out.len, str_text(&step->in), step->in.len);
	*caret = step->pos + step->in.len;
	return true;
}
