/* SPDX-License-Identifier: Apache-2.0 */
/* Who there is, and who holds which post. */
#include <stdlib.h>

#include "app/network_internal.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define DAY_MS ((int64_t)24 * 60 * MINUTE_MS)

struct people {
    struct network_joining *j;
    struct network *n;
};

/* ---- persons ---- */

/* The bit of ${tag}; 0 when there are more languages than bits. */
static int language_bit(struct people *p, struct str tag, uint64_t *ret)
{
    struct network *n = p->n;
    const char *copy = NULL;

    for (size_t i = 0; i < n->language_count; i++) {
        if (str_eq(n->languages[i], tag)) {
            *ret |= (uint64_t)1 << i;
            return 0;
        }
    }
    if (n->language_count == NETWORK_LANGUAGES)
        return 0;
    copy = arena_strndup(p->j->a, tag.p, tag.len);
    if (!copy)
        return E_NOMEM;
    *ret |= (uint64_t)1 << n->language_count;
    n->languages[n->language_count++] = (struct str){copy, tag.len};
    return 0;
}

static int compare_ids(const void *one, const void *other)
{
    const struct network_person_fact *const *a = one, *const *b = other;

    return str_cmp((*a)->id, (*b)->id);
}

/* In the order of ids: numbers of people, and with them whom an answer names first, do not
 * hang on the order in which records were written. */
static int sort_persons(struct people *p)
{
    const struct network_part *part = &p->j->parts[NETWORK_PEOPLE];
    const struct network_person_fact *facts = part->list;

    p->j->facts = arena_array(
        p->j->scratch, part->count + 1, sizeof(struct network_person_fact *));
    if (!p->j->facts)
        return E_NOMEM;
    for (size_t i = 0; i < part->count; i++)
        p->j->facts[i] = &facts[i];
    if (part->count > 0)
        qsort(p->j->facts, part->count, sizeof(struct network_person_fact *),
            compare_ids);
    p->n->person_count = part->count;
    return 0;
}

static int add_persons(struct people *p)
{
    struct network *n = p->n;
    int r = sort_persons(p);

    n->persons = arena_array(p->j->a, n->person_count + 1, sizeof(*n->persons));
    if (r < 0 || !n->persons)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < n->person_count; i++) {
        const struct network_person_fact *fact = p->j->facts[i];
        struct network_person *person = &n->persons[i];

        r = network_name_make(
            p->j, "Practitioner", fact->id, fact->name, &person->name);
        for (size_t k = 0; r == 0 && k < fact->language_count; k++)
            r = language_bit(p, fact->languages[k], &person->languages);
        if (r == 0 && fact->id.p &&
            text_map_put(p->j->a, &n->people, network_id_of(&person->name), i, NULL) <
                0)
            r = E_NOMEM;
    }
    return r;
}

/* ---- posts ---- */

static int compare_posts(const void *one, const void *other)
{
    const struct network_post *a = one, *b = other;

    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    if (a->term.from != b->term.from)
        return a->term.from < b->term.from ? -1 : 1;
    if (!str_eq(a->unit.reference, b->unit.reference))
        return str_cmp(a->unit.reference, b->unit.reference);
    return a->rid < b->rid ? -1 : a->rid > b->rid;
}

/* An expert at a hospital that is helped is on a visit; where the hospital helps others too,
 * its own experts have posts without an end. */
static bool is_visit(
    const struct people *p, const struct network_post_fact *fact, uint32_t hospital)
{
    return fact->expert && p->j->helped[hospital] &&
           (!p->j->helps[hospital] || fact->term.until != 0);
}

static int copy_times(
    struct people *p, const struct network_post_fact *fact, struct network_post *post)
{
    struct network_hours *hours =
        arena_array(p->j->a, fact->hours_count + 1, sizeof(*hours));
    struct capability_interval *away =
        arena_array(p->j->a, fact->away_count + 1, sizeof(*away));

    if (!hours || !away)
        return E_NOMEM;
    for (size_t i = 0; i < fact->hours_count; i++)
        hours[i] = fact->hours[i];
    for (size_t i = 0; i < fact->away_count; i++)
        away[i] = fact->away[i];
    post->hours = hours;
    post->hours_count = fact->hours_count;
    post->away = away;
    post->away_count = fact->away_count;
    return 0;
}

struct span network_first_days(
    const struct network *n, const struct network_post_fact *fact, uint32_t hospital)
{
    const struct network_hospital *h = &n->hospitals[hospital];
    int offset = h->utc_offset == NETWORK_NO_OFFSET ? 0 : h->utc_offset;
    int64_t arrived = fact->arrived;

    if (!fact->expert || h->place == NETWORK_NOBODY ||
        (arrived == NETWORK_NEVER && (!fact->posted || fact->term.from <= 1)))
        return (struct span){0, 0};
    if (arrived == NETWORK_NEVER)
        arrived = (fact->term.from + offset * MINUTE_MS) / DAY_MS;
    return acclimatisation_days(
        &acclimatisation_rule_default, arrived, offset, n->places[h->place].altitude_m);
}

static int add_post(
    struct people *p, const struct network_post_fact *fact, store_rid rid)
{
    struct network *n = p->n;
    struct network_post *post = &n->posts[n->post_count];
    uint32_t hospital = NETWORK_NOBODY;
    size_t person = 0;
    int r = 0;

    if (!fact->person.p || !text_map_get(&p->n->people, fact->person, &person) ||
        !network_unit_hospital(n, fact->unit, &hospital))
        return 0;
    if (fact->interpreter)
        n->hospitals[hospital].routed.interpreters |= n->persons[person].languages;
    if (!fact->works)
        return 0;
    *post = (struct network_post){.hospital = hospital,
        .person = (uint32_t)person,
        .rid = rid,
        .visiting = is_visit(p, fact, hospital),
        .term = fact->term};
    post->fresh = network_first_days(n, fact, hospital);
    post->id =
        (struct str){arena_strndup(p->j->a, fact->id.p ? fact->id.p : "", fact->id.len),
            fact->id.len};
    if (!post->id.p)
        return E_NOMEM;
    r = network_name_make(p->j, "Organization", fact->unit,
        network_unit_name(p->j, fact->unit), &post->unit);
    n->post_count++;
    return r == 0 ? copy_times(p, fact, post) : r;
}

static int add_posts(struct people *p)
{
    const struct network_part *part = &p->j->parts[NETWORK_POSTS];
    const struct network_post_fact *facts = part->list;
    struct network *n = p->n;
    size_t at = 0;
    int r = 0;

    n->posts = arena_array(p->j->a, part->count + 1, sizeof(*n->posts));
    n->first_post = arena_array(p->j->a, n->person_count + 2, sizeof(*n->first_post));
    if (!n->posts || !n->first_post)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < part->count; i++)
        r = add_post(p, &facts[i], part->rids[i]);
    if (n->post_count > 0)
        qsort(n->posts, n->post_count, sizeof(*n->posts), compare_posts);
    for (size_t person = 0; person <= n->person_count; person++) {
        while (at < n->post_count && n->posts[at].person < person)
            at++;
        n->first_post[person] = (uint32_t)at;
    }
    return r;
}

int network_join_people(struct network_joining *j)
{
    struct people p = {.j = j, .n = j->network};
    int r = add_persons(&p);

    if (r == 0)
        r = add_posts(&p);
    if (r == 0)
        r = network_join_names(j);
    if (r == 0)
        r = network_join_doings(j);
    if (r == 0)
        r = network_join_signed(j);
    return r == 0 ? network_join_carriers(j) : r;
}
