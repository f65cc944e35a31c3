/** `index`: indices of papers, a row per patient; densities of what the tiny networks measured. */
import { describe, expect, it } from 'vitest';
import { startSession } from '../../harness/session.ts';

const EXTENTS = [
  'patient,region,class,percent,fvc',
  ...[
    ['P1', 4, 2, 1, 1, 80],
    ['P2', 15, 2, 2, 1, 65],
    ['P3', 15, 2, 2, 1, ''],
    ['P4', 30, 5, 2, 1, 90],
  ].flatMap(([patient, ggo, consolidation, reticulation, honeycombing, fvc]) =>
    Object.entries({ ggo, consolidation, reticulation, honeycombing }).map(
      ([name, percent]) => `${patient},total,${name},${percent},${fvc}`,
    ),
  ),
].join('\n');

describe('index', () => {
  it('gives extents and Goh’s stage, and says whose is open', async () => {
    const notebook = startSession({ files: { 'ai.csv': EXTENTS } });
    await notebook.shown('load "ai.csv" as ai');
    const rows = await notebook.rows('index ai with fvc as indices');
    expect(
      rows.map(({ patient, fibrosis_percent, ild_percent, goh, goh_by, goh_20 }) => [
        patient,
        fibrosis_percent,
        ild_percent,
        goh,
        goh_by,
        goh_20,
      ]),
    ).toEqual([
      ['P1', 2, 8, 'limited', 'extent', 'limited'],
      ['P2', 3, 20, 'extensive', 'FVC', 'limited'],
      ['P3', 3, 20, null, null, 'limited'],
      ['P4', 3, 38, 'extensive', 'extent', 'extensive'],
    ]);
    const [said] = notebook.views.flatMap((view) => ('messages' in view ? view.messages : []));
    expect(said?.text).toBe(
      'Goh’s stage of 1 patient with 10 to 30 % of the lungs diseased is open: P3. They have no fvc.',
    );
    expect(await notebook.problem('index ai correcting fvc as corrected')).toMatch(
      /^out-of-range: `fvc` is 80 of P1, which is no volume/,
    );
  });
});
