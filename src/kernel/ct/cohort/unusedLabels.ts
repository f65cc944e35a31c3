/** Labels of patients of whom nothing is used stand in no result, and yet in what is said of them. */
import type { Remark } from '../../../protocol/remark.ts';
import type { Patient } from './cohort.ts';
import type { PatientGroup } from './patientGroups.ts';

/** The problems with such labels as they name them, so that whoever shares a notebook finds them as those of its results. */
export function withUnusedLabels(
  problems: readonly Remark[],
  groups: readonly Pick<PatientGroup, 'label'>[],
  patients: readonly Patient[],
): Remark[] {
  const used = new Set(patients.map(({ id }) => id));
  // A folder of several people is called by its own name as well, without their numbers.
  const mixed = problems.flatMap(({ code, message }) =>
    code === 'mixed-patients' ? (/^"(.+)" mixes /.exec(message)?.[1] ?? []) : [],
  );
  const unused = [...new Set([...groups.map(({ label }) => label), ...mixed])].filter(
    (label) => label !== '' && !used.has(label),
  );
  return problems.map((problem) => {
    const named = unused.filter((label) => names(problem.message, label));
    return named.length ? { ...problem, patients: named } : problem;
  });
}

/** True where the label stands in the text as a word of its own. */
function names(text: string, label: string): boolean {
  const isPart = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  for (let at = text.indexOf(label); at !== -1; at = text.indexOf(label, at + 1))
    if (!isPart(text[at - 1]) && !isPart(text[at + label.length])) return true;
  return false;
}
