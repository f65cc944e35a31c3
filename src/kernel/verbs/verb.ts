/** What a verb is: its declaration, and what it does with the values of a statement. */
import type { Annotation } from '../../protocol/annotations/annotation.ts';
import type { CellRemark, KernelOptions, WriteAnswer, WriteQuestion } from '../../protocol/kernelApi.ts';
import type { Remark, SeriesRemark } from '../../protocol/remark.ts';
import type { FigureView, ViewModel } from '../../protocol/view.ts';
import type { Task } from '../base/task.ts';
import type { Scope } from '../language/clauses/clause.ts';
import {
  type ArgumentsOf,
  argumentsOf,
  type ClauseDeclaration,
  type SubjectDeclaration,
  type VerbDeclaration,
} from '../language/declaration.ts';
import { refuseIdleClauses, type VerbForm } from '../language/forms.ts';
import type { Statement } from '../language/nodes.ts';
import type { ImageService } from '../lungs/imageService.ts';
import type { Engine } from '../values/engine.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import type { Reading } from '../values/reading.ts';
import type { MeasurementsValue, Value } from '../values/value.ts';
import type { ComparedPairs } from '../views/registeredView.ts';
import type { KeepViewer } from '../views/viewerSource.ts';

/** Files that one statement writes into a folder, of which the user is asked once. */
export interface WriteGroup {
  /** As the user wrote it. */
  readonly folder: string;
  /** What was answered; it holds for the others. */
  readonly answers: Map<WriteQuestion['kind'], WriteAnswer>;
}

/** What a verb may use of the session. */
export interface VerbContext {
  readonly task: Task;
  readonly options: KernelOptions;
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  /** Measures CTs elsewhere; absent where the kernel measures them itself. */
  readonly engine: Engine | undefined;
  /** The name that the statement gives to its result. */
  readonly resultName: string | undefined;
  /** An absolute path; relative ones start at the notebook's folder. */
  readonly resolvePath: (path: string) => string;
  readonly keepViewer: KeepViewer;
  /** The last figure that a statement above in the same cell has shown. */
  readonly figureAbove?: FigureView | undefined;
  /** What is drawn on the slices of the notebook. */
  readonly annotations: readonly Annotation[];
  /** Keeps the measurements behind a figure, by a handle of `imageHandle`, so that its patients' slices can be asked for. */
  readonly keepMeasurements: (handle: string, measurements: MeasurementsValue) => void;
  /** Likewise the CTs behind a table that compares two of each patient. */
  readonly keepPairs: (handle: string, compared: ComparedPairs) => void;
  /** Keeps a session of reading by its name, so that the reading room can ask for it. */
  readonly keepReading: (reading: Reading) => void;
  /** Files and folders that were loaded: their changes make results stale, and nothing writes over them. */
  readonly inputs: { add(path: string): void };
  /** Writes a file whole or not at all, where the user may want it; `path` as written. Throws a UserError where not. */
  readonly writeFile: (path: string, content: string | Uint8Array, group?: WriteGroup) => Promise<void>;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

export interface VerbResult {
  readonly value?: Value;
  /** Made only when it is shown. */
  readonly view?: () => ViewModel | Promise<ViewModel>;
  /** Shown whether or not the view is: on the statement, and on CTs. */
  readonly remarks?: readonly Remark[];
  readonly flags?: readonly SeriesRemark[];
  /** What an edit of the statement would put right, though it ran. */
  readonly hints?: readonly CellRemark[];
}

export interface Verb extends VerbDeclaration {
  /** Throws a UserError, with its place where that is known, for what a user can mend. */
  readonly run: (
    statement: Pick<Statement, 'subject' | 'clauses'>,
    scope: Scope,
    context: VerbContext,
  ) => Promise<VerbResult>;
}

type Clauses = Readonly<Record<string, ClauseDeclaration>>;

type Forms<F extends string, C> = Readonly<Record<F, VerbForm & { readonly clauses: readonly (keyof C & string)[] }>>;

/** Says which of the verb's forms a statement turns out to have. Throws a UserError at a clause that does nothing in it. */
export type TakesForm<F extends string = string> = (form: F) => void;

/** A verb whose `run` takes its subject and its clauses by name, as they are declared. */
export function declareVerb<S, C extends Clauses, F extends string = never>(
  declaration: Omit<VerbDeclaration, 'subject' | 'clauses' | 'forms'> & {
    readonly subject: SubjectDeclaration<S>;
    readonly clauses: C;
    readonly forms?: Forms<F, C>;
    readonly run: (values: ArgumentsOf<S, C>, context: VerbContext, takesForm: TakesForm<F>) => Promise<VerbResult>;
  },
): Verb {
  const { run } = declaration;
  return {
    ...declaration,
    run: async (statement, scope, context) =>
      run(argumentsOf(declaration, statement, scope), context, (form) =>
        refuseIdleClauses(statement, declaration, form, scope.place),
      ),
  };
}
