/** Asks the user before a cell writes where something may be lost, or outside the notebook's folder. */
import type { WriteAnswer, WriteQuestion } from '../protocol/kernelApi.ts';
import { showWarning } from './notify.ts';

const WORDS = {
  overwrite: { title: (file: string) => `Replace "${file}"?`, yes: 'Replace' },
  outside: { title: (file: string) => `Write "${file}" outside the notebook’s folder?`, yes: 'Write There' },
} as const;

export async function askBeforeWriting({ kind, file, message, detail }: WriteQuestion): Promise<WriteAnswer> {
  const { title, yes } = WORDS[kind];
  const chosen = await showWarning(
    title(file),
    { modal: true, detail: detail ? `${message}\n${detail}` : message },
    yes,
  );
  return chosen === yes
    ? { allowed: true }
    : { allowed: false, advice: 'You chose so; run the cell again to be asked again, or choose another name.' };
}
