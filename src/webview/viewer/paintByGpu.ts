/**
 * Slices drawn by the graphics processor: Hounsfield units, labels and the table of `pixelTable` are textures, so that
 * the picture has the very bytes that `drawSlice` makes. One context draws for all pictures of the document, since
 * browsers give up the oldest of more than 16.
 */
import { MIN_HU } from '../../protocol/hounsfield.ts';
import type { Slice } from './decode.ts';
import { type Display, TABLE_SIZE } from './draw.ts';
import { LOBE_LINE } from './palette.ts';

export interface GpuPainter {
  /**
   * Draws the slice onto the context, whose canvas has its size. False where it could not, such as while the context is
   * lost or where the slice is larger than the processor's textures; nothing is drawn then.
   */
  paint(slice: Slice, display: Display, table: Uint32Array, onto: CanvasRenderingContext2D): boolean;
}

/** Undefined where there is no WebGL 2, or (unless asked for) the browser would reckon it without a graphics processor. */
export function createGpuPainter({ evenInSoftware = false } = {}): GpuPainter | undefined {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    failIfMajorPerformanceCaveat: !evenInSoftware,
  });
  if (!gl || (!evenInSoftware && isSoftware(gl))) return undefined;
  let drawing = createDrawing(gl);
  canvas.addEventListener('webglcontextlost', (event) => {
    // What is lost comes back only where this is asked for.
    event.preventDefault();
    drawing = undefined;
  });
  canvas.addEventListener('webglcontextrestored', () => {
    drawing = createDrawing(gl);
  });
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  return {
    paint(slice, display, table, onto) {
      const { width, height } = slice;
      if (!drawing || gl.isContextLost() || Math.max(width, height, TABLE_SIZE) > most) return false;
      if (canvas.width < width) canvas.width = width;
      if (canvas.height < height) canvas.height = height;
      drawing(slice, display, table);
      if (gl.isContextLost()) return false;
      onto.drawImage(canvas, 0, canvas.height - height, width, height, 0, 0, width, height);
      return true;
    },
  };
}

function isSoftware(gl: WebGL2RenderingContext): boolean {
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}

const VERTICES = `#version 300 es
void main() {
  // One triangle that covers the picture.
  gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENTS = `#version 300 es
precision highp float;
precision highp int;
precision highp isampler2D;
precision highp usampler2D;
uniform isampler2D hu;
uniform usampler2D textures;
uniform usampler2D lobes;
uniform sampler2D pixels;
uniform ivec2 size;
uniform bool hasTextures;
uniform bool hasLobes;
out vec4 pixel;
void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), size.y - 1 - int(gl_FragCoord.y));
  int entry = clamp(texelFetch(hu, at, 0).r - (${MIN_HU}), 0, ${TABLE_SIZE - 1});
  int row = hasTextures ? int(texelFetch(textures, at, 0).r) : 0;
  pixel = texelFetch(pixels, ivec2(entry, row), 0);
  if (!hasLobes) return;
  uint lobe = texelFetch(lobes, at, 0).r;
  uint right = texelFetch(lobes, min(at + ivec2(1, 0), size - 1), 0).r;
  uint below = texelFetch(lobes, min(at + ivec2(0, 1), size - 1), 0).r;
  if (lobe != right || lobe != below) pixel = vec4(${LOBE_LINE.map((value) => (value / 255).toFixed(6)).join(', ')}, 1.0);
}`;

/** Everything that the context holds, which has to be made anew where it was lost; undefined where it cannot be made. */
function createDrawing(gl: WebGL2RenderingContext) {
  const program = linked(gl);
  if (!program) return undefined;
  gl.useProgram(program);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const [size, hasTextures, hasLobes] = [uniform('size'), uniform('hasTextures'), uniform('hasLobes')];
  for (const [unit, name] of ['hu', 'textures', 'lobes', 'pixels'].entries()) {
    gl.uniform1i(uniform(name), unit);
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  }
  let last: Slice | undefined;
  let lastTable: Uint32Array | undefined;
  const labels = (unit: number, { width, height }: Slice, values: Uint8Array | undefined) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    // A texture that is not looked into has to be a whole one all the same.
    if (!values) return gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, 1, 1, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, ONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, width, height, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, values);
  };
  return (slice: Slice, { overlay }: Display, table: Uint32Array): void => {
    const { width, height, hu, textures, lobes } = slice;
    if (slice !== last) {
      gl.activeTexture(gl.TEXTURE0);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16I, width, height, 0, gl.RED_INTEGER, gl.SHORT, hu);
      labels(1, slice, textures);
      labels(2, slice, lobes);
      last = slice;
    }
    if (table !== lastTable) {
      gl.activeTexture(gl.TEXTURE3);
      const rows = table.length / TABLE_SIZE;
      const bytes = new Uint8Array(table.buffer);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, TABLE_SIZE, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
      lastTable = table;
    }
    gl.uniform2i(size, width, height);
    gl.uniform1i(hasTextures, overlay && textures ? 1 : 0);
    gl.uniform1i(hasLobes, overlay?.lobeLines && lobes ? 1 : 0);
    gl.viewport(0, 0, width, height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  };
}

const ONE = new Uint8Array(1);

function linked(gl: WebGL2RenderingContext): WebGLProgram | undefined {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTICES],
    [gl.FRAGMENT_SHADER, FRAGMENTS],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : undefined;
}
