// SPDX-License-Identifier: Apache-2.0
// The corner that is always in sight: who I am, the state of the link, the language.
import { useRef } from 'preact/hooks';
import { pickLanguage } from '../choices';
import { linkState, type LinkState } from '../events';
import { roleName } from '../fhir/roles';
import { hrefTo } from '../lib/router';
import { keysOn, setKeysOn } from '../lib/keys';
import { outgoing } from '../outbox';
import { LANGUAGES, inEnglish, language, machineMade, t, type TextKey } from '../lib/i18n';
import { session, signOut } from '../session';
import { updated } from '../updates';
import { Icon } from './icon';

export function LanguagePicker() {
  return (
    <label class="language">
      <Icon name="language" />
      <span class="unseen">{t('corner.language')}</span>
      <select value={language.value} onChange={(event) => void pickLanguage(event.currentTarget.value)}>
        {LANGUAGES.map((entry) => <option key={entry.code} value={entry.code} lang={entry.code}>{entry.name}</option>)}
      </select>
    </label>
  );
}

const LINK_WORDS: Record<LinkState, TextKey> = {
  live: 'link.live',
  connecting: 'link.connecting',
  broken: 'link.broken',
};

export function LinkMark() {
  const state = linkState.value;
  return (
    <span class={`link-mark link-${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {t(LINK_WORDS[state])}
    </span>
  );
}

/** What this device holds and the node does not have yet. */
function OutboxMark() {
  const waiting = outgoing.value.filter((item) => item.state !== 'there').length;
  const files = outgoing.value.filter((item) => item.state === 'there').length;
  if (waiting + files === 0) return null;
  return (
    <a class={`outbox-mark${waiting > 0 ? ' outbox-waiting' : ''}`} href={hrefTo('outgoing')}>
      <Icon name="waiting" size={16} />
      <span class="outbox-number" aria-hidden="true">{waiting + files}</span>
      <span class="outbox-words">{waiting > 0 ? t('outgoing.count', { n: waiting }) : t('outgoing.count-files')}</span>
    </a>
  );
}

export function Corner() {
  const menu = useRef<HTMLDetailsElement>(null);
  const me = session.value;
  if (!me) return null;
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !menu.current?.open) return;
    menu.current.open = false;
    menu.current.querySelector('summary')?.focus();
    event.stopPropagation(); // Escape means the menu here, not the page
  };
  const closeOnLeaving = (event: FocusEvent) => {
    const next = event.relatedTarget;
    if (menu.current && next instanceof Node && !menu.current.contains(next)) menu.current.open = false;
  };
  return (
    <div class="corner">
      <LinkMark />
      {updated.value && <button type="button" class="button button-small" onClick={() => window.location.reload()}>{t('corner.updated')}</button>}
      <OutboxMark />
      <details class="account" ref={menu} onKeyDown={closeOnEscape} onFocusOut={closeOnLeaving}>
        <summary>
          <span class="account-name">{me.name}</span>
          <span class="account-role">{roleName(me.role)}</span>
        </summary>
        <div class="account-menu">
          <LanguagePicker />
          {machineMade.value && <p class="hint">{t('corner.machine-made')}</p>}
          {inEnglish.value > 0 && <p class="hint">{t('corner.in-english', { n: inEnglish.value })}</p>}
          <label class="check-line">
            <input type="checkbox" checked={keysOn.value} onChange={(event) => setKeysOn(event.currentTarget.checked)} />
            {t('corner.keys')}
          </label>
          <p class="hint keys-hint">{t('corner.keys-list')}</p>
          {me.page && <a class="button" href={hrefTo('account')}>{t('account.title')}</a>}
          <button type="button" class="button" onClick={() => signOut()}>
            <Icon name="sign-out" />
            {t('corner.sign-out')}
          </button>
        </div>
      </details>
    </div>
  );
}
