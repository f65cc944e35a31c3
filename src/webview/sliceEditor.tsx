/** The page of an editor of slices: the viewer of the notebook's outputs, as large as the window. */
import { render } from 'preact';
import type { FromSliceEditor, SliceEditorState, ToSliceEditor } from '../protocol/rendererMessages.ts';
import type { Plane, SliceView } from '../protocol/view.ts';
import { ALL_STYLES } from './allStyles.ts';
import { Button, registerControls } from './controls.tsx';
import { createMessaging } from './messaging.ts';
import { SliceViewer } from './viewer/sliceViewer.tsx';

/** What VS Code keeps of this page while it is hidden, and over a reload of the window. */
interface Kept extends SliceEditorState {
  readonly plane?: Plane;
  readonly index?: number;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromSliceEditor): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const vscode = acquireVsCodeApi();
registerControls();
const root = document.getElementById('view')!.attachShadow({ mode: 'open' });
const hear = (listener: (message: ToSliceEditor) => void) =>
  // SAFETY: VS Code hands on what the extension posts, which is built from the same types.
  window.addEventListener('message', ({ data }) => listener(data as ToSliceEditor));

hear((message) => {
  if (message.type === 'nothing') show(<Nothing text={message.text} />);
  if (message.type !== 'view') return;
  const { view, state } = message;
  const kept = vscode.getState();
  vscode.setState({ ...(kept?.handle === state.handle ? kept : {}), ...state });
  show(<SliceViewer view={atKeptPlace(view, kept)} messaging={messaging} fills onPlace={keepPlace} />);
});
const { openEditor, ...messaging } = createMessaging({
  postMessage: (message) => vscode.postMessage(message),
  onDidReceiveMessage: (listener) =>
    hear((message) => {
      if (message.type !== 'view' && message.type !== 'nothing') listener(message);
    }),
});

/** Where the user looked before the page was hidden. */
function atKeptPlace(view: SliceView, kept: Kept | undefined): SliceView {
  if (kept?.handle !== view.handle || kept.plane === undefined || kept.index === undefined) return view;
  return { ...view, plane: kept.plane, index: kept.index };
}

function keepPlace({ handle }: SliceView, plane: Plane, index: number): void {
  const kept = vscode.getState();
  // Another patient that was gone on to is not in the notebook, where it would be looked for.
  if (kept?.handle === handle) vscode.setState({ ...kept, plane, index });
}

function show(content: preact.JSX.Element): void {
  render(
    <>
      <style>{ALL_STYLES}</style>
      {content}
    </>,
    root,
  );
}

function Nothing({ text }: { readonly text: string }): preact.JSX.Element {
  return (
    <section class="output nothing" data-testid="no-slices">
      <p role="alert">{text}</p>
      <Button label="Open the Notebook" primary onClick={() => vscode.postMessage({ type: 'openNotebook' })} />
    </section>
  );
}
