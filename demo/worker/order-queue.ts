import type { Order } from '../contract/protocol.js';

/** An order, and its place among all that were ever given, from 1. */
export interface NumberedOrder {
  readonly order: Order;
  readonly number: number;
}

/** Orders that wait. */
export class OrderQueue {
  readonly #orders: NumberedOrder[] = [];
  #taken = 0;

  /** Orders that were ever given. */
  get taken(): number {
    return this.#taken;
  }

  /** The one to be obeyed next; it stays until it is done. */
  get first(): NumberedOrder | undefined {
    return this.#orders[0];
  }

  /** Takes an order; of orders that say how something is to be, the last one counts. */
  take(order: Order): void {
    const last = this.#orders.at(-1)?.order;
    if (last?.kind === order.kind && (order.kind === 'state' || order.kind === 'view')) this.#orders.pop();
    this.#orders.push({ order, number: ++this.#taken });
  }

  /** The order is done, unless another one has taken its place. */
  done(order: NumberedOrder): void {
    if (this.#orders[0] === order) this.#orders.shift();
  }
}
