// SPDX-License-Identifier: Apache-2.0
// A word that is dictated, where the browser turns speech into text on the device. No browser without a
// screen hears anything: what stands in for its recogniser here speaks as the standard says, and
// the page is what is tried. A recogniser that would send the voice away is not offered.
import { PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, field, none, step } from './lib/report.mjs';

function recogniser(state) {
  window.SpeechRecognition = class {
    static available({ langs, processLocally }) {
      return Promise.resolve(processLocally && langs[0] === 'en-US' ? state : 'unavailable');
    }

    start() {
      window.heard = { lang: this.lang, here: this.processLocally };
      this.onresult({ results: [[{ transcript: 'mind the' }], [{ transcript: 'lower edge' }]] });
    }

    stop() {
      this.onend();
    }

    abort() {}
  };
}

/** An operation of an apprentice that waits for a rating by zhang-jing. */
async function operation(node) {
  const part = (who, as) => ({ name: 'part', part: [{ name: 'who', valueReference: { reference: `Practitioner/demo-${who}` } }, { name: 'as', valueCode: as }] });
  const answer = await fetch(`${node.address}/fhir/Procedure/$record`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${node.token('pema dictating', 'clinician', '--practitioner', 'demo-pema-yangchen')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'code', valueCode: 'caesarean' }, part('pema-yangchen', 'operator'), part('zhang-jing', 'supervisor')] }),
  });
  check(answer.status === 201, `an operation is recorded: ${answer.status}`);
}

async function open(node, browser, state) {
  const one = await person(browser, node.address, PHONE);
  await one.page.addInitScript(recogniser, state);
  await one.page.goto(`${node.address}/#/token`);
  await one.page.getByLabel('Token').fill(node.token(`${state} dictating`, 'clinician', '--practitioner', 'demo-zhang-jing'));
  await one.page.getByRole('button', { name: 'Sign in' }).click();
  await one.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await one.page.goto(`${node.address}/#/rate`);
  await one.page.locator('.log-rows > li').first().getByRole('button', { name: /Rate/ }).click();
  await one.page.getByLabel('A word').waitFor();
  return one;
}

export async function dictating(node, browser) {
  await operation(node);
  const able = await open(node, browser, 'available');
  await step('dictating: what is said stands behind what was typed, heard on the device', async () => {
    const { page } = able;
    await page.getByLabel('A word').fill('Good:');
    await page.getByRole('button', { name: 'Dictate' }).click();
    await field(page.getByLabel('A word'), 'Good: mind the lower edge', 'what was said is not there');
    const heard = await page.evaluate(() => window.heard);
    check(heard.here === true && heard.lang === 'en-US', JSON.stringify(heard));
    await fits(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Stop dictating' }).scrollIntoViewIfNeeded();
    await picture(page, 'phone-rate-dictating');
    await page.getByRole('button', { name: 'Stop dictating' }).click();
    await page.getByRole('button', { name: 'Dictate' }).waitFor();
  });
  const away = await open(node, browser, 'unavailable');
  await step('dictating: nothing is offered where the voice would leave the device', async () => {
    await none(away.page.getByRole('button', { name: 'Dictate' }), 'dictating is offered');
  });
  for (const { complaints, context } of [able, away]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
