/** The reference page of the cell language, written from the verbs' declarations. */
import { REGIONS, TEXTURE_CLASS_LABELS, TEXTURE_CLASS_LETTERS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import { CLASS_SYNONYMS, REGION_SYNONYMS } from '../base/labels.ts';
import type { ClauseKind } from './clauses/clause.ts';
import { type ClauseDeclaration, type SubjectDeclaration, takesAs, type VerbDeclaration } from './declaration.ts';

/** The whole page as Markdown. */
export function referencePage(verbs: readonly VerbDeclaration[]): string {
  return `${[OPENING, listOf(verbs), ...verbs.map(sectionOf), namesSection()].join('\n\n')}\n`;
}

const OPENING = `# The cell language

This page is made from the verbs' own declarations by \`node scripts/reference.ts\`; change it there.

A cell holds statements. All have one shape:

\`\`\`
verb subject  clause value  clause value …  as name      # comment
\`\`\`

- Clauses come in any order; line breaks and indentation are free; a cell holds any number of statements.
- \`as\` names the result for later cells. A name belongs to one cell; running the cell again redefines it.
- The result of the last statement is shown. Some verbs always show theirs.
- Texts stand in "double quotes". Backslashes stay as they are, so Windows paths work; \`\\"\` is a quote inside a text.
- Lists are separated by commas, and \`#\` begins a comment that ends with the line.
- A mistake is pointed at where it stands, and earlier results stay.`;

function listOf(verbs: readonly VerbDeclaration[]): string {
  return [
    '| verb | what it does |',
    '|---|---|',
    ...verbs.map((v) => `| [\`${v.name}\`](#${v.name}) | ${v.summary} |`),
  ].join('\n');
}

function sectionOf(verb: VerbDeclaration): string {
  const rows = [
    row(`*${verb.subject.noun}*`, verb.subject, 'needed'),
    ...Object.entries(verb.clauses).map(([name, clause]) => row(`\`${name}\``, clause, leftOut(clause))),
    ...(takesAs(verb) ? ['| `as` | a name of your choice | | Names the result. |'] : []),
  ];
  const shown = verb.alwaysShown ? '\n\nAlways shows its result.' : '';
  return `## ${verb.name}

${verb.documentation}${shown}

\`\`\`
${verb.examples.join('\n')}
\`\`\`

| clause | value | if left out | meaning |
|---|---|---|---|
${rows.join('\n')}`;
}

function row(
  name: string,
  { type, documentation }: Pick<SubjectDeclaration, 'type' | 'documentation'>,
  ifLeftOut: string,
): string {
  return `| ${name} | ${valueText(type)} | ${ifLeftOut} | ${documentation} |`;
}

function leftOut({ required, default: fallback }: ClauseDeclaration): string {
  if (required) return 'needed';
  return fallback === undefined ? '' : `\`${fallback}\``;
}

function valueText({ expected }: ClauseKind): string {
  return expected.replaceAll('|', '\\|');
}

function namesSection(): string {
  const classes = TEXTURE_CLASSES.map(
    (name) =>
      `| \`${name}\` | ${TEXTURE_CLASS_LETTERS[name]} | ${TEXTURE_CLASS_LABELS[name]} | ${spellings(CLASS_SYNONYMS, name)} |`,
  );
  const regions = REGIONS.map((name) => `| \`${name}\` | ${spellings(REGION_SYNONYMS, name)} |`);
  return `## Names of classes and regions

Capitals do not matter. These names are also those of columns and cells in your tables.

| class | letter | in full | also read |
|---|---|---|---|
${classes.join('\n')}

| region | also read |
|---|---|
${regions.join('\n')}`;
}

function spellings(synonyms: Readonly<Record<string, string>>, name: string): string {
  return Object.keys(synonyms)
    .filter((synonym) => synonyms[synonym] === name)
    .join(', ');
}
