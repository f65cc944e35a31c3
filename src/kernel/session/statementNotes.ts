/** What each statement of each cell did when it last ran: which outputs it gave, and whether it needed what only this computer has. */
import { createHash, type Hash } from 'node:crypto';
import type { OutputNotice } from '../../protocol/kernelApi.ts';
import type { Value } from '../values/value.ts';
import type { VerbContext } from '../verbs/verb.ts';
import type { Results } from './results.ts';
import type { RunnerParts } from './runner.ts';

export interface StatementNote {
  /** Places of its outputs among those of the cell. */
  readonly outputs: readonly [from: number, to: number];
  /** It asked for CTs, their measurements or files, or wrote some. */
  readonly usesComputer: boolean;
}

interface OpenNote {
  readonly outputs: [from: number, to: number];
  usesComputer: boolean;
}

/** In the order of the statements that began. */
export type CellNotes = readonly StatementNote[];

/** What is left of the runs of a notebook's cells. */
export interface RanNotebook {
  /** SHA-256 of the JSON of what the cell has shown when it last ran; undefined where it has not. */
  readonly shownBy: (cellId: string) => string | undefined;
  /** Of the cell, when it last ran. */
  readonly notesOf: (cellId: string) => CellNotes;
  readonly values: ReadonlyMap<string, Value>;
  /** Set from outside. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly selected: ReadonlySet<string>;
}

export function createStatementNotes() {
  const cells = new Map<string, OpenNote[]>();
  /** How many outputs a cell has given. */
  const given = new Map<string, number>();
  const shown = new Map<string, Hash>();
  /** Whose outputs are given now; undefined for what belongs to no single statement. */
  const current = new Map<string, OpenNote | undefined>();

  function output({ cellId, view }: OutputNotice): void {
    shown.get(cellId)?.update(JSON.stringify(view));
    const count = (given.get(cellId) ?? 0) + 1;
    given.set(cellId, count);
    const note = current.get(cellId);
    if (note) note.outputs[1] = count;
  }

  return {
    /** The parts of a runner, which is then noted. */
    noted: (parts: RunnerParts): RunnerParts => ({
      ...parts,
      beginsCell(cellId) {
        cells.set(cellId, []);
        given.set(cellId, 0);
        shown.set(cellId, createHash('sha256'));
        current.delete(cellId);
      },
      begins(cellId, statement) {
        const from = given.get(cellId) ?? 0;
        const note: OpenNote | undefined = statement && { outputs: [from, from], usesComputer: false };
        current.set(cellId, note);
        if (note) cells.get(cellId)?.push(note);
      },
      contextOf: (task, here, own) =>
        noting(parts.contextOf(task, here, own), () => {
          const note = current.get(here.cellId);
          if (note) note.usesComputer = true;
        }),
      events: {
        ...parts.events,
        output(notice) {
          output(notice);
          parts.events.output?.(notice);
        },
      },
    }),
    ran: (results: Results, parameters: RanNotebook['parameters']): RanNotebook => ({
      shownBy: (cellId) => shown.get(cellId)?.copy().digest('hex'),
      notesOf: (cellId) => cells.get(cellId) ?? [],
      values: results.values(),
      parameters,
      selected: results.selected(),
    }),
  };
}

/** The context, and a call whenever it is asked for CTs or files. */
function noting(context: VerbContext, note: () => void): VerbContext {
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
}
