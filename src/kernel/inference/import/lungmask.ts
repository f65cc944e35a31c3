/** lungmask's networks, as `models/export/lungmask.py` exports them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ExportNeeded, ForeignLabel, ForeignModel } from './foreignModel.ts';
import { readJson } from './jsonFile.ts';

const exportFile = z.looseObject({
  program: z.string(),
  network: z.string().default(''),
  files: z.array(z.string()).default([]),
});

const background: ForeignLabel = { name: 'background', isBackground: true };
const named = (...names: readonly string[]): ForeignLabel[] => [
  background,
  ...names.map((name) => ({ name, isBackground: false })),
];
/** By label value; lungmask’s README says what they are. */
const LABELS: Readonly<Record<string, readonly ForeignLabel[]>> = {
  R231: named('right', 'left'),
  R231CovidWeb: named('right', 'left'),
  LTRCLobes: named('LUL', 'LLL', 'RUL', 'RML', 'RLL'),
};
/** Beginnings of the names of the files of weights that lungmask keeps. */
const WEIGHTS = /^unet_(r231covid|r231|ltrclobes)-[0-9a-f]+\.pth$/;
const NETWORKS: Readonly<Record<string, string>> = { r231: 'R231', r231covid: 'R231CovidWeb', ltrclobes: 'LTRCLobes' };

/** Undefined where the folder is none of lungmask's. */
export async function readLungmask(folder: string): Promise<ForeignModel | ExportNeeded | undefined> {
  const told = await readJson(join(folder, 'lungnb-export.json'), exportFile);
  if (told && told.program !== 'lungmask') return undefined;
  const labels = LABELS[told?.network ?? ''];
  if (!labels) {
    const weights = (await readdir(folder)).flatMap((name) => WEIGHTS.exec(name)?.slice(0, 2) ?? []);
    const [file, network] = weights;
    if (file === undefined || network === undefined) return undefined;
    return {
      what: `lungmask ${NETWORKS[network]}`,
      script: 'lungmask.py',
      command: `${NETWORKS[network]} "${folder}" --weights "${join(folder, file)}"`,
    };
  }
  return {
    what: `lungmask ${told!.network}`,
    files: told!.files,
    labels,
    transpose: [0, 1, 2],
    input: {
      name: 'ct',
      dimensions: 2,
      orientation: 'LPS',
      spacingMm: ['native', 'native', 'native'],
      intensity: { scale: 'window', clipHu: [-1024, 600], to: [0, 1] },
      resampling: 'lungmask',
      tileWeights: 'linear',
      mirror: [],
      patch: [256, 256],
      overlap: 0,
      paddingHu: -1024,
    },
    output: { name: 'logits', activation: 'softmax' },
    citation: 'Hofmanninger et al. 2020, Eur Radiol Exp 4:50 (lungmask)',
    remarks: ['lungmask removes small parts and fills holes afterwards; here labels stay as the network gives them.'],
  };
}
