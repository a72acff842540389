// SPDX-License-Identifier: Apache-2.0
// Back from the hospital's own sign-on: what is still due, or a word that says why not. The
// address holds one of a few words and nothing that somebody else could write on this page.
import { useEffect, useState } from 'preact/hooks';
import { goTo } from '../lib/router';
import { signedIn } from '../session';
import { enrolment, stillDue, type Enrolment } from '../sign-in';
import { Skeleton } from '../ui/notice';
import { Phone } from './enrol';
import { enrolling } from './enrol-state';
import { CodeForm, SignInPage } from './sign-in';

export function SignOnPage({ word }: { word: string }) {
  const [due, setDue] = useState<'code' | Enrolment | null>(null);
  useEffect(() => {
    if (word !== 'code' && word !== 'enrolment') return;
    const begin = async () => {
      const next = await stillDue();
      if (next === 'code') setDue('code');
      else if (next === 'enrolment') {
        enrolling.value = true;
        setDue(await enrolment());
      } else await signedIn();
    };
    begin().catch(() => { enrolling.value = false; goTo('sign-on', 'expired'); });
  }, [word]);
  if (word !== 'code' && word !== 'enrolment') return <SignInPage key={word} word={word} />;
  if (due === 'code') return <CodeForm again={() => goTo('cases')} />;
  return due ? <Phone given={due} /> : <Skeleton />;
}
