// A peer of nn.infer: ONNX Runtime on the same job, one thread.
// Usage: node onnx_runtime.mjs JOB [OUTPUT.npy]; needs the npm package onnxruntime-node (1.20) in
// NODE_PATH's or the working folder's node_modules. Prints processor seconds of a run, of a run
// with its model read before it, and, where OUTPUT is given, the largest difference from it.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
const require = createRequire(process.cwd() + '/');
const ort = require('onnxruntime-node');

/// Splits the .npy file at the front of `bytes` off: [shape, typed array, rest].
function takeNpy(bytes) {
  const header = bytes.subarray(10, 10 + bytes.readUInt16LE(8)).toString('latin1');
  const type = /'descr': '([^']*)'/.exec(header)[1];
  const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(',').filter((x) => x.trim()).map(Number);
  const [kind, size, name] = type === '<f4' ? [Float32Array, 4, 'float32'] : [BigInt64Array, 8, 'int64'];
  const begin = 10 + bytes.readUInt16LE(8);
  const end = begin + size * shape.reduce((a, b) => a * b, 1);
  const data = new kind(new Uint8Array(bytes.subarray(begin, end)).buffer);
  return [new ort.Tensor(name, data, shape), bytes.subarray(end)];
}

let rest = readFileSync(process.argv[2]);
const tensors = [];
while (rest.subarray(1, 6).toString('latin1') === 'NUMPY') {
  const [tensor, after] = takeNpy(rest);
  tensors.push(tensor);
  rest = after;
}
const open = () => ort.InferenceSession.create(new Uint8Array(rest), {
  executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all',
});
const session = await open();
const feeds = Object.fromEntries(session.inputNames.map((name, i) => [name, tensors[i]]));
// The clock of processor time ticks coarsely: time batches of about 50 ms and keep the best batch.
async function bestSeconds(batches, body) {
  let best = Infinity, runs = 1;
  for (let batch = 0; batch < batches; ++batch) {
    const before = process.cpuUsage();
    for (let i = 0; i < runs; ++i) await body();
    const used = process.cpuUsage(before);
    const seconds = (used.user + used.system) * 1e-6;
    if (seconds < 0.05) runs *= 2;
    else best = Math.min(best, seconds / runs);
  }
  return best;
}
let result;
const best = await bestSeconds(12, async () => { result = await session.run(feeds); });
const whole = await bestSeconds(9, async () => {
  const one = await open();
  await one.run(feeds);
  await one.release();
});
let difference = '';
if (process.argv[3]) {
  let wanted = readFileSync(process.argv[3]), worst = 0;
  for (const name of session.outputNames) {
    const [tensor, after] = takeNpy(wanted);
    wanted = after;
    tensor.data.forEach((x, i) => { worst = Math.max(worst, Math.abs(x - result[name].data[i])); });
  }
  difference = ' ' + worst.toExponential(2);
}
console.log(`${best.toExponential(4)} ${whole.toExponential(4)}${difference}`);
