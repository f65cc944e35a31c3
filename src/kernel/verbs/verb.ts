/** How a verb is declared: everything that the parser, the checker, the reference page and the session know of it. */
import type { KernelOptions } from '../../protocol/kernelApi.ts';
import type { Flag, Message, ViewModel } from '../../protocol/view.ts';
import type { Task } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import type { ImageService } from '../lungs/imageService.ts';
import type { MeasuredMaps } from '../lungs/quantification.ts';
import type { MeasurementsValue, Value, ValueKind } from '../values/value.ts';
import type { Arguments } from './arguments.ts';

/** The type of a clause's value. */
export type ClauseType =
  /** The name of an earlier result. */
  | { readonly kind: 'name'; readonly of: readonly ValueKind[] }
  /** A text in double quotes. */
  | { readonly kind: 'text' }
  | {
      readonly kind: 'number';
      readonly units?: readonly string[];
      readonly minimum?: number;
      readonly maximum?: number;
      readonly integer?: boolean;
    }
  /** One word of several; synonyms map to it. */
  | {
      readonly kind: 'choice';
      readonly noun: string;
      readonly options: readonly string[];
      readonly synonyms?: Readonly<Record<string, string>>;
      /** Takes words of the user's own too, if they are near to none of the options. */
      readonly own?: (word: string) => string | undefined;
    }
  | { readonly kind: 'range' }
  /** Everything up to the next clause, in Arquero's expression syntax. */
  | { readonly kind: 'expression' }
  /** A new name, an equals sign, and a value. */
  | { readonly kind: 'assignment'; readonly value: ClauseType }
  /** Values separated by commas. */
  | { readonly kind: 'list'; readonly of: ClauseType }
  /** Values one after another. */
  | { readonly kind: 'sequence'; readonly parts: readonly { readonly type: ClauseType; readonly optional?: boolean }[] }
  /** The first of several types that fits the next word. */
  | { readonly kind: 'either'; readonly types: readonly ClauseType[] };

export interface ClauseDeclaration {
  readonly type: ClauseType;
  readonly required?: boolean;
  /** As a user would write it. */
  readonly default?: string;
  readonly documentation: string;
}

/** What was measured, kept between runs by keys that hold everything it depends on; undefined where it is not there. */
export interface MeasurementStore {
  json<T>(key: string): Promise<T | undefined>;
  putJson(key: string, value: unknown): Promise<void>;
  hasMaps(key: string): Promise<boolean>;
  maps(key: string): Promise<MeasuredMaps | undefined>;
  putMaps(key: string, maps: MeasuredMaps): Promise<void>;
  /** What hindered it since it was last asked, in sentences: nothing of it costs a result. */
  troubles(): string[];
}

/** What a verb may use of the session. */
export interface VerbContext {
  readonly task: Task;
  readonly options: KernelOptions;
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  /** An absolute path; relative ones start at the notebook's folder. */
  readonly resolvePath: (path: string) => string;
  /** Keeps what a shown slice viewer needs to answer requests for further slices, by a handle of `handleOf`. */
  readonly keepViewer: (handle: string, source: ViewerSource) => void;
  /** Keeps the measurements behind a figure, so that its patients' slices can be asked for; likewise. */
  readonly keepMeasurements: (handle: string, measurements: MeasurementsValue) => void;
  /** Files and folders that were loaded: their changes make results stale, and nothing writes over them. */
  readonly inputs: { add(path: string): void };
  /** Writes a file whole or not at all, where the user may want it; `path` as written. Throws a UserError where not. */
  readonly writeFile: (path: string, content: string | Uint8Array) => Promise<void>;
}

export interface ViewerSource {
  readonly series: Series;
  readonly grid: Grid & { readonly sha256: string };
  /** Label maps to lay over the slices, with the key of everything that they depend on. */
  readonly overlay: { readonly lobes: LabelMap; readonly textures: LabelMap; readonly key: string } | undefined;
}

export interface VerbResult {
  readonly value?: Value;
  /** Made only when it is shown. */
  readonly view?: () => ViewModel | Promise<ViewModel>;
  /** Shown whether or not the view is, as are the flags. */
  readonly messages?: readonly Message[];
  readonly flags?: readonly Flag[];
}

export interface Verb {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly documentation: string;
  readonly examples: readonly string[];
  readonly subject: ClauseDeclaration & { readonly noun: string };
  readonly clauses: Readonly<Record<string, ClauseDeclaration>>;
  /**
   * Kinds of result that `as` may name; none where there is nothing to name. Where the subject is of one of these
   * kinds, the result is of the same.
   */
  readonly gives: readonly ValueKind[];
  /** The result's name is that before the subject's equals sign, and not behind `as`. */
  readonly namesSubject?: boolean;
  /** Shown even when it is not the last statement of its cell. */
  readonly alwaysShown: boolean;
  readonly run: (values: Arguments, context: VerbContext) => Promise<VerbResult>;
}
