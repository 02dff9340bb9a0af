import type { Order } from '../contract/protocol.js';

/** Orders that wait. */
export class OrderQueue {
  readonly #orders: Order[] = [];

  /** The one to be obeyed next; it stays until it is done. */
  get first(): Order | undefined {
    return this.#orders[0];
  }

  /** Takes an order; of orders that say how something is to be, the last one counts. */
  take(order: Order): void {
    const last = this.#orders.at(-1);
    if (last?.kind === order.kind && (order.kind === 'state' || order.kind === 'view')) this.#orders.pop();
    this.#orders.push(order);
  }

  /** The order is done, unless another one has taken its place. */
  done(order: Order): void {
    if (this.#orders[0] === order) this.#orders.shift();
  }
}
