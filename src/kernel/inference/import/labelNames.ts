/** What the labels of other programs are called here. */
import { LOBES, type Lobe } from '../../../protocol/names.ts';
import { classOf, lobarRegionOf } from '../../base/labels.ts';
import { UserError } from '../../base/userError.ts';
import type { Manifest } from '../manifest.ts';
import type { ForeignLabel } from './foreignModel.ts';

type Task = Manifest['task'];

/** `lung_upper_lobe_left`, `Left upper lobe`, `lul`. */
export function lobeOf(name: string): Lobe | undefined {
  const region = lobarRegionOf(name.replaceAll('_', ' '));
  if (region && region !== 'total') return region;
  const words = new Set(name.toLowerCase().split(/[^a-z]+/));
  const has = (...any: readonly string[]) => any.some((word) => words.has(word));
  if (!has('lobe', 'lobes')) return undefined;
  const side = has('right') ? 'R' : has('left') ? 'L' : undefined;
  const part = has('upper', 'superior') ? 'U' : has('middle') ? 'M' : has('lower', 'inferior') ? 'L' : undefined;
  return LOBES.find((lobe) => lobe === `${side}${part}L`);
}

/** A whole lung, by its side where the name tells it. */
function lungOf(name: string): 'lung' | 'right' | 'left' | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  if (!words.some((word) => word === 'lung' || word === 'lungs' || word === 'right' || word === 'left'))
    return undefined;
  return words.includes('right') ? 'right' : words.includes('left') ? 'left' : 'lung';
}

export interface NamedLabels {
  readonly task: Task;
  readonly labels: readonly (string | null)[];
  /** Names of the other program that count for nothing here. */
  readonly left: readonly string[];
}

/** Lobes where all five are there, else textures, else whole lungs. `own` are names that the user gives, by the other program's. */
export function namedLabels(
  labels: readonly ForeignLabel[],
  { task, own }: { readonly task: Task | undefined; readonly own: ReadonlyMap<string, string> },
): NamedLabels {
  const unknown = [...own.keys()].find((name) => !labels.some((label) => label.name === name));
  if (unknown !== undefined)
    throw new UserError('model-import', `The network has no label "${unknown}". It has ${list(labels)}.`);
  const by = (of: (name: string) => string | undefined) =>
    labels.map(({ name, isBackground }) => {
      const given = own.get(name);
      if (given !== undefined) return given === 'null' ? null : (of(given) ?? given);
      return isBackground ? null : (of(name) ?? null);
    });
  const result = (found: Task, named: readonly (string | null)[]): NamedLabels => ({
    task: found,
    labels: named,
    left: labels.flatMap(({ name, isBackground }, n) => (named[n] === null && !isBackground ? [name] : [])),
  });
  const lobes = by(lobeOf);
  if (task === 'lobes' || (!task && LOBES.every((lobe) => lobes.includes(lobe)))) return result('lobes', lobes);
  const textures = by((name) => classOf(name.replaceAll('_', '-')));
  if (task === 'textures' || (!task && textures.some((name) => name !== null))) return result('textures', textures);
  const lungs = by(lungOf);
  if (task === 'lungs' || lungs.some((name) => name !== null)) return result('lungs', lungs);
  throw new UserError(
    'model-import',
    `What the network finds is unknown here: ${list(labels)}. Say what it is with --task lobes or textures, and with --label "THEIRS=OURS" for each label (RUL, RML, RLL, LUL, LLL; normal, ggo, consolidation, reticulation, honeycombing, emphysema).`,
  );
}

function list(labels: readonly ForeignLabel[]): string {
  return labels.map(({ name }) => name).join(', ');
}
