/** The bundler gives style sheets as texts. */
declare module '*.css' {
  const text: string;
  export default text;
}

/** Parts of Plotly, which ships no types for them. */
declare module 'plotly.js/lib/core' {
  import type Plotly from 'plotly.js';

  const core: typeof Plotly & { register(modules: readonly unknown[]): void };
  export default core;
}
declare module 'plotly.js/lib/bar' {
  const trace: unknown;
  export default trace;
}
declare module 'plotly.js/lib/box' {
  const trace: unknown;
  export default trace;
}
declare module 'plotly.js/lib/heatmap' {
  const trace: unknown;
  export default trace;
}
