/* SPDX-License-Identifier: Apache-2.0 */
/* The level of one thing at one hospital at one moment, from its evidence. */
#include "engine/capability/capability.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define NO_END INT64_MAX

const struct capability_rules capability_rules_default = {
    .cases = 3, .within_days = 365, .leaving_days = 90};

struct look {
    const struct capability_evidence *evidence;
    const struct capability_rules *rules;
    int64_t at;
    bool without_experts;
};

/* A time during which somebody carries a level. */
struct carrying {
    int64_t since, until;
};

static int64_t end_of(const struct capability_interval *i)
{
    return i->until == 0 ? NO_END : i->until;
}

/* Something that never began is no interval at all. */
static bool holds(const struct capability_interval *i, int64_t at)
{
    return i->from != 0 && i->from <= at && at < end_of(i);
}

static void narrow(struct carrying *c, const struct capability_interval *i)
{
    if (i->from > c->since)
        c->since = i->from;
    if (end_of(i) < c->until)
        c->until = end_of(i);
}

/* Does ${one} last longer, or as long and since earlier? So answers do not hang on the order
 * in which evidence comes. */
static bool is_longer(const struct carrying *one, const struct carrying *other)
{
    return one->until != other->until ? one->until > other->until
                                      : one->since < other->since;
}

static bool counts(const struct look *look, const struct capability_person *p)
{
    return holds(&p->post, look->at) && !(look->without_experts && p->visiting);
}

/* The device of a kind that stays in service longest. */
static const struct capability_interval *best_device(
    const struct look *look, uint32_t kind)
{
    const struct capability_evidence *e = look->evidence;
    const struct capability_interval *best = NULL;

    for (size_t i = 0; i < e->device_count; i++) {
        const struct capability_interval *service = &e->devices[i].service;

        if (e->devices[i].kind == kind && holds(service, look->at) &&
            (!best || end_of(service) > end_of(best)))
            best = service;
    }
    return best;
}

/* Are all devices there? ${c} becomes as long as they are. */
static bool devices_serve(
    const struct look *look, struct carrying *c, struct capability_answer *answer)
{
    const struct capability_evidence *e = look->evidence;

    for (size_t i = 0; i < e->device_kind_count; i++) {
        const struct capability_interval *service =
            best_device(look, e->device_kinds[i]);

        if (!service) {
            answer->missing = e->device_kinds[i];
            return false;
        }
        narrow(c, service);
    }
    return true;
}

/* The link that holds longest; false: none does. */
static bool find_link(const struct look *look, struct carrying *ret)
{
    const struct capability_evidence *e = look->evidence;
    bool found = false;

    for (size_t i = 0; i < e->link_count && !look->without_experts; i++) {
        struct carrying link = {e->links[i].from, end_of(&e->links[i])};

        if (!holds(&e->links[i], look->at) || (found && !is_longer(&link, ret)))
            continue;
        *ret = link;
        found = true;
    }
    return found;
}

/* Who stands beside an apprentice: anybody here who is signed off, visiting or not, or a twin
 * by wire; the one who does so longest. */
static bool find_supervisor(
    const struct look *look, uint32_t apprentice, struct carrying *ret)
{
    const struct capability_evidence *e = look->evidence;
    bool found = find_link(look, ret);

    for (size_t i = 0; i < e->person_count; i++) {
        const struct capability_person *p = &e->people[i];
        struct carrying c = {0, NO_END};

        if (p->person == apprentice || !counts(look, p) ||
            !holds(&p->sign_off, look->at))
            continue;
        narrow(&c, &p->post);
        narrow(&c, &p->sign_off);
        if (!found || is_longer(&c, ret))
            *ret = c;
        found = true;
    }
    return found;
}

/* The level that ${p} alone gives, and for how long. */
static enum capability_level level_of(
    const struct look *look, const struct capability_person *p, struct carrying *c)
{
    bool able = holds(&p->sign_off, look->at);
    struct carrying beside = {0, 0};

    if (!counts(look, p))
        return CAPABILITY_NONE;
    narrow(c, &p->post);
    if (able) {
        narrow(c, &p->sign_off);
        if (p->visiting)
            return CAPABILITY_WITH_EXPERT;
        if (!holds(&p->teaching, look->at))
            return CAPABILITY_INDEPENDENT;
        narrow(c, &p->teaching);
        return CAPABILITY_TEACHES;
    }
    if (p->visiting || !holds(&p->learning, look->at) ||
        !find_supervisor(look, p->person, &beside))
        return CAPABILITY_NONE;
    narrow(c, &p->learning);
    narrow(c, &(struct capability_interval){beside.since, beside.until});
    return CAPABILITY_SUPERVISED;
}

static void take(struct capability_answer *answer, enum capability_level level,
    uint32_t by, const struct carrying *c)
{
    struct carrying before = {
        answer->since, answer->until == 0 ? NO_END : answer->until};

    if (level < answer->level || level == CAPABILITY_NONE)
        return;
    if (level > answer->level || is_longer(c, &before)) {
        answer->by = by;
        answer->since = c->since;
        answer->until = c->until == NO_END ? 0 : c->until;
    }
    answer->level = level;
}

static void look_at_people(const struct look *look, const struct carrying *devices,
    struct capability_answer *answer)
{
    const struct capability_evidence *e = look->evidence;

    for (size_t i = 0; i < e->person_count; i++) {
        struct carrying c = *devices;
        enum capability_level level = level_of(look, &e->people[i], &c);

        take(answer, level, e->people[i].person, &c);
    }
}

