// SPDX-License-Identifier: Apache-2.0
// One picture, as large as the screen: enlarged, moved, turned, its greys spread; by mouse,
// finger or keyboard. Loaded when the first picture is opened. One picture at a time is
// held, and the screen draws it: nothing is copied to a canvas, which a phone's 12
// megapixels would fill with another 48 MB.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { numberIn } from '../lib/dates';
import { bytesOf } from '../lib/file-bytes';
import { readableSize } from '../lib/files';
import { language, t } from '../lib/i18n';
import {
  ALL_GREYS, LEVELS, WHOLE, WIDTHS, ZOOM_STEP, filterOf, fitScale, greysWithin, moved, quarterTurn, within, zoomed,
  type Greys, type Point, type Size, type View,
} from '../lib/view-box';
import { Icon, type IconName } from './icon';
import type { Picture } from './pictures';

const STEP = 60; // points that an arrow key moves
const DRAG_GREYS = 0.25; // percent of all greys for a point of drag
const TAP = 2.5; // times that a double tap enlarges

interface Shown {
  url: string; // of the browser's own, alive while it is shown
  original: boolean;
  problem: string;
  busy: boolean;
}

const NOTHING: Shown = { url: '', original: false, problem: '', busy: true };

/** The bytes of ${picture} as an address, and its original when asked for. */
function useBytes(picture: Picture): Shown & { loadOriginal: () => void; again: () => void } {
  const [shown, setShown] = useState<Shown>(NOTHING);
  const [wanted, setWanted] = useState({ of: picture, original: false, round: 0 });
  const original = wanted.of.shown.url === picture.shown.url && wanted.original;
  const address = (original ? picture.original?.url : picture.shown.url) ?? '';
  useEffect(() => {
    let stale = false;
    let made = '';
    setShown((before) => (original ? { ...before, busy: true, problem: '' } : NOTHING));
    bytesOf(address).then(
      (blob) => {
        if (stale) return;
        made = URL.createObjectURL(blob);
        setShown({ url: made, original, problem: '', busy: false });
      },
      (error: unknown) => { if (!stale) setShown((before) => ({ ...before, busy: false, problem: sentence(error) })); },
    );
    return () => {
      stale = true;
      if (made) URL.revokeObjectURL(made); // what is drawn already stays drawn
    };
  }, [address, wanted.round]);
  return {
    ...shown,
    loadOriginal: () => setWanted({ of: picture, original: true, round: 0 }),
    again: () => setWanted({ ...wanted, round: wanted.round + 1 }),
  };
}

interface Stage {
  view: View;
  greys: Greys;
  set: (view: View) => void;
  setGreys: (greys: Greys) => void;
  picture: Size;
  stage: Size;
}

/** Where the pointer is, from the middle of the stage. */
function fromMiddle(event: { clientX: number; clientY: number }, box: DOMRect): Point {
  return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
}

/** One finger or the left button moves; two fingers enlarge; the right button spreads the greys. */
function usePointers(now: { current: Stage }) {
  const held = useRef(new Map<number, Point>());
  const greying = useRef(false);
  const down = (event: PointerEvent) => {
    const stage = event.currentTarget as HTMLElement;
    stage.setPointerCapture(event.pointerId);
    greying.current = event.button === 2;
    held.current.set(event.pointerId, fromMiddle(event, stage.getBoundingClientRect()));
  };
  const move = (event: PointerEvent) => {
    const before = held.current.get(event.pointerId);
    if (!before) return;
    const { view, greys, set, setGreys, picture, stage } = now.current;
    const at = fromMiddle(event, (event.currentTarget as HTMLElement).getBoundingClientRect());
    const by = { x: at.x - before.x, y: at.y - before.y };
    const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
    held.current.set(event.pointerId, at);
    if (greying.current) {
      setGreys(greysWithin({ ...greys, width: greys.width + by.x * DRAG_GREYS, level: greys.level + by.y * DRAG_GREYS }));
    } else if (other) {
      const apart = (a: Point) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
      const middle = { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 };
      set(moved(zoomed(view, apart(at) / apart(before), middle, picture, stage), { x: by.x / 2, y: by.y / 2 }, picture, stage));
    } else {
      set(moved(view, by, picture, stage));
    }
  };
  const up = (event: PointerEvent) => { held.current.delete(event.pointerId); };
  return { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up };
}

/** The size of ${box} on the screen, kept true. */
function useSize(box: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!box.current) return undefined;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return size;
}

