// Two networks side by side, one unit enlarged with what it reads and what reads it, and one weight swept.
const number = v => (!Number.isFinite(v) ? '–' : v !== 0 && Math.abs(v) < 1e-3 ? v.toExponential(2) : String(Number(v.toPrecision(4))));

function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) k === 'text' ? (e.textContent = v) : e.setAttribute(k, v);
  e.append(...children);
  return e;
}

class Explorer {
  constructor(root, run, runIndex) {
    this.root = root;
    this.run = run;
    this.runIndex = runIndex;
    this.sides = ['a', 'b'].map((name, i) => this.makeSide(root.querySelector(`[data-side="${name}"]`), i));
    this.panel = root.querySelector('.unit');
    this.panel.querySelector('.range').addEventListener('change', () => this.showWeight());
    this.slider = this.panel.querySelector('.slider');
    this.slider.addEventListener('input', () => this.showSwept());
    const strip = this.panel.querySelector('.strip');
    const drag = e => {
      if (e.type === 'pointermove' && !(e.buttons & 1)) return;
      const box = strip.getBoundingClientRect();
      this.slider.value = Math.max(-1, Math.min(1, ((e.clientX - box.left) / box.width * 9 - 0.5) / 4 - 1));
      this.showSwept();
    };
    strip.addEventListener('pointerdown', drag);
    strip.addEventListener('pointermove', drag);
    const dense = run.networks.findIndex(n => n.family === 'dense');
    this.sides[0].select.value = 0;
    this.sides[1].select.value = dense > 0 ? dense : Math.min(1, run.networks.length - 1);
    this.sides.forEach((_, i) => this.showSide(i));
    this.choose(0, this.interesting(0));
    let width = window.innerWidth;
    window.addEventListener('resize', () => {
      if (width === window.innerWidth) return;
      width = window.innerWidth;
      this.sides.forEach(s => s.maps.draw());
    });
  }

  makeSide(box, index) {
    const select = box.querySelector('select');
    this.run.networks.forEach((net, i) => select.append(element('option', {value: i, text: net.label})));
    select.addEventListener('change', () => {
      this.showSide(index);
      this.choose(index, this.interesting(index));
    });
    const maps = new MapFigure(box.querySelector('.maps'), v => this.point(index, v), v => this.choose(index, v));
    return {box, select, maps};
  }

  showSide(index) {
    const {box, select, maps} = this.sides[index], net = unpack(this.run.networks[select.value]);
    maps.show(net, this.run.aspect);
    box.querySelector('.facts').textContent = net.facts;
    paint(box.querySelector('.picture'), this.large(net).picture());
    const wiring = document.getElementById(`wiring-${this.runIndex}-${select.value}`);
    box.querySelector('.wiring').replaceChildren(wiring ? wiring.content.cloneNode(true) : '');
  }

  /** The values at the size of the pictures, kept for the last few networks. */
  large(net) {
    this.fields ??= new Map();
    if (!this.fields.has(net)) {
      const side = net.valueCount > 700 ? 72 : 112, longer = Math.max(...this.run.aspect);
      const [w, h] = this.run.aspect.map(n => Math.max(2, Math.round(side * n / longer)));
      if (this.fields.size > 3) this.fields.delete(this.fields.keys().next().value);
      this.fields.set(net, new Field(net, w, h));
    }
    return this.fields.get(net);
  }

  /** A unit to begin with: read by an output, computed and not copied, in the upper half, of many readers. */
  interesting(index) {
    const {net} = this.sides[index].maps;
    let best = net.inputCount < net.valueCount ? net.inputCount : 0, most = -1;
    for (let v = net.inputCount; v < net.valueCount; ++v) {
      if (net.flags[v] || net.layer[v] * 2 < net.layers || net.readers[v].length <= most) continue;
      most = net.readers[v].length;
      best = v;
    }
    return best;
  }

  point(index, v) {
    clearTimeout(this.waiting);
    const [side, unit] = v >= 0 ? [index, v] : this.pinned ?? [index, v];
    if (unit >= 0) this.waiting = setTimeout(() => this.showUnit(side, unit), 60);
  }

  choose(index, v) {
    clearTimeout(this.waiting);
    this.pinned = [index, v];
    this.sides.forEach((s, i) => s.maps.choose(i === index ? v : -1));
    this.showUnit(index, v);
  }

