// SPDX-License-Identifier: Apache-2.0
// Every component in each of its states, on one page (#/gallery in a --dev build). Not
// part of the program; its words are not in the catalogues.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { CASE_STATES, type CaseState, type Urgency } from './fhir/codes';
import type { TimelineEntry } from './fhir/case';
import type { Patient } from './fhir/types';
import { NO_VITALS, observationsFrom, type VitalsDraft } from './fhir/vitals';
import { StateChip, UrgencyChip } from './ui/chips';
import { Choice, TextArea, TextField } from './ui/fields';
import type { ShareItem } from './fhir/share-rule';
import { FilesField } from './ui/files-field';
import { Notice, Skeleton } from './ui/notice';
import { PatientLine } from './ui/patient-line';
import { SharePicker } from './ui/share-picker';
import { TimeToggle } from './ui/time-ago';
import { Timeline } from './ui/timeline';
import { VitalsForm } from './ui/vitals-form';
import { VitalsTable } from './ui/vitals-table';

const URGENCIES: Urgency[] = ['stat', 'urgent', 'routine'];
const STATES: readonly CaseState[] = CASE_STATES;
const MINUTE = 60_000;

const PATIENTS: Patient[] = [
  { resourceType: 'Patient', id: '1', name: [{ text: 'བཀྲ་ཤིས་རྡོ་རྗེ' }], gender: 'male', birthDate: '1968', address: [{ city: 'Damxung' }] },
  { resourceType: 'Patient', id: '2', name: [{ text: '扎西卓玛' }], gender: 'female', birthDate: '1992-03-04', identifier: [{ value: 'DX-2041' }] },
  { resourceType: 'Patient', id: '3' },
];
const ODD: VitalsDraft = {
  numbers: { breaths: '24', saturation: '84', pulse: 'fast', temperature: '98.6', systolic: '80', diastolic: '120', oxygen: '20' },
  supply: 'oxygen',
  consciousness: 'voice',
};

function before(minutes: number): string {
  return new Date(Date.now() - minutes * MINUTE).toISOString();
}

function entry(part: Partial<TimelineEntry>): TimelineEntry {
  return { id: String(part.kind), at: before(3), who: 'Dr Example', mine: false, kind: 'message', text: '', attachments: [], ...part };
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const SHARE: ShareItem[] = [
  { key: 'AllergyIntolerance/1', kind: 'allergy', title: 'Penicillin', detail: 'Swelling of the face', at: '', records: ['AllergyIntolerance/1'], chosen: true },
  { key: 'Observation/1', kind: 'laboratory', title: 'C-reactive protein', detail: '184 mg/L', at: '2026-01-02', records: ['Observation/1'], chosen: true },
  { key: 'DiagnosticReport/1', kind: 'report', title: 'CT of the abdomen', detail: 'Fluid beside the stump', at: '2026-01-01', records: ['DiagnosticReport/1', 'Observation/2'], chosen: false },
];

function Sharing() {
  const [chosen, setChosen] = useState(SHARE.filter((item) => item.chosen).map((item) => item.key));
  const asked = { reference: 'Organization/1', department: 'Surgery', hospital: 'Example Hospital', country: 'CN' };
  return (
    <>
      <Part title="Sharing"><SharePicker id="g-share" items={SHARE} chosen={chosen} onChange={setChosen} asked={asked} /></Part>
      <Part title="Sharing: nothing there, nobody asked"><SharePicker id="g-share-none" items={[]} chosen={[]} onChange={() => undefined} asked={null} /></Part>
    </>
  );
}

function Forms() {
  const [text, setText] = useState('Typed');
  const [choice, setChoice] = useState<Urgency | ''>('');
  const [vitals, setVitals] = useState(ODD);
  const options = URGENCIES.map((value) => ({ value, label: value, hint: 'A hint', kind: value }));
  return (
    <>
      <Part title="Fields">
        <TextField id="g-text" label="Text" hint="A hint" value={text} onChange={setText} />
        <TextField id="g-wrong" label="Wrong" optional="(optional)" problem="What is wrong with it." value={text} onChange={setText} />
        <TextField id="g-off" label="Off" value={text} onChange={setText} input={{ disabled: true }} />
        <TextArea id="g-area" rows={3} label="Many lines" value={text} onChange={setText} />
        <Choice id="g-choice" label="Choice" options={options} value={choice} onChange={setChoice} />
        <Choice id="g-compact" label="Compact choice" compact problem="Choose one." options={options} value="urgent" onChange={setChoice} />
        <FilesField id="g-files" files={[{ name: 'sheet.pdf', type: 'application/pdf', size: 180_000, base64: '', blob: new Blob([]), original: null }]} onChange={() => undefined} />
      </Part>
      <Part title="Vital signs, odd values">
        <VitalsForm value={vitals} onChange={setVitals} />
      </Part>
    </>
  );
}

export function Gallery() {
  const observations = observationsFrom({ ...NO_VITALS, numbers: { saturation: '84', breaths: '24', systolic: '96', diastolic: '58', temperature: '36.8' }, consciousness: 'confused' }, { effectiveDateTime: before(200) });
  return (
    <main class="page page-form gallery">
      <h1>Components</h1>
      <form onSubmit={(event) => event.preventDefault()}>
        <Part title="Chips">
          <p>{URGENCIES.map((urgency) => <span key={urgency}><UrgencyChip urgency={urgency} /> </span>)}</p>
          <p>{STATES.map((state) => <span key={state}><StateChip state={state} owner="Dr Example" /> </span>)}</p>
        </Part>
        <Part title="Buttons">
          <p>
            <button type="button" class="button button-main">Main</button> <button type="button" class="button">Other</button>{' '}
            <button type="button" class="button button-main button-stat">Emergency</button>{' '}
            <button type="button" class="button button-small">Small</button> <button type="button" class="link">Link</button>
          </p>
        </Part>
        <Part title="Patients">
          {PATIENTS.map((patient) => <p key={patient.id}><PatientLine patient={patient} withIdentifier /></p>)}
          <p><PatientLine patient={undefined} /></p>
        </Part>
        <Part title="Times">
          <p>{[0, 5, 200, 6000].map((minutes) => <span key={minutes}><TimeToggle at={before(minutes)} />; </span>)}</p>
        </Part>
        <Part title="Notices">
          <Notice kind="problem"><p>What happened, what is safe, what to do.</p></Notice>
          <Notice kind="info"><p>Something to know.</p></Notice>
          <Notice kind="good"><p>It is done.</p></Notice>
          <Skeleton rows={2} />
        </Part>
        <Part title="Vital signs, shown">
          <VitalsTable observations={observations} context={{ years: 58, altitude: 4300 }} />
          <VitalsTable observations={[]} context={{ years: 3, altitude: null }} />
        </Part>
        <Part title="Timeline">
          <Timeline
            entries={[
              entry({ kind: 'opened' }), entry({ kind: 'taken' }), entry({ kind: 'question', text: 'A question back?' }),
              entry({ kind: 'message', text: 'An addition.' }), entry({ kind: 'answer', text: 'An answer.' }), entry({ kind: 'information', text: 'What was asked.' }),
              entry({ kind: 'action' }), entry({ kind: 'outcome', text: 'An outcome.' }), entry({ kind: 'decline', text: 'A reason.' }), entry({ kind: 'reroute', text: 'A reason.' }),
              entry({ kind: 'withdrawal' }), entry({ kind: 'escalated' }), entry({ kind: 'closed' }), entry({ kind: 'expired' }),
            ]}
          />
        </Part>
        <Forms />
        <Sharing />
      </form>
    </main>
  );
}
