/* SPDX-License-Identifier: Apache-2.0 */
/* What each line of a file of volumes says, and what is wrong with it. */
#include <math.h>
#include <stdlib.h>

#include "app/volume.h"
#include "app/volume_file_internal.h"

#define MOST_WITHIN 10 /* a unit within a unit */

const char *const volume_columns[VOLUME_COLUMNS] = {
    "kind", "hospital", "department", "place", "month", "sex", "language", "value"};

struct reading {
    struct arena *arena;
    const struct volume_known *known;
    struct volume_line *line;
    struct volume v;
};

const char *volume_fault_text(enum volume_fault fault)
{
    switch (fault) {
    case VOLUME_NEEDED:
        return "Nothing stands here. Write it there.";
    case VOLUME_NO_KIND:
        return "This word means nothing here. Write outpatients, inpatients, "
               "surgeries, life-expectancy or population.";
    case VOLUME_NO_UNIT:
        return "Nothing here has this name. Write its name as it stands here, or its "
               "id.";
    case VOLUME_TWO_UNITS:
        return "Several have this name. Write its id in place of its name.";
    case VOLUME_NO_MONTH:
        return "This is no month. Write it as 2021-03.";
    case VOLUME_NO_YEAR:
        return "This is no year. Write it as 2021.";
    case VOLUME_NO_NUMBER:
        return "This is no number. Write digits alone, with a point before decimals, "
               "such as 70.6.";
    case VOLUME_NO_PART:
        return "Inhabitants alone are told by sex or by language. Leave this empty.";
    case VOLUME_TWO_PARTS:
        return "A line is of one sex or of one language. Leave one of the two empty.";
    case VOLUME_NO_SEX:
        return "This is no sex that is known here. Write female, male or other; "
               "nothing where it is of all.";
    case VOLUME_NO_LANGUAGE:
        return "This is no language as they are written here. Write its code, such as "
               "bo or zh; nothing where it is of all.";
    case VOLUME_TWICE:
        return "The same stands in a line above. Leave one of the two out.";
    case VOLUME_RIGHT:
        break;
    }
    return "";
}

static void wrong(struct reading *r, enum volume_column column, enum volume_fault fault)
{
    r->line->state = VOLUME_BAD;
    if (r->line->faults[column] == VOLUME_RIGHT)
        r->line->faults[column] = r->line->cells[column].len ? fault : VOLUME_NEEDED;
}

/* ---- whose it is ---- */

static bool is_within(
    const struct volume_units *units, const struct volume_unit *unit, struct str top)
{
    for (int depth = 0; unit && depth < MOST_WITHIN; depth++) {
        const struct volume_unit *over = NULL;

        if (!unit->within.p)
            return false;
        if (str_eq(unit->within, top))
            return true;
        for (size_t i = 0; i < units->count && !over; i++) {
            if (str_eq(units->list[i].id, unit->within))
                over = &units->list[i];
        }
        unit = over;
    }
    return false;
}

struct wanted {
    const struct volume_units *units;
    bool top;        /* only what is part of nothing */
    struct str over; /* only what is part of it; p NULL: whatever it is part of */
};

static bool is_wanted(const struct wanted *wanted, const struct volume_unit *unit)
{
    if (wanted->top)
        return !unit->within.p;
    return !wanted->over.p || is_within(wanted->units, unit, wanted->over);
}

/* The one that ${column} names, by id or else by name; NULL: none, which is told. */
static const struct volume_unit *one_of(
    struct reading *r, enum volume_column column, const struct wanted *wanted)
{
    const struct volume_unit *found = NULL;
    struct str text = r->line->cells[column];
    struct str folded = volume_folded(r->arena, text);
    size_t named = 0;

    for (size_t i = 0; text.len > 0 && i < wanted->units->count; i++) {
        const struct volume_unit *unit = &wanted->units->list[i];

        if (!is_wanted(wanted, unit))
            continue;
        if (str_eq(unit->id, text))
            return unit;
        if (folded.p && str_eq(unit->folded, folded)) {
            found = unit;
            named++;
        }
    }
    if (named == 1)
        return found;
    wrong(r, column, named == 0 ? VOLUME_NO_UNIT : VOLUME_TWO_UNITS);
    return NULL;
}

