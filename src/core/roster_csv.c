/* SPDX-License-Identifier: MIT */
/*
 * Rosters as CSV files: RFC 4180 with the mercies a spreadsheet needs (a byte order
 * mark, either end of line, blank lines) and none that would change a meaning.
 */
#include <string.h>

#include "duty_week.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "toban/base/text.h"
#include "toban/core/roster.h"

#define FAULTS_MOST 50
#define LINES_MOST 5000
#define CELL_MOST 200 /* bytes */
#define COLUMNS 5

static const char *const columns[COLUMNS] = { "department", "when", "from", "to", "person" };

/* One cell as it stands in the file. */
struct csv_cell {
	const char *text;
	int column; /* in characters, from 1 */
};

struct csv {
	struct roster_draft *draft;
	struct arena *arena;
	const char *name;
	const char *at; /* what was not read yet */
	int line;
	size_t cells_of[COLUMNS]; /* which cell of a row holds which column */
	struct csv_cell cells[COLUMNS + 1];
	size_t n_cells;
	size_t before; /* faults there were when it began */
	bool torn;     /* the row cannot be read as cells */
	enum err err;
};

static const char *
place(struct csv *csv, int column)
{
	const char *text = arena_printf(csv->arena, "%s:%d:%d", csv->name, csv->line, column);

	csv->err = text ? csv->err : ERR_NOMEM;
	return text ? text : "";
}

static void
fault(struct csv *csv, int column, const char *text)
{
	diagnostics_add(csv->draft->diagnostics, place(csv, column), "D102", text);
}

static bool
is_over(const struct csv *csv)
{
	return csv->err || csv->draft->diagnostics->n - csv->before >= FAULTS_MOST;
}

/* --- cells ------------------------------------------------------------------------- */

static void
tear(struct csv *csv, int column, const char *text)
{
	fault(csv, column, text);
	csv->torn = true;
}

/* One cell from `at` on, up to a comma or the end of the line; copied without blanks around it. */
static const char *
read_cell(struct csv *csv, const char *at, const char *end, struct str *text)
{
	bool quoted;

	while (at < end && *at == ' ') {
		at++;
	}
	quoted = at < end && *at == '"';
	if (quoted) {
		for (at++; at < end && (*at != '"' || (at + 1 < end && at[1] == '"')); at++) {
			at += *at == '"';
			str_add_char(text, *at);
		}
		if (at == end) {
			tear(csv, csv->cells[csv->n_cells].column,
				_("The quotation mark is not closed; expected another one in the "
				  "same line."));
			return end;
		}
		at++;
	}
	for (; at < end && *at != ','; at++) {
		if (quoted && *at != ' ') {
			tear(csv, csv->cells[csv->n_cells].column,
				_("Something follows the quotation mark; expected a comma."));
			return end;
		}
		if (!quoted) {
			str_add_char(text, *at);
		}
	}
	return at;
}

static const char *
trimmed(struct csv *csv, const char *text)
{
	size_t len;
	char *copy;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t')) {
		len--;
	}
	copy = arena_strndup(csv->arena, text, len);
	csv->err = copy ? csv->err : ERR_NOMEM;
	return copy ? copy : "";
}

static int
column_of(const char *line, const char *at)
{
	int column = 1;

	for (const char *c = line; c < at; c++) {
		column += ((unsigned char)*c & 0xc0) != 0x80; /* not inside a character */
	}
	return column;
}

/* Cuts the line into cells; more than there are columns are one too many and no further. */
static void
read_cells(struct csv *csv, const char *line, const char *end)
{
	const char *at = line;
	bool more = true;

	csv->n_cells = 0;
	csv->torn = false;
	while (more && !csv->torn && csv->n_cells <= COLUMNS) {
		struct csv_cell *cell = &csv->cells[csv->n_cells];
		struct str text = STR_INIT;

		cell->column = column_of(line, at);
		at = read_cell(csv, at, end, &text);
		cell->text = trimmed(csv, str_text(&text));
		csv->err = text.failed ? ERR_NOMEM : csv->err;
		if (!csv->torn && text.len > CELL_MOST) {
			tear(csv, cell->column,
				_("This cell is too long; expected at most 200 bytes."));
		}
		str_release(&text);
		csv->n_cells++;
		more = at < end;
		at += more;
	}
}

