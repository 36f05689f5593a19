import {element, number} from '../page/dom.js';

const hundredths = value => number(Math.round(100 * (value ?? NaN)) / 100);

/** The network with some weights (a set of slots) at 0: a network of its own for everything that draws one. */
export function withoutWeights(net, slots) {
  return {...net, weight: net.weight.map((w, e) => (slots.has(net.slot[e]) ? 0 : w))};
}

// Check boxes that switch the parts of one network off, and what is said of it. `onSwitch` is called after each.
export class PartSwitches {
  constructor(box, title, onSwitch) {
    this.box = box;
    this.title = title;
    this.onSwitch = onSwitch;
    this.off = new Set();  // names, kept from one network to the next
    this.variants = new Map();
  }

  /** The network as the switches have it. */
  applied(net) {
    this.net = net;
    const pieces = (net.pieces ?? []).filter(piece => this.off.has(piece.name));
    if (!pieces.length) return net;
    const key = pieces.map(piece => piece.name).join('\n');
    if (this.variants.get(key)?.of !== net)
      this.variants.set(key, {of: net, variant: withoutWeights(net, new Set(pieces.flatMap(piece => piece.weights)))});
    return this.variants.get(key).variant;
  }

  /** Shows the switches of `net`; `some`: whether any network of the run has pieces. */
  show(net, some) {
    this.box.hidden = !some;
    if (!some) return;
    const pieces = net.pieces ?? [];
    const switches = pieces.map(piece => {
      const input = element('input', {type: 'checkbox', 'data-part': piece.name});
      input.checked = !this.off.has(piece.name);
      input.addEventListener('change', () => {
        input.checked ? this.off.delete(piece.name) : this.off.add(piece.name);
        this.onSwitch();
        this.say();
      });
      return element('label', {}, input, ` ${piece.name} `,
                     element('small', {text: piece.weights.length ? `${piece.weights.length} weights, dAbl ${hundredths(piece.d_abl)} (${hundredths(piece.d_abl_none)} with nothing out)` : piece.shows_alone === false ? 'does not show with the others off: no piece to look for' : 'no piece found'}));
    });
    this.status = element('output', {'aria-live': 'polite'});
    this.wanted = element('figure', {class: 'wanted'});
    const legend = element('legend', {text: `Parts of ${this.title}`});
    const words = pieces.length ? 'Switching a part off sets the weights of its learned piece to 0. dAbl: −1 where that takes the part away and nothing else, 0 where it does not; beside it the same with nothing taken out, below 0 where the network draws the part badly.'
                                : 'No pieces have been learned for this network: skein report RUN --parts METHOD.';
    this.box.replaceChildren(legend, element('p', {class: 'note', text: words}), ...switches, this.status, this.wanted);
    this.say();
  }

  say() {
    const off = (this.net.pieces ?? []).filter(piece => this.off.has(piece.name));
    const weights = new Set(off.flatMap(piece => piece.weights)).size;
    this.status.textContent = off.length
      ? `${this.title} without ${off.map(piece => piece.name).join(', ')}: ${weights} of ${this.net.slot.length} weights are 0.`
      : this.net.pieces ? `${this.title} with all its parts.` : '';
    this.wanted.replaceChildren();
    if (off.length !== 1) return;
    this.wanted.append(element('img', {src: off[0].wanted, alt: `the target without ${off[0].name}`}),
                       element('figcaption', {text: `wanted: the target without ${off[0].name}`}));
  }
}
