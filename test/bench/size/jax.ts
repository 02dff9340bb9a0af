import { grad, init, jit, nn, numpy as np } from '@jax-js/jax';

type NdArray = np.Array;

async function train(x: Float32Array<ArrayBuffer>, y: Float32Array<ArrayBuffer>): Promise<unknown> {
  await init('webgpu');
  const objective = ([w1, b1, w2, b2]: NdArray[], inputs: NdArray, targets: NdArray): NdArray => {
    const logits = np.matmul(nn.relu(np.matmul(inputs, w1.ref).add(b1)), w2.ref).add(b2);
    const penalty = np.square(w1).sum().add(np.square(w2).sum()).mul(5e-5);
    return nn
      .logSoftmax(logits)
      .mul(targets)
      .sum()
      .mul(-1 / 64)
      .add(penalty);
  };
  const gradient = grad(objective);
  const step = jit((thetas: NdArray[], velocities: NdArray[], inputs: NdArray, targets: NdArray) => {
    const gradients = gradient(
      thetas.map((theta) => theta.ref),
      inputs,
      targets,
    );
    const changed = velocities.map((velocity, p) => velocity.mul(0.9).add(gradients[p]));
    return [thetas.map((theta, p) => theta.sub(changed[p].ref.mul(0.05))), changed] as [NdArray[], NdArray[]];
  });
  const zeros = () => [[784, 128], [128], [128, 10], [10]].map((shape) => np.zeros(shape));
  const [thetas] = step(zeros(), zeros(), np.array(x).reshape([64, 784]), np.array(y).reshape([64, 10]));
  return thetas[0].data();
}

Object.assign(globalThis, { train }); // otherwise nothing would be left of it
