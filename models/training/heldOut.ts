/**
 * What training never sees, by name: heldOut.json is the one list, read here and by pack.py. Holding out by a map's place
 * in its folder gave other maps to training as soon as the folder held others.
 */
import { basename } from 'node:path';
import heldOut from './heldOut.json' with { type: 'json' };

/** The name by which a file of real data is known, whatever its form: `NAME` of `NAME.nrrd`, `NAME.lungs.nrrd`, `NAME.zip`. */
export function sourceName(file: string): string {
  return basename(file).replace(/(\.fine|\.lungs)?\.(nrrd|mha|zip)$/, '');
}

export type Network = keyof typeof heldOut.forGood;

/** True for real data that left a network's training for good: it is neither exported nor packed for it, in no form. */
export function leftTraining(file: string, network: Network): boolean {
  return heldOut.forGood[network].includes(sourceName(file));
}

/** True for a lobe map that no training learns from: chests around it follow a run or are evaluated. */
export function isHeldOutMap(file: string): boolean {
  return heldOut.maps.includes(sourceName(file)) || leftTraining(file, 'lobes');
}
