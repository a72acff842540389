/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web files inside the program. tools/embed.mjs turns the folder web/dist into one
 * C file that defines this table; the program itself opens no file to show its pages.
 * The table is sorted by path (strcmp), constant, and safe to read from any thread.
 */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include <stddef.h>

struct http_asset {
    const char *path; /* as in the request: "/index.html", "/assets/app-1A2B.js" */
    const char *media_type;    /* for Content-Type, charset included where it matters */
    const char *etag;          /* quoted, from a hash of the content */
    const unsigned char *data; /* the bytes as they are */
    size_t size;               /* how many */
    const unsigned char
        *gzip;        /* the same bytes in gzip; NULL where that saves nothing */
    size_t gzip_size; /* how many; 0 with NULL */
};

extern const struct http_asset http_assets[];
extern const size_t http_asset_count; /* 0 in a program built without its pages */

/* What lies under this prefix has a hash of its content in its name: it may be cached
 * for ever. Everything else must be asked for again each time (by etag). */
#define HTTP_ASSET_HASHED_PREFIX "/assets/"

/*
 * The Content-Security-Policy the pages are written for: no inline script or style, no
 * request to anywhere else. Photographs are fetched with the token and shown from
 * memory, which is what blob: allows.
 */
#define HTTP_PAGE_POLICY                                                               \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "  \
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "      \
    "form-action 'self'; frame-ancestors 'none'"

#endif
