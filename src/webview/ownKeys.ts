/** Keys that are meant for a control in an output. VS Code hears every key of an output, and deletes the cell on Delete, or goes to another one on an arrow key. */

const CONTROLS = 'input, select, textarea, vscode-dropdown, vscode-checkbox';
const BUTTONS = 'button, vscode-button, summary';
/** Leave a control, or belong to VS Code whatever has the focus. */
const FOR_VSCODE = /^(Tab|Escape|F\d+)$/;

/** Keeps the keys that controls below `root` act on from VS Code; shortcuts with Ctrl, Cmd or Alt go on to it. */
export function keepOwnKeys(root: ShadowRoot): void {
  root.addEventListener('keydown', (event) => {
    // SAFETY: a shadow root's keydown is a keyboard event; the DOM types know no event of shadow roots.
    const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    if (ctrlKey || metaKey || altKey || FOR_VSCODE.test(key)) return;
    const isIn = (selector: string) => event.target instanceof Element && event.target.closest(selector) !== null;
    if (isIn(CONTROLS) || (isIn(BUTTONS) && (key === 'Enter' || key === ' '))) event.stopPropagation();
  });
}
