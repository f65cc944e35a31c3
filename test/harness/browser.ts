/** The browser that the tests drive. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, or the Chrome that is installed where there is none; LUNGNB_CHROMIUM names another. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env.LUNGNB_CHROMIUM ?? (existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : undefined);
  return chromium.launch({ ...(executablePath ? { executablePath } : { channel: 'chrome' }), args: ARGUMENTS });
}
