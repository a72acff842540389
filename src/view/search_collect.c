/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets collected from rows that are not in rid order: ranges of dates and numbers,
 * beginnings and parts of texts, places, presence. Each stops at its budget of rows, so
 * that a collection that turns out large is given up in time.
 */
#include <math.h>

#include "view/search_internal.h"

/* n at the end of a key. */
static bool tail(const struct store_row *row, size_t used, uint64_t *ret)
{
    return used < row->key_len &&
           search_get_number(row->key + used, row->key_len - used, ret) > 0;
}

static bool starts(const struct store_row *row, const uint8_t *prefix, size_t len)
{
    return row->key_len > len && memcmp(row->key, prefix, len) == 0;
}

/* The smallest key behind all that start with ${key}; false: there is none. */
static bool next_prefix(uint8_t *key, size_t len)
{
    while (len > 0)
        if (++key[--len] != 0)
            return true;
    return false;
}

/* ---- dates ---- */

static utc_ms earlier(utc_ms at, int64_t length)
{
    if (length == INT64_MAX || at < UTC_MS_MIN + length)
        return UTC_MS_MIN;
    return at - length;
}

/* Where periods of the class's length that match ${t} begin. */
static void term_bounds(
    const struct search_term *t, int64_t length, utc_ms *ret_lo, utc_ms *ret_hi)
{
    utc_ms from = t->u.date.lo, to = t->u.date.hi;
    utc_ms lo = UTC_MS_MIN, hi = UTC_MS_MAX;

    if (t->prefix == PREFIX_EQ)
        lo = from;
    else if (t->prefix == PREFIX_SA)
        lo = to;
    else if (t->prefix == PREFIX_GT || t->prefix == PREFIX_GE)
        lo = earlier(to, length);
    else if (t->prefix == PREFIX_AP)
        lo = earlier(from, length);
    if (t->prefix == PREFIX_GE && from < lo)
        lo = from;
    if (t->prefix == PREFIX_EQ || t->prefix == PREFIX_LE || t->prefix == PREFIX_AP)
        hi = to;
    else if (t->prefix == PREFIX_LT || t->prefix == PREFIX_EB)
        hi = from;
    *ret_lo = lo;
    *ret_hi = hi;
}

void search_date_bounds(
    const struct search_clause *c, unsigned date_class, utc_ms *ret_lo, utc_ms *ret_hi)
{
    int64_t length = search_class_length(date_class);
    size_t i;

    *ret_lo = UTC_MS_MAX;
    *ret_hi = UTC_MS_MIN;
    for (i = 0; i < c->term_count; i++) {
        utc_ms lo, hi;
        term_bounds(&c->terms[i], length, &lo, &hi);
        *ret_lo = lo < *ret_lo ? lo : *ret_lo;
        *ret_hi = hi > *ret_hi ? hi : *ret_hi;
    }
    if (date_class >= DATE_UNTIL) { /* ordered by end, or not at all */
        *ret_lo = UTC_MS_MIN;
        *ret_hi = UTC_MS_MAX;
    }
}

static bool date_counts(const struct search_clause *c, utc_ms lo, utc_ms hi)
{
    size_t i;

    for (i = 0; i < c->term_count; i++)
        if (search_date_matches(&c->terms[i], lo, hi))
            return true;
    return false;
}

/* Rows of one class of a slot from the row at hand on; leaves ${row} behind the class. */
static int collect_class(struct search_collector *c, struct store_cursor *cursor,
    struct store_row *row, uint16_t slot)
{
    struct search_run *run = c->and->run;
    uint8_t key[SEARCH_KEY_MAX];
    unsigned date_class = row->key[2];
    utc_ms from, to, lo, hi;
    uint64_t n;
    size_t used;
    int r = 1;

    search_put_be(key, slot, 2);
    search_date_bounds(c->clause, date_class, &from, &to);
    if (from != UTC_MS_MIN) {
        size_t len = 2 + search_date_start(key + 2, date_class, from);
        r = store_cursor_seek(cursor, key, len, row, run->err);
    }
    for (; r == 1 && starts(row, key, 2) && row->key[2] == date_class;
         r = store_cursor_next(cursor, row, run->err)) {
        used = search_get_date(row->key + 2, row->key_len - 2, &lo, &hi);
        if (used == 0 || (lo != UTC_MS_MIN && lo >= to && to != UTC_MS_MAX))
            break;
        if (search_collector_spent(c))
            return 0;
        if (date_counts(c->clause, lo, hi) && tail(row, used + 2, &n)) {
            r = rid_set_add(c->set, n, run->err);
            if (r < 0)
                return r;
        }
    }
    if (r < 0)
        return r;
    key[2] = (uint8_t)(date_class + 1);
    return store_cursor_seek(cursor, key, 3, row, run->err);
}