  describe(net, v) {
    const kind = v < net.inputCount ? 'input' : net.copies && net.flags[v] & 1 ? 'copy' : net.kinds[net.activation[v - net.inputCount]];
    const names = net.names[v] ? ` ${net.names[v]}` : '';
    return v < net.inputCount ? `input ${net.inputs[v]}` : `${kind}${names}, layer ${net.layer[v]}, unit ${net.column[v] + 1}`;
  }

  showUnit(index, v) {
    const {maps} = this.sides[index], net = maps.net, field = this.large(net), row = field.rows[v];
    this.shown = {index, v, net, field};
    let low = Infinity, high = -Infinity, sum = 0;
    for (const value of row) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    const find = s => this.panel.querySelector(s);
    find('.name').textContent = `${'AB'[index]}: ${this.describe(net, v)}`;
    find('.numbers').textContent = `from ${number(low)} to ${number(high)}, mean ${number(sum / row.length)}`;
    paint(find('.enlarged'), mapPixels(row, field.width, field.height));
    const reads = [];
    if (v >= net.inputCount)
      for (let e = net.first[v - net.inputCount]; e < net.first[v - net.inputCount + 1]; ++e) reads.push([net.source[e], e]);
    const strength = ([, e]) => -Math.abs(net.weight[e]);
    reads.sort((a, b) => strength(a) - strength(b));
    const readers = [...net.readers[v]].sort((a, b) => strength(a) - strength(b));
    this.list(find('.reads'), reads, 'reads nothing');
    this.list(find('.readers'), readers, 'nothing reads it');
    this.edge = this.telling(reads.length ? reads : readers);
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
    const {net, index} = this.shown, {maps} = this.sides[index];
    box.replaceChildren(...edges.map(([other, e]) => {
      const canvas = element('canvas', {width: maps.mapWidth, height: maps.mapHeight, 'aria-hidden': 'true'});
      canvas.getContext('2d').drawImage(maps.images[other], 0, 0);
      const weight = element('span', {class: net.weight[e] < 0 ? 'negative' : 'positive', text: number(net.weight[e]).replace('-', '−')});
      const button = element('button', {type: 'button', 'data-edge': e, 'aria-pressed': 'false', title: `${this.describe(net, other)}; weight ${number(net.weight[e])}`}, canvas, weight);
      button.addEventListener('click', () => {
        this.edge = e;
        this.showWeight();
      });
      return button;
    }));
    if (!edges.length) box.append(element('span', {class: 'none', text: none}));
  }

  showWeight() {
    const {net, field} = this.shown, sweep = this.panel.querySelector('.sweep');
    this.panel.querySelectorAll('[data-edge]').forEach(b => b.setAttribute('aria-pressed', String(Number(b.dataset.edge) === this.edge)));
    sweep.hidden = this.edge < 0 || !net.draws;
    if (sweep.hidden) return;
    const range = Number(this.panel.querySelector('.range').value), weight = net.weight[this.edge];
    const strip = this.panel.querySelector('.strip');
    strip.replaceChildren(...Array.from({length: 9}, (_, i) => {
      const value = weight + range * (i - 4) / 4;
      return element('figure', i === 4 ? {class: 'own'} : {}, toCanvas(field.picture(field.with(net.slot[this.edge], value))), element('figcaption', {text: number(value).replace('-', '−')}));
    }));
    this.slider.value = 0;
    this.showSwept();
  }

  showSwept() {
    const {net, field} = this.shown, range = Number(this.panel.querySelector('.range').value);
    const value = net.weight[this.edge] + range * Number(this.slider.value);
    const before = field.picture(), after = field.picture(field.with(net.slot[this.edge], value));
    paint(this.panel.querySelector('.swept'), after);
    paint(this.panel.querySelector('.change'), differencePixels(before, after));
    let sum = 0;
    for (let p = 0; p < after.data.length; ++p) sum += Math.abs(after.data[p] - before.data[p]);
    const change = sum / (0.75 * after.data.length) / 255;
    const words = `weight ${number(value).replace('-', '−')} instead of ${number(net.weight[this.edge]).replace('-', '−')}: mean change ${change.toFixed(3)}`;
    this.panel.querySelector('.sweep output').textContent = words;
    this.slider.setAttribute('aria-valuetext', words);
  }
}
