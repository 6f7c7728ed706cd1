/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 (FIPS 180-4) by the instructions that most processors of today have for it.
 *
 * libsodium's is portable C and takes most of the time of a verification, which hashes
 * each entry twice.  Where there are no such instructions the caller uses libsodium;
 * the tests hold both against each other.
 */
#include "sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 64
#define SHA_BIT (1U << 29)   /* of EBX, leaf 7 */
#define SSE41_BIT (1U << 19) /* of ECX, leaf 1 */

static const uint32_t round_constants[64] __attribute__((aligned(16))) = { 0x428a2f98, 0x71374491,
	0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
	0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354,
	0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
	0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

/* The eight words as the instructions want them: A, B, E, F and C, D, G, H. */
struct halves {
	__m128i abef;
	__m128i cdgh;
};

__attribute__((target("sha,sse4.1,ssse3"))) static void
add_block(struct halves *state, const unsigned char *block)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	struct halves s = *state;
	__m128i w[4];

	for (int i = 0; i < 4; i++) {
		w[i] = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
		w[i] = _mm_shuffle_epi8(w[i], swap);
	}
	for (int i = 0; i < 16; i++) { /* four rounds each */
		const void *constants = &round_constants[4 * i];
		__m128i next = w[i % 4];
		__m128i k = _mm_add_epi32(next, _mm_load_si128((const __m128i *)constants));

		s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, k);
		s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(k, 0x0e));
		next = _mm_sha256msg1_epu32(next, w[(i + 1) % 4]);
		next = _mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4));
		w[i % 4] = _mm_sha256msg2_epu32(next, w[(i + 3) % 4]);
	}
	state->abef = _mm_add_epi32(state->abef, s.abef);
	state->cdgh = _mm_add_epi32(state->cdgh, s.cdgh);
}

/* The last bytes with the mark of the end and the length in bits: one block or two. */
static size_t
pad(const unsigned char *rest, size_t n, uint64_t len, unsigned char tail[2 * BLOCK])
{
	size_t size = n + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
	uint64_t bits = len * 8;

	memset(tail, 0, 2 * BLOCK);
	if (n > 0) {
		memcpy(tail, rest, n);
	}
	tail[n] = 0x80;
	for (size_t i = 0; i < 8; i++, bits >>= 8) {
		tail[size - 1 - i] = (unsigned char)bits;
	}
	return size;
}

__attribute__((target("sha,sse4.1,ssse3"))) static void
hash(const unsigned char *data, size_t len, unsigned char out[32])
{
	struct halves state = {
		.abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
		.cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19),
	};
	unsigned char tail[2 * BLOCK];
	size_t whole = len / BLOCK * BLOCK;
	size_t size = pad(data + whole, len - whole, len, tail);
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	__m128i abcd;
	__m128i efgh;

	for (size_t at = 0; at < whole; at += BLOCK) {
		add_block(&state, data + at);
	}
	for (size_t at = 0; at < size; at += BLOCK) {
		add_block(&state, tail + at);
	}
	/* From F, E, B, A and H, G, D, C (the lowest first) to A, B, C, D and E, F, G, H. */
	abcd = _mm_shuffle_epi32(_mm_unpackhi_epi64(state.cdgh, state.abef), 0x1b);
	efgh = _mm_shuffle_epi32(_mm_unpacklo_epi64(state.cdgh, state.abef), 0x1b);
	_mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(abcd, swap));
	_mm_storeu_si128((__m128i *)(void *)(out + 16), _mm_shuffle_epi8(efgh, swap));
}

typedef bool sha256_way(const void *data, size_t len, unsigned char out[32]);

static bool
with_instructions(const void *data, size_t len, unsigned char out[32])
{
	static const unsigned char nothing[1];

	hash(data ? data : nothing, len, out);
	return true;
}

static bool
without(const void *data, size_t len, unsigned char out[32])
{
	(void)data;
	(void)len;
	(void)out;
	return false;
}

__attribute__((no_sanitize("address", "undefined"))) static bool
has_instructions(void)
{
	unsigned a = 0;
	unsigned b = 0;
	unsigned c = 0;
	unsigned d = 0;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & SSE41_BIT)) {
		return false;
	}
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & SHA_BIT;
}

/*
 * Asked once, by the loader, before anything else of the program (or of a sanitizer) runs: on a
 * virtual machine the question takes longer than a hash.
 */
__attribute__((used, no_sanitize("address", "undefined"))) static sha256_way *
choose(void)
{
	return has_instructions() ? with_instructions : without;
}

bool sha256_fast(const void *data, size_t len, unsigned char out[32])
	__attribute__((ifunc("choose")));

#else

bool
sha256_fast(const void *data, size_t len, unsigned char out[32])
{
	(void)data;
	(void)len;
	(void)out;
	return false;
}

#endif
