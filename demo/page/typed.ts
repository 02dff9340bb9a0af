/** The box that a person is changing and has not left yet. */
let typed: EventTarget | null = null;

addEventListener(
  'input',
  ({ target }) => {
    typed = target;
  },
  { capture: true },
);
for (const over of ['change', 'focusout']) {
  addEventListener(
    over,
    ({ target }) => {
      if (target === typed) typed = null;
    },
    { capture: true },
  );
}

/** Shows a value in a box, unless a person is typing in it. */
export function showIn(box: HTMLInputElement, value: number | string): void {
  const text = String(value);
  if (box !== typed && box.value !== text) box.value = text;
}
