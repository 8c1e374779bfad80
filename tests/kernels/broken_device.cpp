// A back end as a faulty GPU would be: one device, one kernel, and what it gives is wrong.
#include "kernels/backend.h"

namespace {

constexpr unsigned char wrong_root[32] = {
    0xea, 0xd6, 0x99, 0xe5, 0x0c, 0x19, 0xf5, 0x2e, 0xe3, 0x79, 0x93, 0x03, 0x75, 0x34, 0x2e, 0x56};

int32_t check(datagen_bytes, datagen_bytes, datagen_message*) { return DATAGEN_OK; }

int32_t units(datagen_bytes, datagen_bytes, uint64_t* result, datagen_message*) {
  *result = 1;
  return DATAGEN_OK;
}

int32_t run(const datagen_job*, datagen_output* output, datagen_message*) {
  *output = {wrong_root, sizeof wrong_root, 1, nullptr};
  return DATAGEN_OK;
}

constexpr datagen_kernel kernels[] = {
    {"merkle.root", 0, "a wrong root", nullptr, 0, check, units, run}};

uint32_t device_count() { return 1; }

int32_t device(uint32_t, datagen_device* result) {
  *result = {"a device with a broken bit", 1};
  return DATAGEN_OK;
}

void release(datagen_output*) {}

constexpr datagen_backend backend{DATAGEN_BACKEND_ABI, "cuda",  kernels, 1,
                                  device_count,        device, release};

}  // namespace

extern "C" const datagen_backend* datagen_backend_get(void) { return &backend; }
