import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pages } from '../scripts/manual.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** As code hosts name a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
const anchors = (path: string) => [...text(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!));

describe('the manual', () => {
  it.each(Object.keys(pages))('%s is what the sources say; else run: npm run manual', (path) => {
    expect(text(path) === pages[path]!()).toBe(true);
  });

  it.each(documents)('%s leads to nothing that is not there', (path) => {
    const links = [...text(path).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, link]) => link!);
    for (const link of links) {
      const [file = '', place] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      expect({ link, there: existsSync(join(root, target)) }).toEqual({ link, there: true });
      if (place && target.endsWith('.md'))
        expect(anchors(target).map((each) => each.toLowerCase())).toContain(place.toLowerCase());
    }
  });

  it('shows code as it is in the files that are run', () => {
    const included = documents.flatMap((path) => [
      ...text(path).matchAll(/<!-- include (\S+) -->\n+```ts\n([\s\S]*?)\n```/g),
    ]);
    expect(included.length).toBeGreaterThanOrEqual(5);
    for (const [, path, code] of included) expect(`${code}\n`).toBe(text(path!));
    const marks = documents.flatMap((path) => [...text(path).matchAll(/<!-- include/g)]);
    expect(marks).toHaveLength(included.length);
  });

  it('names commands that there are', () => {
    const known = new Set([...text('docs/commands.md').matchAll(/^## (\S+)/gm)].map(([, name]) => name));
    for (const path of documents)
      for (const [, name] of text(path).matchAll(/^\s*(?:\$ )?npx premotor (\S+)/gm)) expect(known).toContain(name);
  });
});
