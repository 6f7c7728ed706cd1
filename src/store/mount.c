/* SPDX-License-Identifier: MIT */
/*
 * On what kind of file system a path lies.  statfs() alone is not asked: on 9p
 * it reports what the other side is made of.  A type is refused when locks or
 * shared memory do not work between all who may open the file.
 */
#include "mount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"

/* Types of shared file systems; a name that ends in a dot means all below it. */
static const char *const network_types[] = { "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs",
	"fuse", "fuse.", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs",
	"prl_fs", "pvfs2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs" };

/* Fields of a mountinfo line, counted from 0, and the one after the separator. */
#define FIELD_MOUNT_POINT 4
#define SEPARATOR " - "

/* Appends a mount point with its octal escapes (\040 is a blank) undone. */
static void
mount_unescape(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 3 < len && text[i + 1] >= '0' && text[i + 1] <= '3') {
			int value = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
				(text[i + 3] - '0');

			str_add_char(out, (char)value);
			i += 3;
		} else {
			str_add_char(out, text[i]);
		}
	}
}

/* Whether `path` is the mount point or below it. */
static bool
mount_covers(const char *point, const char *path)
{
	size_t len = strlen(point);

	if (len == 1 && point[0] == '/') {
		return path[0] == '/';
	}
	return strncmp(point, path, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* The field at `index` of a line of `len` bytes; empty when there is none. */
static const char *
mount_field(const char *line, size_t len, int index, size_t *ret_len)
{
	const char *end = line + len;
	const char *field = line;

	for (int i = 0; i < index && field < end; i++) {
		const char *blank = memchr(field, ' ', (size_t)(end - field));

		field = blank == NULL ? end : blank + 1;
	}
	*ret_len = 0;
	while (field + *ret_len < end && field[*ret_len] != ' ') {
		(*ret_len)++;
	}
	return field;
}

enum err
mount_type(const char *mountinfo, const char *path, struct str *ret_type)
{
	struct str point = STR_INIT;
	size_t best = 0;
	const char *type = NULL;
	size_t type_len = 0;
	bool failed = false;

	for (const char *line = mountinfo; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		const char *separator = memmem(line, len, SEPARATOR, strlen(SEPARATOR));
		size_t field_len;
		const char *field = mount_field(line, len, FIELD_MOUNT_POINT, &field_len);

		str_clear(&point);
		mount_unescape(&point, field, field_len);
		failed = failed || point.failed;
		/* The longest point wins; of equal ones the last, which hides the others. */
		if (separator != NULL && point.len >= best &&
			mount_covers(str_text(&point), path) && point.len > 0) {
			const char *rest = separator + strlen(SEPARATOR);

			best = point.len;
			type = mount_field(rest, len - (size_t)(rest - line), 0, &type_len);
		}
		line += len + (line[len] == '\n' ? 1 : 0);
	}
	str_release(&point);
	if (failed) {
		return ERR_NOMEM;
	}
	if (type == NULL) {
		return ERR_NOT_FOUND;
	}
	str_add_n(ret_type, type, type_len);
	return ret_type->failed ? ERR_NOMEM : ERR_OK;
}

bool
mount_is_network(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(network_types); i++) {
		const char *known = network_types[i];
		size_t len = strlen(known);

		if (strcmp(type, known) == 0 ||
			(known[len - 1] == '.' && strncmp(type, known, len) == 0)) {
			return true;
		}
	}
	return false;
}

/* All of /proc/self/mountinfo; its size is not known before. */
static bool
mount_read(struct str *out)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char buffer[4096];
	size_t n;

	if (file == NULL) {
		return false;
	}
	while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		str_add_n(out, buffer, n);
	}
	(void)fclose(file); /* only read */
	return !out->failed && out->len > 0;
}

bool
mount_refuses(const char *path, struct str *ret_type)
{
	struct str info = STR_INIT;
	char *real = realpath(path, NULL);
	bool refused = real != NULL && mount_read(&info) &&
		mount_type(str_text(&info), real, ret_type) == ERR_OK &&
		mount_is_network(str_text(ret_type));

	free(real);
	str_release(&info);
	return refused;
}
