/** Sentences of the kernel, in which names and statements stand between backticks. */
import type { JSX } from 'preact';

/** The same where there is no place for code, as in what a pointer is told: names stand in quotation marks. */
export function quotedProse(text: string): string {
  return text.replace(/`([^`]*)`/g, '“$1”');
}

export function Prose({ text }: { readonly text: string }): JSX.Element {
  // Every second part stood between backticks.
  return <>{text.split('`').map((part, n) => (n % 2 ? <code key={part}>{part}</code> : part))}</>;
}
