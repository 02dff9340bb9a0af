const known = new Map<string, string>();

/** Returns a colour of the style sheet as three numbers from 0 to 255. */
export function triple(name: string): [red: number, green: number, blue: number] {
  const [red, green, blue] = numbers(name).split(' ').map(Number);
  return [red, green, blue];
}

/** Returns a colour of the style sheet, such as `run-0`, with an opacity. */
export const ink = (name: string, alpha = 1) => `rgb(${numbers(name)} / ${alpha})`;

/** Forgets the cached colours; call it when the style sheet changes. */
export const mixAnew = () => known.clear();

function numbers(name: string): string {
  const found = known.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  known.set(name, found);
  return found;
}