/* --- lines ------------------------------------------------------------------------- */

/* The next line that says something; false: there is none. */
static bool
next_line(struct csv *csv, const char **ret_line, const char **ret_end)
{
	while (*csv->at) {
		const char *line = csv->at;
		size_t len = strcspn(line, "\n");

		csv->at += len + (line[len] == '\n');
		csv->line++;
		while (len && (line[len - 1] == '\r' || line[len - 1] == ' ')) {
			len--;
		}
		/* A spreadsheet leaves empty rows as commas. */
		if (strspn(line, ", ") >= len || *line == '#') {
			continue;
		}
		*ret_line = line;
		*ret_end = line + len;
		return true;
	}
	return false;
}

static void
read_head(struct csv *csv)
{
	const char *line;
	const char *end;
	size_t found = 0;

	csv->line = 0;
	if (next_line(csv, &line, &end)) {
		read_cells(csv, line, end);
	}
	for (size_t c = 0; c < COLUMNS; c++) {
		for (size_t i = 0; i < csv->n_cells && i < COLUMNS; i++) {
			if (strcmp(csv->cells[i].text, columns[c]) == 0) {
				csv->cells_of[c] = i;
				found++;
				break;
			}
		}
	}
	if (!csv->torn && (found != COLUMNS || csv->n_cells != COLUMNS)) {
		tear(csv, 1,
			_("The first line does not name the columns; expected "
			  "department,when,from,to,person."));
	}
}

static void
read_row(struct csv *csv, const char *line, const char *end)
{
	const char *places[COLUMNS];
	const char *texts[COLUMNS];

	read_cells(csv, line, end);
	if (csv->torn || csv->err) {
		return;
	}
	if (csv->n_cells != COLUMNS) {
		fault(csv, csv->n_cells > COLUMNS ? csv->cells[COLUMNS].column : 1,
			_("The row has not as many cells as the first line; expected five."));
		return;
	}
	for (size_t c = 0; c < COLUMNS; c++) {
		texts[c] = csv->cells[csv->cells_of[c]].text;
		places[c] = place(csv, csv->cells[csv->cells_of[c]].column);
	}
	if (!csv->err) {
		csv->err = roster_draft_add(csv->draft,
			&(struct roster_row){ texts[0], texts[1], texts[2], texts[3], texts[4] },
			places);
	}
}

enum err
roster_draft_csv(struct roster_draft *draft, const char *name, const char *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct csv csv = { .draft = draft,
		.arena = draft->diagnostics->arena,
		.name = name,
		.at = strncmp(text, mark, 3) == 0 ? text + 3 : text,
		.before = draft->diagnostics->n };
	const char *line;
	const char *end;
	int rows = 0;

	read_head(&csv);
	while (!csv.torn && !is_over(&csv) && next_line(&csv, &line, &end)) {
		if (++rows > LINES_MOST) {
			fault(&csv, 1, _("There are too many rows; expected at most 5,000."));
			break;
		}
		read_row(&csv, line, end);
		csv.torn = false; /* a row that is torn keeps the next ones from nothing */
	}
	return csv.err;
}

/* --- writing ----------------------------------------------------------------------- */

static const char *
person_word(const char *person)
{
	return *person ? person : ROSTER_NOBODY;
}

static void
write_week(struct str *out, const struct roster *roster)
{
	for (size_t i = 0; i < roster->n_week; i++) {
		const struct week_span *span = &roster->week[i];
		char from[WEEK_TEXT_SIZE];
		char to[WEEK_TEXT_SIZE];

		week_write(span->from_min, from);
		week_write(span->to_min, to);
		str_addf(out, "%s,%.3s,%s,%s,%s\n", roster->department, from, from + 4,
			span->to_min % DAY_MIN == 0 ? "24:00" : to + 4, person_word(span->person));
	}
}

