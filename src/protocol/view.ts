/** What an output can show: plain JSON, rendered by the webview, saved in the notebook, printed by the command line. */
import type { Level, Region } from './names.ts';
import type { KeptRemark, SeriesRemark } from './remark.ts';
import type { OwnClass } from './shownClasses.ts';
import type { ParameterName, ParameterValue } from './words/parameters.ts';

export const VIEW_MIME = 'application/vnd.lungnb.view+json';

export type ViewModel = TableView | FigureView | SliceView | MessagesView | ControlView | ReadingView;

/** Where a result came from. Every view that shows results carries it. */
export interface Provenance {
  readonly software: string;
  readonly models: readonly ModelProvenance[];
  /** SHA-256 of each input: series by `patient/series`, tables by file name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The file from which the view was read was merged or changed by hand, and no longer says what the inputs were. */
  readonly inputsUnknown?: true;
  readonly parameters: Readonly<Partial<Record<ParameterName, ParameterValue>>>;
}

export interface ModelProvenance {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly licence: string;
  /** Files of weights beside the ONNX file, which its SHA-256 does not cover. */
  readonly externalData?: readonly { readonly file: string; readonly sha256: string }[];
}

/** Remarks on a statement that belong to no table or picture; those on CTs are its flags. */
export interface MessagesView {
  readonly type: 'messages';
  readonly title?: string;
  readonly messages: readonly KeptRemark[];
  readonly flags?: readonly SeriesRemark[];
}

export type CellValue = string | number | boolean | null;

export interface TableColumn {
  /** The column's name in files and expressions. */
  readonly name: string;
  /** The heading on screen. */
  readonly label: string;
  /** Prose is text of several sentences, which is broken into lines. */
  readonly kind: 'text' | 'prose' | 'number' | 'p-value';
  readonly unit?: string;
  /** Decimal places on screen; the copied value is unrounded. */
  readonly digits?: number;
  readonly description?: string;
  /** The columns that hold the ends of its confidence interval: shown within its cells, and not as columns of their own. */
  readonly interval?: readonly [low: string, high: string];
}

export interface TableView {
  readonly type: 'table';
  readonly title: string;
  readonly columns: readonly TableColumn[];
  /** Row by row; null is undefined or missing, shown as an empty cell. */
  readonly rows: readonly (readonly CellValue[])[];
  /** Number of rows of the whole table, of which `rows` may be the first part. */
  readonly totalRows: number;
  /** Names the whole table in the kernel that made it, where `rows` are its first part; absent where they are all. */
  readonly handle?: string;
  /** Sentences under the table: why cells are empty, what was left out. */
  readonly notes: readonly string[];
  readonly messages: readonly KeptRemark[];
  /** True where the numbers are measurements or agreement, so that "research only" is said. */
  readonly researchOnly: boolean;
  /** Names the CTs of the patients in the kernel that made the table; absent where rows lead to none. */
  readonly patientsHandle?: string;
  /** The column whose cells name the axial slice that a row opens, counted from 1. */
  readonly sliceColumn?: string;
  readonly provenance?: Provenance;
}

export interface FigureView {
  readonly type: 'figure';
  readonly title: string;
  /** One sentence for screen readers: what the figure shows and its main number. */
  readonly description: string;
  /** Plotly traces and layout, without colours of the page: the webview adds the theme. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly patients?: LinkedPatients;
  /** How many patients each of its parts is of, where `patients` does not list them. */
  readonly sizes?: readonly number[];
  /** How many points there are, or patients behind its cells, where `data` has some of them only. */
  readonly allPoints?: number;
  readonly notes: readonly string[];
  readonly provenance?: Provenance;
}

/** One class of a figure whose points or cells are patients. */
export interface LinkedPanel {
  readonly class: string;
  readonly region: Region;
  /** In the order of the panel's points; categories are those that κ is taken of, where it is. */
  readonly rows: readonly {
    readonly patient: string;
    /** Where lobes are pooled: which one. */
    readonly lobe?: Region;
    readonly left: number;
    readonly right: number;
    readonly leftCategory?: number;
    readonly rightCategory?: number;
    /** The axial slice that is opened, counted from 1; absent where it is that with most of the class. */
    readonly slice?: number;
  }[];
}

/**
 * The patients behind a figure, who can be selected in it. A trace says by `meta.panel` whose points it has, and by
 * `meta.rows` which of them where it has not all. Where each cell of a map is a panel, `meta.panels` has their numbers,
 * row by row.
 */
export interface LinkedPatients {
  /** Names the patients' CTs in the kernel that made the figure; absent where none were measured. */
  readonly handle?: string;
  readonly names: { readonly left: string; readonly right: string };
  readonly panels: readonly LinkedPanel[];
}

/** A parameter of the notebook, which the user can move. */
export interface ControlView {
  readonly type: 'control';
  readonly name: string;
  readonly value: number | string | boolean;
  readonly control:
    | { readonly kind: 'slider'; readonly low: number; readonly high: number; readonly step: number }
    | { readonly kind: 'select'; readonly options: readonly string[] }
    | { readonly kind: 'checkbox' }
    | { readonly kind: 'number' }
    | { readonly kind: 'text' };
}

/** The card of a session of reading, which shows no answer and no patient. */
export interface ReadingView {
  readonly type: 'reading';
  readonly title: string;
  /** Of the result, and of the reader. */
  readonly name: string;
  readonly cases: number;
  readonly done: number;
  readonly begun: boolean;
  /** How much is asked of a case. */
  readonly fields: number;
  /** What is scored, shown and kept, in words. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Why it cannot be read now, in sentences. */
  readonly blocked?: string;
  readonly provenance: Provenance;
}

