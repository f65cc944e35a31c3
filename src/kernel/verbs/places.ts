/** The clause `by` where it names places in the lungs: regions, zones or levels. */
import { LEVELS, LOBAR_REGIONS, LOBES, type Region, WHOLE_LUNGS, WHOLE_REGIONS, ZONES } from '../../protocol/names.ts';
import { UserError } from '../base/userError.ts';
import { oneOf } from '../language/clauses/choice.ts';

const PLACES = ['region', 'zone', 'level'] as const;
export type PlaceKind = (typeof PLACES)[number];

export const PLACE = oneOf(...PLACES);

/** What `by` adds, for the documentation of every verb that takes it. */
export const PLACE_WORDS =
  '`by region` adds the five lobes, and the zones and levels where they were measured; `by zone` the twelve zones, `by level` the five levels alone';

export function isPlace(by: string | undefined): by is PlaceKind {
  return PLACES.some((place) => place === by);
}

/** The regions of each kind of place. */
export const PLACES_OF = { zone: ZONES, level: LEVELS } as const;

/** What is compared, and the regions that it has. */
export interface ComparedSide {
  readonly name: string;
  readonly regions: ReadonlySet<string | undefined>;
}

/**
 * The regions that `by` asks for of sides that are compared with each other. Throws a UserError where they have none but
 * the whole in common, too, since one side has right and left lung and the other lobes.
 */
export function regionsInCommon(by: PlaceKind, sides: readonly ComparedSide[]): readonly Region[] {
  const names = sides.map(({ name }) => name);
  const regions = regionsBy(by, names, (region) => sides.every(({ regions: own }) => own.has(region)));
  const hasLobes = ({ regions: own }: ComparedSide) => LOBES.some((lobe) => own.has(lobe));
  const hasLungs = ({ regions: own }: ComparedSide) => WHOLE_LUNGS.some((lung) => own.has(lung));
  const lungs = sides.find((side) => hasLungs(side) && !hasLobes(side));
  const lobes = sides.find((side) => hasLobes(side) && !hasLungs(side));
  if (by !== 'region' || !lungs || !lobes) return regions;
  const shared = regions.filter((region) => sides.every(({ regions: own }) => own.has(region)));
  if (shared.some((region) => region !== 'total')) return shared;
  throw new UserError(
    'no-regions',
    `\`${lungs.name}\` has right and left lung without lobes, and \`${lobes.name}\` has lobes: they have the whole lungs alone in common. Leave \`by region\` out, or measure both with lobes from the same masks.`,
  );
}

/**
 * The regions that `by` asks for: lobes whether they have values or not, whole lungs where those are all that is known, zones and levels where `has` says so. Throws a
 * UserError where zones or levels are asked for by name, and `names` have none.
 */
export function regionsBy(
  by: PlaceKind,
  names: readonly string[],
  has: (region: Region) => boolean,
): readonly Region[] {
  if (by === 'region') {
    const whole = WHOLE_LUNGS.filter(has);
    const lungs = whole.length && !LOBES.some(has) ? WHOLE_REGIONS : [...LOBAR_REGIONS, ...whole];
    return [...lungs, ...[...ZONES, ...LEVELS].filter(has)];
  }
  if (PLACES_OF[by].some(has)) return PLACES_OF[by];
  const whose = names.map((name) => `\`${name}\``).join(' and ');
  throw new UserError(
    'no-regions',
    `${whose} ${names.length > 1 ? 'have no' : 'has no'} ${by}s${names.length > 1 ? ' in common' : ''}. \`quantify cohort by ${by} as …\` measures them; in a table of scores, \`region\` names them (\`${PLACES_OF[by][1]}\`).`,
  );
}
