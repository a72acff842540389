// SPDX-License-Identifier: Apache-2.0
// The journey of a case in a real browser, against a fresh node.
//
//   BELAY=build/belay node run.mjs     SHOTS=folder: pictures of every page go there
//                                      CHROMIUM=path: another browser
//                                      SLOW=seed: a slow machine on a poor link
//                                      PARTS=journey,access,codes,sharing,finding,map,numbers,figures,programme,quality,glass,offices,choices,asking,offline,vitals,reviews,watch,handover,equipment,viewer,transfers,mdt,whom,zones,catalogue,logbook,independence,apprentices,learning,learning-change,learning-after,print,hospitals,teams,sign-offs,year,demonstration,published,reports,volumes: these alone
import { existsSync } from 'node:fs';
import { DESK, PHONE, allLeave, launch, person, signIn } from './lib/browser.mjs';
import { startNode } from './lib/node.mjs';
import { check, close, part, step } from './lib/report.mjs';
import { answerAtDesk, askByPhone, whatBecame } from './journey.mjs';
import * as around from './around.mjs';
import { ownCatalogue } from './catalogue.mjs';
import { choices, languages, laterTexts, phrases } from './languages.mjs';
import { byPassword } from './people.mjs';
import { fourWithCodes } from './codes.mjs';
import { everyPage } from './demonstration.mjs';
import { byHospital } from './hospital.mjs';
import { hospitals } from './hospitals.mjs';
import { whoSeesWhat } from './access.mjs';
import { published } from './published.mjs';
import { reports } from './reports.mjs';
import { volumes } from './volumes.mjs';
import { finding } from './find.mjs';
import { mapping } from './map.mjs';
import { glass } from './glass.mjs';
import { numbers } from './numbers.mjs';
import { sharing } from './share.mjs';
import { meeting } from './mdt.mjs';
import { transfers } from './transfers.mjs';
import { offices } from './offices.mjs';
import { asking } from './ask.mjs';
import { offline } from './offline.mjs';
import { printing } from './print.mjs';
import { viewing } from './viewer.mjs';
import { handover } from './handover.mjs';
import { reviews } from './reviews.mjs';
import { choosing } from './whom.mjs';
import { equipment } from './equipment.mjs';
import { watching } from './watch.mjs';
import { teams } from './team.mjs';
import { vitals } from './vitals.mjs';
import { learning } from './learning.mjs';
import { learningAfter } from './learning-after.mjs';
import { learningChanges } from './learning-change.mjs';
import { apprentices } from './apprentice.mjs';
import { figures } from './figures.mjs';
import { programme } from './programme.mjs';
import { dataQuality } from './quality.mjs';
import { independence } from './independence.mjs';
import { logbook } from './logbook.mjs';
import { signingOff } from './sign-off.mjs';
import { aYear } from './year.mjs';
import { zones } from './zones.mjs';

const belay = process.env.BELAY ?? '';
const parts = (process.env.PARTS ?? '').split(',').filter(Boolean);
const chosen = (part) => parts.length === 0 || parts.includes(part);

/** The part ${name}, where it is chosen, and everybody goes home. */
async function of(name, browser, run) {
  if (!chosen(name)) return;
  await part(name, run);
  await allLeave(browser);
}

const MORE_CASES = [
  {
    name: 'Sonam Wangmo', age: '34', urgency: 'routine', steps: 2, send: 'Send the question',
    question: 'Gallstones found by chance: operate here or wait?', story: 'No pain, no fever. Ultrasound: two stones, wall thin.',
  },
  {
    name: 'Pema Lhamo', age: '27', urgency: 'urgent', steps: 1, send: 'Send as urgent',
    question: 'Week 35, pressure 150/96 twice, protein +. Deliver or wait?', story: 'No headache, no pain under the ribs. Movements felt.',
  },
];

const BELAY = 'https://belay.health/CodeSystem';

function unit(id, name, partOf) {
  return { resourceType: 'Organization', id, name, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : { address: [{ country: 'CN' }] }) };
}

