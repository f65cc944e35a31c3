/** Where visits are folders: below the patients’ (`P01/visit1`), above them (`baseline/P01`), or in their names (`P01_visit1`). */
import { remembering } from '../../base/remembering.ts';
import { type VisitName, visitBehind, visitNameOf } from '../../base/visitName.ts';

/** Where a file lies below the folder that was loaded. */
export interface Place {
  /** The label that its place gives it where folders are patients. */
  readonly label: string;
  /** Names of all folders above it, without the one that was loaded; archives are folders. A volume’s own name is the last. */
  readonly folders: readonly string[];
}

export interface PlacedPatient {
  /** Undefined: the patient whom the loaded folder itself is of. */
  readonly patient: string | undefined;
  readonly visit: GivenVisit | undefined;
}

/** What a folder, or a row of a manifest, says of the visit of what is in it. */
export interface GivenVisit {
  readonly named?: VisitName | undefined;
  /** As it is written: two that mean the same visit are told by it. It may hold a date, and is not kept. */
  readonly written: string;
  /** Since the first visit, where a manifest says so. */
  readonly days?: number | undefined;
}

/** Whether two labels may be those of one patient, by what the files themselves say. */
export type MayBeOne = (a: string, b: string) => boolean;

export interface Layout {
  readonly of: (place: Place) => PlacedPatient;
  /** Labels that look like visits of one patient whose files are of several: they stay apart. */
  readonly apart: readonly (readonly string[])[];
}

/** Throws nothing: where folders say nothing of visits, each label is a patient. */
export function layoutOf(places: readonly Place[], isOnePerson: boolean, mayBeOne: MayBeOne): Layout {
  const outer = new Set(places.map(({ folders }) => folders[0] ?? ''));
  if (outer.size > 1 && [...outer].every((folder) => visitNameOf(folder) !== undefined))
    return { of: visitsFirst(places, isOnePerson), apart: [] };
  const labels = [...new Set(places.map(({ label }) => label))];
  const { stems, apart } = stemsOf(labels, mayBeOne);
  return {
    of: ({ label, folders }) => {
      const own = stems.get(label);
      const inner = folders
        .slice(1)
        .map(visitInside)
        .find((visit) => visit !== undefined);
      return { patient: own?.patient ?? label, visit: inner ?? (own && { named: own.visit, written: label }) };
    },
    apart,
  };
}

/** The name of a folder, or what stands behind a label in it. */
const visitInside = remembering((folder: string): GivenVisit | undefined => {
  const named = visitNameOf(folder) ?? visitBehind(folder)?.visit;
  return named && { named, written: folder };
});

/** `baseline/P01`, or the visits of one patient whose folder was loaded. */
function visitsFirst(places: readonly Place[], isOnePerson: boolean): Layout['of'] {
  const second = new Set(places.map(({ folders }) => folders[1]));
  const isOne = isOnePerson || second.has(undefined) || second.size === 1;
  return ({ folders }) => ({ patient: isOne ? undefined : folders[1], visit: visitInside(folders[0] ?? '') });
}

/**
 * Labels that end with a visit, where a patient has several of them. One patient alone must have a number in its label:
 * `CT_2019-03-02` and `CT_2020-01-10` may be anybody’s.
 */
function stemsOf(labels: readonly string[], mayBeOne: MayBeOne) {
  const found = new Map(
    labels.flatMap((label) => {
      const behind = visitBehind(label);
      return behind ? [[label, behind] as const] : [];
    }),
  );
  const byStem = [...Map.groupBy(found.keys(), (label) => found.get(label)!.patient)];
  const several = byStem.filter(
    ([stem, own]) => /\d/.test(stem) && new Set(own.map((label) => JSON.stringify(found.get(label)!.visit))).size > 1,
  );
  const apart = several.map(([, own]) => own).filter((own) => !own.every((label) => mayBeOne(own[0]!, label)));
  const stems = new Map(several.length > apart.length ? found : []);
  for (const label of apart.flat()) stems.delete(label);
  return { stems, apart };
}
