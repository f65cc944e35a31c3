/**
 * Which references a set of weights has seen: a figure on a chest counts as held out only for weights that descend from
 * none that saw it. Weights say what they learned from in `trainedOn` of their manifest.
 */
import type { Models } from './models.ts';
import type { Network } from './realCase.ts';
import seen from './seen.json' with { type: 'json' };

/** CTs that are known by a lobe map's name, too. */
export const LOBE_MAP_OF: Readonly<Record<string, string>> = {
  'LIDC-IDRI-0050': '1.3.6.1.4.1.14519.5.2.1.6279.6001.183982839679953938397312236359',
};

/** What each network of an evaluation learned from, in its manifest's words. */
export interface TrainedOn {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly trainedOn: string;
}
export type Weights = Readonly<Record<Network, TrainedOn>>;

export function weightsOf({ lobes, textures }: Models): Weights {
  const of = ({ manifest: { id, version, sha256, trainedOn } }: Models['lobes']): TrainedOn => ({
    id,
    version,
    sha256,
    trainedOn,
  });
  return { lobes: of(lobes), textures: of(textures) };
}

/** Whether weights learned from real data of this name (`sourceName`), whole, bent or as a lobe map. */
export function saw({ trainedOn }: TrainedOn, name: string): boolean {
  const names = Object.entries(LOBE_MAP_OF).find((pair) => pair.includes(name)) ?? [name];
  const behind = Object.entries(seen.phrases).flatMap(([phrase, data]) => (trainedOn.includes(phrase) ? data : []));
  return names.some((one) => behind.includes(one) || isNamed(trainedOn, one));
}

/** By its whole name: not by that of a longer one. */
function isNamed(text: string, name: string): boolean {
  return text.split(/[^\w.-]+/).some((word) => word.replace(/\.$/, '') === name);
}

/** The networks that a figure depends on and that saw its reference, in words; undefined where none did. */
export function seenBy(weights: Weights, network: Network, name: string): string | undefined {
  const concerned = network === 'lobes' ? [weights.lobes] : [weights.lobes, weights.textures];
  return concerned.flatMap((one) => (saw(one, name) ? [one.id] : [])).join(', ') || undefined;
}
