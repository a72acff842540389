/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of one resource: its search values turned into keys, sorted, each once. */
#include "view/search_rows.h"

#include <stdlib.h>

#include "base/limits.h"

struct maker {
    struct arena *a;
    struct search_row *rows;
    size_t row_count;
    struct search_link *links;
    size_t link_count;
    struct buf entries;
    struct buf text;
    bool failed;
};

/* A way of ${steps} single names that are ${names}: Resource.meta.lastUpdated. */
static bool slot_is(uint16_t slot, const char *const *names, uint16_t steps)
{
    const struct fhir_slot *s = &fhir_slots[slot];
    const struct fhir_way *way;
    uint16_t i;

    if (s->count != 1)
        return false;
    way = &fhir_ways[s->first];
    if (way->count != steps)
        return false;
    for (i = 0; i < steps; i++)
        if (strcmp(fhir_steps[way->first + i].name, names[i]) != 0)
            return false;
    return true;
}

bool search_slot_is_updated(uint16_t slot)
{
    static const char *const names[] = {"meta", "lastUpdated"};
    return slot_is(slot, names, 2);
}

static void add_row(
    struct maker *m, enum search_table table, const uint8_t *key, size_t len)
{
    uint8_t *copy = arena_alloc_raw(m->a, len);

    if (!copy) {
        m->failed = true;
        return;
    }
    memcpy(copy, key, len);
    m->rows[m->row_count++] =
        (struct search_row){.table = (uint8_t)table, .len = (uint8_t)len, .key = copy};
}

static void add_token(
    struct maker *m, uint16_t slot, struct str system, struct str code)
{
    uint8_t key[SEARCH_KEY_MAX];

    if (code.len == 0)
        code.p = NULL;
    add_row(m, SEARCH_TOKEN, key, search_token_key(key, slot, system, code));
}

static size_t number_tail(uint8_t *out, const struct fhir_value *v, bool range)
{
    size_t len = 0;

    if (v->kind == FHIR_SEARCH_QUANTITY) {
        struct str unit = v->u.number.code.len ? v->u.number.code : v->u.number.unit;
        search_put_be(out, unit.len ? search_unit_hash(unit) : 0, 3);
        search_put_be(out + 3,
            v->u.number.system.len ? search_system_hash(v->u.number.system) >> 8 : 0,
            2);
        len = 5;
    }
    len += search_put_double(out + len, v->u.number.lo);
    if (range)
        len += search_put_double(out + len, v->u.number.hi);
    return len;
}

static void add_number(struct maker *m, const struct fhir_value *v)
{
    bool range = v->u.number.lo < v->u.number.hi || v->u.number.lo > v->u.number.hi;
    uint8_t key[SEARCH_KEY_MAX];

    search_put_be(key, v->slot | (range ? SEARCH_RANGE_SLOT : 0u), 2);
    add_row(m, SEARCH_NUMBER, key, 2 + number_tail(key + 2, v, range));
}

static void add_string(struct maker *m, const struct fhir_value *v)
{
    uint8_t key[SEARCH_KEY_MAX];
    size_t len;

    buf_clear(&m->text);
    search_fold(&m->text, v->u.string);
    if (m->text.error) {
        m->failed = true;
        return;
    }
    len = m->text.len < SEARCH_TEXT_MAX ? m->text.len : SEARCH_TEXT_MAX;
    search_put_be(key, v->slot, 2);
    if (len)
        memcpy(key + 2, m->text.data, len);
    key[2 + len] = len < m->text.len;
    add_row(m, SEARCH_STRING, key, len + 3);
}

static struct search_link link_of(const struct fhir_value *v)
{
    const struct fhir_reference *ref = &v->u.reference.ref;
    struct search_link link = {.slot = v->slot};
    struct str text = ref->text;

    switch (ref->form) {
    case FHIR_REF_LOCAL:
        link.type = (uint16_t)ref->type;
        link.id = ref->id;
        link.known = true;
        break;
    case FHIR_REF_URN:
    case FHIR_REF_ABSOLUTE:
        link.id = str_cut(&text, '|');
        link.known = link.id.len > 0 && link.id.len <= LIMIT_NAME_BYTES;
        break;
    case FHIR_REF_NONE:
    case FHIR_REF_CONTAINED:
    case FHIR_REF_SEARCH:
    case FHIR_REF_BAD:
        break;
    }
    if (!link.known)
        link.id = (struct str){NULL, 0};
    return link;
}

/* An address that may be one of ours. */
static void add_home_link(struct maker *m, const struct fhir_value *v)
{
    const struct fhir_reference *ref = &v->u.reference.ref;
    struct search_link link = {.slot = v->slot, .known = true};
    struct str base;
    unsigned type;

    if (ref->form != FHIR_REF_ABSOLUTE || search_slot_by_url(v->slot) ||
        !search_home_split(ref->text, &base, &type, &link.id))
        return;
    search_home_note();
    link.home = search_home_hash(base);
    link.type = (uint16_t)type;
    m->links[m->link_count++] = link;
}

