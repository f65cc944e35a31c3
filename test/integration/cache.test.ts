/** The cache of measured CTs, cleared by its command. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { clearCache } from '../../src/extension/clearCache.ts';

describe('Clear Cache', () => {
  let folder: string;
  const settings = () => vscode.workspace.getConfiguration('lungnb');
  const { showWarningMessage, showInformationMessage } = vscode.window;
  const context = { globalStorageUri: vscode.Uri.file('/nowhere') } as vscode.ExtensionContext;

  /** Answers the question as a user would, and returns what was said. */
  async function cleared(answer: string | undefined): Promise<string[]> {
    const said: string[] = [];
    const say = (reply: string | undefined) => (text: string, options?: { detail?: string }) => {
      said.push([text, options?.detail].filter(Boolean).join(' '));
      return Promise.resolve(reply);
    };
    Object.assign(vscode.window, { showWarningMessage: say(answer), showInformationMessage: say(undefined) });
    await clearCache(context);
    return said;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
    await settings().update('cacheFolder', folder, vscode.ConfigurationTarget.Workspace);
  });
  after(async () => {
    Object.assign(vscode.window, { showWarningMessage, showInformationMessage });
    await settings().update('cacheFolder', undefined, vscode.ConfigurationTarget.Workspace);
    rmSync(folder, { recursive: true });
  });

  it('asks with the size, and removes the measurements alone', async () => {
    const kept = join(folder, 'measured-cts', 'content-v2');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'entry'), Buffer.alloc(2_500_000));
    writeFileSync(join(folder, 'thesis.docx'), 'mine');
    const [refused] = await cleared(undefined);
    assert.match(refused!, /2\.5 MB.*Your CTs, notebooks and their outputs stay/s);
    assert(existsSync(kept));
    assert.match((await cleared('Clear Cache'))[1]!, /2\.5 MB are free/);
    assert(!existsSync(kept));
    assert(existsSync(join(folder, 'thesis.docx')));
    assert.match((await cleared('Clear Cache'))[0]!, /empty/);
  });
});
