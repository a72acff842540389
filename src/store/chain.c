/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash that names a version, and the clock that orders versions of many nodes. What
 * the hash covers, one after another, numbers with the high byte first:
 *
 *   size  meaning
 *     16  "belay version 1" and a zero byte
 *     16  origin: the name of the node that wrote it
 *      8  origin_seq
 *     32  hash of the version that node wrote before; zeros for its first
 *      8  hlc
 *      4  type number
 *    4+n  id, its length first
 *      1  operation
 *    4+n  actor, its length first
 *      4  how many parents, then
 *   32 each their hashes, in the order given
 *     32  hash of the body; zeros for a delete
 */
#include "store/internal.h"

static void put32(struct crypto_digest *d, uint32_t v)
{
    uint8_t bytes[4] = {
        (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

    crypto_digest_add(d, bytes, sizeof(bytes));
}

static void put64(struct crypto_digest *d, uint64_t v)
{
    uint8_t bytes[8];

    bytes_put64(bytes, v);
    crypto_digest_add(d, bytes, sizeof(bytes));
}

static void put_text(struct crypto_digest *d, struct str s)
{
    put32(d, (uint32_t)s.len);
    crypto_digest_add(d, s.p, s.len);
}

void chain_hash(const struct chain_header *h, uint8_t out[STORE_HASH_BYTES])
{
    static const char mark[16] = "belay version 1";
    uint8_t operation = (uint8_t)h->operation;
    struct crypto_digest d;

    crypto_digest_init(&d);
    crypto_digest_add(&d, mark, sizeof(mark));
    crypto_digest_add(&d, h->origin, 16);
    put64(&d, (uint64_t)h->origin_seq);
    crypto_digest_add(&d, h->previous, STORE_HASH_BYTES);
    put64(&d, h->hlc);
    put32(&d, h->type);
    put_text(&d, h->id);
    crypto_digest_add(&d, &operation, 1);
    put_text(&d, h->actor);
    put32(&d, h->parent_count);
    for (unsigned i = 0; i < h->parent_count; i++)
        crypto_digest_add(&d, h->parents[i], STORE_HASH_BYTES);
    crypto_digest_add(&d, h->body_hash, STORE_HASH_BYTES);
    crypto_digest_final(&d, out);
}

uint64_t chain_clock(uint64_t last, utc_ms now)
{
    uint64_t wall = (uint64_t)now << 16;

    return wall > last ? wall : last + 1;
}

void vid_write(const uint8_t hash[STORE_HASH_BYTES], char out[STORE_VID_CHARS + 1])
{
    hex_encode(hash, STORE_VID_CHARS / 2, out);
}
