// SPDX-License-Identifier: Apache-2.0
// A large photograph to attach, drawn by the browser itself: the shadow of a chest, with
// noise so that it does not compress to nothing.

/** The bytes of a picture ${width} by ${height}. */
export async function drawPhoto(page, width, height, type = 'image/png') {
  const base64 = await page.evaluate(async ([w, h, kind]) => {
    const canvas = new OffscreenCanvas(w, h);
    const pen = canvas.getContext('2d');
    const shade = pen.createRadialGradient(w / 2, h / 2, h / 10, w / 2, h / 2, h * 0.7);
    shade.addColorStop(0, '#8b9296');
    shade.addColorStop(1, '#14181a');
    pen.fillStyle = shade;
    pen.fillRect(0, 0, w, h);
    pen.filter = `blur(${Math.round(w / 60)}px)`;
    pen.fillStyle = '#171b1d';
    for (const x of [0.33, 0.67]) {
      pen.beginPath();
      pen.ellipse(w * x, h * 0.5, w * 0.13, h * 0.31, x < 0.5 ? 0.12 : -0.12, 0, 7);
      pen.fill();
    }
    pen.fillStyle = '#c9cfd2';
    pen.fillRect(w * 0.475, h * 0.05, w * 0.05, h * 0.9);
    pen.beginPath();
    pen.ellipse(w * 0.56, h * 0.66, w * 0.11, h * 0.13, 0.6, 0, 7);
    pen.fill();
    pen.strokeStyle = '#a3abaf';
    pen.lineWidth = w / 90;
    for (let rib = 0; rib < 7; rib++) {
      for (const side of [-1, 1]) {
        pen.beginPath();
        pen.ellipse(w * (0.5 + side * 0.17), h * (0.24 + rib * 0.085), w * 0.17, h * 0.06, side * 0.35, Math.PI, 2 * Math.PI);
        pen.stroke();
      }
    }
    const pixels = pen.getImageData(0, 0, w, h);
    let seed = 7;
    for (let at = 0; at < pixels.data.length; at += 4) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const grain = (seed >> 16) % 13;
      for (let channel = 0; channel < 3; channel++) pixels.data[at + channel] += grain;
    }
    pen.putImageData(pixels, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: kind })).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }, [width, height, type]);
  return Buffer.from(base64, 'base64');
}
