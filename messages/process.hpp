#pragma once
// What carries roles' messages between processes of one operator, over CAF's middleman. Operators
// do not trust each other and never speak this.

#include "messages/peer.hpp"

#include <caf/message.hpp>
#include <caf/meta/type_name.hpp>

#include <vector>

namespace datagen::v1 {

/// A message on its way to a role of another process; `content` names its sender first.
struct parcel {
  peer to;
  caf::message content;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel& x) {
  return f(caf::meta::type_name("parcel"), x.to, x.content);
}

/// Everything that was ready to go, in order.
struct parcel_batch {
  std::vector<parcel> parcels;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel_batch& x) {
  return f(caf::meta::type_name("parcel_batch"), x.parcels);
}

/// All parcels of a batch were handed to their roles: the link may send as many more.
struct parcels_delivered {
  std::uint32_t count = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcels_delivered& x) {
  return f(caf::meta::type_name("parcels_delivered"), x.count);
}

}  // namespace datagen::v1