int search_collect_dates(struct search_collector *c)
{
    struct search_run *run = c->and->run;
    struct store_cursor *cursor;
    struct store_row row;
    uint8_t key[2];
    size_t i;
    int r;

    r = search_cursor(run, SEARCH_DATE, c, &cursor);
    for (i = 0; r >= 0 && i < c->clause->slot_count && !c->stopped; i++) {
        search_put_be(key, c->clause->slots[i], 2);
        r = store_cursor_seek(cursor, key, 2, &row, run->err);
        while (r == 1 && starts(&row, key, 2) && !c->stopped)
            r = collect_class(c, cursor, &row, c->clause->slots[i]);
    }
    return r < 0 ? r : 0;
}

/* ---- numbers ---- */

static bool unit_counts(const struct search_term *t, const uint8_t *unit)
{
    if (!t->u.number.unit)
        return true;
    if (!t->u.number.system.p) /* code or unit: a second look decides */
        return true;
    return search_get_be(unit, 3) == search_unit_hash(t->u.number.code) &&
           search_get_be(unit + 3, 2) == search_system_hash(t->u.number.system) >> 8;
}

static bool number_counts(
    const struct search_clause *c, const uint8_t *unit, double lo, double hi)
{
    size_t i;

    for (i = 0; i < c->term_count; i++)
        if ((!unit || unit_counts(&c->terms[i], unit)) &&
            search_number_matches(&c->terms[i], lo, hi))
            return true;
    return false;
}

/* The bounds of the low value of a point that any term can match. */
static void number_bounds(const struct search_clause *c, double *ret_lo, double *ret_hi)
{
    size_t i;

    *ret_lo = HUGE_VAL;
    *ret_hi = -HUGE_VAL;
    for (i = 0; i < c->term_count; i++) {
        const struct search_term *t = &c->terms[i];
        double lo = -HUGE_VAL, hi = HUGE_VAL;
        if (t->prefix == PREFIX_EQ || t->prefix == PREFIX_AP) {
            lo = t->u.number.lo;
            hi = t->u.number.hi;
        } else if (t->prefix == PREFIX_GT || t->prefix == PREFIX_GE ||
                   t->prefix == PREFIX_SA) {
            lo = t->u.number.value;
        } else if (t->prefix != PREFIX_NE) {
            hi = t->u.number.value;
        }
        *ret_lo = fmin(lo, *ret_lo);
        *ret_hi = fmax(hi, *ret_hi);
    }
}

struct number_group {
    uint8_t key[SEARCH_KEY_MAX]; /* slot and unit */
    size_t len;
    bool range;
    bool unit;
};

/* The number or range of a row; returns how many bytes of the key it takes, 0: none. */
static size_t group_number(const struct store_row *row, const struct number_group *g,
    double *ret_lo, double *ret_hi)
{
    const uint8_t *bytes = row->key + g->len;
    size_t len = row->key_len - g->len;
    size_t used = search_get_double(bytes, len, ret_lo);

    if (used == 0)
        return 0;
    if (g->range)
        return used + search_get_double(bytes + used, len - used, ret_hi);
    *ret_hi = *ret_lo;
    return used;
}

/* Rows with the group's slot and unit. */
static int collect_group(struct search_collector *c, struct store_cursor *cursor,
    struct store_row *row, const struct number_group *g)
{
    struct search_run *run = c->and->run;
    uint8_t key[SEARCH_KEY_MAX];
    double from, to, lo = 0, hi = 0;
    size_t used;
    uint64_t n;
    int r = 1;

    number_bounds(c->clause, &from, &to);
    if (g->range)
        from = -HUGE_VAL;
    memcpy(key, g->key, g->len);
    if (isfinite(from)) {
        size_t len = g->len + search_put_double(key + g->len, from);
        r = store_cursor_seek(cursor, key, len, row, run->err);
    }
    for (; r == 1 && starts(row, g->key, g->len);
         r = store_cursor_next(cursor, row, run->err)) {
        used = group_number(row, g, &lo, &hi);
        if (used == 0 || lo > to)
            break;
        if (search_collector_spent(c))
            return 0;
        if (number_counts(c->clause, g->unit ? g->key + 2 : NULL, lo, hi) &&
            tail(row, g->len + used, &n)) {
            r = rid_set_add(c->set, n, run->err);
            if (r < 0)
                return r;
        }
    }
    if (r < 0)
        return r;
    memcpy(key, g->key, g->len);
    if (!next_prefix(key, g->len))
        return 0;
    return store_cursor_seek(cursor, key, g->len, row, run->err);
}

