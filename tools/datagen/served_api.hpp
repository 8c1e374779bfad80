#pragma once
// The HTTP API of a host, from the restored database to the listening port.

#include "actors/gateway/edge.hpp"
#include "actors/node/cluster.hpp"

namespace datagen::tools {

/// The gateway's place in its network.
struct api_seat {
  peer self{role::gateway, 0};
  peer router{role::router, 0};  ///< Through which its users' jobs go.
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::function<std::vector<web::series>()>
    host_series;  ///< Shown under /metrics too; may be unset.
  std::function<std::string()> host_trouble;  ///< As in `gateway_config`.
};

class served_api {
public:
  /// `config`'s cluster will read the gateway's database for it. @pre `config.hosted.gateway`
  explicit served_api(cluster_config& config);
  ~served_api() { stop(); }

  /// Once the cluster has started. @returns nothing, or the sentence that says why not
  [[nodiscard]] std::optional<std::string> listen(caf::actor_system& system, const cluster& net,
                                                  std::shared_ptr<local_transport> seam,
                                                  const api_seat& seat);
  std::uint16_t port() const { return edge_->port(); }
  /// Before the cluster stops.
  void stop();

private:
  std::shared_ptr<web::gateway_memory> memory_ = std::make_shared<web::gateway_memory>();
  std::shared_ptr<local_transport> seam_;
  peer self_;
  std::unique_ptr<web::gateway_edge> edge_;
};

}  // namespace datagen::tools
