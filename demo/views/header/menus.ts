const openMenu = () => document.querySelector<HTMLDetailsElement>('details.menu[open]');

/** Closes a menu on Escape, and when another element is pressed or focused. */
export function closeMenus(): void {
  const closeBut = (target: EventTarget | null) => {
    const menu = openMenu();
    if (menu && target instanceof Node && !menu.contains(target)) menu.open = false;
  };
  document.addEventListener('click', ({ target }) => closeBut(target));
  document.addEventListener('focusin', ({ target }) => closeBut(target));
  document.addEventListener('keydown', ({ key }) => {
    const menu = openMenu();
    if (key !== 'Escape' || !menu) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}
