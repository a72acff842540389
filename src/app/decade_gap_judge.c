/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The evidence of one procedure at one hospital, as network_evidence.c gathers it from records, and
 * what the engine says to it. Nobody of a sending hospital has a post at home in the decade, so no
 * twin is signed off there, and no link carries anything.
 */
#include "app/decade_gap_internal.h"
#include "app/decade_sign_internal.h"
#include "engine/competence/recency.h"

struct judging {
    struct decade_gaps *g;
    struct clinic *c;
    const struct clinic_line *line;
    const struct gap_line *known;
    const struct decade_list *tied; /* apprenticeships of the department */
    uint32_t at;
    uint32_t hospital;
    utc_ms now;
    const struct procedure_rule *rule;
    struct capability_person *people;
    struct capability_case *cases;
    size_t person_count, case_count;
    utc_ms next; /* the first moment behind now at which something begins or ends */
};

static utc_ms midnight(day_number day)
{
    return (utc_ms)day * GAP_DAY_MS;
}

/* From the first day until the end of the last, as a Period of days is read. */
static struct capability_interval days(day_number from, day_number until)
{
    return (struct capability_interval){
        midnight(from), until == DECADE_NEVER ? 0 : midnight(until + 1)};
}

static void note_moment(struct judging *j, utc_ms at)
{
    if (at > j->now && at < j->next)
        j->next = at;
}

static void note_interval(struct judging *j, const struct capability_interval *one)
{
    note_moment(j, one->from);
    note_moment(j, one->until);
}

static utc_ms minute_of(day_number day, int32_t minute)
{
    return ((utc_ms)day * 1440 + minute) * 60000;
}

static utc_ms moment_of(const struct clinic_operation *o)
{
    return minute_of(o->day, o->minute);
}

/* Does ${o} stand under this line in its record? */
static bool is_ours(const struct judging *j, const struct clinic_operation *o)
{
    return clinic_line_written(j->c, o) == j->at;
}

/* ---- who ---- */

static void sort_moments(int64_t *list, size_t count)
{
    for (size_t i = 1; i < count; i++) { /* most come in their order */
        int64_t one = list[i];
        size_t at = i;

        for (; at > 0 && list[at - 1] > one; at--)
            list[at] = list[at - 1];
        list[at] = one;
    }
}

int gap_lapses(struct decade_gaps *g, const struct clinic_learner *l,
    const struct clinic_sign_off *s, utc_ms *ret)
{
    const struct clinic *c = clinic_of(g->d);
    const struct decade_list *known = &g->lines[l->line].known;
    const struct sign_off_rule *rule = &s->judged.rule->sign_off;
    const struct recency_rule recency = {rule->recent_cases, (int)rule->recent_days};
    int64_t *when = arena_array(g->scratch, known->count + 1u, sizeof(*when));
    utc_ms from = minute_of(s->from, SIGN_MINUTE);
    utc_ms waived =
        clinic_waived(s) + 1; /* as it is read: to the end of its millisecond */
    size_t count = 0;

    if (!when)
        return E_NOMEM;
    for (uint32_t i = 0; i < known->count; i++) {
        const struct clinic_operation *o = &c->operations[known->at[i]];

        if (o->people[FUNCTION_OPERATOR] == l->person &&
            clinic_line_written(c, o) == l->line)
            when[count++] = moment_of(o);
    }
    sort_moments(when, count);
    *ret = recency_lapses(&recency, when, count, waived > from ? waived : from);
    return 0;
}

static struct capability_person *add_person(
    struct judging *j, uint32_t person, const struct capability_interval *post)
{
    struct capability_person *one = &j->people[j->person_count++];

    *one = (struct capability_person){.person = person, .post = *post};
    return one;
}

