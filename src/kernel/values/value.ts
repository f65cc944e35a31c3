/** What a name can stand for: the results of verbs. */

import type { ColumnTable } from 'arquero';
import type { SeriesRemark } from '../../protocol/remark.ts';
import type { FigureView, Provenance, TableColumn, TableView } from '../../protocol/view.ts';
import { anyOf } from '../../protocol/words/lists.ts';
import type { AgreementPairs, ConfidenceMethod } from '../agreement/agreementTable.ts';
import type { NamedWeights } from '../agreement/categories/weights.ts';
import type { Cohort, Series } from '../ct/cohort/cohort.ts';
import type { Decisions } from '../lungs/decisions.ts';
import type { Measuring } from '../lungs/means.ts';
import type { Masks } from '../masks/maskFile.ts';
import type { TrappingThresholds } from '../registration/trapping.ts';
import type { CtPair } from './ctPairs.ts';
import type { RowRemark } from './remarks.ts';
import type { StudyFlow } from './studyFlow.ts';

export type Value = CohortValue | MasksValue | MeasurementsValue | TableValue | AgreementValue | ParameterValue;
export type ValueKind = Value['kind'];

/** Kinds in the words of messages. */
const VALUE_KIND_NAMES: Readonly<Record<ValueKind, string>> = {
  cohort: 'a cohort',
  masks: 'masks',
  measurements: 'measurements',
  table: 'a table',
  agreement: 'an agreement',
  parameter: 'a parameter',
};

/** "a cohort or a table". */
export function kindsInWords(kinds: readonly ValueKind[]): string {
  return anyOf(kinds.map((kind) => VALUE_KIND_NAMES[kind]));
}

/** Which verb gives the kinds that only one verb gives. */
const MADE_BY: Partial<Readonly<Record<ValueKind, string>>> = {
  cohort: 'which `load` gives for a folder of CTs',
  masks: 'which `load` gives for a folder of label maps, DICOM SEG or RTSTRUCT',
  measurements: 'which `quantify` gives',
  agreement: 'which `agree` gives',
};

/** What to say of a name that stands for something else than is `wanted`. */
export function wrongKindMessage(name: string, kinds: readonly ValueKind[], wanted: readonly ValueKind[]): string {
  const verb = wanted[0] === 'measurements' || wanted[0] === 'masks' ? 'are' : 'is';
  const maker = wanted.length === 1 ? MADE_BY[wanted[0]!] : undefined;
  return `\`${name}\` is ${kindsInWords(kinds)}; ${kindsInWords(wanted)}${maker ? `, ${maker},` : ''} ${verb} needed here.`;
}

export interface CohortValue {
  readonly kind: 'cohort';
  readonly cohort: Cohort;
  /** Who was left out before; absent where nobody was. */
  readonly flow?: StudyFlow;
}

/** Masks of other programs, or that somebody drew, before they are laid over CTs. */
export interface MasksValue {
  readonly kind: 'masks';
  readonly masks: Masks;
  readonly provenance: Provenance;
}

/** What `quantify` measures a CT with: two networks, or masks in the place of one or both. */
export type MeasuringModels = Measuring;

/** One measured CT: where its label maps are found again. */
export interface MeasuredSeries {
  readonly patient: string;
  readonly series: Series;
  readonly sha256: string;
  /** Key of its tables and maps in the cache. */
  readonly cacheKey: string;
  /** What it was measured with, should the cache lose it. */
  readonly models: MeasuringModels;
  /** How its textures are decided, where not by the highest probability alone. */
  readonly decisions: Decisions | undefined;
  /** How its zones and levels were measured; left out where nobody asked for them. */
  readonly places?: PlacesAsked;
}

export interface PlacesAsked {
  readonly zones: boolean;
  readonly levels: boolean;
  /** Where peripheral lung ends. */
  readonly peripheralMm: number;
}

export interface MeasurementsValue {
  readonly kind: 'measurements';
  readonly flow?: StudyFlow;
  /** patient, series, region, class, volume_ml, percent, and score once scored. */
  readonly table: ColumnTable;
  readonly density: ColumnTable;
  /** Structures of masks beside the lobes: patient, series, region, volumes and density; absent where there is none. */
  readonly structures?: ColumnTable;
  /** Where the levels of visual scores were found: patient, series, level, slice (from 1), doubt; absent where nobody asked. */
  readonly levels?: ColumnTable;
  readonly measured: readonly MeasuredSeries[];
  /** In the order of the cohort, with those of CTs that could not be measured. */
  readonly flags: readonly SeriesRemark[];
  /** The classes that each class of `derive` was computed from. */
  readonly derivedFrom?: Readonly<Record<string, readonly string[]>>;
  /** Set once scored. */
  readonly cutPoints: readonly number[] | undefined;
  readonly provenance: Provenance;
}

