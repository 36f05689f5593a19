// run_model.cjs MODEL SAMPLES.f32 ROWS: writes each of the model's outputs to NAME.f32.
const fs = require('fs');
const ort = require('onnxruntime-web');

(async () => {
  const [model, samples, rows] = process.argv.slice(2);
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(fs.readFileSync(model)));
  const bytes = fs.readFileSync(samples);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const input = new ort.Tensor('float32', values, [Number(rows), values.length / Number(rows)]);
  const outputs = await session.run({samples: input});
  for (const [name, tensor] of Object.entries(outputs)) fs.writeFileSync(`${name}.f32`, Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
})().catch(error => {
  console.error(error);
  process.exit(1);
});
