/** The readings that `agree` compares: each its own table, or several readers in one, told apart by a column `reader`. */
import type { ColumnTable } from 'arquero';
import type { Provenance } from '../../../protocol/view.ts';
import { classOf } from '../../base/labels.ts';
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import { DEFAULT_CUT_POINTS } from '../../tables/categories.ts';
import { rowsAt } from '../../tables/evaluate.ts';
import type { Scale } from '../../tables/scale.ts';
import { type Scores, scoresOf } from '../../tables/scores.ts';
import type { Named } from '../../values/named.ts';
import { joinedParameters } from '../../values/provenance.ts';

export type Side = Named<'measurements' | 'table'>;

/** One side per reader where a table holds several, named as they are; else the table as it is. */
export function sidesOf(tables: readonly Side[]): Side[] {
  const sides = tables.flatMap(readersIn);
  const repeated = sides.find(({ name }, n) => sides.findIndex((other) => other.name === name) !== n);
  if (repeated && tables.length < sides.length)
    throw new UserError(
      'repeated-reader',
      `There are two readings named ${repeated.name}. Give readers of different tables different names.`,
    );
  return sides;
}

function readersIn({ name, value }: Side): Side[] {
  const column = value.table.columnNames().find((c) => c.trim().toLowerCase() === 'reader');
  if (value.kind !== 'table' || column === undefined) return [{ name, value }];
  const labels = Array.from(value.table.array(column), (label) =>
    label === undefined || label === null ? '' : String(label).trim(),
  );
  const readers = [...new Set(labels)];
  if (readers.length < 2) return [{ name, value }];
  const nameless = labels.indexOf('');
  if (nameless >= 0)
    throw new UserError('no-reader', `Row ${nameless + 1} of \`${name}\` names no reader, and other rows do.`);
  return readers.map((reader) => ({
    name: reader,
    value: {
      ...value,
      table: rowsAt(
        value.table,
        labels.flatMap((label, n) => (label === reader ? [n] : [])),
      ),
    },
  }));
}

export function scoresOfSide({ name, value }: Side, scale: Scale, classes: readonly string[]): Scores {
  const own = classes.filter((c) => !classOf(c));
  const percentColumns = value.kind === 'table' ? value.percentColumns : undefined;
  const scores = scoresOf(value.table, name, { scale, own, percentColumns, only: classes });
  checkClasses({ name, value }, scores, own);
  return scores;
}

/** A class of the user's own that one side lacks altogether is a misspelling, or was not derived there. */
function checkClasses({ name, value: { table } }: Side, { rows }: Scores, own: readonly string[]): void {
  const unknown = own.find((c) => !rows.some((row) => row.class === c));
  if (unknown === undefined) return;
  const advice = suggestionFor(unknown, classesIn(table));
  throw new UserError('unknown-class', `\`${name}\` has no class \`${unknown}\`: ${advice}`);
}

/** What its column of classes has; of a wide table, its columns. */
function classesIn(table: ColumnTable): string[] {
  const columns = table.columnNames();
  const column = columns.find((own) => own.trim().toLowerCase() === 'class');
  if (column === undefined) return columns;
  return [...new Set(Array.from(table.array(column), String))].map((text) => classOf(text) ?? text);
}

export function cutPointsOf(left: Side, right: Side): readonly number[] {
  const [a, b] = [left.value.cutPoints, right.value.cutPoints];
  if (a && b && a.join() !== b.join())
    throw new UserError(
      'cut-points',
      `\`${left.name}\` was scored at ${a.join(', ')} and \`${right.name}\` at ${b.join(', ')}. Score both at the same cut points.`,
    );
  return a ?? b ?? DEFAULT_CUT_POINTS;
}

/** Of what is made of both sides. */
export function provenanceOf(
  left: { readonly value: Pick<Side['value'], 'provenance'> },
  right: { readonly value: Pick<Side['value'], 'provenance'> },
  parameters: Provenance['parameters'],
): Provenance {
  const [a, b] = [left.value.provenance, right.value.provenance];
  const models = [...a.models, ...b.models];
  return {
    software: a.software,
    models: models.filter((model, n) => models.findIndex((m) => m.sha256 === model.sha256) === n),
    inputs: { ...a.inputs, ...b.inputs },
    parameters: { ...joinedParameters(a.parameters, b.parameters), ...parameters },
  };
}
