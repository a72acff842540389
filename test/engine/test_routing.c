/* SPDX-License-Identifier: Apache-2.0 */
/* Routing against routing.table, whose head says how to read it, and against the rules of
 * its header over random networks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/routing/routing.h"
#include "unit.h"

#define NOW ((int64_t)1767225600000) /* 1 January 2026 */
#define MINUTE ((int64_t)60 * 1000)
#define DAY ((int64_t)24 * 3600 * 1000)
#define PLACES 24
#define ROWS 64

struct world {
    char names[PLACES][16];
    struct travel_place places[PLACES];
    struct travel_way ways[ROWS];
    struct routing_hospital hospitals[PLACES];
    struct routing_person persons[ROWS];
    struct routing_capability rows[ROWS];
    struct routing_network network;
    struct routing_question question;
    int line;
};

static const char *const levels[] = {
    "cannot", "advice", "expert", "supervised", "independent", "teaches"};
static const char *const languages[] = {"tibetan", "chinese", "kazakh", "russian"};

static void bad(const struct world *w, const char *what, const char *word)
{
    fail_msg("routing.table:%d: %s '%s'", w->line, what, word);
}

static unsigned hospital_of(const struct world *w, const char *name)
{
    for (unsigned i = 0; i < w->network.hospital_count; i++)
        if (strcmp(w->names[i], name) == 0)
            return i;
    bad(w, "no such place", name);
    return 0;
}

static uint64_t languages_of(const struct world *w, char *words)
{
    uint64_t bits = 0;
    char *rest = NULL;

    for (char *word = strtok_r(words, "+", &rest); word;
         word = strtok_r(NULL, "+", &rest)) {
        size_t i = 0;

        while (i < 4 && strcmp(languages[i], word) != 0)
            i++;
        if (i == 4)
            bad(w, "no such language", word);
        bits |= (uint64_t)1 << i;
    }
    return bits;
}

/* Does ${word} begin with ${name} and go on with a number? */
static bool number_after(const char *word, const char *name, int *ret)
{
    size_t length = strlen(name);
    char *end = NULL;

    if (strncmp(word, name, length) != 0 || !word[length])
        return false;
    *ret = (int)strtol(word + length, &end, 10);
    return *end == '\0';
}

/* The next word of ${*line} as a number. */
static double number_of(const struct world *w, char **line)
{
    char *word = strtok_r(NULL, " \n", line), *end = NULL;
    double value = word ? strtod(word, &end) : 0;

    if (!word || *end)
        bad(w, "no number", word ? word : "");
    return value;
}

/* place NAME LATITUDE LONGITUDE ALTITUDE PREFECTURE REGION; ${line} is behind "place" */
static void read_place(struct world *w, char *line)
{
    size_t i = w->network.hospital_count;
    struct travel_place *p = &w->places[i];
    struct routing_hospital *h = &w->hospitals[i];
    char *rest = NULL;

    assert_true(i < PLACES);
    snprintf(w->names[i], sizeof(w->names[i]), "%s", strtok_r(line, " ", &rest));
    *h = (struct routing_hospital){.place = (unsigned)i,
        .free_beds = ROUTING_NOT_KNOWN,
        .twin = ROUTING_NOBODY,
        .answer_minutes = ROUTING_NOT_KNOWN};
    p->latitude = number_of(w, &rest);
    p->longitude = number_of(w, &rest);
    p->altitude_m = number_of(w, &rest);
    h->prefecture = (unsigned)number_of(w, &rest);
    h->region = (unsigned)number_of(w, &rest);
    w->network.hospital_count = w->network.ways.place_count = i + 1;
}

/* way ONE OTHER SUMMER WINTER HIGHEST; ${line} is behind "way" */
static void read_way(struct world *w, char *line)
{
    struct travel_way *way = &w->ways[w->network.ways.way_count++];
    char *rest = NULL;

    way->one = hospital_of(w, strtok_r(line, " ", &rest));
    way->other = hospital_of(w, strtok_r(NULL, " ", &rest));
    way->minutes[TRAVEL_SUMMER] = (int)number_of(w, &rest);
    way->minutes[TRAVEL_WINTER] = (int)number_of(w, &rest);
    way->highest_m = number_of(w, &rest);
}

static bool read_person_word(struct world *w, char *word, struct routing_person *p,
    struct routing_capability *row)
{
    int n;

