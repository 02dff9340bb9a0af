import type { Order } from '../../contract/protocol.js';
import type { State } from '../../contract/state.js';

/** An order with its number, from 1. */
export interface NumberedOrder {
  readonly order: Order;
  readonly number: number;
}

/** The waiting orders. */
export class OrderQueue {
  readonly #orders: NumberedOrder[] = [];
  #taken = 0;

  /** Number of orders taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** The next order; it stays until it is done. */
  get first(): NumberedOrder | undefined {
    return this.#orders[0];
  }

  /** Returns true if training is to start as soon as this state is set up, unless a newer one replaces it. */
  isToPlay(state: State): boolean {
    const isOther = this.#orders.some(({ order }) => order.kind === 'state' && order.state !== state);
    const last = this.#orders.findLast(({ order }) => order.kind === 'play' || order.kind === 'pause');
    return !isOther && last?.order.kind === 'play';
  }

  /** Takes an order; it replaces a waiting one of a kind of which only the last counts. */
  take(order: Order): void {
    const last = this.#orders.at(-1)?.order;
    if (last?.kind === order.kind && (order.kind === 'state' || order.kind === 'view')) this.#orders.pop();
    this.#orders.push({ order, number: ++this.#taken });
  }

  /** Removes an order that is done, unless another one has replaced it. */
  done(order: NumberedOrder): void {
    if (this.#orders[0] === order) this.#orders.shift();
  }
}
