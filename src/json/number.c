/* SPDX-License-Identifier: Apache-2.0 */
/* When two JSON numbers written differently are the same number. */
#include "json/json_internal.h"

/* 0.d1 d2 d3... * 10^exponent, by where its digits stand in the text. */
struct number {
    bool negative;
    struct str
        digits; /* from the first digit that is not 0 to the last; may hold '.' */
    int64_t exponent;
};

/* The exponent behind 'e', held in bounds no text's length can reach. */
static int64_t read_exponent(struct str s)
{
    const int64_t most = INT64_MAX / 4;
    bool negative = s.len > 0 && s.p[0] == '-';
    int64_t v = 0;
    for (size_t i = s.len > 0 && (negative || s.p[0] == '+'); i < s.len; i++)
        v = v > most / 10 ? most : v * 10 + (s.p[i] - '0');
    return negative ? -v : v;
}

static struct number number_read(struct str s)
{
    struct number n = {0};
    struct str rest;
    struct str body;
    size_t point, first, last;
    n.negative = s.p[0] == '-';
    rest = (struct str){s.p + n.negative, s.len - n.negative};
    for (body = (struct str){rest.p, 0}; body.len < rest.len; body.len++)
        if ((rest.p[body.len] | 0x20) == 'e')
            break;
    if (body.len < rest.len)
        n.exponent =
            read_exponent((struct str){rest.p + body.len + 1, rest.len - body.len - 1});
    for (point = 0; point < body.len && body.p[point] != '.'; point++)
        ;
    for (first = 0; first < body.len; first++)
        if (body.p[first] != '0' && body.p[first] != '.')
            break;
    if (first == body.len)
        return (struct number){0};
    for (last = body.len; body.p[last - 1] == '0' || body.p[last - 1] == '.'; last--)
        ;
    n.digits = (struct str){body.p + first, last - first};
    n.exponent +=
        first < point ? (int64_t)(point - first) : -(int64_t)(first - point - 1);
    return n;
}

bool json_number_equal(struct str a, struct str b)
{
    struct number x = number_read(a);
    struct number y = number_read(b);
    size_t i = 0, k = 0;
    if (x.negative != y.negative || x.exponent != y.exponent)
        return false;
    for (;;) {
        if (i < x.digits.len && x.digits.p[i] == '.')
            i++;
        if (k < y.digits.len && y.digits.p[k] == '.')
            k++;
        if (i >= x.digits.len || k >= y.digits.len)
            return i >= x.digits.len && k >= y.digits.len;
        if (x.digits.p[i++] != y.digits.p[k++])
            return false;
    }
}
