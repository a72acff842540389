/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out, and one's own account: what stands behind /session. A call as those
 * to app_start(), finished by app_finish(); ${call->path} is what stands behind
 * "/session/". Bodies and answers are plain JSON.
 *
 *   GET    ""           who I am: by cookie or by token
 *   POST   ""           {name, password} or {ticket, password}: begins a visit
 *                       -> {next: null | "code" | "enrolment", page}
 *   POST   code         {code}: a one-time or recovery code completes it
 *   POST   enrolment    {password?}: -> {secret, uri}; a complete visit needs the password
 *   PUT    enrolment    {code}: the first code -> {recovery: [...]}, shown this once
 *   POST   password     {old, new}: ends all other visits
 *   POST   proof        {password} or {code}: it is still me
 *   DELETE ""           sign out
 *   GET    list         my visits and tokens, and with what I can prove that it is me:
 *                       {visits, tokens, proofs: ["password", "code"], proved}
 *   DELETE list/ID      end one of them; another than this one only within
 *                       LIMIT_SESSION_PROOF_MINUTES of the sign-in or a proof: else 403, "proof"
 *   GET    choices      my language, and how I am told that a case waits (app/choice.h)
 *   PUT    choices      the members that are there; null takes one away
 *   POST   choices/try  a test message by each way I chose -> {ways}
 *
 * and those of the people one looks after (app/administration.h):
 *
 *   GET    accounts        {accounts: [{name, practitioner, off, password, code,
 *                          needsCode, provider}]}: what is set up, never what it is
 *   POST   accounts        {name, practitioner} -> {ticket, until}: a link's, used once
 *   POST   accounts/reset  {name} -> {ticket, until}: password, codes and sessions are gone
 *   POST   accounts/off    {name}: disabled, sessions and tokens ended
 *   POST   accounts/on     {name}
 *
 * Each answer that raises what the browser may do carries a new cookie and page token. All
 * changes but the first need the page token. Unknown names, wrong passwords and disabled
 * accounts get the same words after the same work; who tries too often gets 429.
 */
#ifndef APP_SIGN_IN_H
#define APP_SIGN_IN_H

#include "app/app.h"

/* As app_start(). */
int sign_in_start(struct app_call *call);

/* The one-time or recovery code ${code} of whoever makes ${call}, given for one act such as a
 * signature, and used up by it. E_FORBIDDEN: no account, no codes, a wrong code, too many
 * tries; E_INVALID: none was given. */
int sign_in_second_factor(struct app_call *call, struct str code, struct err *err);

#endif
