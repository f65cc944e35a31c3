/** The clauses of `quantify` that measure by place in the lungs beside the lobes. */

import { LEVELS, type Region, ZONES } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { regionInText } from '../../../protocol/words/displayNames.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { list } from '../../language/clauses/list.ts';
import { number } from '../../language/clauses/number.ts';
import { placed } from '../../language/clauses/placed.ts';
import { type ArgumentsOf, optional } from '../../language/declaration.ts';
import type { FoundLevel } from '../../lungs/places/findLevels.ts';
import { LEVEL_MM, type PlaceTables } from '../../lungs/places/measurePlaces.ts';
import { PERIPHERAL_MM } from '../../lungs/places/placeVoxels.ts';
import { placeTables } from '../../values/measuredSeries.ts';
import type { MeasuredSeries, PlacesAsked } from '../../values/value.ts';
import type { VerbContext } from '../verb.ts';

export const PLACE_CLAUSES = {
  by: optional(
    list(oneOf('zone', 'level')),
    'Measures by place beside the lobes, and runs no network for it where they ran before: `by zone` in twelve zones that add up to the lungs (right and left, upper, middle and lower third of each lung’s height, central and peripheral); `by level` in the axial slices of visual scores (origin of the great vessels, carina, pulmonary veins, halfway, above the diaphragm), found in the CT itself and flagged where they are uncertain. `by zone, level` does both.',
  ),
  peripheral: optional(
    placed(number({ units: ['mm'], minimum: 1, maximum: 100 })),
    'With `by zone`: how far below the surface of the lung its peripheral zones reach.',
    `${PERIPHERAL_MM} mm`,
  ),
};

/** Throws a UserError where there is a depth and no zone. */
export function placesAsked({
  by,
  peripheral,
}: Omit<ArgumentsOf<unknown, typeof PLACE_CLAUSES>, 'subject'>): PlacesAsked | undefined {
  const zones = by?.includes('zone') ?? false;
  if (peripheral && !zones)
    throw new UserError(
      'idle-clause',
      '`peripheral` says where the peripheral zones end, and there are none without `by zone`. Write `by zone`, or leave it out.',
      peripheral.span,
    );
  return by && { zones, levels: by.includes('level'), peripheralMm: peripheral?.value ?? PERIPHERAL_MM };
}

interface Placed extends Pick<PlaceTables, 'measurements' | 'density' | 'levels'> {
  readonly remarks: readonly Remark[];
}

/** Of what was asked for; nothing where nothing was. */
export async function measuredPlaces(measured: MeasuredSeries, context: VerbContext): Promise<Placed> {
  const { places } = measured;
  if (!places) return { measurements: [], density: [], levels: [], remarks: [] };
  context.task.progress(0, 'measuring by place');
  const { measurements, density, levels } = await placeTables(measured, places, context);
  const wanted = new Set<Region>([...(places.zones ? ZONES : []), ...(places.levels ? LEVELS : [])]);
  return {
    measurements: measurements.filter(({ region }) => wanted.has(region)),
    density: density.filter(({ region }) => wanted.has(region)),
    levels: places.levels ? levels : [],
    remarks: places.levels ? levelRemarks(levels) : [],
  };
}

/** One remark on all the levels of a CT that were not simply seen. */
function levelRemarks(levels: readonly FoundLevel[]): Remark[] {
  const doubted = levels.filter(({ doubt }) => doubt !== undefined);
  const missing = LEVELS.filter((level) => !levels.some((own) => own.level === level)).map(regionInText);
  const said = [
    ...(doubted.length
      ? [
          `levels that may lie elsewhere: ${doubted.map(({ level, doubt }) => `${regionInText(level)} (${doubt})`).join('; ')}`,
        ]
      : []),
    ...(missing.length ? [`not found in this CT: ${allOf(missing)}`] : []),
  ].join('; ');
  if (!said) return [];
  const look = doubted[0] ? ` Look at them by \`show … overlay … at level ${doubted[0].level}\`.` : '';
  return [warning('uncertain-level', `${said.charAt(0).toUpperCase()}${said.slice(1)}.${look}`)];
}

export function placesNotes(places: PlacesAsked | undefined): string[] {
  return [
    ...(places?.zones
      ? [
          `Zones: thirds of each lung’s height; peripheral is within ${places.peripheralMm} mm of the surface of the lung, fissures not counted.`,
        ]
      : []),
    ...(places?.levels
      ? [
          `Levels: the axial slices within ${LEVEL_MM / 2} mm of each; percent is of the lung in them. \`export … levels to …\` writes where they were found.`,
        ]
      : []),
  ];
}
