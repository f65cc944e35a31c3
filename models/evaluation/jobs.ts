/** What the evaluation measures, in pieces that run side by side. */
import { join } from 'node:path';
import { type EmphysemaResult, measureEmphysemaPatches } from './emphysemaPatches.ts';
import { type LobeMapResult, mapName, measureLobeMap } from './lobeMaps.ts';
import type { Models } from './models.ts';
import { measurePhantom, measureRetest, type PhantomResult, type RetestResult } from './phantoms.ts';
import { REAL_CASES, type RealCase, type RealCaseName } from './realCt.ts';

export interface Folders {
  readonly models: string;
  /** Holds `ct`, `lobes` and `textures`; see models/evaluation/README.md. */
  readonly data: string;
  readonly output: string;
}

export type Job =
  | { readonly kind: 'real'; readonly name: RealCaseName }
  | { readonly kind: 'patches' }
  | { readonly kind: 'map'; readonly file: string; readonly deformed: boolean }
  | { readonly kind: 'retest'; readonly index: number }
  | { readonly kind: 'phantom'; readonly index: number };

/** The results of one kind of job. */
export interface Results {
  readonly real: RealCase[];
  readonly patches: EmphysemaResult[];
  readonly map: LobeMapResult[];
  readonly retest: RetestResult[];
  readonly phantom: PhantomResult[];
}

/** Phantoms up to this index are pictured. */
const PICTURED = 8;

export function nameOfJob(job: Job): string {
  if (job.kind === 'real') return job.name;
  if (job.kind === 'patches') return 'emphysema patches';
  if (job.kind === 'map') return `lobe map ${mapName(job.file)}${job.deformed ? ', bent and diseased' : ''}`;
  return `${job.kind} ${job.index}`;
}

/** The results of one job, to be added to those of its kind. */
export async function measure(job: Job, models: Models, { data, output }: Folders): Promise<Results[Job['kind']]> {
  switch (job.kind) {
    case 'real':
      return REAL_CASES[job.name](join(data, 'ct'), models, output);
    case 'patches':
      return measureEmphysemaPatches(join(data, 'textures', 'EmphysemaPatches.mat'), models.textures);
    case 'map': {
      const name = `map-${mapName(job.file)}${job.deformed ? '-bent' : ''}`;
      return [await measureLobeMap(job.file, job.deformed, models, join(output, name))];
    }
    case 'retest':
      return [await measureRetest(job.index, models)];
    case 'phantom': {
      const pictures = job.index < PICTURED ? join(output, `phantom-${job.index}`) : undefined;
      return [await measurePhantom(job.index, models, pictures)];
    }
  }
}
