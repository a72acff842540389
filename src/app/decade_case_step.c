/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a case. Each is made by the rules and builders of its operation, at the minute at
 * which somebody would have done it; between them the node does what it does when a clock has
 * run out. What the last of a day left goes into the log of that evening; what was said, at once.
 */
#include <math.h>
#include <string.h>

#include "app/decade_case_internal.h"
#include "app/due.h"
#include "engine/routing/routing.h"
#include "view/case_task.h"

#define MINUTE_MS ((utc_ms)60000)
#define DAY_MINUTES 1440
#define ROOM_LEAST 4096

/* ---- the texts of open cases ---- */

int case_text_keep(
    struct cases *c, struct case_text *t, struct str text, struct err *err)
{
    size_t room = t->room ? t->room : ROOM_LEAST;

    if (t->room < text.len) {
        while (room < text.len)
            room *= 2;
        t->at = arena_alloc_raw(c->d->arena, room);
        t->room = t->at ? room : 0;
        if (!t->at)
            return err_nomem(err);
    }
    memcpy(t->at, text.p, text.len);
    t->len = text.len;
    return 0;
}

/* Two texts for one more open case. */
static int texts_take(struct cases *c, uint32_t *ret, struct err *err)
{
    int r = 0;

    if (c->free_count > 0) {
        *ret = c->free_texts[--c->free_count];
        c->texts[*ret][CASE_REQUEST].len = c->texts[*ret][CASE_TASK].len = 0;
        return 0;
    }
    r = decade_room(
        c->d, (void **)&c->texts, c->text_count, &c->text_room, sizeof(*c->texts), err);
    if (r < 0)
        return r;
    memset(c->texts[c->text_count], 0, sizeof(*c->texts));
    *ret = c->text_count++;
    return 0;
}

int case_let_go(struct cases *c, struct decade_case *one, struct err *err)
{
    int r = 0;

    if (!one->over || one->holds > 0)
        return 0;
    r = decade_room(c->d, (void **)&c->free_texts, c->free_count, &c->free_room,
        sizeof(*c->free_texts), err);

    if (r == 0)
        c->free_texts[c->free_count++] = one->kept;
    return r;
}

struct str case_text_of(const struct cases *c, const struct decade_case *one, int of)
{
    const struct case_text *t = &c->texts[one->kept][of];

    return t->len ? (struct str){t->at, t->len} : (struct str){NULL, 0};
}

/* ---- who and where ---- */

static bool is_askers(enum case_deed deed)
{
    return deed == DEED_SEND || deed == DEED_INFORM || deed == DEED_ACT ||
           deed == DEED_OUTCOME || deed == DEED_CLOSE || deed == DEED_WITHDRAW ||
           deed == DEED_DEPART;
}

uint32_t case_doer(struct cases *c, const struct decade_case *one, bool asks)
{
    uint32_t person = asks ? one->asker : one->answerer;

    if (c->d->people[person].until > c->d->day)
        return person;
    return decade_doctor_at(c->d, &c->chance, asks ? one->asking : one->asked);
}

static struct travel_place place_of(const struct decade_place *place)
{
    return (struct travel_place){(double)place->latitude / 100,
        (double)place->longitude / 100, (double)place->altitude};
}

/* As network_way_between() has it where nobody wrote down how long a way takes. */
struct network_way case_way_between(
    const struct decade *d, uint32_t from, uint32_t to, utc_ms at)
{
    const struct travel_place places[] = {
        place_of(d->hospitals[from].place), place_of(d->hospitals[to].place)};
    const struct travel_table table = {places, 2, NULL, 0};
    struct travel_time time =
        travel_between(&table, &routing_rules_default.travel, 0, 1, network_season(at));

    return (struct network_way){
        travel_distance(&places[0], &places[1]), time.minutes < 0 ? -1 : time.minutes};
}

static struct str organization(struct cases *c, const char *id)
{
    return str_of(arena_printf(c->arena, "Organization/%s", id));
}

struct str case_reference(struct cases *c, uint32_t person)
{
    char id[PERSON_ID_MAX];

    return str_of(
        arena_printf(c->arena, "Practitioner/%s", person_id(c->d, person, id)));
}

struct str case_display(struct cases *c, uint32_t person)
{
    char name[DECADE_NAME_MAX];
    char also[DECADE_NAME_MAX];

