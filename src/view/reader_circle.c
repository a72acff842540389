/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The circle of a person's cases as lists: the requests that may be open cases of theirs, and
 * what these name. It may hold too much, since each record is asked about all the same,
 * but never too little: what is not in it no case opens, unless the record itself names a
 * case. It does not hang on the time: consents and intents are not looked at.
 *
 * Cases are read in the order of their rids: the rows about them then lie near one another,
 * and a cursor that steps on is several times cheaper than one that seeks.
 */
#include <stdlib.h>

#include "view/reader_internal.h"

struct circle {
    struct reader *rd;
    struct reader_set asked; /* whom cases of this person are sent to */
    struct rid_list cases;
    struct rid_list named;
    bool too_many;
};

static int rid_order(const void *x, const void *y)
{
    const store_rid *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

void reader_put_in_order(struct rid_list *l)
{
    size_t i = 1;

    while (i < l->count && l->list[i - 1] < l->list[i]) /* mostly they are */
        i++;
    if (i < l->count)
        qsort(l->list, l->count, sizeof(*l->list), rid_order);
}

/* Those that refer by ${param} to what was in ${set} at first, into it. */
static int widen(struct reader *rd, struct reader_set *set, size_t first,
    const struct fhir_param *param)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < first; i++)
        r = reader_sources(rd, param, set->list[i], LIMIT_READER_SET, set);
    return r;
}

/* Departments, their roles, services and the person; then teams with one of these. */
static int add_asked(struct circle *l)
{
    struct reader *rd = l->rd;
    size_t units = rd->departments.count;
    int r = 0;

    for (size_t i = 0; r == 0 && i < units; i++)
        r = reader_set_add(rd, &l->asked, rd->departments.list[i]);
    if (r == 0)
        r = widen(rd, &l->asked, units, rd->t->role_org);
    if (r == 0)
        r = widen(rd, &l->asked, units, rd->t->service_org);
    if (r == 0)
        r = reader_set_add(rd, &l->asked, rd->person);
    if (r == 0)
        r = widen(rd, &l->asked, l->asked.count, rd->t->team_member);
    l->too_many |= l->asked.full;
    return r;
}

/* Does a stream of rows in rid order hold ${n}? */
static int is_in(struct reader *rd, struct search_leaf *leaf, uint64_t n, bool *ret)
{
    uint64_t at = 0;
    int r = search_leaf_next(&rd->run, leaf, n, &at);

    *ret |= r == 0 && at == n;
    return r;
}

