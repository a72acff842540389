/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/figure_ask.h"
#include "cli/table.h"
#include "fhir/part.h"

/* In the order of a file's columns. */
static const char *const names[] = {"indicator", "title", "asked", "stratum", "from",
    "until", "base-from", "base-until", "rule", "counts", "value", "at-most", "unit",
    "met", "of", "low", "high", "figure", "wording", "source", "scope", "published",
    "published-unit", "verdict", "by", "why", "sentence", "kind", "years",
    "looked-from", "looked-until"};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* The value of the part ${name}; p NULL: none. */
static struct str part(const struct json *row, const char *name)
{
    return fhir_part_value(fhir_part_find(json_get(row, "part"), name));
}

/* ---- words ---- */

/* ${number} with a comma at thousands; nothing behind the point that is nought. */
static void add_number(struct buf *b, struct str number)
{
    struct str behind = number;
    struct str whole = str_cut(&behind, '.');
    size_t first = whole.len > 0 && (whole.p[0] == '-' || whole.p[0] == '+') ? 1 : 0;

    buf_add(b, whole.p, first);
    for (size_t i = first; i < whole.len; i++) {
        if (i > first && (whole.len - i) % 3 == 0)
            buf_addc(b, ',');
        buf_addc(b, whole.p[i]);
    }
    while (behind.len > 0 && behind.p[behind.len - 1] == '0')
        behind.len--;
    if (behind.len > 0) {
        buf_addc(b, '.');
        buf_add(b, behind.p, behind.len);
    }
}

/* Is ${number} 1, however many noughts stand behind its point? */
static bool is_one(struct str number)
{
    struct str behind = number;

    if (!str_is(str_cut(&behind, '.'), "1"))
        return false;
    while (behind.len > 0 && behind.p[behind.len - 1] == '0')
        behind.len--;
    return behind.len == 0;
}

/* Several of ${thing}, which is English. */
static void add_several(struct buf *b, struct str thing)
{
    if (str_ends(thing, "s") && !str_ends(thing, "ss")) {
        buf_add(b, thing.p, thing.len);
    } else if (str_ends(thing, "y") && thing.len > 1 && !str_ends(thing, "ay")) {
        buf_add(b, thing.p, thing.len - 1);
        buf_adds(b, "ies");
    } else {
        buf_add(b, thing.p, thing.len);
        buf_adds(b, str_ends(thing, "ss") || str_ends(thing, "x") ? "es" : "s");
    }
}

/* As many of ${unit}: one of it, or another number; of "case per inhabitant" it is the cases that are several. */
static void add_unit(struct buf *b, struct str unit, bool one)
{
    static const char per[] = " per ";
    bool sign = unit.len > 0 && (unit.p[0] < 'a' || unit.p[0] > 'z');
    const char *at = unit.len > 0 ? memmem(unit.p, unit.len, per, strlen(per)) : NULL;
    size_t head = at ? (size_t)(at - unit.p) : unit.len;

    if (unit.len == 0)
        return;
    buf_addc(b, ' ');
    if (one || sign)
        buf_add(b, unit.p, head);
    else
        add_several(b, (struct str){unit.p, head});
    buf_add(b, unit.p + head, unit.len - head);
}

static void add_time(struct buf *b, const struct json *row)
{
    struct str from = part(row, "from"), until = part(row, "until");
    struct str base = part(row, "base-until");

    if (!until.p)
        return;
    buf_addc(b, '\n');
    if (str_is(part(row, "rule"), "at-end"))
        buf_adds(b, until.len == sizeof("2026-12-31") - 1 ? "on " : "at the end of ");
    else if (!from.p)
        buf_adds(b, "until ");
    else if (!str_eq(from, until))
        buf_addf(b, "%.*s to ", (int)from.len, from.p);
    buf_addf(b, "%.*s", (int)until.len, until.p);
    if (base.p)
        buf_addf(b, ", against %.*s", (int)base.len, base.p);
}

/* Of a share: how many of how many, and between what it lies. */
static void add_share(struct buf *b, const struct json *row)
{
    struct str low = part(row, "low"), high = part(row, "high");

    if (!part(row, "met").p)
        return;
    buf_addc(b, '\n');
    add_number(b, part(row, "met"));
    buf_adds(b, " of ");
    add_number(b, part(row, "of"));
    if (!low.p || !high.p)
        return;
    buf_adds(b, ", between ");
    add_number(b, low);
    buf_adds(b, " and ");
    add_number(b, high);
    buf_adds(b, " %");
}

