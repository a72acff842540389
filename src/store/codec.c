/* SPDX-License-Identifier: Apache-2.0 */
/* Packing and unpacking bodies: working memories, dictionaries, hashes. */
#include <stdio.h>

#include "store/driver.h"
#include "store/internal.h"

#define BODY_LEVEL 3 /* 6 saves 8 % of the disk and costs a fifth of an import's time */
#define CODECS_KEPT (sizeof(((struct codecs *)NULL)->free) / sizeof(struct zcodec *))

int codecs_init(struct store *s)
{
    s->codecs.count = 0;
    if (pthread_mutex_init(&s->codecs.lock, NULL) != 0)
        return E_NOMEM;
    if (pthread_mutex_init(&s->dictionaries.lock, NULL) != 0) {
        pthread_mutex_destroy(&s->codecs.lock);
        return E_NOMEM;
    }
    return 0;
}

void codecs_done(struct store *s)
{
    while (s->codecs.count > 0)
        zcodec_free(s->codecs.free[--s->codecs.count]);
    for (unsigned i = 0; i < STORE_DICTIONARIES_MAX; i++)
        zdict_free(atomic_load(&s->dictionaries.slots[i]));
    pthread_mutex_destroy(&s->codecs.lock);
    pthread_mutex_destroy(&s->dictionaries.lock);
}

static int codec_take(struct store *s, struct zcodec **ret, struct err *err)
{
    struct zcodec *c = NULL;

    pthread_mutex_lock(&s->codecs.lock);
    if (s->codecs.count > 0)
        c = s->codecs.free[--s->codecs.count];
    pthread_mutex_unlock(&s->codecs.lock);
    if (!c)
        return zcodec_new(ret, err);
    *ret = c;
    return 0;
}

static void codec_give(struct store *s, struct zcodec *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&s->codecs.lock);
    if (s->codecs.count < CODECS_KEPT) {
        s->codecs.free[s->codecs.count++] = c;
        c = NULL;
    }
    pthread_mutex_unlock(&s->codecs.lock);
    zcodec_free(c);
}

/* Read dictionary ${number} from the database into its slot. */
static int dictionary_load(
    struct store *s, struct driver_conn *conn, unsigned number, struct err *err)
{
    char name[32];
    struct str bytes = {0};
    struct zdict *d = NULL;
    int r = 0;

    snprintf(name, sizeof(name), "dictionary/%05u", number);
    r = s->driver->value_get(conn, DRIVER_OWN, name, &bytes, err);
    if (r == E_NOT_FOUND)
        return err_set(err, E_CORRUPT, NULL,
            "A body was packed with dictionary %u, which the node does not have.",
            number);
    if (r == 0)
        r = zdict_new(bytes, BODY_LEVEL, &d, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&s->dictionaries.lock);
    if (!atomic_load(&s->dictionaries.slots[number])) {
        atomic_store(&s->dictionaries.slots[number], d);
        d = NULL;
    }
    pthread_mutex_unlock(&s->dictionaries.lock);
    zdict_free(d);
    return 0;
}

int dictionary_get(struct store *s, struct driver_conn *conn, unsigned number,
    const struct zdict **ret, struct err *err)
{
    int r = 0;

    *ret = NULL;
    if (number == 0)
        return 0;
    if (number >= STORE_DICTIONARIES_MAX)
        return err_set(err, E_CORRUPT, NULL, "There is no dictionary %u.", number);
    if (!atomic_load(&s->dictionaries.slots[number]))
        r = dictionary_load(s, conn, number, err);
    *ret = atomic_load(&s->dictionaries.slots[number]);
    return r;
}

int body_unpack(struct store_reader *r, struct arena *a, const struct driver_version *v,
    struct str *ret, struct err *err)
{
    struct store *s = r->store;
    const struct zdict *dictionary = NULL;
    struct str packed = v->body;
    unsigned number = v->dictionary > 0 ? (unsigned)v->dictionary : 0;
    size_t size = 0;
    char *out = NULL;
    int code = 0;

    *ret = (struct str){NULL, 0};
    if (v->dictionary == DRIVER_BODY_NONE || v->dictionary == DRIVER_BODY_ERASED)
        return 0;
    if (v->dictionary == DRIVER_BODY_BLOB) {
        code = blob_read(s, a, v->body_hash, &packed, err);
    } else if (number > 0 && !(number < STORE_DICTIONARIES_MAX &&
                                 atomic_load(&s->dictionaries.slots[number]))) {
        /* reading the dictionary ends the life of the row's bytes */
        packed.p = arena_strndup(a, packed.p, packed.len);
        code = packed.p ? 0 : err_nomem(err);
    }
    if (code == 0)
        code = dictionary_get(s, r->conn, number, &dictionary, err);
    if (code == 0)
        code = zcodec_size(packed, &size, err);
    if (code == 0 && size > LIMIT_RECORD_BYTES)
        code =
            err_set(err, E_CORRUPT, NULL, "A body claims to be %zu bytes long.", size);
    if (code < 0)
        return code;
    out = arena_alloc_raw(a, size + 1);
    if (!out)
        return err_nomem(err);
    code = zcodec_decompress(r->codec, dictionary, packed, out, size, err);
    if (code < 0)
        return code;
    out[size] = '\0';
    *ret = (struct str){out, size};
    return 0;
}

int body_hash_of(struct store_reader *r, struct arena *a,
    const struct driver_version *v, uint8_t out[STORE_HASH_BYTES], struct err *err)
{
    struct str body = {0};
    int code = 0;

    memset(out, 0, STORE_HASH_BYTES);
    if (v->dictionary == DRIVER_BODY_NONE)
        return 0;
    if (v->dictionary < 0) {
        memcpy(out, v->body_hash, STORE_HASH_BYTES);
        return 0;
    }
    code = body_unpack(r, a, v, &body, err);
    if (code == 0)
        crypto_digest_once(out, body.p, body.len);
    return code;
}

int body_pack(struct store *s, struct arena *a, struct store_write *w, struct err *err)
{
    unsigned number = atomic_load(&s->dictionaries.now);
    struct zcodec *codec = NULL;
    struct buf packed;
    int r = 0;

    crypto_digest_once(w->body_hash, w->body.p, w->body.len);
    r = codec_take(s, &codec, err);
    if (r < 0)
        return r;
    buf_init(&packed, (size_t)LIMIT_RECORD_BYTES + (LIMIT_RECORD_BYTES >> 4));
    /* a file's name is its content's hash, so how it was packed must not depend on
     * when; and large bodies gain nothing from a dictionary */
    if (w->body.len > LIMIT_BLOB_INLINE)
        number = 0;
    r = zcodec_compress(
        codec, atomic_load(&s->dictionaries.slots[number]), w->body, &packed, err);
    codec_give(s, codec);
    if (r == 0) {
        w->dictionary = number;
        w->packed.p = arena_strndup(a, packed.data, packed.len);
        w->packed.len = packed.len;
        if (!w->packed.p)
            r = err_nomem(err);
    }
    buf_done(&packed);
    if (r == 0 && s->path && w->packed.len > LIMIT_BLOB_INLINE)
        r = blob_write(s, w->body_hash, w->packed, err);
    return r;
}
