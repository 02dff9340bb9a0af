export { createReferenceEngine } from 'wgrad';
