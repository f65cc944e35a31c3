/** A text in double quotes. */
import type { CompletionContext } from '../completion.ts';
import type { PlaceInStatement } from '../statementAt.ts';
import type { ClauseKind, TextContent } from './clause.ts';
import { readParameter } from './parameter.ts';

/** A text, and what it stands for, which completion offers. */
export function text(holds: TextContent): ClauseKind<string> {
  const type: ClauseKind<string> = {
    expected: 'a text in double quotes',
    parts: [],
    holds,
    fits: ({ kind }) => kind === 'text',
    isSurely: ({ kind }) => kind === 'text',
    parse(reader) {
      if (reader.isParameter(reader.peek())) return readParameter(reader, type);
      if (reader.peek().kind !== 'text') throw reader.mismatch(type);
      const { value, start, end } = reader.take();
      return { kind: 'text', text: value, holds, parts: [], resolve: () => value, start, end };
    },
    format: (value) => (typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : undefined),
    fromParameter: (value) => (typeof value === 'string' ? value : undefined),
    complete: () => [],
    completeText: OFFERS[holds],
  };
  return type;
}

type Offer = (place: PlaceInStatement, around: CompletionContext) => readonly string[];

const nothing: Offer = () => [];

/** What is offered where nothing but the text's beginning is written. */
const OFFERS: Readonly<Record<TextContent, Offer>> = {
  file: ({ word }, { files }) => files(word.text),
  patient: patientsOf,
  'lobe model': (_, { models }) => models('lobes'),
  'texture model': (_, { models }) => models('textures'),
  series: nothing,
  flag: nothing,
  prose: nothing,
  value: nothing,
};

/** Of the names in the statement so far; before any, every name may be meant (`exclude "P07" from …`). */
function patientsOf({ before }: PlaceInStatement, { names }: CompletionContext): string[] {
  const isMeant = (name: string) => before.length === 1 || before.some(({ value }) => value === name);
  return [...new Set(names.filter(({ name }) => isMeant(name)).flatMap(({ patients = [] }) => patients))];
}
