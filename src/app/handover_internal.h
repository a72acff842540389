/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of handovers share (docs/HANDOVER.md). What is open is found in the records
 * each time; a Handover, which has the id of its post, keeps only what people said of it.
 *
 *   handover_kind.c     the kinds: how much each weighs, which records are open
 *   handover_find.c     what a person has
 *   handover_post.c     the post, who holds which at its end, who may read then
 *   handover_pack.c     both joined with what was said; figures
 *   handover_skill.c    what the department loses
 *   handover_gone.c     posts whose record was deleted
 *   handover_team.c     Organization/ID/$handover: all posts of a team
 *   handover_record.c   the Handover, written
 *   handover_show.c     PractitionerRole/ID/$handover
 *   handover_say.c      Handover/ID/$name-successor and $acknowledge
 *   handover_waiting.c  Handover/$waiting
 *   handover_end.c      posts that have ended
 */
#ifndef APP_HANDOVER_INTERNAL_H
#define APP_HANDOVER_INTERNAL_H

#include "app/change.h"
#include "app/handover.h"
#include "app/person.h"
#include "app/seek.h"
#include "view/reader.h"

#define HANDOVER_DAY_MS ((utc_ms)24 * 60 * 60 * 1000)

/* ---- kinds (handover_kind.c); pure ---- */

enum handover_kind {
    HANDOVER_CASE,
    HANDOVER_TRANSFER,
    HANDOVER_WATCH,
    HANDOVER_MEETING,
    HANDOVER_PLAN,
    HANDOVER_PROMISE,
    HANDOVER_APPRENTICE,
    HANDOVER_PLACEMENT,
    HANDOVER_RATING,
    HANDOVER_FOLLOW_UP,
    HANDOVER_GAP,
    HANDOVER_EQUIPMENT,
    HANDOVER_FUNDING,
    HANDOVER_REVIEW,
    HANDOVER_CONTACT,
    HANDOVER_KINDS
};

/* Slices are of records and live as long as the seek's arena. */
struct handover_item {
    enum handover_kind kind;
    store_rid rid;
    struct str reference; /* "Type/ID" */
    const struct json *json;
    unsigned weight;
    struct str title;   /* a text of the record; p NULL: none */
    struct str patient; /* a reference; p NULL: none */
    struct str
        about;  /* another record that a page shows instead, as the case of a promise */
    utc_ms due; /* 0: not said */

    /* what was said of it */
    struct str successor; /* a reference; p NULL: nobody was named */
    struct str named_by;
    utc_ms named_on, acknowledged_on, declined_on, fell_on; /* 0: not */

    bool stays;   /* the person goes on with it in another post */
    bool holds;   /* the successor holds a post after the end */
    bool settled; /* acknowledged by one who does */
};

struct handover_rule {
    const char *code;
    const char *type; /* of its records */
    unsigned weight;  /* docs/HANDOVER.md says why */
    bool own;         /* nobody else can do it: it is to be done before the end */
    bool by_reading;  /* whoever may read it can go on with it */
    bool (*open)(const struct json *json, utc_ms now, struct handover_item *item);
};

extern const struct handover_rule handover_rules[HANDOVER_KINDS];

/* HANDOVER_KINDS: there is none such. */
enum handover_kind handover_kind_of(struct str code);

/* Is ${json} open at ${now} as one of ${kind}? Then title, patient, about, due and weight of
 * ${item} are filled. A case is a transfer where it is one: ${item->kind} says which. */
bool handover_is_open(enum handover_kind kind, const struct json *json, utc_ms now,
    struct handover_item *item);

/* ---- what a person has (handover_find.c) ---- */

struct handover_items {
    struct handover_item *list;
    size_t count, cap;
};

/* All open things of ${who} ("Practitioner/ID") that the records themselves say are theirs; and
 * the pairings of ${department} (p NULL: none). */
int handover_find(const struct seek *s, struct str who, struct str department,
    utc_ms now, struct handover_items *ret, struct err *err);

/* ---- the post (handover_post.c) ---- */

struct handover_post {
    struct str id;
    struct str person; /* "Practitioner/ID" */
    struct str unit;   /* the department, or the hospital; p NULL: everywhere */
    struct str hospital;
    struct str role;
    struct str team;   /* p NULL: of none */
    struct str leader; /* of the team */
    utc_ms begin, end; /* 0: not known; end: the first instant after it */
    bool active;       /* false also where the record was deleted */
    utc_ms then;       /* the moment that is asked about: the end, or now */
    bool ended;
};

/* The post ${id}, which may have been deleted; ${*ret_there} false: there was none. */
int handover_post(const struct seek *s, struct str id, utc_ms now,
    struct handover_post *ret, bool *ret_there, struct err *err);

/* The posts of ${who} at ${post->then}, but for ${post} itself. */
int handover_posts_then(const struct seek *s, const struct handover_post *post,
    struct str who, struct person_posts *ret, struct err *err);

/* Somebody as they are at ${post->then}. */
struct handover_taker {
    struct person_posts posts;
    struct reader *reader; /* NULL: they hold no post */
};

/* Fill ${ret} for ${who}; handover_taker_done() it. */
int handover_taker_init(const struct seek *s, const struct handover_post *post,
    struct str who, struct handover_taker *ret, struct err *err);
