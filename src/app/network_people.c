/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds which post, and who there is signed off in what, learns it or teaches it. */
#include <stdlib.h>

#include "app/network_internal.h"
#include "engine/competence/recency.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define DAY_MS ((int64_t)24 * 60 * MINUTE_MS)

struct people {
    struct network_joining *j;
    struct network *n;
    size_t cap; /* of carriers */
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
            text_map_put(p->j->scratch, &p->j->people, fact->id, i, NULL) < 0)
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

/* The first days of who was posted here: from the day of arrival, or where that is not told
 * and a team sent them from the first of the posting. Who lives here has none. */
static struct span first_days(const struct people *p,
    const struct network_post_fact *fact, const struct network_post *post)
{
    const struct network_hospital *h = &p->n->hospitals[post->hospital];
    int offset = h->utc_offset == NETWORK_NO_OFFSET ? 0 : h->utc_offset;
    int64_t arrived = fact->arrived;

    if (!fact->expert || h->place == NETWORK_NOBODY ||
        (arrived == NETWORK_NEVER && (!fact->posted || fact->term.from <= 1)))
        return (struct span){0, 0};
    if (arrived == NETWORK_NEVER)
        arrived = (fact->term.from + offset * MINUTE_MS) / DAY_MS;
    return acclimatisation_days(&acclimatisation_rule_default, arrived, offset,
        p->n->places[h->place].altitude_m);
}

static int add_post(
    struct people *p, const struct network_post_fact *fact, store_rid rid)
{
    struct network *n = p->n;
    struct network_post *post = &n->posts[n->post_count];
    uint32_t hospital = NETWORK_NOBODY;
    size_t person = 0;
    int r = 0;

    if (!fact->person.p || !text_map_get(&p->j->people, fact->person, &person) ||
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
    post->fresh = first_days(p, fact, post);
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
    p->j->first_post =
        arena_array(p->j->scratch, n->person_count + 2, sizeof(*p->j->first_post));
    if (!n->posts || !p->j->first_post)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < part->count; i++)
        r = add_post(p, &facts[i], part->rids[i]);
    if (n->post_count > 0)
        qsort(n->posts, n->post_count, sizeof(*n->posts), compare_posts);
    for (size_t person = 0; person <= n->person_count; person++) {
        while (at < n->post_count && n->posts[at].person < person)
            at++;
        p->j->first_post[person] = (uint32_t)at;
    }
    return r;
}

/* ---- who carries what ---- */

static int compare_carriers(const void *one, const void *other)
{
    const struct network_carrier *a = one, *b = other;

    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    if (a->post != b->post)
        return a->post < b->post ? -1 : 1;
    if (a->sign_off.from != b->sign_off.from)
        return a->sign_off.from < b->sign_off.from ? -1 : 1;
    return a->learning.from < b->learning.from ? -1
                                               : a->learning.from > b->learning.from;
}

static struct network_carrier *carrier_new(
    struct people *p, uint32_t thing, size_t post)
{
    struct network *n = p->n;
    struct network_carrier *one = NULL;

