/** `LungNB: Check Before Sharing`: what in the notebook may say who somebody is, and pseudonyms for its patients. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { NO_ANNOTATIONS } from '../../protocol/annotations/annotation.ts';
import type { Notebook } from '../../protocol/notebook.ts';
import { pseudonymsFor } from '../../protocol/views/pseudonyms.ts';
import { editNotebook } from '../editNotebook.ts';
import { showError, showInformation } from '../notify.ts';
import { openNotebookAsSaved, toCellData, withAnnotationsIn } from '../serializer.ts';
import { findIdentifiers, patientLabels, slicesKept } from './identifiers.ts';
import { parsePseudonymTable, pseudonymTable, withPseudonyms } from './pseudonyms.ts';
import { type ChosenFile, writeChosen } from './writeChosen.ts';

const PSEUDONYMISE = 'Replace Patient Labels';
const CONTINUE = 'Replace as in Another Notebook';

export async function checkBeforeSharing(document: vscode.NotebookDocument): Promise<void> {
  const notebook = openNotebookAsSaved(document);
  const report = await vscode.workspace.openTextDocument({ content: sharingReport(notebook), language: 'markdown' });
  await vscode.window.showTextDocument(report, vscode.ViewColumn.Beside, true);
  const labels = patientLabels(notebook);
  if (labels.length === 0) return;
  const chosen = await showInformation(
    `The notebook shows ${labels.length} patient labels. Replace them by P001, P002 … everywhere in it?`,
    PSEUDONYMISE,
    CONTINUE,
  );
  const known = chosen === CONTINUE ? await askForTable() : new Map<string, string>();
  if (chosen && known) await pseudonymise(document, labels, known);
}

/** The table of who is who that another notebook of the study gave. */
async function askForTable(): Promise<Map<string, string> | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({ title: 'The table of who is who', filters: { Table: ['csv', 'txt'] } })) ??
    [];
  if (!file) return undefined;
  const known = parsePseudonymTable(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  if (!known)
    void showError(
      `${basename(file.path)} is no table of who is who: it begins with "label,pseudonym" and has a label and its pseudonym in each line. Nothing was replaced.`,
    );
  return known;
}

/** Replaces the labels in the open notebook, which can be undone, and opens the table of who is who. */
export async function pseudonymise(
  document: vscode.NotebookDocument,
  labels: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const pseudonyms = pseudonymsFor(labels, known);
  await editNotebook(document, () => {
    const { cells, annotations = NO_ANNOTATIONS } = withPseudonyms(openNotebookAsSaved(document), pseudonyms);
    const all = new vscode.NotebookRange(0, document.cellCount);
    return [
      vscode.NotebookEdit.replaceCells(all, cells.map(toCellData)),
      vscode.NotebookEdit.updateNotebookMetadata(withAnnotationsIn(document.metadata, annotations)),
    ];
  });
  const table = await vscode.workspace.openTextDocument({ content: pseudonymTable(pseudonyms), language: 'plaintext' });
  await vscode.window.showTextDocument(table, vscode.ViewColumn.Beside, true);
  void offerToSave(pseudonymTable(pseudonyms));
}

const SAVE = 'Save Table…';
const WHO_IS_WHO: ChosenFile = {
  what: 'table of who is who',
  isOfKind: (start) => /^\uFEFF?label,pseudonym\r?\n/.test(start),
  // For its owner alone.
  mode: 0o600,
};

async function offerToSave(table: string): Promise<void> {
  const chosen = await showInformation(
    'The labels are replaced. Save the table of who is who where only you can read it, or close it unsaved. Outputs show the pseudonyms; to run the notebook again with them, load a manifest that gives each patient the new label.',
    SAVE,
  );
  if (chosen !== SAVE) return;
  const target = await vscode.window.showSaveDialog({ title: 'The table of who is who', filters: { Table: ['csv'] } });
  if (target) await writeChosen(target, table, WHO_IS_WHO);
}

/** Markdown. */
export function sharingReport(notebook: Notebook): string {
  const found = findIdentifiers(notebook);
  const labels = patientLabels(notebook);
  const slices = slicesKept(notebook);
  const list = found.length
    ? found
        .map(
          ({ kind, what, cell }) =>
            `- ${kind}: \`${what}\` (${cell === undefined ? 'drawn on a slice' : `cell ${cell}`})`,
        )
        .join('\n')
    : '- Nothing that looks like a name, a date, a hospital’s number, a DICOM tag, a path or an address.';
  const shown = labels
    .slice(0, 20)
    .map((label) => `\`${label}\``)
    .join(', ');
  return `# Before you share this notebook

## What may say who somebody is
${list}

## What the notebook shows
- ${labels.length === 0 ? 'No patient labels.' : `${labels.length} patient labels: ${shown}${labels.length > 20 ? ' …' : ''}. Are they pseudonyms, and is the list of who is who elsewhere?`}
- ${slices === 0 ? 'No slices.' : `${slices} slices are kept in the file. Text that is burnt into a picture cannot be seen by this check: look at each of them. A face can be recognised in a CT that shows it.`}

## What this check cannot see
Names in sentences of your own, people who can be told by rare findings, and what others know already. LungNB puts no DICOM tag but spacing, kernel, scanner and position into a notebook. The check reads; it sends nothing anywhere.
`;
}
