import type { Order } from '../contract/protocol.js';
import { Controller } from './jobs/controller.js';
import { Outbox } from './outbox.js';

const outbox = new Outbox((frame, transfer) => postMessage(frame, { transfer }));
const controller = new Controller((frame) => outbox.put(frame));

addEventListener('message', ({ data }: MessageEvent<Order>) => controller.take(data));
void controller.run();
