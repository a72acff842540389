/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/xml.h"

#include <libxml/xmlreader.h>
#include <limits.h>

#include "base/err.h"

#define TEXT_BYTES (1u << 20) /* of one text: a cell has 32,767 characters at most */

static struct str told(const xmlChar *text)
{
    return str_of((const char *)text);
}

void xml_open(struct xml *x, struct str part)
{
    *x = (struct xml){.error = E_INVALID};
    buf_init(&x->text, TEXT_BYTES);
    if (!part.p || part.len > INT_MAX)
        return;
    x->reader = xmlReaderForMemory(part.p, (int)part.len, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    x->error = x->reader ? 0 : E_NOMEM;
}

void xml_close(struct xml *x)
{
    xmlFreeTextReader(x->reader);
    buf_done(&x->text);
}

static bool is_text(int kind)
{
    return kind == XML_READER_TYPE_TEXT || kind == XML_READER_TYPE_CDATA ||
           kind == XML_READER_TYPE_WHITESPACE ||
           kind == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

static bool take_tag(struct xml *x, int kind)
{
    x->ends = kind == XML_READER_TYPE_END_ELEMENT;
    if (!x->ends && kind != XML_READER_TYPE_ELEMENT)
        return false;
    x->empty = !x->ends && xmlTextReaderIsEmptyElement(x->reader) == 1;
    x->name = told(xmlTextReaderConstLocalName(x->reader));
    return true;
}

bool xml_next(struct xml *x)
{
    int there = 0;

    x->name = (struct str){NULL, 0};
    x->ends = x->empty = false;
    buf_clear(&x->text);
    while (!x->error && (there = xmlTextReaderRead(x->reader)) == 1) {
        int kind = xmlTextReaderNodeType(x->reader);

        if (take_tag(x, kind))
            return true;
        if (is_text(kind)) {
            struct str text = told(xmlTextReaderConstValue(x->reader));

            buf_add(&x->text, text.p, text.len);
            x->error = x->text.error;
        }
    }
    if (there < 0)
        x->error = E_INVALID;
    return false;
}

bool xml_begins(const struct xml *x, const char *name)
{
    return !x->ends && str_is(x->name, name);
}

bool xml_ends(const struct xml *x, const char *name)
{
    return (x->ends || x->empty) && str_is(x->name, name);
}

struct str xml_attribute(const struct xml *x, const char *name)
{
    struct str value = {NULL, 0};

    while (!x->ends && !value.p && xmlTextReaderMoveToNextAttribute(x->reader) == 1) {
        if (str_is(told(xmlTextReaderConstLocalName(x->reader)), name))
            value = told(xmlTextReaderConstValue(x->reader));
    }
    xmlTextReaderMoveToElement(x->reader);
    return value;
}
