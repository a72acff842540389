// SPDX-License-Identifier: Apache-2.0
// An answer that is held back: what is shown meanwhile is told as of its own year, never as of the year that is asked for now.
import { check, eventually } from './lib/report.mjs';
import { chart, linesOf } from './programme-more.mjs';

/**
 * Holds back what ${wanted} matches. Gives how many are held, and how to let them go: each is on its way before the page
 * is left to itself, since a request that is still held then is let go by the browser too, and twice is an error.
 */
async function holdBack(page, wanted) {
  let letGo = () => undefined;
  const gone = new Promise((resolve) => { letGo = resolve; });
  const held = { count: 0 };
  const onTheirWay = [];
  const goOn = async (route) => {
    await gone;
    await route.continue().catch(() => undefined); // who asked may have left: then nobody waits for it
  };
  const hold = (route) => {
    held.count++;
    onTheirWay.push(goOn(route));
    return onTheirWay.at(-1);
  };
  await page.route(wanted, hold);
  return {
    held,
    release: async () => {
      letGo();
      await Promise.all(onTheirWay);
      await page.unroute(wanted, hold);
    },
  };
}

/** Under the title of a year stand no rows of the year before it: of whom help reaches. */
export async function notOfTheYearBefore({ page }, node, reached) {
  await page.goto('about:blank');
  await page.goto(`${node.address}/#/programme?reach-year=${reached}`);
  const frame = chart(page, 'equity');
  const title = () => frame.locator('figcaption').textContent();
  await frame.locator('figcaption').waitFor();
  const before = JSON.stringify(await linesOf(frame));
  check(before.includes('Nearby'), `the rows of ${reached} are ${before}`);
  const other = reached + 1;
  const { held, release } = await holdBack(page, (url) => url.href.includes('$evaluate-measure') && url.href.includes(`periodStart=${other}`));
  try {
    await frame.locator('#equity-year').selectOption(String(other));
    await eventually(async () => held.count > 0, () => 'nothing was asked for');
    await page.waitForTimeout(200);
    check((await title()).includes(String(reached)) && !(await title()).includes(String(other)), `rows of ${reached} stand under ${await title()}`);
    check(JSON.stringify(await linesOf(frame)) === before, 'the rows of the year before are others');
  } finally {
    await release();
  }
  await eventually(async () => (await title()).includes(String(other)) && !JSON.stringify(await linesOf(frame)).includes('Nearby'), () => `${other} is not told once its answer is there`);
}

/** Journeys and reasons say of which year they are, and that another is asked for. */
export async function ofItsOwnYear({ page }, node, told) {
  await page.goto('about:blank');
  await page.goto(`${node.address}/#/programme?travel=${told}`);
  const map = chart(page, 'travel-map');
  const why = chart(page, 'travel-why');
  const section = page.locator('section.travel');
  await map.getByText(`In ${told} most travelled from`).waitFor();
  const before = JSON.stringify(await linesOf(why));
  const other = told + 1;
  const { held, release } = await holdBack(page, (url) => url.href.includes('/Measure/') && url.href.includes(`periodStart=${other}&`));
  try {
    await page.getByLabel('Year of the journeys').selectOption(String(other));
    await eventually(async () => held.count > 0, () => 'nothing was asked for');
    await page.waitForTimeout(200);
    for (const one of [map, why]) check(!(await one.locator('figcaption').textContent()).includes(String(other)), `rows of ${told} are told as of ${other}`);
    check(JSON.stringify(await linesOf(why)) === before, 'the rows of the year before are others');
    check(await section.getAttribute('aria-busy') === 'true', 'nothing says that another year is asked for');
  } finally {
    await release();
  }
  await map.getByText(`No transfer in which a patient travelled in ${other} is written down.`).waitFor();
  check(await section.getAttribute('aria-busy') === 'false', 'it still says that it waits');
}
