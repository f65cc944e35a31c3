/** Puts the evaluation's tables into the models' cards, between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tables } from './tables.ts';

const BEGIN = '<!-- evaluation: written by npm run evaluate -- --accept -->';
const END = '<!-- end of evaluation -->';

export function acceptTables(models: string, tables: Tables, reliabilityPlot: string | undefined): void {
  replaceBlock(join(models, 'lung-lobes', 'CARD.md'), tables.lobes);
  replaceBlock(join(models, 'lung-texture', 'CARD.md'), tables.textures);
  if (reliabilityPlot) writeFileSync(join(models, 'lung-texture', 'reliability.svg'), reliabilityPlot);
}

function replaceBlock(card: string, table: string): void {
  const text = readFileSync(card, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${card} lacks the marks "${BEGIN}" and "${END}"`);
  writeFileSync(card, `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`);
}
