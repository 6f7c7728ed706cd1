/* SPDX-License-Identifier: MIT */
/* Sample: needs <stddef.h> and does not say so. */
#ifndef SAMPLE_ALONE_H
#define SAMPLE_ALONE_H

size_t alone(void);

#endif
