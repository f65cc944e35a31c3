/** Which browser draws. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../../../src/kernel/browser/findBrowser.ts';

const there = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, ...paths: string[]) => ({
  platform,
  env,
  isThere: (path: string) => paths.includes(path),
});

describe('the browser that draws', () => {
  it('is the one that an option names, before the one of the environment, before those at usual places', () => {
    const places = there('linux', { LUNGNB_BROWSER: '/own/b' }, '/own/a', '/own/b', '/usr/bin/chromium');
    expect(findBrowser('/own/a', places)).toBe('/own/a');
    expect(findBrowser(undefined, places)).toBe('/own/b');
    expect(findBrowser(undefined, { ...places, env: {} })).toBe('/usr/bin/chromium');
  });

  it('may be named by its name on the search path', () => {
    const path = join('/opt/b', 'thorium');
    expect(findBrowser('thorium', there('linux', { PATH: '/opt/b' }, path))).toBe(path);
  });

  it.each([
    ['linux', {}, '/snap/bin/chromium'],
    ['linux', {}, '/usr/bin/google-chrome'],
    ['darwin', {}, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['darwin', { HOME: '/Users/a' }, '/Users/a/Applications/Chromium.app/Contents/MacOS/Chromium'],
    ['win32', { ProgramFiles: 'C:\\Programs' }, 'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe'],
    ['win32', { 'ProgramFiles(x86)': 'C:\\P86' }, 'C:\\P86\\Microsoft\\Edge\\Application\\msedge.exe'],
  ] as const)('is found where %s has it', (platform, env, path) => {
    expect(findBrowser(undefined, there(platform, env, path))).toBe(path);
  });

  it('is missing with a word on what to install and what to set', () => {
    expect(() => findBrowser(undefined, there('linux', {}))).toThrow(
      expect.objectContaining({
        code: 'no-browser',
        message: expect.stringMatching(/Install one of them.*--browser PATH.*lungnb\.browser.*LUNGNB_BROWSER/),
      }),
    );
  });

  it('is never another than the one that was named, and a message says who named it and not what', () => {
    const places = there('linux', { LUNGNB_BROWSER: '/home/jane/none' }, '/usr/bin/chromium');
    expect(() => findBrowser(undefined, places)).toThrow(/^The browser that LUNGNB_BROWSER names is not there/);
    expect(() => findBrowser('/home/jane/none', places)).toThrow(/^The browser that was named is not there/);
  });
});
