/** What each statement of each cell did when it last ran: which outputs it gave, and whether it needed what only this computer has. */
import type { Statement } from '../language/nodes.ts';
import type { Value } from '../values/value.ts';
import type { VerbContext } from '../verbs/verb.ts';

export interface StatementNote {
  /** Places of its outputs among those of the cell. */
  readonly outputs: readonly [from: number, to: number];
  /** It asked for CTs, their measurements or files, or wrote some. */
  readonly usesComputer: boolean;
}

/** In the order of the statements that began. */
export type CellNotes = readonly StatementNote[];

/** What is left of the runs of a notebook's cells. */
export interface RanNotebook {
  /** Of the cell, when it last ran. */
  readonly notesOf: (cellId: string) => CellNotes;
  readonly values: ReadonlyMap<string, Value>;
  /** Set from outside. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly selected: ReadonlySet<string>;
}

export function createStatementNotes() {
  const cells = new Map<string, { outputs: [number, number]; usesComputer: boolean }[]>();
  const given = new Map<string, number>();
  /** Whose outputs are given now; undefined for what belongs to no single statement. */
  const current = new Map<string, { outputs: [number, number]; usesComputer: boolean } | undefined>();

  return {
    beginCell(cellId: string): void {
      cells.set(cellId, []);
      given.set(cellId, 0);
      current.delete(cellId);
    },
    begins(cellId: string, statement: Statement | undefined): void {
      const from = given.get(cellId) ?? 0;
      const note = statement && { outputs: [from, from] as [number, number], usesComputer: false };
      current.set(cellId, note);
      if (note) cells.get(cellId)?.push(note);
    },
    output(cellId: string): void {
      const count = (given.get(cellId) ?? 0) + 1;
      given.set(cellId, count);
      const note = current.get(cellId);
      if (note) note.outputs[1] = count;
    },
    of: (cellId: string): CellNotes => cells.get(cellId) ?? [],
    /** The context of a statement of the cell, which notes what is asked of it. */
    noting(cellId: string, context: VerbContext): VerbContext {
      const note = () => {
        const now = current.get(cellId);
        if (now) now.usesComputer = true;
      };
      return {
        ...context,
        get images() {
          note();
          return context.images;
        },
        get measurements() {
          note();
          return context.measurements;
        },
        get engine() {
          note();
          return context.engine;
        },
        inputs: {
          add(path) {
            note();
            context.inputs.add(path);
          },
        },
        writeFile(...written) {
          note();
          return context.writeFile(...written);
        },
      };
    },
  };
}
