#pragma once
// The bridge between CAF's inspection and the one canonical codec: a message crosses a process
// border as its canonical bytes, so there is no second encoding to keep in step.

#include "protocol/codec.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/sec.hpp>

namespace datagen {

template <class Inspector, class T>
typename Inspector::result_type inspect_described(Inspector& f, T& x) {
  if constexpr (Inspector::reads_state) {
    auto data = protocol::encode(x);
    return f(data);
  } else {
    protocol::bytes data;
    auto load = [&]() -> caf::error {
      auto decoded = protocol::decode<T>(data);
      if (!decoded)
        return caf::sec::invalid_argument;
      x = std::move(*decoded);
      return caf::none;
    };
    return f(data, caf::meta::load_callback(load));
  }
}

}  // namespace datagen
