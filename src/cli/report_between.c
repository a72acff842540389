/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_between.h"

#include "cli/table.h"
#include "fhir/part.h"

#define CELLS 3

/* The value of the part ${name}; p NULL: none. */
static struct str part(const struct json *of, const char *name)
{
    return fhir_part_value(fhir_part_find(json_get(of, "part"), name));
}

/* The first parameter of ${answer} that has ${id} as its part ${name}; NULL: none. */
static const struct json *find(
    const struct json *answer, const char *name, struct str id)
{
    struct json_each it = json_each(json_get(answer, "parameter"));

    while (json_next(&it)) {
        struct str found = part(it.value, name);

        if (found.p && id.p && str_eq(found, id))
            return it.value;
    }
    return NULL;
}

/* Of a pair, which are the first and the second in the line; of itself there is no second. */
static const struct {
    const char *code, *sentence;
} sentences[] = {
    {"more-is-less",
        "contradict: the second is of a time that holds the whole of the first's, and "
        "says less"},
    {"two-values",
        "contradict: two values of the very same time, of which not both can be"},
    {"verb-is-wrong", "contradict: the second says that it rose or fell, and against "
                      "the first it did "
                      "not"},
    {"own-verb-is-wrong",
        "contradicts itself: from what to what it says is not what its verb says"},
    {"two-units", "contradict: the same is counted in two units"},
    {"rate-impossible",
        "contradicts itself: its two amounts make an exchange rate that no year of its "
        "time had"},
    {"scopes-differ",
        "only looks like a contradiction: the second is of a later time and says less, "
        "but the words for whose figures they are differ"},
};

static void add_sentence(struct buf *b, const struct json *found)
{
    struct str fault = part(found, "fault"), rate = part(found, "rate");
    struct str code = fault.p ? fault : part(found, "kind");
    struct str lowest = part(found, "lowest"), highest = part(found, "highest");

    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (code.p && str_is(code, sentences[i].code))
            buf_adds(b, sentences[i].sentence);
    }
    if (rate.p && lowest.p && highest.p)
        buf_addf(b, " (%.*s; %.*s to %.*s)", (int)rate.len, rate.p, (int)lowest.len,
            lowest.p, (int)highest.len, highest.p);
}

static void add_line(struct buf *b, const char *before, struct str text)
{
    if (text.len > 0)
        buf_addf(b, "%s%.*s", before, (int)text.len, text.p);
}

/* The words of ${figure}, what it is of, whose and who said it. */
static void add_figure(struct buf *b, const struct json *figure)
{
    struct str scope = part(figure, "scope");

    add_line(b, "", part(figure, "wording"));
    add_line(b, "\n", part(figure, "measure"));
    if (scope.len > 0)
        buf_addf(b, "\n(%.*s)", (int)scope.len, scope.p);
    add_line(b, "\n", part(figure, "source"));
}

/* What is in ${b}, which is empty afterwards; p NULL: no memory. */
static struct str taken(struct arena *a, struct buf *b)
{
    struct str text = {b->error ? NULL : arena_strndup(a, buf_cstr(b), b->len), b->len};

    buf_clear(b);
    return text;
}

static int add_found(struct arena *a, struct buf *b, const struct table *t,
    const struct json *compared, const struct json *found, struct err *err)
{
    struct str one = part(found, "one"), other = part(found, "other");
    struct str cells[CELLS];
    struct buf cell;

    buf_init(&cell, (size_t)1 << 20);
    add_figure(&cell, find(compared, "id", one));
    cells[0] = taken(a, &cell);
    if (!str_eq(one, other))
        add_figure(&cell, find(compared, "id", other));
    cells[1] = taken(a, &cell);
    add_sentence(&cell, found);
    cells[2] = taken(a, &cell);
    buf_done(&cell);
    if (!cells[0].p || !cells[1].p || !cells[2].p)
        return err_nomem(err);
    buf_addc(b, '\n');
    table_row(b, t, cells);
    return 0;
}

int report_between(struct arena *a, struct buf *b, const struct json *report,
    const struct json *compared, size_t columns, struct err *err)
{
    size_t width = (columns - (CELLS - 1) * TABLE_GAP) / CELLS;
    const struct table t = {.count = CELLS, .widths = {width, width, width}};
    static const struct str head[CELLS] = {
        {"was published", 13}, {"was published too", 17}, {"noticed", 7}};
    struct json_each it = json_each(json_get(compared, "parameter"));
    bool any = false;
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str one = part(it.value, "one"), other = part(it.value, "other");

        if (!find(report, "figure", one) && !find(report, "figure", other))
            continue;
        if (!any) {
            buf_addc(b, '\n');
            table_row(b, &t, head);
            table_rule(b, &t);
        }
        any = true;
        r = add_found(a, b, &t, compared, it.value, err);
    }
    return r;
}
