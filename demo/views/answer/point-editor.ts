import {
  type EditedPoint,
  editedPoints,
  editsText,
  isEditable,
  LEAST_POINTS,
  type PointEdit,
  type Spot,
  withAdded,
  withMoved,
  withRemoved,
} from '../../contract/edits.js';
import type { DataFacts } from '../../contract/protocol.js';
import { announce } from '../../page/announce.js';
import { button, element, input } from '../../page/element.js';
import { tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { edits as words } from '../../words/words.js';
import type { Pen } from '../draw/points.js';
import { listenForKeys } from './point-keys.js';
import { listenForPointer } from './point-pointer.js';

/** Edits the training points of a data set that the page makes: adds, moves and removes them on the figures of the answers. */
export class PointEditor {
  /** The place of the cross that the keyboard moves. */
  cursor: Spot | undefined;
  /** The index of the chosen point among the training points. */
  chosen: number | undefined;
  readonly #page: Page;
  readonly #redraw: () => void;
  /** The point that is on its way. */
  #moving: { readonly index: number; readonly to: Spot } | undefined;
  /** The last place of it that the worker was told. */
  #told: Spot | undefined;
  #isHeld = false;
  #name: string | undefined;
  /** True until the worker tells of the data that the last edit made. */
  #isWaiting = false;
  /** Edits that were asked for while the worker takes in the last one. */
  readonly #queue: (() => void)[] = [];

  /** @param redraw draws the figures again */
  constructor(page: Page, redraw: () => void) {
    this.#page = page;
    this.#redraw = redraw;
    const figures = element('answers', HTMLElement);
    listenForPointer(figures, this);
    listenForKeys(figures, this);
    button('put-back').addEventListener('click', () => {
      this.chosen = undefined;
      this.#change(undefined, words.putBack);
    });
    this.#name = page.facts.data?.name;
    page.on(['data', 'problem'], () => this.#hear());
  }

  /** The facts of data whose points can be edited now. */
  get data(): DataFacts | undefined {
    const { state, facts } = this.#page;
    const isShown = element('answer-options', HTMLElement).offsetParent !== null;
    return isShown && isEditable(state.data) ? facts.data : undefined;
  }

  get pen(): Pen {
    const { chosen, cursor } = this;
    return { cursor, chosen: chosen === undefined ? undefined : this.placeOf(chosen) };
  }

  /** Returns the place of a training point; one that is moved is already there. */
  placeOf(index: number): Spot | undefined {
    if (this.#moving?.index === index) return this.#moving.to;
    const { data } = this.#page.facts;
    if (!data?.points || index >= data.train) return undefined;
    const { x, y } = data.points;
    return data.features === 2 ? { x: x[2 * index], y: x[2 * index + 1] } : { x: x[index], y: y[index] };
  }

  /** Returns the data with the point that is being moved at its new place. */
  shown(data: DataFacts): DataFacts {
    if (!this.#moving || !data.points) return data;
    const { index, to } = this.#moving;
    const { points } = data;
    const [x, y] = [points.x.slice(), points.y.slice()];
    if (data.features === 2) x.set([to.x, to.y], 2 * index);
    else [x[index], y[index]] = [to.x, to.y];
    return { ...data, points: { ...points, x, y } };
  }

  choose(index: number | undefined): void {
    this.chosen = index;
    this.#redraw();
  }

  /** Moves the keyboard's cross; undefined hides it. */
  point(cursor: Spot | undefined): void {
    this.cursor = cursor;
    this.#redraw();
  }

  /** Adds a point of the class that is chosen, or of the other one. */
  add(at: Spot, isOther: boolean): void {
    if (!this.data) return;
    if (this.#isWaiting) this.#queue.push(() => this.add(at, isOther));
    else this.#add(at, isOther);
  }

  #add(at: Spot, isOther: boolean): void {
    const { data } = this.#page.facts;
    if (!data) return;
    const isSecond = data.classes !== undefined && input('add-second').checked !== isOther;
    this.chosen = data.train;
    this.#change(withAdded(this.#page.state.edits, at, isSecond ? 1 : 0), words.added(say(at)));
  }

  /** Moves a point, which is held until `putDown`; the worker learns of as many places as it can follow. */
  move(index: number, to: Spot): void {
    this.#moving = { index, to };
    this.#isHeld = true;
    this.#follow();
    this.#redraw();
  }

  putDown(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#moving) announce(words.moved(say(this.#moving.to)));
    this.#follow();
  }

  remove(index: number | undefined): void {
    if (this.#isWaiting) {
      this.#queue.push(() => this.remove(index));
      return;
    }
    const point = this.#pointAt(index);
    if (!point || !this.data) return;
    if (this.data.train <= LEAST_POINTS) {
      announce(words.tooFew(LEAST_POINTS));
    } else {
      this.chosen = undefined;
      this.#change(withRemoved(this.#page.state.edits, point), words.removed);
    }
  }

  #pointAt(index: number | undefined): EditedPoint | undefined {
    const { state } = this.#page;
    return index === undefined ? undefined : editedPoints(state.examples, state.edits)[index];
  }

  /** Tells the worker where the moving point is now, once it has taken in the last place. */
  #follow(): void {
    const moving = this.#moving;
    if (this.#isWaiting || !moving) return;
    const point = this.#pointAt(moving.index);
    if (point && moving.to !== this.#told) {
      this.#told = moving.to;
      this.#change(withMoved(this.#page.state.edits, point, moving.to));
    } else if (!this.#isHeld) {
      this.#moving = undefined;
    }
  }

  #change(edits: readonly PointEdit[] | undefined, said?: string): void {
    if (said) announce(said);
    if (editsText(edits) === editsText(this.#page.state.edits)) return;
    this.#isWaiting = true;
    this.#page.change({ edits });
  }

  #hear(): void {
    this.#isWaiting = false;
    const { data } = this.#page.facts;
    if (data?.name !== this.#name) this.chosen = this.#moving = undefined;
    this.#name = data?.name;
    this.#follow();
    if (!this.#isWaiting) this.#queue.shift()?.();
    this.#redraw();
  }
}

const say = ({ x, y }: Spot) => `${tidy(x)}, ${tidy(y)}`;
