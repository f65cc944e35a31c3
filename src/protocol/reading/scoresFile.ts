/**
 * Reads and writes files of scores. What it writes is stable: keys in one order, one case, visit and answer to a line,
 * so that git shows and merges them by the line, and nothing in it but the labels of the study says who somebody is.
 */
// The small form of zod, as in notebookFile.ts.
import * as z from 'zod/mini';
import { type Field, fieldsOf, isAnswer } from './form.ts';
import { AI_READING, type ReadingSession, SCORES_FORMAT_VERSION, type ScoresFile } from './scores.ts';

/** A file that holds no scores, is damaged, or is from a newer version. */
export class ScoresFileError extends Error {}

const FORMAT_KEY = 'lungnb-scores';

const whole = z.int().check(z.nonnegative());
const ordinal = z.int().check(z.positive());
const seconds = z.number().check(z.nonnegative());
const answer = z.union([z.number(), z.string()]);

const answerKind = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scale'), low: z.int(), high: z.int() }),
  z.object({ kind: z.literal('percent') }),
  z.object({ kind: z.literal('yes-no') }),
  z.object({ kind: z.literal('list'), words: z.array(z.string()).check(z.minLength(1)) }),
  z.object({ kind: z.literal('text') }),
]);

const session = z.object({
  session: ordinal,
  software: z.string(),
  seed: whole,
  repeats: whole,
  ai: z.enum(AI_READING),
  aiName: z.optional(z.string()),
  consensus: z.optional(z.object({ readers: z.array(z.string()), beyond: z.number() })),
  form: z.object({
    regions: z.array(z.string()),
    classes: z.array(z.string()),
    scale: answerKind,
    cutPoints: z.optional(z.array(z.number())),
    questions: z.array(z.object({ name: z.string(), answer: answerKind })),
  }),
  cases: z.array(
    z.object({
      case: ordinal,
      patient: z.string(),
      visit: z.optional(z.int()),
      series: z.string(),
      calibration: z.boolean(),
      repeat: ordinal,
      asks: z.optional(z.array(z.string())),
    }),
  ),
  read: z.array(
    z.object({
      case: ordinal,
      isDone: z.boolean(),
      isAiSeen: z.optional(z.boolean()),
      visits: z.array(
        z.object({ on: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, '"on" must be a day')), seconds }),
      ),
      answers: z.array(
        z.object({
          region: z.string(),
          class: z.string(),
          value: z.nullable(answer),
          ai: z.boolean(),
          visit: ordinal,
          at: seconds,
        }),
      ),
    }),
  ),
});

const file = z.object({ reader: z.string(), sessions: z.array(session) });

/** How such a file begins, whatever its name is. */
export function looksLikeScores(start: string): boolean {
  return new RegExp(`^\\uFEFF?\\s*\\{\\s*"${FORMAT_KEY}"\\s*:`).test(start);
}

/** Throws a ScoresFileError that says what is wrong with the file; callers must then leave the file alone. `name` is for messages. */
export function parseScores(text: string, name: string): ScoresFile {
  const json = parseJson(text, name);
  const version = typeof json === 'object' && json !== null && FORMAT_KEY in json ? json[FORMAT_KEY] : undefined;
  if (version === undefined)
    throw new ScoresFileError(`${name} holds no scores of LungNB: it has no "${FORMAT_KEY}" format version.`);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) throw damaged(name, 'its version');
  if (version > SCORES_FORMAT_VERSION)
    throw new ScoresFileError(
      `${name} has format version ${version}, and this LungNB reads up to ${SCORES_FORMAT_VERSION}. Update LungNB to use it; the file is left as it is.`,
    );
  const parsed = file.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw damaged(
      name,
      `${path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join(' ')}: ${message}`,
    );
  }
  // SAFETY: the shape is that of `file`, whose optional fields are left out where they are undefined.
  const scores = parsed.data as ScoresFile;
  for (const one of scores.sessions) checkSession(one, name);
  return scores;
}