static int collect_number_slot(
    struct search_collector *c, struct store_cursor *cursor, uint16_t slot, bool range)
{
    struct number_group g = {.range = range};
    struct store_row row;
    int r;

    g.unit = fhir_slots[slot].kind == FHIR_SEARCH_QUANTITY;
    search_put_be(g.key, slot | (range ? SEARCH_RANGE_SLOT : 0u), 2);
    g.len = g.unit ? 7 : 2;
    r = store_cursor_seek(cursor, g.key, 2, &row, c->and->run->err);
    while (r == 1 && starts(&row, g.key, 2) && !c->stopped) {
        memcpy(g.key, row.key, g.len);
        r = collect_group(c, cursor, &row, &g);
    }
    return r < 0 ? r : 0;
}

int search_collect_numbers(struct search_collector *c)
{
    struct store_cursor *cursor;
    size_t i;
    int r = search_cursor(c->and->run, SEARCH_NUMBER, c, &cursor);

    for (i = 0; r == 0 && i < c->clause->slot_count; i++) {
        r = collect_number_slot(c, cursor, c->clause->slots[i], false);
        if (r == 0)
            r = collect_number_slot(c, cursor, c->clause->slots[i], true);
    }
    return r;
}

/* ---- strings ---- */

/* 1: matches; 0: not; 2: its text is cut, so a second look must say. */
static int text_counts(const struct search_clause *c, const struct search_term *t,
    const uint8_t *text, size_t len, bool cut)
{
    struct str folded = t->u.string.folded;

    if (c->modifier == MOD_CONTAINS) {
        if (len >= folded.len && memmem(text, len, folded.p, folded.len))
            return 1;
        return cut ? 2 : 0;
    }
    if (c->modifier == MOD_ENDS && !cut)
        return len >= folded.len &&
               memcmp(text + len - folded.len, folded.p, folded.len) == 0;
    if (c->modifier == MOD_ENDS)
        return 2;
    if (len >= folded.len && memcmp(text, folded.p, folded.len) != 0)
        return 0;
    if (len >= folded.len)
        return c->modifier != MOD_EQUAL ? 1 : cut ? 2 : len == folded.len;
    return cut && memcmp(text, folded.p, len) == 0 ? 2 : 0;
}

static int add_text_row(struct search_collector *c, const struct search_term *t,
    const struct store_row *row)
{
    struct search_run *run = c->and->run;
    struct search_look look = {.r = run->r, .bases = &run->bases, .err = run->err};
    const uint8_t *text = row->key + 2, *end;
    size_t len = row->key_len - 2;
    uint64_t n;
    bool cut;
    int r;

    end = len > SEARCH_TEXT_MAX ? text + SEARCH_TEXT_MAX : text + len;
    for (len = 0; text + len < end && text[len] > 1; len++)
        ;
    cut = text[len] == 1;
    if (!tail(row, 3 + len, &n))
        return 0;
    r = text_counts(c->clause, t, text, len, cut);
    if (r == 2) {
        r = search_look_at(run, search_rid(c->and->type, n));
        if (r < 0 || !run->look_json)
            return r;
        look.scratch = run->scratch;
        r = search_look_clause(&look, c->clause, run->look_json, run->look_updated);
    }
    return r == 1 ? rid_set_add(c->set, n, run->err) : r;
}

static int collect_text(struct search_collector *c, struct store_cursor *cursor,
    const struct search_term *t, uint16_t slot)
{
    struct search_run *run = c->and->run;
    uint8_t key[2 + SEARCH_TEXT_MAX];
    struct store_row row;
    size_t len = 2;
    int r;

    search_put_be(key, slot, 2);
    if (c->clause->modifier != MOD_CONTAINS && c->clause->modifier != MOD_ENDS) {
        len += t->u.string.folded.len < SEARCH_TEXT_MAX ? t->u.string.folded.len
                                                        : SEARCH_TEXT_MAX;
        if (len > 2)
            memcpy(key + 2, t->u.string.folded.p, len - 2);
    }
    r = store_cursor_seek(cursor, key, len, &row, run->err);
    while (r == 1 && starts(&row, key, len)) {
        if (search_collector_spent(c))
            return 0;
        r = add_text_row(c, t, &row);
        if (r >= 0)
            r = store_cursor_next(cursor, &row, run->err);
    }
    return r < 0 ? r : 0;
}

