/** The methods that language models in VS Code are given as tools, and what the user is asked before one changes or runs something. */
import { atMost } from '../words/lists.ts';
import type { ServedMethod, ServedParameters } from './methods.ts';

interface AgentTool {
  /** As VS Code and package.json know it. */
  readonly name: string;
  readonly title: string;
  /** For the model: when to use it, and what it answers. */
  readonly description: string;
  /** Changes the notebook, or runs something: VS Code asks the user before. */
  readonly changes: boolean;
}

export const AGENT_TOOLS = {
  cells: {
    name: 'lungnb_cells',
    title: 'List Cells',
    description:
      'Lists the cells of a LungNB notebook (chest CT measurements, readers, agreement): number, kind, source, and for code its state (not-run, done, failed, cancelled, out-of-date).',
    changes: false,
  },
  names: {
    name: 'lungnb_names',
    title: 'List Results',
    description:
      'Lists the named results and parameters that a LungNB notebook holds now: kind, what each holds, its columns, and the cell that made it.',
    changes: false,
  },
  outputs: {
    name: 'lungnb_outputs',
    title: 'Read Outputs',
    description: 'Reads what a cell of a LungNB notebook shows, as text, and its problem if it failed.',
    changes: false,
  },
  result: {
    name: 'lungnb_result',
    title: 'Read Result',
    description:
      'Reads a named result of a LungNB notebook as JSON: rows, notes, statistics, provenance. Long tables come in part; `left` says what was left out.',
    changes: false,
  },
  check: {
    name: 'lungnb_check',
    title: 'Check Cells',
    description: 'Checks the cells of a LungNB notebook without running them: problems with their place and remedies.',
    changes: false,
  },
  explain: {
    name: 'lungnb_explain',
    title: 'Explain Error',
    description:
      'Explains why a cell of a LungNB notebook failed or would fail: message, line and column, what the code means, and edits that would put it right.',
    changes: false,
  },
  set: {
    name: 'lungnb_set_parameter',
    title: 'Change Parameter',
    description:
      'Gives a parameter (`param`) of a LungNB notebook another value. Cells that use it run by themselves unless the user has switched that off.',
    changes: true,
  },
  edit: {
    name: 'lungnb_edit_cell',
    title: 'Edit Cell',
    description: 'Replaces the whole text of a cell of a LungNB notebook. It does not run it.',
    changes: true,
  },
  insert: {
    name: 'lungnb_insert_cell',
    title: 'Insert Cell',
    description: 'Inserts a cell into a LungNB notebook. It does not run it.',
    changes: true,
  },
  run: {
    name: 'lungnb_run',
    title: 'Run Cells',
    description:
      'Runs cells of a LungNB notebook: some, those and what uses their results, all, or (without parameters) those that never ran, failed, or are out of date. Answers their outputs as text; stops at the first that fails.',
    changes: true,
  },
} as const satisfies Partial<Record<ServedMethod, AgentTool>>;

export type AgentMethod = keyof typeof AGENT_TOOLS;

/** What the tools have beside the parameters of their methods. */
export const NOTEBOOK_PARAMETER = {
  name: 'notebook',
  description: 'Path of the notebook within the workspace; left out, the one that is in front.',
} as const;

export interface Confirmation {
  readonly title: string;
  /** Markdown. */
  readonly message: string;
}

/** Where it will be done. */
export interface Meant {
  /** What the notebook is called. */
  readonly notebook: string;
  /** Numbers of the cells that will run. */
  readonly toRun: readonly number[];
  /** A text of the program as it will stand in the cell. */
  readonly text: (text: string) => string;
}

/** What the user is asked; undefined where nothing is changed. */
export function confirmationOf<M extends AgentMethod>(
  method: M,
  parameters: ServedParameters<M>,
  meant: Meant,
): Confirmation | undefined {
  const words: Words<M> | undefined = WORDS[method];
  return words?.(parameters, meant);
}

type Words<M extends AgentMethod> = (parameters: ServedParameters<M>, meant: Meant) => Confirmation;

const WORDS: { readonly [M in AgentMethod]?: Words<M> } = {
  set: ({ name, value }, { notebook, text }) => ({
    title: `Change the parameter ${text(name)} in ${notebook}?`,
    message: `It becomes ${code(typeof value === 'string' ? text(value) : String(value))}, and cells that use it run.`,
  }),
  edit: ({ cell, source }, { notebook, text }) => ({
    title: `Change cell ${cell} of ${notebook}?`,
    message: `Its text becomes:\n\n${block(text(source))}`,
  }),
  insert: ({ before, kind, source }, { notebook, text }) => ({
    title: `Insert a ${kind === 'markup' ? 'text' : 'code'} cell ${before === undefined ? 'at the end' : `before cell ${before}`} of ${notebook}?`,
    message: block(text(source)),
  }),
  run: (_, { notebook, toRun }) => ({
    title: `Run ${cellsInWords(toRun)} of ${notebook}?`,
    message: 'Cells read the files that they name, and write those that they export.',
  }),
};

const LISTED = 8;

function cellsInWords(cells: readonly number[]): string {
  if (cells.length === 0) return 'no cell';
  return cells.length === 1 ? `cell ${cells[0]}` : `cells ${atMost(cells.map(String), LISTED)}`;
}

/** Longer than any run of backticks within, so that nothing within ends it. */
function fence(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  return '`'.repeat(Math.max(least, longest + 1));
}

function code(text: string): string {
  const ticks = fence(text, 1);
  return `${ticks} ${text} ${ticks}`;
}

function block(text: string): string {
  const ticks = fence(text, 3);
  return `${ticks}\n${text}\n${ticks}`;
}
