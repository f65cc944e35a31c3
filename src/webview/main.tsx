/** The notebook renderer. */
import { render } from 'preact';
import type { ActivationFunction } from 'vscode-notebook-renderer';
import type { ViewModel } from '../protocol/view.ts';
import { applyContentPolicy } from './contentPolicy.ts';
import { registerControls } from './controls.tsx';
import { LazyFigure } from './figure/lazyFigure.tsx';
import { createMessaging } from './messaging.ts';
import { keepOwnKeys } from './ownKeys.ts';
import { renderView } from './renderView.tsx';

export const activate: ActivationFunction = (context) => {
  applyContentPolicy(import.meta.url);
  registerControls();
  const messaging = createMessaging(context);
  const roots = new Map<string, ShadowRoot>();
  return {
    renderOutputItem(item, element) {
      // SAFETY: only the kernel and the notebook codec write outputs of this MIME type.
      const view = item.json() as ViewModel;
      const root = element.shadowRoot ?? newRoot(element);
      roots.set(item.id, root);
      renderView({ view, root, messaging, Figure: LazyFigure });
    },
    disposeOutputItem(id) {
      for (const [key, root] of id === undefined ? [...roots] : [...roots].filter(([key]) => key === id)) {
        render(null, root);
        roots.delete(key);
      }
    },
  };
};

function newRoot(element: HTMLElement): ShadowRoot {
  const root = element.attachShadow({ mode: 'open' });
  keepOwnKeys(root);
  return root;
}
