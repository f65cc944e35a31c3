/** A Plotly figure that follows the theme and the cell's width. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FigureView } from '../../protocol/view.ts';
import { ProvenanceDetails } from '../footer.tsx';
import type { Messaging } from '../messaging.ts';
import { Prose } from '../prose.tsx';
import { onThemeChange } from '../theme.ts';
import { panelAt, patientsAt } from './linking.ts';
import { PatientList } from './patientList.tsx';

export interface FigureProperties {
  readonly view: FigureView;
  readonly root: ShadowRoot;
  readonly messaging: Messaging;
}

/** What draws figures and tells of their points; about 1.3 MB. */
export type Drawing = typeof import('./drawing.ts');

export function FigureOutput({
  view,
  root,
  messaging,
  drawing: { drawFigure, clearFigure, listenToPoints },
}: FigureProperties & { readonly drawing: Drawing }): JSX.Element {
  const place = useRef<HTMLElement>(null);
  const selected = messaging.selection.patients.value;
  const [panel, setPanel] = useState(0);
  // Not after the browser has painted the old figure once more.
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => drawFigure(element, root, view, selected);
    draw();
    const stopTheme = onThemeChange(draw);
    let lastWidth = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === lastWidth) return;
      lastWidth = element.clientWidth;
      draw();
    });
    observer.observe(element);
    return () => {
      stopTheme();
      observer.disconnect();
    };
  }, [view, root, selected]);
  useEffect(() => {
    const element = place.current;
    const { patients } = view;
    if (!element || !patients) return;
    return listenToPoints(element, (points, how) => {
      const chosen = points.flatMap((point) => patientsAt(patients, point));
      if (how === 'toggled') for (const patient of new Set(chosen)) messaging.selection.toggle(patient);
      else messaging.selection.set(how === 'added' ? [...messaging.selection.patients.peek(), ...chosen] : chosen);
      const clicked = points[0] && panelAt(points[0]);
      if (clicked !== undefined) setPanel(clicked);
    });
  }, [view, messaging]);
  useEffect(() => {
    const element = place.current;
    return () => {
      if (element) clearFigure(element);
    };
  }, []);
  return (
    <section class="output figure-output" data-testid="figure">
      <h3>{view.title}</h3>
      <figure class={`figure ${isBroad(view) ? 'broad' : ''}`} ref={place} aria-label={view.description} />
      {view.patients && (
        <PatientList
          linked={view.patients}
          marks={view.data.some(({ type }) => type === 'heatmap') ? 'cells' : 'points'}
          panel={Math.min(panel, view.patients.panels.length - 1)}
          onPanel={setPanel}
          messaging={messaging}
        />
      )}
      {view.notes.map((note) => (
        <p key={note} class="research-only">
          <Prose text={note} />
        </p>
      ))}
      <ProvenanceDetails provenance={view.provenance} />
    </section>
  );
}

/** Wider than a printed page. */
function isBroad({ layout }: FigureView): boolean {
  return !(typeof layout.width === 'number' && layout.width <= 700);
}
