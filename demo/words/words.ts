/** The words of the page. Another language is other files like these, exported here instead. */
export * from './en.js';
export * from './en-files.js';
export * from './en-markup.js';
export * from './en-table.js';
export * from './en-worker.js';
