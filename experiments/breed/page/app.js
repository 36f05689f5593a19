// The page on which one breeds: what is shown, what is picked, where one came from.
import {element} from '../page/dom.js';
import {toCanvas} from '../page/engine.js';
import {Grid} from './grid.js';
import {Inside} from './inside.js';
import {Trouble, get, getJson, pixels, post, postJson, unpackPictures} from './server.js';
import {cameBy, drawTree} from './tree.js';

const $ = id => document.getElementById(id);
const mostCached = 60;  // generations of pictures: some 60 MB
const numbers = ['link_rate', 'node_rate', 'weight_rate', 'activation_rate', 'weight_chance', 'crossover'];
const switches = ['structure', 'weights', 'activations', 'colour'];

class App {
  constructor() {
    this.model = {generations: new Map(), notes: new Map(), operators: []};
    this.cache = new Map();
    this.wentForward = new Map();
    this.jobs = [];
    this.grid = new Grid($('grid'), {onPick: place => this.pick(place), onInside: place => this.look(place)});
    this.inside = new Inside(this);
  }

  say(words, trouble = false) {
    const status = $('status');
    status.classList.remove('trouble');
    status.textContent = words;
    if (trouble) {
      void status.offsetWidth;
      status.classList.add('trouble');
    }
  }

  /** Does it; what goes wrong becomes one line on the page. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      const open = document.querySelector('dialog[open]');
      if (open) open.querySelector('[role="status"]')?.replaceChildren(error.message);
      this.say(error.message, true);
    }
  }

  async load() {
    const told = await getJson('/api/state');
    const {model} = this;
    if (model.folder && model.folder !== told.folder) this.cache.clear();
    Object.assign(model, told, {generations: new Map(told.generations.map(g => [g.number, g])), notes: new Map(told.notes.map(([g, p, name, note, favourite]) => [`${g}.${p}`, {name, note, favourite}]))});
    this.jobs = told.jobs;
    document.title = `skein breed: ${told.name}`;
    $('sessions-open').textContent = told.name;
    this.fillSettings(told.settings);
    return told;
  }

  note(generation, place) { return this.model.notes.get(`${generation}.${place}`) ?? {name: '', note: '', favourite: false}; }
  here() { return this.model.generations.get(this.current); }
  isPicked(generation, place) { return this.model.generations.get(generation).picks.includes(place); }

  describe(place) {
    const {name, favourite} = this.note(this.current, place), picks = this.here().picks, at = picks.indexOf(place);
    const how = cameBy(this.model, this.current, place), kept = place >= this.here().bred;
    return {
      label: `picture ${place + 1}${name ? `, ${name}` : ''}, ${how}${at >= 0 ? `, parent ${at + 1}` : ''}${favourite ? ', favourite' : ''}`,
      tag: [favourite ? '★' : '', name, how === 'unchanged' ? 'parent' : how === 'founder' || kept ? (kept ? 'by hand' : how) : ''].filter(Boolean).join(' '),
      picked: at >= 0,
    };
  }

  /** Takes the pictures of an answer into the cache; its number. */
  take(told) {
    const {number} = told.generation;
    this.model.generations.set(number, told.generation);
    this.model.revision = told.revision;
    this.cache.delete(number);
    this.cache.set(number, told.images);
    if (this.cache.size > mostCached) this.cache.delete(this.cache.keys().next().value);
    return number;
  }

  /** Shows a generation: at once when its pictures are here. */
  show(number, words = '') {
    const paint = () => {
      this.current = number;
      this.grid.show(this.cache.get(number), place => this.describe(place));
      const g = this.here();
      $('where').textContent = `Generation ${number}${g.parent ? `, from ${g.parent}` : `, from ${g.source}`} · ${g.picks.length ? `${g.picks.length} picked` : 'nothing picked'}`;
      $('back').disabled = !g.previous;
      $('forward').disabled = !this.next();
      this.say(words);
      clearTimeout(this.remembering);
      this.remembering = setTimeout(() => this.attempt(async () => (this.model.revision = (await postJson('/api/show', {generation: number})).revision)), 300);
      requestAnimationFrame(() => document.dispatchEvent(new CustomEvent('skein-shown', {detail: number})));
    };
    if (this.cache.has(number)) return paint();
    return this.attempt(async () => {
      this.take(await unpackPictures(await get(`/api/pictures?generation=${number}`)));
      paint();
    });
  }

  next() {
    const went = this.wentForward.get(this.current);
    if (went) return went;
    let newest = 0;
    for (const g of this.model.generations.values()) if (g.previous === this.current) newest = g.number;
    return newest;
  }