/** What a merge by hand may have broken, though each line by itself is right. */
function checkSession({ session: number, form, cases, read }: ReadingSession, name: string): void {
  const where = `session ${number}`;
  const fields = new Map(fieldsOf(form).map((field) => [key(field), field] as const));
  if (cases.some((planned, n) => planned.case !== n + 1)) throw damaged(name, `${where}: its cases are not in order`);
  const seen = new Set<number>();
  for (const { case: place, answers, visits } of read) {
    if (place > cases.length || seen.has(place))
      throw damaged(name, `${where}: case ${place} is there twice, or not planned`);
    seen.add(place);
    for (const given of answers) {
      const field = fields.get(key(given));
      if (!field || given.visit > visits.length || (given.value !== null && !isAnswer(given.value, field.answer)))
        throw damaged(name, `${where}, case ${place}: ${given.class} in ${given.region} cannot be answered so`);
    }
  }
}

const key = ({ region, class: asked }: Pick<Field, 'region' | 'class'>) => JSON.stringify([region, asked]);

function damaged(name: string, what: string): ScoresFileError {
  return new ScoresFileError(`${name} is damaged: ${what}. The file is left as it is.`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ScoresFileError(
      /^<{7}|^>{7}/m.test(text)
        ? `${name} holds unresolved merge conflicts (<<<<<<<). Resolve them in a text editor.`
        : `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}. It may be cut short; the file is left as it is.`,
    );
  }
}

/** The text of the file. */
export function formatScores({ reader, sessions }: ScoresFile): string {
  const all = sessions.map((one) => block(4, sessionLines(one)));
  return `{\n  "${FORMAT_KEY}": ${SCORES_FORMAT_VERSION},\n  "reader": ${JSON.stringify(reader)},\n  "sessions": ${list(2, all)}\n}\n`;
}

function sessionLines({
  session: number,
  software,
  seed,
  repeats,
  ai,
  aiName,
  consensus,
  form,
  cases,
  read,
}: ReadingSession): string[] {
  return [
    line('session', number),
    line('software', software),
    line('seed', seed),
    line('repeats', repeats),
    line('ai', ai),
    ...(aiName === undefined ? [] : [line('aiName', aiName)]),
    ...(consensus ? [line('consensus', { readers: consensus.readers, beyond: consensus.beyond })] : []),
    `"form": ${block(6, [
      line('regions', form.regions),
      line('classes', form.classes),
      line('scale', form.scale),
      ...(form.cutPoints ? [line('cutPoints', form.cutPoints)] : []),
      `"questions": ${list(
        8,
        form.questions.map(({ name, answer: kind }) => spaced({ name, answer: kind })),
      )}`,
    ])}`,
    `"cases": ${list(
      6,
      cases.map(({ case: place, patient, visit, series, calibration, repeat, asks }) =>
        spaced({
          case: place,
          patient,
          ...(visit === undefined ? {} : { visit }),
          series,
          calibration,
          repeat,
          ...(asks ? { asks } : {}),
        }),
      ),
    )}`,
    `"read": ${list(6, read.map(caseBlock))}`,
  ];
}

function caseBlock({ case: place, isDone, isAiSeen, visits, answers }: ReadingSession['read'][number]): string {
  return block(8, [
    line('case', place),
    line('isDone', isDone),
    ...(isAiSeen === undefined ? [] : [line('isAiSeen', isAiSeen)]),
    `"visits": ${list(
      10,
      visits.map(({ on, seconds: time }) => spaced({ on, seconds: time })),
    )}`,
    `"answers": ${list(
      10,
      answers.map(({ region, class: asked, value, ai, visit, at }) =>
        spaced({ region, class: asked, value, ai, visit, at }),
      ),
    )}`,
  ]);
}

const line = (name: string, value: unknown) => `"${name}": ${spaced(value)}`;

/** On one line, with a space behind signs. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, own]) => `"${name}": ${spaced(own)}`)
    .join(', ')}}`;
}

function block(indent: number, lines: readonly string[]): string {
  const space = ' '.repeat(indent);
  return `{\n${lines.map((one) => `${space}  ${one}`).join(',\n')}\n${space}}`;
}

function list(indent: number, items: readonly string[]): string {
  if (items.length === 0) return '[]';
  const space = ' '.repeat(indent);
  return `[\n${items.map((one) => `${space}  ${one}`).join(',\n')}\n${space}]`;
}
