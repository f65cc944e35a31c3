/** A file of scores that LungNB kept while somebody read, as a table. */
import { createHash } from 'node:crypto';
import type { ScoresFile } from '../../protocol/reading/scores.ts';
import { looksLikeScores, parseScores, ScoresFileError } from '../../protocol/reading/scoresFile.ts';
import { UserError } from '../base/userError.ts';
import { readWhole } from '../ct/files/regularFile.ts';
import { readingsTable } from './readingsTable.ts';
import type { TableOfFile } from './tableOfFile.ts';

/** A thousand cases take some 20 MB. */
const MAX_BYTES = 200e6;

export interface TableOfScores extends TableOfFile {
  readonly scores: ScoresFile;
}

export function isScoresFile(start: Buffer): boolean {
  return looksLikeScores(start.toString('utf8'));
}

/** `name` is for messages. Throws a UserError where the file is damaged, or of a newer LungNB. */
export async function readScoresFile(path: string, name: string): Promise<TableOfScores> {
  const bytes = await readWhole(path, name, MAX_BYTES);
  const scores = scoresIn(bytes.toString('utf8'), name);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { table: readingsTable(scores), scores, otherSheets: [], percentColumns: [], remarks: [], sha256 };
}

/** Throws a UserError where the text holds no scores that can be used. */
export function scoresIn(text: string, name: string): ScoresFile {
  try {
    return parseScores(text, name);
  } catch (error) {
    if (error instanceof ScoresFileError) throw new UserError('scores-file', error.message);
    throw error;
  }
}
