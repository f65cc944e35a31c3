/** The clause `deciding`: by which thresholds `quantify` gives voxels their texture. */
import { LOWEST_HU } from '../../../protocol/hounsfield.ts';
import { TEXTURE_CLASSES, type TextureClass } from '../../../protocol/names.ts';
import { CLASS_SYNONYMS } from '../../base/labels.ts';
import { UserError } from '../../base/userError.ts';
import { type Decisions, overlapName } from '../../lungs/decisions.ts';
import { itemsOf, numberOf, partsOf, type Resolved, wordOf } from '../arguments.ts';
import { oneOf } from '../clauseTypes.ts';
import type { ClauseDeclaration, ClauseType } from '../verb.ts';

/** One of the six; other words are no class here. */
const TEXTURE: ClauseType = { kind: 'choice', noun: 'class', options: TEXTURE_CLASSES, synonyms: CLASS_SYNONYMS };

const sequence = (...types: readonly ClauseType[]): ClauseType => ({
  kind: 'sequence',
  parts: types.map((type) => ({ type })),
});

export const DECIDING: ClauseDeclaration = {
  type: {
    kind: 'list',
    of: {
      kind: 'either',
      types: [
        sequence(oneOf('minimum'), { kind: 'number', units: ['ml'], minimum: 0, maximum: 1000 }),
        sequence(oneOf('overlap'), TEXTURE, oneOf('and'), TEXTURE, oneOf('at'), {
          kind: 'number',
          minimum: 0,
          maximum: 1,
        }),
        sequence(TEXTURE, oneOf('at', 'below'), { kind: 'number', units: ['HU'], minimum: LOWEST_HU, maximum: 1 }),
      ],
    },
  },
  documentation:
    'Decides each voxel anew (left out: the most probable texture) from the kept probabilities, without running the networks again: `honeycombing at 0.6` takes a class where its probability reaches 0.6, before all classes without a threshold (of several, the one that exceeds its own by the largest factor); `emphysema below -950 HU` takes it by density alone; `minimum 0.1 ml` gives smaller islands of an abnormal class to the next best one; `overlap ggo and reticulation at 0.3` measures where both reach 0.3, as the class `ggo-and-reticulation` beside the six. Parameters may stand for the numbers.',
};

/** Throws a UserError where an item cannot be meant so, or stands twice. */
export function decisionsOf(clause: Resolved | undefined): Decisions | undefined {
  if (!clause) return undefined;
  const thresholds: Partial<Record<TextureClass, number>> = {};
  const overlaps: Decisions['overlaps'][number][] = [];
  const single: { emphysemaBelowHu?: number; minimumMl?: number } = {};
  const once = (what: string, isNew: boolean) => {
    if (!isNew) throw new UserError('twice-decided', `\`deciding\` has ${what} twice. Keep one of them.`);
  };
  for (const item of itemsOf(clause)) {
    const parts = partsOf(item).map((part) => part!);
    const first = wordOf(parts[0]!);
    if (first === 'minimum') {
      once('`minimum`', single.minimumMl === undefined);
      single.minimumMl = numberOf(parts[1]!);
    } else if (first === 'overlap') {
      const classes = [wordOf(parts[1]!), wordOf(parts[3]!)].sort(byOrder) as [TextureClass, TextureClass];
      if (classes[0] === classes[1])
        throw new UserError('overlap', `\`overlap\` needs two classes, and \`${classes[0]}\` stands on both sides.`);
      once(
        `the overlap ${overlapName(classes)}`,
        !overlaps.some((known) => overlapName(known.classes) === overlapName(classes)),
      );
      overlaps.push({ classes, at: thresholdIn(parts[5]!, 'overlap') });
    } else if (wordOf(parts[1]!) === 'below') {
      if (first !== 'emphysema')
        throw new UserError(
          'by-density',
          `Only emphysema can be decided by density; write \`${first} at\` and a probability.`,
        );
      once('emphysema', single.emphysemaBelowHu === undefined && thresholds.emphysema === undefined);
      single.emphysemaBelowHu = densityIn(parts[2]!);
    } else {
      const name = TEXTURE_CLASSES.find((known) => known === first)!;
      once(name, thresholds[name] === undefined && !(name === 'emphysema' && single.emphysemaBelowHu !== undefined));
      thresholds[name] = thresholdIn(parts[2]!, name);
    }
  }
  return { thresholds, overlaps, ...single };
}

function byOrder(a: string, b: string): number {
  const order: readonly string[] = TEXTURE_CLASSES;
  return order.indexOf(a) - order.indexOf(b);
}

function thresholdIn(resolved: Resolved, what: string): number {
  const value = numberOf(resolved);
  if (value > 0 && value <= 1) return value;
  throw new UserError(
    'out-of-range',
    `The threshold of ${what} is ${value}: a probability above 0 and up to 1 is needed.`,
  );
}

function densityIn(resolved: Resolved): number {
  const value = numberOf(resolved);
  if (value <= -500) return value;
  throw new UserError(
    'out-of-range',
    `Emphysema below ${value} HU cannot be meant: lung itself is denser than −950 HU and air is −1000.`,
  );
}

/** As the user would write it, item by item, for the record. */
export function inWords({ thresholds, emphysemaBelowHu, minimumMl, overlaps }: Decisions): string[] {
  return [
    ...Object.entries(thresholds).map(([name, at]) => `${name} at ${at}`),
    ...(emphysemaBelowHu === undefined ? [] : [`emphysema below ${emphysemaBelowHu} HU`]),
    ...(minimumMl === undefined ? [] : [`minimum ${minimumMl} ml`]),
    ...overlaps.map(({ classes: [a, b], at }) => `overlap ${a} and ${b} at ${at}`),
  ];
}
