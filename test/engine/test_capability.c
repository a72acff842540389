/* SPDX-License-Identifier: Apache-2.0 */
/* What a hospital can do: situations by hand, and the invariants of the header over random
 * evidence. */
#include <stdlib.h>
#include <string.h>

#include "engine/capability/capability.h"
#include "unit.h"

#define NOW ((int64_t)1767225600000)
#define DAY ((int64_t)24 * 3600 * 1000)
#define AGO(days) (NOW - (days)*DAY)
#define IN(days) (NOW + (days)*DAY)
#define MANY 12

/* Those who appear below. */
enum { EXPERT = 1, SURGEON, SECOND, LEARNER };

struct hospital {
    struct capability_person people[MANY];
    struct capability_device devices[MANY];
    uint32_t kinds[2];
    struct capability_case cases[MANY];
    struct capability_interval links[2];
    struct capability_evidence evidence;
};

static struct capability_person *add_person(
    struct hospital *h, uint32_t person, bool visiting, int64_t until)
{
    struct capability_person *p = &h->people[h->evidence.person_count++];

    h->evidence.people = h->people;
    *p = (struct capability_person){
        .person = person, .visiting = visiting, .post = {AGO(900), until}};
    return p;
}

static void add_cases(struct hospital *h, int count, uint32_t leader)
{
    h->evidence.cases = h->cases;
    for (int i = 0; i < count; i++)
        h->cases[h->evidence.case_count++] =
            (struct capability_case){AGO(10 + i), leader, true, true, true};
}

static void need_device(struct hospital *h, uint32_t kind, int64_t from, int64_t until)
{
    h->evidence.devices = h->devices;
    h->devices[h->evidence.device_count++] =
        (struct capability_device){kind, {from, until}};
    h->kinds[0] = kind;
    h->evidence.device_kinds = h->kinds;
    h->evidence.device_kind_count = 1;
}

static struct capability_answer look(const struct hospital *h)
{
    return capability_at(&h->evidence, &capability_rules_default, NOW, false);
}

static struct capability_answer look_without(const struct hospital *h)
{
    return capability_at(&h->evidence, &capability_rules_default, NOW, true);
}

static void the_ladder(void **state)
{
    struct hospital h = {.evidence = {.link_count = 0}};
    struct capability_person *p;

    (void)state;
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    assert_int_equal(look(&h).by, CAPABILITY_NOBODY);
    h.links[0] = (struct capability_interval){AGO(30), 0};
    h.evidence.links = h.links;
    h.evidence.link_count = 1;
    assert_int_equal(look(&h).level, CAPABILITY_BY_ADVICE);
    assert_int_equal(look(&h).since, AGO(30));
    add_person(&h, EXPERT, true, IN(200))->sign_off.from = AGO(3000);
    assert_int_equal(look(&h).level, CAPABILITY_WITH_EXPERT);
    assert_int_equal(look(&h).by, EXPERT);
    assert_int_equal(look(&h).until, IN(200));
    p = add_person(&h, LEARNER, false, 0);
    p->learning.from = AGO(100);
    assert_int_equal(look(&h).level, CAPABILITY_SUPERVISED);
    assert_int_equal(look(&h).by, LEARNER);
    assert_int_equal(look(&h).until, 0); /* with the twin, who stands beside by wire */
    h.links[0].until = IN(20);
    assert_int_equal(look(&h).until, IN(200)); /* with the expert, who stays longer */
    h.links[0].until = 0;
    p->sign_off.from = AGO(5);
    assert_int_equal(look(&h).level, CAPABILITY_INDEPENDENT);
    assert_int_equal(look(&h).since, AGO(5));
    assert_int_equal(look(&h).until, 0);
    p->teaching.from = AGO(1);
    assert_int_equal(look(&h).level, CAPABILITY_TEACHES);
    assert_int_equal(look(&h).carriers, 1);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(capability_level_name(CAPABILITY_NONE), "none");
    assert_string_equal(capability_level_name(CAPABILITY_SUPERVISED), "supervised");
    assert_string_equal(capability_level_name(CAPABILITY_TEACHES), "teaches");
}

