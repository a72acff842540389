/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the store share. Which thread may touch what:
 *
 *   struct store     fixed after store_open, except what names its own lock
 *   struct writer    the writer's thread alone, except the queue (its lock)
 *   struct pool      its lock; a reader that was taken belongs to who took it
 *
 * Lock order: none is taken while another is held.
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <stdatomic.h>

#include "base/compress.h"
#include "base/limits.h"
#include "base/thread.h"

#include "crypto/digest.h"
#include "store/store.h"

#define STORE_TABLES_MAX 64
#define STORE_DICTIONARIES_MAX 64

struct driver;
struct driver_node;
struct driver_conn;
struct driver_version;
struct driver_record;
struct store_trail_source;
struct sorter;
struct writer;

/* Numbers in keys and headers: 8 bytes, high byte first. */
static inline void bytes_put64(uint8_t *p, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (56 - 8 * i));
}

static inline uint64_t bytes_get64(const uint8_t *p)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

/* ---- packing (codec.c) ---- */

/* Working memories for packing, lent to one thread at a time. */
struct codecs {
    pthread_mutex_t lock; /* of free, count */
    struct zcodec *free[16];
    unsigned count;
};

/* The node's dictionaries by number; 0 is none. A slot is set once. */
struct dictionaries {
    struct zdict *_Atomic slots[STORE_DICTIONARIES_MAX];
    atomic_uint now;      /* with which new bodies are packed */
    pthread_mutex_t lock; /* of setting a slot */
};

/* ---- readers (reader.c) ---- */

struct store_reader {
    struct store *store;
    struct driver_conn *conn;
    struct zcodec *codec;
    struct writer *writer; /* the writer's own reader: its buffered rows come first */
    uint64_t generation;   /* of the snapshot it holds */
    bool open;             /* it holds one */
    bool placed;           /* ${position} is that of the snapshot */
    int64_t position;
    struct store_reader *next;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct store_reader *idle; /* newest first: the warmest cache */
    unsigned made;
    unsigned max;
    unsigned waiting;
    unsigned ending; /* how many want snapshots to end with their use */
};

/* ---- views' tables ---- */

struct store_table {
    const char *name;
    unsigned view;
    bool keys_only;
};

/* ---- who wrote (actor.c) ---- */

/* Names by number as readers met them; numbers are given by the writer. */
struct actors {
    pthread_rwlock_t lock;
    char **names;
    unsigned count;
};

/* ---- training (dictionary.c) ---- */

struct trainer {
    pthread_mutex_t lock;
    struct buf samples;
    size_t *sizes;
    unsigned count;
    unsigned generation; /* how many dictionaries there are, or were tried */
    uint64_t seen;       /* bodies since the node was opened */
    bool training;
    atomic_bool full; /* no more samples are wanted */
    bool started;     /* thread was made */
    pthread_t thread;
};

struct store {
    const struct driver *driver;
    struct driver_node *node;
    char *path; /* NULL in memory */
    int lock_fd;
    bool read_only;
    bool no_sync;
    const struct store_view *views[STORE_VIEWS_MAX];
    unsigned view_count;
    struct store_table tables[STORE_TABLES_MAX];
    unsigned table_count;
    uint8_t origin[16]; /* this node's name */
    struct codecs codecs;
    struct dictionaries dictionaries;
    struct pool pool;
    struct actors actors;
    struct trainer trainer;
    atomic_ullong generation; /* grows with each commit */
    struct writer *writer;    /* NULL when read_only */
    void (*listener)(const struct store_event *e, void *arg);
    void *listener_arg;
    const struct store_trail_source *trail_source;
    atomic_llong commits;
    atomic_llong transactions;
    atomic_ullong erasures;
    unsigned made; /* how far store_new came */
};

int codecs_init(struct store *s);
void codecs_done(struct store *s);

/* The dictionary ${number}, read through ${conn} if this process has not met it. */
int dictionary_get(struct store *s, struct driver_conn *conn, unsigned number,
    const struct zdict **ret, struct err *err);

/* The body of ${v} (NONE and ERASED: empty) in ${a}. */
int body_unpack(struct store_reader *r, struct arena *a, const struct driver_version *v,
    struct str *ret, struct err *err);

/* Pack ${w->body}: fills packed, body_hash, dictionary. A body that stays large goes
 * to a file here, before anybody can name it. */
