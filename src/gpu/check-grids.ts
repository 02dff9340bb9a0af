import { EngineError } from '../errors/engine-error.js';
import type { Plan } from '../plan/plan.js';

/** @throws EngineError of kind `limit` naming the dispatch that needs more workgroups than the device allows */
export function checkGrids({ dispatches }: Plan, { limits }: GPUDevice, members: number): void {
  const most = limits.maxComputeWorkgroupsPerDimension;
  for (const { title, grid } of dispatches) {
    const needed = Math.max(...grid, members);
    if (needed <= most) continue;
    throw new EngineError(
      'limit',
      `${title}: it needs ${needed} workgroups in a row, this device allows ${most}; use a smaller batch`,
    );
  }
}
