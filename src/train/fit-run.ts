/**
 * A training that begins when it is first used: `await` trains to the end and gives all reports; `for await` gives them one by
 * one. Awaited again it gives the same reports. It cannot be both awaited and iterated over.
 */
export interface FitRun<Report>
  extends AsyncGenerator<Report, void, undefined>,
    Pick<Promise<Report[]>, 'then' | 'catch' | 'finally'> {}

/** Returns a training that yields these reports, and that can also be awaited. */
export function fitRun<Report>(reports: AsyncGenerator<Report, void, undefined>): FitRun<Report> {
  const next = reports.next.bind(reports);
  let isIterated = false;
  let history: Promise<Report[]> | undefined;
  const awaited = () => {
    history ??= collect();
    return history;
  };
  return Object.assign(reports, {
    next: async () => {
      if (history) throw new TypeError('fit: it was awaited, which gives all its reports; call fit again to go on');
      isIterated = true;
      return next();
    },
    // biome-ignore lint/suspicious/noThenProperty: it is to be awaited
    then: (...then: Parameters<Promise<Report[]>['then']>) => awaited().then(...then),
    catch: (...then: Parameters<Promise<Report[]>['catch']>) => awaited().catch(...then),
    finally: (...then: Parameters<Promise<Report[]>['finally']>) => awaited().finally(...then),
  }) as FitRun<Report>;

  async function collect(): Promise<Report[]> {
    if (isIterated)
      throw new TypeError('fit: a loop takes its reports; await another call of fit, or collect them there');
    const all: Report[] = [];
    for (let each = await next(); !each.done; each = await next()) all.push(each.value);
    return all;
  }
}
