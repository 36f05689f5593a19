// Looking inside one picture: large view, maps, one unit and its weights, wiring, ancestors, and what is made of it by gradient.
import {element, number} from '../page/dom.js';
import {Field, paint, unpack} from '../page/engine.js';
import {MapFigure} from '../page/maps.js';
import {UnitPanel} from '../page/unit_panel.js';
import {getJson, postJson} from './server.js';
import {filmOf} from './tree.js';
import {View} from './view.js';

const side = 128;  // pixels of the picture that a slider moves
const $ = id => document.getElementById(id);

/** Puts a drawing of the server's into the page, whose policy takes styles from scripts alone; quotes in its texts are entities. */
function showDrawing(root, text) {
  const parsed = new DOMParser().parseFromString(text.replaceAll(' style="', ' data-style="'), 'text/html');
  root.append(parsed.querySelector('svg'));
  for (const e of root.querySelectorAll('[data-style]')) e.style.cssText = e.dataset.style;
}

export class Inside {
  /** `app` tells of the session and takes what was decided here. */
  constructor(app) {
    this.app = app;
    this.dialog = $('inside');
    this.view = new View($('view'), $('zoom-text'));
    this.maps = new MapFigure($('maps'), () => {}, v => this.choose(v));
    this.panel = new UnitPanel(this.dialog.querySelector('.unit'), {
      onSlide: (slot, value, picture) => { if (value !== this.net.weight[this.panel.edge]) this.view.live(picture); },
      onRelease: (slot, value) => this.release(slot, value),
    });
    this.pair = ['bred', 'trained'].map(name => ({maps: new MapFigure($(`maps-${name}`), () => {}, () => {}), picture: $(`pair-${name}`)}));
    $('zoom-in').addEventListener('click', () => this.view.zoom(1 / 1.5));
    $('zoom-out').addEventListener('click', () => this.view.zoom(1.5));
    $('zoom-home').addEventListener('click', () => this.view.home());
    $('keep').addEventListener('click', () => this.keep());
    $('put-back').addEventListener('click', () => app.attempt(() => this.load()));
    $('inside-pick').addEventListener('click', () => {
      app.pick(this.place);
      this.label();
    });
    $('favourite').addEventListener('click', () => this.annotate({favourite: !this.note().favourite}));
    $('name').addEventListener('change', () => this.annotate({name: $('name').value}));
    $('note').addEventListener('change', () => this.annotate({note: $('note').value}));
    $('train').addEventListener('click', () => this.start('train'));
    $('score').addEventListener('click', () => this.start('score'));
    $('compare').addEventListener('click', () => this.start('compare'));
    this.dialog.addEventListener('close', () => {
      const lost = this.changes?.size;
      this.changes = new Map();
      app.closed();
      if (lost) app.say('The weights that were moved were not kept.');
    });
  }

  /** Whether this picture is still the one to show: what was asked of another may be answered late. */
  isOf({generation, place}) { return generation === this.generation && place === this.place; }

  note() { return this.app.session.note(this.generation, this.place); }

  async open(generation, place) {
    [this.generation, this.place] = [generation, place];
    $('pair').hidden = true;
    $('film').replaceChildren();
    this.told = undefined;
    this.lines = new Map();
    this.view.home();
    if (!await this.load()) return;
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    this.redraw();
    this.label();
    this.showJobs(this.app.session.jobs);
    const film = await filmOf(this.app.session, generation, place, (g, p) => {
      this.dialog.close();
      this.app.go(g, p);
    });
    if (!this.isOf({generation, place})) return;
    $('film').replaceChildren(...film);
    $('film').scrollLeft = $('film').scrollWidth;
  }

  /** The picture as the session has it; false when another is asked for meanwhile. */
  async load() {
    const asked = {generation: this.generation, place: this.place};
    const told = await getJson(`/api/network?generation=${asked.generation}&place=${asked.place}`);
    if (!this.isOf(asked)) return false;
    this.net = unpack(told.network);
    this.links = told.links;
    this.changes = new Map();
    $('inside-facts').textContent = told.facts;
    $('wiring').replaceChildren();
    if (told.wiring) showDrawing($('wiring'), told.wiring);
    else $('wiring').append(element('p', {class: 'note', text: 'Too many links to draw.'}));
    if (this.dialog.open) this.redraw();
    return true;
  }

  redraw(unit = undefined, edge = -1) {
    this.field = new Field(this.net, side, side);
    this.maps.show(this.net, [1, 1]);
    this.view.show(this.net);
    this.choose(unit ?? this.maps.interesting(), edge);
    const count = this.changes.size;
    $('keep').disabled = $('put-back').disabled = count === 0;
    $('changed').textContent = count ? `${count} ${count === 1 ? 'weight' : 'weights'} moved` : '';
  }

  choose(v, edge = -1) {
    this.maps.choose(v);
    this.panel.show({maps: this.maps, field: this.field}, v, edge);
  }

  release(slot, value) {
    const edge = this.panel.edge;
    if (value === this.net.weight[edge]) return;
    this.changes.set(slot, value);
    for (let e = 0; e < this.net.weight.length; ++e) if (this.net.slot[e] === slot) this.net.weight[e] = value;
    this.redraw(this.panel.shown.v, edge);
  }

