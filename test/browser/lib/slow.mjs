// SPDX-License-Identifier: Apache-2.0
// A slow machine on a poor link, to bring races to light: every page has a sixth of the
// processor, and every answer comes a random moment late. SLOW=seed turns it on; the
// delays are drawn from the seed in the order in which requests are made.
import { createServer, request } from 'node:http';

const seed = process.env.SLOW ?? '';
const THROTTLE = Number(process.env.SLOW_RATE ?? 6);
const LATEST = 800; // milliseconds, on both ways together

export const slow = seed !== '';

/** Numbers from 0 up to 1, the same ones for the same ${start}. */
function numbersOf(start) {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const draw = numbersOf(Number(seed) || [...seed].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7));
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** What goes through here is held up; a node that is away is a line that breaks, as without it. */
async function pass(incoming, outgoing) {
  const late = draw() * LATEST;
  const before = draw() * late;
  await pause(before);
  if (outgoing.destroyed) return;
  const { hostname, port, pathname, search } = new URL(incoming.url);
  const onward = request({ hostname, port, path: pathname + search, method: incoming.method, headers: incoming.headers }, async (answer) => {
    answer.on('error', () => outgoing.destroy());
    answer.pause();
    await pause(late - before);
    if (outgoing.destroyed) {
      answer.destroy();
      return;
    }
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders(); // a stream of events has an answer before it has an event
    answer.pipe(outgoing);
    answer.on('close', () => { if (!answer.complete) outgoing.destroy(); });
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

let settings = null;

/** What a browser is launched with: nothing, unless everything is to be slow. */
export async function slowSettings() {
  if (!slow) return {};
  settings ??= new Promise((resolve) => {
    const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      console.log(`       slow: seed ${seed}, a processor ${THROTTLE} times slower, answers up to ${LATEST} ms late`);
      resolve({ proxy: { server: `http://127.0.0.1:${server.address().port}`, bypass: '<-loopback>' } });
    });
  });
  return settings;
}

async function throttle(context, page) {
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
}

/** Every page that ${context} has or opens gets its sixth. */
export async function slowDown(context) {
  if (!slow) return context;
  context.on('page', (page) => void throttle(context, page).catch(() => undefined)); // it may be closed again by then
  await Promise.all(context.pages().map((page) => throttle(context, page)));
  return context;
}

/** The same for every context that ${browser} is asked for. */
export function slowBrowser(browser) {
  if (!slow) return browser;
  const make = browser.newContext.bind(browser);
  browser.newContext = async (...options) => slowDown(await make(...options));
  return browser;
}
