// The whole session as a tree of generations, and the line of one picture's ancestors.
import {element, number} from '../page/dom.js';
import {toCanvas} from '../page/engine.js';
import {get, unpackPictures} from './server.js';

const stepX = 52, stepY = 44, radius = 15;

function svg(tag, attributes, ...children) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

/** Generations left to right; a first child goes on in its parent's row, a branch takes a row of its own. */
export function drawTree(root, generations, {shown, starred, onChoose}) {
  const place = new Map(), taken = new Map();
  let rows = 0, deepest = 0;
  for (const g of generations) {
    const mother = place.get(g.parent), x = mother ? mother.x + 1 : 0;
    const row = mother && (taken.get(mother.y) ?? -1) < x ? mother.y : rows++;
    taken.set(row, x);
    place.set(g.number, {x, y: row});
    deepest = Math.max(deepest, x);
  }
  const at = p => [30 + p.x * stepX, 26 + p.y * stepY];
  const picture = svg('svg', {width: 60 + deepest * stepX, height: 52 + Math.max(0, rows - 1) * stepY, role: 'group', 'aria-label': 'tree of generations'});
  for (const g of generations) {
    if (!g.parent) continue;
    const [x0, y0] = at(place.get(g.parent)), [x1, y1] = at(place.get(g.number));
    picture.append(svg('path', {d: `M${x0} ${y0}C${x0 + stepX / 2} ${y0} ${x1 - stepX / 2} ${y1} ${x1} ${y1}`}));
  }
  let here = null;
  for (const g of generations) {
    const [x, y] = at(place.get(g.number)), words = svg('text', {x, y});
    words.textContent = g.number;
    const name = `generation ${g.number}${g.parent ? ` from ${g.parent}` : `, from ${g.source}`}${starred.has(g.number) ? ', has favourites' : ''}`;
    const title = svg('title', {});
    title.textContent = name;
    const node = svg('g', {class: `node${g.number === shown ? ' here' : ''}${starred.has(g.number) ? ' starred' : ''}`, role: 'button', tabindex: '0', 'aria-label': name, 'data-generation': g.number}, title, svg('circle', {cx: x, cy: y, r: radius}), words);
    node.addEventListener('click', () => onChoose(g.number));
    node.addEventListener('keydown', e => {
      if (e.key !== 'Enter' && e.key !== ' ') return;
      e.preventDefault();
      onChoose(g.number);
    });
    picture.append(node);
    if (g.number === shown) here = node;
  }
  root.replaceChildren(picture);
  here?.focus();
}

/** Words for how a picture came about. */
export function cameBy(model, generation, place) {
  const made = model.generations.get(generation), origin = made.origins[place];
  if (place >= made.bred) return 'weights set by hand';
  const words = model.operators.filter((_, i) => origin[2] >> i & 1);
  if (words.length) return words.map(w => ({'add-link': 'new link', 'add-node': 'new node', activation: 'activation', averaging: 'two parents'}[w] ?? w)).join(', ');
  return made.parent || origin[0] >= 0 ? 'unchanged' : made.source === 'nothing' ? 'from nothing' : 'founder';
}

export async function drawFilm(root, model, generation, place, onChoose) {
  const film = await unpackPictures(await get(`/api/lineage?generation=${generation}&place=${place}`));
  root.replaceChildren(...film.line.map(([g, p], i) => {
    const button = element('button', {type: 'button', 'aria-label': `ancestor ${number(i + 1)}: picture ${p + 1} of generation ${g}, ${cameBy(model, g, p)}`}, toCanvas(film.images[i]));
    button.addEventListener('click', () => onChoose(g, p));
    return element('li', {}, button, `${g}.${p + 1} `, cameBy(model, g, p));
  }));
  root.scrollLeft = root.scrollWidth;
}
