/**
 * An executed notebook as a page of its own (`lungnb run --html`): the outputs of the notebook renderer, without VS Code.
 * The notebook stands in the page as JSON; nothing is fetched.
 */
import MarkdownIt from 'markdown-it';
import { type JSX, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CellRemark } from '../../protocol/kernelApi.ts';
import { type Notebook, type NotebookOutput, PAGE_DATA_ID } from '../../protocol/notebook.ts';
import { withOwnInputs } from '../../protocol/sharedInputs.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { registerControls } from '../controls.tsx';
import * as drawing from '../figure/drawing.ts';
import { FigureOutput, type FigureProperties } from '../figure/figure.tsx';
import { withoutKernel } from '../messaging.ts';
import { Prose } from '../prose.tsx';
import { renderView } from '../renderView.tsx';
import styles from './page.css';

// SAFETY: the command line writes a notebook into the page that it makes.
const notebook = withOwnInputs(JSON.parse(document.getElementById(PAGE_DATA_ID)!.textContent!) as Notebook);
/** One selection for all outputs of the page. */
const MESSAGING = withoutKernel(notebook.annotations);

const Figure = (properties: FigureProperties) => <FigureOutput {...properties} drawing={drawing} />;

/** Markup cells may come from anyone: their HTML is shown as text. */
const markdown = new MarkdownIt({ html: false, linkify: false });

function Page({ notebook }: { readonly notebook: Notebook }): JSX.Element {
  return (
    <main>
      {notebook.cells.map(({ kind, source, outputs = [] }, n) =>
        kind === 'markup' ? (
          <Markup key={n} text={source.join('\n')} />
        ) : (
          <section key={n} class="cell">
            {source.length > 0 && <pre>{source.join('\n')}</pre>}
            {outputs.map((output, o) => (
              <Output key={o} output={output} />
            ))}
          </section>
        ),
      )}
      <footer>Made with LungNB. Research only. Not a medical device; not for diagnosis.</footer>
    </main>
  );
}

function Markup({ text }: { readonly text: string }): JSX.Element {
  // markdown-it escapes all HTML of the source.
  return <section class="markup" dangerouslySetInnerHTML={{ __html: markdown.render(text) }} />;
}

function Output({ output: { view, text, problem } }: { readonly output: NotebookOutput }): JSX.Element | null {
  if (problem) return <CellFailure problem={problem} />;
  if (view) return <ViewInShadow view={view} />;
  return text ? <pre class="text">{text}</pre> : null;
}

function CellFailure({ problem: { message, span } }: { readonly problem: CellRemark }): JSX.Element {
  return (
    <p class="problem" role="alert">
      {span && <b>{`Line ${span.startLine + 1}, column ${span.startColumn + 1}: `}</b>}
      <Prose text={message} />
    </p>
  );
}

function ViewInShadow({ view }: { readonly view: ViewModel }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    renderView({ view, root, messaging: MESSAGING, Figure });
  }, [view]);
  return <div ref={place} class="view" />;
}

/** The views ask the body for the kind of theme, as VS Code's webviews answer it; paper is light. */
function followSystemTheme(): void {
  const dark = matchMedia('screen and (prefers-color-scheme: dark)');
  const apply = () => {
    document.body.dataset.vscodeThemeKind = dark.matches ? 'vscode-dark' : 'vscode-light';
  };
  dark.addEventListener('change', apply);
  apply();
}

const style = document.createElement('style');
style.textContent = styles;
document.head.append(style);
followSystemTheme();
registerControls();
render(<Page notebook={notebook} />, document.body);
