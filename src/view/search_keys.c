/* SPDX-License-Identifier: Apache-2.0 */
/* Order-preserving bytes for numbers, hashes, dates and places: the parts of keys. */
#include <math.h>

#include "base/hash.h"

#include "fhir/value.h"
#include "view/search_rows.h"

size_t search_put_number(uint8_t *out, uint64_t v)
{
    unsigned bytes;

    if (v <= 240) {
        out[0] = (uint8_t)v;
        return 1;
    }
    if (v <= 2287) {
        out[0] = (uint8_t)(241 + (v - 240) / 256);
        out[1] = (uint8_t)((v - 240) % 256);
        return 2;
    }
    if (v <= 67823) {
        out[0] = 249;
        search_put_be(out + 1, v - 2288, 2);
        return 3;
    }
    for (bytes = 3; bytes < 8 && v >> (8 * bytes); bytes++)
        ;
    out[0] = (uint8_t)(247 + bytes);
    search_put_be(out + 1, v, bytes);
    return bytes + 1;
}

size_t search_get_number(const uint8_t *in, size_t len, uint64_t *ret)
{
    unsigned bytes;

    if (len < 1)
        return 0;
    if (in[0] <= 240) {
        *ret = in[0];
        return 1;
    }
    bytes = in[0] <= 248 ? 1 : in[0] == 249 ? 2 : in[0] - 247u;
    if (len < bytes + 1)
        return 0;
    *ret = search_get_be(in + 1, bytes);
    if (in[0] <= 248)
        *ret += 240 + 256ull * (in[0] - 241u);
    else if (in[0] == 249)
        *ret += 2288;
    return bytes + 1;
}

