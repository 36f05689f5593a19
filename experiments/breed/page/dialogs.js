// What opens over the pictures: the tree of all generations, saving, the list of sessions.
import {element} from '../page/dom.js';
import {toCanvas} from '../page/engine.js';
import {getJson, pixels} from './server.js';
import {drawTree} from './tree.js';

const $ = id => document.getElementById(id);

/** All generations, and the pictures that have a name or are favourites; `onChoose(generation, place)` goes there. */
export async function openTree(session, shown, onChoose) {
  const choose = (number, place) => {
    $('tree').close();
    onChoose(number, place);
  };
  const marked = [...session.notes].filter(([, n]) => n.favourite || n.name);
  $('favourites').replaceChildren(...marked.map(([key, n]) => {
    const [g, p] = key.split('.').map(Number), button = element('button', {type: 'button', text: `${n.favourite ? '★ ' : ''}${n.name || 'picture'} ${g}.${p + 1}`});
    button.addEventListener('click', () => choose(g, p));
    return button;
  }));
  $('tree').showModal();
  await drawTree($('tree-body'), session, {shown, onChoose: choose});
}

export function openSave(session, generation, place) {
  const query = `generation=${generation}&place=${place}`;
  for (const format of ['zip', 'genome', 'json', 'svg']) $(`save-${format}`).href = `/api/save?format=${format}&${query}`;
  const sized = () => ($('save-png').href = `/api/save?format=png&size=${$('png-size').value}&${query}`);
  sized();
  $('png-size').oninput = sized;
  $('save-title').textContent = `Save ${session.note(generation, place).name || 'picture'} ${generation}.${place + 1}`;
  $('target').textContent = `${session.folder}#${generation}.${place + 1}`;
  $('save').showModal();
}

/** The sessions beside this one; `onChoose(name)` opens one. */
export async function openSessions(onChoose) {
  const told = await getJson('/api/sessions');
  $('session-list').replaceChildren(...told.sessions.map(s => {
    const canvas = s.rgb ? toCanvas(pixels(Uint8Array.from(atob(s.rgb), c => c.charCodeAt(0)), s.size)) : element('canvas');
    const count = `${s.generations} ${s.generations === 1 ? 'generation' : 'generations'}${s.name === told.open ? ', open' : ''}`;
    const button = element('button', {type: 'button'}, canvas, element('strong', {text: s.name}), element('small', {text: s.error ?? count}));
    button.addEventListener('click', () => onChoose(s.name));
    return element('li', {}, button);
  }));
  if (!$('sessions').open) $('sessions').showModal();
}