function Tool({ icon, label, onClick, off = false, pressed }: { icon: IconName; label: string; onClick: () => void; off?: boolean; pressed?: boolean }) {
  return (
    <button type="button" class="viewer-tool" aria-label={label} title={label} aria-disabled={off} aria-pressed={pressed} onClick={() => { if (!off) onClick(); }}>
      <Icon name={icon} size={22} />
    </button>
  );
}

function Slider({ id, label, value, bounds, onChange }: { id: string; label: string; value: number; bounds: { least: number; most: number }; onChange: (value: number) => void }) {
  return (
    <label class="viewer-slider" for={id}>
      <span>{label}</span>
      <input id={id} type="range" min={bounds.least} max={bounds.most} value={Math.round(value)} onInput={(event) => onChange(Number(event.currentTarget.value))} />
      <output for={id}>{Math.round(value)}</output>
    </label>
  );
}

function GreyTools({ greys, onChange }: { greys: Greys; onChange: (greys: Greys) => void }) {
  return (
    <div class="viewer-greys" id="viewer-greys" role="group" aria-label={t('viewer.greys')}>
      <Slider id="viewer-level" label={t('viewer.level')} value={greys.level} bounds={LEVELS} onChange={(level) => onChange({ ...greys, level })} />
      <Slider id="viewer-width" label={t('viewer.width')} value={greys.width} bounds={WIDTHS} onChange={(width) => onChange({ ...greys, width })} />
      <div class="viewer-grey-ends">
        <label class="tick"><input type="checkbox" checked={greys.invert} onChange={(event) => onChange({ ...greys, invert: event.currentTarget.checked })} />{t('viewer.invert')}</label>
        <button type="button" class="viewer-text" onClick={() => onChange(ALL_GREYS)}>{t('viewer.reset')}</button>
      </div>
    </div>
  );
}

function Original({ picture, bytes }: { picture: Picture; bytes: ReturnType<typeof useBytes> }) {
  if (!picture.original || bytes.problem) return null;
  if (bytes.original) return <span class="viewer-note">{t('viewer.is-original')}</span>;
  return (
    <button type="button" class="viewer-text" disabled={bytes.busy} onClick={bytes.loadOriginal}>
      {bytes.busy ? t('viewer.loading') : t('viewer.original', { size: readableSize(picture.original.size ?? 0) })}
    </button>
  );
}

function Bar({ children }: { children: ComponentChildren }) {
  return <div class="viewer-bar" role="toolbar" aria-label={t('viewer.tools')}>{children}</div>;
}

