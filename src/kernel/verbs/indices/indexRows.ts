/** The rows of `index`, and what has to be said of them. */
import { REGIONS, type Region } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { regionOf } from '../../base/labels.ts';
import { info, warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import {
  atVolume,
  fibrosisPercent,
  gohAtTwenty,
  gohStage,
  gramsPerLitre,
  ildPercent,
  massGrams,
  type Percents,
  qildPercent,
} from '../../lungs/indices.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { patientColumn } from '../../tables/patientColumns.ts';
import { type Row, rowsOf } from '../../tables/rows.ts';
import { hasSeveralVisits, visitsByRow } from '../../tables/visitColumn.ts';
import type { Named } from '../../values/named.ts';
import { labelledByVisit } from '../../values/visits.ts';
import { type PercentRow, percentRows } from '../../views/figures/percents.ts';

interface AskedIndices {
  readonly by: 'region' | undefined;
  readonly fvc: string | undefined;
  readonly volume: string | undefined;
}

type Table = Named<'measurements' | 'table'>;

/** Volumes smaller than this are litres, not millilitres. */
const SMALLEST_ML = 100;

interface Indices {
  readonly rows: Row[];
  readonly remarks: Remark[];
  readonly notes: string[];
}

/** Each visit by itself where patients have several: FVC, too, is that of the visit. */
export function indexRowsByVisit(named: Table, asked: AskedIndices): Indices {
  const { table } = named.value;
  if (!hasSeveralVisits(table)) return indexRows(named, asked);
  const labels = labelledByVisit(named);
  const visits = visitsByRow(table);
  const days = table.columnNames().find((own) => own.trim().toLowerCase() === 'days');
  const own = rowsOf(table);
  const visitOf = new Map(
    rowsOf(labels.value.table).map((row, n) => [
      String(row.patient),
      {
        patient: String(own[n]!.patient),
        visit: Number.isNaN(Number(visits[n])) ? visits[n] : Number(visits[n]),
        ...(days === undefined ? {} : { days: own[n]![days] }),
      },
    ]),
  );
  const indices = indexRows(labels, asked);
  const rows = indices.rows.map(({ patient, series, ...rest }) => {
    const { patient: label, ...visit } = visitOf.get(String(patient))!;
    return { patient: label, ...(series === undefined ? {} : { series }), ...visit, ...rest };
  });
  return { ...indices, rows };
}

function indexRows(named: Table, asked: AskedIndices): Indices {
  const { name, value } = named;
  const percents = percentRows(value.table, name);
  const [fvc, volume] = [numbersOf(named, asked.fvc), numbersOf(named, asked.volume)];
  refuseLitres(asked.volume, volume?.values);
  const density = value.kind === 'measurements' ? densitiesBy(value.density) : new Map<string, Row>();
  if (asked.volume && density.size === 0)
    throw new UserError(
      'wrong-kind',
      `\`${name}\` is a table without densities, so that \`correcting\` corrects nothing. Give the measurements of \`quantify\`.`,
    );
  const regions = asked.by ? REGIONS : (['total'] as const);
  const totals = new Map<string, number | undefined>();
  const scans = [...Map.groupBy(percents, scanOf).values()];
  const rows = scans.flatMap((own) => {
    const { patient, series } = own[0]!;
    const total = numberIn(density.get(placeKey(patient, series, 'total'))?.volume_ml);
    return regions.map((region): Row => {
      const extents = percentsIn(own, region);
      const dense = density.get(placeKey(patient, series, region));
      const ild = ildPercent(extents);
      if (region === 'total') totals.set(patient, ild);
      return {
        patient,
        ...(series === undefined ? {} : { series }),
        ...(asked.by ? { region } : {}),
        fibrosis_percent: fibrosisPercent(extents),
        ild_percent: ild,
        qlf_percent: extents.reticulation,
        qild_percent: qildPercent(extents),
        ...(region === 'total'
          ? gohColumns(ild, fvc?.values.get(patient))
          : { goh: undefined, goh_by: undefined, goh_20: undefined }),
        ...densityColumns(dense, { measuredMl: total, referenceMl: volume?.values.get(patient) }),
      };
    });
  });
  return {
    rows,
    remarks: [
      ...(fvc?.remarks ?? []),
      ...(volume?.remarks ?? []),
      ...undecided(totals, asked.fvc, fvc?.values),
      ...uncorrected(totals, asked.volume, volume?.values),
    ],
    notes: notesOf(named, asked),
  };
}

function gohColumns(ild: number | undefined, fvc: number | undefined) {
  const { stage, by } = gohStage(ild, fvc);
  return { goh: stage, goh_by: by, goh_20: gohAtTwenty(ild) };
}

function densityColumns(
  dense: Row | undefined,
  { measuredMl, referenceMl }: { readonly measuredMl: number | undefined; readonly referenceMl: number | undefined },
) {
  const [volumeMl, meanHu, p15] = [dense?.volume_ml, dense?.mean_hu, dense?.hu_p15].map(numberIn);
  return {
    laa950_percent: numberIn(dense?.laa950_percent),
    haa_percent: numberIn(dense?.haa_percent),
    mean_hu: meanHu,
    perc15_hu: p15,
    perc15_g_per_l: gramsPerLitre(p15),
    perc15_corrected_g_per_l: atVolume(gramsPerLitre(p15), measuredMl, referenceMl),
    density_corrected_g_per_l: atVolume(gramsPerLitre(meanHu), measuredMl, referenceMl),
    skewness: numberIn(dense?.skewness),
    kurtosis: numberIn(dense?.kurtosis),
    volume_ml: volumeMl,
    mass_g: massGrams(volumeMl, meanHu),
  };
}

function numbersOf({ name, value }: Table, wanted: string | undefined) {
  if (wanted === undefined) return undefined;
  const column = patientColumn({ name, table: value.table }, wanted);
  if (column.kind === 'number') return column;
  throw new UserError(
    'not-a-number',
    `\`${column.name}\` of \`${name}\` holds texts such as "${column.levels[0]}", and numbers are needed.`,
  );
}

function refuseLitres(column: string | undefined, values: ReadonlyMap<string, number> | undefined): void {
  const small = [...(values ?? [])].find(([, value]) => value < SMALLEST_ML);
  if (column === undefined || !small) return;
  throw new UserError(
    'out-of-range',
    `\`${column}\` is ${small[1]} of ${small[0]}, which is no volume of two lungs in ml. Litres become ml by \`derive … ${column}_ml = 1000 * ${column}\`.`,
  );
}

function densitiesBy(table: Named<'measurements'>['value']['density']): Map<string, Row> {
  return new Map(
    rowsOf(table).map((row) => [
      placeKey(
        String(row.patient),
        row.series === undefined ? undefined : String(row.series),
        regionOf(String(row.region)) ?? 'total',
      ),
      row,
    ]),
  );
}

function placeKey(patient: string, series: string | undefined, region: Region): string {
  return JSON.stringify([patient, series, region]);
}

function scanOf({ patient, series }: PercentRow): string {
  return JSON.stringify([patient, series]);
}

function percentsIn(rows: readonly PercentRow[], region: Region): Percents {
  return Object.fromEntries(
    rows.flatMap((row) => (row.region === region && row.percent !== undefined ? [[row.class, row.percent]] : [])),
  );
}

function numberIn(cell: unknown): number | undefined {
  const number = numberInCell(cell);
  return typeof number === 'number' ? number : undefined;
}

/** Who is between limited and extensive, and has no FVC. */
function undecided(
  totals: ReadonlyMap<string, number | undefined>,
  column: string | undefined,
  fvc: ReadonlyMap<string, number> | undefined,
): Remark[] {
  const open = [...totals].filter(
    ([patient, ild]) => ild !== undefined && gohStage(ild, fvc?.get(patient)).stage === undefined,
  );
  if (open.length === 0) return [];
  const why = column === undefined ? 'Name the column of FVC by `with`, which decides there' : `They have no ${column}`;
  return [
    info(
      'empty-cell',
      `Goh’s stage of ${counted(open.length, 'patient')} with 10 to 30 % of the lungs diseased is open: ${atMost(
        open.map(([patient]) => patient),
        10,
      )}. ${why}.`,
    ),
  ];
}

function uncorrected(
  totals: ReadonlyMap<string, number | undefined>,
  column: string | undefined,
  volume: ReadonlyMap<string, number> | undefined,
): Remark[] {
  const without = column === undefined ? [] : [...totals.keys()].filter((patient) => !volume?.has(patient));
  if (without.length === 0) return [];
  return [
    warning(
      'unscored-patients',
      `The densities of ${counted(without.length, 'patient')} without a ${column} are not corrected: ${atMost(without, 10)}.`,
    ),
  ];
}

function notesOf({ value }: Table, asked: AskedIndices): string[] {
  return [
    'Fibrosis: reticulation + honeycombing. ILD: these, ground-glass opacity and consolidation. Traction bronchiectasis is not measured. QLF and QILD are counterparts of Kim et al. (Eur Radiol 2011), not that program’s own figures.',
    `Goh’s stage (AJRCCM 2008): below 10 % limited, above 30 % extensive, between them ${asked.fvc ? `by ${asked.fvc} below 70 % of predicted` : 'open without FVC: `with` names its column'}.`,
    ...(value.kind === 'measurements'
      ? [
          'LAA-950: Gevenois et al. 1996. HAA (−600 to −250 HU): Lederer et al. 2009. 15th percentile: Dirksen et al. 2009. Skewness and kurtosis: Best et al. 2003. Weight: volume × (mean HU + 1000)/1000, Coxson et al. 1999.',
        ]
      : ['Densities and weight need the measurements of `quantify`; this is a table of percentages.']),
    ...(asked.volume
      ? [
          `Corrected densities: as with the lungs at ${asked.volume} (sponge model: density × measured/reference volume; Stoel et al. 2008). The other densities are as scanned.`,
        ]
      : []),
  ];
}