static int add_signed(struct judging *j, const struct clinic_learner *l,
    const struct capability_interval *post)
{
    const struct clinic_sign_off *s = NULL;
    struct capability_interval term = {0, 0};
    int64_t lapses = RECENCY_NEVER;
    int r = 0;

    if (l->sign_off == 0)
        return 0;
    s = &j->c->sign_offs[l->sign_off - 1];
    term.from = minute_of(s->from, SIGN_MINUTE);
    term.until = midnight(s->stops + 1);
    if (term.until <= term.from)
        return 0;
    r = gap_lapses(j->g, l, s, &lapses);
    if (r == 0 && lapses != RECENCY_NEVER && lapses < term.until)
        term.until = lapses;
    note_interval(j, &term);
    add_person(j, l->person, post)->sign_off = term;
    return r;
}

static void add_learning(struct judging *j, const struct clinic_learner *l,
    const struct capability_interval *post)
{
    for (uint32_t i = 0; i < j->tied->count; i++) {
        const struct clinic_apprenticeship *a = &j->c->apprenticeships[j->tied->at[i]];
        struct capability_interval term;

        if (a->apprentice != l->person || !clinic_aims_at(a, j->line->technique) ||
            midnight(a->until + 1) <= j->now)
            continue;
        term = days(a->from, a->until);
        note_interval(j, &term);
        add_person(j, l->person, post)->learning = term;
    }
}

static int add_learners(struct judging *j)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < j->known->learners.count; i++) {
        const struct clinic_learner *l = &j->c->learners[j->known->learners.at[i]];
        const struct decade_person *p = &j->g->d->people[l->person];
        struct capability_interval post = days(p->from, p->until);

        if (post.until && post.until <= j->now)
            continue;
        note_interval(j, &post);
        r = add_signed(j, l, &post);
        add_learning(j, l, &post);
    }
    return r;
}

static void add_experts(struct judging *j)
{
    const struct decade *d = j->g->d;
    const struct decade_technique *t = &decade_techniques[j->line->technique];
    const struct decade_list *all = &j->g->hospitals[j->hospital].postings;

    for (uint32_t i = 0; i < all->count; i++) {
        const struct decade_posting *p = &d->postings[all->at[i]];
        struct capability_interval post = days(p->from, p->until);
        struct capability_person *one = NULL;

        if (post.until <= j->now || !clinic_brought(&d->people[p->person], t))
            continue;
        note_interval(j, &post);
        one = add_person(j, p->person, &post);
        one->visiting = true;
        one->sign_off = (struct capability_interval){1, 0};
    }
}

/* Rows at most: a sign-off a learner, what they learn, a posting each. */
static int gather_people(struct judging *j)
{
    size_t most = j->known->learners.count + (size_t)j->tied->count +
                  j->g->hospitals[j->hospital].postings.count;
    int r = 0;

    j->people = arena_array(j->g->scratch, most + 1, sizeof(*j->people));
    if (!j->people)
        return E_NOMEM;
    r = add_learners(j);
    add_experts(j);
    return r;
}

/* ---- what was done ---- */

static int gather_cases(struct judging *j, utc_ms *ret_first)
{
    const struct decade_list *all = &j->known->known;
    const utc_ms year = capability_rules_default.within_days * GAP_DAY_MS;
    utc_ms first = 0;

    j->cases = arena_array(j->g->scratch, all->count + 1u, sizeof(*j->cases));
    if (!j->cases)
        return E_NOMEM;
    for (uint32_t i = 0; i < all->count; i++) {
        const struct clinic_operation *o = &j->c->operations[all->at[i]];
        uint32_t leader = o->people[FUNCTION_OPERATOR];
        enum procedure_result results[LOOKS];
        enum sign_off_outcome outcome = OUTCOME_NOT_KNOWN;
        utc_ms when = moment_of(o);

        if (!is_ours(j, o))
            continue;
        first = first == 0 || when < first ? when : first;
        if (when <= j->now - year)
            continue;
        for (int k = 0; k < LOOKS; k++)
            results[k] = (enum procedure_result)o->results[k];
        outcome = procedure_outcome(j->rule, results);
        note_moment(j, when + year);
        j->cases[j->case_count++] = (struct capability_case){.when = when,
            .leader = leader,
            .local = j->g->d->people[leader].role != ROLE_EXPERT,
            .outcome_known = outcome != OUTCOME_NOT_KNOWN,
            .success = outcome == OUTCOME_GOOD};
    }
    *ret_first = first;
    return 0;
}