interface ViewerProps {
  pictures: Picture[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}

const NO_SIZE: Size = { width: 0, height: 0 };

function useStage(url: string) {
  const box = useRef<HTMLDivElement>(null);
  const stage = useSize(box);
  const [picture, setPicture] = useState<Size>(NO_SIZE);
  const [view, setView] = useState<View>(WHOLE);
  const [greys, setGreys] = useState<Greys>(ALL_GREYS);
  useEffect(() => { // another picture begins anew
    setPicture(NO_SIZE);
    setView(WHOLE);
    setGreys(ALL_GREYS);
  }, [url]);
  useEffect(() => setView((before) => within(before, picture, stage)), [stage.width, stage.height, picture.width]);
  const now = useRef<Stage>({ view, greys, set: setView, setGreys, picture, stage });
  const set = (next: View) => {
    now.current.view = next; // several movements may come before the next drawing
    setView(next);
  };
  const grey = (next: Greys) => {
    now.current.greys = next;
    setGreys(next);
  };
  now.current = { view, greys, set, setGreys: grey, picture, stage };
  return { box, now, setPicture };
}

export function Viewer({ pictures, at, onMove, onClose }: ViewerProps) {
  const picture = pictures[at] as Picture;
  const dialog = useRef<HTMLDialogElement>(null);
  const bytes = useBytes(picture);
  const { box, now, setPicture } = useStage(picture.shown.url ?? '');
  const { view, greys, set, setGreys, picture: size, stage } = now.current;
  const [greysOpen, setGreysOpen] = useState(false);
  const pointers = usePointers(now);
  const middle = { x: 0, y: 0 };
  const enlarge = (times: number, point: Point = middle) => set(zoomed(now.current.view, times, point, size, stage));
  const shift = (x: number, y: number) => set(moved(now.current.view, { x, y }, size, stage));
  const go = (by: number) => { if (pictures[at + by]) onMove(at + by); };

  useLayoutEffect(() => {
    const element = dialog.current;
    const from = document.activeElement;
    if (!element?.open) element?.showModal();
    return () => {
      element?.close();
      if (from instanceof HTMLElement && from.isConnected) from.focus(); // where one was before
    };
  }, []);
  useEffect(() => {
    const element = box.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault(); // the page behind does not move; Preact's own listener could not say so
      const { view: was, picture: its, stage: on, set: put } = now.current;
      put(zoomed(was, Math.exp(-event.deltaY / 400), fromMiddle(event, (element as HTMLElement).getBoundingClientRect()), its, on));
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, []);

  const keys: Record<string, () => void> = {
    '+': () => enlarge(ZOOM_STEP), '=': () => enlarge(ZOOM_STEP), '-': () => enlarge(1 / ZOOM_STEP), 0: () => set({ ...WHOLE, turn: view.turn }),
    ArrowLeft: () => shift(STEP, 0), ArrowRight: () => shift(-STEP, 0), ArrowUp: () => shift(0, STEP), ArrowDown: () => shift(0, -STEP),
    PageUp: () => go(-1), PageDown: () => go(1),
    r: () => set(quarterTurn(view, size, stage)), i: () => setGreys({ ...greys, invert: !greys.invert }),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // the page behind has keys of its own
    const slides = event.target instanceof HTMLInputElement && event.target.type === 'range';
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || (slides && /^(Arrow|Page)/.test(event.key))) return;
    event.preventDefault();
    act();
  };

  const name = picture.shown.title ?? t('files.photo');
  const scale = fitScale(size, stage, view.turn) * view.zoom;
  const place = `translate(calc(-50% + ${view.x}px), calc(-50% + ${view.y}px)) rotate(${view.turn * 90}deg) scale(${scale})`;
  const percent = t('viewer.zoom', { n: numberIn(language.value, Math.round(view.zoom * 100)) });
  const where = pictures.length > 1 ? t('viewer.where', { n: at + 1, count: pictures.length }) : '';
  return (
    <dialog ref={dialog} class="viewer" aria-label={t('files.photo-alt', { name })} onKeyDown={onKeyDown} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header class="viewer-head">
        <p class="viewer-name"><strong>{name}</strong> <span>{where}</span></p>
        <Original picture={picture} bytes={bytes} />
        <button type="button" class="viewer-tool" autofocus aria-label={t('action.close')} title={t('action.close')} onClick={onClose}><Icon name="close" size={24} /></button>
      </header>
      <div
        ref={box} class="viewer-stage" {...pointers} onContextMenu={(event) => event.preventDefault()}
        onDblClick={(event) => (view.zoom > 1 ? set({ ...WHOLE, turn: view.turn }) : enlarge(TAP, fromMiddle(event, event.currentTarget.getBoundingClientRect())))}
      >
        {bytes.url && (
          <img
            src={bytes.url} alt={t('files.photo-alt', { name })} draggable={false} style={{ transform: place, filter: filterOf(greys), visibility: size.width > 0 ? 'visible' : 'hidden' }}
            onLoad={(event) => setPicture({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })}
          />
        )}
        {bytes.problem && <p class="viewer-problem" role="alert">{bytes.problem} <button type="button" class="viewer-text" onClick={bytes.again}>{t('action.try-again')}</button></p>}
        {bytes.busy && !bytes.url && <p class="viewer-problem">{t('viewer.loading')}</p>}
      </div>
      {greysOpen && <GreyTools greys={greys} onChange={(next) => setGreys(greysWithin(next))} />}
      <Bar>
        {pictures.length > 1 && <Tool icon="file-before" label={t('viewer.before')} off={at === 0} onClick={() => go(-1)} />}
        <Tool icon="zoom-out" label={t('viewer.zoom-out')} off={view.zoom <= 1} onClick={() => enlarge(1 / ZOOM_STEP)} />
        <Tool icon="whole" label={t('viewer.whole')} off={view.zoom === 1} onClick={() => set({ ...WHOLE, turn: view.turn })} />
        <Tool icon="zoom-in" label={t('viewer.zoom-in')} onClick={() => enlarge(ZOOM_STEP)} />
        <Tool icon="turn" label={t('viewer.turn')} onClick={() => set(quarterTurn(view, size, stage))} />
        <Tool icon="greys" label={t('viewer.greys')} pressed={greysOpen} onClick={() => setGreysOpen(!greysOpen)} />
        {pictures.length > 1 && <Tool icon="file-next" label={t('viewer.next')} off={at === pictures.length - 1} onClick={() => go(1)} />}
      </Bar>
      <p class="viewer-help">{t('viewer.help')}</p>
      <p class="unseen" role="status">{[name, where, percent].filter(Boolean).join(', ')}</p>
    </dialog>
  );
}
