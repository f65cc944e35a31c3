/** Checks cells without running them: unknown names, names of the wrong kind, names defined in two cells, cells that need each other. */

import type { CellRemark, QuickFix, RemarkInCell } from '../../protocol/kernelApi.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { nearest, suggestionFor } from '../base/suggestion.ts';
import { type ValueKind, wrongKindMessage } from '../values/value.ts';
import { type Around, type Held, NOTHING_AROUND } from './around.ts';
import { heldBy, unheldIn } from './checkHeld.ts';
import { type Circle, circleThrough } from './circle.ts';
import { leavesOf } from './clauses/clause.ts';
import { type CellNames, type NameUse, namesInValue, namesOfCells } from './dependencies.ts';
import { mistakeIn } from './expression.ts';
import { idleClauses } from './forms.ts';
import { type Statement, valuesIn } from './nodes.ts';
import { parseCell, type SourceCell, type VerbTable } from './parser.ts';
import { type Extent, spanInWhole, toSourceSpan } from './spans.ts';

export interface Definition {
  readonly cell: number;
  /** What the name may stand for, as far as that can be told without running; none where it cannot. */
  readonly kinds: readonly ValueKind[];
  /** What it holds, as far as that is known before it runs. */
  readonly held?: Held | undefined;
}

type Names = Map<string, Definition>;

/** The names that cells define, with what they may stand for; cells are given in the order of the notebook. */
export function definitionsIn(cells: readonly SourceCell[], verbs: VerbTable): ReadonlyMap<string, Definition> {
  return check(cells, verbs).names;
}

/** Why a cell cannot define a name; `earlier` and `here` are numbers of cells. */
export function twiceDefinedMessage(name: string, earlier: number, here: number): string {
  return `\`${name}\` is already defined in cell ${earlier}, and here in cell ${here}: give one of them another name.`;
}

/** The number of a cell, as the user counts. */
export function numberOf(cells: readonly SourceCell[], cell: number): number {
  return cells[cell]?.number ?? cell + 1;
}

/** Problems in the order of cells. */
export function checkCells(
  cells: readonly SourceCell[],
  verbs: VerbTable,
  around: Around = NOTHING_AROUND,
): RemarkInCell[] {
  return check(cells, verbs, around).problems;
}

function check(
  cells: readonly SourceCell[],
  verbs: VerbTable,
  around = NOTHING_AROUND,
): { names: Names; problems: RemarkInCell[] } {
  const names: Names = new Map();
  const parameters = new Set<string>();
  let found: readonly CellNames[] | undefined;
  const all = () => {
    found ??= namesOfCells(cells, verbs);
    return found;
  };
  const problems = cells.flatMap(({ cellId, source }, cell) => {
    const { statements, mistakes, lostNames } = parseCell(source, verbs, parameters);
    const problems = mistakes.map(
      ({ code, message, span, meant }): CellRemark => ({
        code,
        message,
        ...(span ? { span } : {}),
        ...(span && meant !== undefined ? { fixes: [changeTo(meant, span)] } : {}),
      }),
    );
    const report = (code: RemarkCode, message: string, extent: Extent, fixes: readonly QuickFix[] = []) =>
      problems.push({ code, message, span: toSourceSpan(source, extent), ...(fixes.length ? { fixes } : {}) });
    for (const statement of statements) {
      for (const use of valuesIn(statement).flatMap(namesInValue))
        checkName(use, { cell, cells, verbs, names, all, report });
      for (const node of valuesIn(statement).flatMap(leavesOf)) {
        const mistake = node.source === undefined ? undefined : mistakeIn(node.source);
        if (mistake?.span)
          problems.push({
            code: mistake.code,
            message: mistake.message,
            span: spanInWhole(toSourceSpan(source, node), mistake.span),
          });
      }
      reportIdleClauses(statement, { cell, cells, names, report }, verbs);
      const verb = verbs.get(statement.verb);
      const context = { cellId, names, around };
      for (const { code, message, extent, meant } of verb ? unheldIn(statement, verb, context) : [])
        report(code, message, extent, meant === undefined ? [] : [changeTo(meant, toSourceSpan(source, extent))]);
      define(statement, verb && heldBy(statement, verb, context), { cell, cells, names, report }, verbs);
    }
    for (const name of lostNames) if (!names.has(name)) names.set(name, { cell, kinds: [] });
    for (const { name } of statements)
      if (name && names.get(name.text)?.kinds.includes('parameter')) parameters.add(name.text);
    return problems.sort(byPlace).map((problem) => ({ cellId, problem }));
  });
  return { names, problems };
}