/* Whole days in one row, else at most a day in a row. */
static void
write_span(struct str *out, const struct org *org, const struct roster_exception *x)
{
	const stamp day_ms = DAY_MIN * MINUTE_MS;
	char from[STAMP_SIZE];
	char until[STAMP_SIZE];
	char last[STAMP_SIZE];
	bool whole;

	stamp_format_short(x->from, org->offset_min, from);
	stamp_format_short(x->until, org->offset_min, until);
	stamp_format_short(x->until - 1, org->offset_min, last);
	whole = strcmp(from + 11, "00:00") == 0 && strcmp(until + 11, "00:00") == 0;
	str_addf(out, "%s,%.10s", x->department, from);
	if (whole && x->until - x->from > day_ms) {
		str_addf(out, "..%.10s", last);
	}
	str_addf(out, ",%s,%s,%s\n", from + 11,
		strcmp(until + 11, "00:00") == 0 ? "24:00" : until + 11, person_word(x->person));
}

static stamp
next_midnight(stamp at, int offset_min)
{
	const stamp day_ms = DAY_MIN * MINUTE_MS;
	stamp since = (at + offset_min * MINUTE_MS) % day_ms;

	return at - (since < 0 ? since + day_ms : since) + day_ms;
}

static void
write_exception(struct str *out, const struct org *org, const struct roster_exception *x)
{
	const stamp day_ms = DAY_MIN * MINUTE_MS;
	struct roster_exception rest = *x;
	stamp midnight = next_midnight(rest.from, org->offset_min);

	/* What does not begin at midnight has its first day to itself. */
	if (rest.until - rest.from > day_ms && midnight - rest.from < day_ms) {
		rest.until = midnight;
		write_span(out, org, &rest);
		rest.from = midnight;
		rest.until = x->until;
	}
	midnight = next_midnight(rest.until, org->offset_min) - day_ms;
	if (rest.until - rest.from > day_ms && midnight < rest.until) {
		rest.until = midnight;
		write_span(out, org, &rest);
		rest.from = midnight;
		rest.until = x->until;
	}
	write_span(out, org, &rest);
}

/* From when on, at or after the moment, a later entry says something else; STAMP_NONE: never. */
static stamp
overruled_at(const struct duty *duty, const struct roster_exception *x, stamp at, stamp *ret_until)
{
	stamp first = STAMP_NONE;

	for (size_t i = 0; i < duty->n_exceptions; i++) {
		const struct roster_exception *y = &duty->exceptions[i];
		stamp from = y->from > at ? y->from : at;

		if (y->seq > x->seq && y->until > at && y->until > y->from &&
			strcmp(y->department, x->department) == 0 &&
			(first == STAMP_NONE || from < first)) {
			first = from;
			*ret_until = y->until;
		}
	}
	return first;
}

/* What is left of an exception beside those entered after it. */
static void
write_rest(struct str *out, const struct duty_query *query, const struct roster_exception *x)
{
	struct roster_exception piece = *x;

	while (piece.from < x->until) {
		stamp until = x->until;
		stamp over = overruled_at(query->duty, x, piece.from, &until);

		piece.until = over != STAMP_NONE && over < x->until ? over : x->until;
		if (piece.until > piece.from && piece.until > query->at) {
			write_exception(out, query->org, &piece);
		}
		piece.from = piece.until < x->until ? until : x->until;
	}
}

void
roster_csv_write(struct str *out, const struct duty_query *query, const char *department)
{
	const struct roster *roster = duty_roster_at(query->duty, department, query->at);
	int64_t seq = roster ? roster->seq : 0;

	if (roster) {
		write_week(out, roster);
	}
	for (size_t i = 0; i < query->duty->n_exceptions; i++) {
		const struct roster_exception *x = &query->duty->exceptions[i];

		if (x->seq >= seq && strcmp(x->department, department) == 0) {
			write_rest(out, query, x);
		}
	}
}
