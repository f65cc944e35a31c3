/** Warnings, errors and notes, each with a sign that does not rest on colour alone. */
import type { JSX } from 'preact';
import type { KeptRemark } from '../protocol/remark.ts';
import { Prose } from './prose.tsx';

export const SEVERITY_SIGNS = { info: 'i', warning: '⚠', error: '✕' } as const;
export const SEVERITY_NAMES = { info: 'Note', warning: 'Warning', error: 'Error' } as const;

export function Messages({
  title,
  messages,
}: {
  readonly title?: string | undefined;
  readonly messages: readonly KeptRemark[];
}): JSX.Element | null {
  if (messages.length === 0) return null;
  return (
    <div class="messages" data-testid="messages">
      {title && <h3>{title}</h3>}
      <ul>
        {messages.map((message) => (
          <li key={message.text} class={message.severity}>
            <span class="sign" role="img" aria-label={SEVERITY_NAMES[message.severity]}>
              {SEVERITY_SIGNS[message.severity]}
            </span>
            <span>
              <Prose text={message.text} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
