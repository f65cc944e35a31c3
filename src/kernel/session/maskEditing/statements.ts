/** The statements that measure with edited masks: those that a notebook has already, or new ones with names that are free. */
import type { CellText, MaskStatementsReply } from '../../../protocol/kernelApi.ts';
import { outlineOf } from '../../language/outline.ts';
import { isModel } from '../../lungs/means.ts';
import type { MeasuredSeries } from '../../values/value.ts';
import { VERBS } from '../../verbs/index.ts';
import { LOBE_MODEL, TEXTURE_MODEL } from '../../verbs/quantify/means.ts';

interface WrittenStatement {
  readonly cellId: string;
  readonly verb: string;
  readonly name: string | undefined;
  readonly text: string;
}

/** `folder` is that of the masks, beside the notebook; CTs without one are measured as `measured` was. */
export function maskStatements(
  cells: readonly CellText[],
  folder: string,
  { models }: Pick<MeasuredSeries, 'models'>,
): MaskStatementsReply {
  const written = statementsIn(cells);
  const loads = written.filter(({ verb, text }) => verb === 'load' && pathOf(text) === folder);
  const edited = loads.find(({ name }) => name !== undefined)?.name;
  const uses = written.filter(
    ({ verb, text }) => verb === 'quantify' && edited !== undefined && wordsOf(text).includes(edited),
  );
  if (uses.length) return { cellIds: [...new Set([...loads, ...uses].map(({ cellId }) => cellId))] };
  const cohort = cohortIn(written);
  if (cohort === undefined)
    return {
      problem: 'The notebook has no statement that loads a cohort of CTs, which the masks could be measured on.',
    };
  const taken = new Set(written.flatMap(({ name }) => name ?? []));
  const name = edited ?? freeName('edited', taken);
  const result = freeName('corrected', taken);
  const [lobes, textures] = [models.lobes, models.textures].map((by, n) =>
    isModel(by) ? by.manifest.id : [LOBE_MODEL, TEXTURE_MODEL][n]!,
  );
  const lines = [
    ...(edited === undefined ? [`load "${folder}/" as ${name}`] : []),
    `quantify ${cohort} lobes from ${name} else "${lobes}" textures from ${name} else "${textures}" as ${result}`,
  ];
  return { source: lines.join('\n') };
}

function statementsIn(cells: readonly CellText[]): WrittenStatement[] {
  const texts = new Map(cells.map(({ cellId, source }) => [cellId, source.split('\n')]));
  return outlineOf(cells, VERBS).flatMap(({ cellId, statements }) =>
    statements.map(({ verb, name, span }) => {
      const lines = texts.get(cellId)!.slice(span.startLine, span.endLine + 1);
      const last = lines.length - 1;
      lines[last] = lines[last]!.slice(0, span.endColumn);
      lines[0] = lines[0]!.slice(span.startColumn);
      return { cellId, verb, name, text: lines.join('\n') };
    }),
  );
}

function pathOf(text: string): string | undefined {
  return /^load\s+"([^"]*)"/.exec(text)?.[1]?.replace(/^\.[\\/]|[\\/]+$/g, '');
}

function wordsOf(text: string): string[] {
  return text.replace(/"[^"]*"|#.*/g, '').split(/[\s,]+/);
}

/** What the first `quantify` without masks measures. */
function cohortIn(written: readonly WrittenStatement[]): string | undefined {
  const all = written.filter(({ verb }) => verb === 'quantify');
  return all.flatMap(({ text }) => wordsOf(text)[1] ?? [])[0];
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}${n}`;
    if (!taken.has(name)) return name;
  }
}