    decade_name_write(&c->d->people[person], name, also);
    return str_of(arena_printf(c->arena, "%s", name));
}

/* ---- one step ---- */

void case_line(struct decade *d, struct str text)
{
    buf_add(&d->lines, text.p, text.len);
    buf_addc(&d->lines, '\n');
}

static enum case_urgency urgency_of(const struct decade_case *one)
{
    return one->urgency == 2   ? CASE_EMERGENCY
           : one->urgency == 1 ? CASE_URGENT
                               : CASE_ROUTINE;
}

static void fill_sending(struct cases *c, const struct decade_case *one,
    enum case_deed deed, struct case_make *m)
{
    struct decade *d = c->d;
    const struct decade_department *asking = &d->departments[one->asking];
    uint32_t unit = deed == DEED_REROUTE ? one->elsewhere : one->asked;
    uint32_t coordinator = d->hospitals[asking->hospital].coordinator;

    m->unit = organization(c, d->departments[unit].id);
    m->times = &case_rules_usual.by[urgency_of(one)];
    m->way =
        case_way_between(d, asking->hospital, d->departments[unit].hospital, m->at);
    if (coordinator != DECADE_NONE)
        m->rungs[m->rung_count++] = case_reference(c, coordinator);
}

/* What a step leaves of the bed that is kept for the patient. */
static int bed_keep(struct cases *c, struct decade_case *one,
    const struct case_made *made, struct err *err)
{
    struct case_place *bed = NULL;
    int r = 0;

    if (!made->bed.p)
        return 0;
    bed = &c->beds[one->bed];
    r = case_text_keep(c, &bed->text, made->bed, err);
    case_line(c->d, made->bed);
    bed->taken = made->state == CASE_BED_ACCEPTED || made->state == CASE_ARRIVED;
    if (!bed->taken)
        one->bed = DECADE_NONE;
    return r;
}

/* What is kept of the case after the step; what was said is written. */
static int made_keep(struct cases *c, struct decade_case *one,
    const struct case_made *made, struct err *err)
{
    int r = case_text_keep(c, &c->texts[one->kept][CASE_TASK], made->task, err);

    if (r == 0 && made->request.p)
        r = case_text_keep(c, &c->texts[one->kept][CASE_REQUEST], made->request, err);
    if (r == 0)
        r = bed_keep(c, one, made, err);
    if (r == 0 && made->words.p)
        case_line(c->d, made->words);
    one->asks_anew = one->asks_anew || made->request.p;
    one->moved = true;
    one->state = made->state;
    one->next = made->next;
    return r;
}

/* Make the step. */
static int step_make(struct cases *c, uint32_t at, enum case_deed deed, utc_ms when,
    uint32_t doer, struct err *err)
{
    struct decade_case *one = &c->list[at];
    struct decade *d = c->d;
    char id[CASE_ID_MAX];
    struct case_made made = {.next = 0};
    struct buf b;
    struct case_make m = {.app = d->app,
        .arena = c->arena,
        .id = str_of(case_id(at, id)),
        .step = case_deed_name(deed),
        .node = deed == DEED_ESCALATE || deed == DEED_EXPIRE,
        .at = when,
        .request = case_text_of(c, one, CASE_REQUEST),
        .task = case_text_of(c, one, CASE_TASK),
        .hospital =
            organization(c, d->hospitals[d->departments[one->asking].hospital].id)};
    int r = 0;

    if (deed == DEED_SEND || deed == DEED_REROUTE)
        fill_sending(c, one, deed, &m);
    if (one->bed != DECADE_NONE)
        m.bed = (struct str){c->beds[one->bed].text.at, c->beds[one->bed].text.len};
    if (deed == DEED_PROMISE) {
        m.bed_hospital =
            organization(c, d->hospitals[d->departments[one->asked].hospital].id);
        m.reach = transfer_reach(d, one);
    }
    m.display = STR("belay");
    if (!m.node) {
        m.by = case_reference(c, doer);
        m.display = case_display(c, doer);
    }
    buf_init(&b, LIMIT_RECORD_BYTES);
    case_parameters_put(c, at, deed, &b);
    r = buf_error(&b, "A step of a case", err);
    if (r == 0 && b.len > 0)
        m.parameters = (struct str){b.data, b.len};
    if (r == 0)
        r = case_make(&m, &made, err);
    if (r == 0)
        r = made_keep(c, one, &made, err);
    buf_done(&b);
    return r;
}

