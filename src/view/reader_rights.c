/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from a person's posts: hospitals, departments, sides of pairings. */
#include "view/reader_internal.h"

/* The sets that ${unit}, where the post is, or its hospital is simply put into. */
static int add_places(struct reader *rd, const struct reader_role *role, store_rid unit,
    store_rid hospital)
{
    const struct {
        bool gives;
        store_rid place;
        struct reader_set *set;
    } places[] = {
        {role->clinical, hospital, &rd->hospitals},
        {role->head, unit, &rd->heads},
        {role->quality, hospital, &rd->quality},
        {role->beds, hospital, &rd->beds},
        {role->directs, hospital, &rd->directed},
        {role->programme, hospital, &rd->homes},
    };
    int r = 0;

    for (size_t i = 0; r == 0 && i < sizeof(places) / sizeof(places[0]); i++) {
        if (places[i].gives)
            r = reader_set_add(rd, places[i].set, places[i].place);
    }
    return r;
}

static int add_post(struct reader *rd, const struct reader_post *post)
{
    const struct reader_role *role = reader_role_named(post->role);
    store_rid unit = 0;
    store_rid hospital = 0;
    int r = reader_find(rd, post->unit, &unit);

    if (r == 0 && unit == 0 && post->unit.p)
        rd->run.addressed = true; /* not to be kept: it may come to be there */
    if (r == 0 && unit)
        r = reader_hospital(rd, unit, &hospital);
    if (r < 0 || !role)
        return r;
    rd->auditor |= role->auditor;
    rd->everywhere |= role->everywhere && !post->unit.p;
    if (hospital == 0)
        return 0;
    if (role->cases)
        r = reader_add_unit(rd, unit, &rd->departments);
    if (r == 0 && role->programme)
        r = reader_add_unit(rd, unit, &rd->homes);
    return r < 0 ? r : add_places(rd, role, unit, hospital);
}

static int add_posts(struct reader *rd, const struct reader_who *who)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < who->post_count; i++)
        r = add_post(rd, &who->posts[i]);
    if (r == 0 && who->post_count)
        r = reader_find(rd, who->practitioner, &rd->person);
    return r;
}

/* ---- shared between requests ---- */

/* All that the rights follow from beside the records of units, as text. */
static int name_person(struct reader *rd, const struct reader_who *who)
{
    size_t room = who->practitioner.len + 32;
    size_t len = 0;
    char *text = NULL;

    for (size_t i = 0; i < who->post_count; i++)
        room += who->posts[i].role.len + who->posts[i].unit.len + 64;
    text = arena_alloc_raw(rd->run.a, room);
    if (!text)
        return err_nomem(rd->run.err);
    for (size_t i = 0; i <= 2 * who->post_count; i++) {
        struct str part = i == 0       ? who->practitioner
                          : i % 2 == 1 ? who->posts[i / 2].role
                                       : who->posts[i / 2 - 1].unit;
        uint32_t size = part.p ? (uint32_t)part.len + 1 : 0;

        memcpy(text + len, &size, sizeof(size)); /* so that no two come to the same */
        len += sizeof(size);
        if (part.p)
            memcpy(text + len, part.p, part.len);
        len += part.p ? part.len : 0;
    }
    rd->who = (struct str){text, len};
    return 0;
}

static struct reader_set *set_of(struct reader *rd, size_t i)
{
    struct reader_set *const sets[READER_KEPT_SETS] = {&rd->hospitals, &rd->departments,
        &rd->heads, &rd->homes, &rd->quality, &rd->beds, &rd->directed};

    return sets[i];
}

static void take(struct reader *rd, struct reader_kept *k)
{
    rd->rights = k;
    rd->person = k->person;
    rd->auditor = k->flags[0];
    rd->everywhere = k->flags[1];
    for (size_t i = 0; i < READER_KEPT_SETS; i++)
        *set_of(rd, i) = (struct reader_set){
            .list = k->set[i], .count = k->count[i], .cap = k->count[i]};
}

static void keep(struct reader *rd, const struct reader_kept_key *key)
{
    struct reader_kept *k = NULL;
    size_t count = 0;

    for (size_t i = 0; i < READER_KEPT_SETS; i++)
        count += set_of(rd, i)->count;
    k = reader_kept_new(key, count);
    if (!k)
        return;
    k->person = rd->person;
    k->flags[0] = rd->auditor;
    k->flags[1] = rd->everywhere;
    for (size_t i = 0; i < READER_KEPT_SETS; i++) {
        const struct reader_set *set = set_of(rd, i);

        if (i)
            k->set[i] = k->set[i - 1] + k->count[i - 1];
        k->count[i] = set->count;
        if (set->count)
            memcpy(k->set[i], set->list, set->count * sizeof(*set->list));
    }
    reader_kept_put(rd->memory, k);
    reader_kept_release(k);
}

static bool may_keep(const struct reader *rd, const struct reader_who *who)
{
    /* a name that is not there yet may come to be; an address is read as the request
     * came in */
    bool all = !rd->run.addressed &&
               (rd->person || !who->practitioner.p || who->post_count == 0);

    for (size_t i = 0; i < who->post_count; i++) {
        struct str unit = who->posts[i].unit;

        all = all && (!unit.p || !memchr(unit.p, ':', unit.len));
    }
    return all && !rd->hospitals.full && !rd->departments.full && !rd->heads.full &&
           !rd->homes.full && !rd->quality.full && !rd->directed.full;
}

static int add_grants(struct reader *rd, const struct reader_who *who)
{
    store_rid patient = 0;
    int r = 0;

    rd->grant_records =
        arena_array(rd->run.a, who->grant_count + 1, sizeof(*rd->grant_records));
    if (!rd->grant_records)
        return err_nomem(rd->run.err);
    for (size_t i = 0; r == 0 && i < who->grant_count; i++) {
        if (who->grants[i].until <= who->now)
            continue;
        r = reader_find(rd, who->grants[i].patient, &patient);
        if (r < 0 || store_rid_type(patient) != rd->t->patient ||
            reader_set_has(&rd->granted, patient))
            continue;
        r = reader_set_add(rd, &rd->granted, patient);
        if (r == 0 && !rd->granted.full)
            rd->grant_records[rd->granted.count - 1] = who->grants[i].record;
    }
    return r;
}

int reader_fill(struct reader *rd, const struct reader_who *who)
{
    struct reader_kept_key key = {.kind = READER_KEPT_RIGHTS,
        .position = rd->position,
        .types = {rd->t->organization}};
    struct reader_kept *k = NULL;
    int r = name_person(rd, who);

    key.who = rd->who;
    if (r == 0 && rd->memory)
        k = reader_kept_get(rd->memory, &key);
    if (k) {
        take(rd, k);
    } else if (r == 0) {
        r = add_posts(rd, who);
        if (r == 0 && rd->memory && may_keep(rd, who))
            keep(rd, &key);
    }
    return r < 0 ? r : add_grants(rd, who);
}
