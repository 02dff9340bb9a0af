import { button, element, write } from '../../page/element.js';
import { bytes, count, percent } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { story, trust as words } from '../../words/words.js';

/** Shows the device, its speed and the data. */
export function showTrust(page: Page): void {
  page.on('engine', () => {
    const { engine } = page.facts;
    if (!engine) return;
    const kind = engine.backend === 'webgpu' && engine.software ? words.software : '';
    write('adapter', engine.lost ? words.lost : [engine.adapter, kind].filter(Boolean).join(' · '));
    write('recovered', String(engine.recovered));
    document.body.dataset.backend = engine.backend;
  });
  page.on('training', () => {
    const { training } = page.facts;
    if (!training) return;
    const { stepMilliseconds: time, gigaflops, dispatches, memory } = training;
    write('step-time', time === undefined ? '–' : `${time.toPrecision(3)} ms`);
    write('gigaflops', gigaflops === undefined ? '–' : `${gigaflops.toPrecision(3)} GFLOP/s`);
    write('dispatches', count(dispatches));
    write('memory', bytes(memory));
  });
  page.on(['training', 'jobs'], () => {
    const { training, jobs } = page.facts;
    const reading = jobs?.find(({ job }) => job === 'open');
    if (reading) write('busy', words.reading(percent(reading.progress)));
    else write('busy', training?.busy ? story.busy(training.busy) : '');
  });
  page.on('data', () => {
    const { data } = page.facts;
    if (data) write('source', words.data(count(data.train), count(data.validation), data.source));
  });
  button('lose-device').addEventListener('click', () => page.tell({ kind: 'lose device' }));
  element('menu', HTMLDetailsElement).addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    const what = (['model', 'onnx', 'config', 'history'] as const).find((each) => each === target.dataset.export);
    if (what) page.tell({ kind: 'export', what, address: new URL(page.address()).hash });
  });
}
