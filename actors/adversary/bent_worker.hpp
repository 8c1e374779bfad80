#pragma once
// A dishonest validator's devices: stands in front of an honest kernel worker and changes what it
// answers.

#include "messages/interfaces.hpp"

#include "actors/adversary/behaviour.hpp"
#include "actors/transport.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace datagen {

/// What liars of this process have returned, by kernel, parameters and input: how accomplices know.
class told_lies {
public:
  struct lie {
    std::uint32_t liar = 0;
    v1::kernel_done answer;
  };
  std::optional<lie> about(const protocol::digest& job) const;
  void tell(const protocol::digest& job, lie x);

private:
  mutable std::mutex mutex_;
  std::map<protocol::digest, lie> by_job_;
};

struct bent_worker_config {
  std::uint32_t self = 0;  ///< Validator.
  bool checks = false;     ///< Serves its cross-checker; otherwise its validator.
  std::vector<behaviour> conduct;
  std::shared_ptr<told_lies> told;
  std::shared_ptr<const transport> clock;
  kernel_worker_actor honest;
};

/// Does `x` change what devices answer?
bool bends_worker(conduct x);

kernel_worker_actor::behavior_type bent_worker(kernel_worker_actor::pointer self,
                                               bent_worker_config config);

}  // namespace datagen
