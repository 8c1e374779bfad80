#include "tools/datagen/kernel_series.hpp"

namespace datagen::tools {

namespace {

std::vector<web::measured> one(std::uint64_t value) { return {{{}, value}}; }

std::vector<web::measured> by_device(const kernel_totals& x,
                                     std::uint64_t kernel_device_totals::*what) {
  std::vector<web::measured> result;
  for (const auto& device : x.devices)
    result.push_back({{{"backend", device.backend},
                       {"index", std::to_string(device.index)},
                       {"name", device.name}},
                      device.*what});
  return result;
}

}  // namespace

std::vector<web::series> kernel_series(const kernel_totals& x) {
  return {
    {"datagen_kernel_jobs_total",
     "Jobs that the kernel worker has answered.",
     true,
     {{{{"outcome", "done"}}, x.done},
      {{{"outcome", "refused"}}, x.refused},
      {{{"outcome", "cancelled"}}, x.cancelled}}},
    {"datagen_kernel_jobs_waiting", "Jobs that wait for a device.", false, one(x.waiting)},
    {"datagen_kernel_jobs_running", "Jobs that devices compute.", false, one(x.running)},
    {"datagen_kernel_batches_total", "Times that a lane took several small jobs.", true,
     one(x.batches)},
    {"datagen_kernel_batched_jobs_total", "Jobs in them.", true, one(x.batched)},
    {"datagen_kernel_device_jobs_total", "Jobs that a device has ended.", true,
     by_device(x, &kernel_device_totals::jobs)},
    {"datagen_kernel_device_busy_us_total", "Time that a device's lanes were at work.", true,
     by_device(x, &kernel_device_totals::busy_us)},
  };
}

}  // namespace datagen::tools
