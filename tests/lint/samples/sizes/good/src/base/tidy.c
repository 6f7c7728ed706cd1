/* SPDX-License-Identifier: MIT */
/* Sample: everything at its limit, nothing over it. */
struct row {
	int key;
	const char *name;
};

static const struct row rows[] = {
	{ 1, "row { ( 1" },
	{ 2, "row { ( 2" },
	{ 3, "row { ( 3" },
	{ 4, "row { ( 4" },
	{ 5, "row { ( 5" },
	{ 6, "row { ( 6" },
	{ 7, "row { ( 7" },
	{ 8, "row { ( 8" },
	{ 9, "row { ( 9" },
	{ 10, "row { ( 10" },
	{ 11, "row { ( 11" },
	{ 12, "row { ( 12" },
	{ 13, "row { ( 13" },
	{ 14, "row { ( 14" },
	{ 15, "row { ( 15" },
	{ 16, "row { ( 16" },
	{ 17, "row { ( 17" },
	{ 18, "row { ( 18" },
	{ 19, "row { ( 19" },
	{ 20, "row { ( 20" },
	{ 21, "row { ( 21" },
	{ 22, "row { ( 22" },
	{ 23, "row { ( 23" },
	{ 24, "row { ( 24" },
	{ 25, "row { ( 25" },
	{ 26, "row { ( 26" },
	{ 27, "row { ( 27" },
	{ 28, "row { ( 28" },
	{ 29, "row { ( 29" },
	{ 30, "row { ( 30" },
	{ 31, "row { ( 31" },
	{ 32, "row { ( 32" },
	{ 33, "row { ( 33" },
	{ 34, "row { ( 34" },
	{ 35, "row { ( 35" },
	{ 36, "row { ( 36" },
	{ 37, "row { ( 37" },
	{ 38, "row { ( 38" },
	{ 39, "row { ( 39" },
	{ 40, "row { ( 40" },
	{ 41, "row { ( 41" },
	{ 42, "row { ( 42" },
	{ 43, "row { ( 43" },
	{ 44, "row { ( 44" },
	{ 45, "row { ( 45" },
	{ 46, "row { ( 46" },
	{ 47, "row { ( 47" },
	{ 48, "row { ( 48" },
	{ 49, "row { ( 49" },
	{ 50, "row { ( 50" },
	{ 51, "row { ( 51" },
	{ 52, "row { ( 52" },
	{ 53, "row { ( 53" },
	{ 54, "row { ( 54" },
	{ 55, "row { ( 55" },
	{ 56, "row { ( 56" },
	{ 57, "row { ( 57" },
	{ 58, "row { ( 58" },
	{ 59, "row { ( 59" },
	{ 60, "row { ( 60" },
	{ 61, "row { ( 61" },
	{ 62, "row { ( 62" },
	{ 63, "row { ( 63" },
	{ 64, "row { ( 64" },
	{ 65, "row { ( 65" },
	{ 66, "row { ( 66" },
	{ 67, "row { ( 67" },
	{ 68, "row { ( 68" },
	{ 69, "row { ( 69" },
	{ 70, "row { ( 70" },
};

static int
five(int a, const char *b, int (*c)(int, int), int d[2], struct row e)
{
	return a + (b != 0) + c(1, 2) + d[0] + e.key;
}

static void
log_five(int a, int b, int c, int d, const char *fmt, ...)
{
	(void)a, (void)b, (void)c, (void)d, (void)fmt;
}

/* An initialiser and a compound literal are no nesting; a switch counts once. */
static int
three_deep(int n)
{
	static const struct {
		int key;
		const char *name;
	} named[] = {
		{ 0, "a" },
		{ 1, "a" },
		{ 2, "a" },
		{ 3, "a" },
		{ 4, "a" },
		{ 5, "a" },
		{ 6, "a" },
		{ 7, "a" },
		{ 8, "a" },
		{ 9, "a" },
		{ 10, "a" },
		{ 11, "a" },
		{ 12, "a" },
		{ 13, "a" },
		{ 14, "a" },
		{ 15, "a" },
		{ 16, "a" },
		{ 17, "a" },
		{ 18, "a" },
		{ 19, "a" },
		{ 20, "a" },
		{ 21, "a" },
		{ 22, "a" },
		{ 23, "a" },
		{ 24, "a" },
		{ 25, "a" },
		{ 26, "a" },
		{ 27, "a" },
		{ 28, "a" },
		{ 29, "a" },
		{ 30, "a" },
		{ 31, "a" },
		{ 32, "a" },
		{ 33, "a" },
		{ 34, "a" },
		{ 35, "a" },
		{ 36, "a" },
		{ 37, "a" },
		{ 38, "a" },
		{ 39, "a" },
		{ 40, "a" },
		{ 41, "a" },
		{ 42, "a" },
		{ 43, "a" },
		{ 44, "a" },
		{ 45, "a" },
		{ 46, "a" },
		{ 47, "a" },
		{ 48, "a" },
		{ 49, "a" },
	};
	static const int table[2][2] = {
		{ 1, 2 },
		{ 3, 4 },
	};
	struct row one = { .key = (int[]){ 1, 2 }[0] };

	for (int i = 0; i < n; i++) {
		if (i > 1) {
			switch (i) {
			case 2:
				one = (struct row){ .key = table[0][1] };
				break;
			default:
				break;
			}
		}
	}
	return one.key + named[0].key;
}

static void
sixty_lines(int *n)
{
	*n += 1;
	*n += 2;
	*n += 3;
	*n += 4;
	*n += 5;
	*n += 6;
	*n += 7;
	*n += 8;
	*n += 9;
	*n += 10;
	*n += 11;
	*n += 12;
	*n += 13;
	*n += 14;
	*n += 15;
	*n += 16;
	*n += 17;
	*n += 18;
	*n += 19;
	*n += 20;
	*n += 21;
	*n += 22;
	*n += 23;
	*n += 24;
	*n += 25;
	*n += 26;
	*n += 27;
	*n += 28;
	*n += 29;
	*n += 30;
	*n += 31;
	*n += 32;
	*n += 33;
	*n += 34;
	*n += 35;
	*n += 36;
	*n += 37;
	*n += 38;
	*n += 39;
	*n += 40;
	*n += 41;
	*n += 42;
	*n += 43;
	*n += 44;
	*n += 45;
	*n += 46;
	*n += 47;
	*n += 48;
	*n += 49;
	*n += 50;
	*n += 51;
	*n += 52;
	*n += 53;
	*n += 54;
	*n += 55;
	*n += 56;
	*n += 57;
}

int
tidy(void)
{
	int n = rows[0].key;
	sixty_lines(&n);
	log_five(1, 2, 3, 4, "}");
	return n + three_deep(3) + five(1, "", 0, &n, rows[1]);
}
