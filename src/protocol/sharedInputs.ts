/**
 * Inputs that many views share, written once. Every view says what it was made from, and of 10 000 CTs that is a megabyte
 * each; the file's own provenance has all of them already. So a view may name those alone that it was not made from.
 *
 * Where two people load further CTs in cells of their own and git merges their files, the file's provenance has the CTs of
 * both, and each one's views do not name the other's. So a view says by a digest which inputs it means; where those that
 * are found are others, it says that they are not known rather than what is wrong.
 */
import { fnv1a } from './fnv1a.ts';
import type { Notebook, NotebookCell, NotebookOutput, NotebookProvenance } from './notebook.ts';
import type { Provenance, ViewModel } from './view.ts';

/** The first version of the format whose views may share their inputs. */
export const VERSION_OF_SHARED_INPUTS = 3;

/** Views of fewer inputs keep them, and so do most notebooks the older format. */
const SHARED_FROM = 1000;

/** A view's provenance as a file holds it. */
type Written = Omit<Provenance, 'inputs'> & {
  readonly allInputsBut: readonly string[];
  readonly inputsDigest: string;
};

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
  const provenance: Written = { ...others, allInputsBut, inputsDigest: digestOf(inputs) };
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
  const { allInputsBut, inputsDigest, ...others } = written;
  const without = new Set<unknown>(Array.isArray(allInputsBut) ? allInputsBut : []);
  const found = Object.fromEntries(whole.filter(([name]) => !without.has(name)));
  const inputs = digestOf(found) === inputsDigest ? { inputs: found } : { inputs: {}, inputsUnknown: true };
  // SAFETY: with the inputs it is the view that `shared` was given.
  return { ...output, view: { ...output.view, provenance: { ...others, ...inputs } } as ViewModel };
}

interface WrittenUnchecked {
  readonly allInputsBut: unknown;
  readonly inputsDigest?: unknown;
}

function writtenIn(view: ViewModel | undefined): WrittenUnchecked | undefined {
  const provenance: unknown = view && 'provenance' in view ? view.provenance : undefined;
  return typeof provenance === 'object' && provenance !== null && 'allInputsBut' in provenance ? provenance : undefined;
}

/** How many there are, with what they are, in any order. */
function digestOf(inputs: Provenance['inputs']): string {
  const text = JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const words = [0, 0x9e3779b9].map((offset) => (fnv1a(text, offset) >>> 0).toString(16).padStart(8, '0'));
  return `${Object.keys(inputs).length} ${words.join('')}`;
}
