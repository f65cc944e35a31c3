/** `profile`: how much of each class lies at which depth below the pleura, or at which height of the lungs. */
import { type ColumnTable, from } from 'arquero';
import { LUNG_REGIONS, type LungRegion } from '../../protocol/names.ts';
import { LOBAR_SYNONYMS } from '../base/labels.ts';
import { subtask } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { choice, oneOf } from '../language/clauses/choice.ts';
import { name } from '../language/clauses/name.ts';
import { optional, required, withDefault } from '../language/declaration.ts';
import { placesOfParts } from '../lungs/lungParts.ts';
import { DEPTH_BANDS, DEPTH_MM, HEIGHT_BANDS, type Profiles } from '../lungs/places/measurePlaces.ts';
import { PERIPHERAL_MM } from '../lungs/places/placeVoxels.ts';
import { measuredClasses } from '../values/measuredClasses.ts';
import { placeTables } from '../values/measuredSeries.ts';
import type { MeasuredSeries, MeasurementsValue, TableValue } from '../values/value.ts';
import { profileFigure } from '../views/figures/profile.ts';
import { tableView } from '../views/tableView.ts';
import { VISIT_HEADINGS } from '../views/visitHeadings.ts';
import { CLASSES } from './names.ts';
import { declareVerb } from './verb.ts';

export const profile = declareVerb({
  name: 'profile',
  summary: 'Measures classes against the distance to the pleura, or against height.',
  documentation:
    'From the maps that `quantify` made, without a network: for each CT and class a row for each band, with its volume and its percent of the lung in that band. `by distance` has bands of 5 mm below the surface of the lung (chest wall, diaphragm and mediastinum; fissures not counted), the last one of all that is deeper than 60 mm; `by height` tenths of each lung’s height, from its base up. `plot … as profile` draws each patient and the mean of all with the quartiles around it.',
  examples: ['profile ai by distance for ggo, reticulation as depth', 'profile ai by height in RLL as heights'],
  subject: {
    type: name('measurements'),
    noun: 'the name of measurements',
    documentation: 'The measurements whose CTs to look at.',
  },
  clauses: {
    by: required(oneOf('distance', 'height'), 'Against the distance to the pleura, or against the height in the lung.'),
    for: optional(CLASSES, 'The classes.', 'all classes'),
    in: withDefault(
      choice<LungRegion>({ noun: 'region', options: LUNG_REGIONS, synonyms: LOBAR_SYNONYMS }),
      'total',
      'The lungs or one lobe.',
    ),
  },
  gives: ['table'],
  alwaysShown: false,
  async run({ subject: { name: of, value }, by, for: classes, in: region }, context) {
    if (value.measured.length === 0)
      throw new UserError('not-measured', `\`${of}\` has no CT, and profiles are made of the maps of CTs.`);
    const shown = classesShown(of, value, classes);
    const hasVisits = value.measured.some(({ series }) => series.visit !== undefined);
    const rows: object[] = [];
    for (const [n, measured] of value.measured.entries()) {
      const task = subtask(context.task, n / value.measured.length, (n + 1) / value.measured.length);
      task.progress(0, `${measured.patient}: measuring by place`);
      const asked = measured.places ?? { peripheralMm: PERIPHERAL_MM };
      const { profiles } = await placeTables(measured, asked, { ...context, task });
      rows.push(...rowsOf(measured, profiles, { by, region, shown, hasVisits }));
    }
    const provenance = {
      ...value.provenance,
      parameters: { ...value.provenance.parameters, profileBy: by },
    };
    const table = from(rows);
    const drawing = { name: of, by, region, provenance };
    const result: TableValue = {
      kind: 'table',
      table,
      cutPoints: undefined,
      ...(value.flow ? { flow: value.flow } : {}),
      figures: { profile: (left: ColumnTable, { classes: only }) => profileFigure(left, only, drawing) },
      provenance,
    };
    return {
      value: result,
      view: () =>
        tableView(table, {
          title: `Profile of ${of} by ${by === 'distance' ? 'distance to the pleura' : 'height'}`,
          notes: [
            by === 'distance'
              ? 'Distance is from the middle of a voxel to the nearest one outside its lung; fissures are not counted.'
              : 'Height is from the lowest to the highest voxel of each lung.',
            'Percent is of the lung in the band; it is empty where there is none.',
          ],
          researchOnly: true,
          provenance,
          columns: VISIT_HEADINGS,
        }),
    };
  },
});

type Kind = 'distance' | 'height';

/** Throws a UserError at a class that was not measured. */
function classesShown(name: string, value: MeasurementsValue, asked: readonly string[] | undefined): readonly string[] {
  if (!asked) return measuredClasses(value);
  const derived = asked.find((own) => value.derivedFrom?.[own]);
  if (derived !== undefined)
    throw new UserError(
      'unknown-class',
      `\`${derived}\` was derived of percentages, and maps hold the classes that it was made of: profile ${value.derivedFrom![derived]!.join(', ')}, and \`derive\` it from the profile.`,
    );
  const known = new Set(Array.from(value.table.array('class'), String));
  const unknown = asked.find((own) => !known.has(own));
  if (unknown === undefined) return asked;
  throw new UserError('unknown-class', `\`${name}\` has no class \`${unknown}\`; it has ${[...known].join(', ')}.`);
}

interface Wanted {
  readonly by: Kind;
  readonly region: LungRegion;
  readonly shown: readonly string[];
  readonly hasVisits: boolean;
}

function rowsOf(
  { patient, series }: MeasuredSeries,
  profiles: Profiles,
  { by, region, shown, hasVisits }: Wanted,
): object[] {
  const bands = by === 'distance' ? profiles.depth : profiles.height;
  const lobes = placesOfParts(region).map((part) => bands[part]!);
  const sum = (band: number, place: number) => lobes.reduce((all, lobe) => all + lobe[band]![place]!, 0);
  return lobes[0]!.flatMap((_, band) =>
    shown.flatMap((own) => {
      const place = profiles.classes.indexOf(own);
      if (place < 0) return [];
      const [all, voxels] = [sum(band, 0), sum(band, place + 1)];
      return [
        {
          patient,
          series: series.id,
          ...(hasVisits && { visit: series.visit, days: series.days }),
          region,
          ...endsOf(by, band),
          class: own,
          volume_ml: voxels * profiles.ml,
          percent: all > 0 ? (100 * voxels) / all : undefined,
        },
      ];
    }),
  );
}

/** Where a band begins and ends; the deepest one has no end. */
function endsOf(by: Kind, band: number): object {
  if (by === 'height')
    return { from_percent: (100 / HEIGHT_BANDS) * band, to_percent: (100 / HEIGHT_BANDS) * (band + 1) };
  return { from_mm: DEPTH_MM * band, to_mm: band === DEPTH_BANDS - 1 ? undefined : DEPTH_MM * (band + 1) };
}
