/** Answers what a kernel is asked about a notebook's cells as they are written, with what its session knows of their runs. */
import type { CellText, KernelOptions } from '../../protocol/kernelApi.ts';
import type { KernelHandlers } from '../../protocol/kernelMethods.ts';
import { checkCells } from '../language/checker.ts';
import { parameterChange } from '../language/dependencies.ts';
import { formatSource } from '../language/format.ts';
import { outlineOf } from '../language/outline.ts';
import { signatureAt } from '../language/signature.ts';
import { VERBS } from '../verbs/index.ts';
import type { Inputs } from './inputs.ts';
import { labelsOf } from './labels.ts';
import { cellSource, complete, heldIn, hover, variableOf } from './languageHelp.ts';
import { createLoadedAhead } from './loadedAhead.ts';
import { dependenciesOf, staleAmong } from './notebookState.ts';
import { parameterRefused } from './parameterRefused.ts';
import { resultOf } from './resultOf.ts';
import type { Results } from './results.ts';
import type { Runner } from './runner.ts';

interface NotebookParts {
  readonly results: Results;
  readonly inputs: Inputs;
  readonly runner: Runner;
  readonly options: KernelOptions;
  /** Throws a UserError for what can be no path. */
  readonly resolvePath: (path: string) => string;
}

export type NotebookAnswers = Pick<
  KernelHandlers,
  | 'changeParameter'
  | 'staleCells'
  | 'dependencies'
  | 'variables'
  | 'labels'
  | 'result'
  | 'complete'
  | 'hover'
  | 'signature'
  | 'outline'
  | 'format'
  | 'check'
>;

export function createNotebookAnswers(parts: NotebookParts): NotebookAnswers {
  const { results, inputs, runner, options } = parts;
  const loadedAhead = createLoadedAhead(parts.resolvePath);
  // The runs come first: they tell which name a result has now.
  const stale = (cells: readonly CellText[]) =>
    staleAmong(cells, { runs: runner.runs(cells), names: results.runs(), changedInputs: inputs.changed });
  return {
    changeParameter(request) {
      const problem = parameterRefused(request);
      return problem === undefined ? parameterChange(request, VERBS) : { problem };
    },
    staleCells: ({ cells }) => stale(cells),
    dependencies: ({ cells }) => dependenciesOf(cells, runner.runs(cells)),
    variables: () =>
      [...results.values()].map(([name, value]) => variableOf(name, value, results.get(name)?.cellId ?? '')),
    labels: ({ cells }) =>
      labelsOf(cells, { values: () => results.values().values(), loadedAhead, resolvePath: parts.resolvePath }),
    result: (request) => resultOf(request, results.values()),
    complete: (place) => complete(place, results.values(), options),
    hover: (place) => hover(place, results.values(), results.ageMs) ?? null,
    signature: (place) => signatureAt(cellSource(place), place.offset, VERBS) ?? null,
    outline: ({ cells }) => outlineOf(cells, VERBS),
    format: (source) => formatSource(source, VERBS),
    check: async ({ cells }) => {
      const loaded = await loadedAhead(cells);
      const staleIds = new Set(stale(cells).map(({ cellId }) => cellId));
      const held = (name: string) => {
        const result = results.get(name);
        return result?.value && !staleIds.has(result.cellId) ? heldIn(result.value) : undefined;
      };
      return { problems: checkCells(cells, VERBS, { loaded, held }) };
    },
  };
}
