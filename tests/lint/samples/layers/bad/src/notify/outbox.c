/* SPDX-License-Identifier: MIT */
/* Sample: curl in a third file. */
#include <curl/curl.h>
