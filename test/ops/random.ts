export { Random } from '../../src/random/random.js';
