import type { AnnotationOptions } from 'wgrad';
import type { LoadedData } from '../data/loaded-data.js';

/** Returns what a user of the model must know: the names of the classes, and how rows of its table become numbers. */
export function annotationsOf({ title, classes, table }: LoadedData): AnnotationOptions {
  const metadata = { data: title };
  return table ? { metadata, preparation: table.preparation } : { metadata, classes };
}