int search_collect_strings(struct search_collector *c)
{
    struct store_cursor *cursor;
    size_t i, j;
    int r = search_cursor(c->and->run, SEARCH_STRING, c, &cursor);

    for (i = 0; r == 0 && i < c->clause->slot_count; i++)
        for (j = 0; r == 0 && j < c->clause->term_count && !c->stopped; j++)
            r = collect_text(c, cursor, &c->clause->terms[j], c->clause->slots[i]);
    return r;
}

/* ---- places ---- */

/* Half the height and width in degrees of a box around the circle. */
static void box_of(const struct search_term *t, double *ret_lat, double *ret_lon)
{
    double lat =
        t->u.position.km / 110.5 + 1e-6; /* the shortest degree, rounded down */
    double widest = fabs(t->u.position.latitude) + lat;

    *ret_lat = lat;
    *ret_lon = widest >= 89.9 ? 360 : lat / cos(widest * M_PI / 180);
}

/* Rows between the cells of two corners; a Morton range holds all cells of the box. */
static int collect_cells(struct search_collector *c, struct store_cursor *cursor,
    uint16_t slot, uint64_t first, uint64_t last)
{
    struct search_run *run = c->and->run;
    uint8_t key[10];
    struct store_row row;
    uint64_t n;
    int r;

    search_put_be(key, slot, 2);
    search_put_be(key + 2, first, 8);
    r = store_cursor_seek(cursor, key, 10, &row, run->err);
    for (; r == 1 && starts(&row, key, 2) && search_get_be(row.key + 2, 8) <= last;
         r = store_cursor_next(cursor, &row, run->err)) {
        if (search_collector_spent(c))
            return 0;
        if (tail(&row, 10, &n)) {
            r = rid_set_add(c->set, n, run->err);
            if (r < 0)
                return r;
        }
    }
    return r < 0 ? r : 0;
}

/* The cells, each once, that the corners of the box lie in. */
static size_t corner_cells(const struct search_term *t, double height, double width,
    unsigned shift, uint64_t cells[4])
{
    double lat = t->u.position.latitude, lon = t->u.position.longitude;
    size_t count = 0, corner, i;

    for (corner = 0; corner < 4; corner++) {
        uint64_t cell = search_cell(lat + (corner & 2 ? height : -height),
                            lon + (corner & 1 ? width : -width)) >>
                        shift << shift;
        for (i = 0; i < count && cells[i] != cell; i++)
            ;
        if (i == count)
            cells[count++] = cell;
    }
    return count;
}

/*
 * Four quarters around the centre, each a Morton range of its own: a box that straddles
 * a high bit would otherwise be a range over half the earth. A box that crosses the
 * date line or a pole is taken as wide as the map.
 */
static int collect_near(struct search_collector *c, struct store_cursor *cursor,
    const struct search_term *t, uint16_t slot)
{
    double lon = t->u.position.longitude, h, w;
    unsigned bits = 0, shift;
    uint64_t cells[4], side;
    size_t count, i;
    int r = 0;

    box_of(t, &h, &w);
    if (lon - w < -180 || lon + w > 180)
        return collect_cells(c, cursor, slot, 0, UINT64_MAX);
    /* the largest cells of which at most two by two cover the box */
    while (bits < 31 && 180.0 / (double)(1u << (bits + 1)) > 2 * h &&
           360.0 / (double)(1u << (bits + 1)) > 2 * w)
        bits++;
    shift = 64 - 2 * bits;
    if (bits == 0)
        return collect_cells(c, cursor, slot, 0, UINT64_MAX);
    side = 1ull << shift;
    count = corner_cells(t, h, w, shift, cells);
    for (i = 0; r == 0 && i < count && !c->stopped; i++)
        r = collect_cells(c, cursor, slot, cells[i], cells[i] + (side - 1));
    return r;
}

int search_collect_places(struct search_collector *c)
{
    struct store_cursor *cursor;
    size_t i, j;
    int r = search_cursor(c->and->run, SEARCH_POSITION, c, &cursor);

    for (i = 0; r == 0 && i < c->clause->slot_count; i++)
        for (j = 0; r == 0 && j < c->clause->term_count && !c->stopped; j++)
            r = collect_near(c, cursor, &c->clause->terms[j], c->clause->slots[i]);
    return r;
}
