// SPDX-License-Identifier: Apache-2.0
// As much of a browser's XML as the pages' reader of spreadsheets asks for: elements by name,
// attributes by name and namespace, texts. Well-formed files only.
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(text) {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (_, name) => {
    if (name[0] !== '#') return NAMED[name] ?? '';
    return String.fromCodePoint(name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}

class Element {
  constructor(name, parent, attributes) {
    this.localName = name.split(':').pop();
    this.parentElement = parent;
    this.attributes = attributes;
    this.parts = []; // elements and texts
  }

  get textContent() {
    return this.parts.map((one) => (typeof one === 'string' ? one : one.textContent)).join('');
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  getAttributeNS(space, name) {
    for (let at = this; at; at = at.parentElement) {
      for (const [declared, value] of at.attributes ?? []) {
        if (declared.startsWith('xmlns:') && value === space) return this.getAttribute(`${declared.slice(6)}:${name}`);
      }
    }
    return null;
  }

  getElementsByTagName(name) {
    return this.parts.filter((one) => typeof one !== 'string').flatMap((one) => [...(one.localName === name ? [one] : []), ...one.getElementsByTagName(name)]);
  }

  getElementsByTagNameNS(_, name) {
    return this.getElementsByTagName(name);
  }
}

export class DOMParser {
  parseFromString(text) {
    const root = new Element('', null, new Map());
    let open = root;
    for (const [, mark, words] of text.matchAll(/<([^>]*)>|([^<]+)/g)) {
      if (words !== undefined) {
        open.parts.push(plain(words));
      } else if (mark.startsWith('/')) {
        open = open.parentElement ?? root;
      } else if (!/^[?!]/.test(mark)) {
        const [, name, rest] = /^([\w:.-]+)([^]*?)\/?$/.exec(mark) ?? [];
        const made = new Element(name, open, new Map([...rest.matchAll(/([\w:.-]+)\s*=\s*"([^"]*)"/g)].map(([, key, value]) => [key, plain(value)])));
        open.parts.push(made);
        if (!mark.endsWith('/')) open = made;
      }
    }
    return root;
  }
}
