/** Studies of one patient, years apart or of one day: which one a series is of, and that only one is measured. */
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import type { FoundFile } from '../files/scan.ts';
import { sourceKey } from '../files/sourceKey.ts';
import type { Patient, Series } from './cohort.ts';

const NAMES_SHOWN = 5;

/** Series with the number of their study, by date and time as far as the files have them, where there are several. */
export function numberedStudies(series: readonly Series[], dicom: readonly FoundFile[]): Series[] {
  const studies = new Map<string, { readonly uid: string; readonly at: string }>();
  const ofSource = new Map<string, string>();
  for (const { source, header } of dicom)
    if (header.studyInstanceUid !== undefined) {
      const uid = header.studyInstanceUid;
      if (!studies.has(uid)) studies.set(uid, { uid, at: `${header.studyDate ?? ''} ${header.studyTime ?? ''}` });
      ofSource.set(sourceKey(source), uid);
    }
  const uidOf = ({ sources }: Series) => ofSource.get(sourceKey(sources[0]!));
  const used = new Set(series.map(uidOf).filter((uid) => uid !== undefined));
  if (used.size < 2) return [...series];
  const order = [...studies.values()].filter(({ uid }) => used.has(uid)).sort((a, b) => a.at.localeCompare(b.at));
  return series.map((one) => {
    const at = order.findIndex(({ uid }) => uid === uidOf(one));
    return at === -1 ? one : { ...one, study: at + 1 };
  });
}

/** Said once for all patients of whom it is true: of one visit, where they have several. */
export function severalStudies(patients: readonly Patient[]): Remark[] {
  const isOfSeveral = ({ series }: Patient) =>
    [...Map.groupBy(series, ({ visit }) => visit).values()].some(
      (own) => new Set(own.flatMap(({ study }) => study ?? [])).size > 1,
    );
  const labels = patients.filter(isOfSeveral).map(({ id }) => id);
  if (labels.length === 0) return [];
  const visit = patients.some(({ series }) => series.some((one) => one.visit !== undefined)) ? 'visit' : 'patient';
  return [
    warning(
      'several-studies',
      `${counted(labels.length, 'patient has', 'patients have')} CTs of several studies${visit === 'visit' ? ' of one visit' : ''} (${atMost(labels, NAMES_SHOWN)}). One series of each ${visit} is measured: the best one, whichever study it is of, and of equals that of the earlier study. Choose by \`load … series\`, or give each study a row of its own in a manifest; \`load … visits studies\` makes a visit of each.`,
    ),
  ];
}
