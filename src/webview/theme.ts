/** The notebook's colours and fonts, from VS Code's own variables, and word when the user changes the theme. */

export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly line: string;
  readonly accent: string;
  readonly font: string;
  readonly dark: boolean;
}

/** How a figure looks in a file: dark on white, as papers and slides need it, whatever the notebook's theme. */
export const PAPER: Theme = {
  foreground: '#1f1f1f',
  muted: '#616161',
  background: '#ffffff',
  line: '#d0d0d0',
  accent: '#1a6fb5',
  font: 'Arial, Helvetica, sans-serif',
  dark: false,
};

export function currentTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const kind = document.body.dataset.vscodeThemeKind ?? document.body.className;
  const dark = /dark|high-contrast(?!-light)/.test(kind);
  return {
    foreground: variable('--vscode-editor-foreground', dark ? '#d4d4d4' : '#1f1f1f'),
    muted: variable('--vscode-descriptionForeground', dark ? '#9d9d9d' : '#616161'),
    background: variable('--vscode-editor-background', dark ? '#1f1f1f' : '#ffffff'),
    line: variable('--vscode-editorWidget-border', dark ? '#3c3c3c' : '#d0d0d0'),
    accent: variable('--vscode-charts-blue', dark ? '#4fa3e0' : '#1a6fb5'),
    font: variable('--vscode-font-family', 'system-ui, sans-serif'),
    dark,
  };
}

/** Calls back after each change of theme until the returned function is called. */
export function onThemeChange(callback: () => void): () => void {
  const now = () => JSON.stringify(currentTheme());
  let known = now();
  // Others write on the page's elements as well: Plotly at every touch, and anew at every drawing that follows.
  const observer = new MutationObserver(() => {
    const theme = now();
    if (theme === known) return;
    known = theme;
    callback();
  });
  const options = {
    attributes: true,
    attributeFilter: ['class', 'style', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
  };
  observer.observe(document.body, options);
  observer.observe(document.documentElement, options);
  return () => observer.disconnect();
}
