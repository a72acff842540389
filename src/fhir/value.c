/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates and numbers as ranges. Both are read for every indexed value, so neither goes
 * through libc's strptime, timegm or, for numbers of ordinary length, strtod.
 */
#include "fhir/value.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MS_SECOND ((utc_ms)1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)

/* ---- dates ---- */

/* What is left of the text; every taker moves it on. */
struct scan {
    const char *p;
    const char *end;
};

static bool take(struct scan *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool digits(struct scan *s, int count, unsigned *ret)
{
    unsigned v = 0;
    if (s->end - s->p < count)
        return false;
    for (int i = 0; i < count; i++) {
        unsigned d = (unsigned)(unsigned char)s->p[i] - '0';
        if (d > 9)
            return false;
        v = v * 10 + d;
    }
    s->p += count;
    *ret = v;
    return true;
}

/* What a time of day adds to the day's start, and how long it lasts. */
struct moment {
    utc_ms from;
    utc_ms length;
};

/* The digits behind "." down to the millisecond; finer ones only have to be digits. */
static bool take_fraction(struct scan *s, struct moment *m)
{
    const char *start = s->p;
    utc_ms unit = MS_SECOND;
    for (; s->p < s->end; s->p++) {
        unsigned d = (unsigned)(unsigned char)*s->p - '0';
        if (d > 9)
            break;
        if (unit > 1) {
            unit /= 10;
            m->from += unit * (utc_ms)d;
        }
    }
    m->length = unit;
    return s->p > start;
}

/* hh:mm, hh:mm:ss or hh:mm:ss.fff. Search values may leave the seconds out. */
static bool take_clock(struct scan *s, struct moment *m)
{
    unsigned hour, minute, second;
    if (!digits(s, 2, &hour) || !take(s, ':') || !digits(s, 2, &minute) || hour > 23 ||
        minute > 59)
        return false;
    m->from = hour * MS_HOUR + minute * MS_MINUTE;
    m->length = MS_MINUTE;
    if (!take(s, ':'))
        return true;
    if (!digits(s, 2, &second) || second > 60)
        return false;
    m->from += second * MS_SECOND;
    m->length = MS_SECOND;
    return !take(s, '.') || take_fraction(s, m);
}

/* Z, +hh:mm, -hh:mm (up to 14:00) or nothing; moves ${m} to UTC. */
static bool take_offset(struct scan *s, struct moment *m)
{
    unsigned hour, minute;
    utc_ms offset;
    bool east;
    if (s->p == s->end || take(s, 'Z'))
        return true;
    east = *s->p == '+';
    if (!take(s, '+') && !take(s, '-'))
        return false;
    if (!digits(s, 2, &hour) || !take(s, ':') || !digits(s, 2, &minute) || minute > 59)
        return false;
    if (hour > 14 || (hour == 14 && minute > 0))
        return false;
    offset = hour * MS_HOUR + minute * MS_MINUTE;
    m->from += east ? -offset : offset;
    return true;
}

static bool year_range(unsigned year, utc_ms *ret_lo, utc_ms *ret_hi)
{
    *ret_lo = time_days((int64_t)year, 1, 1) * MS_DAY;
    *ret_hi = time_days((int64_t)year + 1, 1, 1) * MS_DAY;
    return true;
}

bool fhir_date_range(struct str text, utc_ms *ret_lo, utc_ms *ret_hi)
{
    struct scan s;
    struct moment m = {0, MS_DAY};
    unsigned year, month, day;
    utc_ms start;
    if (text.len < 4)
        return false;
    s = (struct scan){text.p, text.p + text.len};
    if (!digits(&s, 4, &year) || year == 0)
        return false;
    if (s.p == s.end)
        return year_range(year, ret_lo, ret_hi);
    if (!take(&s, '-') || !digits(&s, 2, &month) || month < 1 || month > 12)
        return false;
    if (s.p == s.end) {
        start = time_days((int64_t)year, month, 1) * MS_DAY;
        *ret_lo = start;
        *ret_hi = start + (utc_ms)time_month_days((int64_t)year, month) * MS_DAY;
        return true;
    }
    if (!take(&s, '-') || !digits(&s, 2, &day) || day < 1)
        return false;
    if (day > 28 && day > time_month_days((int64_t)year, month))
        return false;
    if (s.p < s.end && (!take(&s, 'T') || !take_clock(&s, &m) || !take_offset(&s, &m)))
        return false;
    if (s.p != s.end)
        return false;
    start = time_days((int64_t)year, month, day) * MS_DAY + m.from;
    *ret_lo = start;
    *ret_hi = start + m.length;
    return true;
}

bool fhir_period_range(const struct json *period, utc_ms *ret_lo, utc_ms *ret_hi)
{
    struct str start = json_get_text(period, "start");
    struct str end = json_get_text(period, "end");
    utc_ms lo = UTC_MS_MIN;
    utc_ms hi = UTC_MS_MAX;
    utc_ms ignored = 0;

    if ((start.p && !fhir_date_range(start, &lo, &ignored)) ||
        (end.p && !fhir_date_range(end, &ignored, &hi)))
        return false;
    *ret_lo = lo;
    *ret_hi = hi;
    return true;
}

/* ---- numbers ---- */

#define MANTISSA_DIGITS 17 /* ten times such a mantissa fits in 64 bits */
#define EXPONENT_MAX 9999

/* The powers of ten a double holds exactly. */
static const double POWERS[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
    1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
#define POWER_MAX 22
#define EXACT_MAX ((uint64_t)1 << 53)

/* A decimal taken apart: mantissa * 10^exponent. */
struct decimal {
    bool negative;
    bool scientific;
    bool cut; /* more digits than the mantissa holds */
    uint64_t mantissa;
    int significant; /* digits in the mantissa, leading zeros not counted */
    int exponent;
};

static void add_digit(struct decimal *d, unsigned digit, bool fraction)
{
    if (d->significant == MANTISSA_DIGITS) {
        d->cut = true;
        if (!fraction)
            d->exponent++;
        return;
    }
    d->mantissa = d->mantissa * 10 + digit;
    if (d->mantissa > 0)
        d->significant++;
    if (fraction)
        d->exponent--;
}

/* At least one digit; their count, 0 if there is none. */
static size_t take_digits(struct scan *s, struct decimal *d, bool fraction)
{
    const char *start = s->p;
    for (; s->p < s->end; s->p++) {
        unsigned digit = (unsigned)(unsigned char)*s->p - '0';
        if (digit > 9)
            break;
        add_digit(d, digit, fraction);
    }
    return (size_t)(s->p - start);
}

static bool take_exponent(struct scan *s, struct decimal *d)
{
    bool negative = false;
    int exponent = 0;
    const char *start;
    if (!take(s, '+'))
        negative = take(s, '-');
    for (start = s->p; s->p < s->end; s->p++) {
        unsigned digit = (unsigned)(unsigned char)*s->p - '0';
        if (digit > 9)
            break;
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (int)digit;
    }
    d->scientific = true;
    d->exponent += negative ? -exponent : exponent;
    return s->p > start;
}

static bool take_decimal(struct str text, struct decimal *d)
{
    struct scan s = {text.p, text.p + text.len};
    bool zero;
    size_t whole;
    d->negative = take(&s, '-');
    zero = s.p < s.end && *s.p == '0';
    whole = take_digits(&s, d, false);
    if (whole == 0 || (zero && whole > 1))
        return false;
    if (take(&s, '.') && take_digits(&s, d, true) == 0)
        return false;
    if ((take(&s, 'e') || take(&s, 'E')) && !take_exponent(&s, d))
        return false;
    return s.p == s.end;
}

#if LDBL_MANT_DIG == 64
/*
 * mantissa * 10^exponent in the 64 bits of x86's long double, whose powers of ten are
 * exact up to 10^27: one rounding there, one to the double. The two are as good as one
 * unless the first lands next to the middle between two doubles; then false.
 */
static bool scale_wide(uint64_t mantissa, int exponent, double *ret)
{
    static const long double wide[] = {1e0L, 1e1L, 1e2L, 1e3L, 1e4L, 1e5L, 1e6L, 1e7L,
        1e8L, 1e9L, 1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L,
        1e19L, 1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    const uint64_t rest_of_double = 0x7ff; /* the 11 bits a double has not */
    const uint64_t middle = 0x400;
    long double q;
    uint64_t bits;
    if (exponent < -27 || exponent > 27)
        return false;
    q = (long double)mantissa;
    q = exponent < 0 ? q / wide[-exponent] : q * wide[exponent];
    memcpy(&bits, &q, sizeof(bits));
    bits &= rest_of_double;
    if (bits >= middle - 1 && bits <= middle + 1)
        return false;
    *ret = (double)q;
    return true;
}
#else
static bool scale_wide(uint64_t mantissa, int exponent, double *ret)
{
    (void)mantissa;
    (void)exponent;
    (void)ret;
    return false;
}
#endif

/* mantissa * 10^exponent, correctly rounded: equal decimals, however written, give equal
 * doubles. Exact operands and one rounding where they allow it, strtod at last. */
static double scale(uint64_t mantissa, int exponent)
{
    char text[48];
    double value = 0;
    if (mantissa == 0)
        return 0;
    if (mantissa <= EXACT_MAX && exponent < 0 && exponent >= -POWER_MAX)
        return (double)mantissa / POWERS[-exponent];
    if (mantissa <= EXACT_MAX && exponent >= 0 && exponent <= POWER_MAX)
        return (double)mantissa * POWERS[exponent];
    if (scale_wide(mantissa, exponent, &value))
        return value;
    snprintf(text, sizeof(text), "%llue%d", (unsigned long long)mantissa, exponent);
    return strtod(text, NULL);
}

/* The range for a number that is not negative. */
static void decimal_range(
    const struct decimal *d, double value, double *ret_lo, double *ret_hi)
{
    /* R4 reads 1e2 as 95 to 105: half a unit behind the digits written, and in this
     * form behind one digit more. */
    int extra = d->scientific ? 2 : 1;
    uint64_t ten = d->scientific ? 100 : 10;
    if (d->cut) {
        *ret_lo = value;
        *ret_hi = nextafter(value, HUGE_VAL);
        return;
    }
    *ret_lo = d->mantissa == 0 ? -scale(5, d->exponent - extra)
                               : scale(d->mantissa * ten - 5, d->exponent - extra);
    *ret_hi = scale(d->mantissa * ten + 5, d->exponent - extra);
}

bool fhir_number(struct str text, double *ret_value)
{
    struct decimal d = {0};
    double value;
    if (text.len == 0 || !take_decimal(text, &d))
        return false;
    value = scale(d.mantissa, d.exponent);
    if (!isfinite(value))
        return false;
    *ret_value = d.negative && d.mantissa > 0 ? -value : value;
    return true;
}

bool fhir_number_range(
    struct str text, double *ret_value, double *ret_lo, double *ret_hi)
{
    struct decimal d = {0};
    double value, lo, hi;
    if (text.len == 0 || !take_decimal(text, &d))
        return false;
    value = scale(d.mantissa, d.exponent);
    decimal_range(&d, value, &lo, &hi);
    if (d.negative) {
        double swap = lo;
        lo = -hi;
        hi = -swap;
        value = d.mantissa == 0 ? 0 : -value;
    }
    if (!isfinite(value) || !isfinite(lo) || !isfinite(hi))
        return false;
    /* where doubles are too coarse for the precision written */
    if (lo > value)
        lo = value;
    if (hi <= value)
        hi = nextafter(value, HUGE_VAL);
    *ret_value = value;
    *ret_lo = lo;
    *ret_hi = hi;
    return true;
}

bool fhir_reference_in(const struct json *list, struct str reference)
{
    struct json_each it = json_each(list);

    while (reference.p && json_next(&it)) {
        if (str_eq(json_get_text(it.value, "reference"), reference))
            return true;
    }
    return false;
}
