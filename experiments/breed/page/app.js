// Keys, buttons and dropped files of the page on which one breeds.
import {element} from '../page/dom.js';
import {Breeding} from './breeding.js';

const $ = id => document.getElementById(id);
const app = new Breeding();

const keys = {
  Enter: () => app.evolve(), r: () => app.again(), R: () => app.again(), z: () => app.back(), Z: () => app.forward(),
  '+': () => app.changeStrength(0.1), '=': () => app.changeStrength(0.1), '-': () => app.changeStrength(-0.1),
  i: () => app.look(), s: () => app.saveAs(), f: () => app.toggleFavourite(), t: () => app.tree(), o: () => app.sessions(),
  b: () => $('begin').showModal(), '?': () => $('help').showModal(),
};
document.addEventListener('keydown', e => {
  if (e.defaultPrevented || !app.current || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
  const {target} = e, cell = target.closest?.('.cell');
  if (target.matches?.('input:not([type=checkbox]):not([type=range]), textarea, select')) return;
  if (target.matches?.('input[type=range]') && e.key.startsWith('Arrow')) return;
  if (e.key === ' ' && !cell) return;
  if (e.key === 'Enter' && !cell && target.matches?.('button, summary, a, input')) return;
  if (e.key === ' ') app.pick(app.grid.focused);
  else if (!app.grid.move(e.key)) {
    if (!keys[e.key]) return;
    keys[e.key]();
  }
  e.preventDefault();
});
// A pressed Space would also click the cell when it is let go.
document.addEventListener('keyup', e => { if (e.key === ' ' && e.target.closest?.('.cell')) e.preventDefault(); });

const press = (id, work) => $(id).addEventListener('click', () => { if (app.current) work(); });
press('evolve', () => app.evolve());
press('again', () => app.again());
press('back', () => app.back());
press('forward', () => app.forward());
press('inside-open', () => app.look());
press('save-open', () => app.saveAs());
press('tree-open', () => app.tree());
press('help-open', () => $('help').showModal());
press('begin-open', () => $('begin').showModal());
press('sessions-open', () => app.sessions());
press('session-new', () => app.switchTo('/api/new', {}));
$('begin').addEventListener('click', e => {
  const {source} = e.target.dataset ?? {};
  if (!source) return;
  $('begin').close();
  app.begin(source);
});
$('file').addEventListener('change', () => {
  $('begin').close();
  if ($('file').files[0]) app.drop($('file').files[0]);
  $('file').value = '';
});

addEventListener('dragover', e => {
  e.preventDefault();
  document.body.classList.add('dropping');
});
addEventListener('dragleave', e => { if (!e.relatedTarget) document.body.classList.remove('dropping'); });
addEventListener('drop', e => {
  e.preventDefault();
  document.body.classList.remove('dropping');
  if (!app.current || !e.dataTransfer.files[0]) return;
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  app.drop(e.dataTransfer.files[0]);
});

while (!app.current) {
  await app.attempt(async () => {
    await app.load();
    const {builtIn, shown, torn} = app.session;
    $('built-in').replaceChildren(...builtIn.map(name => element('button', {type: 'button', 'data-source': name, text: name})));
    await app.show(shown, torn ? 'The last click before the server was ended is lost, nothing else.' : '');
    app.grid.focus(0);
  });
  if (!app.current) await new Promise(done => setTimeout(done, 1500));
}
app.pollForever();
