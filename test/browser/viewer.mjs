// SPDX-License-Identifier: Apache-2.0
// The pictures of a case, large: a phone's 12 megapixels and what was sent of them first,
// opened, enlarged, moved, turned, their greys spread, by mouse, finger and keyboard; and
// what is said of a file that cannot be shown.
import { randomUUID } from 'node:crypto';
import { DESK, PHONE, accessible, address as addressHas, enterByName, fits, focused, person, picture } from './lib/browser.mjs';
import { drawPhoto } from './lib/photo.mjs';
import { check, eventually, field, step } from './lib/report.mjs';

const CASE = 'demo-case-14'; // asked by the clinician who has an account
const CASE_ADDRESS = `#/case/${CASE}`;

async function operate(node, resources) {
  const entry = resources.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of pictures', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  check(answer.ok, `storing pictures: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** A document of the case of ${files}: [name, type, bytes], the first of them shown first. */
function documentOf(subject, files) {
  const context = { reference: `ServiceRequest/${CASE}` };
  const stored = files.map(([title, contentType, bytes]) => {
    const id = randomUUID();
    return {
      binary: { resourceType: 'Binary', id, contentType, securityContext: context, data: bytes.toString('base64') },
      attachment: { contentType, url: `Binary/${id}`, size: bytes.length, title },
    };
  });
  const document = {
    resourceType: 'DocumentReference', id: randomUUID(), status: 'current', subject, date: new Date().toISOString(), context: { related: [context] },
    content: stored.map(({ attachment }) => ({ attachment })),
  };
  return { records: [...stored.map(({ binary }) => binary), document], document };
}

async function store(node, page) {
  const read = await fetch(`${node.address}/fhir/ServiceRequest/${CASE}`, { headers: { Authorization: `Bearer ${node.token('Reader of pictures', 'program')}` } });
  const request = await read.json();
  const small = await drawPhoto(page, 1600, 1200, 'image/jpeg');
  const large = await drawPhoto(page, 4000, 3000, 'image/jpeg');
  const tall = await drawPhoto(page, 600, 1200, 'image/jpeg');
  const dicom = Buffer.alloc(400);
  dicom.write('DICM', 128);
  const documents = [
    documentOf(request.subject, [['chest.jpg', 'image/jpeg', small], ['chest.jpg', 'image/jpeg', large]]),
    documentOf(request.subject, [['arm.jpg', 'image/jpeg', tall]]),
    documentOf(request.subject, [['slice.dcm', 'application/dicom', dicom]]),
  ];
  const listed = documents.map(({ document }) => ({ reference: `DocumentReference/${document.id}` }));
  await operate(node, [...documents.flatMap(({ records }) => records), { ...request, supportingInfo: [...(request.supportingInfo ?? []), ...listed] }]);
  return large.length;
}

/** How the picture lies on the screen, and what is done to its greys. */
function lies(page) {
  return page.locator('.viewer-stage img').evaluate((image) => {
    const { x, y, width, height } = image.getBoundingClientRect();
    return { x, y, width, height, natural: image.naturalWidth, filter: image.style.filter };
  });
}

/** Until the picture lies as ${wanted} says; how it lies then. */
async function liesAs(page, wanted, sentence) {
  let at = null;
  await eventually(async () => { at = await lies(page); return wanted(at); }, () => `${sentence}: ${JSON.stringify(at)}`);
  return at;
}

/** How it lies once it lies still: it is drawn in the next frame, and its place may be looked for. */
async function still(page) {
  let last = '';
  let at = null;
  await eventually(async () => {
    at = await lies(page);
    const same = JSON.stringify(at) === last && at.width > 0;
    last = JSON.stringify(at);
    if (!same) await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    return same;
  }, 'the picture does not come to rest');
  return at;
}

const viewer = (page) => page.getByRole('dialog', { name: /Photograph/ });
const isOpen = (page) => page.locator('.viewer-stage img').waitFor({ state: 'visible' });
const isClosed = (page) => viewer(page).waitFor({ state: 'detached' });
const near = (a, b) => Math.abs(a - b) < 2;

async function byMouse({ page }, node, large) {
  await step('viewer: a picture opens over the whole screen, all of it in sight', async () => {
    await page.goto(`${node.address}/${CASE_ADDRESS}`);
    await page.getByRole('button', { name: 'Show chest.jpg large' }).click();
    await isOpen(page);
    await liesAs(page, ({ width, height, natural }) => width > 0 && width <= 1280 && height <= 800 && near(width / height, 4 / 3) && natural === 1600, 'not all of it is in sight');
    await addressHas(page, 'picture=');
    await picture(page, 'desk-viewer', false);
    await fits(page);
    await accessible(page);
  });
  await step('viewer: the wheel enlarges about the pointer, dragging moves, a double click shows all of it again', async () => {
    const whole = await still(page);
    const at = { x: whole.x + whole.width * 0.25, y: whole.y + whole.height / 2 };
    await page.mouse.move(at.x, at.y);
    await page.mouse.wheel(0, -600);
    await liesAs(page, (one) => one.width > 2 * whole.width, `the wheel does not enlarge ${whole.width}`);
    const large = await still(page);
    check(near((at.x - large.x) / large.width, 0.25), 'what was under the pointer went away');
    await page.mouse.down();
    await page.mouse.move(at.x + 80, at.y + 30, { steps: 4 });
    await page.mouse.up();
    await liesAs(page, (one) => near(one.x - large.x, 80) && near(one.y - large.y, 30), `dragging does not move it from ${large.x}, ${large.y}`);
    await page.mouse.dblclick(at.x, at.y);
    await liesAs(page, (one) => near(one.width, whole.width), 'a double click does not show all of it');
  });
  await step('viewer: the right button and the sliders spread the greys, and a reset takes it back', async () => {
    await page.mouse.move(640, 400);
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(440, 360, { steps: 4 });
    await page.mouse.up({ button: 'right' });
    await page.getByRole('button', { name: 'Brightness and contrast' }).click();
    await field(page.getByLabel('Width'), '50');
    await field(page.getByLabel('Level'), '40');
    await liesAs(page, (one) => one.filter.includes('contrast'), 'the picture looks as before');
    await page.getByLabel('Invert').check();
    await liesAs(page, (one) => one.filter.includes('invert'), 'it is not inverted');
    await picture(page, 'desk-viewer-greys', false);
    await accessible(page);
    await page.getByRole('button', { name: 'Reset' }).click();
    await liesAs(page, (one) => one.filter === 'none', 'a reset does not take it back');
  });
  await step('viewer: the original comes when it is asked for, where the small one lay', async () => {
    const asked = [];
    page.on('request', (request) => { if (request.url().includes('/Binary/')) asked.push(request.url()); });
    const before = await still(page);
    await page.getByRole('button', { name: /^Load the original \(/ }).click();
    await page.getByText('Original', { exact: true }).waitFor();
    await page.waitForFunction(() => document.querySelector('.viewer-stage img')?.naturalWidth === 4000);
    await liesAs(page, (one) => near(one.width, before.width), `the picture jumped from ${before.width}`);
    check(asked.length === 1, `${asked.length} files were asked for`);
    check(large > 500_000, `the original has ${large} bytes`);
  });
}

async function byKeyboard({ page }) {
  await step('viewer: by keyboard alone, with a way back to where one was', async () => {
    await page.keyboard.press('Escape');
    await isClosed(page);
    await eventually(() => !page.url().includes('picture='), 'the address still says that it is open');
    await focused(page.getByRole('button', { name: 'Show chest.jpg large' }), 'the focus did not go back');
    await page.keyboard.press('Enter');
    await isOpen(page);
    await focused(page.getByRole('button', { name: 'Close' }), 'the focus is not in the viewer');
    const whole = await still(page);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    await liesAs(page, (one) => near(one.width, whole.width * 1.4 ** 3), `three times + on ${whole.width}`);
    await liesAs(page, (one) => near(one.x + one.width / 2, 640 - 60), 'the arrow did not move it');
    await page.getByRole('status').filter({ hasText: '274 % of the whole' }).waitFor({ state: 'attached' });
    await page.keyboard.press('0');
    await page.keyboard.press('r');
    await liesAs(page, (one) => one.height > one.width, 'it is not turned');
    await page.keyboard.press('i');
    await liesAs(page, (one) => one.filter === 'invert(1)', 'it is not inverted');
    await page.keyboard.press('PageDown');
    await page.getByRole('dialog', { name: 'Photograph: arm.jpg' }).waitFor();
    await isOpen(page);
    await liesAs(page, (one) => one.filter === 'none', 'the greys of another picture are spread');
    await page.goBack();
    await isClosed(page);
  });
}

async function byFinger({ page, context }, node) {
  const pinch = async (from, to) => {
    const session = await context.newCDPSession(page);
    const touch = (type, apart) => session.send('Input.dispatchTouchEvent', { type, touchPoints: apart ? [{ x: 195 - apart, y: 400, id: 1 }, { x: 195 + apart, y: 400, id: 2 }] : [] });
    await touch('touchStart', from);
    for (let part = 1; part <= 5; part++) await touch('touchMove', from + ((to - from) * part) / 5);
    await touch('touchEnd', 0);
  };
  await step('viewer: two fingers on a phone, and the way back is the phone\'s own', async () => {
    await page.goto(`${node.address}/${CASE_ADDRESS}`);
    await page.getByRole('button', { name: 'Show chest.jpg large' }).tap();
    await isOpen(page);
    const whole = await still(page);
    await picture(page, 'phone-viewer', false);
    await fits(page);
    await accessible(page);
    await pinch(40, 120);
    await liesAs(page, (one) => near(one.width / whole.width, 3), `the fingers do not make ${whole.width} three times as large`);
    await page.getByRole('button', { name: 'Brightness and contrast' }).tap();
    await picture(page, 'phone-viewer-greys', false);
    await fits(page);
    await accessible(page);
    await page.goBack();
    await isClosed(page);
  });
  await step('viewer: an address opens the picture, and closing it stays in the case', async () => {
    await page.getByRole('button', { name: 'Show arm.jpg large' }).tap();
    await isOpen(page);
    await page.reload();
    await isOpen(page);
    await page.getByRole('button', { name: 'Close' }).tap();
    await isClosed(page);
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  });
  await step('viewer: a DICOM file is stored, can be saved, and the page says what it cannot do', async () => {
    await page.getByText('DICOM: cannot be shown here').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save slice.dcm' }).tap();
    check((await saved).suggestedFilename() === 'slice.dcm', 'it is saved under another name');
    await page.goto(`${node.address}/#/ask`);
    const bytes = Buffer.alloc(300);
    bytes.write('DICM', 128);
    await page.getByLabel('Add a photograph or file').setInputFiles({ name: 'IM0001', mimeType: '', buffer: bytes });
    await page.getByText('IM0001 is a DICOM file.').waitFor();
    await page.getByText('IM0001 is a DICOM file.').scrollIntoViewIfNeeded();
    await fits(page);
  });
}

export async function viewing(node, browser, accounts) {
  const desk = await person(browser, node.address, DESK);
  const phone = await person(browser, node.address, PHONE);
  let large = 0;
  await step('viewer: a case with pictures of a phone', async () => {
    await enterByName(desk.page, node.address, accounts.clinician);
    large = await store(node, desk.page);
  });
  await byMouse(desk, node, large);
  await byKeyboard(desk);
  await enterByName(phone.page, node.address, accounts.expert);
  await byFinger(phone, node);
  await step('viewer: no script error, no breach of the content policy', async () => {
    const all = [...desk.complaints, ...phone.complaints];
    check(all.length === 0, all.join('\n'));
  });
  await desk.context.close();
  await phone.context.close();
}
