/** Reads and writes `.lungnb` files. What it writes is stable: a save that changes nothing changes no byte. */
// The small form of zod: the whole of it takes longer to load than the rest of the extension.
import * as z from 'zod/mini';
import english from 'zod/v4/locales/en.js';
import { ANNOTATION_SHAPES, type Annotations, inOrder, type SlicePoint } from './annotations/annotation.ts';
import {
  formatVersionOf,
  NOTEBOOK_FORMAT_VERSION,
  type Notebook,
  type NotebookCell,
  type NotebookOutput,
  type NotebookProvenance,
} from './notebook.ts';
import { MOST_SAVED_BYTES, withinSize } from './savedSize.ts';
import { hasInputsShared, VERSION_OF_SHARED_INPUTS, withInputsShared, withOwnInputs } from './sharedInputs.ts';
import { PLANES, type Provenance, type ViewModel } from './view.ts';

/** A file that is no notebook, is damaged, or is from a newer version. */
export class NotebookFileError extends Error {}

z.config(english());

const output = z.object({
  view: z.optional(z.looseObject({ type: z.string() })),
  text: z.optional(z.string()),
  problem: z.optional(z.looseObject({ code: z.string(), message: z.string() })),
});

/** "120.5 98.25": across, then down; one line of the file. */
const POINT = /^-?\d+(\.\d+)? -?\d+(\.\d+)?$/;

function pointOf(text: string): SlicePoint {
  const [x, y] = text.split(' ').map(Number);
  return [x!, y!];
}

const notebook = z.object({
  lungnb: z.int('"lungnb" must be a version number').check(z.positive('"lungnb" must be 1 or more')),
  cells: z.array(
    z.object({
      kind: z.enum(['code', 'markup'], '"kind" must be "code" or "markup"'),
      source: z.array(
        z.string('each line of "source" must be text'),
        '"source" must be a list of lines, ["like this", "and this"]',
      ),
      outputs: z.optional(z.array(output)),
    }),
    '"cells" must be a list of cells',
  ),
  annotations: z.optional(
    z.object({
      drawn: z.array(
        z.object({
          id: z.string(),
          patient: z.string(),
          series: z.string(),
          name: z.string(),
          shape: z.enum(ANNOTATION_SHAPES, '"shape" must be "ruler", "circle" or "polygon"'),
          plane: z.enum(PLANES, '"plane" must be "axial", "coronal" or "sagittal"'),
          index: z.int('"index" must be the number of a slice').check(z.nonnegative('"index" must be 0 or more')),
          points: z
            .array(
              z.pipe(z.string().check(z.regex(POINT, 'each of "points" must be two numbers')), z.transform(pointOf)),
            )
            .check(z.minLength(2, '"points" must hold two points or more')),
        }),
      ),
      slices: z.array(
        z.object({ patient: z.string(), series: z.string(), slice: z.looseObject({ plane: z.enum(PLANES) }) }),
      ),
    }),
  ),
  provenance: z.optional(z.looseObject({})),
});

/** Throws a NotebookFileError that says what is wrong with the file; callers must then leave the file alone. */
export function parseNotebook(text: string): Notebook {
  const json = parseJson(text);
  const version = typeof json === 'object' && json !== null && 'lungnb' in json ? json.lungnb : undefined;
  if (version === undefined)
    throw new NotebookFileError('This is not a LungNB notebook: it has no "lungnb" format version.');
  if (typeof version === 'number' && version > NOTEBOOK_FORMAT_VERSION)
    throw new NotebookFileError(
      `This notebook has format version ${version}, and this LungNB reads up to ${NOTEBOOK_FORMAT_VERSION}. Update LungNB to open it; the file is left as it is.`,
    );
  if (isDeeper(json, MAX_DEPTH))
    throw new NotebookFileError(
      `This notebook holds lists in lists, more than ${MAX_DEPTH} deep, which LungNB never writes. The file is left as it is.`,
    );
  const parsed = notebook.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new NotebookFileError(`This notebook is damaged: ${cellOfPath(path)}${message}. The file is left as it is.`);
  }
  // SAFETY: views and provenance are checked as far as their type; the renderer shows unknown content as text, and codes
  // of a newer LungNB are shown and compared like any other.
  return withOwnInputs(parsed.data as unknown as Notebook);
}

