#include "tools/datagen/served_api.hpp"

#include "tools/datagen/kernel_series.hpp"

namespace datagen::tools {

namespace {

/// Of the host's devices, and whatever else it counts.
std::vector<web::series> series_of(const kernel_counts& kernels, const api_seat& seat) {
  auto result = kernel_series(kernels.read());
  if (seat.host_series)
    for (auto& x : seat.host_series())
      result.push_back(std::move(x));
  return result;
}

constexpr std::uint32_t farewell_ms = 5'000;  ///< For answers that are on their way.

}  // namespace

served_api::served_api(cluster_config& config) {
  config.read_gateway_store = [memory = memory_](storage::store& store) -> std::string {
    auto found = web::load_gateway_memory(store);
    if (!found)
      return found.error().sentence;
    *memory = std::move(*found);
    return {};
  };
}

std::optional<std::string> served_api::listen(caf::actor_system& system, const cluster& net,
                                              std::shared_ptr<local_transport> seam,
                                              const api_seat& seat) {
  self_ = seat.self;
  seam_ = std::move(seam);
  edge_ =
    std::make_unique<web::gateway_edge>(system, gateway_config{.self = seat.self,
                                                               .context = net.context(),
                                                               .router = seat.router,
                                                               .archive = net.gateway_archive(),
                                                               .memory = memory_,
                                                               .version = DATAGEN_VERSION,
                                                               .host_series = [kernels = net.kernel_work(), seat] { return series_of(*kernels, seat); },
                                                               .host_trouble = seat.host_trouble});
  seam_->attach(self_, edge_->actor());
  return edge_->listen({.address = seat.address, .port = seat.port});
}

void served_api::stop() {
  if (!edge_)
    return;
  edge_->stop(farewell_ms);
  seam_->detach(self_);
  edge_.reset();
}

}  // namespace datagen::tools