/* "hospital|Organization/x" for whoever reads: "hospital: Organization/x". */
static void add_stratum(struct buf *b, struct str stratum)
{
    struct str name = str_cut(&stratum, '|');

    buf_addf(b, "\n%.*s: ", (int)name.len, name.p);
    buf_add(b, stratum.p ? stratum.p : "", stratum.len);
}

static void add_computed(struct buf *b, const struct json *row)
{
    struct str value = part(row, "value"), most = part(row, "at-most");
    struct str stratum = part(row, "stratum");

    if (!value.p) {
        buf_adds(b, "no figure");
        add_time(b, row);
        if (stratum.p)
            add_stratum(b, stratum);
        return;
    }
    add_number(b, value);
    if (most.p) {
        buf_adds(b, " to ");
        add_number(b, most);
    }
    add_unit(b, part(row, "unit"), is_one(value) && !most.p);
    if (part(row, "kind").p)
        buf_addf(b, "\n(%.*s)", (int)part(row, "kind").len, part(row, "kind").p);
    add_time(b, row);
    add_share(b, row);
    if (stratum.p && !str_starts(stratum, "currency|"))
        add_stratum(b, stratum);
}

static void add_published(struct buf *b, const struct json *row)
{
    struct str scope = part(row, "scope"), words = part(row, "wording");

    if (words.len == 0)
        buf_adds(b, "nothing");
    buf_add(b, words.p ? words.p : "", words.len);
    if (scope.p)
        buf_addf(b, "\n(%.*s)", (int)scope.len, scope.p);
}

static void add_off(struct buf *b, struct str by)
{
    bool less = by.len > 0 && by.p[0] == '-';

    add_number(b, less ? (struct str){by.p + 1, by.len - 1} : by);
    buf_adds(b, less ? " less" : " more");
}

/* Of what was published without a time: in which years the figure is what its words allow. */
static void add_years(struct buf *b, const struct json *row)
{
    struct str years = part(row, "years"), until = part(row, "until");
    struct str first = part(row, "looked-from"), last = part(row, "looked-until");
    bool at_end = str_is(part(row, "rule"), "at-end");

    buf_adds(b, "published without a time: ");
    if (years.p) {
        buf_addf(
            b, "fits %s%.*s", at_end ? "the end of " : "", (int)years.len, years.p);
        return;
    }
    buf_addf(b, "fits no year from %.*s to %.*s; nearest %s%.*s, ", (int)first.len,
        first.p ? first.p : "", (int)last.len, last.p ? last.p : "",
        at_end ? "the end of " : "", (int)until.len, until.p ? until.p : "");
    add_off(b, part(row, "by"));
}

static void add_verdict(struct buf *b, const struct json *row)
{
    struct str verdict = part(row, "verdict"), why = part(row, "why");

    if (str_is(verdict, "differs")) {
        buf_adds(b, "differs: ");
        add_off(b, part(row, "by"));
    } else if (str_starts(verdict, "fits-")) {
        add_years(b, row);
    } else if (!str_is(verdict, "cannot")) {
        buf_add(b, verdict.p, verdict.len);
    } else {
        buf_adds(
            b, part(row, "value").p ? "cannot be compared: " : "cannot be computed: ");
        buf_adds(b, figure_why_text(why));
    }
}

/* ---- the table ---- */

#define CELLS 4

static struct table layout(size_t columns)
{
    size_t room = columns - (CELLS - 1) * TABLE_GAP;
    struct table t = {.count = CELLS};

    t.widths[0] = room * 29 / 100;
    t.widths[1] = room * 22 / 100;
    t.widths[2] = room * 27 / 100;
    t.widths[3] = room - t.widths[0] - t.widths[1] - t.widths[2];
    return t;
}

static int add_row(struct arena *a, struct buf *b, const struct table *t,
    const struct json *row, bool first, struct err *err)
{
    void (*const put[])(struct buf *, const struct json *) = {
        add_computed, add_published, add_verdict};
    struct str id = part(row, "indicator"), title = part(row, "title");
    struct str cells[CELLS] = {{NULL, 0}};
    const char *what = arena_printf(a, "%.*s\n%.*s", (int)id.len, id.p ? id.p : "",
        (int)title.len, title.p ? title.p : "");

    if (!what)
        return err_nomem(err);
    if (first)
        cells[0] = str_of(what);
    for (size_t i = 1; i < CELLS; i++) {
        struct buf cell;
        const char *copy = NULL;

        buf_init(&cell, (size_t)1 << 20);
        put[i - 1](&cell, row);
        copy = cell.error ? NULL : arena_strndup(a, buf_cstr(&cell), cell.len);
        buf_done(&cell);
        if (!copy)
            return err_nomem(err);
        cells[i] = str_of(copy);
    }
    table_row(b, t, cells);
    return 0;
}