/* A row for each kind that serves now. */
static size_t gather_devices(const struct judging *j, uint32_t *kinds,
    struct capability_device *devices, size_t *ret_kinds)
{
    const struct catalogue_entry *one = catalogue_thing(j->known->thing);
    size_t count = 0;

    for (size_t i = 0; i < one->need_count; i++) {
        kinds[i] = one->needs[i];
        if (j->g->hospitals[j->hospital].serves[one->needs[i]])
            devices[count++] = (struct capability_device){one->needs[i], {1, 0}};
    }
    *ret_kinds = one->need_count;
    return count;
}

int gap_line_judge(struct decade_gaps *g, uint32_t at, utc_ms now, struct err *err)
{
    struct clinic *c = clinic_of(g->d);
    struct judging j = {.g = g,
        .c = c,
        .line = &c->lines[at],
        .known = &g->lines[at],
        .tied = &g->tied[c->lines[at].department],
        .at = at,
        .hospital = g->d->departments[c->lines[at].department].hospital,
        .now = now,
        .next = UTC_MS_MAX};
    const struct catalogue_entry *thing = catalogue_thing(g->lines[at].thing);
    uint32_t *kinds = arena_array(g->scratch, thing->need_count + 1u, sizeof(*kinds));
    struct capability_device *devices =
        arena_array(g->scratch, thing->need_count + 1u, sizeof(*devices));
    struct capability_evidence e = {.hands = thing->hands};
    int r = kinds && devices
                ? procedure_rule_of(g->d->app->rules, str_of(thing->code), &j.rule, err)
                : err_nomem(err);

    if (r == 0 && (gather_people(&j) < 0 || gather_cases(&j, &g->lines[at].first) < 0))
        r = err_nomem(err);
    if (r == 0) {
        e.device_count = gather_devices(&j, kinds, devices, &e.device_kind_count);
        e.device_kinds = kinds;
        e.devices = devices;
        e.people = j.people;
        e.person_count = j.person_count;
        e.cases = j.cases;
        e.case_count = j.case_count;
        g->lines[at].answer = capability_at(&e, &capability_rules_default, now, false);
        g->lines[at].next =
            j.next == UTC_MS_MAX ? DECADE_NEVER : (day_number)(j.next / GAP_DAY_MS);
    }
    arena_reset(g->scratch);
    return r;
}

/* ---- a gap ---- */

static bool all_serve(const struct gap_hospital *h, uint32_t procedure)
{
    const struct catalogue_entry *one = catalogue_thing(procedure);

    for (size_t i = 0; i < one->need_count; i++) {
        if (!h->serves[one->needs[i]])
            return false;
    }
    return true;
}

static bool is_equipped(const struct decade_gaps *g, const struct gap *gap)
{
    const struct gap_hospital *h = &g->hospitals[gap->hospital];
    const struct catalogue_entry *one = catalogue_thing(gap->thing);

    if (catalogue_is_procedure(gap->thing))
        return all_serve(h, gap->thing);
    for (size_t i = 0; i < one->need_count; i++) {
        if (!all_serve(h, one->needs[i]))
            return false;
    }
    return true;
}

struct gap_look gap_stands(const struct decade_gaps *g, const struct gap *gap)
{
    struct capability_answer needs[LIMIT_CATALOGUE_NEEDS];
    struct gap_look l = {.thing = gap->thing, .known = true, .facts = gap->facts};
    bool lacks = gap->lacks;
    utc_ms last = 0;

    for (uint32_t i = 0; i < gap->line_count; i++) {
        const struct gap_line *line = &g->lines[gap->lines[i]];

        needs[i] = line->answer;
        lacks = lacks || line->first == 0;
        last = line->first > last ? line->first : last;
    }
    l.history.first_here = lacks ? 0 : last;
    l.facts.planned = gap->planned != 0;
    l.facts.equipped = is_equipped(g, gap);
    l.facts.done = l.history.first_here != 0;
    l.facts.demonstrated =
        !gap->lacks && network_all_of(needs, gap->line_count, false).demonstrated;
    l.state = gap_judge(&l.facts);
    return l;
}
