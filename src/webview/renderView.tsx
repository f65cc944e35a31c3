/** Draws a view into a shadow root of its own, so that styles neither leak in nor out. */
import { Component, type ComponentChildren, render } from 'preact';
import type { ViewModel } from '../protocol/view.ts';
import { ALL_STYLES } from './allStyles.ts';
import { View, type ViewProperties } from './view.tsx';

interface BoundaryProps {
  readonly view: ViewModel;
  readonly children: ComponentChildren;
}

/** Stands in for a view that cannot be drawn, which only a file that was changed by hand or cut short brings about. */
class Boundary extends Component<BoundaryProps, { readonly failed?: ViewModel }> {
  override componentDidCatch(error: Error) {
    console.error('LungNB cannot draw an output:', error);
    this.setState({ failed: this.props.view });
  }

  override render({ view, children }: BoundaryProps) {
    if (this.state.failed !== view) return children;
    return (
      <p class="note" role="alert" data-testid="damaged">
        This output is damaged and cannot be shown. Run its cell again.
      </p>
    );
  }
}

export function renderView(properties: ViewProperties): void {
  const { view, root } = properties;
  render(
    <>
      <style>{ALL_STYLES}</style>
      <Boundary view={view}>
        <View {...properties} />
      </Boundary>
    </>,
    root,
  );
}
