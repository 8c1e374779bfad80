#pragma once
// A gateway with an archive on disk, for tests that start it twice.

#include "tests/actors/gateway/support.hpp"

#include "actors/archive.hpp"
#include "actors/storage/store.hpp"

#include <unistd.h>
#include <filesystem>

namespace gateway_test {

/// A database file that goes with the test.
struct temporary_disk {
  std::filesystem::path folder =
    std::filesystem::temp_directory_path() / ("datagen-gateway-" + std::to_string(getpid()));
  temporary_disk() { std::filesystem::create_directories(folder); }
  ~temporary_disk() { std::filesystem::remove_all(folder); }
  std::shared_ptr<storage::store> open() const {
    auto opened = storage::store::open({.path = (folder / "gateway.db").string()});
    REQUIRE_MESSAGE(opened, opened.error().sentence);
    return std::make_shared<storage::store>(std::move(*opened));
  }
};

/// A gateway on `disk` that keeps `blocks` blocks of each chain at hand.
struct stored_world {
  explicit stored_world(const temporary_disk& disk, std::size_t blocks = 3)
      : w(true, true, [&](gateway_config& x, caf::actor_system& system) {
          auto store = disk.open();
          auto memory = web::load_gateway_memory(*store, blocks);
          REQUIRE(memory);
          x.memory = std::make_shared<const web::gateway_memory>(std::move(*memory));
          x.archive = system.spawn(archive, store, std::chrono::microseconds{0});
          x.models.blocks.blocks_max = blocks;
        }) {}
  world w;
};

}  // namespace gateway_test
