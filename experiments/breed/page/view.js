// One picture large: coarse at once, then fine in bands; it can be zoomed and moved beyond the square it was bred in, with the
// wheel and the mouse, with keys, or with one finger and two.
import {Field, paint} from '../page/engine.js';

const coarse = 96, band = 16;       // pixels
const leastFine = 384, mostFine = 768;
const nearest = 0.01, farthest = 16;  // half of the side that is seen; the square's is 1

/** What fingers or a mouse do: `drag(x, y)` by pixels, `spread(factor, x, y)` about a place. */
function followPointers(canvas, {drag, spread}) {
  const down = new Map();
  const middle = () => [0, 1].map(i => [...down.values()].reduce((sum, at) => sum + at[i], 0) / down.size);
  const apart = () => {
    const [a, b] = down.values();
    return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  };
  canvas.addEventListener('pointerdown', e => {
    if (e.button !== 0 || down.size === 2) return;
    down.set(e.pointerId, [e.clientX, e.clientY]);
    canvas.setPointerCapture(e.pointerId);
  });
  canvas.addEventListener('pointermove', e => {
    if (!down.has(e.pointerId)) return;
    const [x0, y0] = middle(), before = apart();
    down.set(e.pointerId, [e.clientX, e.clientY]);
    const [x1, y1] = middle(), after = apart();
    drag(x1 - x0, y1 - y0);
    if (before > 0 && after > 0) spread(before / after, x1, y1);
  });
  for (const over of ['pointerup', 'pointercancel', 'lostpointercapture']) canvas.addEventListener(over, e => down.delete(e.pointerId));
  canvas.addEventListener('wheel', e => {
    e.preventDefault();
    spread(Math.exp(Math.max(-0.3, Math.min(0.3, e.deltaY / 400))), e.clientX, e.clientY);
  }, {passive: false});
}

export class View {
  constructor(canvas, words) {
    this.canvas = canvas;
    this.words = words;
    this.home();
    followPointers(canvas, {
      drag: (x, y) => {
        const scale = 2 * this.half / canvas.clientWidth;
        this.move(-x * scale, -y * scale);
      },
      spread: (factor, x, y) => {
        const box = canvas.getBoundingClientRect();
        this.zoom(factor, 2 * (x - box.left) / box.width - 1, 2 * (y - box.top) / box.height - 1);
      },
    });
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
  /** Half as much is seen at 0.5; what is at (x, y), from -1 to 1 over the canvas, stays there. */
  zoom(factor, x = 0, y = 0) {
    const half = Math.min(farthest, Math.max(nearest, this.half * factor)), less = this.half - half;
    this.half = half;
    this.move(x * less, y * less);
  }
  move(x, y) {
    const within = v => Math.max(-farthest, Math.min(farthest, v));
    this.x = within(this.x + x);
    this.y = within(this.y + y);
    this.draw();
  }
  /** Once a frame, however often a finger moves within it. */
  draw() {
    clearTimeout(this.waiting);
    if (!this.net) return;
    this.words.textContent = this.isHome() ? '' : `${(1 / this.half).toPrecision(2)} ×, centre ${this.x.toFixed(2)}, ${this.y.toFixed(2)}`;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      const {x, y, half} = this, region = [x - half, x + half, y - half, y + half];
      paint(this.canvas, new Field(this.net, coarse, coarse, region).picture());
      clearTimeout(this.waiting);
      const wanted = band * Math.ceil(this.canvas.clientWidth * devicePixelRatio / band), fine = Math.max(leastFine, Math.min(mostFine, wanted));
      this.waiting = setTimeout(() => this.refine(region, new ImageData(fine, fine), 0), 90);
    });
  }
  refine(region, image, row) {
    const fine = image.width, at = r => region[2] + (region[3] - region[2]) * r / (fine - 1);
    const part = new Field(this.net, fine, band, [region[0], region[1], at(row), at(row + band - 1)]).picture();
    image.data.set(part.data, 4 * fine * row);
    if (row + band < fine) this.waiting = setTimeout(() => this.refine(region, image, row + band), 0);
    else paint(this.canvas, image);
  }
  /** A picture of the square that comes from elsewhere, while a weight slides. */
  live(picture) {
    if (!this.isHome()) return;
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    paint(this.canvas, picture);
  }
}