/* The cases that are sent to whom ${key} names and that are active or on hold. */
static int add_cases(struct circle *l, const uint8_t *key, size_t len)
{
    static const char *const states[] = {"active", "on-hold"};
    struct reader *rd = l->rd;
    struct search_leaf sent, state[2];
    uint8_t code[SEARCH_KEY_MAX];
    uint64_t n = 0;
    int r = 0;

    search_leaf_init(&sent, SEARCH_EDGE, key, len, false);
    for (size_t i = 0; i < 2; i++)
        search_leaf_init(&state[i], SEARCH_TOKEN, code,
            search_token_key(code, rd->t->request_status->slots[0], (struct str){"", 0},
                str_of(states[i])),
            false);
    for (n = 0; r == 0 && !l->too_many; n++) {
        bool open = false;

        r = search_leaf_next(&rd->run, &sent, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        for (size_t i = 0; r == 0 && !open && i < 2; i++)
            r = is_in(rd, &state[i], n, &open);
        if (r == 0 && open)
            r = rid_list_add(&l->cases, search_rid(rd->t->request, n), rd->run.err);
        r = r > 0 ? 0 : r;
        l->too_many = l->cases.count > LIMIT_READER_CASES;
    }
    return r;
}

static int add_all_cases(struct circle *l)
{
    const struct fhir_param *param = l->rd->t->request_performer;
    struct search_edge_keys keys;
    int r = 0;

    for (size_t i = 0; r == 0 && i < l->asked.count; i++) {
        for (uint16_t s = 0; r == 0 && s < param->slot_count; s++) {
            r = search_edge_keys(&l->rd->run, param->slots[s], l->asked.list[i], &keys);
            for (size_t k = 0; r == 0 && k < keys.count; k++)
                r = add_cases(l, keys.key[k], keys.len[k]);
        }
    }
    reader_put_in_order(&l->cases);
    return r;
}

/* ---- what cases name ---- */

static int name(struct circle *l, store_rid rid)
{
    int r = rid_list_add(&l->named, rid, l->rd->run.err);

    return r < 0 ? r : 0;
}

/* Among the references of a case: its patient, what it lists, the team it was sent to. */
static int add_named(struct circle *l, const struct store_row *row)
{
    const struct reader_terms *t = l->rd->t;
    const uint8_t *at = row->value, *bytes = NULL;
    store_rid target = 0;
    uint16_t slot = 0;
    size_t len = 0;
    int r = 0;

    while (r == 0 && search_entry_next(&at, row->value + row->value_len, t->request,
                         &slot, &bytes, &len)) {
        if (fhir_slots[slot].kind != FHIR_SEARCH_REFERENCE ||
            !search_entry_rid(bytes, len, &target))
            continue;
        if (store_rid_type(target) == 0)
            l->too_many = true; /* by an address: asked one by one instead */
        else if (reader_slot_in(slot, t->request_subject) ||
                 reader_slot_in(slot, t->request_shared) ||
                 reader_slot_in(slot, t->request_performer))
            r = name(l, target);
    }
    return r;
}

#define STEPS 4 /* rows stepped over before a seek is cheaper */

int reader_reach(struct reader *rd, struct store_cursor *c, const uint8_t *key,
    size_t len, struct store_row *row)
{
    int r = 1;

    for (int i = 0; r == 1 && row->key && i < STEPS; i++) {
        size_t most = row->key_len < len ? row->key_len : len;
        int order = memcmp(row->key, key, most);

        if (order > 0 || (order == 0 && row->key_len >= len))
            return 1;
        r = store_cursor_next(c, row, rd->run.err);
    }
    return r == 1 ? store_cursor_seek(c, key, len, row, rd->run.err) : r;
}

static int add_all_named(struct circle *l)
{
    struct reader *rd = l->rd;
    struct store_cursor *c = NULL;
    struct store_row row = {.key = NULL};
    uint8_t key[SEARCH_KEY_MAX];
    int r = store_cursor_open(
        rd->run.r, search_first_table + SEARCH_RECORD, &c, rd->run.err);

    for (size_t i = 0; r >= 0 && !l->too_many && i < l->cases.count; i++) {
        size_t len = search_record_key(key, l->cases.list[i]);

        r = name(l, l->cases.list[i]);
        if (r == 0)
            r = reader_reach(rd, c, key, len, &row);
        if (r == 1 && row.key_len == len && memcmp(row.key, key, len) == 0)
            r = add_named(l, &row);
        else if (r == 0) /* the end: what comes before it can still be sought */
            row.key = NULL;
    }
    if (c)
        store_cursor_close(c);
    reader_put_in_order(&l->named);
    return r < 0 ? r : 0;
}

/* ---- the circle ---- */

static int make(struct circle *l, const struct reader_kept_key *key)
{
    struct reader *rd = l->rd;
    struct reader_kept *k = NULL;
    int r = add_asked(l);

    if (r == 0)
        r = add_all_cases(l);
    if (r == 0 && !l->too_many)
        r = add_all_named(l);
    if (r < 0 || l->too_many)
        return r;
    k = reader_kept_new(key, l->cases.count + l->named.count);
    if (!k)
        return 0;
    k->set[READER_NAMED] = k->set[READER_CASES] + l->cases.count;
    k->count[READER_CASES] = l->cases.count;
    k->count[READER_NAMED] = l->named.count;
    if (l->cases.count)
        memcpy(k->set[READER_CASES], l->cases.list,
            l->cases.count * sizeof(*l->cases.list));
    if (l->named.count)
        memcpy(k->set[READER_NAMED], l->named.list,
            l->named.count * sizeof(*l->named.list));
    if (rd->memory)
        reader_kept_put(rd->memory, k);
    rd->circle = k;
    return 0;
}

size_t reader_circle_types(const struct reader *rd, struct reader_kept_key *key)
{
    const unsigned types[] = {rd->t->organization, rd->t->practitioner_role,
        rd->t->service, rd->t->care_team, rd->t->request};

    memcpy(key->types, types, sizeof(types));
    return sizeof(types) / sizeof(types[0]);
}

int reader_know_circle(struct reader *rd, bool making)
{
    struct circle l = {.rd = rd, .cases = {.a = rd->run.a}, .named = {.a = rd->run.a}};
    struct reader_kept_key key = {
        .kind = READER_KEPT_CIRCLE, .who = rd->who, .position = rd->position};
    size_t homes = 0;
    int r = 0;

    if (rd->circle || (rd->circle_sought && !making))
        return 0;
    r = search_homes(&rd->run, &homes);
    if (r < 0 || homes) /* references by an address: asked one by one instead */
        return r;
    reader_circle_types(rd, &key);
    if (!rd->circle_sought && rd->memory)
        rd->circle = reader_kept_get(rd->memory, &key);
    rd->circle_sought = true;
    return making && !rd->circle ? make(&l, &key) : 0;
}

bool reader_circle_names(const struct reader *rd, store_rid rid)
{
    const store_rid *list = rd->circle->set[READER_NAMED];
    size_t low = 0;
    size_t high = rd->circle->count[READER_NAMED];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list[middle] == rid)
            return true;
        if (list[middle] < rid)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
