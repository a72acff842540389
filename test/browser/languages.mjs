// SPDX-License-Identifier: Apache-2.0
// The pages in every language: the heading is in it, it is remembered, nothing is wider
// than the screen, and Tibetan shows in a font that the node itself gives.
import { DESK, PHONE, address as addressHas, person, picture, signIn, whole } from './lib/browser.mjs';
import { check, eventually, exactly, field, step } from './lib/report.mjs';

const LANGUAGES = [
  { code: 'bo', cases: 'ནད་དཔེ།', ask: 'བསམ་འཆར་འདྲི་བ།' },
  { code: 'ru', cases: 'Случаи', ask: 'Запросить консультацию' },
  { code: 'zh', cases: '病例', ask: null },
];
const SHAPES = { desk: DESK, phone: PHONE };

async function inTibetanType(page, fonts) {
  await eventually(() => fonts.length > 0, 'no Tibetan font was asked of the node');
  await page.evaluate(() => document.fonts.ready);
  const { height, size, spacing } = await page.evaluate(() => {
    const style = getComputedStyle(document.querySelector('h1'));
    return { height: parseFloat(style.lineHeight), size: parseFloat(style.fontSize), spacing: style.letterSpacing };
  });
  check(height / size >= 1.79, `lines of Tibetan are ${height / size} of their size high`);
  check(spacing === 'normal' || spacing === '0px', `letters of Tibetan are set apart: ${spacing}`);
}

/** The list, a case and the form, in each language, on a phone and at a desk. */
export async function languages(browser, address, token, caseAddress) {
  for (const [shape, settings] of Object.entries(SHAPES)) {
    for (const one of LANGUAGES) {
      await step(`${shape}: the pages in ${one.code}`, async () => {
        const reader = await person(browser, address, settings);
        const fonts = [];
        reader.page.on('request', (request) => { if (request.url().endsWith('.woff2')) fonts.push(request.url()); });
        await signIn(reader.page, address, token);
        check(fonts.length === 0, 'a font was fetched for a page without Tibetan');
        await reader.page.evaluate((code) => window.localStorage.setItem('belay.language', code), one.code);
        await reader.page.goto(`${address}/#/cases`);
        await reader.page.reload();
        await reader.page.getByRole('heading', { name: one.cases, level: 1 }).waitFor();
        if (one.code === 'bo') await inTibetanType(reader.page, fonts);
        await whole(reader.page, `${shape}-cases-${one.code}`);
        await reader.page.goto(caseAddress);
        await reader.page.locator('.timeline').waitFor();
        await whole(reader.page, `${shape}-case-${one.code}`);
        await reader.page.goto(`${address}/#/ask`);
        if (one.ask) await reader.page.getByRole('heading', { name: one.ask, level: 1 }).waitFor();
        else await reader.page.locator('main h1').waitFor();
        await whole(reader.page, `${shape}-ask-${one.code}`);
        check(reader.complaints.length === 0, reader.complaints.join('\n'));
        await reader.context.close();
      });
    }
  }
}

/** A page that is loaded when it is first opened brings its texts, in the language of now and in each that is chosen after. */
export async function laterTexts(browser, address, token) {
  await step('a page loaded later speaks the language chosen before it was opened, and each chosen while it is open', async () => {
    const reader = await person(browser, address, DESK);
    const { page } = reader;
    await signIn(page, address, token);
    const choose = async (code) => {
      await page.locator('.account summary').click();
      await page.locator('.language select').selectOption(code);
      await page.locator(`html[lang|=${code}]`).waitFor();
      await page.locator('.account summary').click();
    };
    await choose('zh');
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${address}/#/phrases`);
    await page.getByRole('heading', { name: '短语卡片', level: 1 }).waitFor();
    check(asked.some((path) => /^\/assets\/phrases-\w{8}\.js$/.test(path)), `the page was there before it was opened: ${asked.join(' ')}`);
    await choose('ru');
    await page.getByRole('heading', { name: 'Карточки с фразами', level: 1 }).waitFor();
    await choose('en');
    await page.getByRole('heading', { name: 'Phrase cards', level: 1 }).waitFor();
    check(reader.complaints.length === 0, reader.complaints.join('\n'));
    await reader.context.close();
  });
}

