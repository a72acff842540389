/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET CodeSystem/$catalogue: the catalogue that this process uses, as the text that
 * app/catalogue_read.h reads, to whoever is signed in. Pages search illnesses in it and keep it; its
 * ETag is of its content, so who has it already gets 304. Never the version that counts only at
 * the next start: the answers of the node are made by this one.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"

#include "app/app_internal.h"
#include "app/catalogue.h"

int rest_catalogue(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct app *app = call->app;
    struct str text = app->catalogue ? app->catalogue_text : catalogue_built_in_text();
    char tag[17];

    if (rest->pair_count > 0)
        return err_set(err, E_INVALID, rest->pairs[0].name.p,
            "The catalogue is given as a whole: $catalogue takes no parameters.");
    snprintf(tag, sizeof(tag), "%016" PRIx64, hash64(text.p, text.len, 0));
    snprintf(call->etag, sizeof(call->etag), "W/\"%s\"", tag);
    if (call->if_none_match.p && rest_etag_matches(call->if_none_match, tag)) {
        call->status = 304;
        return 0;
    }
    buf_add(&call->answer, text.p, text.len);
    if (!call->answer.error)
        call->media_type = STR("text/tab-separated-values; charset=utf-8");
    return 0; /* what the answer could not take is told by who sends it */
}
