#pragma once
// What the databases of all authors say after a crash test: read from copies, so that looking
// changes nothing of what a restart finds.

#include "actors/storage/store.hpp"
#include "tests/support/process.hpp"

#include "messages/chain.hpp"

#include "protocol/consensus/commit.hpp"

#include <doctest/doctest.h>
#include <map>

namespace end_to_end {

using namespace datagen;

/// One block as an author stored it.
struct block_record {
  v1::block_news news;
  protocol::consensus::commit block;
};

class chain_records {
public:
  /// The author's place in every vertex reference is its index in every epoch's committee.
  struct author_record {
    std::vector<block_record> blocks;  ///< By height, from 1.
    std::size_t equivocations = 0;     ///< Records of evidence.
    std::size_t alarms = 0;
  };

  /// Reads a database whose process is not running, and keeps which vertex every author made in
  /// every round. A second one is an equivocation.
  author_record read(const std::string& database) {
    const test_support::scratch_directory copy;
    const auto path = (copy.path / "db").string();
    for (const auto* part : {"", "-wal"})
      if (std::filesystem::exists(database + part))
        std::filesystem::copy_file(database + part, path + part);
    auto opened = storage::store::open({.path = path});
    REQUIRE_MESSAGE(opened, database);
    auto& store = *opened;
    author_record result{.blocks = blocks_of(store)};
    const auto last_epoch = result.blocks.empty() ? 0 : result.blocks.back().news.epoch + 1;
    for (std::uint32_t epoch = 0; epoch <= last_epoch; ++epoch)
      keep_vertices(store, epoch);
    for (auto [kind, count] :
         {std::pair{"equivocation", &result.equivocations}, std::pair{"alarm", &result.alarms}}) {
      const auto found = store.records(kind);
      REQUIRE(found);
      *count = found->size();
    }
    return result;
  }
  std::size_t equivocations() const { return equivocations_; }
  std::size_t vertices() const { return vertices_.size(); }

private:
  void keep_vertices(storage::store& store, std::uint32_t epoch) {
    const auto vertices = store.vertices_above(0, epoch, 0);
    REQUIRE(vertices);
    for (const auto& x : *vertices) {
      const auto [first, fresh] = vertices_.emplace(std::tuple{epoch, x.author, x.round}, x.id);
      equivocations_ += !fresh && first->second != x.id;
    }
  }
  static std::vector<block_record> blocks_of(storage::store& store) {
    std::vector<block_record> blocks;
    while (true) {
      const auto page = store.commits({.chain = 0,
                                       .height_min = blocks.size() + 1,
                                       .direction = storage::order::ascending,
                                       .limit = 1'000});
      REQUIRE(page);
      for (const auto& row : *page) {
        auto& x = blocks.emplace_back();
        protocol::decoder ar{row.block};
        ar(x.news, x.block);
        REQUIRE(ar.finished());
        REQUIRE(x.news.height == blocks.size());
      }
      if (page->size() < 1'000)
        return blocks;
    }
  }

  /// By epoch, author and round.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>, protocol::digest> vertices_;
  std::size_t equivocations_ = 0;
};

}  // namespace end_to_end
