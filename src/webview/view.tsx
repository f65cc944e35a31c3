/** Chooses the picture for a view. */
import type { JSX } from 'preact';
import type { ViewModel } from '../protocol/view.ts';
import { ControlOutput } from './control/control.tsx';
import type { FigureProperties } from './figure/figure.tsx';
import { Flags } from './flags.tsx';
import { Messages } from './messages.tsx';
import type { Messaging } from './messaging.ts';
import { TableOutput } from './table/table.tsx';
import { SliceViewer } from './viewer/sliceViewer.tsx';

export interface ViewProperties {
  readonly view: ViewModel;
  readonly root: ShadowRoot;
  readonly messaging: Messaging;
  /** Draws figures: at once, or when Plotly is there. */
  readonly Figure: (properties: FigureProperties) => JSX.Element;
}

export function View({ view, root, messaging, Figure }: ViewProperties): JSX.Element {
  switch (view.type) {
    case 'table':
      return <TableOutput view={view} selection={messaging.selection} />;
    case 'figure':
      return <Figure view={view} root={root} messaging={messaging} />;
    case 'slices':
      return <SliceViewer view={view} messaging={messaging} />;
    case 'control':
      return <ControlOutput view={view} messaging={messaging} />;
    case 'messages':
      return (
        <section class="output">
          <Messages title={view.title} messages={view.messages} />
          <Flags flags={view.flags ?? []} withPlace />
        </section>
      );
    default:
      return <p class="note">This output was made by a newer LungNB. Update LungNB to see it.</p>;
  }
}
