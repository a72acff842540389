/* SPDX-License-Identifier: Apache-2.0 */
#include "base/varint.h"

void varint_add(struct buf *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_addc(b, (char)(0x80 | (v & 0x7f)));
    buf_addc(b, (char)v);
}

bool varint_take(struct str *s, uint64_t *ret)
{
    uint64_t v = 0;

    for (size_t i = 0; i < s->len && i < 10; i++) {
        uint64_t part = (unsigned char)s->p[i];

        if (i == 9 && part > 1)
            return false;
        v |= (part & 0x7f) << (7 * i);
        if (part < 0x80) {
            *ret = v;
            s->p += i + 1;
            s->len -= i + 1;
            return true;
        }
    }
    return false;
}
