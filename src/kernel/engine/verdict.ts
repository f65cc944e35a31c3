/** What the end of a task means for the CTs that it has not measured. */
import type { Ended } from './batchSystem.ts';

/** How often a part is tried where its computer, not its work, seems to be the cause. */
export const ATTEMPTS = 3;

export interface Attempt {
  /** From 1. */
  readonly attempt: number;
  /** Whether this attempt has measured some CT of the part. */
  readonly gotOn: boolean;
}

/** A sentence for the user where trying again would end alike, else undefined. States are those of Slurm's sacct. */
export function finalReason({ state, how, node }: Ended, { attempt, gotOn }: Attempt): string | undefined {
  const known = [how, node && `on ${node}`].filter(Boolean).join(' ');
  const where = known ? ` (${known})` : '';
  if (state.startsWith('CANCELLED')) return 'its job was cancelled. Run the cell again to submit what is missing.';
  if (state === 'OUT_OF_MEMORY')
    return `its job had too little memory${where}. Ask for more, such as \`--sbatch=--mem=8G\`, and run again.`;
  if (state === 'TIMEOUT' || state === 'DEADLINE') {
    // What was measured stays, so that the rest has less to do.
    if (gotOn) return undefined;
    // It is by a signal that Slurm ends such a job; only some of its records say so.
    return `its job ran into the time limit${node ? ` (on ${node})` : ''}. Ask for more, such as \`--sbatch=--time=2:00:00\`, and run again.`;
  }
  if (attempt < ATTEMPTS) return undefined;
  return `its job ended without a result ${ATTEMPTS} times, the last as ${state}${where}. Its log is in the folder \`jobs\` of the cache. All computers must see the cache’s folder and the CTs under the same paths.`;
}
