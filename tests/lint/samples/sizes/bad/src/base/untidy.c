/* SPDX-License-Identifier: MIT */
/* Sample: each limit passed by one. */
int
six(int a, int b, int c, int d, int e, int f)
{
	return a + b + c + d + e + f;
}

void
sixty_one_lines(int *n)
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
	*n += 58;
}

int
four_deep(int n)
{
	while (n > 0) {
		do {
			json_array_foreach(a, i, v) {
				if (n == 2) {
					n--;
				} else {
					n -= 2;
				}
			}
		} while (n > 9);
	}
	return n;
}

int a_line_of_one_hundred_and_one_columns_because_a_tab_counts_eight_and_japanese_two = 1; /* 日本 */

static int
only_static(void)
{
	return 0;
}
