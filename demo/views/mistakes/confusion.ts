import { percent } from '../../page/figures.js';
import { mistakes as words } from '../../words/words.js';

/** Fills a table with the examples of each class by the answer that they got, and each class's share of right ones. */
export function fillConfusion(table: HTMLTableElement, confusion: Uint32Array, classes: readonly string[]): void {
  const size = Math.round(Math.sqrt(confusion.length));
  const names = Array.from({ length: size }, (_, i) => classes[i] ?? String(i));
  const like = JSON.stringify(names);
  if (table.dataset.like !== like) {
    table.dataset.like = like;
    table.replaceChildren();
    table.createCaption().textContent = words.caption;
    table
      .createTHead()
      .insertRow()
      .append(document.createElement('td'), ...[...names, words.recall].map((name) => heading(name, 'col')));
    const body = table.createTBody();
    for (const name of names) {
      const row = body.insertRow();
      row.append(heading(name, 'row'));
      for (let i = 0; i <= size; i++) row.insertCell();
    }
  }
  const most = Math.max(1, ...confusion.filter((_, i) => i % (size + 1) !== 0));
  for (const [i, value] of confusion.entries()) {
    const cell = table.rows[1 + Math.floor(i / size)].cells[1 + (i % size)];
    const isRight = i % (size + 1) === 0;
    cell.textContent = value === 0 ? '·' : String(value);
    cell.className = isRight ? 'right-answer' : '';
    cell.style.setProperty('--share', isRight ? '0' : (value / most).toFixed(2));
  }
  for (let i = 0; i < size; i++) {
    const own = confusion.subarray(i * size, (i + 1) * size).reduce((sum, each) => sum + each, 0);
    const cell = table.rows[1 + i].cells[1 + size];
    cell.textContent = own === 0 ? '–' : percent(confusion[i * size + i] / own);
    cell.className = 'recall';
  }
}

function heading(text: string, scope: string): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}
