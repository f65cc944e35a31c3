/** The sides of an agreement as they were read: their scores, and who had been left out of them before. */
import { REGIONS } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { classLabel } from '../../../protocol/words/displayNames.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { info } from '../../base/remarks.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Scale } from '../../tables/scale.ts';
import { regionClassKey, type ScoreRow, type Scores } from '../../tables/scores.ts';
import { ownClassesIn } from '../../values/measuredClasses.ts';
import { labelsByNumber } from '../../values/patientLabels.ts';
import { type Side, scoresOfSide } from './agreeSides.ts';
import { classesAsked } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';

/** Whose values a side holds. */
export interface PatientsRead {
  readonly name: string;
  readonly scores: { readonly rows: readonly { readonly patient: string }[]; readonly patients: ReadonlySet<string> };
  /** Patients who were left out of this side, with the reason. */
  readonly excluded: ReadonlyMap<string, string>;
}

export interface Reading extends PatientsRead {
  readonly scores: Scores;
  /** Classes that a network brings beside the six, and that every side has; none where classes are named. */
  readonly ownClasses: readonly string[];
}

/** In the order of the sides; labels are those of the first side where `matching numbers` finds them. */
export function readingsOf(
  sides: readonly Side[],
  scale: Scale,
  asked: Pick<AgreeArguments, 'for' | 'matching'>,
): Reading[] {
  const ownClasses = classesAsked(asked) === undefined ? ownClassesShared(sides) : [];
  const readings = sides.map(
    (side): Reading => ({
      name: side.name,
      ownClasses,
      scores: scoresOfSide(side, scale, [...asked.for, ...ownClasses]),
      excluded: excludedFrom(side),
    }),
  );
  if (!asked.matching) return readings;
  const labels = labelsByNumber(readings.map(({ name, scores }) => ({ name, labels: [...scores.patients] })));
  return readings.map((reading, n) => relabelled(reading, labels[n]!));
}

/** Of what the networks of a side bring, what the tables of all others have too. */
function ownClassesShared(sides: readonly Side[]): string[] {
  const brought = sides.flatMap(({ value }) => ownClassesIn(value).map(({ name }) => name));
  if (brought.length === 0) return [];
  const known = sides.map(({ value: { table } }) => {
    const columns = table.columnNames();
    const named = columns.includes('class') ? rowsOf(table).map((row) => String(row.class ?? '')) : columns;
    return new Set(named.map((text) => text.trim().toLowerCase().replaceAll(' ', '-')));
  });
  return [...new Set(brought)].filter((name) => known.every((names) => names.has(name)));
}

/** The classes that are named; else those that any side has read, since of the others there is nothing to say. */
export function classesCompared(
  asked: Pick<AgreeArguments, 'for'>,
  readings: readonly Reading[],
): { readonly classes: readonly string[]; readonly remarks: readonly Remark[] } {
  if (classesAsked(asked) !== undefined) return { classes: asked.for, remarks: [] };
  const all = [...asked.for, ...(readings[0]?.ownClasses ?? [])];
  const isRead = (name: string) =>
    readings.some(({ scores }) => REGIONS.some((region) => scores.byPlace.has(regionClassKey(region, name))));
  const [classes, unread] = [all.filter(isRead), all.filter((name) => !isRead(name))];
  if (classes.length === 0 || unread.length === 0) return { classes: all, remarks: [] };
  const said = `No side has a reading of ${allOf(unread.map(classLabel))}: not compared.`;
  return { classes, remarks: [info('unread-class', said)] };
}

/** Who is no longer in a side, by the steps that led to it. */
export function excludedFrom({ value }: Side): Map<string, string> {
  const steps = value.flow?.steps ?? [];
  return new Map(steps.flatMap(({ reason, excluded }) => excluded.map((patient) => [patient, reason] as const)));
}

function relabelled(reading: Reading, labels: ReadonlyMap<string, string>): Reading {
  const labelOf = (patient: string) => labels.get(patient) ?? patient;
  const withLabel = (row: ScoreRow): ScoreRow => ({ ...row, patient: labelOf(row.patient) });
  const { scores, excluded } = reading;
  return {
    ...reading,
    scores: {
      ...scores,
      rows: scores.rows.map(withLabel),
      byPlace: new Map(
        [...scores.byPlace].map(([place, rows]) => [
          place,
          new Map([...rows].map(([patient, row]) => [labelOf(patient), withLabel(row)])),
        ]),
      ),
      patients: new Set([...scores.patients].map(labelOf)),
    },
    excluded: new Map([...excluded].map(([patient, reason]) => [labelOf(patient), reason])),
  };
}

/** Everybody of any side but those who were left out of one, in the order of the sides. */
export function patientsOfReadings(readings: readonly PatientsRead[]): {
  patients: string[];
  excluded: ReadonlySet<string>;
} {
  const excluded = new Set(
    readings.flatMap((reading) =>
      [...reading.excluded.keys()].filter((patient) => !reading.scores.patients.has(patient)),
    ),
  );
  const all = new Set(readings.flatMap(({ scores }) => [...scores.patients]));
  return { patients: [...all].filter((patient) => !excluded.has(patient)), excluded };
}

/** Who stands in one side and was left out of another, with the reason. */
export function excludedRemarks(readings: readonly PatientsRead[], excluded: ReadonlySet<string>): Remark[] {
  return readings.flatMap(({ name, excluded: own }) => {
    const others = readings.filter((other) => other.name !== name);
    const found = [...own].filter(
      ([patient]) => excluded.has(patient) && others.some(({ scores }) => scores.patients.has(patient)),
    );
    return [...Map.groupBy(found, ([, reason]) => reason)].map(([reason, patients]) =>
      info(
        'excluded-patients',
        `Left out of \`${name}\` before ("${reason}"), and so not counted as missing: ${patients.map(([patient]) => patient).join(', ')}.`,
      ),
    );
  });
}
