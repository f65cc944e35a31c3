/**
 * What a program can ask of a notebook: over standard input and output as JSON-RPC 2.0 (`lungnb run --serve`), and in VS
 * Code as tools of language models. docs/driving.md tells it to its users.
 */
import * as z from 'zod/mini';

const cell = z
  .int('"cell" must be a whole number')
  .check(z.positive('"cell" counts from 1'), z.describe('Number of the cell, from 1, markup cells counted too.'));
const source = z
  .string('"source" must be text')
  .check(z.describe('The whole text of the cell. Pseudonyms of patients are read as the patients.'));
const name = z.string('"name" must be text').check(z.describe('A name of the notebook, as behind `as` or `param`.'));
const nothing = z.strictObject({});
const count = (what: string) => z.int(`"${what}" must be a whole number`);
const flag = (what: string) => z.boolean(`"${what}" must be true or false`);

/** The parameters of each method. */
export const PARAMETERS = {
  cells: nothing,
  names: nothing,
  outputs: z.strictObject({ cell }),
  result: z.strictObject({
    name,
    from: z.optional(count('from').check(z.nonnegative(), z.describe('The first row of each table, from 0.'))),
    rows: z.optional(count('rows').check(z.nonnegative(), z.describe('The most rows of each table.'))),
  }),
  set: z.strictObject({
    name,
    value: z
      .union([z.number(), z.string(), z.boolean()], '"value" must be a number, a text, true or false')
      .check(z.describe('The new value, as the parameter takes it.')),
  }),
  edit: z.strictObject({ cell, source }),
  insert: z.strictObject({
    before: z.optional(
      z
        .int('"before" must be a whole number')
        .check(
          z.positive('"before" counts from 1'),
          z.describe('Number of the cell that the new one comes before; left out, it comes at the end.'),
        ),
    ),
    kind: z.optional(
      z
        .enum(['code', 'markup'], '"kind" must be "code" or "markup"')
        .check(z.describe('`code` (which is meant unless said) or `markup`, which is Markdown.')),
    ),
    source,
  }),
  run: z.strictObject({
    cells: z.optional(
      z
        .array(cell, '"cells" must be a list of numbers')
        .check(z.describe('Numbers of the cells. Left out: those that never ran, failed, or are out of date.')),
    ),
    following: z.optional(
      flag('following').check(z.describe('With `cells`: also the cells that use their results, directly or not.')),
    ),
    all: z.optional(flag('all').check(z.describe('Every cell of the notebook.'))),
  }),
  interrupt: nothing,
  check: nothing,
  explain: z.strictObject({ cell }),
  save: nothing,
} as const;

export type ServedMethod = keyof typeof PARAMETERS;
export type ServedParameters<M extends ServedMethod> = z.infer<(typeof PARAMETERS)[M]>;

export type CellState = 'not-run' | 'done' | 'failed' | 'cancelled' | 'out-of-date';

export interface ServedCell {
  /** From 1, markup counted. */
  readonly cell: number;
  readonly kind: 'code' | 'markup';
  readonly source: string;
  /** Of code alone. */
  readonly state?: CellState;
}

export interface ServedProblem {
  readonly cell: number;
  /** From 1; absent where the problem has no place in the cell's text. */
  readonly line?: number;
  readonly column?: number;
  readonly code: string;
  readonly message: string;
  /** What edits would put it right. */
  readonly fixes: readonly string[];
}

export interface ServedRun {
  readonly cell: number;
  readonly state: CellState;
  /** Its outputs as text, without pictures. */
  readonly outputs: readonly string[];
  readonly problem?: ServedProblem;
}
