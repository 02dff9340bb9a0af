import { button } from '../../page/element.js';

/** Shows figure and slider alone, on the full screen where the browser allows it; for a projector. */
export function listenForPresent(): void {
  const present = button('present');
  const show = (on: boolean) => {
    document.body.classList.toggle('presenting', on);
    present.ariaPressed = String(on);
    dispatchEvent(new Event('resize')); // the text of the charts grows, too
  };
  present.addEventListener('click', async () => {
    const on = !document.body.classList.contains('presenting');
    show(on);
    if (on) await document.documentElement.requestFullscreen?.().catch(() => undefined);
    // Escape may have come before the full screen.
    if (!document.body.classList.contains('presenting') && document.fullscreenElement) await document.exitFullscreen();
  });
  document.addEventListener('fullscreenchange', () => document.fullscreenElement || show(false));
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') show(false);
  });
}
