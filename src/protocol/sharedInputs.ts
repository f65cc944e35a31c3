/**
 * Inputs that many views share, written once. Every view says what it was made from, and of 10 000 CTs that is a megabyte
 * each; the file's own provenance has all of them already. So a view may name those alone that it was not made from.
 */
import type { Notebook, NotebookCell, NotebookOutput, NotebookProvenance } from './notebook.ts';
import type { Provenance, ViewModel } from './view.ts';

/** The first version of the format whose views may share their inputs. */
export const VERSION_OF_SHARED_INPUTS = 3;

/** Views of fewer inputs keep them, and so do most notebooks the older format. */
const SHARED_FROM = 1000;

/** A view's provenance as a file holds it. */
type Written = Omit<Provenance, 'inputs'> & { readonly allInputsBut: readonly string[] };

/** A notebook as it is written; `withOwnInputs` reads it back. The same one where nothing is shared. */
export function withInputsShared(notebook: Notebook): Notebook {
  const { provenance } = notebook;
  if (!provenance || Object.keys(provenance.inputs).length < SHARED_FROM) return notebook;
  const cells = notebook.cells.map((cell) =>
    cell.outputs ? { ...cell, outputs: cell.outputs.map((output) => shared(output, provenance)) } : cell,
  );
  return { ...notebook, cells };
}

function shared(output: NotebookOutput, whole: NotebookProvenance): NotebookOutput {
  const { view } = output;
  if (!view || !('provenance' in view) || !view.provenance) return output;
  const { inputs, ...others } = view.provenance;
  const own = Object.entries(inputs);
  if (own.length < SHARED_FROM || own.some(([name, sha256]) => whole.inputs[name] !== sha256)) return output;
  const allInputsBut = Object.keys(whole.inputs).filter((name) => !Object.hasOwn(inputs, name));
  if (allInputsBut.length * 2 > own.length) return output;
  const provenance: Written = { ...others, allInputsBut };
  // SAFETY: it is written, and `withOwnInputs` makes a view of it when it is read.
  return { ...output, view: { ...view, provenance } as unknown as ViewModel };
}

export function hasInputsShared({ outputs = [] }: NotebookCell): boolean {
  return outputs.some(({ view }) => writtenIn(view) !== undefined);
}

/** A notebook as it was read, with the inputs of each view. What a file holds beside its type is left as it is. */
export function withOwnInputs(notebook: Notebook): Notebook {
  const whole = Object.entries(notebook.provenance?.inputs ?? {});
  const cells = notebook.cells.map((cell) =>
    cell.outputs ? { ...cell, outputs: cell.outputs.map((output) => withInputsOf(output, whole)) } : cell,
  );
  return { ...notebook, cells };
}

function withInputsOf(output: NotebookOutput, whole: readonly (readonly [string, string])[]): NotebookOutput {
  const written = writtenIn(output.view);
  if (!written) return output;
  const { allInputsBut, ...others } = written;
  const without = new Set<unknown>(Array.isArray(allInputsBut) ? allInputsBut : []);
  const inputs = Object.fromEntries(whole.filter(([name]) => !without.has(name)));
  // SAFETY: with the inputs it is the view that `shared` was given.
  return { ...output, view: { ...output.view, provenance: { ...others, inputs } } as ViewModel };
}

function writtenIn(view: ViewModel | undefined): { readonly allInputsBut: unknown } | undefined {
  const provenance: unknown = view && 'provenance' in view ? view.provenance : undefined;
  return typeof provenance === 'object' && provenance !== null && 'allInputsBut' in provenance ? provenance : undefined;
}
