/** Sentences of the kernel, in which names and statements stand between backticks. */
import type { JSX } from 'preact';

export function Prose({ text }: { readonly text: string }): JSX.Element {
  // Every second part stood between backticks.
  return <>{text.split('`').map((part, n) => (n % 2 ? <code key={part}>{part}</code> : part))}</>;
}
