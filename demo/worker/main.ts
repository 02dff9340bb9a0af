import type { Order } from '../contract/protocol.js';
import { Laboratory } from './laboratory.js';
import { Outbox } from './outbox.js';

const outbox = new Outbox((frame, transfer) => postMessage(frame, { transfer }));
const laboratory = new Laboratory((frame) => outbox.put(frame));

addEventListener('message', ({ data }: MessageEvent<Order>) => laboratory.take(data));
void laboratory.run();
