/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of dates walked in order: many records of one start, written in many ways, so
 * that groups are long, lie in several classes and come against the order of the page.
 * Any page size, there and back, must give the order that is worked out here plainly.
 */
#include "search_node.h"
#include "unit.h"
#include "view/search_internal.h"

#define RECORDS 400
#define ROUNDS 3

struct made {
    bool live;
    int64_t start; /* days; INT64_MIN: none before any; see has */
    bool has;
    bool final;
    int64_t changed; /* number of the write */
    char text[256];
};

static struct search_node node;
static struct made all[RECORDS];
static int64_t writes;

static int pick(int count)
{
    return (int)unit_between(0, count - 1);
}

/* A date in one of the ways of which each is a class of the index. */
static void put_date(struct buf *b, int day, struct made *m)
{
    static const char *const ends[] = {
        "2020-02-01T10:00:00Z", "2020-02-20", "2021-05-05", "2030-01-01"};
    int way = pick(20);

    m->has = true;
    m->start = day;
    if (way < 11)
        buf_addf(b, ",'effectiveDateTime':'2020-01-%02d'", day);
    else if (way < 13)
        buf_addf(b, ",'effectiveDateTime':'2020-01-%02dT00:00:00Z'", day);
    else if (way < 14)
        buf_addf(b, ",'effectiveInstant':'2020-01-%02dT00:00:00.000Z'", day);
    else if (way < 16)
        buf_addf(b, ",'effectivePeriod':{'start':'2020-01-%02d','end':'%s'}", day,
            ends[pick(4)]);
    else if (way < 17)
        buf_addf(b, ",'effectivePeriod':{'start':'2020-01-%02d'}", day);
    else if (way < 18) {
        buf_addf(b, ",'effectivePeriod':{'end':'2020-01-%02d'}", day);
        m->start = INT64_MIN;
    } else
        m->has = false;
}

static void put_record(int i, int days)
{
    const struct made before = all[i];
    struct buf b;

    buf_init(&b, sizeof(before.text));
    all[i] = (struct made){.live = true, .final = pick(3) > 0, .changed = writes++};
    buf_addf(&b, "{'resourceType':'Observation','id':'%d','status':'%s'", i,
        all[i].final ? "final" : "amended");
    put_date(&b, 1 + pick(days), &all[i]);
    buf_addc(&b, '}');
    snprintf(all[i].text, sizeof(all[i].text), "%s", buf_cstr(&b));
    node_put(&node, buf_cstr(&b));
    if (before.live && strcmp(before.text, all[i].text) == 0)
        all[i].changed = before.changed; /* that is no new version */
    buf_done(&b);
}

/* ---- the order, plainly ---- */

static bool by_change, downwards;

static int order(const void *x, const void *y)
{
    int i = *(const int *)x, j = *(const int *)y;
    const struct made *a = &all[i], *b = &all[j];
    int64_t left = by_change ? a->changed : a->start;
    int64_t right = by_change ? b->changed : b->start;

    if (!by_change && a->has != b->has)
        return a->has ? -1 : 1;
    if ((by_change || a->has) && left != right)
        return (left < right) == downwards ? 1 : -1;
    return i - j;
}

static const char *expected(bool change, bool down, bool final)
{
    static char text[RECORDS * 8];
    int list[RECORDS];
    int count = 0;
    char *at = text;

    for (int i = 0; i < RECORDS; i++) {
        if (all[i].live && (!final || all[i].final))
            list[count++] = i;
    }
    by_change = change;
    downwards = down;
    qsort(list, (size_t)count, sizeof(list[0]), order);
    *at = '\0';
    for (int i = 0; i < count; i++)
        at += sprintf(at, "%s%d", i ? " " : "", list[i]);
    return text;
}

static void hold(const char *query, bool change, bool down, bool final)
{
    static const size_t sizes[] = {1, 7, 20, 150, 1000};
    const char *wanted = expected(change, down, final);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const char *got = node_pages(&node, query, sizes[i], false);

        if (strcmp(got, wanted) != 0)
            fail_msg("%s, %zu a page:\n%s\nand not\n%s", query, sizes[i], got, wanted);
    }
}

static void newest(void **state)
{
    struct search_tuning usual = search_tuning;
    char id[16];

    (void)state;
    search_tuning.sorted_by_looking = 0; /* walk, whatever is asked for */
    for (int round = 0; round < ROUNDS; round++) {
        int days = round == 0 ? 2 : round == 1 ? 9 : 31;

        memset(all, 0, sizeof(all));
        node_open(&node, round == 1 ? STORE_SQLITE : STORE_MEMORY);
        for (int i = 0; i < RECORDS; i++)
            put_record(i, days);
        for (int i = 0; i < RECORDS / 4; i++) {
            int at = pick(RECORDS);

            snprintf(id, sizeof(id), "%d", at);
            if (all[at].live && pick(2)) {
                node_delete(&node, "Observation", id);
                all[at].live = false;
                writes++;
            } else {
                put_record(at, days);
            }
        }
        hold("Observation?_sort=-date", false, true, false);
        hold("Observation?_sort=date", false, false, false);
        hold("Observation?status=final&_sort=-date", false, true, true);
        hold("Observation?status=final&_sort=date", false, false, true);
        hold("Observation?_sort=-_lastUpdated", true, true, false);
        hold("Observation?_sort=_lastUpdated", true, false, false);
        node_close(&node);
    }
    search_tuning = usual;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(newest)};

    return cmocka_run_group_tests_name("newest", tests, NULL, NULL);
}