static void an_end_ends_the_same_moment(void **state)
{
    struct hospital h = {.evidence = {.link_count = 0}};
    struct capability_person *p = add_person(&h, SURGEON, false, 0);

    (void)state;
    p->sign_off = (struct capability_interval){AGO(100), NOW};
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    p->sign_off.until = NOW + 1;
    assert_int_equal(look(&h).level, CAPABILITY_INDEPENDENT);
    assert_int_equal(look(&h).until, NOW + 1);
    p->post.until = NOW;
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    p->post = (struct capability_interval){NOW, 0};
    assert_int_equal(look(&h).level, CAPABILITY_INDEPENDENT);
    p->post.from = NOW + 1;
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
}

static void an_apprentice_needs_somebody_beside(void **state)
{
    struct hospital h = {.evidence = {.link_count = 0}};

    (void)state;
    add_person(&h, LEARNER, false, 0)->learning.from = AGO(100);
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    /* a visiting doctor who is himself learning is none */
    add_person(&h, EXPERT, true, 0)->learning.from = AGO(100);
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    h.people[1].sign_off.from = AGO(100);
    assert_int_equal(look(&h).level, CAPABILITY_SUPERVISED);
    assert_int_equal(look_without(&h).level, CAPABILITY_NONE);
}

/* A twin who can do it stands beside by wire; advice alone does nothing with hands. */
static void a_twin_stands_beside(void **state)
{
    struct hospital h = {.links = {{AGO(30), IN(10)}}};

    (void)state;
    h.evidence.links = h.links;
    h.evidence.link_count = 1;
    assert_int_equal(look(&h).level, CAPABILITY_BY_ADVICE);
    h.evidence.hands = true;
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    add_person(&h, LEARNER, false, 0)->learning.from = AGO(100);
    assert_int_equal(look(&h).level, CAPABILITY_SUPERVISED);
    assert_int_equal(look(&h).until, IN(10));
    assert_int_equal(look_without(&h).level, CAPABILITY_NONE);
    h.links[0].until = NOW;
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
}

static void devices(void **state)
{
    struct hospital h = {.evidence = {.link_count = 0}};

    (void)state;
    add_person(&h, SURGEON, false, 0)->sign_off.from = AGO(100);
    need_device(&h, 7, AGO(50), AGO(2));
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    assert_int_equal(look(&h).missing, 7);
    need_device(&h, 7, AGO(20), IN(40)); /* another of its kind */
    assert_int_equal(look(&h).level, CAPABILITY_INDEPENDENT);
    assert_int_equal(look(&h).missing, CAPABILITY_NOBODY);
    assert_int_equal(look(&h).since, AGO(20));
    assert_int_equal(look(&h).until, IN(40));
    h.kinds[1] = 8; /* and one more kind, of which there is none */
    h.evidence.device_kind_count = 2;
    assert_int_equal(look(&h).level, CAPABILITY_NONE);
    assert_int_equal(look(&h).missing, 8);
}

static void who_carries_it(void **state)
{
    struct hospital h = {.evidence = {.link_count = 0}};

    (void)state;
    add_person(&h, SURGEON, false, IN(30))->sign_off.from = AGO(100);
    assert_int_equal(look(&h).carriers, 1);
    add_person(&h, SECOND, false, IN(300))->sign_off.from = AGO(10);
    assert_int_equal(look(&h).carriers, 2);
    assert_int_equal(look(&h).by, SECOND); /* who stays longest */
    assert_int_equal(look(&h).until, IN(300));
    add_person(&h, SECOND, false, IN(10))->sign_off.from = AGO(10); /* a second post */
    assert_int_equal(look(&h).carriers, 2);
}

static void three_numbers(void **state)
{
    struct hospital h = {.evidence = {.listed = true}};
    struct capability_answer answer = look(&h);

    (void)state;
    assert_true(answer.listed && !answer.demonstrated && !answer.sustained);
    add_person(&h, SURGEON, false, 0)->sign_off.from = AGO(100);
    add_cases(&h, 2, SURGEON);
    assert_false(look(&h).demonstrated);
    add_cases(&h, 1, SURGEON);
    answer = look(&h);
    assert_true(answer.demonstrated && answer.sustained && answer.lasts);
    assert_int_equal(answer.cases, 3);
    h.people[0].post.until = IN(90); /* leaves within the days */
    answer = look(&h);
    assert_true(answer.demonstrated && !answer.sustained && !answer.lasts);
    h.people[0].post.until = IN(90) + 1;
    assert_true(look(&h).sustained);
    h.people[0].sign_off.until = IN(60); /* lapses */
    assert_false(look(&h).sustained);
    add_person(&h, SECOND, false, 0)->sign_off.from = AGO(5);
    assert_true(look(&h).sustained); /* somebody else can, and the leader stays */
    h.people[0].post.until = IN(30); /* but now those who did it leave */
    assert_false(look(&h).sustained);
}

