import { fitsAddress, isEditable, type PointEdit } from '../../contract/edits.js';
import type { DataFacts } from '../../contract/protocol.js';
import type { Knobs } from '../../contract/state.js';
import type { ViewFacts } from '../../contract/view-facts.js';
import { copies, element, input, within, write } from '../../page/element.js';
import { count, percent } from '../../page/figures.js';
import { onceAFrame } from '../../page/once-a-frame.js';
import type { Page } from '../../page/page.js';
import { colourOf, DASHES, dropoutName, LETTERS, l2Name, nameOf, turnOf } from '../../page/run-look.js';
import { edits as editing, answer as words } from '../../words/words.js';
import { drawCurves } from '../draw/line.js';
import { drawPlane } from '../draw/plane.js';
import { SHAPES } from '../draw/points.js';
import type { Panel } from '../inside/panel.js';
import type { HoverPlace, textAt } from './hover.js';
import type { PointEditor } from './point-editor.js';

/** Returns the shapes of the classes in words; empty if there are more classes than shapes. */
function shapesOf(classes: readonly string[]): string {
  if (classes.length > SHAPES.length) return '';
  const text = classes.map((name, i) => `${SHAPES[i]}: ${name}`).join(', ');
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Opens the tab of the networks' answers: planes side by side, or lines in one picture. */
export function openAnswer(page: Page): Panel {
  const parent = element('answers', HTMLElement);
  const figures = (count: number) => {
    parent.dataset.count = String(count);
    parent.style.setProperty('--across', String(count === 4 ? 2 : count));
    parent.style.setProperty('--down', String(Math.ceil(count / 2)));
    for (const scroll of parent.querySelectorAll<HTMLElement>('.scroll')) scroll.hidden = true;
    for (const canvas of parent.querySelectorAll('canvas')) canvas.hidden = false;
    return copies(parent, count, 'answer-figure', HTMLElement).map((figure) => ({
      figure,
      canvas: within(figure, 'canvas', HTMLCanvasElement),
      name: within(figure, '.name', HTMLElement),
      right: within(figure, '.right', HTMLElement),
      letter: within(figure, '.letter', HTMLElement),
    }));
  };
  /** The figures of the runs. Their names, unlike their pictures, change with every measurement, as the sentence does. */
  let named: ReturnType<typeof figures> = [];
  const showNames = () => {
    const { state, runs } = page;
    for (const [run, { figure, letter, name, right }] of named.entries()) {
      if (!state.runs[run]) continue;
      figure.style.setProperty('--run', `var(--${colourOf(run)})`);
      figure.classList.toggle('selected', run === state.selected && named.length > 1);
      letter.textContent = LETTERS[run];
      name.textContent = turnOf(page, run) ?? captionOf(page, state.runs[run]);
      const accuracy = runs[run]?.history.last('validationAccuracy') ?? null;
      if (page.facts.data?.classes) right.textContent = accuracy === null ? '' : words.accuracy(percent(accuracy));
      if (runs[run]?.facts.diverged) right.textContent = words.diverged;
    }
  };
  page.on('runs', showNames);
  let last: ViewFacts | undefined;
  let hovered: HoverPlace | undefined;
  let hoverText: typeof textAt | undefined;
  const showHint = (facts: ViewFacts) => {
    const at = hovered && hoverText?.(facts, hovered, page.facts.data?.classes ?? []);
    write('answer-hint', at || hintOf(page, facts));
  };
  const show = (facts: ViewFacts) => {
    const { state } = page;
    const data = shown(page, editor);
    // A redraw may come between data of numbers and their first view: the last one is a plane of classes.
    if (facts.kind === 'plane' && data && !data.classes) return;
    last = facts;
    showHint(facts);
    showEditing(page, facts);
    if (hasNetwork(page)) showNetwork(page, facts);
    else element('network-figure', HTMLElement).hidden = true;
    if (facts.kind === 'plane') {
      const nets = facts.runs.filter((_, i) => state.runs[i]);
      named = figures(nets.length);
      for (const [i, { canvas }] of named.entries()) {
        const { winner, certainty } = nets[i];
        canvas.ariaLabel = words.overPlane(LETTERS[i]);
        drawPlane(canvas, { ...facts, winner, strength: (pixel) => certainty[pixel] }, data, editor?.pen);
        canvas.tabIndex = isEditable(state.data) ? 0 : -1;
      }
    } else if (facts.kind === 'outcomes') {
      named = figures(facts.runs.filter((_, i) => state.runs[i]).length);
      void import('./outcomes.js').then(({ showOutcomes }) => {
        if (last === facts) showOutcomes(page, facts, (run) => named[run].figure);
      });
    } else if (facts.kind === 'line') {
      named = [];
      const [{ figure, canvas, name, right, letter }] = figures(1);
      figure.classList.remove('selected');
      letter.textContent = '';
      name.textContent = words.lines;
      right.textContent = '';
      canvas.ariaLabel = words.overLine;
      const curves = facts.runs.map(({ y }, i) => ({ colour: colourOf(i), y, dash: i === 0 ? [] : DASHES[i] }));
      drawCurves(canvas, facts.x, curves, data, editor?.pen);
      canvas.tabIndex = isEditable(state.data) ? 0 : -1;
    }
    showNames();
  };
  const redrawHint = onceAFrame(() => last && showHint(last));
  const redraw = onceAFrame(() => last && show(last));
  input('show-validation').addEventListener('change', redraw);
  let editor: PointEditor | undefined;
  void import('./point-editor.js').then(({ PointEditor }) => {
    editor = new PointEditor(page, redraw);
  });
  void import('./hover.js').then(({ listenForHover, textAt }) => {
    hoverText = textAt;
    listenForHover(parent, (place) => {
      hovered = place;
      redrawHint();
    });
  });
  return { view: () => ({ kind: 'answer', network: hasNetwork(page) }), show };
}

/** Returns true if the network is drawn beside its answer: in the lesson on dropout. */
const hasNetwork = ({ lab, lesson }: Page) => !lab && lesson?.name === 'dropout';

async function showNetwork({ runs }: Page, facts: ViewFacts): Promise<void> {
  const network = facts.kind === 'plane' ? facts.network : undefined;
  const { drawNetwork } = await import('../network/network.js');
  const run = runs.findIndex((each) => each.facts.id === network?.run);
  drawNetwork(run < 0 ? undefined : network, run);
}

/** Returns the knobs of a run; in a lesson only the one that it is about. */
function captionOf({ state, lesson, lab }: Page, run: Knobs): string {
  const isBare = run.l2 === 0 && run.dropout.every((p) => p === 0);
  if (!lab && lesson?.name === 'overfit' && isBare) return words.bare;
  if (!lab && lesson?.name === 'l2') return l2Name(run);
  if (!lab && lesson?.name === 'dropout') return dropoutName(run);
  return nameOf(state, run);
}

/** Returns the hint below the figure: how to read it or, once points are edited, the edits. */
function hintOf({ state: { edits, data }, facts: { data: shown } }: Page, facts: ViewFacts): string {
  if (edits) {
    const counted = (kind: PointEdit['kind']) => edits.filter((each) => each.kind === kind).length;
    const text = editing.counts(counted('add'), counted('move'), counted('remove'));
    return fitsAddress(edits) ? text : `${text} ${editing.notInAddress}`;
  }
  if (facts.kind === 'line') return words.lineHint;
  if (facts.kind === 'outcomes') {
    const hint = facts.runs[0]?.confusion ? words.confusionHint : words.pairsHint;
    return hint(count(facts.examples));
  }
  return isEditable(data) ? words.planeHint : `${words.planeHint} ${shapesOf(shown?.classes ?? [])}`;
}

/** Shows the controls of editing points where they are of use. */
function showEditing({ state }: Page, { kind }: ViewFacts): void {
  element('new-points', HTMLElement).hidden = !isEditable(state.data);
  element('new-classes', HTMLElement).hidden = kind !== 'plane';
  write('press-to-add', kind === 'plane' ? editing.addOfClass : editing.add);
  within(element('answer-options', HTMLElement), 'label.right', HTMLElement).hidden = kind === 'outcomes';
  element('put-back', HTMLElement).hidden = !state.edits;
}

/** Returns the data to draw: without the validation points until a person asks for them. */
function shown({ facts }: Page, editor: PointEditor | undefined): DataFacts | undefined {
  const data = facts.data && (editor?.shown(facts.data) ?? facts.data);
  if (!data?.points || input('show-validation').checked) return data;
  const { x, y, reach } = data.points;
  const points = { x: x.subarray(0, data.features * data.train), y: y.subarray(0, data.train), reach };
  return { ...data, points };
}