/** Phrase cards: searched, in two languages, on a phone, at a desk, on paper and beside a case. */
export async function phrases(browser, address, token, caseAddress) {
  for (const [shape, settings] of Object.entries(SHAPES)) {
    await step(`${shape}: phrase cards side by side, searched and printed`, async () => {
      const reader = await person(browser, address, settings);
      const { page } = reader;
      await signIn(page, address, token);
      if (shape === 'phone') await page.getByLabel('Pages').getByRole('link', { name: 'More' }).click(); // the bar of a phone holds five
      await page.getByRole('link', { name: 'Phrases' }).filter({ visible: true }).click();
      await page.getByRole('heading', { name: 'Phrase cards', level: 1 }).waitFor();
      await page.evaluate(() => document.fonts.ready);
      await whole(page, `${shape}-phrases`);
      await page.getByLabel('The patient reads').selectOption('zh');
      await page.getByLabel('Search in all languages').fill('глубоко вдохните');
      await page.getByText('深吸气。').waitFor();
      await exactly(1, page.locator('.phrase'));
      await page.getByText('Not checked by a speaker yet').waitFor();
      await addressHas(page, 'second=zh');
      await page.getByLabel('Search in all languages').fill('');
      await page.getByLabel('Topic').selectOption('pain');
      await page.emulateMedia({ media: 'print' });
      await eventually(async () => !await page.getByLabel('Topic').isVisible(), 'paper shows the fields');
      await picture(page, `${shape}-phrases-paper`);
      await page.emulateMedia({ media: 'screen' });
      await page.goto(caseAddress);
      await page.locator('.phrases-here summary').click();
      await page.getByText('您好。').waitFor();
      await whole(page, `${shape}-case-phrases`);
      check(reader.complaints.length === 0, reader.complaints.join('\n'));
      await reader.context.close();
    });
  }
}

async function byPassword(browser, address, { name, password }, shape) {
  const someone = await person(browser, address, shape);
  await someone.page.goto(`${address}/`);
  await someone.page.locator('input[type=password]').waitFor();
  await someone.page.locator('input').first().fill(name);
  await someone.page.locator('input[type=password]').fill(password);
  await someone.page.locator('button[type=submit]').click();
  await someone.page.locator('.account summary').waitFor();
  return someone;
}

/** How I am told that a case waits; and the language, which goes with the account. */
export async function choices(demo, browser, accounts) {
  for (const [shape, settings] of Object.entries(SHAPES)) {
    await step(`${shape}: how I am told is chosen and kept, and the language follows to another device`, async () => {
      const here = await byPassword(browser, demo.address, accounts.clinician, settings);
      const { page } = here;
      await page.goto(`${demo.address}/#/account`);
      await page.getByLabel('E-mail address').fill('not an address');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('This is not an e-mail address').waitFor();
      await page.getByLabel('E-mail address').fill('karma@county.example');
      await page.getByLabel('Webhook').fill('https://chat.example/hook');
      await page.getByLabel('Form of the message').selectOption('msgtype');
      await page.getByLabel('Quiet hours').check();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.').waitFor();
      await whole(page, `${shape}-told`);
      await page.reload();
      await field(page.getByLabel('E-mail address'), 'karma@county.example', 'the address was not kept');
      await page.locator('.account summary').click();
      const kept = page.waitForResponse((response) => response.url().endsWith('/session/choices') && response.request().method() === 'PUT');
      await page.locator('.language select').selectOption('ru');
      await page.getByRole('heading', { name: 'Моя учётная запись', level: 1 }).waitFor();
      await kept;
      await whole(page, `${shape}-told-ru`);
      const there = await byPassword(browser, demo.address, accounts.clinician, settings);
      await there.page.goto(`${demo.address}/#/account`);
      await there.page.getByRole('heading', { name: 'Моя учётная запись', level: 1 }).waitFor();
      const back = there.page.waitForResponse((response) => response.url().endsWith('/session/choices') && response.request().method() === 'PUT');
      await there.page.locator('.account summary').click();
      await there.page.locator('.language select').selectOption('en');
      await back;
      const complaints = [...here.complaints.filter((text) => !/status of 400/.test(text)), ...there.complaints];
      check(complaints.length === 0, complaints.join('\n'));
      await here.context.close();
      await there.context.close();
    });
  }
}
