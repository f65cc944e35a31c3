/**
 * An executed notebook as a page of its own (`lungnb run --html`): the outputs of the notebook renderer, without VS Code.
 * The notebook stands in the page as JSON; nothing is fetched. What follows from its tables is computed by a thread of the
 * page (`engineThread.ts`), as soon as something is moved.
 */
import MarkdownIt from 'markdown-it';
import { type JSX, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CellRemark } from '../../protocol/kernelApi.ts';
import { type Notebook, type NotebookOutput, PAGE_DATA_ID } from '../../protocol/notebook.ts';
import { COMPUTING_ID, type PageComputing } from '../../protocol/page/computing.ts';
import { withOwnInputs } from '../../protocol/sharedInputs.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { allOf } from '../../protocol/words/lists.ts';
import { registerControls } from '../controls.tsx';
import * as drawing from '../figure/drawing.ts';
import { FigureOutput, type FigureProperties } from '../figure/figure.tsx';
import { Prose } from '../prose.tsx';
import { renderView } from '../renderView.tsx';
import { LoadedFile, takeDroppedFiles } from './loadedFile.tsx';
import { MovedBar } from './movedBar.tsx';
import styles from './page.css';
import { createPageState } from './pageState.ts';

// SAFETY: the command line writes a notebook into the page that it makes.
const notebook = withOwnInputs(JSON.parse(document.getElementById(PAGE_DATA_ID)!.textContent!) as Notebook);
const computing = document.getElementById(COMPUTING_ID)?.textContent;
// SAFETY: likewise.
const STATE = createPageState(notebook, computing ? (JSON.parse(computing) as PageComputing) : undefined);

const Figure = (properties: FigureProperties) => <FigureOutput {...properties} drawing={drawing} />;

/** Markup cells may come from anyone: their HTML is shown as text. */
const markdown = new MarkdownIt({ html: false, linkify: false });

function Page({ notebook }: { readonly notebook: Notebook }): JSX.Element {
  return (
    <main>
      {STATE.computes && <MovedBar state={STATE} />}
      {notebook.cells.map(({ kind, source }, n) =>
        kind === 'markup' ? <Markup key={n} text={source.join('\n')} /> : <Code key={n} place={n} />,
      )}
      <footer>Made with LungNB. Research only. Not a medical device; not for diagnosis.</footer>
    </main>
  );
}

function Code({ place }: { readonly place: number }): JSX.Element {
  const { source, outputs, fixed, isWaiting } = STATE.cells[place]!.value;
  const tables = STATE.filesOf(place);
  return (
    <section class={isWaiting ? 'cell waiting' : 'cell'} aria-busy={isWaiting} data-place={place}>
      {source.length > 0 && <pre>{source.join('\n')}</pre>}
      {tables.map((table) => (
        <LoadedFile key={table.name} table={table} state={STATE} />
      ))}
      {fixed.length > 0 && <Standing names={fixed} />}
      {outputs.map((output, o) => (
        // A control keeps what the hand did, until all is as it was saved.
        <Output key={output.view?.type === 'control' ? `${o} ${STATE.epoch.value}` : o} output={output} />
      ))}
    </section>
  );
}

function Standing({ names }: { readonly names: readonly string[] }): JSX.Element {
  const [stands, needs] = names.length === 1 ? ['stands', 'needs'] : ['stand', 'need'];
  return (
    <p class="standing" data-testid="standing">
      <Prose
        text={`${allOf(names.map((name) => `\`${name}\``))} ${stands} still as saved: ${names.length === 1 ? 'it' : 'they'} ${needs} CTs, files or networks, which a page does not have.`}
      />
    </p>
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
    renderView({ view, root, messaging: STATE.messaging, Figure });
  }, [view]);
  useEffect(() => {
    const element = place.current;
    return () => {
      // What is drawn listens to the selection for as long as it is mounted.
      if (element?.shadowRoot) render(null, element.shadowRoot);
    };
  }, []);
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

if (STATE.computes) {
  takeDroppedFiles(STATE);
  // Who touches the page may move something next.
  for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, STATE.prepare, { once: true });
}

const style = document.createElement('style');
style.textContent = styles;
document.head.append(style);
followSystemTheme();
registerControls();
render(<Page notebook={notebook} />, document.body);
