/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The view itself: prepare() works out a resource's rows on the caller's thread; apply()
 * compares them with those of the version before, gives the targets of references their
 * rids and writes what differs. Both lists are sorted, so the comparison is one merge.
 */
#include <string.h>

#include "base/limits.h"

#include "view/search.h"
#include "view/search_rows.h"

unsigned search_first_table;

/* A copy of ${from} in one piece, which points into nothing but itself: most of what is
 * made on the way to it is not needed any more. */
static const struct search_prepared *keep(
    struct arena *a, const struct search_prepared *from)
{
    size_t bytes = from->entries.len, i;
    struct search_prepared *made;
    uint8_t *p;

    for (i = 0; i < from->row_count; i++)
        bytes += from->rows[i].len;
    for (i = 0; i < from->link_count; i++)
        bytes += from->links[i].id.len;
    made = arena_alloc_raw(a, sizeof(*made) + from->row_count * sizeof(*made->rows) +
                                  from->link_count * sizeof(*made->links) + bytes);
    if (!made)
        return NULL;
    *made = *from;
    made->links = (struct search_link *)(made + 1);
    made->rows = (struct search_row *)(made->links + from->link_count);
    p = (uint8_t *)(made->rows + from->row_count);
    for (i = 0; i < from->row_count; i++) {
        made->rows[i] = from->rows[i];
        made->rows[i].key = memcpy(p, from->rows[i].key, from->rows[i].len);
        p += from->rows[i].len;
    }
    for (i = 0; i < from->link_count; i++) {
        struct str id = from->links[i].id;

        made->links[i] = from->links[i];
        if (id.len > 0)
            made->links[i].id.p = memcpy(p, id.p, id.len);
        p += id.len;
    }
    if (from->entries.len > 0)
        made->entries.p = memcpy(p, from->entries.p, from->entries.len);
    return made;
}

static int search_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    struct search_prepared made = {.updated = updated};
    struct arena *scratch = arena_new();
    struct fhir_values values = {0};
    uint16_t i, slot;
    int r = scratch ? 0 : err_nomem(err);

    if (r == 0)
        r = fhir_extract(scratch, resource, type, (struct str){NULL, 0}, &values, err);
    if (r == 0)
        r = search_rows_make(scratch, type, &values, &made, err);
    for (i = 0; r == 0 && i < fhir_type_slot_counts[type->number]; i++) {
        slot = (uint16_t)(fhir_type_slots[type->number] + i);
        if (search_slot_is_updated(slot))
            made.updated_slot = slot;
    }
    if (r == 0) {
        *ret = keep(a, &made);
        r = *ret ? 0 : err_nomem(err);
    }
    arena_free(scratch);
    return r;
}

struct writer {
    struct store_tx *tx;
    struct err *err;
    store_rid rid;
    uint64_t n;
};

static int write_row(
    struct writer *w, unsigned table, const uint8_t *key, size_t len, bool put)
{
    uint8_t full[SEARCH_KEY_MAX + SEARCH_NUMBER_BYTES];

    memcpy(full, key, len);
    len += search_put_number(full + len, w->n);
    table += search_first_table;
    if (put)
        return store_put(w->tx, table, full, len, "", 0, w->err);
    return store_del(w->tx, table, full, len, w->err);
}

static int compare_rows(const struct search_row *a, const struct search_row *b)
{
    int order;

    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    order = memcmp(a->key, b->key, a->len < b->len ? a->len : b->len);
    return order ? order : (int)a->len - (int)b->len;
}

static int write_rows(struct writer *w, const struct search_prepared *old,
    const struct search_prepared *new)
{
    size_t i = 0, j = 0;
    int r = 0;

    while (r == 0 && (i < old->row_count || j < new->row_count)) {
        int order = i == old->row_count   ? 1
                    : j == new->row_count ? -1
                                          : compare_rows(&old->rows[i], &new->rows[j]);
        const struct search_row *row = order < 0 ? &old->rows[i] : &new->rows[j];
        if (order != 0)
            r = write_row(w, row->table, row->key, row->len, order > 0);
        i += order <= 0;
        j += order >= 0;
    }
    return r;
}

static int link_target(struct writer *w, const struct search_link *link, store_rid *ret)
{
    *ret = 0;
    if (!link->known)
        return 0;
    return store_intern(w->tx, link->type, link->id, ret, w->err);
}

