// The whole session as a tree of generations, and the line of one picture's ancestors.
import {element, number} from '../page/dom.js';
import {toCanvas} from '../page/engine.js';
import {get, unpackPictures} from './server.js';

const stepX = 66, stepY = 74, half = 22;  // pixels; half of a thumbnail's side
const mostThumbnails = 300;

function svg(tag, attributes, ...children) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

/** Where each generation stands: left to right; a first child goes on in its parent's row, a branch takes a row of its own. */
function placesOf(generations) {
  const places = new Map(), taken = new Map();
  let rows = 0, deepest = 0;
  for (const g of generations) {
    const mother = places.get(g.parent), x = mother ? mother.x + 1 : 0;
    const row = mother && (taken.get(mother.y) ?? -1) < x ? mother.y : rows++;
    taken.set(row, x);
    places.set(g.number, {x, y: row});
    deepest = Math.max(deepest, x);
  }
  return {places, rows, deepest};
}

/** The place of its first favourite, or -1. */
const favouriteOf = (session, g) => g.origins.findIndex((_, place) => session.note(g.number, place).favourite);

function drawNode(session, g, [x, y], {shown, onChoose}) {
  const starred = favouriteOf(session, g) >= 0, words = svg('text', {x, y: y + half + 12});
  words.textContent = `${starred ? '★ ' : ''}${g.number}`;
  const name = `generation ${g.number}${g.parent ? ` from ${g.parent}` : `, from ${g.source}`}${starred ? ', has favourites' : ''}${g.number === shown ? ', on screen' : ''}`;
  const title = svg('title', {});
  title.textContent = name;
  const box = {x: x - half, y: y - half, width: 2 * half, height: 2 * half};
  const node = svg('g', {class: `node${g.number === shown ? ' here' : ''}${starred ? ' starred' : ''}`, role: 'button', tabindex: g.number === shown ? '0' : '-1', 'aria-label': name, 'data-generation': g.number},
    title, svg('rect', {...box, class: 'paper'}), svg('image', box), svg('rect', {...box, class: 'frame', rx: 3}), words);
  node.addEventListener('click', () => onChoose(g.number));
  return node;
}

/** Along the branches: Left to the parent, Right to the first child, Up and Down to the rows beside, Home and End. */
function walkTree(picture, generations, places) {
  const nodes = new Map([...picture.querySelectorAll('.node')].map(n => [Number(n.dataset.generation), n]));
  picture.addEventListener('keydown', e => {
    const node = e.target.closest('.node');
    if (!node) return;
    const from = Number(node.dataset.generation), at = places.get(from);
    const beside = down => generations.filter(g => (places.get(g.number).y - at.y) * down > 0)
      .sort((a, b) => Math.abs(places.get(a.number).y - at.y) - Math.abs(places.get(b.number).y - at.y) || Math.abs(places.get(a.number).x - at.x) - Math.abs(places.get(b.number).x - at.x))[0];
    const to = {
      ArrowLeft: () => generations.find(g => g.number === generations.find(h => h.number === from).parent), ArrowRight: () => generations.find(g => g.parent === from),
      ArrowUp: () => beside(-1), ArrowDown: () => beside(1), Home: () => generations[0], End: () => generations.at(-1),
    }[e.key];
    if (e.key === 'Enter' || e.key === ' ') node.dispatchEvent(new MouseEvent('click'));
    else if (!to) return;
    e.preventDefault();
    const next = to && nodes.get(to()?.number);
    if (!next) return;
    node.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  });
}

/** All generations with a picture each; of very many, the newest have pictures. */
export async function drawTree(root, session, choices) {
  const generations = [...session.generations.values()], {places, rows, deepest} = placesOf(generations);
  const at = g => [30 + places.get(g.number).x * stepX, 28 + places.get(g.number).y * stepY];
  const picture = svg('svg', {width: 60 + deepest * stepX, height: 78 + Math.max(0, rows - 1) * stepY, role: 'group', 'aria-label': 'tree of generations; arrows walk along its branches'});
  for (const g of generations) {
    if (!g.parent) continue;
    const [x0, y0] = at(session.generations.get(g.parent)), [x1, y1] = at(g);
    picture.append(svg('path', {d: `M${x0} ${y0}C${x0 + stepX / 2} ${y0} ${x1 - stepX / 2} ${y1} ${x1} ${y1}`}));
  }
  for (const g of generations) picture.append(drawNode(session, g, at(g), choices));
  walkTree(picture, generations, places);
  root.replaceChildren(picture);
  picture.querySelector('.here')?.focus();
  // What stands for a generation: a favourite, or else what was picked of it, or else its first.
  const emblem = g => (favouriteOf(session, g) >= 0 ? favouriteOf(session, g) : g.picks[0] ?? 0);
  const shown = generations.slice(-mostThumbnails), list = shown.map(g => `${g.number}.${emblem(g)}`);
  const small = await unpackPictures(await get(`/api/thumbnails?list=${list}`));
  shown.forEach((g, i) => picture.querySelector(`[data-generation="${g.number}"] image`).setAttribute('href', toCanvas(small.images[i]).toDataURL()));
}

/** Words for how a picture came about. */
export function cameBy(session, generation, place) {
  const made = session.generations.get(generation), origin = made.origins[place];
  if (place >= made.bred) return 'weights set by hand';
  const words = session.operators.filter((_, i) => origin[2] >> i & 1);
  if (words.length) return words.map(w => ({'add-link': 'new link', 'add-node': 'new node', activation: 'activation', averaging: 'two parents'}[w] ?? w)).join(', ');
  return made.parent ? 'unchanged' : made.source === 'nothing' ? 'from nothing' : 'founder';
}

/** A picture's ancestors as items of a list, oldest first. */
export async function filmOf(session, generation, place, onChoose) {
  const film = await unpackPictures(await get(`/api/lineage?generation=${generation}&place=${place}`));
  return film.line.map(([g, p], i) => {
    const button = element('button', {type: 'button', 'aria-label': `ancestor ${number(i + 1)}: picture ${p + 1} of generation ${g}, ${cameBy(session, g, p)}`}, toCanvas(film.images[i]));
    button.addEventListener('click', () => onChoose(g, p));
    return element('li', {}, button, `${g}.${p + 1} `, cameBy(session, g, p));
  });
}
