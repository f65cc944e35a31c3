/** How many CTs are measured at once: as many as there are cores to keep busy, and memory for. */
import { totalmem } from 'node:os';
import { threadsAllowed } from '../base/threads.ts';
import type { GridSize } from '../ct/geometry/volume.ts';

/** The networks, which all CTs share, leave nothing to do for more. */
export const MOST_AT_ONCE = 4;

/**
 * What the process takes beside CTs and networks. With it and the shipped networks LIDC-IDRI-0314 (72 million voxels) was
 * measured in 0.89 GB, and twice at once in 1.35 GB.
 */
const PROGRAM_BYTES = 0.2e9;
/** Of a CT that is measured, by voxel. */
const BYTES_PER_VOXEL = 4.5;
/** Of the computer’s memory, where the user has not said how much may be used: the rest is for other programs. */
const SHARE = 0.5;

/** What measuring one CT of that size takes of the process, with networks that take so much. */
export function bytesToMeasure(size: GridSize, networks: number): number {
  return PROGRAM_BYTES + networks + bytesOf(size);
}

function bytesOf([nx, ny, nz]: GridSize): number {
  return BYTES_PER_VOXEL * nx * ny * nz;
}

/** Of CTs of these sizes, how many at once; always one. `memoryBytes`: of the whole process. */
export function ctsAtOnce(sizes: readonly GridSize[], networks: number, memoryBytes = SHARE * memoryThere()): number {
  const largest = sizes.reduce((most, size) => Math.max(most, bytesOf(size)), 1);
  const fitting = Math.floor((memoryBytes - PROGRAM_BYTES - networks) / largest);
  return Math.max(1, Math.min(MOST_AT_ONCE, threadsAllowed(), fitting, sizes.length));
}

/** The computer’s, or what a container or a job has of it. */
function memoryThere(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}