    if (strcmp(word, "now") == 0) {
        p->duty_from = NOW - 60 * MINUTE;
        p->duty_until = NOW + 60 * MINUTE;
    } else if (strcmp(word, "over") == 0) {
        p->duty_from = NOW - 120 * MINUTE;
        p->duty_until = NOW;
    } else if (strcmp(word, "off") == 0) {
        row->equipment_off = true;
    } else if (number_after(word, "in", &n)) {
        p->duty_from = NOW + n * MINUTE;
        p->duty_until = p->duty_from + 600 * MINUTE;
    } else if (number_after(word, "since", &n)) {
        row->since = NOW - n * DAY;
    } else if (number_after(word, "lapsed", &n)) {
        row->until = NOW - n * DAY;
    } else if (number_after(word, "until", &n)) {
        row->until = NOW + n * DAY;
    } else if (number_after(word, "arrives", &n)) {
        p->arrives = NOW + n * DAY;
    } else if (number_after(word, "leaves", &n)) {
        p->leaves = NOW + n * DAY;
    } else if (number_after(word, "left", &n)) {
        p->leaves = NOW - n * DAY;
    } else if (number_after(word, "needs", &n)) {
        p->cases_needed = n;
    } else if (strncmp(word, "speaks=", 7) == 0) {
        p->languages = languages_of(w, word + 7);
    } else {
        return false;
    }
    return true;
}

/* HOSPITAL.beds=N .answer=N/N .twin=HOSPITAL .interpreters=LANGUAGES */
static void read_hospital_word(struct world *w, char *word)
{
    char *what = strchr(word, '.');
    struct routing_hospital *h;

    *what++ = '\0';
    h = &w->hospitals[hospital_of(w, word)];
    if (number_after(what, "beds=", &h->free_beds))
        return;
    if (strncmp(what, "answer=", 7) == 0) {
        h->answer_minutes = (int)strtol(what + 7, &what, 10);
        h->answers = (unsigned)strtoul(what + 1, NULL, 10);
    } else if (strncmp(what, "twin=", 5) == 0)
        h->twin = hospital_of(w, what + 5);
    else if (strncmp(what, "interpreters=", 13) == 0)
        h->interpreters = languages_of(w, what + 13);
    else
        bad(w, "no such word of a hospital", what);
}

/* HOSPITAL=LEVEL[:WORD,WORD...] */
static void read_ability(struct world *w, char *word)
{
    struct routing_network *n = &w->network;
    uint32_t i = (uint32_t)n->capability_count;
    struct routing_capability *row = &w->rows[i];
    char *level = strchr(word, '='), *more, *rest = NULL;
    int found = 0;

    *level++ = '\0';
    more = strchr(level, ':');
    if (more)
        *more++ = '\0';
    while (found < 6 && strcmp(levels[found], level) != 0)
        found++;
    if (found == 6)
        bad(w, "no such level", level);
    w->persons[i] = (struct routing_person){0};
    *row = (struct routing_capability){.illness = 1,
        .hospital = hospital_of(w, word),
        .person = found == ROUTING_BY_ADVICE ? ROUTING_NOBODY : i,
        .level = (enum routing_level)found};
    for (char *one = more ? strtok_r(more, ",", &rest) : NULL; one;
         one = strtok_r(NULL, ",", &rest))
        if (!read_person_word(w, one, &w->persons[i], row))
            bad(w, "no such word of a person", one);
    n->capability_count = n->person_count = i + 1;
}

static void read_network(struct world *w, char *words)
{
    char *rest = NULL;

    for (char *word = strtok_r(words, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest)) {
        char *dot = strchr(word, '.'), *equal = strchr(word, '=');

        if (!equal)
            bad(w, "neither a hospital's nor a person's", word);
        else if (dot && dot < equal)
            read_hospital_word(w, word);
        else
            read_ability(w, word);
    }
}

