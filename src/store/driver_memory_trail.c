/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's trail: entries of MEMORY_TRAIL and MEMORY_TRAIL_OF. */
#include "store/driver_memory_internal.h"

/* The beginning of a block's value; behind it the subjects and the body. Copied in and
 * out, since no place in an entry is aligned. */
struct memory_block {
    int64_t count;
    int64_t log;
    utc_ms time;
    size_t subjects;
    uint8_t hash[STORE_HASH_BYTES];
};

int memory_trail_add(
    struct driver_conn *c, const struct driver_block *b, struct err *err)
{
    struct memory_block head = {
        .count = b->count, .log = b->log, .time = b->time, .subjects = b->subjects.len};
    struct memory_state *s = NULL;
    struct tree_entry *e = NULL;
    uint8_t room[MEMORY_KEY];
    char *p = NULL;
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    memcpy(head.hash, b->hash, sizeof(head.hash));
    e = tree_entry_new(
        memory_key(room, b->seq), sizeof(head) + b->subjects.len + b->body.len);
    if (e) {
        p = tree_entry_room(e);
        memcpy(p, &head, sizeof(head));
        p += sizeof(head);
        if (b->subjects.len > 0)
            memcpy(p, b->subjects.p, b->subjects.len);
        p += b->subjects.len;
        if (b->body.len > 0)
            memcpy(p, b->body.p, b->body.len);
    }
    return memory_add(s, MEMORY_TRAIL, e, err);
}

int memory_trail_step(struct driver_conn *c, int64_t seq, enum driver_step step,
    struct driver_block *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct memory_block head;
    struct tree_walk walk;
    struct str value;
    uint8_t room[MEMORY_KEY];
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    memory_key(room, seq > 0 ? seq : 0);
    e = (step == DRIVER_GE ? tree_walk_from : tree_walk_below)(
        &walk, &s->trees[MEMORY_TRAIL], (struct str){(const char *)room, MEMORY_KEY});
    if (!e)
        return err_set(err, E_NOT_FOUND, NULL, "The trail has no such block.");
    value = tree_value(e);
    memcpy(&head, value.p, sizeof(head));
    value = (struct str){value.p + sizeof(head), value.len - sizeof(head)};
    *ret = (struct driver_block){.seq = (int64_t)bytes_get64((const uint8_t *)e->bytes),
        .count = head.count,
        .log = head.log,
        .time = head.time,
        .subjects = {value.p, head.subjects},
        .body = {value.p + head.subjects, value.len - head.subjects}};
    memcpy(ret->hash, head.hash, sizeof(ret->hash));
    return 0;
}

int memory_trail_of_add(
    struct driver_conn *c, store_rid subject, int64_t seq, struct err *err)
{
    return memory_pair_add(c, MEMORY_TRAIL_OF, subject, seq, err);
}

int memory_trail_of_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return memory_pair_list(c, MEMORY_TRAIL_OF, q, err);
}

int memory_trail_of_count(struct driver_conn *c, int64_t *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    int r = memory_read(c, &s, err);

    if (r == 0)
        *ret = s->trees[MEMORY_TRAIL_OF].rows;
    return r;
}
