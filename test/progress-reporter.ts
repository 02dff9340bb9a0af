import {
  MinimalReporter,
  type SerializedError,
  type TestCase,
  type TestModule,
  type TestSpecification,
  type TestSuite,
} from 'vitest/node';

const EVERY_MS = 10_000;

/**
 * Prints an error as soon as its test or file has ended, since a run may be cut off; a line of progress every ten seconds; in
 * the end the names of what failed or needed a second try, and a line that begins with `N passed, N failed`.
 * A file that does not load counts as one failed, and so does a hook that fails or an error outside of tests.
 */
export default class ProgressReporter extends MinimalReporter {
  #files = 0;
  #done = 0;
  #passed = 0;
  #failed = 0;
  readonly #running = new Set<string>();
  readonly #told: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    super.onTestRunStart(specifications);
    this.#files = specifications.length;
    this.#timer = setInterval(() => this.#print(), EVERY_MS);
    this.#timer.unref();
  }

  onTestModuleStart(module: TestModule): void {
    this.#running.add(nameOf(module));
  }

  override onTestCaseResult(test: TestCase): void {
    super.onTestCaseResult(test);
    const { state } = test.result();
    if (state === 'passed') this.#passed++;
    if (state === 'failed') this.#fail(test, test.fullName);
    else if (test.diagnostic()?.flaky) this.#tell('PASSED AT THE SECOND TRY', test, test.fullName);
  }

  override onTestSuiteResult(suite: TestSuite): void {
    super.onTestSuiteResult(suite);
    if (suite.errors().length > 0) this.#fail(suite, suite.fullName);
  }

  override onTestModuleEnd(module: TestModule): void {
    super.onTestModuleEnd(module);
    this.#running.delete(nameOf(module));
    this.#done++;
    if (module.errors().length > 0) this.#fail(module);
  }

  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: 'passed' | 'interrupted' | 'failed',
  ): void {
    clearInterval(this.#timer);
    super.onTestRunEnd(modules, errors, reason);
    this.#failed += errors.length;
    this.#print();
  }

  /** Prints errors outside of tests; of what failed the names, since its errors have been printed. */
  override reportSummary(files: Parameters<MinimalReporter['reportSummary']>[0], errors: unknown[]): void {
    for (const each of ['', ...this.#told]) this.log(each);
    if (errors.length > 0) this.ctx.logger.printUnhandledErrors(errors);
    this.reportTestSummary(files, errors, 0);
  }

  #fail(failed: TestCase | TestSuite | TestModule, ...names: readonly string[]): void {
    this.#failed++;
    this.#tell('FAIL', failed, ...names);
  }

  /** Prints what happened, and the errors. */
  #tell(what: string, tested: TestCase | TestSuite | TestModule, ...names: readonly string[]): void {
    const module = tested.type === 'module' ? tested : tested.module;
    const name = [what, nameOf(module), ...names].join('  ');
    this.#told.push(name);
    this.error(`\n${name}`);
    const errors = tested.type === 'test' ? tested.result().errors : tested.errors();
    const task = this.ctx.state.idMap.get(tested.id);
    for (const error of errors ?? []) this.ctx.logger.printError(error, { project: tested.project, task });
  }

  #print(): void {
    const seconds = Math.round((performance.now() - this.start) / 1000);
    const running = this.#running.size > 0 ? `; running ${[...this.#running].join(', ')}` : '';
    const files = `${this.#done} of ${this.#files} files`;
    this.log(`${this.#passed} passed, ${this.#failed} failed; ${files}, ${seconds} s${running}`);
  }
}

/** Returns a file's path with the project that runs it, such as `test/gpu/data.test.ts in browser`. */
function nameOf({ project, relativeModuleId }: TestModule): string {
  return `${relativeModuleId} in ${project.name}`;
}