/* ${ret_changed}: the references are not what they were. */
static int write_links(struct writer *w, const struct search_prepared *old,
    const struct search_prepared *new, bool *ret_changed)
{
    uint8_t key[SEARCH_KEY_MAX];
    size_t i = 0, j = 0, len;
    store_rid target;
    int r;

    while (i < old->link_count || j < new->link_count) {
        int order = i == old->link_count ? 1
                    : j == new->link_count
                        ? -1
                        : search_link_order(&old->links[i], &new->links[j]);
        const struct search_link *link = order < 0 ? &old->links[i] : &new->links[j];
        if (order != 0) {
            *ret_changed = true;
            r = link_target(w, link, &target);
            if (r < 0)
                return r;
            len = link->home ? search_home_key(key, link->home, link->slot, target)
                             : search_edge_key(key, link->slot, target);
            r = write_row(w, SEARCH_EDGE, key, len, order > 0);
            if (r < 0)
                return r;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}

/* The value of a record's row: the entries of prepare() and the references'. */
static int record_value(
    struct writer *w, const struct search_prepared *p, struct buf *value)
{
    uint8_t part[2 * SEARCH_NUMBER_BYTES];
    store_rid target;
    size_t i, len;
    int r;

    buf_add(value, p->entries.p, p->entries.len);
    for (i = 0; i < p->link_count; i++) {
        if (p->links[i].home)
            continue; /* the URL's own entry stands for both */
        r = link_target(w, &p->links[i], &target);
        if (r < 0)
            return r;
        len = search_rid_part(part, target);
        buf_addc(
            value, (char)(p->links[i].slot - fhir_type_slots[store_rid_type(w->rid)]));
        buf_addc(value, (char)len);
        buf_add(value, part, len);
    }
    return buf_error(value, "search row", w->err);
}

static int write_record(struct writer *w, const struct search_prepared *p)
{
    uint8_t key[2 * SEARCH_NUMBER_BYTES];
    size_t len = search_record_key(key, w->rid);
    unsigned table = search_first_table + SEARCH_RECORD;
    struct buf value;
    int r;

    if (p->entries.len == 0 && p->link_count == 0)
        return store_del(w->tx, table, key, len, w->err);
    buf_init(&value, LIMIT_RECORD_BYTES);
    r = record_value(w, p, &value);
    if (r == 0)
        r = store_put(w->tx, table, key, len, value.data, value.len, w->err);
    buf_done(&value);
    return r;
}

static int write_updated(struct writer *w, uint16_t slot, utc_ms updated, bool put)
{
    uint8_t key[SEARCH_KEY_MAX];

    if (slot == 0)
        return 0;
    search_put_be(key, slot, 2);
    return write_row(
        w, SEARCH_DATE, key, 2 + search_put_date(key + 2, updated, updated + 1), put);
}

static int search_apply(struct store_tx *tx, struct arena *a,
    const struct store_change *change, struct err *err)
{
    static const struct search_prepared nothing;
    const struct search_prepared *old =
        change->old_prepared ? change->old_prepared : &nothing;
    const struct search_prepared *new = change->prepared ? change->prepared : &nothing;
    struct writer w = {.tx = tx, .err = err, .rid = change->rid};
    bool links_changed = false;
    int r;

    (void)a;
    w.n = (uint64_t)change->rid & ((1ull << STORE_RID_BITS) - 1);
    r = write_rows(&w, old, new);
    if (r == 0)
        r = write_links(&w, old, new, &links_changed);
    if (r == 0 && (links_changed || !str_eq(old->entries, new->entries)))
        r = write_record(&w, new);
    if (r < 0 ||
        (old->updated_slot && new->updated_slot && old->updated == change->updated))
        return r;
    r = write_updated(&w, old->updated_slot, old->updated, false);
    if (r == 0)
        r = write_updated(&w, new->updated_slot, change->updated, true);
    return r;
}

static const char *const search_tables[SEARCH_TABLES] = {
    [SEARCH_TOKEN] = "search_token",
    [SEARCH_DATE] = "search_date",
    [SEARCH_NUMBER] = "search_number",
    [SEARCH_STRING] = "search_string",
    [SEARCH_URI] = "search_uri",
    [SEARCH_EDGE] = "search_edge",
    [SEARCH_POSITION] = "search_position",
    [SEARCH_RECORD] = "search_record",
};

/* The form of the rows, and the definitions that shape them. Raise the number when a key
 * or prepare() changes: every node then fills the view again by itself. */
#define SEARCH_FORM "2-"

static char search_digest[64] = SEARCH_FORM;

/* Before main(): a constant initialiser cannot join two strings of different files. */
__attribute__((constructor)) static void join_digest(void)
{
    size_t room = sizeof(search_digest) - sizeof(SEARCH_FORM);

    strncat(search_digest, fhir_tables_digest, room);
}

const struct store_view search_view = {
    .name = "search",
    .digest = search_digest,
    .tables = search_tables,
    .table_count = SEARCH_TABLES,
    .first_table = &search_first_table,
    .keys_only = (1u << SEARCH_RECORD) - 1,
    .prepare = search_prepare,
    .apply = search_apply,
};
