/// The one header both sides of a kernel module see: plain C structs and function pointers.
///
/// A module (CPU, CUDA) is a shared object which exports `datagen_backend_get` and nothing else.
/// No exception crosses this boundary. Strings live as long as the module, which is never unloaded.
#ifndef DATAGEN_KERNELS_BACKEND_H
#define DATAGEN_KERNELS_BACKEND_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Raised whenever a struct below changes; the loader refuses any other number.
#define DATAGEN_BACKEND_ABI 1u

/// How a call ended. Sent and compared: append, never renumber. Below 64 the value is a pure
/// function of (kernel, version, params, input) and part of the result that checkers compare;
/// from 64 on it says something about this machine and never is a result.
enum datagen_status {
  DATAGEN_OK = 0,
  DATAGEN_BAD_PARAMS = 1,        ///< a parameter is unknown, repeated, out of order or malformed
  DATAGEN_BAD_INPUT = 2,         ///< the input bytes are not what the kernel reads
  DATAGEN_LIMIT_EXCEEDED = 3,    ///< well-formed, but larger than the kernel's stated limits
  DATAGEN_UNITS_EXCEEDED = 4,    ///< a pipeline's next stage needs more work than was bought
  DATAGEN_CANCELLED = 64,        ///< the caller's cancel flag was set
  DATAGEN_OUT_OF_MEMORY = 65,    ///< this machine could not provide the memory
  DATAGEN_DEVICE_FAILED = 66,    ///< no such device, or the device reported an error
  DATAGEN_FLOAT_ENVIRONMENT = 67,///< flush-to-zero, denormals-are-zero or a rounding mode is set
  DATAGEN_INTERNAL = 68,         ///< a fault of the module itself
  DATAGEN_UNKNOWN_KERNEL = 69    ///< this module has no kernel of that name
};

typedef struct datagen_bytes {
  const uint8_t* data;  ///< may be null when size is 0
  uint64_t size;        ///< bytes
} datagen_bytes;

/// One sentence for a person, zero-terminated, cut where it does not fit.
typedef struct datagen_message {
  char text[512];
} datagen_message;

typedef struct datagen_limit {
  const char* name;  ///< what is bounded, e.g. "input"
  uint64_t maximum;  ///< largest accepted value
  const char* unit;  ///< e.g. "bytes"
} datagen_limit;

typedef struct datagen_device {
  char name[128];
  uint64_t memory_bytes;
} datagen_device;

/// Job flag: use no processor-specific inner loop. For equality tests; the bytes are the same.
#define DATAGEN_JOB_PORTABLE 1u

typedef struct datagen_job {
  datagen_bytes params;  ///< canonical `key=value` lines, see params.hpp
  datagen_bytes input;
  uint32_t device;       ///< index below device_count()
  uint32_t threads;      ///< CPU threads, 0 = one per available processor, fewer for small jobs
  uint32_t flags;        ///< DATAGEN_JOB_*
  const uint32_t* cancel;///< may be null; read atomically; non-zero stops the job
  void (*progress)(void* context, uint64_t done, uint64_t total);  ///< may be null
  void* progress_context;
} datagen_job;

typedef struct datagen_output {
  const uint8_t* data;
  uint64_t size;   ///< bytes
  uint64_t units;  ///< equals what units() said
  void* owner;     ///< for release() only
} datagen_output;

typedef struct datagen_kernel {
  const char* id;       ///< e.g. "merkle.root"
  uint32_t version;     ///< 0 until the numeric profile is frozen
  const char* summary;  ///< one sentence
  const datagen_limit* limits;
  uint32_t limit_count;
  /// Everything run() would refuse about these bytes, without doing the work.
  int32_t (*check)(datagen_bytes params, datagen_bytes input, datagen_message* message);
  /// Work in units, known before the job runs: about one microsecond of one core each.
  int32_t (*units)(datagen_bytes params, datagen_bytes input, uint64_t* units,
                   datagen_message* message);
  /// Runs the job. On DATAGEN_OK `output` holds bytes that release() must free.
  int32_t (*run)(const datagen_job* job, datagen_output* output, datagen_message* message);
} datagen_kernel;

typedef struct datagen_backend {
  uint32_t abi;      ///< DATAGEN_BACKEND_ABI
  const char* name;  ///< "cpu-v3", "cpu-v4", "cpu-baseline" (the tests' oracle) or "cuda"
  const datagen_kernel* kernels;
  uint32_t kernel_count;
  uint32_t (*device_count)(void);
  int32_t (*device)(uint32_t index, datagen_device* device);  ///< datagen_status
  void (*release)(datagen_output* output);
} datagen_backend;

/// The module's only entry point. Never null.
const datagen_backend* datagen_backend_get(void);

#ifdef __cplusplus
}
#endif

#endif
