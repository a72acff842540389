// SPDX-License-Identifier: Apache-2.0
// Charts of the programme by ECharts: only the parts used, as SVG, loaded with the page. Colours come
// from the style sheet at each drawing, so that a chart follows dark, light and paper; what differs does
// so by shape, line and word too.
import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, CustomChart, LineChart, SankeyChart, ScatterChart, GridComponent, MarkLineComponent, LabelLayout, SVGRenderer]);

/** How things look at this moment, and how wide the chart is. */
export interface Look {
  ink: string;
  soft: string;
  line: string;
  strong: string;
  accent: string;
  fill: string;
  surface: string;
  amber: string;
  good: string;
  font: string;
  wide: number;
}

export type Option = Record<string, unknown>;

export interface Picture {
  draw: (option: (look: Look) => Option) => void;
  svg: () => string;
  done: () => void;
}

function lookOf(box: HTMLElement): Look {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: colour('--ink'), soft: colour('--ink-soft'), line: colour('--line'), strong: colour('--line-strong'), accent: colour('--accent'),
    fill: colour('--sunken'), surface: colour('--surface'), amber: colour('--amber-line'), good: colour('--good'),
    font: getComputedStyle(document.body).fontFamily.replaceAll('"', "'"), // a picture in a file has it in an attribute
    wide: box.clientWidth,
  };
}

/** Told at which place somebody presses, what stands there, and of which series. */
export type Pressed = (at: number, name: string, series: number) => void;

/** A chart in ${box}. */
export function pictureIn(box: HTMLElement, pressed: Pressed): Picture {
  const chart = init(box, null, { renderer: 'svg' });
  let make: ((look: Look) => Option) | null = null;
  const draw = () => {
    if (!make) return;
    const look = lookOf(box);
    chart.setOption({ animation: false, textStyle: { color: look.ink, fontSize: 12, fontFamily: look.font }, ...make(look) }, { notMerge: true });
    chart.getZr().flush();
  };
  const media = ['(prefers-color-scheme: dark)', 'print'].map((query) => window.matchMedia(query));
  const resized = new ResizeObserver(() => {
    chart.resize();
    draw();
  });
  chart.on('click', (event) => pressed(event.dataIndex, event.name, event.seriesIndex ?? 0));
  media.forEach((one) => one.addEventListener('change', draw));
  resized.observe(box);
  return {
    draw: (option) => {
      make = option;
      draw();
    },
    svg: () => chart.renderToSVGString(),
    done: () => {
      media.forEach((one) => one.removeEventListener('change', draw));
      resized.disconnect();
      chart.dispose();
    },
  };
}

/** ${svg} as a PNG of ${times} its size, on ${ground}. */
export async function pngOf(svg: string, ground: string, times = 2): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * times;
    canvas.height = image.naturalHeight * times;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser cannot draw.');
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('This browser cannot draw.'))), 'image/png'));
  } finally {
    URL.revokeObjectURL(url);
  }
}
