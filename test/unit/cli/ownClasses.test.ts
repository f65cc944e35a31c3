/** A model whose manifest brings a class beside the six: everywhere that the six are. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';
import { boxOfLung, bring, bringOwnModels } from './ownModels.ts';

const OWN = { name: 'traction-bronchiectasis', letter: 'T', colour: '#e69f00' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-classes-'));
  const own = folder;
  onTestFinished(() => rmSync(own, { recursive: true }));
  writeSeries(join(folder, 'cohort', 'A01'), boxOfLung());
  bringOwnModels(folder);
  bring(folder, 'tiny-textures', 'my-textures', (m) => {
    m.input.spacingMm = ['native', 'native', 'native'];
    m.classes = [OWN];
    m.output.labels = [OWN.name, null, OWN.name, null, null, 'emphysema'];
  });
});

const start = () => startSession({ notebookFolder: folder, modelFolders: [join(folder, 'models')] });
const MEASURE = 'load "cohort" as c\nquantify c with "my-textures" lobes "my-lobes" as own';

describe('a class of the model’s own', () => {
  it('is measured, summarised, drawn in its colour and compared', async () => {
    const notebook = start();
    const rows = await notebook.rows(MEASURE);
    const total = rows.filter((row) => row.region === 'total');
    expect(total.map((row) => [row.class, row.percent])).toEqual([
      ['emphysema', 50],
      [OWN.name, 50],
    ]);
    const view = await notebook.last('slices', 'show c "A01" overlay own');
    expect(view.ownClasses).toEqual([OWN]);
    expect(view.report?.rows[0]?.percent).toMatchObject({ [OWN.name]: 50, emphysema: 50, ggo: null });
    expect(Math.max(...(view.axialPercent?.[OWN.name] ?? []))).toBeGreaterThan(90);
    const summary = await notebook.rows('summarise own');
    expect(summary.map((row) => row.class)).toContain('Traction bronchiectasis');
    const figure = await notebook.last('figure', 'plot own as stacked');
    expect(figure.data.at(-1)).toMatchObject({
      name: 'Traction bronchiectasis',
      meta: { class: OWN.name, colour: OWN.colour },
    });
    notebook.put('reader.csv', `patient,region,class,percent\nA01,total,${OWN.name},40\nA01,total,emphysema,50\n`);
    const agreement = await notebook.rows('load "reader.csv" as reader\nagree own with reader as ag');
    expect(agreement.map((row) => row.class)).toContain(OWN.name);
  }, 30_000);

  it('goes out as a mask with its own name, and is compared voxel by voxel', async () => {
    const notebook = start();
    await notebook.rows(MEASURE);
    await notebook.shown('export own labels to "masks" format nrrd');
    const header = readFileSync(join(folder, 'masks/A01/textures.seg.nrrd'), 'latin1');
    expect(header).toMatch(/Segment\d_Name:=traction.bronchiectasis/i);
    expect(header).toContain('99LUNGNB');
    const rows = await notebook.rows('load "masks" as written\nagree own with written on voxels as same');
    const own = rows.filter((row) => row.class === OWN.name);
    expect(own.map((row) => [row.region, row.dice])).toEqual([['total', 1]]);
  }, 30_000);

  it('is decided anew with the six, from the maps that were kept', async () => {
    const notebook = start();
    await notebook.rows(MEASURE);
    const rows = await notebook.rows(
      'quantify c with "my-textures" lobes "my-lobes" deciding emphysema below -1010 HU as none',
    );
    const total = rows.filter((row) => row.region === 'total');
    expect(total.find((row) => row.class === OWN.name)?.percent).toBe(100);
  }, 30_000);

  it.each([
    [{ ...OWN, name: 'ggo' }, 'a word that stands for one of the classes of every report'],
    [{ ...OWN, name: 'Traction' }, 'lower-case letters'],
    [{ ...OWN, colour: 'orange' }, 'a colour such as'],
  ])('is refused as %o', async (given, words) => {
    bring(folder, 'tiny-textures', 'my-textures', (m) => {
      m.classes = [given];
    });
    expect(await start().problem(MEASURE)).toContain(words);
  });
});