/** Somebody with one post. */
function somebody(id, name, role, department) {
  return [
    { resourceType: 'Practitioner', id, active: true, name: [{ text: name }] },
    {
      resourceType: 'PractitionerRole', id: `post-${id}`, active: true, practitioner: { reference: `Practitioner/${id}`, display: name },
      organization: { reference: `Organization/${department}` }, code: [{ coding: [{ system: `${BELAY}/role`, code: role }] }],
    },
  ];
}

/** A hospital whose people ask, and one whose people answer: two departments that are twins. */
async function twins(node) {
  const pair = {
    resourceType: 'OrganizationAffiliation', id: 'pair', active: true, organization: { reference: 'Organization/county-medicine' },
    participatingOrganization: { reference: 'Organization/city-cardiology' }, code: [{ coding: [{ system: `${BELAY}/affiliation`, code: 'department-pair' }] }],
  };
  const records = [
    unit('county', 'County Hospital'), unit('county-medicine', 'Medicine', 'county'), unit('city', 'City Hospital'), unit('city-cardiology', 'Cardiology', 'city'),
    ...somebody('karma', 'Dr Karma Tsering', 'clinician', 'county-medicine'), ...somebody('meiduo', 'Dr Meiduo Lin', 'expert', 'city-cardiology'), pair,
  ];
  const bundle = {
    resourceType: 'Bundle', type: 'transaction',
    entry: records.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })),
  };
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Operator', 'program')}`, 'Content-Type': 'application/fhir+json' }, body: JSON.stringify(bundle),
  });
  check(answer.ok, `storing the hospitals: ${answer.status}`);
}

