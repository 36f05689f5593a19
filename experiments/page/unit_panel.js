// One unit enlarged, what it reads and what reads it, and one weight swept: a strip of pictures and a slider.
import {element, number} from './dom.js';
import {Slide, differencePixels, mapPixels, paint, toCanvas} from './engine.js';

/** Words for a value of a network. */
export function describeValue(net, v) {
  if (v < net.inputCount) return `input ${net.inputs[v]}`;
  const kind = net.copies && net.flags[v] & 1 ? 'copy' : net.kinds[net.activation[v - net.inputCount]];
  return `${kind}${net.names[v] ? ` ${net.names[v]}` : ''}, layer ${net.layer[v]}, unit ${net.column[v] + 1}`;
}

/**
 * Works the elements .name .numbers .enlarged .reads .readers .range .strip .slider .swept .change and the output in .sweep of
 * `root`. `onSlide(slot, value, picture)` is told of every weight tried, `onRelease(slot, value)` of the one the slider was left at.
 */
export class UnitPanel {
  constructor(root, {onSlide, onRelease} = {}) {
    this.root = root;
    this.onSlide = onSlide;
    this.find('.range').addEventListener('change', () => this.showWeight());
    this.slider = this.find('.slider');
    this.slider.addEventListener('input', () => this.showSwept());
    const release = () => onRelease?.(this.shown.net.slot[this.edge], this.value());
    this.slider.addEventListener('change', release);
    const strip = this.find('.strip');
    const drag = e => {
      if (e.type === 'pointermove' && !(e.buttons & 1)) return;
      const box = strip.getBoundingClientRect();
      this.slider.value = Math.max(-1, Math.min(1, ((e.clientX - box.left) / box.width * 9 - 0.5) / 4 - 1));
      this.showSwept();
    };
    strip.addEventListener('pointerdown', drag);
    strip.addEventListener('pointermove', drag);
    strip.addEventListener('pointerup', release);
  }

  find(selector) { return this.root.querySelector(selector); }

  /** `maps` is the figure that the unit stands in, `field` its values at the size of pictures, `label` what goes before its name. */
  show({maps, field, label = ''}, v, edge = -1) {
    const net = maps.net, row = field.rows[v];
    this.shown = {maps, net, field, v};
    let low = Infinity, high = -Infinity, sum = 0;
    for (const value of row) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    this.find('.name').textContent = label + describeValue(net, v);
    this.find('.numbers').textContent = `from ${number(low)} to ${number(high)}, mean ${number(sum / row.length)}`;
    paint(this.find('.enlarged'), mapPixels(row, field.width, field.height));
    const reads = [];
    if (v >= net.inputCount)
      for (let e = net.first[v - net.inputCount]; e < net.first[v - net.inputCount + 1]; ++e) reads.push([net.source[e], e]);
    const strength = ([, e]) => -Math.abs(net.weight[e]);
    reads.sort((a, b) => strength(a) - strength(b));
    const readers = [...net.readers[v]].sort((a, b) => strength(a) - strength(b));
    this.list(this.find('.reads'), reads, 'reads nothing');
    this.list(this.find('.readers'), readers, 'nothing reads it');
    this.edge = edge >= 0 ? edge : this.telling(reads.length ? reads : readers);
    this.showWeight();
  }

  /** The edge whose source varies most over the picture: moving its weight shows. */
  telling(edges) {
    const {net, field} = this.shown;
    let best = -1, most = -1;
    for (const [, e] of edges) {
      const row = field.rows[net.source[e]];
      let sum = 0, squares = 0;
      for (const value of row) {
        sum += value;
        squares += value * value;
      }
      const variance = squares / row.length - (sum / row.length) ** 2;
      if (variance > most || best < 0) {
        most = variance;
        best = e;
      }
    }
    return best;
  }

  list(box, edges, none) {
    const {net, maps} = this.shown;
    box.replaceChildren(...edges.map(([other, e]) => {
      const canvas = element('canvas', {width: maps.mapWidth, height: maps.mapHeight, 'aria-hidden': 'true'});
      canvas.getContext('2d').drawImage(maps.images[other], 0, 0);
      const weight = element('span', {class: net.weight[e] < 0 ? 'negative' : 'positive', text: number(net.weight[e])});
      const button = element('button', {type: 'button', 'data-edge': e, 'aria-pressed': 'false', title: `${describeValue(net, other)}; weight ${number(net.weight[e])}`}, canvas, weight);
      button.addEventListener('click', () => {
        this.edge = e;
        this.showWeight();
      });
      return button;
    }));
    if (!edges.length) box.append(element('span', {class: 'none', text: none}));
  }

  showWeight() {
    const {net, field} = this.shown, sweep = this.find('.sweep');
    this.root.querySelectorAll('[data-edge]').forEach(b => b.setAttribute('aria-pressed', String(Number(b.dataset.edge) === this.edge)));
    sweep.hidden = this.edge < 0 || !net.draws;
    if (sweep.hidden) return;
    this.slide = new Slide(field, net.slot[this.edge]);
    this.before = field.picture();
    this.after = field.picture();
    const range = Number(this.find('.range').value), weight = net.weight[this.edge];
    this.find('.strip').replaceChildren(...Array.from({length: 9}, (_, i) => {
      const value = weight + range * (i - 4) / 4;
      return element('figure', i === 4 ? {class: 'own'} : {}, toCanvas(field.picture(this.slide.rows(value))), element('figcaption', {text: number(value)}));
    }));
    this.slider.value = 0;
    this.showSwept();
  }

  /** The weight that the slider stands for. */
  value() { return this.shown.net.weight[this.edge] + Number(this.find('.range').value) * Number(this.slider.value); }

  showSwept() {
    const {net, field} = this.shown, value = this.value(), {before} = this;
    const after = field.picture(this.slide.rows(value), this.after);
    paint(this.find('.swept'), after);
    paint(this.find('.change'), differencePixels(before, after));
    let sum = 0;
    for (let p = 0; p < after.data.length; ++p) sum += Math.abs(after.data[p] - before.data[p]);
    const change = sum / (0.75 * after.data.length) / 255;
    const words = `weight ${number(value)} instead of ${number(net.weight[this.edge])}: mean change ${change.toFixed(3)}`;
    this.find('.sweep output').textContent = words;
    this.slider.setAttribute('aria-valuetext', words);
    this.onSlide?.(net.slot[this.edge], value, after);
  }
}
