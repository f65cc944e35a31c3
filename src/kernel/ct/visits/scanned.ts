/** When each series of a patient was scanned, in days since the first: from here on no date is known. */
import { mostCommon } from '../../base/mostCommon.ts';
import { dayOfDate, type VisitName } from '../../base/visitName.ts';
import type { Scanned, Series } from '../cohort/cohort.ts';
import type { PatientGroup } from '../cohort/patientGroups.ts';
import { sourceKey } from '../files/sourceKey.ts';
import type { GivenVisit } from './layout.ts';

interface Told {
  readonly series: Series;
  readonly given: GivenVisit | undefined;
  /** Days since 1970. */
  readonly day: number | undefined;
}

/** Series with what tells their visit, where a patient has more than one study of one day. */
export function withScanned(series: readonly Series[], { dicom, visitOf }: PatientGroup): Series[] {
  const dates = new Map(dicom.map(({ source, header }) => [sourceKey(source), header.studyDate]));
  const told = series.map((one): Told => {
    const given = visitOf?.(one.sources[0]!);
    const day = dayOfDate(mostCommon(one.sources.map((source) => dates.get(sourceKey(source)))));
    return { series: one, given, day: day ?? (given?.named?.kind === 'day' ? given.named.day : undefined) };
  });
  const days = told.flatMap(({ day }) => day ?? []);
  const isPlain =
    told.every(({ series: { study }, given }) => study === undefined && given === undefined) && new Set(days).size < 2;
  if (isPlain) return [...series];
  const first = Math.min(
    ...days,
    ...told.flatMap(({ given }) => (given?.named?.kind === 'day' ? given.named.day : [])),
  );
  const written = [...new Set(told.flatMap(({ given }) => given?.written ?? []))];
  return told.map(({ series: one, given, day }) => {
    const scanned: Scanned = {
      ...(given?.named && { named: sinceFirst(given.named, first) }),
      ...(given && { place: written.indexOf(given.written) }),
      ...(day !== undefined && { day: day - first }),
      ...(given?.days !== undefined && { days: given.days }),
    };
    return { ...one, scanned };
  });
}

function sinceFirst(named: VisitName, first: number): VisitName {
  return named.kind === 'day' ? { kind: 'day', day: named.day - first } : named;
}
