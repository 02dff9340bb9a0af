/** The time is over: whatever is being measured or checked cannot be finished. */
export class OutOfTime extends Error {}
