/** The browser that the tests drive. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const WITHOUT_GPU = ['--disable-gpu'];
/** As slow as it is, what it draws is what a graphics processor would. */
const GPU_IN_SOFTWARE = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Debian's Chromium, or the Chrome that is installed where there is none; LUNGNB_CHROMIUM names another. */
export function startBrowser({ hasGpu = false } = {}): Promise<Browser> {
  const executablePath = process.env.LUNGNB_CHROMIUM ?? (existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : undefined);
  const args = [...ARGUMENTS, ...(hasGpu ? GPU_IN_SOFTWARE : WITHOUT_GPU)];
  return chromium.launch({ ...(executablePath ? { executablePath } : { channel: 'chrome' }), args });
}
