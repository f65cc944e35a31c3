/** What a program can ask of a notebook that is served, as JSON-RPC 2.0: docs/driving.md tells it to its users. */
import * as z from 'zod/mini';

const cell = z.int('"cell" must be a whole number').check(z.positive('"cell" counts from 1'));
const source = z.string('"source" must be text');
const name = z.string('"name" must be text');
const nothing = z.optional(z.strictObject({}));

/** The parameters of each method. */
export const PARAMETERS = {
  cells: nothing,
  names: nothing,
  result: z.strictObject({ name }),
  set: z.strictObject({ name, value: z.union([z.number(), z.string(), z.boolean()]) }),
  edit: z.strictObject({ cell, source }),
  insert: z.strictObject({
    before: z.optional(cell),
    kind: z.optional(z.enum(['code', 'markup'], '"kind" must be "code" or "markup"')),
    source,
  }),
  run: z.optional(z.strictObject({ cells: z.optional(z.array(cell)) })),
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
