/** Whom two readings have in common, and what to say of those whom only one has. */
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { spelledOtherwise } from '../../values/patientLabels.ts';

/** What a reading is looked through for. */
interface Reading {
  readonly rows: readonly { readonly patient: string }[];
}

/** All patients of either side, with a warning that names those of one side only. */
export function matchPatients(
  left: string,
  right: string,
  readings: readonly [Reading, Reading],
): { patients: string[]; remarks: Remark[] } {
  const [a, b] = [patientsIn(readings[0]), patientsIn(readings[1])];
  const [inLeft, inRight] = [new Set(a), new Set(b)];
  const onlyLeft = a.filter((patient) => !inRight.has(patient));
  const onlyRight = b.filter((patient) => !inLeft.has(patient));
  const unscored = a.length === 0 ? left : b.length === 0 ? right : undefined;
  if (unscored !== undefined)
    throw new UserError('no-scores', `\`${unscored}\` holds no score: all its cells for them are empty.`);
  const spelled = spelledOtherwise(onlyLeft, onlyRight);
  if (onlyLeft.length === a.length)
    throw new UserError(
      'no-common-patient',
      `\`${left}\` and \`${right}\` have no patient in common: \`${left}\` has ${someOf(a)}, \`${right}\` has ${someOf(b)}. ${spelled === undefined ? 'Write the same labels in both.' : `Labels must be equal to the letter, and \`${right}\` has ${spelled}.`}`,
    );
  const warn = (names: string[], here: string, there: string): Remark[] =>
    names.length
      ? [
          warning(
            'unmatched-patients',
            `${counted(names.length, 'patient')} of \`${here}\` ${names.length === 1 ? 'is' : 'are'} not in \`${there}\` and counted as missing: ${someOf(names)}.`,
          ),
        ]
      : [];
  return {
    patients: [...a, ...onlyRight],
    remarks: [
      ...warn(onlyLeft, left, right),
      ...warn(onlyRight, right, left),
      ...(spelled === undefined ? [] : [spellingWarning(right, spelled)]),
    ],
  };
}

function spellingWarning(name: string, spelled: string): Remark {
  return warning(
    'patient-spelling',
    `The same patients spelled otherwise? \`${name}\` has ${spelled}. Labels must be equal to the letter.`,
  );
}

function someOf(names: readonly string[]): string {
  return atMost(names, 10);
}

function patientsIn({ rows }: Reading): string[] {
  return [...new Set(rows.map((row) => row.patient))];
}
