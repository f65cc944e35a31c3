/** The reports of two CTs side by side, and what the second has more or less than the first. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { shownClasses } from '../../protocol/shownClasses.ts';
import { Button } from '../controls.tsx';
import { isAxialScrolled } from './keptSlices.ts';
import { goToSlice } from './planes.ts';
import { Report } from './report.tsx';
import { reportDifference } from './reportDifference.ts';
import { classesIn, type Viewer } from './viewer.ts';

/** One table at a time, and letters that lead to the slice with most of a class in the CT that the table is of. */
export function Reports({ viewer }: { readonly viewer: Viewer }): JSX.Element | null {
  const { view } = viewer;
  const { report, beside } = view;
  const chosen = useSignal<'first' | 'beside' | 'difference'>('first');
  const other = beside?.view.report;
  if (!report) return null;
  if (!other) return <Report classes={classesIn(view)} report={report} onJump={jumpOf(viewer, 0)} />;
  const names = namesBeside(viewer);
  const choices = [
    { value: 'first', label: names[0], shown: report },
    { value: 'beside', label: names[1], shown: other },
    { value: 'difference', label: 'Difference', shown: reportDifference(report, other) },
  ] as const;
  const { shown, value } = choices.find(({ value: of }) => of === chosen.value)!;
  return (
    <div class="reports">
      <fieldset class="group" aria-label="Report of">
        {choices.map((choice) => (
          <Button
            key={choice.value}
            label={choice.label}
            pressed={choice.value === value}
            testId={`report-${choice.value}`}
            onClick={() => {
              chosen.value = choice.value;
            }}
          />
        ))}
      </fieldset>
      <Report
        classes={
          value === 'difference' ? classesIn(view) : shownClasses((value === 'first' ? view : beside.view).ownClasses)
        }
        report={shown}
        {...(value === 'difference'
          ? { caption: `${names[1]} less ${names[0]}, in percentage points`, isDifference: true }
          : {})}
        onJump={jumpOf(viewer, value === 'beside' ? 1 : 0)}
      />
    </div>
  );
}

/** What tells the two CTs apart: patients, else series, else what is laid over them, else which one stands where. */
export function namesBeside({ view }: Pick<Viewer, 'view'>): readonly [string, string] {
  const other = view.beside?.view;
  if (other && other.patient !== view.patient) return [view.patient, other.patient];
  if (other && other.series !== view.series) return [view.series, other.series];
  // Two cohorts may have the same labels.
  const [first, second] = [view.overlayName, other?.overlayName];
  return first && second && first !== second ? [first, second] : ['Left', 'Right'];
}

/** Undefined where a file by itself has no other slice. */
function jumpOf(viewer: Viewer, pane: number): ((name: string) => void) | undefined {
  const of = viewer.panes.value[viewer.link ? pane : 0];
  return of && isAxialScrolled(of) ? (name) => jumpToMost(viewer, pane, name) : undefined;
}

/** Shows the axial slice with most of a class. */
function jumpToMost(viewer: Viewer, pane: number, name: string): void {
  if (viewer.link) viewer.active.value = viewer.panes.peek()[pane]!;
  const percent = viewer.active.peek().series.view.axialPercent?.[name];
  if (percent) goToSlice(viewer, 'axial', percent.indexOf(Math.max(...percent)));
}
