/** Tables of how often flags are said, rightly and wrongly, as Markdown. */
import type { Doubts } from '../../../src/kernel/lungs/doubts.ts';
import type { Landmarks } from '../../../src/kernel/lungs/landmarks.ts';
import type { RemarkCode } from '../../../src/protocol/remarkCodes.ts';
import type { Chest } from './chests.ts';
import { SPOILINGS, type Spoiling } from './spoil.ts';

/** What is said of one chest, spoilt in one way. */
export interface Case {
  readonly chest: string;
  readonly spoiling: string;
  readonly flags: readonly { readonly code: RemarkCode; readonly message: string }[];
  /** Undefined where no lung was found. */
  readonly landmarks: Landmarks | undefined;
  readonly doubts: Doubts | undefined;
  readonly lungsMl: number;
  /** Of a CT that was turned: what is as dense as blood and drawn as lung, and was none before it was turned. */
  readonly bloodMl?: number;
}

/** The limit of `vessel-as-lung`. */
const VESSEL_ML = 15;

/** Those that hang on what is measured at the lungs. */
const CODES: readonly RemarkCode[] = [
  'back-to-front',
  'upside-down',
  'mirrored',
  'sides-swapped',
  'lobes-upended',
  'cut-off',
  'asymmetry',
  'lobe-missing',
  'implausible-volume',
  'implausible-shape',
  'lung-outside-body',
  'vessel-as-lung',
];

/** `network` is the one by which lungs were found. */
export function tablesOfFlags(chests: readonly Chest[], cases: readonly Case[], network: string): string {
  const ways = new Set(cases.map(({ spoiling }) => spoiling)).size;
  const about = `Measured with ${network} on ${chests.length} CTs, each as it is and spoilt in ${ways - 1} of ${SPOILINGS.length - 1} ways: ${cases.length} cases.`;
  return [about, flagTable(chests, cases), spoilingTable(chests, cases), falseAlarms(chests, cases)].join('\n\n');
}

function flagTable(chests: readonly Chest[], cases: readonly Case[]): string {
  const rows = CODES.map((code) => {
    const asTheyAre = cases.filter(({ spoiling }) => spoiling === SPOILINGS[0]!.name);
    const wrong = (of: readonly Case[]) => {
      const silent = of.filter((one) => !mayBeSaid(code, one, chests));
      return `${silent.filter((one) => says(one, code)).length} of ${silent.length}`;
    };
    const due = cases.filter((one) => isDue(code, one, chests));
    return `| \`${code}\` | ${wrong(asTheyAre)} | ${wrong(cases)} | ${due.filter((one) => says(one, code)).length} of ${due.length} |`;
  });
  return [
    '| flag | said wrongly of CTs as they are | and of all, spoilt ones too | said where it is due |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function spoilingTable(chests: readonly Chest[], cases: readonly Case[]): string {
  const rows = SPOILINGS.flatMap((spoiling) => {
    const own = cases.filter((one) => one.spoiling === spoiling.name);
    if (own.length === 0) return [];
    const counts = CODES.map((code) => [code, own.filter((one) => says(one, code)).length] as const);
    const said = counts.filter(([, count]) => count > 0).map(([code, count]) => `\`${code}\` ${count}`);
    const wrong = own.flatMap((one) => one.flags.filter(({ code }) => !mayBeSaid(code, one, chests))).length;
    const none = own.filter(({ lungsMl }) => lungsMl === 0).length;
    return `| ${spoiling.name} | ${own.length} | ${spoiling.deserves ? `\`${spoiling.deserves}\`` : ''} | ${said.join(', ')}${none ? `; no lung ${none}` : ''} | ${wrong} |`;
  });
  return ['| spoilt | CTs | due | said | wrongly |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Each wrong flag, and each that is due and not said, by name. */
function falseAlarms(chests: readonly Chest[], cases: readonly Case[]): string {
  const lines = cases.flatMap((one) => [
    ...one.flags
      .filter(({ code }) => !mayBeSaid(code, one, chests))
      .map(({ code }) => `- said wrongly: \`${code}\` of ${one.chest}, ${one.spoiling}`),
    ...CODES.filter((code) => isDue(code, one, chests) && !says(one, code)).map(
      (code) => `- not said: \`${code}\` of ${one.chest}, ${one.spoiling}`,
    ),
  ]);
  return lines.length ? lines.join('\n') : 'No flag is said wrongly, and none is missing.';
}

function says({ flags }: Case, code: RemarkCode): boolean {
  return flags.some((flag) => flag.code === code);
}

function isDue(code: RemarkCode, one: Case, chests: readonly Chest[]): boolean {
  if (spoilingOf(one).deserves === code) return true;
  return one.spoiling === SPOILINGS[0]!.name && chestOf(one, chests).deserved.includes(code);
}

function mayBeSaid(code: RemarkCode, one: Case, chests: readonly Chest[]): boolean {
  const { deserves, allows = [] } = spoilingOf(one);
  const { deserved, may } = chestOf(one, chests);
  if (code === 'vessel-as-lung' && (one.bloodMl ?? 0) > VESSEL_ML) return true;
  return code === deserves || allows.includes(code) || deserved.includes(code) || may.includes(code);
}

function spoilingOf({ spoiling }: Case): Spoiling {
  return SPOILINGS.find(({ name }) => name === spoiling)!;
}

function chestOf({ chest }: Case, chests: readonly Chest[]): Chest {
  return chests.find(({ name }) => name === chest)!;
}