static void read_question(struct world *w, char *words)
{
    struct routing_question *q = &w->question;
    char *rest = NULL, *word = strtok_r(words, " ", &rest);

    *q = (struct routing_question){
        .illness = 1, .hospital = hospital_of(w, word), .now = NOW};
    while ((word = strtok_r(NULL, " ", &rest))) {
        if (strcmp(word, "routine") == 0)
            q->urgency = ROUTING_ROUTINE;
        else if (strcmp(word, "urgent") == 0)
            q->urgency = ROUTING_URGENT;
        else if (strcmp(word, "emergency") == 0)
            q->urgency = ROUTING_EMERGENCY;
        else if (strcmp(word, "stay") == 0)
            q->may_not_travel = true;
        else if (strcmp(word, "ill") == 0)
            q->state |= ROUTING_ALTITUDE_ILLNESS;
        else if (strcmp(word, "oxygen") == 0)
            q->state |= ROUTING_NEEDS_OXYGEN;
        else if (strcmp(word, "unstable") == 0)
            q->state |= ROUTING_UNSTABLE;
        else if (strcmp(word, "winter") == 0)
            q->season = TRAVEL_WINTER;
        else if (strncmp(word, "speaks=", 7) == 0)
            q->languages = languages_of(w, word + 7);
        else if (!number_after(word, "limit=", &q->limit_minutes) &&
                 !number_after(word, "longest=", &q->longest_minutes))
            bad(w, "no such word of a question", word);
    }
}

/* One reason as the table writes it: NAME[#PERSON][=VALUE[/LIMIT]]. */
static void write_reason(const struct routing_reason *r, char text[64])
{
    int at = snprintf(text, 64, "%s", routing_reason_name(r->code));

    if (r->person != ROUTING_NOBODY)
        at += snprintf(text + at, 64 - (size_t)at, "#%u", r->person + 1);
    if (r->value != 0 || r->limit != 0)
        at += snprintf(text + at, 64 - (size_t)at, "=%d", r->value);
    if (r->limit != 0)
        snprintf(text + at, 64 - (size_t)at, "/%d", r->limit);
}

/* The reason of ${o} that ${word} names, by itself or with all its numbers; or NULL. */
static const struct routing_reason *find_reason(
    const struct routing_option *o, const char *word)
{
    for (unsigned i = 0; i < o->reason_count; i++) {
        const struct routing_reason *r = &o->reasons[i];
        char text[64];

        write_reason(r, text);
        if (strcmp(text, word) == 0 || strcmp(routing_reason_name(r->code), word) == 0)
            return r;
    }
    return NULL;
}

static void print_options(
    const struct world *w, const struct routing_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct routing_option *o = &options[i];

        print_message("  %s%s %s (%s)", o->safe ? "" : "unsafe ",
            routing_kind_name(o->kind), w->names[o->hospital],
            routing_decided_name(o->decided_by));
        for (unsigned k = 0; k < o->reason_count; k++) {
            char text[64];

            write_reason(&o->reasons[k], text);
            print_message(" %s", text);
        }
        print_message("\n");
    }
}

/* "[unsafe] KIND HOSPITAL[: REASON...]"; every reason against it must be named, the others
 * may be, and one after "no" must not be there. */
static bool option_is(const struct world *w, const struct routing_option *o, char *text)
{
    char *rest = NULL, *word = strtok_r(text, " :", &rest);
    unsigned named = 0, against = 0;
    bool safe = strcmp(word, "unsafe") != 0;

    if (!safe)
        word = strtok_r(NULL, " :", &rest);
    if (o->safe != safe || strcmp(word, routing_kind_name(o->kind)) != 0)
        return false;
    word = strtok_r(NULL, " :", &rest);
    if (!word || strcmp(word, w->names[o->hospital]) != 0)
        return false;
    while ((word = strtok_r(NULL, " :", &rest))) {
        bool no = strcmp(word, "no") == 0;
        const struct routing_reason *found;

        if (no)
            word = strtok_r(NULL, " :", &rest);
        if (strcmp(word, routing_decided_name(o->decided_by)) == 0)
            continue;
        found = find_reason(o, word);
        if (!found != no)
            return false;
        named += found && found->code < ROUTING_UNSAFE;
    }
    for (unsigned i = 0; i < o->reason_count; i++)
        against += o->reasons[i].code < ROUTING_UNSAFE;
    return against == named;
}

static bool answer_is(const struct world *w, const struct routing_option *options,
    size_t count, char *expected)
{
    char *rest = NULL;
    size_t i = 0;

    while (*expected == ' ')
        expected += 1;
    if (strncmp(expected, "nobody", 6) == 0)
        return count == 0;
    for (char *one = strtok_r(expected, ";\n", &rest); one;
         one = strtok_r(NULL, ";\n", &rest), i++)
        if (i >= count || !option_is(w, &options[i], one))
            return false;
    return i == count;
}