  back() {
    const {previous} = this.here();
    if (!previous) return this.say('This is where the session began.');
    this.wentForward.set(previous, this.current);
    this.show(previous);
  }
  forward() {
    const next = this.next();
    if (next) this.show(next);
    else this.say('This is the newest generation.');
  }
  async go(number, place) {
    await this.show(number);
    if (place !== undefined) this.grid.focus(place);
  }

  pick(place) {
    const g = this.here();
    g.picks = g.picks.includes(place) ? g.picks.filter(p => p !== place) : [...g.picks, place];
    this.grid.label(p => this.describe(p));
    $('where').textContent = $('where').textContent.replace(/ · .*/, ` · ${g.picks.length ? `${g.picks.length} picked` : 'nothing picked'}`);
    const asked = {generation: g.number, picks: g.picks};
    this.sending = (this.sending ?? Promise.resolve()).then(() => this.attempt(async () => (this.model.revision = (await postJson('/api/pick', asked)).revision)));
  }

  /** A new generation from what a request answers. */
  async grow(path, body, type) {
    if (this.growing) return;
    this.growing = true;
    await this.attempt(async () => {
      await this.sending;
      const number = this.take(await unpackPictures(await post(path, body, type)));
      const {previous} = this.model.generations.get(number);
      if (previous) this.wentForward.set(previous, number);
      await this.show(number);
    });
    this.growing = false;
  }

  evolve() {
    const g = this.here();
    if (!g.picks.length) return this.say('Pick one or more pictures first: click them, or Space on the one in focus. Evolve makes their children.', true);
    return this.grow('/api/evolve', {from: g.number, picks: g.picks, settings: this.settings(), previous: g.number});
  }
  again() {
    const g = this.here();
    if (g.parent) return this.grow('/api/evolve', {from: g.parent, picks: g.parents, settings: this.settings(), previous: g.number});
    if (g.source === 'nothing' || g.source.startsWith('@')) return this.begin(g.source);
    return this.say('These came from a file; drop it again for other children of it.', true);
  }
  begin(source) { return this.grow('/api/begin', {source, settings: this.settings()}); }
  drop(file) {
    if (file.size > 16 << 20) return this.say(`${file.name}: too large; at most 16 MiB are taken`, true);
    return this.grow(`/api/drop?name=${encodeURIComponent(file.name)}`, file, 'application/octet-stream');
  }

  async keep(generation, place, changes) {
    await this.attempt(async () => {
      const number = this.take(await unpackPictures(await post('/api/keep', {generation, place, changes})));
      const kept = this.here().origins.length - 1;
      await this.show(number, `Kept as picture ${kept + 1}.`);
      this.grid.focus(kept);
    });
  }

  async annotate(generation, place, change) {
    const note = {...this.note(generation, place), ...change};
    await this.attempt(async () => {
      this.model.revision = (await postJson('/api/note', {generation, place, ...note})).revision;
      this.model.notes.set(`${generation}.${place}`, note);
      if (generation === this.current) this.grid.label(p => this.describe(p));
    });
  }

  look(place = this.grid.focused) { return this.attempt(() => this.inside.open(this.current, place)); }
  closed() {
    this.grid.label(p => this.describe(p));
    if (!document.querySelector('dialog[open]')) this.grid.focus(this.grid.focused);
  }

