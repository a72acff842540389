/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adding to the trail and reading it. The head lies among the store's own values:
 *
 *   trail-key    32 random bytes, made with the first block
 *   trail-head   sealed: next number 8 | newest version told of 8 | time 8 | hash 32
 *
 * A block follows the head, not the last row: where rows were taken away at the end, the
 * next block leaves a gap that stays. A head that is missing or not sealed by us is taken
 * up from the last row with one number left out, for the same reason.
 */
#include "store/trail.h"

#include "base/log.h"
#include "base/varint.h"

#include "crypto/crypto.h"
#include "store/trail_internal.h"

#define HEAD_BYTES (24 + STORE_HASH_BYTES)

/* ---- hashes and packing ---- */

void trail_hash(const uint8_t previous[STORE_HASH_BYTES], const struct driver_block *b,
    uint8_t out[STORE_HASH_BYTES])
{
    struct crypto_digest d;
    uint8_t numbers[5 * 8];

    bytes_put64(numbers, (uint64_t)b->seq);
    bytes_put64(numbers + 8, (uint64_t)b->count);
    bytes_put64(numbers + 16, (uint64_t)b->log);
    bytes_put64(numbers + 24, (uint64_t)b->time);
    bytes_put64(numbers + 32, b->subjects.len);
    crypto_digest_init(&d);
    crypto_digest_add(&d, previous, STORE_HASH_BYTES);
    crypto_digest_add(&d, numbers, sizeof(numbers));
    crypto_digest_add(&d, b->subjects.p, b->subjects.len);
    crypto_digest_add(&d, b->body.p, b->body.len);
    crypto_digest_final(&d, out);
}

/* Ascending numbers as differences. */
static int subjects_pack(
    struct buf *b, const struct store_block *block, struct err *err)
{
    store_rid last = 0;

    for (size_t i = 0; i < block->subject_count; i++) {
        assert(block->subjects[i] > last);
        varint_add(b, (uint64_t)(block->subjects[i] - last));
        last = block->subjects[i];
    }
    return buf_error(b, "The trail's block", err);
}

int trail_subjects(struct arena *a, struct str packed, const store_rid **ret,
    size_t *ret_count, struct err *err)
{
    /* each takes a byte at least */
    store_rid *list = arena_array(a, packed.len, sizeof(*list));
    uint64_t last = 0;
    uint64_t step = 0;
    size_t n = 0;

    if (!list)
        return err_nomem(err);
    while (packed.len > 0) {
        if (!varint_take(&packed, &step) || step > INT64_MAX - last)
            return err_set(err, E_CORRUPT, NULL,
                "A block of the trail is damaged; restore a backup.");
        last += step;
        list[n++] = (store_rid)last;
    }
    *ret = list;
    *ret_count = n;
    return 0;
}

/* ---- the head ---- */

/* ${ret_made}: there was none, so there should be no trail yet. */
static int key_load(const struct driver *d, struct driver_conn *c,
    uint8_t key[CRYPTO_SEAL_KEY_BYTES], bool *ret_made, struct err *err)
{
    struct str value = {0};
    int r = d->value_get(c, DRIVER_OWN, "trail-key", &value, err);

    *ret_made = false;
    if (r == 0 && value.len == CRYPTO_SEAL_KEY_BYTES) {
        memcpy(key, value.p, value.len);
        return 0;
    }
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    *ret_made = true;
    crypto_seal_key(key);
    return d->value_put(c, DRIVER_OWN, "trail-key",
        (struct str){(const char *)key, CRYPTO_SEAL_KEY_BYTES}, err);
}

int trail_head_load(const struct driver *d, struct driver_conn *c,
    const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct trail_head *ret, struct err *err)
{
    struct str value = {0};
    struct buf b;
    const uint8_t *p = NULL;
    int r = d->value_get(c, DRIVER_OWN, "trail-head", &value, err);

    if (r < 0)
        return r;
    buf_init(&b, LIMIT_SEAL_BYTES);
    r = crypto_seal_open(key, value, &b, err);
    if (r == 0 && b.len != HEAD_BYTES)
        r = E_INVALID;
    if (r == E_INVALID)
        r = err_set(err, E_CORRUPT, NULL, "The head of the trail is not sealed by us.");
    if (r == 0) {
        p = (const uint8_t *)b.data;
        ret->next = (int64_t)bytes_get64(p);
        ret->log = (int64_t)bytes_get64(p + 8);
        ret->time = (utc_ms)bytes_get64(p + 16);
        memcpy(ret->hash, p + 24, STORE_HASH_BYTES);
    }
    buf_done(&b);
    return r;
}

