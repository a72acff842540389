/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates by generation. The newest is what handshakes take; one that was replaced
 * is freed by a later replacement, when no handshake that began with it can still be
 * under way (link.c ends those that take too long).
 */
#include "http/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)
#define WARN_DAYS 21
#define RETIRED_MS                                                                     \
    ((utc_ms)1000 * 2 * (LIMIT_CONNECTION_SECONDS + LIMIT_REQUEST_SECONDS))

struct certificate {
    struct certificate *older;
    utc_ms replaced; /* 0: in use */
    gnutls_pcert_st chain[LIMIT_TLS_CHAIN];
    unsigned length; /* of chain */
    gnutls_privkey_t key;
};

/* Written by one thread, read by every handshake. */
static _Atomic(struct certificate *) current;

static void certificate_free(struct certificate *c)
{
    for (unsigned i = 0; i < c->length; i++)
        gnutls_pcert_deinit(&c->chain[i]);
    if (c->key)
        gnutls_privkey_deinit(c->key);
    base_free(c);
}

/* A file's text. ${secret}: nobody but its owner and the owner's group may read it. */
static int read_pem(const char *path, bool secret, struct buf *text, struct err *err)
{
    char part[4096];
    struct stat st;
    ssize_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int r = 0;

    if (fd < 0)
        return err_sys(err, errno, path, "Cannot read the file");
    if (fstat(fd, &st) < 0)
        r = err_sys(err, errno, path, "Cannot read the file");
    else if (!S_ISREG(st.st_mode))
        r = err_set(err, E_INVALID, path, "This is not a file.");
    else if (secret && (st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
        r = err_set(err, E_FORBIDDEN, path,
            "Others may read or change this key: say 'chmod 600', and make a new key "
            "if anybody may have read it.");
    while (r == 0 && (n = read(fd, part, sizeof(part))) > 0)
        buf_add(text, part, (size_t)n);
    if (r == 0 && n < 0)
        r = err_sys(err, errno, path, "Cannot read the file");
    if (r == 0 && text->error)
        r = buf_error(text, "The file", err);
    close(fd);
    return r;
}

static gnutls_datum_t datum(const struct buf *text)
{
    return (gnutls_datum_t){
        (unsigned char *)(uintptr_t)text->data, (unsigned)text->len};
}

static int parse_chain(
    struct certificate *c, const char *path, const struct buf *text, struct err *err)
{
    gnutls_datum_t pem = datum(text);
    unsigned length = LIMIT_TLS_CHAIN;
    int r = gnutls_pcert_list_import_x509_raw(
        c->chain, &length, &pem, GNUTLS_X509_FMT_PEM, 0);

    if (r == GNUTLS_E_SHORT_MEMORY_BUFFER)
        return err_set(err, E_TOO_LARGE, path,
            "There are more than %d certificates in this file; leave the server's and "
            "those that lead to its root.",
            LIMIT_TLS_CHAIN);
    if (r < 0 || length == 0)
        return err_set(err, E_INVALID, path,
            "This is no certificate in PEM (-----BEGIN CERTIFICATE-----): %s",
            gnutls_strerror(r));
    c->length = length;
    return 0;
}

static int parse_key(
    struct certificate *c, const char *path, const struct buf *text, struct err *err)
{
    gnutls_datum_t pem = datum(text);
    int r = gnutls_privkey_init(&c->key);

    if (r == 0)
        r = gnutls_privkey_import_x509_raw(c->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (r == GNUTLS_E_DECRYPTION_FAILED)
        return err_set(err, E_INVALID, path,
            "This key needs a password; give one without, in a file that only the "
            "program may read.");
    if (r < 0)
        return err_set(err, E_INVALID, path,
            "This is no private key in PEM (-----BEGIN PRIVATE KEY-----): %s",
            gnutls_strerror(r));
    return 0;
}

/* The key must be the one whose public half the certificate names. */
static int check_pair(const struct certificate *c, const char *path, struct err *err)
{
    unsigned char of_certificate[64];
    unsigned char of_key[64];
    size_t first = sizeof(of_certificate);
    size_t second = sizeof(of_key);
    gnutls_pubkey_t public = NULL;
    int r = gnutls_pubkey_init(&public);

    if (r == 0)
        r = gnutls_pubkey_import_privkey(public, c->key, 0, 0);
    if (r == 0)
        r = gnutls_pubkey_get_key_id(
            c->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_certificate, &first);
    if (r == 0)
        r = gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &second);
    if (public)
        gnutls_pubkey_deinit(public);
    if (r < 0 || first != second || memcmp(of_certificate, of_key, first) != 0)
        return err_set(err, E_INVALID, path, "This is the key of another certificate.");
    return 0;
}

static void warn_of_expiry(const struct certificate *c, const char *path)
{
    gnutls_x509_crt_t leaf = NULL;
    utc_ms left;

    if (gnutls_x509_crt_init(&leaf) < 0)
        return;
    if (gnutls_x509_crt_import(leaf, &c->chain[0].cert, GNUTLS_X509_FMT_DER) == 0) {
        left =
            (utc_ms)gnutls_x509_crt_get_expiration_time(leaf) * 1000 - time_machine();
        if (left < 0)
            log_line(LOG_WARN, "tls certificate=%s has expired", path);
        else if (left < WARN_DAYS * DAY_MS)
            log_line(LOG_WARN, "tls certificate=%s expires in %d days", path,
                (int)(left / DAY_MS));
    }
    gnutls_x509_crt_deinit(leaf);
}

static int certificate_load(struct certificate *c, const char *certificate_file,
    const char *key_file, struct err *err)
{
    struct buf text;
    int r;

    buf_init(&text, LIMIT_TLS_FILE_BYTES);
    r = read_pem(certificate_file, false, &text, err);
    if (r == 0)
        r = parse_chain(c, certificate_file, &text, err);
    buf_clear(&text);
    if (r == 0)
        r = read_pem(key_file, true, &text, err);
    if (r == 0)
        r = parse_key(c, key_file, &text, err);
    if (r == 0)
        r = check_pair(c, key_file, err);
    if (text.data)
        explicit_bzero(text.data, text.cap);
    buf_done(&text);
    return r;
}

/* Free what nobody can be using any more. */
static void free_retired(struct certificate *newest, utc_ms now)
{
    struct certificate *c = newest;

    while (c->older) {
        struct certificate *older = c->older;

        if (older->replaced == 0 || now - older->replaced < RETIRED_MS) {
            c = older;
            continue;
        }
        c->older = older->older;
        certificate_free(older);
    }
}

int http_tls_use(const char *certificate_file, const char *key_file, struct err *err)
{
    struct certificate *c = base_malloc(sizeof(*c));
    struct certificate *before = atomic_load(&current);
    int r;

    if (!c)
        return err_nomem(err);
    *c = (struct certificate){.older = before};
    r = certificate_load(c, certificate_file, key_file, err);
    if (r < 0) {
        certificate_free(c);
        return r;
    }
    warn_of_expiry(c, certificate_file);
    atomic_store(&current, c);
    if (before)
        before->replaced = time_now();
    free_retired(c, time_now());
    return 0;
}

void http_tls_forget(void)
{
    struct certificate *c = atomic_exchange(&current, NULL);

    while (c) {
        struct certificate *older = c->older;

        certificate_free(c);
        c = older;
    }
}

/* GnuTLS dictates the parameters */
/* NOLINTNEXTLINE(readability-function-size) */
int http_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *issuers,
    int issuers_count, const gnutls_pk_algorithm_t *algorithms, int algorithms_count,
    gnutls_pcert_st **ret_chain, unsigned *ret_length, gnutls_privkey_t *ret_key)
{
    struct certificate *c = atomic_load(&current);

    (void)session;
    (void)issuers;
    (void)issuers_count;
    (void)algorithms;
    (void)algorithms_count;
    if (!c)
        return -1;
    *ret_chain = c->chain;
    *ret_length = c->length;
    *ret_key = c->key;
    return 0;
}
