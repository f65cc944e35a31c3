/** What two results, or two notebooks, were made with. */
import type { NotebookProvenance } from '../../protocol/notebook.ts';
import type { ModelProvenance, Provenance } from '../../protocol/view.ts';
import { parameterInWords } from '../../protocol/words/parameters.ts';
import { type Differences, type Moved, movedTexts } from './changes.ts';

/** Parameters of a result; models and inputs are told once for the whole notebook. */
export function provenanceChanges(before: Provenance | undefined, after: Provenance | undefined): Differences {
  const names = new Set([before, after].flatMap((one) => Object.keys(one?.parameters ?? {})));
  const text = (one: Provenance | undefined, name: string) => {
    const value = Object.entries(one?.parameters ?? {}).find(([key]) => key === name)?.[1];
    return value === undefined ? undefined : parameterInWords(name, value);
  };
  return {
    moved: [...names].flatMap((name) => {
      const [was, is] = [text(before, name), text(after, name)];
      return movedTexts((is ?? was)?.label ?? name, was?.text, is?.text);
    }),
    notes: [],
  };
}

/** Software, models and inputs that differ. */
export function madeWithChanges(
  before: NotebookProvenance | undefined,
  after: NotebookProvenance | undefined,
): Moved[] {
  return [
    ...movedTexts('Software', before?.software, after?.software),
    ...byName(modelsOf(before), modelsOf(after), (id) => `Model ${id}`),
    ...byName(inputsOf(before), inputsOf(after), (name) => `Input ${name}`),
  ];
}

function byName(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  what: (name: string) => string,
): Moved[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) => movedTexts(what(name), before.get(name), after.get(name)));
}

function modelsOf(one: NotebookProvenance | undefined): Map<string, string> {
  return new Map((one?.models ?? []).map((model) => [model.id, modelText(model)]));
}

function modelText({ version, sha256 }: ModelProvenance): string {
  return `${version} (SHA-256 ${shortened(sha256)})`;
}

function inputsOf(one: NotebookProvenance | undefined): Map<string, string> {
  return new Map(Object.entries(one?.inputs ?? {}).map(([name, sha256]) => [name, `SHA-256 ${shortened(sha256)}`]));
}

/** Enough to tell two apart. */
function shortened(sha256: string): string {
  return sha256.slice(0, 12);
}
