import { type Engine, EngineError } from 'wgrad';
import { knobs, onChange, showKnobs, start } from './controls.js';
import { element } from './element.js';
import { openEngine } from './engine.js';
import { Picture } from './picture.js';
import { Run } from './run.js';
import { showEngine, tell } from './show.js';

/** Training gets this much of a frame; a frame of 60 Hz has 16.7. */
const FRAME_MILLISECONDS = 10;

/** What the person asks for. The loop below looks once a frame, so that nothing happens in the middle of a step. */
const wanted = { playing: true, restart: false, moved: false, redraw: false };

const play = element('play', HTMLButtonElement);

function setPlaying(playing: boolean): void {
  wanted.playing = playing;
  play.textContent = playing ? 'Pause' : 'Play';
  if (playing) tell('problem', undefined);
}

/** Says what went wrong and waits for the person. */
function stop(error: unknown): void {
  setPlaying(false);
  const isLost = error instanceof EngineError && error.kind === 'lost';
  const message = error instanceof Error ? error.message : String(error);
  tell('problem', isLost ? 'The GPU was lost, and the run with it. Reset starts another one.' : message);
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** Trains and shows a run until another one is wanted. */
async function follow(run: Run): Promise<void> {
  const picture = new Picture(run);
  wanted.redraw = true;
  for (let now = await nextFrame(); !wanted.restart; now = await nextFrame()) {
    const { playing, moved, redraw } = wanted;
    wanted.moved = wanted.redraw = false; // before anything is awaited: what is wanted meanwhile is for the next frame
    try {
      if (moved) run.set(knobs());
      if (playing) await run.advance(now + FRAME_MILLISECONDS);
      if (playing || moved || redraw) await picture.draw({ fresh: !playing });
    } catch (error) {
      stop(error);
    }
  }
}

/** The engine, or another one if it can no longer be used. */
async function usable(engine: Engine | undefined): Promise<Engine> {
  try {
    engine?.check();
    if (engine) return engine;
  } catch {
    // A device that was lost does not come back.
  }
  const opened = await openEngine();
  tell('notice', opened.notice);
  return opened.engine;
}

async function main(): Promise<never> {
  let engine: Engine | undefined;
  for (;;) {
    wanted.restart = false;
    try {
      engine = await usable(engine);
      const run = await Run.create(engine, start(), knobs());
      showEngine(engine, run);
      await follow(run);
      run.dispose();
    } catch (error) {
      stop(error);
      while (!wanted.restart) await nextFrame();
    }
  }
}

const restart = () => {
  wanted.restart = true;
  setPlaying(true);
};
const redraw = () => {
  wanted.redraw = true;
};

play.addEventListener('click', () => setPlaying(!wanted.playing));
element('reset', HTMLButtonElement).addEventListener('click', restart);
onChange({
  restarted: restart,
  moved: () => {
    wanted.moved = true;
  },
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
addEventListener('resize', redraw);
showKnobs();
await main();
