import type { Lesson } from '../../contract/lessons.js';
import type { State } from '../../contract/state.js';
import type { ViewFacts } from '../../contract/view-facts.js';
import { button, element, within } from '../../page/element.js';
import { onceAFrame } from '../../page/once-a-frame.js';
import type { Page } from '../../page/page.js';
import { openAnswer } from '../answer/answer.js';
import { type Panel, TABS, type TabName } from './panel.js';

/** Opens each tab; all but the first load their code then. */
const OPEN: Record<TabName, (page: Page) => Panel | Promise<Panel>> = {
  answer: openAnswer,
  weights: async (page) => (await import('../weights/weights.js')).openWeights(page),
  mask: async (page) => (await import('../mask/mask.js')).openMask(page),
  uncertainty: async (page) => (await import('../uncertainty/uncertainty.js')).openUncertainty(page),
  mistakes: async (page) => (await import('../mistakes/mistakes.js')).openMistakes(page),
  search: async (page) => (await import('../search/search.js')).openSearch(page),
  check: async (page) => (await import('../check/check.js')).openCheck(page),
};

/** The tab of each kind of view. */
const TAB_OF: Partial<Record<ViewFacts['kind'] | Lesson['view'], TabName>> = {
  plane: 'answer',
  line: 'answer',
  outcomes: 'answer',
  answer: 'answer',
  weights: 'weights',
  mask: 'mask',
  'uncertain plane': 'uncertainty',
  'uncertain line': 'uncertainty',
  'uncertain digit': 'uncertainty',
  uncertainty: 'uncertainty',
  mistakes: 'mistakes',
  errors: 'mistakes',
  search: 'search',
  check: 'check',
};

/** Returns true unless a view is of other runs than there are now. */
const isOfRuns = (view: ViewFacts, { runs }: State) =>
  !('runs' in view) || view.runs.every(({ id }, i) => id === runs[i]?.id);

/** The tabs: one is open, and the worker computes its view alone. */
export class Tabs {
  readonly #page: Page;
  readonly #panels: Partial<Record<TabName, Promise<Panel>>> = {};
  /** The last view of each tab: the worker may take its time over the next one. */
  #seen: Partial<Record<TabName, ViewFacts>> = {};
  #open: TabName = 'answer';

  constructor(page: Page) {
    this.#page = page;
    const list = element('tabs', HTMLElement);
    list.addEventListener('click', ({ target }) => {
      const name = TABS.find((each) => target instanceof Element && target.id === `tab-${each}`);
      if (name) this.open(name);
    });
    list.addEventListener('keydown', (event) => this.#move(event));
    const draw = onceAFrame(() => this.#draw());
    page.on('data', () => {
      this.#seen = {};
    });
    page.on('view', () => {
      const { view } = page.facts;
      const tab = view && TAB_OF[view.kind];
      if (tab) this.#seen[tab] = view;
    });
    page.on(['view', 'look', 'data'], draw);
    page.on(['lesson', 'mode'], () => this.openForLesson());
    page.on('state', () => page.lab || this.#lessonTab() === this.#open || this.openForLesson());
    this.openForLesson();
  }

  /** Opens the tab of the page's lesson. Out of the lab it is the figure: the answers, or weights as images. */
  openForLesson(): void {
    this.open(this.#lessonTab());
  }

  #lessonTab(): TabName {
    const { lesson, lab, state } = this.#page;
    const tab = (lesson && TAB_OF[lesson.view]) ?? this.#open;
    const isFigure = !lab && tab !== 'search' && tab !== 'check';
    const isOfMany = state.data === 'mnist' || state.data === 'sparse';
    return isFigure ? (isOfMany ? 'weights' : 'answer') : tab;
  }

  async open(name: TabName): Promise<void> {
    this.#open = name;
    document.body.dataset.tab = name;
    for (const each of TABS) {
      const tab = button(`tab-${each}`);
      tab.ariaSelected = String(each === name);
      tab.tabIndex = each === name ? 0 : -1;
      element(`panel-${each}`, HTMLElement).hidden = each !== name;
    }
    this.#panels[name] ??= Promise.resolve(OPEN[name](this.#page));
    const panel = await this.#panels[name];
    if (this.#open !== name) return;
    const seen = this.#seen[name];
    this.#page.setView(seen && isOfRuns(seen, this.#page.state) ? seen : undefined);
    this.#page.tell({ kind: 'view', view: panel.view() });
    this.#draw();
  }

  #move(event: KeyboardEvent): void {
    const here = TABS.indexOf(this.#open);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: -1 }[event.key];
    const name = to === undefined ? undefined : TABS.at(to % TABS.length);
    if (!name) return;
    event.preventDefault();
    button(`tab-${name}`).focus();
    this.open(name);
  }

  async #draw(): Promise<void> {
    const { view } = this.#page.facts;
    const panel = await this.#panels[this.#open];
    if (!view || !panel) return;
    const home = element(`panel-${this.#open}`, HTMLElement);
    const why = home.querySelector<HTMLElement>('.why');
    const isNone = view.kind === 'none' && panel.view().kind !== 'nothing';
    if (!isNone && TAB_OF[view.kind] !== this.#open) return;
    if (why) {
      const isEmpty = isNone && !panel.prepare?.();
      why.hidden = !isEmpty;
      why.textContent = isEmpty ? view.why : '';
      within(home, '.body', HTMLElement).hidden = isEmpty;
    }
    if (!isNone) panel.show(view);
  }
}
