/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader looks up: references in both directions, codes, content. */
#include "view/reader_internal.h"

/* ---- memory ---- */

static size_t place_of(const struct reader_memo *m, uint64_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15ull >> 40) & (m->size - 1);
}

bool reader_memo_get(
    const struct reader_memo *m, uint64_t key, int64_t *ret, int64_t *ret_more)
{
    const struct reader_known *known = NULL;

    if (m->size == 0)
        return false;
    known = &m->places[place_of(m, key)];
    if (known->key != key)
        return false;
    *ret = known->value;
    if (ret_more)
        *ret_more = known->more;
    return true;
}

/* A larger table begins empty: what is forgotten is found out again. */
static int memo_grow(struct reader *rd, struct reader_memo *m)
{
    size_t size = m->size ? m->size * 4 : 64;
    struct reader_known *places = NULL;

    if (size > LIMIT_READER_MEMO)
        return 0;
    places = arena_array(rd->run.a, size, sizeof(*places));
    if (!places)
        return err_nomem(rd->run.err);
    *m = (struct reader_memo){.places = places, .size = size};
    return 0;
}

int reader_memo_put(
    struct reader *rd, struct reader_memo *m, uint64_t key, int64_t value, int64_t more)
{
    struct reader_known *known = NULL;
    int r = m->filled >= m->size / 2 ? memo_grow(rd, m) : 0;

    if (r < 0)
        return r;
    known = &m->places[place_of(m, key)];
    m->filled += known->key == 0;
    *known = (struct reader_known){key, value, more};
    return 0;
}

bool reader_set_has(const struct reader_set *s, store_rid rid)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->list[i] == rid)
            return true;
    }
    return false;
}

