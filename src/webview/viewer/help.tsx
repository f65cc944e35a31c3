/** The `?` overlay: every key, and what mouse, pen and fingers do. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../controls.tsx';
import { GESTURES, keyInWords } from './gestures.ts';
import { keysOffered } from './keys.ts';
import type { Viewer } from './viewer.ts';

export function Help({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const { isHelpOpen } = viewer;
  const section = useRef<HTMLElement>(null);
  // At once, so that no key of a hasty hand goes to the pictures; they have the keys again afterwards.
  useLayoutEffect(() => {
    const own = section.current;
    own?.focus();
    return () => {
      if (own?.matches(':focus-within')) own.closest<HTMLElement>('.pictures')?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <section
      class="help"
      ref={section}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the focus, so that keys scroll it
      tabIndex={0}
      aria-label="Keys and gestures of the viewer"
      data-testid="viewer-help"
    >
      <header>
        <h3>Keys and gestures</h3>
        <Button
          label="Close"
          testId="close-help"
          onClick={() => {
            isHelpOpen.value = false;
          }}
        />
      </header>
      <div class="help-groups">
        {keysOffered(viewer).map(({ title, bindings }) => (
          <table key={title}>
            <caption>{title}</caption>
            <tbody>
              {bindings.map(({ keys, does }) => (
                <tr key={does}>
                  <th scope="row">
                    {keys.map((key) => (
                      <kbd key={key}>{keyInWords(key)}</kbd>
                    ))}
                  </th>
                  <td>{does}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
        <table>
          <caption>Mouse, pen and fingers</caption>
          <tbody>
            {GESTURES.map(([gesture, does]) => (
              <tr key={gesture}>
                <th scope="row">{gesture}</th>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
