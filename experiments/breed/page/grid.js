// The pictures of a generation: elements are made once and painted again.
import {element} from '../page/dom.js';

const columns = () => (matchMedia('(max-width: 720px)').matches ? 3 : 5);
const longPress = 500;  // milliseconds

export class Grid {
  constructor(root, {onPick, onInside}) {
    this.root = root;
    this.cells = [];
    this.focused = 0;
    this.onPick = onPick;
    this.onInside = onInside;
  }

  make(place) {
    const canvas = element('canvas', {width: 128, height: 128, 'aria-hidden': 'true'}), tag = element('span', {class: 'tag'});
    const button = element('button', {type: 'button', class: 'cell', 'aria-pressed': 'false', tabindex: '-1'}, canvas, tag);
    let timer = 0, pressed = false, from = [0, 0];
    button.addEventListener('pointerdown', e => {
      pressed = false;
      from = [e.clientX, e.clientY];
      clearTimeout(timer);
      if (e.button === 0) timer = setTimeout(() => { pressed = true; this.onInside(place); }, longPress);
    });
    for (const over of ['pointerup', 'pointercancel', 'pointerleave']) button.addEventListener(over, () => clearTimeout(timer));
    button.addEventListener('pointermove', e => { if (Math.hypot(e.clientX - from[0], e.clientY - from[1]) > 8) clearTimeout(timer); });
    button.addEventListener('contextmenu', e => e.preventDefault());
    button.addEventListener('click', () => {
      if (pressed) return void (pressed = false);
      this.focus(place, false);
      this.onPick(place);
    });
    button.addEventListener('focus', () => this.focus(place, false));
    return {button, canvas, tag, paint: canvas.getContext('2d')};
  }

  /** Paints pictures; what they are called is told by `label`. */
  show(images) {
    while (this.cells.length < images.length) {
      const cell = this.make(this.cells.length);
      this.cells.push(cell);
      this.root.append(cell.button);
    }
    this.count = images.length;
    const hasFocus = this.root.contains(document.activeElement);  // a cell that is hidden loses it
    this.cells.forEach((cell, place) => {
      cell.button.hidden = place >= images.length;
      if (cell.button.hidden) cell.button.setAttribute('aria-pressed', 'false');
      if (place < images.length) cell.paint.putImageData(images[place], 0, 0);
    });
    this.focus(Math.min(this.focused, this.count - 1), hasFocus);
  }

  /** `describe(place)` gives {label, tag, picked}. */
  label(describe) {
    for (let place = 0; place < this.count; ++place) {
      const {button, tag} = this.cells[place], told = describe(place);
      button.setAttribute('aria-label', told.label);
      button.setAttribute('aria-pressed', String(told.picked));
      tag.textContent = told.tag;
    }
  }

  focus(place, really = true) {
    this.cells[this.focused]?.button.setAttribute('tabindex', '-1');
    this.focused = place;
    const {button} = this.cells[place];
    button.setAttribute('tabindex', '0');
    if (really) button.focus();
  }

  /** Arrow keys, Home and End; whether the key was one. */
  move(key) {
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns(), Home: -this.focused, End: this.count - 1 - this.focused}[key];
    if (step === undefined) return false;
    const next = this.focused + step;
    this.focus(next >= 0 && next < this.count ? next : this.focused);
    return true;
  }
}
