/** Draws figures by Plotly, in the colours of the theme, with a tool bar that saves them. */
import type { FigureView } from '../../protocol/view.ts';
import { currentTheme, PAPER } from '../theme.ts';
import { isTouched } from '../touch.ts';
import { withSelection } from './linking.ts';
import { Plotly } from './plotly.ts';
import { themedData, themedLayout } from './themed.ts';

export { figureFile } from './figureFile.ts';
export { listenToPoints } from './plotly.ts';

/** Counts drawings: points that the user marked give way to those of the notebook's selection. */
let drawn = 0;

/** Into `element`, in place of what was drawn there; `root` is the shadow root that holds it. */
export function drawFigure(
  element: HTMLElement,
  root: ShadowRoot,
  view: FigureView,
  selected: ReadonlySet<string>,
): void {
  const theme = currentTheme();
  const width = element.clientWidth || 700;
  const { data, patients } = view;
  const layout = {
    ...themedLayout(view.layout, theme, width),
    // A finger that drags scrolls the notebook, unless the tool bar says otherwise.
    ...(isTouched() ? { dragmode: false } : {}),
    uirevision: 'kept',
    selectionrevision: ++drawn,
  };
  // SAFETY: the kernel writes Plotly's own data and layout; their types live in another process.
  void Plotly.react(
    element,
    themedData(patients ? withSelection(data, patients, selected) : data, theme) as never,
    layout as never,
    // SAFETY: likewise.
    configFor(view) as never,
  ).then(() => adoptPlotlyStyles(root));
}

export function clearFigure(element: HTMLElement): void {
  Plotly.purge(element);
}

/** The tool bar: the picture as SVG or PNG, zoom and pan. Plotly's own button that sends the data to a server is taken out, and the server's address with it. */
function configFor(view: FigureView): object {
  const marking = view.patients ? [] : ['select2d', 'lasso2d'];
  return {
    responsive: false,
    displaylogo: false,
    // Nothing hovers over a touch screen.
    displayModeBar: isTouched() ? true : 'hover',
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
