/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of a ZIP archive in memory, by their names: stored or deflated, as office files have them. Not read: archives
 * over 4 GiB or in several files, what is encrypted. Pure.
 *
 *   end of the directory   0 "PK\5\6" | 10 parts 2 | 16 where the directory begins 4
 *   directory, each part   0 "PK\1\2" | 8 flags 2 | 10 method 2 | 20 packed bytes 4 | 28 name 2 | 30 extra 2 |
 *                          32 comment 2 | 42 where its head begins 4 | 46 name, extra, comment
 *   head of a part         0 "PK\3\4" | 26 name 2 | 28 extra 2 | 30 name, extra, packed bytes
 */
#ifndef BASE_UNZIP_H
#define BASE_UNZIP_H

#include "base/text.h"

/* Append the part ${name} of ${archive}, unpacked, to ${out}, whose ceiling bounds it. E_NOT_FOUND: there is none;
 * E_INVALID: it is no whole archive; E_UNSUPPORTED: packed in another way; E_TOO_LARGE. */
int unzip_part(struct str archive, const char *name, struct buf *out, struct err *err);

#endif
