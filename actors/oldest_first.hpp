#pragma once
// A bounded memory by key: when it is full the oldest goes.

#include <list>
#include <map>
#include <utility>

namespace datagen {

template <class Key, class Value>
class oldest_first {
public:
  using entry = std::pair<const Key, Value>;
  explicit oldest_first(std::size_t entries_max) : entries_max_(entries_max) {}
  oldest_first(oldest_first&&) = default;  // a copy's places would lead into the original
  oldest_first& operator=(oldest_first&&) = default;

  /// @returns false where the key is known already; nothing changes then
  bool add(const Key& key, Value x) {
    if (places_.count(key) != 0)
      return false;
    entries_.emplace_back(key, std::move(x));
    places_.emplace(key, std::prev(entries_.end()));
    if (entries_.size() > entries_max_)
      erase(Key{entries_.front().first});
    return true;
  }
  /// Null where it is not known.
  Value* find(const Key& key) {
    const auto it = places_.find(key);
    return it == places_.end() ? nullptr : &it->second->second;
  }
  const Value* find(const Key& key) const { return const_cast<oldest_first*>(this)->find(key); }
  void erase(const Key& key) {
    if (const auto place = places_.extract(key))
      entries_.erase(place.mapped());
  }
  /// Those for which `goes` holds.
  template <class Goes>
  void erase_if(Goes goes) {
    for (auto it = entries_.begin(); it != entries_.end();)
      if (const auto x = it++; goes(*x))
        erase(Key{x->first});
  }
  std::size_t size() const { return entries_.size(); }
  /// All, as they came.
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }

private:
  std::size_t entries_max_;
  std::list<entry> entries_;
  std::map<Key, typename std::list<entry>::iterator> places_;
};

}  // namespace datagen
