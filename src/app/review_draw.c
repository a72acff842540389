/* SPDX-License-Identifier: Apache-2.0 */
/* The draw of a review. Pure: the same key, week and hospital draw the same. */
#include "base/id.h"

#include "app/review_internal.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

#define DAY_MS ((utc_ms)24 * 60 * 60 * 1000)

const char *const review_marks[REVIEW_MARKS] = {"process", "value", "difficulty"};
const char *const review_words[REVIEW_MARKS] = {
    "process-word", "value-word", "difficulty-word"};
const char *const review_word_members[REVIEW_MARKS] = {
    "processWord", "valueWord", "difficultyWord"};

utc_ms review_monday(utc_ms at)
{
    /* 1 January 1970 was a Thursday */
    utc_ms since = (at + 3 * DAY_MS) % REVIEW_WEEK_MS;

    return at - (since < 0 ? since + REVIEW_WEEK_MS : since);
}

int review_seed(const uint8_t *key, utc_ms week, struct str hospital,
    struct review_seed *ret, struct err *err)
{
    uint8_t own[CRYPTO_VAULT_KEY_BYTES];
    char iso[TIME_ISO_MAX];
    struct buf b;
    int r = 0;

    time_iso(week, iso);
    crypto_vault_key(key, "case review", own);
    buf_init(&b, (size_t)LIMIT_ID_CHARS * 4);
    buf_addf(&b, "%.10s|%.*s", iso, (int)hospital.len, hospital.p);
    r = buf_error(&b, "The draw", err);
    if (r == 0)
        r = crypto_mac((struct str){(const char *)own, sizeof(own)},
            (struct str){b.data, b.len}, ret->bytes, err);
    buf_done(&b);
    return r;
}

int review_pick(const struct review_seed *seed, const char *what, size_t count,
    size_t *ret, struct err *err)
{
    const struct str key = {(const char *)seed->bytes, sizeof(seed->bytes)};
    const uint64_t most = UINT64_MAX - UINT64_MAX % count; /* a multiple of count */
    uint8_t mac[CRYPTO_MAC_BYTES];
    char text[64];
    int r = 0;

    for (unsigned again = 0;; again++) {
        uint64_t number = 0;
        int len = snprintf(text, sizeof(text), "%s|%u", what, again);

        r = crypto_mac(key, (struct str){text, (size_t)len}, mac, err);
        if (r < 0)
            return r;
        for (int i = 0; i < 8; i++)
            number = number << 8 | mac[i];
        if (number < most) {
            *ret = (size_t)(number % count);
            return 0;
        }
    }
}

/* A UUID of version 8 (RFC 9562: of whoever makes it) of a digest. */
static void make_id(const char *text, size_t len, char out[REVIEW_ID_CHARS + 1])
{
    uint8_t digest[CRYPTO_DIGEST_BYTES];

    crypto_digest_once(digest, text, len);
    digest[6] = (uint8_t)((digest[6] & 0x0fu) | 0x80u);
    digest[8] = (uint8_t)((digest[8] & 0x3fu) | 0x80u);
    id_uuid_unpack(digest, out);
}

void review_id(utc_ms week, struct str hospital, char out[REVIEW_ID_CHARS + 1])
{
    char text[LIMIT_ID_CHARS * 4];
    char iso[TIME_ISO_MAX];
    int len = 0;

    time_iso(week, iso);
    len = snprintf(text, sizeof(text), "case-review|%.10s|%.*s", iso, (int)hospital.len,
        hospital.p);
    make_id(text, (size_t)len, out);
}

void review_task_id(struct str review, unsigned n, char out[REVIEW_ID_CHARS + 1])
{
    char text[LIMIT_ID_CHARS * 4];
    int len = snprintf(
        text, sizeof(text), "review-task|%.*s|%u", (int)review.len, review.p, n);

    make_id(text, (size_t)len, out);
}
