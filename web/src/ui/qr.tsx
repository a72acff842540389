// SPDX-License-Identifier: Apache-2.0
// A QR code as one path, made here: what it says never leaves the page. What makes it is fetched when the
// first one is shown.
import { useEffect, useState } from 'preact/hooks';

const BORDER = 4; // modules of white that a reader needs

interface Drawn {
  path: string;
  /** Modules across, with the border. */
  whole: number;
}

async function draw(text: string): Promise<Drawn> {
  const { default: qrcode } = await import('qrcode-generator');
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (code.isDark(row, column)) path += `M${column + BORDER} ${row + BORDER}h1v1h-1z`;
    }
  }
  return { path, whole: size + 2 * BORDER };
}

/** Empty until it is drawn; where that cannot be fetched it stays so: what it says stands beside it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => { void draw(text).then(setDrawn, () => setDrawn(null)); }, [text]);
  const { path, whole } = drawn ?? { path: '', whole: 2 * BORDER };
  return (
    <svg class="qr" viewBox={`0 0 ${whole} ${whole}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={whole} height={whole} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