  /** Pressed again meanwhile, it is not kept twice. */
  async keep() {
    if (this.keeping) return;
    this.keeping = true;
    const changes = [...this.changes].map(([slot, value]) => [...this.links[slot], value]);
    const kept = await this.app.keep(this.generation, this.place, changes).finally(() => { this.keeping = false; });
    if (kept === undefined) return;
    this.changes = new Map();
    this.dialog.close();
    this.app.grid.focus(kept);
  }

  label() {
    const {name, note, favourite} = this.note(), picked = this.app.session.isPicked(this.generation, this.place);
    $('inside-title').textContent = `${name || 'Picture'} ${this.generation}.${this.place + 1}`;
    $('favourite').setAttribute('aria-pressed', String(favourite));
    $('favourite').textContent = favourite ? '★ Favourite' : '☆ Favourite';
    $('inside-pick').textContent = picked ? 'Picked as parent' : 'Pick as parent';
    $('inside-pick').setAttribute('aria-pressed', String(picked));
    if (document.activeElement !== $('name')) $('name').value = name;
    if (document.activeElement !== $('note')) $('note').value = note;
  }

  async annotate(change) {
    await this.app.annotate(this.generation, this.place, change);
    this.label();
  }

  start(kind) {
    this.app.attempt(async () => {
      await postJson('/api/job', {kind, generation: this.generation, place: this.place, steps: Number($('steps').value), folder: this.app.session.folder});
      await this.app.poll();
    });
  }

  /** What runs on this picture, with its progress; a training is shown beside the picture as it goes. */
  showJobs(jobs) {
    if (!this.dialog.open) return;
    const mine = jobs.filter(j => j.generation === this.generation && j.place === this.place);
    const text = JSON.stringify(mine);
    if (text === this.told) return;
    this.told = text;
    const list = $('job-list'), lines = mine.map(j => this.jobLine(j));
    if (list.children.length !== lines.length || lines.some((line, i) => line !== list.children[i])) list.replaceChildren(...lines);
    const training = mine.filter(j => j.kind === 'train').at(-1);
    if (training?.network) this.app.attempt(() => this.showTrained(training));
  }

  /** A job's line is told anew each time; its button stays, so that a press or the focus on it is not lost. */
  jobLine(j) {
    let line = this.lines.get(j.job);
    if (!line) {
      const stop = element('button', {type: 'button', text: 'Stop'});
      stop.addEventListener('click', () => this.app.attempt(() => postJson('/api/stop', {job: j.job, folder: this.app.session.folder})));
      line = element('li', {}, element('span', {class: 'told'}), stop);
      this.lines.set(j.job, line);
    }
    line.dataset.state = j.state;
    line.querySelector('button').hidden = j.state !== 'running';
    line.querySelector('.told').replaceChildren(...this.jobWords(j));
    return line;
  }

  jobWords(j) {
    const words = {train: `training, ${j.total} steps`, score: 'score', compare: 'comparison'}[j.kind], told = [element('strong', {text: words}), j.state];
    if (j.state === 'running') {
      const [, done, total] = j.done ? [0, j.done, j.total] : /(\d+)\/(\d+)/.exec(j.said) ?? [];
      told.push(element('progress', done ? {max: total, value: done, 'aria-label': `${words}: ${done} of ${total}`} : {'aria-label': words}), `${j.seconds} s`);
    }
    if (j.result?.loss !== undefined) told.push(`loss ${number(j.result.loss)}, ${number(j.result.psnr)} dB after ${j.result.steps} steps`);
    else if (j.result?.metrics) told.push(this.scores(j.result.metrics));
    else if (j.result?.finding) told.push(j.result.finding);
    else if (j.done) told.push(`step ${j.done} of ${j.total}, loss ${number(j.loss)}`);
    else if (j.said) told.push(element('span', {class: 'note', text: j.said}));
    if (j.kind === 'compare' && j.state === 'done') told.push(element('a', {href: `/report?job=${j.job}`, target: '_blank', rel: 'noopener', text: 'the report'}));
    return told;
  }

  /** The judged measures with their intervals. */
  scores(metrics) {
    const rows = Object.entries(metrics).map(([name, m]) => element('tr', {}, element('th', {scope: 'row', text: name.replaceAll('_', ' ')}), element('td', {text: number(m.value)}),
      element('td', {text: `[${number(m.low)}, ${number(m.high)}]`}), element('td', {text: `${m.factored} is more factored`})));
    return element('table', {class: 'scores'}, ...rows);
  }

  async showTrained(job) {
    const told = await getJson(`/api/trained?job=${job.job}`);
    if (!this.isOf(job)) return;
    const nets = [this.net, unpack(told.network)];
    $('pair').hidden = false;
    $('pair-facts').textContent = told.facts;
    this.pair.forEach(({maps, picture}, i) => {
      paint(picture, new Field(nets[i], side, side).picture());
      maps.show(nets[i], [1, 1]);
    });
  }
}
