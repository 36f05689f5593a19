// Works the report as a reader would and leaves what it saw in a <pre> for the test.
addEventListener('load', () => setTimeout(() => {
  const seen = {errors: window.reportErrors};
  const $ = s => document.querySelector(s);
  try {
    const explorer = $('.explorer');
    seen.shown = !explorer.hidden;
    seen.options = explorer.querySelectorAll('[data-side="a"] option').length;
    seen.wirings = explorer.querySelectorAll('.wiring svg').length;
    const pixels = canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data);
    const picture = $('[data-side="a"] .picture');
    seen.picture = {width: picture.width, height: picture.height, pixels: pixels(picture)};

    const name = () => $('.unit .name').textContent;
    const maps = $('[data-side="a"] .maps');
    const before = name();
    maps.focus();
    maps.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowUp', bubbles: true}));
    seen.keyboard = name() !== before;
    const box = maps.getBoundingClientRect();
    maps.dispatchEvent(new MouseEvent('click', {clientX: box.left + 55, clientY: box.top + 26, bubbles: true}));
    seen.clicked = name();
    maps.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true}));
    seen.below = name();

    const choices = document.querySelectorAll('.reads button');
    seen.reads = choices.length;
    choices[choices.length - 1].click();
    seen.pressed = document.querySelectorAll('.reads [aria-pressed="true"]').length;
    seen.strip = document.querySelectorAll('.strip canvas').length;
    const slider = $('.slider'), words = $('.sweep output').textContent, still = pixels($('.swept')).join();
    slider.value = 0.9;
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    seen.swept = $('.sweep output').textContent !== words && pixels($('.swept')).join() !== still;
    const strip = $('.strip').getBoundingClientRect();
    $('.strip').dispatchEvent(new PointerEvent('pointerdown', {clientX: strip.left + strip.width / 2, clientY: strip.top + 5, buttons: 1, bubbles: true}));
    seen.dragged = Math.abs(Number(slider.value)) < 0.02;

    const select = $('[data-side="b"] select');
    select.value = '2';
    select.dispatchEvent(new Event('change', {bubbles: true}));
    seen.second = name();

    const table = $('table.sortable'), order = () => Array.from(table.tBodies[0].rows, r => Number(r.cells[3].dataset.value));
    table.querySelectorAll('thead button')[3].click();
    seen.ascending = order();
    table.querySelectorAll('thead button')[3].click();
    seen.descending = order();
    seen.sorted = table.querySelectorAll('th')[3].getAttribute('aria-sort');
    seen.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    seen.resources = performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).map(r => r.name);
  } catch (error) {
    seen.errors.push(String(error.stack ?? error));
  }
  const out = document.createElement('pre');
  out.id = 'seen';
  out.textContent = 'SEEN' + JSON.stringify(seen) + 'NEES';
  document.body.append(out);
}, 50));
