// SPDX-License-Identifier: Apache-2.0
// The glass: a surgeon opens a case of her hospital in an emergency, with a reason; the head
// of her department sees it at once, reviews it with a word, and sees no patient by it.
import { DESK, PHONE, enterByInvitation, focused, person, whole } from './lib/browser.mjs';
import { check, none, reads, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const PEOPLE = { surgeon: ['Lu Shan', 'clinician'], head: ['Gao Yun', 'head-of-department'] };
const CASE = 'demo-case-01'; // Nagqu asked another department of the surgeon's hospital
const REASON = 'Brought to our theatre unconscious; I must know her medicines.';

async function store(node) {
  const entry = Object.entries(PEOPLE).flatMap(([id, [name, role]]) => [
    { resourceType: 'Practitioner', id: `glass-${id}`, active: true, name: [{ text: name }] },
    {
      resourceType: 'PractitionerRole', id: `glass-${id}`, active: true, practitioner: { reference: `Practitioner/glass-${id}` },
      organization: { reference: 'Organization/demo-dalian-general-surgery' }, code: [{ coding: [{ system: ROLE, code: role }] }],
    },
  ]).map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of colleagues', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** Sign in by the link of a new account. */

const enter = ({ page }, node, id) => enterByInvitation(page, node, PEOPLE[id][0], `Practitioner/glass-${id}`);

async function breaksIt(surgeon, node) {
  const { page } = surgeon;
  await step('glass: a case of another department is not there, and a way is offered', async () => {
    await enter(surgeon, node, 'surgeon');
    await page.goto(`${node.address}/#/case/${CASE}`);
    await page.getByRole('button', { name: 'Open in an emergency' }).click();
    await page.getByText('for one hour, and close by themselves').waitFor();
    await whole(surgeon.page, 'phone-glass');
  });
  await step('glass: no reason, no way', async () => {
    await page.getByRole('button', { name: 'Open for one hour' }).click();
    await page.getByText('Say why, in words that the reviewer understands.').waitFor();
    await focused(page.locator('#glass-reason'), 'the field has not the focus');
  });
  await step('glass: with a reason the case opens', async () => {
    await page.getByLabel('Why must you see them now?').fill(REASON);
    await page.getByRole('button', { name: 'Open for one hour' }).click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await page.getByText(/Open to you in an emergency until/).waitFor();
    await none(page.getByRole('button', { name: 'Open in an emergency' }), 'what is open is offered again');
    await whole(surgeon.page, 'phone-glass-open');
  });
}

async function reviewsIt(head, surgeon) {
  const { page } = head;
  const rail = page.getByRole('link', { name: /^Review/ });
  await step('glass: the head of the department sees at once that one waits', async () => {
    await page.waitForFunction(() => /waiting/.test(document.querySelector('.rail')?.textContent ?? ''));
    await reads(rail, '1');
    await rail.click();
    await page.getByRole('heading', { name: 'Emergency access to review', level: 1 }).waitFor();
    await page.getByText(REASON).waitFor();
    await page.getByText(/Lu Shan .*General surgery.* opened a patient's records/).waitFor();
    await whole(head.page, 'desk-glass-review');
  });
  await step('glass: a verdict and a word, or none', async () => {
    await page.getByRole('button', { name: 'Give this review' }).click();
    await page.getByText('Choose one of the three.').waitFor();
    await page.getByText('Say in a few words what you found.').waitFor();
  });
  await step('glass: reviewed, and nothing waits', async () => {
    await page.getByLabel('Justified', { exact: true }).check();
    await page.getByLabel('Your word on it').fill('She was in our theatre at that hour.');
    await page.getByRole('button', { name: 'Give this review' }).click();
    await page.getByText('She was in our theatre at that hour.').waitFor();
    await page.getByText('Nothing waits.').waitFor();
    await page.waitForFunction(() => !/waiting/.test(document.querySelector('.rail')?.textContent ?? ''));
    await whole(head.page, 'desk-glass-reviewed');
  });
  await step('glass: no script error', async () => {
    const all = [head, surgeon].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}

export async function glass(node, browser) {
  const surgeon = await person(browser, node.address, PHONE);
  const head = await person(browser, node.address, DESK);
  await store(node);
  await enter(head, node, 'head');
  await breaksIt(surgeon, node);
  await reviewsIt(head, surgeon);
}
