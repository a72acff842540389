// SPDX-License-Identifier: Apache-2.0
// What was answered of the core sets of a case, as its page shows it. What is unknown is
// said to be: it was asked.
import { useEffect, useState } from 'preact/hooks';
import { resourcesOf, search, sentence } from '../fhir/client';
import { referenceTo } from '../fhir/codes';
import { answerLines, titleOf, type Questionnaire, type QuestionnaireResponse } from '../fhir/core-set';
import { loadSet, setOf } from '../fhir/core-sets';
import type { ServiceRequest } from '../fhir/types';
import { language, t } from '../lib/i18n';
import { setWords } from './core-questions';
import { Failure } from './notice';

interface Answered {
  response: QuestionnaireResponse;
  set: Questionnaire | null; // null: of another program
}

async function answersOf(request: ServiceRequest): Promise<Answered[]> {
  const found = resourcesOf(await search('QuestionnaireResponse', { 'based-on': referenceTo(request), _count: '20' })) as QuestionnaireResponse[];
  return Promise.all(found.map(async (response) => ({ response, set: await loadSet(setOf(response.questionnaire)).catch(() => null) })));
}

export function CoreAnswers({ request }: { request: ServiceRequest }) {
  const [state, setState] = useState<{ list: Answered[]; problem: string }>({ list: [], problem: '' });
  const load = () => {
    answersOf(request).then((list) => setState({ list, problem: '' }), (error: unknown) => setState({ list: [], problem: sentence(error) }));
  };
  useEffect(load, [request.id, request.meta?.versionId]);
  if (state.problem) return <Failure text={state.problem} retry={load} />;
  return (
    <>
      {state.list.map(({ response, set }) => (
        <section key={response.id} class="core-answers" aria-label={set ? titleOf(set, language.value) : t('core.title')}>
          <h2>{set ? titleOf(set, language.value) : t('core.title')}</h2>
          <dl>
            {answerLines(response, set, setWords()).map((line) => (
              <div key={line.id} class={line.value ? undefined : 'core-not-known'}>
                <dt>{line.text}</dt>
                <dd>{line.value ? `${line.value} ${line.unit}`.trim() : t('core.unknown')}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}
