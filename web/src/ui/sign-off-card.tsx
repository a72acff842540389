// SPDX-License-Identifier: Apache-2.0
// One sign-off in a list: whose, in what, who has signed, until when it counts.
import { procedureName } from '../fhir/logbook';
import type { SignOff } from '../fhir/sign-off';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { present, shortDate } from '../lib/time';
import { Icon } from './icon';
import { placeWords, ROLE_WORDS, SIGN_STATUS_WORDS } from './sign-off-words';

const SOON_DAYS = 60;
const DAY = 24 * 3600_000;

/** The last moment on which it counts, whichever end comes first. */
function endOf(signOff: SignOff): number {
  const last = Date.parse(signOff.validUntil) + DAY;
  const lapses = signOff.lapses ? Date.parse(signOff.lapses) : Infinity;
  return Math.min(last, lapses);
}

export function counts(signOff: SignOff): boolean {
  return signOff.status === 'signed' && endOf(signOff) > present();
}

/** Does it count, and until when? */
export function Validity({ signOff }: { signOff: SignOff }) {
  if (signOff.status !== 'signed') {
    return <p class="sign-over">{t(SIGN_STATUS_WORDS[signOff.status])}{signOff.ended && <> · {shortDate(signOff.ended.when)} · {signOff.ended.who.name}: {signOff.ended.reason}{signOff.ended.place && <span class="sign-place">{placeWords(signOff.ended.place)}</span>}</>}</p>;
  }
  const end = endOf(signOff);
  const early = signOff.lapses !== '' && Date.parse(signOff.lapses) < Date.parse(signOff.validUntil) + DAY;
  if (end <= present()) return <p class="sign-over"><Icon name="routine" /> {t(early ? 'sign.lapsed-cases' : 'sign.lapsed', { date: shortDate(early ? signOff.lapses : signOff.validUntil) })}</p>;
  const soon = end - present() < SOON_DAYS * DAY;
  return (
    <p class={`sign-valid${soon ? ' sign-soon' : ''}`}>
      <Icon name={soon ? 'waiting' : 'answered'} /> {t(early ? 'sign.until-cases' : 'sign.until', { date: shortDate(early ? signOff.lapses : signOff.validUntil) })}
    </p>
  );
}

export function Signatures({ signOff }: { signOff: SignOff }) {
  if (signOff.signatures.length === 0) return <p>{t('sign.nobody-yet')}</p>;
  return (
    <ul class="sign-signed">
      {signOff.signatures.map((one) => (
        <li key={one.role}>{t(ROLE_WORDS[one.role])}: {one.who.name}, {shortDate(one.when)}{one.against && <> · {t('sign.against')}</>}{one.reason && <>: {one.reason}</>}{one.place && <span class="sign-place">{placeWords(one.place)}</span>}</li>
      ))}
    </ul>
  );
}

export function titleOf(signOff: { person: { name: string }; procedure: string }): string {
  return t('sign.title', { name: signOff.person.name, procedure: procedureName(signOff.procedure, language.value) });
}

export function SignOffCard({ signOff, toSign }: { signOff: SignOff; toSign?: boolean }) {
  return (
    <li class="sign-card">
      <h3>{titleOf(signOff)}</h3>
      <p class="byline">{signOff.department.name}{signOff.renews && <> · {t('sign.renewal')}</>}</p>
      {signOff.status === 'proposed' ? (
        <>
          <p>{t('sign.asked', { name: signOff.proposed.who.name, date: shortDate(signOff.proposed.when) })}</p>
          <p>{signOff.unmet > 0 ? t('sign.unmet', { n: signOff.unmet }) : t('sign.all-met')}</p>
          <p>{t('sign.count', { n: signOff.signatures.length })}</p>
        </>
      ) : <Validity signOff={signOff} />}
      {signOff.alarm && <p class="sign-valid sign-soon"><Icon name="waiting" /> {t('sign.alarm')}</p>}
      {signOff.roles.map((one) => signOff.stands[one]).map((place) => place && <p key={place.of} class="hint">{placeWords(place)}</p>)}
      <a class={`button${toSign ? ' button-main' : ''}`} href={hrefTo('sign-offs', signOff.id)}>{t(toSign ? 'sign.read-and-sign' : 'sign.open')}</a>
    </li>
  );
}
