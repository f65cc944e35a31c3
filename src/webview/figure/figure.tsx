/** A Plotly figure that follows the theme and the cell's width. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FigureView } from '../../protocol/view.ts';
import { ProvenanceDetails } from '../footer.tsx';
import type { Messaging } from '../messaging.ts';
import { currentTheme, onThemeChange, PAPER } from '../theme.ts';
import { useSelection } from '../useSelection.ts';
import { panelOf, patientsAt, withSelection } from './linking.ts';
import { PatientList } from './patientList.tsx';
import { listenToPoints, Plotly } from './plotly.ts';
import { themedData, themedLayout } from './themed.ts';

export function FigureOutput({
  view,
  root,
  messaging,
}: {
  readonly view: FigureView;
  readonly root: ShadowRoot;
  readonly messaging: Messaging;
}): JSX.Element {
  const place = useRef<HTMLElement>(null);
  const selected = useSelection(messaging.selection);
  const [panel, setPanel] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      const theme = currentTheme();
      const width = element.clientWidth || 700;
      const { data, patients } = view;
      const layout = { ...themedLayout(view.layout, theme, width), uirevision: 'kept', selectionrevision: ++drawn };
      // SAFETY: the kernel writes Plotly's own data and layout; their types live in another process.
      void Plotly.react(
        element,
        themedData(patients ? withSelection(data, patients, selected) : data, theme) as never,
        layout as never,
        configFor(view) as never,
      ).then(() => adoptPlotlyStyles(root));
    };
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
    return listenToPoints(element, (points, isAdding) => {
      const chosen = points.flatMap((point) => patientsAt(patients, point));
      messaging.selection.set(isAdding ? [...messaging.selection.patients, ...chosen] : chosen);
      const clicked = points[0] && panelOf(points[0].data);
      if (clicked !== undefined) setPanel(clicked);
    });
  }, [view, messaging]);
  useEffect(() => {
    const element = place.current;
    return () => {
      if (element) Plotly.purge(element);
    };
  }, []);
  return (
    <section class="output figure-output" data-testid="figure">
      <h3>{view.title}</h3>
      <figure class={`figure ${isBroad(view) ? 'broad' : ''}`} ref={place} aria-label={view.description} />
      {view.patients && (
        <PatientList
          linked={view.patients}
          panel={Math.min(panel, view.patients.panels.length - 1)}
          onPanel={setPanel}
          messaging={messaging}
        />
      )}
      {view.notes.map((note) => (
        <p key={note} class="research-only">
          {note}
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

/** Counts drawings: points that the user marked give way to those of the notebook's selection. */
let drawn = 0;

/** The tool bar: the picture as SVG or PNG, zoom and pan. Plotly's own button that sends the data to a server is taken out, and the server's address with it. */
function configFor(view: FigureView): object {
  const marking = view.patients ? [] : ['select2d', 'lasso2d'];
  return {
    responsive: false,
    displaylogo: false,
    displayModeBar: 'hover',
    plotlyServerURL: '',
    modeBarButtonsToRemove: ['sendChartToCloud', 'toImage', ...marking, 'autoScale2d'],
    modeBarButtonsToAdd: [
      { name: 'svg', title: 'Save as SVG', icon: Plotly.Icons.disk, click: () => save(view, 'svg') },
      { name: 'png', title: 'Save as PNG', icon: Plotly.Icons.camera, click: () => save(view, 'png') },
    ],
  };
}

/** Wide enough for three panels side by side, as the notebook shows them. */
const SAVED_WIDTH = 1100;

function save({ title, data, layout }: FigureView, format: 'svg' | 'png'): void {
  const onPaper = { ...themedLayout(layout, PAPER, SAVED_WIDTH), paper_bgcolor: PAPER.background };
  // SAFETY: the kernel writes Plotly's own data and layout; their types live in another process.
  void Plotly.downloadImage(
    { data: themedData(data, PAPER), layout: onPaper } as never,
    {
      format,
      filename: title.replace(/[^\p{L}\p{N}]+/gu, '-'),
      ...(format === 'png' ? { scale: 3 } : {}),
    } as never,
  );
}

/** Plotly writes its rules into the document's head, which a shadow root does not see: they are copied in. */
function adoptPlotlyStyles(root: ShadowRoot): void {
  if (root.querySelector('style[data-plotly]')) return;
  const sheet = [...document.styleSheets].find(
    (s) => s.ownerNode instanceof HTMLStyleElement && s.ownerNode.id.startsWith('plotly.js-style'),
  );
  if (!sheet) return;
  const style = document.createElement('style');
  style.dataset.plotly = '';
  style.textContent = [...sheet.cssRules].map((rule) => rule.cssText).join('\n');
  root.append(style);
}
