import {MapFigure} from '../page/maps.js';
import {Field, paint, unpack} from '../page/engine.js';
import {element} from '../page/dom.js';
import {UnitPanel} from '../page/unit_panel.js';
import {PartSwitches} from './report_parts.js';

// Two networks side by side, with the panel of one unit.
export class Explorer {
  constructor(root, run, runIndex) {
    this.root = root;
    this.run = run;
    this.runIndex = runIndex;
    this.sides = ['a', 'b'].map((name, i) => this.makeSide(root.querySelector(`[data-side="${name}"]`), i));
    this.panel = new UnitPanel(root.querySelector('.unit'));
    const dense = run.networks.findIndex(n => n.family === 'dense');
    this.sides[0].select.value = 0;
    this.sides[1].select.value = dense > 0 ? dense : Math.min(1, run.networks.length - 1);
    this.sides.forEach((_, i) => this.showSide(i));
    this.choose(0, this.sides[0].maps.interesting());
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
      this.choose(index, maps.interesting());
    });
    const maps = new MapFigure(box.querySelector('.maps'), v => this.point(index, v), v => this.choose(index, v));
    const parts = new PartSwitches(box.querySelector('.parts'), 'AB'[index], () => {
      this.drawSide(index);
      this.choose(...this.pinned);
    });
    return {box, select, maps, parts};
  }

  showSide(index) {
    const {box, select, parts} = this.sides[index], net = unpack(this.run.networks[select.value]);
    this.drawSide(index);
    parts.show(net, this.run.networks.some(other => other.pieces));
    box.querySelector('.facts').textContent = net.facts;
    const wiring = document.getElementById(`wiring-${this.runIndex}-${select.value}`);
    box.querySelector('.wiring').replaceChildren(wiring ? wiring.content.cloneNode(true) : '');
  }

  /** The picture and the maps of a side, without the parts that are switched off. */
  drawSide(index) {
    const {box, select, maps, parts} = this.sides[index], net = parts.applied(unpack(this.run.networks[select.value]));
    const {chosen} = maps;
    maps.show(net, this.run.aspect);
    if (chosen >= 0 && chosen < net.valueCount) maps.choose(chosen);
    paint(box.querySelector('.picture'), this.large(net).picture());
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

  showUnit(index, v) {
    const {maps} = this.sides[index];
    this.panel.show({maps, field: this.large(maps.net), label: `${'AB'[index]}: `}, v);
  }
}
