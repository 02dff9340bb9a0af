import type { VerifyFacts } from '../../contract/protocol.js';
import { announce, announcer } from '../../page/announce.js';
import { button, element, exclude, write } from '../../page/element.js';
import { save } from '../../page/files.js';
import type { Page } from '../../page/page.js';
import { check as words } from '../../words/words.js';
import type { Panel } from '../inside/panel.js';

/** Opens the tab that verifies the GPU against the CPU reference and shows the report. */
export function openCheck(page: Page): Panel {
  let tell = announcer();
  const show = () => {
    const { verify } = page.facts;
    exclude('verify', 'stop-verify', verify?.running ?? false);
    element('verify-progress', HTMLProgressElement).hidden = !verify?.running;
    element('possible-answers', HTMLElement).hidden = verify?.report !== undefined;
    if (!verify) return;
    const { running, done, total, doing, report, failed } = verify;
    const progress = element('verify-progress', HTMLProgressElement);
    progress.max = Math.max(1, total);
    progress.value = done;
    for (const item of element('sections', HTMLElement).children) {
      item.ariaCurrent =
        running && item instanceof HTMLElement && doing.startsWith(`${item.dataset.section}:`) ? 'step' : null;
    }
    write('verify-doing', running ? words.doing(done, doing) : (failed ?? ''));
    element('report', HTMLElement).hidden = !report;
    if (running)
      tell((0.99 * done) / total, words.checked(done)); // the verdict announces the last quarter
    else tell(1, report ? verdictOf(report) : (failed ?? ''));
    if (!report) return;
    write('verdict', verdictOf(report));
    write('verdict-facts', factsOf(report));
    write('report-text', report.text);
    element('verdict', HTMLElement).dataset.good = String(report.passed);
  };
  page.on('verify', show);
  button('verify').addEventListener('click', () => {
    tell = announcer();
    page.tell({ kind: 'verify' });
  });
  button('stop-verify').addEventListener('click', () => page.tell({ kind: 'stop verify' }));
  const report = () => page.facts.verify?.report;
  button('report-text-file').addEventListener('click', () =>
    save('wgrad-report.txt', 'text/plain', report()?.text ?? ''),
  );
  button('report-json-file').addEventListener('click', () => {
    save('wgrad-report.json', 'application/json', report()?.json ?? '');
  });
  button('share-report').addEventListener('click', () => share(report()?.text ?? ''));
  element('report-text', HTMLElement).tabIndex = 0; // makes it scrollable by keyboard
  show();
  return { view: () => ({ kind: 'nothing' }), show: () => undefined };
}

/** Returns the numbers of a report as a sentence; checks that were left out are counted, and the report names them. */
export function factsOf({ verdict, omitted }: NonNullable<VerifyFacts['report']>): string {
  const facts = verdict.replace(/^(holds in part|holds|FAILS): /, '').replace(/; not checked: .*/, '');
  return `${facts}. ${omitted > 0 ? words.leftOut(omitted) : ''}`.trim();
}

/** Returns the outcome as a sentence: what was left out for lack of time counts. */
export function verdictOf({ passed, verdict, omitted }: NonNullable<VerifyFacts['report']>): string {
  if (!passed) return words.wrong;
  return omitted > 0 || verdict.startsWith('holds in part') ? words.rightInPart : words.right;
}

/** Shares the report with another application; copies it to the clipboard if sharing is not available. */
async function share(text: string): Promise<void> {
  const way = 'share' in navigator ? navigator.share({ title: words.title, text }) : Promise.reject();
  const said = await way
    .catch((error) => {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      return navigator.clipboard.writeText(text).then(() => words.copied);
    })
    .catch(() => words.cannotShare);
  if (!said) return;
  write('verify-doing', said);
  announce(said);
}
