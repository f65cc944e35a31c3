/** A Plotly figure that follows the theme and the cell's width. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FigureView } from '../../protocol/view.ts';
import { ProvenanceDetails } from '../footer.tsx';
import { currentTheme, onThemeChange } from '../theme.ts';
import { Plotly } from './plotly.ts';
import { themedData, themedLayout } from './themed.ts';

export function FigureOutput({ view, root }: { readonly view: FigureView; readonly root: ShadowRoot }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      const theme = currentTheme();
      const width = element.clientWidth || 700;
      // SAFETY: the kernel writes Plotly's own data and layout; their types live in another process.
      void Plotly.react(
        element,
        themedData(view.data, theme) as never,
        themedLayout(view.layout, theme, width) as never,
        configFor(view.title) as never,
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
      Plotly.purge(element);
    };
  }, [view, root]);
  return (
    <section class="output figure-output" data-testid="figure">
      <h3>{view.title}</h3>
      <div class="figure" ref={place} role="img" aria-label={view.description} />
      {view.notes.map((note) => (
        <p key={note} class="research-only">
          {note}
        </p>
      ))}
      <ProvenanceDetails provenance={view.provenance} />
    </section>
  );
}

/** The tool bar: the picture as SVG or PNG, zoom and pan. Plotly's own button that sends the data to a server is taken out, and the server's address with it. */
function configFor(title: string): object {
  const filename = title.replace(/[^\p{L}\p{N}]+/gu, '-');
  return {
    responsive: false,
    displaylogo: false,
    displayModeBar: 'hover',
    plotlyServerURL: '',
    modeBarButtonsToRemove: ['sendChartToCloud', 'select2d', 'lasso2d', 'autoScale2d'],
    modeBarButtonsToAdd: [
      {
        name: 'png',
        title: 'Save as PNG',
        icon: Plotly.Icons.camera,
        click: (figure: HTMLElement) =>
          void Plotly.downloadImage(figure, { format: 'png', scale: 3, filename } as never),
      },
    ],
    toImageButtonOptions: { format: 'svg', filename },
    locale: 'lungnb',
    locales: { lungnb: { dictionary: { 'Download plot': 'Save as SVG' } } },
  };
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
