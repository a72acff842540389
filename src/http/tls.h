/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What encrypts a connection: a certificate with its key, read from files that may be
 * replaced while the program runs. GnuTLS is entered here and in libmicrohttpd only.
 *
 * libmicrohttpd asks for the certificate of each handshake by a function without an
 * argument of ours, so a process has one certificate at a time.
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include <gnutls/abstract.h>

#include "base/err.h"

/* TLS 1.3 and 1.2, and of 1.2 only what keeps old traffic secret when the key is lost
 * later (ephemeral keys) and cannot be altered (authenticated encryption). */
#define HTTP_TLS_PRIORITIES                                                            \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"      \
    "-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:"         \
    "-SIGN-ALL:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512:"              \
    "+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:"                       \
    "+SIGN-ECDSA-SECP521R1-SHA512:+SIGN-EDDSA-ED25519:+SIGN-RSA-PSS-RSAE-SHA256:"      \
    "+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-RSA-SHA256:"            \
    "+SIGN-RSA-SHA384:+SIGN-RSA-SHA512:%SERVER_PRECEDENCE"

/*
 * Read the certificate (PEM, its chain behind it) and its key (PEM, no password) and use
 * them from the next handshake on; handshakes under way keep theirs. On failure what was
 * in use stays. E_IO: a file cannot be read; E_FORBIDDEN: others may read the key's
 * file; E_INVALID: it holds no certificate or key, the key is another's or needs a
 * password. A certificate that has expired, or soon will, is a line in the log. One
 * thread at a time.
 */
int http_tls_use(const char *certificate_file, const char *key_file, struct err *err);

/* Forget all of them. No handshake may be under way. */
void http_tls_forget(void);

/* GnuTLS asks for the certificate of a handshake; given to libmicrohttpd. */
int http_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *issuers,
    int issuers_count, const gnutls_pk_algorithm_t *algorithms, int algorithms_count,
    gnutls_pcert_st **ret_chain, unsigned *ret_length, gnutls_privkey_t *ret_key);

#endif