void handover_taker_done(struct handover_taker *taker);

/* Could ${taker} go on with ${item}, which is another's? What nobody else can give, nobody can. */
int handover_may_take(const struct seek *s, const struct handover_post *post,
    const struct handover_item *item, const struct handover_taker *taker, bool *ret,
    struct err *err);

/* Does ${person}, whose ${item} it is, go on with it in the posts that are left? */
int handover_stays(const struct seek *s, const struct handover_post *post,
    const struct handover_item *item, const struct handover_taker *person, bool *ret,
    struct err *err);

/* The department whose pairings the post speaks for: an expert's and its head's; p NULL: none. What a whole
 * hospital is linked to stays with the hospital. */
struct str handover_pairs_of(const struct handover_post *post);

/* The head of ${post}'s department, or of its hospital, after the end; p NULL: none. */
int handover_head(const struct seek *s, const struct handover_post *post,
    struct str *ret, struct err *err);

/* Do ${caller}'s posts let them name successors and see figures: as the person, the head, the
 * leader of the team (as a head), or a coordinator (who names for kinds, and not for items)? */
enum handover_part {
    HANDOVER_NO_PART,
    HANDOVER_COORDINATOR,
    HANDOVER_HEAD,
    HANDOVER_PERSON
};
enum handover_part handover_part_of(
    const struct app_caller *caller, const struct handover_post *post);

/* ---- the pack (handover_pack.c) ---- */

struct handover_count {
    unsigned all, acknowledged, orphans;
};

struct handover_pack {
    struct handover_post post;
    struct store_record record;
    const struct json *json; /* the Handover; NULL: nothing was said yet */
    struct handover_items items;
    struct handover_count counts[HANDOVER_KINDS]; /* without what stays */
    struct handover_count total;
    int index;        /* in percent; -1: there is nothing to hand over */
    int overlap_days; /* -1: nobody comes after */
    unsigned orphaned_trainees;
    unsigned orphaned_skills; /* procedures nobody else there is signed off in */
};

/* The pack of the post ${id} at ${now}; ${*ret_there} false: there is no such post. */
int handover_pack(const struct seek *s, struct str id, utc_ms now,
    struct handover_pack *ret, bool *ret_there, struct err *err);

/* The same without overlap_days and orphaned_skills, which take most of the time: both look at
 * everybody who has a post in the department. handover_pack_figures() adds them. */
int handover_pack_items(const struct seek *s, struct str id, utc_ms now,
    struct handover_pack *ret, bool *ret_there, struct err *err);
int handover_pack_figures(
    const struct seek *s, struct handover_pack *pack, struct err *err);

/* Fill counts, total, orphaned trainees and index of ${pack}, whose other figures stay, from its items. */
void handover_tally(struct handover_pack *pack);

/* In how many procedures ${post}'s person is signed off after the end, and nobody else who has a
 * post there then (handover_skill.c). */
int handover_skills(const struct seek *s, const struct handover_post *post,
    unsigned *ret, struct err *err);

/* ---- posts that end (handover_end.c) ---- */

struct handover_posts {
    store_rid *rids;
    size_t count;
};

/* The posts that end before ${until}, or have ended by ${now} within the last
 * LIMIT_HANDOVER_PAST_DAYS days; inactive ones too. */
int handover_posts(const struct seek *s, utc_ms now, utc_ms until,
    struct handover_posts *ret, struct err *err);

/* ---- posts that are gone (handover_gone.c) ---- */

/* What the record that ${gone} deleted said last; ${*ret} NULL: nothing is known of it. */
int handover_last(const struct seek *s, const struct store_record *gone,
    const struct json **ret, struct err *err);

/* The posts that were deleted at or after ${since}, and are still. */
int handover_deleted(
    const struct seek *s, utc_ms since, struct handover_posts *ret, struct err *err);

/* ---- the record (handover_record.c) ---- */

/* The Handover that ${pack} is at ${now}; ${ended}: with how it stood at the end. */
void handover_put(
    struct buf *b, const struct handover_pack *pack, bool ended, utc_ms now);

/* Write what ${pack} says now; ${ended}: with how it stood at the end. E_CONFLICT: somebody was
 * quicker. */
int handover_write(struct app_call *call, const struct handover_pack *pack, bool ended,
    utc_ms now, struct err *err);

/* ---- answers ---- */

int handover_waiting(struct app_call *call, const struct rest *rest, struct err *err);
int handover_team(struct app_call *call, const struct rest *rest, struct err *err);

/* Put how many of ${kind} there are, where there are some. */
void handover_put_count(
    struct json_out *o, enum handover_kind kind, const struct handover_count *count);

/* Put the figures and counts of ${pack}. */
void handover_put_figures(
    struct app_call *call, struct json_out *o, const struct handover_pack *pack);

/* Put the post: who, where, until when. */
void handover_put_post(struct app_call *call, const struct seek *s, struct json_out *o,
    const struct handover_post *post);

/* Put ${item} as ${name}, where the caller may read it; ${*ret_shown} (may be NULL) says so. */
int handover_put_item(struct app_call *call, const struct seek *s, struct json_out *o,
    const char *name, const struct handover_item *item, struct err *err);

#endif
