/** One figure of a real CT, and how figures of the same kind are worded. */
import { TEXTURE_CLASS_LABELS, TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import type { Goal } from './lines.ts';
import { dice } from './metrics.ts';

/** The network that a figure is of: its card has it. A figure of textures depends on the lungs, too. */
export type Network = 'lobes' | 'textures';

export interface RealCase {
  readonly name: string;
  readonly network: Network;
  readonly finding: string;
  readonly value: number | undefined;
  readonly unit: 'Dice' | 'ml' | '%' | 'mm';
  /** What was to be reached: at least (≥) or at most (≤) this value. */
  readonly goal?: Goal;
}

/** A figure of lungs and lobes. */
export function lobesRow(
  name: string,
  finding: string,
  value: number | undefined,
  unit: RealCase['unit'],
  goal?: Goal,
): RealCase {
  return { name, network: 'lobes', finding, value, unit, ...(goal && { goal }) };
}

/** Of the lungs of a healthy or nearly healthy patient, percent. */
const HEALTHY_GOALS: Readonly<Partial<Record<TextureClass, Goal>>> = {
  normal: ['≥', 97.5],
  ggo: ['≤', 0.5],
  consolidation: ['≤', 0.4],
  honeycombing: ['≤', 0.1],
};

/** What share of `what` was read as each class: percent in the order of TEXTURE_CLASSES. */
export function readingRows(
  name: string,
  what: string,
  percents: readonly number[],
  goals: Readonly<Partial<Record<TextureClass, Goal>>> = {},
): RealCase[] {
  return TEXTURE_CLASSES.map((texture, c) => {
    const goal = goals[texture];
    return {
      name,
      network: 'textures',
      finding: `${what} read as ${TEXTURE_CLASS_LABELS[texture].toLowerCase()}`,
      value: percents[c],
      unit: '%',
      ...(goal && { goal }),
    };
  });
}

/** The same of lungs whose classes are known: nearly all is normal. */
export function healthyRows(name: string, what: string, percents: readonly number[]): RealCase[] {
  return readingRows(name, what, percents, HEALTHY_GOALS);
}

export function lungDice(reference: Uint8Array, labels: Uint8Array): number | undefined {
  return dice(reference, labels, (label) => label > 0);
}

export function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100;
}
