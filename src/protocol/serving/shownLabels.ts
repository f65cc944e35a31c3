/** Labels of patients in what a cell shows, such as those of a file that could not be read. */
import type { NotebookOutput } from '../notebook.ts';
import { viewKind } from '../views/index.ts';
import { labelsIn } from '../views/places.ts';
import { PROBLEM } from '../views/viewKind.ts';

export function labelsShown({ view, problem }: NotebookOutput): readonly string[] {
  return [...((view && viewKind(view)?.patientLabels(view)) ?? []), ...labelsIn(problem, PROBLEM)];
}
