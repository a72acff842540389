// SPDX-License-Identifier: Apache-2.0
// A case that was open here and is not theirs any more who look at it: closed, withdrawn, sent elsewhere. What they
// had typed for it is not lost with it.
import { useEffect, useState } from 'preact/hooks';
import { STEPS, type Taken } from '../fhir/case-step';
import { dropDraft, myDrafts, type KeptDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { Notice } from './notice';
import { STEP_WORDS } from './step-words';

interface Typed {
  name: string; // of the draft
  title: string;
  texts: string[];
}

function typedIn(draft: KeptDraft<Taken>): Typed {
  const step = STEPS.find(({ name }) => draft.name.startsWith(`step.${name}.`));
  const texts = (step?.fields ?? []).filter(({ as }) => as === 'text').map(({ name }) => (draft.value.values[name] ?? '').trim()).filter(Boolean);
  return { name: draft.name, title: step ? t(STEP_WORDS[step.name].title) : '', texts };
}

/** What was typed for the case ${id} and not sent. */
async function typedFor(id: string): Promise<Typed[]> {
  const drafts = await myDrafts<Taken>('step.').catch(() => []);
  return drafts.filter(({ name }) => name.endsWith(`.${id}`)).map(typedIn).filter(({ texts }) => texts.length > 0);
}

export function CaseGone({ id }: { id: string }) {
  const [typed, setTyped] = useState<Typed[]>([]);
  const read = () => void typedFor(id).then(setTyped);
  useEffect(read, [id]);
  return (
    <>
      <Notice kind="info"><p>{t('case.gone')}</p></Notice>
      {typed.length > 0 && (
        <section aria-labelledby="gone-typed">
          <h2 id="gone-typed">{t('case.gone-typed')}</h2>
          {typed.map(({ name, title, texts }) => (
            <div key={name}>
              <h3>{title}</h3>
              {texts.map((text) => <p key={text} class="story">{text}</p>)}
              <button type="button" class="link" onClick={() => void dropDraft(name).then(read)}>{t('outgoing.throw')}</button>
            </div>
          ))}
        </section>
      )}
    </>
  );
}
