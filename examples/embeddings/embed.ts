// Stands in for a real encoder of sentences, such as all-MiniLM-L6-v2, whose embeddings have 384 numbers too.

export const TOPICS = ['sport', 'music', 'science'];

/** Sentences to learn from. */
export const SENTENCES = Array.from({ length: 90 }, (_, number) => ({ topic: TOPICS[number % 3], number }));

/** Returns the embedding of a sentence: near to those of the same topic, and of length 1. */
export function embed(topic: string, number: number): number[] {
  const wave = (seed: number, i: number) => Math.sin(seed * 78.233 + i * i * 0.37 + i);
  const values = Array.from({ length: 384 }, (_, i) => wave(TOPICS.indexOf(topic), i) + 1.5 * wave(number + 10, i));
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
