// Small things that every page needs.
export const number = v => (!Number.isFinite(v) ? '–' : v !== 0 && Math.abs(v) < 1e-3 ? v.toExponential(2) : String(Number(v.toPrecision(4)))).replace('-', '−');

export function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) k === 'text' ? (e.textContent = v) : e.setAttribute(k, v);
  e.append(...children);
  return e;
}
