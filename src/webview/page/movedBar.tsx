/** Says above the page that it is not as it was saved, and brings that back. */
import type { JSX } from 'preact';
import type { PageMove } from '../../protocol/page/engineMessages.ts';
import { allOf } from '../../protocol/words/lists.ts';
import { Prose } from '../prose.tsx';
import type { PageState } from './pageState.ts';

export function MovedBar({ state }: { readonly state: PageState }): JSX.Element {
  const moves = state.moves.value;
  const failure = state.failure.value;
  return (
    // It is there before it says something, so that screen readers hear of it.
    <div class={moves.length || failure ? 'moved' : 'moved nothing'} role="status" data-testid="moved">
      {failure !== undefined && (
        <span>
          <b>The page cannot compute any more.</b> {failure}
        </span>
      )}
      {moves.length > 0 && (
        <span>
          <b>Not the figures of the saved run:</b> <Prose text={`${allOf(moves.map(inWords))}.`} />
        </span>
      )}
      {(moves.length > 0 || failure !== undefined) && (
        <button type="button" data-testid="reset" onClick={state.reset}>
          Back to the saved run
        </button>
      )}
    </div>
  );
}

function inWords(move: PageMove): string {
  switch (move.kind) {
    case 'parameter':
      return `\`${move.name}\` is ${move.to} instead of ${move.from}`;
    case 'file':
      return `\`${move.name}\` is from ${move.to} instead of ${move.from}`;
    case 'selection':
      return 'other patients are selected';
  }
}
