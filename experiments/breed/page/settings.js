// The bar's and the advanced settings, and their defaults.
import {element} from '../page/dom.js';

const $ = id => document.getElementById(id);
const numbers = ['link_rate', 'node_rate', 'weight_rate', 'activation_rate', 'weight_chance', 'crossover'];
const switches = ['structure', 'weights', 'activations', 'colour'];
const patience = 250;  // milliseconds until a change is sent

export class SettingsForm {
  /** `send(settings)` is told a moment after the last change. */
  constructor(send) {
    this.send = send;
    for (const name of ['strength', 'hidden', ...switches, ...numbers]) $(name).addEventListener('change', () => this.changed());
    $('defaults').addEventListener('click', () => {
      this.fill(this.defaults);
      this.changed();
    });
  }

  read() {
    const s = {strength: Number($('strength').value), hidden: [...$('hidden').querySelectorAll('input:checked')].map(i => i.value)};
    for (const name of switches) s[name] = $(name).checked;
    for (const name of numbers) s[name] = $(name).value === '' ? NaN : Number($(name).value);
    return s;
  }

  /** Shows what the session says, unless a change made here is still on its way. */
  show({settings, defaults, activations}) {
    this.defaults = defaults;
    if (!$('hidden').querySelector('input'))
      for (const a of activations) $('hidden').append(element('label', {}, element('input', {type: 'checkbox', value: a}), ` ${a}`));
    for (const name of numbers) $(name).nextElementSibling.textContent = `default ${defaults[name]}`;
    $('hidden-defaults').textContent = `default ${defaults.hidden.join(', ')}`;
    if (!this.pending) this.fill(settings);
  }

  /** A field in which someone is typing is left alone. */
  fill(s) {
    $('strength').value = s.strength;
    for (const name of switches) $(name).checked = s[name];
    for (const name of numbers) if ($(name) !== document.activeElement) $(name).value = s[name];
    for (const box of $('hidden').querySelectorAll('input')) box.checked = s.hidden.includes(box.value);
  }

  /** The size of changes, as a share of the slider; returns it in percent. */
  changeStrength(by) {
    $('strength').value = Number($('strength').value) + by;
    this.changed();
    return Math.round(100 * $('strength').value);
  }

  changed() {
    clearTimeout(this.pending);
    const timer = setTimeout(async () => {
      await this.send(this.read());
      if (this.pending === timer) this.pending = 0;
    }, patience);
    this.pending = timer;
  }
}