void search_put_be(uint8_t *out, uint64_t v, unsigned bytes)
{
    unsigned i;

    for (i = 0; i < bytes; i++)
        out[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
}

uint64_t search_get_be(const uint8_t *in, unsigned bytes)
{
    uint64_t v = 0;
    unsigned i;

    for (i = 0; i < bytes; i++)
        v = v << 8 | in[i];
    return v;
}

void search_double_key(uint8_t out[8], double v)
{
    uint64_t bits;

    if (v == 0)
        v = 0; /* -0 is 0 */
    memcpy(&bits, &v, sizeof(bits));
    bits ^= bits >> 63 ? UINT64_MAX : 1ull << 63;
    search_put_be(out, bits, 8);
}

double search_key_double(const uint8_t in[8])
{
    uint64_t bits = search_get_be(in, 8);
    double v;

    bits ^= bits >> 63 ? 1ull << 63 : UINT64_MAX;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

/* The first three bytes, then 0 if that was all, else 1 and the other five: numbers as
 * people write them (72, 36.5) take four. A negative number's low bytes are all ones
 * where its mantissa is zero, so it takes nine: rare enough. */
size_t search_put_double(uint8_t *out, double v)
{
    uint8_t key[8];

    search_double_key(key, v);
    memcpy(out, key, 3);
    if (!(key[3] | key[4] | key[5] | key[6] | key[7])) {
        out[3] = 0;
        return 4;
    }
    out[3] = 1;
    memcpy(out + 4, key + 3, 5);
    return 9;
}

size_t search_get_double(const uint8_t *in, size_t len, double *ret)
{
    uint8_t key[8] = {0};

    if (len < 4 || (in[3] != 0 && len < 9))
        return 0;
    memcpy(key, in, 3);
    if (in[3] != 0)
        memcpy(key + 3, in + 4, 5);
    *ret = search_key_double(key);
    return in[3] != 0 ? 9 : 4;
}

static uint64_t never_zero(uint64_t hash, unsigned bits)
{
    hash >>= 64 - bits;
    return hash ? hash : 1;
}

/* Over a running window of folded bytes, so that codes of any length need no memory. */
uint64_t search_code_hash(struct str code)
{
    char part[128];
    uint64_t hash = 1;
    size_t at, i;

    for (at = 0; at == 0 || at < code.len; at += sizeof(part)) {
        size_t len = code.len - at < sizeof(part) ? code.len - at : sizeof(part);
        for (i = 0; i < len; i++) {
            char c = code.p[at + i];
            part[i] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
        }
        hash = hash64(part, len, hash);
    }
    return never_zero(hash, 48);
}

uint64_t search_system_hash(struct str system)
{
    return never_zero(hash64(system.p, system.len, 2), 24);
}

uint64_t search_uri_hash(struct str uri)
{
    return never_zero(hash64(uri.p, uri.len, 3), 48);
}

uint64_t search_unit_hash(struct str code)
{
    return never_zero(hash64(code.p, code.len, 4), 24);
}

size_t search_token_key(uint8_t *out, uint16_t slot, struct str system, struct str code)
{
    search_put_be(out, slot, 2);
    search_put_be(out + 2, code.p ? search_code_hash(code) : 0, SEARCH_TOKEN_HASH);
    search_put_be(
        out + 8, system.len ? search_system_hash(system) : 0, SEARCH_SYSTEM_HASH);
    return 11;
}

size_t search_uri_key(uint8_t *out, uint16_t slot, struct str uri)
{
    search_put_be(out, slot, 2);
    search_put_be(out + 2, search_uri_hash(uri), 6);
    return 8;
}

size_t search_rid_part(uint8_t *out, store_rid target)
{
    size_t len = search_put_number(out, store_rid_type(target));

    return len + search_put_number(
                     out + len, (uint64_t)target & ((1ull << STORE_RID_BITS) - 1));
}

size_t search_edge_key(uint8_t *out, uint16_t slot, store_rid target)
{
    search_put_be(out, slot, 2);
    return 2 + search_rid_part(out + 2, target);
}

size_t search_record_key(uint8_t *out, store_rid rid)
{
    return search_rid_part(out, rid);
}

/* ---- dates ---- */

#define MS_SECOND 1000LL
#define MS_DAY 86400000LL
#define YEAR_ONE (-62135596800000LL)  /* 0001-01-01 */
#define YEAR_LAST (253402300800000LL) /* 10000-01-01 */

void search_date_clamp(utc_ms *lo, utc_ms *hi)
{
    if (*lo < YEAR_ONE)
        *lo = UTC_MS_MIN;
    if (*hi > YEAR_LAST)
        *hi = UTC_MS_MAX;
    if (*lo != UTC_MS_MIN && *lo >= YEAR_LAST)
        *lo = YEAR_LAST - 1;
    if (*hi != UTC_MS_MAX && *hi <= YEAR_ONE)
        *hi = YEAR_ONE + 1;
}

int64_t search_class_length(unsigned date_class)
{
    switch (date_class) {
    case DATE_YEAR:
    case DATE_SPAN_YEAR:
        return 366 * MS_DAY;
    case DATE_MONTH:
        return 31 * MS_DAY;
    case DATE_DAY:
    case DATE_SPAN_DAY:
    case DATE_FINE_DAY:
        return MS_DAY;
    case DATE_SECOND:
        return MS_SECOND;
    case DATE_MILLI:
        return 1;
    case DATE_SPAN_MONTH:
        return 32 * MS_DAY;
    default:
        return INT64_MAX;
    }
}

/* The calendar class of [lo, hi), if it is a whole year, month or day; else 0. */
static unsigned calendar_class(utc_ms lo, utc_ms hi, int64_t *ret_start)
{
    int64_t days = (lo - YEAR_ONE) / MS_DAY + time_days(1, 1, 1);
    int64_t year;
    unsigned month, day;

    if ((lo - YEAR_ONE) % MS_DAY)
        return 0;
    if (hi - lo == MS_DAY) {
        *ret_start = (lo - YEAR_ONE) / MS_DAY;
        return DATE_DAY;
    }
    if (hi - lo < 28 * MS_DAY || hi - lo > 366 * MS_DAY)
        return 0;
    time_date(days, &year, &month, &day);
    if (day != 1)
        return 0;
    if (hi - lo == (int64_t)time_month_days(year, month) * MS_DAY) {
        *ret_start = year * 12 + (int64_t)month - 1;
        return DATE_MONTH;
    }
    if (month != 1 || hi - lo != (time_days(year + 1, 1, 1) - days) * MS_DAY)
        return 0;
    *ret_start = year;
    return DATE_YEAR;
}

static const uint8_t start_bytes[DATE_CLASSES] = {
    [DATE_YEAR] = 2,
    [DATE_MONTH] = 3,
    [DATE_DAY] = 3,
    [DATE_SECOND] = 5,
    [DATE_MILLI] = 7,
    [DATE_SPAN_DAY] = 5,
    [DATE_SPAN_MONTH] = 5,
    [DATE_SPAN_YEAR] = 5,
    [DATE_SPAN_LONG] = 5,
    [DATE_FINE_DAY] = 7,
    [DATE_FINE_LONG] = 7,
    [DATE_FROM] = 7,
    [DATE_UNTIL] = 7,
    [DATE_ALWAYS] = 0,
};

static size_t put_start(uint8_t *out, unsigned date_class, int64_t start)
{
    out[0] = (uint8_t)date_class;
    search_put_be(out + 1, (uint64_t)start, start_bytes[date_class]);
    return 1u + start_bytes[date_class];
}

static size_t put_span(uint8_t *out, utc_ms lo, utc_ms hi)
{
    int64_t length = hi - lo;
    bool fine = (lo - YEAR_ONE) % MS_SECOND || length % MS_SECOND;
    int64_t unit = fine ? 1 : MS_SECOND;
    unsigned date_class;
    size_t len;

    if (fine)
        date_class = length <= MS_DAY ? DATE_FINE_DAY : DATE_FINE_LONG;
    else if (length <= 32 * MS_DAY)
        date_class = length <= MS_DAY ? DATE_SPAN_DAY : DATE_SPAN_MONTH;
    else
        date_class = length <= 366 * MS_DAY ? DATE_SPAN_YEAR : DATE_SPAN_LONG;
    len = put_start(out, date_class, (lo - YEAR_ONE) / unit);
    return len + search_put_number(out + len, (uint64_t)(length / unit));
}

size_t search_put_date(uint8_t *out, utc_ms lo, utc_ms hi)
{
    int64_t start = 0;
    unsigned date_class;

    search_date_clamp(&lo, &hi);
    if (lo == UTC_MS_MIN && hi == UTC_MS_MAX)
        return put_start(out, DATE_ALWAYS, 0);
    if (hi == UTC_MS_MAX)
        return put_start(out, DATE_FROM, lo - YEAR_ONE);
    if (lo == UTC_MS_MIN)
        return put_start(out, DATE_UNTIL, hi - YEAR_ONE);
    if (hi <= lo)
        hi = lo + 1;
    if (hi - lo == 1)
        return put_start(out, DATE_MILLI, lo - YEAR_ONE);
    if (hi - lo == MS_SECOND && (lo - YEAR_ONE) % MS_SECOND == 0)
        return put_start(out, DATE_SECOND, (lo - YEAR_ONE) / MS_SECOND);
    date_class = calendar_class(lo, hi, &start);
    if (date_class)
        return put_start(out, date_class, start);
    return put_span(out, lo, hi);
}

/* Start and end of a calendar class from its number. */
static void calendar_range(unsigned date_class, int64_t v, utc_ms *lo, utc_ms *hi)
{
    int64_t first = time_days(1, 1, 1);

    if (date_class == DATE_YEAR) {
        *lo = YEAR_ONE + (time_days(v, 1, 1) - first) * MS_DAY;
        *hi = YEAR_ONE + (time_days(v + 1, 1, 1) - first) * MS_DAY;
    } else if (date_class == DATE_MONTH) {
        unsigned month = (unsigned)(v % 12) + 1;
        *lo = YEAR_ONE + (time_days(v / 12, month, 1) - first) * MS_DAY;
        *hi = *lo + (int64_t)time_month_days(v / 12, month) * MS_DAY;
    } else {
        *lo = YEAR_ONE + v * MS_DAY;
        *hi = *lo + MS_DAY;
    }
}

size_t search_get_date(const uint8_t *in, size_t len, utc_ms *ret_lo, utc_ms *ret_hi)
{
    unsigned date_class = len ? in[0] : 0;
    uint64_t length = 0;
    size_t used;
    int64_t v;

    if (date_class == 0 || date_class >= DATE_CLASSES ||
        len < 1u + start_bytes[date_class])
        return 0;
    used = 1u + start_bytes[date_class];
    v = (int64_t)search_get_be(in + 1, start_bytes[date_class]);
    *ret_lo = UTC_MS_MIN;
    *ret_hi = UTC_MS_MAX;
    if (date_class <= DATE_DAY) {
        calendar_range(date_class, v, ret_lo, ret_hi);
    } else if (date_class <= DATE_MILLI) {
        int64_t unit = date_class == DATE_SECOND ? MS_SECOND : 1;
        *ret_lo = YEAR_ONE + v * unit;
        *ret_hi = *ret_lo + unit;
    } else if (date_class <= DATE_FINE_LONG) {
        int64_t unit = date_class <= DATE_SPAN_LONG ? MS_SECOND : 1;
        size_t more = search_get_number(in + used, len - used, &length);
        if (more == 0)
            return 0;
        used += more;
        *ret_lo = YEAR_ONE + v * unit;
        *ret_hi = *ret_lo + (int64_t)length * unit;
    } else if (date_class == DATE_FROM) {
        *ret_lo = YEAR_ONE + v;
    } else if (date_class == DATE_UNTIL) {
        *ret_hi = YEAR_ONE + v;
    }
    return used;
}

size_t search_date_start(uint8_t *out, unsigned date_class, utc_ms lo)
{
    int64_t since, year;
    unsigned month, day;

    if (lo < YEAR_ONE)
        lo = YEAR_ONE;
    if (lo > YEAR_LAST)
        lo = YEAR_LAST;
    since = lo - YEAR_ONE;
    switch (date_class) {
    case DATE_YEAR:
    case DATE_MONTH:
        time_date(since / MS_DAY + time_days(1, 1, 1), &year, &month, &day);
        if (date_class == DATE_YEAR)
            return put_start(out, date_class, year);
        return put_start(out, date_class, year * 12 + (int64_t)month - 1);
    case DATE_DAY:
        return put_start(out, date_class, since / MS_DAY);
    case DATE_SECOND:
    case DATE_SPAN_DAY:
    case DATE_SPAN_MONTH:
    case DATE_SPAN_YEAR:
    case DATE_SPAN_LONG:
        return put_start(out, date_class, since / MS_SECOND);
    default:
        return put_start(out, date_class, since);
    }
}

/* ---- text and places ---- */

void search_fold(struct buf *b, struct str text)
{
    size_t i = b->len;

    fhir_fold(b, text);
    for (; !b->error && i < b->len; i++)
        if ((unsigned char)b->data[i] < 0x20)
            b->data[i] = ' ';
}

static uint64_t spread(uint64_t v)
{
    v = (v | v << 16) & 0x0000ffff0000ffffull;
    v = (v | v << 8) & 0x00ff00ff00ff00ffull;
    v = (v | v << 4) & 0x0f0f0f0f0f0f0f0full;
    v = (v | v << 2) & 0x3333333333333333ull;
    return (v | v << 1) & 0x5555555555555555ull;
}

uint64_t search_cell(double latitude, double longitude)
{
    double y = (fmin(fmax(latitude, -90), 90) + 90) / 180;
    double x = (fmin(fmax(longitude, -180), 180) + 180) / 360;

    return spread((uint64_t)(y * 4294967295.0)) << 1 |
           spread((uint64_t)(x * 4294967295.0));
}
