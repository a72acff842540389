// SPDX-License-Identifier: Apache-2.0
// Add somebody: name, first post, and the account with its link, which is shown once.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { addPerson, myUnits, type Unit } from '../fhir/people';
import { newUuid } from '../lib/ids';
import { t } from '../lib/i18n';
import { goTo, hrefTo } from '../lib/router';
import { makeAccount, type Invitation } from '../sign-in';
import { TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { InvitationCard } from '../ui/invitation';
import { Notice } from '../ui/notice';
import { NO_POST, PostFields, newPost, postProblems, type PostDraft, type PostProblems } from '../ui/post-form';

export function NewPersonPage() {
  const [units, setUnits] = useState<Unit[]>([]);
  const [name, setName] = useState('');
  const [signInName, setSignInName] = useState('');
  const [draft, setDraft] = useState<PostDraft>(NO_POST);
  const [problems, setProblems] = useState<PostProblems & { name?: string }>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const [given, setGiven] = useState<Invitation | null>(null);
  const id = useRef(''); // of the person, once added: a second try makes no second one
  useEffect(() => {
    myUnits().then(
      (list) => {
        setUnits(list);
        if (list.length === 1) setDraft((before) => ({ ...before, unit: list[0]?.reference ?? '' }));
      },
      (error: unknown) => setFailure(sentence(error)),
    );
  }, []);
  const problemsOf = (post: PostDraft): PostProblems & { name?: string } => ({ ...(name.trim() ? {} : { name: t('person.name-missing') }), ...postProblems(post) });
  const change = (next: PostDraft) => {
    setDraft(next);
    if (Object.keys(problems).length > 0) setProblems(problemsOf(next));
  };
  const send = async (post: NonNullable<ReturnType<typeof newPost>>) => {
    setBusy(true);
    setFailure('');
    try {
      if (!id.current) id.current = await addPerson(name.trim(), post, `urn:uuid:${newUuid()}`);
      setGiven(await makeAccount((signInName || name).trim(), `Practitioner/${id.current}`));
    } catch (error) {
      const words = (error as Error).message;
      setFailure(id.current ? t('person.added-without', { problem: words }) : words);
    }
    setBusy(false);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong = problemsOf(draft);
    setProblems(wrong);
    const first = Object.keys(wrong)[0];
    const post = newPost(draft, units);
    if (first || !post) document.getElementById(`new-${first ?? 'unit'}`)?.focus();
    else void send(post);
  };
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('people')}><Icon name="back" />{t('people.title')}</a>
      <Heading text={t('people.add')} />
      {given && <InvitationCard given={given} done={() => goTo('person', id.current)} />}
      {!given && (
        <form onSubmit={submit} noValidate>
          {failure && <Notice kind="problem"><p>{failure}</p>{id.current && <a href={hrefTo('person', id.current)}>{t('person.go-on')}</a>}</Notice>}
          <section aria-labelledby="who-title">
            <h2 id="who-title">{t('person.who')}</h2>
            <TextField id="new-name" label={t('person.name')} hint={t('person.name-hint')} problem={problems.name} value={name} onChange={setName} input={{ autocomplete: 'off', disabled: id.current !== '' }} />
            <TextField id="new-sign-in" label={t('person.sign-in-name')} optional={t('person.same-as-name')} hint={t('person.sign-in-name-hint')} value={signInName} onChange={setSignInName} input={{ autocomplete: 'off', spellcheck: false }} />
          </section>
          <section aria-labelledby="first-post-title">
            <h2 id="first-post-title">{t('person.first-post')}</h2>
            <PostFields id="new" draft={draft} units={units} problems={problems} onChange={change} />
          </section>
          <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{t('person.add-send')}</button></div>
        </form>
      )}
    </div>
  );
}