static void add_value(struct maker *m, const struct fhir_value *v)
{
    uint8_t key[SEARCH_KEY_MAX];

    search_put_be(key, v->slot, 2);
    switch (v->kind) {
    case FHIR_SEARCH_TOKEN:
        add_token(m, v->slot, v->u.token.system, v->u.token.code);
        break;
    case FHIR_SEARCH_DATE:
        add_row(m, SEARCH_DATE, key,
            2 + search_put_date(key + 2, v->u.date.lo, v->u.date.hi));
        break;
    case FHIR_SEARCH_NUMBER:
    case FHIR_SEARCH_QUANTITY:
        add_number(m, v);
        break;
    case FHIR_SEARCH_STRING:
        add_string(m, v);
        break;
    case FHIR_SEARCH_URI:
        add_row(m, SEARCH_URI, key, search_uri_key(key, v->slot, v->u.uri));
        break;
    case FHIR_SEARCH_REFERENCE:
        m->links[m->link_count++] = link_of(v);
        add_home_link(m, v);
        if (v->u.reference.identifier_value.len)
            add_token(m, v->slot, v->u.reference.identifier_system,
                v->u.reference.identifier_value);
        break;
    case FHIR_SEARCH_SPECIAL:
        search_put_be(
            key + 2, search_cell(v->u.position.latitude, v->u.position.longitude), 8);
        add_row(m, SEARCH_POSITION, key, 10);
        break;
    case FHIR_SEARCH_COMPOSITE:
        break;
    }
}

/* The bytes of a value in `record`; 0: it has none there. */
static size_t entry_of(uint8_t *out, const struct fhir_value *v)
{
    switch (v->kind) {
    case FHIR_SEARCH_DATE:
        return search_put_date(out, v->u.date.lo, v->u.date.hi);
    case FHIR_SEARCH_NUMBER:
    case FHIR_SEARCH_QUANTITY:
        out[0] = v->u.number.lo < v->u.number.hi || v->u.number.lo > v->u.number.hi;
        return 1 + number_tail(out + 1, v, out[0]);
    case FHIR_SEARCH_SPECIAL:
        search_double_key(out, v->u.position.latitude);
        search_double_key(out + 8, v->u.position.longitude);
        return 16;
    case FHIR_SEARCH_STRING:
    case FHIR_SEARCH_TOKEN:
    case FHIR_SEARCH_REFERENCE:
    case FHIR_SEARCH_COMPOSITE:
    case FHIR_SEARCH_URI:
        return 0;
    }
    return 0;
}

static void add_entry(
    struct maker *m, const struct fhir_type *type, const struct fhir_value *v)
{
    uint8_t entry[SEARCH_KEY_MAX];
    size_t len = entry_of(entry, v);

    if (len == 0)
        return;
    buf_addc(&m->entries, (char)(v->slot - fhir_type_slots[type->number]));
    buf_addc(&m->entries, (char)len);
    buf_add(&m->entries, entry, len);
}

static int row_order(const void *x, const void *y)
{
    const struct search_row *a = x, *b = y;
    int order;

    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    order = memcmp(a->key, b->key, a->len < b->len ? a->len : b->len);
    return order ? order : (int)a->len - (int)b->len;
}

int search_link_order(const void *x, const void *y)
{
    const struct search_link *a = x, *b = y;

    if (a->home != b->home)
        return a->home < b->home ? -1 : 1;
    if (a->slot != b->slot)
        return a->slot < b->slot ? -1 : 1;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->known != b->known)
        return a->known ? 1 : -1;
    return str_cmp(a->id, b->id);
}

static size_t unique(
    void *list, size_t count, size_t size, int (*order)(const void *, const void *))
{
    char *p = list;
    size_t kept = 0, i;

    if (count > 1)
        qsort(list, count, size, order);
    for (i = 0; i < count; i++) {
        if (kept && order(p + (kept - 1) * size, p + i * size) == 0)
            continue;
        if (kept != i)
            memcpy(p + kept * size, p + i * size, size);
        kept++;
    }
    return kept;
}

int search_rows_make(struct arena *a, const struct fhir_type *type,
    const struct fhir_values *values, struct search_prepared *ret, struct err *err)
{
    struct maker m = {.a = a};
    const char *entries;
    size_t i;
    int r = 0;

    buf_init(&m.entries, LIMIT_RECORD_BYTES);
    buf_init(&m.text, LIMIT_RECORD_BYTES);
    m.rows = arena_alloc_raw(a, (values->count * 2 + 1) * sizeof(*m.rows));
    m.links = arena_alloc_raw(a, (values->count * 2 + 1) * sizeof(*m.links));
    if (!m.rows || !m.links) {
        r = err_nomem(err);
        goto out;
    }
    for (i = 0; i < values->count && !m.failed; i++) {
        if (search_slot_is_updated(values->list[i].slot))
            continue;
        add_value(&m, &values->list[i]);
        add_entry(&m, type, &values->list[i]);
    }
    entries = arena_strndup(a, m.entries.len ? m.entries.data : "", m.entries.len);
    if (m.failed || m.entries.error || !entries) {
        r = err_nomem(err);
        goto out;
    }
    ret->rows = m.rows;
    ret->row_count = unique(m.rows, m.row_count, sizeof(*m.rows), row_order);
    ret->links = m.links;
    ret->link_count =
        unique(m.links, m.link_count, sizeof(*m.links), search_link_order);
    ret->entries = (struct str){entries, m.entries.len};
out:
    buf_done(&m.entries);
    buf_done(&m.text);
    return r;
}