async function run(node, browser) {
  const { address } = node;
  await twins(node);
  const clinicianToken = node.token('Dr Karma Tsering', 'clinician', '--practitioner', 'karma');
  const expertToken = node.token('Dr Meiduo Lin', 'expert', '--practitioner', 'meiduo');
  const clinician = await person(browser, address, PHONE);
  const expert = await person(browser, address, DESK);
  const shared = { caseAddress: '' };

  await around.wrongToken(expert, address);
  await step('both sign in', async () => {
    await signIn(clinician.page, address, clinicianToken);
    await signIn(expert.page, address, expertToken);
  });
  await askByPhone(clinician, shared);
  await answerAtDesk(expert, clinician);

  const keyboard = await person(browser, address, DESK);
  await step('keyboard: sign in', async () => {
    await keyboard.page.goto(`${address}/#/token`);
    await keyboard.page.getByLabel('Token').waitFor();
    await keyboard.page.keyboard.type(clinicianToken); // the field has the focus
    await keyboard.page.keyboard.press('Enter');
    await keyboard.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  });
  await around.byKeyboard(keyboard, MORE_CASES);
  await around.listByKeyboard(keyboard);
  await around.unreadAnswer(keyboard);
  await around.knownPatient(keyboard);
  await around.staleAnswer(browser, address, expertToken, keyboard);
  await around.filters(expert, address);
  await around.inChinese(expert, shared.caseAddress);
  await languages(browser, address, clinicianToken, shared.caseAddress);
  await laterTexts(browser, address, clinicianToken);
  await phrases(browser, address, clinicianToken, shared.caseAddress);
  await around.inTheDark(browser, address, expertToken, shared.caseAddress);
  await around.brokenLink(node, clinician, shared.caseAddress);
  await whatBecame(expert, clinician, shared.caseAddress);
  await around.goneWhileTyping(node, expert, clinicianToken);
  await around.signedOut(clinician);
  const chief = await person(browser, address, PHONE);
  await byPassword(node, chief);
  await byHospital(node, browser);
  await around.gallery(browser);
  await step('no script error, no breach of the content policy, no request elsewhere', async () => {
    const all = [clinician, expert, keyboard, chief].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}

async function ofTheDemonstration(browser) {
  const demo = await startNode(belay);
  try {
    demo.demonstration();
    await demo.start();
    const accounts = demo.accounts();
    await of('choices', browser, () => choices(demo, browser, accounts));
    await of('access', browser, () => whoSeesWhat(demo, browser, accounts));
    await of('asking', browser, () => asking(demo, browser, accounts));
    await of('offline', browser, () => offline(demo, accounts));
    await of('sharing', browser, () => sharing(demo, browser, accounts));
    await of('whom', browser, () => choosing(demo, browser, accounts)); // before others ask how soon a department answers: that is kept for ten minutes
    await of('finding', browser, () => finding(browser, demo));
    await of('map', browser, () => mapping(browser, demo));
    await of('numbers', browser, () => numbers(demo, browser));
    await of('hospitals', browser, () => hospitals(demo, browser, accounts)); // before a team of Dalian is there: then none of its pairings is quiet
    await of('teams', browser, () => teams(demo, browser));
    await of('glass', browser, () => glass(demo, browser));
    await of('offices', browser, () => offices(demo, browser, accounts));
    await of('vitals', browser, () => vitals(demo, browser));
    await of('print', browser, () => printing(demo, browser, accounts));
    await of('zones', browser, () => zones(demo, browser));
    await of('logbook', browser, () => logbook(demo, browser));
    await of('figures', browser, () => figures(demo, browser));
    await of('programme', browser, () => programme(demo, browser));
    await of('quality', browser, () => dataQuality(demo, browser));
    await of('independence', browser, () => independence(demo, browser));
    await of('learning', browser, () => learning(demo, browser));
    await of('learning-change', browser, () => learningChanges(demo, browser));
    await of('learning-after', browser, () => learningAfter(demo, browser));
    await of('apprentices', browser, () => apprentices(demo, browser));
    await of('viewer', browser, () => viewing(demo, browser, accounts));
    await of('mdt', browser, () => meeting(demo, browser));
    await of('catalogue', browser, () => ownCatalogue(demo, browser)); // late: the node is started again twice
    await of('codes', browser, () => fourWithCodes(demo, browser, accounts)); // last: passwords are others then
  } finally {
    await demo.remove();
  }
}

/** In a network of its own: who is drawn must be one of few. */
async function ofReviews(browser) {
  const small = await startNode(belay);
  try {
    await small.start();
    await of('reviews', browser, () => reviews(small, browser));
    await of('watch', browser, () => watching(small, browser));
    await of('equipment', browser, () => equipment(small, browser));
    await of('handover', browser, () => handover(small, browser));
    await of('published', browser, () => published(small, browser));
    await of('reports', browser, () => reports(small, browser));
    await of('volumes', browser, () => volumes(small, browser));
    await of('sign-offs', browser, () => signingOff(small, browser)); // last: codes are asked of everybody then
  } finally {
    await small.remove();
  }
}

/** All of it, as its people see it. */
async function ofTheWholeDemonstration(browser) {
  const demo = await startNode(belay);
  try {
    demo.wholeDemonstration();
    await demo.start();
    await of('demonstration', browser, () => everyPage(demo, browser));
  } finally {
    await demo.remove();
  }
}

/** In a network of its own, at whose hospital nobody local can do the thing. */
async function ofAYear(browser) {
  const small = await startNode(belay);
  try {
    await small.start();
    await of('year', browser, () => aYear(small, browser));
  } finally {
    await small.remove();
  }
}

if (!belay || !existsSync(belay)) {
  console.error('Set BELAY to the program, such as BELAY=build/belay.');
  process.exit(2);
}
let node = null;
let browser = null;
await step('a fresh node serves the pages', async () => {
  node = await startNode(belay);
  await node.start();
});
await step('the browser starts', async () => {
  browser = await launch();
});
try {
  if (node && browser) await of('journey', browser, () => run(node, browser));
  if (browser) await of('transfers', browser, () => transfers(browser, belay));
  if (browser) await ofTheDemonstration(browser);
  if (browser && ['reviews', 'watch', 'equipment', 'handover', 'published', 'reports', 'volumes', 'sign-offs'].some(chosen)) await ofReviews(browser);
  if (browser && chosen('year')) await ofAYear(browser);
  if (browser && chosen('demonstration')) await ofTheWholeDemonstration(browser);
} finally {
  await browser?.close();
  await node?.remove();
}
process.exit(close());
