/** The drawing in torch stands on what drawing.json says of the phantom, and paints alike. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { phantomDrawing } from '../../../models/training/drawing.ts';

const PYTHON = process.env.LUNGNB_TRAINING_PYTHON ?? 'python3';
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch, numpy']).status === 0;

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

describe.skipIf(!hasTorch)('torch', () => {
  it('paints the small chests as the phantom does', () => {
    const { status, stderr } = spawnSync(PYTHON, ['models/training/check_drawing.py'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  }, 120_000);
});