type Report = (code: RemarkCode, message: string, extent: Extent, fixes?: readonly QuickFix[]) => void;

interface InCell {
  readonly cell: number;
  readonly cells: readonly SourceCell[];
  /** Names that are defined so far. */
  readonly names: Names;
  readonly report: Report;
}

/** `all`: what every cell defines and uses, those below included. */
function checkName(
  node: NameUse,
  {
    cell,
    cells,
    verbs,
    names,
    all,
    report,
  }: InCell & { readonly verbs: VerbTable; readonly all: () => readonly CellNames[] },
): void {
  const found = names.get(node.name);
  if (found) {
    if (found.kinds.length && !found.kinds.some((kind) => node.of.includes(kind)))
      report('wrong-kind', wrongKindMessage(node.name, found.kinds, node.of), node);
    return;
  }
  const below = all().findIndex(({ defines }) => defines.has(node.name));
  if (below >= 0) {
    const circle = circleThrough(all(), cell, node.name);
    if (circle) report('circle', circleMessage(circle, cells), node);
    else report('used-before', usedBeforeMessage(node.name, below, cell, cells), node);
    return;
  }
  const known = [...names.keys()];
  const meant = nearest(node.name, known);
  report(
    'unknown-name',
    `\`${node.name}\` is not defined in this or an earlier cell: ${suggestionFor(node.name, known)}`,
    node,
    [
      ...(meant === undefined ? [] : [changeTo(meant, toSourceSpan(cells[cell]!.source, node))]),
      ...loadFirst(node.name, verbs),
    ],
  );
}

function usedBeforeMessage(name: string, definer: number, cell: number, cells: readonly SourceCell[]): string {
  return definer === cell
    ? `\`${name}\` is defined further down in this cell: move that line up.`
    : `\`${name}\` is defined below, in cell ${numberOf(cells, definer)}: move that cell above this one.`;
}

function circleMessage(circle: Circle, cells: readonly SourceCell[]): string {
  const steps = circle.map(
    ({ cell, name, definer }) => `cell ${numberOf(cells, cell)} uses \`${name}\` of cell ${numberOf(cells, definer)}`,
  );
  return `These cells need each other, so that none can run first: ${steps.join(', ')}. Give one of the results another name, or leave one use out.`;
}

function changeTo(word: string, span: QuickFix['span']): QuickFix {
  return { title: `Change to \`${word}\``, span, text: word };
}

/** By the verb whose subject is a file. */
function loadFirst(name: string, verbs: VerbTable): QuickFix[] {
  const start = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
  const loader = [...verbs.values()].find(({ subject }) => subject.type.holds === 'file');
  return loader ? [{ title: `Load \`${name}\` first`, span: start, text: `${loader.name} "" as ${name}\n` }] : [];
}

/** The kind of a subject is that of the name that it begins with. */
function reportIdleClauses(statement: Statement, { cell, cells, names, report }: InCell, verbs: VerbTable): void {
  const verb = verbs.get(statement.verb);
  if (!verb?.forms) return;
  const subject = namesInValue(statement.subject)[0];
  const kinds = (subject && names.get(subject.name)?.kinds) ?? [];
  for (const { clause, extent, message } of idleClauses(statement, verb, kinds))
    report('idle-clause', message, extent, [
      { title: `Leave out \`${clause}\``, span: toSourceSpan(cells[cell]!.source, extent), text: '' },
    ]);
}

/** `held` is what the result will hold, as far as that is known. */
function define(
  { verb, subject, name }: Statement,
  held: (Held & { readonly kinds?: readonly ValueKind[] }) | undefined,
  { cell, cells, names, report }: InCell,
  verbs: VerbTable,
) {
  if (!name) return;
  const earlier = names.get(name.text);
  if (earlier && earlier.cell !== cell) {
    report('twice-defined', twiceDefinedMessage(name.text, numberOf(cells, earlier.cell), numberOf(cells, cell)), name);
    return;
  }
  const gives = held?.kinds?.length ? held.kinds : (verbs.get(verb)?.gives ?? []);
  const taken = namesInValue(subject).flatMap((node) => names.get(node.name)?.kinds ?? []);
  const same = gives.filter((kind) => taken.includes(kind));
  names.set(name.text, { cell, kinds: same.length ? same : gives, held });
}

function byPlace(a: CellRemark, b: CellRemark): number {
  if (!a.span || !b.span) return 0;
  return a.span.startLine - b.span.startLine || a.span.startColumn - b.span.startColumn;
}
