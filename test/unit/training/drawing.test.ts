/** The drawing in torch stands on what drawing.json says of the phantom, which is what the phantom draws now. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { phantomDrawing } from '../../../models/training/drawing.ts';

it('drawing.json is what the phantom draws now; else run exportDrawing.ts, and check_drawing.py', () => {
  const written = JSON.parse(readFileSync('models/training/drawing.json', 'utf8'));
  // Through JSON, as the file went.
  expect(JSON.parse(JSON.stringify(phantomDrawing()))).toEqual(written);
});

it('the small chests show every tissue and texture', () => {
  const { examples, tissues, textures } = phantomDrawing();
  const shown = (values: readonly number[]) => new Set(values).size;
  for (const example of examples) {
    expect(shown(example.tissues)).toBe(Object.keys(tissues).length);
    expect(shown(example.textures)).toBe(textures.length + 1);
  }
});

it('one of the small chests has no contrast agent, the other has', () => {
  const { examples, tissues } = phantomDrawing();
  const blood = examples.map(({ hu, tissues: codes }) =>
    Math.max(...hu.filter((_, n) => codes[n] === tissues.pulmonaryBlood)),
  );
  expect(Math.min(...blood)).toBeLessThan(90);
  expect(Math.max(...blood)).toBeGreaterThan(200);
});
