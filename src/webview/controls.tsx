/** The only file that knows VS Code's webview toolkit: buttons, check boxes and drop-downs of the view code. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes, JSX } from 'preact';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': HTMLAttributes<HTMLElement> & { appearance?: string; disabled?: boolean };
      'vscode-checkbox': HTMLAttributes<HTMLElement> & { checked?: boolean; disabled?: boolean };
      'vscode-dropdown': HTMLAttributes<HTMLElement> & { value?: string; disabled?: boolean };
      'vscode-option': HTMLAttributes<HTMLElement> & { value?: string };
    }
  }
}

/** Once per document, however many outputs there are. */
export function registerControls(): void {
  if (customElements.get('vscode-button')) return;
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption());
}

export function Button(props: {
  readonly label: string;
  readonly title?: string;
  readonly testId?: string;
  readonly primary?: boolean;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the toolkit's element is a button
    <vscode-button
      appearance={props.primary || props.pressed ? 'primary' : 'secondary'}
      title={props.title}
      data-testid={props.testId}
      aria-pressed={props.pressed}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.label}
    </vscode-button>
  );
}

export function Checkbox(props: {
  readonly checked: boolean;
  readonly label: string;
  readonly testId?: string;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <vscode-checkbox
      checked={props.checked}
      disabled={props.disabled ?? false}
      aria-label={props.label}
      data-testid={props.testId}
      onChange={(event) => {
        // SAFETY: the toolkit's element has the checked property of an input.
        const checked = (event.currentTarget as unknown as { checked: boolean }).checked;
        if (checked !== props.checked) props.onChange(checked);
      }}
    >
      {props.children ?? props.label}
    </vscode-checkbox>
  );
}

export function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly testId?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}): JSX.Element {
  return (
    <vscode-dropdown
      value={props.value}
      disabled={props.disabled ?? false}
      aria-label={props.label}
      title={props.label}
      data-testid={props.testId}
      onChange={(event) => {
        // SAFETY: the toolkit's element has the value property of a select.
        props.onChange((event.currentTarget as unknown as { value: string }).value);
      }}
    >
      {props.options.map((option) => (
        <vscode-option key={option.value} value={option.value}>
          {option.label}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
}
