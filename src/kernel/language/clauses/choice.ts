/** One word of several. */

import type { Completion } from '../../../protocol/kernelApi.ts';
import { ownValue } from '../../base/plainKeys.ts';
import { namesOfKinds } from '../completion.ts';
import type { Token } from '../tokens.ts';
import type { ClauseKind } from './clause.ts';
import { readParameter } from './parameter.ts';

/** What is said of a word that is none of the options. */
const UNKNOWN = { word: 'unknown-word', class: 'unknown-class', region: 'unknown-region' } as const;

export interface Choice<W extends string> {
  /** What the words are, for messages: "class". */
  readonly noun: keyof typeof UNKNOWN;
  readonly options: readonly W[];
  /** In lower case. */
  readonly synonyms?: Readonly<Record<string, W>>;
  /** Takes words of the user's own too, if they are near to none of the options. */
  readonly own?: (word: string) => W | undefined;
}

/** One word of a few. */
export function oneOf<const W extends string>(...options: readonly W[]): ClauseKind<W> {
  return choice({ noun: 'word', options });
}

/** Capitals do not matter; the value has the standard spelling. */
export function choice<W extends string>(words: Choice<W>): ClauseKind<W> {
  const { noun, options } = words;
  const isWord = ({ kind }: Token) => kind === 'word' || kind === 'text';
  const type: ClauseKind<W> = {
    expected: inWords(noun, options),
    parts: [],
    words: options,
    fits: (token) => isWord(token) && (canonical(words, token.value) ?? words.own?.(token.value)) !== undefined,
    isSurely: (token) => isWord(token) && canonical(words, token.value) !== undefined,
    parse(reader) {
      const token = reader.peek();
      if (!isWord(token)) throw reader.mismatch(type);
      const word = canonical(words, token.value) ?? words.own?.(token.value);
      if (word === undefined) {
        if (reader.isParameter(token)) return readParameter(reader, type);
        throw reader.unknown(
          UNKNOWN[noun],
          noun === 'word' ? `${reader.where} knows no \`${token.value}\`` : `Unknown ${noun} \`${token.value}\``,
          token,
          options,
        );
      }
      reader.take();
      return { kind: 'word', word, parts: [], resolve: () => word, start: token.start, end: token.end };
    },
    format: (value) => canonical(words, String(value)),
    fromParameter: (value) => canonical(words, String(value)) ?? words.own?.(String(value)),
    complete: (_, around) => [
      ...options.map((label): Completion => ({ kind: 'word', label })),
      ...namesOfKinds(around, ['parameter']),
    ],
  };
  return type;
}

function canonical<W extends string>({ options, synonyms }: Choice<W>, word: string): W | undefined {
  const lower = word.toLowerCase();
  return options.find((option) => option.toLowerCase() === lower) ?? ownValue(synonyms, lower);
}

function inWords(noun: string, options: readonly string[]): string {
  if (options.length === 1) return `\`${options[0]}\``;
  return `${noun === 'word' ? 'one of' : `a ${noun}:`} ${options.join(', ')}`;
}
