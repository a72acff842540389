/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References that spell out an address: "http://host/fhir/Patient/1". Whether that is a
 * record here depends on where this node is reached, which may change from one start to
 * the next and differs between clients; the rows must follow from the record alone. So a
 * row keeps the hash of what stands before "/Type/id", whatever it is, and a search asks
 * for its own addresses.
 *
 *   edge      0xffff | home hash 6 | slot 2 | target type varnum | target n varnum | n varnum
 *
 * They stand beside the row that names the whole URL and behind all others of the table,
 * so one seek tells a node where nobody writes such references that there is nothing to
 * do. Canonical references are names, not addresses: they have no such row.
 */
#include "base/hash.h"
#include "base/id.h"

#include "view/search_internal.h"

#define HOME_SLOT 0xffff
#define HOME_HASH 6

uint64_t search_home_hash(struct str base)
{
    uint64_t hash = hash64(base.p, base.len, 5) >> (64 - 8 * HOME_HASH);

    return hash ? hash : 1;
}

/* Cut the last part, behind a '/', off ${text}; p NULL: it has no '/'. */
static struct str cut_last(struct str *text)
{
    size_t i;

    for (i = text->len; i > 0; i--) {
        if (text->p[i - 1] == '/') {
            struct str last = {text->p + i, text->len - i};
            text->len = i - 1;
            return last;
        }
    }
    return (struct str){NULL, 0};
}

bool search_home_split(
    struct str url, struct str *ret_base, unsigned *ret_type, struct str *ret_id)
{
    struct str base = url, id = cut_last(&base), name = cut_last(&base);
    const struct fhir_type *type;

    if (str_is(name, "_history")) {
        id = cut_last(&base);
        name = cut_last(&base);
    }
    type = name.p && id_valid(id) ? fhir_resource_named(name) : NULL;
    if (!type || base.len == 0)
        return false;
    *ret_base = base;
    *ret_type = type->number;
    *ret_id = id;
    return true;
}

void search_own_reference(const struct search_bases *bases, struct fhir_reference *ref)
{
    struct fhir_reference own;
    size_t i;

    for (i = 0; ref->form == FHIR_REF_ABSOLUTE && i < bases->count; i++) {
        own = fhir_reference_parse(ref->text, bases->list[i]);
        if (own.form == FHIR_REF_LOCAL)
            *ref = own;
    }
}

/* ---- rows ---- */

size_t search_home_key(uint8_t *out, uint64_t home, uint16_t slot, store_rid target)
{
    search_put_be(out, HOME_SLOT, 2);
    search_put_be(out + 2, home, HOME_HASH);
    search_put_be(out + 2 + HOME_HASH, slot, 2);
    return 4 + HOME_HASH + search_rid_part(out + 4 + HOME_HASH, target);
}

/* Is there a row that begins with these bytes? */
static int any_row(struct search_run *run, const uint8_t *prefix, size_t len, bool *ret)
{
    struct store_cursor *cursor;
    struct store_row row;
    int r = search_cursor(run, SEARCH_EDGE, run, &cursor);

    if (r < 0)
        return r;
    run->seeks++;
    r = store_cursor_seek(cursor, prefix, len, &row, run->err);
    *ret = r == 1 && row.key_len > len && memcmp(row.key, prefix, len) == 0;
    return r < 0 ? r : 0;
}

/*
 * Was such a row made since the program began, for any store? Set before the row can be
 * seen, never unset. So a store that was found to have none while this was false has none
 * as long as it stays false.
 */
static atomic_bool home_made;

void search_home_note(void)
{
    if (!atomic_load_explicit(&home_made, memory_order_relaxed))
        atomic_store(&home_made, true);
}

static bool knows_none(const struct search_run *run)
{
    return run->bases.none && !atomic_load(&home_made) && atomic_load(run->bases.none);
}

/* Which of our addresses occur in records at all: asked once a run. */
static int find_homes(struct search_run *run)
{
    uint8_t key[2 + HOME_HASH];
    bool any = false;
    size_t i;
    int r;

    if (knows_none(run)) {
        run->homes_known = true;
        return 0;
    }
    search_put_be(key, HOME_SLOT, 2);
    r = any_row(run, key, 2, &any);
    if (r == 0 && !any && run->bases.none && !atomic_load(&home_made))
        atomic_store(run->bases.none, true);
    for (i = 0; r == 0 && any && i < run->bases.count; i++) {
        uint64_t home = search_home_hash(run->bases.list[i]);
        bool found = false;
        search_put_be(key + 2, home, HOME_HASH);
        r = any_row(run, key, sizeof(key), &found);
        if (r == 0 && found)
            run->homes[run->home_count++] = home;
    }
    run->homes_known = r == 0;
    return r;
}

int search_homes(struct search_run *run, size_t *ret)
{
    int r = 0;

    if (!run->homes_known && run->bases.count)
        r = find_homes(run);
    *ret = run->home_count;
    return r;
}

int search_edge_keys(struct search_run *run, uint16_t slot, store_rid target,
    struct search_edge_keys *ret)
{
    size_t homes = 0, i;
    int r = 0;

    ret->count = 1;
    ret->len[0] = (uint8_t)search_edge_key(ret->key[0], slot, target);
    if (store_rid_type(target) != 0 && !search_slot_by_url(slot))
        r = search_homes(run, &homes);
    for (i = 0; r == 0 && i < homes; i++) {
        ret->len[ret->count] =
            (uint8_t)search_home_key(ret->key[ret->count], run->homes[i], slot, target);
        ret->count++;
    }
    return r;
}

int search_own_rid(
    struct search_run *run, uint16_t slot, store_rid target, store_rid *ret)
{
    struct fhir_reference ref = {.form = FHIR_REF_ABSOLUTE};
    size_t homes = 0;
    int r;

    *ret = target;
    if (target == 0 || store_rid_type(target) != 0 || search_slot_by_url(slot))
        return 0;
    run->addressed = true;
    r = search_homes(run, &homes);
    if (r < 0 || homes == 0)
        return r;
    if (!run->names)
        run->names = arena_new();
    if (!run->names)
        return err_nomem(run->err);
    arena_reset(run->names);
    r = store_name(run->r, run->names, target, &ref.text, run->err);
    if (r < 0)
        return r;
    search_own_reference(&run->bases, &ref);
    if (ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_find(run->r, ref.type, ref.id, ret, run->err);
    if (r == E_NOT_FOUND)
        *ret = target;
    return r == E_NOT_FOUND ? 0 : r;
}