static const struct volume_unit *unit_of(struct reading *r)
{
    struct wanted wanted = {.units = &r->known->organizations, .top = true};
    const struct volume_unit *hospital = one_of(r, VOLUME_HOSPITAL, &wanted);

    if (!hospital || r->line->cells[VOLUME_DEPARTMENT].len == 0)
        return hospital;
    wanted.top = false;
    wanted.over = hospital->id;
    return one_of(r, VOLUME_DEPARTMENT, &wanted);
}

static void read_of(struct reading *r)
{
    const struct wanted places = {.units = &r->known->locations};
    bool place = r->v.kind->place;
    const struct volume_unit *unit =
        place ? one_of(r, VOLUME_PLACE, &places) : unit_of(r);

    if (!unit)
        return;
    r->v.of = unit->id;
    r->line->name = unit->name;
}

/* ---- the rest of a line ---- */

static void read_kind(struct reading *r)
{
    struct str said = volume_folded(r->arena, r->line->cells[VOLUME_KIND]);
    char name[40] = "";

    for (size_t i = 0; said.len < sizeof(name) && i < said.len; i++)
        name[i] = (char)(said.p[i] == ' ' ? '-' : said.p[i]);
    for (size_t i = 0; i < volume_kind_count; i++) {
        if (strcmp(volume_kinds[i].name, name) == 0)
            r->v.kind = &volume_kinds[i];
    }
    if (!r->v.kind)
        wrong(r, VOLUME_KIND, VOLUME_NO_KIND);
}

/* Of whom it is, where a cell says so. */
static void read_part(struct reading *r)
{
    struct volume_line *line = r->line;
    struct str sex = line->cells[VOLUME_OF_SEX];
    struct str language = line->cells[VOLUME_OF_LANGUAGE];
    enum volume_column column = sex.len ? VOLUME_OF_SEX : VOLUME_OF_LANGUAGE;

    line->part = "";
    if (sex.len == 0 && language.len == 0)
        return;
    r->v.part = sex.len ? VOLUME_SEX : VOLUME_LANGUAGE;
    r->v.code = sex.len ? volume_folded(r->arena, sex) : language;
    if (r->v.kind && !r->v.kind->parts)
        wrong(r, column, VOLUME_NO_PART);
    else if (sex.len && language.len)
        wrong(r, VOLUME_OF_LANGUAGE, VOLUME_TWO_PARTS);
    else if (!volume_part_has(r->v.part, r->v.code))
        wrong(r, column, sex.len ? VOLUME_NO_SEX : VOLUME_NO_LANGUAGE);
    line->part = volume_part_names[r->v.part];
    line->code = r->v.code;
}

/* "2021", "2021-3", "2021/03"; "2021-03-01", as a spreadsheet makes a day of a month. */
static void read_time(struct reading *r)
{
    struct str cell = r->line->cells[VOLUME_MONTH];
    struct str text = cell.p ? cell : STR("");
    struct str year = {text.p, text.len < 4 ? text.len : 4};
    struct str rest = {text.p + year.len, text.len - year.len};
    int64_t y = 0, m = 0;
    bool place = r->v.kind && r->v.kind->place;
    bool fits = text_int(year, 1000, 9999, &y);

    if (rest.len == 6 && str_ends(rest, "-01"))
        rest.len = 3;
    if (place)
        fits = fits && rest.len == 0;
    else
        fits = fits && (rest.len == 2 || rest.len == 3) && strchr("-/.", rest.p[0]) &&
               text_int((struct str){rest.p + 1, rest.len - 1}, 1, 12, &m);
    if (!fits)
        wrong(r, VOLUME_MONTH, place ? VOLUME_NO_YEAR : VOLUME_NO_MONTH);
    r->v.year = y;
    r->v.month = (unsigned)m;
}

