/** Masks of the notebook: where they come from, and which of them are drawn on which CT. */
import { createHash } from 'node:crypto';
import type { Remark } from '../../protocol/remark.ts';
import type { Provenance } from '../../protocol/view.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { warning } from '../base/remarks.ts';
import { SOFTWARE } from '../base/software.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { ctIdentity } from '../masks/ctIdentity.ts';
import type { GivenMasks } from '../masks/givenMasks.ts';
import type { MaskFile, Masks } from '../masks/maskFile.ts';
import { type CtIdentity, matchMasks } from '../masks/matchMasks.ts';
import { editedByHand, recordsOf } from './editedByHand.ts';
import type { Named } from './named.ts';

const NAMES_SHOWN = 5;

/** The digest of each file, by its label and number as messages have them. */
export function masksProvenance({ files }: Masks): Provenance {
  const numbers = new Map<string, number>();
  const inputs = files.map(({ owner: { label }, sha256 }) => {
    const number = (numbers.get(label) ?? 0) + 1;
    numbers.set(label, number);
    return [`${label}/mask ${number}`, sha256] as const;
  });
  return {
    software: SOFTWARE,
    models: [],
    inputs: Object.fromEntries(inputs),
    parameters: editedByHand(recordsOf(files)),
  };
}

/** One CT of a cohort. */
export interface CtOfPatient {
  readonly patient: string;
  readonly series: Series;
}

export interface MasksOfCts {
  /** Those of a CT; undefined where it has none. */
  readonly of: (ct: CtOfPatient) => GivenMasks | undefined;
  /** On masks that belong to none of the CTs. */
  readonly remarks: readonly Remark[];
}

/** Which of the masks are drawn on which of the CTs. */
export async function masksOfCts(
  { name, value: { masks } }: Named<'masks'>,
  cts: readonly CtOfPatient[],
  signal: AbortSignal,
): Promise<MasksOfCts> {
  const identities: CtIdentity[] = [];
  for (const { patient, series } of cts) identities.push(await ctIdentity(patient, series, signal));
  const { of, unmatched } = matchMasks(masks.files, identities);
  const masksAt = new Map(
    cts.flatMap(({ patient, series }, n) =>
      of[n]!.length > 0 ? [[nameOfCt(patient, series), given(name, of[n]!, identities[n]!)] as const] : [],
    ),
  );
  const labels = [...new Set(unmatched.map(({ owner }) => owner.label))];
  const remarks = labels.length
    ? [
        {
          ...warning(
            'mask-unmatched',
            `${counted(unmatched.length, 'mask')} of \`${name}\` ${unmatched.length === 1 ? 'is' : 'are'} of no CT here (${atMost(labels, NAMES_SHOWN)}). A mask belongs to a CT by the UIDs of DICOM, or by the patient’s label: the name of a folder that it lies in, or the beginning or the end of its file’s name.`,
          ),
          patients: labels,
        },
      ]
    : [];
  return {
    of: ({ patient, series }) => masksAt.get(nameOfCt(patient, series)),
    remarks,
  };
}

function nameOfCt(patient: string, { id }: Series): string {
  return JSON.stringify([patient, id]);
}

export interface MasksOfMasks {
  /** The label of the left side, and the masks of both. */
  readonly pairs: readonly (readonly [label: string, left: GivenMasks, right: GivenMasks])[];
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
}

/** Masks of two names that are of the same patient, by their labels or by the UIDs of what they were drawn on. */
export function masksOfMasks(left: Named<'masks'>, right: Named<'masks'>): MasksOfMasks {
  const byLabel = [...Map.groupBy(left.value.masks.files, ({ owner }) => owner.label)];
  const identities = byLabel.map(
    ([label, [file]]): CtIdentity => ({
      patient: label,
      series: 'masks',
      seriesUid: file!.owner.seriesUids?.[0],
      studyUid: file!.owner.studyUid,
      frameOfReferenceUid: file!.owner.frameOfReferenceUid,
      patientId: file!.owner.patientId,
    }),
  );
  const { of, unmatched } = matchMasks(right.value.masks.files, identities);
  const matched = byLabel.map(([label, files], n) => ({ label, files, others: of[n]!, identity: identities[n]! }));
  return {
    pairs: matched.flatMap(({ label, files, others, identity }) =>
      others.length ? [[label, given(left.name, files, identity), given(right.name, others, identity)] as const] : [],
    ),
    onlyLeft: matched.flatMap(({ label, others }) => (others.length ? [] : [label])),
    onlyRight: [...new Set(unmatched.map(({ owner }) => owner.label))],
  };
}

/** Some masks of a name for one CT. */
function given(name: string, files: readonly MaskFile[], ct: CtIdentity): GivenMasks {
  const { frameOfReferenceUid, patientId } = ct;
  const parts = files.map(({ sha256, segments }) => [sha256, segments]);
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return { name, files, digest, frameOfReferenceUid, patientId };
}