/* What the node itself does next, as app/due.c decides it. */
static int own_step(struct cases *c, const struct decade_case *one, enum case_deed *ret,
    struct err *err)
{
    const struct json *json = NULL;
    struct case_task task;
    int r = json_read_trusted(c->arena, case_text_of(c, one, CASE_TASK), &json, err);

    *ret = DEED_ESCALATE;
    if (r == 0 && case_task_read(json, &task) && due_step_of(&task) == CASE_EXPIRE)
        *ret = DEED_EXPIRE;
    return r;
}

/* ---- the steps of a day ---- */

static utc_ms planned_at(const struct decade_case *one)
{
    return ((utc_ms)one->day * DAY_MINUTES + one->plan[one->done].minute) * MINUTE_MS;
}

/* When the next step is due; 0: none is. */
static utc_ms next_at(const struct decade_case *one, bool *ret_own)
{
    utc_ms planned = one->done < one->planned ? planned_at(one) : 0;

    *ret_own = one->next && (!planned || one->next <= planned);
    return *ret_own ? one->next : planned;
}

/* The next step, which is due ${when}. */
static int step_do(struct cases *c, uint32_t at, utc_ms when, bool own, struct err *err)
{
    struct decade_case *one = &c->list[at];
    enum case_deed deed = own ? DEED_ESCALATE : one->plan[one->done].deed;
    uint32_t doer = DECADE_NONE;
    int r = own ? own_step(c, one, &deed, err) : 0;

    if (r < 0)
        return r;
    if (deed == DEED_PROMISE) {
        one->bed = transfer_bed(c, c->d->departments[one->asked].hospital, err);
        if (one->bed == DECADE_NONE)
            return err_nomem(err);
    }
    if (!own) {
        one->done++;
        doer = case_doer(c, one, is_askers(deed));
        if (doer == DECADE_NONE) { /* nobody is there who would go on with it */
            one->planned = one->done;
            return 0;
        }
    }
    r = step_make(c, at, deed, when, doer, err);
    one->answered = one->answered || deed == DEED_ANSWER;
    if (r == 0 && deed == DEED_ANSWER)
        r = beside_begin(c, at, when, err);
    if (deed == DEED_REROUTE) {
        one->asked = one->elsewhere;
        one->answerer = case_answerer_of(c, one->asked, err);
    }
    if (deed == DEED_EXPIRE)
        one->planned = one->done;
    return r < 0 || one->answerer != DECADE_NONE ? r : err_nomem(err);
}

static int day_do(struct decade *d, const uint32_t of[4], struct err *err);

static int go_on(struct cases *c, uint32_t at, struct err *err)
{
    struct decade_case *one = &c->list[at];
    struct decade *d = c->d;
    utc_ms end = (utc_ms)(d->day + 1) * DAY_MINUTES * MINUTE_MS;
    bool own = false;
    utc_ms when = 0;
    int r = 0;

    one->moved = one->asks_anew = false;
    for (when = next_at(one, &own); r == 0 && when && when < end;
         when = next_at(one, &own)) {
        r = step_do(c, at, when, own, err);
        arena_reset(c->arena);
    }
    if (r < 0)
        return r;
    if (one->asks_anew)
        case_line(d, case_text_of(c, one, CASE_REQUEST));
    if (one->moved)
        case_line(d, case_text_of(c, one, CASE_TASK));
    if (when)
        return decade_do_later(d, (day_number)(when / MINUTE_MS / DAY_MINUTES), day_do,
            (const uint32_t[4]){at}, err);
    one->over = true;
    return case_let_go(c, one, err);
}

static int day_do(struct decade *d, const uint32_t of[4], struct err *err)
{
    return go_on(cases_of(d), of[0], err);
}

int case_begin(struct cases *c, uint32_t at, struct err *err)
{
    struct decade_case *one = &c->list[at];
    struct buf b;
    int r = texts_take(c, &one->kept, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0) {
        case_draft_put(c, at, &b);
        r = buf_error(&b, "The draft of a case", err);
    }
    if (r == 0)
        r = case_text_keep(
            c, &c->texts[one->kept][CASE_REQUEST], (struct str){b.data, b.len}, err);
    buf_done(&b);
    return r == 0 ? go_on(c, at, err) : r;
}
