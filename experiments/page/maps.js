import {Field, mapPixels, toCanvas, unpack} from './engine.js';

// The feature-map figure of one network on a canvas: layers down, units across; a unit is chosen by pointing, clicking or
// with the arrow keys.
export class MapFigure {
  constructor(canvas, onPoint, onChoose) {
    this.canvas = canvas;
    this.chosen = -1;
    this.pointed = -1;
    canvas.addEventListener('pointermove', e => this.point(this.at(e), onPoint));
    canvas.addEventListener('pointerleave', () => this.point(-1, onPoint));
    canvas.addEventListener('click', e => {
      const v = this.at(e);
      if (v >= 0) this.choose(v, onChoose);
    });
    canvas.addEventListener('keydown', e => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[e.key];
      if (!step) return;
      e.preventDefault();
      const v = this.neighbour(step[0], step[1]);
      if (v >= 0) this.choose(v, onChoose);
    });
  }

  show(net, aspect) {
    this.net = unpack(net);
    this.aspect = aspect;
    const side = net.valueCount > 700 ? 32 : 48, longer = Math.max(...aspect);
    this.mapWidth = Math.max(2, Math.round(side * aspect[0] / longer));
    this.mapHeight = Math.max(2, Math.round(side * aspect[1] / longer));
    this.field = new Field(net, this.mapWidth, this.mapHeight);
    this.images = this.field.rows.map((row, v) => (net.flags[v] & 4 ? null : toCanvas(mapPixels(row, this.mapWidth, this.mapHeight))));
    this.place = new Map();
    for (let v = 0; v < net.valueCount; ++v) if (!(net.flags[v] & 4)) this.place.set(net.layer[v] * 65536 + net.column[v], v);
    this.chosen = this.pointed = -1;
    this.draw();
  }

  draw() {
    const {canvas, net} = this;
    if (!net) return;
    const room = canvas.parentElement.clientWidth, ratio = window.devicePixelRatio || 1;
    this.left = 50;
    this.top = 22;
    this.stepX = Math.max(15, Math.min(52, (room - this.left - 2) / net.columns));
    const cell = this.stepX - 2;
    this.cellHeight = Math.max(6, cell * this.mapHeight / this.mapWidth);
    this.stepY = this.cellHeight + 2;
    const width = Math.ceil(this.left + net.columns * this.stepX + 2), height = Math.ceil(this.top + net.layers * this.stepY + 2);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
    const g = canvas.getContext('2d'), style = getComputedStyle(canvas), ink = style.color;
    g.scale(ratio, ratio);
    g.font = '11px system-ui, sans-serif';
    g.fillStyle = ink;
    g.textAlign = 'center';
    for (const [kind, first, count] of net.groups) {
      const from = this.left + first * this.stepX, to = from + count * this.stepX - 2;
      const words = [`${kind} × ${count}`, kind, kind.slice(0, 4), ''].find(w => g.measureText(w).width <= Math.max(to - from, 24));
      g.fillText(words, (from + to) / 2, 11);
      g.fillRect(from, 15.5, to - from, 0.7);
    }
    g.textAlign = 'right';
    for (let l = 0; l < net.layers; ++l)
      g.fillText(l === 0 ? 'inputs' : l === net.layers - 1 && net.outputRow ? 'outputs' : l, this.left - 6, this.top + l * this.stepY + this.cellHeight / 2 + 4);
    for (let v = 0; v < net.valueCount; ++v) {
      if (net.flags[v] & 4) continue;
      const [x, y] = this.corner(v);
      g.globalAlpha = net.flags[v] & 2 ? 0.3 : 1;
      g.drawImage(this.images[v], x, y, cell, this.cellHeight);
      if (!(net.flags[v] & 1)) this.outline(g, v, ink, 0.8);
    }
    g.globalAlpha = 1;
    const chosen = this.pointed >= 0 ? this.pointed : this.chosen;
    if (chosen < 0) return;
    if (chosen >= net.inputCount)
      for (let e = net.first[chosen - net.inputCount]; e < net.first[chosen - net.inputCount + 1]; ++e)
        this.outline(g, net.source[e], net.weight[e] < 0 ? style.getPropertyValue('--negative') : style.getPropertyValue('--positive'), 2.5);
    for (const [reader] of net.readers[chosen]) this.outline(g, reader, style.getPropertyValue('--reader'), 2.5);
    this.outline(g, chosen, style.getPropertyValue('--mark'), 3.5);
  }

  corner(v) { return [this.left + this.net.column[v] * this.stepX, this.top + this.net.layer[v] * this.stepY]; }
  outline(g, v, colour, width) {
    const [x, y] = this.corner(v);
    g.strokeStyle = colour;
    g.lineWidth = width;
    g.strokeRect(x, y, this.stepX - 2, this.cellHeight);
  }
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - this.left) / this.stepX);
    const layer = Math.floor((event.clientY - box.top - this.top) / this.stepY);
    return column < 0 || layer < 0 ? -1 : this.place.get(layer * 65536 + column) ?? -1;
  }
  point(v, tell) {
    if (v === this.pointed) return;
    this.pointed = v;
    this.draw();
    tell(v);
  }
  choose(v, tell) {
    this.chosen = v;
    this.pointed = -1;
    this.draw();
    if (tell) tell(v);
  }
  /** The next unit in a direction: along the layer, or the nearest column of the next layer that has any. */
  neighbour(down, across) {
    const {net} = this;
    if (this.chosen < 0) return net.inputCount;
    const layer = net.layer[this.chosen], column = net.column[this.chosen];
    for (let i = 1; i <= Math.max(net.layers, net.columns); ++i) {
      if (across) {
        const v = this.place.get(layer * 65536 + column + across * i);
        if (v !== undefined) return v;
      } else {
        let best = -1;
        for (let v = 0; v < net.valueCount; ++v)
          if (net.layer[v] === layer + down * i && !(net.flags[v] & 4) &&
              (best < 0 || Math.abs(net.column[v] - column) < Math.abs(net.column[best] - column))) best = v;
        if (best >= 0) return best;
      }
    }
    return -1;
  }
  /** A unit to begin with: read by an output, computed and not copied, in the upper half, of many readers. */
  interesting() {
    const {net} = this;
    let best = net.inputCount < net.valueCount ? net.inputCount : 0, most = -1;
    for (let v = net.inputCount; v < net.valueCount; ++v) {
      if (net.flags[v] || net.layer[v] * 2 < net.layers || net.readers[v].length <= most) continue;
      most = net.readers[v].length;
      best = v;
    }
    return best;
  }
}
