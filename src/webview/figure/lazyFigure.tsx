/** A figure that fetches Plotly when it is the first one, so that tables and pictures need not wait for it. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Drawing, FigureOutput, type FigureProperties } from './figure.tsx';

let fetched: Drawing | undefined;

export function LazyFigure(properties: FigureProperties): JSX.Element {
  const [drawing, setDrawing] = useState(fetched);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (drawing) return;
    import('./drawing.ts').then(
      (module) => {
        fetched = module;
        setDrawing(module);
      },
      (error: Error) => setProblem(error.message),
    );
  }, [drawing]);
  if (drawing) return <FigureOutput {...properties} drawing={drawing} />;
  const { title, description, layout } = properties.view;
  return (
    <section class="output figure-output" aria-busy={!problem}>
      <h3>{title}</h3>
      {problem && (
        <p class="note" role="alert">
          The figure cannot be drawn: {problem}. Reload the window.
        </p>
      )}
      <figure class="figure" aria-label={description} style={{ minHeight: Number(layout.height) }} />
    </section>
  );
}
