/** Goes into a page that a browser without a window prints (`lungnb run --pdf`) or takes pictures of (`--docx`), and tells when all of it is drawn. */

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
  let isFitted = false;
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
    const isReady = now - changed > QUIET_MS && roots.every(isDrawn);
    if (now - begun > MOST_MS || (isReady && isFitted)) break;
    if (!isReady) continue;
    for (const root of roots) shrinkToSheet(root);
    isFitted = true;
    changed = now;
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

/** What is broader than the sheet is made smaller: the browser would make everything smaller, and slices would not follow. */
function shrinkToSheet(root: Document | ShadowRoot): void {
  for (const place of root.querySelectorAll<HTMLElement>('.table-output .scroll, .patients .scroll, figure.figure')) {
    const wide = place.querySelector<HTMLElement>(':scope > table, :scope .main-svg');
    const room = place.clientWidth * (place.currentCSSZoom ?? 1);
    if (!wide || room === 0) continue;
    const width = wide.getBoundingClientRect().width;
    if (width <= room + 1) continue;
    const target = place.matches('figure') ? place : wide;
    target.style.zoom = String((Number(getComputedStyle(target).zoom) * room) / width);
  }
}

/** Where the slices of each viewer stand with their legend and report, in pixels of the page, from above. */
function slicePlaces() {
  return rootsIn(document)
    .flatMap((root) => [...root.querySelectorAll('[data-testid="slice-viewer"] .stage')])
    .map((stage) => {
      const { x, y, width, height } = stage.getBoundingClientRect();
      return { x: x + scrollX, y: y + scrollY, width, height };
    });
}

Object.assign(globalThis, { lungnbUntilDrawn: untilDrawn, lungnbSlicePlaces: slicePlaces });
