import type { EpochReport } from 'wgrad';

/** A point of the chart. */
export interface Point {
  readonly epoch: number;
  readonly train: number;
  readonly validation: number;
  readonly penalty: number;
}

/** More than a chart has pixels; past it, neighbours become one point. */
const MOST = 1000;

/** What a run has measured, thinned out so that drawing it never takes longer. */
export class History {
  points: Point[] = [];
  /** Epochs at which a control was moved. */
  changes: number[] = [];
  /** Epochs in a point. */
  #each = 1;
  #waiting: Point[] = [];

  get last(): Point | undefined {
    return this.#waiting.at(-1) ?? this.points.at(-1);
  }

  add({ epoch, trainLoss, validationLoss = Number.NaN, trainPenalty }: EpochReport): void {
    this.#waiting.push({ epoch, train: trainLoss, validation: validationLoss, penalty: trainPenalty });
    if (this.#waiting.length < this.#each) return;
    this.points.push(meanOf(this.#waiting));
    this.#waiting = [];
    if (this.points.length < MOST) return;
    const pairs = this.points.filter((_, i) => i % 2 === 0);
    this.points = pairs.map((point, i) => meanOf([point, this.points[2 * i + 1]]));
    this.#each *= 2;
  }

  /** Notes that a control was moved after the last epoch. */
  change(): void {
    const epoch = this.last?.epoch ?? 0;
    if (epoch > 0 && this.changes.at(-1) !== epoch) this.changes = [...this.changes.slice(1 - MOST), epoch];
  }
}

/** The mean of neighbours, at the place of the last one. */
function meanOf(points: readonly Point[]): Point {
  const mean = (value: (point: Point) => number) =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  return {
    epoch: points[points.length - 1].epoch,
    train: mean(({ train }) => train),
    validation: mean(({ validation }) => validation),
    penalty: mean(({ penalty }) => penalty),
  };
}
