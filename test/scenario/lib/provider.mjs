// SPDX-License-Identifier: Apache-2.0
// A real OpenID Connect provider on a free port of this machine, and a browser that goes
// there and back. The provider's pages are left out: whoever is `who` is signed in at once.
import { createServer } from 'node:http';
import { createServer as createListener } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { Skip } from './scenario.mjs';

const place = new URL('../../browser/node_modules/oidc-provider/lib/index.js', import.meta.url);

function key(alg, kid) {
  const { privateKey } = alg === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg, kid, use: 'sig' };
}

/** A free port that no other program is given while nobody listens there: below those that the
 *  system hands out. */
export async function ownPort() {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    const free = await new Promise((resolve) => {
      const listener = createListener().once('error', () => resolve(false));
      listener.listen(port, '127.0.0.1', () => listener.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

export class Provider {
  constructor() {
    this.people = {};
    this.who = null;
    this.deny = false;
    this.delay = 0;
    this.asked = [];
    this.change = (path, body) => body;
  }

  /** Listen; ${clients} as oidc-provider wants them. */
  async start(clients, { alg = 'RS256', inToken = true } = {}) {
    let load;
    try {
      load = await import(place);
    } catch (error) {
      throw new Skip(`there is no oidc-provider here (${error.code ?? error.message})`);
    }
    this.Oidc = load.default;
    this.clients = clients;
    this.inToken = inToken;
    this.server = createServer((request, response) => this.take(request, response));
    await this.listen(await ownPort());
    this.issuer = `http://127.0.0.1:${this.server.address().port}`;
    this.rotate(alg);
    return this;
  }

  listen(port) {
    return new Promise((resolve) => { this.server.listen(port, '127.0.0.1', resolve); });
  }

  /** Other keys, and none of the old ones. */
  rotate(alg, kid = `key-${Math.random()}`) {
    const quiet = console.warn;
    console.warn = () => {};
    console.info = () => {};
    const scopes = { openid: ['sub', 'acr', 'amr'], profile: ['name', 'preferred_username', 'groups', 'staff_number'] };
    this.oidc = new this.Oidc(this.issuer, {
      clients: this.clients.map((client) => ({ ...client, id_token_signed_response_alg: alg })),
      jwks: { keys: [key(alg, kid)] },
      claims: scopes,
      conformIdTokenClaims: !this.inToken,
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      cookies: { keys: ['a key for the test'] },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, sub) => ({
        accountId: sub, claims: () => ({ sub, ...this.people[sub] }),
      }),
      ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Grant: 600, Interaction: 600, Session: 600 },
      renderError: (ctx, out) => { ctx.body = JSON.stringify(out); },
    });
    this.handle = this.oidc.callback();
    console.warn = quiet;
  }

  async take(request, response) {
    this.asked.push(`${request.method} ${request.url.split('?')[0]}`);
    if (this.delay) await new Promise((resolve) => { setTimeout(resolve, this.delay); });
    if (this.instead) {
      const other = this.instead(request);
      if (other) {
        response.writeHead(other.status ?? 200, { 'Content-Type': 'application/json', ...other.headers });
        response.end(other.body ?? '');
        return;
      }
    }
    if (request.url.startsWith('/interaction/')) await this.interact(request, response);
    else await this.handle(request, response);
  }

  async interact(request, response) {
    const { prompt, params, session, grantId } = await this.oidc.interactionDetails(request, response);
    if (this.deny) {
      await this.oidc.interactionFinished(request, response, { error: 'access_denied' });
    } else if (prompt.name === 'login') {
      const { acr, amr } = this.people[this.who] ?? {};
      await this.oidc.interactionFinished(request, response, {
        login: { accountId: this.who, remember: false, ...(acr ? { acr } : {}), ...(amr ? { amr } : {}) },
      });
    } else {
      const grant = grantId ? await this.oidc.Grant.find(grantId)
        : new this.oidc.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      await this.oidc.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
    }
  }

  async stop() {
    if (!this.server) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }
}

/** As much of a browser as it needs: cookies by place, redirects told one by one. */
export class Browser {
  constructor() {
    this.jars = new Map();
    this.page = '';
  }

  jar(url) {
    const { origin } = new URL(url);
    if (!this.jars.has(origin)) this.jars.set(origin, new Map());
    return this.jars.get(origin);
  }

  cookie(url, name) {
    return this.jar(url).get(name) ?? null;
  }

  async ask(method, url, body) {
    const jar = this.jar(url);
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        ...(cookies ? { Cookie: cookies } : {}),
        ...(this.page ? { 'X-Belay-Page': this.page } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
    });
    const set = response.headers.getSetCookie();
    for (const one of set) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one);
      if (value === '' || /max-age=0(;|$)/i.test(one)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    let json;
    try { json = JSON.parse(text); } catch { json = undefined; }
    return { status: response.status, headers: response.headers, set, text, json, location: response.headers.get('location') };
  }

  /** Follow redirects from ${url} until one leads to ${home}, which is not asked. */
  async follow(url, home) {
    let at = url;
    for (let i = 0; i < 12; i += 1) {
      if (at.startsWith(home)) return at;
      const answer = await this.ask('GET', at);
      if (!answer.location) throw new Error(`${at} answers ${answer.status}: ${answer.text.slice(0, 500)}`);
      at = new URL(answer.location, at).href;
    }
    throw new Error(`too many redirects: ${at}`);
  }
}
