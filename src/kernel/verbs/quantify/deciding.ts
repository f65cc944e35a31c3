/** The clause `deciding`: by which thresholds `quantify` gives voxels their texture. */
import { MIN_HU } from '../../../protocol/hounsfield.ts';
import { TEXTURE_CLASSES, type TextureClass } from '../../../protocol/names.ts';
import { UserError } from '../../base/userError.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { number } from '../../language/clauses/number.ts';
import { sequence } from '../../language/clauses/sequence.ts';
import { type ArgumentsOf, optional } from '../../language/declaration.ts';
import { type Decisions, overlapName } from '../../lungs/decisions.ts';
import { TEXTURE } from '../names.ts';

const MINIMUM = sequence(oneOf('minimum'), number({ units: ['ml'], minimum: 0, maximum: 1000 }));
const OVERLAP = sequence(
  oneOf('overlap'),
  TEXTURE,
  oneOf('and'),
  TEXTURE,
  oneOf('at'),
  number({ minimum: 0, maximum: 1 }),
);
const THRESHOLD = sequence(TEXTURE, oneOf('at', 'below'), number({ units: ['HU'], minimum: MIN_HU, maximum: 1 }));

export const DECIDING = optional(
  list(either(MINIMUM, OVERLAP, THRESHOLD)),
  'Decides each voxel anew (left out: the most probable texture) from the stored probabilities, without running the networks again: `honeycombing at 0.6` takes a class where its probability reaches 0.6, before all classes without a threshold (of several, the one that exceeds its own by the largest factor); `emphysema below -950 HU` takes it by density alone; `minimum 0.1 ml` gives smaller islands (connected components) of an abnormal class to the next best one; `overlap ggo and reticulation at 0.3` measures where both reach 0.3, as the class `ggo-and-reticulation` beside the six. Parameters may stand for the numbers.',
);

type Item = NonNullable<ArgumentsOf<unknown, { deciding: typeof DECIDING }>['deciding']>[number];
type Part = Partial<Decisions>;

/** Throws a UserError where an item cannot be meant so, or stands twice. */
export function decisionsOf(items: readonly Item[] | undefined): Decisions | undefined {
  return items?.reduce<Decisions>(withItem, { thresholds: {}, overlaps: [] });
}

function withItem(decisions: Decisions, item: Item): Decisions {
  switch (item[0]) {
    case 'minimum':
      return { ...decisions, ...minimum(decisions, item[1]) };
    case 'overlap':
      return { ...decisions, ...overlap(decisions, [item[1], item[3]], item[5]) };
    default:
      return { ...decisions, ...(item[1] === 'below' ? density : probability)(decisions, item[0], item[2]) };
  }
}

function minimum({ minimumMl }: Decisions, ml: number): Part {
  once('`minimum`', minimumMl === undefined);
  return { minimumMl: ml };
}

function overlap({ overlaps }: Decisions, [a, b]: readonly [TextureClass, TextureClass], at: number): Part {
  if (a === b) throw new UserError('overlap', `\`overlap\` needs two classes, and \`${a}\` stands on both sides.`);
  const classes = TEXTURE_CLASSES.indexOf(a) < TEXTURE_CLASSES.indexOf(b) ? ([a, b] as const) : ([b, a] as const);
  const name = overlapName(classes);
  once(`the overlap ${name}`, !overlaps.some((known) => overlapName(known.classes) === name));
  return { overlaps: [...overlaps, { classes, at: checkedThreshold(at, 'overlap') }] };
}

function density({ thresholds, emphysemaBelowHu }: Decisions, name: TextureClass, hu: number): Part {
  if (name !== 'emphysema')
    throw new UserError(
      'by-density',
      `Only emphysema can be decided by density; write \`${name} at\` and a probability.`,
    );
  once('emphysema', emphysemaBelowHu === undefined && thresholds.emphysema === undefined);
  return { emphysemaBelowHu: checkedDensity(hu) };
}

function probability({ thresholds, emphysemaBelowHu }: Decisions, name: TextureClass, at: number): Part {
  once(name, thresholds[name] === undefined && !(name === 'emphysema' && emphysemaBelowHu !== undefined));
  return { thresholds: { ...thresholds, [name]: checkedThreshold(at, name) } };
}

function once(what: string, isNew: boolean): void {
  if (!isNew) throw new UserError('twice-decided', `\`deciding\` has ${what} twice. Keep one of them.`);
}

function checkedThreshold(value: number, what: string): number {
  if (value > 0 && value <= 1) return value;
  throw new UserError(
    'out-of-range',
    `The threshold of ${what} is ${value}: a probability above 0 and up to 1 is needed.`,
  );
}

function checkedDensity(hu: number): number {
  if (hu <= -500) return hu;
  throw new UserError(
    'out-of-range',
    `Emphysema below ${hu} HU cannot be meant: lung itself is denser than −950 HU and air is −1000.`,
  );
}

/** As the user would write it, item by item, for the record. */
export function decisionsInWords({ thresholds, emphysemaBelowHu, minimumMl, overlaps }: Decisions): string[] {
  return [
    ...Object.entries(thresholds).map(([name, at]) => `${name} at ${at}`),
    ...(emphysemaBelowHu === undefined ? [] : [`emphysema below ${emphysemaBelowHu} HU`]),
    ...(minimumMl === undefined ? [] : [`minimum ${minimumMl} ml`]),
    ...overlaps.map(({ classes: [a, b], at }) => `overlap ${a} and ${b} at ${at}`),
  ];
}
