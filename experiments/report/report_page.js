import {element} from '../page/dom.js';
import {Explorer} from './report_explorer.js';

// Tables that sort by the column whose head is pressed, and the start of the page.
function sortTable(table, column, button) {
  const head = button.closest('th'), down = head.getAttribute('aria-sort') === 'ascending';
  table.querySelectorAll('th[aria-sort]').forEach(th => th.removeAttribute('aria-sort'));
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const key = row => {
    const cell = row.cells[column], value = cell.dataset.value;
    return value === undefined ? cell.textContent.trim().toLowerCase() : value === '' ? NaN : Number(value);
  };
  const compare = (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (typeof x === 'string') return down ? y.localeCompare(x) : x.localeCompare(y);
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);  // none goes last
    return down ? y - x : x - y;
  };
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort(compare));
}

document.querySelectorAll('table.sortable').forEach(table => {
  table.querySelectorAll('thead th').forEach((th, column) => {
    const button = element('button', {type: 'button'}, ...th.childNodes);
    button.addEventListener('click', () => sortTable(table, column, button));
    th.replaceChildren(button);
  });
});

document.querySelectorAll('button.copy').forEach(button => {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = button.previousElementSibling.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'copied';
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = 'selected';
    }
    setTimeout(() => (button.textContent = 'copy'), 1500);
  });
});

const report = JSON.parse(document.getElementById('data').textContent);
report.runs.forEach((run, i) => {
  const root = document.querySelector(`.explorer[data-run="${i}"]`);
  if (!root || !run.networks.length) return;
  root.hidden = false;
  new Explorer(root, run, i);
});