static int head_save(const struct driver *d, struct driver_conn *c,
    const uint8_t key[CRYPTO_SEAL_KEY_BYTES], const struct trail_head *head,
    struct err *err)
{
    uint8_t raw[HEAD_BYTES];
    struct buf b;
    int r = 0;

    bytes_put64(raw, (uint64_t)head->next);
    bytes_put64(raw + 8, (uint64_t)head->log);
    bytes_put64(raw + 16, (uint64_t)head->time);
    memcpy(raw + 24, head->hash, STORE_HASH_BYTES);
    buf_init(&b, LIMIT_SEAL_BYTES);
    r = crypto_seal_sign(key, (struct str){(const char *)raw, sizeof(raw)}, &b, err);
    if (r == 0)
        r = d->value_put(c, DRIVER_OWN, "trail-head", (struct str){b.data, b.len}, err);
    buf_done(&b);
    return r;
}

/* No head to go by: after the last row, if there is one. ${begins}: nothing tells that
 * there was a trail before. */
static int head_guess(const struct driver *d, struct driver_conn *c, bool begins,
    struct trail_head *ret, struct err *err)
{
    struct driver_block last = {0};
    int r = d->trail_step(c, INT64_MAX, DRIVER_LT, &last, err);

    *ret = (struct trail_head){.next = 1};
    if (r == E_NOT_FOUND && begins)
        return d->last_seq(c, &ret->log, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    if (r == E_NOT_FOUND)
        last.seq = 1;
    log_line(LOG_ERROR, "the head of the audit trail is missing or was changed: "
                        "run belay verify");
    *ret = (struct trail_head){
        .next = last.seq + last.count + 1, .log = last.log, .time = last.time};
    memcpy(ret->hash, last.hash, sizeof(ret->hash));
    return 0;
}

/* ---- adding ---- */

/* An open transaction on a connection that may write. */
struct trail_place {
    const struct driver *driver;
    struct driver_conn *conn;
};

/* Add ${block}. ${covers}: it tells of all versions of the log so far. */
static int trail_append(struct trail_place *place, const struct store_block *block,
    bool covers, struct err *err)
{
    const struct driver *d = place->driver;
    uint8_t key[CRYPTO_SEAL_KEY_BYTES];
    struct trail_head head = {0};
    struct driver_block row = {0};
    struct buf subjects;
    utc_ms now = time_now();
    bool made = false;
    int r = key_load(d, place->conn, key, &made, err);

    if (r == 0)
        r = trail_head_load(d, place->conn, key, &head, err);
    if (r == E_NOT_FOUND || r == E_CORRUPT)
        r = head_guess(d, place->conn, made, &head, err);
    if (r == 0 && covers)
        r = d->last_seq(place->conn, &head.log, err);
    if (r < 0)
        return r;
    head.time = now > head.time ? now : head.time;
    buf_init(&subjects, LIMIT_TRAIL_BLOCK);
    r = subjects_pack(&subjects, block, err);
    row = (struct driver_block){.seq = head.next,
        .count = block->count,
        .log = head.log,
        .time = head.time,
        .subjects = {subjects.data ? subjects.data : "", subjects.len},
        .body = block->body};
    trail_hash(head.hash, &row, row.hash);
    if (r == 0)
        r = d->trail_add(place->conn, &row, err);
    for (size_t i = 0; r == 0 && i < block->subject_count; i++)
        r = d->trail_of_add(place->conn, block->subjects[i], row.seq, err);
    head.next += block->count;
    memcpy(head.hash, row.hash, sizeof(head.hash));
    if (r == 0)
        r = head_save(d, place->conn, key, &head, err);
    buf_done(&subjects);
    return r;
}

void store_trail_source(struct store *s, const struct store_trail_source *source)
{
    s->trail_source = source;
}

int trail_group(
    struct writer *w, const struct store_transaction *first, struct err *err)
{
    const struct store_trail_source *source = w->store->trail_source;
    struct trail_place place = {w->store->driver, w->conn};
    struct store_block block = {0};
    int r = 0;

