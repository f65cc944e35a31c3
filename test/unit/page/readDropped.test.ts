/** Files that are put in the place of loaded ones: read, and refused, as `load` does. */
import { describe, expect, it } from 'vitest';
import { readDropped } from '../../../src/kernel/page/readDropped.ts';
import { startSession } from '../../harness/session.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a file in the place of a loaded one', () => {
  it.each([
    ['scores.csv', 'Patient;Region;Klasse;Score\nP1;RLL;ggo;2\nP2;RLL;ggo;\n', ''],
    ['skipped.csv', 'A title\nID,Klasse,score\n007,ggo,1\n', ' skip 1 columns patient "ID", class "Klasse"'],
    ['percent.tsv', 'patient\tpercent\nP1\t11 %\nP2\t0,5 %\n', ''],
    ['rows.json', '[{"patient":"P1","score":1},{"patient":"P2"}]', ''],
  ])('%s becomes the table, the digest and the remarks of `load`', async (name, text, clauses) => {
    const notebook = startSession({ files: { [name]: text } });
    const shown = await notebook.shown(`load "${name}"${clauses} as t`);
    const { table, percentColumns, provenance } = notebook.value('t', 'table');
    const asked = clauses
      ? {
          skip: 1,
          columns: [
            { name: 'patient', own: 'ID' },
            { name: 'class', own: 'Klasse' },
          ],
        }
      : {};
    const read = readDropped(bytes(text), name, asked);
    expect(read.table.objects()).toEqual(table.objects());
    expect(read.percentColumns).toEqual(percentColumns);
    expect({ [name]: read.sha256 }).toEqual(provenance.inputs);
    const said = shown.flatMap((view) => (view.type === 'messages' ? view.messages.map((one) => one.text) : []));
    expect(read.remarks.map(({ message }) => message)).toEqual(said);
  });

  it.each([
    ['empty.csv', ''],
    ['twice.csv', 'a,a\n1,2\n'],
    ['broken.json', '[{"a":1'],
  ])('%s is refused in the words of `load`', async (name, text) => {
    const problem = await startSession({ files: { [name]: text } }).problem(`load "${name}" as t`);
    expect(() => readDropped(bytes(text), name, {})).toThrow(problem.slice(problem.indexOf(': ') + 2));
  });

  it('that a page has no reader for is told to be saved as csv', () => {
    for (const start of ['PK\u0003\u0004', 'PAR1', 'ARROW1'])
      expect(() => readDropped(bytes(`${start}\u0000\u0001`), 'x.bin', {})).toThrow(/Save it as csv/);
    expect(() => readDropped(new Uint8Array([1, 0, 2]), 'x.bin', {})).toThrow(/holds no text/);
    expect(() => readDropped(bytes('patient,path\nP1,a/\n'), 'm.csv', {})).toThrow(/manifest/);
  });
});
