// What a person does to the session: going through generations, picking, breeding, keeping, noting.
import {openSave, openSessions, openTree} from './dialogs.js';
import {Grid} from './grid.js';
import {Inside} from './inside.js';
import {Trouble, getJson, post, postJson} from './server.js';
import {Session} from './session.js';
import {SettingsForm} from './settings.js';
import {cameBy} from './tree.js';

const $ = id => document.getElementById(id);

export class Breeding {
  constructor() {
    this.session = new Session();
    this.wentForward = new Map();
    this.settings = new SettingsForm(settings => this.send('/api/settings', {settings}));
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

  /** Does it; what goes wrong becomes one line on the page, and what comes after is done all the same. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Trouble)) return reportError(error);
      const open = document.querySelector('dialog[open]');
      if (open) open.querySelector('[role="status"]')?.replaceChildren(error.message);
      this.say(error.message, true);
    }
  }

  /** One step after another: what is pressed while pictures are still coming is done once they are here. */
  step(work) { return this.stepping = (this.stepping ?? Promise.resolve()).then(() => this.attempt(work)); }

  /** Reads everything; an answer that a change made here has overtaken is not taken: it would undo that on the screen. */
  async load() {
    let sent, told;
    do {
      sent = this.sending;
      await sent;
      told = await this.session.ask();
    } while (sent !== this.sending);
    if (told.folder !== this.session.folder) this.current = undefined;  // until its pictures are here nothing can be done to them
    const fresh = this.session.learn(told);
    document.title = `skein breed: ${this.session.name}`;
    $('sessions-open').textContent = this.session.name;
    $('sessions-open').setAttribute('aria-label', `session ${this.session.name}; all sessions`);
    this.settings.show(this.session);
    return fresh;
  }

  here() { return this.session.generations.get(this.current); }

  describe(place) {
    const {name, favourite} = this.session.note(this.current, place), picks = this.here().picks, at = picks.indexOf(place);
    const how = cameBy(this.session, this.current, place), kept = place >= this.here().bred;
    return {
      label: `picture ${place + 1}${name ? `, ${name}` : ''}, ${how}${at >= 0 ? `, parent ${at + 1}` : ''}${favourite ? ', favourite' : ''}`,
      tag: [favourite ? '★' : '', name, how === 'unchanged' ? 'parent' : how === 'founder' || kept ? (kept ? 'by hand' : how) : ''].filter(Boolean).join(' '),
      picked: at >= 0,
    };
  }

  label() {
    const g = this.here();
    if (!g) return;  // another session is about to be shown
    this.grid.label(place => this.describe(place));
    $('where').textContent = `Generation ${g.number}, from ${g.parent || g.source} · ${g.picks.length ? `${g.picks.length} picked` : 'nothing picked'}`;
    $('back').disabled = !g.previous;
    $('forward').disabled = !this.next();
  }

  /** Shows a generation: at once when its pictures are here. */
  async show(number, words = '') {
    if (!this.session.pictures.has(number)) await this.session.fetch(number);
    this.current = number;
    this.grid.show(this.session.pictures.get(number));
    this.label();
    this.say(words);
    clearTimeout(this.remembering);
    const {folder} = this.session;
    this.remembering = setTimeout(async () => {
      await this.send('/api/show', {generation: number, folder});
      await this.session.fetchAhead([this.here()?.previous, this.next()]);
    }, 300);
    requestAnimationFrame(() => document.dispatchEvent(new CustomEvent('skein-shown', {detail: number})));
  }

  next() {
    const went = this.wentForward.get(this.current);
    if (went) return went;
    let newest = 0;
    for (const g of this.session.generations.values()) if (g.previous === this.current) newest = g.number;
    return newest;
  }

  back() {
    return this.step(() => {
      const {previous} = this.here();
      if (!previous) return this.say('This is where the session began.');
      this.wentForward.set(previous, this.current);
      return this.show(previous);
    });
  }
  forward() {
    return this.step(() => {
      const next = this.next();
      return next ? this.show(next) : this.say('This is the newest generation.');
    });
  }
  go(number, place) {
    return this.step(async () => {
      await this.show(number);
      if (place !== undefined) this.grid.focus(place);
    });
  }

  /** Sends small changes in the order in which they were made, each for the session that was shown then; what comes after waits for them. */
  send(path, body) {
    const whole = {folder: this.session.folder, ...body};
    return this.sending = (this.sending ?? Promise.resolve()).then(() => this.attempt(() => this.session.change(path, whole)));
  }

  pick(place) {
    const g = this.here();
    if (!g) return;
    g.picks = g.picks.includes(place) ? g.picks.filter(p => p !== place) : [...g.picks, place];
    this.label();
    this.send('/api/pick', {generation: g.number, picks: g.picks});
  }

  /** A new generation from what a request answers; pressed again meanwhile, it is not made twice. */
  grow(path, body, type) {
    if (this.growing) return undefined;
    this.growing = true;
    clearTimeout(this.remembering);  // it would be told after what is new
    const whole = type ? body : {...body, folder: this.session.folder};
    return this.step(async () => {
      try {
        await this.sending;
        const number = await this.session.take(await post(path, whole, type)), {previous} = this.session.generations.get(number);
        if (previous) this.wentForward.set(previous, number);
        await this.show(number);
      } finally {
        this.growing = false;
      }
    });
  }

  evolve() {
    const g = this.here();
    if (!g.picks.length) return this.say('Pick one or more pictures first (click, tap or Space); Evolve makes their children.', true);
    return this.grow('/api/evolve', {from: g.number, picks: g.picks, settings: this.settings.read(), previous: g.number});
  }
  again() {
    const g = this.here(), settings = this.settings.read();
    if (g.parent) return this.grow('/api/evolve', {from: g.parent, picks: g.parents, settings, previous: g.number});
    return this.grow('/api/begin', {like: g.number, settings, previous: g.number});
  }
  begin(source) { return this.grow('/api/begin', {source, settings: this.settings.read(), previous: this.current}); }
  drop(file) {
    if (file.size > 16 << 20) return this.say(`${file.name}: too large; at most 16 MiB are taken`, true);
    return this.grow(`/api/drop?name=${encodeURIComponent(file.name)}&previous=${this.current}&folder=${encodeURIComponent(this.session.folder)}`, file, 'application/octet-stream');
  }

  /** The place at which it was kept; nothing when it was not. */
  keep(generation, place, changes) {
    const {folder} = this.session;
    return this.step(async () => {
      await this.sending;
      const number = await this.session.take(await post('/api/keep', {generation, place, changes, folder}));
      const kept = this.session.generations.get(number).origins.length - 1;
      await this.show(number, `Kept as picture ${kept + 1}.`);
      return kept;
    });
  }

  /** Known here at once: a name and a star that follow each other quickly are one note. */
  annotate(generation, place, change) {
    const note = {...this.session.note(generation, place), ...change};
    this.session.notes.set(`${generation}.${place}`, note);
    if (generation === this.current) this.label();
    return this.send('/api/note', {generation, place, ...note});
  }
  toggleFavourite(place = this.grid.focused) { return this.annotate(this.current, place, {favourite: !this.session.note(this.current, place).favourite}); }

  look(place = this.grid.focused) { return this.attempt(() => this.inside.open(this.current, place)); }
  closed() {
    this.label();
    if (!document.querySelector('dialog[open]')) this.grid.focus(this.grid.focused);
  }

  changeStrength(by) { this.say(`Changes: ${this.settings.changeStrength(by)} of 100`); }
  tree() { return this.attempt(() => openTree(this.session, this.current, (number, place) => this.go(number, place))); }
  saveAs(place = this.grid.focused) { openSave(this.session, this.current, place); }
  sessions() { return this.attempt(() => openSessions(name => this.switchTo('/api/open', {name}))); }
  switchTo(path, body) {
    return this.step(async () => {
      clearTimeout(this.remembering);  // it would be told to the other session
      await this.sending;
      await postJson(path, body);
      $('sessions').close();
      this.wentForward.clear();
      await this.load();
      await this.show(this.session.shown);
    });
  }

  /** What another window did, and how jobs go on. */
  async poll() {
    const told = await getJson('/api/changes'), {session} = this;
    session.jobs = told.jobs;
    this.inside.showJobs(told.jobs);
    if (this.lost) {
      this.lost = false;
      this.say('The server is back.');
    }
    if (told.revision !== session.revision || told.folder !== session.folder || !this.current) await this.step(() => this.catchUp());
  }
  async catchUp() {
    const fresh = await this.load();
    if (!this.current) {
      this.wentForward.clear();
      await this.show(this.session.shown);
      for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
      return this.say('Another window opened these pictures.');
    }
    if (this.session.pictures.has(this.current)) this.label();
    else await this.show(this.current);
    if (!fresh.length) return undefined;
    const newest = fresh.at(-1), button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Show it';
    button.addEventListener('click', () => this.go(newest));
    this.say('');
    $('status').append(`Generation ${newest} was made in another window. `, button);
    return undefined;
  }
  async pollForever() {
    for (;;) {
      const busy = this.session.jobs.some(j => j.state === 'running') && $('inside').open;
      await new Promise(done => setTimeout(done, busy ? 500 : 1500));
      if (document.hidden || this.growing) continue;
      try {
        await this.poll();
      } catch (error) {
        if (!(error instanceof Trouble)) {
          reportError(error);
          continue;
        }
        if (!this.lost) this.say(error.message, true);
        this.lost = true;
      }
    }
  }
}