static size_t answer(struct world *w, struct routing_option *options)
{
    struct routing_network *n = &w->network;

    n->ways.places = w->places;
    n->ways.ways = w->ways;
    n->hospitals = w->hospitals;
    n->persons = w->persons;
    n->capabilities = w->rows;
    travel_sort(w->ways, n->ways.way_count);
    routing_sort(w->rows, n->capability_count);
    return routing_options(n, &routing_rules_default, &w->question, options);
}

/* NAME | QUESTION | NETWORK | OPTIONS */
static bool situation_holds(const struct world *base, char *line)
{
    static struct world w;
    static struct routing_option options[ROUTING_OPTIONS(PLACES)];
    char name[128], kept[1024], *cell[4];
    size_t count;

    w = *base;
    for (int i = 0; i < 4; i++) {
        cell[i] = strsep(&line, "|");
        if (!cell[i])
            bad(&w, "a situation with too few columns", cell[0]);
    }
    snprintf(name, sizeof(name), "%s", cell[0]);
    snprintf(kept, sizeof(kept), "%s", cell[3]);
    read_network(&w, cell[2]);
    read_question(&w, cell[1]);
    count = answer(&w, options);
    if (answer_is(&w, options, count, cell[3]))
        return true;
    print_message("routing.table:%d: %s\n expected%s gave\n", w.line, name, kept);
    print_options(&w, options, count);
    return false;
}

static void the_table(void **state)
{
    const char *folder = getenv("BELAY_TEST_ENGINE");
    char path[512], line[2048];
    static struct world base;
    int situations = 0, failed = 0;
    FILE *f;

    (void)state;
    snprintf(path, sizeof(path), "%s/routing.table", folder ? folder : ".");
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        base.line++;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (strncmp(line, "place ", 6) == 0) {
            read_place(&base, line + 6);
        } else if (strncmp(line, "way ", 4) == 0) {
            read_way(&base, line + 4);
        } else {
            situations++;
            failed += !situation_holds(&base, line);
        }
    }
    fclose(f);
    print_message("%d situations\n", situations);
    assert_int_equal(failed, 0);
    assert_true(situations >= 120);
}

/* ---- the rules of the header over random networks ---- */

static int any(unsigned *seed, int low, int high)
{
    return low + rand_r(seed) % (high - low + 1);
}

static void random_world(struct world *w, unsigned *seed)
{
    int hospitals = any(seed, 1, PLACES), rows = any(seed, 0, ROWS);

    *w = (struct world){0};
    w->network.hospital_count = w->network.ways.place_count = (size_t)hospitals;
    for (int i = 0; i < hospitals; i++) {
        w->places[i] = (struct travel_place){any(seed, 280, 330) / 10.0,
            any(seed, 800, 980) / 10.0,
            any(seed, 0, 5) ? any(seed, 0, 5000) : (double)NAN};
        w->hospitals[i] = (struct routing_hospital){.place = (unsigned)i,
            .prefecture = (unsigned)any(seed, 0, 4),
            .region = (unsigned)any(seed, 0, 2),
            .free_beds = any(seed, -1, 2),
            .twin = any(seed, 0, 1) ? (uint32_t)any(seed, 0, hospitals - 1)
                                    : ROUTING_NOBODY,
            .answer_minutes = any(seed, -1, 300)};
    }
    for (int i = 0; i < rows; i++) {
        enum routing_level level = (enum routing_level)any(seed, 0, 5);

        w->persons[i] =
            (struct routing_person){.arrives = any(seed, 0, 1) * (NOW + DAY),
                .leaves = any(seed, 0, 1) * (NOW + any(seed, -9, 30) * DAY),
                .duty_from = NOW + any(seed, -600, 600) * MINUTE,
                .duty_until = NOW + any(seed, -600, 1200) * MINUTE,
                .cases_needed = any(seed, 0, 3)};
        w->rows[i] = (struct routing_capability){.illness = (uint32_t)any(seed, 1, 2),
            .hospital = (uint32_t)any(seed, 0, hospitals - 1),
            .person = level == ROUTING_BY_ADVICE ? ROUTING_NOBODY : (uint32_t)i,
            .level = level,
            .until = any(seed, 0, 1) * (NOW + any(seed, -9, 9) * DAY),
            .equipment_off = any(seed, 0, 5) == 0};
    }
    w->network.capability_count = w->network.person_count = (size_t)rows;
    w->question = (struct routing_question){.illness = 1,
        .hospital = (uint32_t)any(seed, 0, hospitals - 1),
        .urgency = (enum routing_urgency)any(seed, 0, 2),
        .state = (unsigned)any(seed, 0, 7),
        .may_not_travel = any(seed, 0, 5) == 0,
        .longest_minutes = any(seed, 0, 1) * 300,
        .season = (enum travel_season)any(seed, 0, 1),
        .now = NOW};
}

