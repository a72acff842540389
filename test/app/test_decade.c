/* SPDX-License-Identifier: Apache-2.0 */
/* The ten years in small: the same seed makes the same log, figures follow from it, and what was
 * known when can be asked for. That each record is valid is checked by loading. */
#include "app/decade_internal.h"
#include "app/synthetic.h"
#include "crypto/digest.h"
#include "decade.h"

#define PAGE 1000

struct hash {
    uint8_t bytes[32];
};

static struct node node;

static void add_version(struct crypto_digest *digest, const struct store_record *v)
{
    const int64_t numbers[] = {v->seq, v->type, v->updated, v->operation};

    crypto_digest_add(digest, numbers, sizeof(numbers));
    crypto_digest_add(digest, v->id.p, v->id.len);
    crypto_digest_add(digest, v->body.p, v->body.len);
}

/* The whole log, newest first: every version with its moment and its body. Not its hash, which
 * holds the name of the node. */
static struct hash log_hash(const struct node *n)
{
    struct store_reader *reader = NULL;
    struct arena *a = arena_new();
    struct crypto_digest digest;
    struct store_history h = {.limit = PAGE, .body = true};
    struct store_record *list = NULL;
    struct hash hash;
    size_t count = 0;

    crypto_digest_init(&digest);
    assert_int_equal(store_read_begin(app_store(n->app), &reader, NULL), 0);
    do {
        assert_int_equal(store_history(reader, a, &h, &list, &count, NULL), 0);
        for (size_t i = 0; i < count; i++)
            add_version(&digest, &list[i]);
        h.before = count ? list[count - 1].seq : 0;
        arena_reset(a);
    } while (count == PAGE);
    store_read_end(reader);
    arena_free(a);
    crypto_digest_final(&digest, hash.bytes);
    return hash;
}

static struct hash hash_of(bool memory, const struct app_decade_options *how)
{
    struct node n;
    struct hash hash;

    open_decade(&n, memory, how);
    hash = log_hash(&n);
    node_close(&n);
    return hash;
}

/* ---- chance ---- */

/* The numbers of the first machine, so that another that makes others is found. */
static void test_chance(void **state)
{
    struct chance c = chance_from(1, "one");
    struct chance again = chance_from(1, "one");
    struct chance other = chance_from(1, "two");
    uint32_t seen[3] = {0};

    (void)state;
    assert_true(chance_next(&c) == UINT64_C(0xd48ccb44a4618085));
    assert_true(chance_next(&c) == UINT64_C(0x51daa89b6044bcba));
    assert_true(chance_next(&again) != chance_next(&other));
    for (int i = 0; i < 30000; i++) {
        static const uint16_t weights[] = {1, 0, 2};

        seen[chance_weighted(&c, weights, 3)]++;
        assert_in_range(chance_between(&c, 3, 5), 3, 5);
    }
    assert_int_equal(seen[1], 0);
    assert_in_range(seen[2], 19500, 20500);
}

/* ---- the log ---- */

static void test_same(void **state)
{
    const struct app_decade_options how = {
        .seed = APP_DECADE_SEED, .share = 50, .last_year = 2016};
    const struct app_decade_options other = {.seed = 7, .share = 50, .last_year = 2016};
    struct hash first = hash_of(false, &how);
    struct hash second = hash_of(true, &how);
    struct hash third = hash_of(true, &other);

    (void)state;
    assert_memory_equal(first.bytes, second.bytes, sizeof(first.bytes));
    assert_memory_not_equal(first.bytes, third.bytes, sizeof(first.bytes));
}

/* ---- figures ---- */

