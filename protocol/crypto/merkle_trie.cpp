#include "protocol/crypto/merkle_trie.hpp"

namespace datagen::protocol {

namespace {

std::size_t bit(const digest& place, std::size_t depth) {
  return place.value[depth / 8] >> (7 - depth % 8) & 1;
}

}  // namespace

/// A leaf, or a branch with two leaves or more below it.
struct merkle_trie::node {
  bool is_leaf = false;
  digest place;          ///< Of a leaf.
  mutable digest hash;
  mutable bool stale = true;  ///< A branch below which something has changed.
  std::unique_ptr<node> sides[2];

  const digest& value() const {
    if (!is_leaf && stale) {
      hash = merkle_node(sides[0] ? sides[0]->value() : digest{},
                         sides[1] ? sides[1]->value() : digest{});
      stale = false;
    }
    return hash;
  }

  static std::unique_ptr<node> make_leaf(const digest& place, const digest& leaf) {
    auto result = std::make_unique<node>();
    result->is_leaf = true;
    result->place = place;
    result->hash = leaf;
    return result;
  }
  static void set(std::unique_ptr<node>& at, std::size_t depth, const digest& place,
                  const digest& leaf) {
    if (!at) {
      at = make_leaf(place, leaf);
      return;
    }
    if (at->is_leaf && at->place == place) {
      at->hash = leaf;
      return;
    }
    if (at->is_leaf) {
      auto branch = std::make_unique<node>();
      branch->sides[bit(at->place, depth)] = std::move(at);
      at = std::move(branch);
    }
    at->stale = true;
    set(at->sides[bit(place, depth)], depth + 1, place, leaf);
  }
  static void erase(std::unique_ptr<node>& at, std::size_t depth, const digest& place) {
    if (!at)
      return;
    if (at->is_leaf) {
      if (at->place == place)
        at.reset();
      return;
    }
    at->stale = true;
    erase(at->sides[bit(place, depth)], depth + 1, place);
    for (const std::size_t side : {0u, 1u})
      if (!at->sides[1 - side] && at->sides[side]->is_leaf) {
        auto alone = std::move(at->sides[side]);
        at = std::move(alone);
        return;
      }
  }
};

merkle_trie::merkle_trie() = default;
merkle_trie::~merkle_trie() = default;
merkle_trie::merkle_trie(merkle_trie&&) noexcept = default;
merkle_trie& merkle_trie::operator=(merkle_trie&&) noexcept = default;

void merkle_trie::set(const digest& place, const digest& leaf) {
  node::set(root_, 0, place, leaf);
}

void merkle_trie::erase(const digest& place) { node::erase(root_, 0, place); }

digest merkle_trie::root() const { return root_ ? root_->value() : digest{}; }

std::optional<std::vector<digest>> merkle_trie::path(const digest& place) const {
  std::vector<digest> result;
  const auto* at = root_.get();
  for (std::size_t depth = 0; at && !at->is_leaf; ++depth) {
    const auto side = bit(place, depth);
    const auto& other = at->sides[1 - side];
    result.push_back(other ? other->value() : digest{});
    at = at->sides[side].get();
  }
  if (!at || at->place != place)
    return std::nullopt;
  return result;
}

digest trie_root(const digest& place, const digest& leaf, std::span<const digest> path) {
  auto result = leaf;
  for (auto depth = path.size(); depth > 0; --depth) {
    const auto& sibling = path[depth - 1];
    result = bit(place, depth - 1) == 1 ? merkle_node(sibling, result)
                                        : merkle_node(result, sibling);
  }
  return result;
}

}  // namespace datagen::protocol
