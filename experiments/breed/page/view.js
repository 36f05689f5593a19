// One picture large: coarse at once, then fine in bands; it can be zoomed and moved beyond the square it was bred in.
import {Field, paint} from '../page/engine.js';

const coarse = 96, fine = 384, band = 16;  // pixels

export class View {
  constructor(canvas, words) {
    this.canvas = canvas;
    this.words = words;
    this.home();
    let from = null;
    canvas.addEventListener('pointerdown', e => {
      from = [e.clientX, e.clientY];
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener('pointermove', e => {
      if (!from || !(e.buttons & 1)) return;
      const scale = 2 * this.half / canvas.clientWidth;
      this.move((from[0] - e.clientX) * scale, (from[1] - e.clientY) * scale);
      from = [e.clientX, e.clientY];
    });
    canvas.addEventListener('pointerup', () => (from = null));
    canvas.addEventListener('wheel', e => {
      e.preventDefault();
      this.zoom(e.deltaY > 0 ? 1.2 : 1 / 1.2);
    }, {passive: false});
    canvas.addEventListener('keydown', e => {
      const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[e.key];
      if (step) this.move(step[0] * this.half / 5, step[1] * this.half / 5);
      else if (e.key === '+' || e.key === '=') this.zoom(1 / 1.25);
      else if (e.key === '-') this.zoom(1.25);
      else if (e.key === '0') this.home();
      else return;
      e.preventDefault();
      e.stopPropagation();
    });
  }
  show(net) {
    this.net = net;
    this.draw();
  }
  home() {
    [this.x, this.y, this.half] = [0, 0, 1];
    this.draw();
  }
  isHome() { return this.x === 0 && this.y === 0 && this.half === 1; }
  zoom(factor) {
    this.half = Math.min(16, Math.max(0.01, this.half * factor));
    this.draw();
  }
  move(x, y) {
    this.x = Math.max(-16, Math.min(16, this.x + x));
    this.y = Math.max(-16, Math.min(16, this.y + y));
    this.draw();
  }
  draw() {
    clearTimeout(this.waiting);
    if (!this.net) return;
    const {x, y, half} = this, region = [x - half, x + half, y - half, y + half];
    this.words.textContent = this.isHome() ? '' : `${(1 / half).toPrecision(2)} ×, centre ${x.toFixed(2)}, ${y.toFixed(2)}`;
    paint(this.canvas, new Field(this.net, coarse, coarse, region).picture());
    this.waiting = setTimeout(() => this.refine(region, new ImageData(fine, fine), 0), 90);
  }
  refine(region, image, row) {
    const at = r => region[2] + (region[3] - region[2]) * r / (fine - 1);
    const part = new Field(this.net, fine, band, [region[0], region[1], at(row), at(row + band - 1)]).picture();
    image.data.set(part.data, 4 * fine * row);
    if (row + band < fine) this.waiting = setTimeout(() => this.refine(region, image, row + band), 0);
    else paint(this.canvas, image);
  }
  /** A picture of the square that comes from elsewhere, while a weight slides. */
  live(picture) {
    clearTimeout(this.waiting);
    if (this.isHome()) paint(this.canvas, picture);
  }
}
