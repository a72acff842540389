// SPDX-License-Identifier: Apache-2.0
// What surrounds the journey: signing in and out, the keyboard, filters in the address
// bar, the language, the dark, paper, and a node that goes away and comes back.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DESK, accessible, address as addressHas, keeps, person, picture, signIn, whole } from './lib/browser.mjs';
import { serveFolder } from './lib/folder.mjs';
import { check, eventually, exactly, field, none, reads, skip, step } from './lib/report.mjs';

export async function wrongToken({ page }, address) {
  await step('a wrong token is refused in plain words', async () => {
    await page.goto(`${address}/#/token`);
    await whole(page, 'desk-sign-in-token');
    await page.getByLabel('Token').fill('not-a-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is wrong or has expired.').waitFor();
    await whole(page, 'desk-sign-in-wrong');
  });
}

/** Opens two more cases straight through the page, one urgent, one routine, by keyboard alone. */
export async function byKeyboard({ page }, cases) {
  for (const one of cases) {
    await step(`keyboard: open a case (${one.urgency})`, async () => {
      await page.getByLabel('Pages').getByRole('link', { name: 'Cases' }).press('Enter');
      await page.getByRole('heading', { name: 'Cases', level: 1 }).waitFor();
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: 'Ask for advice' }).waitFor();
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
      await page.keyboard.press('Tab');
      await page.keyboard.type(one.name);
      await page.getByRole('option', { name: new RegExp(`Register .${one.name}.`) }).waitFor(); // for all that was typed
      await page.keyboard.press('ArrowUp'); // the last line of the list
      await page.keyboard.press('Enter');
      await page.getByLabel('Name', { exact: true }).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space'); // the first sex offered: female
      await page.keyboard.press('Tab');
      await page.keyboard.type(one.age);
      await page.getByLabel('What do you need to know?').focus();
      await page.keyboard.type(one.question);
      await page.keyboard.press('Tab');
      await page.keyboard.type(one.story);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      for (let down = 0; down < one.steps; down++) await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: one.send }).press('Enter');
      await page.getByRole('heading', { name: one.name, level: 1 }).waitFor();
    });
  }
}

export async function listByKeyboard({ page }) {
  await step('keyboard: walk the list, open, write, send, go back', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Cases', level: 1 }).waitFor();
    const rows = page.locator('a.case-row');
    await exactly(3, rows);
    // the answered case waits for the asker's word and stands first; then the urgent, then the routine
    await reads(rows.nth(1), 'Urgent', 'the urgent case is not before the routine one');
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    check(focused.includes('Urgent'), `the second row has not the focus: ${focused}`);
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    check(ring !== 'none', 'the focus cannot be seen');
    await whole(page, 'desk-list-keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pema Lhamo', level: 1 }).waitFor();
    await page.locator('.step-form textarea').first().waitFor();
    await page.keyboard.press('r');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('Reviewed by phone, a note follows.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Reviewed by phone, a note follows.').first().waitFor();
  });
}

export async function filters({ page }, address) {
  await step('filters are in the address bar and can be opened again', async () => {
    await page.goto(`${address}/#/cases?state=answered`);
    await page.getByRole('link', { name: /Tashi Dorje/ }).waitFor();
    await page.getByLabel('Where it stands').selectOption('');
    await page.getByLabel('Patient, question or person').fill('pema');
    await page.getByRole('link', { name: /Pema Lhamo/ }).waitFor();
    await addressHas(page, 'text=pema');
    await none(page.getByRole('link', { name: /Sonam/ }), 'a case that does not match is shown');
    await page.reload();
    await field(page.getByLabel('Patient, question or person'), 'pema', 'a reload loses the filter');
    await page.getByLabel('Patient, question or person').fill('nobody');
    await page.getByText('No case here matches.').waitFor();
    await page.getByLabel('Patient, question or person').fill('');
  });
}

export async function inChinese({ page }, caseAddress) {
  await step('the pages speak Chinese, and remember it', async () => {
    await page.locator('.account summary').click();
    await page.getByLabel('Language').selectOption('zh');
    await page.getByRole('heading', { name: '病例', level: 1 }).waitFor();
    await page.locator('.account-menu').getByText('机器翻译').waitFor();
    await accessible(page);
    await picture(page, 'desk-account-chinese');
    await page.reload();
    await page.getByRole('heading', { name: '病例', level: 1 }).waitFor();
    await whole(page, 'desk-cases-chinese');
    await page.goto(caseAddress);
    await page.getByRole('heading', { name: /的答复/ }).waitFor();
    await whole(page, 'desk-case-chinese');
    await page.locator('.account summary').click();
    await page.getByLabel('语言').selectOption('en');
    await page.keyboard.press('Escape');
  });
}