/* Digits as people group them: "1,300" and "1 300" are 1300. */
static bool take_number(struct str text, double *ret)
{
    char digits[32] = "";
    size_t n = 0, group = 0;
    bool grouped = false, point = false;

    for (size_t i = 0; i < text.len && n + 1 < sizeof(digits); i++) {
        char c = text.p[i];

        if ((c == ',' || c == ' ') && !point && (grouped ? group == 3 : n <= 3) && n) {
            grouped = true;
            group = 0;
            continue;
        }
        if (c == '.' && !point && n && i + 1 < text.len) {
            if (grouped && group != 3)
                return false;
            point = true;
        } else if (c < '0' || c > '9') {
            return false;
        }
        group++;
        digits[n++] = c;
    }
    if (n == 0 || n + 1 >= sizeof(digits) || (grouped && !point && group != 3))
        return false;
    *ret = strtod(digits, NULL);
    return true;
}

static void read_value(struct reading *r)
{
    double *value = &r->line->value;
    bool score = r->v.kind && r->v.kind->score;

    if (!take_number(r->line->cells[VOLUME_VALUE], value) ||
        (!score && fabs(*value - floor(*value)) > 0) ||
        (score && !(*value > 0 && *value <= 150)))
        wrong(r, VOLUME_VALUE, VOLUME_NO_NUMBER);
}

/* ---- what is there ---- */

static int by_id(const void *key, const void *one)
{
    return str_cmp(str_of(key), ((const struct volume_written *)one)->id);
}

static void compare(struct reading *r)
{
    struct volume_line *line = r->line;
    const struct volume_written *written =
        r->known->written_count == 0
            ? NULL
            : bsearch(line->id, r->known->written, r->known->written_count,
                  sizeof(*r->known->written), by_id);
    double before = 0;

    if (!written)
        return;
    line->before = written->value;
    line->state = take_number(written->value, &before) && !(before < line->value) &&
                          !(before > line->value)
                      ? VOLUME_THERE
                      : VOLUME_CORRECTS;
}

static int judge_line(struct reading *r, struct err *err)
{
    struct volume_line *line = r->line;
    const char *of = NULL;

    line->state = VOLUME_NEW;
    read_kind(r);
    if (r->v.kind)
        read_of(r);
    read_time(r);
    read_part(r);
    read_value(r);
    if (line->state == VOLUME_BAD || !r->v.kind || !r->v.of.p)
        return 0;
    line->kind = r->v.kind->name;
    of = arena_printf(r->arena, "%s/%.*s",
        r->v.kind->place ? "Location" : "Organization", (int)r->v.of.len, r->v.of.p);
    if (!of)
        return err_nomem(err);
    line->of = str_of(of);
    volume_id(&r->v, line->id);
    compare(r);
    return 0;
}

static int by_id_and_line(const void *one, const void *other)
{
    const struct volume_line *a = *(struct volume_line *const *)one;
    const struct volume_line *b = *(struct volume_line *const *)other;
    int order = strcmp(a->id, b->id);

    return order ? order : a->line < b->line ? -1 : a->line > b->line;
}

/* Of several lines of the same month the first counts. */
static int find_twice(
    struct arena *a, struct volume_line *lines, size_t count, struct err *err)
{
    struct volume_line **sorted =
        arena_array(a, count + 1, sizeof(struct volume_line *));

    if (!sorted)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &lines[i];
    qsort(sorted, count, sizeof(struct volume_line *), by_id_and_line);
    for (size_t i = 1; i < count; i++) {
        if (sorted[i]->state != VOLUME_BAD &&
            strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            sorted[i]->state = VOLUME_BAD;
            sorted[i]->faults[VOLUME_MONTH] = VOLUME_TWICE;
        }
    }
    return 0;
}

int volume_file_judge(struct app *app, struct arena *a, struct volume_line *lines,
    size_t count, struct err *err)
{
    struct volume_known known = {.written = NULL};
    int r = volume_known_read(app, a, &known, err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct reading reading = {.arena = a, .known = &known, .line = &lines[i]};

        r = judge_line(&reading, err);
    }
    return r == 0 ? find_twice(a, lines, count, err) : r;
}
