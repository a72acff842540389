/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines first, each by itself; then what only the whole shows: codes that stand there twice, and
 * names of things that do not. A text without a fault becomes tables in the order of codes.
 */
#include "app/catalogue_read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define COLUMNS 8
#define NAME_COLUMN 2
#define NAME_MAX_BYTES 400
#define THINGS_MAX 65535    /* a need is a number of 16 bits */
#define SPECIALTIES_MAX 200 /* the map's answers number them in a byte */

enum kind { SPECIALTY, DEVICE, PROCEDURE, ILLNESS, KINDS };

struct line {
    size_t number;
    struct str whole;
    struct str columns[COLUMNS]; /* the kind first */
};

struct lines {
    struct line *list;
    size_t count, cap;
};

struct reading {
    struct arena *a;
    struct catalogue_faults *faults;
    struct lines of[KINDS];
    struct str version;
    bool no_memory;
};

static const struct {
    const char *name;
    size_t columns;
} kinds[KINDS] = {
    [SPECIALTY] = {"specialty", 4},
    [DEVICE] = {"device", 4},
    [PROCEDURE] = {"procedure", 7},
    [ILLNESS] = {"illness", 8},
};

/* ---- faults ---- */

/* Characters of ${whole} before ${at}, and one. */
static size_t column_of(struct str whole, const char *at)
{
    size_t column = 1;

    for (const char *c = whole.p; c < at; c++)
        column += ((unsigned char)*c & 0xC0) != 0x80;
    return column;
}

static void fault(struct reading *g, const struct line *line, const char *at,
    const char *what, struct str word)
{
    struct catalogue_faults *f = g->faults;
    int shown = (int)(word.len > 60 ? 60 : word.len);

    if (f->count < CATALOGUE_FAULTS) {
        const char *text = word.p
                               ? arena_printf(g->a, "\"%.*s\" %s", shown, word.p, what)
                               : arena_printf(g->a, "%s", what);

        f->list[f->count] = (struct catalogue_fault){
            line->number, column_of(line->whole, at), text ? text : ""};
        g->no_memory = g->no_memory || !text;
    }
    f->count++;
}

static void fault_in(struct reading *g, const struct line *line, size_t column,
    const char *what, bool quote)
{
    struct str word = line->columns[column];

    fault(g, line, word.p, what, quote ? word : (struct str){NULL, 0});
}

/* ---- forms ---- */

static bool is_word(struct str s)
{
    if (s.len < 2 || s.len > 60 || !islower((unsigned char)s.p[0]) ||
        !islower((unsigned char)s.p[s.len - 1]))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!islower((unsigned char)s.p[i]) && s.p[i] != '-')
            return false;
    }
    return true;
}

static bool is_big(char c)
{
    return isupper((unsigned char)c) || isdigit((unsigned char)c);
}

/* K35, B67.5, S52.501 */
static bool is_icd_10(struct str s)
{
    if (s.len < 3 || s.len > 8 || s.len == 4 || !isupper((unsigned char)s.p[0]) ||
        !isdigit((unsigned char)s.p[1]) || !is_big(s.p[2]) ||
        (s.len > 3 && s.p[3] != '.'))
        return false;
    for (size_t i = 4; i < s.len; i++) {
        if (!is_big(s.p[i]))
            return false;
    }
    return true;
}

/* 47.0, 47.01 */
static bool is_icd_9(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (i == 2 ? s.p[i] != '.' : !isdigit((unsigned char)s.p[i]))
            return false;
    }
    return s.len == 4 || s.len == 5;
}

static bool is_version(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '.' && s.p[i] != '-')
            return false;
    }
    return s.len > 0 && s.len <= CATALOGUE_VERSION_MAX;
}

static int level_of(struct str s)
{
    static const char *const levels[] = {[CATALOGUE_MINOR] = "minor",
        [CATALOGUE_MODERATE] = "moderate",
        [CATALOGUE_SERIOUS] = "serious"};

    for (int i = CATALOGUE_MINOR; i <= CATALOGUE_SERIOUS; i++) {
        if (str_is(s, levels[i]))
            return i;
    }
    return -1;
}

static size_t count_words(struct str list)
{
    size_t count = list.len > 0;

    for (size_t i = 0; i < list.len; i++)
        count += list.p[i] == ' ';
    return count;
}

/* ---- one line ---- */

/* The Chinese name may be missing: then the first one is shown to everybody. */
static void check_name(struct reading *g, const struct line *line, size_t column)
{
    struct str name = line->columns[column];
    bool needed = column == NAME_COLUMN;

    if ((name.len == 0 && needed) || (name.len > 0 && name.p[0] == ' '))
        fault_in(g, line, column, "A name is missing here.", false);
    else if (name.len > NAME_MAX_BYTES)
        fault_in(g, line, column, "This name is too long.", false);
}

