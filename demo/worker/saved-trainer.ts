export { loadTrainer } from 'wgrad';