export type Plane = 'axial' | 'coronal' | 'sagittal';
export const PLANES: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

/** How the Hounsfield units of several slices become one picture: the highest, the lowest, or their mean. */
export const SLAB_KINDS = ['mip', 'minip', 'mean'] as const;
export type SlabKind = (typeof SLAB_KINDS)[number];

/** What lies within half of `mm` on either side of a slice, as one picture. */
export interface Slab {
  readonly kind: SlabKind;
  readonly mm: number;
}
/** In mm. */
export const SLAB_LIMITS = { least: 1, most: 50 } as const;

/** Display window in Hounsfield units. */
export interface HuWindow {
  readonly centre: number;
  readonly width: number;
}

/**
 * One slice as shown: row 0 is the top of the picture, column 0 its left. Axial and coronal pictures have the
 * patient's right on the left; coronal and sagittal have the head on top; sagittal has the front on the left.
 */
export interface EncodedSlice<Packed extends string | Uint8Array<ArrayBuffer> = string> {
  readonly plane: Plane;
  /** Index along the plane's normal in the volume's own order (axial: 0 at the feet; coronal: 0 in front; sagittal: 0 at the patient's right). */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly pixelWidthMm: number;
  readonly pixelHeightMm: number;
  /** Hounsfield units are those of `coarseHounsfield.ts`: good to scroll past, not to measure in. */
  readonly coarse?: boolean;
  /** Hounsfield units are those of a slab around the slice; labels are the slice's own. */
  readonly slab?: Slab;
  /**
   * Hounsfield units row by row, each as its difference d to the one before (the first to 0), folded to 2d for d ≥ 0 and
   * −2d − 1 below, 16 bits: all low bytes, then all high bytes, raw deflate, base64. Where they are coarse, their steps
   * likewise, 8 bits. To an editor of slices the deflated bytes travel as they are, which VS Code lets them.
   */
  readonly hu: Packed;
  /** Uint8 lobe labels (0 outside, 1–5 in the order of LOBES), raw deflate, base64. */
  readonly lobes?: Packed;
  /** Uint8 texture labels (0 outside, 1–6 in the order of TEXTURE_CLASSES, then `ownClasses`), raw deflate, base64. */
  readonly textures?: Packed;
  /** Uint8 zones (0 outside, 1–12 in the order of ZONES) where they were measured, raw deflate, base64. */
  readonly zones?: Packed;
}

export interface LobarReport {
  /** One row per region, total first. */
  readonly rows: readonly {
    readonly region: Region;
    readonly volumeMl: number;
    /** Percent of the region's volume, per class; null where the region has no volume. */
    readonly percent: Readonly<Record<string, number | null>>;
  }[];
}

/** The slices of one CT. */
export interface SingleSliceView {
  readonly type: 'slices';
  readonly title: string;
  readonly patient: string;
  readonly series: string;
  /** Names the volume in the kernel that made it; further slices can be asked for while that kernel lives. */
  readonly handle: string;
  /** Number of slices in each plane. */
  readonly sliceCounts: Readonly<Record<Plane, number>>;
  readonly plane: Plane;
  readonly index: number;
  readonly window: HuWindow;
  /** The patient's place, from 0, among those that the viewer can go on to; absent where it is the only one. */
  readonly among?: { readonly place: number; readonly of: number };
  readonly overlay: boolean;
  /** What the notebook calls the measurements that are laid over. */
  readonly overlayName?: string;
  readonly report?: LobarReport;
  /** Scanner, kernel, spacing: shown beside every result. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** What of the maps that are laid over was edited by hand, since which model. */
  readonly edited?: readonly string[];
  /** One sentence: why this slice was chosen. */
  readonly reason?: string;
  /** Area of each class in each axial slice, in percent of the largest lung area of a slice; per class one number per slice. */
  readonly axialPercent?: Readonly<Record<string, readonly number[]>>;
  /** Axial slices of the levels of visual scores, from the apex down, with why one may lie elsewhere. */
  readonly levels?: readonly { readonly level: Level; readonly slice: number; readonly doubt?: string }[];
  /** Classes that the model brings beside the six. */
  readonly ownClasses?: readonly OwnClass[];
  /** What is laid over has these alone, and none of the six. */
  readonly onlyOwnClasses?: true;
  /** The slices that travel with the notebook. */
  readonly slices: readonly EncodedSlice[];
  /** Of the shown series; absent where it was not measured and its files raise none. */
  readonly flags?: readonly SeriesRemark[];
  readonly provenance?: Provenance;
}

/** Slices of both CTs that show the same level, two pairs per plane; levels between and beyond lie on their line. */
export type Levels = Readonly<Record<Plane, readonly [LevelPair, LevelPair]>>;
/** Places among the slices of the first CT and of the one beside it, which may lie between two slices. */
export type LevelPair = readonly [first: number, beside: number];
/** What says that two slices show the same level. */
export type MatchedBy = 'same-ct' | 'registered' | 'lungs' | 'mm';

/** The slices of one CT, or of two side by side; provenance is then that of both. */
export interface SliceView extends SingleSliceView {
  readonly beside?: {
    readonly view: SingleSliceView;
    readonly levels: Levels;
    readonly by: MatchedBy;
  };
}
