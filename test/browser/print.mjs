// SPDX-License-Identifier: Apache-2.0
// A case on paper: whose, of which hospital, who printed it when; the question, the core set,
// the vital signs, what was said; and nothing to press.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESK, PHONE, accessible, enterByName, fits, person, picture } from './lib/browser.mjs';
import { check, eventually, reads, step } from './lib/report.mjs';

const CASE = 'demo-case-12'; // asked by the clinician who has an account, and answered

async function enter({ page }, node, account) {
  await enterByName(page, node.address, account);
  await page.goto(`${node.address}/#/case/${CASE}`);
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await page.getByText('NEWS2').first().waitFor();
}

const top = (page, selector) => page.locator(selector).first().evaluate((one) => one.getBoundingClientRect().top);

async function onPaper({ page }, account) {
  await step('print: the button prints', async () => {
    await page.evaluate(() => { window.print = () => { window.printed = true; }; });
    await page.getByRole('button', { name: 'Print', exact: true }).click();
    await eventually(() => page.evaluate(() => window.printed === true), 'nothing is printed');
    check(!await page.locator('.print-head').isVisible(), 'the head of the paper is on the screen');
  });
  await step('print: on paper stand hospital, who asked, who printed it, and no button or navigation', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await reads(page.locator('.print-head'), (head) => /Nagqu People's Hospital/.test(head) && head.includes(account.name) && head.includes(CASE) && /20\d\d/.test(head), 'the head lacks something');
    for (const selector of ['.rail', '.top', '.composer', '.patient-head .button', '.case-body .button', '.phrases-here']) {
      await eventually(() => page.locator(selector).evaluateAll((all) => all.every((one) => !one.checkVisibility())), `${selector} is printed`);
    }
    let colours = [];
    await eventually(async () => { // another colour may come slowly
      colours = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.question h2')).color]);
      return colours[0] === 'rgb(255, 255, 255)' && colours[1] === 'rgb(0, 0, 0)';
    }, () => `it is printed in ${colours.join(' on ')}`);
  });
  await step('print: question, vital signs and messages in this order, each with its full time', async () => {
    const places = await Promise.all(['.print-head', '.question', '.vitals', '.timeline'].map((selector) => top(page, selector)));
    check(places.every((place, at) => at === 0 || place > places[at - 1]), `they stand at ${places.map(Math.round)}`);
    const time = await page.locator('.timeline .time-toggle').first().evaluate((one) => getComputedStyle(one, '::after').content);
    check(/20\d\d/.test(time), `a time is printed as ${time}`);
  });
  await step('print: as a PDF', async () => {
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    check(pdf.length > 10_000, `the PDF has ${pdf.length} bytes`);
    if (process.env.SHOTS) {
      if (!existsSync(process.env.SHOTS)) mkdirSync(process.env.SHOTS, { recursive: true });
      writeFileSync(join(process.env.SHOTS, 'print-case.pdf'), pdf);
    }
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  });
}

export async function printing(node, browser, accounts) {
  const desk = await person(browser, node.address, DESK);
  const phone = await person(browser, node.address, PHONE);
  await step('print: the page of a case with its button, at a desk and on a phone', async () => {
    for (const [name, reader] of [['desk', desk], ['phone', phone]]) {
      await enter(reader, node, accounts.clinician);
      await picture(reader.page, `${name}-print-button`, false);
      await fits(reader.page);
      await accessible(reader.page);
    }
  });
  await onPaper(desk, accounts.clinician);
  await step('print: no script error, no breach of the content policy', async () => {
    const all = [...desk.complaints, ...phone.complaints];
    check(all.length === 0, all.join('\n'));
  });
  await desk.context.close();
  await phone.context.close();
}