    if (!source)
        return 0;
    r = source->changes(source->arg, &w->tx, w->scratch, first, &block, err);
    if (r == 0 && block.count > 0)
        r = trail_append(&place, &block, true, err);
    arena_reset(w->scratch);
    return r;
}

static int add_run(struct writer *w, void *arg, struct err *err)
{
    struct trail_place place = {w->store->driver, w->conn};

    return trail_append(&place, arg, false, err);
}

struct add_now {
    const struct driver *driver;
    const struct store_block *block;
};

static int add_now(struct driver_conn *c, void *arg, struct err *err)
{
    const struct add_now *add = arg;
    struct trail_place place = {add->driver, c};

    return trail_append(&place, add->block, false, err);
}

int store_trail_add(struct store *s, const struct store_block *block, struct err *err)
{
    struct store_block copy = *block;
    struct writer_job job = {.run = add_run, .arg = &copy, .transaction = true};
    struct add_now add = {s->driver, block};
    struct store_reader *r = NULL;
    int code = 0;

    if (!s->read_only)
        return writer_run(s, &job, err);
    code = reader_take(s, true, true, &r, err);
    if (code < 0)
        return code;
    /* a snapshot cannot become a transaction that writes */
    s->driver->read_end(r->conn);
    r->open = false;
    code = s->driver->write_now(r->conn, add_now, &add, err);
    store_read_end(r);
    return code;
}

static int rekey_run(struct writer *w, void *arg, struct err *err)
{
    const struct driver *d = w->store->driver;
    uint8_t key[CRYPTO_SEAL_KEY_BYTES];
    struct trail_head head = {0};
    struct str sealed = {0};
    bool made = false;
    int r = d->value_get(w->conn, DRIVER_OWN, "trail-head", &sealed, err);

    (void)arg;
    if (r == E_NOT_FOUND) /* no trail yet: the first block makes key and head */
        return 0;
    if (r == 0)
        r = key_load(d, w->conn, key, &made, err);
    if (r == 0)
        r = trail_head_load(d, w->conn, key, &head, err);
    if (r == 0) {
        crypto_seal_key(key);
        r = d->value_put(w->conn, DRIVER_OWN, "trail-key",
            (struct str){(const char *)key, sizeof(key)}, err);
    }
    if (r == 0)
        r = head_save(d, w->conn, key, &head, err);
    crypto_wipe(key, sizeof(key));
    return r;
}

int store_trail_rekey(struct store *s, struct err *err)
{
    struct writer_job job = {.run = rekey_run, .transaction = true};

    return writer_run(s, &job, err);
}

/* ---- reading ---- */

int store_trail_begin(struct store *s, struct store_reader **ret, struct err *err)
{
    return reader_take(s, true, true, ret, err);
}

int store_block_step(struct store_reader *r, struct arena *a, int64_t seq, bool down,
    struct store_block *ret, struct err *err)
{
    struct driver_block row;
    struct store_block b = {0};
    int code = r->store->driver->trail_step(
        r->conn, seq, down ? DRIVER_LT : DRIVER_GE, &row, err);

    if (code < 0)
        return code;
    if (row.count < 1 || row.count > UINT32_MAX)
        return err_set(
            err, E_CORRUPT, NULL, "A block of the trail is damaged; restore a backup.");
    b.seq = row.seq;
    b.count = (unsigned)row.count;
    b.log = row.log;
    b.time = row.time;
    memcpy(b.hash, row.hash, sizeof(b.hash));
    b.body.p = arena_strndup(a, row.body.p, row.body.len);
    b.body.len = row.body.len;
    if (!b.body.p)
        return err_nomem(err);
    code = trail_subjects(a, row.subjects, &b.subjects, &b.subject_count, err);
    if (code == 0)
        *ret = b;
    return code;
}

int store_block_list(
    struct store_reader *r, struct store_block_list *list, struct err *err)
{
    struct driver_list q = {.of = list->subject,
        .from = list->below,
        .down = true,
        .out = list->out,
        .limit = list->limit};
    int code = r->store->driver->trail_of_list(r->conn, &q, err);

    list->count = code == 0 ? q.count : 0;
    return code;
}

int store_trail_head(
    struct store_reader *r, struct arena *a, struct str *ret, struct err *err)
{
    char hex[2 * STORE_HASH_BYTES + 1] = "";
    struct driver_block last = {0};
    const char *text = NULL;
    int code = r->store->driver->trail_step(r->conn, INT64_MAX, DRIVER_LT, &last, err);

    if (code < 0 && code != E_NOT_FOUND)
        return code;
    if (code == 0)
        hex_encode(last.hash, sizeof(last.hash), hex);
    text = code == 0
               ? arena_printf(a, "%lld:%s", (long long)(last.seq + last.count - 1), hex)
               : "0";
    if (!text)
        return err_nomem(err);
    *ret = str_of(text);
    return 0;
}

int store_get_seq(struct store_reader *r, struct arena *a, int64_t seq, bool body,
    struct store_record *ret, struct err *err)
{
    return record_at(r, a, seq, body, ret, err);
}