static int open_two_years(void **state)
{
    (void)state;
    open_decade(&node, true,
        &(struct app_decade_options){
            .seed = APP_DECADE_SEED, .share = 10, .last_year = 2016});
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

static int figure(const char *query)
{
    struct said *s = said_status(GET(&node, query), 200);
    struct str score = json_text(json_get(
        json_get(json_at(json_get(s->json, "group"), 0), "measureScore"), "value"));
    int64_t value = -1;

    assert_true(text_int(score, 0, INT32_MAX, &value));
    said_free(s);
    return (int)value;
}

/* Seven provinces send to the eight; each hospital counts from the day its first team is there. */
static void test_figures(void **state)
{
    int all = figure("Measure/sending-hospitals/$evaluate-measure?periodStart=2015"
                     "&periodEnd=2016");
    int first = figure("Measure/sending-hospitals/$evaluate-measure?periodStart=2015"
                       "&periodEnd=2015");
    int experts = figure("Measure/experts-deployed/$evaluate-measure?periodStart=2015"
                         "&periodEnd=2016");

    (void)state;
    assert_true(synthetic_is(node.app));
    assert_true(first > 0 && first < all);
    assert_true(experts >= all);
    assert_int_equal(figure("Measure/sending-hospitals/$evaluate-measure?"
                            "periodStart=2015&periodEnd=2015-07"),
        0);
}

/* ---- inhabitants ---- */

/* Of the census of 2020, by prefecture; 3,648,100 in all. */
static void test_census(void **state)
{
    static const struct {
        const char *prefecture;
        uint32_t people;
    } census[] = {{"lhasa", 867891}, {"xigaze", 798153}, {"qamdo", 760966},
        {"nyingchi", 238936}, {"shannan", 354035}, {"nagqu", 504838},
        {"ngari", 123281}};
    uint32_t all = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(census) / sizeof(census[0]); i++) {
        uint32_t people = 0;

        for (size_t k = 0; k < decade_place_count; k++) {
            const struct decade_place *place = &decade_places[k];
            bool county = strcmp(place->tier, "county") == 0;
            uint32_t one = decade_inhabitants(place, 2020);

            if (strcmp(county ? place->parent : place->id, census[i].prefecture) != 0)
                continue;
            assert_true(one > 0 && decade_inhabitants(place, 2015) < one);
            people += one;
        }
        assert_int_equal(people, census[i].people);
        all += people;
    }
    assert_int_equal(all, 3648100);
    assert_int_equal(decade_inhabitants(decade_place_named("kashgar"), 2020), 0);
    assert_int_equal(decade_inhabitants(decade_place_named("lhasa"), 2014), 0);
}

/* The women of the region and of Lhasa are those of the census, and in no year are they more than live there. */
static void test_women(void **state)
{
    uint32_t region = 0;
    uint32_t lhasa = 0;

    (void)state;
    for (size_t i = 0; i < decade_place_count; i++) {
        const struct decade_place *place = &decade_places[i];
        uint32_t women = decade_women(place, 2020);
        bool county = strcmp(place->tier, "county") == 0;

        region += women;
        if (strcmp(county ? place->parent : place->id, "lhasa") == 0)
            lhasa += women;
        for (int year = 2015; year <= 2025; year++)
            assert_true(decade_women(place, year) <= decade_inhabitants(place, year));
    }
    assert_int_equal(region, 1734512);
    assert_int_equal(lhasa, 397538);
}

/*
 * In 2016 the seven towns have written down 2015, each once though two hospitals stand in Lhasa; counties come later.
 * 908 of 1,000 of 123,281 are 111,939; of these Burang has 97 and Gerze 212 of 1,000: 10,858 and 23,731, and the
 * town 77,350.
 */
static void test_inhabitants(void **state)
{
    static const char *const towns[] = {
        "lhasa", "xigaze", "shannan", "nyingchi", "qamdo", "nagqu", "ngari"};
    int people = 0;
    int women = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(towns) / sizeof(towns[0]); i++) {
        people += (int)decade_inhabitants(decade_place_named(towns[i]), 2015);
        women += (int)decade_women(decade_place_named(towns[i]), 2015);
    }
    assert_int_equal(figure("Measure/population/$evaluate-measure?periodStart=2015"
                            "&periodEnd=2015&stratum=sex%7Cfemale"),
        women);
    assert_int_equal(figure("Measure/population/$evaluate-measure?periodStart=2015"
                            "&periodEnd=2015&stratum=sex%7Cmale"),
        people - women);
    assert_int_equal(figure("Measure/population/$evaluate-measure?periodStart=2015"
                            "&periodEnd=2015"),
        people);
    assert_int_equal(figure("Measure/population/$evaluate-measure?periodStart=2015"
                            "&periodEnd=2015&stratum=county%7CShiquanhe"),
        77350);
}

/* In the summer of 2016 nobody knew who would come in August. */
static void test_known_at(void **state)
{
    int then = figure("Measure/experts-deployed/$evaluate-measure?periodStart=2015"
                      "&periodEnd=2016&knownAt=2016-07-01T00:00:00Z");
    int now = figure("Measure/experts-deployed/$evaluate-measure?periodStart=2015"
                     "&periodEnd=2016");

    (void)state;
    assert_true(then > 0 && then < now);
    assert_int_equal(
        figure("Measure/experts-deployed/$evaluate-measure?periodStart=2015"
               "&periodEnd=2016&knownAt=2015-07-01T00:00:00Z"),
        0);
}

int main(void)
{
    const struct CMUnitTest small[] = {
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_census),
        cmocka_unit_test(test_women),
        cmocka_unit_test(test_same),
    };
    const struct CMUnitTest made[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_inhabitants),
        cmocka_unit_test(test_known_at),
    };
    int failed = cmocka_run_group_tests(small, NULL, NULL);

    return failed + cmocka_run_group_tests(made, open_two_years, close_node);
}