/** Views are a few levels deep; what is much deeper could be read, and never written again. */
const MAX_DEPTH = 200;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** "in cell 3: " for what lies in the third cell; likewise for what is drawn on slices. */
function cellOfPath([first, index, third]: readonly PropertyKey[]): string {
  if (first === 'annotations' && typeof third === 'number') return `in drawing ${third + 1} of its annotations: `;
  return first === 'cells' && typeof index === 'number' ? `in cell ${index + 1}: ` : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const conflict = /^<{7}|^>{7}/m.test(text);
    throw new NotebookFileError(
      conflict
        ? 'This notebook holds unresolved merge conflicts (<<<<<<<). Resolve them in a text editor, then open it again.'
        : `This notebook cannot be read: ${error instanceof Error ? error.message : String(error)}. It may be cut short; the file is left as it is.`,
    );
  }
}

/**
 * Text of the file: cells with their outputs, what is drawn on slices, then provenance, keys always in the same order. At
 * most 10 MB, if need be by leaving out parts of outputs (`savedSize.ts`), unless cells and drawings alone have more.
 */
export function formatNotebook(notebook: Notebook, mostBytes = MOST_SAVED_BYTES): string {
  const { kept, text } = keptOf(notebook, mostBytes);
  return text ?? textOf(kept);
}

/** What is kept of a notebook, as a page holds it; `withOwnInputs` makes a notebook of it again. */
export function savedNotebook(notebook: Notebook): Notebook {
  return keptOf(notebook, MOST_SAVED_BYTES).kept;
}

/** As it is written: whole with its text, or what is kept of it. */
function keptOf(notebook: Notebook, mostBytes: number): { readonly kept: Notebook; readonly text?: string } {
  const shared = withInputsShared(notebook);
  const text = textOf(shared);
  const whole = bytesOf(text);
  if (whole <= mostBytes) return { kept: shared, text };
  return { kept: withinSize(shared, { whole, ofOutput: bytesOfOutput }, mostBytes) };
}

function textOf({ cells, annotations, provenance }: Notebook): string {
  const ordered = {
    lungnb: cells.some(hasInputsShared) ? VERSION_OF_SHARED_INPUTS : formatVersionOf({ annotations }),
    cells: cells.map(orderedCell),
    ...(annotations?.drawn.length ? { annotations: orderedAnnotations(annotations) } : {}),
    ...(provenance ? { provenance } : {}),
  };
  return `${JSON.stringify(ordered, null, 1)}\n`;
}

/** Each line of an output stands so far to the right in the file. */
const INDENT_OF_OUTPUTS = 4;
const LINE_BREAK = 0x0a;

function bytesOfOutput(output: NotebookOutput): number {
  const text = JSON.stringify(orderedOutput(output), null, 1);
  return bytesOf(text, INDENT_OF_OUTPUTS);
}

/** In UTF-8, each line `indent` further to the right. */
function bytesOf(text: string, indent = 0): number {
  let bytes = text.length + indent;
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    // Each half of a pair of surrogates is two of the four bytes.
    if (code === LINE_BREAK) bytes += indent;
    else if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

function orderedCell({ kind, source, outputs }: NotebookCell): NotebookCell {
  return { kind, source, ...(outputs?.length ? { outputs: outputs.map(orderedOutput) } : {}) };
}

function orderedOutput({ view, text, problem }: NotebookOutput): NotebookOutput {
  return { ...(view ? { view } : {}), ...(text === undefined ? {} : { text }), ...(problem ? { problem } : {}) };
}

/** Each drawing is a block of lines of its own, with a line for each of its points, so that git merges them. */
function orderedAnnotations({ drawn, slices }: Annotations) {
  return {
    drawn: inOrder(drawn).map(({ id, patient, series, name, shape, plane, index, points }) => ({
      id,
      patient,
      series,
      name,
      shape,
      plane,
      index,
      points: points.map((point) => point.join(' ')),
    })),
    slices: slices.map(({ patient, series, slice }) => ({ patient, series, slice })),
  };
}

/** The provenance of a notebook's outputs together: every model and input once, inputs by name. */
export function collectProvenance(cells: readonly NotebookCell[]): NotebookProvenance | undefined {
  const all = cells.flatMap((cell) => cell.outputs ?? []).flatMap(({ view }) => provenanceOf(view));
  if (all.length === 0) return undefined;
  const models = all.flatMap((p) => p.models);
  const inputs = new Map(all.flatMap((p) => Object.entries(p.inputs)));
  return {
    software: all.at(-1)!.software,
    models: models.filter((model, n) => models.findIndex((m) => m.sha256 === model.sha256) === n),
    inputs: Object.fromEntries([...inputs].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function provenanceOf(view: ViewModel | undefined): Provenance[] {
  return view && 'provenance' in view && view.provenance ? [view.provenance] : [];
}