export async function inTheDark(browser, address, token, caseAddress) {
  await step('the dark, with reduced motion, is as readable', async () => {
    const night = await person(browser, address, DESK, { colorScheme: 'dark', reducedMotion: 'reduce' });
    await signIn(night.page, address, token);
    await night.page.getByRole('link', { name: /Pema Lhamo/ }).waitFor();
    await whole(night.page, 'desk-cases-dark');
    await night.page.goto(caseAddress);
    await night.page.getByRole('heading', { name: /Answer from/ }).waitFor();
    await night.page.getByAltText('Photograph: chest.jpg').first().waitFor();
    await whole(night.page, 'desk-case-dark');
    const answer = (await reads(night.page.locator('.latest'), 'Answer from')).split('\n').pop();
    await night.page.getByRole('link', { name: 'Ask', exact: true }).click();
    await night.page.getByRole('heading', { name: 'Ask for advice' }).waitFor();
    await whole(night.page, 'desk-ask-dark');
    await night.page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await night.page.goto(caseAddress);
    await night.page.locator('.print-head').waitFor();
    await reads(night.page.locator('.timeline'), answer, 'the answer is not on paper');
    await eventually(async () => !await night.page.locator('.rail').isVisible(), 'paper shows the rail');
    await picture(night.page, 'paper-case');
    check(night.complaints.length === 0, night.complaints.join('\n'));
    await night.context.close();
  });
}

export async function unreadAnswer({ page }) {
  await step('an answer not yet read is announced in the list, until it is opened', async () => {
    await page.getByLabel('Pages').getByRole('link', { name: 'Cases' }).click();
    const row = page.getByRole('link', { name: /Tashi Dorje/ });
    await reads(row, 'new', 'the row is not marked as new');
    await whole(page, 'desk-answered-new');
    await row.click();
    await page.getByRole('heading', { name: /Answer from/ }).waitFor();
    await page.getByRole('link', { name: 'Back to the cases' }).click();
    await page.getByRole('link', { name: /Tashi Dorje/ }).waitFor();
    await reads(page.getByRole('link', { name: /Tashi Dorje/ }), (text) => !text.includes('new'), 'a case that was read is still marked as new');
  });
}

export async function brokenLink(node, { page }, caseAddress) {
  await step('a node that goes away is shown, and what is typed then is kept and sent once', async () => {
    await page.goto(caseAddress);
    await page.locator('.step-more > summary').click();
    await page.getByRole('button', { name: 'Add to the case' }).click();
    await page.getByLabel('What you want to add').fill('ECG at 60 minutes: ST down by half.');
    await node.stop();
    await page.getByText(/Connecting|No connection/).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('The link broke while sending.').waitFor();
    await picture(page, 'phone-link-broken');
    await node.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const sent = page.locator('.timeline').getByText('ECG at 60 minutes: ST down by half.');
    await sent.waitFor();
    await exactly(1, sent);
  });
}

