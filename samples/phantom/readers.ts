/**
 * Two simulated readers. Each sees the true percent through an own bias and a noise that grows between the extremes,
 * mistakes one class for a similar one at times, and forgets a score now and then.
 */
import { LOBAR_REGIONS, TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { createRandom, type Random } from './random.ts';
import type { TruthRow } from './truth.ts';

const CUT_POINTS = [1, 25, 50, 75];

/** Pairs that readers confuse: a share of the one is seen as the other. */
const CONFUSED: Readonly<Partial<Record<TextureClass, TextureClass>>> = {
  reticulation: 'ggo',
  honeycombing: 'reticulation',
  ggo: 'normal',
};

interface Reader {
  readonly seed: string;
  /** Added on the logit scale: positive over-calls disease. */
  readonly bias: number;
  readonly noise: number;
  readonly confusion: number;
  readonly forgets: number;
}

interface Score {
  readonly patient: string;
  readonly region: string;
  readonly class: TextureClass;
  readonly score: number | undefined;
}

const READER_1: Reader = { seed: 'reader-1', bias: 0.12, noise: 0.28, confusion: 0.12, forgets: 0.006 };
const READER_2: Reader = { seed: 'reader-2', bias: -0.15, noise: 0.42, confusion: 0.2, forgets: 0.01 };
/** Reader 2 never saw this patient. */
const UNREAD_BY_2 = 'P07';

/** Reader 1 as a tidy table: a row per patient, region and class. */
export function reader1Csv(truth: readonly TruthRow[]): string {
  const scores = read(truth, READER_1).filter((s) => s.score !== undefined);
  return `patient,region,class,score\n${scores.map((s) => [s.patient, s.region, s.class, s.score].join(',')).join('\n')}\n`;
}

/** Reader 2 as a wide table: a row per patient, a column per class and region. */
export function reader2Csv(truth: readonly TruthRow[]): string {
  const scores = read(truth, READER_2).filter((s) => s.patient !== UNREAD_BY_2);
  const columns = TEXTURE_CLASSES.flatMap((name) => LOBAR_REGIONS.map((region) => ({ name, region })));
  const header = columns.map(({ name, region }) => (region === 'total' ? name : `${name}_${region}`));
  const patients = [...new Set(scores.map((s) => s.patient))];
  const lines = patients.map((patient) => {
    const cells = columns.map(
      ({ name, region }) =>
        scores.find((s) => s.patient === patient && s.class === name && s.region === region)?.score ?? '',
    );
    return [patient, ...cells].join(',');
  });
  return `patient,${header.join(',')}\n${lines.join('\n')}\n`;
}

function read(truth: readonly TruthRow[], reader: Reader): Score[] {
  const random = createRandom(reader.seed);
  const seen = new Map(truth.map((row) => [`${row.patient} ${row.region} ${row.class}`, row.percent]));
  for (const row of truth) {
    const other = CONFUSED[row.class];
    if (!other) continue;
    const share = row.percent * reader.confusion * random();
    add(seen, `${row.patient} ${row.region} ${row.class}`, -share);
    add(seen, `${row.patient} ${row.region} ${other}`, share);
  }
  return truth.map((row) => ({
    patient: row.patient,
    region: row.region,
    class: row.class,
    score: random.chance(reader.forgets)
      ? undefined
      : category(perceived(seen.get(`${row.patient} ${row.region} ${row.class}`) ?? 0, row.class, reader, random)),
  }));
}

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}

function perceived(percent: number, name: TextureClass, reader: Reader, random: Random): number {
  const share = Math.min(0.995, Math.max(0.0005, percent / 100));
  const bias = name === 'normal' ? -reader.bias : reader.bias;
  const logit = Math.log(share / (1 - share)) + bias + reader.noise * random.normal();
  return 100 / (1 + Math.exp(-logit));
}

function category(percent: number): number {
  return CUT_POINTS.filter((cut) => percent >= cut).length;
}
