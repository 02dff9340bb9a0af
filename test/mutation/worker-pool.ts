import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Facts, TrialRequest, TrialResult } from './trial.js';
import type { Order } from './worker.js';

/** A check that says nothing for so long hangs; it gets this many times what it needs without a mutant, if that is more. */
const SILENT_SECONDS = 120;
const SILENT_FACTOR = 20;
/** Most time that a worker may take to load the library, with a mutant or without, and to open a device, on a busy machine too. */
const START_SECONDS = 600;
/** A worker keeps the library once a mutant; a new one gives the memory back. */
const TRIALS_A_WORKER = 150;

type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'alive'; readonly name: string }
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'result'; readonly result: TrialResult }
  | { readonly kind: 'failed'; readonly message: string };

/** A child process that makes trials; it is killed if a mutant never ends, and started anew. */
export class Worker {
  #child: ChildProcess | undefined;
  #facts: Facts;
  #trials = 0;

  constructor(facts: Facts = {}) {
    this.#facts = facts;
  }

  /** Runs every check without a mutant. */
  async survey(quick: boolean): Promise<Facts> {
    const child = await this.#start();
    const answer = await this.#ask(child, { kind: 'survey', quick }, 600);
    if (typeof answer === 'string' || answer.kind !== 'facts')
      throw new Error(`mutate: the survey failed: ${told(answer)}`);
    this.#facts = answer.facts;
    return answer.facts;
  }

  /** Makes a trial; a mutant that hangs or takes its process with it is noticed by that. */
  async try(trial: TrialRequest): Promise<TrialResult[]> {
    const results: TrialResult[] = [];
    for (let asked = false; results.length < trial.scores.length; ) {
      if (!asked && this.#trials++ >= TRIALS_A_WORKER) this.stop();
      const child = await this.#start();
      const scores = trial.scores.slice(results.length);
      const answer = await this.#ask(child, asked ? undefined : { kind: 'trial', trial: { ...trial, scores } });
      asked = typeof answer !== 'string' && answer.kind === 'result';
      if (typeof answer !== 'string' && answer.kind === 'result') results.push(answer.result);
      else {
        this.stop();
        results.push({ id: trial.id, score: scores[0], noticed: told(answer) });
      }
    }
    return results;
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#trials = 0;
  }

  async #start(): Promise<ChildProcess> {
    if (this.#child) return this.#child;
    const script = fileURLToPath(new URL('./mutate.mjs', import.meta.url));
    // Dawn's messages at the start and about refused texts do not interest a reader of the scores.
    const child = fork(script, ['--worker'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child = child;
    const start = await this.#ask(child, undefined, START_SECONDS);
    if (typeof start === 'string') throw new Error(`mutate: a worker did not start: ${start}`);
    child.send({ kind: 'facts', facts: this.#facts } satisfies Order);
    return child;
  }

  /** Sends an order; resolves with the answer, or with what became of the worker. */
  #ask(child: ChildProcess, order: Order | undefined, silentSeconds?: number): Promise<Message | string> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let doing = 'load';
      const end = (answer: Message | string) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(answer);
      };
      const wait = () => {
        clearTimeout(timer);
        const needed = this.#facts[doing]?.seconds ?? 0;
        const known = doing === 'load' ? START_SECONDS : Math.max(SILENT_SECONDS, SILENT_FACTOR * needed);
        const seconds = silentSeconds ?? known;
        timer = setTimeout(() => end(`time: ${doing} has not ended after ${seconds.toFixed(0)} s`), seconds * 1000);
      };
      child.on('message', (message: Message) => {
        if (message.kind !== 'alive') {
          end(message);
          return;
        }
        doing = message.name;
        wait();
      });
      child.on('exit', (code, signal) => end(`crash: the process ended with ${signal ?? code} in ${doing}`));
      if (order) child.send(order);
      wait();
    });
  }
}

function told(answer: Message | string): string {
  if (typeof answer === 'string') return answer;
  return answer.kind === 'failed' ? answer.message : answer.kind;
}
