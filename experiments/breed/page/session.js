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

  ask() { return getJson('/api/state'); }

  /** Takes everything that `ask` was told; the numbers of the generations that were not known. */
  learn(told) {
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

  /** Does what changes the session and answers JSON; it arrives even when the page is left at once. */
  async change(path, body) {
    try {
      const told = await postJson(path, body, true);
      if (told.changed) this.heard(told.revision);
      return told;
    } catch (error) {
      this.revision = -1;  // what this window shows may not be what the session holds: the next poll reads everything
      throw error;
    }
  }

  /** Takes the answer to a change that made or added to a generation, with its pictures; its number. */
  async take(response) {
    const told = await unpackPictures(response);
    this.put(told.generation, told.images);
    this.heard(told.revision);
    return told.generation.number;
  }

  put(generation, images) {
    const {number} = generation;
    this.generations.set(number, generation);
    this.pictures.delete(number);
    this.pictures.set(number, images);
    if (this.pictures.size > mostCached) this.pictures.delete(this.pictures.keys().next().value);
  }

  /** Has a generation's pictures here. What is picked of a generation that is known is known better than an answer under way. */
  async fetch(number) {
    if (this.pictures.has(number)) return;
    const {folder} = this, told = await unpackPictures(await get(`/api/pictures?generation=${number}&folder=${encodeURIComponent(folder)}`));
    if (folder !== this.folder || this.pictures.has(number)) return;
    const {picks} = this.generations.get(number) ?? told.generation;
    this.put({...told.generation, picks}, told.images);
  }

  /** Fetches what is likely to be asked for next; that it cannot be had is no trouble yet. */
  async fetchAhead(numbers) {
    try {
      for (const number of numbers) if (number) await this.fetch(number);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
    }
  }

  note(generation, place) { return this.notes.get(`${generation}.${place}`) ?? {name: '', note: '', favourite: false}; }
  isPicked(generation, place) { return this.generations.get(generation)?.picks.includes(place) ?? false; }
}
