// SPDX-License-Identifier: Apache-2.0
// The part of the Ask page that says what of the record goes with the question. The
// choice is part of the draft: it stands without a link, and nothing is added to it unseen.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import type { CaseDraft, ShareChoice } from '../fhir/open-case';
import { proposals, whoIsAsked } from '../fhir/share';
import { t } from '../lib/i18n';
import { Failure, Skeleton } from './notice';
import { SharePicker, ShareSentence } from './share-picker';

interface Props {
  draft: CaseDraft;
  change: (part: Partial<CaseDraft>) => void;
}

async function beginChoice(draft: CaseDraft): Promise<ShareChoice> {
  const { patient, share } = draft;
  const to = draft.to ?? null;
  const known = share && share.patient === (patient?.id ?? '') ? share : null; // only whom to ask has changed
  const [asked, items] = await Promise.all([whoIsAsked(patient, to), known ? known.items : patient ? proposals(patient) : []]);
  if (known) return { ...known, asked, to: to?.reference ?? '' };
  return { patient: patient?.id ?? '', asked, to: to?.reference ?? '', items, chosen: items.filter((item) => item.chosen).map((item) => item.key) };
}

export function AskShare({ draft, change }: Props) {
  const [problem, setProblem] = useState('');
  const patient = draft.patient?.id ?? '';
  const { share } = draft;
  const to = draft.to?.reference ?? '';
  const fits = share !== null && share.patient === patient && (share.to ?? '') === to;
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (fits) return undefined;
    let stale = false;
    setProblem('');
    if (share && share.patient !== patient) change({ share: null }); // another patient's: it must not go along
    beginChoice(draft).then(
      (begun) => { if (!stale) change({ share: begun }); },
      (error: unknown) => { if (!stale) setProblem(sentence(error)); },
    );
    return () => { stale = true; };
  }, [patient, to, again]);
  if (problem) return <Failure text={`${t('share.unread')} ${problem}`} retry={() => setAgain(again + 1)} />;
  if (!fits || !share) return <Skeleton rows={2} />;
  if (!patient) return <ShareSentence asked={share.asked} count={0} />;
  const lookAgain = () => {
    change({ share: null });
    setAgain(again + 1);
  };
  return (
    <>
      <SharePicker
        id="share"
        items={share.items}
        chosen={share.chosen}
        asked={share.asked}
        onChange={(chosen) => change({ share: { ...share, chosen } })}
      />
      <p class="part-end"><button type="button" class="link" onClick={lookAgain}>{t('share.again')}</button></p>
    </>
  );
}
