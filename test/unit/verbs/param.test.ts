import { describe, expect, it } from 'vitest';
import type { TableView } from '../../../src/protocol/view.ts';
import { startSession } from '../../harness/session.ts';

function start(parameters: Record<string, string> = {}) {
  const files = { 'm.csv': 'patient,region,class,percent\nP1,total,ggo,20\nP2,total,ggo,30\n' };
  const notebook = startSession({ parameters, files });
  return async (source: string) => {
    const result = await notebook.run(source, source.split(' ').slice(0, 2).join(' '));
    return result.problem ? `${result.problem.code}: ${result.problem.message}` : notebook.views.at(-1);
  };
}
const scores = (view: unknown) => (view as TableView).rows.map((row) => row.at(-1));

describe('param', () => {
  it.each([
    ['param cut = 25 in 0..100 step 5', 25, { kind: 'slider', low: 0, high: 100, step: 5 }],
    ['param cut = 2.5 in 0..10', 2.5, { kind: 'slider', low: 0, high: 10, step: 0.1 }],
    ['param cut = 25 in 2..49', 25, { kind: 'slider', low: 2, high: 49, step: 1 }],
    ['param cut = -950 in -1000..200', -950, { kind: 'slider', low: -1000, high: 200, step: 1 }],
    ['param share = 0.6 in 0.1..0.9', 0.6, { kind: 'slider', low: 0.1, high: 0.9, step: 0.01 }],
    ['param share = 1 in 0..1', 1, { kind: 'slider', low: 0, high: 1, step: 0.01 }],
    ['param share = 0.625 in 0..1', 0.625, { kind: 'slider', low: 0, high: 1, step: 0.001 }],
    [
      'param rate = 0.00001 in 0.00001..0.0002',
      0.00001,
      { kind: 'slider', low: 0.00001, high: 0.0002, step: 0.000001 },
    ],
    ['param cut = -950', -950, { kind: 'number' }],
    ['param kind = "linear" in "none", "linear"', 'linear', { kind: 'select', options: ['none', 'linear'] }],
    ['param who = "P1"', 'P1', { kind: 'text' }],
    ['param strict = true', true, { kind: 'checkbox' }],
  ])('shows %s as its control', async (source, value, control) => {
    expect(await start()(source)).toEqual({ type: 'control', name: source.split(' ')[1], value, control });
  });

  it('stands for its value in numbers, words, texts and expressions', async () => {
    const run = start();
    await run('load "m.csv" as m');
    await run('param cut = 25 in 0..100');
    expect(scores(await run('score m at 1, cut as s'))).toEqual([1, 2]);
    expect(scores(await run('filter m where percent > cut as f'))).toEqual([30]);
    await run('param kind = "linear" in "none", "linear"\nparam why = "too little"');
    await run('load "m.csv" as other\nagree m with other weights kind as ag');
    expect(await run('filter ag where weights == kind as linear')).toMatchObject({ totalRows: 1 });
    expect(await run('filter m where percent > cut because why as kept\nflow kept')).toMatchObject({
      description: expect.stringContaining('too little'),
    });
  });

  it('takes the value of --set, of the type that the cell has', async () => {
    const run = start({ cut: '30', strict: 'maybe' });
    expect(await run('param cut = 25 in 0..100')).toMatchObject({ value: 30 });
    expect(await run('param strict = true')).toMatch(/^wrong-parameter: `strict` was set to "maybe" from outside/);
  });

  it.each([
    ['param cut = 250 in 0..100', 'out-of-range: `cut` is 250, and its range is 0..100.'],
    ['param kind = "liner" in "none", "linear"', /Did you mean "linear"\?$/],
    ['param kind = "none" in 0..100', /a range is for numbers/],
    ['param strict = true in 0..1', /need no `in`/],
    ['param score = 1', /^missing-subject: `param` needs a name/],
  ])('refuses %s', async (source, message) => expect(await start()(source)).toMatch(message));

  it('says where its value does not fit', async () => {
    const run = start();
    await run('load "m.csv" as m\nparam cut = 250\nparam word = "x"');
    expect(await run('score m at 1, cut as s')).toBe(
      'wrong-parameter: The parameter `cut` is 250; a number (%) from 0 to 100 is needed here.',
    );
    expect(await run('score m at word as s')).toMatch(/^wrong-parameter: The parameter `word` is "x"/);
  });
});
