import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languageModelTools } from '../../../../scripts/lib/languageModelTools.ts';
import { PROJECT } from '../../../../scripts/lib/project.ts';
import { AGENT_TOOLS, type AgentMethod, confirmationOf } from '../../../../src/protocol/serving/agentTools.ts';

const asked = (method: AgentMethod, parameters: object, toRun: readonly number[] = []) =>
  confirmationOf(method, parameters as never, {
    notebook: 'n.lungnb',
    toRun,
    text: (text) => text.replaceAll('P001', 'Miller'),
  });

describe('tools of language models', () => {
  it('are announced in package.json as the methods declare them (node scripts/reference.ts writes it)', () => {
    const { contributes } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    expect(contributes.languageModelTools).toEqual(JSON.parse(JSON.stringify(languageModelTools())));
  });

  it('ask before anything is changed or run, and for reading not', () => {
    const parameters = { cell: 2, source: 'x', name: 'cut', value: 4 };
    for (const method of Object.keys(AGENT_TOOLS) as AgentMethod[])
      expect([method, asked(method, parameters) !== undefined]).toEqual([method, AGENT_TOOLS[method].changes]);
  });

  it('ask in words of what will be done, with the labels that the user knows', () => {
    expect(asked('set', { name: 'who', value: 'P001' })).toEqual({
      title: 'Change the parameter who in n.lungnb?',
      message: 'It becomes ` Miller `, and cells that use it run.',
    });
    expect(asked('edit', { cell: 3, source: 'show c "P001"' })).toEqual({
      title: 'Change cell 3 of n.lungnb?',
      message: 'Its text becomes:\n\n```\nshow c "Miller"\n```',
    });
    expect(asked('insert', { source: '```\n[click](x)' })!.message).toBe('````\n```\n[click](x)\n````');
    expect(asked('insert', { before: 2, kind: 'markup', source: 'x' })!.title).toBe(
      'Insert a text cell before cell 2 of n.lungnb?',
    );
    const titles = [[], [2], [2, 3], Array.from({ length: 12 }, (_, n) => n + 1)].map(
      (toRun) => asked('run', {}, toRun)!.title,
    );
    expect(titles).toEqual([
      'Run no cell of n.lungnb?',
      'Run cell 2 of n.lungnb?',
      'Run cells 2, 3 of n.lungnb?',
      'Run cells 1, 2, 3, 4, 5, 6, 7, 8 and 4 more of n.lungnb?',
    ]);
  });
});