static void check_procedure(struct reading *g, const struct line *line)
{
    struct str rest = line->columns[6];

    if (!is_word(line->columns[1]))
        fault_in(g, line, 1, "is no code: small letters and hyphens.", true);
    if (count_words(line->columns[4]) > LIMIT_CATALOGUE_NEEDS)
        fault_in(g, line, 4, "These are more than 8 devices.", false);
    if (line->columns[5].len > 0 && !str_is(line->columns[5], "hands"))
        fault_in(g, line, 5, "must be hands, or nothing.", true);
    while (rest.len > 0) {
        struct str code = str_cut(&rest, ' ');

        if (!is_icd_9(code))
            fault(g, line, code.p, "is no code of ICD-9-CM volume 3.", code);
    }
}

static void check_illness(struct reading *g, const struct line *line)
{
    size_t needs = count_words(line->columns[6]);

    if (!is_icd_10(line->columns[1]))
        fault_in(g, line, 1, "is no code of ICD-10-CM.", true);
    if (level_of(line->columns[5]) < 0)
        fault_in(g, line, 5, "must be minor, moderate or serious.", true);
    if (needs == 0)
        fault_in(g, line, 6, "It must need at least one procedure.", false);
    if (needs > LIMIT_CATALOGUE_NEEDS)
        fault_in(g, line, 6, "These are more than 8 procedures.", false);
}

static void check_line(struct reading *g, enum kind kind, const struct line *line)
{
    check_name(g, line, NAME_COLUMN);
    check_name(g, line, NAME_COLUMN + 1);
    if (kind == PROCEDURE)
        check_procedure(g, line);
    else if (kind == ILLNESS)
        check_illness(g, line);
    else if (!is_word(line->columns[1]))
        fault_in(g, line, 1, "is no code: small letters and hyphens.", true);
}

static void keep_line(struct reading *g, enum kind kind, const struct line *line)
{
    struct lines *all = &g->of[kind];

    if (all->count == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 64;
        struct line *grown = arena_grow(
            g->a, all->list, all->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown) {
            g->no_memory = true;
            return;
        }
        all->list = grown;
        all->cap = cap;
    }
    all->list[all->count++] = *line;
}

/* Cut into columns; the number of them, of which no more than COLUMNS are kept. */
static size_t cut_columns(struct line *line)
{
    const char *at = line->whole.p, *end = at + line->whole.len;
    size_t count = 0;

    for (;;) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));

        if (count < COLUMNS)
            line->columns[count] = (struct str){at, (size_t)((tab ? tab : end) - at)};
        count++;
        if (!tab)
            return count;
        at = tab + 1;
    }
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7F)
            return true;
    }
    return false;
}

static void take_version(struct reading *g, const struct line *line, size_t count)
{
    if (count != 2 || !is_version(line->columns[1]))
        fault(g, line, count > 1 ? line->columns[1].p : line->whole.p,
            "Behind catalogue its version must stand: letters, digits, points and "
            "hyphens, at most 40.",
            (struct str){NULL, 0});
    else
        g->version = line->columns[1];
}

static void take_line(struct reading *g, struct line *line, bool first)
{
    size_t count = cut_columns(line);
    struct str kind = line->columns[0];

    if (first != str_is(kind, "catalogue")) {
        fault(g, line, line->whole.p,
            first ? "The first line must be catalogue and its version."
                  : "Only the first line may be this.",
            (struct str){NULL, 0});
        return;
    }
    if (first) {
        take_version(g, line, count);
        return;
    }
    for (int i = 0; i < KINDS; i++) {
        if (!str_is(kind, kinds[i].name))
            continue;
        if (count != kinds[i].columns) {
            fault(g, line, line->whole.p,
                i == ILLNESS     ? "An illness has 8 columns."
                : i == PROCEDURE ? "A procedure has 7 columns."
                                 : "This has 4 columns.",
                (struct str){NULL, 0});
            return;
        }
        check_line(g, (enum kind)i, line);
        keep_line(g, (enum kind)i, line);
        return;
    }
    fault(g, line, line->whole.p, "must be specialty, device, procedure or illness.",
        kind);
}

static void take_lines(struct reading *g, struct str text)
{
    bool first = true;
    struct str rest = text;

    for (size_t number = 1; rest.p; number++) {
        struct line line = {.number = number, .whole = str_cut(&rest, '\n')};

        if (line.whole.len > 0 && line.whole.p[line.whole.len - 1] == '\r')
            line.whole.len--;
        if (line.whole.len == 0 || line.whole.p[0] == '#')
            continue;
        if (!utf8_valid(line.whole.p, line.whole.len) || has_control(line.whole))
            fault(g, &line, line.whole.p,
                "This line is no UTF-8, or has a control character.",
                (struct str){NULL, 0});
        else
            take_line(g, &line, first);
        first = false;
    }
}

/* ---- the whole ---- */