static void which_cases_count(void **state)
{
    static const struct {
        struct capability_case one;
        int counts;
    } rows[] = {
        {{AGO(1), SURGEON, true, true, true}, 1},
        {{AGO(1), SURGEON, false, true, true}, 0},
        {{AGO(1), SURGEON, true, false, true}, 0},
        {{AGO(1), SURGEON, true, true, false}, 0},
        {{AGO(364), SURGEON, true, true, true}, 1},
        {{AGO(365), SURGEON, true, true, true}, 0},
        {{NOW, SURGEON, true, true, true}, 1},
        {{NOW + 1, SURGEON, true, true, true}, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hospital h = {.evidence = {.cases = &rows[i].one, .case_count = 1}};

        add_person(&h, SURGEON, false, 0)->sign_off.from = AGO(500);
        assert_int_equal(look(&h).cases, rows[i].counts);
        assert_int_equal(look(&h).sustained_cases, rows[i].counts);
    }
}

static void cases_while_the_device_is_off(void **state)
{
    struct hospital h = {.evidence = {.listed = true}};

    (void)state;
    add_person(&h, SURGEON, false, 0)->sign_off.from = AGO(100);
    add_cases(&h, 5, SURGEON);
    need_device(&h, 7, AGO(500), AGO(1));
    assert_false(look(&h).demonstrated);
    h.devices[0].service.until = 0;
    assert_true(look(&h).demonstrated);
}

static void when_the_experts_are_gone(void **state)
{
    struct hospital h = {.links = {{AGO(30), 0}}};
    struct capability_answer answer;

    (void)state;
    h.evidence.links = h.links;
    h.evidence.link_count = 1;
    add_person(&h, EXPERT, true, 0)->sign_off.from = AGO(3000);
    add_person(&h, LEARNER, false, 0)->learning.from = AGO(100);
    add_cases(&h, 4, LEARNER);
    answer = look(&h);
    assert_int_equal(answer.level, CAPABILITY_SUPERVISED);
    assert_true(answer.demonstrated && !answer.sustained);
    answer = look_without(&h);
    assert_int_equal(answer.level, CAPABILITY_NONE); /* the link goes with them */
    assert_false(answer.demonstrated);
}

static void an_illness_needs_all_of_it(void **state)
{
    struct hospital strong = {.evidence = {.listed = false}}, weak = strong,
                    illness = {.evidence = {.listed = true}};
    struct capability_answer needs[2], all, own;

    (void)state;
    add_person(&strong, SURGEON, false, IN(400))->sign_off.from = AGO(100);
    add_person(&strong, SECOND, false, 0)->sign_off.from = AGO(100);
    add_person(&weak, EXPERT, true, IN(50))->sign_off.from = AGO(20);
    add_person(&illness, SURGEON, false, 0);
    add_cases(&illness, 3, SURGEON);
    own = look(&illness);
    needs[0] = look(&strong);
    needs[1] = look(&weak);
    all = capability_of_all(needs, 2, &own, &capability_rules_default);
    assert_int_equal(all.level, CAPABILITY_WITH_EXPERT);
    assert_int_equal(all.by, EXPERT);
    assert_int_equal(all.until, IN(50));
    assert_int_equal(all.since, AGO(20));
    assert_true(all.listed && !all.demonstrated);
    add_person(&weak, SURGEON, false, 0)->sign_off.from = AGO(3);
    needs[1] = look(&weak);
    all = capability_of_all(needs, 2, &own, &capability_rules_default);
    assert_int_equal(all.level, CAPABILITY_INDEPENDENT);
    assert_int_equal(all.carriers, 1); /* the weaker of the two hangs on one */
    assert_int_equal(all.since, AGO(3));
    assert_true(all.demonstrated && all.sustained);
    all = capability_of_all(needs, 1, &own, &capability_rules_default);
    assert_int_equal(all.carriers, 2);
}

/* ---- the invariants over random evidence ---- */

static int any(unsigned *seed, int low, int high)
{
    return low + rand_r(seed) % (high - low + 1);
}

static struct capability_interval any_interval(unsigned *seed)
{
    struct capability_interval i = {0, 0};

    if (any(seed, 0, 2)) {
        i.from = NOW + any(seed, -400, 60) * DAY;
        i.until = any(seed, 0, 1) ? 0 : i.from + any(seed, 1, 500) * DAY;
    }
    return i;
}

static void make_random(struct hospital *h, unsigned *seed)
{
    struct capability_evidence *e = &h->evidence;

    *h = (struct hospital){.evidence = {.listed = any(seed, 0, 1)}};
    e->people = h->people;
    e->devices = h->devices;
    e->device_kinds = h->kinds;
    e->cases = h->cases;
    e->links = h->links;
    e->person_count = (size_t)any(seed, 0, 6);
    e->device_count = (size_t)any(seed, 0, 4);
    e->device_kind_count = (size_t)any(seed, 0, 2);
    e->case_count = (size_t)any(seed, 0, MANY);
    e->link_count = (size_t)any(seed, 0, 2);
    e->hands = any(seed, 0, 1);
    for (size_t i = 0; i < e->person_count; i++)
        h->people[i] = (struct capability_person){(uint32_t)any(seed, 1, 4),
            any(seed, 0, 1), any_interval(seed), any_interval(seed), any_interval(seed),
            any_interval(seed)};
    for (size_t i = 0; i < e->device_count; i++)
        h->devices[i] =
            (struct capability_device){(uint32_t)any(seed, 1, 2), any_interval(seed)};
    for (size_t i = 0; i < 2; i++) {
        h->kinds[i] = (uint32_t)any(seed, 1, 2);
        h->links[i] = any_interval(seed);
    }
    for (size_t i = 0; i < e->case_count; i++)
        h->cases[i] = (struct capability_case){NOW - any(seed, -10, 400) * DAY,
            (uint32_t)any(seed, 1, 4), any(seed, 0, 3) > 0, any(seed, 0, 3) > 0,
            any(seed, 0, 3) > 0};
}

/* End something, now or earlier. */
static void end_something(struct hospital *h, unsigned *seed)
{
    const struct capability_evidence *e = &h->evidence;
    struct capability_interval *ends[] = {
        e->person_count ? &h->people[(size_t)rand_r(seed) % e->person_count].post
                        : NULL,
        e->person_count ? &h->people[(size_t)rand_r(seed) % e->person_count].sign_off
                        : NULL,
        e->device_count ? &h->devices[(size_t)rand_r(seed) % e->device_count].service
                        : NULL,
        e->link_count ? &h->links[(size_t)rand_r(seed) % e->link_count] : NULL};
    struct capability_interval *i = ends[rand_r(seed) % 4];

    if (i && (i->until == 0 || i->until > NOW))
        i->until = NOW - any(seed, 0, 300) * DAY;
}

static void ending_raises_nothing(void **state)
{
    static struct hospital h;
    unsigned seed = 11;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        struct capability_answer before, after, without;

        make_random(&h, &seed);
        before = look(&h);
        without = look_without(&h);
        assert_true(without.level <= before.level);
        assert_false(without.demonstrated && !before.demonstrated);
        assert_false(before.sustained && !before.demonstrated);
        assert_true(before.until == 0 || before.until > NOW);
        assert_true(before.since <= NOW);
        end_something(&h, &seed);
        after = look(&h);
        assert_true(after.level <= before.level);
        assert_false(after.demonstrated && !before.demonstrated);
        assert_false(after.sustained && !before.sustained);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder),
        cmocka_unit_test(names),
        cmocka_unit_test(an_end_ends_the_same_moment),
        cmocka_unit_test(an_apprentice_needs_somebody_beside),
        cmocka_unit_test(a_twin_stands_beside),
        cmocka_unit_test(devices),
        cmocka_unit_test(who_carries_it),
        cmocka_unit_test(three_numbers),
        cmocka_unit_test(which_cases_count),
        cmocka_unit_test(cases_while_the_device_is_off),
        cmocka_unit_test(when_the_experts_are_gone),
        cmocka_unit_test(an_illness_needs_all_of_it),
        cmocka_unit_test(ending_raises_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