export interface TableValue {
  readonly kind: 'table';
  readonly flow?: StudyFlow;
  readonly table: ColumnTable;
  /** Of those that a file has, the columns that it shows in per cent. */
  readonly percentColumns?: readonly string[];
  /** Set once scored. */
  readonly cutPoints: readonly number[] | undefined;
  /** Of an agreement of several readers: every statistic of the rows of such a table. */
  readonly statistics?: (table: ColumnTable) => ColumnTable;
  /** What `summarise` shows of the rows that are left of such a table, by groups of patients where there are some. */
  readonly summary?: (table: ColumnTable, grouping: Grouping | undefined) => TableView;
  /** Pictures that only such a table has, of the rows that are left of it, by the word of `plot … as`. */
  readonly figures?: Readonly<Record<string, (table: ColumnTable, asked: AskedFigure) => FigureView>>;
  /** Where the CTs of the patients in its pictures are found again. */
  readonly measurements?: MeasurementsValue;
  /** Of a table that compares CTs voxel by voxel: the CTs, to be shown side by side where voxels lie at the same place. */
  readonly registered?: RegisteredPairs;
  /** Headings of columns that only such a table has. */
  readonly headings?: Readonly<Record<string, Omit<TableColumn, 'name'>>>;
  readonly provenance: Provenance;
}

export interface RegisteredPairs {
  readonly pairs: readonly CtPair[];
  /** Of the first CTs; of the second ones, with how they lie upon the first. Two cohorts may call their series alike. */
  readonly flags: { readonly first: readonly SeriesRemark[]; readonly second: readonly SeriesRemark[] };
  /** Set where the pairs are inspiration and expiration, whose response is drawn in the place of textures. */
  readonly thresholds?: TrappingThresholds;
}

/** Which group each patient is in, and the groups in their order. */
export interface Grouping {
  readonly name: string;
  readonly groupOf: ReadonlyMap<string, string>;
  readonly groups: readonly string[];
}

/** What of a table's own picture is drawn, and how. */
export interface AskedFigure {
  /** All where undefined. */
  readonly classes: readonly string[] | undefined;
  /** The first where undefined. */
  readonly region: string | undefined;
  readonly scale: DifferenceScale;
  /** Where survival curves are divided; thirds where undefined. */
  readonly cuts: readonly number[] | undefined;
}

/** Differences in the readings' unit, ratios on a logarithmic axis, or differences with limits that follow the mean. */
export const DIFFERENCE_SCALES = ['difference', 'ratio', 'trend'] as const;
export type DifferenceScale = (typeof DIFFERENCE_SCALES)[number];

/** What a parameter can hold. */
export type Scalar = number | string | boolean;

export interface ParameterValue {
  readonly kind: 'parameter';
  readonly value: Scalar;
}

export interface AgreementValue {
  readonly kind: 'agreement';
  /** The agreement table, a row per region and class, with the columns of the contract. */
  readonly table: ColumnTable;
  readonly pairs: readonly AgreementPairs[];
  readonly names: { readonly left: string; readonly right: string };
  /** Of κ. */
  readonly weights: NamedWeights;
  /** How the intervals were asked for. */
  readonly ci: ConfidenceMethod;
  /** Where percentages were cut into categories. */
  readonly cutPoints: readonly number[];
  /** The measurements that one side comes from, if any: where the patients' CTs are found again. */
  readonly measurements: MeasurementsValue | undefined;
  /** Which sides hold percentages, and which scores. */
  readonly isPercent: { readonly left: boolean; readonly right: boolean };
  /** Patients who were left out of a side before, and so are missing nowhere. */
  readonly excluded: readonly string[];
  /** On the scale of these comparisons, and on how their intervals were made. */
  readonly notes: (groups: readonly AgreementPairs[]) => readonly string[];
  readonly remarks: readonly RowRemark[];
  readonly provenance: Provenance;
}