    if (n->carrier_count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 256;
        struct network_carrier *grown = arena_grow(
            p->j->a, n->carriers, p->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return NULL;
        n->carriers = grown;
        p->cap = cap;
    }
    one = &n->carriers[n->carrier_count++];
    *one = (struct network_carrier){
        .thing = thing, .hospital = n->posts[post].hospital, .post = (uint32_t)post};
    return one;
}

/* As long as it counts: to the end of its period, or until too few cases end it. */
static struct capability_interval held(
    const struct network *n, uint32_t person, const struct network_sign_off *one)
{
    struct capability_interval term = one->period;

    if (!one->record.p)
        return term;
    for (size_t i = network_first_signed(n, one->record);
         i < n->signing_count && str_eq(n->signings[i].id, one->record); i++) {
        const struct network_signed *s = &n->signings[i];

        if (s->person == person && s->thing == one->thing &&
            s->lapses != RECENCY_NEVER && (term.until == 0 || s->lapses < term.until))
            term.until = s->lapses;
    }
    return term;
}

static int add_sign_offs(struct people *p)
{
    struct network *n = p->n;

    for (size_t i = 0; i < n->post_count; i++) {
        const struct network_person_fact *person = p->j->facts[n->posts[i].person];

        for (size_t k = 0; k < person->sign_off_count; k++) {
            struct network_carrier *one = carrier_new(p, person->sign_offs[k].thing, i);

            if (!one)
                return E_NOMEM;
            one->sign_off = held(n, n->posts[i].person, &person->sign_offs[k]);
        }
    }
    return 0;
}

static int add_learnings(struct people *p)
{
    const struct network_part *part = &p->j->parts[NETWORK_LEARNINGS];
    const struct network_learning_fact *facts = part->list;

    for (size_t i = 0; i < part->count; i++) {
        size_t person = 0;

        if (!facts[i].apprentice.p ||
            !text_map_get(&p->j->people, facts[i].apprentice, &person))
            continue;
        for (size_t post = p->j->first_post[person];
             post < p->j->first_post[person + 1]; post++) {
            struct network_carrier *one = carrier_new(p, facts[i].thing, post);

            if (!one)
                return E_NOMEM;
            one->learning = facts[i].term;
            one->learns = facts[i].rid;
        }
    }
    return 0;
}

size_t network_first_carrier(const struct network *n, uint32_t thing, uint32_t hospital)
{
    size_t low = 0, high = n->carrier_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_carrier *one = &n->carriers[middle];

        if (one->thing < thing || (one->thing == thing && one->hospital < hospital))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool ends_later(
    const struct capability_interval *one, const struct capability_interval *other)
{
    return one->until == 0 ? other->until != 0
                           : other->until != 0 && one->until > other->until;
}

/* One time of teaching of several that follow each other; of two with a pause between them
 * the one that ends later. */
static void add_teaching(
    struct capability_interval *all, const struct capability_interval *term)
{
    bool later = ends_later(term, all);
    const struct capability_interval *first = later ? all : term,
                                     *last = later ? term : all;
    int64_t from = first->from < last->from ? first->from : last->from;

    if (all->from == 0)
        *all = *term;
    else
        *all = first->until == 0 || last->from <= first->until
                   ? (struct capability_interval){from, last->until}
                   : *last;
}

/* The master's own sign-offs in what is taught. */
static void mark_master(
    struct network *n, const struct network_learning_fact *fact, uint32_t person)
{
    for (size_t i = network_first_carrier(n, fact->thing, 0);
         i < n->carrier_count && n->carriers[i].thing == fact->thing; i++) {
        struct network_carrier *one = &n->carriers[i];

        if (one->sign_off.from != 0 && n->posts[one->post].person == person)
            add_teaching(&one->teaching, &fact->term);
    }
}

static void mark_masters(struct people *p)
{
    const struct network_part *part = &p->j->parts[NETWORK_LEARNINGS];
    const struct network_learning_fact *facts = part->list;

    for (size_t i = 0; i < part->count; i++) {
        size_t person = 0;

        if (facts[i].master.p && text_map_get(&p->j->people, facts[i].master, &person))
            mark_master(p->n, &facts[i], (uint32_t)person);
    }
}

static int mark_carried(struct network_joining *j)
{
    struct network *n = j->network;

    n->carried = arena_array(j->a, catalogue_things() + 1, sizeof(*n->carried));
    if (!n->carried)
        return E_NOMEM;
    for (size_t i = 0; i < n->carrier_count; i++)
        n->carried[n->carriers[i].thing] = true;
    return 0;
}

int network_join_people(struct network_joining *j)
{
    struct people p = {.j = j, .n = j->network};
    int r = add_persons(&p);

    if (r == 0)
        r = add_posts(&p);
    if (r == 0)
        r = network_join_signed(j);
    if (r == 0)
        r = add_sign_offs(&p);
    if (r == 0)
        r = add_learnings(&p);
    if (r < 0)
        return r;
    if (p.n->carrier_count > 0)
        qsort(p.n->carriers, p.n->carrier_count, sizeof(*p.n->carriers),
            compare_carriers);
    mark_masters(&p);
    return mark_carried(j);
}