export async function signedOut({ page }) {
  await step('signing out leaves nothing of the patient in sight, and Back does not bring it', async () => {
    await page.locator('.account summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await none(page.getByText('Tashi Dorje'), 'the patient is still shown');
    const token = await page.evaluate(() => window.sessionStorage.getItem('belay.token'));
    check(token === null, 'the token is still kept');
  });
}

/** An expert whose events do not arrive answers a case that has changed meanwhile. */
export async function staleAnswer(browser, address, token, { page }) {
  await step('an answer written on an old state of the case is not lost and hides nothing', async () => {
    const stale = await person(browser, address, DESK);
    await stale.page.route('**/events', () => undefined); // never answered: no news comes in
    await stale.page.goto(`${address}/#/token`);
    await stale.page.getByLabel('Token').fill(token);
    await stale.page.getByRole('button', { name: 'Sign in' }).click();
    await stale.page.getByRole('link', { name: /Sonam Wangmo/ }).click();
    await stale.page.getByLabel('Your assessment').fill('Wait; operate when there is pain.');
    await stale.page.getByLabel('What shall be done now').fill('See her again in half a year.');
    await stale.page.getByRole('radio', { name: 'Yes', exact: true }).check();

    await page.getByLabel('Pages').getByRole('link', { name: 'Cases' }).click();
    await page.getByRole('link', { name: /Sonam Wangmo/ }).click();
    await page.getByLabel('What you want to add').fill('Her mother had gallstones too.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.timeline').getByText('Her mother had gallstones too.').waitFor();

    await stale.page.getByRole('button', { name: 'Send the answer' }).click();
    await stale.page.getByRole('heading', { name: /Answer from/ }).waitFor();
    await stale.page.locator('.timeline').getByText('Her mother had gallstones too.').waitFor();
    await page.getByRole('heading', { name: /Answer from/ }).waitFor();
    const answers = page.locator('.timeline').getByText('Wait; operate when there is pain.');
    await exactly(1, answers);
    await stale.context.close();
  });
}

/** A case is withdrawn while an expert types: the page hears it at once, and gives back what was typed. */
export async function goneWhileTyping(node, { page, shuts }, clinicianToken) {
  const ask = async (method, path, body) => {
    const answer = await fetch(`${node.address}/fhir/${path}`, {
      method, headers: { Authorization: `Bearer ${clinicianToken}`, 'Content-Type': 'application/fhir+json' }, body: body && JSON.stringify(body),
    });
    check(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  };
  const id = randomUUID();
  await step('a case that is withdrawn while its answer is typed is gone at once, and what was typed is not', async () => {
    const patient = (await ask('GET', 'Patient?_count=1')).entry[0].resource.id;
    await ask('PUT', `ServiceRequest/${id}`, {
      resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'routine', subject: { reference: `Patient/${patient}` },
      category: [{ coding: [{ system: 'https://belay.health/CodeSystem/case-kind', code: 'advice' }] }],
      reasonCode: [{ text: 'Withdrawn in the end?' }], performer: [{ reference: 'Organization/city-cardiology' }],
    });
    await ask('POST', `ServiceRequest/${id}/$send`);
    await page.goto(`${node.address}/#/case/${id}`);
    await page.getByRole('heading', { name: 'Withdrawn in the end?' }).waitFor();
    await page.locator('#step-answer-assessment').fill('An assessment of twenty minutes.');
    await keeps(page, 'An assessment of twenty minutes.'); // kept as it is typed
    shuts(id);
    await ask('POST', `ServiceRequest/${id}/$withdraw`, { resourceType: 'Parameters', parameter: [{ name: 'reason', valueString: 'She went home' }] });
    await page.getByText('This case is not yours any more').waitFor();
    await page.getByText('An assessment of twenty minutes.').waitFor();
    await whole(page, 'desk-case-gone');
    await page.setViewportSize({ width: 390, height: 844 });
    await whole(page, 'phone-case-gone');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Throw it away' }).click();
    await page.getByText('An assessment of twenty minutes.').waitFor({ state: 'detached' });
  });
}

export async function knownPatient({ page }) {
  await step('a known patient is found while typing, and a second one with the same identifier is not made', async () => {
    await page.getByRole('link', { name: 'Ask', exact: true }).click();
    await page.getByLabel('Name or identifier').fill('dorje');
    const found = page.getByRole('option', { name: /Tashi Dorje/ });
    await found.waitFor();
    await whole(page, 'desk-ask-found');
    await found.click();
    await page.getByText('DX-2041').waitFor();
    await page.getByRole('button', { name: 'Choose another patient' }).click();

    await page.getByLabel('Name or identifier').fill('Tashi D.');
    await page.getByRole('option', { name: /Register/ }).click();
    await page.getByRole('radio', { name: 'male', exact: true }).check();
    await page.getByLabel('Age', { exact: true }).fill('60');
    await page.getByLabel('Identifier').fill('DX-2041');
    await page.getByLabel('What do you need to know?').fill('When may he walk again?');
    await page.getByRole('radio', { name: /Routine/ }).check();
    await page.getByRole('button', { name: 'Send the question' }).click();
    await page.getByText('This identifier already belongs to a patient.').waitFor();
    await page.getByRole('button', { name: 'Use this patient' }).click();
    await page.getByRole('button', { name: 'Send the question' }).dblclick(); // an impatient hand
    await page.getByRole('heading', { name: 'Tashi Dorje', level: 1 }).waitFor();
    await page.getByLabel('Pages').getByRole('link', { name: 'Cases' }).click();
    const row = page.locator('a.case-row').filter({ hasText: 'When may he walk again?' }); // not the page just left
    await row.first().waitFor();
    await exactly(1, row);
  });
}

/** Every component in every state, from a development build of the pages. */
export async function gallery(browser) {
  const web = fileURLToPath(new URL('../../web', import.meta.url));
  if (!existsSync(join(web, 'node_modules'))) {
    skip('the gallery of components is without faults', 'the packages of web/ are not installed');
    return;
  }
  await step('the gallery of components is without faults', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'belay-gallery-'));
    execFileSync(process.execPath, [join(web, 'build.mjs'), '--dev', '--out', folder], { stdio: 'pipe' });
    const server = await serveFolder(folder);
    for (const colorScheme of ['light', 'dark']) {
      const { page, context } = await person(browser, server.address, DESK, { colorScheme });
      await page.goto(`${server.address}/#/gallery`);
      await page.getByRole('heading', { name: 'Components' }).waitFor();
      await whole(page, `gallery-${colorScheme}`);
      await context.close();
    }
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
}
