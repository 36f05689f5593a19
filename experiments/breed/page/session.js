// The session as this window knows it: what the server told, what another window did, and pictures at hand.
import {Trouble, get, getJson, postJson, unpackPictures} from './server.js';

const mostCached = 60;  // generations of pictures: some 60 MB

export class Session {
  constructor() {
    this.generations = new Map();
    this.notes = new Map();
    this.operators = [];
    this.revision = 0;
    this.pictures = new Map();
    this.jobs = [];
  }

  /** Reads everything; the numbers of the generations that were not known. */
  async load() {
    const told = await getJson('/api/state');
    if (this.folder !== told.folder) this.pictures.clear();
    const fresh = told.generations.map(g => g.number).filter(n => !this.generations.has(n) || this.folder !== told.folder);
    Object.assign(this, told, {
      generations: new Map(told.generations.map(g => [g.number, g])),
      notes: new Map(told.notes.map(([g, p, name, note, favourite]) => [`${g}.${p}`, {name, note, favourite}])),
    });
    for (const [number, images] of this.pictures) if (images.length !== this.generations.get(number)?.origins.length) this.pictures.delete(number);
    return fresh;
  }

  /** A revision that is not the next one means that another window wrote in between: the next poll then reads everything. */
  heard(revision) { if (revision === this.revision + 1) this.revision = revision; }

  /** Does what changes the session and answers JSON. */
  async change(path, body) {
    const told = await postJson(path, body);
    if (told.changed) this.heard(told.revision);
    return told;
  }

  /** Takes the answer to a change that made or added to a generation, with its pictures; its number. */
  async take(response) {
    const {number, revision} = await this.put(response);
    this.heard(revision);
    return number;
  }

  async put(response) {
    const told = await unpackPictures(response), {number} = told.generation;
    this.generations.set(number, told.generation);
    this.pictures.delete(number);
    this.pictures.set(number, told.images);
    if (this.pictures.size > mostCached) this.pictures.delete(this.pictures.keys().next().value);
    return {number, revision: told.revision};
  }

  async fetch(number) { if (!this.pictures.has(number)) await this.put(await get(`/api/pictures?generation=${number}`)); }

  /** Fetches what is likely to be asked for next; that it cannot be had is no trouble yet. */
  async fetchAhead(numbers) {
    try {
      for (const number of numbers) if (number) await this.fetch(number);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
    }
  }

  note(generation, place) { return this.notes.get(`${generation}.${place}`) ?? {name: '', note: '', favourite: false}; }
  isPicked(generation, place) { return this.generations.get(generation).picks.includes(place); }
}
