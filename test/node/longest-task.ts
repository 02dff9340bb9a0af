import type { CDPSession } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The tasks of one thread; times in milliseconds. */
export interface Tasks {
  readonly count: number;
  /** The longest by the time of the processor: wall time depends on what else the machine does. */
  readonly cpu: number;
  readonly wall: number;
}

/**
 * Returns a function for the tasks of a thread while `during` runs: the thread that made a mark of this name then, by
 * `performance.mark`.
 */
export async function traceTasks(session: CDPSession, during: () => Promise<void>): Promise<(mark: string) => Tasks> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown[] as TraceEvent[])));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  const includedCategories = ['toplevel', 'blink.user_timing', '__metadata'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { recordMode: 'recordUntilFull', includedCategories },
  });
  await during();
  await session.send('Tracing.end');
  await complete;
  return (mark) => {
    const marked = events.find(({ name }) => name === mark);
    if (!marked) throw new Error(`no thread made the mark '${mark}'`);
    const tasks = events.filter(
      ({ name, ph, pid, tid }) => ph === 'X' && pid === marked.pid && tid === marked.tid && /RunTask$/.test(name),
    );
    const longest = (of: (event: TraceEvent) => number | undefined) =>
      tasks.reduce((most, task) => Math.max(most, (of(task) ?? 0) / 1000), 0);
    return { count: tasks.length, cpu: longest(({ tdur }) => tdur), wall: longest(({ dur }) => dur) };
  };
}
