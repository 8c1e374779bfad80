"""Times ONNX Runtime for Python on a job of nn.infer: onnx_runtime.py JOB ANSWER PROVIDER.

JOB is a .npy and an ONNX model behind it, ANSWER our .npy. Prints best wall seconds of a run with
all threads, the model loaded before, and the largest difference between its answer and ours.
"""
import sys
import time

import numpy
import onnxruntime

job, answer, provider = sys.argv[1:4]
with open(job, "rb") as file:
    data = numpy.load(file)
    model = file.read()
session = onnxruntime.InferenceSession(model, providers=[provider])
assert session.get_providers()[0] == provider, "provider is not there"
feed = {session.get_inputs()[0].name: data}
best = 1e30
for _ in range(50):
    begin = time.perf_counter()
    result = session.run(None, feed)[0]
    best = min(best, time.perf_counter() - begin)
ours = numpy.load(answer)
print(best, numpy.abs(result.astype(float) - ours.astype(float)).max())