static int compare_codes(const void *one, const void *other)
{
    const struct line *a = one, *b = other;
    int order = str_cmp(a->columns[1], b->columns[1]);

    if (order != 0)
        return order;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void sort_lines(struct reading *g)
{
    for (int i = 0; i < KINDS; i++) {
        struct lines *all = &g->of[i];

        if (all->count > 0)
            qsort(all->list, all->count, sizeof(*all->list), compare_codes);
        for (size_t k = 1; k < all->count; k++) {
            if (str_eq(all->list[k - 1].columns[1], all->list[k].columns[1]))
                fault_in(g, &all->list[k], 1, "stands there twice.", true);
        }
    }
}

static bool find(const struct lines *all, struct str code, uint16_t *ret)
{
    size_t low = 0, high = all->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(all->list[middle].columns[1], code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret = (uint16_t)low;
    return low < all->count && str_eq(all->list[low].columns[1], code);
}

/* What the list in ${column} names, of ${of}. */
static void take_needs(struct reading *g, const struct line *line, size_t column,
    enum kind of, struct catalogue_entry *entry)
{
    struct str rest = line->columns[column];
    uint16_t *needs = arena_array(g->a, count_words(rest) + 1, sizeof(*needs));

    entry->needs = needs;
    g->no_memory = g->no_memory || !needs;
    while (needs && rest.len > 0) {
        struct str code = str_cut(&rest, ' ');

        if (!find(&g->of[of], code, &needs[entry->need_count++]))
            fault(g, line, code.p,
                of == DEVICE ? "is no device of this catalogue."
                             : "is no procedure of this catalogue.",
                code);
    }
}

static const char *kept(struct reading *g, struct str text)
{
    const char *copy = arena_strndup(g->a, text.p, text.len);

    g->no_memory = g->no_memory || !copy;
    return copy;
}

static void take_entry(struct reading *g, enum kind kind, const struct line *line,
    struct catalogue_entry *ret)
{
    uint16_t at = 0;

    ret->code = kept(g, line->columns[1]);
    ret->name = kept(g, line->columns[2]);
    if (kind == PROCEDURE) {
        take_needs(g, line, 4, DEVICE, ret);
        ret->hands = line->columns[5].len > 0;
    }
    if (kind != ILLNESS)
        return;
    take_needs(g, line, 6, PROCEDURE, ret);
    ret->level = (enum catalogue_level)level_of(line->columns[5]);
    ret->specialty = kept(g, line->columns[4]);
    if (!find(&g->of[SPECIALTY], line->columns[4], &at))
        fault_in(g, line, 4, "is no specialty of this catalogue.", true);
}

static const struct catalogue_entry *take_entries(struct reading *g, enum kind kind)
{
    const struct lines *all = &g->of[kind];
    struct catalogue_entry *list = arena_array(g->a, all->count + 1, sizeof(*list));

    g->no_memory = g->no_memory || !list;
    for (size_t i = 0; list && i < all->count; i++)
        take_entry(g, kind, &all->list[i], &list[i]);
    return list;
}

/* Something of each kind, and no more than numbers reach. */
static void check_counts(struct reading *g)
{
    const struct line whole = {.number = 1};

    if (g->of[PROCEDURE].count == 0 || g->of[ILLNESS].count == 0)
        fault(g, &whole, NULL, "There must be a procedure and an illness in it.",
            (struct str){NULL, 0});
    if (g->of[SPECIALTY].count > SPECIALTIES_MAX || g->of[DEVICE].count > THINGS_MAX ||
        g->of[PROCEDURE].count + g->of[ILLNESS].count > THINGS_MAX)
        fault(g, &whole, NULL,
            "There may be 200 specialties, 65,535 devices, and as many procedures and "
            "illnesses together.",
            (struct str){NULL, 0});
}

int catalogue_read(struct arena *a, struct str text, struct catalogue *ret,
    struct catalogue_faults *faults, struct err *err)
{
    struct reading g = {.a = a, .faults = faults};
    struct catalogue made = {NULL};

    faults->count = 0;
    take_lines(&g, text);
    sort_lines(&g);
    check_counts(&g);
    made = (struct catalogue){.devices = take_entries(&g, DEVICE),
        .procedures = take_entries(&g, PROCEDURE),
        .illnesses = take_entries(&g, ILLNESS),
        .device_count = g.of[DEVICE].count,
        .procedure_count = g.of[PROCEDURE].count,
        .illness_count = g.of[ILLNESS].count};
    made.version = kept(&g, g.version.p ? g.version : STR(""));
    if (g.no_memory)
        return err_nomem(err);
    if (faults->count > 0)
        return err_set(err, E_INVALID, NULL,
            "The catalogue has %zu %s; nothing of it was taken over.", faults->count,
            faults->count == 1 ? "fault" : "faults");
    *ret = made;
    return 0;
}
