/** Returns the element with this id. @throws Error if there is none of this type */
export function element<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${type.name} #${id}`);
}

export const button = (id: string) => element(id, HTMLButtonElement);
export const input = (id: string) => element(id, HTMLInputElement);
export const select = (id: string) => element(id, HTMLSelectElement);
export const canvas = (id: string) => element(id, HTMLCanvasElement);

/** Enables the start button, or the stop button while the task runs, and moves the focus along. */
export function exclude(start: string, stop: string, isRunning: boolean): void {
  const [starts, stops] = [button(start), button(stop)];
  const hadFocus = [starts, stops].some((each) => each === document.activeElement && !each.disabled);
  starts.disabled = isRunning;
  stops.disabled = !isRunning;
  if (hadFocus) (isRunning ? stops : starts).focus();
}

/** Writes a text if it differs, to save a layout. */
export function write(id: string, text: string): void {
  const found = element(id, HTMLElement);
  if (found.textContent !== text) found.textContent = text;
}

/** Returns a copy of the only element in a template. */
function copyOf<T extends Element>(id: string, type: new () => T): T {
  const found = element(id, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (found instanceof type) return found;
  throw new Error(`the template #${id} has no ${type.name}`);
}

/** Returns the first match within an element. @throws Error if there is none of this type */
export function within<T extends Element>(parent: ParentNode, selector: string, type: new () => T): T {
  const found = parent.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`there is no ${type.name} ${selector}`);
}

/** Makes `parent` hold `count` copies of a template and returns them; existing copies stay. */
export function copies<T extends Element>(parent: Element, count: number, template: string, type: new () => T): T[] {
  while (parent.children.length > count) parent.lastElementChild?.remove();
  while (parent.children.length < count) parent.append(copyOf(template, type));
  return [...parent.children].filter((child): child is T => child instanceof type);
}