#define VERDICTS 6

/* How many figures have which verdict, and what the verdicts mean. */
static void add_end(struct buf *b, const struct json *answer, size_t columns)
{
    static const char *const texts[VERDICTS] = {
        "match: the records say what was published, as far as its words reach "
        "(\"over 2,000\" is any number above).",
        "differ: by so many from the nearest number that its words allow.",
        "fit some years: it was published without a time, so nobody can say that they "
        "match; the records say the same in the years that are named.",
        "fit no year: it was published without a time, and the records say the same in "
        "none of the years that are over.",
        "cannot be compared: the records give a figure, and what was published is none "
        "that can stand beside it.",
        "cannot be computed: the records give no figure.",
    };
    struct json_each it = json_each(json_get(answer, "parameter"));
    const struct table t = {.count = 2, .widths = {7, columns - 7 - TABLE_GAP}};
    size_t counts[VERDICTS] = {0};

    while (json_next(&it)) {
        struct str verdict = part(it.value, "verdict");

        if (str_is(verdict, "matches"))
            counts[0]++;
        else if (str_is(verdict, "differs"))
            counts[1]++;
        else if (str_is(verdict, "fits-years"))
            counts[2]++;
        else if (str_is(verdict, "fits-no-year"))
            counts[3]++;
        else
            counts[part(it.value, "value").p ? 4 : 5]++;
    }
    buf_addc(b, '\n');
    for (size_t i = 0; i < VERDICTS; i++) {
        char number[24];
        struct str cells[2] = {{NULL, 0}, str_of(texts[i])};

        snprintf(number, sizeof(number), "%7zu", counts[i]);
        cells[0] = str_of(number);
        table_row(b, &t, cells);
    }
}

int report_text_table(struct arena *a, struct buf *b, const struct json *answer,
    size_t columns, struct err *err)
{
    static const struct str head[CELLS] = {
        {"what", 4}, {"the events say", 14}, {"was published", 13}, {"verdict", 7}};
    struct table t = layout(columns);
    struct str before = {NULL, 0};
    struct json_each it = json_each(json_get(answer, "parameter"));
    int r = 0;

    table_row(b, &t, head);
    table_rule(b, &t);
    while (r == 0 && json_next(&it)) {
        struct str id = part(it.value, "indicator");
        bool first = !before.p || !str_eq(before, id);

        if (before.p)
            buf_addc(b, '\n');
        r = add_row(a, b, &t, it.value, first, err);
        before = id;
    }
    if (r == 0) {
        table_rule(b, &t);
        add_end(b, answer, columns);
    }
    return r;
}

/* ---- for programs ---- */

void report_text_csv(struct buf *b, const struct json *answer)
{
    struct json_each it = json_each(json_get(answer, "parameter"));

    for (size_t i = 0; i < NAMES; i++)
        buf_addf(b, "%s%s", i ? "," : "", names[i]);
    buf_adds(b, "\r\n");
    while (json_next(&it)) {
        for (size_t i = 0; i < NAMES; i++) {
            if (i)
                buf_addc(b, ',');
            csv_encode(b, part(it.value, names[i]));
        }
        buf_adds(b, "\r\n");
    }
}

static bool is_number(const char *name)
{
    static const char *const numbers[] = {
        "value", "at-most", "met", "of", "low", "high", "published", "by"};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (strcmp(name, numbers[i]) == 0)
            return true;
    }
    return false;
}

void report_text_json(struct buf *b, const struct json *answer)
{
    struct json_each it = json_each(json_get(answer, "parameter"));
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_name(&o, "rows");
    json_open(&o, '[');
    while (json_next(&it)) {
        json_open(&o, '{');
        for (size_t i = 0; i < NAMES; i++) {
            struct str value = part(it.value, names[i]);

            if (!value.p)
                continue;
            json_name(&o, names[i]);
            if (is_number(names[i]))
                json_put_raw(&o, value);
            else
                json_put_text(&o, value);
        }
        json_close(&o, '}');
    }
    json_close(&o, ']');
    json_close(&o, '}');
    buf_addc(b, '\n');
}
