/** Draws a view into a shadow root of its own, so that styles neither leak in nor out. */
import { render } from 'preact';
import type { ViewModel } from '../protocol/view.ts';
import controlStyles from './controls.css';
import type { Messaging } from './messaging.ts';
import styles from './styles.css';
import { View } from './view.tsx';

export function renderView(view: ViewModel, root: ShadowRoot, messaging: Messaging): void {
  render(
    <>
      <style>{controlStyles + styles}</style>
      <View view={view} messaging={messaging} root={root} />
    </>,
    root,
  );
}
