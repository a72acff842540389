// SPDX-License-Identifier: Apache-2.0
// By which rules curves and sign-offs are judged: each in words, with its source and version, and who changed it.
// Quality officers and coordinators write the next version here.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { procedureName } from '../fhir/logbook';
import { roleName } from '../fhir/roles';
import { USUAL, loadRules, type Rule } from '../fhir/rule';
import { language, t } from '../lib/i18n';
import { shortDate } from '../lib/time';
import type { PageProps } from '../navigation';
import { Heading } from '../ui/heading';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { RuleForm } from '../ui/rule-form';
import { RuleMeaning } from '../ui/rule-meaning';

function nameOf(rule: Rule): string {
  return rule.procedure === USUAL ? t('rule.usual') : procedureName(rule.procedure, language.value);
}

function RuleCard({ rule, mayChange, open, done }: { rule: Rule; mayChange: boolean; open: boolean; done: (made: Rule) => void }) {
  const [changing, setChanging] = useState(false);
  const { changed } = rule;
  return (
    <li class="sign-card">
      <h2>{nameOf(rule)}</h2>
      <p class="byline">{t('log.rule-source', { source: rule.source, version: String(rule.version) })}</p>
      {changed && <p>{t('rule.changed', { name: changed.who.name, role: roleName(changed.role), date: shortDate(changed.when), reason: changed.reason })}</p>}
      <details open={open}>
        <summary>{t('log.rule')}</summary>
        <RuleMeaning rule={rule} />
      </details>
      {mayChange && !changing && <button type="button" class="button" onClick={() => setChanging(true)}>{t('rule.change')}</button>}
      {changing && <RuleForm rule={rule} done={done} leave={() => setChanging(false)} />}
    </li>
  );
}

export function RulesPage({ id }: PageProps) {
  const [found, setFound] = useState<Awaited<ReturnType<typeof loadRules>> | null>(null);
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const load = () => void loadRules().then((rules) => { setFound(rules); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  useEffect(load, []);
  const done = (made: Rule) => {
    setSaid(t('rule.written', { procedure: nameOf(made), n: made.version }));
    load();
    window.scrollTo(0, 0);
  };
  const asked = found?.rules.some((one) => one.procedure === id) ? id : USUAL;
  const shown = found?.rules.filter((one) => !id || one.procedure === asked) ?? [];
  return (
    <div class="page page-form">
      <Heading text={t('rule.page')} />
      <p class="hint">{t('rule.lead')}</p>
      {said && <Notice kind="good"><p>{said}</p></Notice>}
      {problem && <Failure text={problem} retry={load} />}
      {!found && !problem && <Skeleton />}
      <ul class="sign-list">{shown.map((one) => <RuleCard key={one.id} rule={one} mayChange={found?.mayChange ?? false} open={id !== ''} done={done} />)}</ul>
    </div>
  );
}
