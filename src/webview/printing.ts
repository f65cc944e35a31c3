/** Goes into a page that a browser without a window prints (`lungnb run --pdf`), and tells when all of it is drawn. */

const QUIET_MS = 400;
const MOST_MS = 60_000;
const STEP_MS = 50;

/** Ends when every figure and slice is drawn and nothing has changed for a while, in shadow roots neither; or after a minute. */
async function untilDrawn(): Promise<void> {
  const begun = performance.now();
  let changed = begun;
  const observer = new MutationObserver(() => {
    changed = performance.now();
  });
  const seen = new Set<Node>();
  await document.fonts.ready;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const roots = rootsIn(document);
    for (const root of roots) {
      if (seen.has(root)) continue;
      seen.add(root);
      observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    const now = performance.now();
    if (now - begun > MOST_MS || (now - changed > QUIET_MS && roots.every(isDrawn))) break;
  }
  observer.disconnect();
}

/** The document and every shadow root in it. */
function rootsIn(root: Document | ShadowRoot): (Document | ShadowRoot)[] {
  const within = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? rootsIn(shadowRoot) : []));
  return [root, ...within];
}

function isDrawn(root: Document | ShadowRoot): boolean {
  const figures = [...root.querySelectorAll('figure.figure')];
  // A slice that cannot be shown says why, and waits no longer.
  const waiting = [...root.querySelectorAll('.picture .waiting')].some(({ textContent }) =>
    textContent.startsWith('Fetching'),
  );
  return !waiting && figures.every((figure) => figure.querySelector('.main-svg'));
}

Object.assign(globalThis, { lungnbUntilDrawn: untilDrawn });