int reader_set_add(struct reader *rd, struct reader_set *s, store_rid rid)
{
    if (rid == 0 || reader_set_has(s, rid))
        return 0;
    if (s->count == LIMIT_READER_SET) {
        s->full = true;
        return 0;
    }
    if (s->count == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 8;
        store_rid *grown = arena_grow(
            rd->run.a, s->list, s->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(rd->run.err);
        s->list = grown;
        s->cap = cap;
    }
    s->list[s->count++] = rid;
    return 0;
}

/* ---- references ---- */

bool reader_slot_in(uint16_t slot, const struct fhir_param *param)
{
    for (uint16_t i = 0; param && i < param->slot_count; i++) {
        if (param->slots[i] == slot)
            return true;
    }
    return false;
}

/* What ${slot} names by an address: a record here, or maybe a patient elsewhere. */
static int resolve(
    struct reader *rd, uint16_t slot, store_rid *target, struct reader_refs *refs)
{
    struct str name = {NULL, 0};
    struct str base = {NULL, 0};
    struct str id = {NULL, 0};
    unsigned type = 0;
    int r = 0;

    if (store_rid_type(*target) != 0)
        return 0;
    r = search_own_rid(&rd->run, slot, *target, target);
    if (r < 0 || store_rid_type(*target) != 0)
        return r;
    rd->run.look_rid = 0;
    arena_reset(rd->run.scratch);
    r = store_name(rd->run.r, rd->run.scratch, *target, &name, rd->run.err);
    if (r == 0 && search_home_split(name, &base, &type, &id) && type == rd->t->patient)
        refs->stranger = true;
    return r;
}

static int refs_room(struct reader *rd, struct reader_refs *refs, size_t most)
{
    refs->list = refs->few;
    refs->count = 0;
    refs->stranger = false;
    refs->addressed = false;
    if (most <= sizeof(refs->few) / sizeof(refs->few[0]))
        return 0;
    refs->list = arena_array(rd->run.a, most, sizeof(*refs->list));
    return refs->list ? 0 : err_nomem(rd->run.err);
}

int reader_refs_of(struct reader *rd, store_rid rid, struct reader_refs *ret)
{
    unsigned type = store_rid_type(rid);
    const uint8_t *at = NULL, *end = NULL, *bytes = NULL;
    store_rid target = 0;
    uint16_t slot = 0;
    size_t len = 0;
    int r = search_record_row(&rd->run, rid);

    if (r == 0) /* an entry takes at least four bytes */
        r = refs_room(rd, ret, rd->run.row_len / 4 + 1);
    if (r < 0)
        return r;
    at = rd->run.row_len ? rd->run.row : NULL;
    end = at ? at + rd->run.row_len : NULL;
    while (search_entry_next(&at, end, type, &slot, &bytes, &len)) {
        if (fhir_slots[slot].kind == FHIR_SEARCH_REFERENCE &&
            search_entry_rid(bytes, len, &target))
            ret->list[ret->count++] = (struct reader_ref){slot, target};
    }
    for (size_t i = 0; r == 0 && i < ret->count; i++) {
        ret->addressed |= store_rid_type(ret->list[i].target) == 0;
        r = resolve(rd, ret->list[i].slot, &ret->list[i].target, ret);
    }
    return r;
}

/* Is ${id} that of a patient who is made together with what is judged? */
static bool is_made(const struct reader *rd, struct str id)
{
    for (size_t i = 0; i < rd->made_count; i++) {
        if (str_eq(rd->made[i], id))
            return true;
    }
    return false;
}

/* The record that ${link} names; 0: none that was ever mentioned. */
static int link_target(struct reader *rd, const struct search_link *link,
    store_rid *ret, struct reader_refs *refs)
{
    struct fhir_reference ref = {.form = FHIR_REF_ABSOLUTE, .text = link->id};
    struct str base = {NULL, 0};
    struct str id = {NULL, 0};
    unsigned type = 0;
    int r = 0;

    *ret = 0;
    if (link->type == 0 && !search_slot_by_url(link->slot))
        search_own_reference(&rd->run.bases, &ref);
    if (link->type != 0)
        ref = (struct fhir_reference){
            .form = FHIR_REF_LOCAL, .type = link->type, .id = link->id};
    if (ref.form == FHIR_REF_LOCAL) {
        r = store_find(rd->run.r, ref.type, ref.id, ret, rd->run.err);
        if (r == E_NOT_FOUND && ref.type == rd->t->patient && is_made(rd, ref.id)) {
            *ret = store_rid_first(ref.type);
            return 0;
        }
        /* a patient that nobody has heard of is nobody's here */
        refs->stranger |= r == E_NOT_FOUND && ref.type == rd->t->patient;
        return r == E_NOT_FOUND ? 0 : r;
    }
    if (search_home_split(link->id, &base, &type, &id) && type == rd->t->patient)
        refs->stranger = true;
    return 0;
}

int reader_refs_of_json(struct reader *rd, unsigned type, const struct json *resource,
    struct reader_refs *ret)
{
    const struct search_prepared *p = NULL;
    const void *prepared = NULL;
    store_rid target = 0;
    int r = search_view.prepare(
        rd->run.a, fhir_type_numbered(type), resource, 0, &prepared, rd->run.err);

    p = prepared;
    if (r == 0)
        r = refs_room(rd, ret, p->link_count + 1);
    for (size_t i = 0; r == 0 && i < p->link_count; i++) {
        if (p->links[i].home || !p->links[i].known)
            continue;
        r = link_target(rd, &p->links[i], &target, ret);
        if (r == 0 && target)
            ret->list[ret->count++] = (struct reader_ref){p->links[i].slot, target};
    }
    return r;
}

int reader_targets(struct reader *rd, store_rid rid, const struct fhir_param *param,
    struct reader_set *ret)
{
    struct search_targets targets = {.count = 0};
    int r = search_targets_of(&rd->run, rid, param->slots, param->slot_count, &targets);

    for (size_t i = 0; r == 0 && i < targets.count; i++)
        r = reader_set_add(rd, ret, targets.list[i]);
    return r;
}

static int leaf_sources(struct reader *rd, uint16_t slot, const uint8_t *key,
    size_t len, size_t most, struct reader_set *ret)
{
    struct search_leaf leaf;
    uint64_t n = 0;
    int r = 0;

    search_leaf_init(&leaf, SEARCH_EDGE, key, len, false);
    for (n = 0; r == 0; n++) {
        r = search_leaf_next(&rd->run, &leaf, n, &n);
        if (r < 0 || n == SEARCH_END)
            break;
        if (ret->count >= most) {
            ret->full = true;
            break;
        }
        r = reader_set_add(rd, ret, search_rid(fhir_slots[slot].type, n));
    }
    return r;
}

int reader_sources(struct reader *rd, const struct fhir_param *param, store_rid target,
    size_t most, struct reader_set *ret)
{
    struct search_edge_keys keys;
    int r = 0;

    for (uint16_t i = 0; r == 0 && i < param->slot_count; i++) {
        r = search_edge_keys(&rd->run, param->slots[i], target, &keys);
        for (size_t k = 0; r == 0 && k < keys.count; k++)
            r = leaf_sources(rd, param->slots[i], keys.key[k], keys.len[k], most, ret);
    }
    return r;
}

/* ---- content ---- */

int reader_content(struct reader *rd, store_rid rid, const struct json **ret)
{
    int r = search_look_at(&rd->run, rid);

    *ret = r == 0 ? rd->run.look_json : NULL;
    return r;
}

int reader_has_code(struct reader *rd, store_rid rid, const struct fhir_param *param,
    const char *code, bool *ret)
{
    uint8_t key[SEARCH_KEY_MAX];
    struct search_leaf leaf;
    size_t len = 0;
    int r = 0;

    *ret = false;
    for (uint16_t i = 0; r == 0 && !*ret && i < param->slot_count; i++) {
        len = search_token_key(key, param->slots[i], (struct str){"", 0}, str_of(code));
        search_leaf_init(&leaf, SEARCH_TOKEN, key, len, false);
        r = search_leaf_has(&rd->run, &leaf, (uint64_t)rid & SEARCH_N_MASK, ret);
    }
    return r;
}

int reader_find(struct reader *rd, struct str reference, store_rid *ret)
{
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    int r = 0;

    *ret = 0;
    if (!reference.p)
        return 0;
    ref = fhir_reference_parse(reference, (struct str){NULL, 0});
    search_own_reference(&rd->run.bases, &ref);
    if (ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_find(rd->run.r, ref.type, ref.id, ret, rd->run.err);
    return r == E_NOT_FOUND ? 0 : r;
}

bool reader_period_holds(const struct reader *rd, const struct json *period)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    return fhir_period_range(period, &lo, &hi) && lo <= rd->now && rd->now < hi;
}
