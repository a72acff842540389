// SPDX-License-Identifier: Apache-2.0
// A page that is loaded when it is first opened, so that it costs nobody else anything.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Failure, Skeleton } from './notice';

/** A component that fetches the true one with ${load}, once. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const [Found, setFound] = useState<ComponentType<Props> | null>(() => loaded);
    const [failed, setFailed] = useState(false);
    const fetchIt = () => {
      setFailed(false);
      load().then(
        (component) => {
          loaded = component;
          setFound(() => component);
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (!Found) fetchIt();
    }, []);
    if (Found) return <Found {...props} />;
    return <div class="page">{failed ? <Failure text={t('error.offline')} retry={fetchIt} /> : <Skeleton />}</div>;
  };
}
