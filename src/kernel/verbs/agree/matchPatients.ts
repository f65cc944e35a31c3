/** Whom two readings have in common, and what to say of those whom only one has. */
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { canMatchNumbers, spelledOtherwise } from '../../values/patientLabels.ts';
import { excludedRemarks, type PatientsRead, patientsOfReadings } from './readings.ts';

export interface MatchedPatients {
  /** Of either side, but those who were left out of one before. */
  readonly patients: string[];
  readonly excluded: ReadonlySet<string>;
  readonly remarks: Remark[];
}

/** With warnings that name those of one side only, and those who have no score. */
export function matchPatients(left: PatientsRead, right: PatientsRead): MatchedPatients {
  const { patients, excluded } = patientsOfReadings([left, right]);
  const unscored = [left, right].find(({ scores }) => scores.rows.length === 0);
  if (unscored)
    throw new UserError('no-scores', `\`${unscored.name}\` holds no score: all its cells for them are empty.`);
  const [a, b] = [left, right].map(({ scores }) => patients.filter((patient) => scores.patients.has(patient)));
  const onlyLeft = a!.filter((patient) => !right.scores.patients.has(patient));
  const onlyRight = b!.filter((patient) => !left.scores.patients.has(patient));
  const spelled = spelledOtherwise(onlyLeft, onlyRight);
  const byNumber = canMatchNumbers(onlyLeft, onlyRight);
  if (onlyLeft.length === a!.length) throw noCommonPatient([left.name, a!], [right.name, b!], spelled, byNumber);
  return {
    patients,
    excluded,
    remarks: [
      ...excludedRemarks([left, right], excluded),
      ...notIn(onlyLeft, left.name, right.name),
      ...notIn(onlyRight, right.name, left.name),
      ...withoutScore(left, patients),
      ...withoutScore(right, patients),
      ...(spelled === undefined ? [] : [spellingWarning(right.name, spelled, byNumber)]),
    ],
  };
}

const MATCHING = 'matching numbers';

function noCommonPatient(
  [left, a]: readonly [string, readonly string[]],
  [right, b]: readonly [string, readonly string[]],
  spelled: string | undefined,
  byNumber: boolean,
): UserError {
  const offered = byNumber ? ` \`${MATCHING}\` takes those for the same that have the same number.` : '';
  const advice =
    spelled === undefined
      ? `Write the same labels in both.${offered}`
      : `Labels must be equal to the letter, and \`${right}\` has ${spelled}.${offered}`;
  const error = new UserError(
    'no-common-patient',
    `\`${left}\` and \`${right}\` have no patient in common: \`${left}\` has ${someOf(a)}, \`${right}\` has ${someOf(b)}. ${advice}`,
  );
  return byNumber ? error.mendedBy(MATCHING) : error;
}

function notIn(patients: readonly string[], here: string, there: string): Remark[] {
  if (patients.length === 0) return [];
  const are = patients.length === 1 ? 'is' : 'are';
  const said = `${counted(patients.length, 'patient')} of \`${here}\` ${are} not in \`${there}\` and counted as missing: ${someOf(patients)}.`;
  return [warning('unmatched-patients', said)];
}

/** Who stands in a table and has no value in it, whatever the class. */
function withoutScore({ name, scores }: PatientsRead, patients: readonly string[]): Remark[] {
  const scored = patientsIn(scores.rows);
  const empty = patients.filter((patient) => scores.patients.has(patient) && !scored.has(patient));
  if (empty.length === 0) return [];
  const are = empty.length === 1 ? 'is' : 'are';
  const said = `${counted(empty.length, 'patient')} of \`${name}\` ${empty.length === 1 ? 'has' : 'have'} no value in it and ${are} counted as missing: ${someOf(empty)}.`;
  return [warning('unscored-patients', said)];
}

/** Most rows are of the same patient as the row before. */
function patientsIn(rows: PatientsRead['scores']['rows']): ReadonlySet<string> {
  const found = new Set<string>();
  let last: string | undefined;
  for (const { patient } of rows) {
    if (patient !== last) found.add(patient);
    last = patient;
  }
  return found;
}

function spellingWarning(name: string, spelled: string, byNumber: boolean): Remark {
  return warning(
    'patient-spelling',
    `The same patients spelled otherwise? \`${name}\` has ${spelled}. Labels must be equal to the letter${byNumber ? `, or \`${MATCHING}\` written` : ''}.`,
  );
}

function someOf(names: readonly string[]): string {
  return atMost(names, 10);
}
