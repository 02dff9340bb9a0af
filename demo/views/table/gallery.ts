import { select } from '../../page/element.js';
import type { Page } from '../../page/page.js';
import { table } from '../../words/words.js';

/** The folder of the small tables that the page brings. */
const FILES = {
  penguins: new URL('../../tables/penguins.csv', import.meta.url),
  iris: new URL('../../tables/iris.csv', import.meta.url),
  cars: new URL('../../tables/cars.csv', import.meta.url),
} as const;
type Name = keyof typeof FILES;
const NAMES = Object.keys(FILES) as Name[];

/** Offers the tables that the page brings among the data sets, and a person's own table its view. */
export function offerTables(page: Page): void {
  const data = select('data');
  const group = document.createElement('optgroup');
  group.label = table.gallery;
  group.append(...NAMES.map((name) => new Option(table.tables[name].title, name)));
  data.append(group);
  data.addEventListener('change', () => {
    const name = NAMES.find((each) => each === data.value);
    if (name) void open(page, name);
  });
  const show = async () => page.facts.data?.table && (await import('./table.js')).showTable(page);
  page.on('data', show);
}

async function open(page: Page, name: Name): Promise<void> {
  try {
    const response = await fetch(FILES[name]);
    if (!response.ok) throw new Error(response.statusText);
    const bytes = await response.arrayBuffer();
    page.tell({ kind: 'open', files: [{ name: `${name}.csv`, bytes }], origin: table.tables[name].origin }, [bytes]);
  } catch {
    page.complain(table.missing(table.tables[name].title));
    select('data').value = page.state.data;
  }
}