int body_pack(struct store *s, struct arena *a, struct store_write *w, struct err *err);

/* BLAKE2b-256 of the body of ${v}. */
int body_hash_of(struct store_reader *r, struct arena *a,
    const struct driver_version *v, uint8_t out[STORE_HASH_BYTES], struct err *err);

/* ---- blobs (blob.c): packed bodies in files blobs/ab/HASH ---- */

int blob_write(struct store *s, const uint8_t hash[STORE_HASH_BYTES], struct str packed,
    struct err *err);
int blob_read(struct store *s, struct arena *a, const uint8_t hash[STORE_HASH_BYTES],
    struct str *ret, struct err *err);
int blob_size(struct store *s, const uint8_t hash[STORE_HASH_BYTES], int64_t *ret,
    struct err *err);
int blob_remove(struct store *s, const uint8_t hash[STORE_HASH_BYTES], struct err *err);
/* Copy all blobs to the node folder ${to}. */
int blob_copy_all(struct store *s, const char *to, struct err *err);

/* ---- readers ---- */

int pool_init(struct store *s, unsigned max);
void pool_done(struct store *s);
/* ${fresh}: a snapshot of now, even of what other processes wrote. ${wait} false: E_BUSY
 * instead of waiting. */
int reader_take(
    struct store *s, bool fresh, bool wait, struct store_reader **ret, struct err *err);
/* Let ${r} see what is committed now. Negative: it sees nothing, and may only be given
 * back. */
int reader_renew(struct store_reader *r, struct err *err);
/* End the snapshots of readers that nobody uses, and until pool_end_stop each with its
 * use, so that none keeps the log beside the database from beginning anew. */
void pool_end_idle(struct store *s);
void pool_end_stop(struct store *s);

/* A counter of the snapshot or transaction (writer.h names them). */
int count_get(struct store *s, struct driver_conn *conn, unsigned counter, int64_t *ret,
    struct err *err);

/* The version ${seq} with the name of its record. */
int record_at(struct store_reader *r, struct arena *a, int64_t seq, bool body,
    struct store_record *ret, struct err *err);

/* The text of a version's vid. */
void vid_write(const uint8_t hash[STORE_HASH_BYTES], char out[STORE_VID_CHARS + 1]);

/* ---- actors ---- */

int actors_init(struct store *s);
void actors_done(struct store *s);
/* The name of actor ${number}; it lives as long as the store. */
int actor_name(struct store *s, struct driver_conn *conn, unsigned number,
    struct str *ret, struct err *err);

/* ---- chain (chain.c) ---- */

/* What a version's hash covers. */
struct chain_header {
    const uint8_t *origin; /* 16 bytes */
    int64_t origin_seq;
    const uint8_t
        *previous; /* hash of what the origin wrote before; zeros: its first */
    uint64_t hlc;
    unsigned type;
    struct str id;
    enum store_operation operation;
    struct str actor;
    const uint8_t (*parents)[STORE_HASH_BYTES];
    unsigned parent_count;
    const uint8_t *body_hash; /* zeros for a delete */
};
void chain_hash(const struct chain_header *h, uint8_t out[STORE_HASH_BYTES]);

/* The next reading of a hybrid logical clock that stood at ${last}. */
uint64_t chain_clock(uint64_t last, utc_ms now);

static inline utc_ms chain_time(uint64_t hlc)
{
    return (utc_ms)(hlc >> 16);
}

/* ---- the views' prepared values ---- */

/* What prepare() of each view of ${mask} makes of a version of a live record, read by
 * ${r}: it is unpacked and parsed first. */
int views_prepare_version(struct store_reader *r, struct arena *a,
    const struct driver_version *v, uint32_t mask, const void **prepared,
    struct err *err);

/* ---- dictionary training ---- */

int trainer_init(struct store *s);
void trainer_stop(struct store *s); /* before the writer stops */
void trainer_done(struct store *s);
/* Prepare the dictionaries the node has. */
int dictionaries_load(struct store *s, struct driver_conn *conn, struct err *err);
/* A body that was prepared; costs a look at a flag once enough were seen. */
void trainer_feed(struct store *s, struct str body);

/* ---- node folder (folder.c) ---- */

int folder_open(struct store *s, const struct store_options *o, struct err *err);
void folder_close(struct store *s);

#endif