static void check_option(const struct routing_option *o)
{
    bool against = false;

    assert_true(o->reason_count < ROUTING_REASONS_MAX); /* none was left out */
    for (unsigned k = 0; k < o->reason_count; k++) {
        against = against || o->reasons[k].code < ROUTING_UNSAFE;
        if (k > 0) /* those against it first */
            assert_false(o->reasons[k].code < ROUTING_UNSAFE &&
                         o->reasons[k - 1].code > ROUTING_UNSAFE);
    }
    assert_int_equal(against, !o->safe);
    assert_true(o->minutes >= 0);
}

static void rules_over_random_networks(void **state)
{
    static struct world w;
    static struct routing_option options[ROUTING_OPTIONS(PLACES)],
        again[ROUTING_OPTIONS(PLACES)];
    unsigned seed = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t count;

        random_world(&w, &seed);
        count = answer(&w, options);
        assert_true(count <= ROUTING_OPTIONS(w.network.hospital_count));
        assert_int_equal(answer(&w, again), count);
        assert_memory_equal(options, again, count * sizeof(*options));
        for (size_t i = 0; i < count; i++) {
            check_option(&options[i]);
            assert_int_equal(options[i].decided_by == ROUTING_FIRST, i == 0);
            if (i == 0)
                continue;
            assert_false(options[i].safe && !options[i - 1].safe);
            if (options[i].safe == options[i - 1].safe)
                assert_true(options[i].kind >= options[i - 1].kind);
            for (size_t k = 0; k < i; k++)
                assert_false(options[i].hospital == options[k].hospital &&
                             options[i].kind == options[k].kind);
        }
    }
}

static void ways(void **state)
{
    /* Lhasa and Beijing: the great circle is 2,560 km to within a per cent */
    struct travel_place places[] = {{29.65, 91.10, 3650}, {39.90, 116.40, 44},
        {(double)NAN, (double)NAN, (double)NAN}};
    struct travel_way way = {1, 0, {480, TRAVEL_CLOSED}, 5200};
    struct travel_table table = {places, 3, &way, 1};
    const struct travel_rules *rules = &routing_rules_default.travel;
    struct travel_time time;

    (void)state;
    assert_true(fabs(travel_distance(&places[0], &places[1]) - 2560) < 26);
    assert_true(travel_distance(&places[0], &places[0]) < 1e-9);
    travel_sort(&way, 1);
    time = travel_between(&table, rules, 0, 1, TRAVEL_SUMMER);
    assert_int_equal(time.minutes, 480);
    assert_false(time.estimated);
    assert_int_equal(lround(time.climb_m), 1550);
    assert_int_equal(lround(time.rise_m), -3606);
    time = travel_between(&table, rules, 1, 0, TRAVEL_WINTER);
    assert_int_equal(time.minutes, TRAVEL_CLOSED);
    assert_int_equal(lround(time.climb_m), 5156);
    table.way_count = 0;
    time = travel_between(&table, rules, 0, 1, TRAVEL_SUMMER);
    assert_true(time.estimated && time.minutes > 5600 && time.minutes < 5900);
    assert_int_equal(lround(time.climb_m), 0);
    time = travel_between(&table, rules, 0, 2, TRAVEL_SUMMER);
    assert_int_equal(time.minutes, TRAVEL_NOT_KNOWN);
    assert_true(isnan(time.rise_m) && lround(time.climb_m) == 0);
    assert_int_equal(travel_between(&table, rules, 2, 2, TRAVEL_SUMMER).minutes, 0);
}

static void every_name(void **state)
{
    (void)state;
    for (int i = 0; i < ROUTING_REASON_CODES; i++)
        assert_non_null(routing_reason_name((enum routing_reason_code)i));
    for (int i = ROUTING_TEAM_HERE; i <= ROUTING_OUTSIDE; i++)
        assert_non_null(routing_kind_name((enum routing_kind)i));
    for (int i = ROUTING_FIRST; i <= ROUTING_BY_POSITION; i++)
        assert_non_null(routing_decided_name((enum routing_decided_by)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(rules_over_random_networks),
        cmocka_unit_test(ways),
        cmocka_unit_test(every_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