  settings() {
    const s = {strength: Number($('strength').value), hidden: [...$('hidden').querySelectorAll('input:checked')].map(i => i.value)};
    for (const name of switches) s[name] = $(name).checked;
    for (const name of numbers) s[name] = $(name).value === '' ? NaN : Number($(name).value);
    return s;
  }
  fillSettings(s) {
    $('strength').value = s.strength;
    for (const name of switches) $(name).checked = s[name];
    for (const name of numbers) {
      $(name).value = s[name];
      $(name).nextElementSibling.textContent = `default ${this.model.defaults[name]}`;
    }
    if (!$('hidden').querySelector('input'))
      for (const a of this.model.activations)
        $('hidden').append(element('label', {}, element('input', {type: 'checkbox', value: a}), ` ${a}${this.model.defaults.hidden.includes(a) ? '' : ' (off)'} `));
    for (const box of $('hidden').querySelectorAll('input')) box.checked = s.hidden.includes(box.value);
  }
  changeStrength(by) {
    $('strength').value = Number($('strength').value) + by;
    this.say(`Changes: ${Math.round(100 * $('strength').value)} of 100`);
    this.sendSettings();
  }
  sendSettings() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.attempt(async () => (this.model.revision = (await postJson('/api/settings', {settings: this.settings()})).revision)), 250);
  }

  tree() {
    const starred = new Set([...this.model.notes].filter(([, n]) => n.favourite).map(([k]) => Number(k.split('.')[0])));
    const choose = async (number, place) => {
      $('tree').close();
      await this.go(number, place);
    };
    $('tree').showModal();
    drawTree($('tree-body'), [...this.model.generations.values()], {shown: this.current, starred, onChoose: choose});
    $('favourites').replaceChildren(...[...this.model.notes].filter(([, n]) => n.favourite || n.name).map(([key, n]) => {
      const [g, p] = key.split('.').map(Number), button = element('button', {type: 'button', text: `${n.favourite ? '★ ' : ''}${n.name || 'picture'} ${g}.${p + 1}`});
      button.addEventListener('click', () => choose(g, p));
      return button;
    }));
  }

  saveAs(place = this.grid.focused) {
    const query = `generation=${this.current}&place=${place}`;
    for (const format of ['zip', 'genome', 'json', 'svg']) $(`save-${format}`).href = `/api/save?format=${format}&${query}`;
    const sized = () => ($('save-png').href = `/api/save?format=png&size=${$('png-size').value}&${query}`);
    sized();
    $('png-size').oninput = sized;
    $('save-title').textContent = `Save ${this.note(this.current, place).name || 'picture'} ${this.current}.${place + 1}`;
    $('target').textContent = `${this.model.folder}#${this.current}.${place + 1}`;
    $('save').showModal();
  }

  async sessions() {
    const told = await getJson('/api/sessions');
    $('session-list').replaceChildren(...told.sessions.map(s => {
      const canvas = s.rgb ? toCanvas(pixels(Uint8Array.from(atob(s.rgb), c => c.charCodeAt(0)), s.size)) : element('canvas');
      const button = element('button', {type: 'button'}, canvas, element('strong', {text: s.name}), element('small', {text: s.error ?? ` ${s.generations} generations${s.name === told.open ? ', open' : ''}`}));
      button.addEventListener('click', () => this.switchTo('/api/open', {name: s.name}));
      return element('li', {}, button);
    }));
    if (!$('sessions').open) $('sessions').showModal();
  }
  switchTo(path, body) {
    return this.attempt(async () => {
      await postJson(path, body);
      $('sessions').close();
      this.cache.clear();
      this.wentForward.clear();
      await this.load();
      await this.show(this.model.shown);
    });
  }

  /** What another window did, and how jobs go on. */
  async poll() {
    const told = await getJson('/api/changes');
    this.jobs = told.jobs;
    this.inside.showJobs(told.jobs);
    if (this.lost) {
      this.lost = false;
      this.say('The server is back.');
    }
    if (told.revision === this.model.revision && told.name === this.model.name) return;
    const known = this.model.generations.size, same = told.name === this.model.name;
    await this.load();
    if (!same) return void this.show(this.model.shown, 'Another window opened these pictures.');
    const g = this.here(), images = this.cache.get(this.current);
    if (images && images.length !== g.origins.length) this.cache.delete(this.current);
    if (this.model.generations.size > known) {
      const newest = this.model.generations.size, button = element('button', {type: 'button', text: 'Show it'});
      button.addEventListener('click', () => this.show(newest));
      this.say('');
      $('status').append(`Generation ${newest} was made in another window. `, button);
    }
    if (this.cache.has(this.current)) this.grid.label(p => this.describe(p));
    else await this.show(this.current);
  }
  async pollForever() {
    for (;;) {
      const busy = this.jobs.some(j => j.state === 'running') && $('inside').open;
      await new Promise(done => setTimeout(done, busy ? 500 : 1500));
      if (document.hidden || this.growing) continue;
      try {
        await this.poll();
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (!this.lost) this.say(error.message, true);
        this.lost = true;
      }
    }
  }
}

const app = new App();

const keys = {
  Enter: () => app.evolve(), r: () => app.again(), R: () => app.again(), z: () => app.back(), Z: () => app.forward(),
  '+': () => app.changeStrength(0.1), '=': () => app.changeStrength(0.1), '-': () => app.changeStrength(-0.1),
  i: () => app.look(), s: () => app.saveAs(), t: () => app.tree(), b: () => $('begin').showModal(), '?': () => $('help').showModal(),
  f: () => app.annotate(app.current, app.grid.focused, {favourite: !app.note(app.current, app.grid.focused).favourite}),
};
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
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

const press = (id, work) => $(id).addEventListener('click', () => app.attempt(work));
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
press('defaults', () => {
  app.fillSettings(app.model.defaults);
  app.sendSettings();
});
for (const name of ['strength', 'hidden', ...switches, ...numbers]) $(name).addEventListener('change', () => app.sendSettings());
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
  if (e.dataTransfer.files[0]) app.drop(e.dataTransfer.files[0]);
});

app.attempt(async () => {
  const told = await app.load();
  $('built-in').replaceChildren(...told.builtIn.map(name => element('button', {type: 'button', 'data-source': name, text: name})));
  await app.show(told.shown, told.torn ? 'The last click before the server was ended is lost, nothing else.' : '');
  app.grid.focus(0);
  app.pollForever();
});
