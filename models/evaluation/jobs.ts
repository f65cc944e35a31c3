/** What the evaluation measures, in pieces that run side by side. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CovidResult, hasCovidSlices, measureCovidSlices } from './covidSlices.ts';
import { type EmphysemaResult, measureEmphysemaPatches } from './emphysemaPatches.ts';
import { heldOutMaps, type LobeMapResult, mapName, measureLobeMap } from './lobeMaps.ts';
import { hasLobeReference, measureLobeReference } from './lobeReference.ts';
import type { Models } from './models.ts';
import { measurePhantom, measureRetest, type PhantomResult, type RetestResult } from './phantoms.ts';
import type { RealCase } from './realCase.ts';
import { chestFiles, measureChest } from './realChests.ts';
import { REAL_CASES, type RealCaseName } from './realCt.ts';

export interface Folders {
  readonly models: string;
  /** Holds `ct`, `lobes`, `textures`, `chests` and `covid-slices`; see models/evaluation/README.md. */
  readonly data: string;
  readonly pictures: string;
}

export type Job =
  | { readonly kind: 'real'; readonly name: RealCaseName }
  | { readonly kind: 'reference' }
  | { readonly kind: 'chest'; readonly file: string }
  | { readonly kind: 'covid' }
  | { readonly kind: 'patches' }
  | { readonly kind: 'map'; readonly file: string; readonly deformed: boolean }
  | { readonly kind: 'retest'; readonly index: number }
  | { readonly kind: 'phantom'; readonly index: number };

/** The results of one kind of job. */
export interface Results {
  readonly real: RealCase[];
  readonly reference: RealCase[];
  readonly chest: RealCase[];
  readonly covid: CovidResult[];
  readonly patches: EmphysemaResult[];
  readonly map: LobeMapResult[];
  readonly retest: RetestResult[];
  readonly phantom: PhantomResult[];
}

export function noResults(): Results {
  return { real: [], reference: [], chest: [], covid: [], patches: [], map: [], retest: [], phantom: [] };
}

/** Phantoms up to this index are pictured. */
const PICTURED = 8;

/** By this name a job is chosen, and told of while it runs. */
export function nameOfJob(job: Job): string {
  switch (job.kind) {
    case 'real':
      return job.name;
    case 'reference':
      return 'LIDC-IDRI-0050';
    case 'chest':
      return `chest ${basename(job.file, '.nrrd')}`;
    case 'covid':
      return 'covid slices';
    case 'patches':
      return 'emphysema patches';
    case 'map':
      return `map ${mapName(job.file)}${job.deformed ? ', bent and diseased' : ''}`;
    case 'retest':
    case 'phantom':
      return `${job.kind} ${job.index}`;
  }
}

/** What can be measured with a folder of data; the longest jobs come first, so that all workers end at about the same time. */
export function planJobs(data: string, phantoms: number, retests: number): Job[] {
  const counted = (kind: 'phantom' | 'retest', count: number) =>
    Array.from({ length: count }, (_, index): Job => ({ kind, index }));
  const has = (...path: string[]) => existsSync(join(data, ...path));
  const real = Object.keys(REAL_CASES)
    .filter((name): name is RealCaseName => name in REAL_CASES)
    .filter((name) => has('ct', REAL_CASES[name].file));
  const maps = has('lobes') ? heldOutMaps(join(data, 'lobes')) : [];
  const chests = chestFiles(join(data, 'chests'));
  return [
    ...counted('retest', retests),
    ...real.map((name): Job => ({ kind: 'real', name })),
    ...(hasLobeReference(data) ? [{ kind: 'reference' } as const] : []),
    ...chests.map((file): Job => ({ kind: 'chest', file })),
    ...(hasCovidSlices(data) ? [{ kind: 'covid' } as const] : []),
    ...(has('textures', PATCHES) ? [{ kind: 'patches' } as const] : []),
    ...[false, true].flatMap((deformed) => maps.map((file): Job => ({ kind: 'map', file, deformed }))),
    ...counted('phantom', phantoms),
  ];
}

const PATCHES = 'EmphysemaPatches.mat';

/** The jobs whose name contains one of the words, in either case; throws where a word is in none. */
export function chooseJobs(jobs: readonly Job[], words: readonly string[]): Job[] {
  const isNamed = (job: Job, word: string) => nameOfJob(job).toLowerCase().includes(word.toLowerCase());
  const unknown = words.filter((word) => !jobs.some((job) => isNamed(job, word)));
  if (unknown.length) {
    const names = new Set(jobs.map((job) => ('index' in job ? `${job.kind} 0, 1, 2 …` : nameOfJob(job))));
    throw new Error(
      `--only: nothing that can be measured has ${unknown.join(' or ')} in its name. There is:\n${[...names].join('\n')}`,
    );
  }
  return jobs.filter((job) => words.some((word) => isNamed(job, word)));
}

/** The results of one job, to be added to those of its kind. */
export async function measure(job: Job, models: Models, { data, pictures }: Folders): Promise<Results[Job['kind']]> {
  switch (job.kind) {
    case 'real':
      return REAL_CASES[job.name].measure(join(data, 'ct'), models, pictures);
    case 'reference':
      return measureLobeReference(data, models, pictures);
    case 'chest':
      return measureChest(job.file, models, pictures);
    case 'covid':
      return measureCovidSlices(join(data, 'covid-slices'), models.textures, pictures);
    case 'patches':
      return measureEmphysemaPatches(join(data, 'textures', PATCHES), models.textures);
    case 'map': {
      const name = `map-${mapName(job.file)}${job.deformed ? '-bent' : ''}`;
      return [await measureLobeMap(job.file, job.deformed, models, join(pictures, name))];
    }
    case 'retest':
      return [await measureRetest(job.index, models)];
    case 'phantom': {
      const base = job.index < PICTURED ? join(pictures, `phantom-${job.index}`) : undefined;
      return [await measurePhantom(job.index, models, base)];
    }
  }
}
