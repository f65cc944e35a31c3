/**
 * Finds labels of patients in texts, more often rather than too rarely: in names of files ("Miller_CT.nii"), in other
 * capitals, and within longer words. A notebook that is shared keeps its sentences as they are and has another rule
 * (views/pseudonyms.ts); here a word too many that is hidden does no harm.
 */
import { REGIONS, TEXTURE_CLASSES } from '../names.ts';

/** Shorter ones are found in their own capitals alone, since "a" is a word. */
const ANY_CAPITALS = 4;
/** From this many characters on, those are found in capitals throughout, too: "Jon" and "JON". */
const ALL_CAPITALS = 2;
/** Longer ones are found within words, too. */
const WITHIN_WORDS = 5;
/** Numbers below are found where they stand for themselves alone, since sentences count things. */
const LEAST_NUMBER_DIGITS = 4;

/** Words of ours say nothing of a patient who is called so. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  [
    ...REGIONS,
    ...TEXTURE_CLASSES,
    'patient',
    'region',
    'class',
    'score',
    'percent',
    'series',
    'rows',
    'notes',
    'flags',
  ].map((word) => word.toLowerCase()),
);

const APOSTROPHES = "'‘’´`";

const NO_LETTER_BEFORE = '(?<![\\p{L}\\p{N}])';
const NO_LETTER_BEHIND = '(?![\\p{L}\\p{N}])';
const NO_DIGIT_BEFORE = '(?<!\\d)';
const NO_DIGIT_BEHIND = '(?!\\d)';
const NO_NUMBER_BEFORE = '(?<!\\d|\\d[.,])';
const NO_NUMBER_BEHIND = '(?!\\d|[.,]\\d)';
/** In quotes, in a path, behind the word for it, and in lists of those that are known or were left out. */
const STANDS_ALONE_BEFORE =
  '(?<=["“‘\'`/\\\\]|[Pp]atients? |(?:known|because "[^"]{0,200}"): (?:[^.,]{1,64}, ){0,300})';
const STANDS_ALONE_BEHIND = '(?![\\p{L}\\p{N}]|[.,]\\d)';

/** `text` with what `of` gives for each of the labels in it. */
export function replacerOf(labels: Iterable<string>, of: (label: string) => string): (text: string) => string {
  const wanted = [...labels].filter((label) => label !== '' && !OWN_WORDS.has(label.toLowerCase()));
  const [long, short] = [
    wanted.filter((label) => label.length >= ANY_CAPITALS),
    wanted.filter((label) => label.length < ANY_CAPITALS),
  ];
  const capitals = short.filter(({ length }) => length >= ALL_CAPITALS).map((label) => label.toUpperCase());
  const patterns = [patternOf(long, 'giu'), patternOf([...new Set([...short, ...capitals])], 'gu')].filter(
    (pattern) => pattern !== undefined,
  );
  return (text) => patterns.reduce((rest, pattern) => rest.replace(pattern, of), text);
}

function patternOf(labels: readonly string[], flags: string): RegExp | undefined {
  if (!labels.length) return undefined;
  const root: Tree = new Map();
  for (const label of labels) grow(root, piecesOf(label));
  return new RegExp(patternIn(root), flags);
}

/** What has to stand before a label, its characters, and what has to stand behind it. */
function piecesOf(label: string): string[] {
  const [before, behind] = edgesOf(label);
  return [before, ...Array.from(label.normalize('NFC'), written), behind];
}

/** A character in the ways in which programs write it: composed or not, and within addresses. */
function written(character: string): string {
  const decomposed = character.normalize('NFD');
  const alike = APOSTROPHES.includes(character) ? [...APOSTROPHES] : [character];
  const all = new Set([
    ...alike,
    decomposed,
    // "ß" in capitals is "SS", which no regular expression knows.
    ...(character.toUpperCase().length > character.length ? [character.toUpperCase()] : []),
    ...(/[^\p{L}\p{N}]|[^\0-\x7f]/u.test(character) ? [character, decomposed].map(inAddress) : []),
    ...(character === ' ' ? ['\u00a0', '+'] : []),
  ]);
  const escaped = [...all].map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return escaped.length === 1 ? escaped[0]! : `(?:${escaped.sort((a, b) => b.length - a.length).join('|')})`;
}

/** Half of a surrogate pair has no such form. */
function inAddress(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}

/** `text` as its label is compared with others: of all that `written` gives for it, one. */
export function canonical(text: string): string {
  const decoded = text.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
  return decoded
    .normalize('NFC')
    .replace(/[\u00a0+]/g, ' ')
    .replace(/[‘’´`]/g, "'")
    .toUpperCase();
}

function edgesOf(label: string): [string, string] {
  // "007" counts nothing.
  if (/^[\d.,]+$/.test(label))
    return label.length < LEAST_NUMBER_DIGITS && !/^0\d/.test(label)
      ? [STANDS_ALONE_BEFORE, STANDS_ALONE_BEHIND]
      : [NO_NUMBER_BEFORE, NO_NUMBER_BEHIND];
  const isWithin = label.length >= WITHIN_WORDS;
  const before = /^\d/.test(label) ? NO_DIGIT_BEFORE : /^\p{L}/u.test(label) && !isWithin ? NO_LETTER_BEFORE : '';
  const behind = /\d$/.test(label) ? NO_DIGIT_BEHIND : /\p{L}$/u.test(label) && !isWithin ? NO_LETTER_BEHIND : '';
  return [before, behind];
}

/** Labels by their first piece, so that ten thousand of them do not have to be tried one after another at each place. */
interface Tree extends Map<string, Tree> {}

function grow(tree: Tree, [piece, ...rest]: readonly string[]): void {
  if (piece === undefined) return;
  const below: Tree = tree.get(piece) ?? new Map();
  tree.set(piece, below);
  grow(below, rest);
}

/** The longest label that fits is taken: what only ends a label stands last. */
function patternIn(tree: Tree): string {
  const isEnd = ([piece, below]: readonly [string, Tree]) =>
    below.size === 0 && (piece === '' || piece.startsWith('(?'));
  const branches = [...tree].sort((a, b) => Number(isEnd(a)) - Number(isEnd(b)) || a[0].length - b[0].length);
  const texts = branches.map(([piece, below]) => piece + (below.size ? patternIn(below) : ''));
  return texts.length === 1 ? texts[0]! : `(?:${texts.join('|')})`;
}
