/** The shape of the statement that is being written, and which of its parts the place is in. */
import type { Signature } from '../../protocol/kernelApi.ts';
import { takesAs, type VerbDeclaration } from './declaration.ts';
import { placeInStatement } from './statementAt.ts';

/** Undefined where no statement has begun. */
export function signatureAt(
  source: string,
  offset: number,
  verbs: ReadonlyMap<string, VerbDeclaration>,
): Signature | undefined {
  const place = placeInStatement(source, offset, verbs);
  const verb = place.verb && verbs.get(place.verb.name);
  // The verb itself is still being written, or the line below the statement begins.
  if (!verb || (place.startsLine && place.word.text === '' && !place.needsValue)) return undefined;
  const parts = [
    { label: `‹${verb.subject.noun}›`, documentation: verb.subject.documentation },
    ...Object.entries(verb.clauses).map(([clause, { type, documentation, required }]) => ({
      label: required ? `${clause} …` : `[${clause} …]`,
      documentation: `${type.expected}. ${documentation}`,
    })),
    ...(takesAs(verb) ? [{ label: '[as ‹name›]', documentation: 'Names the result for later cells.' }] : []),
  ];
  const clauses = Object.keys(verb.clauses);
  const active =
    place.clause === undefined ? 0 : place.clause === 'as' ? parts.length - 1 : 1 + clauses.indexOf(place.clause);
  return { verb: verb.name, documentation: verb.summary, parts, active };
}
