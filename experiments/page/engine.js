// A network as pages carry it, evaluated in the browser: values (inputs, then units in topological order) over a grid of
// samples, x along columns, y along rows, both from -1 to 1.
const activations = {
  identity: z => z, sin: Math.sin, cos: Math.cos, tanh: Math.tanh, relu: z => (z > 0 ? z : 0),
  sigmoid: z => Math.tanh(z / 2), gaussian: z => 2 * Math.exp(-z * z) - 1,
  'steep-sigmoid': z => 1 / (1 + Math.exp(-4.9 * z)),
};

function decodeArray(Type, text) {
  const binary = atob(text), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return new Type(bytes.buffer);
}

/** Unpacks the arrays of a network once. */
export function unpack(net) {
  if (net.weight) return net;
  const p = net.packed;
  net.activation = decodeArray(Uint8Array, p.activation);
  net.first = decodeArray(Uint32Array, p.first);
  net.source = decodeArray(Uint32Array, p.source);
  net.weight = decodeArray(Float32Array, p.weight);
  net.slot = p.slot ? decodeArray(Uint32Array, p.slot) : net.weight.map((_, e) => e);
  net.layer = decodeArray(Uint16Array, p.layer);
  net.column = decodeArray(Uint16Array, p.column);
  net.flags = decodeArray(Uint8Array, p.flags);  // 1 a copy, 2 read by no output, 4 absent
  net.inputCount = net.inputs.length;
  net.valueCount = net.layer.length;
  net.readers = Array.from({length: net.valueCount}, () => []);
  for (let u = 0; u < net.activation.length; ++u)
    for (let e = net.first[u]; e < net.first[u + 1]; ++e) net.readers[net.source[e]].push([net.inputCount + u, e]);
  delete net.packed;
  return net;
}

/**
 * All values of a network over width x height samples of `region` (left, right, top, bottom); `with` gives a copy with one weight
 * changed.
 */
export class Field {
  constructor(net, width, height, region = [-1, 1, -1, 1]) {
    this.net = net;
    this.region = region;
    this.width = width;
    this.height = height;
    this.pixels = width * height;
    this.rows = [];
    net.inputs.forEach(name => this.rows.push(this.input(name)));
    for (let u = 0; u < net.activation.length; ++u) this.rows.push(this.unit(u, this.rows, -1, 0));
  }
  input(name) {
    const row = new Float32Array(this.pixels);
    const [left, right, top, bottom] = this.region;
    const at = (i, n, from, to) => (n < 2 ? (from + to) / 2 : from + (to - from) * i / (n - 1));
    for (let r = 0, p = 0; r < this.height; ++r)
      for (let c = 0; c < this.width; ++c, ++p) {
        const x = at(c, this.width, left, right), y = at(r, this.height, top, bottom);
        row[p] = name === 'x' ? x : name === 'y' ? y : name === 'd' ? 1.4 * Math.hypot(x, y) : name === 'bias' ? 1 : 0;
      }
    return row;
  }
  unit(u, rows, slot, value, row = new Float32Array(this.pixels)) {
    const net = this.net, n = this.pixels;
    row.fill(0);
    for (let e = net.first[u]; e < net.first[u + 1]; ++e) {
      const w = net.slot[e] === slot ? value : net.weight[e], source = rows[net.source[e]];
      if (w !== 0) for (let p = 0; p < n; ++p) row[p] += w * source[p];
    }
    const kind = net.kinds[net.activation[u]];
    if (kind !== 'identity') {
      const f = activations[kind];
      for (let p = 0; p < n; ++p) row[p] = f(row[p]);
    }
    return row;
  }
  /** Rows of the network with the weight of `slot` set to `value`; only what depends on it is new. */
  with(slot, value) {
    return new Slide(this, slot).rows(value);
  }
  /** RGBA pixels of the picture that the outputs hue, saturation, brightness draw. */
  picture(rows = this.rows, out = new ImageData(this.width, this.height)) {
    const [hs, ss, vs] = this.net.outputs.map(v => rows[v]), limit = z => Math.min(1, Math.max(0, z));
    for (let p = 0; p < this.pixels; ++p) {
      const h = hs[p] + 1 - Math.floor(hs[p] + 1), s = limit(ss[p]), v = limit(Math.abs(vs[p]));
      for (let c = 0; c < 3; ++c) {
        const k = (5 - 2 * c + 6 * h) % 6;
        out.data[4 * p + c] = Math.round(255 * (v - v * s * limit(Math.min(k, 4 - k))));
      }
      out.data[4 * p + 3] = 255;
    }
    return out;
  }
}

/** One weight of a network on its way through many values: which units depend on it is found once, their rows are reused. */
export class Slide {
  constructor(field, slot) {
    const {net} = field, touched = new Uint8Array(net.valueCount);
    this.field = field;
    this.slot = slot;
    this.units = [];
    this.made = field.rows.slice();
    for (let u = 0; u < net.activation.length; ++u)
      for (let e = net.first[u]; e < net.first[u + 1]; ++e)
        if (net.slot[e] === slot || touched[net.source[e]]) {
          touched[net.inputCount + u] = 1;
          this.made[net.inputCount + u] = new Float32Array(field.pixels);
          this.units.push(u);
          break;
        }
  }
  /** All rows with the weight set to `value`; the next call writes over those that differ from the field's. */
  rows(value) {
    const {field, made} = this;
    for (const u of this.units) field.unit(u, made, this.slot, value, made[field.net.inputCount + u]);
    return made;
  }
}

// Red, white, blue from -1 to 1, as in the figures.
const anchors = [[178, 24, 43], [239, 138, 98], [255, 255, 255], [103, 169, 207], [33, 102, 172]];
const palette = new Uint8Array(3 * 257);
for (let i = 0; i <= 256; ++i) {
  const place = i / 64, low = Math.min(3, Math.floor(place)), t = place - low;
  for (let c = 0; c < 3; ++c) palette[3 * i + c] = Math.round(anchors[low][c] * (1 - t) + anchors[low + 1][c] * t);
}

/** A row as pixels; a map's values from -1 to 1. */
export function mapPixels(row, width, height) {
  const out = new ImageData(width, height);
  for (let p = 0; p < row.length; ++p) {
    const v = row[p], i = v !== v ? -1 : Math.round(128 + 128 * Math.min(1, Math.max(-1, v)));
    for (let c = 0; c < 3; ++c) out.data[4 * p + c] = i < 0 ? 160 : palette[3 * i + c];
    out.data[4 * p + 3] = 255;
  }
  return out;
}

/** How far two pictures are apart, white none, black a quarter or more (mean over the channels). */
export function differencePixels(a, b) {
  const out = new ImageData(a.width, a.height);
  for (let p = 0; p < a.data.length; p += 4) {
    let sum = 0;
    for (let c = 0; c < 3; ++c) sum += Math.abs(a.data[p + c] - b.data[p + c]);
    const grey = 255 - Math.min(255, sum * 4 / 3);
    out.data[p] = out.data[p + 1] = out.data[p + 2] = grey;
    out.data[p + 3] = 255;
  }
  return out;
}

export function toCanvas(pixels) {
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas;
}

export function paint(canvas, pixels) {
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.getContext('2d').putImageData(pixels, 0, 0);
}
