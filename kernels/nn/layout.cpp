#include "layout.hpp"

#include <algorithm>

namespace datagen::kernels::nn {
namespace {

/// Gives out and takes back pieces of one memory.
class rooms {
public:
  std::uint64_t take(std::uint64_t size) {
    auto best = free_.end();
    for (auto it = free_.begin(); it != free_.end(); ++it)
      if (it->size >= size && (best == free_.end() || it->size < best->size))
        best = it;
    std::uint64_t at = end_;
    if (best == free_.end()) {
      end_ += size;
    } else {
      at = best->at;
      best->at += size;
      best->size -= size;
    }
    return at;
  }
  void give_back(std::uint64_t at, std::uint64_t size) { free_.push_back({at, size}); }
  std::uint64_t end() const { return end_; }

private:
  struct piece {
    std::uint64_t at, size;
  };
  std::vector<piece> free_;
  std::uint64_t end_ = 0;
};

/// Values that are views of one tensor share its plan offset. A tensor's numbers lie together.
struct tensor_life {
  std::uint64_t size = 0;
  std::size_t last_read = 0;  ///< the step, one more than the last for outputs
  bool has_room = false;
  std::uint64_t at = 0;
};

constexpr std::uint64_t line = 16;  // floats: rows of different tensors share no cache line

std::uint64_t room_of(const value& v) { return (count_of(v.shape) + line - 1) / line * line; }

}  // namespace

layout lay_out(const plan& plan, const std::vector<bool>& in_place) {
  std::map<std::uint64_t, tensor_life> lives;
  const auto needs_room = [&](std::uint32_t index) {
    const value& v = plan.values[index];
    return v.type == element::f32 && !in_place[index] && count_of(v.shape) > 0;
  };
  const auto life_of = [&](std::uint32_t index) -> tensor_life& {
    return lives[plan.values[index].offset];
  };
  const auto read_at = [&](std::uint32_t index, std::size_t step) {
    if (index != no_value && needs_room(index))
      life_of(index).last_read = std::max(life_of(index).last_read, step);
  };
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const step& s = plan.steps[i];
    for (std::uint32_t index : {s.a, s.b, s.c, s.out})
      read_at(index, i);
  }
  for (std::uint32_t index : plan.outputs)
    read_at(index, plan.steps.size());
  rooms memory;
  const auto settle = [&](std::uint32_t index) {
    if (!needs_room(index) || life_of(index).has_room)
      return;
    tensor_life& life = life_of(index);
    life.size = room_of(plan.values[index]);
    life.at = memory.take(life.size);
    life.has_room = true;
  };
  for (std::uint32_t index = 0; index < plan.values.size(); ++index)
    if (plan.values[index].source != nullptr)
      settle(index);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const step& s = plan.steps[i];
    settle(s.out);
    for (std::uint32_t index : {s.a, s.b, s.c, s.out})
      if (index != no_value && needs_room(index) && life_of(index).last_read == i &&
          life_of(index).size > 0) {
        memory.give_back(life_of(index).at, life_of(index).size);
        life_of(index).size = 0;
      }
  }
  layout out;
  out.floats = memory.end();
  for (std::uint32_t index = 0; index < plan.values.size(); ++index)
    out.offsets.push_back(needs_room(index) ? life_of(index).at : 0);
  return out;
}

}  // namespace datagen::kernels::nn
