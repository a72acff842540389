/* SPDX-License-Identifier: Apache-2.0 */
/* Marks in the demonstration's records become times and pictures. Pure. */
#include "app/demo_internal.h"

#define LIMIT_DEMO_MINUTES ((int64_t)1500 * 24 * 60) /* nothing in it is older */
#define MINUTE ((utc_ms)60 * 1000)
#define DAY (MINUTE * 60 * 24)

struct date {
    int64_t year;
    unsigned month;
    unsigned day;
};

static struct date date_of(utc_ms at)
{
    struct date d = {0};

    time_date(at / DAY, &d.year, &d.month, &d.day);
    return d;
}

/* Cut a number off ${*rest}, up to the next '-'. */
static bool cut_number(struct str *rest, int64_t max, int64_t *ret)
{
    return text_int(str_cut(rest, '-'), 0, max, ret);
}

/* The birthday "MM-DD" before ${now} that makes somebody ${years} old. */
static bool put_birthday(struct buf *b, int64_t years, struct str birthday, utc_ms now)
{
    struct date today = date_of(now);
    int64_t month = 0;
    int64_t day = 0;
    bool ahead = false;

    if (!cut_number(&birthday, 12, &month) || !cut_number(&birthday, 31, &day))
        return false;
    ahead = month > today.month || (month == today.month && day > today.day);
    buf_addf(b, "%04lld-%02lld-%02lld",
        (long long)(today.year - years - (ahead ? 1 : 0)), (long long)month,
        (long long)day);
    return true;
}

static void put_day(struct buf *b, utc_ms at)
{
    struct date d = date_of(at);

    buf_addf(b, "%04lld-%02u-%02u", (long long)d.year, d.month, d.day);
}

/* Base64 as the records hold it: the alphabet of RFC 4648, with its padding. */
static bool put_picture(struct buf *b, struct str name)
{
    size_t begin = b->len;

    for (size_t i = 0; i < demo_picture_count; i++) {
        if (!str_is(name, demo_pictures[i].name))
            continue;
        base64url_encode(b, demo_pictures[i].bytes, demo_pictures[i].len);
        for (size_t at = begin; at < b->len; at++) {
            if (b->data[at] == '-')
                b->data[at] = '+';
            else if (b->data[at] == '_')
                b->data[at] = '/';
        }
        for (size_t pad = b->len - begin; pad % 4 != 0; pad++)
            buf_addc(b, '=');
        return true;
    }
    return false;
}

/* ${mark} is what stands between "@" and the quote. */
static bool put_mark(struct buf *b, struct str mark, utc_ms now)
{
    struct str unit = str_cut(&mark, '-');
    struct str behind = mark;
    int64_t count = 0;

    if (str_is(unit, "picture"))
        return put_picture(b, behind);
    if (!cut_number(&behind, LIMIT_DEMO_MINUTES, &count))
        return false;
    if (str_is(unit, "minutes") || str_is(unit, "in")) {
        char iso[TIME_ISO_MAX];
        utc_ms span = str_is(unit, "in") ? -count * MINUTE : count * MINUTE;

        buf_add(b, iso, time_iso(now - span, iso));
        return !behind.p;
    }
    if (str_is(unit, "days") || str_is(unit, "ahead")) {
        put_day(b, str_is(unit, "days") ? now - count * DAY : now + count * DAY);
        return !behind.p;
    }
    if (!str_is(unit, "years"))
        return false;
    if (behind.p)
        return put_birthday(b, count, behind, now);
    buf_addf(b, "%04lld", (long long)(date_of(now).year - count));
    return true;
}

int demo_put_marks(struct buf *b, struct str text, utc_ms now, struct err *err)
{
    while (text.len > 0) {
        const char *found = memmem(text.p, text.len, "\"@", 2);
        size_t before = found ? (size_t)(found - text.p) + 1 : text.len;
        struct str mark = {0};

        buf_add(b, text.p, before);
        text = (struct str){text.p + before, text.len - before};
        if (!found)
            break;
        text = (struct str){text.p + 1, text.len - 1};
        mark = str_cut(&text, '"');
        if (!text.p || !put_mark(b, mark, now))
            return err_set(err, E_BUG, NULL, "\"@%.*s\" is no mark.",
                (int)(mark.len > 40 ? 40 : mark.len), mark.p);
        buf_addc(b, '"');
    }
    return 0;
}