static void look_at_links(const struct look *look, const struct carrying *devices,
    struct capability_answer *answer)
{
    struct carrying c = *devices;
    struct carrying link = {0, 0};

    if (look->evidence->hands || !find_link(look, &link))
        return;
    narrow(&c, &(struct capability_interval){link.since, link.until});
    take(answer, CAPABILITY_BY_ADVICE, CAPABILITY_NOBODY, &c);
}

static bool carries(const struct look *look, const struct carrying *devices,
    enum capability_level level, size_t i)
{
    struct carrying c = *devices;

    return level_of(look, &look->evidence->people[i], &c) == level;
}

/* Different people at the answer's level: one is a hospital that hangs on one person. */
static size_t count_carriers(const struct look *look, const struct carrying *devices,
    enum capability_level level)
{
    const struct capability_evidence *e = look->evidence;
    size_t count = 0;

    if (level < CAPABILITY_WITH_EXPERT)
        return 0;
    for (size_t i = 0; i < e->person_count; i++) {
        bool seen = !carries(look, devices, level, i);

        for (size_t k = 0; k < i && !seen; k++)
            seen = e->people[k].person == e->people[i].person &&
                   carries(look, devices, level, k);
        count += !seen;
    }
    return count;
}

/* Does ${person} stay at this hospital, in a local post, past the leaving days? */
static bool stays(const struct look *look, uint32_t person)
{
    const struct capability_evidence *e = look->evidence;
    int64_t past = look->at + look->rules->leaving_days * DAY_MS;

    for (size_t i = 0; i < e->person_count; i++) {
        const struct capability_person *p = &e->people[i];

        if (p->person == person && !p->visiting && holds(&p->post, look->at) &&
            end_of(&p->post) > past)
            return true;
    }
    return false;
}

static void count_cases(const struct look *look, struct capability_answer *answer)
{
    const struct capability_evidence *e = look->evidence;
    int64_t begin = look->at - look->rules->within_days * DAY_MS;

    for (size_t i = 0; i < e->case_count; i++) {
        const struct capability_case *one = &e->cases[i];

        if (!one->local || !one->outcome_known || !one->success || one->when <= begin ||
            one->when > look->at)
            continue;
        answer->cases += 1;
        answer->sustained_cases += stays(look, one->leader);
    }
}

/* Is it still done by local people alone when those who leave soon have left? Who is known
 * to begin meanwhile counts. */
static bool lasts(const struct look *look, const struct capability_answer *answer)
{
    struct look later = *look;
    struct capability_answer then = {.level = CAPABILITY_NONE};
    struct carrying devices = {0, NO_END};

    later.at += look->rules->leaving_days * DAY_MS;
    later.without_experts = true;
    if (answer->level < CAPABILITY_INDEPENDENT)
        return false;
    if (devices_serve(&later, &devices, &then))
        look_at_people(&later, &devices, &then);
    return then.level >= CAPABILITY_INDEPENDENT;
}

/* What was done by local people and can be done now. A capability that is off while a device
 * is off is not demonstrated meanwhile. */
static void demonstrate(
    struct capability_answer *answer, const struct capability_rules *rules)
{
    answer->demonstrated =
        answer->cases >= rules->cases && answer->level >= CAPABILITY_SUPERVISED;
    answer->sustained = answer->demonstrated && answer->lasts &&
                        answer->sustained_cases >= rules->cases;
}

struct capability_answer capability_at(const struct capability_evidence *evidence,
    const struct capability_rules *rules, int64_t at, bool without_experts)
{
    struct look look = {evidence, rules, at, without_experts};
    struct capability_answer answer = {
        .by = CAPABILITY_NOBODY, .missing = CAPABILITY_NOBODY};
    struct carrying devices = {0, NO_END};

    if (devices_serve(&look, &devices, &answer)) {
        look_at_people(&look, &devices, &answer);
        if (answer.level == CAPABILITY_NONE)
            look_at_links(&look, &devices, &answer);
        answer.carriers = count_carriers(&look, &devices, answer.level);
    }
    answer.listed = evidence->listed;
    answer.lasts = lasts(&look, &answer);
    count_cases(&look, &answer);
    demonstrate(&answer, rules);
    return answer;
}

/* The earlier of two ends, of which 0 is none. */
static int64_t earlier(int64_t one, int64_t other)
{
    if (one == 0 || other == 0)
        return one + other;
    return one < other ? one : other;
}

/* Make ${all} what it is when ${need} is needed too. */
static void join(struct capability_answer *all, const struct capability_answer *need)
{
    struct capability_answer weaker = *all;

    if (need->level < all->level ||
        (need->level == all->level && need->carriers < all->carriers))
        weaker = *need;
    weaker.since = need->since > all->since ? need->since : all->since;
    weaker.until = earlier(need->until, all->until);
    weaker.lasts = need->lasts && all->lasts;
    if (weaker.missing == CAPABILITY_NOBODY)
        weaker.missing =
            all->missing == CAPABILITY_NOBODY ? need->missing : all->missing;
    *all = weaker;
}

struct capability_answer capability_of_all(const struct capability_answer *needs,
    size_t count, const struct capability_answer *illness,
    const struct capability_rules *rules)
{
    struct capability_answer all = needs[0];

    for (size_t i = 1; i < count; i++)
        join(&all, &needs[i]);
    all.listed = illness->listed;
    all.cases = illness->cases;
    all.sustained_cases = illness->sustained_cases;
    demonstrate(&all, rules);
    return all;
}

const char *capability_level_name(enum capability_level level)
{
    static const char *const names[] = {
        "none", "by-advice", "with-expert", "supervised", "independent", "teaches"};

    return names[level];
}
