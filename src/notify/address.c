/* SPDX-License-Identifier: MIT */
/*
 * The guard against server-side request forgery: a target's name may lead to
 * the machine itself, its neighbours or the metadata service of a cloud, in a
 * dozen spellings and differently on every look-up.  So nothing is decided by
 * name; the numeric address of each connection is looked at here.  The ranges
 * are those of the IANA special-purpose registries (RFC 6890 and successors).
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "toban/base/attr.h"

struct range4 {
	uint32_t net; /* host byte order */
	int bits;
};

struct range6 {
	uint8_t net[16];
	int bits;
};

static const struct range4 special4[] = {
	{ 0x00000000, 8 },  /* 0.0.0.0/8: "this network"; Linux connects 0 to loopback */
	{ 0x0a000000, 8 },  /* 10.0.0.0/8: private, RFC 1918 */
	{ 0x64400000, 10 }, /* 100.64.0.0/10: shared by carriers, RFC 6598 */
	{ 0x7f000000, 8 },  /* 127.0.0.0/8: loopback */
	{ 0xa9fe0000, 16 }, /* 169.254.0.0/16: link-local, cloud metadata */
	{ 0xac100000, 12 }, /* 172.16.0.0/12: private */
	{ 0xc0000000, 24 }, /* 192.0.0.0/24: protocol assignments */
	{ 0xc0000200, 24 }, /* 192.0.2.0/24: documentation */
	{ 0xc0586300, 24 }, /* 192.88.99.0/24: 6to4 relays, retired */
	{ 0xc0a80000, 16 }, /* 192.168.0.0/16: private */
	{ 0xc6120000, 15 }, /* 198.18.0.0/15: benchmarks */
	{ 0xc6336400, 24 }, /* 198.51.100.0/24: documentation */
	{ 0xcb007100, 24 }, /* 203.0.113.0/24: documentation */
	{ 0xe0000000, 4 },  /* 224.0.0.0/4: multicast */
	{ 0xf0000000, 4 },  /* 240.0.0.0/4: reserved, broadcast */
};

/* Only 2000::/3 is given out to the public; these parts of it are special. */
static const struct range6 global6 = { { 0x20 }, 3 };
static const struct range6 special6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },       /* 2001::/23: Teredo, ORCHID, benchmarks */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* 2001:db8::/32: documentation */
	{ { 0x20, 0x02 }, 16 },             /* 2002::/16: 6to4 wraps any IPv4 address */
	{ { 0x3f, 0xff, 0x00 }, 20 },       /* 3fff::/20: documentation */
};

/* IPv4 in the last four bytes: mapped, and the well-known NAT64 prefix (RFC 6052). */
static const struct range6 wrapping6[] = {
	{ { [10] = 0xff, [11] = 0xff }, 96 },
	{ { 0x00, 0x64, 0xff, 0x9b }, 96 },
};

static bool
in_range6(const uint8_t address[16], const struct range6 *range)
{
	int whole = range->bits / 8;
	int rest = range->bits % 8;

	if (memcmp(address, range->net, (size_t)whole) != 0) {
		return false;
	}
	return rest == 0 || ((address[whole] ^ range->net[whole]) >> (8 - rest)) == 0;
}

static bool
is_public4(uint32_t address)
{
	for (size_t i = 0; i < ARRAY_LEN(special4); i++) {
		if ((address ^ special4[i].net) >> (32 - special4[i].bits) == 0) {
			return false;
		}
	}
	return true;
}

static bool
is_public6(const uint8_t address[16])
{
	for (size_t i = 0; i < ARRAY_LEN(wrapping6); i++) {
		if (in_range6(address, &wrapping6[i])) {
			uint32_t inner;

			memcpy(&inner, address + 12, sizeof(inner));
			return is_public4(ntohl(inner));
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(special6); i++) {
		if (in_range6(address, &special6[i])) {
			return false;
		}
	}
	return in_range6(address, &global6);
}

bool
address_is_public(const struct sockaddr *address, socklen_t len)
{
	if (address->sa_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return is_public4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 in;

		memcpy(&in, address, sizeof(in));
		return is_public6(in.sin6_addr.s6_addr);
	}
	return false;
}

bool
address_text_is_public(const char *text)
{
	struct in_addr in;
	struct in6_addr in6;

	if (inet_pton(AF_INET, text, &in) == 1) {
		return is_public4(ntohl(in.s_addr));
	}
	return inet_pton(AF_INET6, text, &in6) == 1 && is_public6(in6.s6_addr);
}
