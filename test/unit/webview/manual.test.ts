/** The manual's tables of keys and gestures are those of the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GESTURES, keyInWords } from '../../../src/webview/viewer/gestures.ts';
import { bindingOf, KEYS } from '../../../src/webview/viewer/keys.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/viewer.md'), 'utf8');
const bindings = KEYS.flatMap(({ bindings }) => bindings);
const pressed = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('the manual of the viewer', () => {
  it('has every key, and no other', () => {
    const rows = KEYS.flatMap(({ title, bindings }) =>
      bindings.map(
        ({ keys, does }) => `| ${keys.map((key) => `\`${keyInWords(key)}\``).join(' ')} | ${does} | ${title} |`,
      ),
    );
    expect(tableBelow('keys')).toEqual(['| key | what it does | |', '|---|---|---|', ...rows]);
  });

  it('has every gesture, and no other', () => {
    const rows = GESTURES.map(([gesture, does]) => `| ${gesture} | ${does} |`);
    expect(tableBelow('gestures')).toEqual(['| on the picture | what it does |', '|---|---|', ...rows]);
  });
});

describe('a key', () => {
  it('does one thing', () => {
    const all = bindings.flatMap(({ keys }) => keys);
    expect(all.filter((key, n) => all.indexOf(key) !== n)).toEqual([]);
  });

  it('is meant whether or not it is written large', () => {
    expect(bindingOf({ ...pressed, key: 'g' })).toBe(bindingOf({ ...pressed, key: 'G' }));
    expect(bindingOf({ ...pressed, key: 'g' })?.does).toBe('Textures on and off');
  });

  it('with Ctrl is VS Code’s own, but for those that say so', () => {
    expect(bindingOf({ ...pressed, key: 'g', ctrlKey: true })).toBeUndefined();
    expect(bindingOf({ ...pressed, key: 'c', metaKey: true })?.does).toMatch(/^Copy/);
    expect(bindingOf({ ...pressed, key: '2', altKey: true })).toBeUndefined();
    expect(bindingOf({ ...pressed, key: 'C', ctrlKey: true, shiftKey: true })).toBeUndefined();
    expect(bindingOf({ ...pressed, key: 'Z', ctrlKey: true, shiftKey: true })?.does).toBe('Bring it again');
  });
});

function tableBelow(mark: string): string[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`<!-- ${mark}:`)) + 1;
  expect(start).toBeGreaterThan(0);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start, length < 0 ? undefined : start + length);
}
